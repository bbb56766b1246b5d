//! Phones at once, and what each was promised when.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use courier::sync::api::{Api, MailboxAnswer};
use domain::id::{MailboxId, MessageId, NoteId, PartId, ReportId, Sha256};
use domain::note::NoteAnswer;
use domain::outbox::{Answer, PartAnswer};
use domain::wire::Part;
use seal::receipt::MailboxKeys;
use seal::report::seal;
use sha2::Digest;

use crate::chance::Chance;
use crate::phone::Network;
use crate::serving::{CENTRE, Keys};

/// What an answer said that will not be lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Report(ReportId),
    /// So many bytes of a part.
    Chunk(ReportId, PartId, usize),
    Complete(ReportId),
    Message(ReportId, MessageId),
    Note,
    Withdrawn(ReportId),
}

/// A promise, and how long the log was when its answer had been read.
#[derive(Debug, Clone)]
pub struct Promise {
    pub since: u64,
    pub what: What,
}

/// A report as it was sent.
pub struct Sent {
    pub sealed: Vec<u8>,
    pub parts: Vec<(PartId, Vec<u8>)>,
    /// How long the log was when its holder began to withdraw it.
    pub withdrawn_from: Option<u64>,
}

/// Everything that was sent, and every promise.
#[derive(Default)]
pub struct Ledger {
    pub sent: BTreeMap<ReportId, Sent>,
    pub messages: BTreeMap<MessageId, Vec<u8>>,
    pub promises: Vec<Promise>,
}

/// What all phones share.
pub struct Load {
    pub network: Network,
    pub log: PathBuf,
    pub keys: Keys,
    /// Reports that are still to be sent.
    pub left: Cell<usize>,
    pub ledger: RefCell<Ledger>,
}

impl Load {
    /// How long the log is: what it says after this came after whatever was answered until now.
    fn now(&self) -> u64 {
        std::fs::metadata(&self.log).map_or(0, |found| found.len())
    }

    fn promised(&self, what: What) {
        let since = self.now();
        let promise = Promise { since, what };
        self.ledger.borrow_mut().promises.push(promise);
    }

    /// One phone, until nothing is left.
    pub async fn phone(self: Rc<Self>, chance: Chance) {
        while let Some(left) = self.left.get().checked_sub(1) {
            self.left.set(left);
            let report = self.draw(&chance);
            self.send(&report, &chance).await;
            if chance.below(4) == 0 {
                self.note(&chance).await;
            }
            if chance.below(4) == 0 {
                self.message(&report, &chance).await;
            }
            if chance.below(12) == 0 {
                self.withdraw(&report).await;
            }
        }
    }

    /// A report, most of them short, some with one or two parts.
    fn draw(&self, chance: &Chance) -> Report {
        let id = ReportId::from_random(chance.bits());
        let words = match chance.below(4) {
            0 => 1500,
            _ => 60,
        };
        let words = "They shouted at us. ".repeat(chance.below(words) as usize + 1);
        let body = serde_json::json!({
            "version": 1, "id": id, "form": 1, "language": "en",
            "answers": { "account": { "text": words } }, "written": 5,
        });
        let body = serde_json::from_value(body).expect("a body");
        let parts: Vec<_> = (0..chance.below(8).saturating_sub(5))
            .map(|_| (PartId::from_random(chance.bits()), bytes(chance)))
            .collect();
        let named = parts.iter().map(|(id, bytes)| Part {
            id: id.clone(),
            length: bytes.len() as u32,
            sha256: Sha256(sha2::Sha256::digest(bytes).into()),
        });
        let mut token = [0; 32];
        token[..16].copy_from_slice(&chance.bits());
        let mailbox = MailboxKeys {
            id: MailboxId::from_random(chance.bits()),
            token,
            token_hash: Sha256(sha2::Sha256::digest(token).into()),
            reply: seal::identity::draw().expect("random numbers").to_string(),
        };
        let named = named.collect();
        let envelope = seal(&body, &self.keys.keyset, CENTRE, &mailbox, named).expect("sealed");
        let sent = Sent {
            sealed: envelope.sealed.clone(),
            parts: parts.clone(),
            withdrawn_from: None,
        };
        self.ledger.borrow_mut().sent.insert(id.clone(), sent);
        Report {
            id,
            envelope: envelope.to_bytes().expect("plain data"),
            mailbox,
            parts,
        }
    }

