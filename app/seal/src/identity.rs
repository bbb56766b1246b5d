//! age identities in their written form, `AGE-SECRET-KEY-1…`, and the recipients `age1…` that belong to them.

use std::fmt;

use bech32::{ToBase32, Variant};
use zeroize::{Zeroize, Zeroizing};

use crate::randomness::{self, NoRandomness};

/// How every identity begins.
pub const BEGINNING: &str = "AGE-SECRET-KEY-1";
/// What age writes before a secret key; lower case while it is encoded.
const PREFIX: &str = "age-secret-key-";

/// A text that is not an X25519 age identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnIdentity;

impl fmt::Display for NotAnIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identity is one word that begins with AGE-SECRET-KEY-1")
    }
}

impl std::error::Error for NotAnIdentity {}

/// A new identity.
pub fn draw() -> Result<Zeroizing<String>, NoRandomness> {
    Ok(Zeroizing::new(from_bytes(&*randomness::draw()?)))
}

/// The recipient that seals to this identity.
pub fn recipient(identity: &str) -> Result<String, NotAnIdentity> {
    Ok(parse(identity)?.to_public().to_string())
}

/// Whether reports can be sealed to this recipient.
pub fn is_recipient(text: &str) -> bool {
    text.parse::<age::x25519::Recipient>().is_ok()
}

pub(crate) fn parse(identity: &str) -> Result<age::x25519::Identity, NotAnIdentity> {
    identity.trim().parse().map_err(|_| NotAnIdentity)
}

/// The identity whose secret these bytes are, as age writes it.
pub(crate) fn from_bytes(secret: &[u8; 32]) -> String {
    let mut lower = bech32::encode(PREFIX, secret.to_base32(), Variant::Bech32)
        .expect("the prefix is a constant in lower case");
    let identity = lower.to_uppercase();
    lower.zeroize();
    identity
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_identity_is_one_that_age_reads() {
        let identity = draw().expect("random numbers");
        assert!(identity.starts_with(BEGINNING));
        assert!(is_recipient(&recipient(&identity).expect("an identity")));
        assert_ne!(identity, draw().expect("random numbers"));
    }

    #[test]
    fn the_written_form_is_the_one_age_writes() {
        use age::secrecy::ExposeSecret;
        let ours = from_bytes(&[7; 32]);
        let theirs = parse(&ours).expect("an identity").to_string();
        assert_eq!(ours, theirs.expose_secret());
    }

    #[test]
    fn what_is_not_an_identity_is_refused() {
        for text in ["", "AGE-SECRET-KEY-1", "age1qqqq", "hello"] {
            assert_eq!(recipient(text), Err(NotAnIdentity), "{text:?}");
        }
        assert!(!is_recipient("age1qqqq"));
    }
}
