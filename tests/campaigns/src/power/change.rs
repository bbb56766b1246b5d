//! A change of a file's bytes, whole, in pieces of a sector, or not at all.

use super::weather::Fate;

/// A change that was told to a file.
#[derive(Clone, Copy)]
pub enum Change<'a> {
    Resize(u64),
    Write(u64, &'a [u8]),
}

impl Change<'_> {
    /// Done whole.
    pub fn apply(self, bytes: &mut Vec<u8>) {
        match self {
            Self::Resize(length) => bytes.resize(length as usize, 0),
            Self::Write(at, new) => put(bytes, at as usize, new),
        }
    }

    /// Done as far as a power cut lets it be.
    pub fn survive(self, fate: Fate, bytes: &mut Vec<u8>) {
        match (fate, self) {
            (Fate::Lost, _) => {}
            (Fate::Kept, change) | (Fate::Torn { .. } | Fate::Empty, change @ Self::Resize(_)) => {
                change.apply(bytes);
            }
            (Fate::Empty, Self::Write(at, new)) => {
                let end = at as usize + new.len();
                bytes.resize(bytes.len().max(end), 0);
            }
            (Fate::Torn { sector, chosen }, Self::Write(at, new)) => {
                for (from, piece) in pieces(at as usize, new, sector) {
                    if chosen.takes(from / sector) {
                        put(bytes, from, piece);
                    }
                }
            }
        }
    }
}

/// A write, cut where sectors begin.
fn pieces(at: usize, new: &[u8], sector: usize) -> impl Iterator<Item = (usize, &[u8])> {
    let first = (sector - at % sector).min(new.len());
    let head = std::iter::once((at, &new[..first]));
    let rest = new[first..].chunks(sector).enumerate();
    head.chain(rest.map(move |(n, piece)| (at + first + n * sector, piece)))
}

fn put(bytes: &mut Vec<u8>, at: usize, new: &[u8]) {
    let end = at + new.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[at..end].copy_from_slice(new);
}
