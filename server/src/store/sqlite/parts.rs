//! What follows a report: which parts it names, which are whole, and when it is complete.

use domain::id::{PartId, ReportId};
use domain::time::Timestamp;
use domain::wire::Part;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::store::{Committed, Expected, Standing};

/// Where a report stands; `None` where there is none, or none any longer.
pub(super) fn standing(
    connection: &Connection,
    id: &ReportId,
) -> rusqlite::Result<Option<Standing>> {
    let mut query = connection.prepare_cached(
        "SELECT mark, hour, parts, complete FROM reports WHERE id = ?1 AND NOT erased",
    )?;
    let row = query.query_row([id.as_str()], |row| {
        let complete: bool = row.get(3)?;
        let named = if complete { vec![] } else { named(row, 2)? };
        Ok((row.get(0)?, row.get(1)?, named))
    });
    let Some((mark, hour, mut missing)) = row.optional()? else {
        return Ok(None);
    };
    let whole = whole(connection, id)?;
    missing.retain(|part| !whole.contains(&part.id.as_str().to_owned()));
    Ok(Some(Standing {
        mark,
        hour: Timestamp(hour),
        missing,
    }))
}

/// A part that a report named, and whether it is whole.
pub(super) fn expected(
    connection: &Connection,
    report: &ReportId,
    part: &PartId,
) -> rusqlite::Result<Expected> {
    let mut query =
        connection.prepare_cached("SELECT erased, centre, parts FROM reports WHERE id = ?1")?;
    let found = query.query_row([report.as_str()], |row| {
        Ok((row.get::<_, bool>(0)?, row.get(1)?, named(row, 2)?))
    });
    let (centre, parts) = match found.optional()? {
        None => return Ok(Expected::Nothing),
        Some((true, ..)) => return Ok(Expected::Erased),
        Some((false, centre, parts)) => (centre, parts),
    };
    let Some(part) = parts.into_iter().find(|one| one.id == *part) else {
        return Ok(Expected::Nothing);
    };
    let whole = whole(connection, report)?.contains(&part.id.as_str().to_owned());
    Ok(Expected::Part {
        part,
        centre,
        whole,
    })
}

/// Remembers that a part is whole. Its bytes are on the disk before this.
pub(super) fn arrived(
    connection: &Connection,
    report: &ReportId,
    part: &PartId,
) -> rusqlite::Result<()> {
    // One erased meanwhile stays erased.
    connection.execute(
        "INSERT INTO arrived_parts (report, part)
         SELECT id, ?2 FROM reports WHERE id = ?1 AND NOT erased ON CONFLICT DO NOTHING",
        params![report.as_str(), part.as_str()],
    )?;
    Ok(())
}

/// What ending a report leads to, and whether it is still to be marked as complete.
pub(super) fn ending(
    connection: &Connection,
    id: &ReportId,
) -> rusqlite::Result<(Committed, bool)> {
    let mut query = connection
        .prepare_cached("SELECT erased, complete, centre, sealed FROM reports WHERE id = ?1")?;
    let found = query.query_row([id.as_str()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    });
    let (complete, centre, sealed): (bool, _, _) = match found.optional()? {
        None => return Ok((Committed::Unknown, false)),
        Some((true, ..)) => return Ok((Committed::Erased, false)),
        Some((false, complete, centre, sealed)) => (complete, centre, sealed),
    };
    let standing = standing(connection, id)?.unwrap_or_default();
    let due = standing.missing.is_empty() && !complete;
    let here = Committed::Here {
        standing,
        centre,
        sealed,
    };
    Ok((here, due))
}

/// Marks a report complete if nothing is missing, under a new mark: a backup made before does not
/// cover its parts. Says where it stands then.
pub(super) fn commit(connection: &mut Connection, id: &ReportId) -> rusqlite::Result<Committed> {
    let transaction = connection.transaction()?;
    let (mut ending, due) = ending(&transaction, id)?;
    if let Committed::Here { standing, .. } = &mut ending
        && due
    {
        let next = "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'reports'";
        transaction.execute(next, [])?;
        standing.mark = super::reports::last_mark(&transaction)?;
        transaction.execute(
            "UPDATE reports SET complete = 1, mark = ?2 WHERE id = ?1",
            params![id.as_str(), standing.mark],
        )?;
    }
    transaction.commit()?;
    Ok(ending)
}

/// Every part that is whole, with its report: what a backup has to hold.
pub(super) fn all_whole(connection: &Connection) -> rusqlite::Result<Vec<(ReportId, PartId)>> {
    let mut query = connection.prepare_cached("SELECT report, part FROM arrived_parts")?;
    let pair = |row: &Row<'_>| Ok((super::parsed(row, 0)?, super::parsed(row, 1)?));
    query.query_map([], pair)?.collect()
}

fn whole(connection: &Connection, report: &ReportId) -> rusqlite::Result<Vec<String>> {
    let mut query =
        connection.prepare_cached("SELECT part FROM arrived_parts WHERE report = ?1")?;
    query
        .query_map([report.as_str()], |row| row.get(0))?
        .collect()
}

/// The parts that a label named.
fn named(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<Part>> {
    let Some(json) = row.get::<_, Option<String>>(column)? else {
        return Ok(vec![]);
    };
    serde_json::from_str(&json).map_err(|error| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
    })
}
