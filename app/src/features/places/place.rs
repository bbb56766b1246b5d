//! One place: where it is, when, whom to ring, how to find the door, what happens there.

use domain::hours::Hours;
use domain::id::PlaceId;
use domain::place::Place;
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{common, places as texts};

use super::list::{ring, sample_tag};
use super::{hours, notes, wanted};
use crate::components::door::door;
use crate::components::notice::trouble;
use crate::components::{Bar, Head, drawing, frame, icon};
use crate::dom::{Show, View, all, el, own};
use crate::platform::device::{self, Device};
use crate::platform::share::{self, Shared};
use crate::platform::{clock, page, written};
use crate::shell;
use crate::speech::t;
use crate::state::{Shown, State};

/// The page.
pub fn page(state: State, id: PlaceId) -> View {
    let inside = move || match state.places.get() {
        Shown::Loading => el("p")
            .class("note")
            .attr("role", "status")
            .child(t(common::LOADING))
            .show(),
        Shown::Failed(_) => trouble(t(common::FAILED)),
        Shown::Ready(places) => places
            .iter()
            .find(|place| place.id == id)
            .map_or_else(missing, |place| details(state, place)),
    };
    let body = all![shell::notices(state), inside];
    frame(
        "place",
        Head::To("/places", t(texts::ALL)),
        Bar::Help,
        body.show(),
    )
}

fn missing() -> View {
    el("div")
        .class("empty")
        .child(drawing("door-closed", "drawing drawing--door"))
        .child(el("h1").class("title").child(t(texts::MISSING_TITLE)))
        .child(el("p").class("lead").child(t(texts::MISSING)))
        .show()
}

fn details(state: State, place: &Place) -> View {
    page::title_soon();
    let now = hours::now(state, place);
    let address = [Some(place.address.clone()), place.postcode.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    all![
        el("div").class("place place--head").child(door(now)).child(
            el("div")
                .class("place__text")
                .child(
                    el("h1")
                        .class("title")
                        .child(own(&place.name))
                        .child(sample_tag(place)),
                )
                .child(
                    (place.what.as_deref())
                        .map(|what| el("p").class("place__line").child(own(what))),
                )
                .child(hours::line(place, now)),
        ),
        place.sample.then(|| trouble(t(texts::SAMPLE_NOTE))),
        ring(place),
        place.photo.as_deref().map(|name| photo(name, &place.name)),
        facts(place, address),
        place
            .directions
            .as_deref()
            .map(|words| section(t(texts::WAY_THERE), words)),
        place
            .door
            .as_deref()
            .map(|words| section(t(texts::DIRECTIONS), words)),
        section(
            t(texts::WELCOME),
            place.welcome.as_deref().unwrap_or(&t(texts::LEAD))
        ),
        el("div")
            .class("actions")
            .child((!place.sample).then(|| maps(place)))
            .child(share(place)),
        notes::view(state, &place.id)
    ]
}

/// What is known, each with its picture; nothing is said of what is not.
fn facts(place: &Place, address: String) -> View {
    let unconfirmed = || t(texts::NOT_CONFIRMED);
    let today = clock::now().in_london().day;
    let words = |opening: &Hours| {
        [hours::week(opening), hours::soon(opening, today)]
            .join("\n")
            .trim_end()
            .to_owned()
    };
    let offers: Vec<_> = place
        .offers
        .iter()
        .map(|offer| t(wanted::words(*offer)))
        .collect();
    let languages: Vec<_> = place
        .languages
        .iter()
        .map(|tag| written::language(tag))
        .collect();
    let more = [
        ("wheelchair", texts::OFFERS, offers.join(", ")),
        ("language", texts::LANGUAGES, languages.join(", ")),
        (
            "check",
            texts::CHECKED,
            place
                .checked
                .map_or_else(String::new, |day| written::day(&day.to_string())),
        ),
    ];
    let more: Vec<_> = (more.into_iter())
        .filter(|(_, _, text)| !text.is_empty())
        .map(|(picture, label, text)| detail(picture, t(label), text))
        .collect();
    el("dl")
        .class("details")
        .child(detail("pin", t(texts::ADDRESS), address))
        .child(detail(
            "clock",
            t(texts::HOURS),
            place.opening.as_ref().map_or_else(unconfirmed, words),
        ))
        .child(detail(
            "phone",
            t(texts::TELEPHONE),
            place.telephone.clone().unwrap_or_else(unconfirmed),
        ))
        .child(more)
        .show()
}

/// The door; where it cannot be had now, nothing.
fn photo(name: &str, place: &str) -> View {
    let image = el("img")
        .class("place__photo")
        .attr("src", ["/api/places/photos/", name].concat())
        .attr("alt", t(texts::photo(place)))
        .attr("loading", "lazy");
    let gone = image.element();
    image.on("error", move |_| gone.remove()).show()
}

/// Hands the place's address on.
fn share(place: &Place) -> View {
    let said = RwSignal::new(None::<Shared>);
    let (name, path) = (place.name.clone(), ["/places/", place.id.as_str()].concat());
    let tap = move |_| {
        let (name, path) = (name.clone(), path.clone());
        spawn_local(async move {
            said.try_set(Some(share::link(&name, &path).await));
        });
    };
    let words = move || {
        said.get().and_then(|shared| match shared {
            Shared::Offered => None,
            Shared::Copied => Some(t(texts::SHARE_COPIED)),
            Shared::Not => Some(t(texts::SHARE_FAILED)),
        })
    };
    all![
        el("button")
            .attr("type", "button")
            .class("button")
            .on("click", tap)
            .child(icon("send"))
            .child(el("span").child(t(texts::SHARE))),
        el("p").class("note").attr("role", "status").child(words)
    ]
}

fn section(heading: String, words: &str) -> View {
    el("section")
        .child(el("h2").class("heading").child(heading))
        .child(el("p").child(own(words)))
        .show()
}

fn detail(picture: &'static str, label: String, text: String) -> View {
    el("div")
        .class("details__item")
        .child(
            el("dt")
                .child(icon(picture))
                .child(" ")
                .child(el("span").child(label)),
        )
        .child(el("dd").child(own(&text)))
        .show()
}

/// The way in the phone's own maps app: the one place where somebody's way leaves this app, and only
/// by a tap that says so.
fn maps(place: &Place) -> View {
    let at = place.point.degrees().replace(' ', "");
    let href = match device::guess() {
        Device::Ios => ["https://maps.apple.com/?dirflg=w&daddr=", &at].concat(),
        Device::Android => [
            "https://www.google.com/maps/dir/?api=1&travelmode=walking&destination=",
            &at,
        ]
        .concat(),
    };
    all![
        el("a")
            .class("button")
            .attr("href", href)
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer")
            .child(icon("external"))
            .child(el("span").child(t(texts::OPEN_MAPS))),
        el("p").class("note").child(t(texts::OPEN_MAPS_NOTE))
    ]
}
