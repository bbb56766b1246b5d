//! Sealing what follows a report, piece by piece: a picture, a recording, a document.
//!
//! A part is sealed when it is added, before anybody has chosen a centre, to an identity that is drawn
//! for its draft; the report carries that identity. Zeros behind it hide its length.

use std::cell::RefCell;
use std::io::{self, Write};
use std::iter;
use std::rc::Rc;

use age::stream::StreamWriter;
use domain::id::Sha256;
use sha2::Digest;
use zeroize::Zeroizing;

use crate::randomness;
use crate::report::{OpenError, SealError, decrypt};

/// Lengths are rounded up to at least so many bytes.
const STEP: u64 = 64 * 1024;

/// What a part of this length is padded to: to 64 KiB, and beyond 1 MiB to a sixteenth of its size.
pub fn padded_length(plain: u64) -> u64 {
    let largest_power = plain.checked_ilog2().map_or(0, |log| 1_u64 << log);
    plain
        .max(1)
        .next_multiple_of((largest_power / 16).max(STEP))
}

/// Where the writer of age puts what is sealed. Everything sealed goes through it: another kind of
/// writer would be all of age's writing once more on every phone.
#[derive(Clone, Default)]
pub(crate) struct Sealed(Rc<RefCell<Vec<u8>>>);

impl Sealed {
    /// What was written since this was last asked.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.0.take()
    }
}

impl Write for Sealed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A part that is being sealed.
pub struct PartSealer {
    writer: StreamWriter<Sealed>,
    sealed: Sealed,
    plain: u64,
    plain_hash: sha2::Sha256,
    length: u64,
    hash: sha2::Sha256,
}

/// What is known of a part once it is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedPart {
    /// Bytes of the age file.
    pub length: u64,
    /// Of the age file.
    pub sha256: Sha256,
    /// Bytes before padding: the report says it, so that whoever opens the part can cut it there.
    pub plain: u64,
    /// Of the bytes before padding.
    pub plain_sha256: Sha256,
}

impl PartSealer {
    /// Begins a part that this recipient will open.
    pub fn to(recipient: &str) -> Result<Self, SealError> {
        // age would panic where there are no random numbers; asking first makes it an answer.
        randomness::draw::<1>().map_err(|_| SealError::NoRandomness)?;
        let recipient: age::x25519::Recipient =
            recipient.parse().map_err(|_| SealError::BadRecipient)?;
        let recipients = iter::once(&recipient as &dyn age::Recipient);
        let encryptor =
            age::Encryptor::with_recipients(recipients).map_err(|_| SealError::Failed)?;
        let sealed = Sealed::default();
        let writer = encryptor
            .wrap_output(sealed.clone())
            .map_err(|_| SealError::Failed)?;
        Ok(Self {
            writer,
            sealed,
            plain: 0,
            plain_hash: sha2::Sha256::new(),
            length: 0,
            hash: sha2::Sha256::new(),
        })
    }

    /// Takes in the next bytes; gives back what is sealed so far and not yet given.
    pub fn write(&mut self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.plain += plain.len() as u64;
        self.plain_hash.update(plain);
        self.writer
            .write_all(plain)
            .map_err(|_| SealError::Failed)?;
        Ok(self.given())
    }

    /// Pads, and gives back the rest.
    pub fn finish(mut self) -> Result<(Vec<u8>, SealedPart), SealError> {
        let plain = self.plain;
        let zeros = [0; 4096];
        let mut missing = (padded_length(plain) - plain) as usize;
        while missing > 0 {
            let some = missing.min(zeros.len());
            let padded = self.writer.write_all(&zeros[..some]);
            padded.map_err(|_| SealError::Failed)?;
            missing -= some;
        }
        let Self {
            writer,
            sealed,
            mut length,
            mut hash,
            plain_hash,
            ..
        } = self;
        writer.finish().map_err(|_| SealError::Failed)?;
        let rest = sealed.take();
        length += rest.len() as u64;
        hash.update(&rest);
        let part = SealedPart {
            length,
            sha256: Sha256(hash.finalize().into()),
            plain,
            plain_sha256: Sha256(plain_hash.finalize().into()),
        };
        Ok((rest, part))
    }

    fn given(&mut self) -> Vec<u8> {
        let given = self.sealed.take();
        self.length += given.len() as u64;
        self.hash.update(&given);
        given
    }
}

