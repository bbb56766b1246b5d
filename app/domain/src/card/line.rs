//! Lines under "I may", "Please" and "Please don't": ready phrases, or own words.

use serde::{Deserialize, Serialize};

/// How a ready phrase is marked where lines are kept.
const READY: &str = "ready:";

/// One line of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Line {
    /// As the holder typed it.
    Own(String),
    /// One of [`PHRASES`], shown and spoken in the reader's language.
    Ready(&'static Phrase),
}

/// A ready phrase. Its words are the catalogue's, under the same id.
#[derive(Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Stable; kept on phones.
    pub id: &'static str,
    /// Under which heading it is offered.
    pub kind: Kind,
    /// The pictogram shown beside it, by its id in the pack.
    pub pictogram: &'static str,
}

/// The headings of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// "I may …"
    May,
    /// "Please …"
    Please,
    /// "Please don't …"
    Dont,
}

/// Every ready phrase, in the order in which they are offered. An id is never given another meaning.
pub const PHRASES: &[Phrase] = &[
    phrase("hard-to-speak", Kind::May, "no-speech"),
    phrase("need-time", Kind::May, "time"),
    phrase("scared-by-noise", Kind::May, "noise"),
    phrase("scared-in-crowds", Kind::May, "crowds"),
    phrase("hurt-by-light", Kind::May, "light"),
    phrase("get-lost", Kind::May, "lost"),
    phrase("forget", Kind::May, "memory"),
    phrase("panic", Kind::May, "panic"),
    phrase("look-calm-and-not-be", Kind::May, "meltdown"),
    phrase("not-hear", Kind::May, "hearing"),
    phrase("not-see-well", Kind::May, "low-vision"),
    phrase("not-read", Kind::May, "plain-words"),
    phrase("have-a-seizure", Kind::May, "seizures"),
    phrase("walk-slowly", Kind::May, "walk-slowly"),
    phrase("quiet-seat", Kind::Please, "quiet-place"),
    phrase("short-sentences", Kind::Please, "plain-words"),
    phrase("give-time", Kind::Please, "time"),
    phrase("speak-slowly", Kind::Please, "slow-speech"),
    phrase("ring-my-contact", Kind::Please, "carer"),
    phrase("stay-with-me", Kind::Please, "sit-down"),
    phrase("write-it-down", Kind::Please, "write-down"),
    phrase("use-pictures", Kind::Please, "pictures"),
    phrase("face-me", Kind::Please, "hearing"),
    phrase("one-person", Kind::Please, "crowds"),
    phrase("bring-water", Kind::Please, "water"),
    phrase("show-toilet", Kind::Please, "toilet"),
    phrase("touch-me", Kind::Dont, "no-touch"),
    phrase("shout", Kind::Dont, "noise"),
    phrase("rush-me", Kind::Dont, "time"),
    phrase("crowd-me", Kind::Dont, "crowds"),
    phrase("leave-me", Kind::Dont, "carer"),
    phrase("take-my-things", Kind::Dont, "hidden"),
];

const fn phrase(id: &'static str, kind: Kind, pictogram: &'static str) -> Phrase {
    Phrase {
        id,
        kind,
        pictogram,
    }
}

impl Line {
    /// The ready phrase of this id.
    pub fn ready(id: &str) -> Option<Self> {
        PHRASES
            .iter()
            .find(|phrase| phrase.id == id)
            .map(Self::Ready)
    }

    /// Whether it says nothing.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Own(text) if text.trim().is_empty())
    }

    /// The line without space around it.
    pub(super) fn trimmed(&self) -> Self {
        match self {
            Self::Own(text) => Self::Own(text.trim().to_owned()),
            Self::Ready(phrase) => Self::Ready(phrase),
        }
    }
}

impl Default for Line {
    fn default() -> Self {
        Self::Own(String::new())
    }
}

/// A phrase that this release does not know is shown as its id rather than lost.
impl From<String> for Line {
    fn from(kept: String) -> Self {
        let known = kept.strip_prefix(READY).and_then(Self::ready);
        known.unwrap_or(Self::Own(kept))
    }
}

impl From<Line> for String {
    fn from(line: Line) -> Self {
        match line {
            Line::Own(text) => text,
            Line::Ready(phrase) => [READY, phrase.id].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_kept_by_its_own_id() {
        for phrase in PHRASES {
            let kept = String::from(Line::Ready(phrase));
            assert_eq!(Line::from(kept), Line::Ready(phrase));
        }
    }

    #[test]
    fn an_unknown_phrase_is_not_lost() {
        let kept = "ready:hum-a-tune".to_owned();
        assert_eq!(Line::from(kept.clone()), Line::Own(kept));
    }
}
