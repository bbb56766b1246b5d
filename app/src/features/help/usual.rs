//! Usual places as the pages of help show them.

use std::cell::Cell;

use domain::id::PhotoId;
use domain::usual_place::{Kind, UsualPlace};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::usual as texts;

use crate::components::photo::photo;
use crate::dom::{Show, View};
use crate::speech::t;
use crate::state::State;

thread_local! {
    /// Chosen on one page, to be shown to somebody on another.
    static WANTED: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The place to be shown next.
pub fn want(at: usize) {
    WANTED.set(Some(at));
}

/// The place that was to be shown, once.
pub fn wanted() -> Option<usize> {
    WANTED.take()
}

/// What the holder calls it, or what it is.
pub fn title(place: &UsualPlace) -> String {
    match place.name.trim() {
        "" => t(kind_name(place.kind)),
        name => name.to_owned(),
    }
}

/// "Home", "Bus stop"
pub fn kind_name(kind: Kind) -> words::Key {
    match kind {
        Kind::Home => texts::KIND_HOME,
        Kind::BusStop => texts::KIND_BUS_STOP,
        Kind::DayCentre => texts::KIND_DAY_CENTRE,
        Kind::Work => texts::KIND_WORK,
        Kind::Family => texts::KIND_FAMILY,
        Kind::Other => texts::KIND_OTHER,
    }
}

/// Its icon.
pub fn picture(kind: Kind) -> &'static str {
    match kind {
        Kind::Home => "house",
        Kind::BusStop => "bus",
        Kind::DayCentre => "people",
        Kind::Work => "shop",
        Kind::Family => "heart",
        Kind::Other => "pin",
    }
}

/// A kept photo, once it has been read.
pub fn photo_of(state: State, id: PhotoId, alt: String) -> View {
    let jpeg = RwSignal::new(None);
    spawn_local(async move {
        let read = state.photo(&id).await;
        jpeg.try_set(read);
    });
    let image = move || jpeg.with(|jpeg| jpeg.as_ref().map(|jpeg| photo(jpeg, alt.clone())));
    image.show()
}
