//! Copies of the database: made while a server runs, restored into another life.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::id::{Epoch, PartId, ReportId};
use domain::time::Day;
use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::open::{self, OpenError};
use super::{FILE, notes, parts, reports};
use crate::durable;
use crate::store::CountedNotes;

/// Pages copied before the source is let go for a moment.
const STEP: i32 = 1024;
const PAUSE: Duration = Duration::from_millis(5);

/// Copies the database of a data folder into a file, which appears whole or not at all, and whole
/// parts into a folder beside it. Then says
/// in the database up to which mark phones may let go; returns that mark.
pub fn backup(data: &Path, file: &Path) -> Result<u64, OpenError> {
    let live = open::open_existing(&data.join(FILE))?;
    let part = part_of(file);
    let mark = copy(&live, &part)?;
    let whole = whole_parts(&part)?;
    let from = data.join(crate::parts::FOLDER);
    if from.exists() {
        let to = parts_of(file);
        crate::parts::copy(&from, &to, &whole).map_err(|cause| OpenError::File(to, cause))?;
    }
    let in_place = || settle_file(&part, file);
    in_place().map_err(|cause| OpenError::File(file.to_owned(), cause))?;
    live.execute(
        "UPDATE life SET backed_up_through = max(backed_up_through, ?1)",
        [mark],
    )?;
    Ok(mark)
}

fn copy(live: &Connection, part: &Path) -> Result<u64, OpenError> {
    if part.exists() {
        fs::remove_file(part).map_err(|cause| OpenError::File(part.to_owned(), cause))?;
    }
    let mut copied = Connection::open(part)?;
    // All steps read as of one moment: a copy begins anew whenever somebody writes in between.
    let moment = live.unchecked_transaction()?;
    reports::last_mark(&moment)?;
    Backup::new(live, &mut copied)?.run_to_completion(STEP, PAUSE, None)?;
    moment.finish()?;
    // A single file, without a log beside it.
    copied.pragma_update(None, "journal_mode", "delete")?;
    whole(&copied)?;
    let mark = reports::last_mark(&copied)?;
    copied.close().map_err(|(_, error)| error)?;
    Ok(mark)
}

/// The folder of parts that belongs to a backup; it is kept from one backup to the next.
pub fn parts_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".parts");
    name.into()
}

fn whole_parts(file: &Path) -> Result<Vec<(ReportId, PartId)>, OpenError> {
    let copied = Connection::open(file)?;
    // A backup of an older release has no parts.
    let known = "SELECT 1 FROM sqlite_schema WHERE name = 'arrived_parts'";
    let whole = match copied.prepare(known)?.exists([])? {
        true => parts::all_whole(&copied)?,
        false => vec![],
    };
    copied.close().map_err(|(_, error)| error)?;
    Ok(whole)
}

/// Makes a new database in a data folder from a backup, with an epoch of its own, so that phones
/// offer again what the backup may not hold.
pub fn restore(file: &Path, data: &Path) -> Result<Epoch, OpenError> {
    let _lock = open::lock(data)?;
    let target = data.join(FILE);
    for name in [FILE.to_owned(), format!("{FILE}-wal")] {
        let path = data.join(name);
        if path.exists() {
            return Err(OpenError::InTheWay(path));
        }
    }
    if !file.exists() {
        return Err(OpenError::Missing(file.to_owned()));
    }
    let part = part_of(&target);
    fs::copy(file, &part).map_err(|cause| OpenError::File(part.clone(), cause))?;
    let epoch = begin_life(&part, file)?;
    // Parts are there before the rows that name them.
    let from = parts_of(file);
    if from.exists() {
        let to = data.join(crate::parts::FOLDER);
        let whole = whole_parts(&part)?;
        crate::parts::copy(&from, &to, &whole).map_err(|cause| OpenError::File(to, cause))?;
    }
    settle_file(&part, &target).map_err(|cause| OpenError::File(target, cause))?;
    Ok(epoch)
}

