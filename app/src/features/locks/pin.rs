//! The box a PIN is typed into: large, for digits, hidden until somebody wants to see them.

use leptos::prelude::*;
use words::locks as texts;

use crate::components::field::{on_input, wrong};
use crate::components::icon;
use crate::dom::{Show, View, el};
use crate::speech::t;

/// One box. What is typed is dropped with the page, and emptied once it was used.
#[derive(Clone, Copy)]
pub struct Pin {
    id: &'static str,
    typed: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

impl Pin {
    /// An empty box.
    pub fn new(id: &'static str) -> Self {
        Self {
            id,
            typed: RwSignal::new(String::new()),
            error: RwSignal::new(None),
        }
    }

    /// The id of its element.
    pub fn id(self) -> &'static str {
        self.id
    }

    /// What was typed.
    pub fn typed(self) -> String {
        self.typed.get_untracked()
    }

    /// Empties it.
    pub fn empty(self) {
        let _ = self.typed.try_update(|typed| drop(std::mem::take(typed)));
    }

    /// Says what is wrong, beside it; nothing, once it is right.
    pub fn say(self, error: Option<String>) {
        let _ = self.error.try_set(error);
    }

    /// The box. Not of the kind for passwords: browsers would offer to remember it, and to fill it in
    /// for whoever asks next. The stylesheet hides the digits.
    pub fn view(self, label: String, hint: String, shown: RwSignal<bool>) -> View {
        let error_id = format!("{}-error", self.id);
        let hint_id = format!("{}-hint", self.id);
        let described = [
            (!hint.is_empty()).then_some(hint_id.clone()),
            Some(error_id.clone()),
        ];
        let described = described
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let input = el("input")
            .class("field__input field__input--number pin__input")
            .attr("id", self.id)
            .attr("type", "text")
            .attr("inputmode", "numeric")
            .attr("autocomplete", "off")
            .attr("spellcheck", "false")
            .attr("maxlength", "40")
            .attr("aria-describedby", described)
            .attr_following("aria-invalid", move || self.error.get().map(|_| "true"))
            .class_when("pin__input--shown", move || shown.get())
            .on("input", on_input(move |text| self.typed.set(text)));
        let box_ = input.element();
        let emptied = move || {
            if self.typed.with(String::is_empty) {
                let _ = js_sys::Reflect::set(&box_, &"value".into(), &"".into());
            }
        };
        el("div")
            .class("field")
            .class_when("field--wrong", move || self.error.get().is_some())
            .child(
                el("label")
                    .class("field__label")
                    .attr("for", self.id)
                    .child(label),
            )
            .child(
                (!hint.is_empty())
                    .then(|| el("p").class("field__hint").attr("id", hint_id).child(hint)),
            )
            .child(move || self.error.get().map(|error| wrong(error_id.clone(), error)))
            .child(input)
            .child(emptied)
            .show()
    }
}

/// The button that shows what was typed, for all boxes of a form.
pub fn reveal(shown: RwSignal<bool>) -> View {
    el("button")
        .attr("type", "button")
        .class("button button--small pin__reveal")
        .attr_following("aria-pressed", move || shown.get().to_string())
        .on("click", move |_| shown.update(|shown| *shown = !*shown))
        .child(icon("eye-off"))
        .child(move || {
            t(if shown.get() {
                texts::HIDE
            } else {
                texts::SHOW
            })
        })
        .show()
}
