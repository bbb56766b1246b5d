//! What every body of the storage contract must hold: run in memory and on IndexedDB.

use domain::card::{Card, Contact, Line};
use domain::delta::{Cursor, Held};
use domain::handover::{HandOver, Tap};
use domain::id::{PartId, PhotoId};
use domain::lock::{Name, Tries};
use domain::note::{Kind, LATEST, SOONEST};
use domain::outbox::{Answer, Bytes, Delivery, Refusal, Settled};
use domain::place::Place;
use domain::report::Phone;
use domain::usual_place::UsualPlace;
use seal::lock::{Key, Question, Record, Sealed};

use crate::samples::{NOW, entry, epoch, note, place, report_id, scheme};
use crate::storage::{FIRST, Kept, PaintedFront, Queued, Storage, Swap};

/// Runs everything; each case gets a storage of its own.
macro_rules! for_each_case {
    ($run:ident) => {
        $run!(
            a_card_is_kept_as_typed,
            a_deleted_card_is_gone,
            a_hand_over_is_kept_until_it_ends,
            a_deleted_card_ends_a_hand_over,
            photos_are_kept_while_something_names_them,
            usual_places_are_swapped_whole,
            what_is_queued_waits_with_its_bytes,
            queueing_twice_keeps_the_first_bytes,
            the_outbox_shows_the_newest_first,
            an_answer_is_written_down,
            a_watched_report_leaves_nothing,
            a_removed_entry_stays_removed,
            bytes_are_let_go_only_once_stored,
            a_stored_report_can_be_offered_again,
            parts_go_with_their_report,
            parts_of_nothing_are_swept,
            what_has_arrived_is_counted,
            notes_wait_by_their_moment,
            places_are_swapped_whole,
            many_places_are_kept_in_parts_and_leave_nothing_of_more,
            a_scheme_is_kept_with_its_pin,
            settings_are_kept_by_name,
            a_lock_is_kept_with_its_content,
            a_lock_is_kept_only_over_what_was_seen,
            content_follows_the_last_of_its_own_lock,
            a_deleted_lock_leaves_nothing,
            wrong_tries_are_kept,
        );
    };
}
pub(crate) use for_each_case;

const HELD: &str = "storage works";

fn card() -> Card {
    Card {
        name: " Ali ".into(),
        may: vec![Line::default(), Line::Own("be scared by no".into())],
        please: Line::ready("give-time").into_iter().collect(),
        contacts: vec![Contact {
            name: "Jo".into(),
            ..Contact::default()
        }],
        ..Card::default()
    }
}

fn front() -> PaintedFront {
    PaintedFront {
        html: "<h1>Ali</h1>".into(),
        language: "en".into(),
        version: "1".into(),
    }
}

fn stored(phone: Phone) -> Settled {
    let answer = Answer::Stored {
        epoch: epoch(1),
        mark: 9,
        proof: None,
    };
    entry(1, phone).settle(answer, NOW)
}

async fn queue(storage: &impl Storage, n: u8, phone: Phone) -> Queued {
    let entry = entry(n, phone);
    storage.queue(&entry, &[n, 0, 255]).await.expect(HELD)
}

async fn only(storage: &impl Storage) -> Kept {
    let mut outbox = storage.outbox().await.expect(HELD);
    assert_eq!(outbox.len(), 1);
    outbox.remove(0)
}

pub(crate) async fn a_card_is_kept_as_typed(storage: &impl Storage) {
    assert_eq!(storage.card().await, Ok(None));
    storage
        .keep_card(&card(), Some(&front()))
        .await
        .expect(HELD);
    assert_eq!(storage.card().await, Ok(Some(card())));
}

pub(crate) async fn a_deleted_card_is_gone(storage: &impl Storage) {
    storage
        .keep_card(&card(), Some(&front()))
        .await
        .expect(HELD);
    storage.delete_card().await.expect(HELD);
    storage.delete_card().await.expect("twice is harmless");
    assert_eq!(storage.card().await, Ok(None));
}

pub(crate) async fn a_hand_over_is_kept_until_it_ends(storage: &impl Storage) {
    let begun = HandOver::begin(2, NOW);
    assert_eq!(storage.handover().await, Ok(None));
    storage.keep_handover(&begun, &front()).await.expect(HELD);
    let rang = begun.after(Tap::Rings(1), 2, NOW);
    storage.keep_handover(&rang, &front()).await.expect(HELD);
    assert_eq!(storage.handover().await, Ok(Some(rang)));
    storage.end_handover().await.expect(HELD);
    storage.end_handover().await.expect("twice is harmless");
    assert_eq!(storage.handover().await, Ok(None));
}

