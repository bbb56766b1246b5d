//! Where the phone is, asked for only after a tap that says why.

use domain::geo::Point;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Position, PositionOptions};

/// Longest wait for a position, in milliseconds.
const PATIENCE: u32 = 15_000;
/// A position this old, in milliseconds, is still good enough.
const FRESH: u32 = 60_000;

/// The phone's position; `None` where it is refused, unknown or takes too long.
pub async fn position() -> Option<Point> {
    let geolocation = web_sys::window()?.navigator().geolocation().ok()?;
    let options = PositionOptions::new();
    options.set_timeout(PATIENCE);
    options.set_maximum_age(FRESH);
    let found = Promise::new(&mut |resolve, reject| {
        let _ = geolocation.get_current_position_with_error_callback_and_options(
            &resolve,
            Some(&reject),
            &options,
        );
    });
    let position: Position = JsFuture::from(found).await.ok()?.unchecked_into();
    let coordinates = position.coords();
    Point::new(coordinates.latitude(), coordinates.longitude())
}
