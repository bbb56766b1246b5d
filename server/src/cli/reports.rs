//! The centre's commands, until it has a console: which reports there are, how far each has come,
//! answers, erasure. None of them can open a report: that is for `keys` on the centre's own machine.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use data_encoding::BASE64;
use domain::id::{MessageId, ReportId};
use domain::time::Timestamp;
use domain::wire::{MAX_MESSAGE, Side, Stage};

use super::{Stop, say};
use crate::arrival;
use crate::changes::Changes;
use crate::config::Settings;
use crate::keeping;
use crate::parts;
use crate::store::sqlite::{Inbox, Line, sealed_report};
use crate::store::{Erased, NewMessage};

/// What a centre's staff can ask for.
#[derive(Debug, Subcommand)]
pub enum Reports {
    /// List reports, the newest first: id, centre, hour of arrival, how far, size. Counts as opening
    /// the inbox
    List {
        /// Only those of this centre
        #[arg(long)]
        centre: Option<String>,
    },
    /// Show how far a report has come, what is missing, and how many messages there are
    Show {
        /// Its id, or its mailbox's as a later report names it
        id: String,
    },
    /// Write a report, its parts and its messages into a folder, sealed as they are. Counts as opening
    /// the inbox
    Export {
        /// Its id
        id: String,
        /// The folder to make
        #[arg(long)]
        out: PathBuf,
    },
    /// Mark how far a report has come; whoever holds its receipt sees that
    Mark {
        /// Its id
        id: String,
        /// How far
        stage: Mark,
    },
    /// Put an answer into a report's mailbox; `keys reply` seals it
    Reply {
        /// Its id
        id: String,
        /// The sealed answer
        file: PathBuf,
    },
    /// Keep a report whatever its age, by law; it cannot be withdrawn either
    Hold {
        /// Its id
        id: String,
    },
    /// End that
    Release {
        /// Its id
        id: String,
    },
    /// Erase a report for good
    Erase {
        /// Its id
        id: String,
    },
}

/// A stage that staff can mark.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Mark {
    /// Somebody has read it
    Read,
    /// It was passed on, to the police for example
    PassedOn,
    /// Nothing more will come of it
    Closed,
}

impl Mark {
    fn stage(self) -> Stage {
        match self {
            Self::Read => Stage::Read,
            Self::PassedOn => Stage::PassedOn,
            Self::Closed => Stage::Closed,
        }
    }
}

/// Does what was asked.
pub fn run(settings: &Settings, what: Reports) -> Result<(), Stop> {
    let mut inbox = Inbox::open(&settings.data).map_err(Stop::Database)?;
    match what {
        Reports::List { centre } => list(settings, &inbox, centre.as_deref()),
        Reports::Show { id } => show(&inbox, &id),
        Reports::Export { id, out } => export(settings, &inbox, &id, &out),
        Reports::Mark { id, stage } => mark(&inbox, &id, stage.stage()),
        Reports::Reply { id, file } => reply(&mut inbox, &id, &file),
        Reports::Hold { id } => hold(settings, &inbox, &id),
        Reports::Release { id } => release(&inbox, &id),
        Reports::Erase { id } => erase(settings, &inbox, &id),
    }
}

fn list(settings: &Settings, inbox: &Inbox, centre: Option<&str>) -> Result<(), Stop> {
    let scheme = crate::scheme::load(settings.scheme.as_deref()).map_err(Stop::Scheme)?;
    let now = arrival::now();
    for known in &scheme.centres {
        if centre.is_none_or(|centre| centre == known.id) {
            inbox.opened(&known.id, now).map_err(Stop::Database)?;
        }
    }
    let all = inbox.all().map_err(Stop::Database)?;
    for line in all
        .iter()
        .filter(|line| centre.is_none_or(|centre| centre == line.centre))
    {
        let held = if line.held { ", held" } else { "" };
        say(&format!(
            "{}  {}  {}  {}{held}  {} KB",
            line.id,
            line.centre,
            hour(line.stages.received),
            standing(line),
            line.size_class
        ));
    }
    Ok(())
}

