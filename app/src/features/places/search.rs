//! Where from and what for: a postcode, the phone's position, a name.

use domain::geo::Point;
use domain::postcode::{Found, Postcode};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::places as texts;

use super::postcodes;
use crate::components::field::on_input;
use crate::components::icon;
use crate::components::notice::trouble;
use crate::dom::{Show, View, el};
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
}

/// How the search for a position goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    Not,
    Waiting,
    Refused,
}

/// What is searched for.
#[derive(Clone, Copy)]
pub struct Search {
    /// As it stands in the box.
    pub typed: RwSignal<String>,
    /// From where distances are told.
    pub from: RwSignal<From>,
    asking: RwSignal<Asking>,
    unknown: RwSignal<Option<Postcode>>,
}

/// The box, its button, and what stands beside that.
pub fn view(search: Search, beside: View) -> View {
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

impl From {
    /// The point itself.
    pub fn point(&self) -> Option<Point> {
        match self {
            Self::Nowhere => None,
            Self::Phone(point) | Self::Area(point) => Some(*point),
            Self::Postcode(_, found) => Some(found.point),
        }
    }
}

impl Search {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            typed: RwSignal::new(String::new()),
            from: RwSignal::new(From::Nowhere),
            asking: RwSignal::new(Asking::Not),
            unknown: RwSignal::new(None),
        }
    }

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
