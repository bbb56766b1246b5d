//! A chunk on its way into a file: what has arrived is hashed and written while more is on its way.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use domain::id::Sha256;
use sha2::Digest;
use tokio::task::JoinHandle;

use super::file::{self, Place};
use super::room::Room;
use super::turns::Turn;
use super::{BLOCK, Refused};
use crate::arrival;

/// How long one chunk may take to arrive.
const SLOWEST: Duration = Duration::from_secs(90);
/// Parts whose hash is kept between their chunks; of others, the file is read again at the end.
const KEPT: usize = 1024;

/// The hash of a part as far as it has come, in memory alone.
#[derive(Clone)]
pub(super) struct Running {
    hash: sha2::Sha256,
    length: u32,
}

impl Running {
    /// Of nothing.
    pub(super) fn new() -> Self {
        Self {
            hash: sha2::Sha256::new(),
            length: 0,
        }
    }

    /// What it comes to.
    pub(super) fn finish(self) -> Sha256 {
        Sha256(self.hash.finalize().into())
    }

    fn add(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        // A part is far shorter than u32::MAX.
        self.length += bytes.len() as u32;
    }
}

/// Hashes of parts whose next chunk is awaited.
#[derive(Default)]
pub(super) struct Hashes(Mutex<HashMap<String, Running>>);

impl Hashes {
    /// Takes out the hash of a part's first bytes, if that is what we have.
    pub(super) fn take(&self, name: &str, length: u32) -> Option<Running> {
        let kept = self.lock().remove(name);
        match length {
            0 => Some(Running::new()),
            _ => kept.filter(|running| running.length == length),
        }
    }

    /// Keeps one for the next chunk.
    pub(super) fn keep(&self, name: String, running: Running) {
        let mut all = self.lock();
        if all.len() >= KEPT
            && let Some(other) = all.keys().next().cloned()
        {
            all.remove(&other);
        }
        all.insert(name, running);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that is added to.
pub(super) struct Target {
    pub(super) place: Place,
    /// Opened by whoever writes first.
    pub(super) file: Option<File>,
    /// Nobody else is at the part before the last write has ended, also when nobody waits for it.
    pub(super) turn: Arc<Turn>,
    /// Counts what is written here, also when the request that sent it has gone.
    pub(super) room: Room,
    pub(super) centre: String,
}

impl Target {
    fn write(mut self, blocks: &[Bytes]) -> io::Result<Self> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => self.place.open()?,
        };
        self.add(&mut file, blocks)?;
        self.file = Some(file);
        Ok(self)
    }

    /// Blocks take their room before they are written, and give back what of it was not.
    fn add(&self, file: &mut File, blocks: &[Bytes]) -> io::Result<()> {
        let wanted: u64 = blocks.iter().map(|block| block.len() as u64).sum();
        let _changing = self.room.changing();
        let before = file.metadata()?.len();
        self.room.take(&self.centre, wanted)?;
        let mut blocks = blocks.iter();
        blocks
            .try_for_each(|block| file.write_all(block))
            .inspect_err(|_| {
                let after = file.metadata().map_or(before, |found| found.len());
                let written = after.saturating_sub(before).min(wanted);
                self.room.release(&self.centre, wanted - written);
            })
    }

    fn end(self, blocks: &[Bytes]) -> io::Result<Self> {
        let target = self.write(blocks)?;
        target.file.as_ref().map_or(Ok(()), file::settle)?;
        Ok(target)
    }
}

fn added(hash: Option<Running>, blocks: &[Bytes]) -> Option<Running> {
    let mut hash = hash?;
    blocks.iter().for_each(|block| hash.add(block));
    Some(hash)
}

/// What came of a chunk.
pub(super) struct Arrived {
    /// Bytes that are on the disk now.
    pub(super) length: usize,
    /// Whether the request came to its end.
    pub(super) ended: Result<(), Refused>,
    /// The hash up to here.
    pub(super) hash: Option<Running>,
}

/// What is worked on behind our back: ready, or to be waited for.
enum Behind<T> {
    Idle(T),
    Busy(JoinHandle<io::Result<T>>),
}

impl<T: Send + 'static> Behind<T> {
    async fn ready(self) -> Result<T, Refused> {
        match self {
            Self::Idle(this) => Ok(this),
            Self::Busy(task) => understood(task.await),
        }
    }

    /// Goes on with it where nobody waits.
    async fn go_on(
        self,
        work: impl FnOnce(T) -> io::Result<T> + Send + 'static,
    ) -> Result<Self, Refused> {
        let this = self.ready().await?;
        Ok(Self::Busy(tokio::task::spawn_blocking(move || work(this))))
    }
}

/// Writes what arrives of at most so many bytes, and syncs it.
pub(super) async fn take_in(
    target: Target,
    hash: Option<Running>,
    most: usize,
    mut body: Body,
) -> Result<Arrived, Refused> {
    let turn = Arc::clone(&target.turn);
    let (mut writing, mut hashing) = (Behind::Idle(target), Behind::Idle(hash));
    let mut length = 0;
    let (mut waiting, mut held) = (Vec::new(), 0);
    let ended = loop {
        let next = tokio::select! {
            next = tokio::time::timeout(SLOWEST, arrival::next(&mut body)) => next,
            () = turn.overtaken() => break Err(Refused::Broken),
        };
        let bytes = match next {
            Ok(Some(Ok(bytes))) => bytes,
            Ok(None) => break Ok(()),
            Ok(Some(Err(_))) | Err(_) => break Err(Refused::Broken),
        };
        if length + held + bytes.len() > most {
            // What is too long is wrong from its beginning.
            waiting.clear();
            held = 0;
            break Err(Refused::TooLarge);
        }
        held += bytes.len();
        waiting.push(bytes);
        if held >= BLOCK {
            let blocks = std::mem::take(&mut waiting);
            let same = blocks.clone();
            writing = writing.go_on(move |target| target.write(&blocks)).await?;
            hashing = hashing.go_on(move |hash| Ok(added(hash, &same))).await?;
            length += std::mem::take(&mut held);
        }
    };
    let same = waiting.clone();
    let writing = writing.go_on(move |target| target.end(&waiting)).await?;
    let hashing = hashing.go_on(move |hash| Ok(added(hash, &same))).await?;
    writing.ready().await?;
    Ok(Arrived {
        hash: hashing.ready().await?,
        length: length + held,
        ended,
    })
}

/// Does something with the disk where nobody waits for it but us.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Refused> {
    understood(tokio::task::spawn_blocking(work).await)
}

fn understood<T>(done: Result<io::Result<T>, tokio::task::JoinError>) -> Result<T, Refused> {
    done.map_err(|_| Refused::Failed)?.map_err(|error| {
        if matches!(
            error.kind(),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded
        ) {
            tracing::error!("the disk is full");
            Refused::Full
        } else {
            tracing::error!(cause = %error, "a part could not be written");
            Refused::Failed
        }
    })
}
