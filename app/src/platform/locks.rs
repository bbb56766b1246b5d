//! Locks as screens use them: each lives in a worker of its own, which is ended when it locks.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use domain::lock::{Lock, Name, has_closed};
use domain::time::Timestamp;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use super::{clock, page};

/// How long saving may take before it is locked regardless, in milliseconds.
const SAVING: u32 = 2_000;
/// How often a page out of sight looks whether its time is over, in milliseconds.
const LOOK: u32 = 10_000;
const ALL: [Name; 2] = [Name::Card, Name::Reports];

type Saving = Pin<Box<dyn Future<Output = ()>>>;
type Save = Rc<dyn Fn() -> Saving>;
type Locked = Rc<dyn Fn(Name)>;

thread_local! {
    static SAVE: RefCell<Vec<(Name, Save)>> = const { RefCell::new(Vec::new()) };
    static LOCKED: RefCell<Option<Locked>> = const { RefCell::new(None) };
    static HIDDEN: Cell<Option<Timestamp>> = const { Cell::new(None) };
    static ERRAND: Cell<Option<Timestamp>> = const { Cell::new(None) };
}

/// How a lock stands in this tab.
pub async fn stand(name: Name) -> Result<Lock, String> {
    let stand = ask(name, "stand", [JsValue::UNDEFINED, JsValue::UNDEFINED]).await?;
    let part = |part: &str| Reflect::get(&stand, &part.into()).unwrap_or(JsValue::UNDEFINED);
    Ok(match part("lock").as_string().as_deref() {
        Some("open") => Lock::Open,
        Some("locked") => Lock::Locked {
            wait_until: part("wait_until").as_f64().map(|at| Timestamp(at as i64)),
            passkey: part("passkey").is_truthy(),
        },
        _ => Lock::None,
    })
}

/// The content of an open lock, or of one without a PIN; `None` where nothing was kept yet.
pub async fn read(name: Name) -> Result<Option<Vec<u8>>, String> {
    let content = ask(name, "read", [JsValue::UNDEFINED, JsValue::UNDEFINED]).await?;
    Ok(bytes(content))
}

/// Opens by a PIN. `wrong`: another; `wait`: too many tries, [`stand`] says until when.
pub async fn unlock(name: Name, pin: &str) -> Result<Option<Vec<u8>>, String> {
    let content = ask(name, "unlock", [pin.into(), JsValue::UNDEFINED]).await?;
    Ok(bytes(content))
}

/// Opens by the 32 bytes a passkey's PRF gave for this lock.
pub async fn unlock_by_passkey(name: Name, prf: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let given = Uint8Array::from(prf).into();
    let content = ask(name, "unlock_by_passkey", [given, JsValue::UNDEFINED]).await?;
    Ok(bytes(content))
}

/// Keeps content behind a lock that is open or has no PIN. `overtaken`: another tab has written
/// since; read it again first.
pub async fn keep(name: Name, content: &[u8]) -> Result<(), String> {
    tell(name, "keep", Uint8Array::from(content).into()).await
}

/// Sets the first PIN; what is there already goes behind it.
pub async fn set_pin(name: Name, pin: &str) -> Result<(), String> {
    tell(name, "set_pin", pin.into()).await
}

/// Sets another PIN.
pub async fn change_pin(name: Name, old: &str, new: &str) -> Result<(), String> {
    ask(name, "change_pin", [old.into(), new.into()])
        .await
        .map(drop)
}

/// Takes the PIN away; the content stays.
pub async fn remove_pin(name: Name, pin: &str) -> Result<(), String> {
    tell(name, "remove_pin", pin.into()).await
}

/// Lets a passkey open it, too; the lock has to be open.
pub async fn set_passkey(name: Name, prf: &[u8]) -> Result<(), String> {
    tell(name, "set_passkey", Uint8Array::from(prf).into()).await
}

/// Lets no passkey open it any more; the lock has to be open.
pub async fn remove_passkey(name: Name) -> Result<(), String> {
    tell(name, "remove_passkey", JsValue::UNDEFINED).await
}

/// Deletes lock and content: all that is left to do when a PIN is forgotten.
pub async fn start_again(name: Name) -> Result<(), String> {
    tell(name, "start_again", JsValue::UNDEFINED).await
}

