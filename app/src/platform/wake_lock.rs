//! The screen stays on while something must be read, where the browser can do that.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::page;

/// Keeps the screen on for as long as it lives, also after the person was away for a moment.
pub struct Awake {
    lock: Rc<RefCell<Lock>>,
    _returns: Option<EventListener>,
}

/// What became of the wish.
enum Lock {
    Wanted,
    Held(JsValue),
    Unwanted,
}

impl Awake {
    /// Asks the browser. Where it can't, or won't, nothing else changes.
    pub fn ask() -> Self {
        let lock = Rc::new(RefCell::new(Lock::Wanted));
        hold(&lock);
        let again = Rc::clone(&lock);
        // Browsers take it back when the page is hidden.
        let returns = page::document().map(|document| {
            EventListener::new(&document, "visibilitychange", move |_| {
                if !page::is_hidden() {
                    hold(&again);
                }
            })
        });
        Self {
            lock,
            _returns: returns,
        }
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        if let Lock::Held(sentinel) = self.lock.replace(Lock::Unwanted) {
            call(&sentinel, "release", None);
        }
    }
}

fn hold(lock: &Rc<RefCell<Lock>>) {
    let lock = Rc::clone(lock);
    spawn_local(async move {
        let Some(sentinel) = request().await else {
            return;
        };
        let before = lock.replace(Lock::Unwanted);
        match before {
            Lock::Unwanted => call(&sentinel, "release", None).map_or((), drop),
            Lock::Held(old) => {
                call(&old, "release", None);
                lock.replace(Lock::Held(sentinel));
            }
            Lock::Wanted => drop(lock.replace(Lock::Held(sentinel))),
        }
    });
}

async fn request() -> Option<JsValue> {
    let navigator = web_sys::window()?.navigator();
    let wake_lock = Reflect::get(&navigator, &"wakeLock".into()).ok()?;
    let asked = call(&wake_lock, "request", Some("screen"))?;
    JsFuture::from(asked.dyn_into::<Promise>().ok()?).await.ok()
}

fn call(on: &JsValue, method: &str, with: Option<&str>) -> Option<JsValue> {
    let method: Function = Reflect::get(on, &method.into()).ok()?.dyn_into().ok()?;
    match with {
        Some(argument) => method.call1(on, &argument.into()).ok(),
        None => method.call0(on).ok(),
    }
}
