//! The list: by name, by distance from the phone, or from a postcode.

use std::cell::RefCell;
use std::sync::Arc;

use domain::card::dial;
use domain::geo::{Compass, walking_minutes};
use domain::hours::State as Door;
use domain::listing::Listed;
use domain::place::{LIST_LASTS, Place};
use domain::postcode::{Because, Found as ByPostcode, Postcode};
use domain::time::DAY;
use domain::town::Fit;
use leptos::prelude::*;
use words::{common, places as texts};

use super::finding::{Finder, Found, Named};
use super::rows::Rows;
use super::search::{self, From, Search};
use super::wanted::{self, Wanted};
use super::{hours, map};
use crate::components::door::door;
use crate::components::notice::trouble;
use crate::components::row::row;
use crate::components::{Bar, Head, drawing, frame, icon};
use crate::dom::{El, Show, View, all, el, own};
use crate::features::help::{contact, ring_row};
use crate::platform::clock;
use crate::platform::written::left_to_right;
use crate::shell;
use crate::speech::t;
use crate::state::{Shown, State};

/// Walks longer than this, in minutes, are told in kilometres.
const LONGEST_WALK: u32 = 45;

/// So many at a time: a phone draws hundreds slowly, and nobody walks to the twentieth.
const SHEET: usize = 20;

/// The page.
pub fn page(state: State) -> View {
    let (search, wanted, finder) = (Search::new(), Wanted::new(), Finder::new());
    let (map_door, map) = map::section(state, search, finder);
    let found = move || finder.found.get();
    let listed = move || found().map_or(0, |found| found.listed.len());
    let list = el("ul")
        .class("places")
        .attr_following("hidden", move || listed() == 0);
    let rows = Rows::new(list.clone());
    let asked = RefCell::new(None);
    let body = all![
        shell::notices(state),
        el("h1").class("title").child(t(texts::TITLE)),
        search::view(search, map_door),
        map,
        wanted.view(),
        move || old_list(state),
        move || finder.follow(state, search, wanted, &asked),
        move || above(state, found(), wanted),
        list,
        move || rows.draw(state, found(), search.sheets.get() * SHEET),
        move || (search.sheets.get() * SHEET < listed()).then(|| more(search)),
        move || found().map(|found| samples(&found))
    ];
    frame("places", Head::Home, Bar::Help, body.show())
}

/// What is listed and in which order; where nothing is, why.
fn above(state: State, found: Option<Arc<Found>>, wanted: Wanted) -> View {
    match (state.places.get(), found) {
        (Shown::Failed(_), _) => trouble(t(common::FAILED)),
        (Shown::Ready(places), _) if places.is_empty() => empty(),
        (_, Some(found)) if found.listed.is_empty() => none(wanted, state),
        (_, Some(found)) => status(order(&found)),
        (_, None) => status(t(common::LOADING)),
    }
}

fn status(words: String) -> View {
    let line = el("p").class("note").attr("role", "status");
    line.child(words).show()
}

fn more(search: Search) -> El {
    el("button")
        .attr("type", "button")
        .class("button")
        .on("click", move |_| {
            search.sheets.update(|sheets| *sheets += 1)
        })
        .child(t(texts::MORE))
}

fn samples(found: &Found) -> Option<View> {
    let sample = |one: &Listed| found.places[one.at].sample;
    let any = found.listed.iter().any(sample);
    any.then(|| el("p").class("note").child(t(texts::SAMPLE_NOTE)).show())
}

/// Says that nothing of the list is believed any more, once it is too old.
fn old_list(state: State) -> Option<View> {
    let days = clock::now().since(state.pulled.get()?).div_euclid(DAY);
    (days > LIST_LASTS).then(|| trouble(t(texts::old_list(days.to_string()))))
}

fn empty() -> View {
    el("div")
        .class("empty")
        .child(drawing("door-unknown", "drawing drawing--door"))
        .child(el("h2").class("heading").child(t(texts::EMPTY_TITLE)))
        .child(el("p").class("lead").child(t(texts::EMPTY)))
        .show()
}

/// The order in words.
fn order(found: &Found) -> String {
    match (&found.from, found.named) {
        (From::Nowhere, Named::All) => t(texts::LIST_ALL),
        (From::Nowhere, Named::Exactly) => t(texts::NAME_MATCHES),
        (From::Nowhere, Named::Nearly) => t(texts::NAME_NEARLY),
        (From::Phone(_), _) => t(texts::FROM_HERE),
        (From::Area(_), _) => t(words::map::SEARCHED_AREA),
        (From::Postcode(postcode, found), _) => from_postcode(*postcode, *found),
        (From::Town(town, Fit::Nearly), _) => t(texts::from_town_nearly(town.name.clone())),
        (From::Town(town, _), _) => t(texts::from_town(town.name.clone())),
    }
}

