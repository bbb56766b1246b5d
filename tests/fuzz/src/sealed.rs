//! What opens with a key, and what the keys are.

use domain::id::{LockId, ReportId};
use domain::lock::Name;
use domain::report::Body;
use domain::time::Timestamp;
use domain::wire::{Proof, Scheme, SignedKeyset};
use seal::backup;
use seal::identity;
use seal::keyset::{CentreKey, Keyset, RootKey, RootSeed, accept, verify};
use seal::lock::{Key, Sealed};
use seal::message::{open_message, seal_answer};
use seal::part::{PartSealer, open_part};
use seal::proof::checked;
use seal::receipt::Receipt;

use crate::Decoder;
use crate::phone::{BODY, ID, comes_back};

// Keys for these tests only, always the same: a finding can be read again.
const CENTRE_KEY: &str =
    "AGE-SECRET-KEY-1XN8PQPS2QFF46VG9DTV0JRQXZQXVU0PH57LWRAJNC842L2F5RZ6SWL398N";
const RECOVERY_KEY: &str =
    "AGE-SECRET-KEY-1HNDXCZG6YVH9GDT43R6803USXQJ5ZS7S0ZPXXP7WG8DY67NWGA6S5JG3AD";
const ROOT: &str = "GXJdIadtP4GJ81KbQITM3CR9wPfD6nVdMF55fV8OT/4=";
const CENTRE: &str = "hawthorns";

fn recipient(key: &str) -> String {
    identity::recipient(key).expect("an identity")
}

fn public_keys() -> Keyset {
    let id = CENTRE.to_owned();
    Keyset {
        version: 1,
        centres: vec![CentreKey {
            id,
            recipient: recipient(CENTRE_KEY),
        }],
        recovery: recipient(RECOVERY_KEY),
    }
}

fn root() -> RootSeed {
    RootSeed::from_base64(ROOT).expect("a root")
}

/// A change mostly ends at the seal, so that what lies inside is tried by itself, too.
pub fn decoders() -> Vec<Decoder> {
    let own = recipient(CENTRE_KEY);
    let answer = seal_answer("We have read it.", &own, &[]).expect("sealed");
    let mut part = PartSealer::to(&own).expect("begun");
    let mut whole = part.write(b"a picture").expect("sealed");
    let (rest, of) = part.finish().expect("sealed");
    whole.extend(rest);
    vec![
        Decoder::new("message", vec![answer.clone()], |bytes| {
            open_message(bytes, CENTRE_KEY).is_ok()
        }),
        Decoder::of_text("message-inside", &["We have read it.", ""], move |text| {
            let sealed = seal_answer(text, &own, &[]).expect("sealed");
            assert_eq!(open_message(&sealed, CENTRE_KEY).as_deref(), Ok(text));
            true
        }),
        Decoder::new("report", vec![sealed_report()], |bytes| {
            seal::report::open(bytes, CENTRE_KEY).is_ok()
        }),
        Decoder::new("part", vec![whole], move |bytes| {
            open_part(bytes, CENTRE_KEY, of.plain).is_ok()
        }),
        locked_backup(),
        Decoder::of_text("backup-inside", &[BACKUP], |text| {
            let Ok(read) = serde_json::from_str::<backup::Backup>(text) else {
                return false;
            };
            let written = serde_json::to_string(&read).expect("what was read can be written");
            assert!(serde_json::from_str::<backup::Backup>(&written).is_ok());
            true
        }),
        keyset(),
        scheme(),
        content(),
        proof(),
    ]
}

fn sealed_report() -> Vec<u8> {
    let body: Body = serde_json::from_str(BODY).expect("a body");
    let receipt = Receipt::draw().expect("random numbers");
    let mailbox = receipt.derive().expect("enough memory");
    let sealed = seal::report::seal(&body, &public_keys(), CENTRE, &mailbox, vec![]);
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

fn keyset() -> Decoder {
    let root = root();
    let signed = root.sign(&public_keys()).expect("a keyset");
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
fn scheme() -> Decoder {
    let root = root();
    let seed = serde_json::json!({
        "name": "Safe Place", "demo": true, "services": [], "epoch": ID, "backed_up_through": 7,
        "centres": [{ "id": CENTRE, "name": "Hawthorns House", "hours": null, "offered": true }],
        "keyset": root.sign(&public_keys()).expect("a keyset"),
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
    Decoder::new("locked-content", seeds, move |bytes| {
        let Ok(sealed) = Sealed::from_bytes(bytes.to_vec()) else {
            return false;
        };
        sealed.is_of(&LockId::from_random([1; 16]));
        sealed.revision();
        assert_eq!(sealed.as_bytes(), bytes);
        key.open(&sealed).is_ok()
    })
}

fn proof() -> Decoder {
    let seed = serde_json::json!({
        "hour": 1_795_428_000_000_i64, "leaf": 1, "beside": ["02".repeat(32), "03".repeat(32)],
        "signature": "A".repeat(86) + "==",
    });
    let id: ReportId = ID.parse().expect("an id");
    let key = root().public().to_base64();
    Decoder::of_text("proof", &[&seed.to_string()], move |text| {
        if let Ok(read) = serde_json::from_str::<Proof>(text) {
            assert!(
                checked(read, &key, &id, b"age").is_none(),
                "nobody signed it"
            );
        }
        comes_back::<Proof>(text)
    })
}
