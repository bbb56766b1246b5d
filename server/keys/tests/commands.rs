//! The program as people run it: every command, and every way to hold it wrong.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use domain::form::{Answer, Without};
use domain::id::{PartId, ReportId};
use domain::report::enclosed::{File, Kind, Origin};
use domain::report::{BODY_VERSION, Body, Enclosed};
use domain::time::Timestamp;
use domain::wire::{Part, SignedKeyset};
use seal::keyset::{Keyset, RootKey, verify};
use seal::receipt::Receipt;

const RECEIPT: &str = "1234 5678 9012 3456 7890 1235";
const MAILBOX: &str = "fkt3krdhryonjykiyjbfkxyvfu";

/// What the program said.
struct Said {
    success: bool,
    out: String,
    err: String,
}

fn keys(arguments: &[&str]) -> Said {
    typing("", arguments)
}

/// Runs the program and types this when it asks.
#[track_caller]
fn typing(typed: &str, arguments: &[&str]) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keys"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    // A program that asks for nothing may have ended before it could read.
    _ = stdin.write_all(typed.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let said = Said {
        success: output.status.success(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    };
    assert!(!said.err.contains("panicked"), "{}", said.err);
    said
}

#[track_caller]
fn works(arguments: &[&str]) -> String {
    let said = keys(arguments);
    assert!(said.success, "{arguments:?}: {}", said.err);
    said.out
}

/// It fails with one sentence that contains these words.
#[track_caller]
fn fails(arguments: &[&str], why: &str) {
    let said = keys(arguments);
    assert!(!said.success, "{arguments:?} worked: {}", said.out);
    assert!(said.err.contains(why), "{arguments:?}: {}", said.err);
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    assert_eq!(said.out, "");
}

/// A usage error: clap explains it in more than one line.
#[track_caller]
fn misused(arguments: &[&str], why: &str) {
    let said = keys(arguments);
    assert!(!said.success, "{arguments:?} worked: {}", said.out);
    assert!(said.err.contains(why), "{arguments:?}: {}", said.err);
}

/// An empty folder of this test's own.
struct Desk(PathBuf);

impl Desk {
    fn new(test: &str) -> Self {
        let name = format!("{test}-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the test");
        Self(folder)
    }

    /// A desk with a sample scheme's keys in `keys/`.
    fn with_sample(test: &str) -> Self {
        let desk = Self::new(test);
        let out = desk.at("keys");
        works(&[
            "sample",
            "--out",
            &out,
            "--centre",
            "hawthorns",
            "--centre",
            "elsewhere",
        ]);
        desk
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("a plain path").to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("a file of the test")
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.0.join(name), bytes).expect("a file of the test");
        self.at(name)
    }

    fn keyset(&self) -> Keyset {
        let signed: SignedKeyset =
            serde_json::from_str(&self.read("keys/keyset.json")).expect("a signed keyset");
        let root = RootKey::from_base64(&self.read("keys/root.pub")).expect("a root key");
        verify(&signed, &root).expect("signed by this root")
    }

    /// A report sealed for the Hawthorns, in a file.
    fn sealed(&self, body: &Body) -> String {
        let keys = Receipt::parse(RECEIPT)
            .expect("a receipt")
            .derive()
            .expect("memory");
        let envelope =
            seal::report::seal(body, &self.keyset(), "hawthorns", &keys, vec![]).expect("sealed");
        self.write("report.age", envelope.sealed)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

fn report() -> Body {
    let text = |text: &str| Answer {
        text: text.into(),
        ..Answer::default()
    };
    let choice = |id: &str| Answer {
        choice: Some(id.into()),
        ..Answer::default()
    };
    let unknown = Answer {
        without: Some(Without::Unknown),
        ..Answer::default()
    };
    Body {
        version: BODY_VERSION,
        enclosed: None,
        follows: None,
        id: ReportId::from_random([7; 16]),
        form: 1,
        language: "en".into(),
        answers: BTreeMap::from([
            ("role".into(), choice("saw")),
            (
                "account".into(),
                text("They shouted.\nThen they \u{1b}[31mran. \u{2764} \u{9b}"),
            ),
            ("when".into(), unknown),
            ("share".into(), choice("centre-only")),
            ("weather".into(), text("Rain")),
        ]),
        written: Timestamp(1_795_000_000_000),
    }
}

#[test]
fn every_command_explains_itself() {
    let overview = works(&["--help"]);
    for command in [
        "sample", "root", "centre", "recovery", "sign", "inspect", "open", "receipt",
    ] {
        assert!(overview.contains(command), "{command} is listed");
        assert!(works(&[command, "--help"]).contains("Usage:"));
    }
    misused(&[], "Usage:");
    misused(&["nonsense"], "nonsense");
}

#[test]
fn a_sample_has_all_keys_and_only_its_owner_reads_them() {
    let desk = Desk::with_sample("sample");
    let names = [
        "root.key",
        "root.pub",
        "keyset.json",
        "centre-hawthorns.key",
        "centre-elsewhere.key",
        "recovery.key",
    ];
    for name in names {
        assert!(
            Path::new(&desk.at(&format!("keys/{name}"))).is_file(),
            "{name}"
        );
    }
    let in_folder = fs::read_dir(desk.at("keys")).expect("the folder").count();
    assert_eq!(in_folder, names.len());
    assert_eq!(
        fs::read_dir(&desk.0).expect("the desk").count(),
        1,
        "nothing unfinished is left"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &str| {
            fs::metadata(desk.at(path))
                .expect("it is there")
                .permissions()
                .mode()
                & 0o777
        };
        assert_eq!(mode("keys"), 0o700);
        for name in names {
            assert_eq!(mode(&format!("keys/{name}")), 0o600, "{name}");
        }
    }
    assert_eq!(desk.keyset().version, 1);
    assert_eq!(desk.keyset().centres.len(), 2);
    assert_eq!(desk.read("keys/root.pub").lines().count(), 1);
}

#[test]
fn nothing_is_ever_overwritten() {
    let desk = Desk::with_sample("overwrite");
    let keys = desk.at("keys");
    let before = desk.read("keys/root.key");
    fails(
        &["sample", "--out", &keys, "--centre", "hawthorns"],
        "already exists",
    );
    fails(&["root", "--out", &keys], "already exists");
    fails(
        &["centre", "--id", "hawthorns", "--out", &keys],
        "already exists",
    );
    fails(&["recovery", "--out", &keys], "already exists");
    assert_eq!(desk.read("keys/root.key"), before);
    assert_eq!(
        fs::read_dir(&desk.0).expect("the desk").count(),
        1,
        "nothing unfinished is left"
    );
    fs::create_dir(desk.at("empty")).expect("a folder");
    works(&[
        "sample",
        "--out",
        &desk.at("empty"),
        "--centre",
        "hawthorns",
    ]);
}

#[test]
fn a_sealed_report_opens_with_its_centres_key_and_with_recovery() {
    let desk = Desk::with_sample("open");
    let file = desk.sealed(&report());
    for key in ["keys/centre-hawthorns.key", "keys/recovery.key"] {
        let json = works(&["open", &file, "--identity", &desk.at(key), "--json"]);
        assert_eq!(
            serde_json::from_str::<Body>(&json).expect("a report"),
            report()
        );
        assert!(
            !json.contains(['\u{1b}', '\u{9b}']),
            "nothing that steers a terminal"
        );
    }
    let other = desk.at("keys/centre-elsewhere.key");
    fails(&["open", &file, "--identity", &other], "does not open it");
}

#[test]
fn an_opened_report_reads_well() {
    let desk = Desk::with_sample("read");
    let file = desk.sealed(&report());
    let key = desk.at("keys/centre-hawthorns.key");
    let shown = works(&["open", &file, "--identity", &key]);
    let order = [
        "2026-11-18 11:06 UTC",
        "  They shouted.\n  Then they",
        "weather\n  Rain",
    ];
    let places: Vec<_> = order
        .iter()
        .map(|words| shown.find(words).expect(words))
        .collect();
    assert!(places.is_sorted(), "{shown}");
    assert!(
        !shown.contains(['\u{1b}', '\u{9b}']),
        "nothing that steers a terminal"
    );
    let id = report().id;
    works(&["open", &file, "--identity", &key, "--id", id.as_str()]);
    let other = ReportId::from_random([8; 16]);
    fails(
        &["open", &file, "--identity", &key, "--id", other.as_str()],
        "another id",
    );
}

/// What the `age` command opens a file to; `None`, and said, where there is no such command.
#[track_caller]
fn opened_by_age(file: &str, key: &str) -> Option<Vec<u8>> {
    let opened = Command::new("age").args(["-d", "-i", key, file]).output();
    let Ok(opened) = opened else {
        // Past the test runner's capture, so that nobody takes this for a pass.
        _ = writeln!(
            std::io::stderr(),
            "SKIPPED: there is no `age` command on this machine"
        );
        return None;
    };
    let said = String::from_utf8_lossy(&opened.stderr);
    assert!(opened.status.success(), "{said}");
    Some(opened.stdout)
}

#[test]
fn the_age_command_opens_a_report_without_us() {
    let desk = Desk::with_sample("age");
    let file = desk.sealed(&report());
    for key in ["keys/centre-hawthorns.key", "keys/recovery.key"] {
        let Some(opened) = opened_by_age(&file, &desk.at(key)) else {
            return;
        };
        let body: Body = serde_json::from_slice(&opened).expect("a report");
        assert_eq!(body, report());
    }
    let other = Command::new("age")
        .args(["-d", "-i", &desk.at("keys/centre-elsewhere.key"), &file])
        .output();
    assert!(!other.expect("age was there a moment ago").status.success());
}

#[test]
fn the_age_command_opens_files_answers_and_messages_without_us() {
    let desk = Desk::with_sample("age-rest");
    let centre = desk.at("keys/centre-hawthorns.key");
    let (files, enclosed) = enclosed(&desk, &[b"a picture"]);
    let body = Body {
        enclosed: Some(enclosed),
        ..report()
    };
    let Some(opened) = opened_by_age(&desk.sealed(&body), &centre) else {
        return;
    };
    // What opens the file is in the report, as it stands there.
    let opened: serde_json::Value = serde_json::from_slice(&opened).expect("a report");
    let key = opened["enclosed"]["key"].as_str().expect("a key");
    let key = desk.write("of-files.key", key);
    let padded = opened_by_age(&files[0], &key).expect("age is there");
    let length = opened["enclosed"]["files"][0]["length"].as_u64();
    let (plain, zeros) = padded.split_at(length.expect("a length") as usize);
    assert_eq!(plain, b"a picture");
    assert!(zeros.iter().all(|byte| *byte == 0));

    #[track_caller]
    fn says(file: &str, key: &str, text: &str) {
        let opened = opened_by_age(file, key).expect("age is there");
        let message: serde_json::Value = serde_json::from_slice(&opened).expect("a message");
        assert_eq!(message["text"], text);
    }
    let mailbox = Receipt::parse(RECEIPT).expect("a receipt").derive();
    let mailbox = mailbox.expect("memory");
    let receipt = desk.write("of-receipt.key", &mailbox.reply);
    let to = seal::identity::recipient(&mailbox.reply).expect("an identity");
    let answer = desk.at("answer.age");
    let words = [
        "reply",
        "--to",
        &to,
        "--identity",
        &centre,
        "--out",
        &answer,
    ];
    assert!(typing("We rang them.", &words).success);
    let keyset = desk.keyset();
    let message = seal::message::seal_to_centre("Thank you.", &keyset, "hawthorns", &mailbox);
    let message = desk.write("message.age", message.expect("sealed"));
    for key in [&receipt, &centre] {
        says(&answer, key, "We rang them.");
        says(&message, key, "Thank you.");
    }
    says(&message, &desk.at("keys/recovery.key"), "Thank you.");
}

#[test]
fn what_does_not_open_says_why() {
    let desk = Desk::with_sample("closed");
    let file = desk.sealed(&report());
    let key = desk.at("keys/centre-hawthorns.key");
    let sealed = fs::read(&file).expect("the report");
    let cut = desk.write("cut.age", &sealed[..sealed.len() - 9]);
    let text = desk.write("text.age", "hello");
    let huge = desk.write("huge.age", vec![0; 70_000]);
    fails(&["open", &cut, "--identity", &key], "cut short or changed");
    fails(&["open", &text, "--identity", &key], "not an age file");
    fails(
        &["open", &huge, "--identity", &key],
        "larger than any sealed report",
    );
    fails(
        &["open", &desk.at("nowhere"), "--identity", &key],
        "cannot be read",
    );
    fails(
        &["open", &desk.at("keys"), "--identity", &key],
        "cannot be read",
    );
    fails(
        &["open", &file, "--identity", &desk.at("nowhere")],
        "cannot be read",
    );
    fails(&["open", &file, "--identity", &file], "no key in this file");
    fails(
        &["open", &file, "--identity", &desk.at("keys/root.key")],
        "AGE-SECRET-KEY-1",
    );
    let comments = desk.write("comments.key", "# nothing\n\n");
    fails(
        &["open", &file, "--identity", &comments],
        "no key in this file",
    );
    misused(
        &["open", &file, "--identity", &key, "--id", "short"],
        "26 characters",
    );
}

/// The public key a command printed.
fn public_key(said: &str) -> &str {
    let line = said
        .lines()
        .find_map(|line| line.strip_prefix("public key: "));
    line.expect("a public key was printed")
}

#[test]
fn a_ceremony_step_by_step_makes_a_keyset_that_holds() {
    let desk = Desk::new("ceremony");
    let out = desk.at("");
    works(&["root", "--out", &out]);
    let centre = works(&["centre", "--id", "hawthorns", "--out", &out]);
    let recovery = works(&["recovery", "--out", &out]);
    let named = format!("hawthorns={}", public_key(&centre));
    let (root, keyset) = (desk.at("root.key"), desk.at("keyset.json"));
    let sign = |version: &str, out: &str| {
        works(&[
            "sign",
            "--root",
            &root,
            "--version",
            version,
            "--centre",
            &named,
            "--recovery",
            public_key(&recovery),
            "--out",
            out,
        ])
    };
    sign("2", &keyset);
    let root_pub = desk.at("root.pub");
    let shown = works(&["inspect", &keyset, "--root", &root_pub, "--seen", "2"]);
    assert!(shown.starts_with("keyset 2,"), "{shown}");
    assert!(shown.contains(public_key(&centre)) && shown.contains(public_key(&recovery)));
    let why = "older than version 3";
    fails(
        &["inspect", &keyset, "--root", &root_pub, "--seen", "3"],
        why,
    );
}

#[test]
fn the_paper_is_tested_on_the_spot() {
    let desk = Desk::new("paper");
    let out = desk.at("");
    works(&["recovery", "--out", &out]);
    let file = desk.read("recovery.key");
    let paper = file.lines().last().expect("the key");
    let test = ["recovery", "--out", &out, "--test"];
    assert!(typing(&format!("{paper}\n"), &test).success);
    // People copy in lower case and in groups; age reads either case, and we leave spaces out.
    let grouped = format!("{} {}\n", &paper[..20], &paper[20..]).to_lowercase();
    assert!(typing(&grouped, &test).success);
    let last = if paper.ends_with('Q') { 'P' } else { 'Q' };
    let mistyped = typing(&format!("{}{last}\n", &paper[..paper.len() - 1]), &test);
    assert!(
        !mistyped.success && mistyped.err.contains("AGE-SECRET-KEY-1"),
        "{}",
        mistyped.err
    );
    assert!(!typing("\n", &test).success);
    let other = Desk::new("other-paper");
    works(&["recovery", "--out", &other.at("")]);
    let other = other.read("recovery.key");
    let said = typing(other.lines().last().expect("the key"), &test);
    assert!(
        !said.success && said.err.contains("another key"),
        "{}",
        said.err
    );
}

#[test]
fn a_keyset_of_another_root_or_with_other_bytes_is_not_believed() {
    let desk = Desk::with_sample("tampered");
    let other = Desk::with_sample("other-root");
    let (keyset, root) = (desk.at("keys/keyset.json"), desk.at("keys/root.pub"));
    works(&["inspect", &keyset, "--root", &root]);
    fails(
        &["inspect", &keyset, "--root", &other.at("keys/root.pub")],
        "did not sign",
    );
    let mut signed: SignedKeyset =
        serde_json::from_str(&desk.read("keys/keyset.json")).expect("signed");
    let store = |signed: &SignedKeyset| {
        desk.write(
            "bad.json",
            serde_json::to_string(signed).expect("plain data"),
        )
    };
    signed.keyset = signed.keyset.replace("\"version\":1", "\"version\":9");
    let grown = store(&signed);
    fails(&["inspect", &grown, "--root", &root], "did not sign");
    signed.signature = "AAAA".into();
    let unsigned = store(&signed);
    fails(&["inspect", &unsigned, "--root", &root], "did not sign");
    let text = desk.write("text.json", "{}");
    fails(&["inspect", &text, "--root", &root], "not a signed keyset");
    fails(
        &["inspect", &keyset, "--root", &keyset],
        "32 bytes in base64",
    );
}

#[test]
fn a_keyset_no_phone_would_take_is_not_signed() {
    let desk = Desk::with_sample("unsigned");
    let keyset = desk.keyset();
    let (root, out) = (desk.at("keys/root.key"), desk.at("new.json"));
    let centre = format!("hawthorns={}", keyset.centres[0].recipient);
    let sign = ["sign", "--root", &root, "--out", &out, "--version", "2"];
    let with = |more: &[&'static str]| [&sign[..], more].concat();
    misused(&with(&["--recovery", "age1x"]), "--centre");
    misused(
        &with(&["--recovery", "age1x", "--centre", "hawthorns"]),
        "ID=age1",
    );
    misused(
        &with(&["--recovery", "age1x", "--centre", "hawthorns=age1x"]),
        "no public key",
    );
    let rest = ["--centre", &centre, "--recovery", "age1x"];
    fails(&[&sign[..], &rest].concat(), "each with an age1");
    let twice = [
        "--centre",
        &centre,
        "--centre",
        &centre,
        "--recovery",
        &keyset.recovery,
    ];
    fails(&[&sign[..], &twice].concat(), "each once");
    assert!(!Path::new(&out).exists());
    misused(
        &["sample", "--out", &out, "--centre", "../etc"],
        "lower-case letters",
    );
    fails(
        &["sample", "--out", &out, "--centre", "a", "--centre", "a"],
        "named twice",
    );
}

#[test]
fn a_receipt_leads_to_its_mailbox() {
    assert_eq!(works(&["receipt", RECEIPT]).trim(), MAILBOX);
    let asked = typing("\u{661}234-5678-9012-3456-7890-1235\n", &["receipt"]);
    assert_eq!(asked.out.trim(), MAILBOX);
    fails(&["receipt", "1234 5678 9012 3456 7890 1236"], "wrong");
    fails(&["receipt", "1234 5678 9012 3456 7809 1235"], "wrong");
    fails(&["receipt", "1234"], "missing");
    fails(&["receipt", "1234 5678 9012 3456 7890 1235 6"], "more");
    fails(&["receipt", "hello"], "only digits");
}

/// A key in a file, and the recipient that seals to it.
fn key_file(desk: &Desk, name: &str) -> (String, String) {
    let key = seal::identity::draw().expect("random numbers");
    let path = desk.write(name, format!("{}\n", *key));
    (path, seal::identity::recipient(&key).expect("an identity"))
}

#[test]
fn an_answer_is_sealed_for_the_receipt_and_the_centre_and_never_over_another() {
    let desk = Desk::new("reply");
    let (receipt, to) = key_file(&desk, "receipt.key");
    let (centre, _) = key_file(&desk, "centre.key");
    let (file, other) = (desk.at("answer.age"), desk.at("other.age"));
    let words = ["reply", "--to", &to, "--identity", &centre, "--out", &file];
    let said = typing("We rang them.\n\u{1b}[2J", &words);
    assert!(said.success, "{}", said.err);
    for key in [&receipt, &centre] {
        let opened = works(&["message", &file, "--identity", key]);
        assert_eq!(opened, "We rang them.\n\u{FFFD}[2J\n");
    }
    assert!(!typing("again", &words).success);
    let empty = typing("  \n", &["reply", "--to", &to, "--out", &other]);
    assert!(!empty.success && empty.err.contains("nothing was typed"));
    let wrong = typing("x", &["reply", "--to", "age1nobody", "--out", &other]);
    assert!(!wrong.success && !Path::new(&other).exists());
}

/// Sealed files beside their report, and what the report says of them.
fn enclosed(desk: &Desk, all: &[&[u8]]) -> (Vec<String>, Enclosed) {
    let (key, to) = key_file(desk, "files.key");
    let mut paths = Vec::new();
    let mut files = Vec::new();
    for (n, bytes) in (9..).zip(all) {
        let mut sealer = seal::part::PartSealer::to(&to).expect("begun");
        let mut sealed = sealer.write(bytes).expect("sealed");
        let (rest, of) = sealer.finish().expect("sealed");
        sealed.extend(rest);
        let part = Part {
            id: PartId::from_random([n; 16]),
            length: of.length as u32,
            sha256: of.sha256,
        };
        paths.push(desk.write(&format!("part-{}.age", part.id), sealed));
        files.push(File {
            part,
            name: "../../\u{1b}[2Jphoto.exe".into(),
            kind: Kind::Jpg,
            origin: Origin::Original,
            length: of.plain,
            sha256: of.plain_sha256,
        });
    }
    let identity = fs::read_to_string(key).expect("a key");
    let key = identity.trim().to_owned();
    (paths, Enclosed { key, files })
}

#[test]
fn files_open_with_the_report_they_came_with_and_only_as_it_names_them() {
    let desk = Desk::with_sample("files");
    let (sealed, enclosed) = enclosed(&desk, &[b"a picture"]);
    let sealed = &sealed[0];
    let body = Body {
        enclosed: Some(enclosed),
        ..report()
    };
    let file = desk.sealed(&body);
    let centre = desk.at("keys/centre-hawthorns.key");
    let told = works(&["open", &file, "--identity", &centre]);
    assert!(
        told.contains("1: jpg, 9 bytes, as it was on the phone"),
        "{told}"
    );
    assert!(
        !told.contains('\u{1b}'),
        "what a stranger named it steers no terminal"
    );

    let opened = |out: &str| {
        keys(&[
            "files",
            &file,
            "--identity",
            &centre,
            "--out",
            &desk.at(out),
        ])
    };
    assert!(opened("opened").success);
    let target = desk.at("opened/1.jpg");
    assert_eq!(fs::read(&target).expect("written"), b"a picture");
    assert!(!opened("opened").success, "nothing is written over");

    let mut bytes = fs::read(sealed).expect("sealed");
    *bytes.last_mut().expect("bytes") ^= 1;
    fs::write(sealed, bytes).expect("written");
    let changed = opened("changed");
    assert!(
        !changed.success && changed.err.contains("other bytes"),
        "{}",
        changed.err
    );
    fs::remove_file(sealed).expect("removed");
    assert!(!opened("missing").success);
    assert!(!Path::new(&desk.at("missing/1.jpg")).exists());
}

/// Swaps what lies in two files.
fn exchange(one: &str, other: &str) {
    let [first, second] = [one, other].map(|file| fs::read(file).expect("a file"));
    fs::write(one, second).expect("written");
    fs::write(other, first).expect("written");
}

/// Bytes in one sealed chunk of an age file.
const CHUNK: usize = 64 * 1024 + 16;

#[test]
fn what_was_exchanged_is_named_and_the_rest_opens() {
    let (desk, elsewhere) = (Desk::with_sample("swapped"), Desk::new("swapped-other"));
    let long: Vec<u8> = (0..150_000_u32).map(|at| (at / 7) as u8).collect();
    let all: [&[u8]; 4] = [b"first", b"second", b"third", &long];
    let (sealed, files) = enclosed(&desk, &all);
    let (others, _) = enclosed(&elsewhere, &[b"of another report"]);
    let body = Body {
        enclosed: Some(files),
        ..report()
    };
    let report = desk.sealed(&body);
    let centre = desk.at("keys/centre-hawthorns.key");
    let opened = |wrong: &[usize]| {
        let name = format!("opened-{wrong:?}");
        let out = desk.at(&name);
        let said = keys(&["files", &report, "--identity", &centre, "--out", &out]);
        assert_eq!(said.success, wrong.is_empty(), "{}", said.err);
        for (number, bytes) in (1..).zip(all) {
            let target = format!("{out}/{number}.jpg");
            let line = said.out.lines().nth(number - 1).expect("a line for each");
            let is_wrong = wrong.contains(&number);
            assert_eq!(line.contains("not opened"), is_wrong, "{line}");
            assert_eq!(line.contains("other bytes"), is_wrong, "{line}");
            let plain = fs::read(target).ok();
            assert_eq!(plain.as_deref(), (!is_wrong).then_some(bytes));
        }
    };
    opened(&[]);
    exchange(&sealed[0], &sealed[2]);
    opened(&[1, 3]);
    exchange(&sealed[0], &sealed[2]);
    exchange(&sealed[1], &others[0]);
    opened(&[2]);
    exchange(&sealed[1], &others[0]);
    let mut bytes = fs::read(&sealed[3]).expect("a file");
    let begins = bytes.len() - 3 * CHUNK;
    let (one, other) = bytes[begins..].split_at_mut(CHUNK);
    one.swap_with_slice(&mut other[..CHUNK]);
    fs::write(&sealed[3], bytes).expect("written");
    opened(&[4]);
}

#[test]
fn what_is_no_proof_of_receipt_or_proves_nothing_is_said_in_a_sentence() {
    let desk = Desk::with_sample("proof");
    let root = fs::read_to_string(desk.at("keys/root.pub")).expect("a public key");
    let file = desk.at("proof.json");
    let check = |text: &str| {
        fs::write(&file, text).expect("written");
        let said = keys(&["proof", &file, "--key", root.trim()]);
        assert!(!said.success && said.out.is_empty(), "{}", said.out);
        said.err
    };
    assert!(check("{}").contains("not a proof of receipt"));
    let unsigned = format!(
        r#"["aaaaaaaaaaaaaaaaaaaaaaaaaa",{{"hour":0,"leaf":0,"signature":"{}==","sealed":"{}"}}]"#,
        "A".repeat(86),
        "00".repeat(32)
    );
    assert!(check(&unsigned).contains("proves nothing"));
}