pub(crate) async fn a_deleted_card_ends_a_hand_over(storage: &impl Storage) {
    storage
        .keep_card(&card(), Some(&front()))
        .await
        .expect(HELD);
    let begun = HandOver::begin(1, NOW);
    storage.keep_handover(&begun, &front()).await.expect(HELD);
    assert_eq!(storage.card().await, Ok(Some(card())));
    storage.delete_card().await.expect(HELD);
    assert_eq!(storage.handover().await, Ok(None));
}

pub(crate) async fn photos_are_kept_while_something_names_them(storage: &impl Storage) {
    let [mine, home] = [1, 2].map(|n| PhotoId::from_random([n; 16]));
    assert_eq!(storage.photo(&mine).await, Ok(None));
    storage.keep_photo(&mine, &[1, 0, 255]).await.expect(HELD);
    storage.keep_photo(&home, &[2]).await.expect(HELD);
    storage
        .sweep_photos(std::slice::from_ref(&mine))
        .await
        .expect(HELD);
    assert_eq!(storage.photo(&mine).await, Ok(Some(vec![1, 0, 255])));
    assert_eq!(storage.photo(&home).await, Ok(None));
}

pub(crate) async fn usual_places_are_swapped_whole(storage: &impl Storage) {
    let named = |name: &str| UsualPlace {
        name: name.into(),
        ..UsualPlace::default()
    };
    assert_eq!(storage.usual_places().await, Ok(Vec::new()));
    let all = [named("Home"), named("Bus stop")];
    storage.keep_usual_places(&all).await.expect(HELD);
    storage.keep_usual_places(&all[1..]).await.expect(HELD);
    assert_eq!(storage.usual_places().await, Ok(vec![named("Bus stop")]));
}

pub(crate) async fn what_is_queued_waits_with_its_bytes(storage: &impl Storage) {
    assert_eq!(queue(storage, 1, Phone::Mine).await, Queued::Now);
    assert_eq!(only(storage).await.entry, entry(1, Phone::Mine));
    assert_eq!(
        storage.envelope(&report_id(1)).await,
        Ok(Some(vec![1, 0, 255]))
    );
}

pub(crate) async fn queueing_twice_keeps_the_first_bytes(storage: &impl Storage) {
    queue(storage, 1, Phone::Mine).await;
    let again = storage.queue(&entry(1, Phone::Mine), b"other").await;
    assert_eq!(again, Ok(Queued::Before));
    assert_eq!(
        storage.envelope(&report_id(1)).await,
        Ok(Some(vec![1, 0, 255]))
    );
}

pub(crate) async fn the_outbox_shows_the_newest_first(storage: &impl Storage) {
    for n in [2, 3, 1] {
        queue(storage, n, Phone::Mine).await;
    }
    let outbox = storage.outbox().await.expect(HELD);
    let order: Vec<_> = outbox.into_iter().map(|kept| kept.entry.id).collect();
    assert_eq!(order, [report_id(3), report_id(2), report_id(1)]);
}

pub(crate) async fn an_answer_is_written_down(storage: &impl Storage) {
    queue(storage, 1, Phone::Mine).await;
    for answer in [
        Answer::Silence,
        Answer::Refused(Refusal::TooLarge),
        Answer::Stored {
            epoch: epoch(1),
            mark: 1 << 52,
            proof: None,
        },
    ] {
        let settled = entry(1, Phone::Mine).settle(answer, NOW);
        storage.record(&report_id(1), &settled).await.expect(HELD);
        let delivery = only(storage).await.entry.delivery;
        assert_eq!(Settled::Stays(delivery), settled);
    }
    assert!(storage.envelope(&report_id(1)).await.expect(HELD).is_some());
}

pub(crate) async fn a_watched_report_leaves_nothing(storage: &impl Storage) {
    queue(storage, 1, Phone::Watched).await;
    let settled = stored(Phone::Watched);
    storage.record(&report_id(1), &settled).await.expect(HELD);
    assert_eq!(storage.outbox().await, Ok(vec![]));
    assert_eq!(storage.envelope(&report_id(1)).await, Ok(None));
}

