//! One place: where it is, when, whom to ring, how to find the door.

use domain::id::PlaceId;
use domain::place::Place;
use leptos::prelude::*;
use words::{common, places as texts};

use super::hours;
use super::list::{ring, sample_tag};
use crate::components::door::door;
use crate::components::notice::trouble;
use crate::components::{Bar, Head, drawing, frame, icon};
use crate::dom::{Show, View, all, el, own};
use crate::platform::page;
use crate::shell;
use crate::speech::t;
use crate::state::{Shown, State};

/// The page.
pub fn page(state: State, id: PlaceId) -> View {
    let inside = move || match state.places.get() {
        Shown::Loading => el("p")
            .class("note")
            .attr("role", "status")
            .child(t(common::LOADING))
            .show(),
        Shown::Failed(_) => trouble(t(common::FAILED)),
        Shown::Ready(places) => places
            .iter()
            .find(|place| place.id == id)
            .map_or_else(missing, |place| details(state, place)),
    };
    let body = all![shell::notices(state), inside];
    frame(
        "place",
        Head::To("/places", t(texts::ALL)),
        Bar::Help,
        body.show(),
    )
}

fn missing() -> View {
    el("div")
        .class("empty")
        .child(drawing("door-closed", "drawing drawing--door"))
        .child(el("h1").class("title").child(t(texts::MISSING_TITLE)))
        .child(el("p").class("lead").child(t(texts::MISSING)))
        .show()
}

fn details(state: State, place: &Place) -> View {
    page::title_soon();
    let now = hours::now(state, place);
    let unconfirmed = || t(texts::NOT_CONFIRMED);
    let address = [Some(place.address.clone()), place.postcode.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    all![
        el("div").class("place place--head").child(door(now)).child(
            el("div")
                .class("place__text")
                .child(
                    el("h1")
                        .class("title")
                        .child(own(&place.name))
                        .child(sample_tag(place)),
                )
                .child(hours::line(place, now)),
        ),
        place.sample.then(|| trouble(t(texts::SAMPLE_NOTE))),
        el("dl")
            .class("details")
            .child(detail("pin", t(texts::ADDRESS), address))
            .child(detail(
                "clock",
                t(texts::HOURS),
                place.opening.as_ref().map_or_else(unconfirmed, hours::week),
            ))
            .child(detail(
                "phone",
                t(texts::TELEPHONE),
                place.telephone.clone().unwrap_or_else(unconfirmed),
            )),
        place
            .directions
            .as_deref()
            .map(|words| section(t(texts::WAY_THERE), words)),
        place
            .door
            .as_deref()
            .map(|words| section(t(texts::DIRECTIONS), words)),
        el("div")
            .class("actions")
            .child(ring(place))
            .child((!place.sample).then(|| maps(place)))
    ]
}

fn section(heading: String, words: &str) -> View {
    el("section")
        .child(el("h2").class("heading").child(heading))
        .child(el("p").child(own(words)))
        .show()
}

fn detail(picture: &'static str, label: String, text: String) -> View {
    el("div")
        .class("details__item")
        .child(
            el("dt")
                .child(icon(picture))
                .child(" ")
                .child(el("span").child(label)),
        )
        .child(el("dd").child(own(&text)))
        .show()
}

fn maps(place: &Place) -> View {
    let href = format!(
        "https://www.google.com/maps/dir/?api=1&destination={},{}&travelmode=walking",
        place.point.lat, place.point.lon
    );
    all![
        el("a")
            .class("button")
            .attr("href", href)
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer")
            .child(icon("external"))
            .child(el("span").child(t(texts::OPEN_MAPS))),
        el("p").class("note").child(t(texts::OPEN_MAPS_NOTE))
    ]
}
