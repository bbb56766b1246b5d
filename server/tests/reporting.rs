//! Reporting through the real program and its commands: room that comes back, two centres of which one
//! is flooded, centres that nobody reads, erasing for good, and what is written down of it all.

mod common;

use std::fs::{self, File, FileTimes};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use common::inside::{bytes, part, report};
use common::{Phone, Server, body, envelope, id, program, put_keys, serving, sized, token};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::id::{MessageId, ReportId};
use domain::time::DAY;
use domain::wire::{Envelope, MAX_MESSAGES, MESSAGE_TYPE, MailboxState, Part, Scheme};
use seal::keyset::{CentreKey, Keyset};
use seal::receipt::{MailboxKeys, Receipt};
use tempfile::TempDir;

const NORTH: &str = "north";
const SOUTH: &str = "south";
/// Room for texts, or for parts, in bytes.
const LITTLE: u64 = 1 << 20;

fn data() -> TempDir {
    let data = tempfile::tempdir().expect("a folder");
    put_keys(data.path(), 2);
    data
}

/// The sample scheme as a real one, with two centres.
fn scheme() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample");
    for name in ["scheme.toml", "places.csv", "services.toml"] {
        fs::copy(sample.join(name), folder.path().join(name)).expect("copied");
    }
    let path = folder.path().join("scheme.toml");
    let text = fs::read_to_string(&path).expect("there");
    let (before, _) = text.split_once("[[centres]]").expect("it has one");
    let centre = |id| format!("[[centres]]\nid = \"{id}\"\nname = \"The centre in the {id}\"\n\n");
    let real = before.replace("demo = true", "demo = false") + &centre(NORTH) + &centre(SOUTH);
    fs::write(path, real).expect("written");
    folder
}

fn serve(data: &Path, settings: &[(&str, &str)]) -> Server {
    let mut serve = serving(data);
    serve.envs(settings.iter().copied()).stderr(Stdio::null());
    Server::of(serve)
}

#[track_caller]
fn said(data: &Path, words: &[&str]) -> String {
    of(program(data).args(words))
}

#[track_caller]
fn of(command: &mut Command) -> String {
    let output = command.output().expect("it runs");
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{failed}");
    String::from_utf8(output.stdout).expect("text")
}

fn name(seed: u32) -> String {
    id(seed).to_string()
}

fn mailbox(seed: u32) -> String {
    format!("/api/mailboxes/{}", envelope(seed, 0).label.mailbox.id)
}

fn bearer(seed: u32) -> String {
    let token = BASE64URL_NOPAD.encode(&token(seed));
    format!("authorization: Bearer {token}\r\n")
}

/// A report for a centre, whose age file has this many bytes.
fn sent_to(centre: &str, seed: u32, length: usize, parts: Vec<Part>) -> Vec<u8> {
    let Envelope { mut label, sealed } = envelope(seed, length);
    label.centre = centre.into();
    label.version = 2;
    label.reply = Some(format!("age1{}", "q".repeat(58)));
    label.parts = parts;
    Envelope { label, sealed }.to_bytes().expect("plain data")
}

impl Phone {
    fn sends(&mut self, seed: u32, body: &[u8]) -> u16 {
        self.put(&id(seed), body).expect("an answer").0
    }

    fn adds(&mut self, seed: u32, part: &Part, offset: usize, chunk: &[u8]) -> u16 {
        let path = format!("/api/reports/{}/parts/{}", id(seed), part.id);
        let headers =
            format!("content-type: application/partial-upload\r\nupload-offset: {offset}\r\n");
        let answer = self.send("PATCH", &path, &headers, chunk);
        answer.expect("an answer").0
    }

    fn looks(&mut self, seed: u32) -> MailboxState {
        let answer = self.send("GET", &mailbox(seed), &bearer(seed), &[]);
        serde_json::from_slice(&answer.expect("an answer").1).expect("a state")
    }