fn show(inbox: &Inbox, id: &str) -> Result<(), Stop> {
    let (id, line) = find(inbox, id)?;
    say(&format!("Report {id}, for {}", line.centre));
    say(&format!("  mailbox: {}", line.mailbox));
    let stages = [
        ("received", Some(line.stages.received)),
        ("read", line.stages.read),
        ("passed on", line.stages.passed_on),
        ("closed", line.stages.closed),
    ];
    for (name, when) in stages {
        if let Some(when) = when {
            say(&format!("  {name}: {}", hour(when)));
        }
    }
    if line.held {
        say("  under a legal hold");
    }
    let missing = inbox
        .standing(&id)
        .map_err(Stop::Database)?
        .unwrap_or_default()
        .missing;
    if !missing.is_empty() {
        say(&format!(
            "  incomplete: {} parts are missing",
            missing.len()
        ));
    }
    for message in inbox.messages(&id).map_err(Stop::Database)? {
        let from = match message.from {
            Side::Centre => "answer",
            Side::Reporter => "message from the reporter",
        };
        say(&format!("  {}: {from} {}", hour(message.hour), message.id));
    }
    match line.reply {
        Some(reply) => say(&format!("  answers are sealed to {reply}")),
        None => say("  cannot be answered: an older app sent it"),
    }
    Ok(())
}

fn export(settings: &Settings, inbox: &Inbox, id: &str, out: &Path) -> Result<(), Stop> {
    let (id, line) = find(inbox, id)?;
    let sealed = sealed_report(&settings.data, &id).map_err(Stop::Database)?;
    let sealed = sealed.ok_or_else(|| Stop::NoSuchReport(id.to_string()))?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |cause| Stop::File(path, cause)
    };
    fs::create_dir_all(out).map_err(failed(out))?;
    let write = |name: String, bytes: &[u8]| {
        let path = out.join(name);
        fs::write(&path, bytes).map_err(failed(&path))
    };
    write(format!("{id}.age"), &sealed)?;
    let mut parts = 0;
    for part in inbox.whole_parts(&id).map_err(Stop::Database)? {
        let found = parts::find(&settings.data, &id, &part).map_err(Stop::Parts)?;
        if let Some(path) = found {
            let target = out.join(format!("part-{part}.age"));
            fs::copy(path, &target).map_err(failed(&target))?;
            parts += 1;
        }
    }
    let messages = inbox.messages(&id).map_err(Stop::Database)?;
    for message in &messages {
        let sealed = BASE64.decode(message.sealed.as_bytes()).unwrap_or_default();
        write(format!("message-{}.age", message.id), &sealed)?;
    }
    let opened = inbox.opened(&line.centre, arrival::now());
    opened.map_err(Stop::Database)?;
    say(&format!(
        "{}: the report, {parts} parts, {} messages. Open them with `keys open`, `keys part` and `keys message`.",
        out.display(),
        messages.len()
    ));
    Ok(())
}

fn mark(inbox: &Inbox, id: &str, stage: Stage) -> Result<(), Stop> {
    let (id, line) = find(inbox, id)?;
    let now = arrival::now();
    inbox.mark(&id, stage, now.hour()).map_err(Stop::Database)?;
    inbox.opened(&line.centre, now).map_err(Stop::Database)?;
    say(&format!("{id}: {}", standing(&find(inbox, id.as_str())?.1)));
    Ok(())
}

fn reply(inbox: &mut Inbox, id: &str, file: &Path) -> Result<(), Stop> {
    let (id, line) = find(inbox, id)?;
    let sealed = fs::read(file).map_err(|_| Stop::NotAMessage(file.to_owned()))?;
    if sealed.len() > MAX_MESSAGE || !sealed.starts_with(b"age-encryption.org/v1\n") {
        return Err(Stop::NotAMessage(file.to_owned()));
    }
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)
        .map_err(|_| Stop::Database(crate::store::sqlite::OpenError::Random))?;
    let now = arrival::now();
    let message = NewMessage {
        id: MessageId::from_random(bits),
        hour: now.hour(),
        sealed: sealed.into(),
    };
    if !inbox.reply(&id, &message).map_err(Stop::Database)? {
        return Err(Stop::MailboxFull(id.to_string()));
    }
    inbox.opened(&line.centre, now).map_err(Stop::Database)?;
    say(&format!("The answer lies in the mailbox of {id}."));
    Ok(())
}

