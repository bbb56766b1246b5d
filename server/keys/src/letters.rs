//! Answers and messages: sealing what goes back to a reporter, opening what they wrote since.

use std::io::{self, Read, Write};
use std::path::Path;

use domain::wire::MAX_MESSAGE;
use seal::identity;
use seal::message::{open_message, seal_answer};
use zeroize::Zeroizing;

use crate::error::{Error, Fault};
use crate::files;
use crate::open::harmless;

/// Seals an answer, from a file or from standard input, to a report's mailbox. With the centre's own
/// key it can be opened by the centre as well.
pub fn reply(
    to: &str,
    own: Option<&Path>,
    text: Option<&Path>,
    out: &Path,
    said: &mut impl Write,
) -> Result<(), Error> {
    let text = match text {
        Some(path) => files::read(path, MAX_MESSAGE as u64)?,
        None => {
            let mut typed = Zeroizing::new(Vec::new());
            let most = MAX_MESSAGE as u64;
            io::stdin().lock().take(most).read_to_end(&mut typed)?;
            typed
        }
    };
    let text = String::from_utf8_lossy(&text);
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::NothingTyped);
    }
    let own = own.map(files::read_identity).transpose()?;
    let own = own
        .map(|identity| identity::recipient(&identity))
        .transpose();
    let own = own.map_err(Error::Identity)?;
    let own: Vec<_> = own.iter().map(String::as_str).collect();
    let sealed = seal_answer(text, to, &own).map_err(Error::Trial)?;
    files::write_new_bytes(out, &sealed)?;
    writeln!(said, "{}: sealed to {to}", out.display())?;
    Ok(())
}

/// Opens a message of a mailbox and prints it.
pub fn message(file: &Path, identity: &Path, out: &mut impl Write) -> Result<(), Error> {
    let identity = files::read_identity(identity)?;
    let sealed = files::read(file, MAX_MESSAGE as u64)?;
    let text = open_message(&sealed, &identity).map_err(|error| Fault::Open(error).of(file))?;
    for line in text.lines() {
        writeln!(out, "{}", harmless(line))?;
    }
    Ok(())
}
