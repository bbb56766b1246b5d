//! A lock on content that stays on this phone: a random key, wrapped by what its holder knows.
//!
//! Opening takes three steps, because the middle one is the browser's: [`Record::by_pin`] (or
//! `by_passkey`, `by_device`) makes a [`Question`]; a device key that no script can read turns it
//! into an answer; [`Record::open`] unwraps the [`Key`] with both. A forgotten PIN cannot be
//! replaced: without PIN or passkey the content is lost, and all that is left is to start again.

mod content;
mod record;

pub use self::content::Sealed;
pub use self::record::{Record, VERSION, Wrapped};

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use domain::id::LockId;
use domain::lock::{Cost, Name, Pin};
use hkdf::Hkdf;
use zeroize::Zeroizing;

use crate::randomness::{self, NoRandomness};

/// The key of one lock, for as long as it is open.
pub struct Key {
    id: LockId,
    name: Name,
    secret: Zeroizing<[u8; 32]>,
}

impl Key {
    /// A new key.
    pub fn draw(name: Name) -> Result<Self, NoRandomness> {
        let id = LockId::from_random(*randomness::draw()?);
        let secret = randomness::draw()?;
        Ok(Self { id, name, secret })
    }

    /// Whose key it is.
    pub fn id(&self) -> &LockId {
        &self.id
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

/// What the device key is asked to answer: HMAC-SHA-256 of [`Question::bytes`].
pub struct Question {
    salt: [u8; 16],
    stretched: Zeroizing<[u8; 32]>,
    way: &'static str,
}

/// What the device key answered.
pub type Answer = Zeroizing<[u8; 32]>;

impl Question {
    /// The question to wrap by a PIN anew. Takes what `cost` says.
    pub fn of_pin(pin: &Pin, cost: Cost) -> Result<Self, LockError> {
        Self::pin(pin, cost, *randomness::draw()?)
    }

    /// The question to wrap by what a passkey gives for this lock (its PRF output) anew.
    pub fn of_passkey(prf: &[u8; 32]) -> Result<Self, LockError> {
        Ok(Self::passkey(prf, *randomness::draw()?))
    }

    /// The question to wrap by the device key alone.
    pub fn of_device() -> Result<Self, LockError> {
        Ok(Self::device(*randomness::draw()?))
    }

    fn pin(pin: &Pin, cost: Cost, salt: [u8; 16]) -> Result<Self, LockError> {
        let stretched = stretch(pin.digits(), &salt, cost)?;
        Ok(Self {
            salt,
            stretched,
            way: "pin",
        })
    }

    fn passkey(prf: &[u8; 32], salt: [u8; 16]) -> Self {
        Self {
            salt,
            stretched: Zeroizing::new(*prf),
            way: "passkey",
        }
    }

    fn device(salt: [u8; 16]) -> Self {
        Self {
            salt,
            stretched: Zeroizing::new([0; 32]),
            way: "device",
        }
    }

    /// What the device key takes the HMAC of.
    pub fn bytes(&self) -> Zeroizing<[u8; 48]> {
        let mut bytes = Zeroizing::new([0; 48]);
        bytes[..16].copy_from_slice(&self.salt);
        bytes[16..].copy_from_slice(&*self.stretched);
        bytes
    }

    /// The key that wraps: neither the PIN nor the device alone gives it. Each salt, and so each
    /// of these, wraps only once, which is why the cipher's nonce may be zero.
    fn wrapping_key(&self, answer: &Answer, name: Name) -> Zeroizing<[u8; 32]> {
        let mut both = Zeroizing::new([0; 64]);
        both[..32].copy_from_slice(&*self.stretched);
        both[32..].copy_from_slice(&**answer);
        let hkdf = Hkdf::<sha2::Sha256>::new(Some(&self.salt), &*both);
        let label = ["safe-place lock v1 ", name.as_str(), " ", self.way];
        let label = label.map(str::as_bytes);
        let mut key = Zeroizing::new([0; 32]);
        hkdf.expand_multi_info(&label, key.as_mut_slice())
            .expect("32 bytes are fewer than HKDF's limit of 8160");
        key
    }
}

/// Goes through the memory once as the least cost asks, for measuring how long it takes.
pub fn try_out() -> Result<(), LockError> {
    stretch(b"000000", &[0; 16], Cost::LEAST).map(drop)
}

fn stretch(secret: &[u8], salt: &[u8; 16], cost: Cost) -> Result<Zeroizing<[u8; 32]>, LockError> {
    let params = Params::new(cost.memory(), cost.passes(), 1, Some(32));
    let params = params.expect("a cost is within Argon2's bounds");
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = Zeroizing::new([0; 32]);
    argon
        .hash_password_into(secret, salt, out.as_mut_slice())
        .map_err(|_| LockError::NoMemory)?;
    Ok(out)
}

/// Why a lock stays closed, or was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockError {
    /// Not this PIN, passkey or phone.
    Wrong,
    /// There is no wrapping of this kind.
    NoSuchWay,
    /// The content was changed, cut short, or belongs to another lock.
    Damaged,
    /// A newer release wrote it.
    TooNew,
    /// Too little free memory; closing other things helps.
    NoMemory,
    /// The device gives no random numbers.
    NoRandomness,
}

impl LockError {
    /// A short stable name, for messages between workers and pages.
    pub fn code(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::NoSuchWay => "no-such-way",
            Self::Damaged => "damaged",
            Self::TooNew => "too-new",
            Self::NoMemory => "no-memory",
            Self::NoRandomness => "unable",
        }
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for LockError {}

impl From<NoRandomness> for LockError {
    fn from(_: NoRandomness) -> Self {
        Self::NoRandomness
    }
}

#[cfg(test)]
mod tests;
