//! Whether the places are still what they were: answered from memory, and never wrong about it.

use std::sync::{Arc, Mutex, PoisonError};

use domain::delta;
use domain::id::Sha256;
use rusqlite::Connection;

use super::readers::Readers;
use super::{Error, understood};
use crate::store::Mark;

/// A connection that sees when others commit, and what it saw last.
pub(super) struct Watch {
    readers: Arc<Readers>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    connection: Option<Connection>,
    /// What SQLite counted when `mark` was true; any commit of anybody counts it up.
    version: i64,
    mark: Option<Mark>,
}

impl Watch {
    pub(super) fn new(readers: Arc<Readers>) -> Self {
        Self {
            readers,
            seen: Mutex::default(),
        }
    }

    /// The mark, where no commit of anybody, in this process or another, came after it. Takes some
    /// microseconds: SQLite looks into memory that its connections share.
    pub(super) fn unchanged(&self) -> Option<Mark> {
        let mut seen = self.lock();
        let mark = seen.mark?;
        let version = seen.version().ok()?;
        (version == seen.version).then_some(mark)
    }

    /// The mark as it is now. The digest is worked out only where the places themselves changed.
    pub(super) fn look(&self) -> Result<Mark, Error> {
        let mut seen = self.lock();
        if seen.connection.is_none() {
            let connection = self.readers.open().map_err(|error| understood(&error))?;
            seen.connection = Some(connection);
        }
        seen.look().map_err(|error| understood(&error))
    }

    /// Closes the connection.
    pub(super) fn let_go(&self) {
        *self.lock() = Seen::default();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn look(&mut self) -> rusqlite::Result<Mark> {
        // Counted before it is read: a commit in between is looked at once more, not missed.
        let version = self.version()?;
        let held = self.mark;
        let connection = self.open()?;
        let transaction = connection.transaction()?;
        let last_change = last_change(&transaction)?;
        let mark = match held {
            Some(mark) if mark.last_change == last_change => mark,
            _ => Mark {
                last_change,
                whole: whole(&transaction)?,
            },
        };
        transaction.finish()?;
        self.version = version;
        self.mark = Some(mark);
        Ok(mark)
    }

    fn version(&mut self) -> rusqlite::Result<i64> {
        let connection = self.open()?;
        let mut query = connection.prepare_cached("PRAGMA data_version")?;
        query.query_row([], |row| row.get(0))
    }

    fn open(&mut self) -> rusqlite::Result<&mut Connection> {
        self.connection
            .as_mut()
            .ok_or(rusqlite::Error::InvalidQuery)
    }
}

/// The digest of all places that phones are given.
pub(super) fn whole(connection: &Connection) -> rusqlite::Result<Sha256> {
    let mut query =
        connection.prepare_cached("SELECT id, revision FROM places WHERE gone = 0 ORDER BY id")?;
    let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let pairs: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    let pairs = pairs.iter().map(|(id, revision)| (id.as_str(), *revision));
    Ok(delta::digest_of(pairs))
}

pub(super) fn last_change(connection: &Connection) -> rusqlite::Result<u64> {
    let mut query = connection.prepare_cached("SELECT last_change FROM life")?;
    query.query_row([], |row| row.get(0))
}
