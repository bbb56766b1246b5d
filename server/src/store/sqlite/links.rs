//! Links as rows: which were made, and which were answered.

use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::records::{self, By};
use crate::links::Link;
use crate::manage::Said;
use crate::store::Linked;

/// Who changed something by a link, in the history.
const WHO: &str = "manager by link";

/// The place of a link, if nobody has answered it.
pub(super) fn linked(connection: &Connection, link: &Link) -> rusqlite::Result<Linked> {
    let mut query = connection
        .prepare_cached("SELECT used FROM place_links WHERE nonce = ?1 AND place = ?2")?;
    let found: Option<Option<i64>> = query
        .query_row([&link.nonce_text(), link.place.as_str()], |row| row.get(0))
        .optional()?;
    Ok(match found {
        None => Linked::Unknown,
        Some(Some(_)) => Linked::Used,
        Some(None) => match records::of_id(connection, &link.place)? {
            Some(record) => Linked::Place(Box::new(record)),
            None => Linked::Unknown,
        },
    })
}

/// Takes an answer: the link is used, and the place is as was said, in one transaction.
pub(super) fn answer(
    connection: &mut Connection,
    link: &Link,
    said: &Said,
    at: Timestamp,
) -> rusqlite::Result<Linked> {
    let transaction = connection.transaction()?;
    let Linked::Place(held) = linked(&transaction, link)? else {
        return linked(&transaction, link);
    };
    let mut record = (*held).clone();
    said.apply(&mut record, at.in_london().day);
    let by = By { who: WHO, at };
    records::write(&transaction, Some(&held), &record, by)?;
    let who = match said {
        Said::Stays(said) => said.trained_who.as_deref().unwrap_or("not said"),
        Said::Leaves => "takes part no longer",
    };
    records::remark(&transaction, &record, by, "confirmed", who)?;
    transaction.execute(
        "UPDATE place_links SET used = ?2 WHERE nonce = ?1",
        params![link.nonce_text(), at.0],
    )?;
    transaction.commit()?;
    Ok(Linked::Place(Box::new(record)))
}

/// When a manager said by a link that the place takes part no longer; `None` where a coordinator has
/// changed or looked at it since.
pub(super) fn left(connection: &Connection, place: &str) -> rusqlite::Result<Option<Timestamp>> {
    let mut query = connection.prepare_cached(
        "SELECT max(at) FROM place_changes WHERE place = ?1 AND who = ?2 AND field = 'status' AND after = 'closed'
            AND number > (SELECT coalesce(max(number), 0) FROM place_changes WHERE place = ?1 AND who LIKE 'coordinator: %')",
    )?;
    let at: Option<i64> = query.query_row(params![place, WHO], |row| row.get(0))?;
    Ok(at.map(Timestamp))
}
