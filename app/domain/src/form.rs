//! The questions a report asks, as data: one definition drives the pages, the check page and the sealed body.

use serde::{Deserialize, Serialize};

/// The version of [`Form::standard`]; sealed with every report.
pub const STANDARD: u32 = 1;
/// Longest account a report may carry, in characters: four typed pages. In the widest script it and all other answers still fit the largest size class.
pub const MAX_ACCOUNT: usize = 10_000;
/// Longest other text of a report, in characters.
pub const MAX_TEXT: usize = 1_000;

/// Names a question for ever: "role", "account".
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QuestionId(pub String);

impl From<&str> for QuestionId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

/// A versioned list of questions, in the order they are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Grows whenever a question or choice changes.
    pub version: u32,
    /// One a page.
    pub questions: Vec<Question>,
}

/// One question, on a page of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Never reused for another question.
    pub id: QuestionId,
    /// What an answer consists of.
    pub kind: Kind,
    /// Whether it can be skipped, or be answered "I don't know" and "I'd rather not say".
    pub need: Need,
}

/// Whether a question must be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// A report cannot be sent without it.
    Required,
    /// "I don't know" and "I'd rather not say" are answers too.
    Optional,
}

/// What an answer consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One of these choices.
    One(Vec<String>),
    /// Own words, of at most so many characters.
    Words(usize),
    /// A day and a time, as exact as is known, or words.
    When,
    /// One of these kinds of place, and words.
    Where(Vec<String>),
}

/// What a person answered; every part may be absent, and nothing typed is dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// The chosen choice's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// Own words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The day as YYYY-MM-DD, as the phone's date field gives it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub day: String,
    /// The time as HH:MM, likewise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time: String,
    /// "I don't know" or "I'd rather not say".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<Without>,
}

/// An answer that is no answer, and is respected as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Without {
    /// "I don't know."
    Unknown,
    /// "I'd rather not say."
    Declined,
}

/// What keeps an answer from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// A required question has no answer.
    Missing,
    /// The text is longer than this many characters.
    TooLong(usize),
    /// The choice is not one of the question's.
    NotAChoice,
}

impl Form {
    /// The questions every scheme starts from (first form: five).
    pub fn standard() -> Self {
        let question = |id: &str, need, kind| Question {
            id: id.into(),
            kind,
            need,
        };
        Self {
            version: STANDARD,
            questions: vec![
                question("role", Need::Required, one(&["me", "saw", "someone-else"])),
                question("account", Need::Required, Kind::Words(MAX_ACCOUNT)),
                question("when", Need::Optional, Kind::When),
                question(
                    "where",
                    Need::Optional,
                    Kind::Where(ids(&[
                        "home",
                        "street",
                        "transport",
                        "shop",
                        "online",
                        "other",
                    ])),
                ),
                question(
                    "share",
                    Need::Required,
                    one(&["centre-only", "police-no-name", "police-name"]),
                ),
            ],
        }
    }

    /// The question of this id.
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        self.questions.iter().find(|question| &question.id == id)
    }
}

fn one(choices: &[&str]) -> Kind {
    Kind::One(ids(choices))
}

fn ids(choices: &[&str]) -> Vec<String> {
    choices.iter().map(|&id| id.to_owned()).collect()
}

impl Answer {
    /// Whether nothing was chosen or typed.
    pub fn is_blank(&self) -> bool {
        let texts = [&self.text, &self.day, &self.time];
        self.choice.is_none()
            && self.without.is_none()
            && texts.iter().all(|text| text.trim().is_empty())
    }
}

impl Question {
    /// What is wrong with an answer to this question, if anything is.
    pub fn check(&self, answer: &Answer) -> Option<Problem> {
        if answer.text.chars().count() > self.longest() {
            return Some(Problem::TooLong(self.longest()));
        }
        if answer
            .choice
            .as_ref()
            .is_some_and(|choice| !self.choices().contains(choice))
        {
            return Some(Problem::NotAChoice);
        }
        (self.need == Need::Required && !self.is_answered(answer)).then_some(Problem::Missing)
    }

    /// The choices this question offers; none where it asks for words or a time.
    pub fn choices(&self) -> &[String] {
        match &self.kind {
            Kind::One(choices) | Kind::Where(choices) => choices,
            Kind::Words(_) | Kind::When => &[],
        }
    }

    fn longest(&self) -> usize {
        match self.kind {
            Kind::Words(most) => most,
            _ => MAX_TEXT,
        }
    }

    fn is_answered(&self, answer: &Answer) -> bool {
        match self.kind {
            Kind::One(_) => answer.choice.is_some(),
            Kind::Words(_) => !answer.text.trim().is_empty(),
            Kind::When | Kind::Where(_) => !answer.is_blank(),
        }
    }
}
