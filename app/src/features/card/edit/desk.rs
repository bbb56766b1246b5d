//! What is being typed, and whether it is kept yet. It outlives the page: what was typed a moment
//! before going on is saved all the same, and the next page begins with it.

use std::cell::{Cell, RefCell};

use courier::storage::Error;
use domain::card::{Card, Contact, Problem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use super::super::front;
use crate::platform::install;
use crate::router::{Router, Who};
use crate::state::State;

/// What the last save came to; nothing before the first.
type Kept = RwSignal<Option<Result<(), Error>>>;

thread_local! {
    /// The card as typed, while it differs from what is kept.
    static TYPED: RefCell<Option<Card>> = const { RefCell::new(None) };
    static SAVING: Cell<Saving> = const { Cell::new(Saving::Idle) };
    /// Where the page that is open says what came of saving.
    static SHOWN: Cell<Option<Kept>> = const { Cell::new(None) };
    static PHOTOS: Cell<Photos> = const { Cell::new(Photos::AsNamed) };
}

/// One save at a time; what is typed meanwhile is saved after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saving {
    Idle,
    Running,
    RunningAndStale,
}

/// Whether photos are kept that nothing names any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Photos {
    AsNamed,
    Unswept,
}

/// One page's hold on the card.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) state: State,
    pub(super) who: Who,
    pub(super) card: RwSignal<Card>,
    /// Changes when fields come, go or move; not when somebody types.
    pub(super) shape: RwSignal<u32>,
    pub(super) kept: Kept,
    /// Set only when they change, so that they are not read out at every keystroke.
    pub(super) problems: RwSignal<Vec<Problem>>,
}

impl Desk {
    pub(super) fn new(state: State, who: Who, kept_card: Card) -> Self {
        let typed = TYPED.with_borrow(Option::clone);
        let card = typed.unwrap_or(kept_card);
        let kept = RwSignal::new(None);
        SHOWN.set(Some(kept));
        Self {
            state,
            who,
            problems: RwSignal::new(problems(&card)),
            card: RwSignal::new(card),
            shape: RwSignal::new(0),
            kept,
        }
    }

    /// Changes the card, and keeps it.
    pub(super) fn change(self, change: impl FnOnce(&mut Card)) {
        self.card.update(change);
        let card = self.card.get_untracked();
        let found = problems(&card);
        if self.problems.with_untracked(|shown| *shown != found) {
            self.problems.set(found);
        }
        TYPED.set(Some(card));
        save(self.state);
    }

    /// Changes the card so that other fields are shown.
    pub(super) fn reshape(self, change: impl FnOnce(&mut Card)) {
        self.change(change);
        self.shape.update(|shape| *shape += 1);
    }

    /// Changes the contact at this place.
    pub(super) fn contact(self, at: usize, change: impl FnOnce(&mut Contact)) {
        self.change(|card| {
            if card.contacts.len() <= at {
                card.contacts.resize(at + 1, Contact::default());
            }
            change(&mut card.contacts[at]);
        });
    }

    /// Names another photo, or none; the one before is let go of once that is kept.
    pub(super) fn change_photo(self, change: impl FnOnce(&mut Card)) {
        PHOTOS.set(Photos::Unswept);
        self.reshape(change);
    }

    /// Deletes the card.
    pub(super) fn delete(self, router: Router) {
        TYPED.set(None);
        spawn_local(async move {
            match self.state.delete_card().await {
                Ok(()) => {
                    // What is left would be swept with the next photo.
                    let _ = self.state.sweep_photos().await;
                    router.go("/card");
                }
                Err(error) => tell(Err(error)),
            }
        });
    }

    /// Whether its page is still there.
    pub(super) fn is_open(self) -> bool {
        self.card.try_with_untracked(|_| ()).is_some()
    }

    /// Says that something could not be kept.
    pub(super) fn failed(self, error: Error) {
        tell(Err(error));
    }
}

/// Nothing is asked of somebody who has not begun.
fn problems(card: &Card) -> Vec<Problem> {
    if card.is_blank() {
        Vec::new()
    } else {
        card.problems()
    }
}

fn tell(result: Result<(), Error>) {
    if let Some(shown) = SHOWN.get() {
        // The page may be gone; what is kept is kept.
        let _ = shown.try_set(Some(result));
    }
}

fn save(state: State) {
    if SAVING.get() != Saving::Idle {
        return SAVING.set(Saving::RunningAndStale);
    }
    SAVING.set(Saving::Running);
    spawn_local(async move {
        while let Some(card) = TYPED.with_borrow(Option::clone) {
            SAVING.set(Saving::Running);
            let front = front::painted(state, &card).await;
            let result = state.keep_card(card, front).await;
            let is_last = SAVING.get() == Saving::Running;
            if is_last && result.is_ok() {
                TYPED.set(None);
            }
            tell(result);
            if is_last {
                break;
            }
        }
        SAVING.set(Saving::Idle);
        if PHOTOS.replace(Photos::AsNamed) == Photos::Unswept {
            // What is left would be swept with the next photo.
            let _ = state.sweep_photos().await;
        }
        // The first save is the moment to ask the browser to keep it.
        install::keep().await;
    });
}

/// Whether a checkbox is on.
pub(super) fn is_checked(event: &Event) -> bool {
    let input = event.target().and_then(|target| target.dyn_into().ok());
    input.is_some_and(|input: HtmlInputElement| input.checked())
}

/// Switches a checkbox, without the person having tapped it.
pub(super) fn set_checked(input: &Element, on: bool) {
    if let Some(input) = input.dyn_ref::<HtmlInputElement>() {
        input.set_checked(on);
    }
}
