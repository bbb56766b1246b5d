//! What every body of the store must do, tried on a fresh one each time.
//!
//! Another body (PostgreSQL) calls [`run`] with a function that opens an empty store.

use std::future::Future;

use domain::geo::Point;
use domain::id::{MailboxId, MessageId, NoteId, PartId, ReportId, Sha256};
use domain::note::{How, Kind, Note};
use domain::time::{DAY, Timestamp};
use domain::wire::{MAX_MESSAGES, MailboxState, Part};

use super::{
    Committed, CountedNotes, Erased, Error, Import, Imported, NewMessage, NewNote, NewReport, Put,
    PutMessage, Rest, Seen, Store, Unless,
};
use crate::record::{ListedPlace, Status};

/// Runs every check; `fresh` opens an empty store, which ends when dropped.
pub(super) async fn run<S, P, F>(fresh: impl Fn() -> F)
where
    S: Store,
    P: std::ops::Deref<Target = S>,
    F: Future<Output = P>,
{
    the_same_bytes_again_are_welcome(&*fresh().await).await;
    other_bytes_are_refused(&*fresh().await).await;
    marks_grow(&*fresh().await).await;
    a_stored_report_comes_back_as_it_was(&*fresh().await).await;
    a_mailbox_opens_to_its_token_only(&*fresh().await).await;
    a_report_is_complete_when_its_last_part_is_whole(&*fresh().await).await;
    an_erased_report_never_comes_back(&*fresh().await).await;
    a_message_is_kept_once_and_only_so_many_are(&*fresh().await).await;
    an_older_keyset_is_refused(&*fresh().await).await;
    the_same_places_again_change_nothing(&*fresh().await).await;
    a_missing_place_becomes_a_tombstone(&*fresh().await).await;
    a_page_ends_where_the_next_begins(&*fresh().await).await;
    a_note_is_kept_once(&*fresh().await).await;
    a_note_on_a_place_nobody_knows_is_refused(&*fresh().await).await;
    notes_are_counted_by_place_and_kind(&*fresh().await).await;
    what_a_list_says_again_changes_nothing_else(&*fresh().await).await;
    hours_reach_phones_as_a_model_and_are_made_out_anew_in_time(&*fresh().await).await;
    two_who_found_it_closed_put_a_place_to_ring_first(&*fresh().await).await;
    places_that_do_not_take_part_are_not_given_to_phones(&*fresh().await).await;
}

/// A note like any other; `seed` makes it different from its neighbours.
pub(super) fn note(seed: u8, kind: Kind, place: Option<&str>, day: &str) -> NewNote {
    NewNote {
        id: NoteId::from_random([seed; 16]),
        body_hash: Sha256([seed; 32]),
        note: Note {
            kind,
            place: place.map(|id| id.parse().expect("a test's own id")),
            day: day.parse().expect("a test's own day"),
        },
    }
}

/// A report like any other; `seed` makes it different from its neighbours.
pub(super) fn report(seed: u8) -> NewReport {
    NewReport {
        id: ReportId::from_random([seed; 16]),
        centre: "hawthorns".to_owned(),
        keyset: 1,
        mailbox: MailboxId::from_random([seed; 16]),
        token_hash: Sha256([seed; 32]),
        hour: Timestamp(3_600_000),
        sealed: vec![seed; 100].into(),
        reply: None,
        parts: vec![],
    }
}

/// A place like any other.
pub(super) fn listed(id: &str) -> ListedPlace {
    let point = Point {
        lat: 52.5,
        lon: -1.9,
    };
    let slug = id.parse().expect("a test's own id");
    ListedPlace {
        status: Status::Sample,
        ..ListedPlace::new(id, slug, &id.to_uppercase(), "1 High Street", point)
    }
}

/// The whole of the list "scheme".
pub(super) fn list(listed: Vec<ListedPlace>) -> Import {
    Import {
        source: "scheme".to_owned(),
        who: "list".to_owned(),
        listed,
        rest: Rest::LeavesTheList,
        at: "2026-11-22"
            .parse::<domain::time::Day>()
            .expect("a day")
            .start(),
    }
}

