//! "How was it?": three nameless notes on a place, kept at once and sent when there is a connection.

use domain::id::PlaceId;
use domain::note::Kind;
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{Key, common, places as texts};

use crate::components::notice::{notice, trouble};
use crate::dom::{Show, View, el};
use crate::speech::t;
use crate::state::State;

/// How far telling is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    NotYet,
    Keeping,
    Kept,
    Failed,
}

/// The three notes that can be left; one a visit.
pub fn view(state: State, place: &PlaceId) -> View {
    let told = RwSignal::new(Told::NotYet);
    let place = place.clone();
    let inside = move || {
        let place = place.clone();
        let leave = move |kind: Kind| {
            let place = place.clone();
            move |_: web_sys::Event| leave(state, told, kind, place.clone())
        };
        let button = |key: Key, kind: Kind| {
            el("button")
                .attr("type", "button")
                .class("button")
                .on("click", leave(kind))
                .child(t(key))
        };
        (told.get() != Told::Kept).then(|| {
            el("div")
                .class("actions")
                .child(button(texts::NOTE_HELPED, Kind::HelpedMe))
                .child(button(texts::NOTE_CLOSED, Kind::WasClosed))
                .child(button(texts::NOTE_UNKNOWN, Kind::DidNotKnow))
        })
    };
    let said = move || match told.get() {
        Told::NotYet | Told::Keeping => View::Nothing,
        Told::Kept => notice("ok", "check", t(texts::NOTE_KEPT), String::new(), None),
        Told::Failed => trouble(t(common::FAILED)),
    };
    el("section")
        .child(el("h2").class("heading").child(t(texts::NOTE_TITLE)))
        .child(el("p").class("note").child(t(texts::NOTE_LEAD)))
        .child(inside)
        .child(el("div").class("status").attr("role", "status").child(said))
        .show()
}

fn leave(state: State, told: RwSignal<Told>, kind: Kind, place: PlaceId) {
    // A second tap while the first is being kept is the same tap.
    if told.get_untracked() == Told::Keeping {
        return;
    }
    told.set(Told::Keeping);
    spawn_local(async move {
        let kept = state.note(kind, Some(place)).await;
        told.try_set(kept.map_or(Told::Failed, |()| Told::Kept));
    });
}
