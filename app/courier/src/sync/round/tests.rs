//! Rounds in a scripted world: phones, a server, and everything that can happen between them.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::delta::{Cursor, Delta, digest};
use domain::id::{MailboxId, MessageId, NoteId, PartId, PlaceId, ReportId, Sha256};
use domain::note::{LATEST, NoteAnswer, SOONEST};
use domain::outbox::{Bytes, PartAnswer, Refusal};
use domain::place::Place;
use domain::report::Phone;
use domain::time::DAY;
use domain::wire::{MailboxState, Part, Proof, leaf, signed, tree};
use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;
use seal::keyset::RootSeed;
use sha2::Digest;

use super::*;
use crate::memory::Memory;
use crate::samples::{NOW, at_once, entry, epoch, note, place, report_id, scheme_of};
use crate::storage::PART_RECORD;
use crate::sync::api::MailboxAnswer;

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Arrives,
    ArrivesTwice,
    RequestLost,
    AnswerLost,
    ArrivesLater,
    MeetsBusyServer,
}

/// What a phone handed over.
#[derive(Debug, Clone)]
enum Parcel {
    Report(ReportId, Vec<u8>),
    Note(NoteId, Vec<u8>),
}

/// The bytes that follow a report: some have a part of their own, some have two.
fn parts_of(n: u8) -> Vec<Vec<u8>> {
    match n % 3 {
        1 => vec![vec![n; PART_RECORD + 10]],
        2 => vec![vec![n; 10], vec![n; PART_RECORD]],
        _ => vec![],
    }
}

fn named(n: u8) -> Vec<Part> {
    let part = |(at, bytes): (u8, Vec<u8>)| Part {
        id: PartId::from_random([n + 100 * at; 16]),
        length: bytes.len() as u32,
        sha256: hash(&bytes),
    };
    (0..).zip(parts_of(n)).map(part).collect()
}

fn hash(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}

#[derive(Debug, Clone)]
struct Server {
    reports: BTreeMap<ReportId, (Vec<u8>, u64)>,
    parts: BTreeMap<PartId, Vec<u8>>,
    /// Reports with parts that were ended.
    ended: BTreeSet<ReportId>,
    /// It has been set back to a release that cannot read what phones send.
    older: bool,
    proof: Option<Proof>,
    notes: BTreeMap<NoteId, Vec<u8>>,
    places: Vec<(PlaceId, bool)>,
    scheme: Scheme,
    mark: u64,
}

struct World {
    server: Server,
    backup: Option<Server>,
    lives: u8,
    fates: VecDeque<Fate>,
    on_its_way: Vec<Parcel>,
    now: Timestamp,
    puts: usize,
    chunks: usize,
    /// Notes ever taken in, of whatever life of the server.
    taken: BTreeMap<NoteId, Vec<u8>>,
    /// What the round under way has sent.
    sent: Vec<Parcel>,
}

impl Server {
    fn put(&mut self, id: &ReportId, bytes: &[u8]) -> Answer {
        if self.older {
            return Answer::Refused(Refusal::Malformed);
        }
        match self.reports.get(id) {
            Some((there, _)) if there != bytes => return Answer::Refused(Refusal::OtherBytes),
            Some(_) => {}
            None => {
                self.mark += 1;
                self.reports.insert(id.clone(), (bytes.to_vec(), self.mark));
            }
        }
        let missing = self.missing(id);
        if !missing.is_empty() {
            return Answer::Wants(missing);
        }
        Answer::Stored {
            epoch: self.scheme.epoch.clone(),
            mark: self.end(id),
            proof: self.proof.clone(),
        }
    }

    /// With its parts it has a new mark: a backup made before has the text alone.
    fn end(&mut self, id: &ReportId) -> u64 {
        let (sent, mark) = self.reports.get_mut(id).expect("there");
        if !parts_of(sent[0]).is_empty() && self.ended.insert(id.clone()) {
            self.mark += 1;
            *mark = self.mark;
        }
        *mark
    }

    fn missing(&self, id: &ReportId) -> Vec<Missing> {
        let (sent, _) = &self.reports[id];
        let missing = |part: Part| {
            let offset = self.parts.get(&part.id).map_or(0, Vec::len) as u32;
            (offset < part.length).then_some(Missing {
                id: part.id,
                offset,
            })
        };
        named(sent[0]).into_iter().filter_map(missing).collect()
    }

    fn commit(&mut self, id: &ReportId) -> Answer {
        match self.reports.get(id).cloned() {
            Some((bytes, _)) => self.put(id, &bytes),
            None => Answer::Unknown,
        }
    }

    fn chunk(&mut self, id: &ReportId, part: &PartId, offset: u32, chunk: &[u8]) -> PartAnswer {
        let Some((sent, _)) = self.reports.get(id) else {
            return PartAnswer::Unknown;
        };
        let there = self.parts.entry(part.clone()).or_default();
        if there.len() == offset as usize {
            there.extend_from_slice(chunk);
        }
        let mut named = named(sent[0]).into_iter();
        let promised = named.find(|named| named.id == *part).expect("of its own");
        if there.len() == promised.length as usize && hash(there) != promised.sha256 {
            there.clear();
            return PartAnswer::Damaged;
        }
        PartAnswer::At(there.len() as u32)
    }

    fn set(&self) -> BTreeMap<PlaceId, Place> {
        let mut set = BTreeMap::new();
        for (at, (id, kept)) in self.places.iter().enumerate() {
            match kept {
                true => set.insert(id.clone(), place(id.as_str(), at as u64 + 1)),
                false => set.remove(id),
            };
        }
        set
    }

