//! Reports as rows.

use std::collections::BTreeMap;

use domain::id::ReportId;
use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::parts;
use crate::store::{NewReport, Put, Standing};

/// Inserts a report, or says what is there under its id. Not yet on the disk: the commit does that.
pub fn insert(connection: &Connection, report: &NewReport) -> rusqlite::Result<Put> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO reports (id, centre, keyset, mailbox, token_hash, size_class, hour, sealed, reply, parts, complete)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (id) DO NOTHING",
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
        report.reply,
        listed(report),
        report.parts.is_empty(),
    ])?;
    if inserted == 1 {
        Ok(Put::New(Standing {
            mark: connection.last_insert_rowid().unsigned_abs(),
            hour: report.hour,
            missing: report.parts.clone(),
        }))
    } else {
        stored_before(connection, report)
    }
}

/// The list of parts as it is kept.
fn listed(report: &NewReport) -> Option<String> {
    let json = || serde_json::to_string(&report.parts).ok();
    (!report.parts.is_empty()).then(json).flatten()
}

/// What is there under its id: the same report, to the byte, or another one.
pub(super) fn stored_before(connection: &Connection, report: &NewReport) -> rusqlite::Result<Put> {
    let mut query = connection.prepare_cached(
        "SELECT erased, centre = ?2 AND keyset = ?3 AND mailbox = ?4 AND token_hash = ?5 AND sealed = ?6
            AND reply IS ?7 AND parts IS ?8
         FROM reports WHERE id = ?1",
    )?;
    let sent = params![
        report.id.as_str(),
        report.centre,
        report.keyset,
        report.mailbox.as_str(),
        report.token_hash.0,
        &report.sealed[..],
        report.reply,
        listed(report),
    ];
    let there = query.query_row(sent, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(match there {
        (true, _) => Put::Erased,
        (false, false) => Put::OtherBytes,
        (false, true) => parts::standing(connection, &report.id)?.map_or(Put::Erased, Put::Again),
    })
}

/// KiB of sealed text by centre.
pub(super) fn stored_kib(connection: &Connection) -> rusqlite::Result<BTreeMap<String, u64>> {
    let all = "SELECT centre, sum(size_class) FROM reports WHERE NOT erased GROUP BY centre";
    let mut query = connection.prepare(all)?;
    query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// The hour in which the newest arrived.
pub(super) fn newest(connection: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let newest = "SELECT max(hour) FROM reports WHERE NOT erased";
    let hour: Option<i64> = connection.query_row(newest, [], |row| row.get(0))?;
    Ok(hour.map(Timestamp))
}

/// The highest mark there ever was: erasing takes none back.
pub(super) fn last_mark(connection: &Connection) -> rusqlite::Result<u64> {
    let all = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'reports'";
    connection.query_row(all, [], |row| row.get(0))
}

pub(super) fn sealed(connection: &Connection, id: &ReportId) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut query =
        connection.prepare_cached("SELECT sealed FROM reports WHERE id = ?1 AND NOT erased")?;
    query.query_row([id.as_str()], |row| row.get(0)).optional()
}

/// Compares in a time that does not tell where the difference is.
pub(super) fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
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
