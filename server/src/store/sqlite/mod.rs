//! The embedded body of the store: SQLite in the data folder, one writer, readers of their own.

mod backup;
mod daily;
pub mod desk;
mod imports;
mod inbox;
mod ledger;
mod links;
mod mailboxes;
mod notes;
mod open;
mod parts;
mod places;
mod queues;
mod readers;
mod records;
mod reports;
mod room;
mod watch;
mod writer;

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::id::{Epoch, MailboxId, PartId, PlaceId, ReportId, Sha256};
use domain::place::Place;
use domain::time::{Day, Timestamp};
use domain::wire::MailboxState;
use rusqlite::Connection;

pub use backup::{backup, check, counted_notes, restore, sealed_report};
pub use inbox::{Inbox, Line};
pub use ledger::Ledger;
pub use open::{Migration, OpenError, migrate, prepare_connection};
pub use reports::insert as insert_report;

use self::readers::Readers;
use self::room::Room;
use self::watch::Watch;
use self::writer::{New, Writer};
use super::{
    Changes, Committed, CountedNotes, Erased, Error, Expected, First, Import, Imported, Life,
    Linked, Mark, NewMessage, NewNote, NewReport, Put, PutMessage, Seen, Store, Unless, Withdrawn,
};
use crate::links::Link;
use crate::manage::Said;

/// The database's file in the data folder.
pub const FILE: &str = "safe-place.db";

/// Limits on what a database takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Sealed bytes in all, a note counted as a kilobyte; 0 is as much as the disk takes.
    pub max_bytes: u64,
    /// Reports and notes that may wait for the disk.
    pub queue: usize,
    /// Pages the file may have; `None` is SQLite's own limit. For trying out a full disk.
    pub max_pages: Option<u32>,
}

/// An open database.
pub struct Sqlite {
    writer: Writer,
    readers: Arc<Readers>,
    watch: Arc<Watch>,
    /// All places that phones are given, as they were at a mark.
    listed: Mutex<Option<(Mark, Arc<[Place]>)>>,
    /// Held for as long as the database is open, so that no second server serves from it.
    _lock: File,
}

impl Sqlite {
    /// Opens the database in a data folder, making or migrating it as needed.
    pub fn open(data: &Path, limits: Limits) -> Result<Self, OpenError> {
        let lock = open::lock(data)?;
        let mut connection = open::open(data)?;
        open::bring_up(&mut connection)?;
        open::settle(&connection)?;
        open::clean(&connection, data)?;
        if let Some(pages) = limits.max_pages {
            connection.pragma_update(None, "max_page_count", pages)?;
        }
        let readers = Arc::new(Readers::new(data.join(FILE)));
        let writer = Writer::start(connection, limits)?;
        Ok(Self {
            writer,
            watch: Arc::new(Watch::new(Arc::clone(&readers))),
            readers,
            listed: Mutex::new(None),
            _lock: lock,
        })
    }

    async fn read<T: Send + 'static>(
        &self,
        what: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let readers = Arc::clone(&self.readers);
        let done = tokio::task::spawn_blocking(move || readers.read(what)).await;
        done.map_err(|_| Error::Broken)?
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn put_report(&self, report: NewReport) -> Result<Put, Error> {
        self.writer.put(New::Report(report)).await
    }

    async fn put_note(&self, note: NewNote) -> Result<Put, Error> {
        self.writer.put(New::Note(note)).await
    }

    async fn expected_part(&self, report: &ReportId, part: &PartId) -> Result<Expected, Error> {
        let (report, part) = (report.clone(), part.clone());
        self.read(move |connection| parts::expected(connection, &report, &part))
            .await
    }

    async fn part_arrived(&self, report: &ReportId, part: &PartId) -> Result<(), Error> {
        let (report, part) = (report.clone(), part.clone());
        self.writer
            .run(move |connection| parts::arrived(connection, &report, &part))
            .await
    }

    async fn commit_report(&self, id: &ReportId) -> Result<Committed, Error> {
        let (id, asked) = (id.clone(), id.clone());
        let ending = self.read(move |connection| parts::ending(connection, &asked));
        // Asking again and again keeps nobody from writing.
        match ending.await? {
            (Committed::Here { centre, .. }, true) => {
                let commit =
                    move |connection: &mut Connection, _: &mut Room| parts::commit(connection, &id);
                self.writer.run_for(&centre, commit).await
            }
            (ending, _) => Ok(ending),
        }
    }

    async fn mailbox(&self, id: &MailboxId, token: Sha256) -> Result<MailboxState, Error> {
        let id = id.clone();
        self.read(move |connection| mailboxes::state(connection, &id, &token))
            .await
    }

