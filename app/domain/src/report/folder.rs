//! What a phone keeps of its holder's reports behind the reports lock: what is being written, and the
//! receipts of what was sent.

use serde::{Deserialize, Serialize};

use super::enclosed::File;
use super::{Draft, Enclosed};
use crate::id::ReportId;
use crate::time::{DAY, Timestamp};

/// The version of [`Folder`]'s shape.
const VERSION: u32 = 1;
/// How old a draft gets before its writer is reminded of it.
const REMIND: i64 = 30 * DAY;

/// Everything behind the reports lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    version: u32,
    /// What is being written, the newest last. Deleted by the person alone.
    #[serde(default)]
    pub drafts: Vec<Draft>,
    /// Receipts kept on this phone, the newest last.
    #[serde(default)]
    pub receipts: Vec<Filed>,
}

/// The receipt of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// Of the report.
    pub id: ReportId,
    /// 24 digits in groups.
    pub digits: String,
    /// How many of the centre's messages its holder has seen.
    #[serde(default, skip_serializing_if = "none_seen")]
    pub seen: u32,
}

fn none_seen(seen: &u32) -> bool {
    *seen == 0
}

/// A newer release wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooNew;

/// One change to a folder: told to another tab's newer one again, where that one was quicker.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "a few of them live, and only until they are kept"
)]
pub enum Change {
    /// A draft is kept as it is now.
    Keep(Draft),
    /// A draft was this before and is that now: answers, files and centre that differ are changed.
    Edit(Draft, Draft),
    /// A draft is deleted.
    Delete(ReportId),
    /// A report was sealed: its draft goes, its receipt stays.
    File(Filed),
    /// A receipt is forgotten.
    Forget(ReportId),
    /// So many of the centre's messages were seen.
    See(ReportId, u32),
}

impl Default for Folder {
    fn default() -> Self {
        Self {
            version: VERSION,
            drafts: Vec::new(),
            receipts: Vec::new(),
        }
    }
}

impl Folder {
    /// A folder that this release can read without losing anything of it.
    pub fn known(self) -> Result<Self, TooNew> {
        if self.version <= VERSION {
            Ok(self)
        } else {
            Err(TooNew)
        }
    }

    /// Makes a change.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Keep(draft) => self.keep(draft, |known| known.clone()),
            Change::Edit(before, draft) => self.keep(draft, |_| before.clone()),
            Change::Delete(id) => self.drafts.retain(|draft| &draft.id != id),
            Change::File(filed) => {
                self.drafts.retain(|draft| draft.id != filed.id);
                self.receipts.retain(|known| known.id != filed.id);
                self.receipts.push(filed.clone());
            }
            Change::Forget(id) => self.receipts.retain(|known| &known.id != id),
            Change::See(id, seen) => {
                for known in self.receipts.iter_mut().filter(|known| &known.id == id) {
                    known.seen = known.seen.max(*seen);
                }
            }
        }
    }

    /// Keeps what differs from what a draft was before; what was sealed is not written on.
    fn keep(&mut self, draft: &Draft, before: impl FnOnce(&Draft) -> Draft) {
        if self.receipt(&draft.id).is_some() {
            return;
        }
        match self.drafts.iter_mut().find(|one| one.id == draft.id) {
            Some(known) => {
                let before = before(known);
                known.edit(&before, draft);
            }
            None => self.drafts.push(draft.clone()),
        }
    }

    /// The draft of this id.
    pub fn draft(&self, id: &ReportId) -> Option<&Draft> {
        self.drafts.iter().find(|draft| &draft.id == id)
    }

    /// The receipt of a report.
    pub fn receipt(&self, id: &ReportId) -> Option<&str> {
        let mut receipts = self.receipts.iter();
        receipts
            .find(|known| &known.id == id)
            .map(|known| &*known.digits)
    }

    /// The digits a report is sealed with, or will be.
    pub fn digits(&self, id: &ReportId) -> Option<&str> {
        let of_draft = || self.draft(id)?.receipt.as_deref();
        self.receipt(id).or_else(of_draft)
    }

    /// Drafts of reports that are queued already: the app ended before they could be filed.
    pub fn queued<'a>(&'a self, outbox: &'a [ReportId]) -> impl Iterator<Item = Filed> + 'a {
        let queued = self
            .drafts
            .iter()
            .filter(|draft| outbox.contains(&draft.id));
        queued.filter_map(|draft| {
            Some(Filed {
                id: draft.id.clone(),
                digits: draft.receipt.clone()?,
                seen: 0,
            })
        })
    }
}

impl Draft {
    /// What another tab made of a draft, with what this one has changed since.
    fn edit(&mut self, before: &Draft, now: &Draft) {
        let mut next = now.clone();
        for (id, answer) in std::mem::take(&mut self.answers) {
            if now.answers.get(&id) == before.answers.get(&id) {
                next.answers.insert(id, answer);
            }
        }
        // It may be sealed with the first digits already: others would lead nowhere.
        next.receipt = self.receipt.take().or(next.receipt);
        if now.centre == before.centre {
            next.centre = self.centre.take();
        }
        next.enclosed = enclosed(self.enclosed.take(), before, next.enclosed);
        *self = next;
    }

