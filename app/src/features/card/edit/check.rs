//! Looking over the whole card, once a year: asked of the holder alone.

use domain::card::{Card, Kind, Part};
use leptos::prelude::*;
use words::{PICTOGRAMS, card_edit as texts, common};

use super::super::front;
use super::desk::Desk;
use super::{back, layers, sections, status};
use crate::components::{Bar, frame};
use crate::dom::{El, Show, View, all, el, own};
use crate::platform::{clock, page, written};
use crate::router::Section;
use crate::speech::t;

/// The page.
pub(super) fn page(desk: Desk) -> View {
    let last = move || {
        let checked = desk.card.with(|card| card.checked);
        el("p").class("note").child(match checked {
            Some(at) => t(texts::check_last(written::date(at))),
            None => t(texts::UNCHECKED),
        })
    };
    let thanked = RwSignal::new(false);
    let thanks = move || {
        thanked
            .get()
            .then(|| el("p").class("lead").child(t(texts::CHECK_THANKS)))
    };
    let confirm = move |_| {
        desk.change(|card| card.checked = Some(clock::now()));
        thanked.set(true);
        page::focus_soon("#check-done");
    };
    let body = all![
        el("h1")
            .class("title")
            .child(t(sections::title(Section::Check))),
        el("p").class("lead").child(t(texts::CHECK_LEAD)),
        last,
        answers(desk),
        status(desk),
        el("div").attr("role", "status").child(thanks),
        el("div")
            .class("actions")
            .child(
                el("button")
                    .attr("type", "button")
                    .class("button button--main")
                    .on("click", confirm)
                    .child(t(texts::CHECK_ALL)),
            )
            .child(
                el("a")
                    .class("button")
                    .attr("id", "check-done")
                    .attr("href", "/card")
                    .child(t(texts::DONE)),
            )
    ];
    frame("edit", back(desk.who), Bar::Help, body)
}

fn answers(desk: Desk) -> View {
    let sections = sections::all().filter(|section| *section != Section::Check);
    // What was left empty is no question.
    let written = |section: &Section| {
        let said = desk.card.with_untracked(|card| said(card, *section));
        !said.is_empty()
    };
    let items: Vec<_> = [Section::First]
        .into_iter()
        .chain(sections.filter(written))
        .map(|section| item(desk, section))
        .collect();
    el("dl").class("answers").child(items).show()
}

fn item(desk: Desk, section: Section) -> El {
    let title = match section {
        Section::First => t(texts::NAME),
        other => t(sections::title(other)),
    };
    let said = said(&desk.card.get_untracked(), section);
    let answer = if said.is_empty() {
        t(texts::CHECK_EMPTY)
    } else {
        said
    };
    let change = [&t(common::CHANGE), ": ", &title].concat();
    el("div")
        .class("answers__item")
        .child(el("dt").class("answers__question").child(title))
        .child(
            el("dd").class("answers__answer").child(own(&answer)).child(
                layer(desk, section).map(|layer| el("span").class("edit-layer").child(layer)),
            ),
        )
        .child(
            el("dd").class("answers__change").child(
                el("a")
                    .class("link")
                    .attr("href", section.path(desk.who))
                    .attr("aria-label", change)
                    .child(t(common::CHANGE)),
            ),
        )
}

/// Who may see a section, where that can be chosen.
pub(super) fn layer(desk: Desk, section: Section) -> Option<String> {
    let Section::Part(part) = section else {
        return None;
    };
    let layer = desk.card.with_untracked(|card| card.layer(part));
    Some(layers::name(desk.who, layer))
}

/// What the card says in a section, in one line; nothing where it says nothing.
pub(super) fn said(card: &Card, section: Section) -> String {
    match section {
        Section::First => card.name.trim().to_owned(),
        Section::Contacts => joined(card.contacts.iter().map(|contact| {
            joined(
                [
                    contact.name.trim().to_owned(),
                    contact.telephone.trim().to_owned(),
                ]
                .into_iter(),
            )
        })),
        Section::Scan => t(if card.scan {
            texts::SCAN_THERE
        } else {
            texts::SCAN_OFF
        }),
        Section::Check | Section::Give => card
            .checked
            .map(|at| t(texts::check_last(written::date(at))))
            .unwrap_or_default(),
        Section::Part(part) => of_part(card, part),
    }
}

fn of_part(card: &Card, part: Part) -> String {
    let lines = |kind| joined(card.lines(kind).iter().map(front::said));
    match part {
        Part::Photo => match card.photo {
            Some(_) => t(texts::PHOTO_THERE),
            None => String::new(),
        },
        Part::Pronouns => card.pronouns.trim().to_owned(),
        Part::May => lines(Kind::May),
        Part::Please => lines(Kind::Please),
        Part::Dont => lines(Kind::Dont),
        Part::Symbols => joined(card.symbols.iter().map(|id| words_of(id))),
        Part::Issuer => joined(
            [&card.number, &card.issuer, &card.issuer_telephone]
                .into_iter()
                .map(|text| text.trim().to_owned()),
        ),
        text => card.text(text).trim().to_owned(),
    }
}

/// A pictogram of a pack that is gone is named by its id.
fn words_of(id: &str) -> String {
    let known = PICTOGRAMS.iter().find(|(known, _)| *known == id);
    known.map_or_else(|| id.to_owned(), |(_, words)| t(*words))
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    let said: Vec<_> = texts.filter(|text| !text.trim().is_empty()).collect();
    said.join(", ")
}
