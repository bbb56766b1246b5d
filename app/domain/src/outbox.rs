//! What waits to be sent, and what one answer of the server does to it.

use serde::{Deserialize, Serialize};

use crate::id::{Epoch, ReportId};
use crate::report::Phone;
use crate::time::{DAY, Timestamp};
use crate::wire::{self, Missing, Part, Proof};

/// First wait after a failed try, in milliseconds; doubles with every further one.
const FIRST_WAIT: i64 = 15_000;
/// Longest wait between two tries, in milliseconds: one hour.
const LONGEST_WAIT: i64 = 3_600_000;
/// How long sealed bytes are kept for a server that never says that a backup covers them.
pub const LONGEST_KEPT: i64 = 7 * DAY;
/// So long after a report was sealed, a server that cannot read it is not believed: it may be an older
/// one, for a while.
const NOT_BELIEVED: i64 = 3 * DAY;
/// The tries of a report that the server could not read, whatever their number: it waits its hour.
pub const NOT_READ: u32 = u32::MAX;

/// One sealed report that this phone answers for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The report.
    pub id: ReportId,
    /// Decides what remains on the phone after sending.
    pub phone: Phone,
    /// When it was sealed, by this phone's clock.
    pub sealed_at: Timestamp,
    /// Where it stands.
    pub delivery: Delivery,
    /// What follows the text in chunks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Bytes of its parts that the server has; absent until the server has its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived: Option<u64>,
}

/// How much of a report has reached the server, for showing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of its parts that are there.
    pub done: u64,
    /// Bytes of all its parts.
    pub all: u64,
}

/// Where a sealed report stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// Only on this phone.
    Waiting {
        /// Tries so far.
        tries: u32,
        /// Not to be tried again before this instant.
        not_before: Timestamp,
    },
    /// The server refused it; a person must decide.
    Parked {
        /// Why.
        why: Refusal,
    },
    /// The server has it on disk.
    Stored {
        /// When this phone learnt of it.
        at: Timestamp,
        /// In which life of the server's database.
        epoch: Epoch,
        /// How far a backup must reach to cover it.
        mark: u64,
        /// Whether this phone still holds the sealed bytes.
        bytes: Bytes,
        /// The server's signature that it received the text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<Proof>,
    },
}

/// Whether the sealed bytes are still on the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bytes {
    /// Kept until a backup covers them.
    Held,
    /// Let go; the entry remains as a line in the list.
    LetGo,
}

/// Why a server will not take a report, however often it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The server cannot read it (400, 415 or an unexpected answer of the 400s), and could not for days.
    Malformed,
    /// It is larger than the server takes (413).
    TooLarge,
    /// Another report with this id is there already (422).
    OtherBytes,
    /// The centre it was sealed for is unknown (404).
    UnknownCentre,
    /// The holder of its receipt withdrew it, or its time was over (410).
    Erased,
    /// The text has arrived; bytes of what was to follow are no longer on this phone, or no server takes them.
    PartsGone,
}

/// What came back from one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The server has it on disk.
    Stored {
        /// In this life of its database.
        epoch: Epoch,
        /// A backup that reaches this mark covers it.
        mark: u64,
        /// The server's signature that it received the text.
        proof: Option<Proof>,
    },
    /// The server has the text on disk, and lacks these parts.
    Wants(Vec<Missing>),
    /// The server does not have the text: it is to be sent first.
    Unknown,
    /// It will never be taken as it is.
    Refused(Refusal),
    /// Not now: busy, full, broken; wait at least so many milliseconds.
    Later(i64),
    /// Nothing came back: it may or may not have arrived.
    Silence,
}

/// What came back from one chunk of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartAnswer {
    /// The part goes on here; past its end it is whole.
    At(u32),
    /// The part is there, and is not what its label says: it begins anew.
    Damaged,
    /// The server does not know the report, or not this part: the text goes first.
    Unknown,
    /// It will never be taken.
    Refused(Refusal),
    /// Not now: wait at least so many milliseconds.
    Later(i64),
    /// Nothing came back.
    Silence,
}

/// What an entry becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It stays, in this state.
    Stays(Delivery),
    /// It leaves without a trace: the phone is watched and the report has gone.
    Leaves,
}

/// What the server's word on backups does to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swept {
    /// Nothing changes.
    Stays,
    /// A backup covers it, or it has been kept long enough: the sealed bytes may go.
    LetsGo,
    /// The server was restored from a backup: offer it again.
    OffersAgain,
}

