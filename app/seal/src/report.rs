//! Sealing a report to its centre and to recovery, as a standard age file, and opening it again.

use std::fmt;
use std::io::{Read, Write};
use std::iter;

use domain::id::ReportId;
use domain::report::{BODY_VERSION, Body};
use domain::wire::{ENVELOPE_VERSION, Envelope, Label, Part};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::identity;
use crate::keyset::Keyset;
use crate::part::Sealed;
use crate::randomness;
use crate::receipt::MailboxKeys;

/// What a report's JSON is padded to, in bytes, so that its length says little.
pub const SIZE_CLASSES: [usize; 5] = [4 * 1024, 8 * 1024, 16 * 1024, 32 * 1024, 60 * 1024];
/// Most that age adds to a size class, in bytes: header, a recipient line of random length, tags.
pub const MAX_OVERHEAD: usize = 1024;

/// The line every age file begins with.
const AGE: &[u8] = b"age-encryption.org/v1\n";

/// Why a report was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealError {
    /// The keyset has no key of this centre; another has to be chosen.
    UnknownCentre,
    /// Longer than the largest size class; the account has to be shortened.
    TooLarge,
    /// The keyset names something that is not a key.
    BadRecipient,
    /// The device gives no random numbers.
    NoRandomness,
    /// age failed in a way that it should not.
    Failed,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownCentre => "the keyset has no key of this centre",
            Self::TooLarge => "the report is too long",
            Self::BadRecipient => "the keyset names something that is not a key",
            Self::NoRandomness => "this device gives no random numbers",
            Self::Failed => "the report could not be sealed",
        })
    }
}

impl std::error::Error for SealError {}

/// Seals a report with what its receipt leads to, and names the parts that follow it. Every call
/// gives other bytes: what was made once is what is retried.
pub fn seal(
    body: &Body,
    keyset: &Keyset,
    centre: &str,
    keys: &MailboxKeys,
    parts: Vec<Part>,
) -> Result<Envelope, SealError> {
    let json = serde_json::to_string(body).map_err(|_| SealError::Failed)?;
    seal_text(&Zeroizing::new(json), keyset, centre, keys, parts)
}

/// The same of a body that was written as JSON already.
pub fn seal_text(
    body: &str,
    keyset: &Keyset,
    centre: &str,
    keys: &MailboxKeys,
    parts: Vec<Part>,
) -> Result<Envelope, SealError> {
    let key = keyset.centre(centre).ok_or(SealError::UnknownCentre)?;
    let padded = padded(body)?;
    let reply = identity::recipient(&keys.reply).map_err(|_| SealError::Failed)?;
    let sealed = encrypt(&padded, &[&key.recipient, &keyset.recovery])?;
    let label = Label {
        version: ENVELOPE_VERSION,
        centre: centre.to_owned(),
        keyset: keyset.version,
        mailbox: keys.mailbox(),
        length: sealed.len() as u32,
        reply: Some(reply),
        parts,
    };
    Ok(Envelope { label, sealed })
}

/// Why a sealed report stays closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// These bytes are not an age file.
    NotSealed,
    /// The key given is not an identity.
    BadIdentity,
    /// Sealed to other keys than this one.
    OtherKey,
    /// Cut short or changed on the way.
    Damaged,
    /// Opened, but what is inside is not a report.
    NotAReport,
    /// Written by a newer version of this software: this is its body's version.
    TooNew(u32),
    /// The report inside has another id than the envelope it came in.
    OtherReport,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSealed => f.write_str("this is not an age file"),
            Self::BadIdentity => identity::NotAnIdentity.fmt(f),
            Self::OtherKey => f.write_str("this key does not open it; it is sealed to others"),
            Self::Damaged => f.write_str("the file was cut short or changed"),
            Self::NotAReport => f.write_str("what is inside is not a report"),
            Self::TooNew(version) => write!(
                f,
                "the report has version {version}, this program reads up to {BODY_VERSION}; a newer one is needed"
            ),
            Self::OtherReport => f.write_str("the report inside has another id than its envelope"),
        }
    }
}

impl std::error::Error for OpenError {}

