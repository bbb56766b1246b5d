//! Word from the courier and from other tabs: something that is kept has changed.

use domain::id::ReportId;
use gloo::events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// What has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// An entry of the outbox.
    Outbox,
    /// Somebody deleted a report before it had gone.
    Removed(ReportId),
    /// The places.
    Places,
    /// The scheme.
    Scheme,
    /// The card.
    Card,
    /// A hand-over began, went on or ended.
    HandOver,
    /// The usual places.
    UsualPlaces,
    /// The last round reached the server, or did not.
    Connection {
        /// Whether it did.
        reached: bool,
    },
    /// The scheme's keys are not what they were.
    Keys(Keys),
    /// Somebody pressed Exit in some tab.
    Exit,
}

/// What became of the scheme's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// A sample began anew with other keys, and they were taken on.
    Changed,
    /// They are not those this phone trusts: nothing was taken on, and nothing is sealed to them.
    Refused,
}

const CHANNEL: &str = "safe-place";

/// Calls back for every piece of news, for as long as the page lives.
pub fn listen(mut heard: impl FnMut(News) + 'static) {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else {
        return;
    };
    let listener = EventListener::new(&channel, "message", move |event| {
        if let Some(news) = event
            .dyn_ref::<MessageEvent>()
            .and_then(|event| read(&event.data()))
        {
            heard(news);
        }
    });
    listener.forget();
    std::mem::forget(channel);
}

/// Tells the other tabs.
pub fn tell(kind: &str) {
    tell_with(&[("kind", kind)]);
}

/// Tells them that a report was deleted before it had gone.
pub fn tell_removed(id: &ReportId) {
    tell_with(&[("kind", "removed"), ("id", id.as_str())]);
}

fn tell_with(parts: &[(&str, &str)]) {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        let message = js_sys::Object::new();
        for (name, value) in parts {
            let _ = Reflect::set(&message, &(*name).into(), &(*value).into());
        }
        let _ = channel.post_message(&message);
        channel.close();
    }
}

fn read(message: &JsValue) -> Option<News> {
    let part = |name: &str| Reflect::get(message, &JsValue::from_str(name)).ok();
    match part("kind")?.as_string()?.as_str() {
        "outbox" => Some(News::Outbox),
        "removed" => Some(News::Removed(part("id")?.as_string()?.parse().ok()?)),
        "places" => Some(News::Places),
        "scheme" => Some(News::Scheme),
        "card" => Some(News::Card),
        "handover" => Some(News::HandOver),
        "usual-places" => Some(News::UsualPlaces),
        "notice" => match part("notice")?.as_string()?.as_str() {
            "root-changed" => Some(News::Keys(Keys::Changed)),
            "scheme-refused" => Some(News::Keys(Keys::Refused)),
            _ => None,
        },
        "exit" => Some(News::Exit),
        "connection" => Some(News::Connection {
            reached: part("reached")?.as_bool()?,
        }),
        _ => None,
    }
}
