//! The weekday form: hours as a manager thinks of them, to and from the `opening_hours` text.

use std::fmt::Write;

use domain::hours::{DAY_MINUTES, Span};
use domain::time::Day;
use opening_hours_syntax::rules::day::{
    Date, DateOffset, HolidayKind, MonthdayRange, WeekDayRange, Year,
};
use opening_hours_syntax::rules::time::{Time, TimeSpan};
use opening_hours_syntax::rules::{RuleKind, RuleOperator, RuleSequence};

use super::expand::{self, Unreadable};
use crate::record::Nation;

/// What OpenStreetMap calls the days of the week.
const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// How a text says that one has to make an appointment.
const BY_APPOINTMENT: &str = "by appointment";
/// Spans a day of the form has room for.
pub const SPANS: usize = 2;

/// Hours as the form has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Monday first.
    pub week: [OfDay; 7],
    /// On bank holidays.
    pub holidays: Holidays,
    /// Dates that differ, in order of their first day.
    pub exceptions: Vec<Exception>,
}

/// One day of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfDay {
    /// Nobody is there.
    Closed,
    /// One or two spans.
    Open(Vec<Span>),
    /// Ring first.
    ByAppointment,
}

/// Bank holidays on the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holidays {
    /// Nobody is there.
    Closed,
    /// These hours, whatever the day of the week.
    Open(Vec<Span>),
    /// Not said: ring first.
    RingFirst,
}

/// Dates that differ from the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The first of them.
    pub first: Day,
    /// The last of them; the same for a single day.
    pub last: Day,
    /// What holds on each.
    pub then: OfDay,
}

/// Why a text does not fit the form. It may be as good as any; it has to be changed as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Nobody can read it.
    Unreadable(Unreadable),
    /// It says more than the form has room for.
    TooRich,
}

impl Form {
    /// The text that says this: the week, then bank holidays, then exceptions, as later rules win.
    pub fn print(&self) -> String {
        let mut rules = self.week_rules();
        match &self.holidays {
            Holidays::Closed => rules.push("PH off".to_owned()),
            Holidays::Open(spans) => rules.push(format!("PH {}", times(spans))),
            Holidays::RingFirst => {}
        }
        for exception in &self.exceptions {
            rules.push(format!("{} {}", exception.dates(), exception.then.print()));
        }
        rules.join("; ")
    }

    /// Days that are alike in one rule; closed ones go without saying, unless all are.
    fn week_rules(&self) -> Vec<String> {
        if self.week.iter().all(|day| *day == OfDay::Closed) {
            return vec!["Mo-Su off".to_owned()];
        }
        let mut rules = Vec::new();
        for (at, day) in self.week.iter().enumerate() {
            let first = self.week.iter().position(|other| other == day);
            if *day != OfDay::Closed && first == Some(at) {
                rules.push(format!("{} {}", self.days_like(day), day.print()));
            }
        }
        rules
    }

    /// "Mo-We,Fr"
    fn days_like(&self, day: &OfDay) -> String {
        let alike = |at: usize| self.week.get(at) == Some(day);
        let mut text = String::new();
        let mut at = 0;
        while at < DAYS.len() {
            if !alike(at) {
                at += 1;
                continue;
            }
            let last = (at..DAYS.len())
                .take_while(|at| alike(*at))
                .last()
                .unwrap_or(at);
            if !text.is_empty() {
                text.push(',');
            }
            text += DAYS[at];
            if last > at {
                text.push(if last == at + 1 { ',' } else { '-' });
                text += DAYS[last];
            }
            at = last + 1;
        }
        text
    }

    /// Reads a text into the form, if it says no more than the form can: what the form would print
    /// must mean the same, day by day.
    pub fn read(text: &str, nation: Nation, today: Day) -> Result<Self, Unfit> {
        let meant = |text: &str| expand::expand(text, nation, today).map_err(Unfit::Unreadable);
        let model = meant(text)?;
        let hours: opening_hours::OpeningHours = text
            .parse()
            .map_err(|_| Unfit::Unreadable(Unreadable::Syntax))?;
        let mut form = Self {
            week: [const { OfDay::Closed }; 7],
            holidays: Holidays::RingFirst,
            exceptions: Vec::new(),
        };
        for rule in &hours.get_expression().rules {
            form.add(rule).ok_or(Unfit::TooRich)?;
        }
        form.exceptions.sort_by_key(|exception| exception.first);
        if meant(&form.print())? == model {
            Ok(form)
        } else {
            Err(Unfit::TooRich)
        }
    }

