//! A phone that several people report with: what is half told does not wait for the next one.

use std::cell::Cell;
use std::rc::Rc;

use domain::id::ReportId;
use domain::time::Timestamp;
use gloo::events::EventListener;
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::report as texts;

use crate::components::Confirm;
use crate::components::dialog::Ask;
use crate::dom::el;
use crate::platform::{clock, exit, page};
use crate::speech::t;
use crate::state::State;

/// Untouched for so long, in milliseconds: somebody is asked whether they are still there.
const ASKED: i64 = 9 * 60_000;
/// Untouched for so long, in milliseconds: it is left as by Exit.
const LEFT: i64 = 10 * 60_000;
/// Between two looks, in milliseconds.
const LOOK: i32 = 5_000;

/// Leaves the phone by itself while this report is half told, on whatever page, once nobody has
/// touched it for long.
pub fn watch(state: State, report: ReportId) {
    // Of its own, not of the page that it is begun on.
    spawn_local(async move {
        let owner = Owner::new();
        let asked = owner.with(Confirm::new);
        let ask = Ask {
            title: t(texts::IDLE_ASK),
            note: t(texts::IDLE_NOTE),
            yes: t(texts::DELETE_DRAFT),
            no: t(texts::DELETE_KEEP),
        };
        let shown = owner.with(|| asked.view(ask, exit::leave));
        let place = el("div").child(shown).element();
        let Some(document) = page::document() else {
            return;
        };
        let _ = document.body().map(|body| body.append_child(&place));
        let touched = Rc::new(Cell::new(clock::now()));
        let _heard = ["pointerdown", "keydown"].map(|event| {
            let touched = Rc::clone(&touched);
            EventListener::new(&document, event, move |_| touched.set(clock::now()))
        });
        while is_told(state, &report) {
            clock::wait(LOOK).await;
            match idle(touched.get()) {
                LEFT.. => exit::leave(),
                ASKED.. => asked.open(),
                _ => {}
            }
        }
        place.remove();
    });
}

fn is_told(state: State, report: &ReportId) -> bool {
    (state.draft).with_untracked(|draft| draft.as_ref().is_some_and(|draft| draft.id == *report))
}

/// Milliseconds since the phone was touched, by its clock; one that was set back has not been idle.
fn idle(touched: Timestamp) -> i64 {
    clock::now().since(touched)
}
