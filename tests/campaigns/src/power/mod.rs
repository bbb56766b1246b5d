//! The power goes at thousands of moments of a run under load: what was answered must be on the disk.

mod change;
mod check;
mod disk;
mod load;
mod log;
mod record;
mod replay;
#[cfg(test)]
mod tests;
mod weather;

use std::time::Instant;

use clap::Args;

use self::disk::Without;
use self::load::What;
use self::log::Event;
use self::record::{Amount, Recording, record};
use self::replay::{Moments, Run, Seen, replay};

#[derive(Debug, Args)]
pub struct Settings {
    /// Moments at which the power goes
    #[arg(long, default_value_t = 200)]
    points: usize,
    /// Most of them in one run of a server; then another one is recorded
    #[arg(long, default_value_t = 1000)]
    each: usize,
    /// Reports of one run
    #[arg(long, default_value_t = 300)]
    reports: usize,
    /// Clients that send them
    #[arg(long, default_value_t = 24)]
    clients: usize,
    /// How often the server is killed in one run
    #[arg(long, default_value_t = 8)]
    kills: usize,
    /// A server is started on every so-manieth disk
    #[arg(long, default_value_t = 50)]
    start_every: usize,
    /// The disk forgets everything that was told to be synced: this must fail
    #[arg(long)]
    no_sync: bool,
    /// The same seed draws the same load and power cuts; the threads of the server are not drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Settings {
    /// Every other run has a single client: then no sync happens to cover what another one was told.
    fn amount(&self, run: usize, seed: u64) -> Amount {
        let (reports, clients) = match run % 2 {
            0 => (self.reports, self.clients),
            _ => (self.reports.div_ceil(3), 1),
        };
        Amount {
            reports,
            clients,
            kills: self.kills,
            seed,
        }
    }
}

/// What each kind of sync is there for: without it, something must be found.
const WITHOUT: [(Without, &str); 4] = [
    (Without::AnySync, "any sync"),
    (Without::TheDatabases, "the database's"),
    (Without::Parts, "parts'"),
    (Without::Names, "folders'"),
];
/// Moments that are tried at most until something is found.
const TRIES: usize = 200;

pub async fn run(settings: Settings) -> bool {
    let begun = Instant::now();
    let runs = settings.points.div_ceil(settings.each.max(1)).max(2);
    let (mut all, mut proven) = (Seen::default(), true);
    for n in 0..runs {
        let seed = settings.seed.wrapping_mul(1000) + n as u64;
        let recording = record(settings.amount(n, seed)).await;
        let points = settings.points * (n + 1) / runs - settings.points * n / runs;
        let without = match settings.no_sync {
            true => Without::AnySync,
            false => Without::Nothing,
        };
        let run = recording.run(without);
        print_recorded(n, &recording, &run);
        let seen = replay(
            &run,
            &Moments {
                count: points,
                every: settings.start_every.max(1),
                until_found: false,
                seed,
            },
        );
        for told in &seen.told {
            println!("  {told}");
        }
        all.add(seen);
        // That it could have found something is shown on the first run.
        if n == 0 && !settings.no_sync {
            proven = finds_without(&recording, seed);
        }
    }
    print_found(&all, begun);
    if !proven {
        println!("FAILED: a sync can be left out without anything being found");
    }
    all.found.is_empty() && proven
}

impl Recording {
    fn run(&self, without: Without) -> Run<'_> {
        let key = |name: &str| self.after.get(name).cloned().unwrap_or_default();
        Run {
            before: self.before.clone(),
            entries: self.entries(),
            ledger: &self.ledger,
            keys: check::KEYS.map(key).to_vec(),
            without,
        }
    }
}

/// The same log on disks that do not keep their word: each time something must be found.
fn finds_without(recording: &Recording, seed: u64) -> bool {
    let mut all = true;
    for (without, name) in WITHOUT {
        let moments = Moments {
            count: TRIES,
            every: TRIES,
            until_found: true,
            seed,
        };
        let seen = replay(&recording.run(without), &moments);
        let (points, found) = (seen.points, &seen.found);
        println!("  without {name} syncs: found in {points} points: {found:?}");
        all &= !seen.found.is_empty();
    }
    all
}

fn print_recorded(n: usize, recording: &Recording, run: &Run<'_>) {
    let ledger = &recording.ledger;
    let count = |is: fn(&What) -> bool| ledger.promises.iter().filter(|one| is(&one.what)).count();
    let syncs = run.entries.iter();
    let syncs = syncs.filter(|entry| matches!(entry.event, Event::SyncEnds(_)));
    println!(
        "run {n}: {} records, {} syncs, {} MB, {} kills; promised: {} reports, {} complete with parts, {} chunks, {} messages, {} notes, {} withdrawn",
        run.entries.len(),
        syncs.count(),
        recording.log.len() / 1_000_000,
        recording.kills,
        count(|what| matches!(what, What::Report(_))),
        count(|what| matches!(what, What::Complete(_))),
        count(|what| matches!(what, What::Chunk(..))),
        count(|what| matches!(what, What::Message(..))),
        count(|what| matches!(what, What::Note)),
        count(|what| matches!(what, What::Withdrawn(_))),
    );
}

fn print_found(all: &Seen, begun: Instant) {
    let tally = &all.tally;
    println!(
        "{} power cuts, {} servers started on what was left, {:.0} s",
        all.points,
        all.started,
        begun.elapsed().as_secs_f64()
    );
    println!(
        "not synced yet: {} writes lost, {} torn, {} come as zeros, {} kept; {} names lost, {} kept",
        tally.lost, tally.torn, tally.empty, tally.kept, tally.names_lost, tally.names_kept
    );
    match all.found.is_empty() {
        true => println!("found: nothing that was answered was lost"),
        false => println!("FAILED, found: {:?}", all.found),
    }
}
