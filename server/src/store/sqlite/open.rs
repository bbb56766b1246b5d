//! Opening a database: is it ours, is it of our time, is it free; and the steps to this version.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::id::Epoch;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::FILE;
use crate::durable;

/// "SafP": tells our files from other SQLite databases.
const APPLICATION_ID: i32 = 0x5361_6650;
/// Older ones can lose committed transactions when two connections checkpoint.
const OLDEST_SQLITE: i32 = 3_051_003;
/// How long a statement waits for another process's brief write.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// One step of the schema, and rows of its time that later steps must keep.
pub struct Migration {
    /// Its file, without the ending.
    pub name: &'static str,
    /// What it does.
    pub sql: &'static str,
    /// Rows as they were written right after it.
    pub rows: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_begin",
        sql: include_str!("../../../migrations/0001_begin.sql"),
        rows: include_str!("../../../migrations/0001_begin.rows.sql"),
    },
    Migration {
        name: "0002_notes",
        sql: include_str!("../../../migrations/0002_notes.sql"),
        rows: include_str!("../../../migrations/0002_notes.rows.sql"),
    },
    Migration {
        name: "0003_places",
        sql: include_str!("../../../migrations/0003_places.sql"),
        rows: include_str!("../../../migrations/0003_places.rows.sql"),
    },
    Migration {
        name: "0004_delivery",
        sql: include_str!("../../../migrations/0004_delivery.sql"),
        rows: include_str!("../../../migrations/0004_delivery.rows.sql"),
    },
    Migration {
        name: "0005_clean",
        sql: include_str!("../../../migrations/0005_clean.sql"),
        rows: include_str!("../../../migrations/0005_clean.rows.sql"),
    },
];

