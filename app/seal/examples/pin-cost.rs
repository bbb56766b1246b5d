//! Prints how long opening a lock takes on this machine, for each cost a phone may choose.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::time::{Duration, Instant};

use domain::lock::{Cost, Pin};
use seal::lock::{LockError, Question, try_out};

const RUNS: usize = 9;

fn main() -> Result<(), LockError> {
    let pin = Pin::typed("294617").map_err(|_| LockError::Wrong)?;
    try_out()?;
    for (memory, passes) in [
        (19, 2),
        (32, 2),
        (47, 2),
        (64, 2),
        (64, 4),
        (64, 8),
        (64, 12),
    ] {
        let cost = Cost::new(memory * 1024, passes).map_err(|_| LockError::Damaged)?;
        let took = median(|| Question::of_pin(&pin, cost).map(drop))?;
        println!(
            "{memory:>3} MiB, {passes:>2} passes: {:>4} ms",
            took.as_millis()
        );
    }
    let least = median(try_out)?;
    let chosen = Cost::affordable(least.as_secs_f64() * 1000.0);
    let took = median(|| Question::of_pin(&pin, chosen).map(drop))?;
    println!(
        "this machine would choose {} MiB and {} passes: {} ms",
        chosen.memory() / 1024,
        chosen.passes(),
        took.as_millis()
    );
    Ok(())
}

fn median(work: impl Fn() -> Result<(), LockError>) -> Result<Duration, LockError> {
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let begun = Instant::now();
        work()?;
        times.push(begun.elapsed());
    }
    times.sort();
    Ok(times[RUNS / 2])
}
