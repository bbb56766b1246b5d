//! Handing a link of ours to another app, or to the clipboard.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::ShareData;

use super::clipboard;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// The phone showed its own choice.
    Offered,
    /// It is on the clipboard.
    Copied,
    /// The browser lets us do neither.
    Not,
}

/// Offers the page of this path under a title; where the phone has nothing to offer, copies its address.
pub async fn link(title: &str, path: &str) -> Shared {
    let Some(window) = web_sys::window() else {
        return Shared::Not;
    };
    let origin = window.location().origin().unwrap_or_default();
    let url = [&origin, path].concat();
    let navigator = window.navigator();
    let known = Reflect::get(&navigator, &"share".into()).is_ok_and(|method| method.is_function());
    if known {
        let data: ShareData = Object::new().unchecked_into();
        let _ = Reflect::set(&data, &"title".into(), &title.into());
        let _ = Reflect::set(&data, &"url".into(), &url.into());
        // Put away without choosing: nothing has happened.
        let _ = JsFuture::from(navigator.share_with_data(&data)).await;
        return Shared::Offered;
    }
    match clipboard::copy(&url).await {
        true => Shared::Copied,
        false => Shared::Not,
    }
}
