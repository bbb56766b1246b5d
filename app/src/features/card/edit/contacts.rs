//! Whom to ring, in this order.

use domain::card::{Contact, MAX_CONTACTS};
use leptos::prelude::*;
use words::{Key, card_edit as texts};

use super::desk::Desk;
use super::{heading, say, small, switch};
use crate::components::field::Field;
use crate::components::icon;
use crate::dom::{El, Show, View, all, el};
use crate::platform::page;
use crate::router::Section;
use crate::speech::t;

/// The first contact alone, with what makes a card useful.
pub(super) fn first(desk: Desk) -> View {
    group(desk, 0).show()
}

/// The page.
pub(super) fn section(desk: Desk) -> View {
    let contacts = move || {
        desk.shape.track();
        let count = desk.card.with_untracked(|card| card.contacts.len());
        let count = count.clamp(1, MAX_CONTACTS);
        let groups: Vec<_> = (0..count).map(|at| whole(desk, at, count)).collect();
        all![groups, (count < MAX_CONTACTS).then(|| more(desk, count))]
    };
    all![heading(Section::Contacts), contacts]
}

fn more(desk: Desk, count: usize) -> El {
    let add = move |_| {
        desk.reshape(|card| card.contacts.resize(count + 1, Contact::default()));
        page::focus_on_soon(id(count, ""));
    };
    el("button")
        .attr("type", "button")
        .class("button")
        .on("click", add)
        .child(icon("plus"))
        .child(el("span").child(t(texts::ADD_CONTACT)))
}

fn id(at: usize, field: &str) -> String {
    format!("contact-{at}{field}")
}

fn of(desk: Desk, at: usize) -> Contact {
    let kept = |card: &domain::card::Card| card.contacts.get(at).cloned();
    desk.card.with_untracked(kept).unwrap_or_default()
}

/// Name, number and what they are to the holder.
fn group(desk: Desk, at: usize) -> El {
    let now = of(desk, at);
    let name = Field::text(id(at, ""), t(texts::CONTACT_NAME), now.name);
    let telephone = Field {
        kind: "tel",
        ..Field::text(
            id(at, "-telephone"),
            t(texts::CONTACT_TELEPHONE),
            now.telephone,
        )
    };
    let relationship = Field {
        hint: t(texts::CONTACT_RELATIONSHIP_HINT),
        ..Field::text(
            id(at, "-relationship"),
            say(
                desk.who,
                texts::CONTACT_RELATIONSHIP,
                texts::CONTACT_RELATIONSHIP_CARER,
            ),
            now.relationship,
        )
    };
    el("fieldset")
        .class("group")
        .child(el("legend").class("group__title").child(t(ordinal(at))))
        .child(name.view(move |text| desk.contact(at, |one| one.name = text)))
        .child(telephone.view(move |text| desk.contact(at, |one| one.telephone = text)))
        .child(relationship.view(move |text| desk.contact(at, |one| one.relationship = text)))
}

fn ordinal(at: usize) -> Key {
    match at {
        0 => texts::CONTACT_1,
        1 => texts::CONTACT_2,
        _ => texts::CONTACT_3,
    }
}

fn whole(desk: Desk, at: usize, count: usize) -> View {
    let now = of(desk, at);
    let hours = Field {
        hint: t(texts::CONTACT_HOURS_HINT),
        ..Field::text(id(at, "-hours"), t(texts::CONTACT_HOURS), now.hours.clone())
    };
    group(desk, at)
        .child(hours.view(move |text| desk.contact(at, |one| one.hours = text)))
        .child(switch(
            id(at, "-agreed"),
            t(texts::AGREED),
            Some(t(texts::AGREED_HINT)),
            now.agreed,
            move |on| desk.contact(at, |one| one.agreed = on),
        ))
        .child(switch(
            id(at, "-not-now"),
            t(texts::NOT_NOW),
            Some(t(texts::NOT_NOW_HINT)),
            now.not_now,
            move |on| desk.contact(at, |one| one.not_now = on),
        ))
        .child((count > 1).then(|| actions(desk, at, count, now)))
        .show()
}

fn actions(desk: Desk, at: usize, count: usize, now: Contact) -> El {
    let who = if now.name.trim().is_empty() {
        t(ordinal(at))
    } else {
        now.name
    };
    let swap = move |to: usize, field: &'static str| {
        desk.reshape(|card| card.contacts.swap(at, to));
        page::focus_on_soon(id(to, field));
    };
    let up = (at > 0).then(|| {
        let spoken = texts::move_up_for(&who);
        let field = if at == 1 { "-down" } else { "-up" };
        small(
            id(at, "-up"),
            "arrow-up",
            texts::MOVE_UP,
            spoken,
            move || swap(at - 1, field),
        )
    });
    let down = (at + 1 < count).then(|| {
        let spoken = texts::move_down_for(&who);
        let field = if at + 2 == count { "-up" } else { "-down" };
        small(
            id(at, "-down"),
            "arrow-down",
            texts::MOVE_DOWN,
            spoken,
            move || swap(at + 1, field),
        )
    });
    let remove = move || {
        desk.reshape(|card| drop(card.contacts.remove(at)));
        page::focus_soon("main h1");
    };
    let spoken = texts::remove_for(&who);
    el("div")
        .class("group__actions")
        .child(up)
        .child(down)
        .child(small(
            id(at, "-remove"),
            "trash",
            texts::REMOVE,
            spoken,
            remove,
        ))
}
