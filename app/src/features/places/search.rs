//! Where from and what for: a postcode, a town, the phone's position, a name.

use domain::geo::Point;
use domain::place::{Place, any_near};
use domain::postcode::{Found, Postcode};
use domain::town::{self, Fit, Town};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{Key, places as texts};

use super::postcodes;
use crate::components::field::on_input;
use crate::components::icon;
use crate::components::notice::trouble;
use crate::dom::{El, Show, View, all, el, own};
use crate::platform::geolocation;
use crate::platform::written::left_to_right;
use crate::speech::t;

/// From where distances are told.
#[derive(Debug, Clone, PartialEq)]
pub enum From {
    /// Nowhere.
    Nowhere,
    /// The phone's position.
    Phone(Point),
    /// The middle of the map, where somebody moved it.
    Area(Point),
    /// What was typed, and where that is.
    Postcode(Postcode, Found),
    /// A town, and how well its name fits what was typed.
    Town(Town, Fit),
}

/// What is said below the box.
#[derive(Debug, Clone, PartialEq)]
enum Beside {
    /// What becomes of a position.
    Note,
    /// The phone is asked for one.
    Waiting,
    /// It gave none.
    Refused,
    /// No list has the postcode.
    Unknown(Postcode),
    /// Towns that may be meant, where there is a choice.
    Towns(Vec<Town>),
}

/// What is searched for.
#[derive(Clone, Copy)]
pub struct Search {
    /// As it stands in the box.
    pub typed: RwSignal<String>,
    /// From where distances are told.
    pub from: RwSignal<From>,
    /// How many sheets of the list are shown.
    pub sheets: RwSignal<usize>,
    /// The list of towns has come.
    pub towns_came: RwSignal<bool>,
    /// For what was typed so, towns were looked for last.
    towns_of: RwSignal<String>,
    beside: RwSignal<Beside>,
}

/// The box, its button, and what stands beside that.
pub fn view(search: Search, beside: View) -> View {
    let typed = on_input(move |text| search.type_in(text));
    let said = move || match search.beside.get() {
        Beside::Note => note(texts::POSITION_NOTE),
        Beside::Waiting => note(texts::POSITION_WAIT),
        Beside::Refused => trouble(t(texts::POSITION_DENIED)),
        Beside::Unknown(postcode) => unknown(postcode),
        Beside::Towns(towns) => choice(search, towns),
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
            el("div")
                .class("places-search__ways")
                .child(
                    el("button")
                        .attr("type", "button")
                        .class("button")
                        .on("click", move |_| search.locate())
                        .child(icon("locate"))
                        .child(el("span").child(t(texts::POSITION_USE))),
                )
                .child(beside),
        )
        .child(el("div").attr("role", "status").child(said))
        .show()
}

fn note(words: Key) -> View {
    el("p").class("note").child(t(words)).show()
}

/// The towns that may be meant, to choose from.
fn choice(search: Search, towns: Vec<Town>) -> View {
    let chips: Vec<_> = (towns.into_iter()).map(|town| chip(search, town)).collect();
    all![
        note(texts::TOWNS),
        el("div")
            .class("chips")
            .attr("role", "group")
            .attr("aria-label", t(texts::TOWNS))
            .child(chips)
    ]
}

/// A button that starts from a town, and shows that it did.
fn chip(search: Search, town: Town) -> El {
    let (name, point) = (town.name.clone(), Some(town.point));
    let pressed = move || (search.from.get().point() == point).to_string();
    let from = From::Town(town, Fit::Exactly);
    el("button")
        .attr("type", "button")
        .class("chip")
        .attr_following("aria-pressed", pressed)
        .on("click", move |_| search.from.set(from.clone()))
        .child(own(&name))
}

fn unknown(postcode: Postcode) -> View {
    let name = left_to_right(postcode.to_string());
    trouble(t(match postcode.northern_irish() {
        true => texts::postcode_northern_irish(name),
        false => texts::postcode_unknown(name),
    }))
}

impl From {
    /// The point itself.
    pub fn point(&self) -> Option<Point> {
        match self {
            Self::Nowhere => None,
            Self::Phone(point) | Self::Area(point) => Some(*point),
            Self::Postcode(_, found) => Some(found.point),
            Self::Town(town, _) => Some(town.point),
        }
    }
}

impl Search {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            typed: RwSignal::new(String::new()),
            from: RwSignal::new(From::Nowhere),
            sheets: RwSignal::new(1),
            towns_came: RwSignal::new(false),
            towns_of: RwSignal::new(String::new()),
            beside: RwSignal::new(Beside::Note),
        }
    }

    fn type_in(self, text: String) {
        self.beside.set(Beside::Note);
        self.towns_of.set(String::new());
        self.from.set(From::Nowhere);
        self.typed.set(text.clone());
        if let Some(postcode) = Postcode::parse(&text) {
            spawn_local(self.find(text, postcode));
        } else if text.len() >= town::SHORTEST && postcodes::towns().is_none() {
            spawn_local(async move {
                if postcodes::read_towns().await {
                    self.towns_came.try_set(true);
                }
            });
        }
    }

    /// Starts from the town that is meant, if one is, and offers the others of its name; whether it
    /// did. Places that are called so, if there are any, come before a town far from all of them, and
    /// before one that was guessed.
    pub fn take_town(self, places: &[Place], typed: &str, any: bool) -> bool {
        let Some(towns) = postcodes::towns() else {
            return false;
        };
        // Once for what was typed: something else may be said beside it since.
        if self.towns_of.get_untracked() == typed
            || self
                .typed
                .with_untracked(|typed| Postcode::parse(typed).is_some())
        {
            return false;
        }
        self.towns_of.set(typed.to_owned());
        let last = geolocation::last();
        let late = |point: Point| match &last {
            Some(fix) => fix.point.metres_to(point),
            None => f64::from(u8::from(!any_near(places, point))),
        };
        let Some((found, fit)) = town::named(&towns, typed, late) else {
            return false;
        };
        let mut found: Vec<Town> = found.into_iter().cloned().collect();
        let meant = (fit == Fit::Exactly && any_near(places, found[0].point)) || !any;
        let first = found[0].clone();
        if !meant && fit != Fit::Exactly {
            found.clear();
        }
        if found.len() > usize::from(meant) {
            self.beside.set(Beside::Towns(found));
        }
        if meant {
            self.from.set(From::Town(first, fit));
        }
        meant
    }

    async fn find(self, typed: String, postcode: Postcode) {
        let found = postcodes::find(postcode).await;
        // Somebody may have typed on meanwhile.
        if self.typed.get_untracked() != typed {
            return;
        }
        match found {
            Some(found) => self.from.set(From::Postcode(postcode, found)),
            None => self.beside.set(Beside::Unknown(postcode)),
        }
    }

    fn locate(self) {
        self.beside.set(Beside::Waiting);
        spawn_local(async move {
            match geolocation::position().await {
                Some(point) => {
                    self.from.set(From::Phone(point));
                    self.beside.set(Beside::Note);
                }
                None => self.beside.set(Beside::Refused),
            }
        });
    }
}
