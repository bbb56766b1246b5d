//! How much power the phone has left, where the browser tells.

use gloo::events::EventListener;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::EventTarget;

/// Below this share of a full battery every bit counts.
const LOW: f64 = 0.15;

/// Calls back whether the battery is nearly empty and not being charged: now, and whenever that
/// changes, for as long as the page lives. Never where the browser does not tell.
pub async fn follow(mut told: impl FnMut(bool) + Clone + 'static) {
    let Some(battery) = battery().await else {
        return;
    };
    told(is_low(&battery));
    let Ok(target) = battery.clone().dyn_into::<EventTarget>() else {
        return;
    };
    for event in ["levelchange", "chargingchange"] {
        let (battery, mut told) = (battery.clone(), told.clone());
        EventListener::new(&target, event, move |_| told(is_low(&battery))).forget();
    }
}

async fn battery() -> Option<JsValue> {
    let navigator = web_sys::window()?.navigator();
    let ask: Function = Reflect::get(&navigator, &"getBattery".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let asked: Promise = ask.call0(&navigator).ok()?.dyn_into().ok()?;
    JsFuture::from(asked).await.ok()
}

fn is_low(battery: &JsValue) -> bool {
    let part = |name: &str| Reflect::get(battery, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let level = part("level").as_f64().unwrap_or(1.0);
    level < LOW && !part("charging").is_truthy()
}
