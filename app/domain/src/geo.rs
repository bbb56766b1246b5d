//! Points on the ground, how far apart they are, and words for the way.

use serde::{Deserialize, Serialize};

/// Mean radius of the earth in metres (IUGG).
const EARTH_RADIUS: f64 = 6_371_008.8;
/// How much longer a walk is than the straight line.
const DETOUR: f64 = 1.3;
/// Metres walked in a minute, unhurried.
const WALKING_PACE: f64 = 75.0;

/// A position in degrees, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Degrees")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Point {
    /// Degrees north, -90 to 90.
    pub lat: f64,
    /// Degrees east, -180 to 180.
    pub lon: f64,
}

/// What was sent as a point, before anybody looked at it.
#[derive(Deserialize)]
struct Degrees {
    lat: f64,
    lon: f64,
}

impl TryFrom<Degrees> for Point {
    type Error = &'static str;

    fn try_from(sent: Degrees) -> Result<Self, Self::Error> {
        Self::new(sent.lat, sent.lon).ok_or("the position is not on this earth")
    }
}

impl Point {
    /// A point, if both degrees are within their range.
    pub fn new(lat: f64, lon: f64) -> Option<Self> {
        let valid = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        valid.then_some(Self { lat, lon })
    }

    /// Metres to another point along the great circle (haversine).
    pub fn metres_to(self, other: Self) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let (dlat, dlon) = (b - a, (other.lon - self.lon).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS * h.sqrt().min(1.0).asin()
    }

    /// The direction to another point, as one of eight.
    pub fn compass_to(self, other: Self) -> Compass {
        let eighth = (self.bearing_to(other) / 45.0).round() as usize % 8;
        Compass::ALL[eighth]
    }

    /// The direction to another point in degrees clockwise from north, from 0 to 360.
    pub fn bearing_to(self, other: Self) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let dlon = (other.lon - self.lon).to_radians();
        let y = dlon.sin() * b.cos();
        let x = a.cos() * b.sin() - a.sin() * b.cos() * dlon.cos();
        y.atan2(x).to_degrees().rem_euclid(360.0)
    }

    /// Degrees north and east as people read them out, exact to about a metre: "52.50370, -1.96790".
    pub fn degrees(self) -> String {
        let written = |degrees: f64| {
            let parts = (degrees * 100_000.0).round() as i64;
            let sign = if parts < 0 { "-" } else { "" };
            let parts = parts.unsigned_abs();
            format!("{sign}{}.{:05}", parts / 100_000, parts % 100_000)
        };
        format!("{}, {}", written(self.lat), written(self.lon))
    }
}

/// One of eight directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the eight winds need no explanation")]
pub enum Compass {
    North,
    NorthEast,
    East,
    SouthEast,
    South,
    SouthWest,
    West,
    NorthWest,
}

impl Compass {
    /// All eight, clockwise from north.
    pub const ALL: [Self; 8] = [
        Self::North,
        Self::NorthEast,
        Self::East,
        Self::SouthEast,
        Self::South,
        Self::SouthWest,
        Self::West,
        Self::NorthWest,
    ];
}

/// About how many minutes a walk takes, from the straight line in metres; never less than one.
pub fn walking_minutes(metres: f64) -> u32 {
    (metres * DETOUR / WALKING_PACE).ceil().max(1.0) as u32
}

/// Metres that the way from one to the other goes north or south; less than the way, never more.
pub fn metres_north(from: Point, to: Point) -> f64 {
    (to.lat - from.lat).abs().to_radians() * EARTH_RADIUS
}

#[cfg(test)]
mod tests {
    use super::*;

    const HAWTHORNS: Point = Point {
        lat: 52.5037,
        lon: -1.9679,
    };
    const BIRMINGHAM: Point = Point {
        lat: 52.4778,
        lon: -1.8990,
    };

    #[test]
    fn a_distance_is_right_to_one_part_in_a_hundred() {
        let metres = HAWTHORNS.metres_to(BIRMINGHAM);
        assert!((metres - 5_480.0).abs() < 55.0, "{metres}");
        assert_eq!(HAWTHORNS.metres_to(HAWTHORNS), 0.0);
    }

    #[test]
    fn the_way_there_has_a_direction() {
        assert_eq!(HAWTHORNS.compass_to(BIRMINGHAM), Compass::SouthEast);
        assert_eq!(BIRMINGHAM.compass_to(HAWTHORNS), Compass::NorthWest);
    }

    #[test]
    fn degrees_keep_their_sign_and_their_zeros() {
        assert_eq!(HAWTHORNS.degrees(), "52.50370, -1.96790");
        let near_nothing = Point {
            lat: -0.000_01,
            lon: 0.0,
        };
        assert_eq!(near_nothing.degrees(), "-0.00001, 0.00000");
    }

    #[test]
    fn a_walk_is_about_the_line_and_a_third() {
        assert_eq!(walking_minutes(0.0), 1);
        assert_eq!(walking_minutes(300.0), 6);
    }

    #[test]
    fn a_point_off_the_globe_is_no_point() {
        assert_eq!(Point::new(91.0, 0.0), None);
        assert_eq!(Point::new(f64::NAN, 0.0), None);
    }

    #[test]
    fn a_sent_point_off_the_globe_is_refused_with_the_answer_it_stands_in() {
        let read = |lat: &str| {
            let text = format!(r#"[{{"lat":52.5,"lon":-1.9}},{{"lat":{lat},"lon":-1.9}}]"#);
            serde_json::from_str::<Vec<Point>>(&text).map_err(|error| error.to_string())
        };
        assert_eq!(read("-90").map(|points| points.len()), Ok(2));
        for lat in ["90.5", "-91", "1e300"] {
            let error = read(lat).expect_err(lat);
            assert!(
                error.starts_with("the position is not on this earth"),
                "{error}"
            );
        }
    }
}
