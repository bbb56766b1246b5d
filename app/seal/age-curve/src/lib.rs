//! X25519 (RFC 7748) as age asks x25519-dalek for it, on the same curve25519-dalek, but without its
//! tables of points computed beforehand. Those are 30 KB that no compression makes smaller; they make
//! one multiplication faster that a phone does once or twice for a report. x25519-dalek has a switch
//! for them, age has none.

use curve25519_dalek::montgomery::MontgomeryPoint;
use rand_core::{CryptoRng, RngCore};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What others may know: a point, as its 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PublicKey(MontgomeryPoint);

impl PublicKey {
    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl From<[u8; 32]> for PublicKey {
    fn from(bytes: [u8; 32]) -> Self {
        Self(MontgomeryPoint(bytes))
    }
}

impl From<&StaticSecret> for PublicKey {
    fn from(secret: &StaticSecret) -> Self {
        Self(MontgomeryPoint::mul_base_clamped(secret.0))
    }
}

impl From<&EphemeralSecret> for PublicKey {
    fn from(secret: &EphemeralSecret) -> Self {
        (&secret.0).into()
    }
}

/// A secret that is kept, and may be used again.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct StaticSecret([u8; 32]);

impl StaticSecret {
    /// A new one.
    pub fn random_from_rng<R: RngCore + CryptoRng>(mut random: R) -> Self {
        let mut bytes = [0; 32];
        random.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// What both sides, and nobody else, come to know.
    pub fn diffie_hellman(&self, theirs: &PublicKey) -> SharedSecret {
        SharedSecret(theirs.0.mul_clamped(self.0))
    }

    /// Its bytes, to be written down.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0
    }
}

impl From<[u8; 32]> for StaticSecret {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// A secret for one use.
pub struct EphemeralSecret(StaticSecret);

impl EphemeralSecret {
    /// A new one.
    pub fn random_from_rng<R: RngCore + CryptoRng>(random: R) -> Self {
        Self(StaticSecret::random_from_rng(random))
    }

    /// Uses it up.
    pub fn diffie_hellman(self, theirs: &PublicKey) -> SharedSecret {
        self.0.diffie_hellman(theirs)
    }
}

/// What both sides know.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SharedSecret(MontgomeryPoint);

impl SharedSecret {
    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> [u8; 32] {
        std::array::from_fn(|at| {
            u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("a test's own digits")
        })
    }

    /// RFC 7748, section 6.1: Bob, and what he and Alice come to know.
    #[test]
    fn both_sides_come_to_know_what_the_rfc_says() {
        let bob = StaticSecret::from(bytes(
            "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
        ));
        let alice = PublicKey::from(bytes(
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
        ));
        assert_eq!(
            *PublicKey::from(&bob).as_bytes(),
            bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
        );
        assert_eq!(
            *bob.diffie_hellman(&alice).as_bytes(),
            bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
        );
    }

    /// RFC 7748, section 5.2: one step from the base point.
    #[test]
    fn one_step_from_the_base_point_is_what_the_rfc_says() {
        let mut nine = [0; 32];
        nine[0] = 9;
        let step = StaticSecret::from(nine).diffie_hellman(&PublicKey::from(nine));
        assert_eq!(
            *step.as_bytes(),
            bytes("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079")
        );
    }
}
