//! Instants and days. Nothing here knows what time it is: "now" comes in as an argument.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z. A phone's clock may be wrong by years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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

    /// The day this instant lies in.
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(DAY).clamp(FIRST.0, LAST.0))
    }
}

/// A day of the calendar, in UTC; written "2026-11-22". Years 0 to 9999.
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

    /// The day of a date in the calendar that goes on for ever in both directions; any month from 1
    /// to 12. Months are counted from March, so that the odd day of a leap year is the last one.
    fn of(year: i64, month: i64, day: i64) -> Self {
        let year = if month > 2 { year } else { year - 1 };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        Self(era * 146_097 + day - 719_468)
    }

    /// Year, month and day.
    fn date(self) -> (i64, i64, i64) {
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
        let day = Self::of(date.0, date.1, date.2);
        // The thirty-first of a shorter month, or a thirteenth month, is another day than it says.
        if day.date() == date {
            Ok(day)
        } else {
            Err(NotADay)
        }
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
