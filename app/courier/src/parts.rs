//! Sealing what a person adds to a report, piece by piece, into records on the phone.

use domain::id::{PartId, ReportId, Sha256};
use domain::wire::{MAX_PART, Part};
use seal::part::PartSealer;
use seal::report::SealError;

use crate::storage::{self, PART_RECORD, Storage};

/// Why a part was not kept. Nothing of it remains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unkept {
    /// Larger than a part may be.
    TooLarge,
    /// The device or the draft's key is not fit for sealing.
    Unable,
    /// It could not be kept on the phone.
    Storage(storage::Error),
}

impl Unkept {
    /// A short stable name, for messages between workers and pages.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::Unable => "unable",
            Self::Storage(error) => error.code(),
        }
    }
}

impl From<storage::Error> for Unkept {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}

impl From<SealError> for Unkept {
    fn from(_: SealError) -> Self {
        Self::Unable
    }
}

/// A part that is being sealed.
pub struct PartWriter {
    report: ReportId,
    part: PartId,
    sealer: PartSealer,
    waiting: Vec<u8>,
    records: u32,
}

impl PartWriter {
    /// Begins a part of a draft, sealed to the draft's own recipient.
    pub fn begin(report: ReportId, part: PartId, recipient: &str) -> Result<Self, Unkept> {
        Ok(Self {
            sealer: PartSealer::to(recipient)?,
            report,
            part,
            waiting: Vec::new(),
            records: 0,
        })
    }

    /// Takes in the next bytes of the file.
    pub async fn write(&mut self, storage: &impl Storage, plain: &[u8]) -> Result<(), Unkept> {
        let sealed = self.sealer.write(plain)?;
        self.waiting.extend_from_slice(&sealed);
        while self.waiting.len() >= PART_RECORD {
            let rest = self.waiting.split_off(PART_RECORD);
            let record = std::mem::replace(&mut self.waiting, rest);
            keep(storage, (&self.report, &self.part), self.records, &record).await?;
            self.records += 1;
        }
        Ok(())
    }

    /// Ends it; says what its report's label must say of it, and its hash before it was padded.
    pub async fn finish(self, storage: &impl Storage) -> Result<(Part, Sha256), Unkept> {
        let Self {
            mut records,
            sealer,
            mut waiting,
            ..
        } = self;
        let (rest, sealed) = sealer.finish()?;
        waiting.extend_from_slice(&rest);
        let named = (&self.report, &self.part);
        for record in waiting.chunks(PART_RECORD) {
            keep(storage, named, records, record).await?;
            records += 1;
        }
        let length = u32::try_from(sealed.length).map_err(|_| Unkept::TooLarge)?;
        let part = Part {
            id: self.part,
            length,
            sha256: sealed.sha256,
        };
        Ok((part, sealed.plain_sha256))
    }
}

/// Keeps a record, or removes the part: what is there of it is of no use.
async fn keep(
    storage: &impl Storage,
    (report, part): (&ReportId, &PartId),
    at: u32,
    record: &[u8],
) -> Result<(), Unkept> {
    let length = u64::from(at) * PART_RECORD as u64 + record.len() as u64;
    let kept = match length > u64::from(MAX_PART) {
        true => Err(Unkept::TooLarge),
        false => storage
            .keep_part_record(report, part, at, record)
            .await
            .map_err(Unkept::from),
    };
    if kept.is_err() {
        // The sweep takes what cannot be removed now.
        let _ = storage.remove_part(report, part).await;
    }
    kept
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use seal::identity;
    use seal::part::open_part;

    use super::*;
    use crate::memory::Memory;
    use crate::samples::{at_once, report_id};

    fn sealed(storage: &Memory, length: usize) -> Result<(Part, String), Unkept> {
        let key = identity::draw().expect("randomness");
        let id = PartId::from_random([1; 16]);
        let recipient = identity::recipient(&key).expect("an identity");
        let mut writer = PartWriter::begin(report_id(1), id, &recipient)?;
        let bytes: Vec<u8> = (0..length).map(|at| (at / 7) as u8).collect();
        for piece in bytes.chunks(100_000) {
            at_once(writer.write(storage, piece))?;
        }
        let (part, _) = at_once(writer.finish(storage))?;
        Ok((part, key.to_string()))
    }

    #[test]
    fn a_part_lies_in_records_that_open_to_the_byte() {
        let storage = Memory::default();
        let (part, key) = sealed(&storage, 700_000).expect("kept");
        let record = |at| at_once(storage.part_record(&report_id(1), &part.id, at));
        let records = (0..).map_while(|at| record(at).expect("readable"));
        let records: Vec<_> = records.collect();
        assert!(
            records[..2]
                .iter()
                .all(|record| record.len() == PART_RECORD)
        );
        let all = records.concat();
        assert_eq!(all.len(), part.length as usize);
        let opened = open_part(&all, &key, 700_000).expect("it opens");
        assert!(
            opened
                .iter()
                .enumerate()
                .all(|(at, byte)| *byte == (at / 7) as u8)
        );
    }

    #[test]
    fn a_part_that_does_not_fit_leaves_nothing() {
        let storage = Memory::default();
        assert_eq!(sealed(&storage, 27 << 20).map(drop), Err(Unkept::TooLarge));
        let id = PartId::from_random([1; 16]);
        assert_eq!(
            at_once(storage.part_record(&report_id(1), &id, 0)),
            Ok(None)
        );
        storage.fill_up();
        let full = Unkept::Storage(storage::Error::Full);
        assert_eq!(sealed(&storage, 1).map(drop), Err(full));
    }
}
