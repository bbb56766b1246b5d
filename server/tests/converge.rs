//! Two phones and one server, each the real code: whatever happens in between, both end up with the
//! places that the server gives.

mod common;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use common::put_keys;
use courier::memory::Memory;
use courier::storage::Storage;
use courier::sync::api::{Api, Heard, MailboxAnswer, Pulled, pulled};
use courier::sync::pull_places;
use domain::delta::{Cursor, Delta};
use domain::geo::Point;
use domain::id::{MailboxId, MessageId, NoteId, PartId, PlaceId, ReportId};
use domain::note::NoteAnswer;
use domain::outbox::{Answer, PartAnswer};
use domain::place::Place;
use domain::time::Timestamp;
use domain::wire::{MailboxState, Scheme};
use proptest::prelude::*;
use server::config::Settings;
use server::record::{ListedPlace, Status};
use server::router::router;
use server::serve::App;
use server::store::sqlite::{FILE, Ledger, backup, restore};
use server::store::{Import, Rest};
use tempfile::TempDir;
use tower::ServiceExt;

const NOW: Timestamp = Timestamp(1_795_305_600_000);
/// Places of a list of our own, beside those of the sample scheme.
const OURS: [&str; 6] = ["aa", "bb", "cc", "dd", "ee", "ff"];
const STATUSES: [Status; 5] = [
    Status::Invited,
    Status::Active,
    Status::Paused,
    Status::Sample,
    Status::Closed,
];
/// The word with which a place is renamed.
const NEWER: &str = "Newer";

/// Something that happens.
#[derive(Debug, Clone)]
enum Step {
    /// A coordinator sets where a place stands.
    Status(usize, Status),
    /// A coordinator renames a place.
    Rename(usize),
    /// The list is read in once more.
    Import,
    /// The server's machine is lost, and its last backup restored.
    Restore,
    /// A backup is made.
    Backup,
    /// A phone pulls so many to a page; the network ends after so many pages.
    Pull {
        phone: usize,
        page: usize,
        ends: usize,
    },
    /// What a phone holds is no longer what it was given.
    Drift(usize, Drift),
}

/// How a phone's list can go wrong.
#[derive(Debug, Clone, Copy)]
enum Drift {
    /// A place is gone.
    Loses,
    /// There is one that never was.
    Gains,
    /// One is said to be newer than the server's.
    Overtakes,
}

fn step() -> impl Strategy<Value = Step> {
    let place = 0..OURS.len();
    let phone = 0..2_usize;
    let drift = prop::sample::select(vec![Drift::Loses, Drift::Gains, Drift::Overtakes]);
    let status = prop::sample::select(STATUSES.to_vec());
    prop_oneof![
        6 => (place.clone(), status).prop_map(|(place, status)| Step::Status(place, status)),
        2 => place.prop_map(Step::Rename),
        1 => Just(Step::Import),
        1 => Just(Step::Restore),
        1 => Just(Step::Backup),
        6 => (phone.clone(), 1..4_usize, 0..12_usize)
            .prop_map(|(phone, page, ends)| Step::Pull { phone, page, ends }),
        2 => (phone, drift).prop_map(|(phone, drift)| Step::Drift(phone, drift)),
    ]
}

/// Of each of our places: where it stands, and how often it was renamed.
type Expected = BTreeMap<usize, (Status, u32)>;

/// The server, with what it should give.
struct Scene {
    data: TempDir,
    router: Router,
    expected: Expected,
    backed_up: Option<(PathBuf, Expected)>,
    phones: [Memory; 2],
}

