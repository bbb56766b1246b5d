//! What the tests share: a data folder with keys, envelopes, and a phone that speaks HTTP.

#![allow(dead_code, reason = "each test file uses its part")]

#[path = "asked.rs"]
pub mod asked;
#[path = "inside.rs"]
pub mod inside;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use domain::id::{MailboxId, NoteId, ReportId, Sha256};
use domain::wire::{Envelope, Label, Mailbox, REPORT_TYPE};
use sha2::Digest;

/// Puts a keyset of this version into a data folder.
pub fn put_keys(data: &Path, version: u32) {
    let keys = data.join("keys");
    fs::create_dir_all(&keys).expect("a folder");
    let keyset =
        serde_json::json!({ "keyset": format!("{{\"version\":{version}}}"), "signature": "" });
    fs::write(keys.join("keyset.json"), keyset.to_string()).expect("written");
    fs::write(keys.join("root.pub"), "cm9vdA==\n").expect("written");
}

pub fn id(seed: u32) -> ReportId {
    ReportId::from_random(bits(seed))
}

pub fn note_id(seed: u32) -> NoteId {
    NoteId::from_random(bits(seed))
}

pub fn bits(seed: u32) -> [u8; 16] {
    let hash: [u8; 32] = sha2::Sha256::digest(seed.to_be_bytes()).into();
    *hash.first_chunk().expect("32 are more than 16")
}

/// The token behind the mailbox of a report.
pub fn token(seed: u32) -> [u8; 16] {
    bits(seed ^ 0xFFFF)
}

pub fn envelope(seed: u32, length: usize) -> Envelope {
    let mut sealed = b"age-encryption.org/v1\n".to_vec();
    sealed.resize(length.max(sealed.len()), seed as u8);
    let label = Label {
        version: 1,
        centre: "hawthorns".into(),
        keyset: 1,
        mailbox: Mailbox {
            id: MailboxId::from_random(bits(seed)),
            token_hash: Sha256(sha2::Sha256::digest(token(seed)).into()),
        },
        length: sealed.len() as u32,
        reply: None,
        parts: vec![],
    };
    Envelope { label, sealed }
}

pub fn body(seed: u32) -> Vec<u8> {
    sized(seed, 300)
}

/// The body of a report whose age file has this many bytes.
pub fn sized(seed: u32, length: usize) -> Vec<u8> {
    envelope(seed, length).to_bytes().expect("plain data")
}

/// The head of a request that sends a report.
pub fn head(id: &ReportId, length: usize) -> String {
    format!(
        "PUT /api/reports/{id} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {REPORT_TYPE}\r\ncontent-length: {length}\r\n\r\n"
    )
}

/// The real program, serving a data folder on a port of its own choice.
pub struct Server {
    pub child: Child,
    pub port: u16,
}

impl Server {
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// With folders of its own, by the settings' names in the environment.
    pub fn start_with(data: &Path, folders: &[(&str, &Path)]) -> Self {
        let mut serve = serving(data);
        serve.envs(folders.iter().copied()).stderr(Stdio::null());
        Self::of(serve)
    }

    /// Of a command that says all else.
    pub fn of(mut serve: Command) -> Self {
        let mut child = serve.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("piped");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let port = line
            .trim()
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok());
        let port = port.unwrap_or_else(|| panic!("not ready: {line:?}"));
        Self { child, port }
    }

    pub fn phone(&self) -> Phone {
        Phone::connect(self.port)
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status();
        assert!(status.expect("kill runs").success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, for any of its commands.
pub fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_safe-place"));
    command
        .env("SAFE_PLACE_DATA", data)
        .env("SAFE_PLACE_SITE", "")
        .env_remove("SAFE_PLACE_CONFIG");
    command
}

/// The program as a server: on a port of its own choice, and with room for everything.
pub fn serving(data: &Path) -> Command {
    let mut command = program(data);
    command
        .env("SAFE_PLACE_LISTEN", "127.0.0.1:0")
        .env("SAFE_PLACE_REPORTS_PER_HOUR", "0")
        .env("SAFE_PLACE_MAX_BYTES", "0");
    command
}

/// A connection that is kept open.
pub struct Phone {
    stream: BufReader<TcpStream>,
}

impl Phone {
    pub fn connect(port: u16) -> Self {
        Self::of(TcpStream::connect(("127.0.0.1", port)).expect("it listens"))
    }

    pub fn of(stream: TcpStream) -> Self {
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("settable");
        Self {
            stream: BufReader::new(stream),
        }
    }

    /// Sends a report; `None` where no whole answer came.
    pub fn put(&mut self, id: &ReportId, body: &[u8]) -> Option<(u16, Vec<u8>)> {
        let head = head(id, body.len());
        self.ask(&[head.as_bytes(), body].concat())
    }

    /// Sends a note.
    pub fn note(&mut self, id: &NoteId, body: &str) -> Option<(u16, Vec<u8>)> {
        let length = body.len();
        let head = format!(
            "PUT /api/notes/{id} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        self.ask(&[head.as_bytes(), body.as_bytes()].concat())
    }

    /// Sends a form with one field.
    pub fn says(&mut self, path: &str, name: &str, value: &str) -> Option<(u16, Vec<u8>)> {
        let body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n--edge--\r\n"
        );
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=edge\r\ncontent-length: {length}\r\n\r\n"
        );
        self.ask(&[head, body].concat().into_bytes())
    }

    pub fn get(&mut self, path: &str) -> Option<(u16, Vec<u8>)> {
        self.send("GET", path, "", &[])
    }

    /// Sends anything; each of the other headers is a line, with its end.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> Option<(u16, Vec<u8>)> {
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n{headers}\r\n"
        );
        self.ask(&[head.as_bytes(), body].concat())
    }

    fn ask(&mut self, request: &[u8]) -> Option<(u16, Vec<u8>)> {
        self.stream.get_mut().write_all(request).ok()?;
        let mut line = String::new();
        self.stream.read_line(&mut line).ok()?;
        let status = line.split(' ').nth(1)?.parse().ok()?;
        let mut length = 0;
        loop {
            line.clear();
            if self.stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        Some((status, body))
    }
}
