//! What releases of every older version of the database stored, to the byte: today's reads it without loss.

use domain::card::{Layer, Part as CardPart};
use domain::handover::{Aside, Stage};
use domain::id::PartId;
use domain::note::Kind;
use domain::outbox::{Bytes, Delivery, Refusal};
use domain::report::{Folder, Phone};
use seal::keyset::accept;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::locks::{Content, Locks};
use crate::samples::{NOW, report_id};
use crate::suite;

/// Rows by store and key; bytes in base64, and the device key of a lock by the bytes it was made of.
const KEPT: [&str; 4] = [
    include_str!("../../tests/data/version-1.json"),
    include_str!("../../tests/data/version-2.json"),
    include_str!("../../tests/data/version-3.json"),
    include_str!("../../tests/data/version-4.json"),
];

/// Makes a database as a version left it, with the browser's own interface.
const MAKE: &str = "
const stores = ['card', 'front', 'draft', 'outbox', 'envelopes', 'places', 'meta'];
if (version > 1) stores.push('photos');
if (version > 2) stores.push('locks', 'notes');
if (version > 3) stores.push('parts');
const bytes = text => Uint8Array.from(atob(text), sign => sign.charCodeAt(0));
const hmac = { name: 'HMAC', hash: 'SHA-256' };
const read = value =>
  value.base64 ? bytes(value.base64)
  : value.hmac ? crypto.subtle.importKey('raw', bytes(value.hmac), hmac, false, ['sign'])
  : value;
const all = JSON.parse(kept).map(async ([store, key, value]) => [store, key, await read(value)]);
return Promise.all(all).then(rows => new Promise((made, failed) => {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => stores.forEach(store => request.result.createObjectStore(store));
  request.onerror = failed;
  request.onsuccess = () => {
    const tx = request.result.transaction(stores, 'readwrite');
    for (const [store, key, value] of rows) tx.objectStore(store).put(value, key);
    tx.onabort = failed;
    tx.oncomplete = () => { request.result.close(); made(); };
  };
}));";

/// The database of a version, opened by today's release.
async fn left_by(version: u32) -> IndexedDb {
    let name = format!("version {version} {}", js_sys::Math::random());
    let make = js_sys::Function::new_with_args("name, version, kept", MAKE);
    let kept = KEPT[version as usize - 1];
    let made = make.call3(
        &JsValue::NULL,
        &name.as_str().into(),
        &version.into(),
        &kept.into(),
    );
    let made: js_sys::Promise = made.expect("a promise").unchecked_into();
    let made = wasm_bindgen_futures::JsFuture::from(made).await;
    made.expect("made");
    IndexedDb::named(&name)
}

async fn card(storage: &IndexedDb) -> Card {
    storage.card().await.expect("readable").expect("kept")
}

async fn outbox(storage: &IndexedDb) -> Vec<Kept> {
    storage.outbox().await.expect("readable")
}

async fn has_bytes(storage: &IndexedDb, n: u8, first: u8) {
    let bytes = storage.envelope(&report_id(n)).await;
    assert_eq!(bytes, Ok(Some(vec![first, 0, 255])));
}

async fn places(storage: &IndexedDb) -> Vec<String> {
    let held = storage.places().await.expect("readable");
    held.places.keys().map(ToString::to_string).collect()
}

/// What lay in the open, as the first versions kept it, and how it goes behind the lock.
async fn reports_in_the_open(storage: &IndexedDb) {
    let drafts = storage.plain_drafts().await.expect("readable");
    let ids: Vec<_> = drafts.iter().map(|draft| &draft.id).collect();
    assert_eq!(ids, [&report_id(1)]);
    let text = &drafts[0].answers[&"account".into()].text;
    assert!(text.starts_with("They shouted."), "{text}");
    let before = outbox(storage).await;
    assert_eq!(before[0].entry.phone, Phone::Watched);
    assert!(matches!(
        before[0].entry.delivery,
        Delivery::Waiting { tries: 1, .. }
    ));
    assert!(matches!(
        before[1].entry.delivery,
        Delivery::Stored {
            mark: 9,
            bytes: Bytes::Held,
            ..
        }
    ));
    assert_eq!(before[1].receipt.as_deref(), Some("1234"));
    has_bytes(storage, 2, 1).await;
    has_bytes(storage, 3, 2).await;
    let deleted = storage.delete_plain_draft(&report_id(1)).await;
    deleted.expect("deleted");
    let deleted = storage.delete_plain_receipt(&report_id(2)).await;
    deleted.expect("deleted");
    assert_eq!(storage.plain_drafts().await, Ok(vec![]));
    let now = outbox(storage).await;
    assert_eq!((&now[1].receipt, &now[1].entry), (&None, &before[1].entry));
}

/// The folder behind the reports lock, opened with its PIN and the key of this browser.
async fn folder(storage: &IndexedDb) -> Folder {
    let locks = Locks::new(Rc::new(storage.clone()), storage.clone());
    let wrong = storage.tries(Name::Reports).await.expect("readable");
    assert_eq!(wrong.map(|tries| tries.wrong), Some(2));
    let wrong = locks.unlock(Name::Reports, "294618", NOW).await;
    assert_eq!(wrong.err().map(|why| why.code()), Some("wrong"));
    let opened = locks.unlock(Name::Reports, "294617", NOW).await;
    let content: Content = opened.expect("the right one").expect("kept");
    let folder: Folder = serde_json::from_slice(&content).expect("a folder");
    // Written once more, it is kept as today's releases keep it.
    let text = serde_json::to_vec(&folder).expect("plain data");
    locks.keep(Name::Reports, &text).await.expect("kept");
    let again = locks.read(Name::Reports).await.expect("open");
    assert_eq!(*again.expect("kept"), text);
    folder.known().expect("no newer one")
}

