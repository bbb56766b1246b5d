//! The bytes of parts, as files: `parts/CENTRE/REPORT/PART`, with `.incoming` behind while they come in.
//!
//! A file is on the disk, whole and checked, before the database says so. Times are rounded to the hour.

mod turns;

use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use domain::id::{PartId, ReportId, Sha256};
use domain::time::{HOUR, Timestamp};
use domain::wire::{MAX_CHUNK, Part};
use sha2::Digest;

use self::turns::{Turn, Turns};
use crate::arrival;
use crate::quota::Quota;

/// The folder's name in the data folder.
pub const FOLDER: &str = "parts";
/// How the name of a part ends that is not whole.
const INCOMING: &str = ".incoming";
/// Bytes that are written at once.
const BLOCK: usize = 256 * 1024;
/// How long one chunk may take to arrive.
const SLOWEST: Duration = Duration::from_secs(90);

/// The folder of parts.
pub struct Parts {
    folder: PathBuf,
    turns: Turns,
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

/// Where a part's bytes lie.
#[derive(Debug, Clone)]
struct Place {
    folder: PathBuf,
    incoming: PathBuf,
    whole: PathBuf,
}

impl Parts {
    /// The parts of a data folder, of which so many bytes may be kept (0: as many as the disk takes).
    pub fn open(data: &Path, max_bytes: u64, centres: &[String]) -> io::Result<Self> {
        let folder = data.join(FOLDER);
        fs::create_dir_all(&folder)?;
        let mut quota = Quota::of((max_bytes > 0).then_some(max_bytes));
        quota.share_between(centres);
        for file in files(&folder)? {
            quota.fill(Some(&file.centre), file.length);
        }
        Ok(Self {
            folder,
            turns: Turns::default(),
            quota: Mutex::new(quota),
        })
    }

