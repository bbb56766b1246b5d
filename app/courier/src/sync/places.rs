//! Pulling the places: page by page, beside the old set, swapped at once.

use domain::delta::{Applied, Held, apply};

use super::api::{Api, Pulled};
use crate::storage::{Error, Storage};

/// More pages than any scheme has: a server that never ends is left alone until the next round.
const MOST_PAGES: usize = 1_000;

/// Pulls what changed; says whether the phone now holds another set.
pub(super) async fn pull(storage: &impl Storage, api: &impl Api) -> Result<bool, Error> {
    let before = storage.places().await?;
    let pulled = match follow(api, before.clone()).await {
        // What it holds drifted from the server's: everything anew.
        Some(Applied::Differs) => follow(api, Held::default()).await,
        other => other,
    };
    match pulled {
        Some(Applied::Whole(held)) if held != before => {
            storage.keep_places(&held).await?;
            Ok(held.places != before.places)
        }
        _ => Ok(false),
    }
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
