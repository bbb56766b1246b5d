//! The parts that are a few words each, and the code to scan.

use domain::card::{Card, Part};
use leptos::prelude::*;
use words::{Key, card_edit as texts};

use super::desk::Desk;
use super::{heading, sections, switch};
use crate::components::field::Field;
use crate::dom::{Show, View, all, el};
use crate::router::Section;
use crate::speech::t;

/// A part that is one text.
pub(super) fn text(desk: Desk, part: Part) -> View {
    let section = Section::Part(part);
    let value = desk.card.with_untracked(|card| card.text(part).to_owned());
    let field = Field {
        hint: sections::hint(section).map(t).unwrap_or_default(),
        ..Field::text(section.name(), String::new(), value)
    };
    let typed = move |text| {
        desk.change(|card| {
            if let Some(slot) = card.text_mut(part) {
                *slot = text;
            }
        });
    };
    all![labelled(section), field.long(3, typed)]
}

/// A title that names the one field below it.
fn labelled(section: Section) -> View {
    el("h1")
        .class("title")
        .child(
            el("label")
                .attr("for", section.name())
                .child(t(sections::title(section))),
        )
        .show()
}

/// "she, her"
pub(super) fn pronouns(desk: Desk) -> View {
    let section = Section::Part(Part::Pronouns);
    let value = desk.card.with_untracked(|card| card.pronouns.clone());
    let field = Field::text(section.name(), t(texts::HINT_PRONOUNS), value);
    all![
        el("h1").class("title").child(t(sections::title(section))),
        field.view(move |text| desk.change(|card| card.pronouns = text))
    ]
}

/// Number, issuer, and the issuer's telephone.
pub(super) fn issuer(desk: Desk) -> View {
    let field = |id: &str, label: Key, kind, of: fn(&mut Card) -> &mut String| {
        let value = desk
            .card
            .with_untracked(|card| of(&mut card.clone()).clone());
        let field = Field {
            kind,
            ..Field::text(id, t(label), value)
        };
        field.view(move |text| desk.change(|card| *of(card) = text))
    };
    all![
        heading(Section::Part(Part::Issuer)),
        field("issuer", texts::ISSUER_NUMBER, "text", |card| {
            &mut card.number
        }),
        field("issuer-name", texts::ISSUER_NAME, "text", |card| {
            &mut card.issuer
        }),
        field("issuer-telephone", texts::ISSUER_TELEPHONE, "tel", |card| {
            &mut card.issuer_telephone
        })
    ]
}

/// The code to scan: on or off.
pub(super) fn scan(desk: Desk) -> View {
    let on = desk.card.with_untracked(|card| card.scan);
    all![
        heading(Section::Scan),
        switch("scan".into(), t(texts::SCAN_ON), None, on, move |on| {
            desk.change(|card| card.scan = on);
        })
    ]
}