/// Opens a sealed report with an age identity.
pub fn open(sealed: &[u8], identity: &str) -> Result<Body, OpenError> {
    let padded = decrypt(sealed, identity)?;
    let version = serde_json::from_slice::<Versioned>(&padded)
        .map_err(|_| OpenError::NotAReport)?
        .version;
    if version > BODY_VERSION {
        return Err(OpenError::TooNew(version));
    }
    serde_json::from_slice(&padded).map_err(|_| OpenError::NotAReport)
}

/// Opens the sealed report of this id; a swapped envelope is noticed.
pub fn open_for(id: &ReportId, sealed: &[u8], identity: &str) -> Result<Body, OpenError> {
    let body = open(sealed, identity)?;
    if &body.id == id {
        Ok(body)
    } else {
        Err(OpenError::OtherReport)
    }
}

/// All that every version of a body has in common.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// The body's JSON and as many spaces as its size class asks for.
fn padded(body: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let class = SIZE_CLASSES.into_iter().find(|&class| body.len() <= class);
    let class = class.ok_or(SealError::TooLarge)?;
    // As large as it will be at once: growing would leave a copy behind.
    let mut padded = Zeroizing::new(vec![b' '; class]);
    padded[..body.len()].copy_from_slice(body.as_bytes());
    Ok(padded)
}

