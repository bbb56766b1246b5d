//! A proof of receipt: the server's signature that it had a report's sealed text, and in which hour.

use serde::{Deserialize, Serialize};

use crate::id::{ReportId, Sha256};
use crate::time::Timestamp;

/// Kept beside the receipt, it shows later that the report was handed in, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proof {
    /// The hour the text arrived.
    pub hour: Timestamp,
    /// An Ed25519 signature in base64, by the scheme's `proof_key`, over [`proven`].
    pub signature: String,
}

/// The bytes that a proof signs: what arrived, by the SHA-256 of the age file, and when.
pub fn proven(report: &ReportId, sealed: Sha256, hour: Timestamp) -> String {
    let sealed = String::from(sealed);
    format!("safe-place receipt v1\n{report}\n{sealed}\n{}\n", hour.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_never_changes_its_shape() {
        let signed = proven(
            &ReportId::from_random([1; 16]),
            Sha256([2; 32]),
            Timestamp(3_600_000),
        );
        let expected = format!(
            "safe-place receipt v1\naeaqcaibaeaqcaibaeaqcaibae\n{}\n3600000\n",
            "02".repeat(32)
        );
        assert_eq!(signed, expected);
    }
}
