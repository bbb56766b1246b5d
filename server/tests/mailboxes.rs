//! Mailboxes from both sides: the phone's requests, and the program's commands on the same data.

mod common;

use std::path::Path;
use std::process::Output;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use common::inside::{Answer, Server, bytes, part, report, server, started};
use common::{bits, body, envelope, id, program, token};
use data_encoding::BASE64URL_NOPAD;
use domain::id::MessageId;
use domain::wire::{MAX_MESSAGE, MAX_MESSAGES, MESSAGE_TYPE, MailboxState, Side};
use server::store::{Erased, Unless, Withdrawn};

fn path(seed: u32) -> String {
    format!("/api/mailboxes/{}", envelope(seed, 0).label.mailbox.id)
}

fn bearer(seed: u32) -> String {
    format!("Bearer {}", BASE64URL_NOPAD.encode(&token(seed)))
}

impl Server {
    async fn mailbox(&self, seed: u32, holder: u32) -> MailboxState {
        let bearer = bearer(holder);
        let headers = [("authorization", &*bearer)];
        let answer = self
            .ask(Method::GET, &path(seed), &headers, Body::empty())
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        serde_json::from_slice(&answer.body).expect("a state")
    }

    async fn write(&self, seed: u32, holder: u32, message: u32, sealed: Vec<u8>) -> Answer {
        let message = MessageId::from_random(bits(message));
        let path = format!("{}/messages/{message}", path(seed));
        let bearer = bearer(holder);
        let headers = [("authorization", &*bearer), ("content-type", MESSAGE_TYPE)];
        self.ask(Method::PUT, &path, &headers, sealed.into()).await
    }

    async fn withdraw(&self, seed: u32, holder: u32) -> Answer {
        let bearer = bearer(holder);
        let headers = [("authorization", &*bearer)];
        self.ask(Method::DELETE, &path(seed), &headers, Body::empty())
            .await
    }
}

fn sealed(n: u8, length: usize) -> Vec<u8> {
    let mut sealed = b"age-encryption.org/v1\n".to_vec();
    sealed.resize(length, n);
    sealed
}

fn run(data: &Path, words: &[&str]) -> Output {
    program(data).args(words).output().expect("it runs")
}

fn said(data: &Path, words: &[&str]) -> String {
    let output = run(data, words);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {failed}");
    String::from_utf8(output.stdout).expect("text")
}

#[tokio::test]
async fn what_staff_mark_and_answer_the_holder_of_the_receipt_sees() {
    let (server, data) = started().await;
    let data = data.path();
    server.put(1, report(1, vec![])).await;
    let name = id(1).to_string();
    let stages = server.mailbox(1, 1).await.stages.expect("a report");
    assert_eq!(
        (stages.read, stages.passed_on, stages.closed),
        (None, None, None)
    );
    assert!(said(data, &["reports", "list"]).contains(&name));
    let answer = data.join("answer.age");
    std::fs::write(&answer, sealed(7, 500)).expect("written");
    let answer = answer.to_str().expect("text");
    said(data, &["reports", "reply", &name, answer]);
    let state = server.mailbox(1, 1).await;
    assert!(state.stages.expect("a report").read.is_some());
    assert_eq!(state.messages[0].from, Side::Centre);
    let sealed_answer = data_encoding::BASE64.encode(&sealed(7, 500));
    assert_eq!(state.messages[0].sealed, sealed_answer);
    for (mark, expected) in [("passed-on", "passed on"), ("closed", "closed")] {
        assert!(said(data, &["reports", "mark", &name, mark]).contains(expected));
    }
    let stages = server.mailbox(1, 1).await.stages.expect("a report");
    assert!(stages.passed_on.is_some() && stages.closed.is_some());
    assert!(said(data, &["reports", "show", &name]).contains("passed on"));
    for _ in 1..MAX_MESSAGES {
        said(data, &["reports", "reply", &name, answer]);
    }
    let full = run(data, &["reports", "reply", &name, answer]);
    assert!(String::from_utf8_lossy(&full.stderr).contains("holds 50 answers"));
    let not_sealed = data.join("plain.txt");
    std::fs::write(&not_sealed, "hello").expect("written");
    let refused = run(
        data,
        &[
            "reports",
            "reply",
            &name,
            not_sealed.to_str().expect("text"),
        ],
    );
    assert!(!refused.status.success());
}

