//! One place: where it is, when, whom to ring, how to find the door.

use domain::id::PlaceId;
use domain::place::Place;
use leptos::prelude::*;
use words::{common, places as texts};

use super::list::{hours, ring, sample_tag};
use crate::components::door::door;
use crate::components::notice::trouble;
use crate::components::{Bar, Head, drawing, frame, icon};
use crate::shell;
use crate::speech::t;
use crate::state::{Shown, State};

/// The page.
pub fn page(state: State, id: PlaceId) -> AnyView {
    let inside = move || match state.places.get() {
        Shown::Loading => view! { <p class="note" role="status">{t(common::LOADING)}</p> }.into_any(),
        Shown::Failed(_) => trouble(t(common::FAILED)),
        Shown::Ready(places) => places.iter().find(|place| place.id == id).map_or_else(missing, details),
    };
    let body = view! { {shell::notices(state)} {inside} };
    frame("place", Head::To("/places", t(texts::ALL)), Bar::Help, body.into_any())
}

fn missing() -> AnyView {
    view! {
        <div class="empty">{drawing("door-closed", "drawing drawing--door")}<h1 class="title">{t(texts::MISSING_TITLE)}</h1><p class="lead">{t(texts::MISSING)}</p></div>
    }
    .into_any()
}

fn details(place: &Place) -> AnyView {
    let unconfirmed = || t(texts::NOT_CONFIRMED);
    let address = [Some(place.address.clone()), place.postcode.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    view! {
        <div class="place place--head">
            {door(place)}
            <div class="place__text"><h1 class="title">{place.name.clone()}{sample_tag(place)}</h1>{hours(place)}</div>
        </div>
        {place.sample.then(|| trouble(t(texts::SAMPLE_NOTE)))}
        <dl class="details">
            {detail("pin", t(texts::ADDRESS), address)}
            {detail("clock", t(texts::HOURS), place.hours.clone().unwrap_or_else(unconfirmed))}
            {detail("phone", t(texts::TELEPHONE), place.telephone.clone().unwrap_or_else(unconfirmed))}
        </dl>
        {place.directions.clone().map(|words| view! { <section><h2 class="heading">{t(texts::DIRECTIONS)}</h2><p>{words}</p></section> })}
        <div class="actions">{ring(place)}{(!place.sample).then(|| maps(place))}</div>
    }
    .into_any()
}

fn detail(picture: &'static str, label: String, text: String) -> AnyView {
    view! { <div class="details__item"><dt>{icon(picture)}" "<span>{label}</span></dt><dd>{text}</dd></div> }.into_any()
}

fn maps(place: &Place) -> AnyView {
    let href = format!("https://www.google.com/maps/dir/?api=1&destination={},{}&travelmode=walking", place.point.lat, place.point.lon);
    view! {
        <a class="button" href=href target="_blank" rel="noopener noreferrer">{icon("external")}<span>{t(texts::OPEN_MAPS)}</span></a>
        <p class="note">{t(texts::OPEN_MAPS_NOTE)}</p>
    }
    .into_any()
}