/// A backup file of parts, a JSON object in text.
pub async fn backup(parts: &str, passphrase: &str) -> Result<Vec<u8>, String> {
    let with = [("parts", parts.into()), ("passphrase", passphrase.into())];
    let file = super::courier::ask_of("backup", "backup", &with).await;
    super::courier::end("backup");
    bytes(file?).ok_or_else(|| "gone".into())
}

/// What is in a backup file, as text: `{"version":1,"made":…,"parts":{…}}`.
pub async fn restore(file: &[u8], passphrase: &str) -> Result<String, String> {
    let file = Uint8Array::from(file).into();
    let with = [("file", file), ("passphrase", passphrase.into())];
    let inside = super::courier::ask_of("backup", "restore", &with).await;
    super::courier::end("backup");
    inside?.as_string().ok_or_else(|| "gone".into())
}

/// Saves, then locks. What screens hold of the content is theirs to drop when they are told.
pub fn lock(name: Name) {
    let of_name = |all: &Vec<(Name, Save)>| {
        let mut all = all.iter();
        all.find(|(one, _)| *one == name)
            .map(|(_, save)| Rc::clone(save))
    };
    let save = SAVE.with_borrow(of_name);
    let Some(save) = save.filter(|_| super::courier::runs(name.as_str())) else {
        lock_at_once(name);
        return;
    };
    let too_long = Timeout::new(SAVING, move || lock_at_once(name));
    spawn_local(async move {
        save().await;
        // Dropping it cancels it.
        drop(too_long);
        lock_at_once(name);
    });
}

/// Locks everything without saving first: on Exit, and when the page goes.
pub fn lock_all_at_once() {
    ALL.into_iter().for_each(lock_at_once);
}

fn lock_at_once(name: Name) {
    if !super::courier::runs(name.as_str()) {
        return;
    }
    super::courier::end(name.as_str());
    if let Some(locked) = LOCKED.with_borrow(Clone::clone) {
        locked(name);
    }
}

/// Whoever holds unsaved words keeps them when this is called, before the lock closes.
pub fn save_with(name: Name, save: impl Fn() -> Saving + 'static) {
    SAVE.with_borrow_mut(|all| {
        all.retain(|(one, _)| *one != name);
        all.push((name, Rc::new(save)));
    });
}

/// Choosing a file or calling from inside a lock: it stays open for five minutes at most.
pub fn errand() {
    ERRAND.set(Some(clock::now()));
}

/// Locks by itself a minute after the page went out of sight, and tells of every locking.
pub fn watch(locked: impl Fn(Name) + 'static) {
    LOCKED.set(Some(Rc::new(locked)));
    let (Some(document), Some(window)) = (page::document(), web_sys::window()) else {
        return;
    };
    EventListener::new(&document, "visibilitychange", |_| seen_or_hidden()).forget();
    // Frozen, no timer of ours would run again.
    EventListener::new(&document, "freeze", |_| {
        if ERRAND.get().is_none() {
            lock_all_at_once();
        }
    })
    .forget();
    EventListener::new(&window, "pagehide", |_| lock_all_at_once()).forget();
}

fn seen_or_hidden() {
    let hidden = page::document().is_some_and(|document| document.hidden());
    if hidden {
        HIDDEN.set(Some(clock::now()));
        look();
    } else {
        lock_if_over();
        HIDDEN.set(None);
        ERRAND.set(None);
    }
}

/// Looks again and again rather than once: browsers slow the timers of hidden pages down.
fn look() {
    if HIDDEN.get().is_some() && !lock_if_over() {
        Timeout::new(LOOK, look).forget();
    }
}

fn lock_if_over() -> bool {
    let hidden = HIDDEN.get();
    let over = hidden.is_some_and(|hidden| has_closed(hidden, ERRAND.get(), clock::now()));
    if over {
        ALL.into_iter().for_each(lock);
    }
    over
}

async fn tell(name: Name, what: &str, with: JsValue) -> Result<(), String> {
    ask(name, what, [with, JsValue::UNDEFINED]).await.map(drop)
}

async fn ask(name: Name, what: &str, [a, b]: [JsValue; 2]) -> Result<JsValue, String> {
    let name = name.as_str();
    let with = [
        ("what", what.into()),
        ("name", name.into()),
        ("a", a),
        ("b", b),
    ];
    super::courier::ask_of(name, "lock", &with).await
}

fn bytes(value: JsValue) -> Option<Vec<u8>> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}
