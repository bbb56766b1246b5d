//! "Text my contact where I am": the words are written here, and sent by the phone's own app.

use domain::card::Ring;
use domain::listing::nearest;
use domain::place::Place;
use domain::wayfinding::{Fix, Near, near};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{help, lost as texts};

use super::whereabouts::{Whereabouts, good_to};
use super::{contact, ring_row};
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{View, all, el, own};
use crate::features::places::postcodes;
use crate::platform::text_message;
use crate::platform::written::moment;
use crate::speech::t;
use crate::state::{Shown, State};

/// The page.
pub fn page(state: State) -> View {
    let whereabouts = Whereabouts::new();
    let postcode = postcode(whereabouts);
    let body = all![
        el("h1").class("title").child(t(texts::TEXT_TITLE)),
        move || match contact(state) {
            Some(ring) => message(state, ring, whereabouts, postcode),
            None => nobody(),
        }
    ];
    frame("text", Head::To("/help", t(help::BACK)), Bar::Help, body)
}

/// What may be said of the postcode, worked out anew with each position; `None` where there is none yet.
pub fn postcode(whereabouts: Whereabouts) -> RwSignal<Option<Near>> {
    let said = RwSignal::new(None);
    Effect::new(move |_| {
        let Some(fix) = whereabouts.fix() else { return };
        spawn_local(async move {
            let pack = postcodes::pack().await;
            let nearest = pack.and_then(|pack| pack.nearest(fix.point));
            said.try_set(Some(near(&fix, nearest)));
        });
    });
    said
}

fn nobody() -> View {
    all![
        el("p").class("lead").child(t(texts::TEXT_NOBODY)),
        el("ul")
            .class("stack rows rows--tall")
            .child(ring_row(None, "row row--main"))
    ]
}

fn message(
    state: State,
    ring: Ring,
    whereabouts: Whereabouts,
    postcode: RwSignal<Option<Near>>,
) -> View {
    let name = ring.name.clone();
    let written = move || words(state, whereabouts, postcode.get());
    let shown = move || el("p").class("message").child(own(&written()));
    all![
        el("p").class("lead").child(t(texts::text_lead(&name))),
        whereabouts.view(t(texts::text_place_lead(&name))),
        el("section")
            .attr("aria-label", t(texts::TEXT_MESSAGE))
            .child(shown),
        el("a")
            .class("button button--main")
            .attr_following("href", move || text_message::link_to(
                &ring.dial,
                &written()
            ))
            .child(icon("message"))
            .child(el("span").child(t(texts::TEXT_OPEN)))
    ]
}

/// The message: plain words and degrees, which mean something on every phone.
fn words(state: State, whereabouts: Whereabouts, postcode: Option<Near>) -> String {
    let mut parts = vec![t(texts::TEXT_SAID)];
    match whereabouts.fix() {
        None => parts.push(t(texts::TEXT_SAID_UNKNOWN)),
        Some(fix) => parts.extend(place_words(state, &fix, whereabouts, postcode)),
    }
    parts.join(" ")
}

fn place_words(
    state: State,
    fix: &Fix,
    whereabouts: Whereabouts,
    postcode: Option<Near>,
) -> Vec<String> {
    let postcode = match postcode {
        Some(Near::Unit(postcode)) => Some(texts::text_said_near(postcode.to_string())),
        Some(Near::District(postcode)) => Some(texts::text_said_district(postcode.to_string())),
        Some(Near::Unknown) | None => None,
    };
    // The nearest, open or not: it says where somebody is.
    let close = state.places.with(|places| {
        let Shown::Ready(places) = places else {
            return None;
        };
        let real = |(place, _): &(&Place, f64)| !place.sample;
        let (place, _) = nearest(places, fix.point).into_iter().find(real)?;
        let way = fix.way_to(place.point, whereabouts.now());
        let said = || texts::text_said_place(&place.name, super::walk(way.minutes));
        (!way.is_far()).then(said)
    });
    let degrees = texts::text_said_coordinates(good_to(fix), fix.point.degrees(), moment(fix.at));
    [postcode, close, Some(degrees)]
        .into_iter()
        .flatten()
        .map(t)
        .collect()
}
