//! Places as the scheme keeps them: every change goes through one door, which writes it down, makes the
//! hours out anew and gives a revision where phones would see a difference.

use domain::geo::Point;
use domain::id::PlaceId;
use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::parsed;
use super::places::{day, names, offers, unreadable};
use crate::hours;
use crate::record::{ListedPlace, Record, Status, offers_text};
use crate::store::Change;

const COLUMNS: &str = "source, external_id, id, status, name, address, postcode, lat, lon, nation, \
     telephone, opening_hours, what, directions, door, welcome, offers, languages, trained, checked, \
     review_by, photo, ring_first, listed";

/// Hours that reach this many days ahead are left as they are: phones pull each place every two
/// months for it, and not every day.
const FRESH_FOR: i64 = hours::AHEAD - 61;

/// Who changes something, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct By<'a> {
    pub who: &'a str,
    pub at: Timestamp,
}

/// The place of this id.
pub(super) fn of_id(connection: &Connection, id: &PlaceId) -> rusqlite::Result<Option<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM places WHERE id = ?1");
    let mut query = connection.prepare_cached(&sql)?;
    query.query_row([id.as_str()], record).optional()
}

/// The place that a source knows by this id of its own.
pub(super) fn of_source(
    connection: &Connection,
    source: &str,
    external_id: &str,
) -> rusqlite::Result<Option<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM places WHERE source = ?1 AND external_id = ?2");
    let mut query = connection.prepare_cached(&sql)?;
    query.query_row([source, external_id], record).optional()
}

/// Places that their list has and that stand so with the scheme, by id.
pub(super) fn of_status(connection: &Connection, status: Status) -> rusqlite::Result<Vec<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM places WHERE status = ?1 AND listed = 1 ORDER BY id");
    let mut query = connection.prepare_cached(&sql)?;
    query.query_map([status.name()], record)?.collect()
}

/// Every place, also those that phones are not given, by id.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM places ORDER BY id");
    let mut query = connection.prepare_cached(&sql)?;
    query.query_map([], record)?.collect()
}

/// Hands over every place one by one, by id, until told to stop by an error.
pub(super) fn each<E>(
    connection: &Connection,
    mut act: impl FnMut(Record) -> Result<(), E>,
) -> rusqlite::Result<Result<(), E>> {
    let sql = format!("SELECT {COLUMNS} FROM places ORDER BY id");
    let mut query = connection.prepare(&sql)?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        if let Err(stop) = act(record(row)?) {
            return Ok(Err(stop));
        }
    }
    Ok(Ok(()))
}

/// What was changed of a place, the latest last.
pub(super) fn history(connection: &Connection, id: &PlaceId) -> rusqlite::Result<Vec<Change>> {
    let mut query = connection.prepare_cached(
        "SELECT at, who, field, before, after FROM place_changes WHERE place = ?1 ORDER BY number",
    )?;
    let change = |row: &Row<'_>| {
        Ok(Change {
            at: Timestamp(row.get(0)?),
            who: row.get(1)?,
            field: row.get(2)?,
            before: row.get(3)?,
            after: row.get(4)?,
        })
    };
    query.query_map([id.as_str()], change)?.collect()
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let text = |column: &str| row.get::<_, Option<String>>(column);
    let place = ListedPlace {
        external_id: row.get("external_id")?,
        id: parsed(row, 2)?,
        status: parsed(row, 3)?,
        name: row.get("name")?,
        address: row.get("address")?,
        postcode: text("postcode")?,
        point: Point {
            lat: row.get("lat")?,
            lon: row.get("lon")?,
        },
        nation: parsed(row, 9)?,
        telephone: text("telephone")?,
        opening_hours: text("opening_hours")?,
        what: text("what")?,
        directions: text("directions")?,
        door: text("door")?,
        welcome: text("welcome")?,
        offers: offers(row)?,
        languages: names(row, "languages")?,
        trained: day(row, "trained")?,
        checked: day(row, "checked")?,
        review_by: day(row, "review_by")?,
    };
    Ok(Record {
        source: row.get("source")?,
        place,
        photo: text("photo")?,
        ring_first: row.get("ring_first")?,
        listed: row.get("listed")?,
    })
}