    fn pull(&self, after: &Cursor) -> Delta {
        let from = after.0.parse().unwrap_or(0).min(self.places.len());
        let to = (from + 2).min(self.places.len());
        let set = self.set();
        let touched: BTreeSet<_> = self.places[from..to].iter().map(|(id, _)| id).collect();
        let (there, gone): (Vec<_>, Vec<_>) =
            touched.into_iter().partition(|id| set.contains_key(*id));
        Delta {
            places: there.into_iter().map(|id| set[id].clone()).collect(),
            gone: gone.into_iter().cloned().collect(),
            cursor: Cursor(to.to_string()),
            more: to < self.places.len(),
            whole: digest(set.values()),
        }
    }
}

impl World {
    fn new(root: &RootSeed) -> Self {
        let server = Server {
            reports: BTreeMap::new(),
            parts: BTreeMap::new(),
            ended: BTreeSet::new(),
            older: false,
            proof: None,
            notes: BTreeMap::new(),
            places: vec![],
            scheme: scheme_of(root, 1),
            mark: 0,
        };
        Self {
            server,
            backup: None,
            lives: 1,
            fates: VecDeque::new(),
            on_its_way: vec![],
            now: NOW,
            puts: 0,
            chunks: 0,
            taken: BTreeMap::new(),
            sent: vec![],
        }
    }

    fn back_up(&mut self) {
        let mut backup = self.server.clone();
        // Parts that are not whole are in no backup.
        let unfinished = backup.reports.keys().flat_map(|id| self.server.missing(id));
        for missing in unfinished {
            backup.parts.remove(&missing.id);
        }
        self.backup = Some(backup);
        self.server.scheme.backed_up_through = self.server.mark;
    }

    /// From the newest backup, into a new life.
    fn restore(&mut self) {
        if let Some(backup) = &self.backup {
            self.server = backup.clone();
            self.lives += 1;
            self.server.scheme.epoch = epoch(self.lives);
        }
    }

    fn deliver_late(&mut self) {
        match self.on_its_way.pop() {
            Some(Parcel::Report(id, bytes)) => drop(self.server.put(&id, &bytes)),
            Some(Parcel::Note(id, bytes)) => drop(self.note(&id, &bytes)),
            None => {}
        }
    }

    fn note(&mut self, id: &NoteId, bytes: &[u8]) -> NoteAnswer {
        let before = self.taken.insert(id.clone(), bytes.to_vec());
        assert!(
            before.is_none_or(|before| before == bytes),
            "{id} has changed"
        );
        self.server.notes.insert(id.clone(), bytes.to_vec());
        NoteAnswer::Taken
    }

    fn fate(&mut self) -> Fate {
        self.fates.pop_front().unwrap_or(Fate::Arrives)
    }

    fn pulled<T>(&mut self, answer: impl FnOnce(&Server) -> T) -> Pulled<T> {
        match self.fate() {
            Fate::Arrives | Fate::ArrivesTwice => Pulled::Got(answer(&self.server)),
            Fate::RequestLost | Fate::AnswerLost | Fate::ArrivesLater => Pulled::Silence,
            Fate::MeetsBusyServer => Pulled::Later(1_000),
        }
    }
}

impl Api for RefCell<World> {
    async fn put_report(&self, id: &ReportId, envelope: &[u8]) -> Answer {
        let mut world = self.borrow_mut();
        world.puts += 1;
        world
            .sent
            .push(Parcel::Report(id.clone(), envelope.to_vec()));
        match world.fate() {
            Fate::Arrives => world.server.put(id, envelope),
            Fate::ArrivesTwice => {
                world.server.put(id, envelope);
                world.server.put(id, envelope)
            }
            Fate::RequestLost => Answer::Silence,
            Fate::AnswerLost => {
                world.server.put(id, envelope);
                Answer::Silence
            }
            Fate::ArrivesLater => {
                let late = Parcel::Report(id.clone(), envelope.to_vec());
                world.on_its_way.push(late);
                Answer::Silence
            }
            Fate::MeetsBusyServer => Answer::Later(1_000),
        }
    }

    async fn commit(&self, id: &ReportId) -> Answer {
        let mut world = self.borrow_mut();
        match world.fate() {
            Fate::Arrives | Fate::ArrivesTwice => world.server.commit(id),
            Fate::RequestLost | Fate::AnswerLost | Fate::ArrivesLater => Answer::Silence,
            Fate::MeetsBusyServer => Answer::Later(1_000),
        }
    }

    async fn put_chunk(
        &self,
        id: &ReportId,
        part: &PartId,
        offset: u32,
        chunk: &[u8],
    ) -> PartAnswer {
        let mut world = self.borrow_mut();
        world.chunks += 1;
        match world.fate() {
            Fate::Arrives => world.server.chunk(id, part, offset, chunk),
            Fate::ArrivesTwice => {
                world.server.chunk(id, part, offset, chunk);
                world.server.chunk(id, part, offset, chunk)
            }
            Fate::RequestLost => PartAnswer::Silence,
            Fate::AnswerLost => {
                world.server.chunk(id, part, offset, chunk);
                PartAnswer::Silence
            }
            // It broke off on its way: what came of it is kept.
            Fate::ArrivesLater => {
                let half = &chunk[..chunk.len() / 2];
                world.server.chunk(id, part, offset, half);
                PartAnswer::Silence
            }
            Fate::MeetsBusyServer => PartAnswer::Later(1_000),
        }
    }

