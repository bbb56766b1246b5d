//! The courier, in a worker of its own so that heavy work never blocks the screen; in the page
//! where the browser gives no worker.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};

use gloo::events::EventListener;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlScriptElement, MessageEvent, Worker, WorkerOptions};

use super::page;

/// The worker that carries. Each lock has another of its own, so that its end forgets that lock's
/// key and nothing else stops.
pub const CARRIER: &str = "";
/// The worker of what is behind no lock and never leaves its tab.
pub const TAB: &str = "tab";

thread_local! {
    static COURIERS: RefCell<BTreeMap<&'static str, Courier>> = const { RefCell::new(BTreeMap::new()) };
}

enum Courier {
    Worker(Worker, Pending),
    Page(JsValue),
}

#[derive(Clone, Default)]
struct Pending {
    last: std::rc::Rc<Cell<u32>>,
    asked: std::rc::Rc<RefCell<HashMap<u32, (Function, Function)>>>,
}

/// Asks the courier to do something; the error is a short stable code.
pub async fn ask(what: &str, with: &[(&str, JsValue)]) -> Result<JsValue, String> {
    ask_of(CARRIER, what, with).await
}

/// Asks the worker of a lock.
pub async fn ask_of(
    worker: &'static str,
    what: &str,
    with: &[(&str, JsValue)],
) -> Result<JsValue, String> {
    start_of(worker).await;
    let promise = COURIERS.with_borrow(|couriers| {
        let courier = couriers.get(worker)?;
        Some(courier.ask(what, with))
    });
    let answer = JsFuture::from(promise.ok_or("gone")?).await;
    answer.map_err(|error| error.as_string().unwrap_or_else(|| code(&error)))
}

/// Starts it if it is not running yet.
pub async fn start() {
    start_of(CARRIER).await;
}

async fn start_of(name: &'static str) {
    if COURIERS.with_borrow(|couriers| couriers.contains_key(name)) {
        return;
    }
    let url = page::meta("courier");
    let named = WorkerOptions::new();
    named.set_name(name);
    let courier = match Worker::new_with_options(&url, &named) {
        Ok(worker) => Some(in_worker(name, worker)),
        Err(_) => in_page(&url).await.map(Courier::Page),
    };
    if let Some(courier) = courier {
        COURIERS.with_borrow_mut(|couriers| couriers.insert(name, courier));
    }
}

/// Whether the worker of this name runs.
pub fn runs(name: &str) -> bool {
    COURIERS.with_borrow(|couriers| couriers.contains_key(name))
}

/// Ends the worker of a lock at once: its memory goes back to the system. Where the courier runs
/// in the page it cannot be ended; there it only forgets the key.
pub fn end(name: &'static str) {
    let ended = COURIERS.with_borrow_mut(|couriers| couriers.remove(name));
    match ended {
        Some(Courier::Worker(worker, pending)) => {
            worker.terminate();
            pending.reject_all("closed");
        }
        Some(host @ Courier::Page(_)) => {
            drop(host.ask("lock", &[("what", "close".into()), ("name", name.into())]));
        }
        None => {}
    }
}

fn code(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok();
    message
        .and_then(|message| message.as_string())
        .unwrap_or_else(|| "gone".into())
}

fn in_worker(name: &'static str, worker: Worker) -> Courier {
    let pending = Pending::default();
    let answered = pending.clone();
    EventListener::new(&worker, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            answered.settle(&event.data());
        }
    })
    .forget();
    let broken = pending.clone();
    EventListener::new(&worker, "error", move |_| {
        // The next question starts another.
        COURIERS.with_borrow_mut(|couriers| couriers.remove(name));
        broken.reject_all("gone");
    })
    .forget();
    Courier::Worker(worker, pending)
}

async fn in_page(url: &str) -> Option<JsValue> {
    let document = page::document()?;
    let script: HtmlScriptElement = document.create_element("script").ok()?.unchecked_into();
    let loaded = Promise::new(&mut |resolve, reject| {
        EventListener::once(&script, "load", move |_| {
            drop(resolve.call0(&JsValue::NULL))
        })
        .forget();
        EventListener::once(&script, "error", move |_| {
            drop(reject.call0(&JsValue::NULL))
        })
        .forget();
    });
    script.set_src(url);
    document.body()?.append_child(&script).ok()?;
    JsFuture::from(loaded).await.ok()?;
    Reflect::get(&js_sys::global(), &"courier".into()).ok()
}

impl Courier {
    fn ask(&self, what: &str, with: &[(&str, JsValue)]) -> Promise {
        match self {
            Self::Worker(worker, pending) => pending.send(worker, what, with),
            Self::Page(host) => {
                let arguments: js_sys::Array = with.iter().map(|(_, value)| value).collect();
                let method = Reflect::get(host, &what.into())
                    .ok()
                    .and_then(|method| method.dyn_into::<Function>().ok());
                let called = method.and_then(|method| method.apply(host, &arguments).ok());
                called
                    .and_then(|promise| promise.dyn_into().ok())
                    .unwrap_or_else(|| Promise::reject(&"gone".into()))
            }
        }
    }
}

impl Pending {
    fn send(&self, worker: &Worker, what: &str, with: &[(&str, JsValue)]) -> Promise {
        let n = self.last.get().wrapping_add(1);
        self.last.set(n);
        let message = Object::new();
        let _ = Reflect::set(&message, &"n".into(), &n.into());
        let _ = Reflect::set(&message, &"ask".into(), &what.into());
        for (name, value) in with {
            let _ = Reflect::set(&message, &JsValue::from_str(name), value);
        }
        Promise::new(&mut |resolve, reject| {
            self.asked.borrow_mut().insert(n, (resolve, reject.clone()));
            if worker.post_message(&message).is_err() {
                let _ = reject.call1(&JsValue::NULL, &"gone".into());
            }
        })
    }

    fn settle(&self, message: &JsValue) {
        let part = |name: &str| {
            Reflect::get(message, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
        };
        let n = part("n").as_f64().unwrap_or(0.0) as u32;
        let Some((resolve, reject)) = self.asked.borrow_mut().remove(&n) else {
            return;
        };
        let error = part("error");
        let _ = if error.is_undefined() {
            resolve.call1(&JsValue::NULL, &part("value"))
        } else {
            reject.call1(&JsValue::NULL, &error)
        };
    }

    fn reject_all(&self, code: &str) {
        let asked = std::mem::take(&mut *self.asked.borrow_mut());
        for (_, reject) in asked.into_values() {
            let _ = reject.call1(&JsValue::NULL, &code.into());
        }
    }
}