    fn writes(&mut self, seed: u32, message: u32, length: usize) -> u16 {
        let message = MessageId::from_random(common::bits(message));
        let path = format!("{}/messages/{message}", mailbox(seed));
        let headers = bearer(seed) + &format!("content-type: {MESSAGE_TYPE}\r\n");
        let mut sealed = b"age-encryption.org/v1\n".to_vec();
        sealed.resize(length, 7);
        let answer = self.send("PUT", &path, &headers, &sealed);
        answer.expect("an answer").0
    }

    fn withdraws(&mut self, seed: u32) -> u16 {
        let answer = self.send("DELETE", &mailbox(seed), &bearer(seed), &[]);
        answer.expect("an answer").0
    }

    fn offered(&mut self) -> Vec<(String, bool)> {
        let (_, scheme) = self.get("/api/scheme").expect("an answer");
        let scheme: Scheme = serde_json::from_slice(&scheme).expect("a scheme");
        let centres = scheme.centres.into_iter();
        centres.map(|centre| (centre.id, centre.offered)).collect()
    }
}

/// Sends reports of 60 KB from a number on until there is no room; the first that was refused.
fn fill(phone: &mut Phone, centre: &str, from: u32) -> u32 {
    for seed in from.. {
        match phone.sends(seed, &sent_to(centre, seed, 60_000, vec![])) {
            201 => {}
            507 => return seed,
            other => panic!("{other}"),
        }
    }
    unreachable!("there is always another number")
}

#[test]
fn the_room_of_an_erased_text_is_given_back_at_once() {
    let data = data();
    let server = serve(
        data.path(),
        &[("SAFE_PLACE_MAX_BYTES", &LITTLE.to_string())],
    );
    let mut phone = server.phone();
    let first = |seed| sized(seed, 60_000);
    let full = (1..).find(|seed| phone.sends(*seed, &first(*seed)) == 507);
    let full = full.expect("it ends");
    assert_eq!(phone.withdraws(1), 200);
    assert_eq!(phone.sends(full, &first(full)), 201);
    assert_eq!(phone.sends(full + 1, &first(full + 1)), 507);
    said(data.path(), &["reports", "erase", &name(2)]);
    assert_eq!(phone.sends(full + 1, &first(full + 1)), 201);
    assert_eq!(phone.sends(full + 2, &first(full + 2)), 507);
    // What its messages took comes back with it.
    let mut written = 0;
    while phone.withdraws(3) == 200 && phone.writes(4, written, 10_000) == 201 {
        written += 1;
    }
    assert!(written > 2 && phone.sends(full + 2, &first(full + 2)) == 507);
    assert_eq!(phone.withdraws(4), 200);
    assert_eq!(phone.sends(full + 2, &first(full + 2)), 201);
}

#[test]
fn the_room_of_parts_that_a_command_erased_is_found_by_the_running_server() {
    let data = data();
    let server = serve(data.path(), &[("SAFE_PLACE_MAX_PART_BYTES", "100000")]);
    let mut phone = server.phone();
    let (whole, half) = (bytes(1, 50_000), bytes(2, 30_000));
    let parts = [part(1, &whole), part(2, &half)];
    phone.sends(1, &report(1, vec![parts[0].clone()]));
    assert_eq!(phone.adds(1, &parts[0], 0, &whole), 204);
    phone.sends(2, &report(2, vec![parts[1].clone()]));
    assert_eq!(phone.adds(2, &parts[1], 0, &half[..20_000]), 204);
    let more = bytes(3, 60_000);
    let new = part(3, &more);
    phone.sends(3, &report(3, vec![new.clone()]));
    assert_eq!(phone.adds(3, &new, 0, &more), 507);
    said(data.path(), &["reports", "erase", &name(1)]);
    assert_eq!(phone.adds(3, &new, 0, &more), 204);
    let again = bytes(4, 25_000);
    let again = (part(4, &again), again);
    phone.sends(4, &report(4, vec![again.0.clone()]));
    assert_eq!(phone.adds(4, &again.0, 0, &again.1), 507);
    rests(&data.path().join("parts"), 8);
    said(data.path(), &["retention"]);
    assert_eq!(phone.adds(4, &again.0, 0, &again.1), 204);
}

