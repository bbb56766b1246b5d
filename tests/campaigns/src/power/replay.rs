//! The log again, stopped at many moments: each time the disk as it may be then is laid out and looked at.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use super::check::{Wrong, check};
use super::disk::{Disk, Image, Without};
use super::load::Ledger;
use super::log::Entry;
use super::weather::{Tally, Weather};
use crate::chance::Chance;
use crate::serving::command;

/// A run that was written down.
pub struct Run<'a> {
    pub before: BTreeMap<String, Vec<u8>>,
    pub entries: Vec<Entry<'a>>,
    pub ledger: &'a Ledger,
    /// The server's own keys, as they were at the end.
    pub keys: Vec<Vec<u8>>,
    pub without: Without,
}

/// Moments at which the power goes.
pub struct Moments {
    /// How many in all.
    pub count: usize,
    /// Of which a server is started on so many, and before anything was promised on all.
    pub every: usize,
    /// Whether one finding is enough.
    pub until_found: bool,
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Seen {
    pub points: usize,
    pub started: usize,
    pub tally: Tally,
    pub found: BTreeMap<&'static str, usize>,
    /// Some of them, told so that they can be understood.
    pub told: Vec<String>,
}

impl Seen {
    pub fn add(&mut self, other: Self) {
        self.points += other.points;
        self.started += other.started;
        self.tally.add(other.tally);
        for (what, n) in other.found {
            *self.found.entry(what).or_default() += n;
        }
        self.told.extend(other.told);
    }
}

/// Goes through all moments, on as many threads as there are processors.
pub fn replay(run: &Run<'_>, moments: &Moments) -> Seen {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = threads.min(moments.count).max(1);
    let mut seen = Seen::default();
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|n| scope.spawn(move || Replay::new(run, moments).between(n, threads)))
            .collect();
        for part in parts {
            seen.add(part.join().expect("a replay ends"));
        }
    });
    seen
}

struct Replay<'a> {
    run: &'a Run<'a>,
    moments: &'a Moments,
    folder: tempfile::TempDir,
    /// Which bytes lie under which path of the image already.
    laid: HashMap<String, (usize, usize)>,
    seen: Seen,
}

impl<'a> Replay<'a> {
    fn new(run: &'a Run<'a>, moments: &'a Moments) -> Self {
        Self {
            run,
            moments,
            folder: folder(),
            laid: HashMap::new(),
            seen: Seen::default(),
        }
    }

    /// The part of the moments that is this thread's.
    fn between(mut self, part: usize, parts: usize) -> Seen {
        let (count, entries) = (self.moments.count, &self.run.entries);
        let mut disk = Disk::holding(&self.run.before, self.run.without);
        let mut done = 0;
        for n in count * part / parts..count * (part + 1) / parts {
            let chance = Chance::of(self.moments.seed ^ ((n as u64) << 20));
            // One moment in each stretch of the log of the same length.
            let stretch = entries.len() as u64;
            let at = (n as u64 * stretch + chance.below(stretch)) / count as u64;
            for entry in &entries[done..=at as usize] {
                disk.apply(entry.event);
            }
            done = at as usize + 1;
            self.look(n, &disk, entries[at as usize], &chance);
            if self.moments.until_found && !self.seen.found.is_empty() {
                break;
            }
        }
        self.seen
    }

    /// The power goes here.
    fn look(&mut self, n: usize, disk: &Disk<'_>, last: Entry<'_>, chance: &Chance) {
        let mut weather = Weather::draw(chance, disk.unsafe_span());
        let image = disk.after(&mut weather);
        let data = self.folder.path().join("data");
        self.lay(&data, &image).expect("room for an image");
        self.seen.points += 1;
        self.seen.tally.add(weather.tally);
        let ledger = self.run.ledger;
        let mut wrong = check(&data, ledger, &self.run.keys, last.end);
        let promised = ledger
            .promises
            .first()
            .is_some_and(|one| one.since <= last.end);
        if wrong.is_empty() && (n.is_multiple_of(self.moments.every) || !promised) {
            wrong = self.start(&data, last.end);
        }
        for what in &wrong {
            *self.seen.found.entry(what).or_default() += 1;
        }
        if !wrong.is_empty() && self.seen.told.len() < 5 {
            let after = format!("{:.200}", format!("{:?}", last.event));
            let told = format!("point {n}, {weather}, after {after}: {wrong:?}");
            self.seen.told.push(told);
        }
    }

