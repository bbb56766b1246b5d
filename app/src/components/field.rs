//! Fields: a label, a hint, what is wrong, and the box to type in.

use leptos::prelude::*;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use wasm_bindgen::JsCast;

use super::icon::icon;

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
        Self { id: id.into(), label, hint: String::new(), value, kind: "text", autocomplete: "off", error: None }
    }

    /// The field, telling every keystroke.
    pub fn view(self, typed: impl FnMut(String) + 'static) -> AnyView {
        let (described, notes) = notes(&self.id, self.hint, self.error.clone());
        let id = self.id.clone();
        view! {
            <div class="field" class:field--wrong=self.error.is_some()>
                <label class="field__label" for=id>{self.label}</label>
                {notes}
                <input class="field__input" id=self.id type=self.kind value=self.value autocomplete=self.autocomplete
                    aria-describedby=described aria-invalid=self.error.as_ref().map(|_| "true") on:input=on_input(typed) />
            </div>
        }
        .into_any()
    }

    /// The field as a box for many lines; without a label of its own, where the page's title is one.
    pub fn long(self, rows: u32, typed: impl FnMut(String) + 'static) -> AnyView {
        let (described, notes) = notes(&self.id, self.hint, self.error.clone());
        let id = self.id.clone();
        view! {
            <div class="field" class:field--wrong=self.error.is_some()>
                {(!self.label.is_empty()).then(|| view! { <label class="field__label" for=id>{self.label}</label> })}
                {notes}
                <textarea class="field__input field__input--long" id=self.id rows=rows.to_string() prop:value=self.value
                    aria-describedby=described aria-invalid=self.error.as_ref().map(|_| "true") on:input=on_input(typed)></textarea>
            </div>
        }
        .into_any()
    }
}

fn notes(id: &str, hint: String, error: Option<String>) -> (Option<String>, AnyView) {
    let hint_id = (!hint.is_empty()).then(|| format!("{id}-hint"));
    let error_id = error.as_ref().map(|_| format!("{id}-error"));
    let described: Vec<_> = [hint_id.clone(), error_id.clone()].into_iter().flatten().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let view = view! {
        {hint_id.map(|id| view! { <p class="field__hint" id=id>{hint}</p> })}
        {error.map(|error| wrong(error_id.unwrap_or_default(), error))}
    };
    (described, view.into_any())
}

/// What is wrong, beside the field.
pub fn wrong(id: String, error: String) -> AnyView {
    view! { <p class="field__error" id=id>{icon("warning")}<span>{error}</span></p> }.into_any()
}

/// "Kept on this phone", only after it is.
pub fn kept(text: String) -> AnyView {
    view! { <p class="field__kept">{icon("check")}<span>{text}</span></p> }.into_any()
}

/// The text of a field, on every keystroke.
pub fn on_input(mut typed: impl FnMut(String) + 'static) -> impl FnMut(web_sys::Event) + 'static {
    move |event| {
        let Some(target) = event.target() else { return };
        let text = match target.dyn_ref::<HtmlInputElement>() {
            Some(input) => input.value(),
            None => target.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value).unwrap_or_default(),
        };
        typed(text);
    }
}

/// A summary of everything that is wrong, each leading to its field.
pub fn error_summary(title: String, errors: Vec<(String, String)>) -> AnyView {
    let items: Vec<_> = errors.into_iter().map(|(id, text)| view! { <li><a href=format!("#{id}")>{text}</a></li> }).collect();
    view! {
        <div class="error-summary" role="alert" tabindex="-1">
            <h2 class="error-summary__title">{title}</h2>
            <ul class="error-summary__list">{items}</ul>
        </div>
    }
    .into_any()
}
