//! Mailboxes: where a report stands, what goes to and fro, and its erasure.

use data_encoding::BASE64;
use domain::id::{MailboxId, ReportId, Sha256};
use domain::time::Timestamp;
use domain::wire::{MAX_MESSAGES, MailboxState, Message, ReportState, Side, Stages};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::parsed;
use super::reports::same;
use crate::store::{NewMessage, PutMessage, Withdrawn};

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

/// Keeps what the holder of a receipt wrote. The same message again is welcome.
pub(super) fn put(
    connection: &mut Connection,
    mailbox: &MailboxId,
    token: &Sha256,
    message: &NewMessage,
) -> rusqlite::Result<PutMessage> {
    let transaction = connection.transaction()?;
    let Some(Owned { report, .. }) = owned(&transaction, mailbox, token)? else {
        return Ok(PutMessage::NoMailbox);
    };
    let find = "SELECT sealed = ?3 FROM messages WHERE report = ?1 AND id = ?2";
    let keys = params![report.as_str(), message.id.as_str(), &message.sealed[..]];
    let before = transaction.query_row(find, keys, |row| row.get(0));
    match before.optional()? {
        Some(true) => return Ok(PutMessage::Again),
        Some(false) => return Ok(PutMessage::OtherBytes),
        None => {}
    }
    let count = "SELECT count(*) FROM messages WHERE report = ?1 AND NOT from_centre";
    let written: usize = transaction.query_row(count, [report.as_str()], |row| row.get(0))?;
    if written >= MAX_MESSAGES {
        return Ok(PutMessage::TooMany);
    }
    insert(&transaction, &report, Side::Reporter, message)?;
    transaction.commit()?;
    Ok(PutMessage::New)
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

/// Leaves a tombstone in a report's place, also where the report itself is not here: an older
/// backup may have been restored. Erasing twice is harmless.
pub(super) fn erase(connection: &mut Connection, report: &ReportId) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    let id = report.as_str();
    let gone = "SELECT 1 FROM reports WHERE id = ?1 AND erased";
    if transaction.prepare_cached(gone)?.exists([id])? {
        return Ok(());
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
    transaction.commit()
}
