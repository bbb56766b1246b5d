//! Reading aloud, by voices that are on the phone: what is said goes to nobody else.

use std::cell::RefCell;

use gloo::events::EventListener;
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Something to be said, in a language.
pub struct Said {
    /// BCP 47 tag.
    pub language: String,
    /// The words.
    pub text: String,
}

thread_local! {
    /// Some browsers forget what they are saying unless somebody holds it.
    static SAYING: RefCell<Vec<(JsValue, Option<EventListener>)>> = const { RefCell::new(Vec::new()) };
}

/// Whether a voice on this phone speaks the language.
pub fn speaks(language: &str) -> bool {
    voice(language).is_some()
}

/// Calls back when the phone's voices are there, which may be later than the page, or change.
pub fn on_voices(mut changed: impl FnMut() + 'static) -> Option<EventListener> {
    let target = synthesis()?.dyn_into().ok()?;
    Some(EventListener::new(&target, "voiceschanged", move |_| {
        changed()
    }))
}

/// Says these one after the other, and calls back at the end. What has no voice of its own language
/// is said by the voice of the first that has one: names sound odd, and are still said.
pub fn say(all: Vec<Said>, ended: impl Fn() + 'static) {
    stop();
    let other = all.iter().find_map(|said| voice(&said.language));
    let mut made: Vec<_> = (all.into_iter())
        .filter_map(|said| utterance(&said, voice(&said.language).or(other.clone())?))
        .map(|utterance| (utterance, None))
        .collect();
    if let Some((last, listener)) = made.last_mut() {
        let target = last.clone().unchecked_into();
        *listener = Some(EventListener::new(&target, "end", move |_| ended()));
    }
    let Some(synthesis) = synthesis() else { return };
    for (utterance, _) in &made {
        call(&synthesis, "speak", Some(utterance));
    }
    SAYING.set(made);
}

/// Falls silent.
pub fn stop() {
    if let Some(synthesis) = synthesis() {
        call(&synthesis, "cancel", None);
    }
    SAYING.take();
}

fn synthesis() -> Option<JsValue> {
    let found = get(&web_sys::window()?.into(), "speechSynthesis")?;
    found.is_object().then_some(found)
}

/// A voice on the phone for a language; a network's voice would send the words away.
fn voice(language: &str) -> Option<JsValue> {
    let wanted = primary(language);
    let voices: js_sys::Array = call(&synthesis()?, "getVoices", None)?.dyn_into().ok()?;
    voices.iter().find(|voice| {
        let local = get(voice, "localService").is_some_and(|local| local.is_truthy());
        let speaks = get(voice, "lang").and_then(|tag| tag.as_string());
        local && speaks.is_some_and(|tag| primary(&tag).eq_ignore_ascii_case(wanted))
    })
}

/// "en" of "en-GB" and of Android's "en_GB".
fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

fn utterance(said: &Said, voice: JsValue) -> Option<JsValue> {
    let class: Function = get(&web_sys::window()?.into(), "SpeechSynthesisUtterance")?
        .dyn_into()
        .ok()?;
    let arguments = js_sys::Array::of1(&JsValue::from_str(&said.text));
    let made = Reflect::construct(&class, &arguments).ok()?;
    let language = get(&voice, "lang").unwrap_or(JsValue::UNDEFINED);
    let _ = Reflect::set(&made, &"lang".into(), &language);
    let _ = Reflect::set(&made, &"voice".into(), &voice);
    Some(made)
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok()
}

fn call(on: &JsValue, method: &str, with: Option<&JsValue>) -> Option<JsValue> {
    let method: Function = get(on, method)?.dyn_into().ok()?;
    match with {
        Some(argument) => method.call1(on, argument).ok(),
        None => method.call0(on).ok(),
    }
}
