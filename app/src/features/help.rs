//! Help now: one screen, one thumb, no typing. Works with no signal, position or card.

use leptos::prelude::*;
use words::help as texts;

use crate::components::row::row;
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::speech::t;
use crate::state::{Shown, State};

/// The page.
pub fn page(state: State) -> View {
    let body = all![
        el("h1").class("title").child(t(texts::TITLE)),
        el("ul")
            .class("stack rows rows--tall")
            .child(ring_row(state))
            .child(row(
                "row",
                "/hope".into(),
                "heart",
                t(texts::COPE),
                t(texts::COPE_NOTE),
            ))
            .child(row(
                "row",
                "/places".into(),
                "door",
                t(texts::PLACE),
                t(texts::PLACE_NOTE),
            ))
            .child(row(
                "row",
                "/card".into(),
                "card",
                t(texts::SHOW_CARD),
                t(texts::SHOW_CARD_NOTE),
            )),
        el("p").class("note").child(t(texts::CALL_LIST)),
        emergency()
    ];
    frame("help", Head::Home, Bar::None, body.show())
}

fn ring_row(state: State) -> impl Show {
    move || {
        let first = match state.card.get() {
            Shown::Ready(Some(card)) => {
                card.front().and_then(|front| front.ring.into_iter().next())
            }
            _ => None,
        };
        match first {
            Some(ring) => {
                let note = if ring.relationship.is_empty() {
                    ring.telephone
                } else {
                    ring.relationship
                };
                row(
                    "row row--main",
                    format!("tel:{}", ring.dial),
                    "phone",
                    t(texts::ring(ring.name)),
                    note,
                )
            }
            None => row(
                "row",
                "/card/edit".into(),
                "phone",
                t(texts::RING_NOBODY),
                t(texts::RING_NOBODY_NOTE),
            ),
        }
    }
}

fn emergency() -> View {
    el("section")
        .class("emergency")
        .attr("aria-label", t(texts::EMERGENCY))
        .child(
            el("div")
                .class("pair")
                .child(
                    el("a")
                        .class("emergency__call emergency__call--danger")
                        .attr("href", "tel:999")
                        .child(el("strong").child(t(texts::N999)))
                        .child(el("span").child(t(texts::N999_NOTE))),
                )
                .child(
                    el("a")
                        .class("emergency__call")
                        .attr("href", "tel:101")
                        .child(el("strong").child(t(texts::N101)))
                        .child(el("span").child(t(texts::N101_NOTE))),
                ),
        )
        .child(
            el("details")
                .class("more")
                .child(
                    el("summary")
                        .class("link link--alone")
                        .child(t(texts::OTHER_WAYS)),
                )
                .child(
                    el("ul")
                        .class("facts")
                        .child(
                            el("li")
                                .class("facts__item")
                                .child(icon("phone"))
                                .child(el("p").child(t(texts::CANNOT_SPEAK))),
                        )
                        .child(
                            el("li")
                                .class("facts__item")
                                .child(icon("message"))
                                .child(el("p").child(t(texts::DEAF))),
                        ),
                ),
        )
        .show()
}
