//! Finding help without a map: what comes first, what may be said about a position, and what must
//! not be said because it could lead somebody into danger.

use crate::geo::{Compass, Point, walking_minutes};
use crate::hours::State;
use crate::postcode::{Level, Postcode};
use crate::time::Timestamp;

/// A walk longer than this, in minutes, is no help to somebody in need.
const LONGEST_WALK: u32 = 15;
/// An arrow is a straight line: further off, in metres, it may lead across a motorway.
const ARROW_WITHIN: f64 = 300.0;
/// A position must be at least this good, in metres, for an arrow.
const ARROW_ACCURACY: f64 = 50.0;
/// A position must be at most this old, in milliseconds, for an arrow.
const ARROW_AGE: i64 = 60_000;
/// A postcode further off than this, in metres, is not "near".
const UNIT_WITHIN: f64 = 250.0;
/// Where even the nearest postcode is further off than this, in metres, its district says nothing.
const DISTRICT_WITHIN: f64 = 2_000.0;
/// This close, in metres, somebody has arrived.
const ARRIVED: f64 = 30.0;
/// A position must be at least this good, in metres, to say where a place is from then on.
const PLACE_ACCURACY: f64 = 100.0;
/// One minute in milliseconds.
const MINUTE: i64 = 60_000;

/// What a person asks of Help now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Their contact's voice.
    Ring,
    /// Someone who listens.
    Cope,
    /// A safe place near them.
    Place,
    /// The way, or to be found.
    Lost,
}

/// The order in which Help now offers them, by the hour of the phone's clock. At night somebody to
/// talk to comes first, and places, which are likely shut, last.
pub fn needs_at(hour: u32) -> [Need; 4] {
    if is_night(hour) {
        [Need::Cope, Need::Ring, Need::Lost, Need::Place]
    } else {
        [Need::Ring, Need::Cope, Need::Place, Need::Lost]
    }
}

/// From ten in the evening to six in the morning.
pub fn is_night(hour: u32) -> bool {
    !(6..22).contains(&hour)
}

/// Where the phone believed it was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// The middle of where it may be.
    pub point: Point,
    /// How far off that may be, in metres.
    pub accuracy: f64,
    /// When.
    pub at: Timestamp,
}

/// How old a position is, as people say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Less than a minute.
    Now,
    /// One to 59.
    Minutes(u32),
    /// One to 23.
    Hours(u32),
    /// Days, or from before the clock was set back.
    Unknown,
}

/// A distance rounded up to what people say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// In tens, from 100 on in hundreds.
    Metres(u32),
    /// From one kilometre on.
    Kilometres(u32),
    /// The phone did not say.
    Unknown,
}

impl Fix {
    /// How old it is.
    pub fn age(&self, now: Timestamp) -> Age {
        let passed = now.since(self.at);
        let minutes = (passed / MINUTE) as u32;
        match passed {
            // A clock that was set right by a few seconds meanwhile is no reason for doubt.
            _ if passed <= -MINUTE => Age::Unknown,
            ..MINUTE => Age::Now,
            _ if minutes < 60 => Age::Minutes(minutes),
            _ if minutes < 24 * 60 => Age::Hours(minutes / 60),
            _ => Age::Unknown,
        }
    }

    /// How good it is.
    pub fn good_to(&self) -> About {
        let up_to = |step: f64| ((self.accuracy / step).ceil().max(1.0) * step) as u32;
        match self.accuracy {
            ..100.0 => About::Metres(up_to(10.0)),
            100.0..=900.0 => About::Metres(up_to(100.0)),
            900.0..100_000.0 => About::Kilometres(up_to(1_000.0) / 1_000),
            _ => About::Unknown,
        }
    }

    /// Whether it may stand for a place from now on.
    pub fn pins_a_place(&self) -> bool {
        self.accuracy <= PLACE_ACCURACY
    }

    /// The way to a point, seen at `now`.
    pub fn way_to(&self, to: Point, now: Timestamp) -> Way {
        let metres = self.point.metres_to(to);
        let fresh = (-MINUTE..=ARROW_AGE).contains(&now.since(self.at));
        let sure = self.accuracy <= ARROW_ACCURACY && metres <= ARROW_WITHIN;
        Way {
            minutes: walking_minutes(metres),
            arrived: metres <= ARRIVED && self.accuracy <= ARROW_ACCURACY,
            direction: (self.accuracy < metres).then(|| self.point.compass_to(to)),
            arrow: (fresh && sure && metres > ARRIVED).then(|| self.point.bearing_to(to)),
        }
    }
}

