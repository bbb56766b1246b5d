//! The phone's clock: the only one who knows the time. It may be wrong by years.

use domain::time::Timestamp;

/// Now, by this phone.
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}
