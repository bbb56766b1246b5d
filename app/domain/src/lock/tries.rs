//! What a wrong PIN costs: time, never what is locked.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Wrong tries in a row before waiting begins: fingers slip.
pub const FREE_TRIES: u32 = 4;
/// The wait after the fifth wrong try and each further one, in milliseconds; the last stays.
const WAITS: [i64; 5] = [30_000, 60_000, 300_000, 900_000, 3_600_000];

/// Wrong tries in a row. Written down before a try is looked at, so that ending the app in the
/// middle of one does not make it free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// How many.
    pub wrong: u32,
    /// When the last one was.
    pub last: Timestamp,
}

impl Tries {
    /// With one more, made now.
    pub fn one_more(before: Option<Self>, now: Timestamp) -> Self {
        let wrong = before.map_or(0, |tries| tries.wrong).saturating_add(1);
        Self { wrong, last: now }
    }

    /// Until when no other try is looked at; `None` where one may be made now. Where the clock was
    /// set back since, the wait begins anew, and is never longer than it was.
    pub fn wait_until(self, now: Timestamp) -> Option<Timestamp> {
        let until = self.seen_at(now).last.plus(self.wait());
        (until > now).then_some(until)
    }

    /// What to write down where the clock was set back: nobody waits until it has caught up.
    pub fn seen_at(self, now: Timestamp) -> Self {
        Self {
            last: self.last.min(now),
            ..self
        }
    }

    fn wait(self) -> i64 {
        let beyond = self.wrong.saturating_sub(FREE_TRIES) as usize;
        match beyond.checked_sub(1) {
            None => 0,
            Some(at) => WAITS[at.min(WAITS.len() - 1)],
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    #[track_caller]
    fn waits(wrong: u32, seconds: i64) {
        let until = Tries { wrong, last: NOW }.wait_until(NOW);
        assert_eq!(
            until.map_or(0, |until| until.since(NOW)),
            seconds * 1000,
            "{wrong}"
        );
    }

    #[test]
    fn wrong_tries_slow_down() {
        for wrong in 0..=4 {
            waits(wrong, 0);
        }
        waits(5, 30);
        waits(6, 60);
        waits(7, 300);
        waits(8, 900);
        waits(9, 3600);
        waits(u32::MAX, 3600);
    }

    #[test]
    fn a_wait_ends() {
        let tries = Tries {
            wrong: 5,
            last: NOW,
        };
        assert!(tries.wait_until(NOW.plus(29_999)).is_some());
        assert_eq!(tries.wait_until(NOW.plus(30_000)), None);
    }

    #[test]
    fn each_try_counts() {
        let first = Tries::one_more(None, NOW);
        assert_eq!(first.wrong, 1);
        let second = Tries::one_more(Some(first), NOW.plus(5));
        assert_eq!(
            second,
            Tries {
                wrong: 2,
                last: NOW.plus(5)
            }
        );
    }

    proptest! {
        #[test]
        fn nobody_waits_longer_than_an_hour(wrong in 0..100_u32, last: i64, now: i64) {
            let tries = Tries { wrong, last: Timestamp(last) };
            if let Some(until) = tries.wait_until(Timestamp(now)) {
                prop_assert!(until.since(Timestamp(now)) <= 3_600_000);
            }
        }
    }
}
