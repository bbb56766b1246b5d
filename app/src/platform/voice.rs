//! The voices on this phone. Those that send what they speak to somebody else are never used.

use gloo::events::EventListener;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::page;

/// Whether a voice of this phone speaks the language of the page.
pub fn is_there() -> bool {
    local_voice().is_some()
}

/// Calls back when the phone has got its voices ready, until the listener is dropped.
pub fn when_voices_come(mut come: impl FnMut() + 'static) -> Option<EventListener> {
    let synthesis = synthesis()?.dyn_into::<web_sys::EventTarget>().ok()?;
    Some(EventListener::new(&synthesis, "voiceschanged", move |_| {
        come()
    }))
}

/// Says it, instead of whatever is being said.
pub fn say(words: &str) {
    let (Some(synthesis), Some(voice)) = (synthesis(), local_voice()) else {
        return;
    };
    let Some(utterance) = utterance(words) else {
        return;
    };
    // Setting a property of a fresh object can't fail.
    let _ = Reflect::set(&utterance, &"voice".into(), &voice);
    call(&synthesis, "cancel", &JsValue::UNDEFINED);
    call(&synthesis, "speak", &utterance);
}

fn local_voice() -> Option<JsValue> {
    let language = page::language();
    let language = language.split('-').next().unwrap_or_default().to_owned();
    let voices: Array = call(&synthesis()?, "getVoices", &JsValue::UNDEFINED)?
        .dyn_into()
        .ok()?;
    voices.iter().find(|voice| {
        let local = Reflect::get(voice, &"localService".into());
        let speaks = Reflect::get(voice, &"lang".into()).ok();
        let speaks = speaks.and_then(|tag| tag.as_string()).unwrap_or_default();
        local.is_ok_and(|local| local == JsValue::TRUE) && speaks.starts_with(&language)
    })
}

fn utterance(words: &str) -> Option<JsValue> {
    let make = Reflect::get(&js_sys::global(), &"SpeechSynthesisUtterance".into()).ok()?;
    let make: Function = make.dyn_into().ok()?;
    Reflect::construct(&make, &Array::of1(&words.into())).ok()
}

fn synthesis() -> Option<JsValue> {
    let found = Reflect::get(&js_sys::global(), &"speechSynthesis".into()).ok()?;
    found.is_object().then_some(found)
}

fn call(on: &JsValue, method: &str, with: &JsValue) -> Option<JsValue> {
    let method: Function = Reflect::get(on, &method.into()).ok()?.dyn_into().ok()?;
    method.call1(on, with).ok()
}
