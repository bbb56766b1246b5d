//! Room and turns at the disk, through the real program: what comes back after erasing, and two centres of
//! which one is flooded.

mod common;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use common::asked::{NORTH, SOUTH, data, name, rests, said, scheme, sent_to, serve};
use common::inside::{bytes, part, report};
use common::{Phone, id, sized};
use domain::wire::MAX_MESSAGES;

/// Room for texts, or for parts, in bytes.
const LITTLE: u64 = 1 << 20;

#[test]
fn the_room_of_an_erased_text_is_given_back_at_once() {
    let data = data();
    let server = serve(
        data.path(),
        &[("SAFE_PLACE_MAX_BYTES", &LITTLE.to_string())],
    );
    let mut phone = server.phone();
    let first = |seed| sized(seed, 60_000);
    let full = (1..).find(|seed| phone.sends(*seed, &first(*seed)) == 507);
    let full = full.expect("it ends");
    assert_eq!(phone.withdraws(1), 200);
    assert_eq!(phone.sends(full, &first(full)), 201);
    assert_eq!(phone.sends(full + 1, &first(full + 1)), 507);
    said(data.path(), &["reports", "erase", &name(2)]);
    assert_eq!(phone.sends(full + 1, &first(full + 1)), 201);
    assert_eq!(phone.sends(full + 2, &first(full + 2)), 507);
    // What its messages took comes back with it.
    let mut written = 0;
    while phone.withdraws(3) == 200 && phone.writes(4, written, 10_000) == 201 {
        written += 1;
    }
    assert!(written > 2 && phone.sends(full + 2, &first(full + 2)) == 507);
    assert_eq!(phone.withdraws(4), 200);
    assert_eq!(phone.sends(full + 2, &first(full + 2)), 201);
}

#[test]
fn the_room_of_parts_that_a_command_erased_is_found_by_the_running_server() {
    let data = data();
    let server = serve(data.path(), &[("SAFE_PLACE_MAX_PART_BYTES", "100000")]);
    let mut phone = server.phone();
    let (whole, half) = (bytes(1, 50_000), bytes(2, 30_000));
    let parts = [part(1, &whole), part(2, &half)];
    phone.sends(1, &report(1, vec![parts[0].clone()]));
    assert_eq!(phone.adds(1, &parts[0], 0, &whole), 204);
    phone.sends(2, &report(2, vec![parts[1].clone()]));
    assert_eq!(phone.adds(2, &parts[1], 0, &half[..20_000]), 204);
    let more = bytes(3, 60_000);
    let new = part(3, &more);
    phone.sends(3, &report(3, vec![new.clone()]));
    assert_eq!(phone.adds(3, &new, 0, &more), 507);
    said(data.path(), &["reports", "erase", &name(1)]);
    assert_eq!(phone.adds(3, &new, 0, &more), 204);
    let again = bytes(4, 25_000);
    let again = (part(4, &again), again);
    phone.sends(4, &report(4, vec![again.0.clone()]));
    assert_eq!(phone.adds(4, &again.0, 0, &again.1), 507);
    rests(&data.path().join("parts"), 8);
    said(data.path(), &["retention"]);
    assert_eq!(phone.adds(4, &again.0, 0, &again.1), 204);
}

