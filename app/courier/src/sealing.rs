//! From a finished draft to sealed bytes that wait in the outbox.

use std::fmt;

use domain::form::{Form, Problem, QuestionId};
use domain::outbox::Entry;
use domain::report::{Body, Draft};
use domain::time::Timestamp;
use domain::wire::Envelope;
use seal::keyset::{Keyset, accept};
use seal::receipt::{DeriveError, Receipt};
use seal::report::SealError;

use crate::storage::{self, Queued, Storage};

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
    /// It was queued before, and its receipt is kept nowhere.
    Before,
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
            Self::Before => "queued-before",
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

/// Seals a draft for a centre and queues it; gives the receipt, in groups of four digits. Asked
/// again after its answer was lost, it gives the same receipt and queues nothing twice.
pub async fn seal_and_queue(
    storage: &impl Storage,
    draft: &Draft,
    language: &str,
    centre: &str,
    now: Timestamp,
) -> Result<String, Unsealed> {
    if let Some(receipt) = queued_before(storage, draft).await? {
        return Ok(receipt);
    }
    let keyset = keyset(storage).await?;
    let body =
        Body::parse(draft, &Form::standard(), language, now).map_err(Unsealed::Incomplete)?;
    let (envelope, receipt) = sealed(&body, &keyset, centre)?;
    let bytes = envelope.to_bytes().map_err(|_| Unsealed::Unable)?;
    let entry = Entry::new(draft.id.clone(), draft.phone, now);
    match storage.queue(&entry, &bytes, Some(&receipt)).await? {
        Queued::Now => Ok(receipt),
        Queued::Before => queued_before(storage, draft).await?.ok_or(Unsealed::Before),
    }
}

async fn queued_before(storage: &impl Storage, draft: &Draft) -> Result<Option<String>, Unsealed> {
    let outbox = storage.outbox().await?;
    let before = outbox.into_iter().find(|kept| kept.entry.id == draft.id);
    before
        .map(|kept| kept.receipt.ok_or(Unsealed::Before))
        .transpose()
}

async fn keyset(storage: &impl Storage) -> Result<Keyset, Unsealed> {
    let (scheme, pin) = storage.scheme().await?.ok_or(Unsealed::NoScheme)?;
    let accepted = accept(&scheme, Some(&pin)).map_err(|_| Unsealed::Unable)?;
    Ok(accepted.keyset)
}

fn sealed(body: &Body, keyset: &Keyset, centre: &str) -> Result<(Envelope, String), Unsealed> {
    let receipt = Receipt::draw().map_err(|_| Unsealed::Unable)?;
    let mailbox = receipt.derive()?.mailbox();
    let envelope = seal::report::seal(body, keyset, centre, mailbox)?;
    Ok((envelope, receipt.to_string()))
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use domain::report::Phone;
    use domain::wire::open_envelope;

    use super::*;
    use crate::memory::Memory;
    use crate::samples::{NOW, at_once, draft, scheme};

    fn queued(phone: Phone) -> (Memory, Result<String, Unsealed>) {
        let storage = Memory::default();
        let (scheme, pin) = scheme();
        at_once(storage.keep_scheme(&scheme, &pin)).expect("room");
        at_once(storage.keep_draft(&draft(1, phone))).expect("room");
        let receipt = at_once(seal_and_queue(
            &storage,
            &draft(1, phone),
            "en",
            "north",
            NOW,
        ));
        (storage, receipt)
    }

    #[test]
    fn a_draft_becomes_sealed_bytes_and_a_receipt_that_leads_to_its_mailbox() {
        let (storage, receipt) = queued(Phone::Mine);
        let receipt = receipt.expect("sealed");
        assert_eq!(at_once(storage.draft()), Ok(None));
        let outbox = at_once(storage.outbox()).expect("readable");
        assert_eq!(outbox[0].receipt.as_ref(), Some(&receipt));
        let bytes = at_once(storage.envelope(&outbox[0].entry.id)).expect("readable");
        let (label, _) = open_envelope(&bytes.expect("held")).expect("an envelope");
        let keys = Receipt::parse(&receipt).expect("a receipt").derive();
        assert_eq!(label.mailbox, keys.expect("memory").mailbox());
    }

    #[test]
    fn a_watched_phone_keeps_no_receipt() {
        let (storage, receipt) = queued(Phone::Watched);
        assert!(receipt.is_ok());
        assert_eq!(
            at_once(storage.outbox()).expect("readable")[0].receipt,
            None
        );
    }

    #[test]
    fn asking_twice_gives_the_same_receipt_and_the_same_bytes() {
        let (storage, receipt) = queued(Phone::Mine);
        let id = draft(1, Phone::Mine).id;
        let bytes = at_once(storage.envelope(&id));
        let draft = draft(1, Phone::Mine);
        let again = at_once(seal_and_queue(&storage, &draft, "en", "north", NOW));
        assert_eq!(again, receipt);
        assert_eq!(at_once(storage.envelope(&id)), bytes);
    }

    #[track_caller]
    fn refused(prepare: impl FnOnce(&Memory), change: impl FnOnce(&mut Draft), why: &str) {
        let storage = Memory::default();
        let mut draft = draft(1, Phone::Mine);
        at_once(storage.keep_draft(&draft)).expect("room");
        prepare(&storage);
        change(&mut draft);
        let sealed = at_once(seal_and_queue(&storage, &draft, "en", "north", NOW));
        assert_eq!(sealed.expect_err("refused").code(), why);
        assert!(
            at_once(storage.draft()).expect("readable").is_some(),
            "the draft is kept"
        );
        assert_eq!(at_once(storage.outbox()), Ok(vec![]));
    }

    fn met(storage: &Memory) {
        let (scheme, pin) = scheme();
        at_once(storage.keep_scheme(&scheme, &pin)).expect("room");
    }

    #[test]
    fn what_cannot_be_sealed_says_why_and_loses_nothing() {
        refused(|_| (), |_| (), "no-scheme");
        refused(met, |draft| draft.answers.clear(), "incomplete");
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
