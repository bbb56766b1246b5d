//! A manager's page as it was typed: from the place, and to what was said or what is wrong.

use std::collections::BTreeMap;

use domain::hours::{DAY_MINUTES, Span};
use domain::place::Offer;
use domain::time::Day;
use words::{Key, manage as texts};

use super::said::{Said, TakesPart};
use crate::hours::form::{Exception, Form, Holidays, OfDay};
use crate::record::Record;

/// Rows for dates that differ.
pub const ROWS: usize = 6;
/// Longest text that is taken, in characters.
const LONGEST: usize = 600;

/// Fields by name. What is not there was left empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(BTreeMap<String, String>);

/// What is wrong, and in which field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field's name and id.
    pub field: String,
    /// What to do.
    pub text: Key,
}

impl Typed {
    /// What stands in a field.
    pub fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    /// Puts something into a field; longer texts than any that is meant are cut.
    pub fn put(&mut self, field: &str, text: &str) {
        let text = text.replace("\r\n", "\n");
        let text: String = text.trim().chars().take(LONGEST).collect();
        self.0.insert(field.to_owned(), text);
    }

    /// The page as a manager first sees it. Hours that the form has no room for leave it empty.
    pub fn of(record: &Record, today: Day) -> Self {
        let mut typed = Self::default();
        let place = &record.place;
        for (field, text) in [
            ("telephone", &place.telephone),
            ("directions", &place.directions),
            ("door", &place.door),
            ("welcome", &place.welcome),
        ] {
            typed.put(field, text.as_deref().unwrap_or_default());
        }
        for offer in &place.offers {
            typed.put(&format!("offer-{}", offer.name()), "on");
        }
        let text = place.opening_hours.as_deref();
        let form = text.and_then(|text| Form::read(text, place.nation, today).ok());
        typed.put("hours", if text.is_some() { "keep" } else { "form" });
        if let Some(form) = form {
            typed.put_form(&form, today);
        }
        typed
    }

    fn put_form(&mut self, form: &Form, today: Day) {
        for (at, day) in form.week.iter().enumerate() {
            self.put_day(&format!("d{at}"), day);
        }
        let holidays = match &form.holidays {
            Holidays::Closed => OfDay::Closed,
            Holidays::Open(spans) => OfDay::Open(spans.clone()),
            Holidays::RingFirst => OfDay::ByAppointment,
        };
        self.put_day("ph", &holidays);
        let ahead = form.exceptions.iter().filter(|one| one.last >= today);
        for (at, one) in ahead.take(ROWS).enumerate() {
            self.put(&format!("x{at}f"), &one.first.to_string());
            self.put(&format!("x{at}l"), &one.last.to_string());
            self.put_day(&format!("x{at}"), &one.then);
        }
    }

    fn put_day(&mut self, field: &str, day: &OfDay) {
        let kind = match day {
            OfDay::Closed => "closed",
            OfDay::Open(_) => "open",
            OfDay::ByAppointment => "ask",
        };
        self.put(field, kind);
        let OfDay::Open(spans) = day else { return };
        for (span, names) in spans.iter().zip([["a", "b"], ["c", "e"]]) {
            self.put(&format!("{field}{}", names[0]), &clock(span.opens()));
            self.put(&format!("{field}{}", names[1]), &clock(span.closes()));
        }
    }

