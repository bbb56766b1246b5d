//! A sealed report as it travels: a line of JSON, a newline, and the age file as it is.

use serde::{Deserialize, Serialize};

use super::part::{Part, may_travel};
use crate::id::{MailboxId, Sha256};

/// Version of [`Label`]'s shape. Every older one is taken for ever.
pub const ENVELOPE_VERSION: u32 = 2;
/// What the body of `PUT /api/reports/{id}` is called.
pub const REPORT_TYPE: &str = "application/vnd.safe-place.report";
/// Longest label in bytes, its newline not counted.
pub const MAX_LABEL: usize = 4096;
/// Largest age file in bytes. The largest size class (60 KiB) with age's header and tags fits.
pub const MAX_SEALED: usize = 64 * 1024;
/// Largest body of `PUT /api/reports/{id}` in bytes.
pub const MAX_ENVELOPE: usize = MAX_LABEL + 1 + MAX_SEALED;

/// How every age file begins.
const AGE: &[u8] = b"age-encryption.org/v1\n";

/// A sealed report on its way. What is retried is byte for byte the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What the server must know.
    pub label: Label,
    /// The age file.
    pub sealed: Vec<u8>,
}

/// What the server must know to keep a sealed report: the first line of an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// [`ENVELOPE_VERSION`] of the sender.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2))]
    pub version: u32,
    /// The reporting centre it is sealed for.
    pub centre: String,
    /// Version of the keyset it is sealed to.
    pub keyset: u32,
    /// Where answers will lie.
    pub mailbox: Mailbox,
    /// Bytes of the age file that follows: one that was cut on its way is known by it.
    #[cfg_attr(feature = "openapi", schema(minimum = 22, maximum = 65536))]
    pub length: u32,
    /// The age recipient that answers are sealed to, derived from the receipt. Since version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(pattern = "^age1[a-z0-9]{58}$"))]
    pub reply: Option<String>,
    /// What follows in chunks: pictures, recordings, documents. Since version 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub parts: Vec<Part>,
}

impl Label {
    /// Whether it says what its version says, and no more.
    fn fits_its_version(&self) -> bool {
        match self.version {
            1 => self.reply.is_none() && self.parts.is_empty(),
            _ => self.reply.as_deref().is_some_and(is_recipient) && may_travel(&self.parts),
        }
    }
}

/// Whether a text has the shape of an age recipient. Whether it is one shows when something is sealed to it.
fn is_recipient(text: &str) -> bool {
    let letters = text.strip_prefix("age1").unwrap_or_default();
    letters.len() == 58
        && letters
            .bytes()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
}

/// A place for answers, and how its owner will be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// Derived from the receipt.
    pub id: MailboxId,
    /// SHA-256 of the token derived from the receipt; the server never sees the token before it is used.
    pub token_hash: Sha256,
}

/// Why bytes are no envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoEnvelope {
    /// No newline where the longest label would end, or before.
    NoLine,
    /// The first line is not the JSON of a label.
    NoLabel,
    /// A label of another version.
    Version,
    /// More than [`MAX_SEALED`] bytes after the label.
    TooLarge,
    /// What follows the label is not an age file.
    NotSealed,
    /// What follows the label is shorter or longer than it says.
    Length,
}

impl Envelope {
    /// The bytes that travel.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(&self.label)?;
        bytes.reserve_exact(1 + self.sealed.len());
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.sealed);
        Ok(bytes)
    }
}