    async fn put_message(
        &self,
        id: &MailboxId,
        token: Sha256,
        message: NewMessage,
    ) -> Result<PutMessage, Error> {
        let mailbox = id.clone();
        let owner = self.read(move |connection| mailboxes::centre(connection, &mailbox, &token));
        let Some(centre) = owner.await? else {
            return Ok(PutMessage::NoMailbox);
        };
        let id = id.clone();
        let put = self.writer.run_for(&centre, move |connection, room| {
            mailboxes::put(connection, room, &id, &token, &message)
        });
        put.await?
    }

    async fn withdrawable(&self, id: &MailboxId, token: Sha256) -> Result<Withdrawn, Error> {
        let id = id.clone();
        self.read(move |connection| mailboxes::withdrawable(connection, &id, &token))
            .await
    }

    async fn erase(&self, id: &ReportId, unless: Unless, first: First) -> Result<Erased, Error> {
        let id = id.clone();
        let erasure = self.writer.run_counted(move |connection, room| {
            let erasure = mailboxes::erase(connection, &id, unless, first)?;
            if let Ok(Some((centre, kib))) = erasure.as_ref().map(|erasure| &erasure.freed) {
                room.release(centre, *kib);
                open::empty_log(connection)?;
            }
            Ok(erasure)
        });
        erasure
            .await?
            .map(|erasure| erasure.erased)
            .map_err(|cause| {
                tracing::error!(%cause, "nothing is erased: the file of changes cannot be used");
                Error::Broken
            })
    }

    async fn outlived(&self, closed_before: Timestamp) -> Result<Vec<ReportId>, Error> {
        self.read(move |connection| inbox::outlived(connection, closed_before))
            .await
    }

    async fn newest_report(&self) -> Result<Option<Timestamp>, Error> {
        self.read(reports::newest).await
    }

    async fn know_centres(&self, centres: &[String], at: Timestamp) -> Result<(), Error> {
        let centres = centres.to_vec();
        self.writer.share_between(&centres).await?;
        self.writer
            .run(move |connection| inbox::know(connection, &centres, at))
            .await
    }

    async fn inboxes(&self) -> Result<Vec<(String, Timestamp)>, Error> {
        self.read(inbox::all).await
    }

    async fn sealed(&self, id: &ReportId) -> Result<Option<Vec<u8>>, Error> {
        let id = id.clone();
        self.read(move |connection| reports::sealed(connection, &id))
            .await
    }

    async fn count_notes(&self, from: Day, to: Day) -> Result<Vec<CountedNotes>, Error> {
        self.read(move |connection| notes::counts(connection, from, to))
            .await
    }

    async fn life(&self) -> Result<Life, Error> {
        self.read(life).await
    }

    async fn places_mark(&self) -> Result<Mark, Error> {
        if let Some(mark) = self.watch.unchanged() {
            return Ok(mark);
        }
        let watch = Arc::clone(&self.watch);
        let done = tokio::task::spawn_blocking(move || watch.look()).await;
        done.map_err(|_| Error::Broken)?
    }

    async fn places_after(&self, change: u64, limit: usize) -> Result<Changes, Error> {
        self.read(move |connection| places::after(connection, change, limit))
            .await
    }

    async fn place(&self, id: &PlaceId) -> Result<Option<Place>, Error> {
        let id = id.clone();
        self.read(move |connection| places::one(connection, &id))
            .await
    }

    async fn places(&self) -> Result<Arc<[Place]>, Error> {
        let mark = self.places_mark().await?;
        let lock = || self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, listed)) = lock().as_ref().filter(|(held, _)| *held == mark) {
            return Ok(Arc::clone(listed));
        }
        // Read after the mark was taken: should a change come in between, the next one reads again.
        let listed: Arc<[Place]> = self.read(places::all).await?.into();
        *lock() = Some((mark, Arc::clone(&listed)));
        Ok(listed)
    }

    async fn import_places(&self, import: Import) -> Result<Imported, Error> {
        self.writer
            .run(move |connection| imports::import(connection, &import))
            .await
    }

    async fn daily(&self, at: Timestamp) -> Result<(), Error> {
        while self
            .writer
            .run(move |connection| daily::step(connection, at))
            .await?
        {}
        // What a command erased beside us, and what somebody still read when it was erased.
        self.writer
            .run(|connection| open::empty_log(connection).map(drop))
            .await
    }

    async fn linked(&self, link: &Link) -> Result<Linked, Error> {
        let link = link.clone();
        self.read(move |connection| links::linked(connection, &link))
            .await
    }

    async fn answer_link(&self, link: &Link, said: Said, at: Timestamp) -> Result<Linked, Error> {
        let link = link.clone();
        self.writer
            .run(move |connection| links::answer(connection, &link, &said, at))
            .await
    }

    async fn see_keyset(&self, version: u32) -> Result<Seen, Error> {
        self.writer
            .run(move |connection| see_keyset(connection, version))
            .await
    }

    async fn ready(&self) -> Result<(), Error> {
        self.writer.is_alive()?;
        self.read(life).await.map(drop)
    }

    async fn close(&self) {
        // The writer goes last: the last one out puts the log back into the database.
        self.readers.let_go();
        self.watch.let_go();
        self.writer.close().await;
    }
}

