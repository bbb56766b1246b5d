//! A report: the draft a person fills in, and the body that is sealed.

pub mod enclosed;
mod folder;

use serde::{Deserialize, Serialize};

pub use enclosed::Enclosed;
pub use folder::{Change, Filed, Folder, TooNew};

use crate::form::{Answer, Answers, Form, Kind, Problem, Question, QuestionId};
use crate::id::{MailboxId, ReportId};
use crate::time::Timestamp;

/// Version of [`Body`]'s shape. A centre opens every version ever released.
pub const BODY_VERSION: u32 = 3;

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
    /// The question last shown; absent on the check page, and in drafts of the first release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<QuestionId>,
    /// The digits it will be sealed with: drawn and kept before, so that no crash can lose them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// The centre that was chosen; absent where there was no choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centre: Option<String>,
    /// The mailbox of an earlier report that this one belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<MailboxId>,
    /// What was answered so far.
    pub answers: Answers,
    /// Files that were added, sealed already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enclosed: Option<Enclosed>,
    /// When it was begun, by this phone's clock.
    pub begun: Timestamp,
}

impl Draft {
    /// An empty draft.
    pub fn new(id: ReportId, phone: Phone, now: Timestamp) -> Self {
        Self {
            id,
            phone,
            at: None,
            receipt: None,
            centre: None,
            follows: None,
            answers: Answers::new(),
            enclosed: None,
            begun: now,
        }
    }

    /// The answer given so far; blank where there is none.
    pub fn answer(&self, question: &QuestionId) -> Answer {
        self.answers.get(question).cloned().unwrap_or_default()
    }

    /// Its files; none where none was added.
    pub fn files(&self) -> &[enclosed::File] {
        self.enclosed.as_ref().map_or(&[], |with| &with.files)
    }

    /// Whether nothing in it says who its writer is: neither a name nor a way to reach them.
    pub fn is_anonymous(&self) -> bool {
        let said = |id: &str| !self.answer(&id.into()).is_blank();
        !["name", "home-address", "telephone", "email", "reach-at"]
            .into_iter()
            .any(said)
    }

    /// What is wrong with the answer to a question, if anything is. What was spoken need not be written.
    /// What adds to an earlier report needs words or a file, and nothing that was said then.
    pub fn problem(&self, question: &Question) -> Option<Problem> {
        let found = question.check(&self.answer(&question.id))?;
        let not_needed = || match (&question.kind, &self.follows) {
            (Kind::Account, Some(_)) => !self.files().is_empty(),
            (Kind::Account, None) => self.enclosed.as_ref().is_some_and(Enclosed::is_spoken),
            (_, follows) => follows.is_some(),
        };
        (found != Problem::Missing || !not_needed()).then_some(found)
    }

    /// Where to go on: the question last shown, or the first one that is needed and not answered;
    /// `None` once there is only the check page left.
    pub fn next<'a>(&'a self, form: &'a Form) -> Option<&'a QuestionId> {
        let needed = |id: &QuestionId| {
            form.question(id)
                .is_some_and(|question| self.problem(question) == Some(Problem::Missing))
        };
        let asked = || form.asked(&self.answers).map(|question| &question.id);
        let last = self.at.as_ref();
        asked()
            .find(|id| Some(*id) == last)
            .or_else(|| asked().find(|id| needed(id)))
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
    /// By question: those that were asked and not passed over.
    pub answers: Answers,
    /// The mailbox of an earlier report by the same person, where they said that this one belongs to
    /// it; since version 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<MailboxId>,
    /// Files that follow, and what opens them; since version 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enclosed: Option<Enclosed>,
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
        let problem = |question: &Question| Some((question.id.clone(), draft.problem(question)?));
        let problems: Vec<_> = form.asked(&draft.answers).filter_map(problem).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            version: BODY_VERSION,
            id: draft.id.clone(),
            form: form.version,
            language: language.to_owned(),
            answers: given(draft, form),
            follows: draft.follows.clone(),
            enclosed: draft.enclosed.clone().filter(|with| !with.files.is_empty()),
            written: now,
        })
    }
}

