//! Answers that call for a line of help there and then.

use super::Answers;
use crate::time::Day;

/// How long pictures of cameras may still be there, in days. Many shops and buses keep them for a
/// week to a month.
const CAMERAS_KEEP: i64 = 14;

/// What somebody who answers like this should be told, once, without being held up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// The words sound like somebody who thinks of dying or of hurting themselves.
    Distress,
    /// Going home is not safe, or sounds so.
    AfraidOfHome,
    /// It happened to a child, or the words speak of one.
    Child,
    /// Cameras may have seen it, and are wiped within days.
    Cameras,
}

/// The signs in these answers. `phrases` are what to look for in words, parted by `|`, in small letters
/// and the language the answers were written in.
pub fn signs(answers: &Answers, phrases: &[(Sign, &str)], today: Day) -> Vec<Sign> {
    let sounds = |sign: Sign| {
        let mut of_it = phrases.iter().filter(|(of, _)| *of == sign);
        of_it.any(|(_, phrases)| has_phrase(answers, phrases))
    };
    let told = |question: &str, ids: &[&str]| {
        let answer = answers.get(&question.into());
        answer.is_some_and(|answer| answer.chosen().any(|one| ids.contains(&&**one)))
    };
    let all = [
        (Sign::Distress, sounds(Sign::Distress)),
        (
            Sign::AfraidOfHome,
            told("afraid-home", &["yes"]) || sounds(Sign::AfraidOfHome),
        ),
        (
            Sign::Child,
            told("age", &["under-13", "13-17"]) || sounds(Sign::Child),
        ),
        (
            Sign::Cameras,
            told("where", &["street", "transport", "shop", "public"]) && is_recent(answers, today),
        ),
    ];
    let found = all.into_iter().filter(|(_, there)| *there);
    found.map(|(sign, _)| sign).collect()
}

fn has_phrase(answers: &Answers, phrases: &str) -> bool {
    answers.values().any(|answer| {
        let text = plain(&answer.text);
        let mut phrases = phrases.split('|').filter(|phrase| !phrase.is_empty());
        phrases.any(|phrase| text.contains(phrase))
    })
}

/// As the phrases are written: small, one kind of apostrophe, one space between words.
fn plain(text: &str) -> String {
    let words = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    words.replace('\u{2019}', "'").to_ascii_lowercase()
}

fn is_recent(answers: &Answers, today: Day) -> bool {
    let day = answers.get(&"when".into()).map(|answer| answer.day.parse());
    matches!(day, Some(Ok(day)) if (0..=CAMERAS_KEEP).contains(&today.since(day)))
}
