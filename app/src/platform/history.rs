//! The browser's history: addresses, Back, and the guard that lets Back mean "previous question".

use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{History, PopStateEvent, ScrollRestoration};

const GUARD: &str = "guard";

fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}

/// The path shown in the address bar.
pub fn path() -> String {
    let window = web_sys::window();
    window
        .and_then(|window| window.location().pathname().ok())
        .unwrap_or_else(|| "/".into())
}

/// Restoring the scroll position is ours: the browser would do it before the page is there.
pub fn keep_scroll_ourselves() {
    if let Some(history) = history() {
        let _ = history.set_scroll_restoration(ScrollRestoration::Manual);
    }
}

/// Adds an entry for a path, and remembers how far down the page was that is left.
pub fn push(path: &str) {
    let Some((history, window)) = history().zip(web_sys::window()) else {
        return;
    };
    let down = window.scroll_y().unwrap_or(0.0);
    let _ = history.replace_state_with_url(&JsValue::from_f64(down), "", None);
    let _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
}

/// Adds an entry that does not change the address, so that Back comes to the page and not past it.
pub fn push_guard() {
    if let Some(history) = history()
        && !is_guarded(&history)
    {
        let _ = history.push_state_with_url(&JsValue::from_str(GUARD), "", None);
    }
}

fn is_guarded(history: &History) -> bool {
    history
        .state()
        .is_ok_and(|state| state.as_string().as_deref() == Some(GUARD))
}

/// Calls back with the scroll position of the entry that Back or Forward came to.
pub fn on_pop(mut arrived: impl FnMut(f64) + 'static) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let listener = EventListener::new(&window, "popstate", move |event| {
        let state = event.dyn_ref::<PopStateEvent>().map(PopStateEvent::state);
        arrived(state.and_then(|state| state.as_f64()).unwrap_or(0.0));
    });
    listener.forget();
}

/// Calls back on Back or Forward until the listener is dropped.
pub fn while_popping(mut popped: impl FnMut() + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "popstate", move |_| popped()))
}
