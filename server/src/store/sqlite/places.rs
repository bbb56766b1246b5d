//! Places as rows, in the order of their changes.

use domain::geo::Point;
use domain::id::PlaceId;
use domain::place::{Offer, Place};
use domain::time::Day;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{parsed, watch};
use crate::store::Changes;

/// What phones are given, in the order in which [`place`] reads it.
const COLUMNS: &str = "id, revision, name, address, postcode, lat, lon, telephone, opening, what, \
     directions, door, welcome, photo, offers, languages, checked, review_by, ring_first, sample";

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Place>> {
    let sql = format!("SELECT {COLUMNS} FROM places WHERE gone = 0 ORDER BY id");
    let mut query = connection.prepare_cached(&sql)?;
    query.query_map([], place)?.collect()
}

/// One that phones are given.
pub(super) fn one(connection: &Connection, id: &PlaceId) -> rusqlite::Result<Option<Place>> {
    let sql = format!("SELECT {COLUMNS} FROM places WHERE id = ?1 AND gone = 0");
    let mut query = connection.prepare_cached(&sql)?;
    query.query_row([id.as_str()], place).optional()
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
    let whole = watch::whole(connection)?;
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
        opening: opening(row)?,
        what: row.get("what")?,
        directions: row.get("directions")?,
        door: row.get("door")?,
        welcome: row.get("welcome")?,
        photo: row.get("photo")?,
        offers: offers(row)?,
        languages: names(row, "languages")?,
        checked: day(row, "checked")?,
        review_by: day(row, "review_by")?,
        ring_first: row.get("ring_first")?,
        sample: row.get("sample")?,
    })
}

pub(super) fn opening(row: &Row<'_>) -> rusqlite::Result<Option<domain::hours::Hours>> {
    let text: Option<String> = row.get("opening")?;
    let read = text.map(|text| serde_json::from_str(&text)).transpose();
    read.map_err(|error| unreadable(row, "opening", error.into()))
}

pub(super) fn offers(row: &Row<'_>) -> rusqlite::Result<Vec<Offer>> {
    let names = names(row, "offers")?;
    Ok(names.iter().filter_map(|name| Offer::named(name)).collect())
}

/// A column of names with commas between them.
pub(super) fn names(row: &Row<'_>, column: &str) -> rusqlite::Result<Vec<String>> {
    let text: String = row.get(column)?;
    let names = text.split(',').filter(|name| !name.is_empty());
    Ok(names.map(str::to_owned).collect())
}

/// A column that may hold a day.
pub(super) fn day(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Day>> {
    let text: Option<String> = row.get(column)?;
    let read = text.map(|text| text.parse()).transpose();
    read.map_err(|error: domain::time::NotADay| unreadable(row, column, error.into()))
}

/// A column that holds something else than it should.
pub(super) fn unreadable(
    row: &Row<'_>,
    column: &str,
    error: Box<dyn std::error::Error + Send + Sync>,
) -> rusqlite::Error {
    let at = row.as_ref().column_index(column).unwrap_or_default();
    rusqlite::Error::FromSqlConversionFailure(at, Type::Text, error)
}