    fn add(&mut self, rule: &RuleSequence) -> Option<()> {
        // Rules that only add mean the same where they speak of other days; `read` makes sure of it.
        if rule.operator == RuleOperator::Fallback {
            return None;
        }
        let then = of_rule(rule)?;
        let days = &rule.day_selector;
        if !days.year.is_empty() || !days.week.is_empty() {
            return None;
        }
        match (days.monthday.as_slice(), days.weekday.as_slice()) {
            ([], []) => {
                self.week = std::array::from_fn(|_| then.clone());
                self.holidays = of_holidays(then)?;
            }
            ([], days) => {
                for range in days {
                    self.add_days(range, &then)?;
                }
            }
            (dates, []) => {
                for range in dates {
                    let (first, last) = both_dates(range)?;
                    let then = then.clone();
                    self.exceptions.push(Exception { first, last, then });
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn add_days(&mut self, range: &WeekDayRange, then: &OfDay) -> Option<()> {
        match range {
            WeekDayRange::Fixed {
                range,
                offset: 0,
                nth_from_start: [true, true, true, true, true],
                nth_from_end: [true, true, true, true, true],
            } => {
                let [first, last] =
                    [range.start(), range.end()].map(|day| day.num_days_from_monday() as usize);
                let count = (last + 7 - first) % 7;
                for at in first..=first + count {
                    self.week[at % 7] = then.clone();
                }
            }
            WeekDayRange::Holiday {
                kind: HolidayKind::Public,
                offset: 0,
            } => self.holidays = of_holidays(then.clone())?,
            _ => return None,
        }
        Some(())
    }
}

fn of_holidays(then: OfDay) -> Option<Holidays> {
    match then {
        OfDay::Closed => Some(Holidays::Closed),
        OfDay::Open(spans) => Some(Holidays::Open(spans)),
        OfDay::ByAppointment => Some(Holidays::RingFirst),
    }
}

fn of_rule(rule: &RuleSequence) -> Option<OfDay> {
    let spans: Option<Vec<_>> = rule.time_selector.spans.iter().map(span).collect();
    let spans = spans?;
    match (rule.kind, rule.comment.trim()) {
        (RuleKind::Closed, _) if spans == [Span::DAY] => Some(OfDay::Closed),
        (RuleKind::Open, "") if spans.len() <= SPANS => Some(OfDay::Open(spans)),
        (RuleKind::Open | RuleKind::Unknown, BY_APPOINTMENT) if spans == [Span::DAY] => {
            Some(OfDay::ByAppointment)
        }
        _ => None,
    }
}

fn span(span: &TimeSpan) -> Option<Span> {
    let (Time::Fixed(opens), Time::Fixed(closes)) = (span.range.start, span.range.end) else {
        return None;
    };
    if span.open_end || span.repeats.is_some() {
        return None;
    }
    let (opens, closes) = (opens.mins_from_midnight(), closes.mins_from_midnight());
    let next_day = if closes <= opens { DAY_MINUTES } else { 0 };
    Span::new(opens, closes + next_day)
}

fn both_dates(range: &MonthdayRange) -> Option<(Day, Day)> {
    let MonthdayRange::Date { start, end } = range else {
        return None;
    };
    let first = a_date(start, None)?;
    let last = a_date(end, Some(first))?;
    (first <= last).then_some((first, last))
}

/// A date with a year of its own, or that of the date before it.
fn a_date((date, offset): &(Date, DateOffset), after: Option<Day>) -> Option<Day> {
    let Date::Fixed { year, month, day } = date else {
        return None;
    };
    let year = match (year, after) {
        (Some(Year(year)), _) => i64::from(*year),
        (None, Some(first)) => first.date().0,
        (None, None) => return None,
    };
    let plain = *offset == DateOffset::default();
    plain.then(|| Day::on(year, *month as i64, i64::from(*day)))?
}

impl OfDay {
    fn print(&self) -> String {
        match self {
            Self::Closed => "off".to_owned(),
            Self::Open(spans) => times(spans),
            Self::ByAppointment => format!("unknown \"{BY_APPOINTMENT}\""),
        }
    }
}

impl Exception {
    fn dates(&self) -> String {
        let text = |day: Day| {
            let (year, month, day) = day.date();
            format!("{year} {} {day:02}", MONTHS[(month - 1) as usize])
        };
        if self.first == self.last {
            text(self.first)
        } else {
            format!("{}-{}", text(self.first), text(self.last))
        }
    }
}

/// "09:00-12:00,13:00-17:00"
fn times(spans: &[Span]) -> String {
    let mut text = String::new();
    for span in spans {
        if !text.is_empty() {
            text.push(',');
        }
        let closes = match span.closes() {
            closes if closes > DAY_MINUTES => closes - DAY_MINUTES,
            closes => closes,
        };
        let opens = span.opens();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{:02}:{:02}-{:02}:{:02}",
            opens / 60,
            opens % 60,
            closes / 60,
            closes % 60
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn today() -> Day {
        "2026-11-23".parse().expect("a day")
    }

    #[track_caller]
    fn reads_as(text: &str, printed: &str) {
        let form = Form::read(text, Nation::England, today());
        assert_eq!(form.map(|form| form.print()), Ok(printed.to_owned()));
    }

    #[test]
    fn what_people_write_fits_the_form() {
        for text in [
            "Mo-Fr 09:00-17:00; PH off",
            "Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off",
            "Mo,We 09:00-12:00,13:00-17:00; Tu,Th 10:00-16:00",
            "Mo-Su 08:00-16:00; PH 10:00-13:00",
            "Fr,Sa 20:00-02:00; PH off",
            "Mo-Fr 09:00-17:00; Sa unknown \"by appointment\"; PH off",
            "Mo-Su off; PH off",
            "Mo-Fr 09:00-17:00; PH off; 2026 Dec 24 09:00-12:00; 2026 Dec 28-2027 Jan 04 off",
        ] {
            reads_as(text, text);
        }
        reads_as(
            "mo-fr 9:00-17:00; Fr off; PH closed",
            "Mo-Th 09:00-17:00; PH off",
        );
        reads_as(
            "Mo-Fr 09:00-17:00, Sa 10:00-12:00",
            "Mo-Fr 09:00-17:00; Sa 10:00-12:00",
        );
        reads_as("24/7", "Mo-Su 00:00-24:00; PH 00:00-24:00");
        reads_as("Sa-Mo 10:00-12:00", "Mo,Sa,Su 10:00-12:00");
    }

    #[test]
    fn what_the_form_has_no_room_for_is_said_to_be_too_rich() {
        for text in [
            "Apr-Sep 09:00-17:00",
            "Su[1] 10:00-12:00",
            "Dec 25 off",
            "Mo 09:00-10:00,11:00-12:00,13:00-14:00",
            "Mo-Fr 09:00-17:00 || \"ring us\"",
            "Mo-Fr 09:00-12:00, Mo 14:00-16:00",
            "week 1-20 Mo 10:00-12:00",
            "Mo-Fr 09:00-17:00 \"unstaffed\"",
            "PH -1 day off",
        ] {
            let read = Form::read(text, Nation::England, today());
            assert_eq!(read, Err(Unfit::TooRich), "{text}");
        }
        assert_eq!(
            Form::read("sunrise-sunset", Nation::England, today()),
            Err(Unfit::Unreadable(Unreadable::SunTimes))
        );
    }

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        let one = (0u16..24, 1u16..24).prop_map(|(opens, lasts)| {
            vec![Span::new(opens * 60, (opens + lasts) * 60).expect("a span")]
        });
        let two = (0u16..11, 1u16..5, 1u16..5).prop_map(|(opens, lasts, pause)| {
            let again = opens + lasts + pause;
            [(opens, opens + lasts), (again, again + lasts)]
                .map(|(opens, closes)| Span::new(opens * 60, closes * 60).expect("a span"))
                .to_vec()
        });
        prop_oneof![one, two]
    }

    fn of_day() -> impl Strategy<Value = OfDay> {
        prop_oneof![
            Just(OfDay::Closed),
            spans().prop_map(OfDay::Open),
            Just(OfDay::ByAppointment)
        ]
    }

    fn exceptions() -> impl Strategy<Value = Vec<Exception>> {
        // Apart from each other, so that their order says nothing.
        let one = (0i64..20, of_day());
        prop::collection::vec(one, 0..3).prop_map(|all| {
            let made = all.into_iter().enumerate().map(|(at, (length, then))| {
                let first = today().plus(10 + 40 * at as i64);
                Exception {
                    first,
                    last: first.plus(length),
                    then,
                }
            });
            made.collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_form_reads_back_as_it_was_printed(
            week in prop::array::uniform7(of_day()),
            holidays in prop_oneof![
                Just(Holidays::Closed),
                Just(Holidays::RingFirst),
                spans().prop_map(Holidays::Open),
            ],
            exceptions in exceptions(),
        ) {
            let form = Form { week, holidays, exceptions };
            let printed = form.print();
            let read = Form::read(&printed, Nation::England, today());
            prop_assert_eq!(read, Ok(form), "{}", printed);
        }
    }
}
