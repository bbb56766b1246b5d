//! The bytes of parts, as files: `parts/CENTRE/REPORT/PART`, with `.incoming` behind while they come in.
//!
//! A file is on the disk, whole and checked, before the database says so. Times are rounded to the hour.

mod file;
mod folder;
mod intake;
mod room;
mod turns;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use domain::id::{PartId, ReportId};
use domain::time::{HOUR, Timestamp};
use domain::wire::{MAX_CHUNK, Part};

pub use self::folder::{copy, count_unfinished, drop_from, find, remove_from};

use self::file::Place;
use self::folder::{folders, name, remove, unfinished};
use self::intake::{Arrived, Hashes, Running, Target, blocking, take_in};
use self::room::Room;
use self::turns::Turns;
use crate::durable;

/// The folder's name in the data folder.
pub const FOLDER: &str = "parts";
/// How the name of a part ends that is not whole.
const INCOMING: &str = ".incoming";
/// Bytes that are written at once.
const BLOCK: usize = 256 * 1024;

/// The folder of parts.
pub struct Parts {
    folder: PathBuf,
    turns: Turns,
    hashes: Hashes,
    room: Room,
}

/// Why a chunk did not become part of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It begins elsewhere than where the part ends.
    Offset {
        /// Where the part ends.
        expected: u32,
    },
    /// Longer than a chunk, or than what is missing.
    TooLarge,
    /// All of it is there, and it is not what the label says: it begins anew.
    Damaged,
    /// There is no room.
    Full,
    /// A newer request for this part came in, or this one broke off.
    Broken,
    /// Our own fault; logged.
    Failed,
}

/// What a chunk led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// More is to come, from here.
    At(u32),
    /// The part is whole and checked.
    Whole,
}

impl Parts {
    /// The parts of a data folder, of which so many bytes may be kept (0: as many as the disk takes).
    pub fn open(data: &Path, max_bytes: u64, centres: &[String]) -> io::Result<Self> {
        let folder = data.join(FOLDER);
        durable::make_folder(&folder)?;
        Ok(Self {
            room: Room::of(max_bytes, centres, &folder)?,
            folder,
            turns: Turns::default(),
            hashes: Hashes::default(),
        })
    }

    /// Where a part that is not whole goes on.
    pub fn offset(&self, centre: &str, report: &ReportId, part: &PartId) -> u32 {
        self.place(centre, report, part).length()
    }

    /// Ends whatever is under way for a part, and says where it goes on.
    pub async fn settled_offset(&self, centre: &str, report: &ReportId, part: &PartId) -> u32 {
        let _turn = self.turns.take(&format!("{report}/{part}")).await;
        self.offset(centre, report, part)
    }

    /// Checks a part whose bytes are all there, but which is not whole: the server died in between.
    /// Whether it is whole now; one that is wrong begins anew.
    pub async fn settle(
        &self,
        centre: &str,
        report: &ReportId,
        part: &Part,
    ) -> Result<bool, Refused> {
        let _turn = self.turns.take(&format!("{report}/{}", part.id)).await;
        let place = self.place(centre, report, &part.id);
        let length = place.length();
        if length < part.length {
            return match place.whole.exists() {
                true => blocking(move || place.is_whole()).await,
                false => Ok(false),
            };
        }
        let sha256 = part.sha256;
        let finish = move || place.finish_anew(sha256);
        self.checked(centre, length, finish).await
    }

    /// Adds a chunk. What has arrived of one that breaks off is kept. Answers after it is on the disk.
    pub async fn append(
        &self,
        centre: &str,
        report: &ReportId,
        part: &Part,
        offset: u32,
        body: Body,
    ) -> Result<Appended, Refused> {
        let name = format!("{report}/{}", part.id);
        let turn = Arc::new(self.turns.take(&name).await);
        let place = self.place(centre, report, &part.id);
        let expected = place.length();
        if expected != offset || expected > part.length {
            return Err(Refused::Offset { expected });
        }
        let missing = part.length - offset;
        self.room_for(centre, offset, missing).await?;
        let target = Target {
            place: place.clone(),
            file: None,
            turn: Arc::clone(&turn),
            room: self.room.clone(),
            centre: centre.to_owned(),
        };
        let most = (missing as usize).min(MAX_CHUNK);
        let hash = self.hashes.take(&name, offset);
        let Arrived {
            length,
            ended,
            hash,
        } = take_in(target, hash, most, body).await?;
        // A part is far shorter than u32::MAX.
        let now = offset + length as u32;
        if now < part.length {
            if let Some(hash) = hash {
                self.hashes.keep(name, hash);
            }
            return ended.map(|()| Appended::At(now));
        }
        let (sha256, known) = (part.sha256, hash.map(Running::finish));
        let finish = move || place.finish(sha256, known);
        match self.checked(centre, part.length, finish).await? {
            true => Ok(Appended::Whole),
            false => Err(Refused::Damaged),
        }
    }

