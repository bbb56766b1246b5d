//! Turns at one part: a newer request ends the older, and waits until it has.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, OwnedMutexGuard};

/// Who is at which part.
#[derive(Default)]
pub(super) struct Turns(Arc<Mutex<HashMap<String, Arc<Seat>>>>);

#[derive(Default)]
struct Seat {
    newest: AtomicU64,
    changed: Notify,
    taken: Arc<tokio::sync::Mutex<()>>,
}

/// One request's turn; over when dropped.
pub(super) struct Turn {
    name: String,
    seat: Arc<Seat>,
    number: u64,
    held: Option<OwnedMutexGuard<()>>,
    all: Arc<Mutex<HashMap<String, Arc<Seat>>>>,
}

impl Turns {
    /// Ends the turn of whoever is there, and takes their place.
    pub(super) async fn take(&self, name: &str) -> Turn {
        let seat = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(name.to_owned()).or_default())
        };
        let number = seat.newest.fetch_add(1, Ordering::SeqCst) + 1;
        seat.changed.notify_waiters();
        let mut turn = Turn {
            name: name.to_owned(),
            number,
            held: None,
            all: Arc::clone(&self.0),
            seat,
        };
        turn.held = Some(Arc::clone(&turn.seat.taken).lock_owned().await);
        turn
    }
}

impl Turn {
    /// Returns when a newer request has come.
    pub(super) async fn overtaken(&self) {
        loop {
            let changed = self.seat.changed.notified();
            if self.seat.newest.load(Ordering::SeqCst) != self.number {
                return;
            }
            changed.await;
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.held = None;
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        // The map's and ours: nobody else waits for it.
        if Arc::strong_count(&self.seat) == 2 {
            all.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_newer_turn_ends_the_older_and_nothing_remains_of_both() {
        let turns = Arc::new(Turns::default());
        let older = turns.take("a").await;
        let others = Arc::clone(&turns);
        let newer = tokio::spawn(async move { others.take("a").await });
        older.overtaken().await;
        drop(older);
        let newer = newer.await.expect("its turn");
        let waits = tokio::time::timeout(std::time::Duration::from_millis(20), newer.overtaken());
        assert!(waits.await.is_err());
        drop(newer);
        assert!(turns.0.lock().expect("whole").is_empty());
    }
}
