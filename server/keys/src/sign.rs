//! Signing keysets and checking them.

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::str::FromStr;

use domain::wire::SignedKeyset;
use seal::identity;
use seal::keyset::{self, CentreKey, Keyset, KeysetError, RootSeed};

use crate::error::{Error, Fault};
use crate::files::{self, CentreId, NotACentreId};

/// Largest signed keyset in bytes: hundreds of centres fit.
const MAX_KEYSET: u64 = 256 * 1024;

/// A centre and its public key, as typed: `hawthorns=age1…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedKey {
    id: CentreId,
    recipient: String,
}

/// What is wrong with a typed [`NamedKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadNamedKey {
    /// There is no equals sign.
    NoKey,
    /// Before it stands no id.
    Id(NotACentreId),
    /// After it stands no age recipient.
    NotARecipient,
}

impl fmt::Display for BadNamedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKey => f.write_str("a centre is written as ID=age1…"),
            Self::Id(error) => error.fmt(f),
            Self::NotARecipient => {
                f.write_str("after the equals sign stands no public key (age1…)")
            }
        }
    }
}

impl std::error::Error for BadNamedKey {}

impl FromStr for NamedKey {
    type Err = BadNamedKey;

    fn from_str(text: &str) -> Result<Self, BadNamedKey> {
        let (id, recipient) = text.split_once('=').ok_or(BadNamedKey::NoKey)?;
        if !identity::is_recipient(recipient) {
            return Err(BadNamedKey::NotARecipient);
        }
        Ok(Self {
            id: id.parse().map_err(BadNamedKey::Id)?,
            recipient: recipient.to_owned(),
        })
    }
}

/// A keyset of these keys.
pub fn keyset(version: u32, centres: Vec<NamedKey>, recovery: String) -> Keyset {
    let centre = |named: NamedKey| CentreKey {
        id: named.id.as_str().to_owned(),
        recipient: named.recipient,
    };
    Keyset {
        version,
        centres: centres.into_iter().map(centre).collect(),
        recovery,
    }
}

/// Signs a keyset with the root in this file, into a new file.
pub fn sign(root: &Path, keyset: &Keyset, file: &Path, out: &mut impl Write) -> Result<(), Error> {
    write(&files::read_root(root)?, keyset, file)?;
    writeln!(
        out,
        "Signed keyset {} into {}.",
        keyset.version,
        file.display()
    )?;
    Ok(())
}

/// Signs a keyset into a new file.
pub fn write(root: &RootSeed, keyset: &Keyset, file: &Path) -> Result<(), Error> {
    let signed = root.sign(keyset).map_err(Error::Keyset)?;
    let json = serde_json::to_string_pretty(&signed)
        .map_err(|_| Error::Keyset(KeysetError::NotAKeyset))?;
    files::write_new(file, &format!("{json}\n"))
}

/// Shows a keyset, if the root signed it and it is not older than one seen before.
pub fn inspect(
    file: &Path,
    root: &Path,
    seen: Option<u32>,
    out: &mut impl Write,
) -> Result<(), Error> {
    let root = files::read_root_pub(root)?;
    let bytes = files::read(file, MAX_KEYSET)?;
    let signed: SignedKeyset =
        serde_json::from_slice(&bytes).map_err(|_| Fault::NotSigned.of(file))?;
    let keyset = keyset::verify(&signed, &root).map_err(|error| Fault::Keyset(error).of(file))?;
    if let Some(seen) = seen.filter(|&seen| keyset.version < seen) {
        return Err(Error::RolledBack {
            seen,
            offered: keyset.version,
        });
    }
    writeln!(
        out,
        "keyset {}, signed by {}",
        keyset.version,
        root.to_base64()
    )?;
    for centre in &keyset.centres {
        writeln!(out, "centre {}: {}", centre.id, centre.recipient)?;
    }
    writeln!(out, "recovery: {}", keyset.recovery)?;
    Ok(())
}