/// Opens a part with its draft's identity, and cuts off what it was padded with.
pub fn open_part(
    sealed: &[u8],
    identity: &str,
    plain: u64,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let mut padded = decrypt(sealed, identity)?;
    let plain = usize::try_from(plain).map_err(|_| OpenError::Damaged)?;
    if plain > padded.len() || padded[plain..].iter().any(|byte| *byte != 0) {
        return Err(OpenError::Damaged);
    }
    padded.truncate(plain);
    Ok(padded)
}

#[cfg(test)]
mod tests {
    use domain::wire::MAX_PART;
    use proptest::prelude::*;

    use super::*;
    use crate::identity;

    fn sealed(pieces: &[&[u8]]) -> (Vec<u8>, SealedPart, String) {
        let key = identity::from_bytes(&[9; 32]);
        let recipient = identity::recipient(&key).expect("an identity");
        let mut sealer = PartSealer::to(&recipient).expect("begun");
        let mut all = Vec::new();
        for piece in pieces {
            all.extend(sealer.write(piece).expect("sealed"));
        }
        let (rest, part) = sealer.finish().expect("sealed");
        all.extend(rest);
        (all, part, key)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_part_opens_to_the_byte_however_it_was_cut(
            bytes in proptest::collection::vec(any::<u8>(), 0..200_000),
            cut in any::<prop::sample::Index>(),
        ) {
            let at = cut.index(bytes.len() + 1);
            let (all, part, key) = sealed(&[&bytes[..at], &bytes[at..]]);
            prop_assert_eq!(part.length, all.len() as u64);
            let hash: [u8; 32] = sha2::Sha256::digest(&all).into();
            prop_assert_eq!(part.sha256, Sha256(hash));
            prop_assert_eq!(part.plain, bytes.len() as u64);
            let plain_hash: [u8; 32] = sha2::Sha256::digest(&bytes).into();
            prop_assert_eq!(part.plain_sha256, Sha256(plain_hash));
            let opened = open_part(&all, &key, part.plain).expect("it opens");
            prop_assert_eq!(&opened[..], &bytes[..]);
        }
    }

    #[test]
    fn lengths_say_little_and_the_largest_file_fits() {
        let all = [(0, 1), (1, 1), (65_536, 1), (65_537, 2), (1 << 20, 16)];
        for (plain, steps) in all {
            assert_eq!(padded_length(plain), steps * STEP, "{plain}");
        }
        assert_eq!(padded_length((20 << 20) + 1), 21 << 20);
        let largest = padded_length(25 << 20);
        // Sixteen bytes for each 64 KiB, and the head.
        let sealed = largest + (largest / STEP + 1) * 16 + 1024;
        assert!(sealed <= u64::from(MAX_PART));
    }

    #[test]
    fn a_part_whose_chunks_were_exchanged_or_left_out_stays_closed() {
        /// Bytes in one sealed chunk of an age file.
        const CHUNK: usize = 64 * 1024 + 16;
        let (all, part, key) = sealed(&[&[1; 150_000]]);
        let begins = all.len() - 3 * CHUNK;
        let mut exchanged = all.clone();
        let (one, other) = exchanged[begins..].split_at_mut(CHUNK);
        one.swap_with_slice(&mut other[..CHUNK]);
        let shorter = [&all[..begins], &all[begins + CHUNK..]].concat();
        let cut = all[..all.len() - CHUNK].to_vec();
        let again = [&all[..], &all[all.len() - CHUNK..]].concat();
        for changed in [exchanged, shorter, cut, again] {
            let opened = open_part(&changed, &key, part.plain);
            assert_eq!(opened.map(drop), Err(OpenError::Damaged));
        }
        assert!(open_part(&all, &key, part.plain).is_ok());
    }

    #[test]
    fn a_part_that_was_changed_or_is_said_to_be_longer_stays_closed() {
        let (mut all, part, key) = sealed(&[b"a picture"]);
        assert_eq!(open_part(&all, &key, 8).map(drop), Err(OpenError::Damaged));
        let longer = part.length;
        assert_eq!(
            open_part(&all, &key, longer).map(drop),
            Err(OpenError::Damaged)
        );
        let other = identity::from_bytes(&[8; 32]);
        assert_eq!(
            open_part(&all, &other, 9).map(drop),
            Err(OpenError::OtherKey)
        );
        let at = all.len() - 100;
        all[at] ^= 1;
        assert_eq!(open_part(&all, &key, 9).map(drop), Err(OpenError::Damaged));
    }
}