/// What was answered. A question that is no longer asked, since another answer was changed, is left
/// out: it would say something that was taken back.
fn given(draft: &Draft, form: &Form) -> Answers {
    let asked = form.asked(&draft.answers);
    let answers = asked.map(|question| (question.id.clone(), draft.answer(&question.id)));
    answers.filter(|(_, answer)| !answer.is_blank()).collect()
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
    fn a_question_that_a_scheme_hides_is_not_asked_in_an_older_draft_nor_sent() {
        let form = Form::of_scheme(Some("hide vehicle"));
        let mut draft = draft(&[
            ("role", choice("me")),
            ("account", text("They shouted.")),
            ("share", choice("centre-only")),
            ("vehicle", text("a red van")),
        ]);
        draft.at = Some("vehicle".into());
        assert_eq!(draft.next(&form), None);
        let body = Body::parse(&draft, &form, "en", Timestamp(5)).expect("complete");
        assert!(!body.answers.contains_key(&"vehicle".into()));
        assert_eq!(draft.next(&Form::standard()), Some(&"vehicle".into()));
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
    fn what_was_spoken_need_not_be_written() {
        let mut draft = draft(&[("role", choice("me")), ("share", choice("centre-only"))]);
        let mut file = enclosed::File {
            part: crate::wire::Part {
                id: crate::id::PartId::from_random([2; 16]),
                length: 65_800,
                sha256: crate::id::Sha256([3; 32]),
            },
            name: "voice.webm".into(),
            kind: enclosed::Kind::Webm,
            origin: enclosed::Origin::Original,
            length: 7,
            sha256: crate::id::Sha256([4; 32]),
        };
        let with = |file: &enclosed::File| {
            Some(Enclosed {
                key: "AGE-SECRET-KEY-1".into(),
                files: vec![file.clone()],
            })
        };
        draft.enclosed = with(&file);
        problems(&draft, &[("account", Problem::Missing)]);
        file.origin = enclosed::Origin::Spoken;
        draft.enclosed = with(&file);
        let body = Body::parse(&draft, &Form::standard(), "en", Timestamp(5)).expect("complete");
        assert_eq!(body.enclosed, draft.enclosed);
    }

    #[test]
    fn what_is_no_longer_asked_is_not_sent() {
        let mut draft = draft(&[
            ("role", choice("me")),
            ("account", text("They shouted.")),
            ("share", choice("centre-only")),
            ("where", choice("online")),
            ("platform", text("a game")),
            ("route", text("the 74")),
            ("vehicle", text("  ")),
        ]);
        let sent = |draft: &Draft| {
            let body = Body::parse(draft, &Form::standard(), "en", Timestamp(5)).expect("complete");
            let ids: Vec<_> = body.answers.into_keys().map(|id| id.0).collect();
            ids.join(" ")
        };
        assert_eq!(sent(&draft), "account platform role share where");
        draft.answers.insert("where".into(), choice("transport"));
        assert_eq!(sent(&draft), "account role route share where");
    }

    #[test]
    fn a_draft_goes_on_where_it_was_left_or_at_what_is_needed() {
        let form = Form::standard();
        let mut draft = draft(&[("role", choice("me"))]);
        assert_eq!(draft.next(&form), Some(&"account".into()));
        draft.at = Some("when".into());
        assert_eq!(draft.next(&form), Some(&"when".into()));
        draft.at = Some("route".into());
        assert_eq!(
            draft.next(&form),
            Some(&"account".into()),
            "it is not asked"
        );
        draft
            .answers
            .insert("account".into(), text("They shouted."));
        draft.answers.insert("share".into(), choice("centre-only"));
        assert_eq!(draft.next(&form), None);
    }

    #[test]
    fn a_draft_of_the_first_release_still_opens() {
        let json = r#"{"id":"aeaqcaibaeaqcaibaeaqcaibae","phone":"mine","step":2,"answers":{"role":{"choice":"me"}},"begun":7}"#;
        let draft: Draft = serde_json::from_str(json).expect("it opens");
        assert_eq!(draft.answer(&"role".into()), choice("me"));
        assert_eq!(draft.next(&Form::standard()), Some(&"account".into()));
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
            r#"{"version":3,"id":"aeaqcaibaeaqcaibaeaqcaibae","form":3,"language":"en","answers":{"account":{"text":"They shouted."},"role":{"choice":"me"},"share":{"choice":"centre-only"}},"written":5}"#
        );
        assert_eq!(
            serde_json::from_str::<Body>(&json).expect("the same shape"),
            body
        );
    }
}
