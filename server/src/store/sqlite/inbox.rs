//! Reports as their centre's staff see them by the program's commands, until there is a console.

use std::io;
use std::path::{Path, PathBuf};

use domain::id::{PartId, ReportId};
use domain::time::Timestamp;
use domain::wire::{Message, Side, Stage, Stages};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::open::{self, OpenError};
use super::{FILE, mailboxes, parsed, parts, reports};
use crate::store::{Erased, First, NewMessage, Standing, Unless};

/// The reports of a data folder, beside a server that runs or without one.
pub struct Inbox {
    connection: Connection,
    data: PathBuf,
}

/// A report, by what the server knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub id: ReportId,
    /// Whose.
    pub centre: String,
    /// How far it has come.
    pub stages: Stages,
    /// Sealed length in KiB, rounded up.
    pub size_class: u64,
    /// The recipient that answers are sealed to.
    pub reply: Option<String>,
    /// Whether it must be kept by law.
    pub held: bool,
    /// Its mailbox: a later report of the same person may name it.
    pub mailbox: String,
}

const LINE: &str = "SELECT id, centre, hour, complete, read, passed_on, closed, size_class, reply, held, mailbox FROM reports";

impl Inbox {
    /// Opens it, and brings an older database up to this version first.
    pub fn open(data: &Path) -> Result<Self, OpenError> {
        let path = data.join(FILE);
        let connection = open::open_existing(&path)?;
        if open::is_behind(&connection)? {
            drop(connection);
            open::migrate(data)?;
        }
        let connection = open::open_existing(&path)?;
        let data = data.to_owned();
        Ok(Self { connection, data })
    }

    /// Every report that is not erased, the newest first.
    pub fn all(&self) -> Result<Vec<Line>, OpenError> {
        let all = format!("{LINE} WHERE NOT erased ORDER BY mark DESC");
        let mut query = self.connection.prepare(&all)?;
        let lines = query.query_map([], line)?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// One report, by its id or its mailbox's.
    pub fn one(&self, id: &ReportId) -> Result<Option<Line>, OpenError> {
        let one = format!("{LINE} WHERE (id = ?1 OR mailbox = ?1) AND NOT erased");
        let mut query = self.connection.prepare(&one)?;
        Ok(query.query_row([id.as_str()], line).optional()?)
    }

    /// What of a report is missing.
    pub fn standing(&self, id: &ReportId) -> Result<Option<Standing>, OpenError> {
        Ok(parts::standing(&self.connection, id)?)
    }

    /// Those of its parts that are whole.
    pub fn whole_parts(&self, id: &ReportId) -> Result<Vec<PartId>, OpenError> {
        let all = self.all_whole_parts()?;
        let own = all.into_iter().filter(|(report, _)| report == id);
        Ok(own.map(|(_, part)| part).collect())
    }

    /// Every part that is whole, with its report.
    pub fn all_whole_parts(&self) -> Result<Vec<(ReportId, PartId)>, OpenError> {
        Ok(parts::all_whole(&self.connection)?)
    }

    /// The sealed bytes of a report.
    pub fn sealed(&self, id: &ReportId) -> Result<Option<Vec<u8>>, OpenError> {
        Ok(reports::sealed(&self.connection, id)?)
    }

    /// What went to and fro about it.
    pub fn messages(&self, id: &ReportId) -> Result<Vec<Message>, OpenError> {
        Ok(mailboxes::messages(&self.connection, id.as_str())?)
    }

    /// Somebody has opened a centre's inbox.
    pub fn opened(&self, centre: &str, at: Timestamp) -> Result<(), OpenError> {
        self.connection.execute(
            "INSERT INTO inboxes (centre, opened) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET opened = max(opened, excluded.opened)",
            params![centre, at.0],
        )?;
        Ok(())
    }

    /// Marks how far a report has come; the hour of the first time counts. Whoever passes a report
    /// on, or closes it, has read it.
    pub fn mark(&self, id: &ReportId, stage: Stage, hour: Timestamp) -> Result<bool, OpenError> {
        let set = match stage {
            Stage::Received => return Ok(self.one(id)?.is_some()),
            Stage::Read => "read = coalesce(read, ?2)",
            Stage::PassedOn => "read = coalesce(read, ?2), passed_on = coalesce(passed_on, ?2)",
            Stage::Closed => "read = coalesce(read, ?2), closed = coalesce(closed, ?2)",
        };
        let update = format!("UPDATE reports SET {set} WHERE id = ?1 AND NOT erased");
        Ok(self
            .connection
            .execute(&update, params![id.as_str(), hour.0])?
            == 1)
    }

    /// Puts a report under a legal hold, or ends that.
    pub fn hold(&self, id: &ReportId, held: bool) -> Result<bool, OpenError> {
        let update = "UPDATE reports SET held = ?2 WHERE id = ?1 AND NOT erased";
        let changed = self
            .connection
            .execute(update, params![id.as_str(), held])?;
        Ok(changed == 1)
    }

    /// Puts a sealed answer into a report's mailbox, unless that holds as many as it takes; whoever
    /// answers has read the report.
    pub fn reply(&mut self, id: &ReportId, message: &NewMessage) -> Result<bool, OpenError> {
        if mailboxes::is_full(&self.connection, id, Side::Centre)?
            || !self.mark(id, Stage::Read, message.hour)?
        {
            return Ok(false);
        }
        mailboxes::insert(&self.connection, id, Side::Centre, message)?;
        Ok(true)
    }

    /// Leaves nothing of a report but a tombstone, unless it is held; `first` comes before.
    pub fn erase(&mut self, id: &ReportId, first: First) -> Result<io::Result<Erased>, OpenError> {
        let erasure = mailboxes::erase(&mut self.connection, id, Unless::Held, first)?;
        open::empty_idle_log(&self.data)?;
        Ok(erasure.map(|erasure| erasure.erased))
    }

    /// Reports closed before an instant, and not held.
    pub fn outlived(&self, closed_before: Timestamp) -> Result<Vec<ReportId>, OpenError> {
        Ok(outlived(&self.connection, closed_before)?)
    }
}

fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        id: parsed(row, 0)?,
        centre: row.get(1)?,
        stages: mailboxes::stages(row, 2)?,
        size_class: row.get(7)?,
        reply: row.get(8)?,
        held: row.get(9)?,
        mailbox: row.get(10)?,
    })
}

pub(super) fn outlived(
    connection: &Connection,
    closed_before: Timestamp,
) -> rusqlite::Result<Vec<ReportId>> {
    let mut query = connection
        .prepare_cached("SELECT id FROM reports WHERE closed < ?1 AND NOT held AND NOT erased")?;
    query
        .query_map([closed_before.0], |row| parsed(row, 0))?
        .collect()
}

/// Gives each centre an inbox; one that is new counts as opened now.
pub(super) fn know(
    connection: &mut Connection,
    centres: &[String],
    at: Timestamp,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for centre in centres {
        transaction.execute(
            "INSERT INTO inboxes (centre, opened) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![centre, at.0],
        )?;
    }
    transaction.commit()
}

/// When each was opened last.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<(String, Timestamp)>> {
    let mut query = connection.prepare_cached("SELECT centre, opened FROM inboxes")?;
    let inbox = |row: &Row<'_>| Ok((row.get(0)?, Timestamp(row.get(1)?)));
    query.query_map([], inbox)?.collect()
}
