//! Checking a proof of receipt: that the server signed that it had this report, in this hour.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::id::{ReportId, Sha256};
use domain::wire::Proof;
use ed25519_dalek::Signature;
use sha2::Digest;

use crate::keyset::RootKey;

/// A proof that the server with this key, an Ed25519 public key in base64, had these sealed bytes of this
/// report, made whole; `None` where it proves no such thing.
pub fn checked(proof: Proof, key: &str, report: &ReportId, sealed: &[u8]) -> Option<Proof> {
    let sealed = Some(Sha256(sha2::Sha256::digest(sealed).into()));
    let whole = Proof { sealed, ..proof };
    holds(&whole, key, report).then_some(whole)
}

/// Whether a whole proof proves by itself that the server with this key had this report.
pub fn holds(proof: &Proof, key: &str, report: &ReportId) -> bool {
    let Some(hash) = proof.sealed else {
        return false;
    };
    let signature = STANDARD.decode(&proof.signature).ok();
    let signature = signature.and_then(|bytes| Signature::from_slice(&bytes).ok());
    let key = RootKey::from_base64(key).ok();
    key.zip(signature)
        .is_some_and(|(key, signature)| key.signed(&proof.signed(report, hash), &signature))
}

#[cfg(test)]
mod tests {
    use domain::time::Timestamp;
    use domain::wire::{leaf, signed, tree};
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;

    #[test]
    fn a_proof_holds_for_its_report_its_bytes_its_hour_and_its_key_alone() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = STANDARD.encode(key.verifying_key().as_bytes());
        let other = SigningKey::from_bytes(&[8; 32]);
        let other = STANDARD.encode(other.verifying_key().as_bytes());
        let (mine, theirs) = (
            ReportId::from_random([1; 16]),
            ReportId::from_random([2; 16]),
        );
        let hash = |bytes: &[u8]| Sha256(sha2::Sha256::digest(bytes).into());
        let hour = Timestamp(3_600_000);
        let leaves = [
            leaf(&theirs, hash(b"b"), hour),
            leaf(&mine, hash(b"a"), hour),
        ];
        let (root, ways) = tree(&leaves);
        let proof = Proof {
            hour,
            leaf: 1,
            beside: ways[1].clone(),
            signature: STANDARD.encode(key.sign(&signed(root)).to_bytes()),
            sealed: None,
        };
        let holds = |proof: &Proof, key: &str, report: &ReportId, sealed: &[u8]| {
            let whole = checked(proof.clone(), key, report, sealed);
            let same = whole.is_some_and(|whole| super::holds(&whole, key, report));
            assert!(!super::holds(proof, key, report), "without the bytes");
            same
        };
        assert!(holds(&proof, &public, &mine, b"a"));
        assert!(!holds(&proof, &public, &mine, b"b"));
        assert!(!holds(&proof, &public, &theirs, b"a"));
        assert!(!holds(&proof, &other, &mine, b"a"));
        assert!(!holds(&proof, "no key", &mine, b"a"));
        let later = Proof {
            hour: Timestamp(7_200_000),
            ..proof.clone()
        };
        assert!(!holds(&later, &public, &mine, b"a"));
        let unsigned = Proof {
            signature: String::new(),
            ..proof
        };
        assert!(!holds(&unsigned, &public, &mine, b"a"));
    }
}
