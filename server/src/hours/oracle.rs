//! The phone's model beside the engine that reads `opening_hours` itself, over two years, and every
//! difference that is meant.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use compact_calendar::CompactCalendar;
use domain::hours::{Hours, State};
use domain::time::{Day, HOUR, Local, MINUTE, Timestamp};
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind};
use proptest::prelude::*;

use super::expand::read;
use super::holidays;
use crate::record::Nation;

/// Two years, with a leap day, four clock changes, and Christmas on a weekday and at a weekend.
const DAYS: i64 = 731;

fn first() -> Day {
    "2027-06-01".parse().expect("a day")
}

/// Texts on which model and engine must agree on every minute.
const ALIKE: &[&str] = &[
    "Mo-Fr 09:00-17:00; PH off",
    "Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off",
    "Mo-Su 08:00-16:00; PH off",
    "Mo-Fr 09:00-12:30,13:30-17:30; PH closed",
    "24/7",
    "00:00-24:00; PH 10:00-16:00",
    "Mo-Su,PH 10:00-22:00",
    "Fr,Sa 20:00-03:00; PH off",
    "Mo-Su 22:00-06:00; PH off",
    "Mo-Sa 18:00-26:00; PH 12:00-15:00",
    "Su[1] 14:00-16:00; PH off",
    "We[-1] 10:00-12:00; PH off",
    "Apr-Sep Mo-Su 09:00-19:00; Oct-Mar Mo-Su 10:00-16:00; PH off",
    "Mo-Fr 09:00-17:00; PH off; Dec 24 09:00-12:00; Dec 25-Jan 02 off",
    "Mo-Fr 09:00-17:00; Aug off; PH off",
    "2028 Mo-Fr 09:00-17:00; PH off",
    "week 1-53/2 Mo 10:00-12:00; PH off",
    "easter -3 days 10:00-12:00; PH off",
    "Mo-Fr 01:30-05:00; PH off",
    "Sa 20:00-01:30; PH off",
    "Mo-Fr 10:00-16:00; PH off; 2027 Sep 13 off",
];

/// The engine with our own calendar.
fn engine(text: &str, nation: Nation) -> OpeningHours {
    let mut calendar = CompactCalendar::default();
    for year in 2026..=2031 {
        for day in holidays::of_year(nation, year) {
            calendar.insert(date(day));
        }
    }
    let holidays = ContextHolidays::new(Arc::new(calendar), Arc::default());
    let hours: OpeningHours = text.parse().expect("a test's own text");
    hours.with_context(Context::default().with_holidays(holidays))
}

fn date(day: Day) -> NaiveDate {
    day.to_string().parse().expect("written alike")
}

fn naive(local: Local) -> NaiveDateTime {
    let midnight = date(local.day).and_hms_opt(0, 0, 0).expect("midnight");
    midnight + TimeDelta::minutes(i64::from(local.minute))
}

type Intervals = Vec<(NaiveDateTime, NaiveDateTime)>;

/// When the engine says open, from the first day on.
fn by_engine(text: &str, nation: Nation) -> Intervals {
    let [from, to] = [first(), first().plus(DAYS)].map(|day| naive(Local { day, minute: 0 }));
    let ranges = engine(text, nation).iter_range(from, to);
    let open = ranges.filter(|range| range.kind == RuleKind::Open);
    touching(open.map(|range| (range.range.start, range.range.end)))
}

/// When the model says open, cut to the same days.
fn by_model(model: &Hours) -> Intervals {
    let [from, to] = [first(), first().plus(DAYS)].map(|day| naive(Local { day, minute: 0 }));
    let found = model.joined(first(), DAYS).into_iter();
    touching(
        found
            .map(|(opens, closes)| (naive(opens).max(from), naive(closes).min(to)))
            .filter(|(opens, closes)| opens < closes),
    )
}

fn touching(intervals: impl Iterator<Item = (NaiveDateTime, NaiveDateTime)>) -> Intervals {
    let mut joined = Intervals::new();
    for (opens, closes) in intervals {
        match joined.last_mut() {
            Some(last) if last.1 == opens => last.1 = closes,
            _ => joined.push((opens, closes)),
        }
    }
    joined
}

/// What begins before the first day reaches into it only for an engine that knows the day before.
fn model(text: &str, nation: Nation) -> Hours {
    let model = read(text)
        .expect("readable")
        .model(nation, first().plus(-1), DAYS + 1);
    assert_eq!(model.through, first().plus(DAYS - 1));
    model
}

#[test]
fn the_model_is_open_when_the_engine_is_for_two_years() {
    for text in ALIKE {
        for nation in Nation::ALL {
            let (model, engine) = (by_model(&model(text, nation)), by_engine(text, nation));
            assert!(!engine.is_empty(), "{text}");
            assert_eq!(model, engine, "{text} in {nation:?}");
        }
    }
}

/// The days on which model and engine differ in when they are open.
fn differing(text: &str, nation: Nation) -> BTreeSet<Day> {
    let model = model(text, nation);
    let engine = engine(text, nation);
    let differs = |day: &Day| {
        (0..1_440).step_by(15).any(|minute| {
            let local = Local { day: *day, minute };
            let open = by_engine_at(&engine, local);
            let inside = model.joined(*day, 1);
            let known = inside
                .iter()
                .any(|(opens, closes)| *opens <= local && local < *closes);
            open != known
        })
    };
    (0..DAYS).map(|n| first().plus(n)).filter(differs).collect()
}

