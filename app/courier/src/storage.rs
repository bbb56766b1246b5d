//! What is kept on the phone: the contract, one method for each thing a person or the courier does.

use std::fmt;

use domain::card::Card;
use domain::delta::Held;
use domain::handover::HandOver;
use domain::id::{LockId, NoteId, PartId, PhotoId, ReportId};
use domain::lock::{Name, Tries};
use domain::note::Waiting;
use domain::outbox::{Bytes, Delivery, Entry, Settled};
use domain::place::Place;
use domain::report::Draft;
use domain::time::Timestamp;
use domain::usual_place::UsualPlace;
use domain::wire::Scheme;
use seal::keyset::Pin;
use seal::lock::{Record, Sealed};
use serde::{Deserialize, Serialize};

/// So many places are read at once, and no more are needed for a first list.
pub const FIRST: usize = 100;

/// Everything a phone keeps. Each method opens and closes one transaction of its own: what it
/// writes is there entirely or not at all, and survives the browser's death once it has returned.
#[expect(
    async_fn_in_trait,
    reason = "a page and a worker have one thread: no future of these is ever sent"
)]
pub trait Storage {
    /// The card as typed.
    async fn card(&self) -> Result<Option<Card>, Error>;
    /// Keeps the card and its front as painted; without a front, an older one is removed.
    async fn keep_card(&self, card: &Card, front: Option<&PaintedFront>) -> Result<(), Error>;
    /// Removes the card, its painted front, and a hand-over that is under way.
    async fn delete_card(&self) -> Result<(), Error>;

    /// The hand-over that is under way.
    async fn handover(&self) -> Result<Option<HandOver>, Error>;
    /// Keeps where a helper is, and the page they see as painted.
    async fn keep_handover(&self, handover: &HandOver, page: &PaintedFront) -> Result<(), Error>;
    /// The phone is back in its holder's hand.
    async fn end_handover(&self) -> Result<(), Error>;

    /// A photo as an image file's bytes.
    async fn photo(&self, id: &PhotoId) -> Result<Option<Vec<u8>>, Error>;
    /// Keeps a photo; whatever names it is kept after it.
    async fn keep_photo(&self, id: &PhotoId, image: &[u8]) -> Result<(), Error>;
    /// Removes every photo that nothing names any longer.
    async fn sweep_photos(&self, named: &[PhotoId]) -> Result<(), Error>;

    /// Where the holder often goes back to, in their order.
    async fn usual_places(&self) -> Result<Vec<UsualPlace>, Error>;
    /// Swaps all of them at once.
    async fn keep_usual_places(&self, places: &[UsualPlace]) -> Result<(), Error>;

    /// Drafts that an older release kept in the open, before they went behind the reports lock.
    async fn plain_drafts(&self) -> Result<Vec<Draft>, Error>;
    /// Removes one of them, once it lies behind the lock.
    async fn delete_plain_draft(&self, id: &ReportId) -> Result<(), Error>;
    /// Takes a receipt out of the outbox that an older release kept there in the open.
    async fn delete_plain_receipt(&self, id: &ReportId) -> Result<(), Error>;

    /// Adds a sealed report to the outbox.
    async fn queue(&self, entry: &Entry, envelope: &[u8]) -> Result<Queued, Error>;
    /// All entries, newest first, without their bytes.
    async fn outbox(&self) -> Result<Vec<Kept>, Error>;
    /// The sealed bytes of an entry, while they are held.
    async fn envelope(&self, id: &ReportId) -> Result<Option<Vec<u8>>, Error>;
    /// Writes down what an answer of the server led to. An entry removed meanwhile stays removed.
    async fn record(&self, id: &ReportId, settled: &Settled) -> Result<(), Error>;
    /// Lets go of the sealed bytes of a stored report; its line in the list stays.
    async fn let_go(&self, id: &ReportId) -> Result<(), Error>;
    /// Makes a stored report wait again: the server was restored from a backup.
    async fn offer_again(&self, id: &ReportId, now: Timestamp) -> Result<(), Error>;
    /// Removes an entry and its bytes because the person said so.
    async fn remove(&self, id: &ReportId) -> Result<(), Error>;
    /// Writes down how many bytes of an entry's parts the server has; `None` where it lacks the text.
    async fn keep_arrived(&self, id: &ReportId, arrived: Option<u64>) -> Result<(), Error>;

