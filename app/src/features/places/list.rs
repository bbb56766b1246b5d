//! The list: by name, by distance from the phone, or from a postcode.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use domain::card::dial;
use domain::geo::{Compass, walking_minutes};
use domain::place::{LIST_LASTS, Place, nearest_of};
use domain::postcode::{Because, Found, Postcode};
use domain::search::{finds, has};
use domain::time::DAY;
use domain::town::Fit;
use leptos::prelude::*;
use words::{common, places as texts};

use super::search::{self, From, Search};
use super::wanted::{self, Wanted};
use super::{hours, map};
use crate::components::door::door;
use crate::components::notice::trouble;
use crate::components::row::row;
use crate::components::{Bar, Head, drawing, frame, icon};
use crate::dom::{Show, View, all, el, own};
use crate::features::help::{contact, ring_row};
use crate::platform::clock;
use crate::platform::written::{folded, left_to_right};
use crate::shell;
use crate::speech::t;
use crate::state::{Places, Shown, State};

/// Walks longer than this, in minutes, are told in kilometres.
const LONGEST_WALK: u32 = 45;

/// The page.
pub fn page(state: State) -> View {
    let (search, wanted) = (Search::new(), Wanted::new());
    let (map_door, map) = map::section(state, search, wanted);
    let body = all![
        shell::notices(state),
        el("h1").class("title").child(t(texts::TITLE)),
        search::view(state, search, map_door),
        map,
        wanted.view(),
        move || old_list(state),
        move || found(state, search, wanted)
    ];
    frame("places", Head::Home, Bar::Help, body.show())
}

fn found(state: State, search: Search, wanted: Wanted) -> View {
    match state.places.get() {
        Shown::Loading => first(state, search, wanted),
        Shown::Failed(_) => trouble(t(common::FAILED)),
        Shown::Ready(places) if places.is_empty() => empty(),
        Shown::Ready(places) => list(state, places, search, wanted),
    }
}