async fn the_same_bytes_again_are_welcome(store: &impl Store) {
    let first = store.put_report(report(1)).await;
    let Ok(Put::New(mark)) = first else {
        panic!("{first:?}")
    };
    assert_eq!(store.put_report(report(1)).await, Ok(Put::Again(mark)));
}

async fn other_bytes_are_refused(store: &impl Store) {
    store.put_report(report(1)).await.expect("stored");
    let others = [
        NewReport {
            sealed: vec![9; 100].into(),
            ..report(1)
        },
        NewReport {
            sealed: vec![1; 99].into(),
            ..report(1)
        },
        NewReport {
            centre: "other".to_owned(),
            ..report(1)
        },
        NewReport {
            keyset: 2,
            ..report(1)
        },
        NewReport {
            mailbox: report(2).mailbox,
            ..report(1)
        },
        NewReport {
            token_hash: report(2).token_hash,
            ..report(1)
        },
    ];
    for other in others {
        assert_eq!(store.put_report(other).await, Ok(Put::OtherBytes));
    }
    // It says nothing of when it was sent: an hour later it is still the same report.
    let later = NewReport {
        hour: Timestamp(7_200_000),
        ..report(1)
    };
    assert!(matches!(store.put_report(later).await, Ok(Put::Again(_))));
    let sealed = store.sealed(&report(1).id).await.expect("readable");
    assert_eq!(sealed, Some(report(1).sealed.to_vec()));
}

async fn marks_grow(store: &impl Store) {
    let mut last = 0;
    for seed in 1..20 {
        let put = store.put_report(report(seed)).await;
        let Ok(Put::New(mark)) = put else {
            panic!("{put:?}")
        };
        assert!(mark.mark > last);
        last = mark.mark;
    }
}

async fn a_stored_report_comes_back_as_it_was(store: &impl Store) {
    store.put_report(report(1)).await.expect("stored");
    assert_eq!(
        store.sealed(&report(1).id).await,
        Ok(Some(report(1).sealed.to_vec()))
    );
    assert_eq!(store.sealed(&report(2).id).await, Ok(None));
}

async fn a_mailbox_opens_to_its_token_only(store: &impl Store) {
    store.put_report(report(1)).await.expect("stored");
    let mailbox = report(1).mailbox;
    let state = store.mailbox(&mailbox, Sha256([1; 32])).await;
    let stages = state.expect("readable").stages.expect("a report");
    assert_eq!((stages.received, stages.complete), (report(1).hour, true));
    for (id, token) in [(&mailbox, 2), (&report(2).mailbox, 1)] {
        let empty = store.mailbox(id, Sha256([token; 32])).await;
        assert_eq!(empty, Ok(MailboxState::default()));
    }
}

fn part(n: u8) -> Part {
    Part {
        id: PartId::from_random([n; 16]),
        length: 10,
        sha256: Sha256([n; 32]),
    }
}

async fn a_report_is_complete_when_its_last_part_is_whole(store: &impl Store) {
    let sent = NewReport {
        parts: vec![part(1), part(2)],
        ..report(1)
    };
    let put = store.put_report(sent.clone()).await;
    let Ok(Put::New(first)) = put else {
        panic!("{put:?}")
    };
    assert_eq!(first.missing, sent.parts);
    store
        .part_arrived(&sent.id, &part(1).id)
        .await
        .expect("written");
    let mark = |committed| match committed {
        Ok(Committed::Here { standing, .. }) => (standing.mark, standing.missing),
        other => panic!("{other:?}"),
    };
    let early = mark(store.commit_report(&sent.id).await);
    assert_eq!(early, (first.mark, vec![part(2)]));
    store
        .part_arrived(&sent.id, &part(2).id)
        .await
        .expect("written");
    // A backup made until now covers the text alone: the mark moves on, once.
    let complete = mark(store.commit_report(&sent.id).await);
    assert!(complete.0 > first.mark && complete.1.is_empty());
    assert_eq!(mark(store.commit_report(&sent.id).await), complete);
    let again = store.put_report(sent.clone()).await;
    assert!(matches!(again, Ok(Put::Again(standing)) if standing.mark == complete.0));
    let others = NewReport {
        parts: vec![part(1)],
        ..sent
    };
    assert_eq!(store.put_report(others).await, Ok(Put::OtherBytes));
    let unknown = store.commit_report(&report(2).id).await;
    assert_eq!(unknown, Ok(Committed::Unknown));
}

