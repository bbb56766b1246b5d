//! Making keys: all of a sample scheme's at once, or a real scheme's one by one.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use domain::form::Answer;
use domain::id::{MailboxId, ReportId, Sha256};
use domain::report::{BODY_VERSION, Body};
use domain::time::Timestamp;
use seal::identity;
use seal::keyset::{CentreKey, Keyset, RootSeed};
use seal::receipt::MailboxKeys;
use seal::report;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::files::{self, CentreId, KEYSET, RECOVERY_KEY, ROOT_KEY, ROOT_PUB};
use crate::sign;

const RECOVERY_PURPOSE: &str =
    "Safe Place recovery key: opens every report. Keep it on paper only.";

/// Makes a sample scheme's keys and its first keyset: all of them, or nothing.
pub fn sample(folder: &Path, centres: &[CentreId], out: &mut impl Write) -> Result<(), Error> {
    each_once(centres)?;
    let unfinished = files::unfinished(folder)?;
    let made = sample_files(&unfinished, centres).and_then(|()| files::finish(&unfinished, folder));
    if let Err(error) = made {
        // Keys nobody will use; what cannot be removed does no harm.
        _ = fs::remove_dir_all(&unfinished);
        return Err(error);
    }
    writeln!(out, "Made a sample scheme's keys in {}.", folder.display())?;
    writeln!(
        out,
        "They are for trying things out: a real scheme's root and recovery keys never lie on its server."
    )?;
    Ok(())
}

fn each_once(centres: &[CentreId]) -> Result<(), Error> {
    let again = |(place, id): &(usize, &CentreId)| centres[..*place].contains(id);
    match centres.iter().enumerate().find(again) {
        Some((_, id)) => Err(Error::CentreTwice(id.clone())),
        None => Ok(()),
    }
}

fn sample_files(folder: &Path, centres: &[CentreId]) -> Result<(), Error> {
    let root = RootSeed::draw()?;
    files::write_root(folder, &root)?;
    let centres = centres.iter().map(|id| {
        let recipient = write_centre(folder, id)?;
        Ok(CentreKey {
            id: id.as_str().to_owned(),
            recipient,
        })
    });
    let centres = centres.collect::<Result<_, Error>>()?;
    let recovery = files::write_identity(
        &folder.join(RECOVERY_KEY),
        RECOVERY_PURPOSE,
        &identity::draw()?,
    )?;
    let keyset = Keyset {
        version: 1,
        centres,
        recovery,
    };
    sign::write(&root, &keyset, &folder.join(KEYSET))
}

/// Makes the root key.
pub fn root(folder: &Path, out: &mut impl Write) -> Result<(), Error> {
    files::make_folder(folder)?;
    let root = RootSeed::draw()?;
    files::write_root(folder, &root)?;
    writeln!(
        out,
        "Made {} and {}.",
        folder.join(ROOT_KEY).display(),
        folder.join(ROOT_PUB).display()
    )?;
    writeln!(
        out,
        "Keep {ROOT_KEY} off the server; the server needs only {ROOT_PUB}."
    )?;
    writeln!(out, "public key: {}", root.public().to_base64())?;
    Ok(())
}

/// Makes a centre's key.
pub fn centre(folder: &Path, id: &CentreId, out: &mut impl Write) -> Result<(), Error> {
    files::make_folder(folder)?;
    let recipient = write_centre(folder, id)?;
    writeln!(out, "Made {}.", folder.join(id.key_file()).display())?;
    writeln!(out, "public key: {recipient}")?;
    Ok(())
}

fn write_centre(folder: &Path, id: &CentreId) -> Result<String, Error> {
    let purpose = format!(
        "Safe Place key of the centre {}: opens its reports.",
        id.as_str()
    );
    files::write_identity(&folder.join(id.key_file()), &purpose, &identity::draw()?)
}

/// Makes the recovery key and shows it, to be written on paper.
pub fn recovery(folder: &Path, out: &mut impl Write) -> Result<(), Error> {
    make_recovery(folder, out)?;
    writeln!(
        out,
        "Now test the paper: run this command again with --test and type what stands on it."
    )?;
    Ok(())
}

/// Opens a trial report with what stands on the paper. Makes the key first where there is none.
pub fn tested_recovery(folder: &Path, out: &mut impl Write) -> Result<(), Error> {
    let file = folder.join(RECOVERY_KEY);
    if !file.exists() {
        make_recovery(folder, out)?;
    }
    let recipient = identity::recipient(&files::read_identity(&file)?).map_err(Error::Identity)?;
    let typed = files::ask("The key as it stands on the paper: ")?;
    try_paper(
        &recipient,
        &Zeroizing::new(typed.split_whitespace().collect::<String>()),
    )?;
    writeln!(out, "The paper opens a report sealed to {recipient}.")?;
    writeln!(
        out,
        "Now remove {} from this machine and put the paper where it is safe.",
        file.display()
    )?;
    Ok(())
}

fn make_recovery(folder: &Path, out: &mut impl Write) -> Result<(), Error> {
    files::make_folder(folder)?;
    let identity = identity::draw()?;
    let recipient = files::write_identity(&folder.join(RECOVERY_KEY), RECOVERY_PURPOSE, &identity)?;
    writeln!(out, "Made {}.", folder.join(RECOVERY_KEY).display())?;
    writeln!(out, "public key: {recipient}")?;
    writeln!(
        out,
        "Write or print this line on paper:\n\n  {}\n",
        *identity
    )?;
    Ok(())
}

/// Seals a report to the recovery key and opens it with what was typed.
fn try_paper(recipient: &str, typed: &str) -> Result<(), Error> {
    let typed_recipient = identity::recipient(typed).map_err(Error::Identity)?;
    if typed_recipient != recipient {
        return Err(Error::OtherPaper);
    }
    let keyset = Keyset {
        version: 1,
        centres: vec![CentreKey {
            id: "trial".into(),
            recipient: recipient.into(),
        }],
        recovery: recipient.into(),
    };
    let body = trial();
    let keys = MailboxKeys {
        id: MailboxId::from_random([0; 16]),
        token: [0; 32],
        token_hash: Sha256([0; 32]),
        reply: typed.to_owned(),
    };
    let envelope = report::seal(&body, &keyset, "trial", &keys, vec![]).map_err(Error::Trial)?;
    match report::open_for(&body.id, &envelope.sealed, typed) {
        Ok(opened) if opened == body => Ok(()),
        _ => Err(Error::OtherPaper),
    }
}

fn trial() -> Body {
    Body {
        version: BODY_VERSION,
        enclosed: None,
        follows: None,
        id: ReportId::from_random([0; 16]),
        form: domain::form::Form::standard().version,
        language: "en".into(),
        answers: BTreeMap::from([("account".into(), Answer::default())]),
        written: Timestamp(0),
    }
}