pub(crate) fn encrypt(plain: &[u8], recipients: &[&str]) -> Result<Vec<u8>, SealError> {
    // age would panic where there are no random numbers; asking first makes it an answer.
    randomness::draw::<1>().map_err(|_| SealError::NoRandomness)?;
    let recipients = recipients
        .iter()
        .map(|text| text.parse::<age::x25519::Recipient>());
    let recipients: Vec<_> = recipients
        .collect::<Result<_, _>>()
        .map_err(|_| SealError::BadRecipient)?;
    let each = recipients
        .iter()
        .map(|recipient| recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(each).map_err(|_| SealError::Failed)?;
    written(encryptor, plain).ok_or(SealError::Failed)
}

/// What an encryptor makes of these bytes.
pub(crate) fn written(encryptor: age::Encryptor, plain: &[u8]) -> Option<Vec<u8>> {
    let sealed = Sealed::default();
    let mut writer = encryptor.wrap_output(sealed.clone()).ok()?;
    writer.write_all(plain).ok()?;
    writer.finish().ok()?;
    Some(sealed.take())
}

pub(crate) fn decrypt(sealed: &[u8], identity: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let identity = identity::parse(identity).map_err(|_| OpenError::BadIdentity)?;
    if !sealed.starts_with(AGE) {
        return Err(OpenError::NotSealed);
    }
    let decryptor = age::Decryptor::new(sealed).map_err(|_| OpenError::Damaged)?;
    let mut reader = decryptor
        .decrypt(iter::once(&identity as &dyn age::Identity))
        .map_err(|error| match error {
            age::DecryptError::NoMatchingKeys => OpenError::OtherKey,
            _ => OpenError::Damaged,
        })?;
    // Room for everything at once: growing would leave copies behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader
        .read_to_end(&mut plain)
        .map_err(|_| OpenError::Damaged)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::form::{Answer, Without};
    use domain::id::{MailboxId, Sha256};
    use domain::time::Timestamp;
    use domain::wire::MAX_SEALED;
    use proptest::prelude::*;

    use super::*;
    use crate::keyset::CentreKey;

    fn key(byte: u8) -> String {
        identity::from_bytes(&[byte; 32])
    }

    fn centre_key(id: &str, byte: u8) -> CentreKey {
        CentreKey {
            id: id.into(),
            recipient: identity::recipient(&key(byte)).expect("an identity"),
        }
    }

    fn keyset() -> Keyset {
        Keyset {
            version: 3,
            centres: vec![centre_key("hawthorns", 1), centre_key("elsewhere", 2)],
            recovery: centre_key("", 3).recipient,
        }
    }

    fn keys() -> MailboxKeys {
        MailboxKeys {
            id: MailboxId::from_random([5; 16]),
            token: [4; 32],
            token_hash: Sha256([6; 32]),
            reply: key(7),
        }
    }

    fn body(account: &str) -> Body {
        let account = Answer {
            text: account.into(),
            ..Answer::default()
        };
        Body {
            version: BODY_VERSION,
            enclosed: None,
            follows: None,
            id: ReportId::from_random([1; 16]),
            form: 1,
            language: "en".into(),
            answers: BTreeMap::from([("account".into(), account)]),
            written: Timestamp(5),
        }
    }

    fn sealed(body: &Body) -> Vec<u8> {
        let envelope = seal(body, &keyset(), "hawthorns", &keys(), vec![]).expect("sealed");
        envelope.sealed
    }

    fn sealed_text(plain: &[u8]) -> Vec<u8> {
        encrypt(plain, &[&keyset().recovery]).expect("sealed")
    }

    /// The size class these sealed bytes fall into.
    fn class(sealed: &[u8]) -> Option<usize> {
        let holds = |class: usize| (class..=class + MAX_OVERHEAD).contains(&sealed.len());
        SIZE_CLASSES.into_iter().find(|&class| holds(class))
    }

    #[track_caller]
    fn stays_closed(sealed: &[u8], why: OpenError) {
        assert_eq!(open(sealed, &key(3)), Err(why));
    }

    prop_compose! {
        fn any_answer()(
            choice in proptest::option::of("[a-z-]{1,12}"),
            choices in proptest::collection::vec("[a-z-]{1,12}", 0..3),
            text in proptest::collection::vec(any::<char>(), 0..800),
            day in "([0-9]{4}-[0-9]{2}-[0-9]{2})?",
            without in prop_oneof![Just(None), Just(Some(Without::Unknown)), Just(Some(Without::Declined))],
        ) -> Answer {
            Answer { choice, choices, text: text.into_iter().collect(), day, without, ..Answer::default() }
        }
    }

    prop_compose! {
        fn any_body()(
            id in any::<[u8; 16]>(),
            written in any::<i64>(),
            answers in proptest::collection::btree_map("[a-z]{1,9}", any_answer(), 0..6),
        ) -> Body {
            let answers = answers.into_iter().map(|(id, answer)| (id.as_str().into(), answer)).collect();
            Body { id: ReportId::from_random(id), written: Timestamp(written), answers, ..body("") }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_sealed_report_opens_for_its_centre_and_recovery_and_nobody_else(body in any_body()) {
            let sealed = sealed(&body);
            prop_assert_eq!(open_for(&body.id, &sealed, &key(1)), Ok(body.clone()));
            prop_assert_eq!(open_for(&body.id, &sealed, &key(3)), Ok(body));
            prop_assert_eq!(open(&sealed, &key(2)), Err(OpenError::OtherKey));
            prop_assert!(class(&sealed).is_some());
            prop_assert!(sealed.len() <= MAX_SEALED);
        }

        #[test]
        fn what_is_not_a_report_is_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let headed = [AGE, &bytes].concat();
            prop_assert!(open(&bytes, &key(1)).is_err());
            prop_assert!(open(&headed, &key(1)).is_err());
        }
    }

    #[test]
    fn the_envelope_says_no_more_than_it_must() {
        let envelope = seal(&body("x"), &keyset(), "elsewhere", &keys(), vec![]).expect("sealed");
        let label = Label {
            version: ENVELOPE_VERSION,
            centre: "elsewhere".into(),
            keyset: 3,
            mailbox: keys().mailbox(),
            length: envelope.sealed.len() as u32,
            reply: identity::recipient(&key(7)).ok(),
            parts: vec![],
        };
        assert_eq!(envelope.label, label);
    }

    #[test]
    fn the_length_tells_a_size_class_and_no_more() {
        let empty = serde_json::to_vec(&body("")).expect("plain data").len() + r#""text":"""#.len();
        for expected in SIZE_CLASSES {
            let full = body(&"x".repeat(expected - empty));
            assert_eq!(class(&sealed(&full)), Some(expected));
        }
        assert_eq!(class(&sealed(&body(""))), Some(4096));
        assert_eq!(class(&sealed(&body("a little longer"))), Some(4096));
        let over = body(&"x".repeat(SIZE_CLASSES[0] - empty + 1));
        assert_eq!(class(&sealed(&over)), Some(SIZE_CLASSES[1]));
    }

    #[test]
    fn the_longest_report_the_form_allows_fits_in_the_widest_script() {
        let mut longest = body(&"\u{1F3E0}".repeat(domain::form::MAX_ACCOUNT));
        for other in ["role", "when", "where", "share"] {
            let text = "\u{1F3E0}".repeat(domain::form::MAX_TEXT);
            longest.answers.insert(
                other.into(),
                Answer {
                    text,
                    ..Answer::default()
                },
            );
        }
        assert_eq!(class(&sealed(&longest)), Some(SIZE_CLASSES[4]));
    }

    #[test]
    fn what_cannot_be_sealed_is_told_apart() {
        let refused = |body: &Body, keyset: &Keyset, centre: &str, why: SealError| {
            assert_eq!(seal(body, keyset, centre, &keys(), vec![]), Err(why));
        };
        refused(&body(""), &keyset(), "nowhere", SealError::UnknownCentre);
        let long = body(&"x".repeat(SIZE_CLASSES[4]));
        refused(&long, &keyset(), "hawthorns", SealError::TooLarge);
        let mut broken = keyset();
        broken.recovery = "age1broken".into();
        refused(&body(""), &broken, "hawthorns", SealError::BadRecipient);
    }

    #[test]
    fn what_stays_closed_says_why() {
        let sealed = sealed(&body("x"));
        stays_closed(b"", OpenError::NotSealed);
        stays_closed(b"%PDF-1.7", OpenError::NotSealed);
        stays_closed(&sealed[..sealed.len() - 1], OpenError::Damaged);
        stays_closed(&sealed[..40], OpenError::Damaged);
        let mut changed = sealed.clone();
        changed[sealed.len() - 20] ^= 1;
        stays_closed(&changed, OpenError::Damaged);
        stays_closed(&sealed_text(b"hello"), OpenError::NotAReport);
        stays_closed(&sealed_text(br#"{"version":1}"#), OpenError::NotAReport);
        stays_closed(
            &sealed_text(br#"{"version":4,"more":[]}"#),
            OpenError::TooNew(4),
        );
        assert_eq!(open(&sealed, "a key"), Err(OpenError::BadIdentity));
    }

    #[test]
    fn a_swapped_envelope_is_noticed() {
        let other = ReportId::from_random([2; 16]);
        let opened = open_for(&other, &sealed(&body("x")), &key(1));
        assert_eq!(opened, Err(OpenError::OtherReport));
    }

    /// Sealed with another implementation, age 1.1.1, when the body was first released.
    #[test]
    fn a_report_of_version_1_still_opens() {
        let body = open(include_bytes!("../tests/data/report-v1.age"), &key(1)).expect("it opens");
        assert_eq!(body.version, 1);
        assert_eq!(body.answers.len(), 5);
        assert_eq!(
            body.answers[&"account".into()].text,
            "They shouted at us. \u{2764}"
        );
        assert_eq!(body.answers[&"when".into()].without, Some(Without::Unknown));
    }

    /// Likewise, of the second version: with several choices of one question.
    #[test]
    fn a_report_of_version_2_still_opens() {
        let body = open(include_bytes!("../tests/data/report-v2.age"), &key(1)).expect("it opens");
        assert_eq!((body.version, body.form, body.answers.len()), (2, 2, 8));
        assert_eq!(body.answers[&"why".into()].choices, ["race", "religion"]);
    }

    /// Likewise, of the third: with files, and what opens them; it belongs to an earlier report.
    #[test]
    fn a_report_of_version_3_still_opens() {
        let sealed = include_bytes!("../tests/data/report-v3.age");
        let body = open(sealed, &key(1)).expect("it opens");
        assert_eq!((body.version, body.form, body.answers.len()), (3, 3, 3));
        assert_eq!(body.follows, Some(MailboxId::from_random([7; 16])));
        let enclosed = body.enclosed.as_ref().expect("files");
        assert!(identity::recipient(&enclosed.key).is_ok());
        let lengths: Vec<_> = enclosed.files.iter().map(|file| file.length).collect();
        assert_eq!(lengths, [50_000, 66_000]);
        let inside = decrypt(sealed, &key(3)).expect("it opens");
        let again = serde_json::to_vec(&body).expect("plain data");
        assert_eq!(inside.trim_ascii_end(), again);
    }

    #[test]
    fn an_unknown_field_keeps_no_report_shut() {
        let known = serde_json::to_string(&body("x")).expect("plain data");
        let more = known
            .replacen('{', r#"{"mood":7,"#, 1)
            .replace(r#"{"text""#, r#"{"mood":7,"text""#);
        assert_eq!(open(&sealed_text(more.as_bytes()), &key(3)), Ok(body("x")));
    }
}
