//! The questions a report asks, as data: one definition drives the pages, the check page, the paper
//! form and the sealed body.

mod answer;
mod definition;
mod signs;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use answer::{Answer, Without};
pub use definition::{BadForm, Fault};
pub use signs::{Sign, signs};

/// The questions every scheme starts from.
const STANDARD: &str = include_str!("standard.form");
/// Longest account a report may carry, in characters: four typed pages.
pub const MAX_ACCOUNT: usize = 10_000;
/// Longest other text of a report, in characters.
pub const MAX_TEXT: usize = 1_000;
/// Longest answer of one line, in characters.
pub const MAX_LINE: usize = 200;

/// Names a question for ever: "role", "account".
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QuestionId(pub String);

impl From<&str> for QuestionId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

/// Answers by question; absent means not asked yet.
pub type Answers = BTreeMap<QuestionId, Answer>;

/// A versioned list of questions, in the order they are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Grows whenever a question or choice changes.
    pub version: u32,
    /// One a page. The first section is enough for a report; the others are asked of whoever wants
    /// to tell more.
    pub questions: Vec<Question>,
}

/// One question, on a page of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Never reused for another question.
    pub id: QuestionId,
    /// Questions of one section stand together.
    pub section: String,
    /// What an answer consists of.
    pub kind: Kind,
    /// Whether it can be skipped, or be answered "I don't know" and "I'd rather not say".
    pub need: Need,
    /// Where it is asked only of some.
    pub only_if: Option<OnlyIf>,
}

/// Whether a question must be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A report cannot be sent without it.
    Required,
    /// "I don't know" and "I'd rather not say" are answers too.
    Optional,
}

/// What an answer consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One of these choices.
    One(Choices),
    /// Any of these choices.
    Many(Choices),
    /// Own words, of at most [`MAX_TEXT`] characters.
    Words,
    /// A line of own words, of at most [`MAX_LINE`] characters.
    Line,
    /// What happened, in own words, of at most [`MAX_ACCOUNT`] characters.
    Account,
    /// A day and a time, as exact as is known, or words.
    When,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// Their ids, in the order they are shown.
    pub ids: Vec<String>,
    /// Whether own words may stand beside or instead of them.
    pub words: bool,
}

/// The answer that makes a question worth asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlyIf {
    /// A question that stands before.
    pub question: QuestionId,
    /// One of these was chosen.
    pub chosen: Vec<String>,
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
    /// The question of this id.
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        self.questions.iter().find(|question| &question.id == id)
    }

    /// The section that every report begins with.
    pub fn first_section(&self) -> &str {
        self.questions
            .first()
            .map_or("", |question| &question.section)
    }

    /// The other sections that ask something of this person, in order.
    pub fn further_sections<'a>(&'a self, answers: &'a Answers) -> Vec<&'a str> {
        let mut sections: Vec<&str> = Vec::new();
        for question in self.asked(answers) {
            let section = &*question.section;
            if section != self.first_section() && !sections.contains(&section) {
                sections.push(section);
            }
        }
        sections
    }

    /// Every question that these answers make worth asking, in order.
    pub fn asked<'a>(&'a self, answers: &'a Answers) -> impl Iterator<Item = &'a Question> {
        let all = self.questions.iter();
        all.filter(|question| self.is_asked(question, answers))
    }

    /// The same of one section.
    pub fn asked_in<'a>(&'a self, section: &str, answers: &'a Answers) -> Vec<&'a Question> {
        self.asked(answers)
            .filter(|question| question.section == section)
            .collect()
    }

    /// A question is not asked where the one it hangs on is not.
    fn is_asked(&self, question: &Question, answers: &Answers) -> bool {
        let Some(only_if) = &question.only_if else {
            return true;
        };
        let before = self.question(&only_if.question);
        let chosen = answers.get(&only_if.question);
        before.is_some_and(|before| self.is_asked(before, answers))
            && chosen.is_some_and(|answer| answer.has_any(&only_if.chosen))
    }
}

impl Question {
    /// What is wrong with an answer to this question, if anything is.
    pub fn check(&self, answer: &Answer) -> Option<Problem> {
        if answer.text.chars().count() > self.longest() {
            return Some(Problem::TooLong(self.longest()));
        }
        if !answer.chosen().all(|one| self.choices().contains(one)) {
            return Some(Problem::NotAChoice);
        }
        (self.need == Need::Required && !self.is_answered(answer)).then_some(Problem::Missing)
    }

    /// The choices this question offers; none where it asks for words or a time.
    pub fn choices(&self) -> &[String] {
        match &self.kind {
            Kind::One(choices) | Kind::Many(choices) => &choices.ids,
            _ => &[],
        }
    }

    /// How many characters of own words it takes.
    pub fn longest(&self) -> usize {
        match self.kind {
            Kind::Account => MAX_ACCOUNT,
            Kind::Line => MAX_LINE,
            _ => MAX_TEXT,
        }
    }

    fn is_answered(&self, answer: &Answer) -> bool {
        match &self.kind {
            Kind::One(choices) | Kind::Many(choices) if !choices.words => {
                answer.chosen().next().is_some()
            }
            Kind::Words | Kind::Line | Kind::Account => !answer.text.trim().is_empty(),
            _ => !answer.is_blank(),
        }
    }
}

#[cfg(test)]
mod tests;
