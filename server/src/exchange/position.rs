//! Where a place is: from what stands in its row, or from its postcode, and how sure that is.

use domain::geo::Point;
use domain::postcode::{Level, Postcode};

use super::draft::{Guess, Refusal};
use super::gazetteer::{Gazetteer, Spot};
use super::osgb;

/// How far a door may be from the middle of its unit, sector and district, in metres.
const FROM_UNIT: f64 = 2_000.0;
const FROM_SECTOR: f64 = 10_000.0;
const FROM_DISTRICT: f64 = 45_000.0;
/// Degrees of latitude between which the United Kingdom lies, and of longitude.
const LATITUDES: std::ops::RangeInclusive<f64> = 49.0..=61.5;
const LONGITUDES: std::ops::RangeInclusive<f64> = -9.0..=2.5;

/// A position, and how it was come by.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// Where the place is.
    pub point: Point,
    /// Where it was not simply there.
    pub guess: Option<Guess>,
    /// Whether it is good enough to lead a person to a door, or to tell two places apart.
    pub exact: bool,
}

/// Settles where a place is, from its two numbers as written (north, east) and its postcode.
pub fn settle(
    written: &[String; 2],
    postcode: &str,
    lists: &Gazetteer,
) -> Result<Settled, Refusal> {
    let parsed = Postcode::parse(postcode);
    let spot = parsed.and_then(|postcode| lists.find(postcode));
    if written.iter().all(String::is_empty) {
        return by_postcode(postcode, parsed, spot);
    }
    let [north, east] = [number(&written[0])?, number(&written[1])?];
    let settled = if north.abs() > 180.0 || east.abs() > 180.0 {
        on_grid(north, east, spot, lists)?
    } else {
        in_degrees(north, east, spot, lists)?
    };
    match spot {
        Some(spot) => near_its_postcode(settled, postcode, spot),
        None => Ok(settled),
    }
}

fn number(text: &str) -> Result<f64, Refusal> {
    let plain = text.trim().replace('\u{2212}', "-");
    // "289,500" and "52,5037" are the same sign for different things: only the first is clear.
    let thousands = plain
        .split_once(',')
        .is_some_and(|(_, rest)| rest.len() == 3 && rest.bytes().all(|byte| byte.is_ascii_digit()));
    let plain = match thousands {
        true => plain.replace(',', ""),
        false => plain.replace(',', "."),
    };
    let number = plain
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite());
    number.ok_or_else(|| Refusal::NotANumber(text.to_owned()))
}

fn by_postcode(
    text: &str,
    parsed: Option<Postcode>,
    spot: Option<Spot>,
) -> Result<Settled, Refusal> {
    let said = || text.to_owned();
    let Some(postcode) = parsed else {
        return Err(match text {
            "" => Refusal::NoPosition,
            _ => Refusal::NotAPostcode(said()),
        });
    };
    let Some(spot) = spot else {
        return Err(match postcode.northern_irish() {
            true => Refusal::NorthernIrish(said()),
            false => Refusal::NoSuchDistrict(said()),
        });
    };
    let used = postcode.at(spot.by).to_string();
    Ok(Settled {
        point: spot.point,
        exact: spot.by == Level::Unit,
        guess: Some(match spot.by {
            Level::Unit => Guess::ByUnit(used),
            Level::Sector => Guess::BySector(used),
            Level::District => Guess::ByDistrict(used),
        }),
    })
}

fn in_degrees(
    north: f64,
    east: f64,
    spot: Option<Spot>,
    lists: &Gazetteer,
) -> Result<Settled, Refusal> {
    let there =
        |point: &Point| spot.is_some_and(|spot| spot.point.metres_to(*point) < within(spot.by));
    let settled = |point, guess| Settled {
        point,
        guess,
        exact: true,
    };
    let swapped = LATITUDES.contains(&east) && LONGITUDES.contains(&north);
    let Some(point) = Point::new(north, east).filter(|_| !swapped) else {
        let point = Point::new(east, north).filter(|point| swapped && lists.on_land(*point));
        let off = || {
            Refusal::OffTheLand(Point {
                lat: north,
                lon: east,
            })
        };
        return point
            .map(|point| settled(point, Some(Guess::Swapped)))
            .ok_or_else(off);
    };
    let mirrored = Point {
        lat: north,
        lon: -east,
    };
    if there(&mirrored) && !there(&point) {
        return Ok(settled(mirrored, Some(Guess::LostMinus)));
    }
    match lists.on_land(point) {
        true => Ok(settled(point, None)),
        false => Err(Refusal::OffTheLand(point)),
    }
}

