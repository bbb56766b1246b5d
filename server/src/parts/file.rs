//! One part's file: begun, added to, checked, and given its name.

use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use domain::id::Sha256;
use domain::time::Timestamp;
use sha2::Digest;

use super::BLOCK;
use crate::{arrival, durable};

/// Where a part's bytes lie.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) folder: PathBuf,
    pub(super) incoming: PathBuf,
    pub(super) whole: PathBuf,
}

impl Place {
    /// How much of it has come in.
    pub(super) fn length(&self) -> u32 {
        let length = fs::metadata(&self.incoming).map_or(0, |found| found.len());
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    /// The file to add to; its name is on the disk.
    pub(super) fn open(&self) -> io::Result<File> {
        fs::create_dir_all(&self.folder)?;
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.incoming)?;
        // Also where somebody has made it and died.
        if file.metadata()?.len() == 0 {
            sync_names(&self.folder)?;
        }
        Ok(file)
    }

    /// Checks a part whose bytes are all on the disk, by their hash where it is known already, and gives
    /// it its name; one that is wrong is removed.
    pub(super) fn finish(&self, wanted: Sha256, known: Option<Sha256>) -> io::Result<bool> {
        let found = match known {
            Some(known) => known,
            None => self.hash()?,
        };
        if found != wanted {
            fs::remove_file(&self.incoming)?;
            return Ok(false);
        }
        fs::rename(&self.incoming, &self.whole)?;
        sync_names(&self.folder)?;
        Ok(true)
    }

    /// The same for what a server left that died: none of it may be on the disk yet.
    pub(super) fn finish_anew(&self, wanted: Sha256) -> io::Result<bool> {
        File::open(&self.incoming)?.sync_all()?;
        self.finish(wanted, None)
    }

    /// Whether it has its name; that is on the disk then, also where a server died that gave it.
    pub(super) fn is_whole(&self) -> io::Result<bool> {
        if !self.whole.exists() {
            return Ok(false);
        }
        sync_names(&self.folder)?;
        Ok(true)
    }

    fn hash(&self) -> io::Result<Sha256> {
        let (mut file, mut hash) = (File::open(&self.incoming)?, sha2::Sha256::new());
        let mut block = vec![0; BLOCK];
        loop {
            match file.read(&mut block)? {
                0 => return Ok(Sha256(hash.finalize().into())),
                read => hash.update(&block[..read]),
            }
        }
    }
}

/// The names in a report's folder are on the disk, and its own in its centre's, and that one's.
pub(super) fn sync_names(folder: &Path) -> io::Result<()> {
    folder
        .ancestors()
        .take(3)
        .try_for_each(durable::sync_folder)
}

/// What is written is on the disk. A file's times say the hour, as the database does.
pub(super) fn settle(file: &File) -> io::Result<()> {
    let hour = Timestamp(arrival::now().0).hour();
    let hour = UNIX_EPOCH + Duration::from_millis(hour.0.unsigned_abs());
    file.set_times(FileTimes::new().set_accessed(hour).set_modified(hour))?;
    file.sync_data()
}
