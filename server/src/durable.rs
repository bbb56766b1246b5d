//! Files and folders that are made once, and are still there after a power cut: first the bytes are on
//! the disk, then the name, then the folder that has it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Makes a folder within one that is there, as needed; its own name is on the disk when this returns.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // Also where it was there already: whoever made it may have died before this.
    sync_folder(above(folder))
}

/// Writes a file that only its owner may read, whole or not at all.
pub fn write_secret(path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_folder(above(path))?;
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = Path::new(&name);
    // What a power cut may have left; it may be readable by others.
    let _ = fs::remove_file(part);
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(part, path)?;
    sync_folder(above(path))
}

/// The names in a folder are on the disk when this returns.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// The folder that a name stands in.
pub fn above(path: &Path) -> &Path {
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    above.unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_is_written_whole_over_what_a_power_cut_left_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys/own.key");
        make_folder(above(&path)).expect("made");
        fs::write(folder.path().join("keys/own.key.part"), "ha").expect("written");
        write_secret(&path, b"whole").expect("written");
        assert_eq!(fs::read(&path).expect("there"), b"whole");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let left = fs::read_dir(above(&path)).expect("a folder").count();
        assert_eq!(left, 1);
    }
}
