//! Mailboxes: asked by the courier, which alone works out where a receipt leads.

use domain::id::MessageId;
use domain::time::Timestamp;
use js_sys::Array;
use serde::Deserialize;
use wasm_bindgen::JsValue;

use crate::platform;

/// What lies in a mailbox, opened.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Mailbox {
    received: f64,
    read: Option<f64>,
    passed_on: Option<f64>,
    closed: Option<f64>,
    /// Whether all that belongs to the report has arrived.
    pub complete: bool,
    /// What went to and fro, the oldest first.
    pub letters: Vec<Letter>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Letter {
    /// "centre" or "reporter".
    pub from: String,
    hour: f64,
    /// What it says; `None` where it does not open with this receipt.
    pub text: Option<String>,
}

impl Mailbox {
    /// The hours at which the report was received, read, passed on and closed.
    pub fn stages(&self) -> [Option<Timestamp>; 4] {
        let all = [Some(self.received), self.read, self.passed_on, self.closed];
        all.map(|hour| hour.map(|hour| Timestamp(hour as i64)))
    }

    /// Whether the centre has told somebody else: then nothing can be taken back here.
    pub fn is_passed_on(&self) -> bool {
        self.passed_on.is_some()
    }
}

impl Letter {
    /// The hour it arrived.
    pub fn hour(&self) -> Timestamp {
        Timestamp(self.hour as i64)
    }
}

/// Opens the mailbox these digits lead to; `None` where there is nothing.
pub async fn open(digits: &str) -> Result<Option<Mailbox>, String> {
    let found = ask("open_mailbox", &[digits]).await?;
    serde_wasm_bindgen::from_value(found).map_err(|_| "gone".into())
}

/// Writes to the centre. The same id again is the same message.
pub async fn write(digits: &str, id: &MessageId, text: &str) -> Result<(), String> {
    ask("write_to_mailbox", &[digits, id.as_str(), text])
        .await
        .map(drop)
}

/// Takes the report back: the server erases it.
pub async fn withdraw(digits: &str) -> Result<(), String> {
    ask("withdraw", &[digits]).await.map(drop)
}

async fn ask(what: &str, with: &[&str]) -> Result<JsValue, String> {
    let with: Array = with.iter().map(|text| JsValue::from_str(text)).collect();
    let asked = [("what", what.into()), ("with_", with.into())];
    platform::courier::ask("program", &asked).await
}
