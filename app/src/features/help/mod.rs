//! Help now: one screen, one thumb, no typing. Works with no signal, position or card.

pub mod cope;
mod emergency;
pub mod lost;
pub mod near;
pub mod text;
pub mod usual;
mod way;
mod whereabouts;

use std::cell::Cell;

use domain::card::Ring;
use domain::time::Timestamp;
use domain::wayfinding::{Need, is_night, needs_at};
use leptos::prelude::*;
use words::help as texts;

use crate::components::row::row;
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::platform::clock;
use crate::platform::written::left_to_right;
use crate::speech::t;
use crate::state::{Shown, State};

/// A walk that was worked out this long ago, in milliseconds, is still told.
const WALK_FOR: i64 = 5 * 60_000;

thread_local! {
    /// How long the walk to the nearest place was, and when. Working it out here would bring
    /// everything that knows places with the first file.
    static WALK: Cell<Option<(u32, Timestamp)>> = const { Cell::new(None) };
}

/// The page. Its order is decided once: nothing moves under a thumb when the clock strikes.
pub fn page(state: State) -> View {
    let hour = clock::hour();
    let rows = move || {
        let rows = needs_at(hour).into_iter().enumerate();
        let rows = rows.map(|(at, need)| need_row(state, need, hour, class_at(at)));
        el("ul")
            .class("stack rows rows--tall help-rows")
            .child(rows.collect::<Vec<_>>())
    };
    let body = all![
        el("h1").class("title").child(t(texts::TITLE)),
        rows,
        move || more(state),
        el("p").class("note").child(t(texts::CALL_LIST)),
        emergency::emergency()
    ];
    frame("help", Head::Home, Bar::None, body)
}

/// Keeps in mind how long the walk to the nearest place is.
pub fn remember_walk(minutes: u32) {
    WALK.set(Some((minutes, clock::now())));
}

/// Whom to ring first, as the card says.
pub fn contact(state: State) -> Option<Ring> {
    match state.card.get() {
        Shown::Ready(Some(card)) => card.ring().into_iter().next(),
        _ => None,
    }
}

/// The row, or anything else, that rings a contact; where there is none, the way to name one.
pub fn ring_row(contact: Option<Ring>, class: &'static str) -> View {
    match contact {
        Some(ring) => {
            let note = match ring.relationship.is_empty() {
                true => left_to_right(ring.telephone),
                false => ring.relationship,
            };
            let href = format!("tel:{}", ring.dial);
            row(class, href, "phone", t(texts::ring(ring.name)), note)
        }
        None => {
            let (title, note) = (t(texts::RING_NOBODY), t(texts::RING_NOBODY_NOTE));
            row(class, "/card/edit".into(), "phone", title, note)
        }
    }
}

/// "About 6 minutes' walk"
pub fn walk(minutes: u32) -> String {
    t(match minutes {
        1 => texts::WALK_MINUTE.into(),
        _ => texts::walk_minutes(minutes.to_string()),
    })
}

/// All are of one size; the first is what most people need.
fn class_at(at: usize) -> &'static str {
    match at {
        0 => "row row--main",
        _ => "row",
    }
}

fn need_row(state: State, need: Need, hour: u32, class: &'static str) -> View {
    let link = |path: &str, picture, title, note| row(class, path.into(), picture, t(title), note);
    match need {
        Need::Ring => {
            let contact = contact(state);
            // Filling in a card is not what somebody in need is to do first.
            let class = if contact.is_some() { class } else { "row" };
            ring_row(contact, class)
        }
        Need::Cope => {
            let note = match is_night(hour) {
                true => texts::COPE_NOTE_NIGHT,
                false => texts::COPE_NOTE,
            };
            link("/help/cope", "heart", texts::COPE, t(note))
        }
        Need::Place => link("/help/near", "door", texts::PLACE, place_note()),
        Need::Lost => link("/help/lost", "signpost", texts::LOST, t(texts::LOST_NOTE)),
    }
}

fn place_note() -> String {
    let fresh = |at| clock::now().since(at) < WALK_FOR;
    let known = WALK.get().filter(|(_, at)| fresh(*at));
    known.map_or_else(|| t(texts::PLACE_NOTE), |(minutes, _)| walk(minutes))
}

/// My card, and a text message to whoever can be rung.
fn more(state: State) -> View {
    let text =
        contact(state).map(|ring| button("/help/text", "message", t(texts::text(ring.name))));
    el("div")
        .class("pair")
        .child(button("/card", "card", t(texts::SHOW_CARD)))
        .child(text)
        .show()
}

fn button(path: &str, picture: &'static str, words: String) -> View {
    el("a")
        .class("button")
        .attr("href", path)
        .child(icon(picture))
        .child(el("span").child(words))
        .show()
}
