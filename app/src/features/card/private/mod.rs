//! The private layer of the card: behind its lock, facts for whoever looks for a missing person.

mod desk;
mod facts;
mod from_card;
mod paper;

use domain::lock::{Lock, Name};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{common, locks as lock_texts, private as texts};

use self::desk::{Desk, Stage};
use crate::components::notice::trouble;
use crate::components::{Bar, Head, frame};
use crate::dom::{View, all, el};
use crate::features::locks::ask_pin;
use crate::platform::{locks, page};
use crate::speech::t;
use crate::state::State;

/// The page.
pub fn page(state: State) -> View {
    let desk = Desk::new(state);
    desk.save_before_locking();
    look(desk);
    let locked = move || {
        // Dropped in the moment the lock closes; how it stands is asked afterwards.
        if state.locked.get() == Some(Name::Card) && desk.shut() {
            page::arrive(0.0);
        }
    };
    let inside = move || match desk.stage.get() {
        Stage::Looking => framed(all![
            el("h1").class("title").child(t(texts::TITLE)),
            el("p")
                .class("note")
                .attr("role", "status")
                .child(t(common::LOADING))
        ]),
        Stage::Shut => framed(all![
            ask_pin::locked(Name::Card, move |content| {
                desk.opened(content, Lock::Open);
                page::arrive(0.0);
            }),
            el("p").class("note").child(t(lock_texts::CARD_NOTE))
        ]),
        Stage::Facts(lock) => facts::page(desk, lock),
        Stage::Paper => paper::page(desk),
        Stage::Unreadable => framed(all![
            el("h1").class("title").child(t(texts::TITLE)),
            trouble(t(texts::UNREADABLE))
        ]),
        Stage::Failed => framed(all![
            el("h1").class("title").child(t(common::FAILED_TITLE)),
            trouble(t(common::FAILED))
        ]),
    };
    all![locked, inside]
}

fn framed(body: View) -> View {
    frame(
        "private",
        Head::To("/card", t(words::home::CARD)),
        Bar::Help,
        body,
    )
}

fn look(desk: Desk) {
    spawn_local(async move {
        match locks::stand(Name::Card).await {
            Ok(Lock::Locked { .. }) => desk.show(Stage::Shut),
            Ok(lock) => match locks::read(Name::Card).await {
                Ok(content) => desk.opened(content, lock),
                Err(code) if code == "closed" => desk.show(Stage::Shut),
                Err(_) => desk.show(Stage::Failed),
            },
            Err(_) => desk.show(Stage::Failed),
        }
        page::title_soon();
    });
}