pub(crate) async fn a_removed_entry_stays_removed(storage: &impl Storage) {
    queue(storage, 1, Phone::Mine).await;
    storage.remove(&report_id(1)).await.expect(HELD);
    let settled = stored(Phone::Mine);
    storage.record(&report_id(1), &settled).await.expect(HELD);
    assert_eq!(storage.outbox().await, Ok(vec![]));
    assert_eq!(storage.envelope(&report_id(1)).await, Ok(None));
}

pub(crate) async fn bytes_are_let_go_only_once_stored(storage: &impl Storage) {
    queue(storage, 1, Phone::Mine).await;
    storage.let_go(&report_id(1)).await.expect(HELD);
    assert!(storage.envelope(&report_id(1)).await.expect(HELD).is_some());
    let settled = stored(Phone::Mine);
    storage.record(&report_id(1), &settled).await.expect(HELD);
    storage.let_go(&report_id(1)).await.expect(HELD);
    assert_eq!(storage.envelope(&report_id(1)).await, Ok(None));
    assert!(matches!(
        only(storage).await.entry.delivery,
        Delivery::Stored {
            bytes: Bytes::LetGo,
            ..
        }
    ));
}

pub(crate) async fn a_stored_report_can_be_offered_again(storage: &impl Storage) {
    queue(storage, 1, Phone::Mine).await;
    let settled = stored(Phone::Mine);
    storage.record(&report_id(1), &settled).await.expect(HELD);
    storage.offer_again(&report_id(1), NOW).await.expect(HELD);
    assert!(only(storage).await.entry.is_due(NOW));
    storage.record(&report_id(1), &settled).await.expect(HELD);
    storage.let_go(&report_id(1)).await.expect(HELD);
    storage.offer_again(&report_id(1), NOW).await.expect(HELD);
    assert!(
        !only(storage).await.entry.is_due(NOW),
        "nothing is left to offer"
    );
}

pub(crate) async fn notes_wait_by_their_moment(storage: &impl Storage) {
    assert_eq!(storage.notes().await, Ok(vec![]));
    let (late, soon) = (note(1, 1 << 31), note(2, 0));
    storage.keep_note(&late).await.expect(HELD);
    storage.keep_note(&soon).await.expect(HELD);
    assert!(matches!(late.note.kind, Kind::HelpGiven { .. }) && late.note.place.is_some());
    let waiting = vec![soon.clone(), late.clone()];
    assert_eq!(storage.notes().await, Ok(waiting));
    let put_off = soon.put_off(1 << 31, NOW.plus(LATEST - SOONEST));
    storage.keep_note(&put_off).await.expect(HELD);
    let waiting = vec![late.clone(), put_off];
    assert_eq!(storage.notes().await, Ok(waiting.clone()));
    storage.remove_note(&late.id).await.expect(HELD);
    storage
        .remove_note(&late.id)
        .await
        .expect("twice is harmless");
    assert_eq!(storage.notes().await, Ok(waiting[1..].to_vec()));
}

pub(crate) async fn many_places_are_kept_in_parts_and_leave_nothing_of_more(
    storage: &impl Storage,
) {
    for count in [250, 100, 201, 1, 0] {
        // Named the other way round, so that neither the order of ids nor of writing is that of names.
        let places = (0..count).map(|n| {
            let name = format!("{:03}", 999 - n);
            let place = Place {
                name,
                ..place(&format!("p{n:03}"), 7)
            };
            (place.id.clone(), place)
        });
        let held = Held {
            places: places.collect(),
            cursor: Cursor("7".into()),
        };
        storage.keep_places(&held).await.expect(HELD);
        let first = storage.first_places().await.expect(HELD);
        let mut names: Vec<_> = first.into_iter().map(|place| place.name).collect();
        names.sort();
        let by_name = (1000 - count..1000).map(|n| format!("{n:03}"));
        assert_eq!(names, by_name.take(FIRST).collect::<Vec<_>>());
        assert_eq!(storage.places().await, Ok(held));
    }
}

pub(crate) async fn places_are_swapped_whole(storage: &impl Storage) {
    assert_eq!(storage.places().await, Ok(Held::default()));
    for ids in [["aa", "bb"], ["bb", "cc"]] {
        let places = ids
            .map(|id| place(id, 7))
            .map(|place| (place.id.clone(), place));
        let held = Held {
            places: places.into(),
            cursor: Cursor("7".into()),
        };
        storage.keep_places(&held).await.expect(HELD);
        assert_eq!(storage.places().await, Ok(held));
    }
}

