//! The room for parts, counted where bytes are written: what a request left behind counts as well. What
//! a command erases beside us is found out when something would be refused.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use super::folder::files;
use crate::quota::Quota;

/// Counting anew takes a twentieth of the time at most, whatever is refused.
const REST: u32 = 20;

/// The room; its clones are the same one.
#[derive(Clone)]
pub(super) struct Room(Arc<Counted>);

struct Counted {
    folder: PathBuf,
    quota: Mutex<Quota>,
    /// Read by whoever changes a file and what is counted of it, so that nobody counts in between.
    changing: RwLock<()>,
    /// When all was counted last, and how long that took.
    last: Mutex<Option<(Instant, Duration)>>,
}

impl Room {
    /// So many bytes in all (0: as many as the disk takes), less what lies in a folder already.
    pub(super) fn of(max_bytes: u64, centres: &[String], folder: &Path) -> io::Result<Self> {
        let mut quota = Quota::of((max_bytes > 0).then_some(max_bytes));
        quota.share_between(centres);
        let room = Self(Arc::new(Counted {
            folder: folder.to_owned(),
            quota: Mutex::new(quota),
            changing: RwLock::default(),
            last: Mutex::default(),
        }));
        room.count()?;
        Ok(room)
    }

    /// Whether a part may begin: a tenth is left to those that have.
    pub(super) fn fits_new(&self, centre: &str, length: u64) -> bool {
        let quota = self.lock();
        quota.takes(Some(centre), length, quota.tenth())
    }

    /// Whether a part that has begun may go on. That takes nothing of the other centres' shares.
    pub(super) fn fits_more(&self, centre: &str, amount: u64) -> bool {
        self.lock().takes(Some(centre), amount, 0)
    }

    /// Counts all of it anew, unless that was done just now or somebody is at it; whether it was.
    pub(super) fn count_again(&self) -> io::Result<bool> {
        let Ok(mut last) = self.0.last.try_lock() else {
            return Ok(false);
        };
        if last.is_some_and(|(at, took)| at.elapsed() < took * REST) {
            return Ok(false);
        }
        let begun = Instant::now();
        self.count()?;
        *last = Some((Instant::now(), begun.elapsed()));
        Ok(true)
    }

    /// Held while a file changes, and what is counted of it.
    pub(super) fn changing(&self) -> RwLockReadGuard<'_, ()> {
        let changing = self.0.changing.read();
        changing.unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts what is about to be written; an error where others have taken the room meanwhile.
    pub(super) fn take(&self, centre: &str, amount: u64) -> io::Result<()> {
        let mut quota = self.lock();
        if !quota.takes(Some(centre), amount, 0) {
            return Err(io::Error::new(
                ErrorKind::QuotaExceeded,
                "no room for parts",
            ));
        }
        quota.fill(Some(centre), amount);
        Ok(())
    }

    /// Counts what is gone.
    pub(super) fn release(&self, centre: &str, amount: u64) {
        self.lock().release(centre, amount);
    }

    fn count(&self) -> io::Result<()> {
        let changing = self.0.changing.write();
        let _nobody_changes = changing.unwrap_or_else(PoisonError::into_inner);
        let files = files(&self.0.folder)?;
        let mut quota = self.lock();
        quota.empty();
        for file in files {
            quota.fill(Some(&file.centre), file.length);
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Quota> {
        self.0.quota.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
