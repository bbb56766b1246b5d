//! Key files: their names, how they look, and that nobody else can read them.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use seal::identity;
use seal::keyset::{RootKey, RootSeed};
use zeroize::Zeroizing;

use crate::error::{Error, Fault};

/// The root's secret key.
pub const ROOT_KEY: &str = "root.key";
/// The root's public key.
pub const ROOT_PUB: &str = "root.pub";
/// The recovery key.
pub const RECOVERY_KEY: &str = "recovery.key";
/// The signed keyset.
pub const KEYSET: &str = "keyset.json";

/// Longest key file in bytes; the real ones have a few hundred.
const MAX_KEY_FILE: u64 = 64 * 1024;

/// A reporting centre's id; it is part of a file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CentreId(String);

/// A text that is not a centre's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotACentreId;

impl fmt::Display for NotACentreId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a centre's id has 1 to 40 lower-case letters, digits and hyphens")
    }
}

impl std::error::Error for NotACentreId {}

impl FromStr for CentreId {
    type Err = NotACentreId;

    fn from_str(text: &str) -> Result<Self, NotACentreId> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=40).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotACentreId)
        }
    }
}

impl CentreId {
    /// The written form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the file with this centre's key.
    pub fn key_file(&self) -> String {
        format!("centre-{}.key", self.0)
    }
}

/// Makes a folder that only its owner may enter. One that is there already is left as it is.
pub fn make_folder(path: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|error| Fault::Unwritable(error).of(path))
}

/// Writes a new file that only its owner may read, and waits until it is on the disk.
pub fn write_new(path: &Path, text: &str) -> Result<(), Error> {
    write_new_bytes(path, text.as_bytes())
}

/// The same for what is no text.
pub fn write_new_bytes(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Error::Exists(path.to_owned()),
        _ => Fault::Unwritable(error).of(path),
    })?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    let written = written.and_then(|()| sync_name(path));
    written.map_err(|error| {
        // Half a key is worse than none, and the next try must not meet it.
        _ = fs::remove_file(path);
        Fault::Unwritable(error).of(path)
    })
}

/// The name itself is on the disk, where folders can be synced.
fn sync_name(path: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = path.parent().filter(|above| !above.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Reads a whole file that has at most so many bytes.
pub fn read(path: &Path, most: u64) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut bytes = Zeroizing::new(Vec::new());
    File::open(path)
        .and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
        .map_err(|error| Fault::Unreadable(error).of(path))?;
    if bytes.len() as u64 > most {
        return Err(Fault::TooLarge.of(path));
    }
    Ok(bytes)
}

/// Writes the root's two files.
pub fn write_root(folder: &Path, root: &RootSeed) -> Result<(), Error> {
    let secret = Zeroizing::new(format!(
        "# Safe Place root key: signs keysets. Keep it off the server.\n{}\n",
        *root.to_base64()
    ));
    write_new(&folder.join(ROOT_KEY), &secret)?;
    write_new(
        &folder.join(ROOT_PUB),
        &format!("{}\n", root.public().to_base64()),
    )
}

/// Writes an identity in the form the `age` command line reads, too, and gives back its recipient.
pub fn write_identity(path: &Path, purpose: &str, identity: &str) -> Result<String, Error> {
    let recipient = identity::recipient(identity).map_err(Error::Identity)?;
    let text = Zeroizing::new(format!(
        "# {purpose}\n# public key: {recipient}\n{identity}\n"
    ));
    write_new(path, &text)?;
    Ok(recipient)
}

/// The root's secret key in this file.
pub fn read_root(path: &Path) -> Result<RootSeed, Error> {
    RootSeed::from_base64(&key_in(path)?).map_err(|error| Fault::Root(error).of(path))
}

/// The root's public key in this file.
pub fn read_root_pub(path: &Path) -> Result<RootKey, Error> {
    RootKey::from_base64(&key_in(path)?).map_err(|error| Fault::Root(error).of(path))
}

/// The identity in this file.
pub fn read_identity(path: &Path) -> Result<Zeroizing<String>, Error> {
    let identity = key_in(path)?;
    match identity::recipient(&identity) {
        Ok(_) => Ok(identity),
        Err(error) => Err(Fault::Identity(error).of(path)),
    }
}

/// Asks for one line.
pub fn ask(question: &str) -> Result<Zeroizing<String>, Error> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question}").and_then(|()| stderr.flush())?;
    let mut line = Zeroizing::new(String::new());
    let limited = io::stdin().lock().take(MAX_KEY_FILE);
    let read = io::BufRead::read_line(&mut io::BufReader::new(limited), &mut line);
    if read.is_err() || line.trim().is_empty() {
        return Err(Error::NothingTyped);
    }
    Ok(line)
}

/// A new folder beside the wanted one, so that all its files appear at once or not at all.
pub fn unfinished(folder: &Path) -> Result<PathBuf, Error> {
    let parent = folder
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    make_folder(parent.unwrap_or(Path::new(".")))?;
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(format!(".unfinished-{}", std::process::id()));
    let unfinished = folder.with_file_name(name);
    if unfinished.exists() {
        return Err(Error::Exists(unfinished));
    }
    make_folder(&unfinished)?;
    Ok(unfinished)
}

/// Gives a finished folder its name; fails where there is one with something in it.
pub fn finish(unfinished: &Path, folder: &Path) -> Result<(), Error> {
    fs::rename(unfinished, folder).map_err(|error| match error.kind() {
        io::ErrorKind::DirectoryNotEmpty
        | io::ErrorKind::AlreadyExists
        | io::ErrorKind::NotADirectory => Error::Exists(folder.to_owned()),
        _ => Fault::Unwritable(error).of(folder),
    })?;
    sync_name(folder).map_err(|error| Fault::Unwritable(error).of(folder))
}

/// The one line of a key file that is neither empty nor a comment.
fn key_in(path: &Path) -> Result<Zeroizing<String>, Error> {
    let bytes = read(path, MAX_KEY_FILE)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Fault::NoKey.of(path))?;
    let mut lines = text.lines().map(str::trim);
    let key = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    key.map(|key| Zeroizing::new(key.to_owned()))
        .ok_or_else(|| Fault::NoKey.of(path))
}
