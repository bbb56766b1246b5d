//! Safe Places, and which of them is nearest.

use serde::{Deserialize, Deserializer, Serialize};

use crate::geo::{Point, metres_north, walking_minutes};
use crate::hours::{Hours, State};
use crate::id::PlaceId;
use crate::listing::nearest;
use crate::time::{DAY, Day, MINUTE, Timestamp};

/// A list older than this many days is not believed: hours change, places leave.
pub const LIST_LASTS: i64 = 30;

/// A building whose people know what to do when someone shows a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Place {
    /// Stable for as long as the place takes part.
    pub id: PlaceId,
    /// Grows with every change of this place.
    pub revision: u64,
    /// As it stands on the building.
    pub name: String,
    /// House, street and town, in one line, without the postcode.
    pub address: String,
    /// Absent where it has not been confirmed.
    #[serde(default)]
    pub postcode: Option<String>,
    /// Where the door is.
    pub point: Point,
    /// As people write it. Absent where it is not known.
    #[serde(default)]
    pub telephone: Option<String>,
    /// When somebody is there. Absent where it is not known: ring first.
    #[serde(default)]
    pub opening: Option<Hours>,
    /// What it is, in one line: "Café and bakery".
    #[serde(default)]
    pub what: Option<String>,
    /// How to get there from something that everybody sees, in words.
    #[serde(default)]
    pub directions: Option<String>,
    /// How to find the door, in words.
    #[serde(default)]
    pub door: Option<String>,
    /// What happens when somebody goes in.
    #[serde(default)]
    pub welcome: Option<String>,
    /// A picture of the door: its name under `/api/places/photos/`, made from its content.
    #[serde(default)]
    pub photo: Option<String>,
    /// What makes it easier to be there.
    #[serde(default, deserialize_with = "known_offers")]
    pub offers: Vec<Offer>,
    /// What its people speak, as BCP 47 tags.
    #[serde(default)]
    pub languages: Vec<String>,
    /// When somebody last made sure that all this is so.
    #[serde(default)]
    pub checked: Option<Day>,
    /// The last day on which that is believed; absent where nobody has made sure.
    #[serde(default)]
    pub review_by: Option<Day>,
    /// Two people found it closed, and no coordinator has looked since.
    #[serde(default)]
    pub ring_first: bool,
    /// An invented place, for trying the product: nobody may be sent there.
    #[serde(default)]
    pub sample: bool,
}

/// What makes it easier to be at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Offer {
    /// In through the door without a step.
    StepFree,
    /// A toilet that can be used.
    Toilets,
    /// Somewhere quiet to sit.
    QuietRoom,
    /// An induction loop.
    HearingLoop,
}

impl Offer {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [
        Self::StepFree,
        Self::Toilets,
        Self::QuietRoom,
        Self::HearingLoop,
    ];

    /// Its name on the wire and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::StepFree => "step-free",
            Self::Toilets => "toilets",
            Self::QuietRoom => "quiet-room",
            Self::HearingLoop => "hearing-loop",
        }
    }

    /// The offer of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|offer| offer.name() == name)
    }
}

/// Why what is known of a place's hours is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// People found it closed.
    FoundClosed,
    /// Nobody has made sure of it for too long, or ever.
    Unchecked,
    /// The whole list is too old, or the phone's clock is wrong.
    OldList,
    /// The hours are not known, or not as far as today.
    NoHours,
}

/// The offers that are known here. A newer server may name more: those are left out, not the place, and
/// come when it changes next.
fn known_offers<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Offer>, D::Error> {
    let named: Vec<String> = Vec::deserialize(from)?;
    Ok(named.iter().filter_map(|name| Offer::named(name)).collect())
}

impl Place {
    /// Why its hours are not to be believed today; `None` where they are. `list_age` is how many
    /// days ago the server last said that the list is so; negative where the clock was set back.
    pub fn doubt(&self, today: Day, list_age: i64) -> Option<Doubt> {
        let known = self.opening.as_ref();
        if self.ring_first {
            Some(Doubt::FoundClosed)
        } else if !(-1..=LIST_LASTS).contains(&list_age) {
            Some(Doubt::OldList)
        } else if known.is_none_or(|hours| hours.through < today) {
            Some(Doubt::NoHours)
        } else if self.review_by.is_none_or(|last| last < today) {
            Some(Doubt::Unchecked)
        } else {
            None
        }
    }