    /// Removes everything of a report.
    pub async fn remove(&self, report: &ReportId) -> io::Result<()> {
        let (folder, room, report) = (self.folder.clone(), self.room.clone(), report.clone());
        let removing = tokio::task::spawn_blocking(move || {
            let _changing = room.changing();
            for (centre, freed) in remove(&folder, &report)? {
                room.release(&centre, freed);
            }
            Ok(())
        });
        removing.await.map_err(io::Error::other)?
    }

    /// Removes what came in of parts that nobody went on with since an instant; how many those were.
    pub fn drop_unfinished(&self, before: Timestamp) -> io::Result<usize> {
        let _changing = self.room.changing();
        let mut dropped = 0;
        for file in unfinished(&self.folder, before)? {
            fs::remove_file(&file.path)?;
            self.room.release(&file.centre, file.length);
            dropped += 1;
        }
        Ok(dropped)
    }

    /// Every report that has a folder here.
    pub fn reports(&self) -> io::Result<Vec<ReportId>> {
        let mut reports = Vec::new();
        for centre in folders(&self.folder)? {
            let names = folders(&centre)?
                .into_iter()
                .filter_map(|folder| name(&folder));
            reports.extend(names.filter_map(|name| name.parse().ok()));
        }
        Ok(reports)
    }

    /// What is begun goes on while new parts already have to wait.
    async fn room_for(&self, centre: &str, offset: u32, missing: u32) -> Result<(), Refused> {
        let fits = || match offset {
            0 => self.room.fits_new(centre, u64::from(missing)),
            _ => {
                let chunk = u64::from(missing).min(MAX_CHUNK as u64);
                self.room.fits_more(centre, chunk)
            }
        };
        let room = self.room.clone();
        // A command may have erased something beside us.
        if fits() || (blocking(move || room.count_again()).await? && fits()) {
            Ok(())
        } else {
            Err(Refused::Full)
        }
    }

    /// Ends a part whose bytes are all there; one that is wrong gives back its room.
    async fn checked(
        &self,
        centre: &str,
        length: u32,
        finish: impl FnOnce() -> io::Result<bool> + Send + 'static,
    ) -> Result<bool, Refused> {
        let (room, centre) = (self.room.clone(), centre.to_owned());
        blocking(move || {
            let _changing = room.changing();
            let whole = finish()?;
            if !whole {
                room.release(&centre, u64::from(length));
            }
            Ok(whole)
        })
        .await
    }

    fn place(&self, centre: &str, report: &ReportId, part: &PartId) -> Place {
        let folder = self.folder.join(centre).join(report.as_str());
        Place {
            incoming: folder.join(format!("{part}{INCOMING}")),
            whole: folder.join(part.as_str()),
            folder,
        }
    }
}

