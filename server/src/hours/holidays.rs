//! Bank holidays of the four nations, by rule: the calendars that come with the hours' engine leave
//! out days on which doors are shut.

use std::collections::BTreeSet;

use domain::time::Day;

use crate::record::Nation;

/// As `Day::weekday` counts.
const SATURDAY: usize = 5;

/// Every bank holiday of a year (Banking and Financial Dealings Act 1971, schedule 1, and the days
/// that are kept by custom or proclaimed every year). 25 and 26 December and 1 January are in it
/// wherever they fall, and so is the weekday that stands for one at a weekend. One-off days, such as
/// for a coronation, are not known beforehand and not in it.
pub fn of_year(nation: Nation, year: i64) -> BTreeSet<Day> {
    let mut days = with_substitutes(year, dates(nation));
    let easter = easter_sunday(year);
    days.extend(easter.map(|sunday| sunday.plus(-2)));
    days.extend(first_monday(year, 5));
    days.extend(last_monday(year, 5));
    if nation == Nation::Scotland {
        days.extend(first_monday(year, 8));
    } else {
        days.extend(easter.map(|sunday| sunday.plus(1)));
        days.extend(last_monday(year, 8));
    }
    days
}

/// Month and day of those that have a date.
fn dates(nation: Nation) -> &'static [(i64, i64)] {
    match nation {
        Nation::England | Nation::Wales => &[(1, 1), (12, 25), (12, 26)],
        Nation::NorthernIreland => &[(1, 1), (3, 17), (7, 12), (12, 25), (12, 26)],
        Nation::Scotland => &[(1, 1), (1, 2), (11, 30), (12, 25), (12, 26)],
    }
}

/// Whether a day is a bank holiday.
#[cfg(test)]
pub fn is_one(nation: Nation, day: Day) -> bool {
    of_year(nation, day.date().0).contains(&day)
}

/// The dates themselves, and for each on a Saturday or Sunday the next weekday that is not taken.
fn with_substitutes(year: i64, dates: &[(i64, i64)]) -> BTreeSet<Day> {
    let dates: Vec<_> = (dates.iter())
        .filter_map(|(month, day)| Day::on(year, *month, *day))
        .collect();
    let mut days: BTreeSet<_> = dates.iter().copied().collect();
    for date in dates.iter().filter(|date| date.weekday() >= SATURDAY) {
        let mut substitute = date.plus(1);
        while substitute.weekday() >= SATURDAY || days.contains(&substitute) {
            substitute = substitute.plus(1);
        }
        days.insert(substitute);
    }
    days
}

fn first_monday(year: i64, month: i64) -> Option<Day> {
    let first = Day::on(year, month, 1)?;
    Some(first.plus(((7 - first.weekday()) % 7) as i64))
}

/// Of a month with 31 days.
fn last_monday(year: i64, month: i64) -> Option<Day> {
    let last = Day::on(year, month, 31)?;
    Some(last.plus(-(last.weekday() as i64)))
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm, Meeus, Astronomical
/// Algorithms, chapter 8).
fn easter_sunday(year: i64) -> Option<Day> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Day::on(year, n / 31, n % 31 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn are(nation: Nation, year: i64, expected: &[&str]) {
        let days: Vec<_> = of_year(nation, year)
            .iter()
            .map(|day| day.to_string().split_off(5))
            .collect();
        assert_eq!(days, expected, "{nation:?} {year}");
    }

    // The weekdays are those that gov.uk/bank-holidays publishes; the dates at weekends, which it
    // leaves out, are ours.

    #[test]
    fn the_holidays_of_england_and_wales_are_those_published() {
        for nation in [Nation::England, Nation::Wales] {
            are(
                nation,
                2026,
                &[
                    "01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-26", "12-28",
                ],
            );
            are(
                nation,
                2027,
                &[
                    "01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-25", "12-26",
                    "12-27", "12-28",
                ],
            );
            are(
                nation,
                2022,
                &[
                    "01-01", "01-03", "04-15", "04-18", "05-02", "05-30", "08-29", "12-25",
                    "12-26", "12-27",
                ],
            );
        }
    }

    #[test]
    fn scotland_has_a_second_of_january_and_saint_andrew_and_no_easter_monday() {
        are(
            Nation::Scotland,
            2026,
            &[
                "01-01", "01-02", "04-03", "05-04", "05-25", "08-03", "11-30", "12-25", "12-26",
                "12-28",
            ],
        );
        // 1 and 2 January 2022: a Saturday and a Sunday.
        are(
            Nation::Scotland,
            2022,
            &[
                "01-01", "01-02", "01-03", "01-04", "04-15", "05-02", "05-30", "08-01", "11-30",
                "12-25", "12-26", "12-27",
            ],
        );
        // 1 January 2023 is a Sunday: its Monday is the second, so it moves to Tuesday.
        let days = of_year(Nation::Scotland, 2023);
        let has = |text: &str| days.contains(&text.parse().expect("a day"));
        assert!(has("2023-01-02") && has("2023-01-03") && !has("2023-01-04"));
    }

    #[test]
    fn northern_ireland_has_saint_patrick_and_the_twelfth() {
        are(
            Nation::NorthernIreland,
            2026,
            &[
                "01-01", "03-17", "04-03", "04-06", "05-04", "05-25", "07-12", "07-13", "08-31",
                "12-25", "12-26", "12-28",
            ],
        );
    }

    #[test]
    fn easter_is_found_from_its_rule() {
        for (year, sunday) in [
            (2000, "2000-04-23"),
            (2008, "2008-03-23"),
            (2011, "2011-04-24"),
            (2027, "2027-03-28"),
            (2038, "2038-04-25"),
        ] {
            assert_eq!(easter_sunday(year), sunday.parse().ok());
        }
    }

    #[test]
    fn christmas_and_new_year_are_always_in_it() {
        for nation in Nation::ALL {
            for year in 2020..2060 {
                let days = of_year(nation, year);
                for (month, day) in [(1, 1), (12, 25), (12, 26)] {
                    assert!(days.contains(&Day::on(year, month, day).expect("a date")));
                }
            }
        }
    }
}