impl Entry {
    /// A freshly sealed report.
    pub fn new(id: ReportId, phone: Phone, now: Timestamp) -> Self {
        Self {
            id,
            phone,
            sealed_at: now,
            delivery: Delivery::Waiting {
                tries: 0,
                not_before: now,
            },
            parts: vec![],
            arrived: None,
        }
    }

    /// The same with parts, whose sealed bytes are on the phone already.
    pub fn with_parts(self, parts: Vec<Part>) -> Self {
        Self { parts, ..self }
    }

    /// How far sending has come; `None` where the text has not arrived, or nothing follows it.
    pub fn progress(&self) -> Option<Progress> {
        let (done, all) = (self.arrived?, wire::length(&self.parts));
        (all > 0).then_some(Progress {
            done: done.min(all),
            all,
        })
    }

    /// Bytes of its parts that the server has, where it lacks these.
    pub fn arrived_but(&self, missing: &[Missing]) -> u64 {
        let there = |part: &Part| {
            let missing = missing.iter().find(|missing| missing.id == part.id);
            u64::from(missing.map_or(part.length, |missing| missing.offset.min(part.length)))
        };
        self.parts.iter().map(there).sum()
    }

    /// Whether it may be tried now. A clock that was set back by more than the longest wait does
    /// not hold a report up.
    pub fn is_due(&self, now: Timestamp) -> bool {
        match self.delivery {
            Delivery::Waiting { not_before, .. } => {
                now >= not_before || not_before.since(now) > LONGEST_WAIT
            }
            Delivery::Parked { .. } | Delivery::Stored { .. } => false,
        }
    }

    /// Whether the person may still delete it here: the server does not have all of it.
    pub fn is_removable(&self) -> bool {
        !matches!(self.delivery, Delivery::Stored { .. })
    }

    /// Whether the server may have some of it: its words are there, or a try got no answer.
    pub fn may_have_arrived(&self) -> bool {
        let unanswered = match self.delivery {
            Delivery::Waiting { tries, .. } => tries > 0,
            Delivery::Parked { why } => why == Refusal::PartsGone,
            Delivery::Stored { .. } => true,
        };
        unanswered || self.arrived.is_some()
    }

    /// What one answer does to this entry.
    pub fn settle(&self, answer: Answer, now: Timestamp) -> Settled {
        let tries = match self.delivery {
            Delivery::Waiting { tries, .. } => tries,
            Delivery::Parked { .. } | Delivery::Stored { .. } => 0,
        };
        match answer {
            Answer::Stored { .. } if self.phone == Phone::Watched => Settled::Leaves,
            Answer::Stored { epoch, mark, proof } => Settled::Stays(Delivery::Stored {
                at: now,
                epoch,
                mark,
                bytes: Bytes::Held,
                proof,
            }),
            // The server is there and takes it: what is left goes on as soon as it may.
            Answer::Wants(_) | Answer::Unknown => Settled::Stays(Delivery::Waiting {
                tries: 0,
                not_before: now,
            }),
            Answer::Refused(Refusal::Malformed) if now.since(self.sealed_at) < NOT_BELIEVED => {
                Settled::Stays(again(NOT_READ, LONGEST_WAIT, now))
            }
            // The words are there: nobody is asked to tell them again.
            Answer::Refused(Refusal::Malformed) if self.arrived.is_some() => {
                Settled::Stays(Delivery::Parked {
                    why: Refusal::PartsGone,
                })
            }
            Answer::Refused(why) => Settled::Stays(Delivery::Parked { why }),
            Answer::Later(wait) => Settled::Stays(again(tries, wait, now)),
            Answer::Silence => Settled::Stays(again(tries, 0, now)),
        }
    }

    /// What the server's word does: its epoch, and the mark its backups reach.
    pub fn sweep(&self, server: &Epoch, backed_up_through: u64, now: Timestamp) -> Swept {
        let Delivery::Stored {
            at,
            epoch,
            mark,
            bytes: Bytes::Held,
            ..
        } = &self.delivery
        else {
            return Swept::Stays;
        };
        if epoch != server {
            Swept::OffersAgain
        } else if *mark <= backed_up_through || now.since(*at) > LONGEST_KEPT {
            Swept::LetsGo
        } else {
            Swept::Stays
        }
    }
}

