//! Safe Places, and which of them is nearest.

use serde::{Deserialize, Serialize};

use crate::geo::Point;
use crate::id::PlaceId;

/// A building whose people know what to do when someone shows a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Place {
    /// Stable for as long as the place takes part.
    pub id: PlaceId,
    /// Grows with every change of this place.
    pub revision: u64,
    /// As it stands on the building.
    pub name: String,
    /// House, street and town, in one line, without the postcode.
    pub address: String,
    /// Absent where it has not been confirmed.
    #[serde(default)]
    pub postcode: Option<String>,
    /// Where the door is.
    pub point: Point,
    /// As people write it. Absent where it is not known.
    #[serde(default)]
    pub telephone: Option<String>,
    /// Opening hours in words. Absent where they are not known: ring first.
    #[serde(default)]
    pub hours: Option<String>,
    /// How to find the door, in words.
    #[serde(default)]
    pub directions: Option<String>,
    /// An invented place, for trying the product: nobody may be sent there.
    #[serde(default)]
    pub sample: bool,
}

/// Places with their distance in metres, nearest first; equally near ones by name.
pub fn nearest(places: &[Place], from: Point) -> Vec<(&Place, f64)> {
    let mut found: Vec<_> = places
        .iter()
        .map(|place| (place, from.metres_to(place.point)))
        .collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.name.cmp(&b.0.name)));
    found
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn place(id: &str, revision: u64, lat: f64) -> Place {
        Place {
            id: id.parse().expect("a test's own id"),
            revision,
            name: id.to_uppercase(),
            address: "1 High Street".into(),
            postcode: None,
            point: Point { lat, lon: -1.9 },
            telephone: None,
            hours: None,
            directions: None,
            sample: true,
        }
    }

    #[test]
    fn the_nearest_place_comes_first() {
        let places = [
            place("far", 1, 53.0),
            place("near", 1, 52.51),
            place("here", 1, 52.5),
        ];
        let from = Point {
            lat: 52.5,
            lon: -1.9,
        };
        let order: Vec<_> = nearest(&places, from)
            .iter()
            .map(|(place, _)| place.id.as_str())
            .collect();
        assert_eq!(order, ["here", "near", "far"]);
    }

    #[test]
    fn equally_near_places_come_by_name() {
        let places = [place("bb", 1, 52.5), place("aa", 1, 52.5)];
        let order: Vec<_> = nearest(&places, places[0].point)
            .iter()
            .map(|(place, _)| place.id.as_str())
            .collect();
        assert_eq!(order, ["aa", "bb"]);
    }
}
