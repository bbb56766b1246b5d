//! Pulling the places: page by page, beside the old set, swapped at once.

use domain::delta::{Applied, Held, apply};
use domain::time::{HOUR, Timestamp};

use super::api::{Api, Pulled};
use crate::storage::{Error, Storage};

/// More pages than any scheme has: a server that never ends is left alone until the next round.
const MOST_PAGES: usize = 1_000;

/// The setting that holds when the server last said that the list is so.
const PULLED: &str = "places-pulled";

/// When the server last said that the places are as this phone holds them.
pub async fn pulled(storage: &impl Storage) -> Option<Timestamp> {
    let setting = storage.setting(PULLED).await.ok().flatten()?;
    setting.parse().ok().map(Timestamp)
}

/// Pulls what changed; says whether screens should read the places again: the phone now holds
/// another set, or the same one for another hour.
pub async fn pull(storage: &impl Storage, api: &impl Api, now: Timestamp) -> Result<bool, Error> {
    let before = storage.places().await?;
    let pulled = match follow(api, before.clone()).await {
        // What it holds drifted from the server's: everything anew.
        Some(Applied::Differs) => follow(api, Held::default()).await,
        other => other,
    };
    let Some(Applied::Whole(held)) = pulled else {
        return Ok(false);
    };
    if held != before {
        storage.keep_places(&held).await?;
    }
    let confirmed = confirm(storage, now).await?;
    Ok(confirmed || held.places != before.places)
}

/// Writes down that the list is so now; not at every round, as an hour makes no difference.
async fn confirm(storage: &impl Storage, now: Timestamp) -> Result<bool, Error> {
    let last = pulled(storage).await;
    if last.is_some_and(|last| (0..HOUR).contains(&now.since(last))) {
        return Ok(false);
    }
    storage.keep_setting(PULLED, &now.0.to_string()).await?;
    Ok(true)
}

/// Follows the cursor to the end; `None` where the server stopped answering.
async fn follow(api: &impl Api, mut held: Held) -> Option<Applied> {
    for _ in 0..MOST_PAGES {
        let Pulled::Got(delta) = api.places(&held.cursor).await else {
            return None;
        };
        match apply(held, delta) {
            Applied::Partly(further) => held = further,
            end => return Some(end),
        }
    }
    None
}
