//! Making and changing the card: one thing a page, every keystroke kept, nothing has to be complete.

mod check;
mod contacts;
mod desk;
mod first;
mod give;
mod layers;
mod lines;
mod parts;
mod photo;
mod problems;
mod sections;
mod symbols;

use domain::card::{Card, Kind, Layer, Part};
use leptos::prelude::*;
use words::{card_edit as texts, common};

use crate::components::field::kept;
use crate::components::icon::icon_flip;
use crate::components::notice::trouble;
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::router::{Router, Section, Who};
use crate::speech::t;
use crate::state::{Shown, State};
use desk::Desk;

/// The page of a section.
pub fn page(state: State, router: Router, who: Who, section: Section) -> View {
    let card = match state.card.get_untracked() {
        Shown::Failed(_) => return failed(),
        Shown::Ready(Some(card)) => card,
        Shown::Ready(None) | Shown::Loading => Card::default(),
    };
    let desk = Desk::new(state, who, card);
    match section {
        Section::First => first::page(desk, router),
        Section::Give => give::page(desk),
        Section::Check => check::page(desk),
        section => one(desk, section),
    }
}

fn failed() -> View {
    let body = all![
        el("h1").class("title").child(t(common::FAILED_TITLE)),
        trouble(t(common::FAILED))
    ];
    frame("edit", Head::Home, Bar::Help, body)
}

/// One thing, and the ways on.
fn one(desk: Desk, section: Section) -> View {
    let next = sections::after(section).map(|next| {
        let title = t(sections::title(next));
        el("a")
            .class("button")
            .attr("href", next.path(desk.who))
            .child(el("span").child(t(texts::next(title))))
    });
    let voice =
        (desk.who == Who::Carer).then(|| el("p").class("note").child(t(texts::CARER_VOICE)));
    let body = all![
        voice,
        inside(desk, section),
        problems::of_section(desk, section),
        status(desk),
        el("div")
            .class("actions")
            .child(
                el("a")
                    .class("button button--main")
                    .attr("href", Section::First.path(desk.who))
                    .child(t(texts::DONE_SECTION)),
            )
            .child(next)
    ];
    frame("edit", back(desk.who), Bar::Help, body)
}

fn inside(desk: Desk, section: Section) -> View {
    let part = match section {
        Section::Contacts => return contacts::section(desk),
        Section::Scan => return parts::scan(desk),
        Section::Part(part) => part,
        _ => return ().show(),
    };
    let layer = desk.card.with_untracked(|card| card.layer(part));
    if layer == Layer::Private {
        // Its words lie behind the lock: here there is nothing to change, and nothing to show again.
        return all![heading(section), layers::private_part(desk)];
    }
    let body = match part {
        Part::May => lines::section(desk, Kind::May),
        Part::Please => lines::section(desk, Kind::Please),
        Part::Dont => lines::section(desk, Kind::Dont),
        Part::Photo => photo::section(desk),
        Part::Symbols => symbols::section(desk),
        Part::Pronouns => parts::pronouns(desk),
        Part::Issuer => parts::issuer(desk),
        text => parts::text(desk, text),
    };
    let private = Part::TEXTS
        .contains(&part)
        .then(|| layers::private_part(desk));
    all![body, layers::choice(desk, part), private]
}

/// The way back to the first page.
fn back(who: Who) -> Head {
    let link = el("a")
        .class("head__link")
        .attr("href", Section::First.path(who))
        .child(icon_flip("chevron-start"))
        .child(el("span").child(t(common::BACK)));
    Head::Own(link.show())
}

/// A section's title and what to write there.
fn heading(section: Section) -> View {
    all![
        el("h1").class("title").child(t(sections::title(section))),
        sections::hint(section).map(|hint| el("p").class("lead").child(t(hint)))
    ]
}

/// That it is kept, once it is.
fn status(desk: Desk) -> View {
    let note = move || match desk.kept.get() {
        None => ().show(),
        Some(Ok(())) => kept(t(texts::KEPT)),
        Some(Err(_)) => trouble(t(common::NOT_KEPT)),
    };
    el("div")
        .class("status")
        .attr("role", "status")
        .child(note)
        .show()
}

/// Words for whoever writes.
fn say(who: Who, holder: words::Key, carer: words::Key) -> String {
    t(match who {
        Who::Holder => holder,
        Who::Carer => carer,
    })
}

/// A small button of a list; `spoken` names what it acts on.
fn small(
    id: String,
    picture: &'static str,
    label: words::Key,
    spoken: words::Text,
    act: impl Fn() + 'static,
) -> View {
    el("button")
        .attr("type", "button")
        .attr("id", id)
        .class("button button--small")
        .attr("aria-label", t(spoken))
        .on("click", move |_| act())
        .child(icon(picture))
        .child(el("span").child(t(label)))
        .show()
}

/// Something that is on or off.
fn switch(
    id: String,
    title: String,
    note: Option<String>,
    on: bool,
    switched: impl Fn(bool) + 'static,
) -> View {
    let noted = note.as_ref().map(|_| [id.as_str(), "-note"].concat());
    el("label")
        .class("choice")
        .child(
            el("input")
                .class("choice__input")
                .attr("type", "checkbox")
                .attr("id", id)
                .attr("checked", on)
                .attr("aria-describedby", noted.clone())
                .on("change", move |event| switched(desk::is_checked(&event))),
        )
        .child(
            el("span")
                .class("choice__text")
                .child(el("span").class("choice__title").child(title))
                .child(note.map(|note| {
                    el("span")
                        .class("choice__note")
                        .attr("id", noted)
                        .child(note)
                })),
        )
        .show()
}