#[tokio::test]
async fn a_mailbox_looks_empty_to_everyone_else_whatever_they_do() {
    let (server, _data) = started().await;
    server.put(1, report(1, vec![])).await;
    let empty = server.mailbox(2, 2).await;
    assert_eq!(empty, MailboxState::default());
    assert_eq!(server.mailbox(1, 2).await, empty);
    let strangers = [
        server.write(1, 2, 1, sealed(1, 100)).await,
        server.write(2, 2, 1, sealed(1, 100)).await,
    ];
    for answer in &strangers {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.body, strangers[0].body);
    }
    let strangers = [server.withdraw(1, 2).await, server.withdraw(2, 2).await];
    for answer in &strangers {
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.body, strangers[0].body);
    }
    assert!(server.mailbox(1, 1).await.report.is_some());
}

#[tokio::test]
async fn writing_back_is_harmless_to_repeat_and_bounded() {
    let (server, _data) = started().await;
    server.put(1, report(1, vec![])).await;
    assert_eq!(
        server.write(1, 1, 1, sealed(1, 100)).await.status,
        StatusCode::CREATED
    );
    assert_eq!(
        server.write(1, 1, 1, sealed(1, 100)).await.status,
        StatusCode::OK
    );
    let other = server.write(1, 1, 1, sealed(2, 100)).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let large = server.write(1, 1, 2, sealed(1, MAX_MESSAGE + 1)).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    let plain = server.write(1, 1, 3, b"hello".to_vec()).await;
    assert_eq!(plain.status, StatusCode::BAD_REQUEST);
    assert_eq!(server.mailbox(1, 1).await.messages.len(), 1);
}

#[tokio::test]
async fn a_withdrawn_report_is_gone_for_good() {
    let (server, data) = started().await;
    let picture = bytes(1, 5000);
    let part = part(1, &picture);
    server.put(1, report(1, vec![part.clone()])).await;
    server.patch(1, &part, 0, picture.clone()).await;
    let folder = data.path().join(format!("parts/hawthorns/{}", id(1)));
    assert!(folder.exists());
    assert_eq!(server.withdraw(1, 1).await.status, StatusCode::OK);
    // Its answer was lost: asking again is harmless.
    assert_eq!(server.withdraw(1, 1).await.status, StatusCode::OK);
    assert!(!folder.exists());
    let late = server.put(1, report(1, vec![part.clone()])).await;
    assert_eq!(
        (late.status, late.kind().as_str()),
        (StatusCode::GONE, "/problems/erased")
    );
    assert_eq!(
        server.patch(1, &part, 0, picture).await.status,
        StatusCode::GONE
    );
    assert_eq!(server.commit(1).await.status, StatusCode::GONE);
    assert_eq!(server.mailbox(1, 1).await, MailboxState::default());
    assert!(!folder.exists());
}

#[tokio::test]
async fn what_was_passed_on_or_must_be_kept_is_not_withdrawn() {
    let (server, data) = started().await;
    for (seed, words) in [(1, ["mark", "passed-on"]), (2, ["hold", ""])] {
        server.put(seed, report(seed, vec![])).await;
        let name = id(seed).to_string();
        let words = ["reports", words[0], &name, words[1]];
        let words = words.iter().filter(|word| !word.is_empty()).copied();
        said(data.path(), &words.collect::<Vec<_>>());
        let refused = server.withdraw(seed, seed).await;
        assert_eq!(
            (refused.status, refused.kind().as_str()),
            (StatusCode::CONFLICT, "/problems/passed-on")
        );
        assert!(server.mailbox(seed, seed).await.report.is_some());
    }
    said(data.path(), &["reports", "release", id(2).as_str()]);
    assert_eq!(server.withdraw(2, 2).await.status, StatusCode::OK);
}

