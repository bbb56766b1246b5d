//! Fields: a label, a hint, what is wrong, and the box to type in.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use super::icon::icon;
use crate::dom::{Show, View, all, el};

/// A field of one line.
pub struct Field {
    /// Unique on the page.
    pub id: String,
    /// What to type.
    pub label: String,
    /// How; may be empty.
    pub hint: String,
    /// What was typed so far.
    pub value: String,
    /// `text`, `tel`, `date`, `time`, `search`.
    pub kind: &'static str,
    /// What the phone may fill in by itself.
    pub autocomplete: &'static str,
    /// What is wrong with it, if anything is.
    pub error: Option<String>,
}

impl Field {
    /// A field for plain text.
    pub fn text(id: impl Into<String>, label: String, value: String) -> Self {
        Self {
            id: id.into(),
            label,
            hint: String::new(),
            value,
            kind: "text",
            autocomplete: "off",
            error: None,
        }
    }

    /// The field, telling every keystroke.
    pub fn view(self, typed: impl FnMut(String) + 'static) -> View {
        let (described, notes) = notes(&self.id, self.hint, self.error.clone());
        let id = self.id.clone();
        el("div")
            .class("field")
            .class_if("field--wrong", self.error.is_some())
            .child(
                el("label")
                    .class("field__label")
                    .attr("for", id)
                    .child(self.label),
            )
            .child(notes)
            .child(
                el("input")
                    .class("field__input")
                    .attr("id", self.id)
                    .attr("type", self.kind)
                    .attr("value", self.value)
                    .attr("autocomplete", self.autocomplete)
                    .attr("aria-describedby", described)
                    .attr("aria-invalid", self.error.as_ref().map(|_| "true"))
                    .on("input", on_input(typed)),
            )
            .show()
    }

    /// The field as a box for many lines; without a label of its own, where the page's title is one.
    pub fn long(self, rows: u32, typed: impl FnMut(String) + 'static) -> View {
        let (described, notes) = notes(&self.id, self.hint, self.error.clone());
        let id = self.id.clone();
        el("div")
            .class("field")
            .class_if("field--wrong", self.error.is_some())
            .child((!self.label.is_empty()).then(|| {
                el("label")
                    .class("field__label")
                    .attr("for", id)
                    .child(self.label)
            }))
            .child(notes)
            .child(
                el("textarea")
                    .class("field__input field__input--long")
                    .attr("id", self.id)
                    .attr("rows", rows.to_string())
                    .property("value", &self.value)
                    // Else browsers write what was typed into their own files, to bring a closed tab back.
                    .attr("autocomplete", self.autocomplete)
                    .attr("aria-describedby", described)
                    .attr("aria-invalid", self.error.as_ref().map(|_| "true"))
                    .on("input", on_input(typed)),
            )
            .show()
    }
}

fn notes(id: &str, hint: String, error: Option<String>) -> (Option<String>, View) {
    let hint_id = (!hint.is_empty()).then(|| format!("{id}-hint"));
    let error_id = error.as_ref().map(|_| format!("{id}-error"));
    let described: Vec<_> = [hint_id.clone(), error_id.clone()]
        .into_iter()
        .flatten()
        .collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let view = all![
        hint_id.map(|id| el("p").class("field__hint").attr("id", id).child(hint)),
        error.map(|error| wrong(error_id.unwrap_or_default(), error))
    ];
    (described, view.show())
}

/// What is wrong, beside the field.
pub fn wrong(id: String, error: String) -> View {
    el("p")
        .class("field__error")
        .attr("id", id)
        .child(icon("warning"))
        .child(el("span").child(error))
        .show()
}

/// "Kept on this phone", only after it is.
pub fn kept(text: String) -> View {
    el("p")
        .class("field__kept")
        .child(icon("check"))
        .child(el("span").child(text))
        .show()
}

/// The text of a field, on every keystroke.
pub fn on_input(mut typed: impl FnMut(String) + 'static) -> impl FnMut(web_sys::Event) + 'static {
    move |event| {
        let Some(target) = event.target() else { return };
        let text = match target.dyn_ref::<HtmlInputElement>() {
            Some(input) => input.value(),
            None => target
                .dyn_ref::<HtmlTextAreaElement>()
                .map(HtmlTextAreaElement::value)
                .unwrap_or_default(),
        };
        typed(text);
    }
}

/// A summary of everything that is wrong, each leading to its field.
pub fn error_summary(title: String, errors: Vec<(String, String)>) -> View {
    let items: Vec<_> = errors
        .into_iter()
        .map(|(id, text)| el("li").child(el("a").attr("href", format!("#{id}")).child(text)))
        .collect();
    el("div")
        .class("error-summary")
        .attr("role", "alert")
        .attr("tabindex", "-1")
        .child(el("h2").class("error-summary__title").child(title))
        .child(el("ul").class("error-summary__list").child(items))
        .show()
}
