//! What a lock answered, in words.

use domain::lock::Name;
use words::{Key, locks as texts};

/// Why something was not done.
pub fn why(code: &str) -> Key {
    match code {
        "wrong" => texts::WRONG,
        "wait" => texts::WAIT,
        "pin-too-short" => texts::TOO_SHORT,
        "pin-too-long" => texts::TOO_LONG,
        "pin-not-digits" => texts::NOT_DIGITS,
        "pin-simple" => texts::SIMPLE,
        "no-prf" | "absent" => texts::FINGER_UNABLE,
        "refused" => texts::FINGER_STOPPED,
        _ => texts::FAILED,
    }
}

/// One text for each lock.
pub fn of(name: Name, card: Key, reports: Key) -> Key {
    match name {
        Name::Card => card,
        Name::Reports => reports,
    }
}

/// A wait as minutes and seconds, rounded up: "0:30".
pub fn left(milliseconds: i64) -> String {
    let seconds = milliseconds.max(0).saturating_add(999) / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::left;

    #[test]
    fn a_wait_is_rounded_up() {
        assert_eq!(left(30_000), "0:30");
        assert_eq!(left(29_001), "0:30");
        assert_eq!(left(3_600_000), "60:00");
        assert_eq!(left(1), "0:01");
        assert_eq!(left(-5), "0:00");
    }
}
