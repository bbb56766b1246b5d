//! The key that signs proofs of receipt: made at the first start, kept in the data folder. What arrives
//! together is signed together, as one signature takes as long as storing a report.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64;
use domain::id::{ReportId, Sha256};
use domain::time::Timestamp;
use domain::wire::{MOST_PROVEN, Proof, leaf, signed, tree};
use ed25519_dalek::{Signer, SigningKey};
use tokio::sync::oneshot;

use crate::durable;

/// A report that waits to be signed for.
struct Waiting {
    leaf: Sha256,
    hour: Timestamp,
    answer: oneshot::Sender<Proof>,
}

/// Signs that reports' texts were received.
pub struct Prover {
    key: Arc<SigningKey>,
    waiting: Arc<Mutex<Vec<Waiting>>>,
}

impl Prover {
    /// The key of a data folder, made where there is none yet.
    pub fn load(data: &Path) -> io::Result<Self> {
        let path = data.join("keys").join("proof.key");
        match fs::read_to_string(&path) {
            Ok(text) => {
                let seed = BASE64.decode(text.trim().as_bytes()).ok();
                let seed = seed.and_then(|seed| <[u8; 32]>::try_from(seed).ok());
                let seed = seed.ok_or_else(|| io::Error::other("it is not 32 bytes in base64"))?;
                Ok(Self::of(&seed))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Self::make(&path),
            Err(error) => Err(error),
        }
    }

    fn of(seed: &[u8; 32]) -> Self {
        Self {
            key: Arc::new(SigningKey::from_bytes(seed)),
            waiting: Arc::default(),
        }
    }

    fn make(path: &Path) -> io::Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(io::Error::other)?;
        let text = BASE64.encode(&seed) + "\n";
        durable::write_secret(path, text.as_bytes())?;
        Ok(Self::of(&seed))
    }

    /// The public half, in base64.
    pub fn public(&self) -> String {
        BASE64.encode(self.key.verifying_key().as_bytes())
    }

    /// Signs that this sealed text was here in this hour, together with whatever else waits for that.
    pub async fn prove(&self, report: &ReportId, sealed: Sha256, hour: Timestamp) -> Option<Proof> {
        let (answer, answered) = oneshot::channel();
        let new = Waiting {
            leaf: leaf(report, sealed, hour),
            hour,
            answer,
        };
        let first = {
            let mut waiting = self.lock();
            waiting.push(new);
            waiting.len() == 1
        };
        if first {
            let (key, waiting) = (Arc::clone(&self.key), Arc::clone(&self.waiting));
            tokio::spawn(async move {
                // A new task runs first of all; one that has yielded runs behind all that are ready,
                // and others of the same commit join meanwhile.
                tokio::task::yield_now().await;
                sign_all(&key, &waiting);
            });
        }
        answered.await.ok()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sign_all(key: &SigningKey, waiting: &Mutex<Vec<Waiting>>) {
    let mut all = std::mem::take(&mut *waiting.lock().unwrap_or_else(PoisonError::into_inner));
    while !all.is_empty() {
        let rest = all.split_off(all.len().min(MOST_PROVEN));
        let group = std::mem::replace(&mut all, rest);
        let leaves: Vec<_> = group.iter().map(|one| one.leaf).collect();
        let (root, ways) = tree(&leaves);
        let signature = BASE64.encode(&key.sign(&signed(root)).to_bytes());
        for ((at, one), beside) in (0..).zip(group).zip(ways) {
            // Whoever asked may have gone.
            let _ = one.answer.send(Proof {
                hour: one.hour,
                leaf: at,
                beside,
                signature: signature.clone(),
                sealed: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn what_is_ready_together_is_signed_together() {
        let prover = Arc::new(Prover::of(&[7; 32]));
        let prove = move |seed| {
            let (prover, report) = (Arc::clone(&prover), ReportId::from_random([seed; 16]));
            let sealed = Sha256([seed; 32]);
            tokio::spawn(async move { prover.prove(&report, sealed, Timestamp(0)).await })
        };
        let all = tokio::spawn(async move { (0..9).map(prove).collect::<Vec<_>>() });
        let mut signatures = Vec::new();
        for proof in all.await.expect("asked") {
            signatures.extend(proof.await.expect("answered").map(|proof| proof.signature));
        }
        assert_eq!(signatures.len(), 9);
        signatures.dedup();
        assert_eq!(signatures.len(), 1, "one signature for all nine");
    }
}
