//! The bytes of parts, as files: `parts/CENTRE/REPORT/PART`, with `.incoming` behind while they come in.
//!
//! A file is on the disk, whole and checked, before the database says so. Times are rounded to the hour.

mod file;
mod folder;
mod intake;
mod turns;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use domain::id::{PartId, ReportId};
use domain::time::{HOUR, Timestamp};
use domain::wire::{MAX_CHUNK, Part};

pub use self::folder::{copy, count_unfinished, drop_from, find, remove_from};

use self::file::Place;
use self::folder::{files, folders, name, remove, unfinished};
use self::intake::{Arrived, Hashes, Running, Target, blocking, take_in};
use self::turns::Turns;
use crate::durable;
use crate::quota::Quota;

/// The folder's name in the data folder.
pub const FOLDER: &str = "parts";
/// How the name of a part ends that is not whole.
const INCOMING: &str = ".incoming";
/// Bytes that are written at once.
const BLOCK: usize = 256 * 1024;

/// The folder of parts.
pub struct Parts {
    folder: PathBuf,
    turns: Turns,
    hashes: Hashes,
    quota: Mutex<Quota>,
}

/// Why a chunk did not become part of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It begins elsewhere than where the part ends.
    Offset {
        /// Where the part ends.
        expected: u32,
    },
    /// Longer than a chunk, or than what is missing.
    TooLarge,
    /// All of it is there, and it is not what the label says: it begins anew.
    Damaged,
    /// There is no room.
    Full,
    /// A newer request for this part came in, or this one broke off.
    Broken,
    /// Our own fault; logged.
    Failed,
}

/// What a chunk led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// More is to come, from here.
    At(u32),
    /// The part is whole and checked.
    Whole,
}

impl Parts {
    /// The parts of a data folder, of which so many bytes may be kept (0: as many as the disk takes).
    pub fn open(data: &Path, max_bytes: u64, centres: &[String]) -> io::Result<Self> {
        let folder = data.join(FOLDER);
        durable::make_folder(&folder)?;
        let mut quota = Quota::of((max_bytes > 0).then_some(max_bytes));
        quota.share_between(centres);
        for file in files(&folder)? {
            quota.fill(Some(&file.centre), file.length);
        }
        Ok(Self {
            folder,
            turns: Turns::default(),
            hashes: Hashes::default(),
            quota: Mutex::new(quota),
        })
    }

    /// Where a part that is not whole goes on.
    pub fn offset(&self, centre: &str, report: &ReportId, part: &PartId) -> u32 {
        self.place(centre, report, part).length()
    }

    /// Ends whatever is under way for a part, and says where it goes on.
    pub async fn settled_offset(&self, centre: &str, report: &ReportId, part: &PartId) -> u32 {
        let _turn = self.turns.take(&format!("{report}/{part}")).await;
        self.offset(centre, report, part)
    }

    /// Checks a part whose bytes are all there, but which is not whole: the server died in between.
    /// Whether it is whole now; one that is wrong begins anew.
    pub async fn settle(
        &self,
        centre: &str,
        report: &ReportId,
        part: &Part,
    ) -> Result<bool, Refused> {
        let _turn = self.turns.take(&format!("{report}/{}", part.id)).await;
        let place = self.place(centre, report, &part.id);
        if place.length() < part.length {
            return match place.whole.exists() {
                true => blocking(move || place.is_whole()).await,
                false => Ok(false),
            };
        }
        let sha256 = part.sha256;
        let checked = blocking(move || place.finish_anew(sha256)).await?;
        if !checked {
            self.lock().release(centre, u64::from(part.length));
        }
        Ok(checked)
    }

    /// Adds a chunk. What has arrived of one that breaks off is kept. Answers after it is on the disk.
    pub async fn append(
        &self,
        centre: &str,
        report: &ReportId,
        part: &Part,
        offset: u32,
        body: Body,
    ) -> Result<Appended, Refused> {
        let name = format!("{report}/{}", part.id);
        let turn = Arc::new(self.turns.take(&name).await);
        let place = self.place(centre, report, &part.id);
        let expected = place.length();
        if expected != offset || expected > part.length {
            return Err(Refused::Offset { expected });
        }
        let missing = part.length - offset;
        self.room_for(centre, offset, missing)?;
        let target = Target {
            place: place.clone(),
            file: None,
            turn: Arc::clone(&turn),
        };
        let most = (missing as usize).min(MAX_CHUNK);
        let hash = self.hashes.take(&name, offset);
        let Arrived {
            length,
            ended,
            hash,
        } = take_in(target, hash, most, body).await?;
        self.lock().fill(Some(centre), length as u64);
        // A part is far shorter than u32::MAX.
        let now = offset + length as u32;
        if now < part.length {
            if let Some(hash) = hash {
                self.hashes.keep(name, hash);
            }
            return ended.map(|()| Appended::At(now));
        }
        let (sha256, known) = (part.sha256, hash.map(Running::finish));
        let checked = blocking(move || place.finish(sha256, known)).await?;
        if !checked {
            self.lock().release(centre, u64::from(part.length));
            return Err(Refused::Damaged);
        }
        Ok(Appended::Whole)
    }

    /// Removes everything of a report.
    pub fn remove(&self, report: &ReportId) -> io::Result<()> {
        for (centre, freed) in remove(&self.folder, report)? {
            self.lock().release(&centre, freed);
        }
        Ok(())
    }

    /// Removes what came in of parts that nobody went on with since an instant; how many those were.
    pub fn drop_unfinished(&self, before: Timestamp) -> io::Result<usize> {
        let mut dropped = 0;
        for file in unfinished(&self.folder, before)? {
            fs::remove_file(&file.path)?;
            self.lock().release(&file.centre, file.length);
            dropped += 1;
        }
        Ok(dropped)
    }

    /// Every report that has a folder here.
    pub fn reports(&self) -> io::Result<Vec<ReportId>> {
        let mut reports = Vec::new();
        for centre in folders(&self.folder)? {
            let names = folders(&centre)?
                .into_iter()
                .filter_map(|folder| name(&folder));
            reports.extend(names.filter_map(|name| name.parse().ok()));
        }
        Ok(reports)
    }

    /// What is begun may be finished while new parts already have to wait.
    fn room_for(&self, centre: &str, offset: u32, missing: u32) -> Result<(), Refused> {
        let quota = self.lock();
        let fits = match offset {
            0 => quota.takes(Some(centre), u64::from(missing), quota.tenth()),
            _ => quota.takes(None, u64::from(missing).min(MAX_CHUNK as u64), 0),
        };
        if fits { Ok(()) } else { Err(Refused::Full) }
    }

    fn place(&self, centre: &str, report: &ReportId, part: &PartId) -> Place {
        let folder = self.folder.join(centre).join(report.as_str());
        Place {
            incoming: folder.join(format!("{part}{INCOMING}")),
            whole: folder.join(part.as_str()),
            folder,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Quota> {
        self.quota.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long an upload may rest, in the unit of [`Timestamp`].
pub fn rested_since(now: Timestamp, days: u32) -> Timestamp {
    now.plus(-i64::from(days) * 24 * HOUR)
}
