//! How quickly parts are taken in, beside writing and syncing the same chunks to a plain file.

use std::fs::File;
use std::io::Write;
use std::rc::Rc;
use std::time::{Duration, Instant};

use clap::Args;
use courier::sync::api::Api;
use domain::id::{PartId, ReportId, Sha256};
use domain::wire::{CHUNK_TYPE, MAX_CHUNK, Part};
use seal::report::seal;
use sha2::Digest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::phone::Network;
use crate::serving::{CENTRE, Keys, Serving, folder};

#[derive(Debug, Args)]
pub struct Settings {
    /// Mebibytes of each part
    #[arg(long, default_value_t = 24)]
    size: usize,
    /// How often, with one upload at a time and then with several
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Uploads at once, for the speed of several
    #[arg(long, default_value_t = 8)]
    several: usize,
    /// Uploads at once, for the memory it takes
    #[arg(long, default_value_t = 200)]
    together: usize,
}

pub async fn run(settings: Settings) -> bool {
    let (keys, data) = (Keys::draw(), folder());
    keys.put(data.path());
    let serving = Serving::start(data.path(), 0).await;
    let network = Network(serving.port);
    let file = Attachment::of(settings.size);
    let keys = Rc::new(keys);
    let mut rounds = Vec::new();
    for n in 0..settings.rounds as u8 {
        let mut plain = Plain::begin();
        let served = upload_as(network, &keys, [n, 0], &file, Some(&mut plain)).await;
        rounds.push((served, plain.took));
    }
    told("one at a time", file.bytes.len(), &rounds);
    let mut rounds = Vec::new();
    for n in 0..settings.rounds as u8 {
        let plain = plain_at_once(settings.several, &file.bytes);
        let begun = Instant::now();
        upload_at_once(network, &keys, n + 2, settings.several, &file).await;
        rounds.push((begun.elapsed(), plain));
    }
    told(
        &format!("{} at a time", settings.several),
        file.bytes.len() * settings.several,
        &rounds,
    );
    upload_at_once(network, &keys, 1, settings.together, &Attachment::of(3)).await;
    let memory = serving.most_memory().unwrap_or(0) / 1024;
    println!(
        "{} uploads at once: at most {memory} MB of memory (wanted: 300)",
        settings.together
    );
    serving.kill().await;
    memory < 300
}

/// What is uploaded; its hash is known before the clock runs.
struct Attachment {
    bytes: Vec<u8>,
    sha256: Sha256,
}

impl Attachment {
    fn of(mebibytes: usize) -> Rc<Self> {
        let bytes: Vec<u8> = (0..mebibytes << 20).map(|at| (at / 3) as u8).collect();
        let sha256 = Sha256(sha2::Sha256::digest(&bytes).into());
        Rc::new(Self { bytes, sha256 })
    }
}

/// Prints how long uploads took beside plain writes, and the median.
fn told(what: &str, bytes: usize, rounds: &[(Duration, Duration)]) {
    let speed = |took: Duration| bytes as f64 / 1e6 / took.as_secs_f64();
    let mut ratios: Vec<f64> = Vec::new();
    for (served, plain) in rounds {
        let (served, plain) = (speed(*served), speed(*plain));
        ratios.push(served / plain);
        println!(
            "{what}: {served:.0} MB/s over HTTP, {plain:.0} MB/s plain; ratio {:.2}",
            served / plain
        );
    }
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ratios.len() / 2];
    println!("{what}, ratio to plain synced writes: median {median:.2} (wanted: 0.60)");
}

