//! Reporting through the real program and its commands: centres that nobody reads, erasing for good, and
//! what is written down of it all.

mod common;

use std::fs::{self, File};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use common::asked::{NORTH, SOUTH, data, files, name, of, rests, said, scheme, sent_to, serve};
use common::inside::{bytes, part, report};
use common::{Phone, Server, body, id, program, put_keys, serving};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::id::{MessageId, ReportId};
use domain::time::DAY;
use domain::wire::{MESSAGE_TYPE, MailboxState, Part};
use seal::keyset::{CentreKey, Keyset};
use seal::receipt::{MailboxKeys, Receipt};

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