    /// Whether it has lain for so long that its writer should be asked what to do with it. A clock
    /// that was set back reminds of nothing.
    pub fn is_old(&self, now: Timestamp) -> bool {
        now.since(self.begun) > REMIND
    }
}

/// Files of both tabs, without those that one of them took out.
fn enclosed(known: Option<Enclosed>, before: &Draft, now: Option<Enclosed>) -> Option<Enclosed> {
    let (known, mut now) = match (known, now) {
        (Some(known), Some(now)) if known.key == now.key => (known, now),
        (known, now) => return now.or(known),
    };
    let is_in = |files: &[File], file: &File| files.iter().any(|one| one.part.id == file.part.id);
    now.files
        .retain(|file| is_in(&known.files, file) || !is_in(before.files(), file));
    for file in known.files {
        if !is_in(&now.files, &file) && !is_in(before.files(), &file) {
            now.files.push(file);
        }
    }
    Some(now)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::form::Answer;
    use crate::id::{PartId, Sha256};
    use crate::report::Phone;
    use crate::report::enclosed::{Kind, Origin};
    use crate::wire::Part;

    fn id(n: u8) -> ReportId {
        ReportId::from_random([n; 16])
    }

    fn draft(n: u8, at: &str) -> Draft {
        Draft {
            at: Some(at.into()),
            receipt: Some(format!("{n}")),
            ..Draft::new(id(n), Phone::Mine, Timestamp(0))
        }
    }

    fn filed(n: u8) -> Filed {
        Filed {
            id: id(n),
            digits: format!("{n}"),
            seen: 0,
        }
    }

    fn folder(changes: &[Change]) -> Folder {
        let mut folder = Folder::default();
        changes.iter().for_each(|change| folder.apply(change));
        folder
    }

    #[test]
    fn a_draft_is_kept_once_and_changes_in_its_place() {
        let folder = folder(&[
            Change::Keep(draft(1, "role")),
            Change::Keep(draft(2, "role")),
            Change::Keep(draft(1, "when")),
        ]);
        assert_eq!(folder.drafts, [draft(1, "when"), draft(2, "role")]);
    }

    fn answered(draft: &Draft, question: &str, text: &str) -> Draft {
        let mut draft = draft.clone();
        let answer = Answer {
            text: text.into(),
            ..Answer::default()
        };
        draft.answers.insert(question.into(), answer);
        draft
    }

    fn holding(draft: &Draft, parts: &[u8]) -> Draft {
        let file = |n: &u8| File {
            part: Part {
                id: PartId::from_random([*n; 16]),
                length: 1,
                sha256: Sha256([0; 32]),
            },
            name: String::new(),
            kind: Kind::Txt,
            origin: Origin::Original,
            length: 1,
            sha256: Sha256([0; 32]),
        };
        Draft {
            enclosed: Some(Enclosed {
                key: "age1".into(),
                files: parts.iter().map(file).collect(),
            }),
            ..draft.clone()
        }
    }

    #[test]
    fn two_tabs_that_write_on_one_draft_keep_what_the_other_wrote() {
        let begun = holding(&Draft::new(id(1), Phone::Mine, Timestamp(0)), &[1, 2]);
        let one = holding(&answered(&begun, "account", "They shouted."), &[2, 3]);
        let other = holding(&answered(&begun, "where", "The bus."), &[1, 2, 4]);
        let folder = folder(&[
            Change::Keep(begun.clone()),
            Change::Edit(begun.clone(), one.clone()),
            Change::Edit(begun, other.clone()),
            Change::Edit(other.clone(), answered(&other, "where", "The tram.")),
        ]);
        let both = answered(
            &answered(&one, "account", "They shouted."),
            "where",
            "The tram.",
        );
        assert_eq!(folder.drafts, [holding(&both, &[2, 4, 3])]);
    }

    #[test]
    fn the_first_digits_of_a_draft_stay_whoever_draws_others() {
        let begun = Draft::new(id(1), Phone::Mine, Timestamp(0));
        let with = |digits: &str| Draft {
            receipt: Some(digits.into()),
            ..begun.clone()
        };
        let folder = folder(&[
            Change::Keep(begun.clone()),
            Change::Edit(begun.clone(), with("1")),
            Change::Edit(begun.clone(), with("2")),
        ]);
        assert_eq!(folder.digits(&id(1)), Some("1"));
    }

    #[test]
    fn messages_that_were_seen_are_not_new_again_in_another_tab() {
        let folder = folder(&[
            Change::File(filed(1)),
            Change::See(id(1), 2),
            Change::See(id(1), 1),
            Change::See(id(2), 7),
        ]);
        let seen: Vec<_> = folder.receipts.iter().map(|known| known.seen).collect();
        assert_eq!(seen, [2]);
    }

    #[test]
    fn what_was_sealed_has_a_receipt_and_no_draft_also_where_a_late_keystroke_comes() {
        let folder = folder(&[
            Change::Keep(draft(1, "role")),
            Change::File(filed(1)),
            Change::Keep(draft(1, "when")),
        ]);
        assert_eq!(folder.drafts, []);
        assert_eq!(folder.receipt(&id(1)), Some("1"));
    }

    #[test]
    fn a_report_that_was_queued_when_the_app_ended_is_filed_later() {
        let folder = folder(&[
            Change::Keep(draft(1, "role")),
            Change::Keep(draft(2, "role")),
        ]);
        assert_eq!(
            folder.queued(&[id(2), id(3)]).collect::<Vec<_>>(),
            [filed(2)]
        );
    }

    #[test]
    fn thirty_days_remind_and_a_wrong_clock_does_not() {
        let draft = draft(1, "role");
        assert!(!draft.is_old(Timestamp(30 * DAY)));
        assert!(draft.is_old(Timestamp(30 * DAY + 1)));
        assert!(!draft.is_old(Timestamp(-4_000 * DAY)));
    }

    #[test]
    fn a_newer_folder_is_left_alone() {
        let newer = r#"{"version":2,"drafts":[],"more":1}"#;
        let read: Folder = serde_json::from_str(newer).expect("its version can be read");
        assert_eq!(read.known(), Err(TooNew));
    }

    /// As older releases wrote them: before files, and with files whose key was in the draft.
    #[test]
    fn folders_of_older_releases_are_read_and_written_without_loss() {
        let first = include_str!("../../tests/data/folder-first.json").trim_end();
        let with_files = include_str!("../../tests/data/folder-with-files.json").trim_end();
        for kept in [first, with_files] {
            let folder: Folder = serde_json::from_str(kept).expect("a folder");
            let folder = folder.known().expect("no newer one");
            assert_eq!((folder.drafts.len(), folder.receipts.len()), (1, 1));
            assert_eq!(folder.digits(&id(1)), folder.receipt(&id(2)));
            assert_eq!(serde_json::to_string(&folder).expect("plain data"), kept);
        }
        let folder: Folder = serde_json::from_str(with_files).expect("a folder");
        let enclosed = folder.drafts[0].enclosed.as_ref().expect("files");
        assert!(enclosed.key.starts_with("AGE-SECRET-KEY-1") && enclosed.is_spoken());
        assert_eq!(folder.receipts[0].seen, 2);
    }

    #[test]
    fn what_a_newer_release_must_not_lose_has_a_higher_version() {
        let kept = include_str!("../../tests/data/folder-first.json").trim_end();
        let known: Folder = serde_json::from_str(kept).expect("a folder");
        let more = kept
            .replacen('{', r#"{"mood":7,"#, 1)
            .replace(r#"{"id""#, r#"{"mood":7,"id""#);
        let read: Folder = serde_json::from_str(&more).expect("a folder");
        // It would go with the next change.
        assert_eq!(read, known);
        let newer = more.replace(r#""version":1"#, r#""version":2"#);
        let read: Folder = serde_json::from_str(&newer).expect("its version can be read");
        assert_eq!(read.known(), Err(TooNew));
    }

    #[test]
    fn the_kept_shape_is_a_decision() {
        let folder = folder(&[Change::Keep(draft(1, "role")), Change::File(filed(2))]);
        let json = serde_json::to_string(&folder).expect("plain data");
        assert_eq!(
            json,
            r#"{"version":1,"drafts":[{"id":"aeaqcaibaeaqcaibaeaqcaibae","phone":"mine","at":"role","receipt":"1","answers":{},"begun":0}],"receipts":[{"id":"aibaeaqcaibaeaqcaibaeaqcai","digits":"2"}]}"#
        );
    }

    fn any_change() -> impl Strategy<Value = Change> {
        (0_u8..4, 0..4).prop_map(|(n, what)| match what {
            0 => Change::Keep(draft(n, "role")),
            1 => Change::Delete(id(n)),
            2 => Change::File(filed(n)),
            3 => Change::See(id(n), u32::from(n)),
            _ => Change::Forget(id(n)),
        })
    }

    proptest! {
        #[test]
        fn a_change_made_twice_is_made_once(changes in proptest::collection::vec(any_change(), 0..12), last in any_change()) {
            let mut once = folder(&changes);
            once.apply(&last);
            let mut twice = once.clone();
            twice.apply(&last);
            prop_assert_eq!(once, twice);
        }

        #[test]
        fn nothing_is_both_a_draft_and_a_receipt(changes in proptest::collection::vec(any_change(), 0..12)) {
            let folder = folder(&changes);
            prop_assert!(folder.drafts.iter().all(|draft| folder.receipt(&draft.id).is_none()));
        }
    }
}