/// So many uploads at once.
async fn upload_at_once(
    network: Network,
    keys: &Rc<Keys>,
    name: u8,
    several: usize,
    file: &Rc<Attachment>,
) {
    let tasks = (0..several).map(|n| {
        let (keys, file) = (Rc::clone(keys), Rc::clone(file));
        tokio::task::spawn_local(async move {
            upload_as(network, &keys, [n as u8, name], &file, None).await;
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("uploaded");
    }
}

/// So many plain files at once; how long they took.
fn plain_at_once(several: usize, bytes: &[u8]) -> Duration {
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..several {
            scope.spawn(|| {
                let mut plain = Plain::begin();
                bytes.chunks(MAX_CHUNK).for_each(|chunk| plain.write(chunk));
            });
        }
    });
    begun.elapsed()
}

/// A file that gets the same chunks, each synced, in turn with the server: what else the machine does
/// meanwhile meets both.
struct Plain {
    file: File,
    took: Duration,
    _folder: tempfile::TempDir,
}

impl Plain {
    fn begin() -> Self {
        let folder = folder();
        Self {
            file: File::create(folder.path().join("plain")).expect("a file"),
            took: Duration::ZERO,
            _folder: folder,
        }
    }

    fn write(&mut self, chunk: &[u8]) {
        let begun = Instant::now();
        self.file.write_all(chunk).expect("written");
        self.file.sync_data().expect("synced");
        self.took += begun.elapsed();
    }
}

/// A connection that stays for chunk after chunk, as a phone's does.
struct Line(TcpStream);

impl Line {
    async fn to(network: Network) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", network.0)).await;
        let stream = stream.expect("the server listens");
        stream.set_nodelay(true).expect("a plain setting");
        Self(stream)
    }

    /// Where the part goes on, once the chunk is on the disk.
    async fn put_chunk(
        &mut self,
        id: &ReportId,
        part: &PartId,
        offset: u32,
        chunk: &[u8],
    ) -> Option<u32> {
        let head = format!(
            "PATCH /api/reports/{id}/parts/{part} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {CHUNK_TYPE}\r\n\
             upload-offset: {offset}\r\ncontent-length: {}\r\n\r\n",
            chunk.len()
        );
        self.0.write_all(head.as_bytes()).await.ok()?;
        self.0.write_all(chunk).await.ok()?;
        let mut answer = Vec::new();
        // Taken in, it is answered with a head alone.
        while !answer.ends_with(b"\r\n\r\n") {
            if self.0.read_buf(&mut answer).await.ok()? == 0 {
                return None;
            }
        }
        let answer = String::from_utf8(answer).ok()?;
        let lines = answer.strip_prefix("HTTP/1.1 204 ")?.lines();
        let mut headers = lines.filter_map(|line| line.split_once(": "));
        let (_, end) = headers.find(|(name, _)| *name == "upload-offset")?;
        end.parse().ok()
    }
}

/// Uploads a part; how long its chunks took.
async fn upload_as(
    network: Network,
    keys: &Keys,
    name: [u8; 2],
    file: &Attachment,
    mut plain: Option<&mut Plain>,
) -> Duration {
    let mut bits = [0; 16];
    bits[..2].copy_from_slice(&name);
    let (id, part) = (ReportId::from_random(bits), PartId::from_random(bits));
    let body = serde_json::json!({
        "version": 1, "id": id, "form": 1, "language": "en", "answers": {}, "written": 5,
    });
    let body = serde_json::from_value(body).expect("a body");
    let mailbox = seal::receipt::MailboxKeys {
        id: domain::id::MailboxId::from_random(bits),
        token: [0; 32],
        token_hash: Sha256([0; 32]),
        reply: seal::identity::draw().expect("random numbers").to_string(),
    };
    let named = Part {
        id: part.clone(),
        length: file.bytes.len() as u32,
        sha256: file.sha256,
    };
    let envelope = seal(&body, &keys.keyset, CENTRE, &mailbox, vec![named]).expect("sealed");
    network
        .put_report(&id, &envelope.to_bytes().expect("plain data"))
        .await;
    let mut line = Line::to(network).await;
    let (mut took, mut offset) = (Duration::ZERO, 0);
    for chunk in file.bytes.chunks(MAX_CHUNK) {
        if let Some(plain) = &mut plain {
            plain.write(chunk);
        }
        let begun = Instant::now();
        let end = line.put_chunk(&id, &part, offset, chunk).await;
        took += begun.elapsed();
        offset += chunk.len() as u32;
        assert_eq!(end, Some(offset));
    }
    took
}