    async fn put_note(&self, id: &NoteId, note: &[u8]) -> NoteAnswer {
        let mut world = self.borrow_mut();
        world.sent.push(Parcel::Note(id.clone(), note.to_vec()));
        match world.fate() {
            Fate::Arrives => world.note(id, note),
            Fate::ArrivesTwice => {
                world.note(id, note);
                world.note(id, note)
            }
            Fate::RequestLost | Fate::MeetsBusyServer => NoteAnswer::Later,
            Fate::AnswerLost => {
                world.note(id, note);
                NoteAnswer::Later
            }
            Fate::ArrivesLater => {
                world
                    .on_its_way
                    .push(Parcel::Note(id.clone(), note.to_vec()));
                NoteAnswer::Later
            }
        }
    }

    async fn scheme(&self) -> Pulled<Scheme> {
        self.borrow_mut().pulled(|server| server.scheme.clone())
    }

    async fn places(&self, after: &Cursor) -> Pulled<Delta> {
        self.borrow_mut().pulled(|server| server.pull(after))
    }

    async fn mailbox(&self, _: &MailboxId, _: &[u8; 32]) -> Pulled<MailboxState> {
        Pulled::Silence
    }

    async fn put_message(
        &self,
        _: &MailboxId,
        _: &[u8; 32],
        _: &MessageId,
        _: &[u8],
    ) -> MailboxAnswer {
        MailboxAnswer::Unreached
    }

    async fn withdraw(&self, _: &MailboxId, _: &[u8; 32]) -> MailboxAnswer {
        MailboxAnswer::Unreached
    }
}

#[derive(Debug, Clone)]
enum Event {
    Write(usize, Phone),
    Help(usize, u32),
    Round(usize),
    Later(i64),
    SetClockBack(usize),
    Place(PlaceId, bool),
    BackUp,
    Restore,
    DeliverLate,
}

struct Handset {
    storage: Memory,
    behind: i64,
}

impl Handset {
    fn waits_for(&self, id: &NoteId) -> bool {
        let notes = at_once(self.storage.notes()).expect("readable");
        notes.iter().any(|waiting| waiting.id == *id)
    }
}

/// A phone of a story, with its own clock.
struct Handheld<'a> {
    story: &'a Story,
    phone: usize,
    drawn: Cell<u32>,
}

impl Device for Handheld<'_> {
    fn now(&self) -> Timestamp {
        self.story.now(self.phone)
    }

    fn chance(&self) -> u32 {
        let drawn = self.drawn.get();
        self.drawn
            .set(drawn.wrapping_mul(0x9E37_79B1).wrapping_add(0x7F4A_7C15));
        drawn
    }
}

/// Everything that was ever written, and whether its phone let go of it as a watched one does.
struct Story {
    world: RefCell<World>,
    phones: [Handset; 2],
    written: Vec<(ReportId, usize, Phone)>,
    helped: Vec<NoteId>,
}

impl Story {
    fn new(root: &RootSeed, fates: Vec<Fate>) -> Self {
        let world = World {
            fates: fates.into(),
            ..World::new(root)
        };
        // One phone's clock is ten years behind.
        let phones = [0, 3_650 * DAY].map(|behind| Handset {
            storage: Memory::default(),
            behind,
        });
        Self {
            world: world.into(),
            phones,
            written: vec![],
            helped: vec![],
        }
    }

    fn now(&self, phone: usize) -> Timestamp {
        self.world.borrow().now.plus(-self.phones[phone].behind)
    }

    fn round(&self, phone: usize) -> Report {
        self.world.borrow_mut().sent.clear();
        let device = Handheld {
            story: self,
            phone,
            drawn: Cell::new(phone as u32),
        };
        let done = at_once(round(&self.phones[phone].storage, &self.world, &device));
        self.check_nothing_is_tied();
        done.expect("room")
    }

    /// A note travels alone: with no report beside it, and no other note.
    fn check_nothing_is_tied(&self) {
        let world = self.world.borrow();
        let notes = world
            .sent
            .iter()
            .filter(|sent| matches!(sent, Parcel::Note(..)));
        assert!(
            notes.count() == 0 || world.sent.len() == 1,
            "{:?}",
            world.sent
        );
    }