/// How to get from a position to a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// About how long the walk takes.
    pub minutes: u32,
    /// So close that there is no way left.
    pub arrived: bool,
    /// Unknown where the position is less sure than the way is long.
    pub direction: Option<Compass>,
    /// Degrees clockwise from north for an arrow; only where the straight line can be trusted.
    pub arrow: Option<f64>,
}

impl Way {
    /// Whether the walk is too long to send somebody on.
    pub fn is_far(&self) -> bool {
        self.minutes > LONGEST_WALK
    }
}

/// Whether to send somebody to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// It is near enough, and open.
    Walk,
    /// People first: the walk is too long.
    TooFar,
    /// People first: nothing is known to be open.
    NothingOpen,
    /// People first: no place is known.
    NoPlace,
}

/// Whether to send somebody to the nearest place, or to their contact and 101 first.
pub fn advice(nearest: Option<(&Way, State)>) -> Advice {
    match nearest {
        None => Advice::NoPlace,
        Some((way, _)) if way.is_far() => Advice::TooFar,
        Some((_, state)) if state.is_open() => Advice::Walk,
        Some(_) => Advice::NothingOpen,
    }
}

/// The postcode to tell somebody on the telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// A dozen doors.
    Unit(Postcode),
    /// No more than the district can be said.
    District(Postcode),
    /// None.
    Unknown,
}

/// What may be said of the nearest postcode and how many metres off it is.
pub fn near(fix: &Fix, nearest: Option<(Postcode, f64)>) -> Near {
    match nearest {
        Some((postcode, metres)) if metres <= UNIT_WITHIN && fix.accuracy <= UNIT_WITHIN => {
            Near::Unit(postcode)
        }
        Some((postcode, metres)) if metres + fix.accuracy <= DISTRICT_WITHIN => {
            Near::District(postcode.at(Level::District))
        }
        _ => Near::Unknown,
    }
}