async fn erase(store: &impl Store, seed: u8) -> Result<Erased, Error> {
    let first = Box::new(|| Ok(()));
    store.erase(&report(seed).id, Unless::Held, first).await
}

async fn an_erased_report_never_comes_back(store: &impl Store) {
    let sent = NewReport {
        parts: vec![part(1)],
        ..report(1)
    };
    store.put_report(sent.clone()).await.expect("stored");
    let message = NewMessage {
        id: MessageId::from_random([1; 16]),
        hour: sent.hour,
        sealed: vec![1].into(),
    };
    let (mailbox, token) = (sent.mailbox.clone(), sent.token_hash);
    let put = store.put_message(&mailbox, token, message).await;
    assert_eq!(put, Ok(PutMessage::New));
    for _ in 0..2 {
        assert_eq!(erase(store, 1).await, Ok(Erased::Gone));
        assert_eq!(store.put_report(sent.clone()).await, Ok(Put::Erased));
    }
    let nobody = store.mailbox(&mailbox, token).await;
    assert_eq!(nobody, Ok(MailboxState::default()));
    assert_eq!(store.sealed(&sent.id).await, Ok(None));
    assert_eq!(store.commit_report(&sent.id).await, Ok(Committed::Erased));
    // Also where it was never here: an older backup may have been restored.
    assert_eq!(erase(store, 2).await, Ok(Erased::Gone));
    assert_eq!(store.put_report(report(2)).await, Ok(Put::Erased));
}

async fn a_message_is_kept_once_and_only_so_many_are(store: &impl Store) {
    store.put_report(report(1)).await.expect("stored");
    let message = |n: u8, byte: u8| NewMessage {
        id: MessageId::from_random([n; 16]),
        hour: report(1).hour,
        sealed: vec![byte; 5].into(),
    };
    let (mailbox, token) = (report(1).mailbox, report(1).token_hash);
    let put = async |n, byte| {
        let put = store.put_message(&mailbox, token, message(n, byte)).await;
        put.expect("written")
    };
    assert_eq!(put(1, 1).await, PutMessage::New);
    assert_eq!(put(1, 1).await, PutMessage::Again);
    assert_eq!(put(1, 2).await, PutMessage::OtherBytes);
    for n in 2..=MAX_MESSAGES as u8 {
        assert_eq!(put(n, 1).await, PutMessage::New);
    }
    assert_eq!(put(200, 1).await, PutMessage::TooMany);
    let stranger = store
        .put_message(&mailbox, Sha256([9; 32]), message(201, 1))
        .await;
    assert_eq!(stranger, Ok(PutMessage::NoMailbox));
    let state = store.mailbox(&mailbox, token).await.expect("readable");
    assert_eq!(state.messages.len(), MAX_MESSAGES);
    assert_eq!(state.messages[0].id, message(1, 1).id);
}

async fn an_older_keyset_is_refused(store: &impl Store) {
    assert_eq!(store.see_keyset(2).await, Ok(Seen::Newest));
    assert_eq!(store.see_keyset(2).await, Ok(Seen::Newest));
    assert_eq!(store.see_keyset(1).await, Ok(Seen::RolledBack { seen: 2 }));
}

async fn the_same_places_again_change_nothing(store: &impl Store) {
    let both = || vec![listed("aa"), listed("bb")];
    let first = store.import_places(list(both())).await;
    assert_eq!(
        first,
        Ok(Imported {
            added: 2,
            changed: 0,
            removed: 0
        })
    );
    let before = store.life().await.expect("readable");
    assert_eq!(
        store.import_places(list(both())).await,
        Ok(Imported::default())
    );
    assert_eq!(store.life().await, Ok(before));
}

