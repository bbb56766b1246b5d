//! Places as rows, in the order of their changes.

use std::collections::BTreeSet;

use domain::delta;
use domain::geo::Point;
use domain::place::Place;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::parsed;
use crate::scheme::ListedPlace;
use crate::store::{Changes, Imported};

const COLUMNS: &str =
    "id, revision, name, address, postcode, lat, lon, telephone, hours, directions, sample";

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Place>> {
    let sql = format!("SELECT {COLUMNS} FROM places WHERE gone = 0 ORDER BY id");
    let mut query = connection.prepare_cached(&sql)?;
    query.query_map([], place)?.collect()
}

pub(super) fn after(
    connection: &Connection,
    change: u64,
    limit: usize,
) -> rusqlite::Result<Changes> {
    let sql = format!(
        "SELECT {COLUMNS}, gone FROM places WHERE revision > ?1 ORDER BY revision LIMIT ?2"
    );
    let mut query = connection.prepare_cached(&sql)?;
    // One more than asked for, to know whether there is more.
    let mut rows = query.query(params![change, limit as u64 + 1])?;
    let (mut places, mut gone) = (Vec::new(), Vec::new());
    let (mut through, mut more) = (change, false);
    while let Some(row) = rows.next()? {
        if places.len() + gone.len() == limit {
            more = true;
            break;
        }
        let place = place(row)?;
        through = place.revision;
        match row.get("gone")? {
            true => gone.push(place.id),
            false => places.push(place),
        }
    }
    let whole = delta::digest(all(connection)?.iter());
    Ok(Changes {
        places,
        gone,
        through,
        more,
        whole,
    })
}

fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    Ok(Place {
        id: parsed(row, 0)?,
        revision: row.get(1)?,
        name: row.get(2)?,
        address: row.get(3)?,
        postcode: row.get(4)?,
        point: Point {
            lat: row.get(5)?,
            lon: row.get(6)?,
        },
        telephone: row.get(7)?,
        hours: row.get(8)?,
        directions: row.get(9)?,
        sample: row.get(10)?,
    })
}

pub(super) fn import(
    connection: &mut Connection,
    source: &str,
    listed: &[ListedPlace],
) -> rusqlite::Result<Imported> {
    let transaction = connection.transaction()?;
    let mut imported = Imported::default();
    for place in listed {
        import_one(&transaction, source, place, &mut imported)?;
    }
    imported.removed = bury_missing(&transaction, source, listed)?;
    transaction.commit()?;
    Ok(imported)
}

fn import_one(
    connection: &Connection,
    source: &str,
    listed: &ListedPlace,
    imported: &mut Imported,
) -> rusqlite::Result<()> {
    let sql = format!("SELECT {COLUMNS}, gone FROM places WHERE source = ?1 AND external_id = ?2");
    let held = connection
        .prepare_cached(&sql)?
        .query_row([source, &listed.external_id], |row| {
            Ok((place(row)?, row.get("gone")?))
        })
        .optional()?;
    match held {
        Some((place, false)) if same(&place, listed) => return Ok(()),
        Some((_, false)) => imported.changed += 1,
        Some((_, true)) | None => imported.added += 1,
    }
    let id = held.map_or_else(|| listed.id.clone(), |(place, _): (Place, bool)| place.id);
    let mut upsert = connection.prepare_cached(
        "INSERT INTO places (id, source, external_id, revision, gone, name, address, postcode, lat, lon, telephone, hours, directions, sample)
         VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (source, external_id) DO UPDATE SET revision = excluded.revision, gone = 0,
            name = excluded.name, address = excluded.address, postcode = excluded.postcode,
            lat = excluded.lat, lon = excluded.lon, telephone = excluded.telephone,
            hours = excluded.hours, directions = excluded.directions, sample = excluded.sample",
    )?;
    upsert.execute(params![
        id.as_str(),
        source,
        listed.external_id,
        next_change(connection)?,
        listed.name,
        listed.address,
        listed.postcode,
        listed.point.lat,
        listed.point.lon,
        listed.telephone,
        listed.hours,
        listed.directions,
        listed.sample,
    ])?;
    Ok(())
}

fn same(held: &Place, listed: &ListedPlace) -> bool {
    held.name == listed.name
        && held.address == listed.address
        && held.postcode == listed.postcode
        && held.point == listed.point
        && held.telephone == listed.telephone
        && held.hours == listed.hours
        && held.directions == listed.directions
        && held.sample == listed.sample
}

/// Turns what the source no longer lists into tombstones; how many there were.
fn bury_missing(
    connection: &Connection,
    source: &str,
    listed: &[ListedPlace],
) -> rusqlite::Result<usize> {
    let listed: BTreeSet<_> = listed
        .iter()
        .map(|place| place.external_id.as_str())
        .collect();
    let mut query = connection.prepare_cached(
        "SELECT external_id FROM places WHERE source = ?1 AND gone = 0 ORDER BY id",
    )?;
    let held: Vec<String> = query
        .query_map([source], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let missing: Vec<_> = held
        .iter()
        .filter(|id| !listed.contains(id.as_str()))
        .collect();
    for id in &missing {
        connection.execute(
            "UPDATE places SET gone = 1, revision = ?3 WHERE source = ?1 AND external_id = ?2",
            params![source, id, next_change(connection)?],
        )?;
    }
    Ok(missing.len())
}

fn next_change(connection: &Connection) -> rusqlite::Result<u64> {
    let mut next = connection
        .prepare_cached("UPDATE life SET last_change = last_change + 1 RETURNING last_change")?;
    next.query_row([], |row| row.get(0))
}
