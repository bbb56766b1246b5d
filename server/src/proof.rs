//! The key that signs proofs of receipt: made at the first start, kept in the data folder.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use data_encoding::BASE64;
use domain::id::{ReportId, Sha256};
use domain::time::Timestamp;
use domain::wire::{Proof, proven};
use ed25519_dalek::{Signer, SigningKey};

/// Signs that a report's text was received.
pub struct Prover(SigningKey);

impl Prover {
    /// The key of a data folder, made where there is none yet.
    pub fn load(data: &Path) -> io::Result<Self> {
        let path = data.join("keys").join("proof.key");
        match fs::read_to_string(&path) {
            Ok(text) => {
                let seed = BASE64.decode(text.trim().as_bytes()).ok();
                let seed = seed.and_then(|seed| <[u8; 32]>::try_from(seed).ok());
                let seed = seed.ok_or_else(|| io::Error::other("it is not 32 bytes in base64"))?;
                Ok(Self(SigningKey::from_bytes(&seed)))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Self::make(&path),
            Err(error) => Err(error),
        }
    }

    fn make(path: &Path) -> io::Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(io::Error::other)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        writeln!(file, "{}", BASE64.encode(&seed))?;
        file.sync_all()?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The public half, in base64.
    pub fn public(&self) -> String {
        BASE64.encode(self.0.verifying_key().as_bytes())
    }

    /// Signs that this sealed text was here in this hour. Always the same signature.
    pub fn sign(&self, report: &ReportId, sealed: Sha256, hour: Timestamp) -> Proof {
        let signature = self.0.sign(proven(report, sealed, hour).as_bytes());
        Proof {
            hour,
            signature: BASE64.encode(&signature.to_bytes()),
        }
    }
}
