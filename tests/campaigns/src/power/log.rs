//! What the server did to its folder, in order, as `power-log` wrote it down.

/// One thing that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// A server began; whatever an earlier one had under way is over.
    Begin,
    Create(&'a str),
    Resize(&'a str, u64),
    Write(&'a str, u64, &'a [u8]),
    SyncBegins(&'a str, u64),
    SyncEnds(u64),
    Rename(&'a str, &'a str),
    Remove(&'a str),
    MakeFolder(&'a str),
    RemoveFolder(&'a str),
}

/// An event, and how long the log was when it was in it.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub event: Event<'a>,
    pub end: u64,
}

/// Reads a log; `None` where it is none, or is cut.
pub fn read(log: &[u8]) -> Option<Vec<Entry<'_>>> {
    let mut entries = Vec::new();
    let mut rest = log;
    while !rest.is_empty() {
        let event = next(&mut rest)?;
        let end = (log.len() - rest.len()) as u64;
        entries.push(Entry { event, end });
    }
    Some(entries)
}

/// As `power-log` writes them: kind, number, two lengths, and what those are of.
fn next<'a>(rest: &mut &'a [u8]) -> Option<Event<'a>> {
    let kind = take(rest, 1)?[0];
    let number = u64::from_le_bytes(take(rest, 8)?.try_into().ok()?);
    let lengths = [take(rest, 4)?, take(rest, 4)?];
    let [path, more] = lengths.map(|bytes| u32::from_le_bytes(bytes.try_into().unwrap_or([0; 4])));
    let path = std::str::from_utf8(take(rest, path as usize)?).ok()?;
    let more = take(rest, more as usize)?;
    Some(match kind {
        1 => Event::Begin,
        2 => Event::Create(path),
        3 => Event::Resize(path, number),
        4 => Event::Write(path, number, more),
        5 => Event::SyncBegins(path, number),
        6 => Event::SyncEnds(number),
        7 => Event::Rename(path, std::str::from_utf8(more).ok()?),
        8 => Event::Remove(path),
        9 => Event::MakeFolder(path),
        10 => Event::RemoveFolder(path),
        _ => return None,
    })
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}
