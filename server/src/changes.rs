//! What must outlive a restored backup: erasures and keysets, written to a file beside the database
//! before they take effect, and applied at every start.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use domain::id::ReportId;

use crate::durable;

/// The file's name in the data folder, where the settings name no other place.
pub const FILE: &str = "changes.log";

/// The file of changes. It is only ever added to.
#[derive(Debug, Clone)]
pub struct Changes(PathBuf);

/// Everything that the file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Reports that were erased.
    pub erased: Vec<ReportId>,
    /// The newest keyset that was served.
    pub keyset: u32,
}

impl Changes {
    /// At this path; the file is made at the first change.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// A report is about to be erased. On the disk when this returns.
    pub fn erasing(&self, report: &ReportId) -> io::Result<()> {
        self.add(&format!("erased {report}"))
    }

    /// A newer keyset is about to be served.
    pub fn serving(&self, keyset: u32) -> io::Result<()> {
        if self.read()?.keyset >= keyset {
            return Ok(());
        }
        self.add(&format!("keyset {keyset}"))
    }

    /// What the file says. A line that was cut by a power failure took no effect either.
    pub fn read(&self) -> io::Result<Said> {
        let text = match fs::read_to_string(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Said::default()),
            text => text?,
        };
        let mut said = Said::default();
        for line in text.lines() {
            match line.split_once(' ') {
                Some(("erased", id)) => said.erased.extend(id.parse::<ReportId>().ok()),
                Some(("keyset", version)) => {
                    said.keyset = said.keyset.max(version.parse().unwrap_or(0));
                }
                _ => {}
            }
        }
        Ok(said)
    }

    fn add(&self, line: &str) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.0)?;
        // A newline in front ends a line that was cut; two of them are harmless.
        file.write_all(format!("\n{line}\n").as_bytes())?;
        file.sync_all()?;
        // Each time: whoever made the file may have died before its name was on the disk.
        durable::sync_folder(durable::above(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_a_cut_line_spoils_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        let changes = Changes::at(path.clone());
        assert_eq!(changes.read().expect("readable"), Said::default());
        let [one, two] = [1, 2].map(|n| ReportId::from_random([n; 16]));
        changes.erasing(&one).expect("written");
        changes.serving(3).expect("written");
        changes.serving(2).expect("written");
        let mut file = OpenOptions::new().append(true).open(path).expect("there");
        file.write_all(b"erased aeaqca").expect("written");
        changes.erasing(&two).expect("written");
        let said = changes.read().expect("readable");
        assert_eq!((said.erased, said.keyset), (vec![one, two], 3));
    }
}
