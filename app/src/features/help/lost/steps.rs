//! The first two steps: stay where you are, and ring someone you know.

use leptos::prelude::*;
use words::{help, lost as texts};

use super::onward;
use crate::components::icon;
use crate::components::row::row;
use crate::dom::{View, all, el};
use crate::features::help::ring_row;
use crate::router::LostStep;
use crate::speech::t;
use crate::state::{Shown, State};

/// Stay where you are.
pub fn stay() -> View {
    let fact = |picture, words| {
        el("li")
            .class("facts__item")
            .child(icon(picture))
            .child(el("p").child(t(words)))
    };
    all![
        el("h1").class("title").child(t(texts::STAY_TITLE)),
        el("p").class("lead").child(t(texts::STAY_LEAD)),
        el("ul")
            .class("facts lost-facts")
            .child(fact("hand", texts::STAY_SAFE))
            .child(fact("shop", texts::STAY_UNSAFE))
            .child(fact("warning", texts::STAY_ROAD)),
        onward(Some((LostStep::Contact, texts::NEXT_CONTACT)), None)
    ]
}

/// Ring someone you know: everyone the card names, in its order; 101 where it names nobody.
pub fn contact(state: State) -> View {
    let calls = move || {
        let rings = match state.card.get() {
            Shown::Ready(Some(card)) => card.ring(),
            _ => Vec::new(),
        };
        if rings.is_empty() {
            return nobody();
        }
        let class = |at| if at == 0 { "row row--main" } else { "row" };
        let rows = rings.into_iter().enumerate();
        let rows: Vec<_> = rows
            .map(|(at, ring)| ring_row(Some(ring), class(at)))
            .collect();
        all![
            el("p").class("lead").child(t(texts::CONTACT_LEAD)),
            el("ul").class("stack rows rows--tall").child(rows),
            el("a")
                .class("button")
                .attr("href", "/help/text")
                .child(icon("message"))
                .child(el("span").child(t(texts::TEXT_TITLE)))
        ]
    };
    all![
        el("h1").class("title").child(t(texts::CONTACT_TITLE)),
        calls,
        el("p").class("note").child(t(help::CALL_LIST)),
        onward(Some((LostStep::Ask, texts::NEXT_ASK)), Some(LostStep::Stay))
    ]
}

fn nobody() -> View {
    let police = row(
        "row row--main",
        "tel:101".into(),
        "phone",
        t(help::N101),
        t(help::N101_NOTE),
    );
    all![
        el("p").class("lead").child(t(texts::CONTACT_NOBODY)),
        el("ul")
            .class("stack rows rows--tall")
            .child(police)
            .child(ring_row(None, "row"))
    ]
}
