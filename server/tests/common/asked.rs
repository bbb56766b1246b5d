//! The real program, asked by phones and by its own commands, with a scheme of two centres.

#![allow(dead_code, reason = "each test file uses its part")]

use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use data_encoding::BASE64URL_NOPAD;
use domain::id::MessageId;
use domain::wire::{Envelope, MESSAGE_TYPE, MailboxState, Part, Scheme};
use tempfile::TempDir;

use super::{Phone, Server, bits, envelope, id, program, put_keys, serving, token};

pub const NORTH: &str = "north";
pub const SOUTH: &str = "south";

pub fn data() -> TempDir {
    let data = tempfile::tempdir().expect("a folder");
    put_keys(data.path(), 2);
    data
}

/// The sample scheme as a real one, with two centres.
pub fn scheme() -> TempDir {
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

pub fn serve(data: &Path, settings: &[(&str, &str)]) -> Server {
    let mut serve = serving(data);
    serve.envs(settings.iter().copied()).stderr(Stdio::null());
    Server::of(serve)
}

#[track_caller]
pub fn said(data: &Path, words: &[&str]) -> String {
    of(program(data).args(words))
}

#[track_caller]
pub fn of(command: &mut Command) -> String {
    let output = command.output().expect("it runs");
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{failed}");
    String::from_utf8(output.stdout).expect("text")
}

pub fn name(seed: u32) -> String {
    id(seed).to_string()
}

pub fn mailbox(seed: u32) -> String {
    format!("/api/mailboxes/{}", envelope(seed, 0).label.mailbox.id)
}

pub fn bearer(seed: u32) -> String {
    let token = BASE64URL_NOPAD.encode(&token(seed));
    format!("authorization: Bearer {token}\r\n")
}

/// A report for a centre, whose age file has this many bytes.
pub fn sent_to(centre: &str, seed: u32, length: usize, parts: Vec<Part>) -> Vec<u8> {
    let Envelope { mut label, sealed } = envelope(seed, length);
    label.centre = centre.into();
    label.version = 2;
    label.reply = Some(format!("age1{}", "q".repeat(58)));
    label.parts = parts;
    Envelope { label, sealed }.to_bytes().expect("plain data")
}

impl Phone {
    pub fn sends(&mut self, seed: u32, body: &[u8]) -> u16 {
        self.put(&id(seed), body).expect("an answer").0
    }

    pub fn adds(&mut self, seed: u32, part: &Part, offset: usize, chunk: &[u8]) -> u16 {
        let path = format!("/api/reports/{}/parts/{}", id(seed), part.id);
        let headers =
            format!("content-type: application/partial-upload\r\nupload-offset: {offset}\r\n");
        let answer = self.send("PATCH", &path, &headers, chunk);
        answer.expect("an answer").0
    }

    pub fn looks(&mut self, seed: u32) -> MailboxState {
        let answer = self.send("GET", &mailbox(seed), &bearer(seed), &[]);
        serde_json::from_slice(&answer.expect("an answer").1).expect("a state")
    }

    pub fn writes(&mut self, seed: u32, message: u32, length: usize) -> u16 {
        let message = MessageId::from_random(bits(message));
        let path = format!("{}/messages/{message}", mailbox(seed));
        let headers = bearer(seed) + &format!("content-type: {MESSAGE_TYPE}\r\n");
        let mut sealed = b"age-encryption.org/v1\n".to_vec();
        sealed.resize(length, 7);
        let answer = self.send("PUT", &path, &headers, &sealed);
        answer.expect("an answer").0
    }

    pub fn withdraws(&mut self, seed: u32) -> u16 {
        let answer = self.send("DELETE", &mailbox(seed), &bearer(seed), &[]);
        answer.expect("an answer").0
    }

    pub fn offered(&mut self) -> Vec<(String, bool)> {
        let (_, scheme) = self.get("/api/scheme").expect("an answer");
        let scheme: Scheme = serde_json::from_slice(&scheme).expect("a scheme");
        let centres = scheme.centres.into_iter();
        centres.map(|centre| (centre.id, centre.offered)).collect()
    }
}

/// All files of parts were last gone on with so many days ago.
pub fn rests(folder: &Path, days: u64) {
    for file in files(folder) {
        let then = SystemTime::now() - Duration::from_secs(days * 86_400);
        let file = File::options().write(true).open(file).expect("it opens");
        let times = FileTimes::new().set_modified(then);
        file.set_times(times).expect("set");
    }
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
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
