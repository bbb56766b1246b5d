//! Mailboxes: asked by the courier, which alone works out where a receipt leads.

use domain::id::{MailboxId, MessageId, ReportId};
use domain::lock::{Lock, Name};
use domain::time::Timestamp;
use domain::wire::Side;
use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::State;
use crate::platform::{self, locks};

/// What lies in a mailbox, opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Mailbox {
    /// Which it is: what is told later can name it.
    pub id: MailboxId,
    /// The centre whose it is.
    pub centre: Option<String>,
    /// The hours at which the report was received, read, passed on and closed.
    pub stages: [Option<Timestamp>; 4],
    /// Whether all that belongs to the report has arrived.
    pub complete: bool,
    /// What went to and fro, the oldest first.
    pub letters: Vec<Letter>,
}

/// More, told or shown after a report was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Adding {
    /// The mailbox of the report it belongs to.
    pub to: MailboxId,
    /// The centre that has that report.
    pub centre: Option<String>,
    /// Whether it begins with files.
    pub files: bool,
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Who wrote it.
    pub from: Side,
    /// The hour it arrived.
    pub hour: Timestamp,
    /// What it says; `None` where it does not open with this receipt.
    pub text: Option<String>,
}

impl Mailbox {
    /// How many messages of the centre's there are.
    pub fn answers(&self) -> u32 {
        let from_centre = |letter: &&Letter| letter.from == Side::Centre;
        self.letters.iter().filter(from_centre).count() as u32
    }

    /// Whether the centre has told somebody else: then nothing can be taken back here.
    pub fn is_passed_on(&self) -> bool {
        self.stages[2].is_some()
    }
}

/// So many mailboxes are asked: each takes the phone about a second of hard work.
const ASKED: usize = 5;

impl State {
    /// Asks for answers by the receipts kept on this phone.
    pub async fn ask_for_answers(self) {
        for filed in self.receipts(ASKED) {
            let Ok(found) = open(&filed.digits).await else {
                break;
            };
            let new = found.is_some_and(|found| found.answers() > filed.seen);
            let known = |all: &Vec<ReportId>| all.contains(&filed.id);
            if new && !self.answered.with_untracked(known) {
                self.answered.update(|all| all.push(filed.id));
            }
        }
    }

    /// The same once, when the app was opened, and where no PIN is to be asked for.
    pub async fn ask_once_for_answers(self) {
        if self
            .asked
            .try_update_value(|asked| std::mem::replace(asked, true))
            != Some(false)
        {
            return;
        }
        if !matches!(
            locks::stand(Name::Reports).await,
            Ok(Lock::None | Lock::Open)
        ) {
            return;
        }
        self.open_folder().await;
        self.ask_for_answers().await;
    }
}

/// Opens the mailbox these digits lead to; `None` where there is nothing.
pub async fn open(digits: &str) -> Result<Option<Mailbox>, String> {
    let found = ask("open_mailbox", &[digits]).await?;
    if found.is_null() {
        return Ok(None);
    }
    read(&found).map(Some).ok_or_else(|| "gone".into())
}

/// What the courier told, value by value: readers of whole records are large, and this one is small.
fn read(found: &JsValue) -> Option<Mailbox> {
    let mut told = found.dyn_ref::<Array>()?.iter();
    let id = told.next()?.as_string()?.parse().ok()?;
    let centre = told.next()?.as_string();
    let mut stages = [None; 4];
    for stage in &mut stages {
        *stage = hour(&told.next()?)?;
    }
    stages[0]?;
    let mut mailbox = Mailbox {
        id,
        centre,
        stages,
        complete: told.next()?.as_bool()?,
        letters: Vec::new(),
    };
    while let Some(is_centre) = told.next() {
        let from = if is_centre.as_bool()? {
            Side::Centre
        } else {
            Side::Reporter
        };
        let hour = hour(&told.next()?)??;
        let text = told.next()?;
        let text = match text.is_null() {
            true => None,
            false => Some(text.as_string()?),
        };
        mailbox.letters.push(Letter { from, hour, text });
    }
    Some(mailbox)
}

/// An hour or null; `None` where it is neither.
fn hour(told: &JsValue) -> Option<Option<Timestamp>> {
    if told.is_null() {
        return Some(None);
    }
    told.as_f64().map(|hour| Some(Timestamp(hour as i64)))
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
