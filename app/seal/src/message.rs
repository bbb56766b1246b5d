//! Messages of a mailbox, sealed: answers of the centre, and what the holder of the receipt writes back.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::identity;
use crate::keyset::Keyset;
use crate::receipt::MailboxKeys;
use crate::report::{OpenError, SealError, decrypt, encrypt};

/// Version of a message's shape.
const VERSION: u32 = 1;
/// What a message's JSON is padded to, in bytes.
const SIZE_CLASSES: [usize; 4] = [1024, 4 * 1024, 16 * 1024, 60 * 1024];

/// What is sealed: JSON of this shape, padded with spaces.
#[derive(Serialize, Deserialize)]
struct Written {
    version: u32,
    text: String,
}

/// Seals an answer to whoever holds the receipt, and to its writers, who may want to read it again.
pub fn seal_answer(text: &str, reply: &str, own: &[&str]) -> Result<Vec<u8>, SealError> {
    let recipients: Vec<_> = [reply].into_iter().chain(own.iter().copied()).collect();
    encrypt(&padded(text)?, &recipients)
}

/// Seals what the holder of a receipt writes to the centre; they can read it again themselves.
pub fn seal_to_centre(
    text: &str,
    keyset: &Keyset,
    centre: &str,
    keys: &MailboxKeys,
) -> Result<Vec<u8>, SealError> {
    let centre = keyset.centre(centre).ok_or(SealError::UnknownCentre)?;
    let own = identity::recipient(&keys.reply).map_err(|_| SealError::Failed)?;
    encrypt(&padded(text)?, &[&centre.recipient, &keyset.recovery, &own])
}

/// Opens a message with an identity it was sealed to.
pub fn open_message(sealed: &[u8], identity: &str) -> Result<String, OpenError> {
    let json = decrypt(sealed, identity)?;
    let written: Written = serde_json::from_slice(&json).map_err(|_| OpenError::NotAReport)?;
    match written.version {
        VERSION => Ok(written.text),
        newer => Err(OpenError::TooNew(newer)),
    }
}

fn padded(text: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let written = Written {
        version: VERSION,
        text: text.to_owned(),
    };
    let mut json = Zeroizing::new(serde_json::to_vec(&written).map_err(|_| SealError::Failed)?);
    let class = SIZE_CLASSES.into_iter().find(|&class| json.len() <= class);
    json.resize(class.ok_or(SealError::TooLarge)?, b' ');
    Ok(json)
}

#[cfg(test)]
mod tests {
    use domain::id::{MailboxId, Sha256};
    use domain::wire::MAX_MESSAGE;

    use super::*;
    use crate::keyset::CentreKey;

    fn key(byte: u8) -> String {
        identity::from_bytes(&[byte; 32])
    }

    fn recipient(byte: u8) -> String {
        identity::recipient(&key(byte)).expect("an identity")
    }

    #[test]
    fn an_answer_opens_for_the_receipt_and_its_writers_alone() {
        let sealed = seal_answer("We rang them. \u{2764}", &recipient(1), &[&recipient(2)]);
        let sealed = sealed.expect("sealed");
        for byte in [1, 2] {
            let opened = open_message(&sealed, &key(byte));
            assert_eq!(opened.as_deref(), Ok("We rang them. \u{2764}"));
        }
        assert_eq!(open_message(&sealed, &key(3)), Err(OpenError::OtherKey));
    }

    #[test]
    fn a_message_opens_for_the_centre_for_recovery_and_for_its_writer() {
        let keyset = Keyset {
            version: 1,
            centres: vec![CentreKey {
                id: "north".into(),
                recipient: recipient(1),
            }],
            recovery: recipient(2),
        };
        let keys = MailboxKeys {
            id: MailboxId::from_random([5; 16]),
            token: [4; 32],
            token_hash: Sha256([6; 32]),
            reply: key(3),
        };
        let sealed = seal_to_centre("It was Tuesday.", &keyset, "north", &keys).expect("sealed");
        for byte in 1..=3 {
            assert_eq!(
                open_message(&sealed, &key(byte)).as_deref(),
                Ok("It was Tuesday.")
            );
        }
        let nowhere = seal_to_centre("x", &keyset, "south", &keys);
        assert_eq!(nowhere, Err(SealError::UnknownCentre));
        let longest = "x".repeat(SIZE_CLASSES[3] - 30);
        let sealed = seal_to_centre(&longest, &keyset, "north", &keys).expect("sealed");
        assert!(sealed.len() <= MAX_MESSAGE);
        let longer = "x".repeat(SIZE_CLASSES[3]);
        assert_eq!(
            seal_answer(&longer, &recipient(1), &[]),
            Err(SealError::TooLarge)
        );
    }
}
