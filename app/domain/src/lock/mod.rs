//! Locks on what only some may see: which PINs are good, what a wrong one costs, when a lock closes.

mod away;
mod cost;
mod pin;
mod tries;

use serde::{Deserialize, Serialize};

pub use self::away::{BACKGROUND, ERRAND, closes_at, has_closed};
pub use self::cost::{BadCost, Cost};
pub use self::pin::{BadPin, LONGEST, Pin, SHORTEST};
pub use self::tries::{FREE_TRIES, Tries};

use crate::time::Timestamp;

/// What has a lock of its own. The PIN of one never opens the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Name {
    /// The private part of the card: holder and carer.
    Card,
    /// Reports, receipts and the safety plan: nobody but their writer.
    Reports,
}

impl Name {
    /// A short stable name: in storage, in messages, and in what keys are derived from.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Reports => "reports",
        }
    }

    /// The lock of this name.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Card, Self::Reports];
        all.into_iter().find(|lock| lock.as_str() == name)
    }
}

/// How a lock stands, for whoever shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "lock", rename_all = "kebab-case")]
pub enum Lock {
    /// No PIN is set: whoever holds the phone opens it with a tap.
    None,
    /// A PIN is set, and has not been given since the last locking.
    Locked {
        /// After several wrong tries: no other is looked at before this instant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wait_until: Option<Timestamp>,
        /// Whether a passkey opens it, too.
        passkey: bool,
    },
    /// Open in this tab.
    Open,
}