pub(crate) async fn a_scheme_is_kept_with_its_pin(storage: &impl Storage) {
    assert_eq!(storage.scheme().await, Ok(None));
    let (scheme, pin) = scheme();
    storage.keep_scheme(&scheme, &pin).await.expect(HELD);
    assert_eq!(storage.scheme().await, Ok(Some((scheme, pin))));
}

pub(crate) async fn settings_are_kept_by_name(storage: &impl Storage) {
    assert_eq!(storage.setting("language").await, Ok(None));
    storage.keep_setting("language", "en").await.expect(HELD);
    storage.keep_setting("language", "cy").await.expect(HELD);
    storage.keep_setting("theme", "dark").await.expect(HELD);
    assert_eq!(storage.setting("language").await, Ok(Some("cy".into())));
    storage.forget_setting("language").await.expect(HELD);
    storage
        .forget_setting("language")
        .await
        .expect("twice is harmless");
    assert_eq!(storage.setting("language").await, Ok(None));
    assert_eq!(storage.setting("theme").await, Ok(Some("dark".into())));
}

/// A lock without a PIN, and its first content.
fn lock(name: Name) -> (Key, Record, Sealed) {
    let key = Key::draw(name).expect("randomness");
    let question = Question::of_device().expect("randomness");
    let record = Record::open_on_this_device(&key, &question, &seal::lock::Answer::new([9; 32]));
    let sealed = key.seal(1, b"allergic").expect("randomness");
    (key, record, sealed)
}

pub(crate) async fn a_lock_is_kept_with_its_content(storage: &impl Storage) {
    assert_eq!(storage.lock(Name::Card).await, Ok(None));
    assert_eq!(storage.locked(Name::Card).await, Ok(None));
    let (_, record, sealed) = lock(Name::Card);
    let kept = storage
        .keep_lock(Name::Card, None, &record, Some(&sealed))
        .await;
    assert_eq!(kept, Ok(Swap::Done));
    assert_eq!(storage.lock(Name::Card).await, Ok(Some(record)));
    assert_eq!(storage.locked(Name::Card).await, Ok(Some(sealed)));
    assert_eq!(storage.lock(Name::Reports).await, Ok(None));
    assert_eq!(storage.locked(Name::Reports).await, Ok(None));
}

pub(crate) async fn a_lock_is_kept_only_over_what_was_seen(storage: &impl Storage) {
    let (key, record, sealed) = lock(Name::Card);
    let keep = async |seen: Option<&Key>, record: &Record, content: Option<&Sealed>| {
        let seen = seen.map(Key::id);
        storage
            .keep_lock(Name::Card, seen, record, content)
            .await
            .expect(HELD)
    };
    assert_eq!(keep(Some(&key), &record, None).await, Swap::Overtaken);
    assert_eq!(keep(None, &record, Some(&sealed)).await, Swap::Done);
    let (other, next, _) = lock(Name::Card);
    let content = other.seal(2, b"nuts").expect("randomness");
    assert_eq!(keep(None, &next, Some(&content)).await, Swap::Overtaken);
    // Another key without the content would leave it shut for ever.
    assert_eq!(keep(Some(&key), &next, None).await, Swap::Overtaken);
    assert_eq!(storage.lock(Name::Card).await, Ok(Some(record)));
    assert_eq!(storage.locked(Name::Card).await, Ok(Some(sealed)));
    assert_eq!(keep(Some(&key), &next, Some(&content)).await, Swap::Done);
    assert_eq!(storage.locked(Name::Card).await, Ok(Some(content)));
}

pub(crate) async fn content_follows_the_last_of_its_own_lock(storage: &impl Storage) {
    let (key, record, first) = lock(Name::Card);
    let keep = async |content: &Sealed| storage.keep_locked(Name::Card, content).await.expect(HELD);
    assert_eq!(keep(&first).await, Swap::Overtaken);
    let lock_kept = storage.keep_lock(Name::Card, None, &record, None).await;
    assert_eq!(lock_kept, Ok(Swap::Done));
    let second = key.seal(2, b"nuts").expect("randomness");
    assert_eq!(keep(&second).await, Swap::Overtaken);
    assert_eq!(keep(&first).await, Swap::Done);
    assert_eq!(keep(&first).await, Swap::Overtaken);
    let (_, _, foreign) = lock(Name::Card);
    assert_eq!(keep(&foreign).await, Swap::Overtaken);
    assert_eq!(keep(&second).await, Swap::Done);
    assert_eq!(storage.locked(Name::Card).await, Ok(Some(second)));
}

