//! The page for the police: everything that was said, on one sheet of A4, with 999 first.

use domain::card::{Card, Part, Ring};
use domain::private::{Fact, Private, Section};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::private as texts;

use super::desk::Desk;
use super::facts::{heading, label};
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el, own};
use crate::platform::photo::Address;
use crate::platform::{locks, page};
use crate::speech::t;
use crate::state::Shown;

/// The page.
pub fn page(desk: Desk) -> View {
    let card = desk.state.card.with_untracked(|card| match card {
        Shown::Ready(card) => card.clone(),
        _ => None,
    });
    let card = card.unwrap_or_default();
    let private = desk.private.get_untracked();
    let body = all![
        el("article")
            .class("police")
            .child(danger())
            .child(head(desk, &card, &private))
            .child(el("dl").class("police__blanks").child(blanks()))
            .child(ring(&card.ring()))
            .child(
                Section::ALL
                    .into_iter()
                    .filter_map(|s| section(&private, s))
                    .collect::<Vec<_>>(),
            )
            .child(from_card(&card, &private)),
        actions(desk)
    ];
    frame(
        "police",
        Head::To("/card", t(words::home::CARD)),
        Bar::None,
        body,
    )
}

fn danger() -> View {
    el("p")
        .class("police__danger")
        .child(icon("phone"))
        .child(
            el("span")
                .child(el("strong").child(t(texts::PAPER_999)))
                .child(" ")
                .child(t(texts::PAPER_DANGER)),
        )
        .show()
}

fn head(desk: Desk, card: &Card, private: &Private) -> View {
    let full = private.fact(Fact::FullName).trim();
    let name = if full.is_empty() {
        card.name.trim()
    } else {
        full
    };
    let title = if name.is_empty() {
        t(texts::PAPER_TITLE_NAMELESS)
    } else {
        t(texts::paper_title(name))
    };
    el("div")
        .class("police__head")
        .child(el("h1").class("title").child(title))
        .child(photo(desk, card))
        .show()
}

fn photo(desk: Desk, card: &Card) -> Option<View> {
    let id = card.photo.clone()?;
    let address = RwSignal::new(None::<Address>);
    spawn_local(async move {
        let jpeg = desk.state.photo(&id).await;
        // Gone with this page, or at once where the person has gone on.
        let _ = address.try_set(jpeg.as_deref().and_then(Address::of));
    });
    let inside = move || {
        address.with(|address| {
            address.as_ref().map(|address| {
                el("img")
                    .class("police__photo")
                    .attr("src", address.text())
                    .attr("alt", t(texts::PHOTO_ALT))
            })
        })
    };
    Some(inside.show())
}

/// To be filled in by hand, by whoever rings.
fn blanks() -> Vec<View> {
    let keys = [
        texts::PAPER_BLANK_LAST,
        texts::PAPER_BLANK_WEARING,
        texts::PAPER_BLANK_WHO,
    ];
    let blank = |key| all![el("dt").child(t(key)), el("dd").class("police__blank")];
    keys.into_iter().map(blank).collect()
}

fn ring(ring: &[Ring]) -> Option<View> {
    let row = |ring: &Ring| {
        let who = [ring.name.as_str(), &ring.relationship];
        let who: Vec<_> = who.into_iter().filter(|text| !text.is_empty()).collect();
        row(own(&who.join(", ")).show(), own(&ring.telephone).show())
    };
    let rows: Vec<_> = ring.iter().map(row).collect();
    (!rows.is_empty()).then(|| part(t(texts::PAPER_RING), rows))
}

fn section(private: &Private, section: Section) -> Option<View> {
    let said = private.said(section).into_iter();
    let rows: Vec<_> = said
        .map(|(fact, text)| row(label(fact).show(), own(text).show()))
        .collect();
    (!rows.is_empty()).then(|| part(t(heading(section)), rows))
}

/// What the card says that helps to find or to treat somebody, wherever it is kept.
fn from_card(card: &Card, private: &Private) -> Option<View> {
    let parts = [
        (Part::Communicates, texts::COMMUNICATES),
        (Part::Languages, texts::LANGUAGES),
        (Part::Calms, texts::CALMS),
        (Part::Upsets, texts::UPSETS),
        (Part::Allergies, texts::ALLERGIES),
        (Part::Medication, texts::MEDICATION),
    ];
    let said = |part| {
        let hidden = private.part(part).trim();
        let text = if hidden.is_empty() {
            card.text(part).trim()
        } else {
            hidden
        };
        (!text.is_empty()).then(|| text.to_owned())
    };
    let rows: Vec<_> = parts
        .into_iter()
        .filter_map(|(part, key)| said(part).map(|text| row(t(key).show(), own(&text).show())))
        .collect();
    (!rows.is_empty()).then(|| part(t(texts::MOVED_TITLE), rows))
}

fn part(title: String, rows: Vec<View>) -> View {
    el("section")
        .class("police__part")
        .child(el("h2").class("heading").child(title))
        .child(el("dl").class("police__facts").child(rows))
        .show()
}

fn row(term: View, text: View) -> View {
    all![el("dt").child(term), el("dd").child(text)]
}

fn actions(desk: Desk) -> View {
    let print = |_| {
        locks::errand();
        page::print();
    };
    let back = move |_| {
        desk.show_facts();
        page::arrive(0.0);
    };
    el("div")
        .class("actions")
        .child(el("p").class("note").child(t(texts::PAPER_KEEP)))
        .child(
            el("button")
                .attr("type", "button")
                .class("button button--main")
                .on("click", print)
                .child(icon("printer"))
                .child(el("span").child(t(texts::PAPER_PRINT))),
        )
        .child(
            el("button")
                .attr("type", "button")
                .class("button")
                .on("click", back)
                .child(t(texts::PAPER_BACK)),
        )
        .show()
}
