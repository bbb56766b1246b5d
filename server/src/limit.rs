//! How many reports, or notes, one address may send in an hour. Nothing is written down: addresses are kept
//! as keyed hashes in memory, under a key that lives a day.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use domain::time::{DAY, HOUR, Timestamp};

/// Addresses remembered at once. Further ones are let through: better a flood than a lost report.
const REMEMBERED: usize = 100_000;

/// Counts reports by address.
pub struct Limiter {
    per_hour: u32,
    state: Mutex<State>,
}

struct State {
    key: RandomState,
    day: i64,
    hour: i64,
    counts: HashMap<u64, u32>,
}

/// Whether one more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Welcome,
    /// Not before so many seconds have passed.
    Wait(u32),
}

impl Limiter {
    /// Takes so many reports an hour from one address; 0 takes any number.
    pub fn new(per_hour: u32) -> Self {
        let state = State {
            key: RandomState::new(),
            day: 0,
            hour: 0,
            counts: HashMap::new(),
        };
        Self {
            per_hour,
            state: Mutex::new(state),
        }
    }

    /// Counts one report from an address.
    pub fn count(&self, address: IpAddr, now: Timestamp) -> Verdict {
        if self.per_hour == 0 {
            return Verdict::Welcome;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.turn(now);
        let name = state.key.hash_one(network(address));
        if state.counts.len() >= REMEMBERED && !state.counts.contains_key(&name) {
            return Verdict::Welcome;
        }
        let count = state.counts.entry(name).or_default();
        if *count >= self.per_hour {
            let left = now.hour().plus(HOUR).since(now) / 1000 + 1;
            return Verdict::Wait(u32::try_from(left).unwrap_or(3600));
        }
        *count += 1;
        Verdict::Welcome
    }
}

impl State {
    /// Forgets the counts of past hours, and the key of a past day.
    fn turn(&mut self, now: Timestamp) {
        if self.day != now.0.div_euclid(DAY) {
            self.day = now.0.div_euclid(DAY);
            self.key = RandomState::new();
        }
        if self.hour != now.hour().0 {
            self.hour = now.hour().0;
            self.counts = HashMap::new();
        }
    }
}

/// What one household or phone has: an IPv4 address, or the upper half of an IPv6 one.
fn network(address: IpAddr) -> [u8; 8] {
    let mut kept = [0; 8];
    match address.to_canonical() {
        IpAddr::V4(v4) => kept[4..].copy_from_slice(&v4.octets()),
        IpAddr::V6(v6) => kept.copy_from_slice(&v6.octets()[..8]),
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn one_address_waits_for_the_next_hour_and_others_do_not() {
        let limiter = Limiter::new(2);
        let now = Timestamp(HOUR * 10 + 1_800_000);
        assert_eq!(limiter.count(address(1), now), Verdict::Welcome);
        assert_eq!(limiter.count(address(1), now), Verdict::Welcome);
        assert_eq!(limiter.count(address(1), now), Verdict::Wait(1801));
        assert_eq!(limiter.count(address(2), now), Verdict::Welcome);
        assert_eq!(limiter.count(address(1), now.plus(HOUR)), Verdict::Welcome);
    }

    #[test]
    fn no_limit_is_no_limit() {
        let limiter = Limiter::new(0);
        let all = (0..1000).map(|_| limiter.count(address(1), Timestamp(0)));
        assert!(all.into_iter().all(|verdict| verdict == Verdict::Welcome));
    }

    #[test]
    fn a_phone_with_many_addresses_is_one() {
        let limiter = Limiter::new(1);
        let one = "2001:db8::1".parse().expect("an address");
        let two = "2001:db8::2".parse().expect("an address");
        assert_eq!(limiter.count(one, Timestamp(0)), Verdict::Welcome);
        assert!(matches!(limiter.count(two, Timestamp(0)), Verdict::Wait(_)));
    }
}
