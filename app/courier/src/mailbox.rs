//! A mailbox, opened with nothing but its receipt: where the report stands, answers, writing back,
//! withdrawing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::id::{MailboxId, MessageId};
use domain::time::Timestamp;
use domain::wire::{MailboxState, Message, Side, Stages};
use seal::keyset::accept;
use seal::message::{open_message, seal_to_centre};
use seal::receipt::{BadReceipt, DeriveError, MailboxKeys, Receipt};
use seal::report::SealError;

use crate::storage::Storage;
use crate::sync::api::{Api, MailboxAnswer, Pulled};

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// The digits are not a receipt.
    Bad(BadReceipt),
    /// 32 MB are needed and cannot be had.
    NoMemory,
    /// The server cannot be reached, or is busy.
    Unreached,
    /// There is nothing in this mailbox to write to or to withdraw.
    Empty,
    /// The mailbox takes no more messages.
    Full,
    /// The report was passed on, or must be kept: it cannot be withdrawn.
    PassedOn,
    /// The message has to be shortened.
    TooLarge,
    /// This phone has no key of the centre: it needs a connection once, or the centre is no more.
    NoKey,
}

impl Unanswered {
    /// A short stable name, for messages between workers and pages.
    pub fn code(self) -> &'static str {
        match self {
            Self::Bad(BadReceipt::TooShort) => "too-short",
            Self::Bad(BadReceipt::TooLong) => "too-long",
            Self::Bad(BadReceipt::NotDigits) => "not-digits",
            Self::Bad(BadReceipt::Mistyped) => "mistyped",
            Self::NoMemory => "no-memory",
            Self::Unreached => "unreached",
            Self::Empty => "empty",
            Self::Full => "mailbox-full",
            Self::PassedOn => "passed-on",
            Self::TooLarge => "too-large",
            Self::NoKey => "no-key",
        }
    }
}

/// What lies in a mailbox, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Which mailbox it is: what is told later can name it.
    pub id: MailboxId,
    /// The centre whose it is.
    pub centre: Option<String>,
    /// How far the report has come.
    pub stages: Stages,
    /// What went to and fro, the oldest first.
    pub letters: Vec<Letter>,
}

/// A message, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Who wrote it.
    pub from: Side,
    /// The hour it arrived.
    pub hour: Timestamp,
    /// What it says; `None` where it does not open with this receipt.
    pub text: Option<String>,
}

fn keys(digits: &str) -> Result<MailboxKeys, Unanswered> {
    let receipt = Receipt::parse(digits).map_err(Unanswered::Bad)?;
    receipt
        .derive()
        .map_err(|DeriveError::NoMemory| Unanswered::NoMemory)
}

async fn state(api: &impl Api, keys: &MailboxKeys) -> Result<MailboxState, Unanswered> {
    match api.mailbox(&keys.id, &keys.token).await {
        Pulled::Got(state) => Ok(state),
        Pulled::Later(_) | Pulled::Silence => Err(Unanswered::Unreached),
    }
}

/// What lies in the mailbox these digits lead to, opened; `None` where there is nothing. One that never
/// was answers as an empty one.
pub async fn open(api: &impl Api, digits: &str) -> Result<Option<Opened>, Unanswered> {
    let keys = keys(digits)?;
    let state = state(api, &keys).await?;
    let letters = state.messages.into_iter();
    let letters = letters
        .map(|message| letter(message, &keys.reply))
        .collect();
    let id = keys.id.clone();
    let centre = state.centre;
    Ok((state.stages).map(|stages| Opened {
        id,
        centre,
        stages,
        letters,
    }))
}

fn letter(message: Message, identity: &str) -> Letter {
    let sealed = STANDARD.decode(&message.sealed).ok();
    Letter {
        text: sealed.and_then(|sealed| open_message(&sealed, identity).ok()),
        from: message.from,
        hour: message.hour,
    }
}

/// Writes to the centre. `id` is drawn when the message is begun: the same message again is harmless.
pub async fn write(
    storage: &impl Storage,
    api: &impl Api,
    digits: &str,
    id: &MessageId,
    text: &str,
) -> Result<(), Unanswered> {
    let keys = keys(digits)?;
    let centre = state(api, &keys).await?.centre.ok_or(Unanswered::Empty)?;
    let held = storage.scheme().await.ok().flatten();
    let (scheme, pin) = held.ok_or(Unanswered::NoKey)?;
    let accepted = accept(&scheme, Some(&pin)).map_err(|_| Unanswered::NoKey)?;
    let sealed = seal_to_centre(text, &accepted.keyset, &centre, &keys);
    let sealed = sealed.map_err(|why| match why {
        SealError::TooLarge => Unanswered::TooLarge,
        _ => Unanswered::NoKey,
    })?;
    answered(api.put_message(&keys.id, &keys.token, id, &sealed).await)
}

/// Withdraws the report: the server erases it. What this phone keeps of it is its holder's to delete.
pub async fn withdraw(api: &impl Api, digits: &str) -> Result<(), Unanswered> {
    let keys = keys(digits)?;
    answered(api.withdraw(&keys.id, &keys.token).await)
}

fn answered(answer: MailboxAnswer) -> Result<(), Unanswered> {
    match answer {
        MailboxAnswer::Done => Ok(()),
        MailboxAnswer::PassedOn => Err(Unanswered::PassedOn),
        MailboxAnswer::Full => Err(Unanswered::Full),
        MailboxAnswer::Nothing => Err(Unanswered::Empty),
        MailboxAnswer::Unreached => Err(Unanswered::Unreached),
    }
}
