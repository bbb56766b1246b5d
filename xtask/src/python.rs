//! A program from Python's packages, in a folder of its own under target/tools.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Context, Result, ensure};

use crate::tools::{self, run};

/// What is installed, to the version.
const REQUIREMENTS: &str = "tests/api/requirements.txt";

/// schemathesis, installed where it is missing or of another version. What is left of an installation that
/// broke off is installed anew.
pub fn schemathesis() -> Result<PathBuf> {
    let wanted = fs::read(REQUIREMENTS).with_context(|| format!("{REQUIREMENTS} is missing"))?;
    let folder = env::current_dir()?.join("target/tools/schemathesis");
    let (program, mark) = (folder.join("bin/schemathesis"), folder.join(".installed"));
    let installed = fs::read(&mark).is_ok_and(|known| known == wanted);
    if installed && does(Command::new(&program).arg("--version")) {
        return Ok(program);
    }
    python()?;
    if folder.exists() {
        fs::remove_dir_all(&folder).context("target/tools/schemathesis cannot be removed")?;
    }
    eprintln!("   installing schemathesis, once");
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(folder.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet"])
        .args(["--disable-pip-version-check", "--requirement", REQUIREMENTS]))
    .context("schemathesis cannot be installed: is Python's package index within reach?")?;
    fs::write(&mark, wanted).with_context(|| format!("{} cannot be written", mark.display()))?;
    Ok(program)
}

/// Python with what makes folders of packages, installed where apt is at hand.
fn python() -> Result<()> {
    if !has_python(Path::new("python3")) {
        let installed = tools::install(&["python3-venv"]);
        installed.context("Python 3.11 or newer with venv is missing")?;
    }
    ensure!(
        has_python(Path::new("python3")),
        "Python 3.11 or newer with venv is missing: install it from your system's packages or python.org"
    );
    Ok(())
}

fn has_python(python: &Path) -> bool {
    let needs = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
    does(Command::new(python).args(["-c", needs]))
}

/// Whether a command runs and succeeds, without a word.
fn does(command: &mut Command) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_python_that_runs_will_do() {
        assert!(!has_python(Path::new("/does/not/exist")));
        assert!(!has_python(Path::new("false")));
        assert!(has_python(Path::new("true")));
    }
}
