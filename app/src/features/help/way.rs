//! The way to a place: words always; an arrow only where a straight line can be trusted and the phone
//! has a compass.

use domain::hours;
use domain::place::{Place, to_go_to};
use domain::time::Timestamp;
use domain::wayfinding::{Fix, Way, turn};
use gloo::events::EventListener;
use leptos::prelude::*;
use leptos::reactive::owner::LocalStorage;
use leptos::task::spawn_local;
use words::lost as texts;

use super::walk;
use crate::components::icon;
use crate::dom::{Show, View, all, el, own, svg};
use crate::features::places::list::direction;
use crate::platform::compass;
use crate::speech::t;
use crate::state::{Shown, State};

/// The place to go to, the way there, and whether its door is open.
pub fn nearest_to(state: State, fix: &Fix, now: Timestamp) -> Option<(Place, Way, hours::State)> {
    state.places.with(|places| {
        let Shown::Ready(places) = places else {
            return None;
        };
        let (place, door) = to_go_to(places, fix.point, now, state.pulled.get())?;
        Some((place.clone(), fix.way_to(place.point, now), door))
    })
}

/// A place's address in one line, with its postcode.
pub fn address(place: &Place) -> String {
    match &place.postcode {
        Some(postcode) => format!("{}, {postcode}", place.address),
        None => place.address.clone(),
    }
}

/// How far it is and which way: "About 6 minutes' walk. Go to the north-east, towards Halfords Lane."
pub fn in_words(way: &Way, towards: &str) -> View {
    if way.arrived {
        return el("p").class("way__words").child(t(texts::ARRIVED)).show();
    }
    let go = way.direction.map(|compass| {
        el("p")
            .class("way__words")
            .child(own(&t(texts::towards(towards, direction(compass)))))
    });
    let far = el("p")
        .class("way__walk")
        .child(icon("person"))
        .child(el("span").child(walk(way.minutes)));
    all![far, go]
}

/// Whether an arrow points there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pointing {
    Nowhere,
    /// The phone has to be asked for its compass first.
    IfAsked,
    There,
}

/// The compass of a page.
#[derive(Clone, Copy)]
pub struct Needle {
    heading: RwSignal<Option<f64>>,
    listening: StoredValue<Vec<EventListener>, LocalStorage>,
}

impl Needle {
    /// Follows the compass where the phone lets us without being asked.
    pub fn new() -> Self {
        let needle = Self {
            heading: RwSignal::new(None),
            listening: StoredValue::new_local(Vec::new()),
        };
        if !compass::must_be_asked() {
            needle.listen();
        }
        needle
    }

    fn listen(self) {
        let turned = move |heading| {
            self.heading.try_set(Some(heading));
        };
        self.listening.set_value(compass::follow(turned));
    }

    fn ask(self) {
        spawn_local(async move {
            if compass::ask().await {
                self.listen();
            }
        });
    }

    /// The arrow; nothing where the way allows none or nothing is known of north.
    pub fn view(self, bearing: impl Fn() -> Option<f64> + Send + Sync + 'static) -> View {
        let bearing = Memo::new(move |_| bearing());
        let shown = Memo::new(move |_| match (bearing.get(), self.heading.get()) {
            (None, _) => Pointing::Nowhere,
            (Some(_), Some(_)) => Pointing::There,
            (Some(_), None) if compass::must_be_asked() => Pointing::IfAsked,
            (Some(_), None) => Pointing::Nowhere,
        });
        let inside = move || match shown.get() {
            Pointing::There => self.arrow(bearing),
            Pointing::IfAsked => self.offer(),
            Pointing::Nowhere => ().show(),
        };
        inside.show()
    }

    fn arrow(self, bearing: Memo<Option<f64>>) -> View {
        let turned = move || {
            let (bearing, heading) = (bearing.get(), self.heading.get());
            let turn = turn(bearing.unwrap_or_default(), heading.unwrap_or_default());
            format!("rotate({turn} 32 32)")
        };
        all![
            svg("svg")
                .class("way__arrow")
                .attr("viewBox", "0 0 64 64")
                .attr("aria-hidden", "true")
                .child(
                    svg("path")
                        .attr("d", "M32 5 52 57 32 46 12 57Z")
                        .attr_following("transform", turned),
                ),
            el("p").class("note").child(t(texts::ARROW))
        ]
    }

    fn offer(self) -> View {
        all![
            el("button")
                .attr("type", "button")
                .class("button")
                .on("click", move |_| self.ask())
                .child(t(texts::ARROW_ASK)),
            el("p").class("note").child(t(texts::ARROW_ASK_NOTE))
        ]
    }
}