#[test]
fn a_flood_on_one_centre_leaves_the_other_its_room_for_texts_messages_and_parts() {
    let (data, scheme) = (data(), scheme());
    let little = LITTLE.to_string();
    let folder = scheme.path().to_str().expect("text");
    let settings = [
        ("SAFE_PLACE_SCHEME", folder),
        ("SAFE_PLACE_MAX_BYTES", &little),
        ("SAFE_PLACE_MAX_PART_BYTES", &little),
    ];
    let server = serve(data.path(), &settings);
    let mut phone = server.phone();
    flood_of_parts(&mut phone);
    // Messages alone, so many to a mailbox and no more; then texts.
    for seed in 1..=4 {
        assert_eq!(phone.sends(seed, &sent_to(NORTH, seed, 300, vec![])), 201);
    }
    let many = (0..).take_while(|n| phone.writes(1, *n, 100) == 201);
    assert_eq!(many.count(), MAX_MESSAGES);
    assert_eq!(phone.writes(1, 1000, 100), 409);
    let large = (0..)
        .take_while(|n| phone.writes(2, *n, 60_000) == 201)
        .count();
    assert!(large < MAX_MESSAGES, "they take no room");
    assert_eq!(phone.writes(3, 0, 60_000), 507);
    let full = fill(&mut phone, NORTH, 100);
    let kept = (full - 100) as usize + large;
    assert!(
        kept * 59 <= 768,
        "{kept} of 60 KB are more than three quarters"
    );
    for seed in 200..204 {
        assert_eq!(
            phone.sends(seed, &sent_to(SOUTH, seed, 60_000, vec![])),
            201
        );
    }
    assert_eq!(phone.writes(200, 0, 500), 201);
}

/// Parts for the north until no more are taken, then one for the south.
fn flood_of_parts(phone: &mut Phone) {
    let picture = bytes(1, 100_000);
    let mut taken = |centre, seed| {
        let part = part(seed, &picture);
        let sent = sent_to(centre, seed, 300, vec![part.clone()]);
        assert_eq!(phone.sends(seed, &sent), 201);
        phone.adds(seed, &part, 0, &picture)
    };
    let north = (300..).take_while(|seed| taken(NORTH, *seed) == 204);
    assert_eq!(north.count(), 6);
    assert_eq!(taken(SOUTH, 400), 204);
}

#[test]
fn a_flood_on_one_centre_leaves_the_other_its_turn_at_the_disk() {
    let (data, scheme) = (data(), scheme());
    let folder = scheme.path().to_str().expect("text");
    let settings = [("SAFE_PLACE_SCHEME", folder), ("SAFE_PLACE_QUEUE", "8")];
    let server = serve(data.path(), &settings);
    let (put_off, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let half = part(1, &bytes(1, 100));
    let sent = sent_to(NORTH, 900, 300, vec![half]);
    assert_eq!(server.phone().sends(900, &sent), 201);
    let commit = format!("/api/reports/{}/commit", id(900));
    std::thread::scope(|scope| {
        for thread in 0..24 {
            let (put_off, done, mut phone) = (&put_off, &done, server.phone());
            let commit = &commit;
            scope.spawn(move || {
                for at in 0.. {
                    let seed = 1_000_000 * (thread + 1) + at;
                    let status = match thread % 3 {
                        0 => phone.sends(seed, &sent_to(NORTH, seed, 4000, vec![])),
                        1 => phone.writes(900, seed, 4000),
                        _ => phone.send("POST", commit, "", &[]).expect("an answer").0,
                    };
                    assert!(matches!(status, 200 | 201 | 409 | 503), "{status}");
                    put_off.fetch_add(usize::from(status == 503), Ordering::SeqCst);
                    if done.load(Ordering::SeqCst) {
                        break;
                    }
                }
            });
        }
        let mut phone = server.phone();
        let mut sent = 0;
        while sent < 100 || put_off.load(Ordering::SeqCst) < 100 {
            sent += 1;
            let status = phone.sends(sent, &sent_to(SOUTH, sent, 4000, vec![]));
            if status != 201 {
                done.store(true, Ordering::SeqCst);
            }
            assert_eq!(status, 201);
        }
        done.store(true, Ordering::SeqCst);
    });
}

/// Sends reports of 60 KB from a number on until there is no room; the first that was refused.
fn fill(phone: &mut Phone, centre: &str, from: u32) -> u32 {
    for seed in from.. {
        match phone.sends(seed, &sent_to(centre, seed, 60_000, vec![])) {
            201 => {}
            507 => return seed,
            other => panic!("{other}"),
        }
    }
    unreachable!("there is always another number")
}
