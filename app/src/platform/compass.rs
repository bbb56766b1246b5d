//! Which way the phone faces, where it has a compass and lets us read it.

use gloo::events::EventListener;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Whether the phone wants to be asked first, after a tap: iPhones and iPads.
pub fn must_be_asked() -> bool {
    asking().is_some()
}

/// Asks; whether the answer was yes.
pub async fn ask() -> bool {
    let Some((event, ask)) = asking() else {
        return true;
    };
    let Ok(answer) = ask.call0(&event) else {
        return false;
    };
    let answer = JsFuture::from(answer.unchecked_into::<Promise>()).await;
    answer.is_ok_and(|answer| answer.as_string().as_deref() == Some("granted"))
}

/// Calls back with degrees clockwise from north until the listeners are dropped; never where there
/// is no compass.
pub fn follow(turned: impl Fn(f64) + Clone + 'static) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    ["deviceorientationabsolute", "deviceorientation"]
        .into_iter()
        .map(|name| {
            let turned = turned.clone();
            EventListener::new(&window, name, move |event| {
                if let Some(heading) = heading(event) {
                    turned((heading + screen_angle()).rem_euclid(360.0));
                }
            })
        })
        .collect()
}

/// What an event says of north; `None` where it only knows how the phone was held at the start.
fn heading(event: &JsValue) -> Option<f64> {
    let number = |name: &str| Reflect::get(event, &name.into()).ok()?.as_f64();
    let absolute = || Reflect::get(event, &"absolute".into()).ok()?.as_bool();
    number("webkitCompassHeading")
        .or_else(|| Some(360.0 - number("alpha").filter(|_| absolute() == Some(true))?))
}

/// How far the screen is turned against the phone.
fn screen_angle() -> f64 {
    let angle = || {
        let screen = Reflect::get(&js_sys::global(), &"screen".into()).ok()?;
        let orientation = Reflect::get(&screen, &"orientation".into()).ok()?;
        Reflect::get(&orientation, &"angle".into()).ok()?.as_f64()
    };
    angle().unwrap_or(0.0)
}

fn asking() -> Option<(JsValue, Function)> {
    let event = Reflect::get(&js_sys::global(), &"DeviceOrientationEvent".into()).ok()?;
    let ask = Reflect::get(&event, &"requestPermission".into()).ok()?;
    Some((event, ask.dyn_into().ok()?))
}
