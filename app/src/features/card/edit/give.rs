//! The end of a carer's help: the card, and what is chosen next, are the holder's.

use domain::card::Contact;
use leptos::prelude::*;
use words::card_edit as texts;

use super::desk::Desk;
use super::{back, problems, status};
use crate::components::{Bar, frame};
use crate::dom::{View, all, el};
use crate::speech::t;

/// The page.
pub(super) fn page(desk: Desk) -> View {
    let (name, ask) = desk.card.with_untracked(|card| {
        let unasked = |contact: &&Contact| !contact.is_blank() && !contact.agreed;
        let names: Vec<_> = card.contacts.iter().filter(unasked).map(called).collect();
        (card.name.trim().to_owned(), names.join(", "))
    });
    let (title, name) = if name.is_empty() {
        (t(texts::GIVE_TITLE_NOBODY), t(texts::GIVE_SOMEBODY))
    } else {
        (t(texts::give_title(&name)), name)
    };
    let step = |text: String| el("li").child(el("span").child(text));
    let ask = (!ask.is_empty()).then(|| step(t(texts::give_ask(ask))));
    let body = all![
        el("h1").class("title").child(title),
        el("ol")
            .class("steps")
            .child(step(t(texts::give_read(&name))))
            .child(ask)
            .child(step(t(texts::give_try(&name))))
            .child(step(t(texts::give_locks(&name)))),
        problems::of_card(desk),
        status(desk),
        el("div").class("actions").child(
            el("a")
                .class("button button--main")
                .attr("href", "/card")
                .child(t(texts::GIVE_SHOW)),
        )
    ];
    frame("edit", back(desk.who), Bar::Help, body)
}

fn called(contact: &Contact) -> String {
    let name = contact.name.trim();
    let called = if name.is_empty() {
        contact.telephone.trim()
    } else {
        name
    };
    called.to_owned()
}
