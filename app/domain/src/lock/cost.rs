//! How dear one guess of a PIN is made, measured on the phone that pays for it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What one opening should take on the phone that chose it, in milliseconds: felt, but not waited for.
const TARGET: f64 = 700.0;
/// Memory a phone with 2 GB can spare while it opens something else, in KiB.
const SPARE: u32 = 64 * 1024;
/// Passes beyond which a busy moment while measuring would make everyone wait.
const MOST_PASSES: u32 = 12;

/// What a record may ask for: a forged one must not freeze the phone.
const READABLE_MEMORY: u32 = 128 * 1024;
const READABLE_PASSES: u32 = 24;

/// Memory and passes of Argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Cost {
    memory: u32,
    passes: u32,
}

#[derive(Deserialize)]
struct Written {
    memory: u32,
    passes: u32,
}

/// A cost out of bounds: too cheap to protect, or too dear for a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCost;

impl fmt::Display for BadCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("memory or passes out of bounds")
    }
}

impl TryFrom<Written> for Cost {
    type Error = BadCost;

    fn try_from(written: Written) -> Result<Self, BadCost> {
        Self::new(written.memory, written.passes)
    }
}

impl Cost {
    /// The least: 19 MiB and two passes, OWASP's recommendation for Argon2id.
    pub const LEAST: Self = Self {
        memory: 19 * 1024,
        passes: 2,
    };

    /// A cost of so many KiB and passes.
    pub fn new(memory: u32, passes: u32) -> Result<Self, BadCost> {
        let memory_fits = (Self::LEAST.memory..=READABLE_MEMORY).contains(&memory);
        let passes_fit = (Self::LEAST.passes..=READABLE_PASSES).contains(&passes);
        let fits = memory_fits && passes_fit;
        fits.then_some(Self { memory, passes }).ok_or(BadCost)
    }

    /// KiB filled.
    pub fn memory(self) -> u32 {
        self.memory
    }

    /// Times they are gone through.
    pub fn passes(self) -> u32 {
        self.passes
    }

    /// What this phone can pay in about 700 ms, after [`Cost::LEAST`] took it so many milliseconds.
    /// Memory grows first, since it is what an attacker's chips are short of; then passes.
    pub fn affordable(least_took: f64) -> Self {
        let least = f64::from(Self::LEAST.memory) * f64::from(Self::LEAST.passes);
        // Also right for what no clock says: nothing, less than nothing, or no number at all.
        let took = if least_took >= 1.0 { least_took } else { 1.0 };
        let budget = least * TARGET / took;
        let memory = (budget / f64::from(Self::LEAST.passes)) as u32 / 1024 * 1024;
        let memory = memory.clamp(Self::LEAST.memory, SPARE);
        let passes = (budget / f64::from(memory)) as u32;
        let passes = passes.clamp(Self::LEAST.passes, MOST_PASSES);
        Self { memory, passes }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn affords(took: f64, mib: u32, passes: u32) {
        let cost = Cost::affordable(took);
        assert_eq!(
            (cost.memory, cost.passes),
            (mib * 1024, passes),
            "{took} ms"
        );
    }

    #[test]
    fn a_phone_pays_what_it_can() {
        affords(2000.0, 19, 2);
        affords(700.0, 19, 2);
        affords(350.0, 38, 2);
        affords(200.0, 64, 2);
        affords(100.0, 64, 4);
        affords(40.0, 64, 10);
    }

    #[test]
    fn a_clock_that_says_nothing_is_not_believed_too_much() {
        for took in [0.0, -5.0, f64::NAN, 0.1] {
            affords(took, 64, 12);
        }
        affords(f64::INFINITY, 19, 2);
    }

    #[test]
    fn a_record_cannot_ask_for_too_little_or_too_much() {
        let read = |json: &str| serde_json::from_str::<Cost>(json).is_ok();
        assert!(read(r#"{"memory":19456,"passes":2}"#));
        assert!(read(r#"{"memory":131072,"passes":24}"#));
        assert!(!read(r#"{"memory":8192,"passes":2}"#));
        assert!(!read(r#"{"memory":19456,"passes":1}"#));
        assert!(!read(r#"{"memory":4194304,"passes":2}"#));
        assert!(!read(r#"{"memory":19456,"passes":4000000}"#));
    }

    proptest! {
        #[test]
        fn what_is_chosen_can_always_be_read(took: f64) {
            let cost = Cost::affordable(took);
            prop_assert_eq!(Cost::new(cost.memory, cost.passes), Ok(cost));
        }

        #[test]
        fn a_phone_never_pays_much_more_than_the_target(took in 1.0..5000.0_f64) {
            let cost = Cost::affordable(took);
            let least = f64::from(Cost::LEAST.memory * Cost::LEAST.passes);
            let takes = took * f64::from(cost.memory * cost.passes) / least;
            prop_assert!(takes <= 701.0 || cost == Cost::LEAST);
        }
    }
}
