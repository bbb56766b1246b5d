//! The phone's clipboard.

use js_sys::Reflect;
use wasm_bindgen_futures::JsFuture;

/// Copies a text; false where the browser does not let us.
pub async fn copy(text: &str) -> bool {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else {
        return false;
    };
    // Without HTTPS there is no clipboard.
    let known =
        Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    known
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
}