/// How far to turn an arrow that points up, in degrees, on a phone that faces `heading`. Steps of
/// five: a needle that trembles is hard to read.
pub fn turn(bearing: f64, heading: f64) -> u32 {
    ((bearing - heading).rem_euclid(360.0) / 5.0).round() as u32 % 72 * 5
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Point = Point {
        lat: 52.5037,
        lon: -1.9679,
    };
    const NOW: Timestamp = Timestamp(1_000_000_000_000);

    fn fix(accuracy: f64, seconds_ago: i64) -> Fix {
        Fix {
            point: HERE,
            accuracy,
            at: NOW.plus(-seconds_ago * 1_000),
        }
    }

    /// So many metres to the north of here.
    fn north(metres: f64) -> Point {
        Point {
            lat: HERE.lat + metres / 111_195.0,
            ..HERE
        }
    }

    #[test]
    fn someone_to_talk_to_comes_first_at_night_alone() {
        for hour in [22, 23, 0, 5] {
            assert_eq!(needs_at(hour)[0], Need::Cope, "{hour}");
        }
        for hour in [6, 12, 21] {
            assert_eq!(needs_at(hour)[0], Need::Ring, "{hour}");
        }
    }

    #[track_caller]
    fn aged(seconds_ago: i64, expected: Age) {
        assert_eq!(fix(10.0, seconds_ago).age(NOW), expected, "{seconds_ago} s");
    }

    #[test]
    fn an_age_is_told_as_people_say_it() {
        aged(0, Age::Now);
        aged(59, Age::Now);
        aged(60, Age::Minutes(1));
        aged(3_599, Age::Minutes(59));
        aged(3_600, Age::Hours(1));
        aged(86_399, Age::Hours(23));
        aged(86_400, Age::Unknown);
    }

    #[test]
    fn a_position_from_the_future_has_no_age() {
        aged(-5, Age::Now);
        aged(-3_600, Age::Unknown);
    }

    #[track_caller]
    fn good(accuracy: f64, expected: About) {
        assert_eq!(fix(accuracy, 0).good_to(), expected, "{accuracy} m");
    }

    #[test]
    fn a_position_is_never_called_better_than_it_is() {
        good(0.0, About::Metres(10));
        good(21.0, About::Metres(30));
        good(99.0, About::Metres(100));
        good(101.0, About::Metres(200));
        good(950.0, About::Kilometres(1));
        good(2_001.0, About::Kilometres(3));
        good(f64::NAN, About::Unknown);
        good(1e9, About::Unknown);
    }

    #[track_caller]
    fn arrow(accuracy: f64, seconds_ago: i64, metres: f64, shown: bool) {
        let way = fix(accuracy, seconds_ago).way_to(north(metres), NOW);
        assert_eq!(
            way.arrow.is_some(),
            shown,
            "good to {accuracy} m, {seconds_ago} s ago, {metres} m off"
        );
    }

    #[test]
    fn an_arrow_is_shown_only_where_a_straight_line_can_be_trusted() {
        arrow(50.0, 60, 299.0, true);
        arrow(50.1, 0, 200.0, false);
        arrow(10.0, 61, 200.0, false);
        arrow(10.0, 0, 301.0, false);
        arrow(10.0, 0, 20.0, false);
        arrow(10.0, -3_600, 200.0, false);
        arrow(f64::NAN, 0, 200.0, false);
    }

    #[test]
    fn a_direction_is_not_told_where_the_position_is_less_sure_than_the_way_is_long() {
        assert_eq!(
            fix(400.0, 0).way_to(north(500.0), NOW).direction,
            Some(Compass::North)
        );
        assert_eq!(fix(600.0, 0).way_to(north(500.0), NOW).direction, None);
    }

    #[test]
    fn a_place_is_not_kept_where_the_phone_only_guesses() {
        assert!(fix(100.0, 0).pins_a_place());
        assert!(!fix(101.0, 0).pins_a_place());
        assert!(!fix(f64::NAN, 0).pins_a_place());
    }

    #[test]
    fn nobody_has_arrived_by_a_bad_position() {
        assert!(fix(20.0, 0).way_to(north(10.0), NOW).arrived);
        assert!(!fix(500.0, 0).way_to(north(10.0), NOW).arrived);
    }

    #[test]
    fn people_come_before_a_place_that_is_far_unknown_or_likely_shut() {
        let way = |metres| fix(10.0, 0).way_to(north(metres), NOW);
        let open = State::Open { until: None };
        let shut = State::Closed { opens: None };
        assert_eq!(advice(Some((&way(860.0), open))), Advice::Walk);
        assert_eq!(advice(Some((&way(870.0), open))), Advice::TooFar);
        assert_eq!(advice(Some((&way(870.0), shut))), Advice::TooFar);
        assert_eq!(advice(Some((&way(100.0), shut))), Advice::NothingOpen);
        let unknown = State::NotKnown;
        assert_eq!(advice(Some((&way(100.0), unknown))), Advice::NothingOpen);
        assert_eq!(advice(None), Advice::NoPlace);
    }

    #[track_caller]
    fn told(accuracy: f64, metres: f64, expected: &str) {
        let postcode = Postcode::parse("B70 8LU").expect("a postcode");
        let said = match near(&fix(accuracy, 0), Some((postcode, metres))) {
            Near::Unit(postcode) | Near::District(postcode) => postcode.to_string(),
            Near::Unknown => String::new(),
        };
        assert_eq!(said, expected, "good to {accuracy} m, {metres} m off");
    }

    #[test]
    fn a_postcode_is_told_only_as_far_as_it_is_known() {
        told(30.0, 250.0, "B70 8LU");
        told(30.0, 251.0, "B70");
        told(251.0, 10.0, "B70");
        told(30.0, 2_000.0, "");
        told(f64::NAN, 10.0, "");
        assert_eq!(near(&fix(10.0, 0), None), Near::Unknown);
    }

    #[test]
    fn an_arrow_turns_against_the_phone() {
        assert_eq!(turn(0.0, 0.0), 0);
        assert_eq!(turn(90.0, 0.0), 90);
        assert_eq!(turn(90.0, 180.0), 270);
        assert_eq!(turn(1.0, 3.0), 0);
    }
}