#[tokio::test]
async fn yesterdays_backup_brings_back_every_part_and_nothing_that_was_erased() {
    let (server, data) = started().await;
    let data = data.path();
    let picture = bytes(1, 300_000);
    let part = part(1, &picture);
    server.put(1, report(1, vec![part.clone()])).await;
    server.patch(1, &part, 0, picture.clone()).await;
    assert!(server.commit(1).await.stored().complete);
    server.put(2, body(2)).await;
    let elsewhere = tempfile::tempdir().expect("a folder");
    let backup = elsewhere.path().join("yesterday.db");
    said(data, &["backup", backup.to_str().expect("text")]);
    // Withdrawn after the backup, and one that the backup never had.
    server.put(3, body(3)).await;
    for seed in [2, 3] {
        assert_eq!(server.withdraw(seed, seed).await.status, StatusCode::OK);
    }
    server.app.store.close().await;
    drop(server);
    // The disk is destroyed; the file of changes lay on another one.
    let anew = tempfile::tempdir().expect("a folder");
    std::fs::copy(data.join("changes.log"), anew.path().join("changes.log")).expect("copied");
    said(anew.path(), &["restore", backup.to_str().expect("text")]);
    let server = common::inside::server(anew.path(), |_| {}).await;
    for seed in [2, 3] {
        assert_eq!(server.put(seed, body(seed)).await.status, StatusCode::GONE);
        assert_eq!(server.mailbox(seed, seed).await, MailboxState::default());
    }
    assert!(
        server
            .put(1, report(1, vec![part.clone()]))
            .await
            .stored()
            .complete
    );
    let kept = anew
        .path()
        .join(format!("parts/hawthorns/{}/{}", id(1), part.id));
    assert_eq!(std::fs::read(kept).expect("it is there"), picture);
    // A keyset older than was served before the disk was destroyed is refused.
    server.app.store.close().await;
    drop(server);
    common::put_keys(anew.path(), 1);
    let older = program(anew.path()).arg("serve").output().expect("it runs");
    assert!(String::from_utf8_lossy(&older.stderr).contains("version 2 has been served"));
}

#[tokio::test]
async fn what_the_time_is_over_for_goes_and_what_is_held_stays() {
    let (running, data) = started().await;
    for seed in 1..=3 {
        running.put(seed, report(seed, vec![])).await;
    }
    let closed = |seed| {
        said(
            data.path(),
            &["reports", "mark", id(seed).as_str(), "closed"],
        )
    };
    closed(1);
    closed(2);
    said(data.path(), &["reports", "hold", id(2).as_str()]);
    let now = server::arrival::now();
    let day = domain::time::DAY;
    server::keeping::note_done(data.path(), now.plus(363 * day)).expect("written");
    running
        .app
        .keep_no_longer(now.plus(364 * day))
        .await
        .expect("done");
    assert!(running.mailbox(1, 1).await.report.is_some());
    let dry = server::keeping::outlived(data.path(), server::keeping::USUAL, now.plus(367 * day));
    assert_eq!(dry.expect("readable").reports, [id(1)]);
    assert!(running.mailbox(1, 1).await.report.is_some());
    running
        .app
        .keep_no_longer(now.plus(367 * day))
        .await
        .expect("done");
    assert_eq!(running.mailbox(1, 1).await, MailboxState::default());
    for seed in [2, 3] {
        assert!(running.mailbox(seed, seed).await.report.is_some());
    }
    let said = said(data.path(), &["retention", "--dry-run"]);
    assert!(said.contains("0 reports") && said.contains("Nothing was erased"));
}

#[tokio::test]
async fn bytes_that_nobody_goes_on_with_go_after_a_week_and_the_text_stays() {
    let data = tempfile::tempdir().expect("a folder");
    let server = server(data.path(), |_| {}).await;
    let (half, whole) = (bytes(1, 5000), bytes(2, 5000));
    let parts = [part(1, &half), part(2, &whole)];
    server.put(1, report(1, parts.to_vec())).await;
    server.patch(1, &parts[0], 0, half[..2000].to_vec()).await;
    server.patch(1, &parts[1], 0, whole).await;
    let now = server::arrival::now();
    let day = domain::time::DAY;
    server
        .app
        .keep_no_longer(now.plus(6 * day))
        .await
        .expect("done");
    assert_eq!(server.head(1, &parts[0]).await.offset, Some(2000));
    server
        .app
        .keep_no_longer(now.plus(8 * day))
        .await
        .expect("done");
    let missing = server.commit(1).await.stored().missing;
    assert_eq!((missing.len(), missing[0].offset), (1, 0));
    let stages = server.mailbox(1, 1).await.stages.expect("still there");
    assert!(!stages.complete);
    // A phone that comes back after that sends it from the beginning.
    assert_eq!(
        server.patch(1, &parts[0], 0, half).await.complete,
        Some(true)
    );
    assert!(server.commit(1).await.stored().complete);
}

