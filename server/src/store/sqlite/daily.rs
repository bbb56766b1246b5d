//! What is done for places every day, in steps so small that reports need not wait for them.

use domain::time::{DAY, Timestamp};
use rusqlite::{Connection, params};

use super::imports::freshen;
use super::records::{self, By};
use crate::record::{Record, Status};

/// Places whose hours are made out in one step.
const AT_ONCE: usize = 100;
/// How long after a link was made its place is paused, where nobody has answered by then; in days.
pub const PAUSED_AFTER: i64 = 56;
/// Who did it, in the history.
const WHO: &str = "daily work";

/// One step; whether there is another.
pub(super) fn step(connection: &mut Connection, at: Timestamp) -> rusqlite::Result<bool> {
    let transaction = connection.transaction()?;
    let made_out = records::make_out_due(&transaction, at, AT_ONCE)?;
    if made_out == 0 {
        freshen_samples(&transaction, at)?;
        pause_unanswered(&transaction, at)?;
    }
    transaction.commit()?;
    Ok(made_out > 0)
}

fn freshen_samples(connection: &Connection, at: Timestamp) -> rusqlite::Result<()> {
    for held in records::of_status(connection, Status::Sample)? {
        let mut record = held.clone();
        freshen(&mut record.place, at);
        records::write(connection, Some(&held), &record, By { who: WHO, at })?;
    }
    Ok(())
}

/// A place whose manager has not answered is paused: nobody vouches for it any longer.
fn pause_unanswered(connection: &Connection, at: Timestamp) -> rusqlite::Result<()> {
    for held in records::of_status(connection, Status::Active)? {
        if unanswered_since(connection, &held)?
            .is_some_and(|made| at.since(made) > PAUSED_AFTER * DAY)
        {
            let mut record = held.clone();
            record.place.status = Status::Paused;
            records::write(connection, Some(&held), &record, By { who: WHO, at })?;
        }
    }
    Ok(())
}

/// When the first link was made of those that nobody has answered since the last answer; `None`
/// where none is waiting.
pub(super) fn unanswered_since(
    connection: &Connection,
    record: &Record,
) -> rusqlite::Result<Option<Timestamp>> {
    let mut query = connection.prepare_cached(
        "SELECT min(made) FROM place_links WHERE place = ?1 AND used IS NULL AND made >
            (SELECT coalesce(max(used), 0) FROM place_links WHERE place = ?1)",
    )?;
    let made: Option<i64> = query.query_row(params![record.place.id.as_str()], |row| row.get(0))?;
    Ok(made.map(Timestamp))
}
