//! The deployment's own street pack: `streets.pmtiles` in the data folder, checked before it is offered.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::Digest;

/// Its name in the data folder.
const NAME: &str = "streets.pmtiles";
/// Bytes of a PMTiles header, version 3.
const HEADER: usize = 127;
/// Where the header has offset and length of its four parts, eight bytes each.
const PARTS: [usize; 4] = [8, 24, 40, 56];

/// A street pack that is whole.
#[derive(Debug)]
pub struct Streets {
    file: File,
    /// Its size.
    pub bytes: u64,
    /// Known by its content: another file has another.
    pub tag: String,
}

/// Why a file is not offered to phones.
#[derive(Debug)]
pub enum Refused {
    /// It cannot be read.
    Unreadable(PathBuf, io::Error),
    /// It is no map.
    NoMap(PathBuf),
    /// It ends before its header says.
    Short(PathBuf),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, cause) => write!(f, "cannot read {}: {cause}", path.display()),
            Self::NoMap(path) => write!(
                f,
                "{} is no PMTiles file of version 3; phones are offered no streets",
                path.display()
            ),
            Self::Short(path) => write!(
                f,
                "{} is cut short: copy it again; phones are offered no streets until then",
                path.display()
            ),
        }
    }
}

impl Streets {
    /// The pack in a data folder; `None` where there is none.
    pub fn open(data: &Path) -> Result<Option<Self>, Refused> {
        let path = data.join(NAME);
        match File::open(&path) {
            Ok(file) => Self::check(file, &path).map(Some),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Refused::Unreadable(path, cause)),
        }
    }

    fn check(mut file: File, path: &Path) -> Result<Self, Refused> {
        let unreadable = |cause| Refused::Unreadable(path.to_owned(), cause);
        let bytes = file.metadata().map_err(unreadable)?.len();
        let mut header = [0; HEADER];
        if file.read_exact_at(&mut header, 0).is_err() || !header.starts_with(b"PMTiles\x03") {
            return Err(Refused::NoMap(path.to_owned()));
        }
        if PARTS
            .iter()
            .any(|at| end(&header[*at..]).is_none_or(|end| end > bytes))
        {
            return Err(Refused::Short(path.to_owned()));
        }
        let tag = hash(&mut file).map_err(unreadable)?;
        Ok(Self { file, bytes, tag })
    }

    /// A part of the file.
    pub fn read(&self, from: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, from)?;
        Ok(bytes)
    }
}

/// Where a part ends, by its offset and length.
fn end(part: &[u8]) -> Option<u64> {
    let (offset, rest) = part.split_first_chunk::<8>()?;
    let length = rest.first_chunk::<8>()?;
    u64::from_le_bytes(*offset).checked_add(u64::from_le_bytes(*length))
}

fn hash(file: &mut File) -> io::Result<String> {
    let mut digest = sha2::Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(HEXLOWER.encode(&digest.finalize()[..16])),
            read => digest.update(&piece[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that says it has 10 bytes of tiles after its header.
    fn pack() -> Vec<u8> {
        let mut bytes = vec![0; HEADER + 10];
        bytes[..8].copy_from_slice(b"PMTiles\x03");
        bytes[56..64].copy_from_slice(&(HEADER as u64).to_le_bytes());
        bytes[64..72].copy_from_slice(&10_u64.to_le_bytes());
        bytes
    }

    fn opened(bytes: &[u8]) -> Result<Option<Streets>, Refused> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(NAME), bytes).expect("it is ours");
        Streets::open(folder.path())
    }

    #[test]
    fn a_whole_pack_is_offered_by_its_size_and_content() {
        let streets = opened(&pack()).expect("it is whole").expect("it is there");
        assert_eq!(streets.bytes, pack().len() as u64);
        assert_eq!(streets.read(0, 7).expect("it is there"), b"PMTiles");
        let mut other = pack();
        other[HEADER] = 1;
        let other = opened(&other).expect("it is whole").expect("it is there");
        assert_ne!(streets.tag, other.tag);
    }

    #[test]
    fn a_pack_that_is_cut_short_or_none_at_all_is_refused() {
        let short = &pack()[..HEADER + 9];
        assert!(matches!(opened(short), Err(Refused::Short(_))));
        assert!(matches!(opened(b"<!doctype html>"), Err(Refused::NoMap(_))));
        let page = "<!doctype html>".repeat(50);
        assert!(matches!(opened(page.as_bytes()), Err(Refused::NoMap(_))));
        let mut far = pack();
        far[56..64].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(matches!(opened(&far), Err(Refused::Short(_))));
    }

    #[test]
    fn without_a_pack_there_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(
            Streets::open(folder.path())
                .expect("that is fine")
                .is_none()
        );
    }
}
