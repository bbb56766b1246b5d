//! Which places a list shows and in which order, judged one place at a time: a phone that goes through
//! thousands of them lets its browser paint in between.

use std::cmp::Ordering;

use crate::geo::Point;
use crate::place::{LIST_LASTS, Offer, Place};
use crate::time::{DAY, Day, Timestamp};

/// What is asked of a place besides its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// From where distances are told; the nearest come first then.
    pub from: Option<Point>,
    /// Only doors that are known to be open.
    pub open: bool,
    /// Only places with all of these.
    pub offers: Vec<Offer>,
}

/// When it is asked, and when the server last said that the list is so.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    now: Timestamp,
    pulled: Option<Timestamp>,
    today: Day,
    list_age: i64,
}

/// A place of the list by its number in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Listed {
    /// Its number among all.
    pub at: usize,
    /// How far away it is.
    pub metres: Option<f64>,
    doubted: bool,
}

impl Moment {
    /// A moment, and the age of the list then; a list of unknown age is as good as an old one.
    pub fn new(now: Timestamp, pulled: Option<Timestamp>) -> Self {
        let age = |pulled: Timestamp| now.since(pulled).div_euclid(DAY);
        Self {
            now,
            pulled,
            today: now.in_london().day,
            list_age: pulled.map_or(LIST_LASTS + 1, age),
        }
    }
}

impl Asked {
    /// The place as it is listed, if it is. A door that is not known to be open does not count as open.
    pub fn judge(&self, at: usize, place: &Place, moment: &Moment) -> Option<Listed> {
        let offers = self.offers.iter().all(|offer| place.offers.contains(offer));
        let shut = || self.open && !place.state(moment.now, moment.pulled).is_open();
        if !offers || shut() {
            return None;
        }
        let metres = self.from.map(|from| from.metres_to(place.point));
        Some(Listed {
            at,
            metres,
            doubted: metres.is_some() && place.doubt(moment.today, moment.list_age).is_some(),
        })
    }
}

/// Puts places of a list in the order in which they are shown: as they stand there; where it is told how
/// far away they are, those that are believed first, and the nearest of them before all, equally near
/// ones by name.
pub fn in_order(found: &mut [Listed], places: &[Place]) {
    found.sort_unstable_by(|a, b| {
        let by_name = || match a.metres {
            Some(_) => places[a.at].name.cmp(&places[b.at].name),
            None => Ordering::Equal,
        };
        (a.doubted.cmp(&b.doubted))
            .then(a.apart().total_cmp(&b.apart()))
            .then_with(by_name)
            .then(a.at.cmp(&b.at))
    });
}

/// Places with their distance in metres, nearest first; equally near ones by name.
pub fn nearest(places: &[Place], from: Point) -> Vec<(&Place, f64)> {
    let all = places.iter().enumerate();
    let mut found: Vec<_> = all
        .map(|(at, place)| Listed {
            at,
            metres: Some(from.metres_to(place.point)),
            doubted: false,
        })
        .collect();
    in_order(&mut found, places);
    let found = found.into_iter();
    found.map(|one| (&places[one.at], one.apart())).collect()
}

impl Listed {
    fn apart(&self) -> f64 {
        self.metres.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hours::{Hours, OfDay, Span};
    use crate::place::tests::place;

    const NOON: Timestamp = Timestamp(20_780 * DAY + DAY / 2);

    /// A place by its number in a list by name: whether it is believed, open, and has a toilet.
    fn numbered(at: usize, lat: f64, bits: u8) -> Place {
        let open = if bits & 2 == 0 {
            vec![]
        } else {
            vec![Span::DAY]
        };
        let of = OfDay { open, ask: vec![] };
        let hours = Hours {
            week: std::array::from_fn(|_| of.clone()),
            dated: vec![],
            through: NOON.day().plus(300),
        };
        Place {
            opening: (bits & 1 != 0).then_some(hours),
            review_by: Some(NOON.day()),
            offers: (bits & 4 != 0)
                .then_some(Offer::Toilets)
                .into_iter()
                .collect(),
            ..place(&format!("p{at:03}"), 1, lat)
        }
    }

    /// The order by the book: all by their distance, then those that are believed before the others.
    fn by_the_book(places: &[Place], from: Point, pulled: Option<Timestamp>) -> Vec<(&Place, f64)> {
        let all = places.iter();
        let mut all: Vec<_> = all
            .map(|place| (place, from.metres_to(place.point)))
            .collect();
        all.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.name.cmp(&b.0.name)));
        let (mut believed, doubted): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|(place, _)| place.is_believed(NOON, pulled));
        believed.extend(doubted);
        believed
    }

    #[test]
    fn places_that_are_believed_come_first_and_the_nearest_of_them_before_all() {
        let kinds = [(52.5, 0), (53.0, 1), (52.9, 0), (52.6, 1)];
        let places: Vec<_> = (kinds.iter().enumerate())
            .map(|(at, (lat, bits))| numbered(at, *lat, *bits))
            .collect();
        let asked = Asked {
            from: Some(places[0].point),
            open: false,
            offers: vec![],
        };
        let moment = Moment::new(NOON, Some(NOON));
        let all = places.iter().enumerate();
        let mut found: Vec<_> = all
            .filter_map(|(at, place)| asked.judge(at, place, &moment))
            .collect();
        in_order(&mut found, &places);
        let order: Vec<_> = found.iter().map(|one| one.at).collect();
        assert_eq!(order, [3, 1, 0, 2]);
    }

    proptest! {
        #[test]
        fn judged_one_by_one_the_list_is_that_of_all_at_once(
            kinds in prop::collection::vec((0u8..8, 0u8..6), 0..80),
            from in prop::option::of(50u8..56),
            asked in 0u8..4,
            age in prop::option::of(-3i64..35),
        ) {
            // Few degrees, so that many are equally far away.
            let all = kinds.iter().enumerate();
            let places: Vec<_> = all.map(|(at, (bits, lat))| numbered(at, 50.0 + f64::from(*lat), *bits)).collect();
            let from = from.map(|lat| Point { lat: f64::from(lat), lon: -1.9 });
            let offers: Vec<_> = (asked & 2 != 0).then_some(Offer::Toilets).into_iter().collect();
            let pulled = age.map(|days| NOON.plus(-days * DAY));
            let moment = Moment::new(NOON, pulled);
            let asked = Asked { from, open: asked & 1 != 0, offers };
            let all = places.iter().enumerate();
            let mut found: Vec<_> = all.filter_map(|(at, place)| asked.judge(at, place, &moment)).collect();
            in_order(&mut found, &places);
            let found: Vec<_> = found.iter().map(|one| (&places[one.at].id, one.metres)).collect();

            let mut fits = places.clone();
            fits.retain(|place| asked.offers.iter().all(|offer| place.offers.contains(offer)));
            fits.retain(|place| !asked.open || place.state(NOON, pulled).is_open());
            let expected: Vec<_> = match from {
                Some(from) => by_the_book(&fits, from, pulled).into_iter().map(|(place, metres)| (&place.id, Some(metres))).collect(),
                None => fits.iter().map(|place| (&place.id, None)).collect(),
            };
            prop_assert_eq!(found, expected);
        }
    }
}