    /// Where a part that is not whole goes on.
    pub fn offset(&self, centre: &str, report: &ReportId, part: &PartId) -> u32 {
        length(&self.place(centre, report, part).incoming)
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
        if length(&place.incoming) < part.length {
            return Ok(place.whole.exists());
        }
        let sha256 = part.sha256;
        let checked = blocking(move || finish(&place, sha256)).await?;
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
        let turn = self.turns.take(&format!("{report}/{}", part.id)).await;
        let place = self.place(centre, report, &part.id);
        let expected = length(&place.incoming);
        if expected != offset || expected > part.length {
            return Err(Refused::Offset { expected });
        }
        let missing = part.length - offset;
        self.room_for(centre, offset, missing)?;
        let file = blocking({
            let place = place.clone();
            move || open(&place)
        })
        .await?;
        let most = (missing as usize).min(MAX_CHUNK);
        let arrival = Arrival { file, most, turn };
        let (arrived, ended) = arrival.take_in(body).await?;
        self.lock().fill(Some(centre), arrived as u64);
        // A part is far shorter than u32::MAX.
        let now = offset + arrived as u32;
        if now < part.length {
            return ended.map(|()| Appended::At(now));
        }
        let sha256 = part.sha256;
        let checked = blocking(move || finish(&place, sha256)).await?;
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

/// A chunk on its way into a file.
struct Arrival {
    file: File,
    most: usize,
    turn: Turn,
}

impl Arrival {
    /// Writes what arrives, and syncs it; how much that was, and whether the request came to its end.
    async fn take_in(self, mut body: Body) -> Result<(usize, Result<(), Refused>), Refused> {
        let Self {
            mut file,
            most,
            turn,
        } = self;
        let (mut written, mut waiting) = (0, BytesMut::new());
        let ended = loop {
            let next = tokio::select! {
                next = tokio::time::timeout(SLOWEST, arrival::next(&mut body)) => next,
                () = turn.overtaken() => break Err(Refused::Broken),
            };
            let bytes = match next {
                Ok(Some(Ok(bytes))) => bytes,
                Ok(None) => break Ok(()),
                Ok(Some(Err(_))) | Err(_) => break Err(Refused::Broken),
            };
            if written + waiting.len() + bytes.len() > most {
                break Err(Refused::TooLarge);
            }
            waiting.extend_from_slice(&bytes);
            if waiting.len() >= BLOCK {
                let block = waiting.split().freeze();
                written += block.len();
                file = write(file, block, false).await?;
            }
        };
        // What is too long is wrong from its beginning.
        if ended == Err(Refused::TooLarge) {
            waiting.clear();
        }
        written += waiting.len();
        write(file, waiting.freeze(), true).await?;
        Ok((written, ended))
    }
}

async fn write(mut file: File, block: Bytes, last: bool) -> Result<File, Refused> {
    blocking(move || {
        file.write_all(&block)?;
        if last {
            round_times(&file)?;
            file.sync_data()?;
        }
        Ok(file)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Refused> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Refused::Failed)?.map_err(|error| {
        if matches!(
            error.kind(),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded
        ) {
            tracing::error!("the disk is full");
            Refused::Full
        } else {
            tracing::error!(cause = %error, "a part could not be written");
            Refused::Failed
        }
    })
}

fn open(place: &Place) -> io::Result<File> {
    let new = !place.incoming.exists();
    fs::create_dir_all(&place.folder)?;
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&place.incoming)?;
    if new {
        sync_folder(&place.folder)?;
    }
    Ok(file)
}

/// Checks a part whose bytes are all there, and gives it its name; one that is wrong is removed.
fn finish(place: &Place, sha256: Sha256) -> io::Result<bool> {
    if hash(&place.incoming)? != sha256 {
        fs::remove_file(&place.incoming)?;
        return Ok(false);
    }
    fs::rename(&place.incoming, &place.whole)?;
    sync_folder(&place.folder)?;
    Ok(true)
}

fn hash(path: &Path) -> io::Result<Sha256> {
    let (mut file, mut hash) = (File::open(path)?, sha2::Sha256::new());
    let mut block = vec![0; BLOCK];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(Sha256(hash.finalize().into())),
            read => hash.update(&block[..read]),
        }
    }
}

fn length(path: &Path) -> u32 {
    let length = fs::metadata(path).map_or(0, |found| found.len());
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The name is on the disk, and its folder's name, and that one's.
fn sync_folder(folder: &Path) -> io::Result<()> {
    for folder in folder.ancestors().take(3) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// A file's times say the hour, as the database does.
fn round_times(file: &File) -> io::Result<()> {
    let hour = Timestamp(arrival::now().0).hour();
    let hour = UNIX_EPOCH + Duration::from_millis(hour.0.unsigned_abs());
    file.set_times(FileTimes::new().set_accessed(hour).set_modified(hour))
}

/// A file of a part.
struct Found {
    path: PathBuf,
    centre: String,
    length: u64,
    modified: SystemTime,
}

fn files(folder: &Path) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    for centre in folders(folder)? {
        for report in folders(&centre)? {
            for file in fs::read_dir(report)? {
                let file = file?;
                let known = file.metadata()?;
                found.push(Found {
                    path: file.path(),
                    centre: name(&centre).unwrap_or_default(),
                    length: known.len(),
                    modified: known.modified()?,
                });
            }
        }
    }
    Ok(found)
}

/// Parts of a folder of parts that nobody went on with since an instant.
fn unfinished(folder: &Path, before: Timestamp) -> io::Result<Vec<Found>> {
    let before = UNIX_EPOCH + Duration::from_millis(before.0.unsigned_abs());
    let mut found = files(folder)?;
    found.retain(|file| {
        let incoming = file.path.to_string_lossy().ends_with(INCOMING);
        incoming && file.modified < before
    });
    Ok(found)
}

/// How many parts nobody went on with since an instant.
pub fn count_unfinished(data: &Path, before: Timestamp) -> io::Result<usize> {
    let folder = data.join(FOLDER);
    Ok(match folder.exists() {
        true => unfinished(&folder, before)?.len(),
        false => 0,
    })
}

/// Removes parts that nobody went on with since an instant, without a server that counts.
pub fn drop_from(data: &Path, before: Timestamp) -> io::Result<()> {
    let folder = data.join(FOLDER);
    if folder.exists() {
        for file in unfinished(&folder, before)? {
            fs::remove_file(&file.path)?;
        }
    }
    Ok(())
}

/// Copies whole parts into another folder; those that are there already are left alone, as a part
/// never changes. What was erased meanwhile is passed over.
pub fn copy(from: &Path, to: &Path, whole: &[(ReportId, PartId)]) -> io::Result<usize> {
    let mut copied = 0;
    for (report, part) in whole {
        for centre in folders(from)? {
            let source = centre.join(report.as_str()).join(part.as_str());
            let folder = to
                .join(name(&centre).unwrap_or_default())
                .join(report.as_str());
            let target = folder.join(part.as_str());
            if !source.exists() || target.exists() {
                continue;
            }
            fs::create_dir_all(&folder)?;
            let unfinished = folder.join(format!("{part}{INCOMING}"));
            fs::copy(&source, &unfinished)?;
            File::open(&unfinished)?.sync_all()?;
            fs::rename(&unfinished, &target)?;
            sync_folder(&folder)?;
            copied += 1;
        }
    }
    Ok(copied)
}

/// Removes everything of a report from a folder of parts; how much that was, by centre.
fn remove(folder: &Path, report: &ReportId) -> io::Result<Vec<(String, u64)>> {
    let mut freed = Vec::new();
    for centre in folders(folder)? {
        let of_report = centre.join(report.as_str());
        if !of_report.exists() {
            continue;
        }
        let mut bytes = 0;
        for file in fs::read_dir(&of_report)? {
            bytes += file?.metadata()?.len();
        }
        fs::remove_dir_all(&of_report)?;
        freed.push((name(&centre).unwrap_or_default(), bytes));
    }
    Ok(freed)
}

/// The same without a server that counts.
pub fn remove_from(data: &Path, report: &ReportId) -> io::Result<()> {
    let folder = data.join(FOLDER);
    if folder.exists() {
        remove(&folder, report)?;
    }
    Ok(())
}

/// Where a whole part lies in a data folder, whatever its centre.
pub fn find(data: &Path, report: &ReportId, part: &PartId) -> io::Result<Option<PathBuf>> {
    let folder = data.join(FOLDER);
    if !folder.exists() {
        return Ok(None);
    }
    let places = folders(&folder)?
        .into_iter()
        .map(|centre| centre.join(report.as_str()).join(part.as_str()));
    Ok(places.into_iter().find(|path| path.exists()))
}

fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.to_owned())
}

/// How long an upload may rest, in the unit of [`Timestamp`].
pub fn rested_since(now: Timestamp, days: u32) -> Timestamp {
    now.plus(-i64::from(days) * 24 * HOUR)
}
