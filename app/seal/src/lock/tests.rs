use proptest::prelude::*;

use super::*;

const ANSWER: [u8; 32] = [9; 32];

fn pin(digits: &str) -> Pin {
    Pin::typed(digits).expect("digits")
}

fn answer() -> Answer {
    Zeroizing::new(ANSWER)
}

fn key() -> Key {
    Key {
        id: LockId::from_random([1; 16]),
        name: Name::Card,
        secret: Zeroizing::new([2; 32]),
    }
}

fn record() -> Record {
    let question = Question::pin(&pin("294617"), Cost::LEAST, [3; 16]).expect("memory");
    Record::with_pin(&key(), Cost::LEAST, &question, &answer(), None)
}

#[track_caller]
fn opens(record: &Record, question: Result<Question, LockError>) {
    let opened = record.open(Name::Card, &question.expect("a way"), &answer());
    assert_eq!(opened.map(|key| key.secret).ok(), Some(key().secret));
}

#[test]
fn a_pin_opens_what_it_locked_and_no_other_does() {
    let record = record();
    opens(&record, record.by_pin(&pin("294617")));
    let wrong = record.by_pin(&pin("294618")).expect("memory");
    assert_eq!(
        record.open(Name::Card, &wrong, &answer()).err(),
        Some(LockError::Wrong)
    );
}

#[test]
fn the_pin_opens_nothing_away_from_its_phone_or_on_another_lock() {
    let record = record();
    let right = record.by_pin(&pin("294617")).expect("memory");
    let elsewhere = Zeroizing::new([8; 32]);
    assert_eq!(
        record.open(Name::Card, &right, &elsewhere).err(),
        Some(LockError::Wrong)
    );
    assert_eq!(
        record.open(Name::Reports, &right, &answer()).err(),
        Some(LockError::Wrong)
    );
}

#[test]
fn a_passkey_opens_beside_the_pin() {
    let question = Question::of_passkey(&[5; 32]).expect("randomness");
    let record = record()
        .with_passkey(&key(), &question, &answer())
        .expect("it has a PIN");
    assert!(record.has_passkey());
    opens(&record, record.by_passkey(&[5; 32]));
    opens(&record, record.by_pin(&pin("294617")));
    let other = record.by_passkey(&[6; 32]).expect("a way");
    assert_eq!(
        record.open(Name::Card, &other, &answer()).err(),
        Some(LockError::Wrong)
    );
    assert!(record.without_passkey().by_passkey(&[5; 32]).is_err());
}

#[test]
fn a_changed_pin_keeps_the_passkey_and_ends_the_old_pin() {
    let question = Question::of_passkey(&[5; 32]).expect("randomness");
    let before = record()
        .with_passkey(&key(), &question, &answer())
        .expect("it has a PIN");
    let question = Question::of_pin(&pin("805162"), Cost::LEAST).expect("memory");
    let after = Record::with_pin(&key(), Cost::LEAST, &question, &answer(), Some(&before));
    opens(&after, after.by_pin(&pin("805162")));
    opens(&after, after.by_passkey(&[5; 32]));
    let old = after.by_pin(&pin("294617")).expect("memory");
    assert_eq!(
        after.open(Name::Card, &old, &answer()).err(),
        Some(LockError::Wrong)
    );
}

#[test]
fn without_a_pin_the_phone_alone_opens_it() {
    let question = Question::of_device().expect("randomness");
    let record = Record::open_on_this_device(&key(), &question, &answer());
    assert!(!record.has_pin());
    opens(&record, record.by_device());
    assert_eq!(
        record.by_pin(&pin("294617")).err().map(|e| e.code()),
        Some("no-such-way")
    );
    let passkey = Question::of_passkey(&[5; 32]).expect("randomness");
    assert!(record.with_passkey(&key(), &passkey, &answer()).is_err());
}

