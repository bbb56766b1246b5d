//! What older releases left and what older phones send: databases as they were, requests to the byte.

mod common;

use std::path::Path;

use common::{Server, body, id, program, put_keys};
use domain::id::ReportId;

/// The steps of the schema, as releases wrote them, with rows of their time.
const RELEASES: [(&str, &str); 5] = [
    (
        include_str!("../migrations/0001_begin.sql"),
        include_str!("../migrations/0001_begin.rows.sql"),
    ),
    (
        include_str!("../migrations/0002_notes.sql"),
        include_str!("../migrations/0002_notes.rows.sql"),
    ),
    (
        include_str!("../migrations/0003_places.sql"),
        include_str!("../migrations/0003_places.rows.sql"),
    ),
    (
        include_str!("../migrations/0004_delivery.sql"),
        include_str!("../migrations/0004_delivery.rows.sql"),
    ),
    (
        include_str!("../migrations/0005_clean.sql"),
        include_str!("../migrations/0005_clean.rows.sql"),
    ),
];

/// No bytes at all, as a hash is written.
const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const OLD_NOTE: &str =
    r#"{"version":1,"kind":"was-closed","place":"hawthorns-house","day":"2026-11-22"}"#;
/// This life of the database, in every release's rows.
const EPOCH: &str = "mfrggzdfmztwq2lknnwg23tpoa";

