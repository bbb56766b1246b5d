//! The service worker: registered once, and a newer version offered, never forced.

use std::cell::Cell;

use gloo::events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

use super::page;

thread_local! {
    static WANTED: Cell<bool> = const { Cell::new(false) };
}

fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    let there =
        Reflect::get(&navigator, &"serviceWorker".into()).is_ok_and(|found| found.is_object());
    there.then(|| navigator.service_worker())
}

/// Registers it and calls back whenever a newer version waits to take over.
pub async fn start(newer: impl Fn() + Clone + 'static) {
    let Some(container) = container() else { return };
    // Where none is allowed some browsers refuse, and some answer with nothing.
    let registered = JsFuture::from(container.register("/sw.js")).await;
    let Some(registration) = registered
        .ok()
        .and_then(|registered| registered.dyn_into::<ServiceWorkerRegistration>().ok())
    else {
        return;
    };
    reload_once_taken_over(&container);
    if registration.waiting().is_some() && container.controller().is_some() {
        newer();
    }
    // One that is on its way already has been announced before anybody listened.
    watch(&registration, newer.clone());
    let found = registration.clone();
    EventListener::new(&registration, "updatefound", move |_| {
        watch(&found, newer.clone())
    })
    .forget();
}

fn watch(registration: &ServiceWorkerRegistration, newer: impl Fn() + 'static) {
    let Some(worker) = registration.installing() else {
        return;
    };
    let installing = worker.clone();
    EventListener::new(&worker, "statechange", move |_| {
        let replaces = container().is_some_and(|container| container.controller().is_some());
        if installing.state() == ServiceWorkerState::Installed && replaces {
            newer();
        }
    })
    .forget();
}

fn reload_once_taken_over(container: &ServiceWorkerContainer) {
    EventListener::new(container, "controllerchange", |_| {
        if WANTED.get() {
            page::reload();
        }
    })
    .forget();
}

/// Lets the waiting version take over, and loads the page with it.
pub async fn take_over() {
    WANTED.set(true);
    let Some(registration) = registration().await else {
        return;
    };
    match registration.waiting() {
        Some(waiting) => {
            let message = js_sys::Object::new();
            let _ = Reflect::set(&message, &"kind".into(), &"take-over".into());
            let _ = waiting.post_message(&message);
        }
        None => page::reload(),
    }
}

async fn registration() -> Option<ServiceWorkerRegistration> {
    let found = JsFuture::from(container()?.get_registration()).await.ok()?;
    found.dyn_into().ok()
}

/// Asks for a Background Sync, so that what waits is sent even when this page is gone. Browsers
/// without it send when the app is next open.
pub async fn ask_for_sync() {
    let Some(registration) = registration().await else {
        return;
    };
    let manager = Reflect::get(&registration, &"sync".into()).unwrap_or(JsValue::UNDEFINED);
    let register = Reflect::get(&manager, &"register".into()).ok();
    if let Some(register) =
        register.and_then(|register| register.dyn_into::<js_sys::Function>().ok())
    {
        let promise = register.call1(&manager, &"outbox".into());
        if let Some(promise) = promise
            .ok()
            .and_then(|promise| promise.dyn_into::<js_sys::Promise>().ok())
        {
            let _ = JsFuture::from(promise).await;
        }
    }
}
