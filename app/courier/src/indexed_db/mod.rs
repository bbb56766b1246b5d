//! Storage in the browser's IndexedDB.

mod connection;
mod locks;
mod schema;
mod transaction;

use std::collections::BTreeMap;
use std::rc::Rc;

use domain::card::Card;
use domain::delta::{Cursor, Held};
use domain::handover::HandOver;
use domain::id::{LockId, NoteId, PartId, PhotoId, PlaceId, ReportId};
use domain::lock::{Name, Tries};
use domain::note::Waiting;
use domain::outbox::{Entry, Settled};
use domain::place::Place;
use domain::report::Draft;
use domain::time::Timestamp;
use domain::usual_place::UsualPlace;
use domain::wire::Scheme;
use indexed_db_futures::Result as IdbResult;
use indexed_db_futures::transaction::TransactionMode;
use js_sys::Uint8Array;
use seal::keyset::Pin;
use seal::lock::{Record, Sealed};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

use self::connection::Connections;
use self::schema::{
    CARD, DRAFT, ENVELOPES, FRONT, HANDOVER, LOCKS, META, NOTES, OUTBOX, PARTS, PHOTOS, PLACES,
};
pub use self::schema::{NAME, VERSION};
use self::transaction::{Transaction, from_js, to_js};
use crate::storage::{
    Error, FIRST, Kept, PaintedFront, Queued, Storage, Swap, by_name, follows, newest_first,
    part_key, replaces, report_of, soonest_first,
};

/// Storage in IndexedDB. Opened at its first use; clones share one connection.
#[derive(Clone)]
pub struct IndexedDb {
    connections: Rc<Connections>,
}

/// What is kept of the scheme, in one record.
#[derive(Serialize, Deserialize)]
struct Pinned {
    scheme: Scheme,
    pin: Pin,
}

impl Default for IndexedDb {
    fn default() -> Self {
        Self::named(NAME)
    }
}

impl IndexedDb {
    /// Another database than the product's own; tests use one each.
    pub fn named(name: &str) -> Self {
        let connections = Rc::new(Connections::to(name));
        Self { connections }
    }

    async fn read<T>(
        &self,
        stores: &[&str],
        work: impl AsyncFn(&Transaction) -> IdbResult<T>,
    ) -> Result<T, Error> {
        self.connections
            .run(TransactionMode::Readonly, stores, work)
            .await
    }

    async fn write<T>(
        &self,
        stores: &[&str],
        work: impl AsyncFn(&Transaction) -> IdbResult<T>,
    ) -> Result<T, Error> {
        self.connections
            .run(TransactionMode::Readwrite, stores, work)
            .await
    }

    async fn get(&self, store: &str, key: &str) -> Result<JsValue, Error> {
        self.read(&[store], async |tx| tx.get(store, key).await)
            .await
    }

    /// Writes a value; undefined removes it. One function for both, as each transaction of its own kind
    /// costs a phone two kilobytes of code.
    async fn put(&self, store: &str, key: &str, value: &JsValue) -> Result<(), Error> {
        self.write(&[store], async |tx| match value.is_undefined() {
            true => tx.delete(store, key),
            false => tx.put(store, key, value),
        })
        .await
    }

    /// The places of the first part and of at most so many more. One function for both who ask, likewise.
    async fn parts(&self, most: usize) -> Result<Held, Error> {
        self.read(&[PLACES], async |tx| {
            let mut first = tx.part(PLACES).await?;
            for number in 1..=first.more.min(most) {
                // The browser may paint between two parts.
                first.places.extend(tx.part(&part(number)).await?.places);
            }
            let Part { places, cursor, .. } = first;
            Ok(Held { places, cursor })
        })
        .await
    }

    /// Replaces an entry by what a pure decision makes of it; `None` leaves it as it is.
    async fn change(
        &self,
        id: &ReportId,
        change: impl Fn(Kept) -> Option<Kept>,
    ) -> Result<(), Error> {
        self.write(&[OUTBOX], async |tx| {
            if let Some(kept) = tx.kept(id).await?.and_then(&change) {
                tx.put(OUTBOX, id.as_str(), &to_js(&kept)?)?;
            }
            Ok(())
        })
        .await
    }
}

/// Some of the places in one record, in the order of their names: a record of all would keep a phone
/// from painting for as long as it takes to read ten thousand.
#[derive(Default, Serialize, Deserialize)]
struct Part {
    places: BTreeMap<PlaceId, Place>,
    cursor: Cursor,
    /// How many parts there are beside the first one.
    #[serde(default)]
    more: usize,
}

/// The key of a part.
fn part(number: usize) -> String {
    match number {
        0 => PLACES.to_owned(),
        _ => format!("{PLACES} {number}"),
    }
}

