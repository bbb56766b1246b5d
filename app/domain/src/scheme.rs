//! The scheme a deployment serves: its name, its reporting centres, its numbers.

use serde::{Deserialize, Serialize};

use crate::geo::Point;
use crate::hours::{Hours, State};
use crate::time::{DAY, Local, Timestamp};

/// A reporting centre: the people who read reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// Where it is, so that a phone can say which is the nearest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// False where nobody opened its inbox for [`STALE`]: other ways are offered instead.
    #[serde(default = "yes")]
    pub offered: bool,
}

/// After so long without anybody opening its inbox, a centre is no longer offered: ten days.
pub const STALE: i64 = 10 * DAY;

/// Whether somebody reads what is sent to a centre now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Yes; until when, where that is within days.
    Now(Option<Local>),
    /// Not before.
    Later(Local),
    /// Nobody has said when.
    NotKnown,
    /// Nobody has for [`STALE`].
    Nobody,
}

impl Centre {
    /// Whether somebody reads what is sent now.
    pub fn reading(&self, now: Timestamp) -> Reading {
        if !self.offered {
            return Reading::Nobody;
        }
        match self.reads.as_ref().map(|reads| reads.state(now)) {
            Some(State::Open { until }) => Reading::Now(until),
            Some(State::ClosingSoon { until }) => Reading::Now(Some(until)),
            Some(State::Closed { opens: Some(opens) }) => Reading::Later(opens),
            Some(State::Closed { opens: None } | State::NotKnown) | None => Reading::NotKnown,
        }
    }
}

/// The centre a report goes to: the one that was chosen while it is there and somebody reads, else the
/// first that somebody reads; where nobody reads at any, the first.
pub fn centre<'a>(centres: &'a [Centre], chosen: Option<&str>) -> Option<&'a Centre> {
    let offered = || centres.iter().filter(|centre| centre.offered);
    let wanted = offered().find(|centre| Some(&*centre.id) == chosen);
    wanted.or(offered().next()).or(centres.first())
}

/// The nearest centre where somebody reads, of those that say where they are.
pub fn nearest(centres: &[Centre], from: Point) -> Option<&Centre> {
    let offered = centres.iter().filter(|centre| centre.offered);
    let with = offered.filter_map(|centre| Some((centre, centre.point?.metres_to(from))));
    with.min_by(|(_, one), (_, other)| one.total_cmp(other))
        .map(|(centre, _)| centre)
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::{OfDay, Span};

    fn centre_of(id: &str, offered: bool) -> Centre {
        Centre {
            id: id.into(),
            name: id.into(),
            hours: None,
            reads: None,
            point: None,
            offered,
        }
    }

    #[test]
    fn the_nearest_is_one_that_reads_and_says_where_it_is() {
        let at = |id, offered, lat| Centre {
            point: Point::new(lat, -2.0),
            ..centre_of(id, offered)
        };
        let centres = [
            centre_of("nowhere", true),
            at("far", true, 53.0),
            at("near", true, 52.5),
            at("stale", false, 52.4),
        ];
        let from = Point::new(52.4, -2.0).expect("on earth");
        assert_eq!(
            nearest(&centres, from).map(|centre| &*centre.id),
            Some("near")
        );
        assert_eq!(nearest(&centres[..1], from), None);
    }

    /// Nine to five from Monday to Friday, known through 2026.
    fn office() -> Hours {
        let of = |open: Vec<Span>| OfDay {
            open,
            ask: Vec::new(),
        };
        let work = || of(Span::new(540, 1020).into_iter().collect());
        Hours {
            week: [
                work(),
                work(),
                work(),
                work(),
                work(),
                of(vec![]),
                of(vec![]),
            ],
            dated: Vec::new(),
            through: "2026-12-31".parse().expect("a day"),
        }
    }

    fn at(day: &str, minute: u16) -> Timestamp {
        Local::new(day.parse().expect("a day"), minute).first()
    }

    #[test]
    fn on_a_saturday_the_next_reading_is_on_monday_at_nine() {
        let centre = Centre {
            reads: Some(office()),
            ..centre_of("a", true)
        };
        let monday = Local::new("2026-11-23".parse().expect("a day"), 540);
        assert_eq!(
            centre.reading(at("2026-11-21", 700)),
            Reading::Later(monday)
        );
        let evening = Local::new(monday.day, 1020);
        assert_eq!(
            centre.reading(at("2026-11-23", 600)),
            Reading::Now(Some(evening))
        );
        assert_eq!(centre.reading(at("2027-01-04", 600)), Reading::NotKnown);
    }

    #[test]
    fn a_centre_where_nobody_reads_is_not_chosen_while_there_is_another() {
        let centres = [
            centre_of("a", false),
            centre_of("b", true),
            centre_of("c", true),
        ];
        let of = |chosen| centre(&centres, chosen).map(|centre| &*centre.id);
        assert_eq!(of(None), Some("b"));
        assert_eq!(of(Some("c")), Some("c"));
        assert_eq!(of(Some("a")), Some("b"));
        assert_eq!(of(Some("gone")), Some("b"));
        let only = [centre_of("a", false)];
        assert_eq!(centre(&only, None).map(|centre| &*centre.id), Some("a"));
        assert_eq!(only[0].reading(at("2026-11-23", 600)), Reading::Nobody);
    }
}
