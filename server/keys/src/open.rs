//! Opening a sealed report and printing it, for people or as JSON.

use std::io::Write;
use std::path::Path;

use domain::form::{Answer, Form, QuestionId, Without};
use domain::id::ReportId;
use domain::report::Body;
use domain::time::{DAY, Timestamp};
use domain::wire::MAX_SEALED;
use seal::report;
use words::Words;

use crate::error::{Error, Fault};
use crate::files;

/// The report in this file. `id` is the one it must have, where that is known.
pub fn open(file: &Path, identity: &Path, id: Option<&ReportId>) -> Result<Body, Error> {
    let identity = files::read_identity(identity)?;
    let sealed = files::read(file, MAX_SEALED as u64)?;
    let opened = match id {
        Some(id) => report::open_for(id, &sealed, &identity),
        None => report::open(&sealed, &identity),
    };
    opened.map_err(|error| Fault::Open(error).of(file))
}

/// Prints a report as JSON.
pub fn print_json(body: &Body, out: &mut impl Write) -> Result<(), Error> {
    let json = serde_json::to_string_pretty(body).map_err(std::io::Error::from)?;
    writeln!(out, "{}", escaped(&json))?;
    Ok(())
}

/// Prints a report for reading: the form's questions in its order, then what the form does not know.
pub fn print(body: &Body, out: &mut impl Write) -> Result<(), Error> {
    let texts = Texts(Words::embedded("en"));
    writeln!(out, "Report {}", body.id)?;
    writeln!(out, "Written {} by the phone's clock", utc(body.written))?;
    writeln!(
        out,
        "Language {}, form {}",
        harmless(&body.language),
        body.form
    )?;
    let form = Form::standard();
    let asked = form.questions.iter().map(|question| &question.id);
    let others = body.answers.keys().filter(|id| form.question(id).is_none());
    for id in asked.chain(others) {
        writeln!(out, "\n{}", harmless(texts.or_id(&id.0, "label", &id.0)))?;
        for part in parts(id, body.answers.get(id), &texts) {
            for line in part.lines() {
                writeln!(out, "  {}", harmless(line))?;
            }
        }
    }
    Ok(())
}

/// The words people saw; where there are none, for another form's questions, their ids have to do.
struct Texts(Option<Words>);

impl Texts {
    fn or_id<'a>(&'a self, question: &str, part: &str, id: &'a str) -> &'a str {
        let name = format!("report.{question}_{part}").replace('-', "_");
        self.0
            .as_ref()
            .and_then(|words| words.named(&name))
            .unwrap_or(id)
    }
}

/// What was answered, part by part.
fn parts<'a>(id: &QuestionId, answer: Option<&'a Answer>, texts: &'a Texts) -> Vec<&'a str> {
    let Some(answer) = answer.filter(|answer| !answer.is_blank()) else {
        return vec![texts.or_id("answer", "none", "none")];
    };
    let without = answer.without.map(|without| match without {
        Without::Unknown => texts.or_id("answer", "unknown", "unknown"),
        Without::Declined => texts.or_id("answer", "declined", "declined"),
    });
    let choice = answer.choice.as_deref();
    let choice = choice.map(|choice| texts.or_id(&id.0, choice, choice));
    let typed = [&answer.day, &answer.time, &answer.text].map(String::as_str);
    let all = without.into_iter().chain(choice).chain(typed);
    all.filter(|part| !part.trim().is_empty()).collect()
}

/// The text without what could steer a terminal: a report is written by strangers.
fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect()
}

/// JSON in which even those control characters are escaped that JSON would allow.
fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7F}'..='\u{9F}' => escaped.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// "2026-11-22 19:30 UTC".
fn utc(instant: Timestamp) -> String {
    let (year, month, day) = date(instant.0.div_euclid(DAY));
    let minutes = instant.0.rem_euclid(DAY) / 60_000;
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02} UTC",
        minutes / 60,
        minutes % 60
    )
}

/// Year, month and day of a day counted from 1970-01-01: Howard Hinnant's `civil_from_days`, which
/// counts from 1 March so that leap days come last.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(milliseconds: i64, expected: &str) {
        assert_eq!(utc(Timestamp(milliseconds)), expected);
    }

    #[test]
    fn instants_are_shown_as_dates() {
        shows(0, "1970-01-01 00:00 UTC");
        shows(-1, "1969-12-31 23:59 UTC");
        shows(951_782_400_000, "2000-02-29 00:00 UTC");
        shows(951_868_800_000, "2000-03-01 00:00 UTC");
        shows(1_795_000_000_000, "2026-11-18 11:06 UTC");
        // Any number a phone may claim is shown without a panic.
        _ = (utc(Timestamp(i64::MIN)), utc(Timestamp(i64::MAX)));
    }

    #[test]
    fn a_report_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2Jb\u{9b}c"), "a\u{FFFD}[2Jb\u{FFFD}c");
        assert_eq!(escaped("\"\u{9b}31m\u{7f}é\""), "\"\\u009b31m\\u007fé\"");
    }

    #[test]
    fn every_part_of_an_answer_is_shown() {
        let texts = Texts(None);
        let answer = Answer {
            choice: Some("street".into()),
            text: "one\ntwo".into(),
            day: "2026-11-01".into(),
            time: "14:30".into(),
            without: Some(Without::Unknown),
        };
        let shown = |answer| parts(&"where".into(), answer, &texts);
        let all = ["unknown", "street", "2026-11-01", "14:30", "one\ntwo"];
        assert_eq!(shown(Some(&answer)), all);
        assert_eq!(shown(None), ["none"]);
        assert_eq!(shown(Some(&Answer::default())), ["none"]);
    }

    #[test]
    fn every_question_and_choice_of_the_form_has_words() {
        let texts = Texts(Words::embedded("en"));
        for question in Form::standard().questions {
            let id = &question.id.0;
            assert_ne!(texts.or_id(id, "label", ""), "", "{id}");
            for choice in question.choices() {
                assert_ne!(texts.or_id(id, choice, ""), "", "{id}: {choice}");
            }
        }
        for other in ["none", "unknown", "declined"] {
            assert_ne!(texts.or_id("answer", other, ""), "", "{other}");
        }
    }
}