impl Transaction<'_> {
    async fn part(&self, key: &str) -> IdbResult<Part> {
        let part: Option<Part> = from_js(self.get(PLACES, key).await?)?;
        Ok(part.unwrap_or_default())
    }

    /// Removes the records of parts whose key is such.
    async fn delete_parts(&self, such: impl Fn(&str) -> bool) -> IdbResult<()> {
        for key in self.keys(PARTS).await? {
            if such(&key) {
                self.delete(PARTS, &key)?;
            }
        }
        Ok(())
    }

    async fn kept(&self, id: &ReportId) -> IdbResult<Option<Kept>> {
        from_js(self.get(OUTBOX, id.as_str()).await?)
    }
}

impl Storage for IndexedDb {
    async fn card(&self) -> Result<Option<Card>, Error> {
        read_as(self.get(CARD, CARD).await?)
    }

    async fn keep_card(&self, card: &Card, front: Option<&PaintedFront>) -> Result<(), Error> {
        let card = written(card)?;
        let front = front.map(written).transpose()?;
        self.write(&[CARD, FRONT], async |tx| {
            tx.put(CARD, CARD, &card)?;
            match &front {
                Some(front) => tx.put(FRONT, FRONT, front),
                None => tx.delete(FRONT, FRONT),
            }
        })
        .await
    }

    async fn delete_card(&self) -> Result<(), Error> {
        self.write(&[CARD, FRONT], async |tx| {
            tx.clear(CARD)?;
            tx.clear(FRONT)
        })
        .await
    }

    async fn handover(&self) -> Result<Option<HandOver>, Error> {
        read_as(self.get(CARD, HANDOVER).await?)
    }

    async fn keep_handover(&self, handover: &HandOver, page: &PaintedFront) -> Result<(), Error> {
        let (handover, page) = (written(handover)?, written(page)?);
        self.write(&[CARD, FRONT], async |tx| {
            tx.put(CARD, HANDOVER, &handover)?;
            tx.put(FRONT, HANDOVER, &page)
        })
        .await
    }

    async fn end_handover(&self) -> Result<(), Error> {
        self.write(&[CARD, FRONT], async |tx| {
            tx.delete(CARD, HANDOVER)?;
            tx.delete(FRONT, HANDOVER)
        })
        .await
    }