    /// Whether what is known of its hours is to be believed. `pulled` is when the server last said
    /// that the list is so; `None` where nobody knows, which is as good as never.
    pub fn is_believed(&self, now: Timestamp, pulled: Option<Timestamp>) -> bool {
        let today = now.in_london().day;
        let age = |pulled: Timestamp| now.since(pulled).div_euclid(DAY);
        pulled.is_some_and(|pulled| self.doubt(today, age(pulled)).is_none())
    }

    /// Whether the door is open now, as far as the list can be believed.
    pub fn state(&self, now: Timestamp, pulled: Option<Timestamp>) -> State {
        match &self.opening {
            Some(hours) if self.is_believed(now, pulled) => hours.state(now),
            _ => State::NotKnown,
        }
    }
}

/// The place to go to now: the nearest whose door is open and still will be after the walk; where none
/// is known to be, the nearest of all. Made-up places count for nothing: nobody is sent there.
pub fn to_go_to(
    places: &[Place],
    from: Point,
    now: Timestamp,
    pulled: Option<Timestamp>,
) -> Option<(&Place, State)> {
    let mut nearest_of_all = None;
    for (place, metres) in nearest(places, from) {
        if place.sample {
            continue;
        }
        let arrival = now.plus(i64::from(walking_minutes(metres)) * MINUTE);
        let state = place.state(now, pulled);
        if state.is_open() && place.state(arrival, pulled).is_open() {
            return Some((place, state));
        }
        nearest_of_all = nearest_of_all.or(Some((place, state)));
    }
    nearest_of_all
}

/// Whoever asks for a town means one with a place no further off than this, in metres, if there is one.
const NEAR_A_TOWN: f64 = 20_000.0;