impl Scene {
    async fn begin() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        put_keys(data.path(), 2);
        let scene = Self {
            router: serve(&data).await,
            data,
            expected: (0..OURS.len())
                .map(|at| (at, (Status::Active, 0)))
                .collect(),
            backed_up: None,
            phones: Default::default(),
        };
        scene.import().await;
        scene
    }

    async fn act(&mut self, step: Step) {
        match step {
            Step::Status(at, status) => {
                self.change(at, |record| record.place.status = status);
                self.expect(at, |held| held.0 = status);
            }
            Step::Rename(at) => {
                self.change(at, |record| record.place.name.push_str(NEWER));
                self.expect(at, |held| held.1 += 1);
            }
            Step::Import => self.import().await,
            Step::Backup => {
                let file = self.data.path().join("copy");
                backup(self.data.path(), &file).expect("copied");
                self.backed_up = Some((file, self.expected.clone()));
            }
            Step::Restore => self.restore().await,
            Step::Pull { phone, page, ends } => self.pull(phone, page, ends).await,
            Step::Drift(phone, drift) => self.drift(phone, drift).await,
        }
    }

    fn expect(&mut self, at: usize, change: impl FnOnce(&mut (Status, u32))) {
        change(self.expected.get_mut(&at).expect("one of ours"));
    }

    fn change(&self, at: usize, change: impl FnOnce(&mut server::record::Record)) {
        let mut ledger = Ledger::open(self.data.path()).expect("the ledger");
        let known = ledger.change(&id(OURS[at]), "Sam", NOW, change);
        assert!(known.expect("written").is_some());
    }

    async fn import(&self) {
        let import = Import {
            source: "tests".into(),
            who: "Sam".into(),
            listed: OURS.map(listed).to_vec(),
            rest: Rest::Stays,
            at: NOW,
        };
        // As the command does it: beside the server, by a connection of its own.
        let desk = server::store::sqlite::desk::Desk::open(self.data.path()).expect("a desk");
        for (row, listed) in import.listed.iter().enumerate() {
            desk.stage(row as u64, listed, true).expect("staged");
        }
        desk.apply(&import.source, &import.who, NOW).expect("in");
    }

    async fn restore(&mut self) {
        let Some((file, expected)) = self.backed_up.clone() else {
            return;
        };
        // The old server goes first: it holds the folder's lock.
        self.router = Router::new();
        for name in [
            FILE.to_owned(),
            format!("{FILE}-wal"),
            format!("{FILE}-shm"),
        ] {
            let _ = std::fs::remove_file(self.data.path().join(name));
        }
        restore(&file, self.data.path()).expect("restored");
        self.router = serve(&self.data).await;
        self.expected = expected;
    }

    async fn pull(&self, phone: usize, page: usize, ends: usize) {
        let network = Network {
            router: self.router.clone(),
            page,
            left: Cell::new(ends),
        };
        let done = pull_places(&self.phones[phone], &network, NOW).await;
        done.expect("memory takes it");
    }

    async fn drift(&self, phone: usize, drift: Drift) {
        let phone = &self.phones[phone];
        let mut held = phone.places().await.expect("readable");
        let Some(first) = held.places.keys().next().cloned() else {
            return;
        };
        match drift {
            Drift::Loses => drop(held.places.remove(&first)),
            Drift::Overtakes => {
                if let Some(place) = held.places.get_mut(&first) {
                    place.revision += 1_000;
                }
            }
            Drift::Gains => {
                let mut never: Place = held.places[&first].clone();
                never.id = id("never-was");
                held.places.insert(never.id.clone(), never);
            }
        }
        phone.keep_places(&held).await.expect("kept");
    }

    /// Our places that phones are given, as the schedule left them.
    fn given(&self) -> BTreeSet<(String, String, bool)> {
        let shown = self
            .expected
            .iter()
            .filter(|(_, (status, _))| status.is_shown());
        let told = shown.map(|(at, (status, times))| {
            let name = format!("Place {}{}", OURS[*at], NEWER.repeat(*times as usize));
            (OURS[*at].to_owned(), name, *status == Status::Sample)
        });
        told.collect()
    }

    async fn held(
        &self,
        phone: usize,
    ) -> (BTreeSet<(String, String, bool)>, BTreeMap<PlaceId, Place>) {
        let held = self.phones[phone].places().await.expect("readable");
        let ours = held
            .places
            .values()
            .filter(|place| place.id.as_str().len() == 2);
        let ours = ours.map(|place| (place.id.to_string(), place.name.clone(), place.sample));
        (ours.collect(), held.places)
    }
}

async fn serve(data: &TempDir) -> Router {
    let settings = Settings {
        data: data.path().to_owned(),
        site: None,
        public_url: "https://safe.example".into(),
        ..Settings::default()
    };
    // Whoever ends may still be letting go of the folder.
    for _ in 0..200 {
        if let Ok(app) = App::open(&settings).await {
            return router(Arc::new(app));
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the server does not open")
}

fn id(text: &str) -> PlaceId {
    text.parse().expect("a test's own id")
}

fn listed(text: &str) -> ListedPlace {
    let point = Point {
        lat: 52.5,
        lon: -1.9,
    };
    ListedPlace::new(
        text,
        id(text),
        &format!("Place {text}"),
        "1 High Street",
        point,
    )
}

/// The way to the server, until it ends.
struct Network {
    router: Router,
    page: usize,
    left: Cell<usize>,
}

impl Api for Network {
    async fn places(&self, after: &Cursor) -> Pulled<Delta> {
        let Some(left) = self.left.get().checked_sub(1) else {
            return Pulled::Silence;
        };
        self.left.set(left);
        let path = format!("/api/places?after={}&limit={}", after.0, self.page);
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let answer = self.router.clone().oneshot(request).await;
        let (head, body) = answer.expect("infallible").into_parts();
        let body = axum::body::to_bytes(body, 1 << 24).await.expect("a body");
        pulled(&Heard {
            status: head.status.as_u16(),
            retry_after: None,
            offset: None,
            body: body.to_vec(),
        })
    }

    async fn put_report(&self, _: &ReportId, _: &[u8]) -> Answer {
        unreachable!("only places are pulled")
    }

    async fn commit(&self, _: &ReportId) -> Answer {
        unreachable!("only places are pulled")
    }

    async fn put_chunk(&self, _: &ReportId, _: &PartId, _: u32, _: &[u8]) -> PartAnswer {
        unreachable!("only places are pulled")
    }

    async fn put_message(
        &self,
        _: &MailboxId,
        _: &[u8; 32],
        _: &MessageId,
        _: &[u8],
    ) -> MailboxAnswer {
        unreachable!("only places are pulled")
    }

    async fn withdraw(&self, _: &MailboxId, _: &[u8; 32]) -> MailboxAnswer {
        unreachable!("only places are pulled")
    }

    async fn put_note(&self, _: &NoteId, _: &[u8]) -> NoteAnswer {
        unreachable!("only places are pulled")
    }

    async fn scheme(&self) -> Pulled<Scheme> {
        unreachable!("only places are pulled")
    }

    async fn mailbox(&self, _: &MailboxId, _: &[u8; 32]) -> Pulled<MailboxState> {
        unreachable!("only places are pulled")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn two_phones_end_up_with_the_places_that_the_server_gives(
        steps in prop::collection::vec(step(), 1..30),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let mut scene = Scene::begin().await;
            for step in steps {
                scene.act(step).await;
            }
            for phone in [0, 1] {
                scene.pull(phone, 3, usize::MAX).await;
            }
            let (first, all) = scene.held(0).await;
            assert_eq!(first, scene.given());
            assert_eq!(scene.held(1).await, (first, all));
        });
    }
}
