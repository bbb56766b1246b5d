//! Keys of the files that go with reports: one secret of the phone's, and from it an identity for each
//! report's. What a page knows a draft's files by is only the recipient that belongs to it.

use domain::id::ReportId;
use hkdf::Hkdf;
use zeroize::Zeroizing;

use crate::identity;
use crate::randomness::{self, NoRandomness};

/// What the identities of all drafts' files are made from.
#[derive(Clone)]
pub struct FilesSecret(Zeroizing<[u8; 32]>);

impl FilesSecret {
    /// Its length in bytes.
    pub const LENGTH: usize = 32;

    /// A new one.
    pub fn draw() -> Result<Self, NoRandomness> {
        randomness::draw().map(Self)
    }

    /// As it was kept.
    pub fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// To be kept behind a lock.
    pub fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    /// The age identity that the files of this report are sealed to.
    pub fn identity(&self, report: &ReportId) -> Zeroizing<String> {
        let hkdf = Hkdf::<sha2::Sha256>::new(None, self.as_bytes());
        let label = [b"safe-place files v1 ", report.as_str().as_bytes()];
        let mut secret = Zeroizing::new([0; 32]);
        hkdf.expand_multi_info(&label, secret.as_mut_slice())
            .expect("32 bytes are fewer than HKDF's limit of 8160");
        Zeroizing::new(identity::from_bytes(&secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out with Python's hmac and the reference encoding of BIP 173.
    #[test]
    fn an_identity_is_always_made_in_the_same_way() {
        let secret = FilesSecret::from_bytes([7; 32]);
        let report = ReportId::from_random([1; 16]);
        assert_eq!(
            *secret.identity(&report),
            "AGE-SECRET-KEY-1D853XTXLWAYNL8E339AQ570DUA2TVP4CG77ZHWSHFXZ732NT799SUQUR7E"
        );
    }

    #[test]
    fn every_report_and_every_phone_has_its_own() {
        let (secret, other) = (FilesSecret::draw(), FilesSecret::draw());
        let [secret, other] = [secret, other].map(|secret| secret.expect("random numbers"));
        let [report, next] = [1, 2].map(|seed| ReportId::from_random([seed; 16]));
        assert_eq!(secret.identity(&report), secret.identity(&report));
        assert_ne!(secret.identity(&report), secret.identity(&next));
        assert_ne!(secret.identity(&report), other.identity(&report));
        assert!(identity::recipient(&secret.identity(&report)).is_ok());
    }
}