fn begin_life(part: &Path, from: &Path) -> Result<Epoch, OpenError> {
    let connection = open::open_existing(part).map_err(|error| match error {
        OpenError::NotADatabase(_) => OpenError::NotADatabase(from.to_owned()),
        OpenError::Foreign(_) => OpenError::Foreign(from.to_owned()),
        other => other,
    })?;
    whole(&connection)?;
    let epoch = open::random_epoch()?;
    if connection.execute("UPDATE life SET epoch = ?1", [epoch.as_str()])? != 1 {
        return Err(OpenError::Foreign(from.to_owned()));
    }
    connection.close().map_err(|(_, error)| error)?;
    Ok(epoch)
}

/// Checks the database of a data folder; how many reports it holds.
pub fn check(data: &Path) -> Result<u64, OpenError> {
    let path = data.join(FILE);
    if !path.exists() {
        return Ok(0);
    }
    let connection = open::open_existing(&path)?;
    whole(&connection)?;
    Ok(
        connection.query_row("SELECT count(*) FROM reports WHERE NOT erased", [], |row| {
            row.get(0)
        })?,
    )
}

/// The sealed bytes of one report.
pub fn sealed_report(data: &Path, id: &ReportId) -> Result<Option<Vec<u8>>, OpenError> {
    let connection = open::open_existing(&data.join(FILE))?;
    Ok(reports::sealed(&connection, id)?)
}

/// Notes from one day through another, counted.
pub fn counted_notes(data: &Path, from: Day, to: Day) -> Result<Vec<CountedNotes>, OpenError> {
    let connection = open::open_existing(&data.join(FILE))?;
    Ok(notes::counts(&connection, from, to)?)
}

fn whole(connection: &Connection) -> Result<(), OpenError> {
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said == "ok" {
        Ok(())
    } else {
        Err(OpenError::Damaged(said))
    }
}

fn part_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// The bytes are on the disk before the name is, and the name before we say so.
fn settle_file(part: &Path, file: &Path) -> std::io::Result<()> {
    File::open(part)?.sync_all()?;
    fs::rename(part, file)?;
    durable::sync_folder(durable::above(file))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    /// What is committed while a backup is made, at most: enough for many restarts at every step.
    const COMMITS: usize = 3000;
    const BOTH: &str =
        "BEGIN IMMEDIATE; UPDATE first SET n = n + 1; UPDATE last SET n = n + 1; COMMIT";

    /// A database of several steps, in which every commit counts up in two places, far apart.
    fn counting(data: &Path) -> Connection {
        let mut live = open::open(data).expect("it opens");
        open::bring_up(&mut live).expect("it is brought up");
        let pages = "CREATE TABLE first (n INTEGER); INSERT INTO first VALUES (0);
            CREATE TABLE filling (bytes BLOB);
            CREATE TABLE last (n INTEGER); INSERT INTO last VALUES (0);";
        live.execute_batch(pages).expect("made");
        let fill = "INSERT INTO filling SELECT zeroblob(1000000) FROM
            (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) SELECT i FROM n)";
        live.execute(fill, []).expect("filled");
        live
    }

    #[test]
    fn a_backup_ends_while_others_write_and_is_of_one_moment() {
        let data = tempfile::tempdir().expect("a folder");
        let live = counting(data.path());
        let done = AtomicBool::new(false);
        let file = data.path().join("backup.db");
        let written = std::thread::scope(|scope| {
            let commits = (0..COMMITS).take_while(|_| !done.load(Ordering::SeqCst));
            let writing = scope.spawn(move || {
                let count_up = |_| {
                    live.execute_batch(BOTH).expect("written");
                    std::thread::sleep(Duration::from_micros(300));
                };
                commits.map(count_up).count()
            });
            backup(data.path(), &file).expect("it ends");
            done.store(true, Ordering::SeqCst);
            writing.join().expect("it ends")
        });
        assert!(written < COMMITS, "it ended when nobody wrote any longer");
        let copied = Connection::open(&file).expect("it opens");
        let same = "SELECT (SELECT n FROM first) = (SELECT n FROM last)";
        let same: bool = copied.query_row(same, [], |row| row.get(0)).expect("read");
        assert!(same);
    }
}
