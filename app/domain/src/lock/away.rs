//! When a lock closes by itself: soon after the app went out of sight.

use crate::time::Timestamp;

/// How long a lock stays open in the background, in milliseconds.
pub const BACKGROUND: i64 = 60_000;
/// How long it may while its holder chooses a file or calls someone, in milliseconds.
pub const ERRAND: i64 = 5 * 60_000;

/// When an open lock closes after the app went out of sight, and perhaps on an errand begun
/// from inside it: choosing a file, calling.
pub fn closes_at(hidden: Timestamp, errand: Option<Timestamp>) -> Timestamp {
    let plain = hidden.plus(BACKGROUND);
    errand.map_or(plain, |begun| {
        plain.max(begun.plus(ERRAND)).min(hidden.plus(ERRAND))
    })
}

/// Whether it is closed now. A clock set back while nobody looked closes it, too.
pub fn has_closed(hidden: Timestamp, errand: Option<Timestamp>, now: Timestamp) -> bool {
    now < hidden || now >= closes_at(hidden, errand)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIDDEN: Timestamp = Timestamp(1_790_000_000_000);

    #[track_caller]
    fn closed(errand: Option<i64>, after: i64, expected: bool) {
        let errand = errand.map(|ago| HIDDEN.plus(-ago));
        assert_eq!(
            has_closed(HIDDEN, errand, HIDDEN.plus(after)),
            expected,
            "{errand:?} {after}"
        );
    }

    #[test]
    fn a_lock_closes_after_a_minute_in_the_background() {
        closed(None, 0, false);
        closed(None, 59_999, false);
        closed(None, 60_000, true);
    }

    #[test]
    fn choosing_a_file_suspends_that_for_five_minutes_at_most() {
        closed(Some(1000), 60_000, false);
        closed(Some(1000), 298_999, false);
        closed(Some(1000), 299_000, true);
        // An errand forgotten about long ago does not close it sooner than none would.
        closed(Some(3_600_000), 59_999, false);
        closed(Some(3_600_000), 60_000, true);
        // Nor does one from a clock since set back keep it open longer.
        closed(Some(-3_600_000), 300_000, true);
    }

    #[test]
    fn a_clock_set_back_closes_it() {
        closed(None, -1, true);
        closed(Some(0), -1, true);
    }
}
