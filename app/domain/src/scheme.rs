//! The scheme a deployment serves: its name, its reporting centres, its numbers.

use serde::{Deserialize, Serialize};

use crate::hours::Hours;
use crate::time::DAY;

/// A reporting centre: the people who read reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Centre {
    /// Short and stable, as in the keyset.
    pub id: String,
    /// As people know it.
    pub name: String,
    /// Opening hours in words. Absent where they are not known.
    #[serde(default)]
    pub hours: Option<String>,
    /// When its staff read reports, expanded as for a place; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<Hours>,
    /// False where nobody opened its inbox for [`STALE`]: other ways are offered instead.
    #[serde(default = "yes")]
    pub offered: bool,
}

/// After so long without anybody opening its inbox, a centre is no longer offered: ten days.
pub const STALE: i64 = 10 * DAY;

fn yes() -> bool {
    true
}

/// What a service is for; decides where it stands on the Hope page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Use {
    /// Someone to talk to, any time.
    Talk,
    /// Somewhere to go and talk face to face.
    Visit,
    /// Help for some people or some troubles.
    More,
}

/// A helping service. Content of the scheme, not of the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Service {
    /// Short and stable.
    pub id: String,
    /// What it is for.
    pub r#use: Use,
    /// As it calls itself.
    pub name: String,
    /// The number or address to show, as people write it: "111, then option 2".
    pub contact: String,
    /// A `tel:` or `sms:` link; absent where one can only go there.
    #[serde(default)]
    pub link: Option<String>,
    /// One short line: for whom, when, what it costs.
    pub note: String,
    /// Where the entry was found.
    pub source: String,
    /// The day it was last checked, as YYYY-MM-DD.
    pub checked_on: String,
    /// Where it serves: "UK", "Black Country".
    pub area: String,
}