/// The first places by name while all are being read; they answer no other question.
fn first(state: State, search: Search, wanted: Wanted) -> View {
    let asked = search.from.get() != From::Nowhere || wanted.any();
    match state.first_places.get() {
        Shown::Ready(places) if !asked && !places.is_empty() && search.typed.get().is_empty() => {
            list(state, places, search, wanted)
        }
        _ => el("p")
            .class("note")
            .attr("role", "status")
            .child(t(common::LOADING))
            .show(),
    }
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

/// The places that are shown, in their order, with metres from where distances are told.
pub(super) fn ordered(
    state: State,
    places: &Places,
    search: Search,
    wanted: Wanted,
) -> Vec<(&Place, Option<f64>)> {
    let fits = wanted.fitting(state, named(places, search).0);
    match search.from.get().point() {
        Some(point) => (state.believed_first(nearest_of(&fits, point)).into_iter())
            .map(|(place, metres)| (place, Some(metres)))
            .collect(),
        None => fits.into_iter().map(|place| (place, None)).collect(),
    }
}

fn list(state: State, places: Places, search: Search, wanted: Wanted) -> View {
    let from = search.from.get();
    let order = match &from {
        From::Nowhere if search.typed.get().trim().is_empty() => t(texts::LIST_ALL),
        From::Nowhere if named(&places, search).1 => t(texts::NAME_MATCHES),
        From::Nowhere => t(texts::NAME_NEARLY),
        From::Phone(_) => t(texts::FROM_HERE),
        From::Area(_) => t(words::map::SEARCHED_AREA),
        From::Postcode(postcode, found) => from_postcode(*postcode, *found),
        From::Town(town, Fit::Nearly) => t(texts::from_town_nearly(town.name.clone())),
        From::Town(town, _) => t(texts::from_town(town.name.clone())),
    };
    let found = ordered(state, &places, search, wanted);
    if found.is_empty() {
        return none(wanted, state);
    }
    let sample = (found.iter().any(|(place, _)| place.sample))
        .then(|| el("p").class("note").child(t(texts::SAMPLE_NOTE)));
    let all = found.len();
    drop(found);
    all![
        el("p").class("note").attr("role", "status").child(order),
        sheets(state, places, all, (search, wanted)),
        sample
    ]
}

/// So many at a time: a phone draws hundreds slowly, and nobody walks to the twentieth.
const SHEET: usize = 20;

fn sheets(state: State, places: Places, all: usize, asked: (Search, Wanted)) -> View {
    let sheet = asked.0.sheets;
    let more = move || {
        (sheet.get() * SHEET < all).then(|| {
            el("button")
                .attr("type", "button")
                .class("button")
                .on("click", move |_| sheet.update(|sheet| *sheet += 1))
                .child(t(texts::MORE))
        })
    };
    let list = el("ul").class("places");
    let (rows, drawn) = (list.clone(), Cell::new(0));
    let fill = move || {
        let upto = (sheet.get() * SHEET).min(all);
        let from = drawn.replace(upto);
        // Ordered once more: a copy of ten thousand places would take longer than that.
        let (search, wanted) = asked;
        let here = search.from.get_untracked().point();
        let found = untrack(|| ordered(state, &places, search, wanted));
        for (place, metres) in found.into_iter().take(upto).skip(from) {
            let way = metres.zip(here.map(|here| here.compass_to(place.point)));
            let _ = rows.clone().child(item(state, place, way));
        }
    };
    all![list, fill, more]
}

/// Places of the name that is searched for, and whether it is theirs letter for letter; all of them
/// where it is not a name.
fn named(places: &Places, search: Search) -> (Vec<&Place>, bool) {
    let name = folded(search.typed.get().trim());
    if search.from.get() != From::Nowhere || name.is_empty() {
        return (places.iter().collect(), true);
    }
    let exactly = exactly(places, &name);
    match exactly.is_empty() {
        true => (by(places, &name, finds), false),
        false => (exactly, true),
    }
}

/// Places that have what was typed letter for letter in their name, address or postcode.
pub(super) fn exactly<'a>(places: &'a Places, typed: &str) -> Vec<&'a Place> {
    by(places, typed, has)
}

/// Places and what is searched in each of them.
type Texts = (Places, Vec<String>);

thread_local! {
    /// Of the places that were searched last: making it of ten thousand takes longer than to search them.
    static TEXTS: RefCell<Option<Texts>> = const { RefCell::new(None) };
}

fn by<'a>(places: &'a Places, typed: &str, test: fn(&str, &str) -> bool) -> Vec<&'a Place> {
    TEXTS.with_borrow_mut(|held| {
        let fresh = held.take().filter(|(of, _)| Arc::ptr_eq(of, places));
        let (_, texts) = held.insert(fresh.unwrap_or_else(|| {
            let texts = places.iter().map(text).collect();
            (places.clone(), texts)
        }));
        let found = places.iter().zip(texts);
        let found = found.filter(|(_, text)| test(text, typed));
        found.map(|(place, _)| place).collect()
    })
}

/// A text with commas between its parts: nobody types what would run from one into the other.
fn text(place: &Place) -> String {
    let postcode = place.postcode.as_deref().unwrap_or_default();
    folded(&[&*place.name, &*place.address, postcode].join(", "))
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
fn from_postcode(postcode: Postcode, found: Found) -> String {
    let name = |postcode: Postcode| left_to_right(postcode.to_string());
    let (asked, used) = (name(postcode), name(postcode.at(found.by)));
    t(match found.because {
        Because::AllFound => texts::from_postcode(asked),
        Because::Unlisted => texts::from_unlisted(asked, used),
        Because::NoList => texts::from_unheld(asked, used),
    })
}

fn item(state: State, place: &Place, way: Option<(f64, Compass)>) -> View {
    let now = hours::now(state, place);
    el("li")
        .class("place")
        .child(door(now))
        .child(
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
        .show()
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

fn distance(metres: f64, compass: Compass) -> String {
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
