//! The room for texts, messages and notes: counted where they are written and erased, and anew where
//! another program has written and something would be refused.

use rusqlite::Connection;

use super::{mailboxes, notes, reports};
use crate::quota::Quota;

/// What a note takes of the room, in KiB: more than it needs.
pub(super) const NOTE: u64 = 1;

/// What may still be stored, in KiB.
#[derive(Clone)]
pub(super) struct Room {
    quota: Quota,
    /// What SQLite had counted of the commits of others when all was counted.
    version: i64,
}

impl Room {
    /// So many bytes in all (0: as many as the disk takes), less what is there already.
    pub(super) fn of(connection: &Connection, max_bytes: u64) -> rusqlite::Result<Self> {
        let mut room = Self {
            quota: Quota::of((max_bytes > 0).then_some(max_bytes / 1024)),
            version: 0,
        };
        if room.quota.is_bounded() {
            room.count(connection)?;
        }
        Ok(room)
    }

    /// Makes known who has a share.
    pub(super) fn share_between(&mut self, centres: &[String]) {
        self.quota.share_between(centres);
    }

    /// Whether so much more fits, for a centre or for nobody.
    pub(super) fn takes(
        &mut self,
        connection: &Connection,
        centre: Option<&str>,
        kib: u64,
    ) -> rusqlite::Result<bool> {
        if self.quota.takes(centre, kib, 0) {
            return Ok(true);
        }
        if others_wrote(connection)? == self.version {
            return Ok(false);
        }
        self.count(connection)?;
        Ok(self.quota.takes(centre, kib, 0))
    }

    /// Counts something that was stored.
    pub(super) fn fill(&mut self, centre: Option<&str>, kib: u64) {
        self.quota.fill(centre, kib);
    }

    /// Counts something that is gone.
    pub(super) fn release(&mut self, centre: &str, kib: u64) {
        self.quota.release(centre, kib);
    }

    fn count(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        self.quota.empty();
        let texts = reports::stored_kib(connection)?;
        for (centre, kib) in texts.into_iter().chain(mailboxes::stored_kib(connection)?) {
            self.quota.fill(Some(&centre), kib);
        }
        self.quota.fill(None, NOTE * notes::stored(connection)?);
        self.version = others_wrote(connection)?;
        Ok(())
    }
}

/// Another number after each commit of another connection: a command's, as the server itself writes
/// by one alone.
fn others_wrote(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0))
}
