//! Nameless notes: what happened at which Safe Place on which day, told by nobody in particular. A
//! note names no person, card or report, and leaves the phone at a moment that points to none.

use serde::{Deserialize, Serialize};

use crate::id::{NoteId, PlaceId};
use crate::time::{Day, HOUR, MINUTE, Timestamp};

/// A note leaves at the earliest so long after it was made, in milliseconds.
pub const SOONEST: i64 = 10 * MINUTE;
/// And at the latest, if there is a connection then.
pub const LATEST: i64 = 12 * HOUR;
/// A day further back than this was told by a clock that is wrong.
const OLDEST: i64 = 366;

/// One note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What happened.
    pub kind: Kind,
    /// At which Safe Place; help is also given elsewhere.
    pub place: Option<PlaceId>,
    /// On which day, by the phone's clock; nothing finer is kept.
    pub day: Day,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Kind {
    /// Somebody was shown a card, and helped.
    HelpGiven {
        /// What they did.
        how: How,
    },
    /// The Safe Place was closed when it should have been open.
    WasClosed,
    /// Its people did not know the scheme.
    DidNotKnow,
    /// Its people helped.
    HelpedMe,
}

/// What a helper did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Rang a contact of the card, or the scheme.
    RangContact,
    /// Stayed with them until someone came or they felt better.
    KeptCompany,
    /// Showed the way.
    ShowedTheWay,
    /// Rang 999 or 101.
    RangEmergency,
    /// Something else.
    Other,
}

/// A note that waits on the phone for its moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its own; nothing else on the phone has it.
    pub id: NoteId,
    /// What will be sent.
    pub note: Note,
    /// Not to be sent before this instant.
    pub not_before: Timestamp,
}

/// What came back from sending a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteAnswer {
    /// The server has it on disk, now or from an earlier try.
    Taken,
    /// It will never be taken.
    Refused,
    /// Not now, or nothing came back.
    Later,
}

impl Note {
    /// Whether this says once more what waits already: one phone is one voice on one day, as far as
    /// it knows. Help may have been given twice.
    pub fn repeats(&self, waiting: &[Waiting]) -> bool {
        self.kind.needs_place() && waiting.iter().any(|one| one.note == *self)
    }
}

impl Kind {
    /// Whether it says something about a Safe Place, and is nothing without one.
    pub fn needs_place(self) -> bool {
        match self {
            Self::HelpGiven { .. } => false,
            Self::WasClosed | Self::DidNotKnow | Self::HelpedMe => true,
        }
    }

    /// A short stable name, and that of what a helper did.
    pub fn names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::HelpGiven { how } => ("help-given", Some(how.name())),
            Self::WasClosed => ("was-closed", None),
            Self::DidNotKnow => ("did-not-know", None),
            Self::HelpedMe => ("helped-me", None),
        }
    }
}

impl How {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 5] = [
        Self::RangContact,
        Self::KeptCompany,
        Self::ShowedTheWay,
        Self::RangEmergency,
        Self::Other,
    ];

    /// A short stable name, as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::RangContact => "rang-contact",
            Self::KeptCompany => "kept-company",
            Self::ShowedTheWay => "showed-the-way",
            Self::RangEmergency => "rang-emergency",
            Self::Other => "other",
        }
    }
}

impl Note {
    /// The day to count it under where it arrives: a phone's clock may be wrong by years, and an odd
    /// day would tell phones apart.
    pub fn counted_on(&self, today: Day) -> Day {
        let back = today.since(self.day);
        if (0..=OLDEST).contains(&back) {
            self.day
        } else {
            today
        }
    }
}

impl Waiting {
    /// A note made now. `chance` is drawn by the caller, all values alike; it decides the moment.
    pub fn new(id: NoteId, note: Note, chance: u32, now: Timestamp) -> Self {
        Self {
            id,
            note,
            not_before: moment(chance, now),
        }
    }

    /// Whether its moment has come. A clock that was set back does not hold it up.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.wait(now) == 0
    }

    /// Milliseconds until its moment.
    pub fn wait(&self, now: Timestamp) -> i64 {
        let left = self.not_before.since(now).max(0);
        if left > LATEST { 0 } else { left }
    }

    /// The same note at another moment: its own had something beside it that it could be tied to, or
    /// the server could not take it.
    pub fn put_off(self, chance: u32, now: Timestamp) -> Self {
        Self::new(self.id, self.note, chance, now)
    }
}

