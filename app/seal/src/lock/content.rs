//! Content, sealed with a lock's key.

use chacha20poly1305::Nonce;
use chacha20poly1305::aead::{AeadInPlace, Tag};
use domain::id::LockId;
use zeroize::Zeroizing;

use super::record::cipher;
use super::{Key, LockError};
use crate::randomness;

/// The first byte; another layout gets another.
const LAYOUT: u8 = 1;
/// Layout, lock and revision: readable to all, and part of what the tag protects.
const HEADER: usize = 1 + 26 + 8;
const NONCE: usize = 12;
const TAG: usize = 16;

/// Sealed content: layout, the lock's id, the revision, a nonce, what is inside, a tag.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Key {
    /// Seals content. Every revision of a lock's content has a number one higher than the last,
    /// so that one tab cannot overwrite in silence what another has written since.
    pub fn seal(&self, revision: u64, content: &[u8]) -> Result<Sealed, LockError> {
        let nonce = randomness::draw::<NONCE>()?;
        Ok(self.seal_with(revision, content, &nonce))
    }

    pub(super) fn seal_with(&self, revision: u64, content: &[u8], nonce: &[u8; NONCE]) -> Sealed {
        let mut bytes = Vec::with_capacity(HEADER + NONCE + content.len() + TAG);
        bytes.push(LAYOUT);
        bytes.extend(self.id.as_str().as_bytes());
        bytes.extend(revision.to_be_bytes());
        bytes.extend(nonce);
        bytes.extend(content);
        let (head, inside) = bytes.split_at_mut(HEADER + NONCE);
        let bound = self.bound(&head[..HEADER]);
        let tag = cipher(&self.secret)
            .encrypt_in_place_detached(Nonce::from_slice(nonce), &bound, inside)
            .expect("content is far shorter than the cipher's limit of 256 GB");
        bytes.extend(tag);
        Sealed(bytes)
    }

    /// Opens content.
    pub fn open(&self, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, LockError> {
        let (header, rest) = sealed.0.split_at(HEADER);
        let (nonce, rest) = rest.split_at(NONCE);
        let (inside, tag) = rest.split_at(rest.len() - TAG);
        let mut plain = Zeroizing::new(inside.to_vec());
        let tag = Tag::<chacha20poly1305::ChaCha20Poly1305>::from_slice(tag);
        cipher(&self.secret)
            .decrypt_in_place_detached(
                Nonce::from_slice(nonce),
                &self.bound(header),
                &mut plain,
                tag,
            )
            .map_err(|_| LockError::Damaged)?;
        Ok(plain)
    }

    /// Header and name: content of one lock is never taken for that of another.
    fn bound(&self, header: &[u8]) -> Vec<u8> {
        [header, self.name.as_str().as_bytes()].concat()
    }
}

impl Sealed {
    /// Takes bytes as they lay on the phone.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, LockError> {
        match bytes.first() {
            Some(&LAYOUT) if bytes.len() >= HEADER + NONCE + TAG => Ok(Self(bytes)),
            Some(&layout) if layout > LAYOUT => Err(LockError::TooNew),
            _ => Err(LockError::Damaged),
        }
    }

    /// The bytes, to be kept.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether this lock's key sealed it, as its header says.
    pub fn is_of(&self, lock: &LockId) -> bool {
        &self.0[1..27] == lock.as_str().as_bytes()
    }

    /// Its number among the revisions of this lock's content.
    pub fn revision(&self) -> u64 {
        let mut revision = [0; 8];
        revision.copy_from_slice(&self.0[27..HEADER]);
        u64::from_be_bytes(revision)
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}
