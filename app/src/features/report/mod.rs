//! Telling of a hate crime or incident: safety first, one question a page, every answer kept as it
//! is given, and nothing sent before it was checked. Inside, the address never changes.

mod centre;
mod check;
mod fields;
mod files;
mod first_aid;
pub mod mailbox;
pub mod paper;
mod question;
mod receipt;
pub mod reports;
mod safety;
mod shared;
mod texts;
mod voice;

use std::cell::Cell;
use std::rc::Rc;

use ::words::report as words;
use domain::form::{Answer, Form, QuestionId, Sign, signs};
use domain::report::{Draft, Phone};
use gloo::events::EventListener;
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::texts::Texts;
use crate::components::dialog::Ask;
use crate::dom::{Show, View};
use crate::platform::settings::{Setting, chosen};
use crate::platform::{clock, history, page, random};
use crate::router::Router;
use crate::speech::t;
use crate::state::State;

/// Milliseconds that a change may take before it is no longer said that all is kept.
const AT_ONCE: i32 = 300;

/// What is on the screen.
#[derive(Debug, Clone, PartialEq)]
enum Stage {
    /// Before the first question, or before going on.
    Safety,
    /// A question.
    Question(QuestionId),
    /// What goes with it; opened from this question, or from the check page.
    Files(Option<QuestionId>),
    /// All answers, before sending, and what more can be told.
    Check,
    /// The receipt, once the report is sealed.
    Receipt(receipt::Sealed),
}

/// One report being told.
#[derive(Clone, Copy)]
struct Telling {
    state: State,
    router: Router,
    form: StoredValue<Form>,
    texts: StoredValue<Texts>,
    stage: RwSignal<Stage>,
    /// Came here from the check page: Continue goes back to it.
    changing: RwSignal<bool>,
    kept: RwSignal<Option<Result<(), courier::storage::Error>>>,
    /// How far sending has come.
    sending: RwSignal<check::Sending>,
    /// The file that is being sealed.
    sealing: RwSignal<files::Sealing>,
    /// Files that could not be added, and why, in words.
    refused: RwSignal<Vec<String>>,
    /// What was recorded and is not in the report.
    recording: RwSignal<voice::Loose>,
    /// What the last answers call for, to be said on the page that follows.
    fresh: RwSignal<Vec<Sign>>,
    /// What was said already.
    said: StoredValue<Vec<Sign>>,
}

/// The page, once the words of its questions are here.
pub fn page(state: State, router: Router) -> View {
    // Whoever leaves before beginning adds to nothing any more.
    on_cleanup(move || drop(state.follows.try_set(None)));
    texts::first(state, "report", move |texts| telling(state, router, texts))
}

fn telling(state: State, router: Router, texts: Texts) -> View {
    let telling = Telling {
        state,
        router,
        form: StoredValue::new(texts.form.clone()),
        texts: StoredValue::new(texts),
        stage: RwSignal::new(Stage::Safety),
        changing: RwSignal::new(false),
        kept: RwSignal::new(None),
        sending: RwSignal::new(check::Sending::Not),
        sealing: RwSignal::new(None),
        refused: RwSignal::new(Vec::new()),
        recording: RwSignal::new(voice::Loose::Nothing),
        fresh: RwSignal::new(Vec::new()),
        said: StoredValue::new(Vec::new()),
    };
    let back = StoredValue::new_local(history::while_popping(move || telling.popped()));
    on_cleanup(move || drop(back.try_update_value(Option::<EventListener>::take)));
    let inside = move || match telling.stage.get() {
        Stage::Safety => safety::page(telling),
        Stage::Question(id) => question::page(telling, &id),
        Stage::Files(from) => files::page(telling, from),
        Stage::Check => check::page(telling),
        Stage::Receipt(sealed) => receipt::page(state, sealed),
    };
    (inside).show()
}