/// Why a database cannot be used. Each is one sentence.
#[derive(Debug)]
#[allow(
    missing_docs,
    reason = "the variants are the sentences of their Display"
)]
pub enum OpenError {
    OldSqlite(&'static str),
    Folder(PathBuf, std::io::Error),
    InUse(PathBuf),
    Missing(PathBuf),
    NotADatabase(PathBuf),
    Foreign(PathBuf),
    TooNew { found: u32, known: u32 },
    Damaged(String),
    InTheWay(PathBuf),
    File(PathBuf, std::io::Error),
    Random,
    Sqlite(rusqlite::Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OldSqlite(version) => write!(
                f,
                "this program was built with SQLite {version}, which can lose reports; 3.51.3 or newer is needed."
            ),
            Self::Folder(path, cause) => {
                write!(
                    f,
                    "the data folder {} cannot be used: {cause}.",
                    path.display()
                )
            }
            Self::InUse(path) => write!(
                f,
                "the database in {} is in use by another server; stop that one first.",
                path.display()
            ),
            Self::Missing(path) => write!(f, "there is no database {}.", path.display()),
            Self::NotADatabase(path) => write!(
                f,
                "{} is not a SQLite database; move it aside, or restore a backup.",
                path.display()
            ),
            Self::Foreign(path) => {
                write!(f, "{} is a database of another program.", path.display())
            }
            Self::TooNew { found, known } => write!(
                f,
                "the database has version {found}, but this program knows only up to {known}; use the newer program."
            ),
            Self::Damaged(what) => write!(f, "the database is damaged ({what}); restore a backup."),
            Self::InTheWay(path) => write!(
                f,
                "there is a database in the way: move {} aside before restoring.",
                path.display()
            ),
            Self::File(path, cause) => write!(f, "cannot use {}: {cause}.", path.display()),
            Self::Random => f.write_str("the system has no random numbers to give."),
            Self::Sqlite(cause) => match cause.sqlite_error_code() {
                Some(ErrorCode::DiskFull) => f.write_str("the disk is full."),
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                    f.write_str("the database is locked by another program; try again.")
                }
                _ => write!(f, "the database failed: {cause}."),
            },
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// Brings the database of a data folder up to this version, and says which one that is.
pub fn migrate(data: &Path) -> Result<u32, OpenError> {
    let _lock = lock(data)?;
    let mut connection = open(data)?;
    let version = bring_up(&mut connection)?;
    clean(&connection, data)?;
    Ok(version)
}

/// How many steps there are.
pub(super) fn steps() -> usize {
    MIGRATIONS.len()
}

/// Whether a database lacks steps of this version.
pub(super) fn is_behind(connection: &Connection) -> rusqlite::Result<bool> {
    let done: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(done < MIGRATIONS.len() as i64)
}

/// Takes the data folder for this process alone. Ends with the file, also when the process is killed.
pub(super) fn lock(data: &Path) -> Result<File, OpenError> {
    let folder = |cause| OpenError::Folder(data.to_owned(), cause);
    if !data.exists() {
        durable::make_folder(data).map_err(folder)?;
    }
    let path = data.join("server.lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(data.to_owned())),
        Err(TryLockError::Error(cause)) => Err(folder(cause)),
    }
}

/// Opens or makes the database file for writing, and refuses one that is not ours.
pub(super) fn open(data: &Path) -> Result<Connection, OpenError> {
    let path = data.join(FILE);
    let connection = Connection::open(&path)?;
    ours(&connection, &path)?;
    prepare_connection(&connection)?;
    Ok(connection)
}

/// Opens a database that must be there already.
pub(super) fn open_existing(path: &Path) -> Result<Connection, OpenError> {
    if !path.exists() {
        return Err(OpenError::Missing(path.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    ours(&connection, path)?;
    connection.busy_timeout(PATIENCE)?;
    never_checkpoints(&connection)?;
    leaves_nothing(&connection)?;
    Ok(connection)
}

fn ours(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(OpenError::OldSqlite(rusqlite::version()));
    }
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let application =
        number("application_id").map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => OpenError::NotADatabase(path.to_owned()),
            Some(ErrorCode::DatabaseCorrupt) => OpenError::Damaged("unreadable".to_owned()),
            _ => OpenError::Sqlite(error),
        })?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != i64::from(APPLICATION_ID) && tables > 0 {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    let found = u32::try_from(number("user_version")?).unwrap_or(u32::MAX);
    let known = MIGRATIONS.len() as u32;
    if found > known {
        Err(OpenError::TooNew { found, known })
    } else {
        Ok(())
    }
}

/// The pragmas of a connection that writes: what is answered survives a power cut.
pub fn prepare_connection(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", "on")?;
    connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    leaves_nothing(connection)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(())
}

/// The writer keeps SQLite's own checkpoints; every other connection goes through this.
pub(super) fn never_checkpoints(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

/// What is erased is overwritten: free pages go into every later backup.
fn leaves_nothing(connection: &Connection) -> rusqlite::Result<()> {
    // It answers with what holds now.
    connection.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))
}

/// How long a log that others read may keep the writer from emptying it.
const GLANCE: Duration = Duration::from_millis(50);

/// Writes the log back and empties it: pages of before an erasure lie in it. For the one connection
/// that checkpoints. Whether it is empty; while somebody reads in it, it stays for the next time.
pub(super) fn empty_log(connection: &Connection) -> rusqlite::Result<bool> {
    connection.busy_timeout(GLANCE)?;
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    let blocked = connection.query_row(checkpoint, [], |row| row.get::<_, bool>(0));
    connection.busy_timeout(PATIENCE)?;
    Ok(!blocked?)
}

/// Empties the log of a data folder that no server has open; one that has does it itself.
pub(super) fn empty_idle_log(data: &Path) -> Result<(), OpenError> {
    match lock(data) {
        Err(OpenError::InUse(_)) => Ok(()),
        lock => {
            let _lock = lock?;
            empty_log(&open(data)?)?;
            Ok(())
        }
    }
}

/// Runs the steps that are missing, each in a transaction of its own.
pub(super) fn bring_up(connection: &mut Connection) -> Result<u32, OpenError> {
    let done: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (at, migration) in MIGRATIONS.iter().enumerate().skip(done as usize) {
        step(connection, migration, at as u32 + 1)?;
        tracing::info!(step = migration.name, "the database was migrated");
    }
    let epoch = random_epoch()?;
    connection.execute(
        "INSERT INTO life (one, epoch, clean) VALUES (1, ?1, 1) ON CONFLICT DO NOTHING",
        [epoch.as_str()],
    )?;
    Ok(MIGRATIONS.len() as u32)
}

/// Puts what a killed server left in its log onto the disk: it may have been written and not yet synced,
/// and is answered for from now on.
pub(super) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

/// Room that must be left on the disk while a database is written anew, in bytes.
const SPARED: u64 = 64 << 20;

/// Writes a database anew that may hold what was erased before erasing overwrote it: once, as soon as
/// the disk has room for it and nobody reads in the log.
pub(super) fn clean(connection: &Connection, data: &Path) -> Result<(), OpenError> {
    let clean: bool = connection.query_row("SELECT clean FROM life", [], |row| row.get(0))?;
    if clean {
        return Ok(());
    }
    let folder = |cause| OpenError::Folder(data.to_owned(), cause);
    let length = fs::metadata(data.join(FILE)).map_err(folder)?.len();
    let disk = rustix::fs::statvfs(data).map_err(|error| folder(error.into()))?;
    // The new one, and once more in the log.
    let (wanted, free) = (2 * length + SPARED, disk.f_bavail * disk.f_frsize);
    if free < wanted {
        tracing::warn!(
            wanted,
            free,
            "the database still holds what was erased long ago: the disk has no room to write it anew; it is tried at the next start"
        );
        return Ok(());
    }
    tracing::info!("what was erased long ago is overwritten: this may take some minutes");
    match write_anew(connection, data) {
        Ok(true) => tracing::info!("it is overwritten"),
        Ok(false) => tracing::warn!("the database is in use: it is written anew at the next start"),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                tracing::warn!(cause = %error, "the database is written anew at the next start");
            }
            _ => return Err(error.into()),
        },
    }
    Ok(())
}

