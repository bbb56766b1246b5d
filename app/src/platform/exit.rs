//! Leaving at once: the flag first, then nothing on the screen, in Back or in another tab.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::{locks, page, tabs};

/// A neutral page of our own.
const AWAY: &str = "/away";
/// Three taps of Shift within this many milliseconds leave, too.
const QUICK: f64 = 1500.0;

/// Leaves in this tab and tells the others.
pub fn leave() {
    leave_this_tab();
    tabs::tell("exit");
}

/// Leaves in this tab.
pub fn leave_this_tab() {
    let Some(window) = web_sys::window() else {
        return;
    };
    if let Ok(Some(storage)) = window.session_storage() {
        let _ = storage.set_item("exited", "1");
    }
    locks::lock_all_at_once();
    if let Some(body) = page::document().and_then(|document| document.body()) {
        body.set_text_content(None);
    }
    let _ = window.location().replace(AWAY);
}

/// Listens for Shift three times while `wanted` says that the page offers Exit.
pub fn on_shift(wanted: impl Fn() -> bool + 'static) {
    let Some(document) = page::document() else {
        return;
    };
    let mut taps: Vec<f64> = Vec::new();
    let listener = EventListener::new(&document, "keydown", move |event| {
        let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key);
        if key.as_deref() != Some("Shift") {
            taps.clear();
            return;
        }
        let now = event.time_stamp();
        taps.retain(|tap| now - tap < QUICK);
        taps.push(now);
        if taps.len() >= 3 && wanted() {
            leave();
        }
    });
    listener.forget();
}
