//! Where an import is prepared and done: rows wait in a table of this connection's own, out of everyone's
//! way, and go in together or not at all.

use std::path::Path;

use domain::geo::Point;
use domain::id::PlaceId;
use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::imports::{self, Became};
use super::open::{self, OpenError};
use super::records::{self, By};
use super::{FILE, parsed};
use crate::record::{ListedPlace, Record, Status};
use crate::store::Imported;

/// Cells of about 200 metres, in which look-alikes are searched for.
const ROWS_PER_DEGREE: f64 = 500.0;
const COLUMNS_PER_DEGREE: f64 = 300.0;
/// Look-alikes compared at most: in a crowd of more nobody can tell.
const COMPARED: usize = 200;

const TABLES: &str = "
    PRAGMA temp_store = file;
    CREATE TEMP TABLE staged (
        row INTEGER PRIMARY KEY, external_id TEXT NOT NULL UNIQUE, listed TEXT);
    CREATE TEMP TABLE seen (
        row INTEGER, place TEXT, name TEXT NOT NULL, postcode TEXT, lat REAL, lon REAL,
        north INTEGER, east INTEGER);
    CREATE INDEX seen_by_cell ON seen (north, east);
    CREATE INDEX seen_by_postcode ON seen (postcode);
    CREATE TEMP TABLE taken (id TEXT PRIMARY KEY) WITHOUT ROWID;
    INSERT INTO taken SELECT id FROM main.places;";

/// A connection with an import on it.
pub struct Desk {
    connection: Connection,
    /// The newest change among the places when the import was begun.
    began_at: u64,
}

/// Another place that may be the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// As it is called.
    pub name: String,
    /// The row of this import it stands in, where it does.
    pub row: Option<u64>,
    /// Its id, where it is a place already.
    pub place: Option<String>,
    /// Where it is, where that is known exactly.
    pub point: Option<Point>,
}

/// Why staged rows did not go in.
#[derive(Debug)]
pub enum NotDone {
    /// The places changed since the report was made.
    Overtaken,
    /// Anything else.
    Failed(OpenError),
}

impl<E: Into<OpenError>> From<E> for NotDone {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Desk {
    /// Begins on the database of a data folder, which is made where there is none.
    pub fn open(data: &Path) -> Result<Self, OpenError> {
        let path = data.join(FILE);
        if !path.exists() {
            open::migrate(data)?;
        }
        let connection = open::open_existing(&path)?;
        let version: usize =
            connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version < open::steps() {
            open::migrate(data)?;
        }
        connection.execute_batch(TABLES)?;
        let began_at = last_change(&connection)?;
        let desk = Self {
            connection,
            began_at,
        };
        desk.see_places()?;
        Ok(desk)
    }

    /// What is held of the place that a source knows by this id.
    pub fn held(&self, source: &str, external_id: &str) -> Result<Option<Record>, OpenError> {
        Ok(records::of_source(&self.connection, source, external_id)?)
    }

    /// How its source listed it last.
    pub fn listed_as(&self, id: &PlaceId) -> Result<Option<ListedPlace>, OpenError> {
        Ok(records::listed_as(&self.connection, id)?)
    }

    /// The row that has this id of the source already, and whether it says that the place is closed.
    pub fn row_of(&self, external_id: &str) -> Result<Option<(u64, bool)>, OpenError> {
        let mut query = self
            .connection
            .prepare_cached("SELECT row, listed IS NULL FROM staged WHERE external_id = ?1")?;
        let found = query.query_row([external_id], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found.optional()?)
    }

    /// An id that nothing has, made from a wish by a number behind it where need be.
    pub fn free_id(&self, wish: &str) -> Result<PlaceId, OpenError> {
        let mut take = self
            .connection
            .prepare_cached("INSERT INTO taken (id) VALUES (?1) ON CONFLICT DO NOTHING")?;
        for number in 1_u64.. {
            let end = if number == 1 {
                String::new()
            } else {
                format!("-{number}")
            };
            let start: String = wish.chars().take(40 - end.len()).collect();
            let id = format!("{}{end}", start.trim_end_matches('-'));
            if let Ok(id) = id.parse::<PlaceId>()
                && take.execute([id.as_str()])? == 1
            {
                return Ok(id);
            }
        }
        Err(OpenError::Random)
    }

