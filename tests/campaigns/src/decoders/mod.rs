//! Everything that reads bytes from elsewhere, given bytes that nobody meant: it never panics, never hangs,
//! and what it takes comes back the same when it is written and read again.

mod change;
mod phone;
mod sealed;
mod server;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clap::Args;

use crate::chance::Chance;
use crate::serving::Keys;

#[derive(Debug, Args)]
pub struct Settings {
    /// Seconds for each decoder
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// The same seed changes the same bytes in the same way
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only decoders whose name begins so
    #[arg(long, default_value = "")]
    only: String,
    /// A file to be read once instead, as a finding left it
    #[arg(long)]
    input: Option<PathBuf>,
}

/// Something that reads bytes.
pub struct Decoder {
    name: &'static str,
    /// What it is meant to read.
    seeds: Vec<Vec<u8>>,
    /// Whether it took the bytes. Panics where what it took does not come back the same.
    read: Box<Read>,
}

type Read = dyn Fn(&[u8]) -> bool + Send + Sync;

impl Decoder {
    fn new(
        name: &'static str,
        seeds: Vec<Vec<u8>>,
        read: impl Fn(&[u8]) -> bool + Send + Sync + 'static,
    ) -> Self {
        let read = Box::new(read);
        Self { name, seeds, read }
    }

    /// One that reads text; bytes that are none are passed over.
    fn of_text(
        name: &'static str,
        seeds: &[&str],
        read: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Self {
        let seeds = seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
        let of = move |bytes: &[u8]| std::str::from_utf8(bytes).is_ok_and(&read);
        Self::new(name, seeds, of)
    }

    /// Whether it took them; `None` where it panicked.
    fn tries(&self, bytes: &[u8]) -> Option<bool> {
        catch_unwind(AssertUnwindSafe(|| (self.read)(bytes))).ok()
    }
}

/// One reading may take this long on a busy machine, backups with their costly passphrase among them.
const PATIENCE: Duration = Duration::from_secs(30);
/// Readings side by side.
const HANDS: usize = 2;

/// What is being read right now.
type Now = Mutex<Option<(Instant, &'static str, Vec<u8>)>>;

pub fn run(settings: &Settings) -> bool {
    let mut decoders = phone::decoders();
    decoders.extend(sealed::decoders(&Keys::draw()));
    decoders.extend(server::decoders());
    decoders.retain(|decoder| decoder.name.starts_with(&settings.only));
    if let Some(file) = &settings.input {
        let bytes = std::fs::read(file).expect("the file can be read");
        return decoders.iter().all(|decoder| judge(decoder, &bytes));
    }
    let (next, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let now: [Now; HANDS] = Default::default();
    let well = std::thread::scope(|scope| {
        let hands = now.each_ref().map(|now| {
            let (next, decoders) = (&next, &decoders);
            scope.spawn(move || {
                let turns = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                let mine = turns.map_while(|at| decoders.get(at));
                // The others go on after a finding.
                let bad = mine.filter(|decoder| !campaign(decoder, settings, now));
                bad.count() == 0
            })
        });
        let watch = scope.spawn(|| watch(&now, &done));
        let well = hands.map(|hand| hand.join().expect("it ends"));
        done.store(true, Ordering::Relaxed);
        watch.join().expect("it ends");
        well.iter().all(|well| *well)
    });
    println!("{} decoders", decoders.len());
    well
}

fn judge(decoder: &Decoder, bytes: &[u8]) -> bool {
    let took = decoder.tries(bytes);
    let said = match took {
        Some(true) => "took it",
        Some(false) => "refused it",
        None => "PANICKED",
    };
    println!("{}: {said}", decoder.name);
    took.is_some()
}

/// Changed seeds until the time is over or something is found.
fn campaign(decoder: &Decoder, settings: &Settings, now: &Now) -> bool {
    let begun = Instant::now();
    let chance = Chance::of(settings.seed);
    let (mut cases, mut taken) = (0, 0);
    let changed = || change::changed(&chance, &decoder.seeds);
    let seeds = decoder.seeds.iter().map(|seed| (seed.clone(), true));
    let all = seeds.chain(std::iter::repeat_with(|| (changed(), false)));
    for (bytes, meant) in all {
        if !meant && begun.elapsed().as_secs_f64() > settings.seconds {
            break;
        }
        *now.lock().expect("nobody panics with it") =
            Some((Instant::now(), decoder.name, bytes.clone()));
        let took = decoder.tries(&bytes);
        if took.is_none() || (meant && took == Some(false)) {
            let what = if meant {
                "refused what is meant for it"
            } else {
                "panicked"
            };
            println!(
                "{}: {what}, at {}",
                decoder.name,
                left(decoder.name, &bytes)
            );
            return false;
        }
        cases += 1;
        taken += usize::from(took == Some(true));
    }
    *now.lock().expect("nobody panics with it") = None;
    println!("{}: {cases} readings, {taken} taken", decoder.name);
    true
}

/// Leaves a finding in a file, to be read again with `--input`.
fn left(name: &str, bytes: &[u8]) -> String {
    let name = format!("finding-{}.bin", name.replace(' ', "-"));
    let path = std::env::temp_dir().join(name);
    match std::fs::write(&path, bytes) {
        Ok(()) => path.display().to_string(),
        Err(_) => format!("{bytes:?}"),
    }
}

/// Ends the program where one reading does not end.
fn watch(now: &[Now], done: &AtomicBool) {
    while !done.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(100));
        for now in now {
            let now = now.lock().expect("nobody panics with it").clone();
            if let Some((_, name, bytes)) = now.filter(|(since, ..)| since.elapsed() > PATIENCE) {
                println!("{name}: hangs, at {}", left(name, &bytes));
                std::process::exit(1);
            }
        }
    }
}
