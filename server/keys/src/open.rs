//! Opening a sealed report and printing it, for people or as JSON.

use std::io::Write;
use std::path::Path;

use domain::form::{Answer, Form, QuestionId, Without};
use domain::id::ReportId;
use domain::report::Body;
use domain::time::{DAY, Timestamp};
use domain::wire::{MAX_SEALED, Scheme};
use seal::report;
use words::{FormWords, Key, Words, report as said};

use crate::enclosed;
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

/// A scheme with keys, places' services and a few questions is far smaller.
const MAX_SCHEME: u64 = 1024 * 1024;

/// What a scheme changes in the questions of a report, from what its server says of it.
pub fn questions(file: &Path) -> Result<Option<String>, Error> {
    let json = files::read(file, MAX_SCHEME)?;
    let scheme: Scheme = serde_json::from_slice(&json).map_err(|_| Fault::NoScheme.of(file))?;
    Ok(scheme.questions)
}

/// Prints a report for reading: the form's questions in its order, then what the form does not know.
pub fn print(body: &Body, own: Option<&str>, out: &mut impl Write) -> Result<(), Error> {
    let texts = Texts::english(own.unwrap_or_default());
    writeln!(out, "Report {}", body.id)?;
    writeln!(out, "Written {} by the phone's clock", utc(body.written))?;
    writeln!(
        out,
        "Language {}, form {}",
        harmless(&body.language),
        body.form
    )?;
    if let Some(mailbox) = &body.follows {
        writeln!(out, "Belongs to the report of mailbox {mailbox}")?;
    }
    let form = Form::of_scheme(own);
    let of_all = form.asked_in(form.first_section(), &body.answers);
    let shown = form
        .questions
        .iter()
        .filter(|question| of_all.contains(question) || body.answers.contains_key(&question.id));
    let asked = shown.map(|question| &question.id);
    let others = body.answers.keys().filter(|id| form.question(id).is_none());
    for id in asked.chain(others) {
        writeln!(out, "\n{}", harmless(texts.or_id(&id.0, "label", &id.0)))?;
        for part in parts(id, body.answers.get(id), &texts) {
            for line in part.lines() {
                writeln!(out, "  {}", harmless(line))?;
            }
        }
    }
    let files = body.enclosed.iter().flat_map(|enclosed| &enclosed.files);
    for (number, file) in (1..).zip(files) {
        if number == 1 {
            writeln!(out, "\nFiles, opened by `keys files`")?;
        }
        writeln!(out, "  {number}: {}", enclosed::said(file))?;
    }
    Ok(())
}

/// The words people saw; where there are none, for another form's questions, their ids have to do.
struct Texts {
    words: Option<Words>,
    form: FormWords,
}

impl Texts {
    fn english(own: &str) -> Self {
        let form = FormWords::parse(words::file_of_form("en").unwrap_or_default());
        Self {
            words: Words::embedded("en"),
            form: form.with_own(own, "en"),
        }
    }

    fn or_id<'a>(&'a self, question: &str, part: &str, id: &'a str) -> &'a str {
        self.form.of(question, part).unwrap_or(id)
    }

    fn or_name<'a>(&'a self, key: Key, name: &'a str) -> &'a str {
        self.words.as_ref().map_or(name, |words| words.get(key))
    }
}

/// What was answered, part by part.
fn parts<'a>(id: &QuestionId, answer: Option<&'a Answer>, texts: &'a Texts) -> Vec<&'a str> {
    let Some(answer) = answer.filter(|answer| !answer.is_blank()) else {
        return vec![texts.or_name(said::ANSWER_NONE, "none")];
    };
    let without = answer.without.map(|without| match without {
        Without::Unknown => texts.or_name(said::ANSWER_UNKNOWN, "unknown"),
        Without::Declined => texts.or_name(said::ANSWER_DECLINED, "declined"),
    });
    let chosen = answer
        .chosen()
        .map(|choice| texts.or_id(&id.0, choice, choice));
    let typed = [&answer.day, &answer.time, &answer.text].map(String::as_str);
    let all = without.into_iter().chain(chosen).chain(typed);
    all.filter(|part| !part.trim().is_empty()).collect()
}

/// The text without what could steer a terminal: a report is written by strangers.
pub fn harmless(text: &str) -> String {
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
pub fn utc(instant: Timestamp) -> String {
    let minutes = instant.0.rem_euclid(DAY) / 60_000;
    let (hour, minute) = (minutes / 60, minutes % 60);
    format!("{} {hour:02}:{minute:02} UTC", instant.day())
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
    fn a_schemes_own_question_is_printed_in_its_words_and_by_its_id_without_them() {
        let answer = Answer {
            choice: Some("blue".into()),
            ..Answer::default()
        };
        let body = Body {
            version: 2,
            id: ReportId::from_random([1; 16]),
            form: 2,
            language: "en".into(),
            answers: [("tram".into(), answer)].into(),
            written: Timestamp(0),
            enclosed: None,
            follows: None,
        };
        let printed = |own| {
            let mut out = Vec::new();
            print(&body, own, &mut out).expect("written");
            String::from_utf8(out).expect("text")
        };
        let own = "section what\n? tram one red blue\n= en tram.label=Which tram?\n= en tram.blue=The blue \u{1b}one";
        assert!(printed(Some(own)).contains("\nWhich tram?\n  The blue \u{FFFD}one\n"));
        assert!(printed(None).ends_with("\ntram\n  blue\n"));
    }

    #[test]
    fn every_part_of_an_answer_is_shown() {
        let texts = Texts {
            words: None,
            form: FormWords::default(),
        };
        let answer = Answer {
            choice: Some("street".into()),
            choices: vec!["park".into()],
            text: "one\ntwo".into(),
            day: "2026-11-01".into(),
            time: "14:30".into(),
            without: Some(Without::Unknown),
        };
        let shown = |answer| parts(&"where".into(), answer, &texts);
        let all = [
            "unknown",
            "street",
            "park",
            "2026-11-01",
            "14:30",
            "one\ntwo",
        ];
        assert_eq!(shown(Some(&answer)), all);
        assert_eq!(shown(None), ["none"]);
        assert_eq!(shown(Some(&Answer::default())), ["none"]);
    }
}