    /// Places and earlier rows near a point or with the same postcode, other than the source's own
    /// row of before.
    pub fn alike(
        &self,
        point: Option<Point>,
        postcode: Option<&str>,
        but: Option<&PlaceId>,
    ) -> Result<Vec<Alike>, OpenError> {
        let mut query = self.connection.prepare_cached(
            "SELECT name, row, place, lat, lon FROM seen
             WHERE ((?1 IS NOT NULL AND north BETWEEN ?1 - 1 AND ?1 + 1 AND east BETWEEN ?2 - 1 AND ?2 + 1)
                OR (?3 IS NOT NULL AND postcode = ?3)) AND (?4 IS NULL OR place IS NOT ?4) LIMIT ?5",
        )?;
        let cell = point.map(cell);
        let but = but.map(PlaceId::as_str);
        let north = cell.map(|(north, _)| north);
        let east = cell.map(|(_, east)| east);
        let found = query.query_map(params![north, east, postcode, but, COMPARED], |row| {
            let (lat, lon): (Option<f64>, Option<f64>) = (row.get(3)?, row.get(4)?);
            Ok(Alike {
                name: row.get(0)?,
                row: row.get(1)?,
                place: row.get(2)?,
                point: lat.zip(lon).map(|(lat, lon)| Point { lat, lon }),
            })
        })?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Puts a row aside for going in; it stands above one that says the place is closed.
    pub fn stage(&self, row: u64, listed: &ListedPlace, exact: bool) -> Result<(), OpenError> {
        let json = serde_json::to_string(listed)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        let mut stage = self.connection.prepare_cached(
            "INSERT INTO staged (row, external_id, listed) VALUES (?1, ?2, ?3)
             ON CONFLICT (external_id) DO UPDATE SET row = excluded.row, listed = excluded.listed",
        )?;
        stage.execute(params![row, listed.external_id, json])?;
        let point = exact.then_some(listed.point);
        self.see(
            Some(row),
            None,
            &listed.name,
            listed.postcode.as_deref(),
            point,
        )
    }

    /// Puts aside that the source says a place is closed for good.
    pub fn stage_closed(&self, row: u64, external_id: &str) -> Result<(), OpenError> {
        let mut stage = self.connection.prepare_cached(
            "INSERT INTO staged (row, external_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?;
        stage.execute(params![row, external_id])?;
        Ok(())
    }

    /// Places of the source that no row has: id and name.
    pub fn missing(&self, source: &str) -> Result<Vec<(PlaceId, String)>, OpenError> {
        let mut query = self.connection.prepare(
            "SELECT id, name FROM places WHERE source = ?1 AND listed = 1 AND status <> 'closed'
                AND external_id NOT IN (SELECT external_id FROM staged) ORDER BY id",
        )?;
        let found = query.query_map([source], |row| Ok((parsed(row, 0)?, row.get(1)?)))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Everything that was put aside goes in, in one transaction.
    pub fn apply(mut self, source: &str, who: &str, at: Timestamp) -> Result<Imported, NotDone> {
        let by = By { who, at };
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(OpenError::from)?;
        if last_change(&transaction)? != self.began_at {
            return Err(NotDone::Overtaken);
        }
        let mut imported = Imported::default();
        {
            let mut rows = transaction
                .prepare("SELECT external_id, listed FROM staged ORDER BY row")
                .map_err(OpenError::from)?;
            let mut rows = rows.query([]).map_err(OpenError::from)?;
            while let Some(row) = rows.next().map_err(OpenError::from)? {
                take_in(&transaction, row, source, by, &mut imported).map_err(OpenError::from)?;
            }
        }
        transaction.commit().map_err(OpenError::from)?;
        Ok(imported)
    }

    fn see_places(&self) -> Result<(), OpenError> {
        let mut query = self
            .connection
            .prepare("SELECT id, name, postcode, lat, lon FROM places WHERE status <> 'closed' AND listed = 1")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (id, name): (String, String) = (row.get(0)?, row.get(1)?);
            let postcode: Option<String> = row.get(2)?;
            let point = Point {
                lat: row.get(3)?,
                lon: row.get(4)?,
            };
            self.see(None, Some(&id), &name, postcode.as_deref(), Some(point))?;
        }
        Ok(())
    }

    fn see(
        &self,
        row: Option<u64>,
        place: Option<&str>,
        name: &str,
        postcode: Option<&str>,
        point: Option<Point>,
    ) -> Result<(), OpenError> {
        let mut see = self.connection.prepare_cached(
            "INSERT INTO seen (row, place, name, postcode, lat, lon, north, east)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let cell = point.map(cell);
        let degrees = point.map(|point| (point.lat, point.lon));
        see.execute(params![
            row,
            place,
            name,
            postcode,
            degrees.map(|degrees| degrees.0),
            degrees.map(|degrees| degrees.1),
            cell.map(|cell| cell.0),
            cell.map(|cell| cell.1),
        ])?;
        Ok(())
    }
}

/// Every place that takes part or was asked to, one by one.
pub fn each_place(
    data: &Path,
    mut act: impl FnMut(&Record) -> std::io::Result<()>,
) -> Result<std::io::Result<()>, OpenError> {
    let connection = open::open_existing(&data.join(FILE))?;
    let done = records::each(&connection, |record| act(&record))?;
    Ok(done)
}

fn take_in(
    connection: &Connection,
    row: &rusqlite::Row<'_>,
    source: &str,
    by: By<'_>,
    imported: &mut Imported,
) -> rusqlite::Result<()> {
    let external_id: String = row.get(0)?;
    let listed: Option<String> = row.get(1)?;
    let Some(listed) = listed else {
        return close(connection, source, &external_id, by, imported);
    };
    let listed: ListedPlace = serde_json::from_str(&listed).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, error.into())
    })?;
    match imports::import_one(connection, source, &listed, by)? {
        Became::New => imported.added += 1,
        Became::Other => imported.changed += 1,
        Became::Same => {}
    }
    Ok(())
}

fn close(
    connection: &Connection,
    source: &str,
    external_id: &str,
    by: By<'_>,
    imported: &mut Imported,
) -> rusqlite::Result<()> {
    let Some(held) = records::of_source(connection, source, external_id)? else {
        return Ok(());
    };
    let mut closed = held.clone();
    closed.place.status = Status::Closed;
    if records::write(connection, Some(&held), &closed, by)? {
        imported.removed += 1;
    }
    Ok(())
}

fn last_change(connection: &Connection) -> Result<u64, OpenError> {
    Ok(connection.query_row("SELECT last_change FROM life", [], |row| row.get(0))?)
}

fn cell(point: Point) -> (i64, i64) {
    let cell = |degrees: f64, parts: f64| (degrees * parts).floor() as i64;
    (
        cell(point.lat, ROWS_PER_DEGREE),
        cell(point.lon, COLUMNS_PER_DEGREE),
    )
}
