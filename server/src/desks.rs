//! Reporting centres as phones are told of them now: when they read, and whether they are offered.

use std::sync::{Mutex, PoisonError};

use domain::hours::Hours;
use domain::scheme::{Centre, STALE};
use domain::time::{Day, Timestamp};

use crate::hours;
use crate::record::Nation;
use crate::scheme::Scheme;

/// When centres read, made out once a day.
#[derive(Default)]
pub struct Desks(Mutex<Option<(Day, Vec<Option<Hours>>)>>);

impl Desks {
    /// The scheme's centres. One whose inbox was not opened for long is not offered; a sample's always
    /// is, as nobody reads there.
    pub fn now(
        &self,
        scheme: &Scheme,
        inboxes: &[(String, Timestamp)],
        now: Timestamp,
    ) -> Vec<Centre> {
        let reads = self.reads(scheme, now.in_london().day);
        let centres = scheme.centres.iter().zip(reads);
        centres
            .map(|(centre, reads)| Centre {
                reads,
                offered: scheme.demo || is_read(&centre.id, inboxes, now),
                ..centre.clone()
            })
            .collect()
    }

    fn reads(&self, scheme: &Scheme, today: Day) -> Vec<Option<Hours>> {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((day, reads)) = &*made
            && *day == today
        {
            return reads.clone();
        }
        let expand = |text: &String| hours::expand(text, Nation::England, today).ok();
        let reads = scheme
            .reads
            .iter()
            .map(|text| text.as_ref().and_then(expand));
        let reads: Vec<_> = reads.collect();
        *made = Some((today, reads.clone()));
        reads
    }
}

fn is_read(centre: &str, inboxes: &[(String, Timestamp)], now: Timestamp) -> bool {
    let opened = inboxes.iter().find(|(id, _)| id == centre);
    opened.is_none_or(|(_, opened)| now.since(*opened) <= STALE)
}

#[cfg(test)]
mod tests {
    use domain::time::DAY;

    use super::*;

    #[test]
    fn a_centre_whose_inbox_nobody_opened_for_ten_days_is_not_offered() {
        let mut scheme = crate::scheme::load(None).expect("the sample");
        scheme.reads = vec![Some("Mo-Fr 09:00-17:00".into())];
        let opened = Timestamp(1_795_000_000_000);
        let inboxes = [(scheme.centres[0].id.clone(), opened)];
        let offered = |scheme: &Scheme, now| Desks::default().now(scheme, &inboxes, now)[0].offered;
        assert!(
            offered(&scheme, opened.plus(400 * DAY)),
            "a sample always is"
        );
        scheme.demo = false;
        assert!(offered(&scheme, opened.plus(10 * DAY)));
        assert!(!offered(&scheme, opened.plus(10 * DAY + 1)));
        let reads = Desks::default().now(&scheme, &inboxes, opened)[0]
            .reads
            .clone();
        let reads = reads.expect("it says when");
        assert_eq!(reads.week[0].open.len(), 1);
        assert_eq!(reads.week[6].open.len(), 0);
    }
}
