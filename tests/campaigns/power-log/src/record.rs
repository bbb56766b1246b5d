//! One line of the log, as bytes: length, kind, a number, two lengths, and what those are of.

/// What happened; read again by `campaigns`, which knows the same numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Begin = 1,
    Create = 2,
    Resize = 3,
    Write = 4,
    SyncBegins = 5,
    SyncEnds = 6,
    Rename = 7,
    Remove = 8,
    MakeFolder = 9,
    RemoveFolder = 10,
}

/// A line of the log.
pub(crate) struct Record<'a> {
    pub(crate) kind: Kind,
    /// An offset, a length, or what tells one sync from another.
    pub(crate) number: u64,
    pub(crate) path: &'a [u8],
    /// The bytes written, or the other path.
    pub(crate) rest: &'a [u8],
}

impl Record<'_> {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(17 + self.path.len() + self.rest.len());
        bytes.push(self.kind as u8);
        bytes.extend_from_slice(&self.number.to_le_bytes());
        bytes.extend_from_slice(&(self.path.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&(self.rest.len() as u32).to_le_bytes());
        bytes.extend_from_slice(self.path);
        bytes.extend_from_slice(self.rest);
        bytes
    }
}