fn by_engine_at(engine: &OpeningHours, local: Local) -> bool {
    engine.state(naive(local)).0 == RuleKind::Open
}

fn bank_holidays(nation: Nation) -> BTreeSet<Day> {
    let days = (0..DAYS).map(|n| first().plus(n));
    days.filter(|day| holidays::is_one(nation, *day)).collect()
}

#[test]
fn a_text_silent_on_bank_holidays_differs_on_them_alone_and_is_not_known() {
    let text = "Mo-Su 09:00-17:00";
    for nation in Nation::ALL {
        assert_eq!(differing(text, nation), bank_holidays(nation), "{nation:?}");
    }
    // Where the place is closed on that weekday, the engine is closed as well; still we do not know.
    let model = model("Mo-Fr 09:00-17:00", Nation::England);
    for day in bank_holidays(Nation::England) {
        let noon = Local { day, minute: 720 }.first();
        assert_eq!(model.state(noon), State::NotKnown, "{day}");
    }
}

#[test]
fn what_reaches_over_from_the_evening_before_a_silent_bank_holiday_stays() {
    let model = model("Mo-Su 20:00-02:00", Nation::England);
    let at = |text: &str, minute| {
        let day = text.parse().expect("a day");
        model.state(Local { day, minute }.first())
    };
    // 25 December 2027 is a Saturday.
    assert!(at("2027-12-25", 60).is_open());
    assert_eq!(at("2027-12-25", 120), State::NotKnown);
    assert_eq!(at("2027-12-25", 1_260), State::NotKnown);
    // What would have begun on the holiday itself is not known on the morning after either: closed.
    assert!(!at("2027-12-29", 1_140).is_open());
}

#[test]
fn a_date_that_is_spoken_of_is_known_although_bank_holidays_are_not() {
    let text = "Mo-Su 09:00-17:00; Dec 25 off; Jan 01 11:00-13:00";
    let days = differing(text, Nation::England);
    let spoken = |day: &&Day| matches!(day.date(), (_, 12, 25) | (_, 1, 1));
    assert_eq!(days.iter().find(spoken), None);
    let expected = bank_holidays(Nation::England);
    assert_eq!(
        days.len(),
        expected.iter().filter(|day| !spoken(day)).count()
    );
}

#[test]
fn unstaffed_hours_are_not_open_and_by_appointment_is_not_known() {
    let text = "Mo-Fr 09:00-12:00; PH off; Sa 08:00-20:00 \"unstaffed\"; Tu 14:00-16:00 \"by appointment\"; We 10:00-12:00 unknown";
    let model = model(text, Nation::England);
    // 2027-06-05 is a Saturday, 2027-06-08 a Tuesday.
    let at = |text: &str, hour: u16| {
        let day = text.parse().expect("a day");
        model.state(Local::new(day, hour * 60).first())
    };
    assert!(matches!(at("2027-06-05", 12), State::Closed { .. }));
    assert_eq!(at("2027-06-08", 15), State::NotKnown);
    assert_eq!(at("2027-06-09", 11), State::NotKnown);
    assert!(at("2027-06-10", 11).is_open());
}

#[track_caller]
fn refused(text: &str, because: &str) {
    let why = read(text).expect_err(text).to_string();
    assert!(why.contains(because), "{text}: {why}");
}

#[test]
fn hours_that_cannot_be_used_are_refused_with_the_reason() {
    refused("", "not written as");
    refused("whenever we feel like it", "not written as");
    refused("Mo-Fr 9 to 5", "not written as");
    refused("Mo-Fr 25:00-99:00", "not written as");
    refused("sunrise-sunset", "by the sun");
    refused("Mo-Fr 09:00-(sunset-01:00)", "by the sun");
    refused("Mo-Fr 17:00+", "when it closes");
    refused("Mo-Fr 09:00-17:00; SH off", "school holidays");
    refused(&"Mo-Fr 09:00-17:00; ".repeat(100), "longer than");
}

#[test]
fn an_ordinary_week_is_small() {
    let model = super::expand(
        "Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off",
        Nation::England,
        first(),
    )
    .expect("readable");
    let json = serde_json::to_string(&model).expect("plain data");
    assert!(json.len() < 700, "{} bytes: {json}", json.len());
    assert_eq!(model.through, first().plus(399));
}

/// Whether clocks show this time twice, or not at all.
fn is_odd(local: Local) -> bool {
    local.first() != local.second() || local.first().in_london() != local
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn at_any_instant_a_phone_says_what_the_engine_says_of_london(
        text in prop::sample::select(ALIKE),
        minutes in prop::collection::vec(0..DAYS * 1_440, 40),
    ) {
        let (model, engine) = (model(text, Nation::England), engine(text, Nation::England));
        for minute in minutes {
            let now: Timestamp = first().start().plus(minute * MINUTE);
            let local = now.in_london();
            // The hour that comes twice, and what is left of it on either side, is in domain's tests.
            let odd = [-HOUR, 0, HOUR].iter().any(|by| is_odd(now.plus(*by).in_london()));
            if !odd && local.day < first().plus(DAYS) {
                prop_assert_eq!(
                    model.state(now).is_open(),
                    by_engine_at(&engine, local),
                    "{} at {:?}", text, local
                );
            }
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "[MoTuWeThFrSaPH0-9:;,\\-+\" ]{0,40}|.{0,40}") {
        if let Ok(hours) = read(&text) {
            hours.model(Nation::England, first(), 30);
        }
    }
}