    fn help(&mut self, phone: usize, chance: u32) {
        let n = self.helped.len() as u8;
        let made = note(n, 0);
        let waiting = made.put_off(chance, self.now(phone));
        at_once(self.phones[phone].storage.keep_note(&waiting)).expect("room");
        self.helped.push(waiting.id);
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Write(phone, kind) => self.write(phone, kind),
            Event::Help(phone, chance) => self.help(phone, chance),
            Event::Round(phone) => drop(self.round(phone)),
            Event::Later(by) => {
                let world = self.world.get_mut();
                world.now = world.now.plus(by);
            }
            Event::SetClockBack(phone) => self.phones[phone].behind += 400 * DAY,
            Event::Place(id, kept) => self.world.get_mut().server.places.push((id, kept)),
            Event::BackUp => self.world.get_mut().back_up(),
            Event::Restore => self.world.get_mut().restore(),
            Event::DeliverLate => self.world.get_mut().deliver_late(),
        }
    }

    fn write(&mut self, phone: usize, kind: Phone) {
        let n = self.written.len() as u8;
        let new = Entry::new(report_id(n), kind, self.now(phone)).with_parts(named(n));
        let storage = &self.phones[phone].storage;
        for (part, bytes) in new.parts.iter().zip(parts_of(n)) {
            for (at, record) in (0..).zip(bytes.chunks(PART_RECORD)) {
                let kept = storage.keep_part_record(&new.id, &part.id, at, record);
                at_once(kept).expect("room");
            }
        }
        at_once(storage.queue(&new, &[n, phone as u8])).expect("room");
        self.written.push((report_id(n), phone, kind));
    }

    /// Nothing is ever lost, and no screen ever says more than is true.
    fn check(&self) {
        let world = self.world.borrow();
        for (id, phone, kind) in &self.written {
            let storage = &self.phones[*phone].storage;
            let held = at_once(storage.envelope(id)).expect("readable").is_some();
            let outbox = at_once(storage.outbox()).expect("readable");
            let kept = outbox.iter().find(|kept| kept.entry.id == *id);
            let there = world.server.reports.contains_key(id);
            let gone_as_promised = *kind == Phone::Watched && kept.is_none();
            assert!(there || held || gone_as_promised, "{id} is lost");
            match kept.map(|kept| &kept.entry.delivery) {
                Some(Delivery::Waiting { .. }) => assert!(held, "{id} waits without bytes"),
                Some(Delivery::Stored { epoch, bytes, .. }) => {
                    assert!(
                        there || *epoch != world.server.scheme.epoch,
                        "{id} is not stored"
                    );
                    let whole = !there || world.server.missing(id).is_empty();
                    assert!(
                        whole || *epoch != world.server.scheme.epoch,
                        "{id} lacks a part"
                    );
                    assert_eq!(held, *bytes == Bytes::Held);
                }
                Some(Delivery::Parked { why }) => panic!("{id} refused: {why:?}"),
                None => assert_eq!(*kind, Phone::Watched),
            }
        }
        for id in &self.helped {
            let waits = (self.phones.iter()).any(|phone| phone.waits_for(id));
            assert!(waits || world.taken.contains_key(id), "{id} is lost");
        }
    }

    /// The network heals: after a few rounds everything has arrived, once, as it was written.
    fn ends_well(&mut self) {
        self.world.get_mut().fates.clear();
        for _ in 0..3 {
            self.happens(Event::Later(HOUR));
            (0..2).for_each(|phone| drop(self.round(phone)));
            self.check();
        }
        let server = self.world.borrow().server.clone();
        for (n, (id, phone, kind)) in self.written.iter().enumerate() {
            match server.reports.get(id) {
                Some((bytes, _)) => {
                    assert_eq!(*bytes, [n as u8, *phone as u8]);
                    // A watched phone lets go of parts that no backup has.
                    assert!(*kind == Phone::Watched || server.missing(id).is_empty());
                    for (part, bytes) in named(n as u8).iter().zip(parts_of(n as u8)) {
                        let there = server.parts.get(&part.id);
                        assert!(there.is_none_or(|there| bytes.starts_with(there)));
                    }
                }
                // A watched phone holds nothing that could be offered again after a restore.
                None => assert_eq!(*kind, Phone::Watched),
            }
        }
        // One note in a round: each of them has its turn.
        for _ in 0..=2 * self.helped.len() {
            self.happens(Event::Later(LATEST));
            (0..2).for_each(|phone| drop(self.round(phone)));
            self.check();
        }
        for id in &self.helped {
            assert!(
                self.world.borrow().taken.contains_key(id),
                "{id} has not arrived"
            );
        }
        for phone in 0..2 {
            let held = at_once(self.phones[phone].storage.places()).expect("readable");
            assert_eq!(held.places, server.set());
            assert_eq!(self.round(phone).next, None, "nothing waits");
        }
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Arrives),
        1 => Just(Fate::ArrivesTwice),
        1 => Just(Fate::RequestLost),
        2 => Just(Fate::AnswerLost),
        1 => Just(Fate::ArrivesLater),
        1 => Just(Fate::MeetsBusyServer),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![3 => Just(Phone::Mine), 1 => Just(Phone::Watched)];
    let id = prop::sample::select(vec!["aa", "bb", "cc", "dd"]);
    prop_oneof![
        3 => (0usize..2, kind).prop_map(|(phone, kind)| Event::Write(phone, kind)),
        2 => (0usize..2, any::<u32>()).prop_map(|(phone, chance)| Event::Help(phone, chance)),
        6 => (0usize..2).prop_map(Event::Round),
        2 => (0..HOUR).prop_map(Event::Later),
        1 => (0..LATEST).prop_map(Event::Later),
        1 => (0usize..2).prop_map(Event::SetClockBack),
        2 => (id, prop::bool::weighted(0.7)).prop_map(|(id, kept)| Event::Place(id.parse().expect("id"), kept)),
        1 => Just(Event::BackUp),
        1 => Just(Event::Restore),
        1 => Just(Event::DeliverLate),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn every_report_and_every_note_arrives_once_whatever_happens(
        events in prop::collection::vec(event(), 0..40),
        fates in prop::collection::vec(fate(), 0..120),
    ) {
        let mut story = Story::new(&RootSeed::draw().expect("randomness"), fates);
        for event in events {
            story.happens(event);
            story.check();
        }
        story.ends_well();
    }
}

fn story(fates: &[Fate]) -> (RootSeed, Story) {
    let root = RootSeed::draw().expect("randomness");
    let mut story = Story::new(&root, fates.to_vec());
    story.write(0, Phone::Mine);
    (root, story)
}

#[test]
fn a_first_round_learns_sends_and_pulls() {
    let (_, mut story) = story(&[]);
    story.happens(Event::Place("aa".parse().expect("id"), true));
    let report = story.round(0);
    assert_eq!(
        report.changed,
        [Change::Scheme, Change::Outbox, Change::Places]
    );
    assert!(report.reached && report.next.is_none());
    let nothing_new = Report {
        reached: true,
        ..Report::default()
    };
    assert_eq!(story.round(0), nothing_new);
}

