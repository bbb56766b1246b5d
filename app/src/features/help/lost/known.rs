//! The fifth step: places the person knows, with the way there in words and a photo.

use domain::usual_place::UsualPlace;
use leptos::prelude::*;
use words::lost as texts;

use super::onward;
use crate::components::icon;
use crate::dom::{Show, View, all, el, own};
use crate::features::help::usual::{self, picture};
use crate::features::help::way;
use crate::features::help::whereabouts::Whereabouts;
use crate::router::LostStep;
use crate::speech::t;
use crate::state::State;

/// Places I know.
pub fn step(state: State) -> View {
    let whereabouts = Whereabouts::new();
    let list = move || {
        let places = state.usual_places.get();
        let useful = places.iter().enumerate();
        let cards: Vec<_> = useful
            .filter(|(_, place)| place.is_useful())
            .map(|(at, place)| card(state, at, place, whereabouts))
            .collect();
        if cards.is_empty() {
            return el("p").class("lead").child(t(texts::PLACES_EMPTY)).show();
        }
        all![
            el("p").class("lead").child(t(texts::PLACES_LEAD)),
            el("ul").class("stack").child(cards)
        ]
    };
    all![
        el("h1").class("title").child(t(texts::PLACES_TITLE)),
        list,
        el("a")
            .class("button")
            .attr("href", "/card/usual-places")
            .child(icon("pencil"))
            .child(el("span").child(t(texts::PLACES_EDIT))),
        onward(None, Some(LostStep::Near))
    ]
}

fn card(state: State, at: usize, place: &UsualPlace, whereabouts: Whereabouts) -> View {
    let name = usual::title(place);
    let point = place.point;
    let towards = place.address.clone();
    let there = move || {
        let (fix, point) = whereabouts.fix().zip(point)?;
        let way = fix.way_to(point, whereabouts.now());
        Some(way::in_words(&way, &towards))
    };
    let directions = (!place.directions.trim().is_empty()).then(|| {
        all![
            el("h3")
                .class("usual__label")
                .child(t(texts::PLACES_DIRECTIONS)),
            el("p").class("usual__words").child(own(&place.directions))
        ]
    });
    el("li")
        .class("group usual")
        .child(
            el("h2")
                .class("usual__name")
                .child(icon(picture(place.kind)))
                .child(own(&name)),
        )
        .child(
            place
                .photo
                .clone()
                .map(|id| usual::photo_of(state, id, name.clone())),
        )
        .child(own(&place.address).class("usual__words"))
        .child(there)
        .child(directions)
        .child(
            el("a")
                .class("button")
                .attr("href", LostStep::Ask.path())
                .on("click", move |_| usual::want(at))
                .child(icon("message"))
                .child(el("span").child(t(texts::PLACES_SHOW))),
        )
        .show()
}
