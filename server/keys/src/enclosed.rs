//! Opening the files that came with a report, each checked against what the report says of it.

use std::fs;
use std::io::Write;
use std::path::Path;

use domain::id::Sha256;
use domain::report::Enclosed;
use domain::report::enclosed::{File, Origin};
use domain::wire::MAX_PART;
use seal::part::open_part;
use sha2::Digest;

use crate::error::{Error, Fault};
use crate::files;
use crate::open::{harmless, open};

/// Opens every file of the report and writes it into a folder, named by its number and by what it is:
/// the name that a stranger gave it leads nowhere. One that is missing or damaged does not keep the
/// others back.
pub fn open_all(
    report: &Path,
    identity: &Path,
    folder: &Path,
    out: &mut impl Write,
) -> Result<(), Error> {
    let body = open(report, identity, None)?;
    let Some(enclosed) = &body.enclosed else {
        writeln!(out, "No files came with it")?;
        return Ok(());
    };
    fs::create_dir_all(folder).map_err(|error| Fault::Unwritable(error).of(folder))?;
    let beside = report.parent().unwrap_or(Path::new(""));
    let mut first_failure = None;
    for (number, file) in (1..).zip(&enclosed.files) {
        let target = folder.join(format!("{number}.{}", file.kind.ending()));
        match opened(file, enclosed, beside, &target) {
            Ok(()) => writeln!(out, "{}: {}", target.display(), said(file))?,
            Err(error) => {
                writeln!(out, "{number}: not opened: {error}")?;
                first_failure = first_failure.or(Some(error));
            }
        }
    }
    first_failure.map_or(Ok(()), Err)
}

fn opened(file: &File, enclosed: &Enclosed, beside: &Path, target: &Path) -> Result<(), Error> {
    let path = beside.join(format!("part-{}.age", file.part.id));
    let sealed = files::read(&path, u64::from(MAX_PART))?;
    if hash(&sealed) != file.part.sha256 {
        return Err(Fault::OtherBytes.of(&path));
    }
    let plain = open_part(&sealed, &enclosed.key, file.length);
    let plain = plain.map_err(|error| Fault::Open(error).of(&path))?;
    if hash(&plain) != file.sha256 {
        return Err(Fault::OtherBytes.of(&path));
    }
    files::write_new_bytes(target, &plain)
}

fn hash(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}

/// What the report says of a file, in a line.
pub fn said(file: &File) -> String {
    let origin = match file.origin {
        Origin::Original => "as it was on the phone",
        Origin::Redrawn => "drawn anew, without its hidden details",
        Origin::Spoken => "spoken for this report",
    };
    let name = match &*file.name {
        "" => String::new(),
        name => format!(", called {:?}", harmless(name)),
    };
    format!(
        "{}, {} bytes, {origin}{name}",
        file.kind.ending(),
        file.length
    )
}
