//! A list of places read in: what changed in the list changes here, and nothing else.

use std::collections::BTreeSet;

use domain::time::Timestamp;
use rusqlite::Connection;

use super::records::{self, By};
use crate::record::{ListedPlace, Record, Status};
use crate::store::{Import, Imported, Rest};

/// How long an invented place is believed after it was loaded, in days: a sample must not rot.
const SAMPLE_LASTS: i64 = 365;

pub(super) fn import(connection: &mut Connection, import: &Import) -> rusqlite::Result<Imported> {
    let transaction = connection.transaction()?;
    let by = By {
        who: &import.who,
        at: import.at,
    };
    let mut imported = Imported::default();
    for listed in &import.listed {
        match import_one(&transaction, &import.source, listed, by)? {
            Became::New => imported.added += 1,
            Became::Other => imported.changed += 1,
            Became::Same => {}
        }
    }
    if import.rest == Rest::LeavesTheList {
        imported.removed = leave_out(&transaction, import, by)?;
    }
    transaction.commit()?;
    Ok(imported)
}

pub(super) enum Became {
    New,
    Other,
    Same,
}

pub(super) fn import_one(
    connection: &Connection,
    source: &str,
    listed: &ListedPlace,
    by: By<'_>,
) -> rusqlite::Result<Became> {
    let held = records::of_source(connection, source, &listed.external_id)?;
    let Some(held) = held else {
        let mut record = Record::new(source, listed.clone());
        freshen(&mut record.place, by.at);
        records::write(connection, None, &record, by)?;
        records::remember(connection, &record.place.id, listed)?;
        return Ok(Became::New);
    };
    let before = records::listed_as(connection, &held.place.id)?;
    let mut record = followed(&held, listed, before.as_ref());
    freshen(&mut record.place, by.at);
    if before.as_ref() != Some(listed) {
        records::remember(connection, &record.place.id, listed)?;
    }
    let changed = records::write(connection, Some(&held), &record, by)?;
    Ok(match changed {
        true if !held.listed => Became::New,
        true => Became::Other,
        false => Became::Same,
    })
}

/// The place with what changed in the list since it was read last. What a manager or a coordinator
/// changed since then stays, as long as the list says what it said.
fn followed(held: &Record, listed: &ListedPlace, before: Option<&ListedPlace>) -> Record {
    let mut record = held.clone();
    record.listed = true;
    macro_rules! follow {
        ($($field:ident)*) => {$(
            if before.is_none_or(|before| before.$field != listed.$field) {
                record.place.$field.clone_from(&listed.$field);
            }
        )*};
    }
    follow!(status name address postcode point nation telephone opening_hours what directions);
    follow!(door welcome offers languages trained);
    // A list without dates takes none away.
    for (now, listed, before) in [
        (
            &mut record.place.checked,
            listed.checked,
            before.and_then(|before| before.checked),
        ),
        (
            &mut record.place.review_by,
            listed.review_by,
            before.and_then(|before| before.review_by),
        ),
    ] {
        if listed.is_some() && listed != before {
            *now = listed;
        }
    }
    record
}

/// Dates of invented places begin when they are first loaded, and again when they have passed.
pub(super) fn freshen(place: &mut ListedPlace, at: Timestamp) {
    let today = at.in_london().day;
    let passed = place.review_by.is_none_or(|last| last < today);
    if place.status == Status::Sample && passed {
        place.checked = Some(today);
        place.review_by = Some(today.plus(SAMPLE_LASTS));
    }
}

/// What the source no longer lists goes from phones; how many went.
fn leave_out(connection: &Connection, import: &Import, by: By<'_>) -> rusqlite::Result<usize> {
    let listed: BTreeSet<_> = (import.listed.iter())
        .map(|place| place.external_id.as_str())
        .collect();
    let held = records::all(connection)?.into_iter();
    let missing = held.filter(|record| {
        let external = record.place.external_id.as_str();
        record.source == import.source && record.listed && !listed.contains(external)
    });
    let mut left = 0;
    for held in missing {
        let record = Record {
            listed: false,
            ..held.clone()
        };
        records::write(connection, Some(&held), &record, by)?;
        left += 1;
    }
    Ok(left)
}