/// Before what was written is deleted.
fn ask_to_delete() -> Ask {
    Ask {
        title: t(words::DELETE_DRAFT_ASK),
        note: t(words::DELETE_DRAFT_NOTE),
        yes: t(words::DELETE_DRAFT),
        no: t(words::DELETE_KEEP),
    }
}

impl Telling {
    /// Begins a report. Where the browser has no randomness, nothing can be sealed later either.
    fn begin(self, phone: Phone, centre: Option<String>) {
        let Some(bits) = random::bits() else { return };
        let id = domain::id::ReportId::from_random(bits);
        let adding = self.state.follows.get_untracked();
        let files = adding.as_ref().is_some_and(|adding| adding.files);
        // What adds to a report is its words or its files; all else was told, or can be from the check page.
        self.changing.set(adding.is_some() && !files);
        let draft = Draft {
            centre,
            follows: adding.map(|adding| adding.to),
            ..Draft::new(id, phone, clock::now())
        };
        self.state.follows.set(None);
        if !chosen(Setting::Shared).is_empty() {
            shared::watch(self.state, draft.id.clone());
        }
        let first = self.form.with_value(|form| draft.next(form).cloned());
        self.keep(draft);
        match files {
            true => self.add_files(None),
            false => self.go_to(first),
        }
    }

    /// Opens what goes with the report, from a question or from the check page.
    fn add_files(self, from: Option<QuestionId>) {
        if self.is_locking() {
            return;
        }
        self.kept.set(None);
        self.show(Stage::Files(from));
    }

    fn resume(self, draft: Draft) {
        let next = self.form.with_value(|form| draft.next(form).cloned());
        self.state.draft.set(Some(draft));
        self.show(stage(next));
    }

    /// Whether the report is being sealed: what is changed now would not be in it.
    fn is_locking(self) -> bool {
        self.sending
            .with_untracked(|sending| *sending == check::Sending::Locking)
    }

    fn draft(self) -> Option<Draft> {
        self.state.draft.get_untracked()
    }

    fn show(self, stage: Stage) {
        // Every tap renews the guard, so that Back means "previous question".
        history::push_guard();
        self.stage.set(stage);
        page::arrive(0.0);
    }

    /// Goes to a question, or to the check page, and keeps that the person is there now.
    fn go_to(self, at: Option<QuestionId>) {
        if self.is_locking() {
            return;
        }
        self.kept.set(None);
        if let Some(draft) = self.draft() {
            self.see_signs(&draft);
            self.keep(Draft {
                at: at.clone(),
                ..draft
            });
        }
        self.show(stage(at));
    }

    /// On from an answered question.
    fn next(self, id: &QuestionId) {
        let back = self.changing.get_untracked();
        self.changing.set(false);
        self.go_to(if back { None } else { self.beside(id, 1) });
    }

    /// Changes one answer, and comes back.
    fn change(self, id: QuestionId) {
        self.changing.set(true);
        self.go_to(Some(id));
    }

    /// Tells more: the first question of a section that has no answer yet.
    fn enter(self, section: &str) {
        let first = self.with_asked(section, |draft, asked| {
            let open = asked.iter().find(|id| draft.answer(id).is_blank());
            open.or(asked.first()).cloned()
        });
        self.go_to(first.flatten());
    }

    fn previous(self, id: &QuestionId) {
        let before = self.before(id);
        self.changing.set(false);
        match before {
            Stage::Question(id) => self.go_to(Some(id)),
            Stage::Check => self.go_to(None),
            before => self.show(before),
        }
    }

    /// From the check page to the last of the questions that everybody is asked.
    fn back_from_check(self) {
        match self.before_check() {
            Stage::Question(id) => self.go_to(Some(id)),
            before => self.show(before),
        }
    }

    fn before_check(self) -> Stage {
        let last = self.with_asked(&self.first_section(), |_, asked| asked.last().cloned());
        last.flatten().map_or(Stage::Safety, Stage::Question)
    }