#[test]
fn without_a_network_it_waits_and_is_not_busy() {
    let (_, story) = story(&[Fate::RequestLost, Fate::RequestLost]);
    let report = story.round(0);
    assert!(!report.reached);
    assert_eq!(report.next, Some(PAUSE));
}

#[test]
fn however_long_the_silence_was_it_is_sent_as_soon_as_the_network_is_back() {
    let (_, mut story) = story(&[]);
    for _ in 0..9 {
        story.world.get_mut().fates.extend([Fate::RequestLost; 2]);
        story.round(0);
        story.happens(Event::Later(HOUR));
    }
    story.world.get_mut().fates.extend([Fate::RequestLost; 2]);
    story.round(0);
    story.round(0);
    assert_eq!(story.world.borrow().server.reports.len(), 1);
}

#[test]
fn a_busy_server_is_given_the_time_it_asked_for() {
    let (_, mut story) = story(&[Fate::Arrives, Fate::MeetsBusyServer]);
    let report = story.round(0);
    assert_eq!((report.next, story.world.borrow().puts), (Some(PAUSE), 1));
    story.round(0);
    assert_eq!(story.world.borrow().puts, 1);
    story.happens(Event::Later(PAUSE - 1));
    story.round(0);
    assert_eq!(story.world.borrow().puts, 1);
    story.happens(Event::Later(1));
    story.round(0);
    assert_eq!(
        (
            story.world.borrow().puts,
            story.world.borrow().server.reports.len()
        ),
        (2, 1)
    );
}

#[test]
fn a_clock_that_was_set_back_makes_no_hour_longer() {
    let (_, story) = story(&[]);
    let until = story.now(0).plus(HOUR + 1).0.to_string();
    at_once(story.phones[0].storage.keep_setting(BUSY, &until)).expect("room");
    story.round(0);
    assert!(matches!(delivery_of(&story, 0), Delivery::Stored { .. }));
}

#[test]
fn who_asks_for_a_try_is_not_told_to_wait() {
    use Fate::{Arrives, MeetsBusyServer};
    let insists = |story: &Story| {
        at_once(insist(&story.phones[0].storage, story.now(0))).expect("room");
    };
    let (_, busy) = story(&[Arrives, MeetsBusyServer]);
    busy.round(0);
    insists(&busy);
    busy.round(0);
    assert!(matches!(delivery_of(&busy, 0), Delivery::Stored { .. }));

    let (_, mut older) = story(&[]);
    older.world.get_mut().server.older = true;
    older.round(0);
    older.world.get_mut().server.older = false;
    older.round(0);
    assert_eq!(older.world.borrow().puts, 1);
    insists(&older);
    older.round(0);
    let stored = delivery_of(&older, 0);
    assert!(matches!(stored, Delivery::Stored { .. }));
    insists(&older);
    assert_eq!(delivery_of(&older, 0), stored);
}

#[test]
fn bytes_are_held_until_a_backup_covers_them() {
    let (_, mut story) = story(&[]);
    let held = |story: &Story| {
        story.round(0);
        at_once(story.phones[0].storage.envelope(&report_id(0)))
            .expect("readable")
            .is_some()
    };
    assert!(held(&story));
    story.happens(Event::BackUp);
    assert!(!held(&story));
}

#[test]
fn a_stranger_with_another_root_cannot_make_phones_let_go() {
    let (_, mut story) = story(&[]);
    story.round(0);
    let stranger = RootSeed::draw().expect("randomness");
    let before = at_once(story.phones[0].storage.scheme());
    story.world.get_mut().server.scheme = Scheme {
        backed_up_through: 99,
        ..scheme_of(&stranger, 2)
    };
    assert_eq!(story.round(0).refused, Some(Refused::OtherRoot));
    assert_eq!(at_once(story.phones[0].storage.scheme()), before);
    assert!(
        at_once(story.phones[0].storage.envelope(&report_id(0)))
            .expect("readable")
            .is_some()
    );
}

#[test]
fn a_stranger_with_another_root_is_given_nothing() {
    let (root, mut story) = story(&[]);
    story.round(0);
    let stranger = RootSeed::draw().expect("randomness");
    story.world.get_mut().server.scheme = scheme_of(&stranger, 2);
    story.write(0, Phone::Watched);
    let report = story.round(0);
    assert_eq!(report.refused, Some(Refused::OtherRoot));
    assert_eq!(report.next, Some(HOUR / 4));
    assert!(story.world.borrow().sent.is_empty());
    story.world.get_mut().server.scheme = scheme_of(&root, 1);
    story.round(0);
    story.check();
    let watched = &story.written[1].0;
    assert!(story.world.borrow().server.reports.contains_key(watched));
}

#[test]
fn an_older_keyset_is_refused_and_a_newer_one_taken() {
    let (root, mut story) = story(&[]);
    for (version, taken) in [(3, true), (2, false), (4, true)] {
        story.world.get_mut().server.scheme = scheme_of(&root, version);
        assert_eq!(story.round(0).refused.is_none(), taken, "version {version}");
    }
}

#[test]
fn places_that_drifted_are_healed() {
    let (_, mut story) = story(&[]);
    for id in ["aa", "bb", "cc"] {
        story.happens(Event::Place(id.parse().expect("id"), true));
    }
    story.round(0);
    let storage = &story.phones[0].storage;
    let mut drifted = at_once(storage.places()).expect("readable");
    drifted.places.pop_first();
    at_once(storage.keep_places(&drifted)).expect("room");
    assert_eq!(story.round(0).changed, [Change::Places]);
    assert_eq!(at_once(storage.places()).expect("readable").places.len(), 3);
}

