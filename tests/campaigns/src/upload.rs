//! How quickly parts are taken in, beside writing and syncing the same chunks to a plain file.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use clap::Args;
use courier::sync::api::Api;
use domain::id::{PartId, ReportId, Sha256};
use domain::outbox::PartAnswer;
use domain::wire::{MAX_CHUNK, Part};
use seal::report::seal;
use sha2::Digest;

use crate::phone::Network;
use crate::serving::{CENTRE, Keys, Serving, folder};

#[derive(Debug, Args)]
pub struct Settings {
    /// Mebibytes of each part
    #[arg(long, default_value_t = 24)]
    size: usize,
    /// How often, one after the other
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Uploads at once, for the memory it takes
    #[arg(long, default_value_t = 200)]
    together: usize,
}

pub async fn run(settings: Settings) -> bool {
    let (keys, data) = (Keys::draw(), folder());
    keys.put(data.path());
    let serving = Serving::start(data.path(), 0).await;
    let network = Network(serving.port);
    let bytes: Vec<u8> = (0..settings.size << 20).map(|at| (at / 3) as u8).collect();
    let mut ratios = Vec::new();
    for n in 0..settings.rounds as u8 {
        let mut plain = Plain::begin();
        let served = upload_as(network, &keys, [n, 0], &bytes, Some(&mut plain)).await;
        let speed = |took: Duration| bytes.len() as f64 / 1e6 / took.as_secs_f64();
        let (served, plain) = (speed(served), speed(plain.took));
        ratios.push(served / plain);
        println!(
            "round {n}: {served:.0} MB/s over HTTP, {plain:.0} MB/s plain; ratio {:.2}",
            served / plain
        );
    }
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ratios.len() / 2];
    println!("parts, ratio to plain synced writes: median {median:.2} (wanted: 0.60)");
    let keys = std::rc::Rc::new(keys);
    let some = std::rc::Rc::new(bytes[..3 << 20].to_vec());
    let tasks = (0..settings.together).map(|n| {
        let (keys, some) = (std::rc::Rc::clone(&keys), std::rc::Rc::clone(&some));
        tokio::task::spawn_local(async move {
            upload_as(network, &keys, [n as u8, 1], &some, None).await;
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("uploaded");
    }
    let memory = serving.most_memory().unwrap_or(0) / 1024;
    println!(
        "{} uploads at once: at most {memory} MB of memory (wanted: 300)",
        settings.together
    );
    serving.kill().await;
    memory < 300
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

/// Uploads a part; how long its chunks took.
async fn upload_as(
    network: Network,
    keys: &Keys,
    name: [u8; 2],
    bytes: &[u8],
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
        length: bytes.len() as u32,
        sha256: Sha256(sha2::Sha256::digest(bytes).into()),
    };
    let envelope = seal(&body, &keys.keyset, CENTRE, &mailbox, vec![named]).expect("sealed");
    network
        .put_report(&id, &envelope.to_bytes().expect("plain data"))
        .await;
    let (mut took, mut offset) = (Duration::ZERO, 0);
    for chunk in bytes.chunks(MAX_CHUNK) {
        if let Some(plain) = &mut plain {
            plain.write(chunk);
        }
        let begun = Instant::now();
        let answer = network.put_chunk(&id, &part, offset, chunk).await;
        took += begun.elapsed();
        offset += chunk.len() as u32;
        assert_eq!(answer, PartAnswer::At(offset));
    }
    took
}