/// How long an upload may rest, in the unit of [`Timestamp`].
pub fn rested_since(now: Timestamp, days: u32) -> Timestamp {
    now.plus(-i64::from(days) * 24 * HOUR)
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;

    use axum::body::Bytes;
    use domain::id::Sha256;
    use http_body::Frame;
    use sha2::Digest;

    use super::*;

    /// A folder of parts of two centres, north and south.
    fn parts(max_bytes: u64) -> (Parts, tempfile::TempDir) {
        let data = tempfile::tempdir().expect("a folder");
        let centres = ["north".to_owned(), "south".to_owned()];
        let parts = Parts::open(data.path(), max_bytes, &centres).expect("it opens");
        (parts, data)
    }

    fn part(n: u8, bytes: &[u8]) -> Part {
        Part {
            id: PartId::from_random([n; 16]),
            length: bytes.len() as u32,
            sha256: Sha256(sha2::Sha256::digest(bytes).into()),
        }
    }

    fn report(n: u8) -> ReportId {
        ReportId::from_random([n; 16])
    }

    /// Sends a chunk of a report that is named by a number.
    async fn send(
        parts: &Parts,
        centre: &str,
        n: u8,
        part: &Part,
        offset: u32,
        bytes: Vec<u8>,
    ) -> Result<Appended, Refused> {
        parts
            .append(centre, &report(n), part, offset, bytes.into())
            .await
    }

    /// A body that gives these bytes and never ends.
    struct Endless(Option<Vec<u8>>);

    impl http_body::Body for Endless {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
            let given = |bytes: Vec<u8>| Poll::Ready(Some(Ok(Frame::data(bytes.into()))));
            self.0.take().map_or(Poll::Pending, given)
        }
    }

    /// Sends so many bytes to the north, and goes away before an answer; what is on the disk then.
    async fn goes_away(parts: &Parts, part: &Part, bytes: &[u8]) -> u32 {
        let body = Body::new(Endless(Some(bytes.to_vec())));
        let report = report(1);
        let sending = parts.append("north", &report, part, 0, body);
        let left = tokio::time::timeout(Duration::from_millis(100), sending).await;
        assert!(left.is_err(), "it was answered");
        parts.settled_offset("north", &report, &part.id).await
    }

    #[tokio::test]
    async fn bytes_of_a_request_that_went_away_take_room() {
        let (parts, _data) = parts(800_000);
        let (begun, new) = (vec![1; 400_000], vec![2; 250_000]);
        let left = goes_away(&parts, &part(1, &begun), &begun[..300_000]).await;
        assert_eq!(left, 300_000);
        // 200,000 of 800,000 are the south's, and a tenth is for what is begun.
        let refused = send(&parts, "north", 2, &part(2, &new), 0, new).await;
        assert_eq!(refused, Err(Refused::Full));
    }

    #[tokio::test]
    async fn a_damaged_part_gives_back_the_room_it_took_and_no_more() {
        let (parts, _data) = parts(2_000_000);
        let (kept, damaged) = (vec![1; 400_000], vec![2; 400_000]);
        let whole = send(&parts, "north", 2, &part(1, &kept), 0, kept.clone()).await;
        assert_eq!(whole, Ok(Appended::Whole));
        let promised = part(2, &damaged);
        let left = goes_away(&parts, &promised, &damaged[..300_000]).await;
        let rest = vec![3; 100_000];
        let refused = send(&parts, "north", 1, &promised, left, rest).await;
        assert_eq!(refused, Err(Refused::Damaged));
        let freed = parts.room.fits_new("north", 900_000);
        assert!(freed && !parts.room.fits_new("north", 900_001));
    }

    #[tokio::test]
    async fn parts_that_are_begun_in_one_centre_leave_the_other_its_share() {
        let (parts, _data) = parts(1000);
        let many: Vec<Part> = (0..20).map(|n| part(n, &[n; 100])).collect();
        for (n, part) in (0..).zip(&many) {
            let begun = send(&parts, "north", 1, part, 0, vec![n]).await;
            assert_eq!(begun, Ok(Appended::At(1)));
        }
        let mut whole = 0;
        for (n, part) in (0..).zip(&many) {
            let on = send(&parts, "north", 1, part, 1, vec![n; 99]).await;
            whole += usize::from(on == Ok(Appended::Whole));
        }
        assert_eq!(whole, 7);
        let other = vec![9; 150];
        let other = send(&parts, "south", 2, &part(9, &other), 0, other).await;
        assert_eq!(other, Ok(Appended::Whole));
    }

    /// Requests that looked for room at the same time find it taken when they write.
    #[tokio::test]
    async fn chunks_that_come_together_do_not_take_more_than_there_is() {
        let (parts, data) = parts(1000);
        let parts = Arc::new(parts);
        let sending = |n: u8| {
            let parts = Arc::clone(&parts);
            let part = part(n, &[n; 100]);
            tokio::spawn(async move { send(&parts, "north", n, &part, 0, vec![n; 100]).await })
        };
        let sent: Vec<_> = (0..20).map(sending).collect();
        for one in sent {
            let _ = one.await.expect("it ends");
        }
        let lie: u64 = folder::files(&data.path().join(FOLDER))
            .expect("readable")
            .iter()
            .map(|file| file.length)
            .sum();
        assert!(lie <= 750, "{lie}");
    }
}
