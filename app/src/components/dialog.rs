//! A question that must be answered before something is deleted.

use crate::dom::{El, Show, View, el};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;

/// The words of a question.
pub struct Ask {
    /// What is asked.
    pub title: String,
    /// What it means.
    pub note: String,
    /// Yes, in words that say what happens.
    pub yes: String,
    /// No, likewise.
    pub no: String,
}

/// A dialog that opens on demand.
#[derive(Clone, Copy)]
pub struct Confirm {
    dialog: StoredValue<El, LocalStorage>,
}

impl Confirm {
    /// A dialog that is not open yet.
    pub fn new() -> Self {
        Self {
            dialog: StoredValue::new_local(el("dialog")),
        }
    }

    /// Asks.
    pub fn open(self) {
        self.call("showModal");
    }

    fn call(self, method: &str) {
        let dialog = self.dialog.get_value().element();
        let method = js_sys::Reflect::get(&dialog, &JsValue::from_str(method)).ok();
        if let Some(method) = method.and_then(|method| method.dyn_into::<js_sys::Function>().ok()) {
            let _ = method.call0(&dialog);
        }
    }

    /// The dialog itself, to stand anywhere on the page.
    pub fn view(self, ask: Ask, act: impl Fn() + 'static) -> View {
        let dialog = self.dialog.get_value();
        dialog
            .class("dialog")
            // Not by an id: a page may have several.
            .attr("aria-label", ask.title.clone())
            .child(el("h2").class("dialog__title").child(ask.title))
            .child(el("p").child(ask.note))
            .child(
                el("div")
                    .class("dialog__actions")
                    .child(
                        el("button")
                            .attr("type", "button")
                            .class("button button--danger")
                            .on("click", move |_| {
                                self.call("close");
                                act();
                            })
                            .child(ask.yes),
                    )
                    .child(
                        el("button")
                            .attr("type", "button")
                            .class("button")
                            .on("click", move |_| self.call("close"))
                            .child(ask.no),
                    ),
            )
            .show()
    }
}
