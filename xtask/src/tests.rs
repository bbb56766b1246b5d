//! Every test there is, in the order in which they fail fastest.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::fuzz::{self, Fuzz};
use crate::tools::{self, cargo, run, step};
use crate::{budget, python, site};

/// Arguments of `test`.
#[derive(Args)]
pub struct Test {
    /// Only the browser journeys whose title matches.
    #[arg(long)]
    journey: Option<String>,
}

impl Test {
    /// Runs them; the first part that fails stops.
    pub fn go(self) -> Result<()> {
        step("programs for the tests", || {
            tools::packages(&[
                ("chromium", "chromium"),
                ("chromedriver", "chromium-driver"),
                ("age", "age"),
                ("pdftotext", "poppler-utils"),
            ])
        })?;
        if self.journey.is_none() {
            step("Rust tests", || {
                run(cargo().args([
                    "test",
                    "--quiet",
                    "--workspace",
                    "--exclude",
                    "app",
                    "--features",
                    "words/embedded",
                ]))
            })?;
            step("Rust tests of the app", || {
                run(cargo().args(["test", "--quiet", "-p", "app"]))
            })?;
            step("a campaign against delivery", campaign)?;
            step("power cuts", power)?;
            decoders()?;
            Api::default().go()?;
            step("storage in a real browser", storage)?;
        }
        let site = site::build()?;
        let server = site::server("release")?;
        step("byte budgets", || budget::check(&site))?;
        step("journeys in a browser", || {
            journeys(&site, &server, self.journey.as_deref())
        })
    }
}

/// A sample of the campaign that docs/campaigns.md describes.
fn campaign() -> Result<()> {
    run(cargo().args(["build", "--quiet", "-p", "server", "-p", "campaigns"]))?;
    run(Command::new("target/debug/campaigns").arg("delivery"))
}

/// A sample of what docs/campaigns.md says of power cuts, and that it finds what a disk forgets.
fn power() -> Result<()> {
    let packages = ["-p", "server", "-p", "campaigns", "-p", "power-log"];
    run(cargo().args(["build", "--quiet"]).args(packages))?;
    run(Command::new("target/debug/campaigns").arg("power"))
}

/// A sample of what docs/campaigns.md says of decoders, where the toolchain allows.
fn decoders() -> Result<()> {
    match fuzz::compiler() {
        Ok(()) => Fuzz::default().go(),
        Err(missing) => {
            eprintln!("   bytes that nobody meant: skipped: {missing:#}");
            Ok(())
        }
    }
}

/// Arguments of `api`; by default, the sample that every change has to stand.
#[derive(Args)]
pub struct Api {
    /// Most requests for each route in each phase.
    #[arg(long, default_value_t = Api::default().examples)]
    examples: u32,
    /// The same seed draws the same requests.
    #[arg(long, default_value_t = Api::default().seed)]
    seed: u64,
}

impl Default for Api {
    fn default() -> Self {
        Self {
            examples: 60,
            seed: 1,
        }
    }
}

impl Api {
    /// Installs what it needs and sends them.
    pub fn go(self) -> Result<()> {
        let tool = step("a program for random requests", python::schemathesis)?;
        step("random requests to the API", || {
            run(cargo().args(["build", "--quiet", "-p", "server", "-p", "campaigns"]))?;
            run(Command::new("target/debug/campaigns")
                .args(["api", "--tool"])
                .arg(tool)
                .args(["--examples", &self.examples.to_string()])
                .args(["--seed", &self.seed.to_string()]))
        })
    }
}

/// The storage suite, on IndexedDB.
fn storage() -> Result<()> {
    let runner = tools::wasm_test_runner()?;
    let mut test = cargo();
    test.args([
        "test",
        "-p",
        "courier",
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    test.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    test.env("CHROMEDRIVER", "/usr/bin/chromedriver");
    run(&mut test)
}

fn journeys(site: &site::Site, server: &Path, only: Option<&str>) -> Result<()> {
    let mut test = tools::node_tool("playwright")?;
    test.args(["test"]).current_dir("tests");
    with_paths(&mut test, site, server)?;
    if let Some(title) = only {
        test.args(["--grep", title]);
    }
    run(&mut test)
}

fn with_paths(command: &mut Command, site: &site::Site, server: &Path) -> Result<()> {
    command.env(
        "SAFE_PLACE_SITE",
        site.folder
            .canonicalize()
            .context("the site was just built")?,
    );
    command.env(
        "SAFE_PLACE_SERVER",
        server.canonicalize().context("the server was just built")?,
    );
    Ok(())
}

/// The benchmarks; they print ratios and never fail for being slow.
pub fn bench() -> Result<()> {
    step("programs for the benchmarks", || {
        tools::packages(&[("chromium", "chromium")])
    })?;
    let site = site::build()?;
    let server = site::server("release")?;
    step("ingestion of reports", || {
        run(cargo().args(["bench", "--quiet", "-p", "server"]))
    })?;
    for (name, script) in [
        ("cold start to the card", "bench/cold-start.mjs"),
        ("ten thousand places on the phone", "bench/places.mjs"),
        ("sealing a film and a photo", "bench/sealing.mjs"),
    ] {
        step(name, || {
            let mut bench = Command::new("node");
            bench.arg(script).current_dir("tests");
            with_paths(&mut bench, &site, &server)?;
            run(&mut bench)
        })?;
    }
    Ok(())
}