async fn a_missing_place_becomes_a_tombstone(store: &impl Store) {
    store
        .import_places(list(vec![listed("aa"), listed("bb")]))
        .await
        .expect("imported");
    let before = store.life().await.expect("readable").last_change;
    let moved = ListedPlace {
        address: "2 High Street".to_owned(),
        ..listed("bb")
    };
    let imported = store.import_places(list(vec![moved])).await;
    assert_eq!(
        imported,
        Ok(Imported {
            added: 0,
            changed: 1,
            removed: 1
        })
    );
    let changes = store.places_after(before, 10).await.expect("readable");
    assert_eq!(changes.gone, ["aa".parse().expect("an id")]);
    assert_eq!(changes.places[0].address, "2 High Street");
    assert!(changes.places[0].revision > before);
    let back = store
        .import_places(list(vec![listed("aa"), listed("bb")]))
        .await;
    assert_eq!(
        back,
        Ok(Imported {
            added: 1,
            changed: 1,
            removed: 0
        })
    );
    assert_eq!(store.places().await.expect("readable").len(), 2);
}

async fn a_page_ends_where_the_next_begins(store: &impl Store) {
    let ids = ["aa", "bb", "cc", "dd", "ee"];
    store
        .import_places(list(ids.map(listed).to_vec()))
        .await
        .expect("imported");
    let (mut at, mut found) = (0, Vec::new());
    loop {
        let page = store.places_after(at, 2).await.expect("readable");
        assert!(page.places.len() <= 2);
        at = page.through;
        found.extend(page.places.into_iter().map(|place| place.id.to_string()));
        if !page.more {
            break;
        }
    }
    assert_eq!(found, ids);
}

const HELP: Kind = Kind::HelpGiven {
    how: How::RangContact,
};

async fn a_note_is_kept_once(store: &impl Store) {
    let sent = || note(1, HELP, None, "2026-11-22");
    let first = store.put_note(sent()).await;
    let Ok(Put::New(mark)) = first else {
        panic!("{first:?}")
    };
    assert_eq!(store.put_note(sent()).await, Ok(Put::Again(mark)));
    let other = NewNote {
        body_hash: Sha256([9; 32]),
        ..sent()
    };
    assert_eq!(store.put_note(other).await, Ok(Put::OtherBytes));
    assert_eq!(counted(store, "2026-11-22", "2026-11-22").await.len(), 1);
}

async fn a_note_on_a_place_nobody_knows_is_refused(store: &impl Store) {
    let sent = || note(1, Kind::WasClosed, Some("aa"), "2026-11-22");
    assert_eq!(store.put_note(sent()).await, Err(Error::NoSuchPlace));
    import(store, &["aa", "bb"]).await;
    // A tombstone was a place once.
    import(store, &["bb"]).await;
    assert!(matches!(store.put_note(sent()).await, Ok(Put::New(_))));
}

async fn notes_are_counted_by_place_and_kind(store: &impl Store) {
    import(store, &["aa", "bb"]).await;
    let sent = [
        (HELP, None, "2026-11-01"),
        (HELP, Some("bb"), "2026-11-01"),
        (HELP, Some("bb"), "2026-11-30"),
        (Kind::WasClosed, Some("bb"), "2026-11-15"),
        (Kind::HelpedMe, Some("aa"), "2026-11-15"),
        (Kind::HelpedMe, Some("aa"), "2026-10-31"),
        (Kind::HelpedMe, Some("aa"), "2026-12-01"),
    ];
    for (seed, (kind, place, day)) in (1..).zip(sent) {
        let put = store.put_note(note(seed, kind, place, day)).await;
        assert!(matches!(put, Ok(Put::New(_))), "{put:?}");
    }
    let line = |place: Option<&str>, (kind, how): (&str, Option<&str>), count| CountedNotes {
        place: place.map(|id| id.parse().expect("a test's own id")),
        name: place.map(str::to_uppercase),
        kind: kind.to_owned(),
        how: how.map(str::to_owned),
        count,
    };
    assert_eq!(
        counted(store, "2026-11-01", "2026-11-30").await,
        [
            line(Some("aa"), Kind::HelpedMe.names(), 1),
            line(Some("bb"), HELP.names(), 2),
            line(Some("bb"), Kind::WasClosed.names(), 1),
            line(None, HELP.names(), 1),
        ]
    );
}