/// Whether nothing of the old pages is left.
fn write_anew(connection: &Connection, data: &Path) -> rusqlite::Result<bool> {
    // What it puts aside belongs on this disk, and on no other.
    if let Some(folder) = data.to_str() {
        connection.pragma_update(None, "temp_store_directory", folder)?;
    }
    let written = connection.execute_batch("VACUUM");
    connection.pragma_update(None, "temp_store_directory", "")?;
    written?;
    if !empty_log(connection)? {
        return Ok(false);
    }
    connection.execute("UPDATE life SET clean = 1", [])?;
    Ok(true)
}

fn step(connection: &mut Connection, migration: &Migration, version: u32) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(migration.sql)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()
}

pub(super) fn random_epoch() -> Result<Epoch, OpenError> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|_| OpenError::Random)?;
    Ok(Epoch::from_random(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The database as it was right after step `first`, with that time's rows, brought up to now.
    fn grown_up(first: usize) -> Connection {
        let mut connection = Connection::open_in_memory().expect("memory");
        for (at, migration) in MIGRATIONS.iter().enumerate().take(first + 1) {
            step(&mut connection, migration, at as u32 + 1).expect("it applies");
        }
        connection
            .execute_batch(MIGRATIONS[first].rows)
            .expect("rows of their time");
        bring_up(&mut connection).expect("the later steps");
        connection
    }

    #[test]
    fn rows_of_every_release_survive_the_later_steps() {
        for first in 0..MIGRATIONS.len() {
            let connection = grown_up(first);
            let life = super::super::life(&connection).expect("still there");
            assert_eq!(
                (life.epoch.as_str(), life.backed_up_through),
                ("mfrggzdfmztwq2lknnwg23tpoa", 1)
            );
            let id = "aeaqcaibaeaqcaibaeaqcaibae".parse().expect("an id");
            let sealed = super::super::reports::sealed(&connection, &id).expect("readable");
            assert_eq!(
                sealed.as_deref(),
                Some(b"age-encryption.org/v1\n".as_slice())
            );
            let places = super::super::places::all(&connection).expect("readable");
            assert_eq!(places.len(), 1);
            let days = ["2026-11-21", "2026-11-22"].map(|day| day.parse().expect("a day"));
            let notes = super::super::notes::counts(&connection, days[0], days[1]);
            assert_eq!(
                notes.expect("readable").len(),
                if first < 1 { 0 } else { 2 }
            );
        }
    }

    #[test]
    fn every_step_is_named_in_order() {
        for (at, migration) in MIGRATIONS.iter().enumerate() {
            assert!(migration.name.starts_with(&format!("{:04}_", at + 1)));
        }
    }
}
