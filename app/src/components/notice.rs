//! Notices: calm, one thing each.

use leptos::prelude::*;

use super::icon::icon;

/// A notice with a title; `kind` is one of the stylesheet's.
pub fn notice(kind: &'static str, picture: &'static str, title: String, text: String, more: Option<AnyView>) -> AnyView {
    view! {
        <div class=format!("notice notice--{kind}") role="status">
            {icon(picture)}
            <div class="notice__text"><strong class="notice__title">{title}</strong><p>{text}</p></div>
            {more.map(|more| view! { <div class="notice__actions">{more}</div> })}
        </div>
    }
    .into_any()
}

/// Something went wrong that the person can act on; read out at once.
pub fn trouble(text: String) -> AnyView {
    view! { <div class="notice notice--danger" role="alert">{icon("warning")}<div class="notice__text"><p>{text}</p></div></div> }.into_any()
}
