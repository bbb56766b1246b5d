//! A key is replaced, end to end: real signatures, the real server, and a phone that seals before and after.

mod common;

use std::fs;
use std::sync::Arc;

use axum::Router;
use axum::body::Body as Sent;
use axum::http::Request;
use courier::memory::Memory;
use courier::sealing::{Finished, draw_receipt, seal_and_queue};
use courier::storage::Storage;
use courier::sync::api::{Api, Heard, MailboxAnswer, Pulled, pulled, put_answer};
use courier::sync::{Device, round};
use domain::delta::{Cursor, Delta};
use domain::form::{Answer as Told, Form};
use domain::id::{MailboxId, MessageId, NoteId, PartId, ReportId};
use domain::note::NoteAnswer;
use domain::outbox::{Answer, Delivery, PartAnswer};
use domain::report::{Body, Draft, Phone};
use domain::time::{HOUR, Timestamp};
use domain::wire::{MailboxState, REPORT_TYPE, Scheme, open_envelope};
use seal::identity;
use seal::keyset::{CentreKey, Keyset, Refused, RootSeed};
use seal::report::{OpenError, open_for};
use server::config::Settings;
use server::router::router;
use server::serve::App;
use tempfile::TempDir;
use tower::ServiceExt;

const NOW: Timestamp = Timestamp(1_795_305_600_000);
const CENTRE: &str = "hawthorns";

/// The way to a server in this process, and the phone's clock.
struct Network {
    router: Router,
    now: Timestamp,
}

impl Network {
    async fn ask(&self, request: Request<Sent>) -> Heard {
        let answer = self.router.clone().oneshot(request).await;
        let (head, body) = answer.expect("infallible").into_parts();
        let body = axum::body::to_bytes(body, 1 << 24).await.expect("a body");
        Heard {
            status: head.status.as_u16(),
            retry_after: None,
            offset: None,
            body: body.to_vec(),
        }
    }

    async fn get(&self, path: &str) -> Heard {
        let request = Request::get(path).body(Sent::empty());
        self.ask(request.expect("a request")).await
    }
}

impl Api for Network {
    async fn put_report(&self, id: &ReportId, envelope: &[u8]) -> Answer {
        let request = Request::put(format!("/api/reports/{id}"));
        let request = request.header("content-type", REPORT_TYPE);
        let request = request.body(envelope.to_vec().into());
        put_answer(&self.ask(request.expect("a request")).await)
    }

    async fn scheme(&self) -> Pulled<Scheme> {
        pulled(&self.get("/api/scheme").await)
    }

    async fn places(&self, after: &Cursor) -> Pulled<Delta> {
        pulled(&self.get(&format!("/api/places?after={}", after.0)).await)
    }

    async fn commit(&self, _: &ReportId) -> Answer {
        unreachable!("nothing follows these reports")
    }

    async fn put_chunk(&self, _: &ReportId, _: &PartId, _: u32, _: &[u8]) -> PartAnswer {
        unreachable!("nothing follows these reports")
    }

    async fn put_note(&self, _: &NoteId, _: &[u8]) -> NoteAnswer {
        unreachable!("nobody made one")
    }

    async fn mailbox(&self, _: &MailboxId, _: &[u8; 32]) -> Pulled<MailboxState> {
        unreachable!("nobody asks")
    }

    async fn put_message(
        &self,
        _: &MailboxId,
        _: &[u8; 32],
        _: &MessageId,
        _: &[u8],
    ) -> MailboxAnswer {
        unreachable!("nobody writes")
    }

    async fn withdraw(&self, _: &MailboxId, _: &[u8; 32]) -> MailboxAnswer {
        unreachable!("nobody withdraws")
    }
}

impl Device for Network {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn chance(&self) -> u32 {
        7
    }
}

/// Who holds the scheme's keys: the root, and the centre's first and second key.
struct Keepers {
    root: RootSeed,
    keys: [String; 2],
}

impl Keepers {
    fn new() -> Self {
        let draw = || identity::draw().expect("random numbers").to_string();
        Self {
            root: RootSeed::draw().expect("random numbers"),
            keys: [draw(), draw()],
        }
    }

