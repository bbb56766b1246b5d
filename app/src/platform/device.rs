//! What kind of phone this is, as far as it says. A guess: only the order of things depends on it.

use js_sys::Reflect;
use web_sys::Navigator;

/// Whose phone it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// An iPhone or iPad.
    Ios,
    /// Anything else: most phones are.
    Android,
}

/// The phone in hand.
pub fn guess() -> Device {
    let ios = navigator().is_some_and(|navigator| {
        let agent = navigator.user_agent().unwrap_or_default();
        // An iPad says that it is a Mac, but can be touched at several points.
        let touched = number(&navigator, "maxTouchPoints").is_some_and(|points| points > 1.0);
        ["iPhone", "iPad", "iPod"]
            .iter()
            .any(|name| agent.contains(name))
            || (agent.contains("Macintosh") && touched)
    });
    if ios { Device::Ios } else { Device::Android }
}

/// In a tab of an iPhone's browser: what is kept there goes after a week without a visit, and an
/// app on the home screen sees none of it.
pub fn in_ios_tab() -> bool {
    let standalone = navigator()
        .and_then(|navigator| Reflect::get(&navigator, &"standalone".into()).ok())
        .is_some_and(|standalone| standalone.is_truthy());
    guess() == Device::Ios && !standalone
}

/// The screen held upright, in its own dots: width and height.
pub fn screen() -> (u32, u32) {
    let Some(window) = web_sys::window() else {
        return (1080, 1920);
    };
    let dots = |points: Result<i32, _>, otherwise: f64| {
        let points = points.map_or(otherwise, f64::from);
        (points * window.device_pixel_ratio()) as u32
    };
    let screen = window.screen().ok();
    let side = |of: fn(&web_sys::Screen) -> Result<i32, wasm_bindgen::JsValue>| {
        screen.as_ref().map_or(Ok(0), of)
    };
    let (a, b) = (
        dots(side(web_sys::Screen::width), 360.0),
        dots(side(web_sys::Screen::height), 640.0),
    );
    (a.min(b).max(320), a.max(b).max(480))
}

fn navigator() -> Option<Navigator> {
    web_sys::window().map(|window| window.navigator())
}

fn number(navigator: &Navigator, name: &str) -> Option<f64> {
    Reflect::get(navigator, &name.into()).ok()?.as_f64()
}