pub(crate) async fn a_deleted_lock_leaves_nothing(storage: &impl Storage) {
    let (_, record, sealed) = lock(Name::Card);
    let kept = storage
        .keep_lock(Name::Card, None, &record, Some(&sealed))
        .await;
    assert_eq!(kept, Ok(Swap::Done));
    let tries = Tries::one_more(None, NOW);
    storage
        .keep_tries(Name::Card, Some(tries))
        .await
        .expect(HELD);
    storage.delete_lock(Name::Reports).await.expect(HELD);
    assert_eq!(storage.lock(Name::Card).await, Ok(Some(record)));
    storage.delete_lock(Name::Card).await.expect(HELD);
    assert_eq!(storage.lock(Name::Card).await, Ok(None));
    assert_eq!(storage.locked(Name::Card).await, Ok(None));
    assert_eq!(storage.tries(Name::Card).await, Ok(None));
}

pub(crate) async fn wrong_tries_are_kept(storage: &impl Storage) {
    assert_eq!(storage.tries(Name::Card).await, Ok(None));
    let tries = Some(Tries {
        wrong: 7,
        last: NOW,
    });
    storage.keep_tries(Name::Card, tries).await.expect(HELD);
    assert_eq!(storage.tries(Name::Card).await, Ok(tries));
    assert_eq!(storage.tries(Name::Reports).await, Ok(None));
    storage.keep_tries(Name::Card, None).await.expect(HELD);
    assert_eq!(storage.tries(Name::Card).await, Ok(None));
}

fn part(n: u8) -> PartId {
    PartId::from_random([n; 16])
}

async fn keep_records(storage: &impl Storage, report: u8, of_part: u8) {
    for at in 0..2 {
        storage
            .keep_part_record(&report_id(report), &part(of_part), at, &[of_part; 5])
            .await
            .expect(HELD);
    }
}

async fn holds(storage: &impl Storage, report: u8, of_part: u8) -> bool {
    let (report, part) = (report_id(report), part(of_part));
    let record = storage.part_record(&report, &part, 1).await;
    record.expect(HELD) == Some(vec![of_part; 5])
}

pub(crate) async fn parts_go_with_their_report(storage: &impl Storage) {
    for report in [1, 2] {
        queue(storage, report, Phone::Mine).await;
        keep_records(storage, report, 7).await;
        keep_records(storage, report, 8).await;
    }
    storage
        .remove_part(&report_id(1), &part(7))
        .await
        .expect(HELD);
    assert!(!holds(storage, 1, 7).await && holds(storage, 1, 8).await);
    let settled = stored(Phone::Mine);
    storage.record(&report_id(1), &settled).await.expect(HELD);
    assert!(holds(storage, 1, 8).await);
    storage.let_go(&report_id(1)).await.expect(HELD);
    assert!(!holds(storage, 1, 8).await && holds(storage, 2, 8).await);
    storage.remove(&report_id(2)).await.expect(HELD);
    assert!(!holds(storage, 2, 7).await && !holds(storage, 2, 8).await);
}

pub(crate) async fn parts_of_nothing_are_swept(storage: &impl Storage) {
    queue(storage, 2, Phone::Mine).await;
    for report in 1..=4 {
        keep_records(storage, report, 7).await;
    }
    let named = [report_id(1), report_id(3)];
    storage.sweep_parts(&named).await.expect(HELD);
    for (report, expected) in [(1, true), (2, true), (3, true), (4, false)] {
        assert_eq!(holds(storage, report, 7).await, expected, "{report}");
    }
}

pub(crate) async fn what_has_arrived_is_counted(storage: &impl Storage) {
    queue(storage, 1, Phone::Mine).await;
    storage
        .keep_arrived(&report_id(1), Some(1 << 20))
        .await
        .expect(HELD);
    assert_eq!(only(storage).await.entry.arrived, Some(1 << 20));
    let settled = stored(Phone::Mine);
    storage.record(&report_id(1), &settled).await.expect(HELD);
    // A restored server may have nothing of it.
    storage.offer_again(&report_id(1), NOW).await.expect(HELD);
    assert_eq!(only(storage).await.entry.arrived, None);
}
