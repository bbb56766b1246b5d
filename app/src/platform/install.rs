//! Staying on the phone: the home screen, and storage that the browser promises to keep.

use std::cell::RefCell;

use gloo::events::{EventListener, EventListenerOptions};
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::page;

thread_local! {
    static OFFER: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Holds the browser's own offer back until the person asks for it; calls back when there is one.
pub fn watch(offered: impl Fn() + 'static) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let active = EventListenerOptions::enable_prevent_default();
    let listener =
        EventListener::new_with_options(&window, "beforeinstallprompt", active, move |event| {
            event.prevent_default();
            OFFER.with_borrow_mut(|offer| *offer = Some(event.clone().into()));
            offered();
        });
    listener.forget();
}

/// What is put on the home screen from now on: the scheme's name and icon, or neutral ones.
pub fn call(neutral: bool) {
    let [manifest, icon] = if neutral {
        ["/neutral.webmanifest", "/icons/neutral-192.png"]
    } else {
        ["/manifest.webmanifest", "/icons/apple-touch-180.png"]
    };
    page::link("manifest", manifest);
    page::link("apple-touch-icon", icon);
}

/// Shows the browser's offer to add the app to the home screen.
pub fn prompt() {
    let offer = OFFER.with_borrow_mut(Option::take);
    let prompt = offer
        .as_ref()
        .and_then(|offer| Reflect::get(offer, &"prompt".into()).ok());
    if let (Some(offer), Some(prompt)) = (
        offer,
        prompt.and_then(|prompt| prompt.dyn_into::<Function>().ok()),
    ) {
        let _ = prompt.call0(&offer);
    }
}

/// Whether the browser has promised to keep what lies here.
pub async fn is_kept() -> bool {
    storage_says(|storage| storage.persisted()).await
}

/// Asks the browser to keep what lies here.
pub async fn keep() -> bool {
    storage_says(|storage| storage.persist()).await
}

async fn storage_says(
    ask: impl Fn(&web_sys::StorageManager) -> Result<js_sys::Promise, JsValue>,
) -> bool {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else {
        return false;
    };
    // Some browsers have no `navigator.storage` at all.
    let has_storage =
        Reflect::get(&navigator, &"storage".into()).is_ok_and(|storage| storage.is_object());
    let Some(promise) = has_storage
        .then(|| ask(&navigator.storage()).ok())
        .flatten()
    else {
        return false;
    };
    JsFuture::from(promise)
        .await
        .is_ok_and(|answer| answer.is_truthy())
}
