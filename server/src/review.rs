//! What a coordinator should look at: decided from what is known of a place, without a clock.

use std::fmt;

use domain::hours::Hours;
use domain::time::{DAY, Day, Timestamp};

use crate::record::{Record, Status};

/// A place whose time runs out within so many days is asked to confirm.
pub const SOON: i64 = 30;
/// A manager who has not answered after so many days is reminded.
pub const REMIND_AFTER: i64 = 14;
/// How long what was checked is believed, in days.
pub const CHECK_LASTS: i64 = 365;
/// Hours that are not open on any of the last so many days that are known have an end.
const NO_LONGER: i64 = 90;

/// A place and what else is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The place.
    pub record: Record,
    /// What phones are given of its hours.
    pub hours: Option<Hours>,
    /// How many people found it closed since it was checked and looked at.
    pub found_closed: u64,
    /// Since when a link of its manager waits for an answer.
    pub waiting_since: Option<Timestamp>,
    /// When its newest link was made.
    pub asked: Option<Timestamp>,
    /// When its manager said that it takes part no longer, and no coordinator has looked since.
    pub left: Option<Timestamp>,
}

/// A reason to look at a place. The most urgent come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// So many people found it closed.
    FoundClosed(u64),
    /// Its manager said on this day that it takes part no longer.
    Left(Day),
    /// Nobody has ever made sure of it.
    NeverChecked,
    /// What was checked is no longer believed since this day.
    Passed(Day),
    /// Its hours are known on no day, although there is a text.
    HoursEnded,
    /// Its hours open no more after this day.
    HoursEnd(Day),
    /// Nobody knows its hours.
    NoHours,
    /// Its manager was asked so many days ago and has not answered.
    NoAnswer(i64),
    /// It is paused or invited, and has been confirmed since.
    Confirmed(Day),
    /// What was checked will no longer be believed after this day.
    Soon(Day),
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FoundClosed(1) => f.write_str("one person found it closed"),
            Self::FoundClosed(count) => write!(f, "{count} people found it closed"),
            Self::Left(day) => write!(f, "its manager said on {day} that it takes part no longer"),
            Self::NeverChecked => f.write_str("never checked: phones say \"ring first\""),
            Self::Passed(day) => write!(f, "not checked since {day}: phones say \"ring first\""),
            Self::HoursEnded => f.write_str("its hours are over"),
            Self::HoursEnd(day) => write!(f, "its hours end on {day}"),
            Self::NoHours => f.write_str("its hours are not known"),
            Self::NoAnswer(days) => write!(f, "no answer for {days} days"),
            Self::Confirmed(day) => write!(f, "confirmed on {day}; is it active?"),
            Self::Soon(day) => write!(f, "to be confirmed by {day}"),
        }
    }
}

impl Standing {
    /// Every reason to look at it, the most urgent first.
    pub fn due(&self, now: Timestamp) -> Vec<Due> {
        let today = now.in_london().day;
        let place = &self.record.place;
        let mut due = Vec::new();
        if place.status == Status::Closed && self.record.listed {
            due.extend(self.left.map(|at| Due::Left(at.in_london().day)));
        }
        if !self.record.listed || matches!(place.status, Status::Closed | Status::Sample) {
            return due;
        }
        due.extend((self.found_closed > 0).then_some(Due::FoundClosed(self.found_closed)));
        if place.status == Status::Active {
            due.extend(self.trust(today));
            due.extend(self.hours_due(today));
        } else {
            let lately = |day: &Day| today.since(*day) <= SOON;
            due.extend(place.checked.filter(lately).map(Due::Confirmed));
        }
        let waiting = self.waiting_since.map(|since| now.since(since) / DAY);
        due.extend(
            waiting
                .filter(|days| *days >= REMIND_AFTER)
                .map(Due::NoAnswer),
        );
        due.sort();
        due
    }

    fn trust(&self, today: Day) -> Option<Due> {
        match self.record.place.review_by {
            None => Some(Due::NeverChecked),
            Some(last) if last < today => Some(Due::Passed(last)),
            Some(last) if last.since(today) <= SOON => Some(Due::Soon(last)),
            Some(_) => None,
        }
    }

    fn hours_due(&self, today: Day) -> Option<Due> {
        let Some(hours) = &self.hours else {
            return Some(Due::NoHours);
        };
        let mut day = hours.through;
        while day >= today {
            let open = hours.of(day).is_some_and(|of| *of != Default::default());
            if open {
                let ends = hours.through.since(day) >= NO_LONGER;
                return ends.then_some(Due::HoursEnd(day));
            }
            day = day.plus(-1);
        }
        Some(Due::HoursEnded)
    }

