//! The words of the form: which texts belong to a question and its choices.

use domain::form::{Answer, Problem, Question, QuestionId, Without};
use words::{Key, report as texts};

use crate::platform::written;
use crate::speech::t;

/// What the question asks.
pub fn label(id: &QuestionId) -> String {
    match id.0.as_str() {
        "role" => t(texts::ROLE_LABEL),
        "account" => t(texts::ACCOUNT_LABEL),
        "when" => t(texts::WHEN_LABEL),
        "where" => t(texts::WHERE_LABEL),
        "share" => t(texts::SHARE_LABEL),
        other => other.to_owned(),
    }
}

/// A short line below the question; may be empty.
pub fn hint(id: &QuestionId) -> String {
    match id.0.as_str() {
        "account" => t(texts::ACCOUNT_HINT),
        "when" => t(texts::WHEN_HINT),
        "share" => t(texts::SHARE_HINT),
        _ => String::new(),
    }
}

/// A choice: its words, a short note, its icon.
pub fn choice(question: &QuestionId, choice: &str) -> (String, String, &'static str) {
    let (title, note, icon): (Key, Option<Key>, &str) = match (question.0.as_str(), choice) {
        ("role", "me") => (texts::ROLE_ME, None, ""),
        ("role", "saw") => (texts::ROLE_SAW, None, ""),
        ("role", "someone-else") => (texts::ROLE_SOMEONE_ELSE, None, ""),
        ("where", "home") => (texts::WHERE_HOME, None, "house"),
        ("where", "street") => (texts::WHERE_STREET, None, "pin"),
        ("where", "transport") => (texts::WHERE_TRANSPORT, None, "bus"),
        ("where", "shop") => (texts::WHERE_SHOP, None, "shop"),
        ("where", "online") => (texts::WHERE_ONLINE, None, "message"),
        ("where", "other") => (texts::WHERE_OTHER, None, "signpost"),
        ("share", "centre-only") => (
            texts::SHARE_CENTRE_ONLY,
            Some(texts::SHARE_CENTRE_ONLY_NOTE),
            "",
        ),
        ("share", "police-no-name") => (
            texts::SHARE_POLICE_NO_NAME,
            Some(texts::SHARE_POLICE_NO_NAME_NOTE),
            "",
        ),
        ("share", "police-name") => (
            texts::SHARE_POLICE_NAME,
            Some(texts::SHARE_POLICE_NAME_NOTE),
            "",
        ),
        _ => return (choice.to_owned(), String::new(), ""),
    };
    (t(title), note.map(t).unwrap_or_default(), icon)
}

/// What is wrong with an answer.
pub fn problem(problem: Problem) -> String {
    match problem {
        Problem::Missing => t(texts::PROBLEM_MISSING),
        Problem::NotAChoice => t(texts::PROBLEM_NOT_A_CHOICE),
        Problem::TooLong(most) => t(texts::problem_too_long(most.to_string())),
    }
}

/// An answer in words, as the check page shows it.
pub fn answer(question: &Question, answer: &Answer) -> Vec<String> {
    let without = answer.without.map(|without| match without {
        Without::Unknown => t(texts::ANSWER_UNKNOWN),
        Without::Declined => t(texts::ANSWER_DECLINED),
    });
    let chosen = answer.choice.as_ref().map(|id| choice(&question.id, id).0);
    let when = [day(&answer.day), answer.time.clone()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let parts = [without, chosen, Some(when), Some(answer.text.clone())];
    let said: Vec<_> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.trim().is_empty())
        .collect();
    if said.is_empty() {
        vec![t(texts::ANSWER_NONE)]
    } else {
        said
    }
}

fn day(iso: &str) -> String {
    if iso.is_empty() {
        String::new()
    } else {
        written::day(iso)
    }
}
