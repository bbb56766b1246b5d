//! What changed among the Safe Places.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::delta::{Cursor, Delta};
use domain::id::Epoch;
use domain::wire::Problem;
use serde::Deserialize;

use super::{counted, matches, tagged};
use crate::error::{Error, Malformed};
use crate::serve::App;

/// Places in one answer, unless fewer are asked for.
const PAGE: usize = 500;

/// Where to begin, and how much to give.
#[derive(Debug, Deserialize)]
pub struct Pull {
    #[serde(default)]
    after: String,
    // As wide as the description says.
    limit: Option<i32>,
}

/// New, changed and gone places since a cursor. A cursor that this server did not make, or made in
/// another life of its database, starts from the beginning.
#[utoipa::path(
    get,
    path = "/api/places",
    params(
        ("after" = Option<String>, Query, description = "The cursor of the last pull; absent or empty for everything"),
        ("limit" = Option<u32>, Query, description = "At most so many changes; never more than 500", minimum = 1),
        ("If-None-Match" = Option<String>, Header, description = "The ETag held"),
    ),
    responses(
        (status = 200, description = "What changed; ETag", body = Delta),
        (status = 304, description = "What the client holds is still true"),
        (status = 400, description = "A parameter has a value it cannot have", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    pull: Result<Query<Pull>, QueryRejection>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let Query(pull) = pull.map_err(|_| Error::Malformed(Malformed::Query))?;
    let limit = counted(pull.limit)?.unwrap_or(PAGE);
    let after = change_of(&pull.after, &app.epoch);
    let limit = limit.min(PAGE);
    let mark = app.store.places_mark().await?;
    let tag = format!(
        "\"{}-{after}-{limit}-{}-{}\"",
        app.epoch,
        mark.last_change,
        String::from(mark.whole)
    );
    // An unchanged phone is answered before any place is read.
    if matches(&asked, &tag) {
        return tagged(&asked, &tag, || Err(Error::Broken));
    }
    let changes = app.store.places_after(after, limit).await?;
    let through = changes.through;
    tagged(&asked, &tag, || {
        let delta = Delta {
            places: changes.places,
            gone: changes.gone,
            cursor: Cursor(format!("{}-{through}", app.epoch)),
            more: changes.more,
            whole: changes.whole,
        };
        serde_json::to_vec(&delta).map_err(|_| Error::Broken)
    })
}

/// The change a cursor stands for: 0, the beginning, where it is not of this life.
fn change_of(cursor: &str, epoch: &Epoch) -> u64 {
    let change = cursor
        .split_once('-')
        .filter(|(life, _)| *life == epoch.as_str());
    change
        .and_then(|(_, change)| change.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cursor_of_this_life_goes_on() {
        let ours = Epoch::from_random([1; 16]);
        let other = Epoch::from_random([2; 16]);
        assert_eq!(change_of(&format!("{ours}-7"), &ours), 7);
        assert_eq!(change_of(&format!("{other}-7"), &ours), 0);
        assert_eq!(change_of(&format!("{ours}-x"), &ours), 0);
        assert_eq!(change_of("", &ours), 0);
    }
}
