//! What somebody needs of a place: open now, and what makes it easier to be there.

use domain::geo::Point;
use domain::listing::Asked;
use domain::place::Offer;
use leptos::prelude::*;
use words::{Key, places as texts};

use crate::dom::{El, Show, View, el};
use crate::speech::t;

/// What is wanted; all of it has to fit.
#[derive(Clone, Copy)]
pub struct Wanted {
    open: RwSignal<bool>,
    offers: [RwSignal<bool>; Offer::ALL.len()],
}

/// An offer in words.
pub fn words(offer: Offer) -> Key {
    match offer {
        Offer::StepFree => texts::STEP_FREE,
        Offer::Toilets => texts::TOILETS,
        Offer::QuietRoom => texts::QUIET_ROOM,
        Offer::HearingLoop => texts::HEARING_LOOP,
    }
}

impl Wanted {
    /// Nothing in particular.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            offers: std::array::from_fn(|_| RwSignal::new(false)),
        }
    }

    /// Whether anything is wanted.
    pub fn any(self) -> bool {
        self.open.get() || self.offers.iter().any(|offer| offer.get())
    }

    /// Wants nothing in particular any more.
    pub fn clear(self) {
        self.open.set(false);
        self.offers.iter().for_each(|offer| offer.set(false));
    }

    /// The same, of places that are listed from a point or by name.
    pub fn asked(self, from: Option<Point>) -> Asked {
        let offers = Offer::ALL.into_iter().zip(self.offers);
        Asked {
            from,
            open: self.open.get(),
            offers: (offers.filter(|(_, wanted)| wanted.get()))
                .map(|(offer, _)| offer)
                .collect(),
        }
    }

    /// The buttons.
    pub fn view(self) -> View {
        let offers = Offer::ALL.into_iter().zip(self.offers);
        let offers: Vec<_> = (offers.into_iter())
            .map(|(offer, wanted)| chip(words(offer), wanted))
            .collect();
        el("div")
            .class("chips")
            .attr("role", "group")
            .attr("aria-label", t(texts::WANTED))
            .child(chip(texts::OPEN_NOW, self.open))
            .child(offers)
            .show()
    }
}

fn chip(label: Key, wanted: RwSignal<bool>) -> El {
    el("button")
        .attr("type", "button")
        .class("chip")
        .attr_following("aria-pressed", move || wanted.get().to_string())
        .on("click", move |_| wanted.update(|wanted| *wanted = !*wanted))
        .child(t(label))
}
