//! Places a holder often goes back to: home, the bus stop, the day centre. Made by the holder or a
//! carer, kept on the phone alone, and shown when the holder is lost.

use serde::{Deserialize, Serialize};

use crate::geo::Point;
use crate::id::PhotoId;

/// Usual places a phone keeps.
pub const MAX_USUAL_PLACES: usize = 6;
/// Characters of a name.
pub const MAX_NAME: usize = 60;
/// Characters of an address or of directions.
pub const MAX_TEXT: usize = 400;

/// One of them, as typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UsualPlace {
    /// What it is, for its picture.
    pub kind: Kind,
    /// What the holder calls it.
    pub name: String,
    /// What to show to someone who is asked the way.
    pub address: String,
    /// The way, from a landmark, in own words.
    pub directions: String,
    /// A photo of it; its bytes are kept apart.
    pub photo: Option<PhotoId>,
    /// Where it is, if the holder or carer was there and said "I am here now".
    pub point: Option<Point>,
}

/// What a usual place is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    #[default]
    Home,
    BusStop,
    DayCentre,
    Work,
    Family,
    Other,
}

impl UsualPlace {
    /// Whether it can be shown: it has a name or an address.
    pub fn is_useful(&self) -> bool {
        !(self.name.trim().is_empty() && self.address.trim().is_empty())
    }

    /// Whether anything was typed, taken or pinned: what is untouched need not be kept.
    pub fn has_something(&self) -> bool {
        let untouched = Self {
            kind: self.kind,
            ..Self::default()
        };
        *self != untouched
    }

    /// Whether some text is longer than can be shown.
    pub fn is_too_long(&self) -> bool {
        let long = |text: &str, most: usize| text.trim().chars().count() > most;
        long(&self.name, MAX_NAME)
            || long(&self.address, MAX_TEXT)
            || long(&self.directions, MAX_TEXT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_an_address_is_enough() {
        let named = UsualPlace {
            name: "Home".into(),
            ..UsualPlace::default()
        };
        let blank = UsualPlace {
            name: "  ".into(),
            ..UsualPlace::default()
        };
        assert!(named.is_useful());
        assert!(!blank.is_useful());
    }

    #[test]
    fn whatever_was_typed_or_pinned_is_worth_keeping() {
        let directions = UsualPlace {
            directions: " ".into(),
            ..UsualPlace::default()
        };
        let pinned = UsualPlace {
            point: Point::new(52.5, -1.9),
            ..UsualPlace::default()
        };
        let untouched = UsualPlace {
            kind: Kind::Work,
            ..UsualPlace::default()
        };
        assert!(directions.has_something() && pinned.has_something());
        assert!(!untouched.has_something());
    }

    #[test]
    fn a_text_nobody_could_read_in_a_hurry_is_noticed() {
        let long = UsualPlace {
            directions: "x".repeat(401),
            ..UsualPlace::default()
        };
        assert!(long.is_too_long());
        assert!(!UsualPlace::default().is_too_long());
    }
}
