//! What the server keeps, as a contract: one method per use case, no SQL and no transactions in sight.

pub mod sqlite;
#[cfg(test)]
mod suite;

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use domain::id::{Epoch, MailboxId, MessageId, NoteId, PartId, PlaceId, ReportId, Sha256};
use domain::note::Note;
use domain::place::Place;
use domain::time::{Day, Timestamp};
use domain::wire::{MailboxState, Part};

use crate::links::Link;
use crate::manage::Said;
use crate::record::{ListedPlace, Record};

/// A body of the contract: something that keeps reports and places.
#[async_trait]
pub trait Store: Send + Sync {
    /// Keeps a report for good, or says that it was here. Answers only after it is on the disk.
    async fn put_report(&self, report: NewReport) -> Result<Put, Error>;

    /// Keeps a note, or says that it was here. Answers only after it is on the disk.
    async fn put_note(&self, note: NewNote) -> Result<Put, Error>;

    /// A part that a report named.
    async fn expected_part(&self, report: &ReportId, part: &PartId) -> Result<Expected, Error>;

    /// Remembers that a part's bytes are whole on the disk.
    async fn part_arrived(&self, report: &ReportId, part: &PartId) -> Result<(), Error>;

    /// Makes a report complete if nothing is missing, and says where it stands then.
    async fn commit_report(&self, id: &ReportId) -> Result<Committed, Error>;

    /// What the holder of this token finds in a mailbox; an unknown mailbox and a token of
    /// someone else find an empty one alike.
    async fn mailbox(&self, id: &MailboxId, token: Sha256) -> Result<MailboxState, Error>;

    /// Keeps a message of a mailbox's holder.
    async fn put_message(
        &self,
        id: &MailboxId,
        token: Sha256,
        message: NewMessage,
    ) -> Result<PutMessage, Error>;

    /// The report that the holder of this token may withdraw now.
    async fn withdrawable(&self, id: &MailboxId, token: Sha256) -> Result<Withdrawn, Error>;

    /// Leaves nothing of a report but a tombstone, unless it must stay; `first` is done when it is certain
    /// that it goes, and before it does. Harmless where it is erased, or unknown.
    async fn erase(&self, id: &ReportId, unless: Unless, first: First) -> Result<Erased, Error>;

    /// Which reports the time is over for: closed so long ago, and not held.
    async fn outlived(&self, closed_before: Timestamp) -> Result<Vec<ReportId>, Error>;

    /// The hour in which the newest report arrived.
    async fn newest_report(&self) -> Result<Option<Timestamp>, Error>;

    /// Makes known who reads reports: each has its share of the room, and an inbox.
    async fn know_centres(&self, centres: &[String], at: Timestamp) -> Result<(), Error>;

    /// When each centre's inbox was opened last.
    async fn inboxes(&self) -> Result<Vec<(String, Timestamp)>, Error>;

    /// The sealed bytes of a report.
    async fn sealed(&self, id: &ReportId) -> Result<Option<Vec<u8>>, Error>;

    /// Notes from one day through another, counted.
    async fn count_notes(&self, from: Day, to: Day) -> Result<Vec<CountedNotes>, Error>;

    /// What is true of the database as a whole.
    async fn life(&self) -> Result<Life, Error>;

    /// What the places are at this moment: cheap to ask while nothing changes.
    async fn places_mark(&self) -> Result<Mark, Error>;

    /// What changed among the places after a change, at most so many.
    async fn places_after(&self, change: u64, limit: usize) -> Result<Changes, Error>;

    /// One place that takes part.
    async fn place(&self, id: &PlaceId) -> Result<Option<Place>, Error>;

    /// Every place that takes part, by id; read once, and again only after a change.
    async fn places(&self) -> Result<std::sync::Arc<[Place]>, Error>;

    /// Reads a list of places in: what changed in it since it was read last changes here.
    async fn import_places(&self, import: Import) -> Result<Imported, Error>;

    /// What is done for places every day: hours made out further, samples kept fresh, places paused
    /// whose managers do not answer.
    async fn daily(&self, at: Timestamp) -> Result<(), Error>;

    /// The place that a link is for, if the link can still be answered.
    async fn linked(&self, link: &Link) -> Result<Linked, Error>;

    /// What a manager has said by a link: taken once.
    async fn answer_link(&self, link: &Link, said: Said, at: Timestamp) -> Result<Linked, Error>;

    /// Remembers that a keyset is served; refuses one older than was ever served.
    async fn see_keyset(&self, version: u32) -> Result<Seen, Error>;

    /// Whether reports can be taken right now.
    async fn ready(&self) -> Result<(), Error>;

    /// Finishes what was accepted and closes.
    async fn close(&self);
}

/// Why the store could not do as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// There is no room.
    Full,
    /// Too much is waiting; try later.
    Busy,
    /// The note names a place that this scheme never had.
    NoSuchPlace,
    /// Anything else; it has been logged.
    Broken,
}

/// A report to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReport {
    /// Made by the phone.
    pub id: ReportId,
    /// For whom it is sealed.
    pub centre: String,
    /// The keyset it is sealed to.
    pub keyset: u32,
    /// Where answers will lie.
    pub mailbox: MailboxId,
    /// Who may look into the mailbox.
    pub token_hash: Sha256,
    /// The hour it arrived.
    pub hour: Timestamp,
    /// The age file.
    pub sealed: Bytes,
    /// The recipient that answers are sealed to.
    pub reply: Option<String>,
    /// What follows it.
    pub parts: Vec<Part>,
}

impl NewReport {
    /// Sealed length in KiB, rounded up.
    pub fn size_class(&self) -> u64 {
        self.sealed.len().div_ceil(1024) as u64
    }
}

