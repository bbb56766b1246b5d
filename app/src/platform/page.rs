//! The document: its title, its language, what has the focus, and taps on it.

use std::cell::Cell;

use super::settings::{Setting, chosen};
use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, MouseEvent};

/// The document, where there is one.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn root() -> Option<Element> {
    document()?.document_element()
}

fn find(selector: &str) -> Option<HtmlElement> {
    document()?.query_selector(selector).ok()??.dyn_into().ok()
}

/// The content of a `<meta name=…>`; empty where there is none.
pub fn meta(name: &str) -> String {
    let found = find(&format!("meta[name='{name}']"));
    found
        .and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_default()
}

/// Whether nobody can see the page now.
pub fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// What `<html>` says by an attribute; empty where it says nothing.
pub fn mode(name: &str) -> String {
    root()
        .and_then(|root| root.get_attribute(name))
        .unwrap_or_default()
}

/// The element that was touched or holds it, by a selector.
pub fn closest(event: &web_sys::Event, selector: &str) -> Option<HtmlElement> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(selector).ok()??.dyn_into().ok()
}

/// What has been typed or chosen in the field of this id; empty without one.
pub fn value_of(id: &str) -> String {
    let field = document().and_then(|document| document.get_element_by_id(id));
    field
        .and_then(|field| js_sys::Reflect::get(&field, &"value".into()).ok())
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

/// Changes an attribute of what a selector finds.
pub fn set_attribute(selector: &str, name: &str, value: &str) {
    if let Some(element) = find(selector) {
        let _ = element.set_attribute(name, value);
    }
}

/// Changes the words of what a selector finds.
pub fn set_words(selector: &str, words: &str) {
    if let Some(element) = find(selector) {
        element.set_text_content(Some(words));
    }
}

/// The language of the page.
pub fn language() -> String {
    root()
        .and_then(|root| root.get_attribute("lang"))
        .unwrap_or_else(|| "en".into())
}

/// The direction in which the page is read.
pub fn direction() -> String {
    root()
        .and_then(|root| root.get_attribute("dir"))
        .unwrap_or_else(|| "ltr".into())
}

/// Sets or, with an empty value, removes an attribute of `<html>`.
pub fn set_mode(name: &str, value: &str) {
    if let Some(root) = root() {
        let _ = if value.is_empty() {
            root.remove_attribute(name)
        } else {
            root.set_attribute(name, value)
        };
    }
}

thread_local! {
    /// Somebody waits for a page that is still loaded, this far down.
    static AWAITED: Cell<Option<f64>> = const { Cell::new(None) };
}

/// After the next rendering, or once the page has come: titles it after its heading, moves the focus
/// there, so that a screen reader says where one is, and scrolls.
pub fn arrive(scroll: f64) {
    Timeout::new(0, move || {
        AWAITED.set(None);
        if find(".coming").is_some() {
            AWAITED.set(Some(scroll));
            return;
        }
        let heading = find("main h1").or_else(|| find("#main"));
        if let Some(heading) = heading {
            title_after(&heading);
            focus(&heading);
        }
        if let Some(window) = web_sys::window() {
            window.scroll_to_with_x_and_y(0.0, scroll);
        }
    })
    .forget();
}

/// A page that had to be loaded has come, or its excuse.
pub fn came() {
    match AWAITED.take() {
        Some(scroll) => arrive(scroll),
        None => title_soon(),
    }
}

/// After the next rendering: titles the page, without moving the focus.
pub fn title_soon() {
    Timeout::new(0, || {
        if let Some(heading) = find("main h1") {
            title_after(&heading);
        }
    })
    .forget();
}

/// Points a `<link>` of the page's head elsewhere.
pub fn link(rel: &str, to: &str) {
    if let Some(link) = find(&format!("link[rel={rel}]")) {
        let _ = link.set_attribute("href", to);
    }
}

/// What this app calls itself where others may see it: in titles, in the list of open apps.
fn name() -> String {
    match chosen(Setting::Name).is_empty() {
        true => meta("scheme"),
        false => meta("neutral"),
    }
}

fn title_after(heading: &HtmlElement) {
    let Some(document) = document() else { return };
    let heading = heading.text_content().unwrap_or_default();
    let (scheme, name) = (meta("scheme"), name());
    let title = if heading.trim() == scheme || name != scheme {
        name
    } else {
        format!("{} – {name}", heading.trim())
    };
    document.set_title(&title);
}

fn focus(element: &HtmlElement) {
    if !element.has_attribute("tabindex") {
        let _ = element.set_attribute("tabindex", "-1");
    }
    let _ = element.focus();
}

/// After the next rendering: moves the focus to what the selector finds.
pub fn focus_soon(selector: &'static str) {
    Timeout::new(0, move || {
        if let Some(element) = find(selector) {
            focus(&element);
        }
    })
    .forget();
}

/// After the next rendering: moves the focus to the element of this id and into sight.
pub fn focus_on_soon(id: String) {
    Timeout::new(0, move || focus_on(&id)).forget();
}

/// Moves the focus to the element of this id and into sight.
pub fn focus_on(id: &str) {
    let found = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.scroll_into_view();
        focus(&element);
    }
}

/// Calls back on every tap in the document.
pub fn on_click(tapped: impl Fn(&MouseEvent) + 'static) {
    let Some(document) = document() else { return };
    let active = EventListenerOptions::enable_prevent_default();
    let listener = EventListener::new_with_options(&document, "click", active, move |event| {
        if let Some(event) = event.dyn_ref::<MouseEvent>() {
            tapped(event);
        }
    });
    listener.forget();
}

/// Whether a tap leads out of the app for a moment: to a call, a message, or a choice of files.
pub fn leads_out(event: &MouseEvent) -> bool {
    let tapped = event.target().and_then(|on| on.dyn_into::<Element>().ok());
    let out = "a[href^='tel:'], a[href^='sms:'], a[href^='mailto:'], input[type=file]";
    tapped.is_some_and(|tapped| matches!(tapped.closest(out), Ok(Some(_))))
}

/// Opens the phone's print dialogue.
pub fn print() {
    if let Some(window) = web_sys::window() {
        let _ = window.print();
    }
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}

/// Removes what stood on the page before the app had loaded.
pub fn remove_shell() {
    if let Some(shell) = find("#shell") {
        shell.remove();
    }
    set_mode("data-at", "");
    set_mode("data-ready", "true");
}

/// Where the app is shown.
pub fn stage() -> Option<HtmlElement> {
    find("#app")
}
