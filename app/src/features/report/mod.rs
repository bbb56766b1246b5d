//! Telling of a hate crime or incident: safety first, one question a page, every answer kept as it
//! is given, and nothing sent before it was checked. Inside, the address never changes.

mod check;
pub mod mailbox;
mod question;
mod receipt;
pub mod reports;
mod safety;
mod texts;

use ::words::report as words;
use domain::form::{Answer, Form, QuestionId};
use domain::report::{Draft, Phone};
use gloo::events::EventListener;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::dialog::Ask;
use crate::dom::{Show, View};
use crate::platform::{clock, history, page, random};
use crate::router::Router;
use crate::speech::t;
use crate::state::State;

/// What is on the screen.
#[derive(Debug, Clone, PartialEq)]
enum Stage {
    /// Before the first question, or before going on.
    Safety,
    /// The question at this place in the form.
    Question(usize),
    /// All answers, before sending.
    Check,
    /// The receipt, once the report is sealed.
    Receipt(String),
}

/// One report being told.
#[derive(Clone, Copy)]
struct Telling {
    state: State,
    router: Router,
    form: StoredValue<Form>,
    stage: RwSignal<Stage>,
    /// Came here from the check page: Continue goes back to it.
    changing: RwSignal<bool>,
    kept: RwSignal<Option<Result<(), courier::storage::Error>>>,
}

/// The page.
pub fn page(state: State, router: Router) -> View {
    let telling = Telling {
        state,
        router,
        form: StoredValue::new(Form::standard()),
        stage: RwSignal::new(Stage::Safety),
        changing: RwSignal::new(false),
        kept: RwSignal::new(None),
    };
    let back = StoredValue::new_local(history::while_popping(move || telling.popped()));
    on_cleanup(move || drop(back.try_update_value(Option::<EventListener>::take)));
    let inside = move || match telling.stage.get() {
        Stage::Safety => safety::page(telling),
        Stage::Question(step) => question::page(telling, step),
        Stage::Check => check::page(telling),
        Stage::Receipt(digits) => receipt::page(state, digits),
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
    fn begin(self, phone: Phone) {
        let Some(bits) = random::bits() else { return };
        let draft = Draft::new(domain::id::ReportId::from_random(bits), phone, clock::now());
        self.keep(draft);
        self.show(Stage::Question(0));
    }

    fn resume(self) {
        let step = self.draft().map_or(0, |draft| draft.step);
        self.show(self.stage_at(step));
    }

    fn draft(self) -> Option<Draft> {
        self.state.draft.get_untracked()
    }

    fn length(self) -> usize {
        self.form.with_value(|form| form.questions.len())
    }

    fn stage_at(self, step: usize) -> Stage {
        if step < self.length() {
            Stage::Question(step)
        } else {
            Stage::Check
        }
    }

    fn show(self, stage: Stage) {
        // Every tap renews the guard, so that Back means "previous question".
        history::push_guard();
        self.stage.set(stage);
        page::arrive(0.0);
    }

    /// Goes to a step and keeps that the person is there now.
    fn go_to(self, step: usize) {
        self.kept.set(None);
        if let Some(draft) = self.draft() {
            self.keep(Draft { step, ..draft });
        }
        self.show(self.stage_at(step));
    }

    fn next(self, step: usize) {
        let step = if self.changing.get_untracked() {
            self.length()
        } else {
            step + 1
        };
        self.changing.set(false);
        self.go_to(step);
    }

    fn change(self, step: usize) {
        self.changing.set(true);
        self.go_to(step);
    }

    fn previous(self, step: usize) {
        self.changing.set(false);
        match step.checked_sub(1) {
            Some(step) => self.go_to(step),
            None => self.show(Stage::Safety),
        }
    }

    /// Back was pressed: the guard is used up; show what came before.
    fn popped(self) {
        let before = match self.stage.get_untracked() {
            Stage::Question(0) => Stage::Safety,
            Stage::Question(step) => Stage::Question(step - 1),
            Stage::Check => Stage::Question(self.length() - 1),
            Stage::Safety | Stage::Receipt(_) => return,
        };
        self.changing.set(false);
        self.stage.set(before);
        page::arrive(0.0);
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

    fn keep(self, draft: Draft) {
        spawn_local(async move { self.kept.set(Some(self.state.keep_draft(draft).await)) });
    }

    fn delete(self) {
        spawn_local(async move {
            // What can't be deleted now is shown again, and can be deleted again.
            if self.state.delete_draft().await.is_ok() {
                self.router.go("/");
            }
        });
    }
}
