//! The map beside the list: nothing of it is fetched before somebody opens it. The element
//! `<place-map>` is drawn by the module in `app/map/`; what it knows, it knows from these attributes.

use domain::geo::Point;
use domain::hours::State as Door;
use domain::place::Place;
use js_sys::Reflect;
use leptos::prelude::*;
use web_sys::Event;
use words::{common, map as texts};

use super::finding::Finder;
use super::hours;
use super::search::{From, Search};
use crate::components::icon;
use crate::components::notice::trouble;
use crate::dom::{Show, View, el};
use crate::platform::{geolocation, page};
use crate::speech::t;
use crate::state::State;

/// What opens the map, and has the focus again once it is left.
const DOOR: &str = "map-door";

/// How far the map is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Map {
    Shut,
    Open,
    Failed,
}

/// The button that opens the map; and the map.
pub fn section(state: State, search: Search, finder: Finder) -> (View, View) {
    let map = RwSignal::new(Map::Shut);
    let is_open = move || map.get() != Map::Shut;
    let words = move || t(if is_open() { texts::HIDE } else { texts::SHOW });
    let turn = move |_| map.update(|map| *map = map.turned());
    let door = el("button")
        .attr("type", "button")
        .attr("id", DOOR)
        .class("button")
        .attr_following(
            "aria-expanded",
            move || {
                if is_open() { "true" } else { "false" }
            },
        )
        .on("click", turn)
        .child(icon("pin"))
        .child(el("span").child(words));
    let stage = move || match map.get() {
        Map::Shut => el("p")
            .class("note")
            .child(t(texts::size_note(page::meta("map-size"))))
            .show(),
        Map::Open => stage(state, search, finder, map),
        Map::Failed => trouble(t(texts::FAILED)),
    };
    (door.show(), stage.show())
}

impl Map {
    fn turned(self) -> Self {
        match self {
            Self::Shut => Self::Open,
            Self::Open | Self::Failed => Self::Shut,
        }
    }
}

fn stage(state: State, search: Search, finder: Finder, map: RwSignal<Map>) -> View {
    let files = page::meta("map");
    let code = files.split(' ').next().unwrap_or_default().to_owned();
    let coming = el("p")
        .class("note")
        .attr("role", "status")
        .child(t(common::LOADING));
    el("section")
        .attr("aria-label", t(texts::TITLE))
        .child(
            el("place-map")
                .attr("data-files", files)
                .attr("data-words", wording())
                .attr("data-leaves", DOOR)
                .attr_following("data-places", move || lines(state, finder))
                .attr_following("data-here", move || here(search))
                .on("area", move |event| {
                    if let Some(point) = middle(&event) {
                        search.from.set(From::Area(point));
                    }
                })
                .child(coming),
        )
        .child(
            el("script")
                .attr("type", "module")
                .attr("src", code)
                .on("error", move |_| map.set(Map::Failed)),
        )
        .show()
}

/// What the map says, one text a line, in the order of `WORDS` in `app/map/src/index.js`.
fn wording() -> String {
    let texts = [
        t(texts::NAME),
        t(texts::FAILED),
        t(texts::BAD_PACK),
        t(texts::NO_PICTURE),
        t(texts::NO_STREETS),
        t(texts::kept("{size}")),
        t(texts::in_view("{count}")),
        t(texts::ONE_IN_VIEW),
        t(texts::NONE_IN_VIEW),
        t(texts::SEARCH_AREA),
        t(texts::NEARER),
        t(texts::FARTHER),
        t(texts::TO_ME),
        t(texts::CLOSE),
        t(common::SAMPLE),
        t(texts::group("{count}", "{open}")),
        t(texts::streets_offer("{size}")),
        t(texts::STREETS_GET),
        t(texts::streets_part("{done}", "{size}")),
        t(texts::STREETS_PAUSE),
        t(texts::STREETS_RESUME),
        t(texts::streets_kept("{size}")),
        t(texts::STREETS_DELETE),
        t(texts::STREETS_BAD),
        t(texts::STREETS_STOPPED),
        t(texts::STREETS_FULL),
        t(texts::REMOVE),
        t(texts::NOT_KEPT),
    ];
    texts.join("\n")
}

/// The places of the list in its order, one a line.
fn lines(state: State, finder: Finder) -> String {
    let Some(found) = finder.found.get() else {
        return String::new();
    };
    let listed = found.listed.iter().map(|one| &found.places[one.at]);
    let lines: Vec<_> = listed.map(|place| line(state, place)).collect();
    lines.join("\n")
}

fn line(state: State, place: &Place) -> String {
    let now = hours::now(state, place);
    let at = place.point.degrees().replace(", ", "\t");
    let name = &place.name;
    [
        place.id.as_str(),
        &at,
        mark(place, now),
        name,
        &hours::in_words(place, now),
    ]
    .join("\t")
}

/// The shape of a place on the map.
fn mark(place: &Place, now: Door) -> &'static str {
    match now {
        _ if place.sample => "sample",
        Door::Open { .. } | Door::ClosingSoon { .. } => "open",
        Door::Closed { .. } => "closed",
        Door::NotKnown => "unknown",
    }
}

/// From where distances are told; for the phone's own position also how exact it is, in metres.
fn here(search: Search) -> String {
    let (point, about) = match search.from.get() {
        From::Nowhere | From::Area(_) => return String::new(),
        From::Postcode(_, found) => (found.point, 0.0),
        From::Town(town, _) => (town.point, 0.0),
        From::Phone(point) => (point, geolocation::last().map_or(0.0, |fix| fix.accuracy)),
    };
    let about = (about.ceil() as u32).to_string();
    [&*point.degrees().replace(',', ""), &about].join(" ")
}

/// The middle of what somebody looks at, from the map's event.
fn middle(event: &Event) -> Option<Point> {
    let detail = Reflect::get(event, &"detail".into()).ok()?;
    let number = |name: &str| Reflect::get(&detail, &name.into()).ok()?.as_f64();
    Point::new(number("lat")?, number("lng")?)
}