fn again(tries: u32, at_least: i64, now: Timestamp) -> Delivery {
    let doubled = FIRST_WAIT.saturating_mul(1 << tries.min(10));
    let wait = doubled.min(LONGEST_WAIT).max(at_least.min(LONGEST_WAIT));
    Delivery::Waiting {
        tries: tries.saturating_add(1),
        not_before: now.plus(wait),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{PartId, Sha256};

    const NOW: Timestamp = Timestamp(1_000_000);

    fn epoch(n: u8) -> Epoch {
        Epoch::from_random([n; 16])
    }

    fn entry(phone: Phone) -> Entry {
        Entry::new(ReportId::from_random([7; 16]), phone, NOW)
    }

    fn stored(mark: u64) -> Entry {
        let answer = Answer::Stored {
            epoch: epoch(1),
            mark,
            proof: None,
        };
        let Settled::Stays(delivery) = entry(Phone::Mine).settle(answer, NOW) else {
            panic!("it stays")
        };
        Entry {
            delivery,
            ..entry(Phone::Mine)
        }
    }

    #[test]
    fn a_stored_report_is_held_until_a_backup_covers_it() {
        let entry = stored(9);
        assert_eq!(entry.sweep(&epoch(1), 8, NOW), Swept::Stays);
        assert_eq!(entry.sweep(&epoch(1), 9, NOW), Swept::LetsGo);
        assert_eq!(
            entry.sweep(&epoch(1), 0, NOW.plus(LONGEST_KEPT + 1)),
            Swept::LetsGo
        );
    }

    #[test]
    fn a_restored_server_is_offered_it_again() {
        assert_eq!(stored(9).sweep(&epoch(2), 100, NOW), Swept::OffersAgain);
    }

    #[test]
    fn a_report_from_a_watched_phone_leaves_no_trace() {
        let answer = Answer::Stored {
            epoch: epoch(1),
            mark: 1,
            proof: None,
        };
        assert_eq!(entry(Phone::Watched).settle(answer, NOW), Settled::Leaves);
    }

    #[test]
    fn a_refused_report_is_parked_and_can_be_taken_back() {
        let settled = entry(Phone::Watched).settle(Answer::Refused(Refusal::TooLarge), NOW);
        let Settled::Stays(delivery) = settled else {
            panic!("nothing is deleted in silence")
        };
        let parked = Entry {
            delivery,
            ..entry(Phone::Watched)
        };
        assert!(parked.is_removable() && !parked.is_due(NOW.plus(DAY)));
    }

    #[test]
    fn a_server_that_cannot_read_a_report_is_believed_after_days_and_asked_hourly_before() {
        let refused = Answer::Refused(Refusal::Malformed);
        let settled = entry(Phone::Mine).settle(refused.clone(), NOW);
        let waits = Delivery::Waiting {
            tries: NOT_READ,
            not_before: NOW.plus(LONGEST_WAIT),
        };
        assert_eq!(settled, Settled::Stays(waits.clone()));
        let waiting = Entry {
            delivery: waits,
            ..entry(Phone::Mine)
        };
        let silent = waiting.settle(Answer::Silence, NOW);
        assert_eq!(silent, settled, "an answer that was lost changes nothing");
        let why = Refusal::Malformed;
        let later = waiting.settle(refused.clone(), NOW.plus(NOT_BELIEVED));
        assert_eq!(later, Settled::Stays(Delivery::Parked { why }));
        let words_are_there = Entry {
            arrived: Some(0),
            ..waiting
        };
        let why = Refusal::PartsGone;
        let later = words_are_there.settle(refused, NOW.plus(NOT_BELIEVED));
        assert_eq!(later, Settled::Stays(Delivery::Parked { why }));
    }

    #[test]
    fn silence_waits_longer_each_time_but_never_more_than_an_hour() {
        let mut entry = entry(Phone::Mine);
        let mut waits = Vec::new();
        for _ in 0..12 {
            let Settled::Stays(delivery) = entry.settle(Answer::Silence, NOW) else {
                panic!("it stays")
            };
            let Delivery::Waiting { not_before, .. } = delivery else {
                panic!("it waits")
            };
            waits.push(not_before.since(NOW));
            entry.delivery = delivery;
        }
        assert_eq!(&waits[..3], [15_000, 30_000, 60_000]);
        assert!(waits.is_sorted() && waits.last() == Some(&LONGEST_WAIT));
    }

    #[test]
    fn a_clock_set_back_by_years_does_not_hold_a_report_up() {
        let mut entry = entry(Phone::Mine);
        entry.delivery = Delivery::Waiting {
            tries: 1,
            not_before: NOW.plus(15_000),
        };
        assert!(!entry.is_due(NOW));
        assert!(entry.is_due(Timestamp(-400 * DAY)));
    }

    fn with_parts() -> Entry {
        let part = |n: u8, length| Part {
            id: PartId::from_random([n; 16]),
            length,
            sha256: Sha256([n; 32]),
        };
        entry(Phone::Mine).with_parts(vec![part(1, 100), part(2, 50)])
    }

    #[test]
    fn progress_begins_with_the_text_and_counts_the_bytes_of_parts() {
        let mut entry = with_parts();
        assert_eq!(entry.progress(), None);
        let missing = [Missing {
            id: PartId::from_random([2; 16]),
            offset: 20,
        }];
        entry.arrived = Some(entry.arrived_but(&missing));
        let progress = Progress {
            done: 120,
            all: 150,
        };
        assert_eq!(entry.progress(), Some(progress));
        assert_eq!(entry.arrived_but(&[]), 150);
        let without = self::entry(Phone::Mine);
        assert_eq!((without.progress(), without.arrived_but(&[])), (None, 0));
    }

    #[test]
    fn a_text_without_its_parts_is_not_yet_stored() {
        let wants = Answer::Wants(vec![]);
        let settled = Entry {
            phone: Phone::Watched,
            ..with_parts()
        };
        let settled = settled.settle(wants, NOW);
        let Settled::Stays(Delivery::Waiting { tries, not_before }) = settled else {
            panic!("it waits")
        };
        assert_eq!((tries, not_before), (0, NOW));
    }

    /// As the release before parts wrote them.
    #[test]
    fn entries_of_older_releases_are_read() {
        let stored = r#"{"id":"a4dqobyha4dqobyha4dqobyha4","phone":"mine","sealed_at":1000000,"delivery":{"stored":{"at":1000000,"epoch":"aeaqcaibaeaqcaibaeaqcaibae","mark":9,"bytes":"held"}}}"#;
        let waiting = r#"{"id":"a4dqobyha4dqobyha4dqobyha4","phone":"watched","sealed_at":1000000,"delivery":{"waiting":{"tries":0,"not_before":1000000}}}"#;
        let read = |json: &str| serde_json::from_str::<Entry>(json).expect("an entry");
        assert_eq!(read(stored), self::stored(9));
        assert_eq!(read(waiting), entry(Phone::Watched));
    }

    /// As the first releases with parts, and with proofs, wrote them.
    #[test]
    fn entries_with_parts_are_read_and_written_without_loss() {
        let kept = include_str!("../tests/data/entries-with-parts.json");
        let [waiting, parked, stored]: [Entry; 3] = serde_json::from_str(kept).expect("entries");
        let progress = Progress {
            done: 262_144,
            all: 370_000,
        };
        assert_eq!(waiting.progress(), Some(progress));
        assert!(matches!(
            waiting.delivery,
            Delivery::Waiting { tries: 2, .. }
        ));
        let why = Refusal::PartsGone;
        assert_eq!(parked.delivery, Delivery::Parked { why });
        assert!(matches!(
            &stored.delivery,
            Delivery::Stored { bytes: Bytes::LetGo, proof: Some(proof), .. } if proof.sealed.is_none()
        ));
        let again = serde_json::to_string(&[waiting, parked, stored]).expect("plain data");
        assert_eq!(again, kept.replace('\n', ""));
    }

    /// A newer release of the same version of the storage may add fields, and no states.
    #[test]
    fn an_unknown_field_of_an_entry_does_no_harm_and_an_unknown_state_is_not_guessed() {
        let waiting = serde_json::to_string(&entry(Phone::Mine)).expect("plain data");
        let more = waiting.replacen('{', r#"{"mood":7,"#, 1);
        let read = serde_json::from_str(&more).ok();
        assert_eq!(read, Some(entry(Phone::Mine)));
        let other = waiting.replace(r#""waiting""#, r#""flying""#);
        assert!(serde_json::from_str::<Entry>(&other).is_err());
    }

    #[test]
    fn an_entry_keeps_its_stored_shape() {
        let json = serde_json::to_string(&stored(9)).expect("plain data");
        assert_eq!(
            json,
            r#"{"id":"a4dqobyha4dqobyha4dqobyha4","phone":"mine","sealed_at":1000000,"delivery":{"stored":{"at":1000000,"epoch":"aeaqcaibaeaqcaibaeaqcaibae","mark":9,"bytes":"held"}}}"#
        );
    }
}
