//! Eastings and northings of the British National Grid as degrees, right to about five metres.

use domain::geo::Point;

/// Airy 1830, in metres.
const AIRY: (f64, f64) = (6_377_563.396, 6_356_256.909);
/// WGS 84, in metres.
const WGS84: (f64, f64) = (6_378_137.0, 6_356_752.314_245);
/// Scale on the central meridian.
const SCALE: f64 = 0.999_601_271_7;
/// True origin, in degrees.
const ORIGIN: (f64, f64) = (49.0, -2.0);
/// The true origin on the grid, in metres.
const FALSE: (f64, f64) = (400_000.0, -100_000.0);

/// From OSGB36 to WGS 84: metres, then seconds of arc, then parts in a million (Ordnance Survey, "A
/// guide to coordinate systems in Great Britain").
const SHIFT: [f64; 3] = [446.448, -125.157, 542.060];
const TURN: [f64; 3] = [0.1502, 0.2470, 0.8421];
const STRETCH: f64 = -20.4894;

/// Where an easting and a northing are; `None` off the grid.
pub fn point(easting: f64, northing: f64) -> Option<Point> {
    let on_grid = (0.0..=700_000.0).contains(&easting) && (0.0..=1_300_000.0).contains(&northing);
    if !on_grid {
        return None;
    }
    let (lat, lon) = unprojected(easting, northing);
    let (lat, lon) = from_cartesian(shifted(cartesian(lat, lon)));
    Point::new(lat.to_degrees(), lon.to_degrees())
}

/// Radians on Airy's ellipsoid, by the guide's series.
fn unprojected(easting: f64, northing: f64) -> (f64, f64) {
    let (a, b) = (AIRY.0 * SCALE, AIRY.1 * SCALE);
    let origin = ORIGIN.0.to_radians();
    let mut lat = origin;
    let mut arc = 0.0;
    // Each step brings it some hundred times closer.
    for _ in 0..12 {
        lat += (northing - FALSE.1 - arc) / a;
        arc = meridian(lat, origin, a, b);
    }
    let squared = 1.0 - (b * b) / (a * a);
    let sine = lat.sin();
    let nu = a / (1.0 - squared * sine * sine).sqrt();
    let rho = a * (1.0 - squared) / (1.0 - squared * sine * sine).powf(1.5);
    let eta = nu / rho - 1.0;
    let (tan, sec) = (lat.tan(), 1.0 / lat.cos());
    let (t2, t4, t6) = (tan.powi(2), tan.powi(4), tan.powi(6));
    let east = easting - FALSE.0;
    let vii = tan / (2.0 * rho * nu);
    let viii = tan / (24.0 * rho * nu.powi(3)) * (5.0 + 3.0 * t2 + eta - 9.0 * t2 * eta);
    let ix = tan / (720.0 * rho * nu.powi(5)) * (61.0 + 90.0 * t2 + 45.0 * t4);
    let x = sec / nu;
    let xi = sec / (6.0 * nu.powi(3)) * (nu / rho + 2.0 * t2);
    let xii = sec / (120.0 * nu.powi(5)) * (5.0 + 28.0 * t2 + 24.0 * t4);
    let xiia = sec / (5040.0 * nu.powi(7)) * (61.0 + 662.0 * t2 + 1320.0 * t4 + 720.0 * t6);
    let lat = lat - vii * east.powi(2) + viii * east.powi(4) - ix * east.powi(6);
    let lon = x * east - xi * east.powi(3) + xii * east.powi(5) - xiia * east.powi(7);
    (lat, ORIGIN.1.to_radians() + lon)
}

/// Metres along the meridian from the origin.
fn meridian(lat: f64, origin: f64, a: f64, b: f64) -> f64 {
    let n = (a - b) / (a + b);
    let (n2, n3) = (n * n, n * n * n);
    let (less, more) = (lat - origin, lat + origin);
    let first = (1.0 + n + 1.25 * n2 + 1.25 * n3) * less;
    let second = (3.0 * n + 3.0 * n2 + 2.625 * n3) * less.sin() * more.cos();
    let third = (1.875 * n2 + 1.875 * n3) * (2.0 * less).sin() * (2.0 * more).cos();
    let fourth = 35.0 / 24.0 * n3 * (3.0 * less).sin() * (3.0 * more).cos();
    b * (first - second + third - fourth)
}

fn cartesian(lat: f64, lon: f64) -> [f64; 3] {
    let (a, b) = AIRY;
    let squared = 1.0 - (b * b) / (a * a);
    let nu = a / (1.0 - squared * lat.sin().powi(2)).sqrt();
    [
        nu * lat.cos() * lon.cos(),
        nu * lat.cos() * lon.sin(),
        nu * (1.0 - squared) * lat.sin(),
    ]
}

/// Helmert's seven parameters.
fn shifted([x, y, z]: [f64; 3]) -> [f64; 3] {
    let [rx, ry, rz] = TURN.map(|seconds| (seconds / 3600.0).to_radians());
    let scale = 1.0 + STRETCH / 1_000_000.0;
    [
        SHIFT[0] + scale * x - rz * y + ry * z,
        SHIFT[1] + rz * x + scale * y - rx * z,
        SHIFT[2] - ry * x + rx * y + scale * z,
    ]
}

/// Radians on WGS 84.
fn from_cartesian([x, y, z]: [f64; 3]) -> (f64, f64) {
    let (a, b) = WGS84;
    let squared = 1.0 - (b * b) / (a * a);
    let p = x.hypot(y);
    let mut lat = z.atan2(p * (1.0 - squared));
    for _ in 0..6 {
        let nu = a / (1.0 - squared * lat.sin().powi(2)).sqrt();
        lat = (z + squared * nu * lat.sin()).atan2(p);
    }
    (lat, y.atan2(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn at(easting: f64, northing: f64, lat: f64, lon: f64) {
        let found = point(easting, northing).expect("on the grid");
        let off = found.metres_to(Point { lat, lon });
        assert!(off < 5.0, "{found:?} is {off} m off");
    }

    // Expected values by PROJ 9 (pyproj 3.7.2, EPSG:27700 to EPSG:4326).
    #[test]
    fn the_grid_is_where_others_say() {
        // B66 1BB.
        at(402_278.7, 289_529.5, 52.503_66, -1.967_86);
        at(402_276.0, 288_750.0, 52.496_652, -1.967_905);
        at(651_409.9, 313_177.3, 52.657_979, 1.716_052);
        at(530_000.0, 180_000.0, 51.503_991, -0.128_354);
        at(216_692.0, 771_274.0, 56.796_788, -5.003_261);
        at(182_000.0, 37_000.0, 50.192_800, -5.055_592);
        at(447_000.0, 1_140_000.0, 60.141_818, -1.155_559);
    }

    #[test]
    fn what_is_off_the_grid_is_nowhere() {
        assert_eq!(point(800_000.0, 10_000.0), None);
        assert_eq!(point(f64::NAN, 10_000.0), None);
    }
}
