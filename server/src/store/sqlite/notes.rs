//! Notes as rows, and their counts.

use domain::id::PlaceId;
use domain::note::Kind;
use domain::time::Day;
use rusqlite::{Connection, OptionalExtension, params};

use super::parsed;
use super::records::{self, By};
use crate::record::Record;
use crate::store::{CountedNotes, NewNote, Put, Standing};

/// What became of a note within a commit.
pub(super) enum Kept {
    /// It is here.
    Put(Put),
    /// It names a place that never was.
    NoSuchPlace,
}

/// Inserts a note, or says what is there under its id. Not yet on the disk: the commit does that.
pub(super) fn insert(connection: &Connection, note: &NewNote) -> rusqlite::Result<Kept> {
    if let Some(put) = stored_before(connection, note)? {
        return Ok(Kept::Put(put));
    }
    if let Some(place) = &note.note.place
        && !is_known(connection, place)?
    {
        return Ok(Kept::NoSuchPlace);
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO notes (id, body_hash, kind, how, place, day) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let (kind, how) = note.note.kind.names();
    insert.execute(params![
        note.id.as_str(),
        note.body_hash.0,
        kind,
        how,
        note.note.place.as_ref().map(PlaceId::as_str),
        note.note.day.to_string(),
    ])?;
    let mark = connection.last_insert_rowid().unsigned_abs();
    if let (Kind::WasClosed, Some(place)) = (&note.note.kind, &note.note.place) {
        doubt(connection, place, note.note.day)?;
    }
    Ok(Kept::Put(Put::New(Standing::at(mark))))
}

/// How many people must have found a place closed before phones say "ring first".
const ENOUGH: u64 = 2;

/// Puts a place that people found closed to "ring first", until a coordinator has looked.
fn doubt(connection: &Connection, place: &PlaceId, today: Day) -> rusqlite::Result<()> {
    let Some(held) = records::of_id(connection, place)? else {
        return Ok(());
    };
    if held.ring_first || found_closed(connection, &held)? < ENOUGH {
        return Ok(());
    }
    let record = Record {
        ring_first: true,
        ..held.clone()
    };
    // A note has no time of its own, and nothing finer than its day may be kept beside it.
    let by = By {
        who: "notes: it was closed",
        at: today.start(),
    };
    records::write(connection, Some(&held), &record, by).map(drop)
}

/// How many people found a place closed since it was last checked and a coordinator last looked.
pub(super) fn found_closed(connection: &Connection, record: &Record) -> rusqlite::Result<u64> {
    let mut query = connection.prepare_cached(
        "SELECT count(*) FROM notes WHERE place = ?1 AND kind = ?2 AND day >= ?3
         AND arrived > (SELECT looked_through FROM places WHERE id = ?1)",
    )?;
    let checked = record.place.checked.map(|day| day.to_string());
    let (kind, _) = Kind::WasClosed.names();
    query.query_row(
        params![record.place.id.as_str(), kind, checked.unwrap_or_default()],
        |row| row.get(0),
    )
}

pub(super) fn stored_before(
    connection: &Connection,
    note: &NewNote,
) -> rusqlite::Result<Option<Put>> {
    let mut query =
        connection.prepare_cached("SELECT arrived, body_hash FROM notes WHERE id = ?1")?;
    let before = query.query_row([note.id.as_str()], |row| {
        Ok((row.get(0)?, row.get::<_, [u8; 32]>(1)?))
    });
    Ok(before.optional()?.map(|(arrived, hash)| {
        if hash == note.body_hash.0 {
            Put::Again(Standing::at(arrived))
        } else {
            Put::OtherBytes
        }
    }))
}

/// Whether a place takes part, or once did: "it was closed" may come after it left.
fn is_known(connection: &Connection, place: &PlaceId) -> rusqlite::Result<bool> {
    let mut query = connection.prepare_cached("SELECT 1 FROM places WHERE id = ?1")?;
    query.exists([place.as_str()])
}

/// How many there are.
pub(super) fn stored(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT count(*) FROM notes", [], |row| row.get(0))
}

/// Counts from one day through another, by place, kind and what was done; help given elsewhere last.
pub(super) fn counts(
    connection: &Connection,
    from: Day,
    to: Day,
) -> rusqlite::Result<Vec<CountedNotes>> {
    let mut query = connection.prepare_cached(
        "SELECT notes.place, places.name, kind, how, count(*) FROM notes
         LEFT JOIN places ON places.id = notes.place
         WHERE day BETWEEN ?1 AND ?2
         GROUP BY notes.place, kind, how
         ORDER BY notes.place IS NULL, notes.place, kind, how",
    )?;
    let counted = |row: &rusqlite::Row<'_>| {
        let place = row.get::<_, Option<String>>(0)?;
        Ok(CountedNotes {
            place: place.map(|_| parsed(row, 0)).transpose()?,
            name: row.get(1)?,
            kind: row.get(2)?,
            how: row.get(3)?,
            count: row.get(4)?,
        })
    };
    let days = [from.to_string(), to.to_string()];
    query.query_map(days, counted)?.collect()
}
