//! What a manager has said, and what it makes of the place.

use domain::place::Offer;
use domain::time::Day;

use crate::record::{Record, Status};
use crate::review::CHECK_LASTS;

/// A manager's answer, read and found complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The place takes part, and this is so.
    Stays(Box<TakesPart>),
    /// It takes part no longer.
    Leaves,
}

/// What is so of a place that takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakesPart {
    /// The new text; `None` where the hours are as they were.
    pub opening_hours: Option<String>,
    /// As people write it.
    pub telephone: Option<String>,
    /// The way there.
    pub directions: Option<String>,
    /// How to find the door.
    pub door: Option<String>,
    /// What happens when somebody comes in.
    pub welcome: Option<String>,
    /// What makes it easier to be there.
    pub offers: Vec<Offer>,
    /// The day of the last training.
    pub trained: Option<Day>,
    /// Who was trained, for the scheme's own history.
    pub trained_who: Option<String>,
    /// The name of a new picture of the door.
    pub photo: Option<String>,
}

impl Said {
    /// The place as it is after this was said. An invited place becomes active; one that the scheme
    /// paused stays so until a coordinator has looked.
    pub fn apply(&self, record: &mut Record, today: Day) {
        let Self::Stays(said) = self else {
            record.place.status = Status::Closed;
            return;
        };
        let place = &mut record.place;
        if let Some(hours) = &said.opening_hours {
            place.opening_hours = Some(hours.clone());
        }
        place.telephone.clone_from(&said.telephone);
        place.directions.clone_from(&said.directions);
        place.door.clone_from(&said.door);
        place.welcome.clone_from(&said.welcome);
        place.offers.clone_from(&said.offers);
        place.trained = said.trained.or(place.trained);
        place.checked = Some(today);
        place.review_by = Some(today.plus(CHECK_LASTS));
        if place.status == Status::Invited {
            place.status = Status::Active;
        }
        if said.photo.is_some() {
            record.photo.clone_from(&said.photo);
        }
    }
}