#[tokio::test]
async fn a_withdrawal_that_nobody_waits_for_is_done_to_its_end() {
    let (server, data) = started().await;
    server.put(1, report(1, vec![])).await;
    let named = || {
        let log = std::fs::read_to_string(data.path().join("changes.log"));
        log.unwrap_or_default().contains(id(1).as_str())
    };
    let mut asked = Box::pin(server.withdraw(1, 1));
    while !named() {
        let moment = std::time::Duration::from_micros(50);
        let _ = tokio::time::timeout(moment, &mut asked).await;
    }
    // The client has gone, while the file of changes is still on its way to the disk.
    drop(asked);
    for _ in 0..200 {
        if server.mailbox(1, 1).await == MailboxState::default() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it stays until the next start");
}

/// Somebody holds it after its holder was told that it can be withdrawn, or after its age was looked at.
#[tokio::test]
async fn a_hold_that_comes_before_the_erasure_itself_is_kept_to() {
    let (server, data) = started().await;
    server.put(1, report(1, vec![])).await;
    server.put(2, report(2, vec![])).await;
    let token = envelope(1, 0).label.mailbox;
    let asked = server
        .app
        .store
        .withdrawable(&token.id, token.token_hash)
        .await;
    assert_eq!(asked, Ok(Withdrawn::Report(id(1))));
    said(data.path(), &["reports", "hold", id(1).as_str()]);
    said(
        data.path(),
        &["reports", "mark", id(2).as_str(), "passed-on"],
    );
    for (seed, unless) in [
        (1, Unless::HeldOrPassedOn),
        (1, Unless::Held),
        (2, Unless::HeldOrPassedOn),
    ] {
        let erased = server.app.erase(&id(seed), unless).await;
        assert_eq!(erased.expect("done"), Erased::Kept);
        assert!(server.mailbox(seed, seed).await.report.is_some());
    }
    let refused = run(data.path(), &["reports", "erase", id(1).as_str()]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("under a legal hold"));
    // Nothing says that they were erased: the next start would believe it.
    assert_eq!(server.app.changes.read().expect("readable").erased, []);
    let erased = server.app.erase(&id(2), Unless::Held).await;
    assert_eq!(erased.expect("done"), Erased::Gone);
}

#[tokio::test]
async fn a_report_that_is_being_erased_can_no_longer_be_held() {
    let (server, data) = started().await;
    server.put(1, report(1, vec![])).await;
    server.app.changes.erasing(&id(1)).expect("written");
    let refused = run(data.path(), &["reports", "hold", id(1).as_str()]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is being erased"));
    // It is not held then either: its holder may ask again.
    assert_eq!(server.withdraw(1, 1).await.status, StatusCode::OK);
}

/// As after an older release, or in a folder that was restored.
#[tokio::test]
async fn a_first_run_by_a_clock_that_is_years_ahead_erases_nothing() {
    let (server, data) = started().await;
    for seed in [1, 2] {
        server.put(seed, report(seed, vec![])).await;
        said(
            data.path(),
            &["reports", "mark", id(seed).as_str(), "closed"],
        );
    }
    let (now, day) = (server::arrival::now(), domain::time::DAY);
    let ahead = now.plus(400 * day);
    server.app.keep_no_longer(ahead).await.expect("put off");
    // One that comes in by that clock does not vouch for it.
    let database = rusqlite::Connection::open(data.path().join("safe-place.db"));
    let came = "UPDATE reports SET hour = ?1 WHERE id = ?2";
    let came = database
        .expect("it opens")
        .execute(came, rusqlite::params![ahead.0, id(2).as_str()]);
    assert_eq!(came, Ok(1));
    server.app.keep_no_longer(ahead).await.expect("put off");
    assert!(server.mailbox(1, 1).await.report.is_some());
    said(data.path(), &["retention"]);
    server.app.keep_no_longer(now).await.expect("done");
    assert!(server.mailbox(1, 1).await.report.is_some());
}

#[tokio::test]
async fn a_clock_that_leaps_erases_nothing_until_somebody_has_looked() {
    let (server, data) = started().await;
    server.put(1, report(1, vec![])).await;
    said(data.path(), &["reports", "mark", id(1).as_str(), "closed"]);
    let (now, day) = (server::arrival::now(), domain::time::DAY);
    server.app.keep_no_longer(now).await.expect("done");
    for _ in 0..2 {
        let leapt = server.app.keep_no_longer(now.plus(400 * day)).await;
        leapt.expect("put off");
        assert!(server.mailbox(1, 1).await.report.is_some());
    }
    server::keeping::note_done(data.path(), now.plus(399 * day)).expect("written");
    let right = server.app.keep_no_longer(now.plus(400 * day)).await;
    right.expect("done");
    assert_eq!(server.mailbox(1, 1).await, MailboxState::default());
}
