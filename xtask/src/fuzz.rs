//! Every decoder under libFuzzer, which keeps the bytes that led somewhere new and changes those: see
//! docs/campaigns.md.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::{env, fs, thread};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::tools::{self, cargo, output, run, step};

/// Arguments of `fuzz`; the default is the sample that every change has to stand.
#[derive(Args)]
pub struct Fuzz {
    /// Seconds for each decoder.
    #[arg(long, default_value_t = Fuzz::default().seconds)]
    seconds: u32,
    /// The same seed begins the same way; 0 draws one.
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// Only decoders whose name begins so.
    #[arg(long, default_value = "")]
    only: String,
    /// A file to be read once instead, as a finding left it.
    #[arg(long)]
    input: Option<PathBuf>,
}

impl Default for Fuzz {
    fn default() -> Self {
        Self {
            seconds: 20,
            seed: 1,
            only: String::new(),
            input: None,
        }
    }
}

/// Decoders side by side.
const HANDS: usize = 2;
/// One reading may take so many seconds on a busy machine, backups with their costly passphrase among them.
const PATIENCE: u32 = 60;
/// More memory than this, in MiB, is a finding. What led somewhere new is held there as well.
const MEMORY: u32 = 1024;
/// The stack of a server's thread, in KiB: what goes deeper is a finding.
const STACK: u32 = 2048;
const FOLDER: &str = "target/fuzz";

/// Tells libFuzzer which branches were taken and what was compared with what.
const FLAGS: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    // Conditions one after the other stay so many branches: each that is met is a step.
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
];

/// What libFuzzer is written in.
pub fn compiler() -> Result<()> {
    if env::var_os("CXX").is_some() {
        return Ok(());
    }
    tools::packages(&[("c++", "g++")]).context("libFuzzer wants a C++ compiler")
}

impl Fuzz {
    /// Builds the target and reads with it.
    pub fn go(self) -> Result<()> {
        let target = step("decoders that tell where they have been", || {
            compiler()?;
            Target::build()
        })?;
        let mut names = target.names()?;
        names.retain(|name| name.starts_with(&self.only));
        ensure!(!names.is_empty(), "no decoder is called {}", self.only);
        if let Some(input) = &self.input {
            return names.iter().try_for_each(|name| target.read(name, input));
        }
        step("bytes that nobody meant", || self.all(&target, &names))
    }

    /// The others go on after a finding.
    fn all(&self, target: &Target, names: &[String]) -> Result<()> {
        let turns = Mutex::new(names.iter());
        let next = || turns.lock().expect("nobody panics with it").next();
        let hand = || {
            let turns = std::iter::from_fn(next);
            let ends = turns.map(|name| target.campaign(name, self.seconds, self.seed));
            ends.collect::<Result<Vec<bool>>>()
        };
        let ends = thread::scope(|scope| {
            let hands = [(); HANDS].map(|()| scope.spawn(hand));
            let ends = hands.map(|hand| hand.join().expect("it ends"));
            ends.into_iter().collect::<Result<Vec<_>>>()
        })?;
        let bad = ends.iter().flatten().filter(|well| !**well).count();
        println!("{} decoders, something found in {bad}", names.len());
        ensure!(bad == 0, "a decoder does what it must not");
        Ok(())
    }
}

/// The program that libFuzzer is in.
struct Target(PathBuf);

