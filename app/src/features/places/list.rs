//! The list: by name, by distance from the phone, or from a postcode.

use domain::card::dial;
use domain::geo::{Compass, Point, walking_minutes};
use domain::place::{Place, nearest};
use domain::postcode::{Because, Found, Postcode};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{common, places as texts};

use super::hours;
use super::postcodes;
use crate::components::door::door;
use crate::components::field::on_input;
use crate::components::notice::trouble;
use crate::components::{Bar, Head, drawing, frame, icon};
use crate::dom::{Show, View, all, el, own};
use crate::platform::geolocation;
use crate::platform::written::{left_to_right, lower_case};
use crate::shell;
use crate::speech::t;
use crate::state::{Shown, State};

/// Walks longer than this, in minutes, are told in kilometres.
const LONGEST_WALK: u32 = 45;

/// From where distances are told.
#[derive(Debug, Clone, PartialEq)]
enum From {
    Nowhere,
    Phone(Point),
    Postcode(Postcode, Found),
}

/// How the search for a position goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    Not,
    Waiting,
    Refused,
}

#[derive(Clone, Copy)]
struct Search {
    typed: RwSignal<String>,
    from: RwSignal<From>,
    asking: RwSignal<Asking>,
    unknown: RwSignal<Option<Postcode>>,
}

/// The page.
pub fn page(state: State) -> View {
    let search = Search {
        typed: RwSignal::new(String::new()),
        from: RwSignal::new(From::Nowhere),
        asking: RwSignal::new(Asking::Not),
        unknown: RwSignal::new(None),
    };
    let body = all![
        shell::notices(state),
        el("h1").class("title").child(t(texts::TITLE)),
        search_box(search),
        move || found(state, search)
    ];
    frame("places", Head::Home, Bar::Help, body.show())
}

fn search_box(search: Search) -> View {
    let typed = on_input(move |text| search.type_in(text));
    let asking = move || match search.asking.get() {
        Asking::Not => el("p").class("note").child(t(texts::POSITION_NOTE)).show(),
        Asking::Waiting => el("p").class("note").child(t(texts::POSITION_WAIT)).show(),
        Asking::Refused => trouble(t(texts::POSITION_DENIED)),
    };
    el("form")
        .class("places-search")
        .attr("role", "search")
        .on("submit", |event| event.prevent_default())
        .child(
            el("div").class("search").child(icon("search")).child(
                el("input")
                    .class("field__input field__input--search")
                    .attr("type", "search")
                    .attr("id", "search")
                    .attr("autocomplete", "postal-code")
                    .attr("aria-label", t(texts::SEARCH))
                    .attr("placeholder", t(texts::SEARCH))
                    .on("input", typed),
            ),
        )
        .child(
            el("button")
                .attr("type", "button")
                .class("button")
                .on("click", move |_| search.locate())
                .child(icon("locate"))
                .child(el("span").child(t(texts::POSITION_USE))),
        )
        .child(
            el("div")
                .attr("role", "status")
                .child(asking)
                .child(move || search.unknown.get().map(unknown)),
        )
        .show()
}

fn unknown(postcode: Postcode) -> View {
    let name = left_to_right(postcode.to_string());
    trouble(t(match postcode.northern_irish() {
        true => texts::postcode_northern_irish(name),
        false => texts::postcode_unknown(name),
    }))
}

fn found(state: State, search: Search) -> View {
    match state.places.get() {
        Shown::Loading => el("p")
            .class("note")
            .attr("role", "status")
            .child(t(common::LOADING))
            .show(),
        Shown::Failed(_) => trouble(t(common::FAILED)),
        Shown::Ready(places) if places.is_empty() => empty(),
        Shown::Ready(places) => list(state, &places, search),
    }
}

fn empty() -> View {
    el("div")
        .class("empty")
        .child(drawing("door-unknown", "drawing drawing--door"))
        .child(el("h2").class("heading").child(t(texts::EMPTY_TITLE)))
        .child(el("p").class("lead").child(t(texts::EMPTY)))
        .show()
}

fn list(state: State, places: &[Place], search: Search) -> View {
    let from = search.from.get();
    let name = lower_case(search.typed.get().trim());
    let by_name = from == From::Nowhere && !name.is_empty();
    let shown: Vec<Place> = places
        .iter()
        .filter(|place| !by_name || mentions(place, &name))
        .cloned()
        .collect();
    let (order, point) = match &from {
        From::Nowhere if by_name => (t(texts::NAME_MATCHES), None),
        From::Nowhere => (t(texts::LIST_ALL), None),
        From::Phone(point) => (t(texts::FROM_HERE), Some(*point)),
        From::Postcode(postcode, found) => (from_postcode(*postcode, *found), Some(found.point)),
    };
    let items: Vec<_> = match point {
        Some(point) => state
            .believed_first(nearest(&shown, point))
            .into_iter()
            .map(|(place, metres)| {
                item(state, place, Some((metres, point.compass_to(place.point))))
            })
            .collect(),
        None => shown.iter().map(|place| item(state, place, None)).collect(),
    };
    if items.is_empty() {
        return el("p")
            .class("lead")
            .attr("role", "status")
            .child(t(texts::NONE_MATCH))
            .show();
    }
    let sample = shown
        .iter()
        .any(|place| place.sample)
        .then(|| el("p").class("note").child(t(texts::SAMPLE_NOTE)));
    all![
        el("p").class("note").attr("role", "status").child(order),
        el("ul").class("places").child(items),
        sample
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

fn mentions(place: &Place, name: &str) -> bool {
    [&place.name, &place.address]
        .iter()
        .any(|text| lower_case(text).contains(name))
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
                .child(ring(place)),
        )
        .show()
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

impl Search {
    fn type_in(self, text: String) {
        self.asking.set(Asking::Not);
        self.unknown.set(None);
        self.from.set(From::Nowhere);
        self.typed.set(text.clone());
        if let Some(postcode) = Postcode::parse(&text) {
            spawn_local(self.find(text, postcode));
        }
    }

    async fn find(self, typed: String, postcode: Postcode) {
        let found = postcodes::find(postcode).await;
        // Somebody may have typed on meanwhile.
        if self.typed.get_untracked() != typed {
            return;
        }
        match found {
            Some(found) => self.from.set(From::Postcode(postcode, found)),
            None => self.unknown.set(Some(postcode)),
        }
    }

    fn locate(self) {
        self.asking.set(Asking::Waiting);
        self.unknown.set(None);
        spawn_local(async move {
            match geolocation::position().await {
                Some(point) => {
                    self.from.set(From::Phone(point));
                    self.asking.set(Asking::Not);
                }
                None => self.asking.set(Asking::Refused),
            }
        });
    }
}
