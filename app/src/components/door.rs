//! The doors that show whether a place is open, by shape before colour.

use domain::hours::State;

use super::icon::{drawing, icon};
use crate::dom::{Show, View, el};

/// The door of a place in this state. One that shows neither open nor closed stands where one has
/// to ring first.
pub fn door(state: State) -> View {
    match state {
        State::NotKnown => drawing("door-unknown", "drawing place__door"),
        State::Closed { .. } => drawing("door-closed", "drawing place__door"),
        State::Open { .. } | State::ClosingSoon { .. } => {
            el("span").class("row__tile").child(icon("door")).show()
        }
    }
}
