//! A disk is only as strict as it says.

use std::collections::BTreeMap;

use super::disk::{Disk, Without};
use super::log::{Event, read};
use super::weather::Weather;
use crate::chance::Chance;

/// What files may hold after these events, over many power cuts.
fn outcomes(without: Without, events: &[Event<'_>]) -> Vec<BTreeMap<String, Vec<u8>>> {
    let before = BTreeMap::from([("old".to_owned(), b"old".to_vec())]);
    let mut disk = Disk::holding(&before, without);
    for event in events {
        disk.apply(*event);
    }
    let mut all = Vec::new();
    for seed in 0..500 {
        let chance = Chance::of(seed);
        let mut weather = Weather::draw(&chance, disk.unsafe_span());
        let image = disk.after(&mut weather).into_iter();
        let files = image.map(|(path, found)| (path, found.bytes.into_owned()));
        all.push(files.collect());
    }
    all.sort();
    all.dedup();
    all
}

const NEW: [Event<'_>; 4] = [
    Event::Create("new"),
    Event::Write("new", 0, b"bytes"),
    Event::SyncBegins("new", 1),
    Event::SyncEnds(1),
];

#[test]
fn synced_bytes_without_a_synced_name_may_be_gone_but_never_different() {
    let all = outcomes(Without::Nothing, &NEW);
    let of_new: Vec<_> = all.iter().map(|files| files.get("new")).collect();
    assert_eq!(of_new, [Some(&b"bytes".to_vec()), None]);
}

#[test]
fn what_was_synced_with_its_folder_is_always_there() {
    let folder = [Event::SyncBegins("", 2), Event::SyncEnds(2)];
    let events = [NEW.as_slice(), folder.as_slice()].concat();
    let all = outcomes(Without::Nothing, &events);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["new"], b"bytes");
    assert!(outcomes(Without::AnySync, &events).len() > 2);
    assert!(
        outcomes(Without::Names, &events)
            .iter()
            .any(|files| !files.contains_key("new"))
    );
}

#[test]
fn a_sync_covers_what_came_before_it_and_nothing_that_came_while_it_ran() {
    let all = outcomes(
        Without::Nothing,
        &[
            Event::Write("old", 0, b"new"),
            Event::SyncBegins("old", 1),
            Event::Write("old", 0, b"NEW"),
            Event::SyncEnds(1),
        ],
    );
    let mut of_old: Vec<_> = all.iter().map(|files| files["old"].clone()).collect();
    of_old.dedup();
    assert_eq!(of_old, [b"NEW".to_vec(), b"new".to_vec()]);
}

#[test]
fn a_sync_that_was_cut_off_by_a_kill_promises_nothing() {
    let events = [
        Event::Write("old", 0, b"new"),
        Event::SyncBegins("old", 1),
        Event::Begin,
        Event::SyncEnds(1),
    ];
    let all = outcomes(Without::Nothing, &events);
    assert!(all.iter().any(|files| files["old"] == b"old"));
}

#[test]
fn a_write_is_torn_where_sectors_end_and_nowhere_else() {
    let long = [7; 2000];
    let all = outcomes(Without::Nothing, &[Event::Write("old", 100, &long)]);
    assert!(all.len() > 8);
    for files in all {
        let bytes = &files["old"];
        for sector in bytes.get(512..2048).unwrap_or_default().chunks(512) {
            assert!(sector.iter().all(|byte| *byte == sector[0]));
        }
        assert_eq!(&bytes[..3], b"old");
    }
}

#[test]
fn a_renamed_file_has_one_of_its_names() {
    let all = outcomes(Without::Nothing, &[Event::Rename("old", "new")]);
    let names: Vec<Vec<_>> = all
        .iter()
        .map(|files| files.keys().cloned().collect())
        .collect();
    assert_eq!(names, [["new"], ["old"]]);
}

#[test]
fn a_log_that_was_cut_is_no_log() {
    let mut log = vec![4];
    log.extend_from_slice(&5_u64.to_le_bytes());
    log.extend_from_slice(&1_u32.to_le_bytes());
    log.extend_from_slice(&2_u32.to_le_bytes());
    log.extend_from_slice(b"pxy");
    let entries = read(&log).expect("whole");
    assert_eq!(entries[0].event, Event::Write("p", 5, b"xy"));
    assert_eq!(entries[0].end, log.len() as u64);
    assert!(read(&log[..log.len() - 1]).is_none());
}