fn hold(settings: &Settings, inbox: &Inbox, id: &str) -> Result<(), Stop> {
    let (id, _) = find(inbox, id)?;
    inbox.hold(&id, true).map_err(Stop::Database)?;
    // Looked at after the hold: what is named by then is erased at the next start at the latest.
    let said = Changes::at(settings.changes()).read();
    if said.map_err(Stop::Changes)?.erased.contains(&id) {
        inbox.hold(&id, false).map_err(Stop::Database)?;
        return Err(Stop::BeingErased(id.to_string()));
    }
    say(&format!("{id} is kept until it is released."));
    Ok(())
}

fn release(inbox: &Inbox, id: &str) -> Result<(), Stop> {
    let (id, _) = find(inbox, id)?;
    inbox.hold(&id, false).map_err(Stop::Database)?;
    say(&format!("{id} is kept as long as any other report."));
    Ok(())
}

fn erase(settings: &Settings, inbox: &Inbox, id: &str) -> Result<(), Stop> {
    let (id, _) = find(inbox, id)?;
    let changes = Changes::at(settings.changes());
    match keeping::erase(&settings.data, &changes, &id)? {
        Erased::Kept => return Err(Stop::NotPassable(id.to_string())),
        Erased::Gone => say(&format!("{id} is erased.")),
    }
    Ok(())
}

fn find(inbox: &Inbox, id: &str) -> Result<(ReportId, Line), Stop> {
    let id: ReportId = id.parse().map_err(|_| Stop::NotAnId(id.to_owned()))?;
    let line = inbox.one(&id).map_err(Stop::Database)?;
    let line = line.ok_or_else(|| Stop::NoSuchReport(id.to_string()))?;
    Ok((line.id.clone(), line))
}

fn standing(line: &Line) -> String {
    let stage = match line.stages.latest() {
        Stage::Received => "received",
        Stage::Read => "read",
        Stage::PassedOn => "passed on",
        Stage::Closed => "closed",
    };
    match line.stages.complete {
        true => stage.to_owned(),
        false => format!("{stage}, incomplete"),
    }
}

/// "2026-11-22 19:00".
fn hour(at: Timestamp) -> String {
    let shown = at.in_london();
    format!(
        "{} {:02}:{:02}",
        shown.day,
        shown.minute / 60,
        shown.minute % 60
    )
}

/// What the day's work would erase now, or erases it.
pub fn retention(settings: &Settings, dry_run: bool) -> Result<(), Stop> {
    let scheme = crate::scheme::load(settings.scheme.as_deref()).map_err(Stop::Scheme)?;
    let kept = scheme.retention;
    let now = arrival::now();
    let outlived = keeping::outlived(&settings.data, kept, now).map_err(Stop::Database)?;
    say(&format!(
        "Closed reports are kept {} days, parts that nobody goes on with {} days.",
        kept.closed_days, kept.unfinished_days
    ));
    for report in &outlived.reports {
        say(&format!("{report}  closed long enough ago"));
    }
    say(&format!(
        "{} reports, {} parts that never became whole.",
        outlived.reports.len(),
        outlived.parts
    ));
    if dry_run {
        say("Nothing was erased.");
        return Ok(());
    }
    let changes = Changes::at(settings.changes());
    for report in &outlived.reports {
        keeping::erase(&settings.data, &changes, report)?;
    }
    let rested = parts::rested_since(now, kept.unfinished_days);
    parts::drop_from(&settings.data, rested).map_err(Stop::Parts)?;
    keeping::note_done(&settings.data, now).map_err(Stop::Parts)?;
    say("They are erased.");
    Ok(())
}
