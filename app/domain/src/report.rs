//! A report: the draft a person fills in, and the body that is sealed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::form::{Answer, Form, Problem, QuestionId};
use crate::id::ReportId;
use crate::time::Timestamp;

/// Version of [`Body`]'s shape. A centre opens every version ever released.
pub const BODY_VERSION: u32 = 1;

/// The answer to "Does anyone else look at your phone?"
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phone {
    /// "No, only me": draft, list entry and sealed bytes are kept.
    Mine,
    /// "Yes, or I'm not sure": nothing is kept once the report has gone, and the draft never leaves the tab.
    Watched,
}

/// A report that is being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Drawn when the draft is begun, so that sending twice is harmless.
    pub id: ReportId,
    /// Whose phone this is.
    pub phone: Phone,
    /// The page last shown: an index into the form's questions; their number means the check page.
    pub step: usize,
    /// By question; absent means not asked yet.
    pub answers: BTreeMap<QuestionId, Answer>,
    /// When it was begun, by this phone's clock.
    pub begun: Timestamp,
}

impl Draft {
    /// An empty draft.
    pub fn new(id: ReportId, phone: Phone, now: Timestamp) -> Self {
        Self {
            id,
            phone,
            step: 0,
            answers: BTreeMap::new(),
            begun: now,
        }
    }

    /// The answer given so far; blank where there is none.
    pub fn answer(&self, question: &QuestionId) -> Answer {
        self.answers.get(question).cloned().unwrap_or_default()
    }
}

/// What is sealed: JSON of this shape, padded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// [`BODY_VERSION`] of the writer.
    pub version: u32,
    /// The same id as on the envelope, so that a swapped envelope is noticed.
    pub id: ReportId,
    /// The form's version.
    pub form: u32,
    /// The language it was written in, as a BCP 47 tag.
    pub language: String,
    /// By question.
    pub answers: BTreeMap<QuestionId, Answer>,
    /// When it was finished, by the phone's clock.
    pub written: Timestamp,
}

impl Body {
    /// A body from a finished draft, or every problem it has, in the form's order.
    pub fn parse(
        draft: &Draft,
        form: &Form,
        language: &str,
        now: Timestamp,
    ) -> Result<Self, Vec<(QuestionId, Problem)>> {
        let problem = |question: &crate::form::Question| {
            Some((
                question.id.clone(),
                question.check(&draft.answer(&question.id))?,
            ))
        };
        let problems: Vec<_> = form.questions.iter().filter_map(problem).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            version: BODY_VERSION,
            id: draft.id.clone(),
            form: form.version,
            language: language.to_owned(),
            answers: draft.answers.clone(),
            written: now,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(answers: &[(&str, Answer)]) -> Draft {
        let mut draft = Draft::new(ReportId::from_random([1; 16]), Phone::Mine, Timestamp(0));
        draft.answers = answers
            .iter()
            .map(|(id, answer)| ((*id).into(), answer.clone()))
            .collect();
        draft
    }

    fn choice(id: &str) -> Answer {
        Answer {
            choice: Some(id.into()),
            ..Answer::default()
        }
    }

    fn text(words: &str) -> Answer {
        Answer {
            text: words.into(),
            ..Answer::default()
        }
    }

    #[track_caller]
    fn problems(draft: &Draft, expected: &[(&str, Problem)]) {
        let found =
            Body::parse(draft, &Form::standard(), "en", Timestamp(5)).expect_err("it has problems");
        let expected: Vec<_> = expected
            .iter()
            .map(|(id, problem)| (QuestionId::from(*id), *problem))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn only_role_account_and_share_are_required() {
        problems(
            &draft(&[]),
            &[
                ("role", Problem::Missing),
                ("account", Problem::Missing),
                ("share", Problem::Missing),
            ],
        );
        let enough = draft(&[
            ("role", choice("me")),
            ("account", text("They shouted.")),
            ("share", choice("centre-only")),
        ]);
        assert!(Body::parse(&enough, &Form::standard(), "en", Timestamp(5)).is_ok());
    }

    #[test]
    fn what_cannot_be_an_answer_is_named() {
        let long = "x".repeat(crate::form::MAX_ACCOUNT + 1);
        let odd = draft(&[
            ("role", choice("king")),
            ("account", text(&long)),
            ("share", choice("centre-only")),
        ]);
        problems(
            &odd,
            &[
                ("role", Problem::NotAChoice),
                ("account", Problem::TooLong(crate::form::MAX_ACCOUNT)),
            ],
        );
    }

    #[test]
    fn the_sealed_body_keeps_its_shape() {
        let enough = draft(&[
            ("role", choice("me")),
            ("account", text("They shouted.")),
            ("share", choice("centre-only")),
        ]);
        let body = Body::parse(&enough, &Form::standard(), "en", Timestamp(5)).expect("complete");
        let json = serde_json::to_string(&body).expect("plain data");
        assert_eq!(
            json,
            r#"{"version":1,"id":"aeaqcaibaeaqcaibaeaqcaibae","form":1,"language":"en","answers":{"account":{"text":"They shouted."},"role":{"choice":"me"},"share":{"choice":"centre-only"}},"written":5}"#
        );
        assert_eq!(
            serde_json::from_str::<Body>(&json).expect("the same shape"),
            body
        );
    }
}
