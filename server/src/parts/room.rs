//! The room for parts, counted where bytes are written: what a request left behind counts as well.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::folder::files;
use crate::quota::Quota;

/// The room; its clones are the same one.
#[derive(Clone)]
pub(super) struct Room(Arc<Mutex<Quota>>);

impl Room {
    /// So many bytes in all (0: as many as the disk takes), less what lies in a folder already.
    pub(super) fn of(max_bytes: u64, centres: &[String], folder: &Path) -> io::Result<Self> {
        let mut quota = Quota::of((max_bytes > 0).then_some(max_bytes));
        quota.share_between(centres);
        for file in files(folder)? {
            quota.fill(Some(&file.centre), file.length);
        }
        Ok(Self(Arc::new(Mutex::new(quota))))
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

    fn lock(&self) -> MutexGuard<'_, Quota> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
