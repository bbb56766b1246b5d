//! The card as it is shown: one screen, read at arm's length.

use leptos::prelude::*;
use words::{card as texts, common};

use super::front;
use crate::components::notice::trouble;
use crate::components::{Bar, Head, drawing, frame};
use crate::dom::{Show, View, all, el};
use crate::speech::t;
use crate::state::{Shown, State};

/// The page.
pub fn page(state: State) -> View {
    let inside = move || match state.card.get() {
        Shown::Loading => frame(
            "card",
            Head::Home,
            Bar::Help,
            el("p")
                .class("note")
                .attr("role", "status")
                .child(t(common::LOADING))
                .show(),
        ),
        Shown::Failed(_) => frame(
            "card",
            Head::Home,
            Bar::Help,
            all![
                el("h1").class("title").child(t(common::FAILED_TITLE)),
                trouble(t(common::FAILED))
            ],
        ),
        Shown::Ready(card) => match card.and_then(|card| card.front()) {
            Some(front) => el("div")
                .class("fragment")
                .html(&front::html(&front))
                .show(),
            None => empty(),
        },
    };
    (inside).show()
}

fn empty() -> View {
    let body = el("div")
        .class("empty")
        .child(drawing("person-at-door", "drawing drawing--person"))
        .child(el("h1").class("title").child(t(texts::EMPTY_TITLE)))
        .child(el("p").class("lead").child(t(texts::EMPTY_LEAD)))
        .child(
            el("a")
                .class("button button--main")
                .attr("href", "/card/edit")
                .child(t(texts::EMPTY_MAKE)),
        )
        .child(el("p").class("note").child(t(texts::EMPTY_NOTE)));
    frame("card", Head::Home, Bar::Help, body.show())
}
