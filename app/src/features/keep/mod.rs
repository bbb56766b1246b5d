//! What helps when the phone can't: a card on paper, a picture on the lock screen, the phone's own
//! emergency page, a code to scan, a backup; and practising for the day. Nothing here is needed before
//! somebody opens it.

mod backup;
mod blocks;
mod carry;
mod draw;
mod paper;
mod phone;
mod picture;
mod practise;
pub mod prompt;
mod scan;
mod ticks;

use domain::card::Card;
use leptos::prelude::*;
use words::keep as texts;

use crate::components::notice::trouble;
use crate::components::row::row;
use crate::components::{Bar, Head, frame};
use crate::dom::{Show, View, all, el, svg};
use crate::router::{Keep, Route, Router};
use crate::speech::t;
use crate::state::{Shown, State};

/// One of the pages.
pub fn page(route: &Route, state: State, router: Router) -> View {
    match route {
        Route::Keep(Keep::Paper) => paper::page(state),
        Route::Keep(Keep::Picture) => picture::page(state),
        Route::Keep(Keep::Phone) => phone::page(state),
        Route::Keep(Keep::Scan) => scan::page(state),
        Route::Practise(step) => practise::page(state, *step),
        Route::Keep(Keep::Backup) => backup::page(state, router),
        _ => all_of_them(),
    }
}

fn all_of_them() -> View {
    let rows = [
        ("/card/paper", "printer", texts::PAPER, texts::PAPER_NOTE),
        ("/card/picture", "lock", texts::PICTURE, texts::PICTURE_NOTE),
        ("/card/phone", "phone", texts::PHONE, texts::PHONE_NOTE),
        ("/card/scan", "card", texts::SCAN, texts::SCAN_NOTE),
        (
            "/card/backup",
            "download",
            texts::BACKUP,
            texts::BACKUP_NOTE,
        ),
    ];
    let rows: Vec<_> = (rows.into_iter())
        .map(|(path, picture, title, note)| row("row", path.into(), picture, t(title), t(note)))
        .collect();
    let body = all![
        el("h1").class("title").child(t(texts::ALL_TITLE)),
        el("p").class("lead").child(t(texts::ALL_LEAD)),
        el("ul").class("stack rows").child(rows)
    ];
    frame("keep", Head::Home, Bar::Help, body)
}

/// A page about the card that is kept; without one, the way to make it.
fn about(
    state: State,
    name: &'static str,
    title: words::Key,
    inside: impl Fn(Card) -> View + 'static,
) -> View {
    let body = move || match state.card.get() {
        Shown::Ready(Some(card)) if card.front().is_some() => inside(card),
        Shown::Failed(_) => trouble(t(words::common::FAILED)),
        _ => all![
            el("p").class("lead").child(t(texts::MAKE_FIRST)),
            el("a")
                .class("button button--main")
                .attr("href", "/card/edit")
                .child(t(texts::MAKE_FIRST_LINK))
        ],
    };
    let head = Head::To("/card/keep", t(texts::ALL_TITLE));
    let body = all![el("h1").class("title").child(t(title)), body];
    frame(name, head, Bar::Help, body)
}

/// Steps with a picture each; the pictures are ids of `drawings.svg`.
fn steps(steps: &[(&str, words::Key)]) -> View {
    let step = |(picture, words): &(&str, words::Key)| {
        el("li")
            .class("how__step")
            .child(drawn(&["/drawings.svg#", picture].concat(), "how__picture"))
            .child(el("span").class("how__words").child(t(*words)))
    };
    let steps: Vec<_> = steps.iter().map(step).collect();
    el("ol").class("how").child(steps).show()
}

/// A symbol of a file of symbols, on white.
fn drawn(address: &str, class: &'static str) -> View {
    let shape = svg("use").attr("href", address);
    svg("svg")
        .class(class)
        .attr("aria-hidden", "true")
        .child(shape)
        .show()
}
