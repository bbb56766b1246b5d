//! The photo on the card: kept before the card names it, let go of once it no longer does.

use domain::card::Part;
use domain::id::PhotoId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::card_edit as texts;

use super::desk::Desk;
use super::heading;
use crate::components::icon;
use crate::components::photo::{self, Camera};
use crate::dom::{El, View, all, el};
use crate::platform::{page, random};
use crate::router::{Section, Who};
use crate::speech::t;

/// The page.
pub(super) fn section(desk: Desk) -> View {
    let camera = match desk.who {
        Who::Holder => Camera::Front,
        Who::Carer => Camera::Back,
    };
    let shown = move || {
        desk.shape.track();
        let named = desk.card.with_untracked(|card| card.photo.clone());
        named.map(|id| current(desk, id))
    };
    all![
        heading(Section::Part(Part::Photo)),
        shown,
        photo::picker(camera, move |jpeg| keep(desk, jpeg))
    ]
}

fn keep(desk: Desk, jpeg: Vec<u8>) {
    // Where the browser has no randomness, nothing of this app works.
    let Some(id) = random::bits().map(PhotoId::from_random) else {
        return;
    };
    spawn_local(async move {
        match desk.state.keep_photo(&id, &jpeg).await {
            // Whoever has left the page does not see it any more: the next one to be kept sweeps it away.
            Ok(()) if desk.is_open() => {
                desk.change_photo(|card| card.photo = Some(id));
                page::focus_on_soon("photo-remove".into());
            }
            Ok(()) => {}
            Err(error) => desk.failed(error),
        }
    });
}

fn current(desk: Desk, id: PhotoId) -> View {
    let bytes = RwSignal::new(None);
    spawn_local(async move {
        let read = desk.state.photo(&id).await;
        let _ = bytes.try_set(read);
    });
    let alt = || {
        let name = desk.card.with_untracked(|card| card.name.trim().to_owned());
        if name.is_empty() {
            t(texts::PHOTO_YOURS)
        } else {
            t(texts::photo_of(name))
        }
    };
    let alt = alt();
    let image = move || {
        bytes
            .get()
            .map(|jpeg: Vec<u8>| photo::photo(&jpeg, alt.clone()))
    };
    all![image, remove(desk)]
}

fn remove(desk: Desk) -> El {
    el("button")
        .attr("type", "button")
        .class("button button--small")
        .attr("id", "photo-remove")
        .on("click", move |_| {
            desk.change_photo(|card| card.photo = None);
            page::focus_soon("main h1");
        })
        .child(icon("trash"))
        .child(el("span").child(t(words::photo::REMOVE)))
}