    /// Keeps one record of a sealed part: [`PART_RECORD`] bytes, the last one fewer. Counted from 0.
    async fn keep_part_record(
        &self,
        report: &ReportId,
        part: &PartId,
        at: u32,
        sealed: &[u8],
    ) -> Result<(), Error>;
    /// A record of a sealed part. Records go with their report's bytes.
    async fn part_record(
        &self,
        report: &ReportId,
        part: &PartId,
        at: u32,
    ) -> Result<Option<Vec<u8>>, Error>;
    /// Removes a part that the person took out of a draft.
    async fn remove_part(&self, report: &ReportId, part: &PartId) -> Result<(), Error>;
    /// Removes every part whose report is neither in the outbox nor named: of a draft that was dropped,
    /// or whose tab ended. Drafts lie behind the reports lock: who asks names them.
    async fn sweep_parts(&self, named: &[ReportId]) -> Result<(), Error>;

    /// Keeps a note that waits for its moment; one of the same id is replaced.
    async fn keep_note(&self, note: &Waiting) -> Result<(), Error>;
    /// Notes that wait, the one whose moment comes first in front.
    async fn notes(&self) -> Result<Vec<Waiting>, Error>;
    /// Lets go of a note: the server has it, or will never take it.
    async fn remove_note(&self, id: &NoteId) -> Result<(), Error>;

    /// The places as pulled last; empty before the first pull.
    async fn places(&self) -> Result<Held, Error>;
    /// The first places by name, no more than [`FIRST`]: to be shown while all are being read. Not for
    /// anything that has to know the nearest.
    async fn first_places(&self) -> Result<Vec<Place>, Error>;
    /// Swaps all places at once.
    async fn keep_places(&self, held: &Held) -> Result<(), Error>;
    /// The scheme, and what is pinned of it.
    async fn scheme(&self) -> Result<Option<(Scheme, Pin)>, Error>;
    /// Keeps the scheme and what is pinned of it.
    async fn keep_scheme(&self, scheme: &Scheme, pin: &Pin) -> Result<(), Error>;
    /// The lock of this name, once one was made.
    async fn lock(&self, name: Name) -> Result<Option<Record>, Error>;
    /// Keeps a lock and, in the same breath, the content sealed with its key. Done only
    /// over the key `instead_of` (`None`: over nothing): another tab
    /// may have been quicker.
    async fn keep_lock(
        &self,
        name: Name,
        instead_of: Option<&LockId>,
        record: &Record,
        content: Option<&Sealed>,
    ) -> Result<Swap, Error>;
    /// The sealed content behind a lock.
    async fn locked(&self, name: Name) -> Result<Option<Sealed>, Error>;
    /// Keeps sealed content. It must be of the lock that lies there, and one revision ahead.
    async fn keep_locked(&self, name: Name, content: &Sealed) -> Result<Swap, Error>;
    /// Removes a lock, its content and its tries: what was behind it is lost.
    async fn delete_lock(&self, name: Name) -> Result<(), Error>;
    /// Wrong tries of a lock in a row; they outlive the app's end.
    async fn tries(&self, name: Name) -> Result<Option<Tries>, Error>;
    /// Keeps them; `None` after a right one.
    async fn keep_tries(&self, name: Name, tries: Option<Tries>) -> Result<(), Error>;

    /// A setting by name.
    async fn setting(&self, name: &str) -> Result<Option<String>, Error>;
    /// Keeps a setting.
    async fn keep_setting(&self, name: &str, value: &str) -> Result<(), Error>;
    /// Leaves nothing of a setting.
    async fn forget_setting(&self, name: &str) -> Result<(), Error>;
}

/// Bytes in one record of a sealed part.
pub const PART_RECORD: usize = 256 * 1024;

/// Under what a record of a part lies.
pub(crate) fn part_key(report: &ReportId, part: &PartId, at: u32) -> String {
    format!("{report} {part} {at:04}")
}

/// The report that a record of a part belongs to.
pub(crate) fn report_of(key: &str) -> &str {
    key.split(' ').next().unwrap_or_default()
}

/// Why something could not be kept or read: what the caller can do differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// The phone has no room left; nothing was changed.
    Full,
    /// The browser does not give storage here, or an older tab holds it: close other tabs, or leave private browsing.
    Blocked,
    /// A newer release wrote it: load the page again to get that release.
    TooNew,
    /// The storage went away, or what lies there cannot be read; trying again later may help.
    Gone,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Error {}

impl Error {
    /// A short stable name, for messages between workers and pages.
    pub fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Blocked => "blocked",
            Self::TooNew => "too-new",
            Self::Gone => "gone",
        }
    }

    /// The error of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [Self::Full, Self::Blocked, Self::TooNew, Self::Gone];
        all.into_iter().find(|error| error.code() == code)
    }
}