    /// What was said, or everything that is wrong.
    pub fn read(&self, criteria: usize, today: Day) -> Result<Said, Vec<Problem>> {
        if self.get("leave") == "on" {
            return Ok(Said::Leaves);
        }
        let mut problems = Vec::new();
        for at in 0..criteria {
            let field = format!("c{at}");
            if self.get(&field) != "on" {
                let text = texts::CRITERION_MISSING;
                problems.push(Problem { field, text });
            }
        }
        let opening_hours = match self.get("hours") {
            "keep" => None,
            _ => self.form(&mut problems).map(|form| form.print()),
        };
        let trained = self.trained(today, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let text = |field: &str| Some(self.get(field).to_owned()).filter(|text| !text.is_empty());
        let has = |offer: &Offer| self.get(&format!("offer-{}", offer.name())) == "on";
        Ok(Said::Stays(Box::new(TakesPart {
            opening_hours,
            telephone: text("telephone"),
            directions: text("directions"),
            door: text("door"),
            welcome: text("welcome"),
            offers: Offer::ALL.into_iter().filter(has).collect(),
            trained,
            trained_who: text("trained_who"),
            photo: None,
        })))
    }

    fn trained(&self, today: Day, problems: &mut Vec<Problem>) -> Option<Day> {
        let text = self.get("trained");
        if text.is_empty() {
            return None;
        }
        let day = text.parse().ok().filter(|day| *day <= today);
        if day.is_none() {
            problems.push(Problem {
                field: "trained".to_owned(),
                text: texts::TRAINED_BAD,
            });
        }
        day
    }

    fn form(&self, problems: &mut Vec<Problem>) -> Option<Form> {
        let week: [_; 7] = std::array::from_fn(|at| self.day(&format!("d{at}"), problems));
        let holidays = match self.day("ph", problems) {
            Some(OfDay::Closed) => Some(Holidays::Closed),
            Some(OfDay::Open(spans)) => Some(Holidays::Open(spans)),
            Some(OfDay::ByAppointment) => Some(Holidays::RingFirst),
            None => None,
        };
        let exceptions: Vec<_> = (0..ROWS)
            .filter_map(|at| self.exception(at, problems))
            .collect();
        let week: Vec<OfDay> = week.into_iter().flatten().collect();
        Some(Form {
            week: week.try_into().ok()?,
            holidays: holidays?,
            exceptions,
        })
    }

    /// `None` where the row is empty or wrong.
    fn exception(&self, at: usize, problems: &mut Vec<Problem>) -> Option<Exception> {
        let field = format!("x{at}");
        let [first, last] = ["f", "l"].map(|part| self.get(&format!("{field}{part}")));
        if first.is_empty() && last.is_empty() {
            return None;
        }
        let last = if last.is_empty() { first } else { last };
        let dates = first.parse::<Day>().ok().zip(last.parse::<Day>().ok());
        let Some((first, last)) = dates.filter(|(first, last)| first <= last) else {
            let field = format!("{field}f");
            let text = texts::HOURS_CLOSES_FIRST;
            problems.push(Problem { field, text });
            return None;
        };
        let then = self.day(&field, problems)?;
        Some(Exception { first, last, then })
    }

    fn day(&self, field: &str, problems: &mut Vec<Problem>) -> Option<OfDay> {
        match self.get(field) {
            "open" => {}
            "ask" => return Some(OfDay::ByAppointment),
            // Untouched is closed: no day is open by itself.
            _ => return Some(OfDay::Closed),
        }
        let spans = self.spans(field);
        if spans.is_none() {
            problems.push(Problem {
                field: field.to_owned(),
                text: texts::HOURS_CLOSES_FIRST,
            });
        }
        spans.map(OfDay::Open)
    }

    fn spans(&self, field: &str) -> Option<Vec<Span>> {
        let part = |name: &str| self.get(&format!("{field}{name}"));
        let mut spans = vec![span(part("a"), part("b"))?];
        if !(part("c").is_empty() && part("e").is_empty()) {
            spans.push(span(part("c"), part("e"))?);
        }
        let apart = spans.windows(2).all(|two| two[0].closes() < two[1].opens());
        apart.then_some(spans)
    }
}

/// Midnight and what comes before opening is on the next day.
fn span(opens: &str, closes: &str) -> Option<Span> {
    let (opens, closes) = (minute(opens)?, minute(closes)?);
    if opens == closes && opens != 0 {
        return None;
    }
    let next_day = if closes <= opens { DAY_MINUTES } else { 0 };
    Span::new(opens, closes + next_day)
}

/// "09:30" as browsers send it.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let [hour, minute] = [hour, minute].map(|part| {
        let plain = part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit());
        plain.then(|| part.parse::<u16>().ok())?
    });
    let (hour, minute) = (hour?, minute?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

fn clock(minute: u16) -> String {
    let minute = minute % DAY_MINUTES;
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use domain::geo::Point;

    use super::*;
    use crate::record::ListedPlace;

    fn today() -> Day {
        "2026-11-23".parse().expect("a day")
    }

    fn typed_of(hours: &str) -> Typed {
        let point = Point {
            lat: 52.5,
            lon: -1.9,
        };
        let id = "aa".parse().expect("an id");
        let place = ListedPlace {
            opening_hours: Some(hours.to_owned()),
            offers: vec![Offer::Toilets],
            ..ListedPlace::new("aa", id, "AA", "1 High Street", point)
        };
        let mut typed = Typed::of(&Record::new("scheme", place), today());
        typed.put("hours", "form");
        typed
    }

    #[track_caller]
    fn said(typed: &Typed) -> TakesPart {
        match typed.read(0, today()) {
            Ok(Said::Stays(said)) => *said,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_page_sent_as_it_was_shown_says_the_same_hours() {
        for hours in [
            "Mo-Fr 09:00-17:00; PH off",
            "Mo,We 09:00-12:00,13:00-17:00; Sa 20:00-02:00; PH 10:00-12:00",
            "Mo-Su 00:00-24:00",
            "Mo unknown \"by appointment\"; PH off; 2026 Dec 24 09:00-12:00; 2026 Dec 28-2027 Jan 02 off",
            "Mo-Su off; PH off",
        ] {
            let typed = typed_of(hours);
            assert_eq!(said(&typed).opening_hours.as_deref(), Some(hours));
            assert_eq!(said(&typed).offers, [Offer::Toilets]);
        }
    }

    #[test]
    fn hours_that_are_kept_are_not_written_anew() {
        let mut typed = typed_of("Apr-Sep 09:00-17:00");
        typed.put("hours", "keep");
        assert_eq!(said(&typed).opening_hours, None);
    }

    #[track_caller]
    fn wrong(change: impl FnOnce(&mut Typed), field: &str) {
        let mut typed = typed_of("Mo-Fr 09:00-17:00; PH off");
        change(&mut typed);
        let problems = typed.read(0, today()).expect_err("something is wrong");
        let fields: Vec<_> = problems.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, [field]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_field() {
        wrong(|typed| typed.put("d0a", ""), "d0");
        wrong(|typed| typed.put("d0b", "09:00"), "d0");
        wrong(|typed| typed.put("d1c", "16:00"), "d1");
        wrong(|typed| typed.put("d1a", "9 o'clock"), "d1");
        wrong(|typed| typed.put("trained", "2026-11-24"), "trained");
        wrong(|typed| typed.put("trained", "last week"), "trained");
        wrong(|typed| typed.put("x0f", "2026-13-01"), "x0f");
        wrong(
            |typed| {
                typed.put("x0f", "2027-01-02");
                typed.put("x0l", "2026-12-24");
            },
            "x0f",
        );
    }

    #[test]
    fn every_criterion_is_ticked_unless_the_place_leaves() {
        let mut typed = typed_of("Mo-Fr 09:00-17:00; PH off");
        typed.put("c0", "on");
        assert_eq!(typed.read(2, today()).map_err(|found| found.len()), Err(1));
        typed.put("leave", "on");
        assert_eq!(typed.read(2, today()), Ok(Said::Leaves));
    }
}
