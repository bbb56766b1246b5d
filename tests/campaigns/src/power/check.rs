//! Whether a disk, after a power cut, holds what was promised before it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::id::{PartId, ReportId};
use domain::time::Day;
use server::parts;
use server::store::sqlite::{self, Inbox, Line};

use super::load::{Ledger, Promise, Sent, What};

/// What was found wrong.
pub type Wrong = BTreeSet<&'static str>;

/// Files that a server makes once, and that must be the same for ever.
pub const KEYS: [&str; 2] = ["keys/proof.key", "keys/links.key"];

/// What is on the disk.
struct Disk<'a> {
    data: &'a Path,
    inbox: Inbox,
    lines: BTreeMap<ReportId, Line>,
    whole: BTreeSet<(ReportId, PartId)>,
}

/// Holds a data folder against what was promised until the log was this long.
pub fn check(data: &Path, ledger: &Ledger, keys: &[Vec<u8>], log: u64) -> Wrong {
    let promised = ledger.promises.partition_point(|one| one.since <= log);
    let promises = &ledger.promises[..promised];
    let mut wrong = Wrong::new();
    if promises.is_empty() {
        return wrong;
    }
    if KEYS
        .iter()
        .zip(keys)
        .any(|(name, key)| std::fs::read(data.join(name)).ok().as_ref() != Some(key))
    {
        wrong.insert("a key of the server's lost");
    }
    match Disk::open(data) {
        Ok(disk) => disk.hold(ledger, promises, log, &mut wrong),
        Err(what) => {
            wrong.insert(what);
        }
    }
    wrong
}

impl<'a> Disk<'a> {
    fn open(data: &'a Path) -> Result<Self, &'static str> {
        let inbox = Inbox::open(data).map_err(|_| "the database lost")?;
        sqlite::check(data).map_err(|_| "the database damaged")?;
        let lines = inbox.all().map_err(|_| "the database damaged")?;
        let whole = inbox
            .all_whole_parts()
            .map_err(|_| "the database damaged")?;
        Ok(Self {
            data,
            inbox,
            lines: lines
                .into_iter()
                .map(|line| (line.id.clone(), line))
                .collect(),
            whole: whole.into_iter().collect(),
        })
    }

    fn hold(&self, ledger: &Ledger, promises: &[Promise], log: u64, wrong: &mut Wrong) {
        let notes = promises.iter().filter(|one| one.what == What::Note).count();
        if self.notes() < notes {
            wrong.insert("a note lost");
        }
        for promise in promises {
            wrong.extend(self.keeps(ledger, &promise.what, log).err());
        }
        // Nobody was promised these; still, no report is there in half, and no row names bytes that are not.
        for id in self.lines.keys() {
            match ledger.sent.get(id) {
                Some(sent) => wrong.extend(self.has_text(id, sent).err()),
                None => drop(wrong.insert("a report that nobody sent")),
            }
        }
        for (id, part) in &self.whole {
            if let Some(sent) = ledger.sent.get(id).filter(|sent| !is_going(sent, log)) {
                wrong.extend(self.has_part(id, part, sent).err());
            }
        }
    }

    fn keeps(&self, ledger: &Ledger, what: &What, log: u64) -> Result<(), &'static str> {
        let (What::Report(id)
        | What::Chunk(id, ..)
        | What::Complete(id)
        | What::Message(id, _)
        | What::Withdrawn(id)) = what
        else {
            return Ok(());
        };
        let sent = &ledger.sent[id];
        if let What::Withdrawn(_) = what {
            return match self.lines.contains_key(id) {
                true => Err("a withdrawn report brought back"),
                false => Ok(()),
            };
        }
        if is_going(sent, log) {
            return Ok(());
        }
        match what {
            What::Chunk(_, part, length) => self.has_chunk(id, part, sent, *length),
            What::Complete(_) => self.is_complete(id, sent),
            What::Message(_, message) => {
                let there = self
                    .inbox
                    .messages(id)
                    .map_err(|_| "the database damaged")?;
                let sealed = data_encoding::BASE64.encode(&ledger.messages[message]);
                let found = there
                    .iter()
                    .any(|one| one.id == *message && one.sealed == sealed);
                found.then_some(()).ok_or("a message lost")
            }
            _ => match self.lines.contains_key(id) {
                true => Ok(()),
                false => Err("a report lost"),
            },
        }
    }

    fn has_text(&self, id: &ReportId, sent: &Sent) -> Result<(), &'static str> {
        match self.inbox.sealed(id) {
            Ok(Some(sealed)) if sealed == sent.sealed => Ok(()),
            _ => Err("a report changed"),
        }
    }

    fn is_complete(&self, id: &ReportId, sent: &Sent) -> Result<(), &'static str> {
        let line = self.lines.get(id).ok_or("a report lost")?;
        if !line.stages.complete {
            return Err("a complete report incomplete");
        }
        let all = |(part, _): &(PartId, _)| self.whole.contains(&(id.clone(), part.clone()));
        // That its bytes are there is held for every row.
        sent.parts
            .iter()
            .all(all)
            .then_some(())
            .ok_or("a part forgotten")
    }

    fn has_part(&self, id: &ReportId, part: &PartId, sent: &Sent) -> Result<(), &'static str> {
        let found = parts::find(self.data, id, part).ok().flatten();
        let bytes = found.and_then(|path| std::fs::read(path).ok());
        let (_, known) = sent
            .parts
            .iter()
            .find(|(id, _)| id == part)
            .ok_or("a part that nobody sent")?;
        match bytes {
            None => Err("a part lost"),
            Some(bytes) if bytes == *known => Ok(()),
            Some(_) => Err("a part damaged"),
        }
    }

    /// So many bytes of a part are there, whether it is whole by now or not.
    fn has_chunk(
        &self,
        id: &ReportId,
        part: &PartId,
        sent: &Sent,
        length: usize,
    ) -> Result<(), &'static str> {
        if self.whole.contains(&(id.clone(), part.clone())) {
            return Ok(());
        }
        let folder = self
            .data
            .join(parts::FOLDER)
            .join(crate::serving::CENTRE)
            .join(id.as_str());
        let incoming = std::fs::read(folder.join(format!("{part}.incoming")));
        let bytes = incoming.or_else(|_| std::fs::read(folder.join(part.as_str())));
        let bytes = bytes.map_err(|_| "a chunk lost")?;
        let (_, known) = sent
            .parts
            .iter()
            .find(|(id, _)| id == part)
            .ok_or("a part that nobody sent")?;
        match bytes.get(..length) {
            Some(bytes) if *bytes == known[..length] => Ok(()),
            Some(_) => Err("a chunk damaged"),
            None => Err("a chunk lost"),
        }
    }

    fn notes(&self) -> usize {
        let days = ["2026-01-01", "2026-12-31"].map(|day| day.parse::<Day>().expect("a day"));
        let counted = sqlite::counted_notes(self.data, days[0], days[1]).unwrap_or_default();
        counted.iter().map(|one| one.count as usize).sum()
    }
}

/// Whether its holder had begun to withdraw it: then it may be there or not.
fn is_going(sent: &Sent, log: u64) -> bool {
    sent.withdrawn_from.is_some_and(|from| from <= log)
}
