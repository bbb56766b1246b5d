//! What follows a report's text: chunk by chunk, from where the server says, for a while.

use domain::id::{PartId, Sha256};
use domain::outbox::{Answer, Entry, PartAnswer, Refusal};
use domain::time::Timestamp;
use domain::wire::{Missing, Part};
use sha2::Digest;

use super::api::Api;
use super::round::Device;
use crate::storage::{Error, PART_RECORD, Storage};

/// How long one round goes on with parts, in milliseconds: then screens see how far it has come, and
/// other things have their turn.
const A_WHILE: i64 = 10_000;
/// A chunk that took less than this, in milliseconds, is followed by a longer one.
const QUICK: i64 = 2_000;
/// Most records in one chunk: what the server takes.
const MOST: u32 = 4;

/// How sending the parts of one report ended, for now.
pub(super) enum Ended {
    /// The server said this of the whole report.
    Answered(Answer),
    /// The while is over, and more is to come.
    NotYet,
}

/// When the while is over that begins now.
pub(super) fn until(now: Timestamp) -> Timestamp {
    now.plus(A_WHILE)
}

/// Sends what is missing, and ends the report. How far it has come is written down after every chunk. A
/// part that this phone no longer has keeps no other back.
pub(super) async fn send(
    storage: &impl Storage,
    api: &impl Api,
    device: &impl Device,
    entry: &Entry,
    mut missing: Vec<Missing>,
    until: Timestamp,
) -> Result<Ended, Error> {
    let (mut records, mut gone) = (1, false);
    while let Some((part, offset)) = next(entry, &missing) {
        let begun = device.now();
        if begun >= until {
            return Ok(Ended::NotYet);
        }
        let Some(chunk) = chunk(storage, entry, part, offset, records).await? else {
            gone = true;
            move_on(&mut missing, &part.id, part.length);
            continue;
        };
        match api.put_chunk(&entry.id, &part.id, offset, &chunk).await {
            PartAnswer::At(offset) => move_on(&mut missing, &part.id, offset),
            PartAnswer::Damaged => {
                if is_whole(storage, entry, part).await? {
                    // It was damaged on its way, and may be again: no phone sends it without a pause.
                    return Ok(Ended::Answered(Answer::Refused(Refusal::Malformed)));
                }
                // Its bytes are damaged here, and would be for ever: they are as good as gone.
                storage.remove_part(&entry.id, &part.id).await?;
                move_on(&mut missing, &part.id, 0);
            }
            PartAnswer::Unknown => {
                storage.keep_arrived(&entry.id, None).await?;
                return Ok(Ended::Answered(Answer::Unknown));
            }
            PartAnswer::Refused(why) => return Ok(Ended::Answered(Answer::Refused(why))),
            PartAnswer::Later(wait) => return Ok(Ended::Answered(Answer::Later(wait))),
            PartAnswer::Silence => return Ok(Ended::Answered(Answer::Silence)),
        }
        let arrived = entry.arrived_but(&missing);
        storage.keep_arrived(&entry.id, Some(arrived)).await?;
        let took = device.now().since(begun);
        records = if took < QUICK {
            (records * 2).min(MOST)
        } else {
            1
        };
    }
    let answer = match gone {
        true => Answer::Refused(Refusal::PartsGone),
        false => api.commit(&entry.id).await,
    };
    Ok(Ended::Answered(answer))
}

/// The first part that is not whole, in the report's order, and where it goes on.
fn next<'a>(entry: &'a Entry, missing: &[Missing]) -> Option<(&'a Part, u32)> {
    entry.parts.iter().find_map(|part| {
        let missing = missing.iter().find(|missing| missing.id == part.id)?;
        (missing.offset < part.length).then_some((part, missing.offset))
    })
}

fn move_on(missing: &mut [Missing], part: &PartId, offset: u32) {
    for missing in missing.iter_mut().filter(|missing| missing.id == *part) {
        missing.offset = offset;
    }
}

/// Whether the bytes of a part that lie here are those its label names.
async fn is_whole(storage: &impl Storage, entry: &Entry, part: &Part) -> Result<bool, Error> {
    let (mut hash, mut at) = (sha2::Sha256::new(), 0);
    while let Some(piece) = chunk(storage, entry, part, at, MOST).await? {
        hash.update(&piece);
        at += piece.len() as u32;
    }
    Ok(part.sha256 == Sha256(hash.finalize().into()))
}

/// The bytes of a part from an offset on, as far as so many records reach; `None` where the phone no
/// longer has them.
async fn chunk(
    storage: &impl Storage,
    entry: &Entry,
    part: &Part,
    offset: u32,
    records: u32,
) -> Result<Option<Vec<u8>>, Error> {
    let size = PART_RECORD as u32;
    let (first, last) = (offset / size, (part.length - 1) / size);
    let mut chunk = Vec::new();
    for at in first..(first + records).min(last + 1) {
        let Some(record) = storage.part_record(&entry.id, &part.id, at).await? else {
            break;
        };
        let skipped = if at == first { offset % size } else { 0 };
        chunk.extend_from_slice(record.get(skipped as usize..).unwrap_or_default());
    }
    Ok((!chunk.is_empty()).then_some(chunk))
}
