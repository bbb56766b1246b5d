//! From a finished draft to sealed bytes that wait in the outbox.

use std::fmt;

use domain::form::{Form, Problem, QuestionId};
use domain::outbox::Entry;
use domain::report::{Body, Draft};
use domain::time::Timestamp;
use seal::keyset::{Keyset, accept};
use seal::receipt::{DeriveError, Receipt};
use seal::report::SealError;

use crate::storage::{self, Storage};

/// Why a report was not queued. The draft is still there, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsealed {
    /// The phone has never met the server: it needs a connection once, to learn the centre's key.
    NoScheme,
    /// The draft cannot be sent as it is; all of its problems, in the form's order.
    Incomplete(Vec<(QuestionId, Problem)>),
    /// The scheme has no key for this centre; another has to be chosen.
    UnknownCentre,
    /// The account has to be shortened.
    TooLarge,
    /// 32 MB are needed and cannot be had; closing other things helps.
    NoMemory,
    /// The device or its keys are not fit for sealing.
    Unable,
    /// It could not be kept on the phone.
    Storage(storage::Error),
}

impl Unsealed {
    /// A short stable name, for messages between workers and pages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoScheme => "no-scheme",
            Self::Incomplete(_) => "incomplete",
            Self::UnknownCentre => "unknown-centre",
            Self::TooLarge => "too-large",
            Self::NoMemory => "no-memory",
            Self::Unable => "unable",
            Self::Storage(error) => error.code(),
        }
    }
}

impl fmt::Display for Unsealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Unsealed {}

impl From<storage::Error> for Unsealed {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}

impl From<SealError> for Unsealed {
    fn from(error: SealError) -> Self {
        match error {
            SealError::UnknownCentre => Self::UnknownCentre,
            SealError::TooLarge => Self::TooLarge,
            SealError::BadRecipient | SealError::NoRandomness | SealError::Failed => Self::Unable,
        }
    }
}

impl From<DeriveError> for Unsealed {
    fn from(error: DeriveError) -> Self {
        match error {
            DeriveError::NoMemory => Self::NoMemory,
        }
    }
}

/// The digits of a new receipt, in groups of four. They are kept with the draft before it is sealed,
/// so that no crash can part a report from its receipt.
pub fn draw_receipt() -> Result<String, Unsealed> {
    let receipt = Receipt::draw().map_err(|_| Unsealed::Unable)?;
    Ok(receipt.to_string())
}

/// Seals a draft for a centre and queues it under the receipt it was given. Asked again after its
/// answer was lost, it queues nothing twice.
pub async fn seal_and_queue(
    storage: &impl Storage,
    draft: &Draft,
    language: &str,
    centre: &str,
    now: Timestamp,
) -> Result<(), Unsealed> {
    let digits = draft.receipt.as_deref().ok_or(Unsealed::Unable)?;
    let receipt = Receipt::parse(digits).map_err(|_| Unsealed::Unable)?;
    if is_queued(storage, draft).await? {
        return Ok(());
    }
    let keyset = keyset(storage).await?;
    let body =
        Body::parse(draft, &Form::standard(), language, now).map_err(Unsealed::Incomplete)?;
    let mailbox = receipt.derive()?.mailbox();
    let envelope = seal::report::seal(&body, &keyset, centre, mailbox)?;
    let bytes = envelope.to_bytes().map_err(|_| Unsealed::Unable)?;
    let entry = Entry::new(draft.id.clone(), draft.phone, now);
    storage.queue(&entry, &bytes, None).await?;
    Ok(())
}

async fn is_queued(storage: &impl Storage, draft: &Draft) -> Result<bool, Unsealed> {
    let outbox = storage.outbox().await?;
    Ok(outbox.iter().any(|kept| kept.entry.id == draft.id))
}

async fn keyset(storage: &impl Storage) -> Result<Keyset, Unsealed> {
    let (scheme, pin) = storage.scheme().await?.ok_or(Unsealed::NoScheme)?;
    let accepted = accept(&scheme, Some(&pin)).map_err(|_| Unsealed::Unable)?;
    Ok(accepted.keyset)
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use domain::report::Phone;
    use domain::wire::open_envelope;

    use super::*;
    use crate::memory::Memory;
    use crate::samples::{NOW, at_once, draft, scheme};

    fn ready(phone: Phone) -> Draft {
        Draft {
            receipt: Some(draw_receipt().expect("random numbers")),
            ..draft(1, phone)
        }
    }

    fn seal(storage: &Memory, draft: &Draft) -> Result<(), Unsealed> {
        at_once(seal_and_queue(storage, draft, "en", "north", NOW))
    }

    #[test]
    fn a_draft_becomes_sealed_bytes_whose_mailbox_its_receipt_leads_to() {
        let (storage, draft) = (Memory::default(), ready(Phone::Mine));
        met(&storage);
        seal(&storage, &draft).expect("sealed");
        let outbox = at_once(storage.outbox()).expect("readable");
        assert_eq!(outbox[0].receipt, None, "it lies behind the lock");
        let bytes = at_once(storage.envelope(&outbox[0].entry.id)).expect("readable");
        let (label, _) = open_envelope(&bytes.expect("held")).expect("an envelope");
        let digits = draft.receipt.clone().expect("drawn");
        let keys = Receipt::parse(&digits).expect("a receipt").derive();
        assert_eq!(label.mailbox, keys.expect("memory").mailbox());
    }

    #[test]
    fn asking_twice_leaves_the_first_bytes() {
        let (storage, draft) = (Memory::default(), ready(Phone::Mine));
        met(&storage);
        seal(&storage, &draft).expect("sealed");
        let bytes = at_once(storage.envelope(&draft.id));
        seal(&storage, &draft).expect("sealed before");
        assert_eq!(at_once(storage.envelope(&draft.id)), bytes);
    }

    #[track_caller]
    fn refused(prepare: impl FnOnce(&Memory), change: impl FnOnce(&mut Draft), why: &str) {
        let storage = Memory::default();
        let mut draft = ready(Phone::Mine);
        prepare(&storage);
        change(&mut draft);
        let refused = seal(&storage, &draft).expect_err("refused");
        assert_eq!(refused.code(), why);
        assert_eq!(at_once(storage.outbox()), Ok(vec![]));
    }

    fn met(storage: &Memory) {
        let (scheme, pin) = scheme();
        at_once(storage.keep_scheme(&scheme, &pin)).expect("room");
    }

    #[test]
    fn what_cannot_be_sealed_says_why_and_queues_nothing() {
        refused(|_| (), |_| (), "no-scheme");
        refused(met, |draft| draft.answers.clear(), "incomplete");
        refused(met, |draft| draft.receipt = None, "unable");
        refused(met, |draft| draft.receipt = Some("1234".into()), "unable");
        refused(
            |s| {
                met(s);
                s.fill_up();
            },
            |_| (),
            "full",
        );
    }
}
