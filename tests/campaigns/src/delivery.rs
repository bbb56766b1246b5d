//! Reports of many phones through a bad network to a server that is killed again and again; then a
//! destroyed disk and an older backup. Every report must be there once, and open to the byte.

mod check;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::rc::Rc;
use std::time::{Duration, Instant};

use clap::Args;
use courier::memory::Memory;
use courier::parts::PartWriter;
use courier::storage::Storage;
use courier::sync::api::{Api, MailboxAnswer};
use courier::sync::round;
use domain::id::{MailboxId, PartId, ReportId, Sha256};
use domain::outbox::{Delivery, Entry};
use domain::report::{Body, Phone};
use domain::time::Timestamp;
use seal::identity;
use seal::receipt::MailboxKeys;
use seal::report::seal;
use sha2::Digest;

use self::check::check;
use crate::chance::Chance;
use crate::phone::{Handset, Network};
use crate::proxy::{self, FAULTS};
use crate::serving::{CENTRE, Keys, Serving, command, folder};

#[derive(Debug, Args)]
pub struct Settings {
    /// Reports in all
    #[arg(long, default_value_t = 200)]
    reports: usize,
    /// Phones that send them
    #[arg(long, default_value_t = 40)]
    phones: usize,
    /// How often the server is killed
    #[arg(long, default_value_t = 20)]
    kills: usize,
    /// Of a hundred requests, how many meet a fault
    #[arg(long, default_value_t = 30)]
    faults: u64,
    /// Most bytes of a part; a phone's photos and films have up to 25000000
    #[arg(long, default_value_t = 600_000)]
    largest: u64,
    /// The same seed gives the same campaign
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Megabytes that a server may take.
const MEMORY: u64 = 300;

/// A report as it was written, to compare with what the centre opens.
struct Written {
    body: Body,
    keys: MailboxKeys,
    part: Option<WrittenPart>,
}

struct WrittenPart {
    id: PartId,
    key: String,
    bytes: Vec<u8>,
}

/// A report, a third of them with a part.
async fn write(storage: &Memory, keys: &Keys, chance: &Chance, largest: u64) -> Written {
    let id = ReportId::from_random(chance.bits());
    let words = "They shouted at us. \u{2764} ".repeat(chance.below(200) as usize + 1);
    let body = serde_json::json!({
        "version": 1, "id": id, "form": 1, "language": "en",
        "answers": { "account": { "text": words } }, "written": 5,
    });
    let body: Body = serde_json::from_value(body).expect("a body");
    let part = match chance.below(3) {
        0 => Some(add_part(storage, &id, chance, largest).await),
        _ => None,
    };
    let mailbox = mailbox_keys(chance);
    let named = part.as_ref().map(|(_, named)| named.clone());
    let named: Vec<_> = named.into_iter().collect();
    let envelope = seal(&body, &keys.keyset, CENTRE, &mailbox, named.clone()).expect("sealed");
    let bytes = envelope.to_bytes().expect("plain data");
    let entry = Entry::new(id, Phone::Mine, Timestamp(1_790_000_000_000)).with_parts(named);
    storage.queue(&entry, &bytes).await.expect("room");
    Written {
        body,
        keys: mailbox,
        part: part.map(|(part, _)| part),
    }
}

async fn add_part(
    storage: &Memory,
    report: &ReportId,
    chance: &Chance,
    largest: u64,
) -> (WrittenPart, domain::wire::Part) {
    let key = identity::draw().expect("random numbers").to_string();
    let recipient = identity::recipient(&key).expect("an identity");
    let id = PartId::from_random(chance.bits());
    let length = chance.below(largest) as usize;
    let bytes: Vec<u8> = (0..length).map(|_| chance.next() as u8).collect();
    let mut writer = PartWriter::begin(report.clone(), id.clone(), &recipient).expect("begun");
    writer.write(storage, &bytes).await.expect("room");
    let (part, _) = writer.finish(storage).await.expect("room");
    (WrittenPart { id, key, bytes }, part)
}

/// What a receipt would lead to; stretching one costs a phone a second, which proves nothing here.
fn mailbox_keys(chance: &Chance) -> MailboxKeys {
    let mut token = [0; 32];
    token[..16].copy_from_slice(&chance.bits());
    MailboxKeys {
        id: MailboxId::from_random(chance.bits()),
        token,
        token_hash: Sha256(sha2::Sha256::digest(token).into()),
        reply: identity::draw().expect("random numbers").to_string(),
    }
}

struct Handheld {
    storage: Rc<Memory>,
    handset: Handset,
    written: Vec<Written>,
}

/// Rounds until nothing waits any longer.
async fn carry(phone: &Handheld, network: Network) {
    loop {
        let done = round(&*phone.storage, &network, &phone.handset).await;
        let reached = done.expect("room").reached;
        if reached && waiting(&phone.storage).await == 0 {
            return;
        }
        let pause = 5 + phone.handset_chance() % 40;
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
}

impl Handheld {
    fn handset_chance(&self) -> u64 {
        use courier::sync::Device;
        u64::from(self.handset.chance())
    }
}

async fn waiting(storage: &Memory) -> usize {
    let outbox = storage.outbox().await.expect("readable");
    let waits = |entry: &Entry| matches!(entry.delivery, Delivery::Waiting { .. });
    outbox.iter().filter(|kept| waits(&kept.entry)).count()
}

async fn all_carry(phones: &[Rc<Handheld>], network: Network) {
    let tasks = phones.iter().map(|phone| {
        let phone = Rc::clone(phone);
        tokio::task::spawn_local(async move { carry(&phone, network).await })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("a phone ends well");
    }
}

/// Kills the server again and again, as often as wanted or until told to stop; hands it over then.
async fn kill_often(
    mut serving: Serving,
    data: PathBuf,
    chance: Chance,
    stop: Rc<Cell<bool>>,
    kills: Rc<Cell<usize>>,
    wanted: usize,
    memory: Rc<Cell<u64>>,
) -> Serving {
    let port = serving.port;
    while !stop.get() && kills.get() < wanted {
        tokio::time::sleep(Duration::from_millis(20 + chance.below(250))).await;
        memory.set(memory.get().max(serving.most_memory().unwrap_or(0)));
        serving.kill().await;
        kills.set(kills.get() + 1);
        serving = Serving::start(&data, port).await;
    }
    serving
}

/// What was found wrong, by kind.
type Found = Rc<RefCell<BTreeMap<&'static str, usize>>>;

pub async fn run(settings: Settings) -> bool {
    let begun = Instant::now();
    let (keys, data, chance) = (Keys::draw(), folder(), Chance::of(settings.seed));
    keys.put(data.path());
    let serving = Serving::start(data.path(), 0).await;
    let (port, counts) = proxy::start(serving.port, settings.faults, settings.seed).await;
    let network = Network(port);
    let (kills, stop) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
    let memory = Rc::new(Cell::new(0));
    let killer = tokio::task::spawn_local(kill_often(
        serving,
        data.path().to_owned(),
        Chance::of(settings.seed ^ 1),
        Rc::clone(&stop),
        Rc::clone(&kills),
        settings.kills,
        Rc::clone(&memory),
    ));
    let mut phones = Vec::new();
    for n in 0..settings.phones.max(1) {
        let storage = Rc::new(Memory::default());
        let mut written = Vec::new();
        let share = (settings.reports + settings.phones - 1 - n) / settings.phones.max(1);
        for _ in 0..share {
            written.push(write(&storage, &keys, &chance, settings.largest).await);
        }
        let handset = Handset::new(begun, settings.seed ^ n as u64);
        phones.push(Rc::new(Handheld {
            storage,
            handset,
            written,
        }));
    }
    all_carry(&phones, network).await;
    // Kills that are still owed come while phones ask for what is new.
    while kills.get() < settings.kills {
        all_carry(&phones[..1], network).await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stop.set(true);
    let serving = killer.await.expect("the server runs");
    memory.set(memory.get().max(serving.most_memory().unwrap_or(0)));
    let found = Found::default();
    check(data.path(), &keys, &phones, &BTreeSet::new(), &found);
    print_injected(&settings, kills.get(), &counts.borrow(), begun);
    let restored = restore(serving, data.path(), &keys, &phones, &settings, &found).await;
    println!("{restored}");
    let memory = memory.get() / 1024;
    println!("the server had at most {memory} MB of memory (wanted: under {MEMORY})");
    let found = found.borrow();
    println!("found: {found:?}");
    let wrong: usize = found
        .iter()
        .filter(|(what, _)| **what != "whole")
        .map(|(_, n)| n)
        .sum();
    let every = FAULTS
        .iter()
        .all(|fault| counts.borrow().contains_key(fault));
    if !every {
        println!("not every fault happened: send more reports");
    }
    println!(
        "{}",
        if wrong == 0 && every {
            "0 lost, 0 doubled, 0 changed, 0 resurrected"
        } else {
            "FAILED"
        }
    );
    wrong == 0 && every && memory < MEMORY
}

fn print_injected(
    settings: &Settings,
    kills: usize,
    counts: &BTreeMap<proxy::Fate, usize>,
    begun: Instant,
) {
    println!(
        "{} reports of {} phones, {kills} kills of the server, {:.0} s",
        settings.reports,
        settings.phones,
        begun.elapsed().as_secs_f64()
    );
    println!("requests: {counts:?}");
}

/// The disk is destroyed; a backup comes back from before half of it; what was withdrawn since stays gone.
async fn restore(
    serving: Serving,
    data: &Path,
    keys: &Keys,
    phones: &[Rc<Handheld>],
    settings: &Settings,
    found: &Found,
) -> String {
    let elsewhere = folder();
    let backup = elsewhere.path().join("yesterday.db");
    let copied = command(data)
        .arg("backup")
        .arg(&backup)
        .stdout(Stdio::null())
        .status()
        .await;
    assert!(copied.expect("it runs").success());
    let direct = Network(serving.port);
    // Since the backup: new reports, and some that are withdrawn.
    let chance = Chance::of(settings.seed ^ 2);
    let mut later = Vec::new();
    for n in 0..5 {
        let storage = Rc::new(Memory::default());
        let written = vec![write(&storage, keys, &chance, settings.largest).await];
        let handset = Handset::new(Instant::now(), settings.seed ^ (1000 + n));
        later.push(Rc::new(Handheld {
            storage,
            handset,
            written,
        }));
    }
    all_carry(&later, direct).await;
    let all: Vec<_> = phones.iter().chain(&later).cloned().collect();
    let mut erased = BTreeSet::new();
    for phone in all.iter().rev().take(8) {
        for written in phone.written.iter().take(1) {
            let answer = direct.withdraw(&written.keys.id, &written.keys.token).await;
            assert_eq!(answer, MailboxAnswer::Done);
            erased.insert(written.body.id.clone());
        }
    }
    serving.kill().await;
    let anew = folder();
    keys.put(anew.path());
    let log = "changes.log";
    std::fs::copy(data.join(log), anew.path().join(log)).expect("copied");
    let put_back = command(anew.path())
        .arg("restore")
        .arg(&backup)
        .status()
        .await;
    assert!(put_back.expect("it runs").success());
    let serving = Serving::start(anew.path(), 0).await;
    let network = Network(serving.port);
    for _ in 0..2 {
        all_carry(&all, network).await;
    }
    check(anew.path(), keys, &all, &erased, found);
    serving.kill().await;
    format!(
        "the disk destroyed, a backup restored that lacked {} reports; {} were withdrawn after it",
        later.len(),
        erased.len()
    )
}