/// Writes a place that is new, or other than it was; whether it is.
pub(super) fn write(
    connection: &Connection,
    held: Option<&Record>,
    now: &Record,
    by: By<'_>,
) -> rusqlite::Result<bool> {
    if held == Some(now) {
        return Ok(false);
    }
    match held {
        None => {
            insert(connection, now)?;
            note(
                connection,
                now,
                by,
                ("status", None, Some(now.place.status.name().to_owned())),
            )?;
        }
        Some(held) => {
            for (before, after) in held.fields().into_iter().zip(now.fields()) {
                if before != after {
                    note(connection, now, by, (after.0, before.1, after.1))?;
                }
            }
        }
    }
    update(connection, now)?;
    let spoken = |record: &Record| (record.place.opening_hours.clone(), record.place.nation);
    if held.is_none_or(|held| spoken(held) != spoken(now)) {
        make_out(connection, now, by.at)?;
    }
    if held.is_none_or(|held| seen_differs(held, now)) {
        raise(connection, &now.place.id)?;
    }
    Ok(true)
}

/// Whether phones would see a difference.
fn seen_differs(held: &Record, now: &Record) -> bool {
    /// What only the scheme sees.
    const OURS: [&str; 3] = ["trained", "status", "listed"];
    let seen = |record: &Record| -> Vec<_> {
        let fields = record.fields().into_iter();
        fields.filter(|(name, _)| !OURS.contains(name)).collect()
    };
    // That a place is a sample is on every screen, though its status is not.
    let shown = |record: &Record| (record.is_shown(), record.place.status == Status::Sample);
    shown(held) != shown(now) || (held.is_shown() && seen(held) != seen(now))
}

type Difference = (&'static str, Option<String>, Option<String>);

fn note(
    connection: &Connection,
    record: &Record,
    by: By<'_>,
    (field, before, after): Difference,
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO place_changes (place, at, who, field, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let id = record.place.id.as_str();
    insert.execute(params![id, by.at.0, by.who, field, before, after])?;
    Ok(())
}

/// Writes something down in a place's history that is no field of it.
pub(super) fn remark(
    connection: &Connection,
    record: &Record,
    by: By<'_>,
    field: &'static str,
    text: &str,
) -> rusqlite::Result<()> {
    note(connection, record, by, (field, None, Some(text.to_owned())))
}

fn insert(connection: &Connection, record: &Record) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO places (id, source, external_id, revision, name, address, lat, lon)
         VALUES (?1, ?2, ?3, ?4, '', '', 0, 0)",
    )?;
    let id = record.place.id.as_str();
    let change = next_change(connection)?;
    insert.execute(params![id, record.source, record.place.external_id, change])?;
    Ok(())
}

fn update(connection: &Connection, record: &Record) -> rusqlite::Result<()> {
    let place = &record.place;
    let mut update = connection.prepare_cached(
        "UPDATE places SET status = ?2, name = ?3, address = ?4, postcode = ?5, lat = ?6, lon = ?7,
            nation = ?8, telephone = ?9, opening_hours = ?10, what = ?11, directions = ?12, door = ?13,
            welcome = ?14, offers = ?15, languages = ?16, trained = ?17, checked = ?18, review_by = ?19,
            photo = ?20, ring_first = ?21, listed = ?22, sample = ?23, gone = ?24
         WHERE id = ?1",
    )?;
    let text = |day: Option<domain::time::Day>| day.map(|day| day.to_string());
    update.execute(params![
        place.id.as_str(),
        place.status.name(),
        place.name,
        place.address,
        place.postcode,
        place.point.lat,
        place.point.lon,
        place.nation.name(),
        place.telephone,
        place.opening_hours,
        place.what,
        place.directions,
        place.door,
        place.welcome,
        offers_text(&place.offers),
        place.languages.join(","),
        text(place.trained),
        text(place.checked),
        text(place.review_by),
        record.photo,
        record.ring_first,
        record.listed,
        place.status == Status::Sample,
        !record.is_shown(),
    ])?;
    Ok(())
}