    /// Back was pressed: the guard is used up; show what came before.
    fn popped(self) {
        if self.is_locking() || voice::would_be_lost(self) {
            return history::push_guard();
        }
        let before = match self.stage.get_untracked() {
            Stage::Question(id) => self.before(&id),
            Stage::Files(from) => stage(from),
            Stage::Check => self.before_check(),
            Stage::Safety | Stage::Receipt(_) => return,
        };
        self.changing.set(false);
        self.stage.set(before);
        page::arrive(0.0);
    }

    /// What stands before a question: the one before it in its section, or where the section began.
    fn before(self, id: &QuestionId) -> Stage {
        match self.beside(id, -1) {
            Some(id) => Stage::Question(id),
            None if self.section(id) == self.first_section() => Stage::Safety,
            None => Stage::Check,
        }
    }

    /// So many questions on from this one, within its section.
    fn beside(self, id: &QuestionId, by: isize) -> Option<QuestionId> {
        let beside = self.with_asked(&self.section(id), |_, asked| {
            let at = asked.iter().position(|one| one == id)?;
            asked.get(at.checked_add_signed(by)?).cloned()
        });
        beside.flatten()
    }

    fn section(self, id: &QuestionId) -> String {
        self.form.with_value(|form| {
            form.question(id)
                .map(|question| question.section.clone())
                .unwrap_or_default()
        })
    }

    fn first_section(self) -> String {
        self.form.with_value(|form| form.first_section().to_owned())
    }

    /// The questions of a section that this draft makes worth asking.
    fn with_asked<T>(
        self,
        section: &str,
        read: impl FnOnce(&Draft, &[QuestionId]) -> T,
    ) -> Option<T> {
        let draft = self.draft()?;
        let asked: Vec<_> = self.form.with_value(|form| {
            let asked = form.asked_in(section, &draft.answers);
            asked.iter().map(|question| question.id.clone()).collect()
        });
        Some(read(&draft, &asked))
    }

    fn answer(self, id: &QuestionId) -> Answer {
        self.draft()
            .map(|draft| draft.answer(id))
            .unwrap_or_default()
    }

    /// Changes an answer; it is kept at once.
    fn set_answer(self, id: &QuestionId, change: impl FnOnce(&mut Answer)) {
        let Some(mut draft) = self.draft() else {
            return;
        };
        change(draft.answers.entry(id.clone()).or_default());
        self.keep(draft);
    }

    /// Looks for what should be said on the page that follows: once, and nobody is held up by it.
    fn see_signs(self, draft: &Draft) {
        let all = self
            .texts
            .with_value(|texts| signs(&draft.answers, &texts.phrases(), clock::now().day()));
        let said = self.said.get_value();
        let fresh = all.iter().filter(|sign| !said.contains(sign)).copied();
        self.fresh.set(fresh.collect());
        self.said.set_value(all);
    }

    /// The draft is this from now on, for whatever is asked next; that it is kept is said once it is, and
    /// no longer said while the phone takes its time over a change.
    fn keep(self, draft: Draft) {
        let keeping = self.state.keep_draft(draft);
        let over = Rc::new(Cell::new(false));
        let is_over = over.clone();
        spawn_local(async move {
            let kept = keeping.await;
            over.set(true);
            if kept.is_err() || self.state.is_all_kept() {
                self.kept.set(Some(kept));
            }
        });
        spawn_local(async move {
            clock::wait(AT_ONCE).await;
            if !is_over.get() {
                let _ = self.kept.try_set(None);
            }
        });
    }

    fn delete(self) {
        let Some(draft) = self.draft() else { return };
        spawn_local(async move {
            // What can't be deleted now is shown again, and can be deleted again.
            if self.state.delete_draft(&draft.id).await.is_ok() {
                self.router.go("/");
            }
        });
    }
}

fn stage(at: Option<QuestionId>) -> Stage {
    at.map_or(Stage::Check, Stage::Question)
}
