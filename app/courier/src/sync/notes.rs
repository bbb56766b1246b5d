//! Letting notes go: one in a round, at its own moment, and beside nothing it could be tied to.

use domain::note::{NoteAnswer, Waiting};
use domain::time::HOUR;

use super::api::Api;
use super::round::Device;
use crate::storage::{Error, Storage};

/// What else a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// No report was tried.
    Nothing,
    /// A report was tried: a note that came along would be known as its sender's.
    Report,
}

/// Sends the note whose moment came first. Any other that is due gets another moment: two that
/// arrived together would be known as one phone's.
pub(super) async fn send(
    storage: &impl Storage,
    api: &impl Api,
    device: &impl Device,
    beside: Beside,
) -> Result<(), Error> {
    let now = device.now();
    let notes = storage.notes().await?.into_iter();
    let mut due = notes.filter(|waiting| waiting.is_due(now));
    if beside == Beside::Nothing
        && let Some(first) = due.next()
    {
        settle(storage, api, device, first).await?;
    }
    for other in due {
        put_off(storage, device, other).await?;
    }
    Ok(())
}

/// Its id, and so its bytes, are the same at every try: the server counts it once.
async fn settle(
    storage: &impl Storage,
    api: &impl Api,
    device: &impl Device,
    waiting: Waiting,
) -> Result<(), Error> {
    let answer = match waiting.note.to_bytes() {
        Ok(bytes) => api.put_note(&waiting.id, &bytes).await,
        Err(_) => NoteAnswer::Refused,
    };
    match answer {
        // Refused, nobody could put it right, and nobody waits for it.
        NoteAnswer::Taken | NoteAnswer::Refused => storage.remove_note(&waiting.id).await,
        NoteAnswer::Later => put_off(storage, device, waiting).await,
    }
}

async fn put_off(
    storage: &impl Storage,
    device: &impl Device,
    waiting: Waiting,
) -> Result<(), Error> {
    let moved = waiting.put_off(device.chance(), device.now());
    storage.keep_note(&moved).await
}

/// Milliseconds until the next note's moment. One that is due where there is no connection is not
/// asked about all the time.
pub(super) async fn next(
    storage: &impl Storage,
    device: &impl Device,
    reached: bool,
) -> Result<Option<i64>, Error> {
    let now = device.now();
    let notes = storage.notes().await?;
    let wait = notes.iter().map(|waiting| waiting.wait(now)).min();
    let at_least = if reached { 0 } else { HOUR / 4 };
    Ok(wait.map(|wait| wait.max(at_least)))
}
