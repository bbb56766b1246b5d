//! From a finished report to sealed bytes that wait in the outbox.

use std::fmt;

use domain::id::ReportId;
use domain::outbox::Entry;
use domain::report::Phone;
use domain::time::Timestamp;
use domain::wire::Part;
use seal::identity;
use seal::keyset::{Keyset, accept};
use seal::receipt::{DeriveError, Receipt};
use seal::report::SealError;

use crate::storage::{self, Storage};

/// Why a report was not queued. The draft is still there, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsealed {
    /// The phone has never met the server: it needs a connection once, to learn the centre's key.
    NoScheme,
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

/// A finished report, written as JSON already: what it asks is no business of whoever carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Of the draft it was made from.
    pub id: ReportId,
    /// Whose phone this is.
    pub phone: Phone,
    /// The digits it is sealed with, kept with the draft before.
    pub digits: String,
    /// A `domain::report::Body` as JSON.
    pub body: String,
    /// The files it names, sealed already.
    pub parts: Vec<Part>,
}

/// The body for the centre: with the identity where the draft has only its recipient. Drafts of older
/// releases hold their identity themselves.
pub fn with_identity(body: &str, identity: &str) -> Result<String, Unsealed> {
    let recipient = identity::recipient(identity).map_err(|_| Unsealed::Unable)?;
    let place_of = |text: &str| {
        let mut places = body.as_bytes().windows(text.len());
        places.position(|place| place == text.as_bytes())
    };
    match place_of(&recipient) {
        Some(at) => Ok([&body[..at], identity, &body[at + recipient.len()..]].concat()),
        None if place_of(identity::BEGINNING).is_some() => Ok(body.to_owned()),
        // Without it the centre could not open what it is sent.
        None => Err(Unsealed::Unable),
    }
}

/// Seals a report for a centre and queues it under the receipt it was given. Asked again after its
/// answer was lost, it queues nothing twice.
pub async fn seal_and_queue(
    storage: &impl Storage,
    finished: &Finished,
    centre: &str,
    now: Timestamp,
) -> Result<(), Unsealed> {
    let receipt = Receipt::parse(&finished.digits).map_err(|_| Unsealed::Unable)?;
    if is_queued(storage, &finished.id).await? {
        return Ok(());
    }
    let keyset = keyset(storage).await?;
    let keys = receipt.derive()?;
    let envelope = seal::report::seal_text(
        &finished.body,
        &keyset,
        centre,
        &keys,
        finished.parts.clone(),
    )?;
    let bytes = envelope.to_bytes().map_err(|_| Unsealed::Unable)?;
    let entry = Entry::new(finished.id.clone(), finished.phone, now);
    let entry = entry.with_parts(finished.parts.clone());
    storage.queue(&entry, &bytes).await?;
    Ok(())
}

async fn is_queued(storage: &impl Storage, id: &ReportId) -> Result<bool, Unsealed> {
    let outbox = storage.outbox().await?;
    Ok(outbox.iter().any(|kept| &kept.entry.id == id))
}

async fn keyset(storage: &impl Storage) -> Result<Keyset, Unsealed> {
    let (scheme, pin) = storage.scheme().await?.ok_or(Unsealed::NoScheme)?;
    let accepted = accept(&scheme, Some(&pin)).map_err(|_| Unsealed::Unable)?;
    Ok(accepted.keyset)
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use domain::form::Form;
    use domain::report::Body;
    use domain::wire::open_envelope;

    use super::*;
    use crate::memory::Memory;
    use crate::samples::{NOW, at_once, draft, scheme};

    fn ready() -> Finished {
        let draft = draft(1, Phone::Mine);
        let body = Body::parse(&draft, &Form::standard(), "en", NOW).expect("complete");
        Finished {
            id: draft.id,
            phone: draft.phone,
            digits: draw_receipt().expect("random numbers"),
            body: serde_json::to_string(&body).expect("plain data"),
            parts: vec![],
        }
    }

    fn seal(storage: &Memory, finished: &Finished) -> Result<(), Unsealed> {
        at_once(seal_and_queue(storage, finished, "north", NOW))
    }

    #[test]
    fn a_report_becomes_sealed_bytes_whose_mailbox_its_receipt_leads_to() {
        let (storage, finished) = (Memory::default(), ready());
        met(&storage);
        seal(&storage, &finished).expect("sealed");
        let outbox = at_once(storage.outbox()).expect("readable");
        assert_eq!(outbox[0].receipt, None, "it lies behind the lock");
        let bytes = at_once(storage.envelope(&outbox[0].entry.id)).expect("readable");
        let (label, _) = open_envelope(&bytes.expect("held")).expect("an envelope");
        let keys = Receipt::parse(&finished.digits)
            .expect("a receipt")
            .derive();
        assert_eq!(label.mailbox, keys.expect("memory").mailbox());
    }

    #[test]
    fn the_centre_is_told_what_opens_the_files_and_nothing_is_sent_that_it_cannot_open() {
        let [ours, other] = [1, 2].map(|_| identity::draw().expect("random numbers"));
        let recipient = identity::recipient(&ours).expect("an identity");
        let body = |key: &str| format!(r#"{{"enclosed":{{"key":"{key}","files":[]}}}}"#);
        assert_eq!(with_identity(&body(&recipient), &ours), Ok(body(&ours)));
        assert_eq!(with_identity(&body(&other), &ours), Ok(body(&other)));
        assert_eq!(
            with_identity(&body(&recipient), &other),
            Err(Unsealed::Unable)
        );
    }

    #[test]
    fn asking_twice_leaves_the_first_bytes() {
        let (storage, finished) = (Memory::default(), ready());
        met(&storage);
        seal(&storage, &finished).expect("sealed");
        let bytes = at_once(storage.envelope(&finished.id));
        seal(&storage, &finished).expect("sealed before");
        assert_eq!(at_once(storage.envelope(&finished.id)), bytes);
    }

    #[track_caller]
    fn refused(prepare: impl FnOnce(&Memory), change: impl FnOnce(&mut Finished), why: &str) {
        let storage = Memory::default();
        let mut finished = ready();
        prepare(&storage);
        change(&mut finished);
        let refused = seal(&storage, &finished).expect_err("refused");
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
        refused(met, |finished| finished.digits = "1234".into(), "unable");
        let long = "x".repeat(100_000);
        refused(met, |finished| finished.body = long, "too-large");
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