impl Target {
    /// For a target that is named, cargo keeps the flags from build scripts and macros, which stay as they are.
    fn build() -> Result<Self> {
        let host = output(Command::new("rustc").args(["--print", "host-tuple"]))?;
        run(cargo()
            .args(["build", "--quiet", "-p", "fuzz", "--features", "libfuzzer"])
            .args(["--target", &host])
            .env("RUSTFLAGS", FLAGS.join(" "))
            // Several times as many readings for half a minute of building.
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1"))?;
        let program = Path::new("target").join(host).join("debug/fuzz");
        Ok(Self(program.canonicalize().context("it was just built")?))
    }

    fn names(&self) -> Result<Vec<String>> {
        let said = Command::new(&self.0).output()?;
        let names = String::from_utf8(said.stdout)?;
        Ok(names.lines().map(str::to_owned).collect())
    }

    /// The target with libFuzzer's arguments, for one decoder.
    fn of(&self, name: &str) -> Command {
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("ulimit -s {STACK} && exec \"$0\" \"$@\"")])
            .arg(&self.0)
            .arg(format!("-timeout={PATIENCE}"))
            .arg(format!("-report_slow_units={PATIENCE}"))
            .arg(format!("-rss_limit_mb={MEMORY}"))
            .env("DECODER", name);
        command
    }

    fn read(&self, name: &str, input: &Path) -> Result<()> {
        run(self.of(name).arg(input)).with_context(|| format!("{name} does what it must not"))
    }

    /// Whether nothing was found. What led somewhere new is kept: the next run goes on from there.
    fn campaign(&self, name: &str, seconds: u32, seed: u32) -> Result<bool> {
        let [corpus, found, work] =
            ["corpus", "found", "work"].map(|part| Path::new(FOLDER).join(part).join(name));
        for folder in [&corpus, &found, &work] {
            fs::create_dir_all(folder)?;
        }
        let ended = self
            .of(name)
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-seed={seed}"))
            .arg(format!("-artifact_prefix={}/", found.display()))
            .arg("-dict=tests/fuzz/words.dict")
            // A comparison that is nearly met is a step as well.
            .arg("-use_value_profile=1")
            .arg(&corpus)
            .env("SEEDS", &corpus)
            .env("TMPDIR", work.canonicalize()?)
            .output()?;
        fs::remove_dir_all(work)?;
        let said = String::from_utf8_lossy(&ended.stderr);
        match ended.status.success() {
            true => println!("{name}: {}", measured(&said)),
            false => println!("{name}: FOUND\n{}", finding(name, &said, &ended)),
        }
        Ok(ended.status.success())
    }
}

/// How many readings, and how much of the program they saw.
fn measured(said: &str) -> String {
    let done = said.lines().rfind(|line| line.contains("\tDONE "));
    let words: Vec<_> = done.unwrap_or_default().split_whitespace().collect();
    let after = |what| {
        let mut pairs = words.windows(2);
        pairs
            .find(|pair| pair[0] == what)
            .map_or("?", |pair| pair[1])
    };
    let readings = words.first().unwrap_or(&"?").trim_start_matches('#');
    let (edges, features) = (after("cov:"), after("ft:"));
    let memory = after("rss:");
    format!("{readings} readings, {edges} edges, {features} features, {memory} of memory")
}

/// What it says of its end, and the command that reads it again.
fn finding(name: &str, said: &str, ended: &Output) -> String {
    let lines = said.lines().skip_while(|line| !is_end(line));
    let end: Vec<_> = lines.take_while(|line| !line.starts_with("MS: ")).collect();
    let left = said
        .lines()
        .find_map(|line| line.split_once("Test unit written to "));
    let again = left.map_or_else(
        || format!("it ended with {}", ended.status),
        |(_, file)| format!("cargo xtask fuzz --only {name} --input {file}"),
    );
    format!("{}\n{again}", end.join("\n"))
}

fn is_end(line: &str) -> bool {
    line.contains("panicked at") || line.contains("ERROR: libFuzzer") || line.contains("ALARM:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_libfuzzer_is_read() {
        let said = "#2\tINITED cov: 3 ft: 4\n#72085\tDONE   cov: 1234 ft: 5678 corp: 9/2Kb lim: 4096 exec/s: 4505 rss: 47Mb\nDone";
        let wanted = "72085 readings, 1234 edges, 5678 features, 47Mb of memory";
        assert_eq!(measured(said), wanted);
    }
}