    async fn send(&self, report: &Report, chance: &Chance) {
        loop {
            match self.network.put_report(&report.id, &report.envelope).await {
                Answer::Stored { .. } | Answer::Wants(_) => break,
                Answer::Later(_) | Answer::Silence => pause().await,
                other => panic!("a report was answered with {other:?}"),
            }
        }
        self.promised(What::Report(report.id.clone()));
        for (part, bytes) in &report.parts {
            self.send_part(&report.id, part, bytes, chance).await;
        }
        if !report.parts.is_empty() {
            self.commit(report, chance).await;
        }
    }

    async fn send_part(&self, report: &ReportId, part: &PartId, bytes: &[u8], chance: &Chance) {
        let (mut offset, mut again) = (0, false);
        while offset < bytes.len() {
            let length = chance.below(200_000) as usize + 1;
            let chunk = &bytes[offset..bytes.len().min(offset + length)];
            let answer = self.network.put_chunk(report, part, offset as u32, chunk);
            match answer.await {
                PartAnswer::At(now) => {
                    let now = now as usize;
                    // The second answer may only say what the server has seen, not what it has kept.
                    if !again && now == offset + chunk.len() {
                        self.promised(What::Chunk(report.clone(), part.clone(), now));
                    }
                    (offset, again) = (now, false);
                }
                PartAnswer::Later(_) | PartAnswer::Silence => {
                    again = true;
                    pause().await;
                }
                other => panic!("a chunk was answered with {other:?}"),
            }
        }
    }

    async fn commit(&self, report: &Report, chance: &Chance) {
        loop {
            match self.network.commit(&report.id).await {
                Answer::Stored { .. } => break,
                Answer::Wants(missing) => {
                    for missing in missing {
                        let part = report.parts.iter().find(|(id, _)| *id == missing.id);
                        let (part, bytes) = part.expect("one of its own");
                        self.send_part(&report.id, part, bytes, chance).await;
                    }
                }
                Answer::Later(_) | Answer::Silence => pause().await,
                other => panic!("a commit was answered with {other:?}"),
            }
        }
        self.promised(What::Complete(report.id.clone()));
    }

    async fn note(&self, chance: &Chance) {
        let id = NoteId::from_random(chance.bits());
        let note = br#"{"version":1,"kind":{"help-given":{"how":"other"}},"day":"2026-11-22"}"#;
        while self.network.put_note(&id, note).await != NoteAnswer::Taken {
            pause().await;
        }
        self.promised(What::Note);
    }

    async fn message(&self, report: &Report, chance: &Chance) {
        let id = MessageId::from_random(chance.bits());
        let keys = &self.keys.keyset;
        let sealed = seal::message::seal_to_centre("Thank you.", keys, CENTRE, &report.mailbox);
        let sealed = sealed.expect("sealed");
        let known = sealed.clone();
        self.ledger.borrow_mut().messages.insert(id.clone(), known);
        let box_ = &report.mailbox;
        while self
            .network
            .put_message(&box_.id, &box_.token, &id, &sealed)
            .await
            != MailboxAnswer::Done
        {
            pause().await;
        }
        self.promised(What::Message(report.id.clone(), id));
    }

    async fn withdraw(&self, report: &Report) {
        let from = self.now();
        if let Some(sent) = self.ledger.borrow_mut().sent.get_mut(&report.id) {
            sent.withdrawn_from = Some(from);
        }
        let box_ = &report.mailbox;
        while self.network.withdraw(&box_.id, &box_.token).await != MailboxAnswer::Done {
            pause().await;
        }
        self.promised(What::Withdrawn(report.id.clone()));
    }
}

/// A report on its way.
struct Report {
    id: ReportId,
    envelope: Vec<u8>,
    mailbox: MailboxKeys,
    parts: Vec<(PartId, Vec<u8>)>,
}

/// A part, some of them in several chunks.
fn bytes(chance: &Chance) -> Vec<u8> {
    let most = match chance.below(4) {
        0 => 600_000,
        _ => 30_000,
    };
    let words = (0..=chance.below(most) / 8).flat_map(|_| chance.next().to_le_bytes());
    words.collect()
}

async fn pause() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}
