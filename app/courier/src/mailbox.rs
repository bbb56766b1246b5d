//! Asking where a report stands, with nothing but its receipt.

use domain::wire::MailboxState;
use seal::receipt::{BadReceipt, DeriveError, Receipt};

use crate::sync::api::{Api, Pulled};

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// The digits are not a receipt.
    Bad(BadReceipt),
    /// 32 MB are needed and cannot be had.
    NoMemory,
    /// The server cannot be reached, or is busy.
    Unreached,
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
        }
    }
}

/// What lies in the mailbox these digits lead to. A mailbox that never was answers as an empty one.
pub async fn ask(api: &impl Api, digits: &str) -> Result<MailboxState, Unanswered> {
    let receipt = Receipt::parse(digits).map_err(Unanswered::Bad)?;
    let keys = receipt
        .derive()
        .map_err(|DeriveError::NoMemory| Unanswered::NoMemory)?;
    match api.mailbox(&keys.id, &keys.token).await {
        Pulled::Got(state) => Ok(state),
        Pulled::Later(_) | Pulled::Silence => Err(Unanswered::Unreached),
    }
}
