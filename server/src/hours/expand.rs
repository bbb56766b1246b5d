//! From an `opening_hours` text to the week, the dates that differ and the last day a phone evaluates.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use compact_calendar::CompactCalendar;
use domain::hours::{DAY_MINUTES, Hours, OfDay, Span};
use domain::time::Day;
use opening_hours::{Context, ContextHolidays, OpeningHours};
use opening_hours_syntax::rules::day::{HolidayKind, MonthdayRange, WeekDayRange};
use opening_hours_syntax::rules::time::{Time, TimeSpan};
use opening_hours_syntax::rules::{OpeningHoursExpression, RuleKind, RuleOperator, RuleSequence};

use super::holidays;
use crate::record::Nation;

/// How far ahead hours are made out, in days: a phone that hears nothing for that long knows nothing.
pub const AHEAD: i64 = 400;
/// Goes up with every change to what is made out of a text, holidays among it: what was made out by
/// other rules is made out anew.
pub const RULES: i64 = 1;
/// Longer texts than any that people write by hand, in bytes.
const LONGEST: usize = 1_000;

/// Why hours cannot be used. Each ends a sentence that begins with the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are the words of their Display")]
pub enum Unreadable {
    TooLong,
    Syntax,
    SunTimes,
    NoEnd,
    SchoolHolidays,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "it is longer than 1,000 characters",
            Self::Syntax => {
                "it is not written as OpenStreetMap's opening_hours, such as \"Mo-Fr 09:00-17:00; PH off\""
            }
            Self::SunTimes => "it goes by the sun; write times by the clock",
            Self::NoEnd => "it does not say when it closes; write the time after a hyphen",
            Self::SchoolHolidays => {
                "it goes by school holidays, which differ from place to place; write their dates"
            }
        })
    }
}

impl std::error::Error for Unreadable {}

/// Hours that were read and can be evaluated on any day.
#[derive(Debug, Clone)]
pub struct Readable(OpeningHours);

/// Reads an `opening_hours` text, or says why it cannot be used.
pub fn read(text: &str) -> Result<Readable, Unreadable> {
    if text.len() > LONGEST {
        return Err(Unreadable::TooLong);
    }
    let hours: OpeningHours = text.parse().map_err(|_| Unreadable::Syntax)?;
    let expression = hours.get_expression();
    let spans = || {
        let rules = expression.rules.iter();
        rules.flat_map(|rule| &rule.time_selector.spans)
    };
    if spans().any(goes_by_the_sun) {
        Err(Unreadable::SunTimes)
    } else if spans().any(|span| span.open_end) {
        Err(Unreadable::NoEnd)
    } else if (expression.rules.iter()).any(|rule| names(rule, HolidayKind::School)) {
        Err(Unreadable::SchoolHolidays)
    } else {
        Ok(Readable(hours))
    }
}

/// What phones are given of an `opening_hours` text from a day on.
pub fn expand(text: &str, nation: Nation, from: Day) -> Result<Hours, Unreadable> {
    Ok(read(text)?.model(nation, from, AHEAD))
}

fn goes_by_the_sun(span: &TimeSpan) -> bool {
    [span.range.start, span.range.end]
        .iter()
        .any(|time| matches!(time, Time::Variable(_)))
}

fn names(rule: &RuleSequence, holiday: HolidayKind) -> bool {
    let mut days = rule.day_selector.weekday.iter();
    days.any(|range| matches!(range, WeekDayRange::Holiday { kind, .. } if *kind == holiday))
}

impl Readable {
    /// The model from a day on, for so many days.
    pub fn model(self, nation: Nation, from: Day, days: i64) -> Hours {
        let engine = Engine::new(self.0, nation, from, days);
        let each = engine.days(from, days);
        let week: [OfDay; 7] = std::array::from_fn(|weekday| {
            usual(&each, weekday, &engine.holidays).unwrap_or_default()
        });
        let dated = (each.into_iter())
            .filter(|(day, of)| week[day.weekday()] != *of)
            .collect();
        Hours {
            week,
            dated,
            through: from.plus(days - 1),
        }
    }
}

/// What most days of this weekday are like; of two equally frequent ones the earlier. Bank holidays
/// do not vote.
fn usual(each: &[(Day, OfDay)], weekday: usize, holidays: &BTreeSet<Day>) -> Option<OfDay> {
    let mut votes: Vec<(&OfDay, usize)> = Vec::new();
    let ordinary =
        (each.iter()).filter(|(day, _)| day.weekday() == weekday && !holidays.contains(day));
    for (_, of) in ordinary {
        match votes.iter_mut().find(|(known, _)| *known == of) {
            Some((_, count)) => *count += 1,
            None => votes.push((of, 1)),
        }
    }
    let most = votes.iter().map(|(_, count)| *count).max()?;
    let first = votes.into_iter().find(|(_, count)| *count == most)?;
    Some(first.0.clone())
}

/// Evaluates a text day by day, with the bank holidays of a nation.
struct Engine {
    hours: OpeningHours,
    /// The rules that speak of dates of the calendar, all as if they opened something.
    dates: Option<OpeningHours>,
    holidays: BTreeSet<Day>,
    /// What holds on bank holidays is not said.
    silent: bool,
}

/// What a part of some days is, in minutes since the first of them began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    opens: i64,
    closes: i64,
    ask: bool,
}

