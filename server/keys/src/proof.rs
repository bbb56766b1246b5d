//! Checking a proof of receipt as a phone saved it, without the report itself.

use std::io::Write;
use std::path::Path;

use domain::id::ReportId;
use domain::wire::Proof;

use crate::error::{Error, Fault};
use crate::files;
use crate::open::utc;

/// Largest saved proof in bytes; one has a few hundred.
const MAX_PROOF: u64 = 16 * 1024;

/// Says what a proof proves by this public key; an error where it proves nothing.
pub fn check(file: &Path, key: &str, out: &mut impl Write) -> Result<(), Error> {
    let bytes = files::read(file, MAX_PROOF)?;
    let read = serde_json::from_slice::<(ReportId, Proof)>(&bytes);
    let (report, proof) = read.map_err(|_| Fault::NoProof.of(file))?;
    if !seal::proof::holds(&proof, key, &report) {
        return Err(Fault::ProvesNothing.of(file));
    }
    let sealed = proof.sealed.map(String::from).unwrap_or_default();
    writeln!(out, "The server with this key had report {report}")?;
    writeln!(out, "in the hour that began {}.", utc(proof.hour))?;
    writeln!(out, "SHA-256 of its sealed text: {sealed}")?;
    Ok(())
}
