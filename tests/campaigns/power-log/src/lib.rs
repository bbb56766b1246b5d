//! Loaded into a program with LD_PRELOAD, it writes down in order whatever that program does to the files
//! of one folder: names made, moved and removed, bytes written, and what was synced when.
//!
//! `POWER_LOG` names the file that it adds to, `POWER_FOLDER` the folder (absolute, without links),
//! `POWER_KILL` after how many records the program is killed, between two of its writes.
//!
//! Whatever it does not stand in front of (copies within the kernel, shared memory) is not in the log:
//! whoever replays it has to compare the end with the folder.

mod calls;
mod record;

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use record::{Kind, Record};

/// Where the log goes, and which folder is looked at.
struct Watch {
    folder: Vec<u8>,
    log: libc::c_int,
    /// Held while a call is made and written down: the log has the order in which things happened.
    turn: Mutex<Count>,
}

struct Count {
    records: u64,
    killed_at: u64,
}

static WATCH: OnceLock<Option<Watch>> = OnceLock::new();

fn watch() -> Option<&'static Watch> {
    WATCH.get_or_init(Watch::begin).as_ref()
}

impl Watch {
    fn begin() -> Option<Self> {
        let log = std::env::var_os("POWER_LOG")?.into_vec();
        let folder = std::env::var_os("POWER_FOLDER")?.into_vec();
        let killed_at = std::env::var("POWER_KILL").ok();
        let killed_at = killed_at.and_then(|text| text.parse().ok());
        let watch = Self {
            folder,
            log: calls::open_log(log)?,
            turn: Mutex::new(Count {
                records: 0,
                killed_at: killed_at.unwrap_or(u64::MAX),
            }),
        };
        watch.turn().write(Kind::Begin, b"", 0, b"");
        Some(watch)
    }

    fn turn(&self) -> Turn<'_> {
        Turn {
            count: self.turn.lock().unwrap_or_else(PoisonError::into_inner),
            log: self.log,
        }
    }

    /// A path as the log has it: within the folder, and not SQLite's shared memory, which is made anew
    /// after a power cut.
    fn within(&self, path: &[u8]) -> Option<Vec<u8>> {
        let rest = path.strip_prefix(&*self.folder)?;
        let name = match rest {
            [] => rest,
            [b'/', name @ ..] => name,
            _ => return None,
        };
        let passing = name.ends_with(b"-shm") || name.ends_with(b" (deleted)");
        (!passing).then(|| name.to_vec())
    }
}

/// The right to make a call and write it down.
struct Turn<'a> {
    count: MutexGuard<'a, Count>,
    log: libc::c_int,
}

impl Turn<'_> {
    fn write(&mut self, kind: Kind, path: &[u8], number: u64, rest: &[u8]) {
        let record = Record {
            kind,
            number,
            path,
            rest,
        };
        calls::write_all(self.log, &record.bytes());
        self.count.records += 1;
        if self.count.records >= self.count.killed_at {
            calls::die();
        }
    }
}

/// Does something with nobody in between. Only for files of the folder, so that there is one.
fn in_turn<T>(what: impl FnOnce(&mut Turn<'_>) -> T) -> T {
    let watch = watch().unwrap_or_else(|| calls::die());
    what(&mut watch.turn())
}

/// A path made absolute, where it is told from a folder.
fn absolute(folder: Option<PathBuf>, path: &[u8]) -> Vec<u8> {
    match folder {
        Some(folder) if !path.starts_with(b"/") => {
            let name = OsString::from_vec(path.to_vec());
            folder.join(name).into_os_string().into_vec()
        }
        _ => path.to_vec(),
    }
}