/// Makes out a place's hours from today on; whether they differ from those of before.
///
/// Hours that cannot be read were refused at the edge; those of an older release that could read
/// more are not known.
fn make_out(connection: &Connection, record: &Record, now: Timestamp) -> rusqlite::Result<bool> {
    let place = &record.place;
    let today = now.in_london().day;
    let text = place.opening_hours.as_deref();
    let model = text.and_then(|text| hours::expand(text, place.nation, today).ok());
    let json = model.map(|model| serde_json::to_string(&model)).transpose();
    let json = json.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let mut update = connection.prepare_cached(
        "UPDATE places SET opening = ?2, opening_rules = ?3
         WHERE id = ?1 AND (opening IS NOT ?2 OR opening_rules <> ?3)",
    )?;
    Ok(update.execute(params![place.id.as_str(), json, hours::RULES])? > 0)
}

/// Makes out anew what will not reach far enough soon, or was made out by other rules: at most so
/// many places, so that reports need not wait. How many there were.
pub(super) fn make_out_due(
    connection: &Connection,
    now: Timestamp,
    most: usize,
) -> rusqlite::Result<usize> {
    let sql = format!(
        "SELECT {COLUMNS} FROM places WHERE gone = 0 AND opening_hours IS NOT NULL
         AND (opening_rules <> ?1 OR opening ->> '$.through' < ?2) ORDER BY id LIMIT ?3"
    );
    let enough = now.in_london().day.plus(FRESH_FOR).to_string();
    let mut query = connection.prepare_cached(&sql)?;
    let due: Vec<_> = query
        .query_map(params![hours::RULES, enough, most], record)?
        .collect::<rusqlite::Result<_>>()?;
    for record in &due {
        if make_out(connection, record, now)? {
            raise(connection, &record.place.id)?;
        }
    }
    Ok(due.len())
}

/// Gives a place the newest revision, so that phones pull it.
pub(super) fn raise(connection: &Connection, id: &PlaceId) -> rusqlite::Result<()> {
    let change = next_change(connection)?;
    let mut update = connection.prepare_cached("UPDATE places SET revision = ?2 WHERE id = ?1")?;
    update.execute(params![id.as_str(), change]).map(drop)
}

fn next_change(connection: &Connection) -> rusqlite::Result<u64> {
    let mut next = connection
        .prepare_cached("UPDATE life SET last_change = last_change + 1 RETURNING last_change")?;
    next.query_row([], |row| row.get(0))
}

/// The row as its source listed it last.
pub(super) fn listed_as(
    connection: &Connection,
    id: &PlaceId,
) -> rusqlite::Result<Option<ListedPlace>> {
    let mut query = connection.prepare_cached("SELECT listed_as FROM places WHERE id = ?1")?;
    query.query_row([id.as_str()], |row| {
        let text: Option<String> = row.get(0)?;
        let read = text.map(|text| serde_json::from_str(&text)).transpose();
        read.map_err(|error| unreadable(row, "listed_as", error.into()))
    })
}

/// Remembers how its source listed it.
pub(super) fn remember(
    connection: &Connection,
    id: &PlaceId,
    listed: &ListedPlace,
) -> rusqlite::Result<()> {
    let json = serde_json::to_string(listed)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let mut update = connection.prepare_cached("UPDATE places SET listed_as = ?2 WHERE id = ?1")?;
    update.execute(params![id.as_str(), json]).map(drop)
}
