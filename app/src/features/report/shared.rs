//! A phone that several people report with: what is half told does not wait for the next one.

use std::cell::Cell;

use domain::id::ReportId;
use domain::time::Timestamp;
use gloo::events::{EventListener, EventListenerOptions};
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

thread_local! {
    static TOUCHED: Cell<Timestamp> = const { Cell::new(Timestamp(0)) };
}

/// Somebody is there: also who speaks, and has no hand on the phone.
pub fn touched() {
    TOUCHED.set(clock::now());
}

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
        touched();
        // Nor has who listens to a recording: what plays tells of it on its own element alone.
        let _heard = ["pointerdown", "keydown", "timeupdate"].map(|event| {
            let first = EventListenerOptions::run_in_capture_phase();
            EventListener::new_with_options(&document, event, first, |_| touched())
        });
        while is_told(state, &report) {
            clock::wait(LOOK).await;
            match clock::now().since(TOUCHED.get()) {
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
