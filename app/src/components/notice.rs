//! Notices: calm, one thing each.

use super::icon::icon;
use crate::dom::{Show, View, el};

/// A notice with a title; `kind` is one of the stylesheet's.
pub fn notice(
    kind: &'static str,
    picture: &'static str,
    title: String,
    text: String,
    more: Option<View>,
) -> View {
    el("div")
        .class(&format!("notice notice--{kind}"))
        .attr("role", "status")
        .child(icon(picture))
        .child(
            el("div")
                .class("notice__text")
                .child(el("strong").class("notice__title").child(title))
                .child(el("p").child(text)),
        )
        .child(more.map(|more| el("div").class("notice__actions").child(more)))
        .show()
}

/// Something went wrong that the person can act on; read out at once.
pub fn trouble(text: String) -> View {
    el("div")
        .class("notice notice--danger")
        .attr("role", "alert")
        .child(icon("warning"))
        .child(el("div").class("notice__text").child(el("p").child(text)))
        .show()
}
