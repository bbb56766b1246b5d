//! The doors that show whether a place is open, by shape before colour.

use domain::place::Place;

use super::icon::{drawing, icon};
use crate::dom::{Show, View, el};

/// A place's door. Hours are words in this version: where there are none, one has to ring first;
/// where there are, no door pretends to know more than they say.
pub fn door(place: &Place) -> View {
    match place.hours {
        Some(_) => el("span").class("row__tile").child(icon("door")).show(),
        None => drawing("door-unknown", "drawing place__door"),
    }
}