/// Between [`SOONEST`] and [`LATEST`] from now, all moments alike.
fn moment(chance: u32, now: Timestamp) -> Timestamp {
    now.plus(SOONEST + ((i64::from(chance) * (LATEST - SOONEST)) >> 32))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn waiting(chance: u32) -> Waiting {
        let note = Note {
            kind: Kind::WasClosed,
            place: "hawthorns-house".parse().ok(),
            day: NOW.day(),
        };
        Waiting::new(NoteId::from_random([1; 16]), note, chance, NOW)
    }

    proptest! {
        #[test]
        fn a_note_waits_between_ten_minutes_and_twelve_hours(chance: u32) {
            let wait = waiting(chance).not_before.since(NOW);
            prop_assert!((SOONEST..=LATEST).contains(&wait));
            prop_assert!(!waiting(chance).is_due(NOW.plus(SOONEST - 1)));
            prop_assert!(waiting(chance).is_due(NOW.plus(LATEST)));
        }
    }

    #[test]
    fn one_phone_says_a_thing_of_a_place_once_a_day() {
        let first = waiting(0);
        assert!(first.note.repeats(std::slice::from_ref(&first)));
        let others = [
            Note {
                kind: Kind::HelpedMe,
                ..first.note.clone()
            },
            Note {
                place: "canal-bakery".parse().ok(),
                ..first.note.clone()
            },
            Note {
                day: first.note.day.plus(1),
                ..first.note.clone()
            },
        ];
        for other in others {
            assert!(!other.repeats(std::slice::from_ref(&first)), "{other:?}");
        }
        let mut helped = first;
        helped.note.kind = Kind::HelpGiven { how: How::Other };
        assert!(!helped.note.repeats(std::slice::from_ref(&helped)));
    }

    #[test]
    fn chance_decides_the_moment_and_reaches_both_ends() {
        assert_eq!(waiting(0).wait(NOW), SOONEST);
        assert_eq!(waiting(1 << 31).wait(NOW), (SOONEST + LATEST) / 2);
        assert!(waiting(u32::MAX).wait(NOW) > LATEST - 100);
        let again = waiting(0).put_off(1 << 31, NOW.plus(SOONEST));
        assert_eq!(again.not_before, waiting(1 << 31).not_before.plus(SOONEST));
        assert_eq!(again.id, waiting(0).id);
    }

    #[test]
    fn a_clock_set_back_does_not_hold_a_note_up() {
        assert!(waiting(0).is_due(NOW.plus(-2 * LATEST)));
        assert!(!waiting(0).is_due(NOW.plus(-HOUR)));
    }

    #[test]
    fn a_day_nobody_can_believe_is_counted_as_today() {
        let counted = |day: &str| {
            let day = day.parse().expect("a day");
            let note = Note {
                day,
                ..waiting(0).note
            };
            let today = "2026-11-22".parse().expect("a day");
            note.counted_on(today).to_string()
        };
        assert_eq!(counted("2026-11-22"), "2026-11-22");
        assert_eq!(counted("2026-11-01"), "2026-11-01");
        assert_eq!(counted("2025-11-21"), "2025-11-21");
        assert_eq!(counted("2025-11-20"), "2026-11-22");
        assert_eq!(counted("2026-11-23"), "2026-11-22");
        assert_eq!(counted("1970-01-01"), "2026-11-22");
    }

    #[test]
    fn names_are_those_that_are_written() {
        for how in How::ALL {
            let written = serde_json::to_value(how).expect("plain data");
            assert_eq!(written, how.name());
        }
        for kind in [Kind::WasClosed, Kind::DidNotKnow, Kind::HelpedMe] {
            let written = serde_json::to_value(kind).expect("plain data");
            assert_eq!(
                (written.as_str(), None),
                (Some(kind.names().0), kind.names().1)
            );
        }
    }

    #[test]
    fn the_kept_shape_of_a_waiting_note_is_a_decision() {
        let kept = serde_json::json!({
            "id": "aeaqcaibaeaqcaibaeaqcaibae",
            "note": { "kind": "was-closed", "place": "hawthorns-house", "day": "2026-09-21" },
            "not_before": 1_790_000_600_000_i64
        });
        let written = serde_json::to_value(waiting(0)).expect("plain data");
        assert_eq!(written, kept);
        let opened: Waiting = serde_json::from_value(kept).expect("the first release wrote this");
        assert_eq!(opened, waiting(0));
    }
}
