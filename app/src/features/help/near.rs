//! "A safe place near me": the nearest one, about how long the walk is, and words for the way; people
//! first where the walk is long or nothing is known to be open.

use domain::hours as door;
use domain::place::Place;
use domain::wayfinding::{Advice, Way, advice};
use leptos::prelude::*;
use words::{help, lost as texts};

use super::lost::how_sure;
use super::way::{self, Needle, nearest_to};
use super::whereabouts::Whereabouts;
use super::{contact, remember_walk, ring_row};
use crate::components::door::door as drawn_door;
use crate::components::notice::notice;
use crate::components::row::row;
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el, own};
use crate::features::places::{hours, list::ring};
use crate::speech::t;
use crate::state::State;

/// The page.
pub fn page(state: State) -> View {
    let (whereabouts, needle) = (Whereabouts::new(), Needle::new());
    let found = Memo::new(move |_| found(state, whereabouts));
    // What has links in it is made anew only when it says something else.
    let still = |(place, way, door): Go| (place, Way { arrow: None, ..way }, door);
    let calm = Memo::new(move |_| found.get().map(still));
    let shown = move || {
        calm.with(|calm| {
            calm.as_ref()
                .map(|(place, way, _)| nearest(state, place, way))
        })
    };
    let sure = move || {
        let fix = whereabouts.fix();
        fix.map(|fix| how_sure(&fix, whereabouts.now()))
    };
    let body = all![
        el("h1").class("title").child(t(texts::NEAR_TITLE)),
        people(state, whereabouts, calm),
        whereabouts.view(t(texts::NEAR_LEAD)),
        shown,
        needle.view(move || found.with(|found| found.as_ref()?.1.arrow)),
        el("p").class("note").child(sure),
        el("div")
            .class("actions")
            .child(link("/help/lost/ask", "message", t(texts::ASK_SOMEONE)))
            .child(link("/places", "list", t(texts::NEAR_LIST)))
    ];
    let back = Head::To("/help", t(help::BACK));
    frame("near", back, Bar::Help, body)
}

/// Where to go, how, and whether the door is open.
type Go = (Place, Way, door::State);
type Found = Option<Go>;

fn link(path: &str, picture: &'static str, words: String) -> View {
    el("a")
        .class("button")
        .attr("href", path)
        .child(icon(picture))
        .child(el("span").child(words))
        .show()
}

fn found(state: State, whereabouts: Whereabouts) -> Found {
    nearest_to(state, &whereabouts.fix()?, whereabouts.now())
}

/// Who to ring before anybody sets out; nothing where the place is the better answer.
fn people(state: State, whereabouts: Whereabouts, found: Memo<Found>) -> View {
    let why = Memo::new(move |_| {
        let go = |go: &Go| advice(Some((&go.1, go.2)));
        let advice = found.with(|found| found.as_ref().map_or(advice(None), go));
        match advice {
            Advice::NoPlace if whereabouts.fix().is_none() => None,
            advice => Some(advice),
        }
    });
    let inside = move || {
        let why = match why.get() {
            Some(Advice::NothingOpen) => texts::NEAR_NONE_OPEN,
            Some(Advice::TooFar) => texts::NEAR_FAR,
            Some(Advice::NoPlace) => texts::NEAR_NONE,
            Some(Advice::Walk) | None => return ().show(),
        };
        let police = row(
            "row",
            "tel:101".into(),
            "phone",
            t(help::N101),
            t(help::N101_NOTE),
        );
        all![
            notice("note", "info", t(why), String::new(), None),
            el("ul")
                .class("stack rows rows--tall help-rows")
                .child(ring_row(contact(state), "row row--main"))
                .child(police)
        ]
    };
    inside.show()
}

fn nearest(state: State, place: &Place, way: &Way) -> View {
    remember_walk(way.minutes);
    let now = hours::now(state, place);
    let name = el("a")
        .attr("href", format!("/places/{}", place.id))
        .child(own(&place.name));
    let head = el("div")
        .class("place__text")
        .child(el("h2").class("place__name").child(name))
        .child(hours::line(place, now))
        .child(
            el("p")
                .class("place__line")
                .child(own(&way::address(place))),
        );
    let told = [place.directions.as_deref(), place.door.as_deref()];
    let told: Vec<_> = (told.into_iter().flatten())
        .map(|words| el("p").child(own(words)))
        .collect();
    el("section")
        .class("near")
        .child(
            el("div")
                .class("place place--head")
                .child(drawn_door(now))
                .child(head),
        )
        .child(way::in_words(way, &place.address))
        .child(told)
        .child(
            (now == door::State::NotKnown)
                .then(|| el("p").class("note").child(t(texts::NEAR_CLOSED))),
        )
        .child(ring(place))
        .show()
}
