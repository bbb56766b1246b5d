//! What opens with a key, and what the keys are.

use domain::id::LockId;
use domain::lock::Name;
use domain::report::Body;
use domain::time::Timestamp;
use domain::wire::{Scheme, SignedKeyset};
use seal::backup;
use seal::identity;
use seal::keyset::{Keyset, RootKey, RootSeed, accept, verify};
use seal::lock::{Key, Sealed};
use seal::message::{open_message, seal_answer};
use seal::part::{PartSealer, open_part};
use seal::receipt::Receipt;

use super::Decoder;
use super::phone::{BODY, ID, comes_back};
use crate::serving::{CENTRE, Keys};

/// A change mostly ends at the seal, so that what lies inside is tried by itself, too.
pub fn decoders(keys: &Keys) -> Vec<Decoder> {
    let centre = keys.centre.clone();
    let own = identity::recipient(&centre).expect("an identity");
    let answer = seal_answer("We have read it.", &own, &[]).expect("sealed");
    let mut part = PartSealer::to(&own).expect("begun");
    let mut whole = part.write(b"a picture").expect("sealed");
    let (rest, of) = part.finish().expect("sealed");
    whole.extend(rest);
    let (message, report, picture) = (centre.clone(), centre.clone(), centre);
    let writer = own.clone();
    let reader = keys.centre.clone();
    vec![
        Decoder::new("message", vec![answer.clone()], move |bytes| {
            open_message(bytes, &message).is_ok()
        }),
        Decoder::of_text("message, inside", &["We have read it.", ""], move |text| {
            let sealed = seal_answer(text, &writer, &[]).expect("sealed");
            assert_eq!(open_message(&sealed, &reader).as_deref(), Ok(text));
            true
        }),
        Decoder::new("report", vec![sealed_report(keys)], move |bytes| {
            seal::report::open(bytes, &report).is_ok()
        }),
        Decoder::new("part", vec![whole], move |bytes| {
            open_part(bytes, &picture, of.plain).is_ok()
        }),
        locked_backup(),
        Decoder::of_text("backup, inside", &[BACKUP], |text| {
            let Ok(read) = serde_json::from_str::<backup::Backup>(text) else {
                return false;
            };
            let written = serde_json::to_string(&read).expect("what was read can be written");
            assert!(serde_json::from_str::<backup::Backup>(&written).is_ok());
            true
        }),
        keyset(keys),
        scheme(keys),
        content(),
    ]
}

fn sealed_report(keys: &Keys) -> Vec<u8> {
    let body: Body = serde_json::from_str(BODY).expect("a body");
    let receipt = Receipt::draw().expect("random numbers");
    let mailbox = receipt.derive().expect("enough memory");
    let sealed = seal::report::seal(&body, &keys.keyset, CENTRE, &mailbox, vec![]);
    sealed.expect("sealed").sealed
}

const BACKUP: &str =
    r#"{"version":1,"made":1795428548000,"parts":{"card":{"name":"Sam"},"places":[]}}"#;
const PASSPHRASE: &str = "correct horse battery staple";

fn locked_backup() -> Decoder {
    let parts = r#"{"card":{"name":"Sam"}}"#;
    let sealed = backup::seal(parts, PASSPHRASE, Timestamp(5)).expect("sealed");
    Decoder::new("backup", vec![sealed], |bytes| {
        backup::open(bytes, PASSPHRASE).is_ok()
    })
}

fn keyset(keys: &Keys) -> Decoder {
    let root = RootSeed::draw().expect("random numbers");
    let signed = root.sign(&keys.keyset).expect("a keyset");
    let plain = serde_json::to_string(&signed).expect("plain data");
    let public = root.public().to_base64();
    Decoder::of_text("keyset", &[&plain], move |text| {
        // Signed by the right key: what is inside is tried as it comes.
        if let Ok(inside) = serde_json::from_str::<Keyset>(text) {
            drop(root.sign(&inside));
        }
        drop(RootKey::from_base64(text));
        let public = RootKey::from_base64(&public).expect("a key");
        let signed = serde_json::from_str::<SignedKeyset>(text);
        signed.is_ok_and(|signed| verify(&signed, &public).is_ok())
    })
}

/// What a phone is told of its scheme, and whether it trusts the keyset in it.
fn scheme(keys: &Keys) -> Decoder {
    let root = RootSeed::draw().expect("random numbers");
    let seed = serde_json::json!({
        "name": "Safe Place", "demo": true, "services": [], "epoch": ID, "backed_up_through": 7,
        "centres": [{ "id": CENTRE, "name": "Hawthorns House", "hours": null, "offered": true }],
        "keyset": root.sign(&keys.keyset).expect("a keyset"),
        "root": root.public().to_base64(),
        "retention": { "unfinished_days": 7, "closed_days": 90 },
    });
    Decoder::of_text("scheme", &[&seed.to_string()], |text| {
        if let Ok(scheme) = serde_json::from_str(text) {
            drop(accept(&scheme, None));
        }
        comes_back::<Scheme>(text)
    })
}

fn content() -> Decoder {
    let key = Key::draw(Name::Card).expect("random numbers");
    let sealed = key.seal(3, b"what lies behind the lock").expect("sealed");
    let seeds = vec![sealed.as_bytes().to_vec()];
    Decoder::new("locked content", seeds, move |bytes| {
        let Ok(sealed) = Sealed::from_bytes(bytes.to_vec()) else {
            return false;
        };
        sealed.is_of(&LockId::from_random([1; 16]));
        sealed.revision();
        assert_eq!(sealed.as_bytes(), bytes);
        key.open(&sealed).is_ok()
    })
}
