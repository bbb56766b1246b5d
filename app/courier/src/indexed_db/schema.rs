//! The database's stores, and the steps from each released version to the next.

use wasm_bindgen::JsValue;
use web_sys::IdbDatabase;

/// The database's name; the boot script and tests name it too.
pub const NAME: &str = "safe-place";
/// The version this release writes.
pub const VERSION: u32 = 4;

/// The card as typed, under the key of the same name.
pub(super) const CARD: &str = "card";
/// The card's front as painted, likewise; read by the boot script.
pub(super) const FRONT: &str = "front";
/// A hand-over under way, and its page as painted: the key in [`CARD`] and in [`FRONT`].
pub(super) const HANDOVER: &str = "handover";
/// Photos' bytes by photo id.
pub(super) const PHOTOS: &str = "photos";
/// Drafts by report id.
pub(super) const DRAFT: &str = "draft";
/// Entries and receipts by report id.
pub(super) const OUTBOX: &str = "outbox";
/// Sealed bytes by report id.
pub(super) const ENVELOPES: &str = "envelopes";
/// Sealed parts by report id, part id and number of the record.
pub(super) const PARTS: &str = "parts";
/// Notes that wait for their moment, by note id.
pub(super) const NOTES: &str = "notes";
/// Places, a hundred in a record: the first by name under the key of the same name, those after them
/// under "places 1" and so on.
pub(super) const PLACES: &str = "places";
/// The scheme, and settings by name.
pub(super) const META: &str = "meta";
/// Locks by name, and under "name content", "name tries" and "name device" what belongs to each.
pub(super) const LOCKS: &str = "locks";

/// Brings a database of any older version to [`VERSION`], one step after the other. A store is
/// added in one release and filled, and the one it replaces deleted in a later one, so that an
/// interrupted update loses nothing.
pub(super) fn upgrade(database: &IdbDatabase, from: u32) -> Result<(), JsValue> {
    if from < 1 {
        for store in [CARD, FRONT, DRAFT, OUTBOX, ENVELOPES, PLACES, META] {
            database.create_object_store(store)?;
        }
    }
    if from < 2 {
        database.create_object_store(PHOTOS)?;
    }
    if from < 3 {
        database.create_object_store(LOCKS)?;
        database.create_object_store(NOTES)?;
    }
    if from < 4 {
        database.create_object_store(PARTS)?;
    }
    Ok(())
}
