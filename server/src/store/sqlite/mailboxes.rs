//! Mailboxes: where a report stands, what goes to and fro, and its erasure.

use std::io;

use data_encoding::BASE64;
use domain::id::{MailboxId, ReportId, Sha256};
use domain::time::Timestamp;
use domain::wire::{MAX_MESSAGES, MailboxState, Message, ReportState, Side, Stages};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::parsed;
use super::reports::same;
use super::room::Room;
use crate::store::{Erased, Error, First, NewMessage, PutMessage, Unless, Withdrawn};

/// The state of the mailbox that this token opens; an empty one for any other token.
pub(super) fn state(
    connection: &Connection,
    id: &MailboxId,
    token: &Sha256,
) -> rusqlite::Result<MailboxState> {
    let found = owned(connection, id, token)?;
    // The same work whether there is something or not.
    let asked = found.as_ref().map_or("", |found| found.report.as_str());
    let messages = messages(connection, asked)?;
    Ok(match found {
        None => MailboxState::default(),
        Some(found) => MailboxState {
            report: Some(ReportState::Received),
            centre: Some(found.centre),
            stages: Some(found.stages),
            messages,
        },
    })
}

/// A report, found by its mailbox.
pub(super) struct Owned {
    report: ReportId,
    centre: String,
    stages: Stages,
    held: bool,
}

/// The report whose mailbox this is, if the token is its own.
pub(super) fn owned(
    connection: &Connection,
    id: &MailboxId,
    token: &Sha256,
) -> rusqlite::Result<Option<Owned>> {
    let mut query = connection.prepare_cached(
        "SELECT token_hash, id, hour, complete, read, passed_on, closed, centre, held
         FROM reports WHERE mailbox = ?1 AND NOT erased",
    )?;
    let mut rows = query.query([id.as_str()])?;
    let mut found = None;
    while let Some(row) = rows.next()? {
        if same(&row.get(0)?, &token.0) {
            found = Some(Owned {
                report: parsed(row, 1)?,
                stages: stages(row, 2)?,
                centre: row.get(7)?,
                held: row.get(8)?,
            });
        }
    }
    Ok(found)
}

/// Stages from five columns: hour, complete, read, passed_on, closed.
pub(super) fn stages(row: &Row<'_>, from: usize) -> rusqlite::Result<Stages> {
    let hour = |at: usize| row.get::<_, Option<i64>>(from + at);
    Ok(Stages {
        received: Timestamp(row.get(from)?),
        complete: row.get(from + 1)?,
        read: hour(2)?.map(Timestamp),
        passed_on: hour(3)?.map(Timestamp),
        closed: hour(4)?.map(Timestamp),
    })
}

/// What went to and fro about a report, the oldest first.
pub(super) fn messages(connection: &Connection, report: &str) -> rusqlite::Result<Vec<Message>> {
    let mut query = connection.prepare_cached(
        "SELECT id, from_centre, hour, sealed FROM messages WHERE report = ?1 ORDER BY number",
    )?;
    let message = |row: &Row<'_>| {
        Ok(Message {
            id: parsed(row, 0)?,
            from: if row.get(1)? {
                Side::Centre
            } else {
                Side::Reporter
            },
            hour: Timestamp(row.get(2)?),
            sealed: BASE64.encode(&row.get::<_, Vec<u8>>(3)?),
        })
    };
    query.query_map([report], message)?.collect()
}

/// Whose room a mailbox's messages take; `None` where this token opens none.
pub(super) fn centre(
    connection: &Connection,
    mailbox: &MailboxId,
    token: &Sha256,
) -> rusqlite::Result<Option<String>> {
    Ok(owned(connection, mailbox, token)?.map(|found| found.centre))
}

/// Keeps what the holder of a receipt wrote, where there is room. The same message again is welcome.
pub(super) fn put(
    connection: &mut Connection,
    room: &mut Room,
    mailbox: &MailboxId,
    token: &Sha256,
    message: &NewMessage,
) -> rusqlite::Result<Result<PutMessage, Error>> {
    let transaction = connection.transaction()?;
    let Some(Owned { report, centre, .. }) = owned(&transaction, mailbox, token)? else {
        return Ok(Ok(PutMessage::NoMailbox));
    };
    let find = "SELECT sealed = ?3 FROM messages WHERE report = ?1 AND id = ?2";
    let keys = params![report.as_str(), message.id.as_str(), &message.sealed[..]];
    let before = transaction.query_row(find, keys, |row| row.get(0));
    match before.optional()? {
        Some(true) => return Ok(Ok(PutMessage::Again)),
        Some(false) => return Ok(Ok(PutMessage::OtherBytes)),
        None => {}
    }
    if is_full(&transaction, &report, Side::Reporter)? {
        return Ok(Ok(PutMessage::TooMany));
    }
    let kib = message.sealed.len().div_ceil(1024) as u64;
    if !room.takes(&transaction, Some(&centre), kib)? {
        return Ok(Err(Error::Full));
    }
    insert(&transaction, &report, Side::Reporter, message)?;
    transaction.commit()?;
    room.fill(Some(&centre), kib);
    Ok(Ok(PutMessage::New))
}

