//! A note as it travels: a few words of JSON that anyone on the way could have guessed.

use serde::{Deserialize, Serialize};

use crate::id::{NoteId, PlaceId};
use crate::note::{Kind, Note};
use crate::time::Day;

/// Version of [`SentNote`]'s shape.
pub const NOTE_VERSION: u32 = 1;
/// Largest body of `PUT /api/notes/{id}` in bytes.
pub const MAX_NOTE: usize = 512;

/// The body of `PUT /api/notes/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SentNote {
    /// [`NOTE_VERSION`] of the sender.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1))]
    pub version: u32,
    /// What happened.
    pub kind: Kind,
    /// At which Safe Place; only help given may be without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
    /// On which day.
    pub day: Day,
}

/// The answer to a note that was taken: its own id, which a stranger on the way would not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Noted {
    /// The note's.
    pub noted: NoteId,
}

/// Why bytes are no note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoNote {
    /// Not JSON of the expected shape.
    Shape,
    /// Of another version.
    Version,
    /// It says something about a place, and does not say which.
    NoPlace,
}

impl Note {
    /// The bytes that travel: the same note gives the same bytes.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&SentNote {
            version: NOTE_VERSION,
            kind: self.kind,
            place: self.place.clone(),
            day: self.day,
        })
    }
}

/// Reads a note.
pub fn open_note(bytes: &[u8]) -> Result<Note, NoNote> {
    let sent: SentNote = serde_json::from_slice(bytes).map_err(|_| NoNote::Shape)?;
    if sent.version != NOTE_VERSION {
        return Err(NoNote::Version);
    }
    if sent.kind.needs_place() && sent.place.is_none() {
        return Err(NoNote::NoPlace);
    }
    Ok(Note {
        kind: sent.kind,
        place: sent.place,
        day: sent.day,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::note::How;

    #[track_caller]
    fn reads(text: &str) -> Note {
        let note = open_note(text.as_bytes()).expect("a note");
        assert_eq!(note.to_bytes().expect("plain data"), text.as_bytes());
        note
    }

    #[test]
    fn the_sent_shape_is_a_decision() {
        let note = reads(
            r#"{"version":1,"kind":{"help-given":{"how":"rang-contact"}},"place":"hawthorns-house","day":"2026-11-22"}"#,
        );
        let how = How::RangContact;
        assert_eq!(note.kind, Kind::HelpGiven { how });
        reads(r#"{"version":1,"kind":{"help-given":{"how":"other"}},"day":"2026-11-22"}"#);
        for kind in ["was-closed", "did-not-know", "helped-me"] {
            reads(&format!(
                r#"{{"version":1,"kind":"{kind}","place":"cape-hall","day":"2026-11-22"}}"#
            ));
        }
    }

    #[track_caller]
    fn refused(text: &str, why: NoNote) {
        assert_eq!(open_note(text.as_bytes()), Err(why), "{text}");
    }

    #[test]
    fn each_fault_is_named() {
        use NoNote::{NoPlace, Shape, Version};
        refused("", Shape);
        refused("[]", Shape);
        refused(
            r#"{"version":2,"kind":"was-closed","place":"aa","day":"2026-11-22"}"#,
            Version,
        );
        refused(
            r#"{"version":1,"kind":"was-closed","day":"2026-11-22"}"#,
            NoPlace,
        );
        refused(
            r#"{"version":1,"kind":"was-closed","place":null,"day":"2026-11-22"}"#,
            NoPlace,
        );
        refused(
            r#"{"version":1,"kind":"was-closed","place":"A B","day":"2026-11-22"}"#,
            Shape,
        );
        refused(
            r#"{"version":1,"kind":"was-closed","place":"aa","day":"2026-11-31"}"#,
            Shape,
        );
        refused(
            r#"{"version":1,"kind":"was-open","place":"aa","day":"2026-11-22"}"#,
            Shape,
        );
        refused(
            r#"{"version":1,"kind":"help-given","day":"2026-11-22"}"#,
            Shape,
        );
        refused(
            r#"{"version":1,"kind":{"help-given":{}},"day":"2026-11-22"}"#,
            Shape,
        );
        refused(
            r#"{"version":1,"kind":{"help-given":{"how":"other","who":"Sam"}},"day":"2026-11-22"}"#,
            Shape,
        );
        refused(
            r#"{"version":1,"kind":"was-closed","place":"aa","day":"2026-11-22","card":"x"}"#,
            Shape,
        );
        refused(r#"{"version":1,"kind":"was-closed","place":"aa"}"#, Shape);
    }

    fn any_note() -> impl Strategy<Value = Note> {
        let how = prop::sample::select(How::ALL.to_vec());
        let kind = prop_oneof![
            how.prop_map(|how| Kind::HelpGiven { how }),
            Just(Kind::WasClosed),
            Just(Kind::DidNotKnow),
            Just(Kind::HelpedMe),
        ];
        (kind, "[a-z0-9-]{2,40}", any::<bool>(), any::<i64>()).prop_map(
            |(kind, place, some, at)| Note {
                kind,
                place: (some || kind.needs_place()).then(|| place.parse().expect("an id")),
                day: crate::time::Timestamp(at).day(),
            },
        )
    }

    proptest! {
        #[test]
        fn what_was_written_reads_back_and_fits(note in any_note()) {
            let bytes = note.to_bytes().expect("plain data");
            prop_assert!(bytes.len() <= MAX_NOTE);
            prop_assert_eq!(open_note(&bytes), Ok(note));
        }

        #[test]
        fn a_cut_note_is_refused(note in any_note(), at in any::<prop::sample::Index>()) {
            let bytes = note.to_bytes().expect("plain data");
            prop_assert!(open_note(&bytes[..at.index(bytes.len())]).is_err());
        }

        #[test]
        fn hostile_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            prop_assert!(open_note(&bytes).is_err());
        }
    }
}
