//! "Who may see this?"

use domain::card::{Layer, Part};
use leptos::prelude::*;
use words::{Key, card_edit as texts};

use super::desk::Desk;
use super::say;
use crate::dom::{El, Show, View, all, el};
use crate::router::Who;
use crate::speech::t;

/// Layers that can be chosen here; the private one is chosen behind its lock, on a page of its own.
const OPEN: [Layer; 2] = [Layer::Front, Layer::Help];

/// The way to the private part: for what already lies there instead of its fields, else as a third choice.
pub(super) fn private_part(desk: Desk) -> View {
    let note = say(
        desk.who,
        texts::LAYER_PRIVATE_NOTE,
        texts::LAYER_PRIVATE_NOTE_CARER,
    );
    // Its lock is the holder's to open, so a carer is told and not led there.
    let link = (desk.who == Who::Holder).then(|| {
        el("a")
            .class("link link--alone")
            .attr("href", "/card/private")
            .child(t(texts::LAYER_PRIVATE))
    });
    all![el("p").class("note").child(note), link]
}

/// The choice, for one part.
pub(super) fn choice(desk: Desk, part: Part) -> View {
    let now = desk.card.with_untracked(|card| card.layer(part));
    let options: Vec<_> = OPEN
        .into_iter()
        .map(|layer| option(desk, part, layer, now == layer))
        .collect();
    el("fieldset")
        .class("choices")
        .child(
            el("legend")
                .class("choices__title heading")
                .child(t(texts::LAYER)),
        )
        .child(options)
        .show()
}

fn option(desk: Desk, part: Part, layer: Layer, chosen: bool) -> El {
    let id = match layer {
        Layer::Front => "layer-front",
        Layer::Help => "layer-help",
        Layer::Private => "layer-private",
    };
    el("label")
        .class("choice")
        .child(
            el("input")
                .class("choice__input")
                .attr("type", "radio")
                .attr("name", "layer")
                .attr("id", id)
                .attr("checked", chosen)
                .on("change", move |_| {
                    desk.change(|card| card.move_to(part, layer));
                }),
        )
        .child(
            el("span")
                .class("choice__text")
                .child(
                    el("span")
                        .class("choice__title")
                        .child(name(desk.who, layer)),
                )
                .child(
                    el("span")
                        .class("choice__note")
                        .child(note(desk.who, layer)),
                ),
        )
}

/// What a layer is called.
pub(super) fn name(who: Who, layer: Layer) -> String {
    match layer {
        Layer::Front => t(texts::LAYER_FRONT),
        Layer::Help => say(who, texts::LAYER_HELP, texts::LAYER_HELP_CARER),
        Layer::Private => say(who, texts::LAYER_PRIVATE, texts::LAYER_PRIVATE_CARER),
    }
}

fn note(who: Who, layer: Layer) -> String {
    let key: Key = match (layer, who) {
        (Layer::Front, _) => texts::LAYER_FRONT_NOTE,
        (Layer::Help, Who::Holder) => texts::LAYER_HELP_NOTE,
        (Layer::Help, Who::Carer) => texts::LAYER_HELP_NOTE_CARER,
        (Layer::Private, _) => texts::LAYER_PRIVATE_NOTE,
    };
    t(key)
}
