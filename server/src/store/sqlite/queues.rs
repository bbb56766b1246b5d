//! Turns in the queue for the disk: where there are several centres, none may fill all of it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// How many reports of each centre wait.
pub(super) struct Queues {
    most: usize,
    waiting: RwLock<Vec<(String, Arc<AtomicUsize>)>>,
}

/// A place in the queue, given back when dropped.
pub(super) struct Turn(Option<Arc<AtomicUsize>>);

impl Queues {
    /// Of a queue of this length.
    pub(super) fn of(length: usize) -> Self {
        Self {
            most: (length * 3 / 4).max(1),
            waiting: RwLock::new(Vec::new()),
        }
    }

    /// Counts these centres from now on; one alone may have the whole queue.
    pub(super) fn share_between(&self, centres: &[String]) {
        let each = |centre: &String| (centre.clone(), Arc::default());
        let waiting = match centres {
            [] | [_] => vec![],
            several => several.iter().map(each).collect(),
        };
        *self.waiting.write().unwrap_or_else(PoisonError::into_inner) = waiting;
    }

    /// A place in the queue; `None` where this centre has as many as it may.
    pub(super) fn join(&self, centre: Option<&str>) -> Option<Turn> {
        let waiting = self.waiting.read().unwrap_or_else(PoisonError::into_inner);
        let counted = waiting
            .iter()
            .find(|(name, _)| centre == Some(name))
            .map(|(_, count)| Arc::clone(count));
        let Some(count) = counted else {
            return Some(Turn(None));
        };
        let turn = Turn(Some(Arc::clone(&count)));
        (count.fetch_add(1, Ordering::Relaxed) < self.most).then_some(turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(count) = &self.0 {
            count.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flooded_centre_leaves_places_to_the_others() {
        let queues = Queues::of(8);
        queues.share_between(&["north".into(), "south".into()]);
        let held: Vec<_> = (0..6).map(|_| queues.join(Some("north"))).collect();
        assert!(held.iter().all(Option::is_some));
        assert!(queues.join(Some("north")).is_none());
        assert!(queues.join(Some("south")).is_some());
        drop(held);
        assert!(queues.join(Some("north")).is_some());
    }
}