/// Metres: the easting is expected in the east, but often stands in the column for latitudes.
fn on_grid(
    north: f64,
    east: f64,
    spot: Option<Spot>,
    lists: &Gazetteer,
) -> Result<Settled, Refusal> {
    let on_land = |point: Option<Point>| point.filter(|point| lists.on_land(*point));
    let straight = on_land(osgb::point(east, north));
    let turned = on_land(osgb::point(north, east));
    let settled = |point, guess| Settled {
        point,
        guess: Some(guess),
        exact: true,
    };
    match (straight, turned) {
        (Some(point), None) => Ok(settled(point, Guess::Grid(point))),
        (None, Some(point)) => Ok(settled(point, Guess::GridSwapped(point))),
        (None, None) => Err(Refusal::OffTheLand(Point {
            lat: north,
            lon: east,
        })),
        (Some(a), Some(b)) => {
            let spot = spot.ok_or(Refusal::EitherWay)?;
            Ok(match a.metres_to(spot.point) <= b.metres_to(spot.point) {
                true => settled(a, Guess::Grid(a)),
                false => settled(b, Guess::GridSwapped(b)),
            })
        }
    }
}

fn near_its_postcode(settled: Settled, postcode: &str, spot: Spot) -> Result<Settled, Refusal> {
    let metres = settled.point.metres_to(spot.point);
    if metres <= within(spot.by) {
        return Ok(settled);
    }
    Err(Refusal::FarFromPostcode {
        postcode: postcode.to_owned(),
        km: (metres / 1000.0).round() as u32,
    })
}

fn within(level: Level) -> f64 {
    match level {
        Level::Unit => FROM_UNIT,
        Level::Sector => FROM_SECTOR,
        Level::District => FROM_DISTRICT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(north: &str, east: &str, postcode: &str) -> Result<Settled, Refusal> {
        let written = [north.to_owned(), east.to_owned()];
        settle(&written, postcode, &Gazetteer::new(None))
    }

    #[track_caller]
    fn at_hawthorns(north: &str, east: &str, postcode: &str) -> Option<&'static str> {
        let found = settled(north, east, postcode).expect("a position");
        let b66 = Point {
            lat: 52.50366,
            lon: -1.96786,
        };
        let metres = found.point.metres_to(b66);
        assert!(metres < 25.0, "{metres} m off: {found:?}");
        found
            .guess
            .map(|guess| crate::exchange::draft::Remark::Guessed(guess).kind())
    }

    #[test]
    fn the_same_door_is_found_however_it_is_written() {
        assert_eq!(at_hawthorns("52.50366", "-1.96786", "B66 1BB"), None);
        assert_eq!(
            at_hawthorns("", "", "b661bb"),
            Some("position from the whole postcode")
        );
        let swapped = Some("latitude and longitude were swapped");
        assert_eq!(at_hawthorns("-1.96786", "52.50366", ""), swapped);
        let minus = Some("longitude had lost its minus");
        assert_eq!(at_hawthorns("52.50366", "1.96786", "B66 1BB"), minus);
        let grid = Some("eastings and northings turned into degrees");
        assert_eq!(at_hawthorns("289529", "402278", "B66 1BB"), grid);
        let turned = Some("easting and northing swapped, and turned into degrees");
        assert_eq!(at_hawthorns("402278", "289,529", "B66 1BB"), turned);
    }

    #[test]
    fn a_position_that_cannot_be_is_refused() {
        let refused = |north, east, postcode| settled(north, east, postcode).expect_err("refused");
        assert!(matches!(refused("55.0", "2.4", ""), Refusal::OffTheLand(_)));
        assert!(matches!(refused("0", "0", ""), Refusal::OffTheLand(_)));
        assert!(matches!(
            refused("48.85", "2.35", ""),
            Refusal::OffTheLand(_)
        ));
        assert!(matches!(refused("north", "2", ""), Refusal::NotANumber(_)));
        assert!(matches!(refused("52.5", "", ""), Refusal::NotANumber(_)));
        assert!(matches!(
            refused("51.5", "-0.12", "B66 1BB"),
            Refusal::FarFromPostcode { km: 168..=170, .. }
        ));
        assert!(matches!(
            refused("", "", "BT1 1AA"),
            Refusal::NorthernIrish(_)
        ));
        assert!(matches!(
            refused("", "", "ZZ1 1AA"),
            Refusal::NoSuchDistrict(_)
        ));
        assert!(matches!(
            refused("", "", "unknown"),
            Refusal::NotAPostcode(_)
        ));
        assert_eq!(refused("", "", ""), Refusal::NoPosition);
        // Either way round this is a field in England.
        assert_eq!(refused("402278", "289529", ""), Refusal::EitherWay);
    }
}