/// The card's front, or a helper's page, as the app rendered it, for painting before the app has loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaintedFront {
    /// A fragment of HTML, never a whole page.
    pub html: String,
    /// The language of its words, as a BCP 47 tag.
    pub language: String,
    /// The app's version; another version paints it anew.
    pub version: String,
}

/// An entry of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The entry.
    pub entry: Entry,
    /// 24 digits, as an older release kept them here; they lie behind the reports lock now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}

/// Whether a report joined the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queued {
    /// It did.
    Now,
    /// One of this id was there already and is untouched: these bytes lead nowhere.
    Before,
}

/// Whether something was kept in the place of what its writer had seen there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swap {
    /// It was.
    Done,
    /// Something else lies there by now; nothing was changed.
    Overtaken,
}

/// Whether sealed content may take the place of what lies there.
pub(crate) fn follows(next: &Sealed, record: Option<&Record>, now: Option<&Sealed>) -> bool {
    let revision = now.map_or(0, Sealed::revision);
    let next_revision = revision.checked_add(1) == Some(next.revision());
    record.is_some_and(|record| next.is_of(record.id())) && next_revision
}

/// Places by name, as lists show them before anything is asked for.
pub(crate) fn by_name(held: &Held) -> Vec<&Place> {
    let places: Vec<_> = held.places.values().collect();
    // Pairs like those of the digest: a phone loads one way of sorting, not two.
    let names = places.iter().enumerate();
    let mut names: Vec<(&str, u64)> = names.map(|(at, place)| (&*place.name, at as u64)).collect();
    names.sort_unstable();
    (names.into_iter().map(|(_, at)| places[at as usize])).collect()
}

/// Whether a lock, and content with it, may take the place of what lies there. Another key must
/// bring the content along: what the old one sealed would never open again.
pub(crate) fn replaces(
    (record, content): (&Record, Option<&Sealed>),
    instead_of: Option<&LockId>,
    (lies, locked): (Option<&Record>, Option<&Sealed>),
) -> bool {
    let seen = lies.map(Record::id) == instead_of;
    let content_fits = match content {
        Some(content) => follows(content, Some(record), locked),
        None => locked.is_none_or(|locked| locked.is_of(record.id())),
    };
    seen && content_fits
}

impl Kept {
    /// What is kept of a freshly sealed report.
    pub fn new(entry: Entry) -> Self {
        Self {
            entry,
            receipt: None,
        }
    }

    /// What remains after an answer was settled; `None` where nothing may.
    pub(crate) fn settled(self, settled: &Settled) -> Option<Self> {
        match settled {
            Settled::Leaves => None,
            Settled::Stays(delivery) => Some(self.with(delivery.clone())),
        }
    }

    /// Without its sealed bytes; `None` where it still needs them.
    pub(crate) fn without_bytes(self) -> Option<Self> {
        let mut delivery = self.entry.delivery.clone();
        let Delivery::Stored { bytes, .. } = &mut delivery else {
            return None;
        };
        *bytes = Bytes::LetGo;
        Some(self.with(delivery))
    }

    /// Waiting again, due at once; `None` where there are no bytes to offer.
    pub(crate) fn offered_again(self, now: Timestamp) -> Option<Self> {
        let Delivery::Stored {
            bytes: Bytes::Held, ..
        } = self.entry.delivery
        else {
            return None;
        };
        let mut again = self.with(Delivery::Waiting {
            tries: 0,
            not_before: now,
        });
        again.entry.arrived = None;
        Some(again)
    }

    /// With another count of what has arrived.
    pub(crate) fn arrived(mut self, arrived: Option<u64>) -> Self {
        self.entry.arrived = arrived;
        self
    }

    fn with(mut self, delivery: Delivery) -> Self {
        self.entry.delivery = delivery;
        self
    }
}

/// Newest first; entries of the same instant by id, so that the order is always the same.
pub(crate) fn newest_first(outbox: &mut [Kept]) {
    outbox.sort_by(|a, b| {
        let sealed = |kept: &Kept| kept.entry.sealed_at;
        sealed(b)
            .cmp(&sealed(a))
            .then_with(|| a.entry.id.cmp(&b.entry.id))
    });
}

/// The next moment first; notes of the same moment by id.
pub(crate) fn soonest_first(notes: &mut [Waiting]) {
    notes.sort_by(|a, b| {
        let moment = a.not_before.cmp(&b.not_before);
        moment.then_with(|| a.id.cmp(&b.id))
    });
}
