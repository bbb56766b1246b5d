//! Everything that can go wrong here, each in one sentence that says what to do or look at.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use seal::NoRandomness;
use seal::identity::NotAnIdentity;
use seal::keyset::{KeysetError, NotARoot};
use seal::receipt::{BadReceipt, DeriveError};
use seal::report::{OpenError, SealError};

use crate::files::CentreId;

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub enum Error {
    /// Something lies where a file or folder was to be made.
    Exists(PathBuf),
    /// A centre is named more than once.
    CentreTwice(CentreId),
    /// Something about this file.
    In(PathBuf, Fault),
    /// The keyset cannot be signed.
    Keyset(KeysetError),
    /// The keyset is older than one seen before.
    RolledBack {
        /// The version seen before.
        seen: u32,
        /// The keyset's version.
        offered: u32,
    },
    /// What was typed is not an identity.
    Identity(NotAnIdentity),
    /// What was typed is an identity, but not the recovery key's.
    OtherPaper,
    /// The trial report could not be sealed.
    Trial(SealError),
    /// The digits are not a receipt.
    Receipt(BadReceipt),
    /// Nothing could be derived from the receipt.
    Derive(DeriveError),
    /// No random numbers, so no keys.
    NoRandomness(NoRandomness),
    /// Asked for something, and nothing was typed.
    NothingTyped,
    /// What was asked for could not be printed.
    Output(io::Error),
}

/// What is wrong with a file.
#[derive(Debug)]
pub enum Fault {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It cannot be written.
    Unwritable(io::Error),
    /// There is no key in it.
    NoKey,
    /// It holds no identity.
    Identity(NotAnIdentity),
    /// It holds no root key.
    Root(NotARoot),
    /// It is not a signed keyset.
    NotSigned,
    /// It is not what a server says of its scheme.
    NoScheme,
    /// Its keyset is not believed.
    Keyset(KeysetError),
    /// It is larger than any sealed report.
    TooLarge,
    /// It does not open.
    Open(OpenError),
    /// It is not what the report says it is.
    OtherBytes,
    /// It is not a proof of receipt as phones save it.
    NoProof,
    /// It is one, and not by this key, or changed.
    ProvesNothing,
}

impl Fault {
    /// The fault, together with the file it was found in.
    pub fn of(self, file: &Path) -> Error {
        Error::In(file.to_owned(), self)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(path) => {
                write!(
                    f,
                    "{} already exists, and nothing is overwritten",
                    path.display()
                )
            }
            Self::CentreTwice(id) => write!(f, "the centre {} is named twice", id.as_str()),
            Self::In(path, fault) => write!(f, "{}: {fault}", path.display()),
            Self::Keyset(error) => error.fmt(f),
            Self::RolledBack { seen, offered } => write!(
                f,
                "the keyset has version {offered}, older than version {seen} which was seen before"
            ),
            Self::Identity(error) => error.fmt(f),
            Self::OtherPaper => f.write_str("what was typed is another key than recovery.key"),
            Self::Trial(error) => error.fmt(f),
            Self::Receipt(error) => error.fmt(f),
            Self::Derive(error) => error.fmt(f),
            Self::NoRandomness(error) => error.fmt(f),
            Self::NothingTyped => f.write_str("nothing was typed"),
            Self::Output(error) => write!(f, "the output could not be written ({error})"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "cannot be read ({error})"),
            Self::Unwritable(error) => write!(f, "cannot be written ({error})"),
            Self::NoKey => f.write_str("there is no key in this file"),
            Self::Identity(error) => error.fmt(f),
            Self::Root(error) => error.fmt(f),
            Self::NotSigned => f.write_str("this is not a signed keyset"),
            Self::Keyset(error) => error.fmt(f),
            Self::TooLarge => f.write_str("this is larger than any sealed report"),
            Self::OtherBytes => f.write_str("these are other bytes than the report names"),
            Self::NoProof => f.write_str("this is not a proof of receipt as a phone saves it"),
            Self::ProvesNothing => f.write_str(
                "this proves nothing by this key: it is another server's, or it was changed",
            ),
            Self::NoScheme => f.write_str("this is not what a server says at /api/scheme"),
            Self::Open(error) => error.fmt(f),
        }
    }
}

impl From<BadReceipt> for Error {
    fn from(error: BadReceipt) -> Self {
        Self::Receipt(error)
    }
}

impl From<DeriveError> for Error {
    fn from(error: DeriveError) -> Self {
        Self::Derive(error)
    }
}

impl From<NoRandomness> for Error {
    fn from(error: NoRandomness) -> Self {
        Self::NoRandomness(error)
    }
}

/// Files are always read and written through `files`, which names them; a bare error is standard output's.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