fn with_hours(id: &str) -> ListedPlace {
    ListedPlace {
        opening_hours: Some("Mo-Fr 09:00-17:00; PH off".to_owned()),
        ..listed(id)
    }
}

async fn what_a_list_says_again_changes_nothing_else(store: &impl Store) {
    let both = || list(vec![with_hours("aa")]);
    store.import_places(both()).await.expect("imported");
    let before = store.places().await.expect("readable");
    // A year and a day later the sample's dates have passed.
    let later = Import {
        at: both().at.plus(366 * DAY),
        ..both()
    };
    let imported = store.import_places(later).await.expect("imported");
    assert_eq!((imported.added, imported.changed), (0, 1));
    let after = store.places().await.expect("readable");
    assert_eq!(before[0].review_by, Some(day("2027-11-22")));
    assert_eq!(after[0].review_by, Some(day("2028-11-22")));
    assert_eq!(after[0].name, before[0].name);
}

async fn hours_reach_phones_as_a_model_and_are_made_out_anew_in_time(store: &impl Store) {
    let first = list(vec![with_hours("aa")]);
    let at = first.at;
    store.import_places(first).await.expect("imported");
    let through = |places: Vec<domain::place::Place>| {
        let hours = places[0].opening.clone().expect("they are known");
        (hours.through, places[0].revision)
    };
    let (known, revision) = through(store.places().await.expect("readable").to_vec());
    assert_eq!(known, day("2026-11-22").plus(399));
    store.daily(at.plus(60 * DAY)).await.expect("done");
    assert_eq!(
        through(store.places().await.expect("readable").to_vec()),
        (known, revision),
        "phones need not pull it again yet"
    );
    store.daily(at.plus(70 * DAY)).await.expect("done");
    let (further, newer) = through(store.places().await.expect("readable").to_vec());
    assert_eq!(further, known.plus(70));
    assert!(newer > revision);
}

async fn two_who_found_it_closed_put_a_place_to_ring_first(store: &impl Store) {
    import(store, &["aa"]).await;
    let found = async |seed, day| {
        let sent = note(seed, Kind::WasClosed, Some("aa"), day);
        store.put_note(sent).await.expect("stored");
        store.places().await.expect("readable")[0].clone()
    };
    // The sample was checked on 22 November: what was before that is settled.
    assert!(!found(1, "2026-11-20").await.ring_first);
    let before = found(2, "2026-11-23").await;
    assert!(!before.ring_first);
    assert!(
        !found(2, "2026-11-23").await.ring_first,
        "the same note again"
    );
    let after = found(3, "2026-11-24").await;
    assert!(after.ring_first && after.revision > before.revision);
}

async fn places_that_do_not_take_part_are_not_given_to_phones(store: &impl Store) {
    let with = |id: &str, status| ListedPlace {
        status,
        ..listed(id)
    };
    let all = vec![
        with("aa", Status::Active),
        with("bb", Status::Invited),
        with("cc", Status::Paused),
        with("dd", Status::Closed),
        with("ee", Status::Sample),
    ];
    store.import_places(list(all)).await.expect("imported");
    let changes = store.places_after(0, 10).await.expect("readable");
    let ids: Vec<_> = changes
        .places
        .iter()
        .map(|place| place.id.as_str())
        .collect();
    assert_eq!(ids, ["aa", "ee"]);
    assert!(changes.places[1].sample && !changes.places[0].sample);
}

fn day(text: &str) -> domain::time::Day {
    text.parse().expect("a test's own day")
}

async fn import(store: &impl Store, ids: &[&str]) {
    let listed = ids.iter().map(|id| listed(id)).collect();
    store.import_places(list(listed)).await.expect("imported");
}

async fn counted(store: &impl Store, from: &str, to: &str) -> Vec<CountedNotes> {
    let [from, to] = [from, to].map(|day| day.parse().expect("a test's own day"));
    store.count_notes(from, to).await.expect("readable")
}