    /// A real server starts on it, and when it has stopped again everything is still there.
    fn start(&mut self, data: &Path, log: u64) -> Wrong {
        self.seen.started += 1;
        let copy = self.folder.path().join("started");
        let _ = fs::remove_dir_all(&copy);
        copy_folder(data, &copy).expect("room for an image");
        if let Some(said) = start_and_stop(&copy) {
            self.seen.told.push(format!("  it does not start: {said}"));
            return Wrong::from(["a server that does not start"]);
        }
        check(&copy, self.run.ledger, &self.run.keys, log)
    }

    /// Writes an image down. What is there already and never changed is left alone.
    fn lay(&mut self, data: &Path, image: &Image<'_>) -> std::io::Result<()> {
        fs::create_dir_all(data)?;
        for (path, found) in image {
            let at = data.join(path);
            if path.ends_with('/') {
                fs::create_dir_all(at)?;
                continue;
            }
            let unchanged = found.known.is_some() && self.laid.get(path) == found.known.as_ref();
            if unchanged {
                continue;
            }
            fs::write(at, &found.bytes)?;
            // SQLite may write to a database that it opens.
            match found.known.filter(|_| !path.starts_with("safe-place.db")) {
                Some(known) => self.laid.insert(path.clone(), known),
                None => self.laid.remove(path),
            };
        }
        self.clear(data, "", image)
    }

    /// Removes what the image does not have.
    fn clear(&mut self, folder: &Path, above: &str, image: &Image<'_>) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{above}{}", entry.file_name().to_string_lossy());
            let is_folder = entry.file_type()?.is_dir();
            let within = format!("{name}/");
            match (
                is_folder,
                image.contains_key(if is_folder { &within } else { &name }),
            ) {
                (true, true) => self.clear(&entry.path(), &within, image)?,
                (false, true) => {}
                (true, false) => {
                    fs::remove_dir_all(entry.path())?;
                    self.laid.retain(|path, _| !path.starts_with(&within));
                }
                (false, false) => {
                    fs::remove_file(entry.path())?;
                    self.laid.remove(&name);
                }
            }
        }
        Ok(())
    }
}

/// In memory where there is some: it is the log that says what a disk holds, not this.
fn folder() -> tempfile::TempDir {
    let memory = tempfile::tempdir_in("/dev/shm");
    memory.unwrap_or_else(|_| crate::serving::folder())
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target: PathBuf = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &target)?,
            false => drop(fs::copy(entry.path(), target)?),
        }
    }
    Ok(())
}

/// What it said where it does not start.
fn start_and_stop(data: &Path) -> Option<String> {
    let mut command = command(data);
    let command = command.as_std_mut();
    command.env("SAFE_PLACE_LISTEN", "127.0.0.1:0");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .expect("the server stands beside this program");
    let (mut ready, mut said) = (String::new(), String::new());
    if let Some(out) = child.stdout.take() {
        let _ = BufReader::new(out).read_line(&mut ready);
    }
    let id = child.id().to_string();
    if !ready.is_empty() {
        // It hears of signals a moment after it is ready.
        std::thread::sleep(Duration::from_millis(30));
        let _ = std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status();
    }
    if let Some(mut err) = child.stderr.take() {
        let _ = err.read_to_string(&mut said);
    }
    let _ = child.wait();
    ready.is_empty().then_some(said)
}
