//! Instants and days. Nothing here knows what time it is: "now" comes in as an argument.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z. A phone's clock may be wrong by years.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timestamp(pub i64);

/// One minute in milliseconds.
pub const MINUTE: i64 = 60_000;
/// One hour in milliseconds.
pub const HOUR: i64 = 3_600_000;
/// One day in milliseconds.
pub const DAY: i64 = 24 * HOUR;

impl Timestamp {
    /// The instant this many milliseconds later.
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds since `earlier`; negative where the clock was set back in between.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The start of the hour this instant lies in: all the server keeps of a report's time.
    pub fn hour(self) -> Self {
        Self(self.0.div_euclid(HOUR) * HOUR)
    }

    /// The day this instant lies in, in UTC.
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(DAY).clamp(FIRST.0, LAST.0))
    }
}

/// A day of the calendar; written "2026-11-22". Years 0 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Date, example = "2026-11-22"))]
pub struct Day(i64);

/// 0000-01-01 and 9999-12-31, in days since 1970-01-01.
const FIRST: Day = Day(-719_528);
const LAST: Day = Day(2_932_896);

/// A text that is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotADay;

impl fmt::Display for NotADay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day is written as 2026-11-22")
    }
}

impl std::error::Error for NotADay {}

impl Day {
    /// Days since `earlier`; negative where that is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The day this many days later, within the years 0 to 9999.
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days).clamp(FIRST.0, LAST.0))
    }

    /// The day of the week: 0 is Monday, 6 is Sunday.
    pub fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) as usize
    }

    /// A date of the calendar; `None` for one that never was, such as 31 April.
    pub fn on(year: i64, month: i64, day: i64) -> Option<Self> {
        let possible = (0..=9999).contains(&year) && (1..=12).contains(&month);
        let found = possible.then(|| Self::of(year, month, day))?;
        (found.date() == (year, month, day)).then_some(found)
    }

    /// Midnight UTC at the start of this day.
    pub fn start(self) -> Timestamp {
        Timestamp(self.0 * DAY)
    }

    /// The day of a date in the calendar that goes on for ever in both directions; any month from 1
    /// to 12. Months are counted from March, so that the odd day of a leap year is the last one.
    fn of(year: i64, month: i64, day: i64) -> Self {
        let year = if month > 2 { year } else { year - 1 };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        Self(era * 146_097 + day - 719_468)
    }

    /// Year, month (1 to 12) and day of the month.
    pub fn date(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let leap = of_era / 1_460 - of_era / 36_524 + of_era / 146_096;
        let year = (of_era - leap) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = (from_march + 2) % 12 + 1;
        let year = era * 400 + year + i64::from(month <= 2);
        (year, month, day)
    }
}

/// A minute of a day as clocks in the United Kingdom show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Local {
    /// The day there.
    pub day: Day,
    /// Minutes since midnight by the clock: below 1440.
    pub minute: u16,
}

impl Timestamp {
    /// What clocks in the United Kingdom show at this instant, wherever the phone is set to be.
    pub fn in_london(self) -> Local {
        let shown = self.plus(if summer_time(self) { HOUR } else { 0 });
        let minute = shown.0.rem_euclid(DAY) / MINUTE;
        Local {
            day: shown.day(),
            minute: minute as u16,
        }
    }
}

impl Local {
    /// A minute of a day; from 1440 on, of the days after it.
    pub fn new(day: Day, minute: u16) -> Self {
        Self {
            day: day.plus(i64::from(minute / 1_440)),
            minute: minute % 1_440,
        }
    }

    /// The first instant at which clocks show this. A time that is left out in March is the moment
    /// at which the clocks go forward.
    pub fn first(self) -> Timestamp {
        let (summer, winter) = self.readings();
        match (summer_time(summer), summer_time(winter)) {
            (true, _) => summer,
            (false, false) => winter,
            (false, true) => last_sunday(self.day.date().0, 3),
        }
    }

    /// The last instant at which clocks show this: another than the first only in the hour that
    /// comes twice in October.
    pub fn second(self) -> Timestamp {
        let (_, winter) = self.readings();
        if summer_time(winter) {
            self.first()
        } else {
            winter
        }
    }

    /// The instants at which it is this, by summer time and by winter time.
    fn readings(self) -> (Timestamp, Timestamp) {
        let winter = self.day.start().plus(i64::from(self.minute) * MINUTE);
        (winter.plus(-HOUR), winter)
    }
}

/// Whether the clocks are an hour ahead: from 01:00 UTC on the last Sunday in March until 01:00 UTC
/// on the last Sunday in October (Summer Time Act 1972, section 1, as amended by SI 2002/262).
fn summer_time(at: Timestamp) -> bool {
    let year = at.day().date().0;
    last_sunday(year, 3) <= at && at < last_sunday(year, 10)
}

/// 01:00 UTC on the last Sunday of a month with 31 days.
fn last_sunday(year: i64, month: i64) -> Timestamp {
    let last = Day::of(year, month, 31);
    let sunday = last.plus(-((last.weekday() as i64 + 1) % 7));
    sunday.start().plus(HOUR)
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let [a, b, c, d, b'-', e, f, b'-', g, h] = *text.as_bytes() else {
            return Err(NotADay);
        };
        let digits = [a, b, c, d, e, f, g, h];
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(NotADay);
        }
        let number = |digits: &[u8]| (digits.iter()).fold(0, |n, d| n * 10 + i64::from(d - b'0'));
        let date = (
            number(&digits[..4]),
            number(&digits[4..6]),
            number(&digits[6..]),
        );
        Self::on(date.0, date.1, date.2).ok_or(NotADay)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Day {
    type Error = NotADay;

    fn try_from(text: String) -> Result<Self, NotADay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn is_day(days: i64, text: &str) {
        assert_eq!(Timestamp(days * DAY).day().to_string(), text);
        assert_eq!(text.parse(), Ok(Day(days)));
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        is_day(0, "1970-01-01");
        is_day(-1, "1969-12-31");
        is_day(59, "1970-03-01");
        is_day(789, "1972-02-29");
        is_day(11_016, "2000-02-29");
        is_day(20_779, "2026-11-22");
        is_day(FIRST.0, "0000-01-01");
        is_day(LAST.0, "9999-12-31");
        assert_eq!(Timestamp(-1).day(), Day(-1));
        assert_eq!(Timestamp(i64::MAX).day(), LAST);
        assert_eq!(Timestamp(i64::MIN).day(), FIRST);
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "",
            "2026-11-31",
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-1-01",
            "26-11-22",
            "2026/11/22",
            "2026-11-22 ",
            "+026-11-22",
            "２０２６-1",
        ] {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_day_reads_back_as_it_was_written(days in FIRST.0..=LAST.0) {
            prop_assert_eq!(Day(days).to_string().parse(), Ok(Day(days)));
            let next = Day(days + 1).date();
            prop_assert!(days == LAST.0 || next > Day(days).date());
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}|.{0,12}") {
            if let Ok(day) = text.parse::<Day>() {
                prop_assert_eq!(day.to_string(), text);
            }
        }
    }
}