#[test]
fn a_phone_without_room_says_so() {
    let (_, story) = story(&[]);
    story.phones[0].storage.fill_up();
    let device = Handheld {
        story: &story,
        phone: 0,
        drawn: Cell::new(0),
    };
    let done = at_once(round(&story.phones[0].storage, &story.world, &device));
    assert_eq!(done, Err(Error::Full));
    assert!(!entry(0, Phone::Mine).is_due(NOW.plus(-1)));
}

/// Notes that a phone still keeps, and those the server has.
fn notes(story: &Story) -> (usize, usize) {
    let waiting = at_once(story.phones[0].storage.notes()).expect("readable");
    let taken = story.world.borrow().server.notes.len();
    (waiting.len(), taken)
}

/// A story whose report has gone, and in which somebody was helped.
fn helped(chance: u32) -> Story {
    let (_, mut story) = story(&[]);
    story.round(0);
    story.help(0, chance);
    story
}

#[test]
fn a_note_waits_for_its_moment_and_then_goes() {
    let mut story = helped(0);
    assert_eq!(story.round(0).next, Some(SOONEST));
    story.happens(Event::Later(SOONEST - 1));
    assert_eq!(story.round(0).next, Some(1));
    assert_eq!(notes(&story), (1, 0));
    story.happens(Event::Later(1));
    assert_eq!(story.round(0).next, None);
    assert_eq!(notes(&story), (0, 1));
}

#[test]
fn a_note_does_not_go_beside_a_report_and_draws_another_moment() {
    let mut story = helped(0);
    story.happens(Event::Later(SOONEST));
    story.write(0, Phone::Mine);
    let next = story.round(0).next.expect("it waits");
    assert_eq!(notes(&story), (1, 0));
    assert!(next >= SOONEST, "{next}");
    story.happens(Event::Later(SOONEST - 1));
    story.round(0);
    assert_eq!(notes(&story), (1, 0));
    story.happens(Event::Later(LATEST));
    story.round(0);
    assert_eq!(notes(&story), (0, 1));
}

#[test]
fn a_report_that_was_tried_in_vain_keeps_notes_back_as_well() {
    let mut story = helped(0);
    story.happens(Event::Later(SOONEST));
    story.write(0, Phone::Mine);
    story.world.get_mut().fates = [Fate::Arrives, Fate::RequestLost].into();
    story.round(0);
    assert_eq!(notes(&story), (1, 0));
}

#[test]
fn two_notes_never_go_in_one_round() {
    let mut story = helped(0);
    story.help(0, 1);
    story.happens(Event::Later(LATEST));
    let next = story.round(0).next.expect("one still waits");
    assert_eq!(notes(&story), (1, 1));
    assert!(next >= SOONEST, "{next}");
    story.happens(Event::Later(LATEST));
    story.round(0);
    assert_eq!(notes(&story), (0, 2));
}

#[test]
fn a_note_whose_answer_was_lost_goes_again_under_the_same_id() {
    let mut story = helped(0);
    for fate in [Fate::AnswerLost, Fate::MeetsBusyServer, Fate::RequestLost] {
        story.happens(Event::Later(LATEST));
        story.world.get_mut().fates = [Fate::Arrives, Fate::Arrives, fate].into();
        let next = story.round(0).next.expect("it waits");
        assert!(next >= SOONEST, "{next}");
        assert_eq!(notes(&story), (1, 1));
    }
    story.happens(Event::Later(LATEST));
    story.round(0);
    assert_eq!(notes(&story), (0, 1));
}

#[test]
fn without_a_network_a_note_waits_quietly() {
    let mut story = helped(0);
    story.happens(Event::Later(SOONEST));
    story.world.get_mut().fates = [Fate::RequestLost].into();
    assert_eq!(story.round(0).next, Some(HOUR / 4));
    assert_eq!(notes(&story), (1, 0));
    story.round(0);
    assert_eq!(notes(&story), (0, 1));
}

#[test]
fn a_note_that_will_never_be_taken_is_let_go() {
    let story = helped(0);
    struct Refusing<'a>(&'a RefCell<World>);
    impl Api for Refusing<'_> {
        async fn put_report(&self, id: &ReportId, envelope: &[u8]) -> Answer {
            self.0.put_report(id, envelope).await
        }
        async fn commit(&self, id: &ReportId) -> Answer {
            self.0.commit(id).await
        }
        async fn put_chunk(&self, id: &ReportId, part: &PartId, at: u32, c: &[u8]) -> PartAnswer {
            self.0.put_chunk(id, part, at, c).await
        }
        async fn put_message(
            &self,
            _: &MailboxId,
            _: &[u8; 32],
            _: &MessageId,
            _: &[u8],
        ) -> MailboxAnswer {
            MailboxAnswer::Unreached
        }
        async fn withdraw(&self, _: &MailboxId, _: &[u8; 32]) -> MailboxAnswer {
            MailboxAnswer::Unreached
        }
        async fn put_note(&self, _: &NoteId, _: &[u8]) -> NoteAnswer {
            NoteAnswer::Refused
        }
        async fn scheme(&self) -> Pulled<Scheme> {
            self.0.scheme().await
        }
        async fn places(&self, after: &Cursor) -> Pulled<Delta> {
            self.0.places(after).await
        }
        async fn mailbox(&self, id: &MailboxId, token: &[u8; 32]) -> Pulled<MailboxState> {
            self.0.mailbox(id, token).await
        }
    }
    story.world.borrow_mut().now = NOW.plus(LATEST);
    let device = Handheld {
        story: &story,
        phone: 0,
        drawn: Cell::new(0),
    };
    let storage = &story.phones[0].storage;
    let done = at_once(round(storage, &Refusing(&story.world), &device)).expect("room");
    assert_eq!((done.next, notes(&story)), (None, (0, 0)));
}

