//! Reports as rows.

use domain::id::{MailboxId, ReportId, Sha256};
use domain::wire::ReportState;
use rusqlite::{Connection, OptionalExtension, params};

use crate::store::{NewReport, Put};

/// Inserts a report, or says what is there under its id. Not yet on the disk: the commit does that.
pub fn insert(connection: &Connection, report: &NewReport) -> rusqlite::Result<Put> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO reports (id, centre, keyset, mailbox, token_hash, size_class, hour, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING",
    )?;
    let inserted = insert.execute(params![
        report.id.as_str(),
        report.centre,
        report.keyset,
        report.mailbox.as_str(),
        report.token_hash.0,
        report.size_class(),
        report.hour.0,
        &*report.sealed,
    ])?;
    if inserted == 1 {
        Ok(Put::New(connection.last_insert_rowid().unsigned_abs()))
    } else {
        stored_before(connection, report)
    }
}

/// What is there under its id: the same report, to the byte, or another one.
pub(super) fn stored_before(connection: &Connection, report: &NewReport) -> rusqlite::Result<Put> {
    let mut query = connection.prepare_cached(
        "SELECT mark, centre = ?2 AND keyset = ?3 AND mailbox = ?4 AND token_hash = ?5 AND sealed = ?6
         FROM reports WHERE id = ?1",
    )?;
    let sent = params![
        report.id.as_str(),
        report.centre,
        report.keyset,
        report.mailbox.as_str(),
        report.token_hash.0,
        &report.sealed[..],
    ];
    let (mark, same) = query.query_row(sent, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(if same {
        Put::Again(mark)
    } else {
        Put::OtherBytes
    })
}

/// KiB of sealed text in all.
pub(super) fn stored_kib(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row(
        "SELECT coalesce(sum(size_class), 0) FROM reports",
        [],
        |row| row.get(0),
    )
}

/// The highest mark there is.
pub(super) fn last_mark(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT coalesce(max(mark), 0) FROM reports", [], |row| {
        row.get(0)
    })
}

pub(super) fn sealed(connection: &Connection, id: &ReportId) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut query = connection.prepare_cached("SELECT sealed FROM reports WHERE id = ?1")?;
    query.query_row([id.as_str()], |row| row.get(0)).optional()
}

pub(super) fn mailbox(
    connection: &Connection,
    id: &MailboxId,
    token: &Sha256,
) -> rusqlite::Result<Option<ReportState>> {
    let mut query =
        connection.prepare_cached("SELECT token_hash FROM reports WHERE mailbox = ?1")?;
    let mut rows = query.query([id.as_str()])?;
    let mut found = None;
    while let Some(row) = rows.next()? {
        if same(&row.get(0)?, &token.0) {
            found = Some(ReportState::Received);
        }
    }
    Ok(found)
}

/// Compares in a time that does not tell where the difference is.
fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    let difference = a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b));
    std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_hash_is_the_same() {
        let mut other = [7; 32];
        assert!(same(&other, &[7; 32]));
        other[31] ^= 1;
        assert!(!same(&other, &[7; 32]));
    }
}