/// Whether a mailbox holds as many messages as it takes of a side.
pub(super) fn is_full(
    connection: &Connection,
    report: &ReportId,
    from: Side,
) -> rusqlite::Result<bool> {
    let count = "SELECT count(*) FROM messages WHERE report = ?1 AND from_centre = ?2";
    let by = params![report.as_str(), from == Side::Centre];
    let written: usize = connection.query_row(count, by, |row| row.get(0))?;
    Ok(written >= MAX_MESSAGES)
}

pub(super) fn insert(
    connection: &Connection,
    report: &ReportId,
    from: Side,
    message: &NewMessage,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO messages (id, report, from_centre, hour, sealed) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
        params![
            message.id.as_str(),
            report.as_str(),
            from == Side::Centre,
            message.hour.0,
            &message.sealed[..],
        ],
    )?;
    Ok(())
}

/// Whether the holder of this token may erase, and what.
pub(super) fn withdrawable(
    connection: &Connection,
    mailbox: &MailboxId,
    token: &Sha256,
) -> rusqlite::Result<Withdrawn> {
    Ok(match owned(connection, mailbox, token)? {
        None => Withdrawn::Nothing,
        Some(found) if found.stages.passed_on.is_some() || found.held => Withdrawn::PassedOn,
        Some(found) => Withdrawn::Report(found.report),
    })
}

/// What came of an erasure, and how many KiB of which centre it freed.
pub(super) struct Erasure {
    pub(super) erased: Erased,
    pub(super) freed: Option<(String, u64)>,
}

/// Leaves a tombstone in a report's place, also where the report itself is not here: an older
/// backup may have been restored. Erasing twice is harmless. What must come first is done within the
/// transaction: whoever holds a report meanwhile waits, and finds it erased.
pub(super) fn erase(
    connection: &mut Connection,
    report: &ReportId,
    unless: Unless,
    first: First,
) -> rusqlite::Result<io::Result<Erasure>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let id = report.as_str();
    let freed = match standing(&transaction, id)? {
        Some(Found { erased: true, .. }) => return Ok(Ok(Erasure::of(Erased::Gone, None))),
        Some(found) if unless.spares(found.held, found.passed_on) => {
            return Ok(Ok(Erasure::of(Erased::Kept, None)));
        }
        found => found.map(|found| (found.centre, found.kib)),
    };
    if let Err(error) = first() {
        return Ok(Err(error));
    }
    transaction.execute("DELETE FROM messages WHERE report = ?1", [id])?;
    transaction.execute("DELETE FROM arrived_parts WHERE report = ?1", [id])?;
    transaction.execute(
        "INSERT INTO reports (id, centre, keyset, mailbox, token_hash, size_class, hour, sealed, erased)
         VALUES (?1, '', 0, '', zeroblob(32), 0, 0, x'', 1)
         ON CONFLICT (id) DO UPDATE SET centre = '', keyset = 0, mailbox = '', token_hash = zeroblob(32),
            size_class = 0, hour = 0, sealed = x'', reply = NULL, parts = NULL, complete = 1,
            read = NULL, passed_on = NULL, closed = NULL, held = 0, erased = 1",
        [id],
    )?;
    transaction.commit()?;
    Ok(Ok(Erasure::of(Erased::Gone, freed)))
}

impl Erasure {
    fn of(erased: Erased, freed: Option<(String, u64)>) -> Self {
        Self { erased, freed }
    }
}

/// A report that is to be erased.
struct Found {
    erased: bool,
    held: bool,
    passed_on: bool,
    centre: String,
    /// With its messages.
    kib: u64,
}

fn standing(connection: &Connection, id: &str) -> rusqlite::Result<Option<Found>> {
    let find = format!(
        "SELECT erased, held, passed_on IS NOT NULL, centre, size_class +
            (SELECT coalesce(sum({KIB}), 0) FROM messages WHERE report = ?1)
         FROM reports WHERE id = ?1"
    );
    let found = |row: &Row<'_>| {
        Ok(Found {
            erased: row.get(0)?,
            held: row.get(1)?,
            passed_on: row.get(2)?,
            centre: row.get(3)?,
            kib: row.get(4)?,
        })
    };
    connection.query_row(&find, [id], found).optional()
}

/// What a message takes of the room, in KiB, rounded up.
const KIB: &str = "(length(messages.sealed) + 1023) / 1024";

/// KiB of messages by centre.
pub(super) fn stored_kib(connection: &Connection) -> rusqlite::Result<Vec<(String, u64)>> {
    let all = format!(
        "SELECT centre, sum({KIB}) FROM messages JOIN reports ON reports.id = messages.report
         GROUP BY centre"
    );
    let mut query = connection.prepare(&all)?;
    query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}
