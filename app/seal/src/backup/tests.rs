use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;

const MADE: Timestamp = Timestamp(1_790_000_000_000);
const PASSPHRASE: &str = "correct horse battery";
const PARTS: &str = r#"{"card":{"name":"Ali 🛑 ا"},"photos":["AAEC"],"usual_places":[]}"#;

fn sealed() -> Vec<u8> {
    seal(PARTS, PASSPHRASE, MADE).expect("sealed")
}

#[track_caller]
fn refused(bytes: &[u8], passphrase: &str, why: OpenError) {
    assert_eq!(open(bytes, passphrase).err(), Some(why));
}

/// An age file of this text, whatever it is.
fn file(inside: &str, work: u8) -> Vec<u8> {
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(PASSPHRASE.to_owned()));
    recipient.set_work_factor(work);
    encrypt(inside.as_bytes(), &recipient).expect("sealed")
}

#[test]
fn a_backup_comes_back_part_by_part() {
    let backup = open(&sealed(), PASSPHRASE).expect("its passphrase");
    assert_eq!((backup.version, backup.made), (VERSION, MADE));
    let parts: Vec<_> = backup.parts.keys().map(String::as_str).collect();
    assert_eq!(parts, ["card", "photos", "usual_places"]);
    let parts: serde_json::Value = serde_json::to_value(&backup.parts).expect("JSON");
    assert_eq!(
        parts,
        serde_json::from_str::<serde_json::Value>(PARTS).expect("JSON")
    );
}

#[test]
fn space_around_the_passphrase_does_no_harm() {
    assert!(open(&sealed(), " correct horse battery \n").is_ok());
}

#[test]
fn a_short_passphrase_and_broken_parts_are_refused() {
    let tried = |parts, passphrase| seal(parts, passphrase, MADE).err();
    assert_eq!(
        tried(PARTS, "horse horse"),
        Some(SealError::ShortPassphrase)
    );
    assert_eq!(
        tried(PARTS, "horse             "),
        Some(SealError::ShortPassphrase)
    );
    assert_eq!(tried("[]", PASSPHRASE), Some(SealError::BadParts));
    assert_eq!(tried("{", PASSPHRASE), Some(SealError::BadParts));
}

#[test]
fn what_is_wrong_with_a_backup_is_told_apart() {
    refused(&sealed(), "another passphrase", OpenError::WrongPassphrase);
    refused(b"", PASSPHRASE, OpenError::NotABackup);
    refused(b"%PDF-1.7", PASSPHRASE, OpenError::NotABackup);
    refused(
        &file("holiday photos", 4),
        PASSPHRASE,
        OpenError::NotABackup,
    );
    refused(
        &file(r#"{"version":1}"#, 4),
        PASSPHRASE,
        OpenError::NotABackup,
    );
    refused(
        &file(r#"{"version":2,"other":1}"#, 4),
        PASSPHRASE,
        OpenError::TooNew(2),
    );
    refused(&vec![0; LARGEST + 1], PASSPHRASE, OpenError::TooLarge);
}

#[test]
fn a_report_is_not_taken_for_a_backup() {
    let identity = crate::identity::draw().expect("randomness");
    let recipient = crate::identity::parse(&identity)
        .expect("an identity")
        .to_public();
    let encryptor = age::Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient));
    let mut bytes = Vec::new();
    let writer = encryptor.expect("a recipient").wrap_output(&mut bytes);
    writer
        .and_then(age::stream::StreamWriter::finish)
        .expect("sealed");
    refused(&bytes, PASSPHRASE, OpenError::NotABackup);
}

#[test]
fn damage_is_noticed_wherever_it_is() {
    let sealed = sealed();
    for cut in [30, 100, sealed.len() - 1] {
        refused(&sealed[..cut], PASSPHRASE, OpenError::Damaged);
    }
    let mut changed = sealed.clone();
    *changed.last_mut().expect("bytes") ^= 1;
    refused(&changed, PASSPHRASE, OpenError::Damaged);
}

#[test]
fn a_monstrous_work_factor_is_refused_at_once() {
    for work in ["18", "22", "40", "63"] {
        let text = String::from_utf8_lossy(&sealed()).into_owned();
        let line = text.lines().nth(1).expect("a recipient line").to_owned();
        let heavier = format!("{} {work}", line.rsplit_once(' ').expect("a work factor").0);
        let at = AGE.len();
        let bytes = [
            &sealed()[..at],
            heavier.as_bytes(),
            &sealed()[at + line.len()..],
        ]
        .concat();
        let begun = std::time::Instant::now();
        // Salts differ in length never; the header is read before its tag is checked.
        refused(&bytes, PASSPHRASE, OpenError::TooMuchWork);
        assert!(begun.elapsed().as_secs() < 5);
    }
}

/// The age command asks for its passphrase on a terminal; `script` is one.
#[test]
fn the_age_command_opens_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("backup.age");
    std::fs::write(&path, sealed()).expect("written");
    let opened = folder.path().join("backup.json");
    let command = format!("age -d -o {} {}", opened.display(), path.display());
    let mut terminal = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("script is installed");
    let mut input = terminal.stdin.take().expect("piped");
    // Typed before the question is asked, it would be thrown away.
    std::thread::sleep(std::time::Duration::from_millis(700));
    writeln!(input, "{PASSPHRASE}").expect("typed");
    assert!(terminal.wait().expect("ended").success());
    let json = std::fs::read_to_string(opened).expect("age opened it");
    assert!(
        json.starts_with(r#"{"version":1,"made":1790000000000,"parts":{"card""#),
        "{json}"
    );
}