    /// Puts the keyset of a version, 1 or 2, into a server's folder, and starts the server.
    async fn serve(&self, data: &TempDir, version: u32) -> Network {
        let recipient = |key: &str| identity::recipient(key).expect("an identity");
        let keyset = Keyset {
            version,
            centres: vec![CentreKey {
                id: CENTRE.into(),
                recipient: recipient(&self.keys[version as usize - 1]),
            }],
            recovery: recipient(&identity::draw().expect("random numbers")),
        };
        let signed = self.root.sign(&keyset).expect("usable");
        let keys = data.path().join("keys");
        fs::create_dir_all(&keys).expect("a folder");
        let signed = serde_json::to_vec(&signed).expect("plain data");
        fs::write(keys.join("keyset.json"), signed).expect("written");
        fs::write(keys.join("root.pub"), self.root.public().to_base64()).expect("written");
        let settings = Settings {
            data: data.path().to_owned(),
            site: None,
            ..Settings::default()
        };
        // Whoever ends may still be letting go of the folder.
        for _ in 0..200 {
            if let Ok(app) = App::open(&settings).await {
                let router = router(Arc::new(app));
                return Network { router, now: NOW };
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("the server does not open")
    }
}

/// Seals a report to what the phone believes now.
async fn seal(phone: &Memory, n: u8) -> ReportId {
    let id = ReportId::from_random([n; 16]);
    let mut draft = Draft::new(id.clone(), Phone::Mine, NOW);
    let choice = |choice: &str| Told {
        choice: Some(choice.into()),
        ..Told::default()
    };
    let account = Told {
        text: "They shouted.".into(),
        ..Told::default()
    };
    draft.answers = [
        ("role".into(), choice("me")),
        ("account".into(), account),
        ("share".into(), choice("centre-only")),
    ]
    .into();
    let body = Body::parse(&draft, &Form::standard(), "en", NOW).expect("complete");
    let finished = Finished {
        id: id.clone(),
        phone: Phone::Mine,
        digits: draw_receipt().expect("random numbers"),
        body: serde_json::to_string(&body).expect("plain data"),
        parts: vec![],
    };
    let sealed = seal_and_queue(phone, &finished, CENTRE, NOW).await;
    sealed.expect("sealed");
    id
}

/// The keyset a report was sealed to, and whether each of the centre's keys opens it.
async fn sealed_to(phone: &Memory, id: &ReportId, keepers: &Keepers) -> (u32, [bool; 2]) {
    let envelope = phone.envelope(id).await.expect("readable").expect("held");
    let (label, at) = open_envelope(&envelope).expect("an envelope");
    let opens = |key: &String| match open_for(id, &envelope[at..], key) {
        Ok(_) => true,
        Err(OpenError::OtherKey) => false,
        Err(other) => panic!("{other}"),
    };
    (label.keyset, [0, 1].map(|key| opens(&keepers.keys[key])))
}

async fn is_stored(phone: &Memory, id: &ReportId) -> bool {
    let outbox = phone.outbox().await.expect("readable");
    let kept = outbox.into_iter().find(|kept| kept.entry.id == *id);
    matches!(kept.expect("kept").entry.delivery, Delivery::Stored { .. })
}

async fn believed(phone: &Memory) -> u32 {
    let (_, pin) = phone.scheme().await.expect("readable").expect("met");
    pin.version
}

#[tokio::test]
async fn a_replaced_key_loses_no_report_and_never_comes_back() {
    let keepers = Keepers::new();
    let (data, restored) = (TempDir::new(), TempDir::new());
    let [data, restored] = [data, restored].map(|folder| folder.expect("a folder"));
    let phone = Memory::default();
    let before = keepers.serve(&data, 1).await;
    round(&phone, &before, &before).await.expect("room");
    let first = seal(&phone, 1).await;
    drop(before);

    let after = keepers.serve(&data, 2).await;
    let done = round(&phone, &after, &after).await.expect("room");
    assert_eq!((done.refused, believed(&phone).await), (None, 2));
    assert!(is_stored(&phone, &first).await, "sealed to the old key");
    let second = seal(&phone, 2).await;
    round(&phone, &after, &after).await.expect("room");
    assert!(is_stored(&phone, &second).await);
    assert_eq!(
        sealed_to(&phone, &first, &keepers).await,
        (1, [true, false])
    );
    assert_eq!(
        sealed_to(&phone, &second, &keepers).await,
        (2, [false, true])
    );

    // A server whose folder was lost, and whose keyset was put back from an old copy.
    let older = keepers.serve(&restored, 1).await;
    let third = seal(&phone, 3).await;
    let done = round(&phone, &older, &older).await.expect("room");
    let rolled_back = Refused::RolledBack {
        seen: 2,
        offered: 1,
    };
    assert_eq!(
        (done.refused, believed(&phone).await),
        (Some(rolled_back), 2)
    );
    assert_eq!(
        sealed_to(&phone, &third, &keepers).await,
        (2, [false, true])
    );
    assert!(!is_stored(&phone, &third).await, "it waits for the keyset");
    drop(older);
    let mut newer = keepers.serve(&restored, 2).await;
    newer.now = NOW.plus(HOUR);
    let done = round(&phone, &newer, &newer).await.expect("room");
    assert_eq!(done.refused, None);
    for id in [&first, &second, &third] {
        assert!(is_stored(&phone, id).await, "{id}");
    }
    assert_eq!(done.next, None, "nothing waits");
}
