//! The phone's clock: the only one who knows the time. It may be wrong by years.

use domain::time::Timestamp;

/// Now, by this phone.
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

/// The hour of the day where the phone is, from 0 to 23.
pub fn hour() -> u32 {
    js_sys::Date::new_0().get_hours()
}
