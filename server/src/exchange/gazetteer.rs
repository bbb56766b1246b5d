//! Where postcodes and land are, from the lists that come with the product: no network.

use std::collections::HashMap;

use domain::geo::{Point, metres_north};
use domain::postcode::{self, Level, Pack, Postcode};

/// Every postcode district of Great Britain with its middle.
const DISTRICTS: &str = include_str!("../../../public/districts.txt");
/// Whole postcodes around the sample's scheme.
const POSTCODES: &[u8] = include_bytes!("../../../public/postcodes.bin");
/// No door on the mainland or its islands is further from the middle of its district than this, in
/// metres: the widest are in the Highlands.
const FURTHEST: f64 = 45_000.0;
/// Northern Ireland, whose postcodes the lists do not have: south, north, west, east.
const NORTHERN_IRELAND: [f64; 4] = [54.0, 55.35, -8.2, -5.4];

/// The lists, ready to be asked.
pub struct Gazetteer {
    pack: Option<Pack>,
    lines: HashMap<&'static str, &'static str>,
    /// From south to north.
    middles: Vec<Point>,
}

/// Where a postcode is, as exactly as the lists say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// The middle of what was found.
    pub point: Point,
    /// How much of the postcode that was.
    pub by: Level,
}

impl Gazetteer {
    /// With a scheme's own whole postcodes, or those that come with the product.
    pub fn new(own: Option<&[u8]>) -> Self {
        let line = |line: &'static str| Some((line.split(' ').next()?, line));
        let lines: HashMap<_, _> = DISTRICTS.lines().filter_map(line).collect();
        let middle = |(name, line): (&&str, &&str)| {
            Some(postcode::find(Postcode::parse(name)?, None, line)?.point)
        };
        let mut middles: Vec<_> = lines.iter().filter_map(middle).collect();
        middles.sort_by(|a, b| a.lat.total_cmp(&b.lat));
        Self {
            pack: Pack::read(own.unwrap_or(POSTCODES)),
            lines,
            middles,
        }
    }

    /// Where a postcode is; its district's middle where the lists have no more.
    pub fn find(&self, postcode: Postcode) -> Option<Spot> {
        let district = postcode.at(Level::District).to_string();
        let line = self
            .lines
            .get(district.as_str())
            .copied()
            .unwrap_or_default();
        let found = postcode::find(postcode, self.pack.as_ref(), line)?;
        Some(Spot {
            point: found.point,
            by: found.by,
        })
    }

    /// Whether a point can be on land in the United Kingdom.
    pub fn on_land(&self, point: Point) -> bool {
        let [south, north, west, east] = NORTHERN_IRELAND;
        let northern_ireland =
            (south..=north).contains(&point.lat) && (west..=east).contains(&point.lon);
        northern_ireland || self.near_a_district(point)
    }

    fn near_a_district(&self, point: Point) -> bool {
        let start = self.middles.partition_point(|middle| {
            middle.lat < point.lat && metres_north(*middle, point) > FURTHEST
        });
        self.middles[start..]
            .iter()
            .take_while(|middle| {
                middle.lat < point.lat || metres_north(**middle, point) <= FURTHEST
            })
            .any(|middle| middle.metres_to(point) <= FURTHEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Option<Level> {
        let found = Gazetteer::new(None).find(Postcode::parse(text)?);
        found.map(|spot| spot.by)
    }

    #[test]
    fn a_postcode_is_found_as_exactly_as_the_lists_say() {
        assert_eq!(find("B66 1BB"), Some(Level::Unit));
        assert_eq!(find("AB25 1GW"), Some(Level::District));
        assert_eq!(find("BT1 1AA"), None);
    }

    #[track_caller]
    fn land(lat: f64, lon: f64, expected: bool) {
        let point = Point::new(lat, lon).expect("on the globe");
        assert_eq!(
            Gazetteer::new(None).on_land(point),
            expected,
            "{lat}, {lon}"
        );
    }

    #[test]
    fn the_sea_and_other_countries_are_not_land() {
        land(52.50366, -1.96786, true);
        land(60.15, -1.15, true);
        land(50.0657, -5.7132, true);
        land(54.597, -5.93, true);
        land(58.2, -6.4, true);
        land(0.0, 0.0, false);
        land(-1.96786, 52.50366, false);
        land(55.0, 2.5, false);
        land(48.85, 2.35, false);
        land(51.9, -8.47, false);
    }
}