fn life(connection: &Connection) -> rusqlite::Result<Life> {
    let mut query =
        connection.prepare_cached("SELECT epoch, backed_up_through, last_change FROM life")?;
    query.query_row([], |row| {
        Ok(Life {
            epoch: parsed::<Epoch>(row, 0)?,
            backed_up_through: row.get(1)?,
            last_change: row.get(2)?,
        })
    })
}

fn see_keyset(connection: &mut Connection, version: u32) -> rusqlite::Result<Seen> {
    let seen: u32 = connection.query_row("SELECT keyset_seen FROM life", [], |row| row.get(0))?;
    if version < seen {
        return Ok(Seen::RolledBack { seen });
    }
    if version > seen {
        connection.execute("UPDATE life SET keyset_seen = ?1", [version])?;
    }
    Ok(Seen::Newest)
}

/// A column that holds the written form of something.
fn parsed<T: std::str::FromStr>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

/// What a failure of SQLite means to the store's caller; logged here, where it is known.
fn understood(error: &rusqlite::Error) -> Error {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull};
    match error.sqlite_error_code() {
        Some(DiskFull) => {
            tracing::error!("the disk is full");
            Error::Full
        }
        Some(DatabaseBusy | DatabaseLocked) => {
            tracing::warn!("the database is locked");
            Error::Busy
        }
        _ => {
            tracing::error!(cause = %error, "the database failed");
            Error::Broken
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::suite;

    /// A store in a folder that ends with it.
    struct Passing {
        store: Sqlite,
        _data: tempfile::TempDir,
    }

    impl std::ops::Deref for Passing {
        type Target = Sqlite;

        fn deref(&self) -> &Sqlite {
            &self.store
        }
    }

    async fn fresh() -> Passing {
        let data = tempfile::tempdir().expect("a folder");
        let limits = Limits {
            max_bytes: 0,
            queue: 16,
            max_pages: None,
        };
        let store = Sqlite::open(data.path(), limits).expect("it opens");
        Passing { store, _data: data }
    }

    #[tokio::test]
    async fn sqlite_keeps_the_contract() {
        suite::run(fresh).await;
    }

    #[tokio::test]
    async fn what_a_killed_server_left_in_its_log_is_in_the_database_before_it_is_answered_for() {
        let killed = fresh().await;
        let put = killed.store.put_report(suite::report(1)).await;
        assert!(matches!(put, Ok(Put::New(_))));
        let data = tempfile::tempdir().expect("a folder");
        for name in [FILE.to_owned(), format!("{FILE}-wal")] {
            let from = killed._data.path().join(&name);
            std::fs::copy(from, data.path().join(name)).expect("there");
        }
        let limits = Limits {
            max_bytes: 0,
            queue: 1,
            max_pages: None,
        };
        let _again = Sqlite::open(data.path(), limits).expect("it opens");
        let alone = tempfile::tempdir().expect("a folder");
        std::fs::copy(data.path().join(FILE), alone.path().join(FILE)).expect("there");
        let sealed = sealed_report(alone.path(), &suite::report(1).id);
        assert_eq!(
            sealed.expect("readable"),
            Some(suite::report(1).sealed.to_vec())
        );
    }

    /// Bytes that occur once, as a sealed text does.
    fn distinct(n: u8) -> Vec<u8> {
        (0..20_000_u32)
            .map(|at| (at * 31 + at / 7) as u8 ^ n)
            .collect()
    }

    /// Whether some of these bytes lie in a file; one that is not there has none.
    fn holds(file: &Path, bytes: &[u8]) -> bool {
        let all = std::fs::read(file).unwrap_or_default();
        let some = &bytes[9000..9100];
        all.windows(some.len()).any(|window| window == some)
    }

    async fn put_both(store: &Sqlite, sealed: &[u8], message: &[u8]) {
        let mut report = suite::report(1);
        report.sealed = sealed.to_vec().into();
        let (mailbox, token) = (report.mailbox.clone(), report.token_hash);
        let message = NewMessage {
            id: domain::id::MessageId::from_random([1; 16]),
            hour: report.hour,
            sealed: message.to_vec().into(),
        };
        store.put_report(report).await.expect("stored");
        let put = store.put_message(&mailbox, token, message).await;
        assert_eq!(put, Ok(PutMessage::New));
    }

    fn erase_by_command(data: &Path) {
        let mut inbox = Inbox::open(data).expect("it opens");
        let erased = inbox.erase(&suite::report(1).id, Box::new(|| Ok(())));
        let erased = erased.expect("erased").expect("told");
        assert_eq!(erased, Erased::Gone);
    }

    #[track_caller]
    fn lies_nowhere(data: &Path, erased: &[&[u8]]) {
        let copy = data.join("copy.db");
        backup(data, &copy).expect("made");
        for file in [data.join(FILE), data.join(format!("{FILE}-wal")), copy] {
            let found = erased.iter().any(|bytes| holds(&file, bytes));
            assert!(!found, "{}", file.display());
        }
    }

    #[tokio::test]
    async fn what_was_erased_lies_neither_in_the_files_nor_in_a_later_backup() {
        let (sealed, message) = (distinct(1), distinct(2));
        let passing = fresh().await;
        let data = passing._data.path();
        put_both(&passing, &sealed, &message).await;
        assert!(holds(&data.join(format!("{FILE}-wal")), &sealed));
        let written_back = passing.writer.run(|connection| open::settle(connection));
        assert_eq!(written_back.await, Ok(()));
        assert!(holds(&data.join(FILE), &message));
        let (id, first) = (suite::report(1).id, Box::new(|| Ok(())));
        let erased = passing.erase(&id, Unless::Held, first).await;
        assert_eq!(erased, Ok(Erased::Gone));
        lies_nowhere(data, &[&sealed, &message]);
    }

    #[tokio::test]
    async fn what_a_command_erased_beside_a_server_is_gone_after_the_days_work() {
        let (sealed, message) = (distinct(1), distinct(2));
        let Passing { store, _data: data } = fresh().await;
        put_both(&store, &sealed, &message).await;
        erase_by_command(data.path());
        store.daily(suite::report(1).hour).await.expect("done");
        lies_nowhere(data.path(), &[&sealed, &message]);
    }

    #[tokio::test]
    async fn what_a_command_erased_without_a_server_is_gone_at_once() {
        let (sealed, message) = (distinct(1), distinct(2));
        let Passing { store, _data: data } = fresh().await;
        put_both(&store, &sealed, &message).await;
        store.close().await;
        drop(store);
        erase_by_command(data.path());
        lies_nowhere(data.path(), &[&sealed, &message]);
    }

    /// Every insert succeeds, and no commit does.
    const COMMITS_FAIL: &str = "
        CREATE TABLE parents (id INTEGER PRIMARY KEY);
        CREATE TABLE orphans (parent REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER report_orphans AFTER INSERT ON reports
        BEGIN INSERT INTO orphans VALUES (1); END;
        CREATE TRIGGER note_orphans AFTER INSERT ON notes
        BEGIN INSERT INTO orphans VALUES (1); END;";

    #[tokio::test]
    async fn nothing_is_answered_for_before_its_commit() {
        let store = fresh().await;
        let prepared = store.writer.run(|db| db.execute_batch(COMMITS_FAIL)).await;
        assert_eq!(prepared, Ok(()));
        let report = store.put_report(suite::report(1)).await;
        assert_eq!(report, Err(Error::Broken));
        let help = domain::note::Kind::HelpGiven {
            how: domain::note::How::Other,
        };
        let note = suite::note(1, help, None, "2026-11-22");
        assert_eq!(store.put_note(note).await, Err(Error::Broken));
        assert_eq!(store.sealed(&suite::report(1).id).await, Ok(None));
    }

    #[tokio::test]
    async fn a_full_queue_is_answered_at_once() {
        let data = tempfile::tempdir().expect("a folder");
        let limits = Limits {
            max_bytes: 0,
            queue: 1,
            max_pages: None,
        };
        let store = Sqlite::open(data.path(), limits).expect("it opens");
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let (begin, begun) = tokio::sync::oneshot::channel();
        let holding = store.writer.run(move |_| {
            let _ = begin.send(());
            // Ends when the other end is dropped.
            let _ = held.recv();
            Ok(())
        });
        let asked = async {
            let refused = store.put_report(suite::report(2)).await;
            drop(hold);
            refused
        };
        let both = async {
            // The writer is held from now on, and the queue has room for the first of them.
            begun.await.expect("it runs");
            tokio::join!(biased; store.put_report(suite::report(1)), asked)
        };
        let (held, (stored, refused)) = tokio::join!(holding, both);
        assert_eq!(held, Ok(()));
        assert!(matches!(stored, Ok(Put::New(_))), "{stored:?}");
        assert_eq!(refused, Err(Error::Busy));
    }
}