/// Whether any place is near a town.
pub fn any_near(places: &[Place], town: Point) -> bool {
    let near = |place: &Place| {
        metres_north(town, place.point) <= NEAR_A_TOWN && town.metres_to(place.point) <= NEAR_A_TOWN
    };
    places.iter().any(near)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn place(id: &str, revision: u64, lat: f64) -> Place {
        Place {
            id: id.parse().expect("a test's own id"),
            revision,
            name: id.to_uppercase(),
            address: "1 High Street".into(),
            postcode: None,
            point: Point { lat, lon: -1.9 },
            telephone: None,
            opening: None,
            what: None,
            directions: None,
            door: None,
            welcome: None,
            photo: None,
            offers: vec![],
            languages: vec![],
            checked: None,
            review_by: None,
            ring_first: false,
            sample: true,
        }
    }

    #[test]
    fn the_nearest_place_comes_first() {
        let places = [
            place("far", 1, 53.0),
            place("near", 1, 52.51),
            place("here", 1, 52.5),
        ];
        let from = Point {
            lat: 52.5,
            lon: -1.9,
        };
        let order: Vec<_> = nearest(&places, from)
            .iter()
            .map(|(place, _)| place.id.as_str())
            .collect();
        assert_eq!(order, ["here", "near", "far"]);
    }

    #[test]
    fn equally_near_places_come_by_name() {
        let places = [place("bb", 1, 52.5), place("aa", 1, 52.5)];
        let order: Vec<_> = nearest(&places, places[0].point)
            .iter()
            .map(|(place, _)| place.id.as_str())
            .collect();
        assert_eq!(order, ["aa", "bb"]);
    }

    #[test]
    fn a_town_is_near_a_place_up_to_an_hour_by_bus() {
        let places = [place("aa", 1, 52.5)];
        let town = |lat: f64, lon: f64| any_near(&places, Point { lat, lon });
        assert!(town(52.5, -1.9) && town(52.67, -1.9) && town(52.5, -1.62));
        assert!(!town(52.69, -1.9) && !town(52.5, -1.59) && !town(52.6, -1.63));
        assert!(!any_near(&[], places[0].point));
    }

    const NOON: Timestamp = Timestamp(20_780 * DAY + DAY / 2);

    /// Open all day, every day, checked, known for long.
    fn open_place(id: &str, lat: f64) -> Place {
        let all_day = crate::hours::OfDay {
            open: vec![crate::hours::Span::DAY],
            ask: vec![],
        };
        Place {
            opening: Some(Hours {
                week: std::array::from_fn(|_| all_day.clone()),
                dated: vec![],
                through: NOON.day().plus(300),
            }),
            review_by: Some(NOON.day()),
            ..place(id, 1, lat)
        }
    }

    #[track_caller]
    fn doubted(change: impl FnOnce(&mut Place), list_age: i64, expected: Option<Doubt>) {
        let mut place = open_place("aa", 52.5);
        change(&mut place);
        let today = NOON.in_london().day;
        assert_eq!(place.doubt(today, list_age), expected);
        let pulled = NOON.plus(-list_age * DAY);
        assert_eq!(
            place.state(NOON, Some(pulled)) == State::NotKnown,
            expected.is_some()
        );
    }

    #[test]
    fn hours_are_believed_only_while_somebody_vouches_for_them() {
        doubted(|_| (), 0, None);
        doubted(|_| (), 30, None);
        doubted(|_| (), 31, Some(Doubt::OldList));
        doubted(|_| (), -1, None);
        doubted(|_| (), -2, Some(Doubt::OldList));
        doubted(|place| place.ring_first = true, 0, Some(Doubt::FoundClosed));
        doubted(|place| place.opening = None, 0, Some(Doubt::NoHours));
        doubted(|place| place.review_by = None, 0, Some(Doubt::Unchecked));
        let yesterday = NOON.day().plus(-1);
        doubted(
            |place| place.review_by = Some(yesterday),
            0,
            Some(Doubt::Unchecked),
        );
        doubted(
            |place| {
                if let Some(hours) = &mut place.opening {
                    hours.through = yesterday;
                }
            },
            0,
            Some(Doubt::NoHours),
        );
        assert_eq!(open_place("aa", 52.5).state(NOON, None), State::NotKnown);
    }

    #[test]
    fn one_goes_to_the_nearest_door_that_is_open_and_still_will_be_after_the_walk() {
        let real = |place: Place| Place {
            sample: false,
            ..place
        };
        let closes = |id: &str, lat: f64, minute: u16| {
            let mut place = real(open_place(id, lat));
            let day = crate::hours::OfDay {
                open: crate::hours::Span::new(0, minute).into_iter().collect(),
                ask: vec![],
            };
            if let Some(hours) = &mut place.opening {
                hours.week = std::array::from_fn(|_| day.clone());
            }
            place
        };
        let from = Point {
            lat: 52.5,
            lon: -1.9,
        };
        let to = |places: &[Place]| {
            let found = to_go_to(places, from, NOON, Some(NOON));
            found.map(|(place, state)| (place.id.as_str().to_owned(), state.is_open()))
        };
        let made_up = open_place("made-up", 52.5);
        assert_eq!(to(std::slice::from_ref(&made_up)), None);
        let unknown = real(place("unknown", 1, 52.501));
        // 555 metres are a walk of ten minutes; noon in the winter is minute 720.
        let closing = closes("closing", 52.505, 725);
        let open = closes("open", 52.51, 900);
        let shut = closes("shut", 52.5005, 700);
        let all = [
            made_up,
            unknown.clone(),
            shut.clone(),
            closing.clone(),
            open,
        ];
        assert_eq!(to(&all), Some(("open".into(), true)));
        assert_eq!(to(&[unknown, closing]), Some(("unknown".into(), false)));
        assert_eq!(
            to(std::slice::from_ref(&shut)),
            Some(("shut".into(), false))
        );
    }

    proptest::proptest! {
        #[test]
        fn the_order_is_that_of_the_great_circle(
            points in proptest::collection::vec((49.0f64..61.0, -8.0f64..2.0), 0..60),
            here in (49.0f64..61.0, -8.0f64..2.0),
        ) {
            let from = Point { lat: here.0, lon: here.1 };
            let places: Vec<_> = (points.iter())
                .map(|(lat, lon)| Place { point: Point { lat: *lat, lon: *lon }, ..place("aa", 1, 0.0) })
                .collect();
            let found = nearest(&places, from);
            proptest::prop_assert_eq!(found.len(), places.len());
            // The chord through the earth, by another formula, grows with the great circle.
            let unit = |point: Point| {
                let (lat, lon) = (point.lat.to_radians(), point.lon.to_radians());
                [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
            };
            let chord = |place: &Place| {
                let (a, b) = (unit(from), unit(place.point));
                (0..3).map(|n| (a[n] - b[n]).powi(2)).sum::<f64>().sqrt()
            };
            for pair in found.windows(2) {
                proptest::prop_assert!(chord(pair[0].0) <= chord(pair[1].0) + 1e-9);
            }
        }
    }
}
