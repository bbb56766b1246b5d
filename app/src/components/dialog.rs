//! A question that must be answered before something is deleted.

use leptos::html;
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
    dialog: NodeRef<html::Dialog>,
}

impl Confirm {
    /// A dialog that is not open yet.
    pub fn new() -> Self {
        Self { dialog: NodeRef::new() }
    }

    /// Asks.
    pub fn open(self) {
        self.call("showModal");
    }

    fn call(self, method: &str) {
        let Some(dialog) = self.dialog.get_untracked() else { return };
        let method = js_sys::Reflect::get(&dialog, &JsValue::from_str(method)).ok();
        if let Some(method) = method.and_then(|method| method.dyn_into::<js_sys::Function>().ok()) {
            let _ = method.call0(&dialog);
        }
    }

    /// The dialog itself, to stand anywhere on the page.
    pub fn view(self, ask: Ask, act: impl Fn() + 'static) -> AnyView {
        view! {
            <dialog class="dialog" node_ref=self.dialog aria-labelledby="dialog-title">
                <h2 class="dialog__title" id="dialog-title">{ask.title}</h2>
                <p>{ask.note}</p>
                <div class="dialog__actions">
                    <button type="button" class="button button--danger" on:click=move |_| { self.call("close"); act(); }>{ask.yes}</button>
                    <button type="button" class="button" on:click=move |_| self.call("close")>{ask.no}</button>
                </div>
            </dialog>
        }
        .into_any()
    }
}