/// Nothing fits: what to do instead.
fn none(wanted: Wanted, state: State) -> View {
    if !wanted.any() {
        return el("p")
            .class("lead")
            .attr("role", "status")
            .child(t(texts::NONE_MATCH))
            .show();
    }
    all![
        el("p")
            .class("lead")
            .attr("role", "status")
            .child(t(texts::NONE_WANTED)),
        el("ul")
            .class("stack rows help-rows")
            .child(ring_row(contact(state), "row row--main"))
            .child(row(
                "row",
                "tel:101".into(),
                "phone",
                t(words::help::N101),
                t(words::help::N101_NOTE),
            )),
        el("button")
            .attr("type", "button")
            .class("button")
            .on("click", move |_| wanted.clear())
            .child(t(texts::SHOW_ALL))
    ]
}

/// Whence distances are told; where that is less than was asked for, why.
fn from_postcode(postcode: Postcode, found: ByPostcode) -> String {
    let name = |postcode: Postcode| left_to_right(postcode.to_string());
    let (asked, used) = (name(postcode), name(postcode.at(found.by)));
    t(match found.because {
        Because::AllFound => texts::from_postcode(asked),
        Because::Unlisted => texts::from_unlisted(asked, used),
        Because::NoList => texts::from_unheld(asked, used),
    })
}

/// A place's row: whether its door is open, and how far away it is.
pub(super) fn item(place: &Place, now: Door, way: Option<(f64, Compass)>) -> El {
    el("li").class("place").child(door(now)).child(
        el("div")
            .class("place__text")
            .child(
                el("h2")
                    .class("place__name")
                    .child(
                        el("a")
                            .attr("href", format!("/places/{}", place.id))
                            .child(own(&place.name)),
                    )
                    .child(sample_tag(place)),
            )
            .child(hours::line(place, now))
            .child(way.map(|(metres, compass)| {
                el("p")
                    .class("place__line")
                    .child(distance(metres, compass))
            }))
            .child(el("p").class("place__line").child(own(&place.address)))
            .child(offers(place))
            .child(ring(place)),
    )
}

/// What makes it easier to be there, in one line.
fn offers(place: &Place) -> Option<View> {
    let words: Vec<_> = place
        .offers
        .iter()
        .map(|offer| t(wanted::words(*offer)))
        .collect();
    (!words.is_empty()).then(|| el("p").class("place__line").child(words.join(" · ")).show())
}

/// The word "sample" beside an invented place.
pub fn sample_tag(place: &Place) -> Option<View> {
    place
        .sample
        .then(|| all![" ", el("span").class("tag").child(t(common::SAMPLE))])
}

/// The button that rings a place.
pub fn ring(place: &Place) -> Option<View> {
    let telephone = place.telephone.clone()?;
    let dial = dial(&telephone)?;
    Some(
        el("a")
            .class("button place__ring")
            .attr("href", format!("tel:{dial}"))
            .child(icon("phone"))
            .child(el("span").child(t(texts::ring(left_to_right(telephone)))))
            .show(),
    )
}

/// "About 5 minutes to the north", by foot; further off, "2.3 km to the north".
pub fn distance(metres: f64, compass: Compass) -> String {
    let minutes = walking_minutes(metres);
    if metres < 30.0 {
        t(texts::AT_THIS_PLACE)
    } else if minutes > LONGEST_WALK {
        t(texts::about_km(direction(compass), kilometres(metres)))
    } else {
        t(texts::about_minutes(
            direction(compass),
            minutes.to_string(),
        ))
    }
}

/// To one decimal.
fn kilometres(metres: f64) -> String {
    let tenths = (metres / 100.0).round() as u32;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// "to the north-east"
pub fn direction(compass: Compass) -> String {
    t(match compass {
        Compass::North => texts::NORTH,
        Compass::NorthEast => texts::NORTH_EAST,
        Compass::East => texts::EAST,
        Compass::SouthEast => texts::SOUTH_EAST,
        Compass::South => texts::SOUTH,
        Compass::SouthWest => texts::SOUTH_WEST,
        Compass::West => texts::WEST,
        Compass::NorthWest => texts::NORTH_WEST,
    })
}
