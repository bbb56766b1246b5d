//! The fast checks: format, lints, layers, dependencies.

use std::process::Command;

use anyhow::Result;

use crate::tools::{self, cargo, run, step};

/// All of them; the first that fails stops.
pub fn all() -> Result<()> {
    step("format", || run(cargo().args(["fmt", "--all", "--check"])))?;
    step("lints", || {
        run(cargo().args([
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--exclude",
            "app",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    step("lints of what runs on the phone", || {
        tools::wasm_target()?;
        let wasm = ["--target", "wasm32-unknown-unknown"];
        run(cargo()
            .args(["clippy", "--quiet", "-p", "app"])
            .args(wasm)
            .args(["--", "-D", "warnings"]))?;
        run(cargo()
            .args(["clippy", "--quiet", "-p", "courier", "--features", "worker"])
            .args(wasm)
            .args(["--", "-D", "warnings"]))
    })?;
    step("layers of the app", || {
        run(cargo().args(["test", "--quiet", "-p", "app", "--test", "layers"]))
    })?;
    step("types of the journeys", || {
        run(tools::node_tool("tsc")?
            .arg("--noEmit")
            .current_dir("tests"))
    })?;
    step("dependencies", dependencies)
}

/// Licences, sources and bans always; advisories where they can be downloaded.
fn dependencies() -> Result<()> {
    let deny = tools::cargo_deny()?;
    run(Command::new(&deny).args([
        "--log-level",
        "error",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))?;
    let fetched = Command::new(&deny)
        .args(["--log-level", "error", "fetch", "db"])
        .status()?;
    if fetched.success() {
        run(Command::new(&deny).args([
            "--log-level",
            "error",
            "check",
            "--disable-fetch",
            "advisories",
        ]))
    } else {
        eprintln!("   advisories skipped: their database cannot be downloaded from here");
        Ok(())
    }
}