#[wasm_bindgen_test]
async fn a_database_of_version_1_is_read_and_loses_nothing() {
    let storage = left_by(1).await;
    let card = card(&storage).await;
    assert_eq!((&*card.name, card.may.len()), ("Ali", 1));
    assert_eq!(card.contacts[0].telephone, "07700 900 123");
    reports_in_the_open(&storage).await;
    assert_eq!(places(&storage).await, ["hawthorns-house"]);
    assert_eq!(storage.setting("language").await, Ok(Some("en".into())));
    assert_eq!(storage.lock(Name::Card).await, Ok(None));
    suite::a_lock_is_kept_with_its_content(&storage).await;
    suite::photos_are_kept_while_something_names_them(&storage).await;
}

#[wasm_bindgen_test]
async fn a_database_of_version_2_is_read_and_loses_nothing() {
    let storage = left_by(2).await;
    let card = card(&storage).await;
    assert_eq!(card.layer(CardPart::Needs), Layer::Front);
    assert_eq!((&*card.pronouns, card.please.len()), ("he, him", 1));
    let photo = card.photo.expect("a photo");
    assert_eq!(storage.photo(&photo).await, Ok(Some(vec![1, 0, 255])));
    let handover = storage.handover().await.expect("readable");
    let handover = handover.expect("under way");
    assert_eq!(
        (handover.stage, handover.aside, &*handover.fetched_by),
        (Stage::Ring(0), Some(Aside::Fetched), "Kim")
    );
    let usual = storage.usual_places().await.expect("readable");
    assert_eq!((usual.len(), &*usual[0].name), (1, "Home"));
    let photo = usual[0].photo.clone().expect("a photo");
    assert_eq!(storage.photo(&photo).await, Ok(Some(vec![2])));
    reports_in_the_open(&storage).await;
    assert_eq!(places(&storage).await, ["hawthorns-house"]);
    suite::a_lock_is_kept_with_its_content(&storage).await;
}

#[wasm_bindgen_test]
async fn a_database_of_version_3_is_read_and_loses_nothing() {
    let storage = left_by(3).await;
    assert_eq!(card(&storage).await.contacts.len(), 1);
    let notes = storage.notes().await.expect("readable");
    assert_eq!(notes.len(), 2);
    assert!(matches!(notes[1].note.kind, Kind::WasClosed));
    let outbox = outbox(&storage).await;
    let why = Refusal::TooLarge;
    assert_eq!(outbox[1].entry.delivery, Delivery::Parked { why });
    has_bytes(&storage, 2, 1).await;
    let folder = folder(&storage).await;
    let draft = folder.draft(&report_id(1)).expect("a draft");
    assert_eq!(draft.answers[&"why".into()].choices.len(), 2);
    assert!(folder.receipt(&report_id(2)).is_some());
    let (scheme, pin) = storage.scheme().await.expect("readable").expect("met");
    let accepted = accept(&scheme, Some(&pin)).expect("still believed");
    assert!(accepted.keyset.centre("hawthorns").is_some() && scheme.centres[0].offered);
    assert_eq!(places(&storage).await, ["cape-hall", "hawthorns-house"]);
    let first = storage.first_places().await.expect("readable");
    assert_eq!(first.len(), 2);
    suite::parts_of_nothing_are_swept(&left_by(3).await).await;
}

#[wasm_bindgen_test]
async fn a_database_of_version_4_is_read_and_loses_nothing() {
    let storage = left_by(4).await;
    let outbox = outbox(&storage).await;
    assert_eq!(outbox[1].entry.parts.len(), 2);
    assert_eq!(outbox[1].entry.arrived, Some(262_144));
    assert!(matches!(
        &outbox[0].entry.delivery,
        Delivery::Stored { bytes: Bytes::LetGo, proof: Some(proof), .. } if proof.sealed.is_none()
    ));
    has_bytes(&storage, 3, 2).await;
    let part = PartId::from_random([1; 16]);
    let record = storage.part_record(&report_id(3), &part, 1).await;
    assert_eq!(record, Ok(Some(vec![2; 3])));
    let folder = folder(&storage).await;
    let files = folder.drafts[0].files();
    assert_eq!(files.len(), 2);
    let of_draft = (&report_id(1), &files[0].part.id);
    let swept = storage.sweep_parts(&[report_id(1)]).await;
    swept.expect("swept");
    let record = storage.part_record(of_draft.0, of_draft.1, 0).await;
    assert_eq!(record, Ok(Some(vec![4])));
    assert_eq!(folder.receipts[0].seen, 2);
    assert_eq!(places(&storage).await, ["cape-hall", "hawthorns-house"]);
    assert_eq!(storage.first_places().await.expect("readable").len(), 1);
    let (scheme, pin) = storage.scheme().await.expect("readable").expect("met");
    assert!(accept(&scheme, Some(&pin)).is_ok() && scheme.proof_key.is_some());
}

/// A later release added what this one does not know, without a step of the schema.
#[wasm_bindgen_test]
async fn unknown_fields_do_no_harm() {
    let storage = left_by(4).await;
    let (card, before) = (card(&storage).await, outbox(&storage).await);
    for (store, key) in [(CARD, CARD), (OUTBOX, report_id(3).as_str())] {
        let value = storage.get(store, key).await.expect("readable");
        js_sys::Reflect::set(&value, &"mood".into(), &7.into()).expect("an object");
        storage.put(store, key, &value).await.expect("kept");
    }
    assert_eq!(self::card(&storage).await, card);
    assert_eq!(outbox(&storage).await, before);
}
