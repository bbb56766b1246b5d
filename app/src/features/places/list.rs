//! The list: by name, by distance from the phone, or from a postcode's district.

use domain::card::dial;
use domain::geo::{Compass, Point, postcode_district, walking_minutes};
use domain::place::{Place, nearest};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{common, places as texts};

use crate::components::door::door;
use crate::components::field::on_input;
use crate::components::notice::trouble;
use crate::components::{Bar, Head, drawing, frame, icon};
use crate::platform::{geolocation, page};
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
    District(String, Point),
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
    unknown: RwSignal<Option<String>>,
}

/// The page.
pub fn page(state: State) -> AnyView {
    let search = Search { typed: RwSignal::new(String::new()), from: RwSignal::new(From::Nowhere), asking: RwSignal::new(Asking::Not), unknown: RwSignal::new(None) };
    let body = view! {
        {shell::notices(state)}
        <h1 class="title">{t(texts::TITLE)}</h1>
        {search_box(search)}
        {move || found(state, search)}
    };
    frame("places", Head::Home, Bar::Help, body.into_any())
}

fn search_box(search: Search) -> AnyView {
    let typed = on_input(move |text| search.type_in(text));
    let asking = move || match search.asking.get() {
        Asking::Not => view! { <p class="note">{t(texts::POSITION_NOTE)}</p> }.into_any(),
        Asking::Waiting => view! { <p class="note">{t(texts::POSITION_WAIT)}</p> }.into_any(),
        Asking::Refused => trouble(t(texts::POSITION_DENIED)),
    };
    view! {
        <form class="places-search" role="search" on:submit=|event| event.prevent_default()>
            <div class="search">
                {icon("search")}
                <input class="field__input field__input--search" type="search" id="search" autocomplete="postal-code"
                    aria-label=t(texts::SEARCH) placeholder=t(texts::SEARCH) on:input=typed />
            </div>
            <button type="button" class="button" on:click=move |_| search.locate()>{icon("locate")}<span>{t(texts::POSITION_USE)}</span></button>
            <div role="status">{asking}{move || search.unknown.get().map(|district| trouble(t(texts::district_unknown(district))))}</div>
        </form>
    }
    .into_any()
}

fn found(state: State, search: Search) -> AnyView {
    match state.places.get() {
        Shown::Loading => view! { <p class="note" role="status">{t(common::LOADING)}</p> }.into_any(),
        Shown::Failed(_) => trouble(t(common::FAILED)),
        Shown::Ready(places) if places.is_empty() => empty(),
        Shown::Ready(places) => list(&places, search),
    }
}

fn empty() -> AnyView {
    view! {
        <div class="empty">{drawing("door-unknown", "drawing drawing--door")}<h2 class="heading">{t(texts::EMPTY_TITLE)}</h2><p class="lead">{t(texts::EMPTY)}</p></div>
    }
    .into_any()
}

fn list(places: &[Place], search: Search) -> AnyView {
    let from = search.from.get();
    let name = search.typed.get().trim().to_lowercase();
    let by_name = from == From::Nowhere && !name.is_empty();
    let shown: Vec<Place> = places.iter().filter(|place| !by_name || mentions(place, &name)).cloned().collect();
    let (order, point) = match &from {
        From::Nowhere if by_name => (t(texts::NAME_MATCHES), None),
        From::Nowhere => (t(texts::LIST_ALL), None),
        From::Phone(point) => (t(texts::FROM_HERE), Some(*point)),
        From::District(district, point) => (t(texts::from_district(district.clone())), Some(*point)),
    };
    let items: Vec<_> = match point {
        Some(point) => nearest(&shown, point).into_iter().map(|(place, metres)| item(place, Some((metres, point.compass_to(place.point))))).collect(),
        None => shown.iter().map(|place| item(place, None)).collect(),
    };
    if items.is_empty() {
        return view! { <p class="lead" role="status">{t(texts::NONE_MATCH)}</p> }.into_any();
    }
    let sample = shown.iter().any(|place| place.sample).then(|| view! { <p class="note">{t(texts::SAMPLE_NOTE)}</p> });
    view! { <p class="note" role="status">{order}</p><ul class="places">{items}</ul>{sample} }.into_any()
}

fn mentions(place: &Place, name: &str) -> bool {
    [&place.name, &place.address].iter().any(|text| text.to_lowercase().contains(name))
}

fn item(place: &Place, way: Option<(f64, Compass)>) -> AnyView {
    view! {
        <li class="place">
            {door(place)}
            <div class="place__text">
                <h2 class="place__name"><a href=format!("/places/{}", place.id)>{place.name.clone()}</a>{sample_tag(place)}</h2>
                {hours(place)}
                {way.map(|(metres, compass)| view! { <p class="place__line">{distance(metres, compass)}</p> })}
                <p class="place__line">{place.address.clone()}</p>
                {ring(place)}
            </div>
        </li>
    }
    .into_any()
}

/// The word "sample" beside an invented place.
pub fn sample_tag(place: &Place) -> Option<AnyView> {
    place.sample.then(|| view! { " " <span class="tag">{t(common::SAMPLE)}</span> }.into_any())
}

/// Opening hours in words, or that they are not known.
pub fn hours(place: &Place) -> AnyView {
    match (&place.hours, &place.telephone) {
        (Some(hours), _) => view! { <p class="place__hours">{hours.clone()}</p> }.into_any(),
        (None, Some(_)) => view! { <p class="place__hours place__hours--unknown">{t(texts::HOURS_UNKNOWN)}</p> }.into_any(),
        (None, None) => view! { <p class="place__hours place__hours--unknown">{t(texts::HOURS_TO_BE_CONFIRMED)}</p> }.into_any(),
    }
}

/// The button that rings a place.
pub fn ring(place: &Place) -> Option<AnyView> {
    let telephone = place.telephone.clone()?;
    let dial = dial(&telephone)?;
    Some(view! { <a class="button place__ring" href=format!("tel:{dial}")>{icon("phone")}<span>{t(texts::ring(telephone))}</span></a> }.into_any())
}

fn distance(metres: f64, compass: Compass) -> String {
    let minutes = walking_minutes(metres);
    if metres < 30.0 {
        t(texts::AT_THIS_PLACE)
    } else if minutes > LONGEST_WALK {
        t(texts::about_km(direction(compass), format!("{:.1}", metres / 1000.0)))
    } else {
        t(texts::about_minutes(direction(compass), minutes.to_string()))
    }
}

fn direction(compass: Compass) -> String {
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
        if let Some(district) = postcode_district(&text) {
            spawn_local(self.from_district(text, district));
        }
    }

    async fn from_district(self, typed: String, district: String) {
        let known = courier::sync::file(&page::meta("districts")).await;
        // Somebody may have typed on meanwhile.
        if self.typed.get_untracked() != typed {
            return;
        }
        match known.as_deref().and_then(|file| point_of(file, &district)) {
            Some(point) => self.from.set(From::District(district, point)),
            None => self.unknown.set(Some(district)),
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

/// The middle of a district, from lines "B66 52.4934 -1.9667".
fn point_of(file: &str, district: &str) -> Option<Point> {
    let line = file.lines().find(|line| line.split(' ').next() == Some(district))?;
    let mut parts = line.split(' ').skip(1);
    Point::new(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_has_a_middle() {
        let file = "B6 52.5 -1.8\nB66 52.4934 -1.9667\n";
        assert_eq!(point_of(file, "B66"), Point::new(52.4934, -1.9667));
        assert_eq!(point_of(file, "ZZ9"), None);
    }
}
