//! What may still be stored, and every centre's share of it: one centre's flood leaves room for the
//! others' reports.

use std::collections::BTreeMap;

/// What is stored, by centre, and what may be; in any unit.
#[derive(Debug, Clone, Default)]
pub struct Quota {
    most: Option<u64>,
    used: u64,
    centres: BTreeMap<String, u64>,
}

impl Quota {
    /// Takes so much in all; `None` takes anything.
    pub fn of(most: Option<u64>) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    /// Whether it counts at all.
    pub fn is_bounded(&self) -> bool {
        self.most.is_some()
    }

    /// Makes known who has a share.
    pub fn share_between(&mut self, centres: &[String]) {
        for centre in centres {
            self.centres.entry(centre.clone()).or_default();
        }
    }

    /// Whether so much more fits: for a centre's report beside half of every other centre's even
    /// share, for what belongs to no centre wherever there is room. `spared` is kept free besides.
    pub fn takes(&self, centre: Option<&str>, amount: u64, spared: u64) -> bool {
        let Some(most) = self.most else {
            return true;
        };
        let share = most / 2 / (self.centres.len() as u64).max(1);
        let others = self.centres.iter();
        let kept: u64 = others
            .filter(|(name, _)| centre.is_some_and(|centre| centre != *name))
            .map(|(_, used)| share.saturating_sub(*used))
            .sum();
        self.used + amount + kept + spared <= most
    }

    /// A part of the room: what new things leave to those already begun.
    pub fn tenth(&self) -> u64 {
        self.most.unwrap_or(0) / 10
    }

    /// Begins to count anew; who has a share stays known.
    pub fn empty(&mut self) {
        self.used = 0;
        self.centres.values_mut().for_each(|used| *used = 0);
    }

    /// Counts something that was stored.
    pub fn fill(&mut self, centre: Option<&str>, amount: u64) {
        if self.most.is_none() {
            return;
        }
        self.used += amount;
        if let Some(used) = centre.and_then(|centre| self.centres.get_mut(centre)) {
            *used += amount;
        } else if let Some(centre) = centre {
            self.centres.insert(centre.to_owned(), amount);
        }
    }

    /// Counts something that is gone.
    pub fn release(&mut self, centre: &str, amount: u64) {
        self.used = self.used.saturating_sub(amount);
        if let Some(used) = self.centres.get_mut(centre) {
            *used = used.saturating_sub(amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(most: u64, centres: &[&str]) -> Quota {
        let mut quota = Quota::of(Some(most));
        let centres: Vec<_> = centres.iter().map(|name| (*name).to_owned()).collect();
        quota.share_between(&centres);
        quota
    }

    #[test]
    fn one_centres_flood_leaves_the_others_their_share() {
        let mut quota = quota(100, &["north", "south"]);
        let mut taken = 0;
        while quota.takes(Some("north"), 1, 0) {
            quota.fill(Some("north"), 1);
            taken += 1;
        }
        assert_eq!(taken, 75);
        for _ in 0..25 {
            assert!(quota.takes(Some("south"), 1, 0));
            quota.fill(Some("south"), 1);
        }
        assert!(!quota.takes(Some("south"), 1, 0));
        quota.release("north", 75);
        assert!(quota.takes(Some("south"), 1, 0));
    }

    #[test]
    fn one_centre_alone_has_all_the_room() {
        let alone = quota(10, &["north"]);
        assert!(alone.takes(Some("north"), 10, 0) && !alone.takes(Some("north"), 11, 0));
        assert!(!alone.takes(Some("north"), 10, alone.tenth()));
    }
}
