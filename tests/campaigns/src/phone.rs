//! A phone: the courier itself, with its storage in memory and HTTP over a plain connection.

use std::time::{Duration, Instant};

use courier::sync::Device;
use courier::sync::api::{
    Api, Heard, MailboxAnswer, Pulled, commit_answer, message_answer, note_answer, part_answer,
    pulled, put_answer, withdraw_answer,
};
use data_encoding::BASE64URL_NOPAD;
use domain::delta::{Cursor, Delta};
use domain::id::{MailboxId, MessageId, NoteId, PartId, ReportId};
use domain::note::NoteAnswer;
use domain::outbox::{Answer, PartAnswer};
use domain::time::Timestamp;
use domain::wire::{CHUNK_TYPE, MESSAGE_TYPE, MailboxState, REPORT_TYPE, Scheme};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::chance::Chance;

/// How many times as fast as real time phones' clocks run: their waits are as many times shorter.
const FASTER: u32 = 50;
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A phone's clock and chance.
pub struct Handset {
    begun: Instant,
    chance: Chance,
}

impl Handset {
    /// Switched on at an instant.
    pub fn new(begun: Instant, seed: u64) -> Self {
        let chance = Chance::of(seed);
        Self { begun, chance }
    }
}

impl Device for Handset {
    fn now(&self) -> Timestamp {
        let ran = self.begun.elapsed() * FASTER;
        Timestamp(1_790_000_000_000).plus(ran.as_millis() as i64)
    }

    fn chance(&self) -> u32 {
        self.chance.next() as u32
    }
}

/// The network, as a phone has it: whoever listens on this port.
#[derive(Debug, Clone, Copy)]
pub struct Network(pub u16);

impl Network {
    /// One request on a connection of its own; `None` where no whole answer came.
    pub async fn ask(
        self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<Heard> {
        let asked = tokio::time::timeout(PATIENCE, self.exchange(method, path, headers, body));
        asked.await.ok()?
    }

    async fn exchange(
        self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<Heard> {
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        let mut stream = TcpStream::connect(("127.0.0.1", self.0)).await.ok()?;
        stream.write_all(head.as_bytes()).await.ok()?;
        // A server that refuses answers before it has read everything.
        let _ = stream.write_all(body).await;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        heard(&answer)
    }
}

fn heard(answer: &[u8]) -> Option<Heard> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    let body = &answer[end + 4..];
    let length = header("content-length").and_then(|text| text.parse::<usize>().ok());
    if length.is_some_and(|length| length != body.len()) {
        return None;
    }
    Some(Heard {
        status: head.split(' ').nth(1)?.parse().ok()?,
        retry_after: header("retry-after"),
        offset: header("upload-offset"),
        body: body.to_vec(),
    })
}

fn bearer(token: &[u8; 32]) -> String {
    format!("Bearer {}", BASE64URL_NOPAD.encode(token))
}

impl Api for Network {
    async fn put_report(&self, id: &ReportId, envelope: &[u8]) -> Answer {
        let kind = [("content-type", REPORT_TYPE)];
        let heard = self
            .ask("PUT", &format!("/api/reports/{id}"), &kind, envelope)
            .await;
        heard.map_or(Answer::Silence, |heard| put_answer(&heard))
    }

    async fn commit(&self, id: &ReportId) -> Answer {
        let heard = self
            .ask("POST", &format!("/api/reports/{id}/commit"), &[], &[])
            .await;
        heard.map_or(Answer::Silence, |heard| commit_answer(&heard))
    }

    async fn put_chunk(
        &self,
        id: &ReportId,
        part: &PartId,
        offset: u32,
        chunk: &[u8],
    ) -> PartAnswer {
        let path = format!("/api/reports/{id}/parts/{part}");
        let offset = offset.to_string();
        let headers = [("content-type", CHUNK_TYPE), ("upload-offset", &*offset)];
        let heard = self.ask("PATCH", &path, &headers, chunk).await;
        heard.map_or(PartAnswer::Silence, |heard| part_answer(&heard))
    }

    async fn put_note(&self, id: &NoteId, note: &[u8]) -> NoteAnswer {
        let kind = [("content-type", "application/json")];
        let heard = self
            .ask("PUT", &format!("/api/notes/{id}"), &kind, note)
            .await;
        heard.map_or(NoteAnswer::Later, |heard| note_answer(id, &heard))
    }

    async fn scheme(&self) -> Pulled<Scheme> {
        let heard = self.ask("GET", "/api/scheme", &[], &[]).await;
        heard.map_or(Pulled::Silence, |heard| pulled(&heard))
    }

    async fn places(&self, after: &Cursor) -> Pulled<Delta> {
        let path = format!("/api/places?after={}", after.0);
        let heard = self.ask("GET", &path, &[], &[]).await;
        heard.map_or(Pulled::Silence, |heard| pulled(&heard))
    }

    async fn mailbox(&self, id: &MailboxId, token: &[u8; 32]) -> Pulled<MailboxState> {
        let bearer = bearer(token);
        let headers = [("authorization", &*bearer)];
        let heard = self
            .ask("GET", &format!("/api/mailboxes/{id}"), &headers, &[])
            .await;
        heard.map_or(Pulled::Silence, |heard| pulled(&heard))
    }

    async fn put_message(
        &self,
        mailbox: &MailboxId,
        token: &[u8; 32],
        id: &MessageId,
        sealed: &[u8],
    ) -> MailboxAnswer {
        let path = format!("/api/mailboxes/{mailbox}/messages/{id}");
        let bearer = bearer(token);
        let headers = [("authorization", &*bearer), ("content-type", MESSAGE_TYPE)];
        let heard = self.ask("PUT", &path, &headers, sealed).await;
        heard.map_or(MailboxAnswer::Unreached, |heard| message_answer(id, &heard))
    }

    async fn withdraw(&self, mailbox: &MailboxId, token: &[u8; 32]) -> MailboxAnswer {
        let bearer = bearer(token);
        let headers = [("authorization", &*bearer)];
        let heard = self
            .ask(
                "DELETE",
                &format!("/api/mailboxes/{mailbox}"),
                &headers,
                &[],
            )
            .await;
        heard.map_or(MailboxAnswer::Unreached, |heard| withdraw_answer(&heard))
    }
}
