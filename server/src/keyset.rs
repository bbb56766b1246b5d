//! The signed keyset the scheme serves. Its signature is the phones' to check; its age is ours.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::wire::SignedKeyset;
use serde::Deserialize;

use crate::scheme::Scheme;

/// The keyset to serve, and the root key that signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// As made by the `keys` program.
    pub signed: SignedKeyset,
    /// The root's public key, in base64.
    pub root: String,
    /// Grows with every keyset.
    pub version: u32,
}

/// Why there is no keyset to serve.
#[derive(Debug)]
pub enum KeysetError {
    /// There is none, and the scheme is not a sample that makes its own.
    Missing(PathBuf),
    /// The `keys` program does not stand beside this one.
    NoKeysProgram(PathBuf),
    /// The `keys` program failed.
    KeysProgram(String),
    /// A file cannot be read or understood.
    Unreadable(PathBuf, String),
    /// A newer one has been served from this database.
    RolledBack {
        /// The version in the file.
        found: u32,
        /// The newest version served so far.
        seen: u32,
    },
}

impl fmt::Display for KeysetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(folder) => write!(
                f,
                "there is no keyset in {}: make one with the keys program and put keyset.json and root.pub there.",
                folder.display()
            ),
            Self::NoKeysProgram(path) => write!(
                f,
                "the program {} is missing; it makes the sample scheme's keys at the first start.",
                path.display()
            ),
            Self::KeysProgram(cause) => {
                write!(f, "the keys program could not make sample keys: {cause}.")
            }
            Self::Unreadable(path, cause) => {
                write!(
                    f,
                    "the keyset file {} cannot be used: {cause}.",
                    path.display()
                )
            }
            Self::RolledBack { found, seen } => write!(
                f,
                "the keyset has version {found}, but version {seen} has been served already: put the newer keyset.json back."
            ),
        }
    }
}

/// Reads the keyset of a data folder; a sample scheme makes its own at the first start.
pub fn load(data: &Path, scheme: &Scheme) -> Result<Served, KeysetError> {
    let folder = data.join("keys");
    let (keyset, root) = (folder.join("keyset.json"), folder.join("root.pub"));
    if !(keyset.exists() && root.exists()) {
        if !scheme.demo {
            return Err(KeysetError::Missing(folder));
        }
        make_sample(&folder, scheme)?;
    }
    let unreadable = |path: &Path, cause: String| KeysetError::Unreadable(path.to_owned(), cause);
    let text =
        fs::read_to_string(&keyset).map_err(|error| unreadable(&keyset, error.to_string()))?;
    let signed =
        serde_json::from_str(&text).map_err(|error| unreadable(&keyset, error.to_string()))?;
    let version = version(&signed).map_err(|error| unreadable(&keyset, error.to_string()))?;
    let root_key =
        fs::read_to_string(&root).map_err(|error| unreadable(&root, error.to_string()))?;
    Ok(Served {
        signed,
        root: root_key.trim().to_owned(),
        version,
    })
}

fn version(signed: &SignedKeyset) -> Result<u32, serde_json::Error> {
    /// All this server reads of a keyset.
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let keyset: Versioned = serde_json::from_str(&signed.keyset)?;
    Ok(keyset.version)
}

fn make_sample(folder: &Path, scheme: &Scheme) -> Result<(), KeysetError> {
    let failed = |error: std::io::Error| KeysetError::KeysProgram(error.to_string());
    let program = env::current_exe().map_err(failed)?.with_file_name("keys");
    if !program.exists() {
        return Err(KeysetError::NoKeysProgram(program));
    }
    let mut command = Command::new(program);
    command.arg("sample").arg("--out").arg(folder);
    for centre in &scheme.centres {
        command.arg("--centre").arg(&centre.id);
    }
    let output = command.output().map_err(failed)?;
    if output.status.success() {
        Ok(())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(KeysetError::KeysProgram(
            said.trim().trim_end_matches('.').to_owned(),
        ))
    }
}