#[test]
fn content_opens_with_its_own_key_only() {
    let sealed = key().seal(7, b"allergic to nuts").expect("randomness");
    assert_eq!(
        key().open(&sealed).as_deref().map(Vec::as_slice),
        Ok(&b"allergic to nuts"[..])
    );
    assert!(sealed.is_of(key().id()));
    assert_eq!(sealed.revision(), 7);
    let other = Key::draw(Name::Card).expect("randomness");
    assert!(!sealed.is_of(other.id()));
    assert_eq!(other.open(&sealed).err(), Some(LockError::Damaged));
    let elsewhere = Key {
        name: Name::Reports,
        ..key()
    };
    assert_eq!(elsewhere.open(&sealed).err(), Some(LockError::Damaged));
}

#[test]
fn every_changed_or_missing_byte_of_content_is_noticed() {
    let sealed = key().seal(1, b"private").expect("randomness");
    let opened = |bytes: Vec<u8>| Sealed::from_bytes(bytes).and_then(|sealed| key().open(&sealed));
    for at in 0..sealed.as_bytes().len() {
        let mut bytes = sealed.as_bytes().to_vec();
        bytes[at] ^= 1;
        assert!(opened(bytes).is_err(), "byte {at}");
        assert!(
            opened(sealed.as_bytes()[..at].to_vec()).is_err(),
            "{at} bytes"
        );
    }
    let mut newer = sealed.as_bytes().to_vec();
    newer[0] = 2;
    assert_eq!(opened(newer).err(), Some(LockError::TooNew));
}

#[test]
fn a_record_of_a_newer_version_is_left_alone() {
    let json = serde_json::to_string(&record()).expect("JSON");
    let newer: Record =
        serde_json::from_str(&json.replace(r#""version":1"#, r#""version":2"#)).expect("read");
    assert_eq!(newer.by_pin(&pin("294617")).err(), Some(LockError::TooNew));
}

#[test]
fn a_record_that_asks_for_gigabytes_is_refused() {
    let json = serde_json::to_string(&record()).expect("JSON");
    assert!(serde_json::from_str::<Record>(&json.replace("19456", "19456000")).is_err());
    assert!(serde_json::from_str::<Record>(&json.replace("19456", "8")).is_err());
}

/// What version 1 writes; worked out again with Python's cryptography, which is OpenSSL's Argon2, HKDF and ChaCha20-Poly1305.
#[test]
fn the_formats_are_those_of_version_1() {
    assert_eq!(serde_json::to_string(&record()).expect("JSON"), RECORD);
    let sealed = key().seal_with(1, b"private", &[4; 12]);
    assert_eq!(data_encoding::BASE64.encode(sealed.as_bytes()), CONTENT);
    let record: Record = serde_json::from_str(RECORD).expect("a record");
    opens(&record, record.by_pin(&pin("294617")));
}

const RECORD: &str = r#"{"version":1,"id":"aeaqcaibaeaqcaibaeaqcaibae","by":"pin","cost":{"memory":19456,"passes":2},"pin":{"salt":"AwMDAwMDAwMDAwMDAwMDAw==","key":"DLicQqA3l+1yd/thb31rR03MhfenR1bId1n/0PCwAI8Qco82sa0FtKIEa8RM0cId"}}"#;
const CONTENT: &str = "AWFlYXFjYWliYWVhcWNhaWJhZWFxY2FpYmFlAAAAAAAAAAEEBAQEBAQEBAQEBARsIL26vZNVLOiFiiogzxp6GSMMbH3GAg==";

#[test]
fn nothing_secret_shows_in_debug() {
    assert_eq!(format!("{:?}", key()), "Key(aeaqcaibaeaqcaibaeaqcaibae)");
    assert!(!format!("{:?}", record()).contains("2, 2"));
}

proptest! {
    #[test]
    fn any_content_comes_back(content: Vec<u8>, revision: u64) {
        let key = Key::draw(Name::Reports).expect("randomness");
        let sealed = key.seal(revision, &content).expect("randomness");
        let kept = Sealed::from_bytes(sealed.as_bytes().to_vec()).expect("ours");
        prop_assert_eq!(kept.revision(), revision);
        prop_assert_eq!(&*key.open(&kept).expect("its key"), &content);
    }

    #[test]
    fn no_bytes_make_it_fall_over(bytes: Vec<u8>) {
        if let Ok(sealed) = Sealed::from_bytes(bytes) {
            prop_assert!(key().open(&sealed).is_err());
        }
    }
}