    async fn photo(&self, id: &PhotoId) -> Result<Option<Vec<u8>>, Error> {
        let value = self.get(PHOTOS, id.as_str()).await?;
        Ok(value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
    }

    async fn keep_photo(&self, id: &PhotoId, image: &[u8]) -> Result<(), Error> {
        let image = Uint8Array::from(image);
        self.put(PHOTOS, id.as_str(), &image).await
    }

    async fn sweep_photos(&self, named: &[PhotoId]) -> Result<(), Error> {
        self.write(&[PHOTOS], async |tx| {
            for id in tx.keys(PHOTOS).await? {
                if !named.iter().any(|name| name.as_str() == id) {
                    tx.delete(PHOTOS, &id)?;
                }
            }
            Ok(())
        })
        .await
    }

    async fn usual_places(&self) -> Result<Vec<UsualPlace>, Error> {
        let places: Option<Vec<UsualPlace>> = read_as(self.get(META, USUAL_PLACES).await?)?;
        Ok(places.unwrap_or_default())
    }

    async fn keep_usual_places(&self, places: &[UsualPlace]) -> Result<(), Error> {
        self.put(META, USUAL_PLACES, &written(&places)?).await
    }

    async fn plain_drafts(&self) -> Result<Vec<Draft>, Error> {
        let all = self
            .read(&[DRAFT], async |tx| tx.get_all(DRAFT).await)
            .await?;
        all.into_iter().map(read_as).collect()
    }

    async fn delete_plain_draft(&self, id: &ReportId) -> Result<(), Error> {
        self.put(DRAFT, id.as_str(), &JsValue::UNDEFINED).await
    }

    async fn delete_plain_receipt(&self, id: &ReportId) -> Result<(), Error> {
        let without = |kept: Kept| Kept {
            receipt: None,
            ..kept
        };
        self.change(id, |kept| Some(without(kept))).await
    }

    async fn queue(&self, entry: &Entry, envelope: &[u8]) -> Result<Queued, Error> {
        let id = entry.id.as_str();
        let kept = written(&Kept::new(entry.clone()))?;
        let bytes = Uint8Array::from(envelope);
        self.write(&[DRAFT, OUTBOX, ENVELOPES], async |tx| {
            let before = tx.get(OUTBOX, id).await?;
            tx.delete(DRAFT, id)?;
            if !before.is_undefined() {
                return Ok(Queued::Before);
            }
            tx.put(OUTBOX, id, &kept)?;
            tx.put(ENVELOPES, id, &bytes)?;
            Ok(Queued::Now)
        })
        .await
    }

    async fn outbox(&self) -> Result<Vec<Kept>, Error> {
        let all = self
            .read(&[OUTBOX], async |tx| tx.get_all(OUTBOX).await)
            .await?;
        let mut outbox: Vec<Kept> = all.into_iter().map(read_as).collect::<Result<_, _>>()?;
        newest_first(&mut outbox);
        Ok(outbox)
    }

    async fn envelope(&self, id: &ReportId) -> Result<Option<Vec<u8>>, Error> {
        let value = self.get(ENVELOPES, id.as_str()).await?;
        Ok(value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
    }

    async fn record(&self, id: &ReportId, settled: &Settled) -> Result<(), Error> {
        match settled {
            Settled::Leaves => self.remove(id).await,
            Settled::Stays(_) => self.change(id, |kept| kept.settled(settled)).await,
        }
    }

    async fn let_go(&self, id: &ReportId) -> Result<(), Error> {
        self.write(&[OUTBOX, ENVELOPES, PARTS], async |tx| {
            if let Some(kept) = tx.kept(id).await?.and_then(Kept::without_bytes) {
                tx.put(OUTBOX, id.as_str(), &to_js(&kept)?)?;
                tx.delete(ENVELOPES, id.as_str())?;
                tx.delete_parts(|key| report_of(key) == id.as_str()).await?;
            }
            Ok(())
        })
        .await
    }

    async fn offer_again(&self, id: &ReportId, now: Timestamp) -> Result<(), Error> {
        self.change(id, |kept| kept.offered_again(now)).await
    }

    async fn remove(&self, id: &ReportId) -> Result<(), Error> {
        self.write(&[OUTBOX, ENVELOPES, PARTS], async |tx| {
            tx.delete(OUTBOX, id.as_str())?;
            tx.delete(ENVELOPES, id.as_str())?;
            tx.delete_parts(|key| report_of(key) == id.as_str()).await
        })
        .await
    }

    async fn keep_arrived(&self, id: &ReportId, arrived: Option<u64>) -> Result<(), Error> {
        self.change(id, |kept| Some(kept.arrived(arrived))).await
    }

    async fn keep_part_record(
        &self,
        report: &ReportId,
        part: &PartId,
        at: u32,
        sealed: &[u8],
    ) -> Result<(), Error> {
        let sealed = Uint8Array::from(sealed);
        self.put(PARTS, &part_key(report, part, at), &sealed).await
    }

    async fn part_record(
        &self,
        report: &ReportId,
        part: &PartId,
        at: u32,
    ) -> Result<Option<Vec<u8>>, Error> {
        let value = self.get(PARTS, &part_key(report, part, at)).await?;
        Ok(value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
    }

    async fn remove_part(&self, report: &ReportId, part: &PartId) -> Result<(), Error> {
        let of_part = format!("{report} {part} ");
        self.write(&[PARTS], async |tx| {
            tx.delete_parts(|key| key.starts_with(&of_part)).await
        })
        .await
    }

    async fn sweep_parts(&self, named: &[ReportId]) -> Result<(), Error> {
        self.write(&[OUTBOX, PARTS], async |tx| {
            let mut known = tx.keys(OUTBOX).await?;
            known.extend(named.iter().map(|id| id.as_str().to_owned()));
            let is_known = |key: &str| known.iter().any(|id| id == report_of(key));
            tx.delete_parts(|key| !is_known(key)).await
        })
        .await
    }

    async fn keep_note(&self, note: &Waiting) -> Result<(), Error> {
        self.put(NOTES, note.id.as_str(), &written(note)?).await
    }

    async fn notes(&self) -> Result<Vec<Waiting>, Error> {
        let all = self
            .read(&[NOTES], async |tx| tx.get_all(NOTES).await)
            .await?;
        let mut notes: Vec<Waiting> = all.into_iter().map(read_as).collect::<Result<_, _>>()?;
        soonest_first(&mut notes);
        Ok(notes)
    }

    async fn remove_note(&self, id: &NoteId) -> Result<(), Error> {
        self.put(NOTES, id.as_str(), &JsValue::UNDEFINED).await
    }

    async fn places(&self) -> Result<Held, Error> {
        self.parts(usize::MAX).await
    }

    async fn first_places(&self) -> Result<Vec<Place>, Error> {
        Ok(self.parts(0).await?.places.into_values().collect())
    }

    async fn keep_places(&self, held: &Held) -> Result<(), Error> {
        let places = by_name(held);
        let more = places.len().saturating_sub(1) / FIRST;
        let mut parts = Vec::new();
        for number in 0..=more {
            let places = places.iter().skip(number * FIRST).take(FIRST);
            parts.push(written(&Part {
                places: places
                    .map(|&place| (place.id.clone(), place.clone()))
                    .collect(),
                cursor: held.cursor.clone(),
                more,
            })?);
        }
        self.write(&[PLACES], async |tx| {
            tx.clear(PLACES)?;
            for (number, value) in parts.iter().enumerate() {
                tx.put(PLACES, &part(number), value)?;
            }
            Ok(())
        })
        .await
    }

    async fn scheme(&self) -> Result<Option<(Scheme, Pin)>, Error> {
        let pinned: Option<Pinned> = read_as(self.get(META, "scheme").await?)?;
        Ok(pinned.map(|pinned| (pinned.scheme, pinned.pin)))
    }

    async fn keep_scheme(&self, scheme: &Scheme, pin: &Pin) -> Result<(), Error> {
        let pinned = Pinned {
            scheme: scheme.clone(),
            pin: pin.clone(),
        };
        self.put(META, "scheme", &written(&pinned)?).await
    }

    async fn lock(&self, name: Name) -> Result<Option<Record>, Error> {
        read_as(self.get(LOCKS, name.as_str()).await?)
    }

    async fn keep_lock(
        &self,
        name: Name,
        instead_of: Option<&LockId>,
        record: &Record,
        content: Option<&Sealed>,
    ) -> Result<Swap, Error> {
        let value = written(record)?;
        self.write(&[LOCKS], async |tx| {
            let lies: Option<Record> = from_js(tx.get(LOCKS, name.as_str()).await?)?;
            let locked = tx.sealed(name).await?;
            let lies = (lies.as_ref(), locked.as_ref());
            if !replaces((record, content), instead_of, lies) {
                return Ok(Swap::Overtaken);
            }
            tx.put(LOCKS, name.as_str(), &value)?;
            if let Some(content) = content {
                tx.put_sealed(name, content)?;
            }
            Ok(Swap::Done)
        })
        .await
    }

    async fn locked(&self, name: Name) -> Result<Option<Sealed>, Error> {
        let value = self.get(LOCKS, &locks::content(name)).await?;
        locks::sealed(&value).map_err(|_| Error::Gone)
    }

    async fn keep_locked(&self, name: Name, content: &Sealed) -> Result<Swap, Error> {
        self.write(&[LOCKS], async |tx| {
            let record: Option<Record> = from_js(tx.get(LOCKS, name.as_str()).await?)?;
            if !follows(content, record.as_ref(), tx.sealed(name).await?.as_ref()) {
                return Ok(Swap::Overtaken);
            }
            tx.put_sealed(name, content)?;
            Ok(Swap::Done)
        })
        .await
    }

    async fn delete_lock(&self, name: Name) -> Result<(), Error> {
        self.write(&[LOCKS], async |tx| {
            tx.delete(LOCKS, name.as_str())?;
            tx.delete(LOCKS, &locks::content(name))?;
            tx.delete(LOCKS, &locks::tries(name))?;
            tx.delete(LOCKS, &locks::device(name))
        })
        .await
    }

    async fn tries(&self, name: Name) -> Result<Option<Tries>, Error> {
        read_as(self.get(LOCKS, &locks::tries(name)).await?)
    }

    async fn keep_tries(&self, name: Name, tries: Option<Tries>) -> Result<(), Error> {
        let value = tries.as_ref().map(written).transpose()?;
        let value = value.unwrap_or(JsValue::UNDEFINED);
        self.put(LOCKS, &locks::tries(name), &value).await
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.get(META, &setting(name)).await?.as_string())
    }

    async fn keep_setting(&self, name: &str, value: &str) -> Result<(), Error> {
        self.put(META, &setting(name), &value.into()).await
    }

    async fn forget_setting(&self, name: &str) -> Result<(), Error> {
        self.put(META, &setting(name), &JsValue::UNDEFINED).await
    }
}

/// The key of all usual places among what is kept by name.
const USUAL_PLACES: &str = "usual-places";

fn setting(name: &str) -> String {
    format!("setting {name}")
}

fn written(value: &impl Serialize) -> Result<JsValue, Error> {
    to_js(value).map_err(|_| Error::Gone)
}

fn read_as<T: serde::de::DeserializeOwned>(value: JsValue) -> Result<T, Error> {
    from_js(value).map_err(|_| Error::Gone)
}

#[cfg(test)]
mod older;
#[cfg(test)]
mod tests;