    /// Whether its manager should be reminded: the last message is two weeks old, and nobody has
    /// answered.
    pub fn is_to_be_reminded(&self, now: Timestamp) -> bool {
        let asked = self.asked.map(|asked| now.since(asked) / DAY);
        let waits = self.waiting_since.is_some() && asked.is_some_and(|days| days >= REMIND_AFTER);
        let open = !matches!(self.record.place.status, Status::Closed | Status::Sample);
        waits && open && self.record.listed
    }
}

#[cfg(test)]
mod tests {
    use domain::geo::Point;

    use super::*;
    use crate::hours;
    use crate::record::{ListedPlace, Nation};

    fn day(text: &str) -> Day {
        text.parse().expect("a test's own day")
    }

    fn now() -> Timestamp {
        day("2026-11-23").start().plus(12 * 3_600_000)
    }

    /// An active place with hours, checked in summer.
    fn standing(text: &str) -> Standing {
        let point = Point {
            lat: 52.5,
            lon: -1.9,
        };
        let id = "aa".parse().expect("an id");
        let place = ListedPlace {
            checked: Some(day("2026-06-01")),
            review_by: Some(day("2027-06-01")),
            opening_hours: Some(text.to_owned()),
            ..ListedPlace::new("aa", id, "AA", "1 High Street", point)
        };
        Standing {
            record: Record::new("scheme", place),
            hours: hours::expand(text, Nation::England, now().in_london().day).ok(),
            found_closed: 0,
            waiting_since: None,
            asked: None,
            left: None,
        }
    }

    #[track_caller]
    fn due(change: impl FnOnce(&mut Standing), expected: &[Due]) {
        let mut standing = standing("Mo-Fr 09:00-17:00; PH off");
        change(&mut standing);
        assert_eq!(standing.due(now()), expected);
    }

    #[test]
    fn a_place_that_is_in_order_is_left_alone() {
        due(|_| (), &[]);
    }

    #[test]
    fn a_place_that_left_is_looked_at_once_and_one_that_was_closed_is_not() {
        due(|it| it.record.place.status = Status::Closed, &[]);
        let left = |it: &mut Standing| {
            it.record.place.status = Status::Closed;
            it.left = Some(now());
        };
        due(left, &[Due::Left(day("2026-11-23"))]);
        due(|it| it.left = Some(now()), &[]);
    }

    #[test]
    fn what_phones_doubt_is_looked_at() {
        due(|it| it.record.place.review_by = None, &[Due::NeverChecked]);
        let passed = day("2026-11-22");
        due(
            |it| it.record.place.review_by = Some(passed),
            &[Due::Passed(passed)],
        );
        let soon = day("2026-12-23");
        due(
            |it| it.record.place.review_by = Some(soon),
            &[Due::Soon(soon)],
        );
        due(|it| it.hours = None, &[Due::NoHours]);
        due(|it| it.found_closed = 1, &[Due::FoundClosed(1)]);
    }

    #[test]
    fn hours_with_an_end_are_looked_at_before_it() {
        let ends = standing("2026 Mo-Fr 09:00-17:00; PH off");
        assert_eq!(ends.due(now()), [Due::HoursEnd(day("2026-12-31"))]);
        let ended = standing("2025 Mo-Fr 09:00-17:00; PH off");
        assert_eq!(ended.due(now()), [Due::HoursEnded]);
        // Closed for the winter is no end.
        assert_eq!(standing("Apr-Sep Mo-Su 09:00-17:00; PH off").due(now()), []);
    }

    #[test]
    fn who_does_not_answer_is_reminded_after_two_weeks() {
        let ago = |days: i64| Some(now().plus(-days * DAY));
        let mut standing = standing("Mo-Fr 09:00-17:00; PH off");
        (standing.waiting_since, standing.asked) = (ago(13), ago(13));
        assert_eq!(
            (standing.due(now()).len(), standing.is_to_be_reminded(now())),
            (0, false)
        );
        (standing.waiting_since, standing.asked) = (ago(28), ago(14));
        assert_eq!(standing.due(now()), [Due::NoAnswer(28)]);
        assert!(standing.is_to_be_reminded(now()));
        // Reminded yesterday: not again today.
        standing.asked = ago(1);
        assert!(!standing.is_to_be_reminded(now()));
    }

    #[test]
    fn who_takes_part_no_longer_is_left_alone() {
        due(
            |it| {
                it.record.place.status = Status::Closed;
                it.record.place.review_by = None;
                it.found_closed = 5;
            },
            &[],
        );
    }
}
