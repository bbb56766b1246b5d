//! Storage that lives as long as its tab: for tests, and where the browser gives nothing better.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use domain::card::Card;
use domain::delta::Held;
use domain::handover::HandOver;
use domain::id::{LockId, NoteId, PartId, PhotoId, ReportId};
use domain::lock::{Name, Tries};
use domain::note::Waiting;
use domain::outbox::{Entry, Settled};
use domain::place::Place;
use domain::report::Draft;
use domain::time::Timestamp;
use domain::usual_place::UsualPlace;
use domain::wire::Scheme;
use seal::keyset::Pin;
use seal::lock::{Record, Sealed};

use crate::storage::{
    Error, FIRST, Kept, PaintedFront, Queued, Storage, Swap, by_name, follows, newest_first,
    part_key, replaces, report_of, soonest_first,
};

/// Storage in memory.
#[derive(Debug, Default)]
pub struct Memory {
    data: RefCell<Data>,
    full: Cell<bool>,
}

#[derive(Debug, Default)]
struct Data {
    card: Option<Card>,
    front: Option<PaintedFront>,
    handover: Option<(HandOver, PaintedFront)>,
    photos: BTreeMap<PhotoId, Vec<u8>>,
    usual_places: Vec<UsualPlace>,
    outbox: BTreeMap<ReportId, Kept>,
    envelopes: BTreeMap<ReportId, Vec<u8>>,
    parts: BTreeMap<String, Vec<u8>>,
    notes: BTreeMap<NoteId, Waiting>,
    places: Held,
    scheme: Option<(Scheme, Pin)>,
    locks: BTreeMap<Name, Record>,
    locked: BTreeMap<Name, Sealed>,
    tries: BTreeMap<Name, Tries>,
    settings: BTreeMap<String, String>,
}

impl Memory {
    /// Makes every later write fail, as on a phone without room.
    pub fn fill_up(&self) {
        self.full.set(true);
    }

    /// The painted front, as the boot script would find it.
    pub fn front(&self) -> Option<PaintedFront> {
        self.data.borrow().front.clone()
    }

    fn write<T>(&self, change: impl FnOnce(&mut Data) -> T) -> Result<T, Error> {
        if self.full.get() {
            return Err(Error::Full);
        }
        Ok(change(&mut self.data.borrow_mut()))
    }

    fn change(
        &self,
        id: &ReportId,
        change: impl FnOnce(Kept) -> Option<Kept>,
    ) -> Result<(), Error> {
        self.write(|data| {
            if let Some(kept) = data.outbox.get(id).cloned().and_then(change) {
                data.outbox.insert(id.clone(), kept);
            }
        })
    }
}

impl Storage for Memory {
    async fn card(&self) -> Result<Option<Card>, Error> {
        Ok(self.data.borrow().card.clone())
    }

    async fn keep_card(&self, card: &Card, front: Option<&PaintedFront>) -> Result<(), Error> {
        self.write(|data| {
            data.card = Some(card.clone());
            data.front = front.cloned();
        })
    }

    async fn delete_card(&self) -> Result<(), Error> {
        self.write(|data| (data.card, data.front, data.handover) = (None, None, None))
    }

    async fn handover(&self) -> Result<Option<HandOver>, Error> {
        let data = self.data.borrow();
        Ok(data.handover.as_ref().map(|(handover, _)| handover.clone()))
    }

    async fn keep_handover(&self, handover: &HandOver, page: &PaintedFront) -> Result<(), Error> {
        self.write(|data| data.handover = Some((handover.clone(), page.clone())))
    }

    async fn end_handover(&self) -> Result<(), Error> {
        self.write(|data| data.handover = None)
    }