/// A phone with a report of one part, and a world that has it.
fn with_part(fates: &[Fate]) -> Story {
    let (_, mut story) = story(fates);
    story.write(0, Phone::Mine);
    story
}

fn of_part(story: &Story) -> Entry {
    let outbox = at_once(story.phones[0].storage.outbox()).expect("readable");
    let found = outbox
        .into_iter()
        .find(|kept| kept.entry.id == report_id(1));
    found.expect("there").entry
}

#[test]
fn texts_go_first_and_parts_follow_in_the_same_round() {
    let story = with_part(&[]);
    story.round(0);
    let world = story.world.borrow();
    assert_eq!(world.server.parts[&named(1)[0].id], parts_of(1)[0]);
    assert!(matches!(of_part(&story).delivery, Delivery::Stored { .. }));
}

#[test]
fn a_part_that_broke_off_goes_on_where_the_server_says_and_progress_is_shown() {
    use Fate::{Arrives, ArrivesLater};
    let story = with_part(&[Arrives, Arrives, Arrives, ArrivesLater]);
    story.round(0);
    let entry = of_part(&story);
    assert!(matches!(entry.delivery, Delivery::Waiting { tries: 1, .. }));
    assert_eq!(entry.progress().map(|progress| progress.done), Some(0));
    let puts = story.world.borrow().puts;
    story.round(0);
    assert_eq!(story.world.borrow().puts, puts, "the text went again");
    let entry = of_part(&story);
    let progress = entry.progress().expect("some");
    assert_eq!(progress.done, progress.all);
    assert!(matches!(entry.delivery, Delivery::Stored { .. }));
}

#[test]
fn a_server_that_lost_the_text_is_given_it_again() {
    use Fate::{Arrives, RequestLost};
    let story = with_part(&[Arrives, Arrives, Arrives, RequestLost]);
    story.round(0);
    story.world.borrow_mut().server.reports.clear();
    story.round(0);
    assert!(matches!(of_part(&story).delivery, Delivery::Stored { .. }));
}

#[test]
fn a_part_whose_bytes_are_gone_is_parked_and_not_tried_for_ever() {
    let story = with_part(&[]);
    let part = &named(1)[0].id;
    at_once(story.phones[0].storage.remove_part(&report_id(1), part)).expect("room");
    story.round(0);
    let why = Refusal::PartsGone;
    assert_eq!(of_part(&story).delivery, Delivery::Parked { why });
}

/// A phone with a report of two parts; the first is ten bytes.
fn with_two_parts() -> Story {
    let mut story = with_part(&[]);
    story.write(0, Phone::Mine);
    story
}

fn delivery_of(story: &Story, n: u8) -> Delivery {
    let outbox = at_once(story.phones[0].storage.outbox()).expect("readable");
    let found = (outbox.into_iter()).find(|kept| kept.entry.id == report_id(n));
    found.expect("there").entry.delivery
}

const PARTS_GONE: Delivery = Delivery::Parked {
    why: Refusal::PartsGone,
};

#[test]
fn a_part_that_was_damaged_on_the_phone_is_given_up_and_keeps_no_other_back() {
    let story = with_two_parts();
    let [first, second] = &named(2)[..] else {
        panic!("two parts")
    };
    let (storage, id) = (&story.phones[0].storage, report_id(2));
    at_once(storage.keep_part_record(&id, &first.id, 0, b"0123456789")).expect("room");
    story.round(0);
    assert_eq!(delivery_of(&story, 2), PARTS_GONE);
    assert_eq!(story.round(0).next, None, "nothing waits");
    let world = story.world.borrow();
    assert!(world.server.reports.contains_key(&report_id(2)));
    assert_eq!(world.server.parts[&second.id], parts_of(2)[1]);
    // Two of the other report's part, one of each of these.
    assert_eq!(world.chunks, 4, "it was sent again");
}

#[test]
fn a_part_that_was_damaged_on_its_way_is_sent_again_after_a_pause() {
    let mut story = with_two_parts();
    let first = &named(2)[0].id;
    let parts = &mut story.world.get_mut().server.parts;
    parts.insert(first.clone(), b"01234".to_vec());
    story.round(0);
    let sent = story.world.borrow().chunks;
    story.round(0);
    assert_eq!(story.world.borrow().chunks, sent);
    story.happens(Event::Later(HOUR));
    story.round(0);
    assert!(matches!(delivery_of(&story, 2), Delivery::Stored { .. }));
    assert_eq!(story.world.borrow().server.parts[first], parts_of(2)[0]);
}

#[test]
fn a_part_that_is_gone_keeps_no_other_back() {
    let story = with_two_parts();
    let [first, second] = &named(2)[..] else {
        panic!("two parts")
    };
    at_once(
        story.phones[0]
            .storage
            .remove_part(&report_id(2), &first.id),
    )
    .expect("room");
    story.round(0);
    assert_eq!(delivery_of(&story, 2), PARTS_GONE);
    assert_eq!(
        story.world.borrow().server.parts[&second.id],
        parts_of(2)[1]
    );
}

#[test]
fn a_server_that_was_set_back_for_an_hour_parks_nothing() {
    let (_, mut story) = story(&[]);
    story.write(0, Phone::Watched);
    story.world.get_mut().server.older = true;
    assert_eq!(story.round(0).next, Some(HOUR));
    story.round(0);
    // Each was tried, and neither again before its hour.
    assert_eq!(story.world.borrow().puts, 2);
    story.write(0, Phone::Mine);
    story.world.get_mut().server.older = false;
    story.round(0);
    assert!(matches!(delivery_of(&story, 2), Delivery::Stored { .. }));
    story.happens(Event::Later(HOUR));
    assert_eq!(story.round(0).next, None, "nothing waits");
    assert_eq!(story.world.borrow().server.reports.len(), 3);
}

