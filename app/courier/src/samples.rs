//! What several tests need: a scheme with keys of its own, a draft, a place, an entry.

use std::collections::BTreeMap;

use domain::form::Answer;
use domain::geo::Point;
use domain::id::{Epoch, NoteId, ReportId};
use domain::note::{How, Kind, Note, Waiting};
use domain::outbox::Entry;
use domain::place::{Offer, Place};
use domain::report::{Draft, Phone};
use domain::scheme::Centre;
use domain::time::Timestamp;
use domain::wire::Scheme;
use seal::identity;
use seal::keyset::{CentreKey, Keyset, Pin, RootSeed, accept};

pub(crate) const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// The result of a future that waits for nothing outside.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> T {
    use std::task::{Context, Poll, Waker};
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("storage in memory never waits"),
    }
}

pub(crate) fn report_id(n: u8) -> ReportId {
    ReportId::from_random([n; 16])
}

pub(crate) fn epoch(n: u8) -> Epoch {
    Epoch::from_random([n; 16])
}

pub(crate) fn entry(n: u8, phone: Phone) -> Entry {
    Entry::new(report_id(n), phone, NOW.plus(i64::from(n)))
}

/// A note made at [`NOW`]; `chance` decides its moment.
pub(crate) fn note(n: u8, chance: u32) -> Waiting {
    let how = How::RangContact;
    let note = Note {
        kind: Kind::HelpGiven { how },
        place: "north-hall".parse().ok(),
        day: NOW.day(),
    };
    Waiting::new(NoteId::from_random([n; 16]), note, chance, NOW)
}

pub(crate) fn draft(n: u8, phone: Phone) -> Draft {
    let choice = |id: &str| Answer {
        choice: Some(id.into()),
        ..Answer::default()
    };
    let account = Answer {
        text: "They shouted. \u{1F6D1} ا".into(),
        ..Answer::default()
    };
    Draft {
        at: Some("when".into()),
        answers: BTreeMap::from([
            ("role".into(), choice("me")),
            ("account".into(), account),
            ("share".into(), choice("centre-only")),
        ]),
        ..Draft::new(report_id(n), phone, NOW.plus(i64::from(n)))
    }
}

pub(crate) fn place(id: &str, revision: u64) -> Place {
    Place {
        id: id.parse().expect("a test's own id"),
        revision,
        name: id.to_uppercase(),
        address: "1 High Street".into(),
        postcode: None,
        point: Point {
            lat: 52.5,
            lon: -1.9,
        },
        telephone: None,
        opening: None,
        what: Some("Café".into()),
        directions: None,
        door: None,
        welcome: None,
        photo: None,
        offers: vec![Offer::StepFree],
        languages: vec!["pa".into()],
        checked: None,
        review_by: None,
        ring_first: false,
        sample: true,
    }
}

/// A keyset of this version, signed by a root.
pub(crate) fn scheme_of(root: &RootSeed, version: u32) -> Scheme {
    let key = || identity::draw().expect("randomness");
    let recipient = |secret: &str| identity::recipient(secret).expect("an identity");
    let keyset = Keyset {
        version,
        centres: vec![CentreKey {
            id: "north".into(),
            recipient: recipient(&key()),
        }],
        recovery: recipient(&key()),
    };
    Scheme {
        name: "Sample".into(),
        demo: false,
        centres: vec![Centre {
            id: "north".into(),
            name: "North".into(),
            hours: None,
            reads: None,
            point: None,
            offered: true,
        }],
        keyset: root.sign(&keyset).expect("a keyset"),
        root: root.public().to_base64(),
        services: vec![],
        epoch: epoch(1),
        backed_up_through: 0,
        proof_key: None,
        retention: None,
        questions: None,
    }
}

/// A scheme as a phone holds it.
pub(crate) fn scheme() -> (Scheme, Pin) {
    let scheme = scheme_of(&RootSeed::draw().expect("randomness"), 1);
    let accepted = accept(&scheme, None).expect("signed by its own root");
    (scheme, accepted.pin)
}