    async fn photo(&self, id: &PhotoId) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.data.borrow().photos.get(id).cloned())
    }

    async fn keep_photo(&self, id: &PhotoId, image: &[u8]) -> Result<(), Error> {
        self.write(|data| drop(data.photos.insert(id.clone(), image.to_vec())))
    }

    async fn sweep_photos(&self, named: &[PhotoId]) -> Result<(), Error> {
        self.write(|data| data.photos.retain(|id, _| named.contains(id)))
    }

    async fn usual_places(&self) -> Result<Vec<UsualPlace>, Error> {
        Ok(self.data.borrow().usual_places.clone())
    }

    async fn keep_usual_places(&self, places: &[UsualPlace]) -> Result<(), Error> {
        self.write(|data| data.usual_places = places.to_vec())
    }

    // There never was an older release of this one.
    async fn plain_drafts(&self) -> Result<Vec<Draft>, Error> {
        Ok(Vec::new())
    }

    async fn delete_plain_draft(&self, _: &ReportId) -> Result<(), Error> {
        Ok(())
    }

    async fn delete_plain_receipt(&self, id: &ReportId) -> Result<(), Error> {
        self.write(|data| {
            if let Some(kept) = data.outbox.get_mut(id) {
                kept.receipt = None;
            }
        })
    }

    async fn queue(&self, entry: &Entry, envelope: &[u8]) -> Result<Queued, Error> {
        self.write(|data| {
            if data.outbox.contains_key(&entry.id) {
                return Queued::Before;
            }
            let kept = Kept::new(entry.clone());
            data.outbox.insert(entry.id.clone(), kept);
            data.envelopes.insert(entry.id.clone(), envelope.to_vec());
            Queued::Now
        })
    }

    async fn outbox(&self) -> Result<Vec<Kept>, Error> {
        let mut outbox: Vec<_> = self.data.borrow().outbox.values().cloned().collect();
        newest_first(&mut outbox);
        Ok(outbox)
    }

    async fn envelope(&self, id: &ReportId) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.data.borrow().envelopes.get(id).cloned())
    }

    async fn record(&self, id: &ReportId, settled: &Settled) -> Result<(), Error> {
        match settled {
            Settled::Leaves => self.remove(id).await,
            Settled::Stays(_) => self.change(id, |kept| kept.settled(settled)),
        }
    }

    async fn let_go(&self, id: &ReportId) -> Result<(), Error> {
        self.write(|data| {
            if let Some(kept) = data.outbox.get(id).cloned().and_then(Kept::without_bytes) {
                data.outbox.insert(id.clone(), kept);
                data.envelopes.remove(id);
                data.parts.retain(|key, _| report_of(key) != id.as_str());
            }
        })
    }

    async fn offer_again(&self, id: &ReportId, now: Timestamp) -> Result<(), Error> {
        self.change(id, |kept| kept.offered_again(now))
    }

    async fn remove(&self, id: &ReportId) -> Result<(), Error> {
        self.write(|data| {
            data.outbox.remove(id);
            data.envelopes.remove(id);
            data.parts.retain(|key, _| report_of(key) != id.as_str());
        })
    }

    async fn keep_arrived(&self, id: &ReportId, arrived: Option<u64>) -> Result<(), Error> {
        self.change(id, |kept| Some(kept.arrived(arrived)))
    }

    async fn keep_part_record(
        &self,
        report: &ReportId,
        part: &PartId,
        at: u32,
        sealed: &[u8],
    ) -> Result<(), Error> {
        let key = part_key(report, part, at);
        self.write(|data| drop(data.parts.insert(key, sealed.to_vec())))
    }

    async fn part_record(
        &self,
        report: &ReportId,
        part: &PartId,
        at: u32,
    ) -> Result<Option<Vec<u8>>, Error> {
        let key = part_key(report, part, at);
        Ok(self.data.borrow().parts.get(&key).cloned())
    }

    async fn remove_part(&self, report: &ReportId, part: &PartId) -> Result<(), Error> {
        let of_part = format!("{report} {part} ");
        self.write(|data| data.parts.retain(|key, _| !key.starts_with(&of_part)))
    }

    async fn sweep_parts(&self, named: &[ReportId]) -> Result<(), Error> {
        self.write(|data| {
            let known = data.outbox.keys().chain(named).map(ReportId::as_str);
            let known: BTreeSet<_> = known.map(str::to_owned).collect();
            data.parts.retain(|key, _| known.contains(report_of(key)));
        })
    }

    async fn keep_note(&self, note: &Waiting) -> Result<(), Error> {
        self.write(|data| drop(data.notes.insert(note.id.clone(), note.clone())))
    }

    async fn notes(&self) -> Result<Vec<Waiting>, Error> {
        let mut notes: Vec<_> = self.data.borrow().notes.values().cloned().collect();
        soonest_first(&mut notes);
        Ok(notes)
    }

    async fn remove_note(&self, id: &NoteId) -> Result<(), Error> {
        self.write(|data| drop(data.notes.remove(id)))
    }

    async fn places(&self) -> Result<Held, Error> {
        Ok(self.data.borrow().places.clone())
    }

    async fn first_places(&self) -> Result<Vec<Place>, Error> {
        let data = self.data.borrow();
        let first = by_name(&data.places).into_iter().take(FIRST);
        Ok(first.cloned().collect())
    }

    async fn keep_places(&self, held: &Held) -> Result<(), Error> {
        self.write(|data| data.places = held.clone())
    }

    async fn scheme(&self) -> Result<Option<(Scheme, Pin)>, Error> {
        Ok(self.data.borrow().scheme.clone())
    }

    async fn keep_scheme(&self, scheme: &Scheme, pin: &Pin) -> Result<(), Error> {
        self.write(|data| data.scheme = Some((scheme.clone(), pin.clone())))
    }

    async fn lock(&self, name: Name) -> Result<Option<Record>, Error> {
        Ok(self.data.borrow().locks.get(&name).cloned())
    }

    async fn keep_lock(
        &self,
        name: Name,
        instead_of: Option<&LockId>,
        record: &Record,
        content: Option<&Sealed>,
    ) -> Result<Swap, Error> {
        self.write(|data| {
            let lies = (data.locks.get(&name), data.locked.get(&name));
            if !replaces((record, content), instead_of, lies) {
                return Swap::Overtaken;
            }
            if let Some(content) = content {
                data.locked.insert(name, content.clone());
            }
            data.locks.insert(name, record.clone());
            Swap::Done
        })
    }

    async fn locked(&self, name: Name) -> Result<Option<Sealed>, Error> {
        Ok(self.data.borrow().locked.get(&name).cloned())
    }

    async fn keep_locked(&self, name: Name, content: &Sealed) -> Result<Swap, Error> {
        self.write(|data| {
            if !follows(content, data.locks.get(&name), data.locked.get(&name)) {
                return Swap::Overtaken;
            }
            data.locked.insert(name, content.clone());
            Swap::Done
        })
    }

    async fn delete_lock(&self, name: Name) -> Result<(), Error> {
        self.write(|data| {
            data.locks.remove(&name);
            data.locked.remove(&name);
            data.tries.remove(&name);
        })
    }

    async fn tries(&self, name: Name) -> Result<Option<Tries>, Error> {
        Ok(self.data.borrow().tries.get(&name).copied())
    }

    async fn keep_tries(&self, name: Name, tries: Option<Tries>) -> Result<(), Error> {
        self.write(|data| match tries {
            Some(tries) => drop(data.tries.insert(name, tries)),
            None => drop(data.tries.remove(&name)),
        })
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.data.borrow().settings.get(name).cloned())
    }

    async fn keep_setting(&self, name: &str, value: &str) -> Result<(), Error> {
        self.write(|data| {
            data.settings.insert(name.to_owned(), value.to_owned());
        })
    }

    async fn forget_setting(&self, name: &str) -> Result<(), Error> {
        self.write(|data| drop(data.settings.remove(name)))
    }
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;
    use crate::samples::at_once;
    use crate::suite::{self, for_each_case};

    macro_rules! run {
        ($($case:ident,)*) => {$(
            #[test]
            fn $case() {
                at_once(suite::$case(&Memory::default()));
            }
        )*};
    }
    for_each_case!(run);

    #[test]
    fn a_full_phone_says_so_and_changes_nothing() {
        let storage = Memory::default();
        storage.fill_up();
        assert_eq!(
            at_once(storage.keep_card(&Card::default(), None)),
            Err(Error::Full)
        );
        assert_eq!(at_once(storage.card()), Ok(None));
    }
}
