//! Whether two entries may be the same place: near each other, and called much the same.

use domain::geo::Point;

use super::draft::{Note, Whose};
use crate::record::ListedPlace;
use crate::scheme::slug;
use crate::store::sqlite::desk::Alike;

/// Two names that are this much the same may be one place, from 0 to 1.
const SAME_NAME: f64 = 0.86;
/// Doors further apart than this are not one, in metres.
const SAME_DOOR: f64 = 150.0;

/// The most similar of those nearby, if it is similar enough.
pub(super) fn likeness(
    listed: &ListedPlace,
    point: Option<Point>,
    alike: Vec<Alike>,
) -> Option<Note> {
    let near = |other: &Alike| match (point, other.point) {
        (Some(a), Some(b)) => a.metres_to(b) <= SAME_DOOR,
        // Found by its whole postcode, which is a dozen doors.
        _ => true,
    };
    let name = plain(&listed.name);
    let score = |other: &Alike| strsim::jaro_winkler(&name, &plain(&other.name));
    let scored = alike
        .into_iter()
        .filter(near)
        .map(|other| (score(&other), other));
    let (score, other) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let whose = match (other.row, other.place) {
        (Some(row), _) => Whose::Row(row),
        (None, place) => Whose::Place(place.unwrap_or_default()),
    };
    (score >= SAME_NAME).then_some(Note::Alike {
        name: other.name,
        whose,
    })
}

fn plain(name: &str) -> String {
    slug(name).replace("the-", "").replace('-', " ")
}
