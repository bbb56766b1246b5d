//! The folder of parts as a whole: what lies in it, copied, counted and removed.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::id::{PartId, ReportId};
use domain::time::Timestamp;

use super::file::sync_names;
use super::{FOLDER, INCOMING};

/// A file of a part.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) centre: String,
    pub(super) length: u64,
    modified: SystemTime,
}

/// Every file in a folder of parts; what is erased meanwhile is passed over.
pub(super) fn files(folder: &Path) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    for centre in folders(folder)? {
        for report in folders(&centre)? {
            let Some(files) = unless_gone(fs::read_dir(report))? else {
                continue;
            };
            for file in files {
                let file = file?;
                let Some(known) = unless_gone(file.metadata())? else {
                    continue;
                };
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

fn unless_gone<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// Parts of a folder of parts that nobody went on with since an instant.
pub(super) fn unfinished(folder: &Path, before: Timestamp) -> io::Result<Vec<Found>> {
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
            sync_names(&folder)?;
            copied += 1;
        }
    }
    Ok(copied)
}

/// Removes everything of a report from a folder of parts; how much that was, by centre.
pub(super) fn remove(folder: &Path, report: &ReportId) -> io::Result<Vec<(String, u64)>> {
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

pub(super) fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

pub(super) fn name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.to_owned())
}
