//! A proof of receipt: the server's signature that it had a report's sealed text, and in which hour.
//!
//! Reports that arrive together are signed together: the signature is over the root of a hash tree,
//! and each proof has the way from its own report to that root.

use serde::{Deserialize, Serialize};
use sha2::Digest;

use crate::id::{ReportId, Sha256};
use crate::time::Timestamp;

/// Most reports under one signature.
pub const MOST_PROVEN: usize = 64;
/// Stands before a root that is signed, so that a signature means receipts and nothing else.
const SIGNED_AS: &[u8] = b"safe-place receipts v1\n";

/// Kept beside the receipt, it shows later that the report was handed in, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proof {
    /// The hour the text arrived.
    pub hour: Timestamp,
    /// Which leaf of the tree it is, counted from 0.
    pub leaf: u32,
    /// What stands beside it on the way to the root, from the leaf up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Sha256>,
    /// An Ed25519 signature in base64, by the scheme's `proof_key`, over [`signed`] of the root.
    pub signature: String,
    /// The SHA-256 of the age file it is about. Servers leave it out; a phone that has checked the proof adds
    /// it, so that the proof is whole when the bytes are gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Sha256>,
}

impl Proof {
    /// The bytes that the signature must be over, if it proves this: a report, by its id and the
    /// SHA-256 of its age file.
    pub fn signed(&self, report: &ReportId, sealed: Sha256) -> Vec<u8> {
        let mut at = self.leaf;
        let mut root = leaf(report, sealed, self.hour);
        for other in &self.beside {
            root = match at % 2 {
                0 => node(root, *other),
                _ => node(*other, root),
            };
            at /= 2;
        }
        signed(root)
    }
}

/// The leaf of a report: what arrived, and when.
pub fn leaf(report: &ReportId, sealed: Sha256, hour: Timestamp) -> Sha256 {
    let mut hash = sha2::Sha256::new();
    hash.update([0]);
    hash.update(report.as_str());
    hash.update(sealed.0);
    hash.update(hour.0.to_be_bytes());
    Sha256(hash.finalize().into())
}

/// The bytes that are signed for a root.
pub fn signed(root: Sha256) -> Vec<u8> {
    [SIGNED_AS, &root.0].concat()
}

/// The root over these leaves, and the way to it for each. An odd one out is paired with itself.
pub fn tree(leaves: &[Sha256]) -> (Sha256, Vec<Vec<Sha256>>) {
    let mut ways = vec![Vec::new(); leaves.len()];
    let mut row = leaves.to_vec();
    let mut height = 0;
    while row.len() > 1 {
        if row.len() % 2 == 1 {
            row.extend(row.last().copied());
        }
        for (at, way) in ways.iter_mut().enumerate() {
            way.push(row[(at >> height) ^ 1]);
        }
        row = row.chunks(2).map(|two| node(two[0], two[1])).collect();
        height += 1;
    }
    (row.first().copied().unwrap_or(Sha256([0; 32])), ways)
}

fn node(left: Sha256, right: Sha256) -> Sha256 {
    let mut hash = sha2::Sha256::new();
    hash.update([1]);
    hash.update(left.0);
    hash.update(right.0);
    Sha256(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Timestamp = Timestamp(3_600_000);

    fn report(n: u8) -> ReportId {
        ReportId::from_random([n; 16])
    }

    #[test]
    fn every_leaf_of_every_tree_leads_to_what_was_signed_and_no_other_does() {
        for count in 1..=MOST_PROVEN as u8 {
            let leaves: Vec<_> = (0..count)
                .map(|n| leaf(&report(n), Sha256([n; 32]), HOUR))
                .collect();
            let (root, ways) = tree(&leaves);
            for (n, beside) in (0..count).zip(ways) {
                let proof = Proof {
                    hour: HOUR,
                    leaf: u32::from(n),
                    beside,
                    signature: String::new(),
                    sealed: None,
                };
                assert_eq!(proof.signed(&report(n), Sha256([n; 32])), signed(root));
                assert_ne!(proof.signed(&report(n ^ 1), Sha256([n; 32])), signed(root));
                assert_ne!(proof.signed(&report(n), Sha256([99; 32])), signed(root));
                let later = Proof {
                    hour: HOUR.plus(1),
                    ..proof
                };
                assert_ne!(later.signed(&report(n), Sha256([n; 32])), signed(root));
            }
        }
    }

    /// Proofs are kept for years: what is signed never changes its shape.
    #[test]
    fn what_is_signed_stays_as_it_was() {
        let (root, _) = tree(&[leaf(&report(1), Sha256([2; 32]), HOUR)]);
        assert_eq!(String::from(root), EXPECTED);
    }

    const EXPECTED: &str = "6c2e6026b1da189152fd2f965c6dfddc90e2ce9294c0a407e5fd3319ac6aa9ca";
}