impl Engine {
    fn new(hours: OpeningHours, nation: Nation, from: Day, days: i64) -> Self {
        let (first, last) = (from.plus(-2).date().0, from.plus(days + 2).date().0);
        let holidays: BTreeSet<Day> = (first..=last)
            .flat_map(|year| holidays::of_year(nation, year))
            .collect();
        let mut calendar = CompactCalendar::default();
        for date in holidays.iter().copied().filter_map(naive) {
            calendar.insert(date);
        }
        let known = ContextHolidays::new(Arc::new(calendar), Arc::default());
        let context = || Context::default().with_holidays(known.clone());
        let expression = hours.get_expression();
        let says = |rule: &RuleSequence| names(rule, HolidayKind::Public);
        Self {
            dates: of_dates(&expression).map(|dates| dates.with_context(context())),
            silent: !expression.is_constant() && !expression.rules.iter().any(says),
            hours: hours.with_context(context()),
            holidays,
        }
    }

    /// So many days from one on, each with what begins on it.
    fn days(&self, from: Day, days: i64) -> Vec<(Day, OfDay)> {
        // One day earlier, so that what reaches over into the first is not taken for its own; and
        // one later, so that the last keeps what reaches over from it.
        let before = from.plus(-1);
        let mut each: Vec<_> = (0..=days + 1)
            .map(|n| (before.plus(n), OfDay::default()))
            .collect();
        for part in joined(self.parts(before, days + 2)) {
            give(&mut each, part);
        }
        for (day, of) in &mut each {
            if self.is_silent_on(*day) {
                *of = OfDay {
                    open: vec![],
                    ask: vec![Span::DAY],
                };
            }
        }
        each.pop();
        each.remove(0);
        each
    }

    fn parts(&self, from: Day, days: i64) -> Vec<Part> {
        let day = |n: i64| {
            let schedule = naive(from.plus(n)).map(|date| self.hours.schedule_at(date));
            let ranges = schedule.into_iter().flatten();
            ranges.filter_map(move |range| {
                let ask = asks(range.kind, &range.comment)?;
                let start = n * i64::from(DAY_MINUTES);
                Some(Part {
                    opens: start + i64::from(range.range.start.mins_from_midnight()),
                    closes: start + i64::from(range.range.end.mins_from_midnight()),
                    ask,
                })
            })
        };
        (0..days).flat_map(day).collect()
    }

    fn is_silent_on(&self, day: Day) -> bool {
        let spoken_of = || {
            let date = naive(day);
            let of = |dates: &OpeningHours| date.map(|date| dates.schedule_at(date));
            (self.dates.as_ref().and_then(of)).is_some_and(|schedule| !schedule.is_empty())
        };
        self.silent && self.holidays.contains(&day) && !spoken_of()
    }
}

/// The rules that name dates, as if each opened the whole of them; `None` where there are none.
fn of_dates(expression: &OpeningHoursExpression) -> Option<OpeningHours> {
    let dated = |rule: &&RuleSequence| {
        let mut days = rule.day_selector.monthday.iter();
        days.any(|range| matches!(range, MonthdayRange::Date { .. }))
    };
    let opened = |rule: &RuleSequence| RuleSequence {
        kind: RuleKind::Open,
        operator: RuleOperator::Normal,
        comment: Arc::default(),
        time_selector: Default::default(),
        day_selector: rule.day_selector.clone(),
    };
    let rules: Vec<_> = expression.rules.iter().filter(dated).map(opened).collect();
    let text = (!rules.is_empty()).then(|| OpeningHoursExpression { rules }.to_string())?;
    text.parse().ok()
}

/// Whether one must ring first, where the text says open or unknown; `None` is closed.
///
/// A comment narrows what is open: nobody is there when it is unstaffed, and what other comments
/// mean no program knows.
fn asks(kind: RuleKind, comment: &str) -> Option<bool> {
    let comment = comment.trim().to_lowercase();
    match kind {
        RuleKind::Closed => None,
        _ if ["unstaffed", "self-service", "self service"].contains(&comment.as_str()) => None,
        RuleKind::Open => Some(!comment.is_empty() && comment != "staffed"),
        RuleKind::Unknown => Some(true),
    }
}

/// Parts that touch and are alike become one.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match joined.last_mut() {
            Some(last) if last.ask == part.ask && last.closes == part.opens => {
                last.closes = part.closes;
            }
            _ => joined.push(part),
        }
    }
    joined
}

/// Gives a part to the day on which it begins; what lasts longer than a day is cut at midnight.
fn give(each: &mut [(Day, OfDay)], part: Part) {
    let minutes = i64::from(DAY_MINUTES);
    let at = part.opens.div_euclid(minutes);
    let begin = at * minutes;
    let whole = part.closes - part.opens <= minutes;
    let end = if whole {
        part.closes
    } else {
        part.closes.min(begin + minutes)
    };
    let span = u16::try_from(part.opens - begin)
        .ok()
        .zip(u16::try_from(end - begin).ok())
        .and_then(|(opens, closes)| Span::new(opens, closes));
    if let (Some((_, of)), Some(span)) = (each.get_mut(at as usize), span) {
        let list = if part.ask { &mut of.ask } else { &mut of.open };
        list.push(span);
    }
    if end < part.closes {
        give(each, Part { opens: end, ..part });
    }
}

fn naive(day: Day) -> Option<NaiveDate> {
    let (year, month, day) = day.date();
    let [month, day] = [month, day].map(|n| u32::try_from(n).ok());
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month?, day?)
}
