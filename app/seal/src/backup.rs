//! A copy of what a phone holds, to be carried to another: an age file locked by a passphrase.
//!
//! `age -d backup.age` opens it without this software. Inside is JSON: a version, when it was made,
//! and parts by name, which this file neither knows nor looks into.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::iter;

use age::secrecy::SecretString;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::randomness;
use crate::report::written;

/// The version this release writes.
pub const VERSION: u32 = 1;
/// Fewest characters of a passphrase: four short words.
pub const SHORTEST_PASSPHRASE: usize = 12;
/// Largest file read, in bytes; a phone would run out of memory on more.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// scrypt with N = 2^15: 32 MiB and about half a second on a slow phone.
const WORK: u8 = 15;
/// The most that is read, 128 MiB. A file made to freeze the phone asks for more.
const MOST_WORK: u8 = 17;
/// The line every age file begins with.
const AGE: &[u8] = b"age-encryption.org/v1\n";

/// What lies inside.
#[derive(Serialize, Deserialize)]
pub struct Backup {
    /// Always [`VERSION`] or less once read.
    pub version: u32,
    /// When it was made, by that phone's clock.
    pub made: Timestamp,
    /// JSON by name.
    pub parts: BTreeMap<String, Box<RawValue>>,
}

/// Why there is no backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealError {
    /// The passphrase is too short.
    ShortPassphrase,
    /// The parts are not a JSON object.
    BadParts,
    /// More than a phone could read back.
    TooLarge,
    /// The device gives no random numbers, or age failed.
    Unable,
}

impl SealError {
    /// A short stable name, for messages between workers and pages.
    pub fn code(self) -> &'static str {
        match self {
            Self::ShortPassphrase => "passphrase-short",
            Self::BadParts => "incomplete",
            Self::TooLarge => "too-large",
            Self::Unable => "unable",
        }
    }
}

/// Why a backup was not read. Nothing on the phone has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// These bytes are not a file locked by a passphrase, or not one of ours.
    NotABackup,
    /// The passphrase is another. (Damage to the one line that holds the key looks the same.)
    WrongPassphrase,
    /// Cut short or changed on the way.
    Damaged,
    /// A newer release wrote it: this is its version.
    TooNew(u32),
    /// Opening it would take this phone's memory or hours: made elsewhere, or in bad faith.
    TooMuchWork,
    /// Larger than any backup this app makes.
    TooLarge,
}

impl OpenError {
    /// A short stable name, for messages between workers and pages.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotABackup => "not-a-backup",
            Self::WrongPassphrase => "wrong-passphrase",
            Self::Damaged => "damaged",
            Self::TooNew(_) => "too-new",
            Self::TooMuchWork => "too-much-work",
            Self::TooLarge => "too-large",
        }
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for SealError {}
impl std::error::Error for OpenError {}

/// Locks the parts, a JSON object in text, by a passphrase.
pub fn seal(parts: &str, passphrase: &str, made: Timestamp) -> Result<Vec<u8>, SealError> {
    let passphrase = meant(passphrase);
    if passphrase.chars().count() < SHORTEST_PASSPHRASE {
        return Err(SealError::ShortPassphrase);
    }
    let parts = serde_json::from_str(parts).map_err(|_| SealError::BadParts)?;
    let backup = Backup {
        version: VERSION,
        made,
        parts,
    };
    let plain = serde_json::to_vec(&backup).map_err(|_| SealError::BadParts)?;
    let plain = Zeroizing::new(plain);
    if plain.len() > LARGEST - 64 * 1024 {
        return Err(SealError::TooLarge);
    }
    // age would panic where there are no random numbers; asking first makes it an answer.
    randomness::draw::<1>().map_err(|_| SealError::Unable)?;
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase));
    recipient.set_work_factor(WORK);
    encrypt(&plain, &recipient)
}

fn encrypt(plain: &[u8], recipient: &age::scrypt::Recipient) -> Result<Vec<u8>, SealError> {
    let encryptor = age::Encryptor::with_recipients(iter::once(recipient as &dyn age::Recipient))
        .map_err(|_| SealError::Unable)?;
    written(encryptor, plain).ok_or(SealError::Unable)
}

/// Opens a backup.
pub fn open(sealed: &[u8], passphrase: &str) -> Result<Backup, OpenError> {
    let text = open_text(sealed, passphrase)?;
    serde_json::from_str(&text).map_err(|_| OpenError::NotABackup)
}

/// Opens a backup, for those who read its parts themselves: the text of a [`Backup`].
pub fn open_text(sealed: &[u8], passphrase: &str) -> Result<Zeroizing<String>, OpenError> {
    let mut plain = decrypt(sealed, passphrase)?;
    let Versioned { version } =
        serde_json::from_slice(&plain).map_err(|_| OpenError::NotABackup)?;
    if version > VERSION {
        return Err(OpenError::TooNew(version));
    }
    serde_json::from_slice::<Backup>(&plain).map_err(|_| OpenError::NotABackup)?;
    let text = String::from_utf8(std::mem::take(&mut *plain));
    text.map(Zeroizing::new).map_err(|_| OpenError::NotABackup)
}

/// All that every version has in common.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

fn decrypt(sealed: &[u8], passphrase: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    if sealed.len() > LARGEST {
        return Err(OpenError::TooLarge);
    }
    if !sealed.starts_with(AGE) {
        return Err(OpenError::NotABackup);
    }
    let decryptor = age::Decryptor::new(sealed).map_err(|_| OpenError::Damaged)?;
    if !decryptor.is_scrypt() {
        return Err(OpenError::NotABackup);
    }
    let mut identity = age::scrypt::Identity::new(SecretString::from(meant(passphrase)));
    identity.set_max_work_factor(MOST_WORK);
    let mut reader = decryptor
        .decrypt(iter::once(&identity as &dyn age::Identity))
        .map_err(|error| match error {
            age::DecryptError::ExcessiveWork { .. } => OpenError::TooMuchWork,
            age::DecryptError::DecryptionFailed | age::DecryptError::NoMatchingKeys => {
                OpenError::WrongPassphrase
            }
            _ => OpenError::Damaged,
        })?;
    // Room for everything at once: growing would leave copies behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader
        .read_to_end(&mut plain)
        .map_err(|_| OpenError::Damaged)?;
    Ok(plain)
}

/// Without the space that keyboards add at the end of a word.
fn meant(passphrase: &str) -> String {
    passphrase.trim().to_owned()
}

#[cfg(test)]
mod tests;