/// A report as a release's phones send it, and as its rows hold it: since the fourth with parts and a key for answers.
fn sent_to(release: usize) -> String {
    let (version, more) = match release {
        0..3 => (1, String::new()),
        _ => {
            let part =
                format!(r#"{{"id":"ambqgaydambqgaydambqgaydam","length":9,"sha256":"{ZEROS}"}}"#);
            let reply = "q".repeat(58);
            (2, format!(r#","reply":"age1{reply}","parts":[{part}]"#))
        }
    };
    let mailbox = format!(r#"{{"id":"aibaeaqcaibaeaqcaibaeaqcai","token_hash":"{ZEROS}"}}"#);
    format!(
        r#"{{"version":{version},"centre":"hawthorns","keyset":3,"mailbox":{mailbox},"length":22{more}}}{}"#,
        "\nage-encryption.org/v1\n"
    )
}

fn old_report() -> ReportId {
    "aeaqcaibaeaqcaibaeaqcaibae".parse().expect("an id")
}

/// The data folder that a release leaves behind when it is stopped.
fn left_by(release: usize) -> tempfile::TempDir {
    let data = tempfile::tempdir().expect("a folder");
    put_keys(data.path(), 3);
    let file = data.path().join("safe-place.db");
    let database = rusqlite::Connection::open(file).expect("it opens");
    let wal = database.pragma_update(None, "journal_mode", "wal");
    wal.expect("set");
    for (schema, _) in &RELEASES[..=release] {
        database.execute_batch(schema).expect("its schema");
    }
    let (_, rows) = RELEASES[release];
    database.execute_batch(rows).expect("its rows");
    let number = |name, value: i64| database.pragma_update(None, name, value).expect("set");
    number("user_version", release as i64 + 1);
    number("application_id", 0x5361_6650);
    data
}

fn reports(data: &Path) -> String {
    let listed = program(data).args(["reports", "list"]).output();
    String::from_utf8(listed.expect("it runs").stdout).expect("text")
}

#[test]
fn a_database_of_every_release_is_served_and_its_phones_still_find_what_they_sent() {
    for release in 0..RELEASES.len() {
        let data = left_by(release);
        let server = Server::start(data.path());
        let mut phone = server.phone();
        let again = phone.put(&old_report(), sent_to(release).as_bytes());
        let (status, answer) = again.expect("an answer");
        let answer: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
        // The last ones' part was whole, and nobody had said so yet: a new mark covers it.
        let mark = [1, 1, 1, 4, 4][release];
        assert_eq!(
            (status, &answer["epoch"], &answer["mark"]),
            (200, &EPOCH.into(), &mark.into()),
            "release {release}"
        );
        assert_eq!(answer["complete"], true);
        // Covered by the backup that was made then.
        let (_, scheme) = phone.get("/api/scheme").expect("an answer");
        let scheme: serde_json::Value = serde_json::from_slice(&scheme).expect("JSON");
        assert_eq!(scheme["backed_up_through"], 1);
        assert_eq!(phone.put(&id(1), &body(1)).expect("an answer").0, 201);
        assert!(reports(data.path()).contains(old_report().as_str()));
    }
}

#[test]
fn requests_of_the_first_releases_phones_are_taken_as_they_come() {
    let data = tempfile::tempdir().expect("a folder");
    put_keys(data.path(), 3);
    let server = Server::start(data.path());
    let mut phone = server.phone();
    let mut put = || {
        phone
            .put(&old_report(), sent_to(0).as_bytes())
            .expect("an answer")
    };
    let (status, stored) = put();
    assert_eq!(status, 201);
    assert_eq!(put().0, 200);
    // All that those phones read.
    let stored: serde_json::Value = serde_json::from_slice(&stored).expect("JSON");
    assert!(
        stored["epoch"].is_string() && stored["mark"] == 1,
        "{stored}"
    );
    let note = phone
        .note(&common::note_id(1), OLD_NOTE)
        .expect("an answer");
    assert_eq!(note.0, 201, "{}", String::from_utf8_lossy(&note.1));
    let kept = server::store::sqlite::sealed_report(data.path(), &old_report());
    let kept = kept.expect("readable").expect("there");
    assert_eq!(kept, b"age-encryption.org/v1\n");
}

/// Bytes that occur once, as a sealed text does.
fn distinct(n: u8, length: u32) -> Vec<u8> {
    let bytes = (0..length).map(|at| (at * 31 + at / 7) as u8 ^ n);
    bytes.collect()
}

/// What a release erased that left the bytes where they were: a text of many pages, and a message
/// that shares its page with others.
fn erase_as_they_did(database: &rusqlite::Connection, text: &[u8], message: &[u8]) {
    let run = |sql: &str, bytes: &[u8]| {
        database.execute(sql, [bytes]).expect("written");
    };
    let off = database.query_row("PRAGMA secure_delete = OFF", [], |_| Ok(()));
    off.expect("set");
    run(
        "INSERT INTO reports (id, centre, keyset, mailbox, token_hash, size_class, hour, sealed)
         VALUES ('amaqgaydambqgaydambqgaydam', 'hawthorns', 3, 'old', zeroblob(32), 20, 0, ?1)",
        text,
    );
    run(
        "INSERT INTO messages (id, report, from_centre, hour, sealed)
         VALUES ('old', 'amaqgaydambqgaydambqgaydam', 0, 0, ?1)",
        message,
    );
    let erase = "DELETE FROM messages WHERE id = 'old';
        UPDATE reports SET sealed = x'', erased = 1 WHERE mailbox = 'old';";
    database.execute_batch(erase).expect("erased");
}

/// Whether some of these bytes lie in a file; one that is not there has none.
fn holds(file: &Path, bytes: &[u8]) -> bool {
    let all = std::fs::read(file).unwrap_or_default();
    let some = &bytes[bytes.len() / 2..][..100];
    all.windows(some.len()).any(|window| window == some)
}

#[test]
fn what_a_release_erased_and_left_in_its_file_is_gone_after_the_next_start() {
    let (text, message) = (distinct(1, 20_000), distinct(2, 400));
    let data = left_by(3);
    let file = data.path().join("safe-place.db");
    let database = rusqlite::Connection::open(&file).expect("it opens");
    erase_as_they_did(&database, &text, &message);
    drop(database);
    assert!(
        holds(&file, &text) && holds(&file, &message),
        "they left it"
    );
    let server = Server::start(data.path());
    let backup = data.path().join("backup.db");
    let made = program(data.path()).arg("backup").arg(&backup).output();
    assert!(made.expect("it runs").status.success());
    let log = data.path().join("safe-place.db-wal");
    for file in [&file, &log, &backup] {
        let found = holds(file, &text) || holds(file, &message);
        assert!(!found, "{}", file.display());
    }
    let again = server.phone().put(&old_report(), sent_to(3).as_bytes());
    assert_eq!(again.expect("an answer").0, 200);
    let database = rusqlite::Connection::open(&file).expect("it opens");
    let clean = database.query_row("SELECT clean FROM life", [], |row| row.get(0));
    assert_eq!(clean, Ok(true), "and not again at every start");
}
