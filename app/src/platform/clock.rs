//! The phone's clock: the only one who knows the time. It may be wrong by years.

use domain::time::Timestamp;
use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;

/// Now, by this phone.
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

/// The hour of the day where the phone is, from 0 to 23.
pub fn hour() -> u32 {
    js_sys::Date::new_0().get_hours()
}

/// Lets the browser paint, and hear what was typed meanwhile.
pub async fn pause() {
    wait(0).await;
}

/// Waits so many milliseconds; longer while the page is out of sight.
pub async fn wait(milliseconds: i32) {
    let passed = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    });
    let _ = JsFuture::from(passed).await;
}
