//! The ledger of places, for the coordinator's commands: beside a server that runs, or without one.

use std::path::Path;

use domain::id::PlaceId;
use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::open::{self, OpenError};
use super::records::{self, By};
use super::{FILE, daily, links, notes, places};
use crate::links::Link;
use crate::record::Record;
use crate::review::Standing;
use crate::store::Change;

/// The ledger of a data folder.
pub struct Ledger {
    connection: Connection,
}

impl Ledger {
    /// Opens it, and brings an older database up to this version first.
    pub fn open(data: &Path) -> Result<Self, OpenError> {
        let path = data.join(FILE);
        let connection = open::open_existing(&path)?;
        if open::is_behind(&connection)? {
            drop(connection);
            open::migrate(data)?;
            return Ok(Self {
                connection: open::open_existing(&path)?,
            });
        }
        Ok(Self { connection })
    }

    /// Every place, by id, with what else is known of it.
    pub fn all(&self) -> Result<Vec<Standing>, OpenError> {
        let records = records::all(&self.connection)?;
        let all: rusqlite::Result<_> = records
            .into_iter()
            .map(|record| standing(&self.connection, record))
            .collect();
        Ok(all?)
    }

    /// One place.
    pub fn one(&self, id: &PlaceId) -> Result<Option<Standing>, OpenError> {
        let record = records::of_id(&self.connection, id)?;
        let found = record.map(|record| standing(&self.connection, record));
        Ok(found.transpose()?)
    }

    /// What was changed of it, the latest last.
    pub fn history(&self, id: &PlaceId) -> Result<Vec<Change>, OpenError> {
        Ok(records::history(&self.connection, id)?)
    }

    /// Changes one place; `None` where there is none, otherwise whether anything is other than it was.
    pub fn change(
        &mut self,
        id: &PlaceId,
        who: &str,
        at: Timestamp,
        change: impl FnOnce(&mut Record),
    ) -> Result<Option<bool>, OpenError> {
        // At once for writing: what is read here must still be so when it is written.
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(held) = records::of_id(&transaction, id)? else {
            return Ok(None);
        };
        let mut record = held.clone();
        change(&mut record);
        let changed = records::write(&transaction, Some(&held), &record, By { who, at })?;
        transaction.commit()?;
        Ok(Some(changed))
    }

    /// A coordinator has looked at what people said of a place: it counts no longer.
    pub fn looked(
        &mut self,
        id: &PlaceId,
        who: &str,
        at: Timestamp,
    ) -> Result<Option<bool>, OpenError> {
        let known = self.change(id, who, at, |record| record.ring_first = false)?;
        if let Some(record) = records::of_id(&self.connection, id)? {
            records::remark(&self.connection, &record, By { who, at }, "looked", "yes")?;
        }
        self.connection.execute(
            "UPDATE places SET looked_through = (SELECT coalesce(max(arrived), 0) FROM notes) WHERE id = ?1",
            [id.as_str()],
        )?;
        Ok(known)
    }

    /// Remembers that a link was made.
    pub fn made(&mut self, link: &Link, at: Timestamp) -> Result<(), OpenError> {
        self.connection.execute(
            "INSERT INTO place_links (nonce, place, purpose, made, expires) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                link.nonce_text(),
                link.place.as_str(),
                link.purpose.name(),
                at.0,
                link.expires.0
            ],
        )?;
        Ok(())
    }
}

fn standing(connection: &Connection, record: Record) -> rusqlite::Result<Standing> {
    let id = record.place.id.as_str();
    let hours = connection
        .prepare_cached("SELECT opening FROM places WHERE id = ?1")?
        .query_row([id], places::opening)?;
    let asked: Option<i64> = connection
        .prepare_cached("SELECT max(made) FROM place_links WHERE place = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .flatten();
    Ok(Standing {
        hours,
        found_closed: notes::found_closed(connection, &record)?,
        waiting_since: daily::unanswered_since(connection, &record)?,
        asked: asked.map(Timestamp),
        left: links::left(connection, id)?,
        record,
    })
}
