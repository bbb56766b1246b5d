//! Where the phone is, asked for only after a tap that says why.

use std::cell::Cell;

use domain::geo::Point;
use domain::time::Timestamp;
use domain::wayfinding::Fix;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Geolocation, Position, PositionError, PositionOptions};

/// Longest wait for a position, in milliseconds.
const PATIENCE: u32 = 15_000;
/// A position this old, in milliseconds, is still good enough to begin with.
const FRESH: u32 = 60_000;

/// Why there is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The person, or the phone's settings, said no.
    Denied,
    /// The phone does not know.
    Unavailable,
    /// It still searches.
    TooSlow,
}

thread_local! {
    /// The last position, for as long as this page of the browser lives: it is kept nowhere.
    static LAST: Cell<Option<Fix>> = const { Cell::new(None) };
}

/// The last position that was found after a tap, however old.
pub fn last() -> Option<Fix> {
    LAST.get()
}

/// The phone's position; `None` where it is refused, unknown or takes too long.
pub async fn position() -> Option<Point> {
    fix_now().await.map(|fix| fix.point)
}

/// The same with how good it is.
pub async fn fix_now() -> Option<Fix> {
    let geolocation = geolocation()?;
    let options = options();
    if LAST.get().is_some() {
        // Who asks again has walked on.
        options.set_maximum_age(0);
    }
    let found = Promise::new(&mut |resolve, reject| {
        let _ = geolocation.get_current_position_with_error_callback_and_options(
            &resolve,
            Some(&reject),
            &options,
        );
    });
    let position: Position = JsFuture::from(found).await.ok()?.unchecked_into();
    fix(&position)
}

/// Follows the phone until it is dropped.
pub struct Watch {
    id: i32,
    _found: Closure<dyn FnMut(Position)>,
    _failed: Closure<dyn FnMut(PositionError)>,
}

impl Watch {
    /// Calls back with every position, and with what is in the way of one.
    pub fn start(
        mut found: impl FnMut(Fix) + 'static,
        mut failed: impl FnMut(Trouble) + 'static,
    ) -> Option<Self> {
        let geolocation = geolocation()?;
        let found = Closure::<dyn FnMut(Position)>::new(move |position: Position| {
            if let Some(fix) = fix(&position) {
                found(fix);
            }
        });
        let failed = Closure::<dyn FnMut(PositionError)>::new(move |error: PositionError| {
            failed(match error.code() {
                PositionError::PERMISSION_DENIED => Trouble::Denied,
                PositionError::TIMEOUT => Trouble::TooSlow,
                _ => Trouble::Unavailable,
            });
        });
        let options = options();
        options.set_enable_high_accuracy(true);
        let id = geolocation
            .watch_position_with_error_callback_and_options(
                found.as_ref().unchecked_ref(),
                Some(failed.as_ref().unchecked_ref()),
                &options,
            )
            .ok()?;
        Some(Self {
            id,
            _found: found,
            _failed: failed,
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(geolocation) = geolocation() {
            geolocation.clear_watch(self.id);
        }
    }
}

fn geolocation() -> Option<Geolocation> {
    web_sys::window()?.navigator().geolocation().ok()
}

fn options() -> PositionOptions {
    let options = PositionOptions::new();
    options.set_timeout(PATIENCE);
    options.set_maximum_age(FRESH);
    options
}

fn fix(position: &Position) -> Option<Fix> {
    let coordinates = position.coords();
    let fix = Fix {
        point: Point::new(coordinates.latitude(), coordinates.longitude())?,
        accuracy: coordinates.accuracy(),
        at: Timestamp(position.timestamp() as i64),
    };
    LAST.set(Some(fix));
    Some(fix)
}
