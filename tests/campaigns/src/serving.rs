//! The server itself, as a process that can be killed, on a port that stays the same.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use seal::identity;
use seal::keyset::{CentreKey, Keyset, RootSeed};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The centre of the sample scheme.
pub const CENTRE: &str = "hawthorns";

/// The keys of a campaign: the server gets the public ones.
pub struct Keys {
    /// What reports are sealed to.
    pub keyset: Keyset,
    /// Opens them.
    pub centre: String,
    root: RootSeed,
}

impl Keys {
    /// Fresh ones.
    pub fn draw() -> Self {
        let draw = || identity::draw().expect("random numbers");
        let recipient = |key: &str| identity::recipient(key).expect("an identity");
        let (centre, recovery) = (draw(), draw());
        let keyset = Keyset {
            version: 1,
            centres: vec![CentreKey {
                id: CENTRE.to_owned(),
                recipient: recipient(&centre),
            }],
            recovery: recipient(&recovery),
        };
        Self {
            keyset,
            centre: centre.to_string(),
            root: RootSeed::draw().expect("random numbers"),
        }
    }

    /// Puts the public ones into a data folder.
    pub fn put(&self, data: &Path) {
        let folder = data.join("keys");
        std::fs::create_dir_all(&folder).expect("a folder");
        let signed = self.root.sign(&self.keyset).expect("a keyset");
        let json = serde_json::to_string(&signed).expect("plain data");
        std::fs::write(folder.join("keyset.json"), json).expect("written");
        let root = self.root.public().to_base64();
        std::fs::write(folder.join("root.pub"), root).expect("written");
    }
}

/// A running server.
pub struct Serving {
    child: Child,
    /// Where it listens.
    pub port: u16,
}

impl Serving {
    /// Starts it on a port, 0 for any, and waits until it is ready.
    pub async fn start(data: &Path, port: u16) -> Self {
        for _ in 0..50 {
            if let Some(serving) = Self::try_start(data, port, &[]).await {
                return serving;
            }
            // The port of the one that was killed is not free yet.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the server does not start");
    }

    /// Starts it once, with more in its environment; `None` where it ends before it is ready.
    pub async fn try_start(data: &Path, port: u16, more: &[(&str, OsString)]) -> Option<Self> {
        let mut child = command(data)
            .envs(more.iter().map(|(name, value)| (name, value)))
            .env("SAFE_PLACE_LISTEN", format!("127.0.0.1:{port}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the server stands beside this program: cargo build --release -p server");
        let mut line = String::new();
        let out = child.stdout.take().expect("piped");
        BufReader::new(out).read_line(&mut line).await.ok()?;
        let port = line.trim().rsplit(':').next()?.parse().ok()?;
        Some(Self { child, port })
    }

    /// kill -9.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it was running");
    }

    /// Waits until it has ended by itself; whether it ended well.
    pub async fn ended(&mut self) -> bool {
        self.child.wait().await.expect("it was running").success()
    }

    /// Asks it to stop, as an operator does, and waits until it has. Whether it ended well.
    pub async fn stop(mut self) -> bool {
        let id = self.child.id().expect("it was running").to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(asked.expect("it runs").success());
        self.ended().await
    }

    /// Most memory it ever had, in KiB.
    pub fn most_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().split(' ').next()?.parse().ok()
    }
}

/// The program, for any of its commands.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(program());
    command
        .env("SAFE_PLACE_DATA", data)
        .env("SAFE_PLACE_SITE", "")
        .env("SAFE_PLACE_REPORTS_PER_HOUR", "0")
        .env("SAFE_PLACE_NOTES_PER_HOUR", "0")
        .env("SAFE_PLACE_MAX_BYTES", "0")
        .env("SAFE_PLACE_MAX_PART_BYTES", "0")
        .env_remove("SAFE_PLACE_CONFIG");
    command
}

fn program() -> PathBuf {
    let own = std::env::current_exe().expect("this program");
    own.with_file_name("safe-place")
}

/// A folder on the disk of the build: one in memory would prove nothing.
pub fn folder() -> tempfile::TempDir {
    let own = std::env::current_exe().expect("this program");
    let beside = own.parent().expect("a folder");
    tempfile::tempdir_in(beside).expect("a folder")
}
