//! The doors that show whether a place is open, by shape before colour.

use crate::dom::View;
use domain::place::Place;

use super::icon::drawing;

/// A place's door. Hours are words in this version: where there are none, one has to ring first;
/// where there are, the door does not pretend to know more than they say.
pub fn door(place: &Place) -> View {
    let name = if place.hours.is_some() {
        "mark"
    } else {
        "door-unknown"
    };
    drawing(name, "drawing place__door")
}
