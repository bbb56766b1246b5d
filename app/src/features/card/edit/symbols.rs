//! Pictures of needs: up to nine, in the order in which they were tapped.

use domain::card::{MAX_SYMBOLS, Part};
use leptos::prelude::*;
use words::{Key, PICTOGRAMS, card_edit as texts};

use super::desk::{self, Desk};
use super::heading;
use crate::components::icon::pictogram;
use crate::dom::{Show, View, all, el};
use crate::router::Section;
use crate::speech::t;

/// The page.
pub(super) fn section(desk: Desk) -> View {
    let symbols: Vec<_> = PICTOGRAMS
        .iter()
        .map(|(id, words)| symbol(desk, id, *words))
        .collect();
    let count = move || {
        let count = desk.card.with(|card| card.symbols.len());
        t(texts::symbols_chosen(
            count.to_string(),
            MAX_SYMBOLS.to_string(),
        ))
    };
    let title = t(texts::TITLE_SYMBOLS);
    all![
        heading(Section::Part(Part::Symbols)),
        el("p").class("note").attr("role", "status").child(count),
        el("fieldset")
            .class("edit-symbols")
            .child(el("legend").class("visually-hidden").child(title))
            .child(symbols)
    ]
}

fn symbol(desk: Desk, id: &'static str, words: Key) -> View {
    let has = move || {
        desk.card
            .with(|card| card.symbols.iter().any(|one| one == id))
    };
    let full = move || desk.card.with(|card| card.symbols.len() >= MAX_SYMBOLS);
    let chosen = untrack(has);
    el("label")
        .class("choice choice--symbol")
        .child(
            el("input")
                .class("choice__input")
                .attr("type", "checkbox")
                .attr("id", ["symbol-", id].concat())
                .attr("checked", chosen)
                .attr_following("disabled", move || full() && !has())
                .on("change", move |event| {
                    let on = desk::is_checked(&event);
                    desk.change(|card| {
                        card.symbols.retain(|one| one != id);
                        if on {
                            card.symbols.push(id.to_owned());
                        }
                    });
                }),
        )
        .child(pictogram(id))
        .child(el("span").class("edit-symbols__words").child(t(words)))
        .show()
}