/// Reads an envelope: its label, and where in these bytes the age file begins.
pub fn open_envelope(bytes: &[u8]) -> Result<(Label, usize), NoEnvelope> {
    let mut start = bytes.iter().take(MAX_LABEL + 1);
    let end = start.position(|byte| *byte == b'\n');
    let end = end.ok_or(NoEnvelope::NoLine)?;
    let label: Label = serde_json::from_slice(&bytes[..end]).map_err(|_| NoEnvelope::NoLabel)?;
    if !(1..=ENVELOPE_VERSION).contains(&label.version) {
        return Err(NoEnvelope::Version);
    }
    if !label.fits_its_version() {
        return Err(NoEnvelope::NoLabel);
    }
    let sealed = &bytes[end + 1..];
    if sealed.len() > MAX_SEALED {
        return Err(NoEnvelope::TooLarge);
    }
    if !sealed.starts_with(AGE) {
        return Err(NoEnvelope::NotSealed);
    }
    if sealed.len() != label.length as usize {
        return Err(NoEnvelope::Length);
    }
    Ok((label, end + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::part::{MAX_PART, MAX_PARTS, MAX_PARTS_BYTES};
    use super::*;
    use crate::id::PartId;

    fn label() -> Label {
        Label {
            version: 1,
            centre: "hawthorns".into(),
            keyset: 3,
            mailbox: Mailbox {
                id: MailboxId::from_random([1; 16]),
                token_hash: Sha256([2; 32]),
            },
            length: AGE.len() as u32,
            reply: None,
            parts: vec![],
        }
    }

    fn part(n: u8, length: u32) -> Part {
        Part {
            id: PartId::from_random([n; 16]),
            length,
            sha256: Sha256([n; 32]),
        }
    }

    fn with_parts(parts: Vec<Part>) -> Envelope {
        let label = Label {
            version: 2,
            reply: Some(format!("age1{}", "q".repeat(58))),
            parts,
            ..label()
        };
        Envelope {
            label,
            sealed: AGE.to_vec(),
        }
    }

    fn opens(envelope: &Envelope) -> bool {
        open_envelope(&envelope.to_bytes().expect("plain data")).is_ok()
    }

    fn envelope(rest: &[u8]) -> Envelope {
        let sealed = [AGE, rest].concat();
        let label = Label {
            length: sealed.len() as u32,
            ..label()
        };
        Envelope { label, sealed }
    }

    fn bytes(rest: &[u8]) -> Vec<u8> {
        envelope(rest).to_bytes().expect("plain data")
    }

    #[track_caller]
    fn refused(bytes: &[u8], why: NoEnvelope) {
        assert_eq!(open_envelope(bytes), Err(why));
    }

    #[test]
    fn an_envelope_is_a_line_and_the_age_file_as_it_is() {
        let line = r#"{"version":1,"centre":"hawthorns","keyset":3,"mailbox":{"id":"aeaqcaibaeaqcaibaeaqcaibae","token_hash":"#;
        let line = format!("{line}\"{}\"}},\"length\":25}}", "02".repeat(32));
        let expected = [line.as_bytes(), b"\nage-encryption.org/v1\nx\n\xFF"].concat();
        assert_eq!(bytes(b"x\n\xFF"), expected);
    }

    #[test]
    fn each_fault_is_named() {
        let whole = bytes(b"x");
        let at = whole.iter().position(|b| *b == b'\n').expect("a newline");
        refused(b"", NoEnvelope::NoLine);
        refused(&whole[..at], NoEnvelope::NoLine);
        refused(&[b' '; 5000], NoEnvelope::NoLine);
        refused(&[&b"[]"[..], &whole[at..]].concat(), NoEnvelope::NoLabel);
        refused(&whole[at..], NoEnvelope::NoLabel);
        refused(&whole[..=at], NoEnvelope::NotSealed);
        refused(&[&whole[..=at], b"age"].concat(), NoEnvelope::NotSealed);
        let mut newer = envelope(b"x");
        newer.label.version = 3;
        refused(&newer.to_bytes().expect("plain data"), NoEnvelope::Version);
        refused(&whole[..whole.len() - 1], NoEnvelope::Length);
        refused(&[&whole[..], b"x"].concat(), NoEnvelope::Length);
    }

    /// As phones of the first release sent it.
    #[test]
    fn a_label_of_version_1_is_read_for_ever() {
        let sent = include_bytes!("../../tests/data/envelope-v1.bin");
        let (label, at) = open_envelope(sent).expect("an envelope");
        assert_eq!((label.version, label.length), (1, 25));
        assert_eq!((label.reply, label.parts), (None, vec![]));
        assert_eq!(&sent[at..], b"age-encryption.org/v1\nx\n\xFF");
    }

    /// As the first release with parts sent it.
    #[test]
    fn a_label_of_version_2_is_read_for_ever() {
        let sent = include_bytes!("../../tests/data/envelope-v2.bin");
        let (label, at) = open_envelope(sent).expect("an envelope");
        let parts = vec![part(1, 300_000), part(2, 70_000)];
        let expected = Label {
            length: 25,
            ..with_parts(parts).label
        };
        assert_eq!(label, expected);
        let sealed = sent[at..].to_vec();
        let again = Envelope { label, sealed }.to_bytes();
        assert_eq!(again.expect("plain data"), sent);
    }

    #[test]
    fn the_fullest_label_fits() {
        let most = MAX_PARTS_BYTES / MAX_PARTS as u64;
        let parts = (0..MAX_PARTS as u8).map(|n| part(n, most as u32)).collect();
        let mut fullest = with_parts(parts);
        fullest.label.centre = "x".repeat(40);
        fullest.label.keyset = u32::MAX;
        assert!(opens(&fullest));
    }

    #[test]
    fn parts_are_few_distinct_and_of_a_bounded_size() {
        let opens = |parts: Vec<Part>| opens(&with_parts(parts));
        assert!(opens(vec![]));
        assert!(opens(vec![part(1, 1), part(2, MAX_PART)]));
        assert!(!opens(vec![part(1, 0)]));
        assert!(!opens(vec![part(1, MAX_PART + 1)]));
        assert!(!opens(vec![part(1, 5), part(1, 5)]));
        assert!(!opens((0..5).map(|n| part(n, MAX_PART)).collect()));
        assert!(!opens((0..=MAX_PARTS as u8).map(|n| part(n, 1)).collect()));
    }

    #[test]
    fn a_label_says_no_more_and_no_less_than_its_version() {
        let mut older = with_parts(vec![part(1, 1)]);
        older.label.version = 1;
        assert!(!opens(&older));
        let mut silent = with_parts(vec![]);
        silent.label.reply = None;
        assert!(!opens(&silent));
        for reply in ["age1", "", &format!("age1{}", "Q".repeat(58))] {
            silent.label.reply = Some(reply.into());
            assert!(!opens(&silent), "{reply}");
        }
    }

    #[test]
    fn the_limits_are_met_to_the_byte() {
        let fits = bytes(&vec![0; MAX_SEALED - AGE.len()]);
        assert!(open_envelope(&fits).is_ok());
        let over = bytes(&vec![0; MAX_SEALED - AGE.len() + 1]);
        refused(&over, NoEnvelope::TooLarge);
        let padded = |length: usize| {
            let mut line = serde_json::to_vec(&label()).expect("plain data");
            line.resize(length, b' ');
            [&line, &b"\n"[..], AGE].concat()
        };
        assert!(open_envelope(&padded(MAX_LABEL)).is_ok());
        refused(&padded(MAX_LABEL + 1), NoEnvelope::NoLine);
    }

    fn any_label() -> impl Strategy<Value = Label> {
        let bits = (any::<[u8; 16]>(), any::<[u8; 32]>());
        let centre = proptest::collection::vec(any::<char>(), 0..40);
        (centre, any::<u32>(), bits).prop_map(|(centre, keyset, (id, hash))| Label {
            centre: centre.into_iter().collect(),
            keyset,
            mailbox: Mailbox {
                id: MailboxId::from_random(id),
                token_hash: Sha256(hash),
            },
            ..label()
        })
    }

    proptest! {
        #[test]
        fn what_was_written_reads_back(label in any_label(), rest in proptest::collection::vec(any::<u8>(), 0..300)) {
            let sealed = [AGE, &rest].concat();
            let label = Label { length: sealed.len() as u32, ..label };
            let written = Envelope { label, sealed };
            let bytes = written.to_bytes().expect("plain data");
            let (label, at) = open_envelope(&bytes).expect("an envelope");
            prop_assert_eq!(label, written.label);
            prop_assert_eq!(&bytes[at..], &written.sealed);
        }

        #[test]
        fn hostile_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
            prop_assert!(open_envelope(&bytes).is_err());
        }

        #[test]
        fn a_changed_byte_never_moves_or_alters_the_age_file(at in 0_usize..200, change in 1_u8..) {
            let mut changed = bytes(b"sealed");
            let at = at % changed.len();
            let begins = open_envelope(&changed).expect("an envelope").1;
            changed[at] ^= change;
            if let Ok((_, now)) = open_envelope(&changed) {
                prop_assert_eq!(now, begins);
                prop_assert!(changed[now..].starts_with(AGE));
            }
        }

        #[test]
        fn a_cut_envelope_is_refused(at in any::<prop::sample::Index>(), rest in proptest::collection::vec(any::<u8>(), 0..300)) {
            let whole = bytes(&rest);
            prop_assert!(open_envelope(&whole[..at.index(whole.len())]).is_err());
        }
    }
}
