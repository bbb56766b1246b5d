//! A run under load that is written down: the real server, killed now and then, and stopped in good order.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;

use super::disk::{Disk, Without, files_of};
use super::load::{Ledger, Load};
use super::log::{self, Entry};
use super::weather::Weather;
use crate::chance::Chance;
use crate::phone::Network;
use crate::serving::{Keys, Serving, folder};

/// What was recorded.
pub struct Recording {
    pub before: BTreeMap<String, Vec<u8>>,
    pub log: Vec<u8>,
    pub ledger: Ledger,
    /// The folder at the end.
    pub after: BTreeMap<String, Vec<u8>>,
    /// How often the server was killed.
    pub kills: usize,
}

/// How much.
pub struct Amount {
    pub reports: usize,
    pub clients: usize,
    pub kills: usize,
    pub seed: u64,
}

/// Lets clients loose on a server that is watched.
pub async fn record(amount: Amount) -> Recording {
    let (data, beside) = (folder(), folder());
    let data = data.path().canonicalize().expect("a folder");
    let (keys, chance) = (Keys::draw(), Chance::of(amount.seed));
    keys.put(&data);
    let before = files_of(&data).expect("readable");
    let log = beside.path().join("power.log");
    let mut keeper = Keeper {
        data: data.clone(),
        log: log.clone(),
        chance: Chance::of(chance.next()),
        wanted: amount.kills,
        kills: 0,
        stopped: false,
        port: 0,
    };
    let first = keeper.start(None).await.expect("the server starts");
    keeper.port = first.port;
    let load = Rc::new(Load {
        network: Network(first.port),
        log: log.clone(),
        keys,
        left: Cell::new(amount.reports),
        ledger: RefCell::default(),
    });
    let done = Rc::new(Notify::new());
    let kept = tokio::task::spawn_local(keeper.keep(first, Rc::clone(&done)));
    let phones = (0..amount.clients.max(1))
        .map(|_| Rc::clone(&load).phone(Chance::of(chance.next())))
        .map(tokio::task::spawn_local);
    for phone in phones.collect::<Vec<_>>() {
        phone.await.expect("a phone ends well");
    }
    done.notify_one();
    let kills = kept.await.expect("the server runs");
    let ledger = load.ledger.take();
    Recording {
        before,
        log: std::fs::read(log).expect("a log"),
        ledger,
        after: files_of(&data).expect("readable"),
        kills,
    }
}

/// How long the first server runs.
const FIRST: Duration = Duration::from_millis(100);

/// Starts the server again and again.
struct Keeper {
    data: PathBuf,
    log: PathBuf,
    chance: Chance,
    wanted: usize,
    kills: usize,
    stopped: bool,
    port: u16,
}

impl Keeper {
    /// Until all is done; how often it was killed then.
    async fn keep(mut self, first: Serving, done: Rc<Notify>) -> usize {
        let mut serving = Some(first);
        loop {
            let Some(mut running) = serving.take() else {
                serving = self.next().await;
                continue;
            };
            tokio::select! {
                _ = running.ended() => self.kills += 1,
                () = done.notified() => {
                    // Or it is killed while it stops.
                    running.stop().await;
                    return self.kills;
                }
                // The first one, in the midst of it, in good order.
                () = tokio::time::sleep(FIRST), if !self.stopped => {
                    assert!(running.stop().await, "it stops in good order");
                    self.stopped = true;
                }
            }
        }
    }

    /// A server that will be killed, if there are kills left; it may be before it is ready.
    async fn next(&mut self) -> Option<Serving> {
        let left = self.kills < self.wanted;
        let kill = left.then(|| 20 + self.chance.below(400));
        let started = self.start(kill).await;
        match (&started, kill) {
            (None, Some(_)) => self.kills += 1,
            (None, None) => tokio::time::sleep(Duration::from_millis(20)).await,
            (Some(_), _) => {}
        }
        started
    }

    async fn start(&self, kill: Option<u64>) -> Option<Serving> {
        let mut more: Vec<(&str, OsString)> = vec![
            ("LD_PRELOAD", library().into()),
            ("POWER_LOG", self.log.clone().into()),
            ("POWER_FOLDER", self.data.clone().into()),
        ];
        if let Some(kill) = kill {
            more.push(("POWER_KILL", kill.to_string().into()));
        }
        Serving::try_start(&self.data, self.port, &more).await
    }
}

/// What is loaded into the server; it stands beside this program.
fn library() -> PathBuf {
    let own = std::env::current_exe().expect("this program");
    let library = own.with_file_name("libpower_log.so");
    let there = Path::exists(&library);
    assert!(there, "missing: cargo build --release -p power-log");
    library
}

impl Recording {
    /// What happened, in order. The log is whole: what it says leads to the very folder that was left.
    pub fn entries(&self) -> Vec<Entry<'_>> {
        let entries = log::read(&self.log).expect("a whole log");
        let mut disk = Disk::holding(&self.before, Without::Nothing);
        for entry in &entries {
            disk.apply(entry.event);
        }
        let chance = Chance::of(0);
        let mut calm = Weather::calm(&chance);
        let mut image = disk.after(&mut calm);
        image.retain(|path, _| !path.ends_with('/'));
        let same = image.len() == self.after.len()
            && image.iter().all(|(path, found)| {
                let there = self.after.get(path).map(Vec::as_slice);
                there == Some(&*found.bytes)
            });
        assert!(same, "the server wrote what is not in the log");
        entries
    }
}