#[test]
fn a_server_that_was_set_back_while_parts_were_on_their_way_parks_nothing() {
    use Fate::{Arrives, ArrivesLater};
    let mut story = with_part(&[Arrives, Arrives, Arrives, ArrivesLater]);
    story.round(0);
    story.world.get_mut().server.older = true;
    story.round(0);
    story.world.get_mut().server.older = false;
    story.happens(Event::Later(HOUR));
    story.round(0);
    assert!(matches!(of_part(&story).delivery, Delivery::Stored { .. }));
}

#[test]
fn what_no_server_could_read_for_days_is_said_and_not_sent_for_ever() {
    let (_, mut story) = story(&[]);
    story.world.get_mut().server.older = true;
    for _ in 0..3 * 24 {
        let waits = matches!(delivery_of(&story, 0), Delivery::Waiting { .. });
        assert!(waits, "{:?}", story.now(0));
        story.round(0);
        story.happens(Event::Later(HOUR));
    }
    story.round(0);
    let why = Refusal::Malformed;
    assert_eq!(delivery_of(&story, 0), Delivery::Parked { why });
    let held = at_once(story.phones[0].storage.envelope(&report_id(0)));
    assert!(held.expect("readable").is_some());
}

#[test]
fn a_note_goes_while_a_report_waits_for_a_server_that_can_read_it() {
    let mut story = helped(0);
    story.write(0, Phone::Mine);
    story.world.get_mut().server.older = true;
    story.round(0);
    story.happens(Event::Later(SOONEST));
    story.round(0);
    assert_eq!(notes(&story), (0, 1));
}

#[test]
fn that_the_server_asked_for_patience_goes_with_the_report_or_with_its_hour() {
    let asked = |story: &Story| at_once(story.phones[0].storage.setting(BUSY)).expect("readable");
    for lost in [false, true] {
        let root = RootSeed::draw().expect("randomness");
        let mut story = Story::new(&root, vec![Fate::Arrives, Fate::MeetsBusyServer]);
        story.write(0, Phone::Watched);
        story.round(0);
        assert!(asked(&story).is_some());
        story.round(0);
        assert!(asked(&story).is_some(), "it is still to be left alone");
        story.happens(Event::Later(PAUSE));
        if lost {
            story.world.get_mut().fates.extend([Fate::RequestLost; 2]);
        }
        story.round(0);
        assert_eq!(asked(&story), None);
        let outbox = at_once(story.phones[0].storage.outbox()).expect("readable");
        assert_eq!(outbox.len(), usize::from(lost));
    }
    let (_, mut taken_back) = story(&[Fate::Arrives, Fate::MeetsBusyServer]);
    taken_back.round(0);
    at_once(taken_back.phones[0].storage.remove(&report_id(0))).expect("room");
    taken_back.round(0);
    assert_eq!(asked(&taken_back), None);
    taken_back.write(0, Phone::Mine);
    taken_back.round(0);
    assert_eq!(taken_back.world.borrow().server.reports.len(), 1);
}

/// The proof that a server with this key signs beside that of another report.
fn proof(key: &SigningKey, report: &ReportId, sealed: &[u8]) -> Proof {
    let leaves = [
        leaf(&report_id(9), hash(b"another"), NOW),
        leaf(report, hash(sealed), NOW),
    ];
    let (root, ways) = tree(&leaves);
    Proof {
        hour: NOW,
        leaf: 1,
        beside: ways[1].clone(),
        signature: STANDARD.encode(key.sign(&signed(root)).to_bytes()),
        sealed: None,
    }
}

#[test]
fn a_proof_of_receipt_is_kept_whole_and_one_that_proves_nothing_is_left_out() {
    let (key, other) = (
        SigningKey::from_bytes(&[7; 32]),
        SigningKey::from_bytes(&[8; 32]),
    );
    let public = STANDARD.encode(key.verifying_key().as_bytes());
    let (id, sealed) = (report_id(0), b"age\nsealed");
    let kept = |proof_key: Option<&str>, proof: Proof| {
        let root = RootSeed::draw().expect("randomness");
        let mut story = Story::new(&root, vec![]);
        let server = &mut story.world.get_mut().server;
        server.scheme.proof_key = proof_key.map(str::to_owned);
        server.proof = Some(proof);
        let entry = Entry::new(id.clone(), Phone::Mine, NOW);
        let envelope = [&b"\0{}\n"[..], sealed].concat();
        at_once(story.phones[0].storage.queue(&entry, &envelope)).expect("room");
        story.round(0);
        let Delivery::Stored { proof, .. } = delivery_of(&story, 0) else {
            panic!("it is stored, whatever the proof says")
        };
        proof
    };
    let right = proof(&key, &id, sealed);
    let whole = kept(Some(&public), right.clone()).expect("it holds");
    assert_eq!(whole.sealed, Some(hash(sealed)));
    assert!(seal::proof::holds(&whole, &public, &id));
    assert_eq!(kept(None, right.clone()), None);
    assert_eq!(kept(Some("no key"), right), None);
    assert_eq!(kept(Some(&public), proof(&other, &id, sealed)), None);
    assert_eq!(
        kept(Some(&public), proof(&key, &report_id(1), sealed)),
        None
    );
    assert_eq!(kept(Some(&public), proof(&key, &id, b"other bytes")), None);
}