/// A note to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// Drawn by the phone for it alone.
    pub id: NoteId,
    /// Of the body as it came.
    pub body_hash: Sha256,
    /// What it says, on the day to count it under.
    pub note: Note,
}

/// Notes of one kind on one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedNotes {
    /// The place; absent where help was given elsewhere.
    pub place: Option<PlaceId>,
    /// Its name, as the scheme has it now or had it last.
    pub name: Option<String>,
    /// What happened.
    pub kind: String,
    /// What a helper did.
    pub how: Option<String>,
    /// How many.
    pub count: u64,
}

/// What became of a report or a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// Stored now.
    New(Standing),
    /// The same bytes were stored before.
    Again(Standing),
    /// Other bytes were stored under this id.
    OtherBytes,
    /// It was here and was erased; it does not come back.
    Erased,
}

/// Where a report stands in the database; a note has a mark of its own, and nothing else of this.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// A backup that reaches it covers what is here.
    pub mark: u64,
    /// The hour it arrived.
    pub hour: Timestamp,
    /// The parts that are not whole.
    pub missing: Vec<Part>,
}

impl Standing {
    /// Of a note.
    pub fn at(mark: u64) -> Self {
        Self {
            mark,
            ..Self::default()
        }
    }
}

/// What a part's address leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// No such report, or none that named such a part.
    Nothing,
    /// The report was erased.
    Erased,
    /// A part.
    Part {
        /// As the report's label names it.
        part: Part,
        /// Whose report it belongs to.
        centre: String,
        /// Whether its bytes are all there.
        whole: bool,
    },
}

/// What ending a report leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// There is no such report.
    Unknown,
    /// It was erased.
    Erased,
    /// It is here, complete or not.
    Here {
        /// Where it stands.
        standing: Standing,
        /// Whose it is.
        centre: String,
        /// Its text.
        sealed: Vec<u8>,
    },
}

/// A message to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Drawn by its writer.
    pub id: MessageId,
    /// The hour it arrived.
    pub hour: Timestamp,
    /// The age file.
    pub sealed: Bytes,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutMessage {
    /// Stored now.
    New,
    /// The same message was stored before.
    Again,
    /// Another message was stored under this id.
    OtherBytes,
    /// The mailbox holds as many as it takes.
    TooMany,
    /// The token opens no mailbox of this id.
    NoMailbox,
}

/// What withdrawing a report comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Withdrawn {
    /// This one may be erased.
    Report(ReportId),
    /// There is nothing that this token opens, or nothing any longer.
    Nothing,
    /// It is no longer its writer's to erase: it was passed on, or must be kept by law.
    PassedOn,
}

/// Which reports stay although they were to be erased. Looked at when they are, as a hold may have
/// come in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unless {
    /// None: the file of changes says already that it is erased.
    Never,
    /// One that must be kept by law.
    Held,
    /// That, and one that was passed on: it is no longer its writer's.
    HeldOrPassedOn,
}

impl Unless {
    /// Whether a report of which this is true stays.
    pub fn spares(self, held: bool, passed_on: bool) -> bool {
        match self {
            Self::Never => false,
            Self::Held => held,
            Self::HeldOrPassedOn => held || passed_on,
        }
    }
}

/// What comes before an erasure.
pub type First = Box<dyn FnOnce() -> io::Result<()> + Send>;

/// What came of an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// Nothing is left of it.
    Gone,
    /// It stays as it was.
    Kept,
}

/// What is true of a database as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// Another after a restore.
    pub epoch: Epoch,
    /// Reports up to this mark are in a backup.
    pub backed_up_through: u64,
    /// The newest change among the places.
    pub last_change: u64,
}

/// What the places are, without any of them: two equal marks are the same places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The newest change.
    pub last_change: u64,
    /// The digest of the whole set.
    pub whole: Sha256,
}

/// What changed among the places.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// New or changed.
    pub places: Vec<Place>,
    /// No longer taking part.
    pub gone: Vec<PlaceId>,
    /// The newest change named here; where the next pull goes on.
    pub through: u64,
    /// Whether there are more.
    pub more: bool,
    /// The digest of the whole set.
    pub whole: Sha256,
}

/// A list of places to read in.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Which list it is; its own ids are matched within it.
    pub source: String,
    /// Who reads it in, for the history.
    pub who: String,
    /// What it says.
    pub listed: Vec<ListedPlace>,
    /// What becomes of places of this source that it does not have.
    pub rest: Rest,
    /// Now.
    pub at: Timestamp,
}

/// What becomes of places that a list does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// The list is the whole of its source: they go from phones.
    LeavesTheList,
    /// The list is a part of its source: they stay as they are.
    Stays,
}

/// What lies behind a link.
#[derive(Debug, Clone, PartialEq)]
pub enum Linked {
    /// The place; the link can be answered, or was just now.
    Place(Box<Record>),
    /// It was answered before.
    Used,
    /// This database never made it, as after a restore.
    Unknown,
}

/// One thing about a place that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// By whom: "coordinator: Sam", "manager by link", "list", "daily work".
    pub who: String,
    /// What, as `Record::fields` names it.
    pub field: String,
    /// As it was; absent where there was nothing.
    pub before: Option<String>,
    /// As it is.
    pub after: Option<String>,
}

/// What an import changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Places that are new, or back.
    pub added: usize,
    /// Places with a new revision.
    pub changed: usize,
    /// Places that became tombstones.
    pub removed: usize,
}

/// What is known of a keyset's age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// As new as any, or newer.
    Newest,
    /// Older than one served before.
    RolledBack {
        /// The newest one's version.
        seen: u32,
    },
}
