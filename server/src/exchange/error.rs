//! Why an import could not be made, in one sentence each.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::table::TableError;
use crate::store::sqlite::OpenError;

/// Why an import could not be made.
#[derive(Debug)]
#[allow(
    missing_docs,
    reason = "the variants are the sentences of their Display"
)]
pub enum ImportError {
    Unreadable(PathBuf, io::Error),
    Table(PathBuf, TableError),
    Json(PathBuf, serde_json::Error),
    NothingThere(PathBuf, &'static str),
    Report(PathBuf, io::Error),
    Database(OpenError),
    Overtaken,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, cause) => write!(f, "cannot read {}: {cause}.", path.display()),
            Self::Table(path, cause) => write!(f, "{} cannot be imported: {cause}.", path.display()),
            Self::Json(path, cause) => {
                write!(f, "{} is not whole and right JSON: {cause}; nothing was imported.", path.display())
            }
            Self::NothingThere(path, list) => {
                write!(f, "{} has no list \"{list}\" and is none.", path.display())
            }
            Self::Report(path, cause) => write!(f, "cannot write {}: {cause}.", path.display()),
            Self::Database(cause) => cause.fmt(f),
            Self::Overtaken => f.write_str(
                "places were changed by someone else meanwhile; nothing was imported, run it again.",
            ),
        }
    }
}

impl From<OpenError> for ImportError {
    fn from(error: OpenError) -> Self {
        Self::Database(error)
    }
}