/// All files of parts were last gone on with so many days ago.
fn rests(folder: &Path, days: u64) {
    for file in files(folder) {
        let then = SystemTime::now() - Duration::from_secs(days * 86_400);
        let file = File::options().write(true).open(file).expect("it opens");
        let times = FileTimes::new().set_modified(then);
        file.set_times(times).expect("set");
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

#[test]
fn a_flood_on_one_centre_leaves_the_other_its_room_for_texts_messages_and_parts() {
    let (data, scheme) = (data(), scheme());
    let little = LITTLE.to_string();
    let folder = scheme.path().to_str().expect("text");
    let settings = [
        ("SAFE_PLACE_SCHEME", folder),
        ("SAFE_PLACE_MAX_BYTES", &little),
        ("SAFE_PLACE_MAX_PART_BYTES", &little),
    ];
    let server = serve(data.path(), &settings);
    let mut phone = server.phone();
    flood_of_parts(&mut phone);
    // Messages alone, so many to a mailbox and no more; then texts.
    for seed in 1..=4 {
        assert_eq!(phone.sends(seed, &sent_to(NORTH, seed, 300, vec![])), 201);
    }
    let many = (0..).take_while(|n| phone.writes(1, *n, 100) == 201);
    assert_eq!(many.count(), MAX_MESSAGES);
    assert_eq!(phone.writes(1, 1000, 100), 409);
    let large = (0..)
        .take_while(|n| phone.writes(2, *n, 60_000) == 201)
        .count();
    assert!(large < MAX_MESSAGES, "they take no room");
    assert_eq!(phone.writes(3, 0, 60_000), 507);
    let full = fill(&mut phone, NORTH, 100);
    let kept = (full - 100) as usize + large;
    assert!(
        kept * 59 <= 768,
        "{kept} of 60 KB are more than three quarters"
    );
    for seed in 200..204 {
        assert_eq!(
            phone.sends(seed, &sent_to(SOUTH, seed, 60_000, vec![])),
            201
        );
    }
    assert_eq!(phone.writes(200, 0, 500), 201);
}

/// Parts for the north until no more are taken, then one for the south.
fn flood_of_parts(phone: &mut Phone) {
    let picture = bytes(1, 100_000);
    let mut taken = |centre, seed| {
        let part = part(seed, &picture);
        let sent = sent_to(centre, seed, 300, vec![part.clone()]);
        assert_eq!(phone.sends(seed, &sent), 201);
        phone.adds(seed, &part, 0, &picture)
    };
    let north = (300..).take_while(|seed| taken(NORTH, *seed) == 204);
    assert_eq!(north.count(), 6);
    assert_eq!(taken(SOUTH, 400), 204);
}

#[test]
fn a_flood_on_one_centre_leaves_the_other_its_turn_at_the_disk() {
    let (data, scheme) = (data(), scheme());
    let folder = scheme.path().to_str().expect("text");
    let settings = [("SAFE_PLACE_SCHEME", folder), ("SAFE_PLACE_QUEUE", "8")];
    let server = serve(data.path(), &settings);
    let (put_off, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let half = part(1, &bytes(1, 100));
    let sent = sent_to(NORTH, 900, 300, vec![half]);
    assert_eq!(server.phone().sends(900, &sent), 201);
    let commit = format!("/api/reports/{}/commit", id(900));
    std::thread::scope(|scope| {
        for thread in 0..24 {
            let (put_off, done, mut phone) = (&put_off, &done, server.phone());
            let commit = &commit;
            scope.spawn(move || {
                for at in 0.. {
                    let seed = 1_000_000 * (thread + 1) + at;
                    let status = match thread % 3 {
                        0 => phone.sends(seed, &sent_to(NORTH, seed, 4000, vec![])),
                        1 => phone.writes(900, seed, 4000),
                        _ => phone.send("POST", commit, "", &[]).expect("an answer").0,
                    };
                    assert!(matches!(status, 200 | 201 | 409 | 503), "{status}");
                    put_off.fetch_add(usize::from(status == 503), Ordering::SeqCst);
                    if done.load(Ordering::SeqCst) {
                        break;
                    }
                }
            });
        }
        let mut phone = server.phone();
        let mut sent = 0;
        while sent < 100 || put_off.load(Ordering::SeqCst) < 100 {
            sent += 1;
            let status = phone.sends(sent, &sent_to(SOUTH, sent, 4000, vec![]));
            if status != 201 {
                done.store(true, Ordering::SeqCst);
            }
            assert_eq!(status, 201);
        }
        done.store(true, Ordering::SeqCst);
    });
}

/// The inboxes were opened last so long ago, in milliseconds.
fn unread_for(data: &Path, long: i64) {
    let then = server::arrival::now().plus(-long);
    let database = rusqlite::Connection::open(data.join("safe-place.db")).expect("it opens");
    let opened = database.execute("UPDATE inboxes SET opened = ?1", [then.0]);
    assert_eq!(opened.expect("written"), 2);
}

#[test]
fn a_centre_that_nobody_read_for_ten_days_is_offered_again_once_its_inbox_is_opened() {
    let (data, scheme) = (data(), scheme());
    let settings = [("SAFE_PLACE_SCHEME", scheme.path().to_str().expect("text"))];
    let server = serve(data.path(), &settings);
    let mut phone = server.phone();
    phone.sends(1, &sent_to(NORTH, 1, 300, vec![]));
    let both = |north, south| vec![(NORTH.to_owned(), north), (SOUTH.to_owned(), south)];
    assert_eq!(phone.offered(), both(true, true));
    unread_for(data.path(), 10 * DAY - 60_000);
    assert_eq!(phone.offered(), both(true, true));
    let answer = data.path().join("answer.age");
    fs::write(&answer, "age-encryption.org/v1\n").expect("written");
    let (name, out) = (name(1), data.path().join("out"));
    let (answer, out) = (answer.to_str().expect("text"), out.to_str().expect("text"));
    let opens: [(&[&str], _); 9] = [
        (&["reports", "show", &name], both(false, false)),
        (&["reports", "hold", &name], both(false, false)),
        (&["reports", "release", &name], both(false, false)),
        (&["reports", "list"], both(true, true)),
        (&["reports", "list", "--centre", SOUTH], both(false, true)),
        (
            &["reports", "export", &name, "--out", out],
            both(true, false),
        ),
        (&["reports", "mark", &name, "read"], both(true, false)),
        (&["reports", "reply", &name, answer], both(true, false)),
        (
            &["export-report", &name, "--out", "/dev/null"],
            both(true, false),
        ),
    ];
    for (words, expected) in opens {
        unread_for(data.path(), 10 * DAY + 60_000);
        assert_eq!(phone.offered(), both(false, false));
        of(program(data.path()).envs(settings).args(words));
        assert_eq!(phone.offered(), expected, "{words:?}");
    }
    // It is for phones to choose: what was sealed for it before is taken.
    unread_for(data.path(), 11 * DAY);
    assert_eq!(phone.sends(2, &sent_to(NORTH, 2, 300, vec![])), 201);
}

#[test]
fn without_the_file_of_changes_nothing_is_erased_and_no_keyset_takes_effect() {
    let data = data();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (disk, gone) = (elsewhere.path().join("disk"), elsewhere.path().join("gone"));
    fs::create_dir(&disk).expect("a folder");
    let changes = disk.join("changes.log");
    let settings = [("SAFE_PLACE_CHANGES", changes.to_str().expect("text"))];
    let command = |words: &[&str]| {
        let mut command = serving(data.path());
        command
            .envs(settings)
            .args(words)
            .output()
            .expect("it runs")
    };
    let server = serve(data.path(), &settings);
    let mut phone = server.phone();
    phone.sends(1, &body(1));
    said(data.path(), &["reports", "mark", &name(1), "closed"]);
    let database = rusqlite::Connection::open(data.path().join("safe-place.db"));
    let database = database.expect("it opens");
    database
        .execute("UPDATE reports SET closed = 0", [])
        .expect("written");
    fs::rename(&disk, &gone).expect("the disk is gone");
    assert_eq!(phone.withdraws(1), 500);
    for words in [&["reports", "erase", &name(1)][..], &["retention"]] {
        let refused = command(words);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1));
        assert!(
            said.contains("the file of erasures and keysets cannot be used"),
            "{said}"
        );
    }
    assert!(phone.looks(1).report.is_some());
    drop(server);
    put_keys(data.path(), 3);
    let refused = command(&["serve"]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        said.contains("the file of erasures and keysets cannot be used"),
        "{said}"
    );
    let seen: u32 = database
        .query_row("SELECT keyset_seen FROM life", [], |row| row.get(0))
        .expect("readable");
    assert_eq!(seen, 2);
    database
        .execute("UPDATE reports SET closed = NULL", [])
        .expect("written");
    fs::rename(&gone, &disk).expect("the disk is back");
    let server = serve(data.path(), &settings);
    assert!(server.phone().looks(1).report.is_some());
    assert_eq!(server.phone().withdraws(1), 200);
}

#[test]
fn what_a_command_erased_comes_back_neither_from_a_phone_nor_from_yesterdays_backup() {
    let data = data();
    let server = serve(data.path(), &[]);
    let mut phone = server.phone();
    let picture = bytes(1, 5000);
    let part = part(1, &picture);
    let sent = report(1, vec![part.clone()]);
    phone.sends(1, &sent);
    phone.adds(1, &part, 0, &picture);
    phone.sends(2, &body(2));
    let elsewhere = tempfile::tempdir().expect("a folder");
    let backup = elsewhere.path().join("yesterday.db");
    let backup = backup.to_str().expect("text");
    said(data.path(), &["backup", backup]);
    said(data.path(), &["reports", "erase", &name(1)]);
    let gone = |phone: &mut Phone| {
        assert_eq!(phone.sends(1, &sent), 410);
        assert_eq!(phone.adds(1, &part, 0, &picture), 410);
        assert_eq!(phone.looks(1), MailboxState::default());
    };
    gone(&mut phone);
    assert!(files(&data.path().join("parts")).is_empty());
    drop(server);
    // The disk is destroyed; the file of changes lay on another one.
    let anew = self::data();
    fs::copy(
        data.path().join("changes.log"),
        anew.path().join("changes.log"),
    )
    .expect("copied");
    said(anew.path(), &["restore", backup]);
    assert!(
        !files(&anew.path().join("parts")).is_empty(),
        "yesterday it was there"
    );
    let server = serve(anew.path(), &[]);
    let mut phone = server.phone();
    gone(&mut phone);
    assert!(files(&anew.path().join("parts")).is_empty());
    assert_eq!(phone.sends(2, &body(2)), 200);
    assert!(!said(anew.path(), &["reports", "list"]).contains(&name(1)));
}

#[test]
fn retention_says_what_it_would_erase_and_then_erases_that_alone() {
    let data = data();
    let server = serve(data.path(), &[]);
    let mut phone = server.phone();
    let (picture, half) = (bytes(1, 5000), bytes(2, 5000));
    let (whole, unfinished) = (part(1, &picture), part(2, &half));
    let sent = |seed| report(seed, vec![whole.clone(), unfinished.clone()]);
    for seed in 1..=4 {
        phone.sends(seed, &sent(seed));
        phone.adds(seed, &whole, 0, &picture);
    }
    phone.adds(3, &unfinished, 0, &half[..2000]);
    for seed in [1, 2, 4] {
        said(data.path(), &["reports", "mark", &name(seed), "closed"]);
    }
    said(data.path(), &["reports", "hold", &name(2)]);
    // A year and a day go by for the first two; eight days for what is unfinished.
    let database = rusqlite::Connection::open(data.path().join("safe-place.db"));
    let aged = "UPDATE reports SET closed = closed - ?1 WHERE id IN (?2, ?3)";
    let aged = database
        .expect("it opens")
        .execute(aged, rusqlite::params![366 * DAY, name(1), name(2)]);
    assert_eq!(aged.expect("written"), 2);
    rests(&data.path().join("parts"), 8);
    let before = files(&data.path().join("parts"));
    let dry = said(data.path(), &["retention", "--dry-run"]);
    let closed = format!("{}  closed long enough ago", name(1));
    assert!(
        dry.contains(&closed) && dry.contains("1 reports, 1 parts"),
        "{dry}"
    );
    assert!(
        dry.contains("Nothing was erased.") && !dry.contains(&name(2)),
        "{dry}"
    );
    assert_eq!(files(&data.path().join("parts")), before);
    assert!(phone.looks(1).report.is_some());
    let done = said(data.path(), &["retention"]);
    assert!(
        done.contains(&closed) && done.contains("They are erased."),
        "{done}"
    );
    assert_eq!(phone.looks(1), MailboxState::default());
    assert_eq!(phone.sends(1, &sent(1)), 410);
    for seed in 2..=4 {
        assert!(phone.looks(seed).report.is_some());
        assert_eq!(phone.sends(seed, &sent(seed)), 200);
    }
    let left = files(&data.path().join("parts"));
    let gone: Vec<_> = before.iter().filter(|file| !left.contains(file)).collect();
    assert_eq!(gone.len(), 2, "{gone:?}");
    let log = fs::read_to_string(data.path().join("changes.log")).expect("there");
    assert!(log.contains(&format!("erased {}", id(1))) && !log.contains(id(2).as_str()));
    let again = said(data.path(), &["retention", "--dry-run"]);
    assert!(again.contains("0 reports, 0 parts"), "{again}");
}

#[test]
fn a_report_whose_files_are_missing_is_seen_to_be_incomplete_by_everyone() {
    let data = data();
    let server = serve(data.path(), &[]);
    let mut phone = server.phone();
    let (picture, sound) = (bytes(1, 5000), bytes(2, 5000));
    let parts = [part(1, &picture), part(2, &sound)];
    phone.sends(1, &report(1, parts.to_vec()));
    let shown = || said(data.path(), &["reports", "show", &name(1)]);
    let listed = || said(data.path(), &["reports", "list"]);
    assert!(listed().contains("received, incomplete"), "{}", listed());
    assert!(
        shown().contains("incomplete: 2 parts are missing"),
        "{}",
        shown()
    );
    phone.adds(1, &parts[0], 0, &picture);
    assert!(
        shown().contains("incomplete: 1 parts are missing"),
        "{}",
        shown()
    );
    said(data.path(), &["reports", "mark", &name(1), "read"]);
    assert!(listed().contains("read, incomplete"), "{}", listed());
    assert!(!phone.looks(1).stages.expect("a report").complete);
    let out = data.path().join("out");
    let exported = said(
        data.path(),
        &[
            "reports",
            "export",
            &name(1),
            "--out",
            out.to_str().expect("text"),
        ],
    );
    assert!(exported.contains("the report, 1 parts"), "{exported}");
    phone.adds(1, &parts[1], 0, &sound);
    let commit = format!("/api/reports/{}/commit", id(1));
    phone.send("POST", &commit, "", &[]).expect("an answer");
    assert!(!listed().contains("incomplete") && !shown().contains("incomplete"));
    assert!(phone.looks(1).stages.expect("a report").complete);
}

/// What nobody may find afterwards: where somebody sent from, and what leads to their answers.
struct Traces {
    addresses: Vec<Vec<u8>>,
    secrets: Vec<Vec<u8>>,
    ids: Vec<String>,
}

const CLIENT: &str = "203.0.113.77";
const CLIENT_6: &str = "2001:db8:77:9::5";
const PEER: Ipv4Addr = Ipv4Addr::new(127, 77, 33, 99);

async fn phone_at(address: Ipv4Addr, port: u16) -> Phone {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind((address, 0).into()).expect("one of our own");
    let stream = socket.connect((Ipv4Addr::LOCALHOST, port).into()).await;
    let stream = stream.expect("it listens").into_std().expect("a stream");
    stream.set_nonblocking(false).expect("settable");
    Phone::of(stream)
}

#[tokio::test]
async fn nobody_finds_addresses_receipts_or_tokens_on_the_disk_or_ids_in_the_log() {
    let (data, elsewhere) = (data(), tempfile::tempdir().expect("a folder"));
    let log = elsewhere.path().join("log");
    let mut serve = serving(data.path());
    serve
        .env("SAFE_PLACE_PROXY_HEADER", "X-Forwarded-For")
        .env("SAFE_PLACE_REPORTS_PER_HOUR", "4")
        .stderr(File::create(&log).expect("made"));
    let mut server = Server::of(serve);
    let mut phone = phone_at(PEER, server.port).await;
    let receipt = Receipt::draw().expect("random numbers");
    let keys = receipt.derive().expect("derived");
    let traces = exchange(data.path(), &mut phone, &receipt, &keys);
    server.signal("-TERM");
    drop(phone);
    assert!(server.child.wait().expect("it ends").success());
    let kept: Vec<_> = files(data.path());
    let found = |bytes: &[u8]| -> Vec<&PathBuf> {
        let holds = |path: &&PathBuf| contains(&fs::read(path).expect("there"), bytes);
        kept.iter().chain([&log]).filter(holds).collect()
    };
    // The search finds what is there.
    assert!(!found(traces.ids[0].as_bytes()).is_empty());
    assert!(
        !found(b"parts and mailboxes").is_empty(),
        "the log has its counts"
    );
    for trace in traces.addresses.iter().chain(&traces.secrets) {
        let found = found(trace);
        assert!(
            found.is_empty(),
            "{}: {found:?}",
            String::from_utf8_lossy(trace)
        );
    }
    let log = fs::read_to_string(&log).expect("text");
    for id in &traces.ids {
        assert!(!log.contains(id), "{id}: {log}");
    }
}

fn contains(all: &[u8], some: &[u8]) -> bool {
    all.windows(some.len()).any(|window| window == some)
}

/// A report with a file, a message, an answer, a withdrawal, and more than an address may send.
fn exchange(data: &Path, phone: &mut Phone, receipt: &Receipt, keys: &MailboxKeys) -> Traces {
    let from = format!("x-forwarded-for: 198.51.100.4, {CLIENT}\r\n");
    let (picture, report) = (bytes(1, 5000), id(1));
    let part = part(1, &picture);
    let sent = sealed_for(&report, keys, vec![part.clone()]);
    let kind = "content-type: application/vnd.safe-place.report\r\n";
    let path = format!("/api/reports/{report}");
    let mut ask = |method: &str, path: &str, headers: &str, body: &[u8], expected: u16| {
        let (status, said) = phone.send(method, path, headers, body).expect("an answer");
        assert_eq!(
            status,
            expected,
            "{method} {path}: {}",
            String::from_utf8_lossy(&said)
        );
    };
    ask("PUT", &path, &format!("{from}{kind}"), &sent, 201);
    let chunk = "content-type: application/partial-upload\r\nupload-offset: 0\r\n";
    let part_path = format!("{path}/parts/{}", part.id);
    ask(
        "PATCH",
        &part_path,
        &format!("{from}{chunk}"),
        &picture,
        204,
    );
    ask("POST", &format!("{path}/commit"), &from, &[], 200);
    let token = BASE64URL_NOPAD.encode(&keys.token);
    let bearer = format!("{from}authorization: Bearer {token}\r\n");
    let mailbox = format!("/api/mailboxes/{}", keys.id);
    let message = MessageId::from_random(common::bits(5));
    let letter = format!("{bearer}content-type: {MESSAGE_TYPE}\r\n");
    let sealed = b"age-encryption.org/v1\nsealed";
    ask(
        "PUT",
        &format!("{mailbox}/messages/{message}"),
        &letter,
        sealed,
        201,
    );
    let answer = data.join("answer.age");
    fs::write(&answer, sealed).expect("written");
    let answered = [
        "reports",
        "reply",
        report.as_str(),
        answer.to_str().expect("text"),
    ];
    said(data, &answered);
    ask("GET", &mailbox, &bearer, &[], 200);
    let other = Receipt::draw().expect("random numbers");
    let others = other.derive().expect("derived");
    let withdrawn = id(2);
    let second = format!("/api/reports/{withdrawn}");
    let six = format!("x-forwarded-for: {CLIENT_6}\r\n{kind}");
    ask(
        "PUT",
        &second,
        &six,
        &sealed_for(&withdrawn, &others, vec![]),
        201,
    );
    let bearer = format!(
        "authorization: Bearer {}\r\n",
        BASE64URL_NOPAD.encode(&others.token)
    );
    ask(
        "DELETE",
        &format!("/api/mailboxes/{}", others.id),
        &bearer,
        &[],
        200,
    );
    // Refusals and failures too leave nothing.
    ask("PUT", &path, &format!("{from}{kind}"), b"not a report", 400);
    ask("PUT", &path, &format!("{from}{kind}"), &sent, 200);
    ask("PUT", &path, &format!("{from}{kind}"), &sent, 429);
    let six: std::net::Ipv6Addr = CLIENT_6.parse().expect("an address");
    let texts =
        [CLIENT, CLIENT_6, "198.51.100.4", &PEER.to_string()].map(|text| text.as_bytes().to_vec());
    let mut addresses = texts.to_vec();
    addresses.push(six.octets().to_vec());
    let mut secrets = vec![];
    for (receipt, keys) in [(receipt, keys), (&other, &others)] {
        let digits = receipt.to_string();
        secrets.push(digits.replace(' ', "").into_bytes());
        secrets.push(digits.into_bytes());
        secrets.push(keys.token.to_vec());
        secrets.push(BASE64URL_NOPAD.encode(&keys.token).into_bytes());
        secrets.push(HEXLOWER.encode(&keys.token).into_bytes());
        secrets.push(keys.reply.clone().into_bytes());
    }
    let ids = [
        report.as_str(),
        withdrawn.as_str(),
        keys.id.as_str(),
        others.id.as_str(),
    ];
    let mut ids = ids.map(str::to_owned).to_vec();
    ids.extend([part.id.to_string(), message.to_string()]);
    Traces {
        addresses,
        secrets,
        ids,
    }
}

/// A report as a phone seals it.
fn sealed_for(id: &ReportId, keys: &MailboxKeys, parts: Vec<Part>) -> Vec<u8> {
    let draw = || {
        let identity = seal::identity::draw().expect("random numbers");
        seal::identity::recipient(&identity).expect("an identity")
    };
    let keyset = Keyset {
        version: 1,
        centres: vec![CentreKey {
            id: "hawthorns".to_owned(),
            recipient: draw(),
        }],
        recovery: draw(),
    };
    let body = serde_json::json!({
        "version": 1, "id": id, "form": 1, "language": "en",
        "answers": { "account": { "text": "They shouted at us." } }, "written": 5,
    });
    let body = serde_json::from_value(body).expect("a body");
    let envelope = seal::report::seal(&body, &keyset, "hawthorns", keys, parts);
    envelope.expect("sealed").to_bytes().expect("plain data")
}
