//! What follows a report: the real router, a real folder, chunks that break off and go on.

mod common;

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use common::inside::{bytes, part, report, server, started};
use common::{envelope, id};
use domain::id::Sha256;
use domain::wire::{MAX_CHUNK, Problem};
use ed25519_dalek::{Signature, VerifyingKey};
use http_body::Frame;
use sha2::Digest;

#[tokio::test]
async fn a_report_with_parts_is_complete_when_all_of_them_are_there_to_the_byte() {
    let (server, data) = started().await;
    let (picture, sound) = (bytes(1, 2_500_000), bytes(2, 70_000));
    let parts = [part(1, &picture), part(2, &sound)];
    let first = server.put(1, report(1, parts.to_vec())).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let text = first.stored();
    assert_eq!((text.complete, text.missing.len()), (false, 2));
    for (part, bytes) in parts.iter().zip([&picture, &sound]) {
        let mut offset = 0;
        for chunk in bytes.chunks(MAX_CHUNK) {
            let answer = server.patch(1, part, offset, chunk.to_vec()).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
            offset += chunk.len() as u32;
            assert_eq!(answer.offset, Some(offset));
            assert_eq!(answer.complete, Some(offset == part.length));
        }
    }
    let done = server.commit(1).await.stored();
    assert!(done.complete && done.missing.is_empty() && done.mark > text.mark);
    assert_eq!(server.commit(1).await.stored(), done);
    let again = server.put(1, report(1, parts.to_vec())).await;
    assert_eq!((again.status, again.stored()), (StatusCode::OK, done));
    let kept = data
        .path()
        .join(format!("parts/hawthorns/{}/{}", id(1), parts[0].id));
    assert_eq!(std::fs::read(kept).expect("it is there"), picture);
}

/// As after a restored backup that was made between the last chunk and the end.
#[tokio::test]
async fn a_text_that_comes_again_after_its_last_part_ends_the_report() {
    let (server, _data) = started().await;
    let picture = bytes(1, 5000);
    let part = part(1, &picture);
    let first = server.put(1, report(1, vec![part.clone()])).await.stored();
    server.patch(1, &part, 0, picture).await;
    let again = server.put(1, report(1, vec![part])).await.stored();
    assert!(again.complete && again.mark > first.mark);
    assert_eq!(server.commit(1).await.stored(), again);
}

#[tokio::test]
async fn a_chunk_that_begins_elsewhere_is_told_where_to_begin() {
    let (server, _data) = started().await;
    let picture = bytes(1, 5000);
    let part = part(1, &picture);
    server.put(1, report(1, vec![part.clone()])).await;
    server.patch(1, &part, 0, picture[..2000].to_vec()).await;
    for wrong in [0, 1999, 2001] {
        let answer = server.patch(1, &part, wrong, picture[..10].to_vec()).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert_eq!(answer.offset, Some(2000));
        let problem: Problem = serde_json::from_slice(&answer.body).expect("a problem");
        assert!(problem.r#type.ends_with("#mismatching-upload-offset"));
        assert_eq!(problem.expected_offset, Some(2000));
        assert_eq!(problem.provided_offset, Some(wrong));
    }
    server.patch(1, &part, 2000, picture[2000..].to_vec()).await;
    // A replay of the last chunk, whose answer was lost.
    let replayed = server.patch(1, &part, 2000, picture[2000..].to_vec()).await;
    assert_eq!(
        (replayed.status, replayed.offset),
        (StatusCode::CONFLICT, Some(5000))
    );
    let head = server.head(1, &part).await;
    assert_eq!((head.offset, head.complete), (Some(5000), Some(true)));
    assert!(server.commit(1).await.stored().complete);
}

/// A body that gives these bytes, and then either breaks off or never ends.
struct Broken {
    bytes: Option<Vec<u8>>,
    ends: bool,
}

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        match (self.bytes.take(), self.ends) {
            (Some(bytes), _) => Poll::Ready(Some(Ok(Frame::data(bytes.into())))),
            (None, true) => Poll::Ready(Some(Err(std::io::Error::other("cut")))),
            (None, false) => Poll::Pending,
        }
    }
}

fn broken(bytes: &[u8], ends: bool) -> Body {
    Body::new(Broken {
        bytes: Some(bytes.to_vec()),
        ends,
    })
}

#[tokio::test]
async fn what_arrived_of_a_chunk_that_broke_off_is_kept() {
    let (server, _data) = started().await;
    let picture = bytes(1, 900_000);
    let part = part(1, &picture);
    server.put(1, report(1, vec![part.clone()])).await;
    let cut = server
        .patch(1, &part, 0, broken(&picture[..300_001], true))
        .await;
    assert_eq!(cut.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(server.head(1, &part).await.offset, Some(300_001));
    let rest = server
        .patch(1, &part, 300_001, picture[300_001..].to_vec())
        .await;
    assert_eq!(rest.complete, Some(true));
}

#[tokio::test]
async fn a_newer_request_ends_the_older() {
    let (server, _data) = started().await;
    let picture = bytes(1, 1000);
    let part = part(1, &picture);
    server.put(1, report(1, vec![part.clone()])).await;
    let endless = broken(&picture[..400], false);
    let asked = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        server.head(1, &part).await
    };
    let both = async { tokio::join!(server.patch(1, &part, 0, endless), asked) };
    let both = tokio::time::timeout(Duration::from_secs(10), both).await;
    let (older, newer) = both.expect("the older one ends");
    assert_eq!(older.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(newer.offset, Some(400));
}

#[tokio::test]
async fn a_part_that_is_not_what_its_label_says_begins_anew() {
    let (server, _data) = started().await;
    let (right, mut wrong) = (bytes(1, 3000), bytes(1, 3000));
    wrong[1234] ^= 1;
    let part = part(1, &right);
    server.put(1, report(1, vec![part.clone()])).await;
    let answer = server.patch(1, &part, 0, wrong).await;
    assert_eq!(
        (answer.status, answer.kind().as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "/problems/damaged-part")
    );
    let missing = server.commit(1).await.stored().missing;
    assert_eq!(missing[0].offset, 0);
    assert_eq!(server.patch(1, &part, 0, right).await.complete, Some(true));
}

#[tokio::test]
async fn what_cannot_be_taken_says_why() {
    let (server, _data) = started().await;
    let picture = bytes(1, 2 * MAX_CHUNK);
    let (known, unknown) = (part(1, &picture), part(2, b"x"));
    let nothing = server.patch(1, &known, 0, vec![1]).await;
    assert_eq!(
        (nothing.status, nothing.kind().as_str()),
        (StatusCode::NOT_FOUND, "/problems/unknown-report")
    );
    assert_eq!(server.commit(1).await.status, StatusCode::NOT_FOUND);
    server.put(1, report(1, vec![known.clone()])).await;
    let other = server.patch(1, &unknown, 0, vec![1]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let long = server.patch(1, &known, 0, vec![1; MAX_CHUNK + 1]).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
    let short = part(3, b"abc");
    server.put(3, report(3, vec![short.clone()])).await;
    let over = server.patch(3, &short, 0, b"abcd".to_vec()).await;
    assert_eq!(over.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(server.head(3, &short).await.offset, Some(0));
    let path = format!("/api/reports/{}/parts/{}", id(3), short.id);
    let headers = [("content-type", "application/partial-upload")];
    let no_offset = server
        .ask(Method::PATCH, &path, &headers, vec![1].into())
        .await;
    assert_eq!(no_offset.status, StatusCode::BAD_REQUEST);
    let headers = [("upload-offset", "0")];
    let no_kind = server
        .ask(Method::PATCH, &path, &headers, vec![1].into())
        .await;
    assert_eq!(no_kind.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn an_upload_goes_on_after_the_server_began_anew() {
    let data = tempfile::tempdir().expect("a folder");
    let picture = bytes(1, 4000);
    let part = part(1, &picture);
    let first = server(data.path(), |_| {}).await;
    first.put(1, report(1, vec![part.clone()])).await;
    first.patch(1, &part, 0, picture[..1500].to_vec()).await;
    first.app.store.close().await;
    drop(first);
    let second = server(data.path(), |_| {}).await;
    assert_eq!(second.commit(1).await.stored().missing[0].offset, 1500);
    second.patch(1, &part, 1500, picture[1500..].to_vec()).await;
    assert!(second.commit(1).await.stored().complete);
}

#[tokio::test]
async fn a_server_that_died_before_it_named_a_part_makes_that_good() {
    let (server, data) = started().await;
    let (picture, sound) = (bytes(1, 4000), bytes(2, 4000));
    let parts = [part(1, &picture), part(2, &sound)];
    server.put(1, report(1, parts.to_vec())).await;
    let folder = data.path().join(format!("parts/hawthorns/{}", id(1)));
    std::fs::create_dir_all(&folder).expect("a folder");
    // All bytes were synced, and then the power went.
    let incoming = folder.join(format!("{}.incoming", parts[0].id));
    std::fs::write(incoming, &picture).expect("written");
    // The file had its name, and its row was missing.
    std::fs::write(folder.join(parts[1].id.as_str()), &sound).expect("written");
    let done = server.commit(1).await.stored();
    assert!(done.complete, "{:?}", done.missing);
    assert_eq!(server.head(1, &parts[0]).await.complete, Some(true));
}

#[tokio::test]
async fn a_full_folder_lets_what_is_begun_end_and_puts_new_parts_off() {
    let data = tempfile::tempdir().expect("a folder");
    let server = server(data.path(), |settings| settings.max_part_bytes = 10_000).await;
    let (begun, later) = (bytes(1, 9000), bytes(2, 1000));
    let parts = [part(1, &begun), part(2, &later)];
    server.put(1, report(1, parts.to_vec())).await;
    server.patch(1, &parts[0], 0, begun[..5000].to_vec()).await;
    assert_eq!(
        server
            .patch(1, &parts[0], 5000, begun[5000..].to_vec())
            .await
            .complete,
        Some(true)
    );
    let new = server.patch(1, &parts[1], 0, later).await;
    assert_eq!(new.status, StatusCode::INSUFFICIENT_STORAGE);
    // Texts are counted apart: they still come in.
    assert_eq!(
        server.put(2, report(2, vec![])).await.status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn a_proof_of_receipt_is_the_servers_word_on_these_bytes_and_this_hour() {
    let (server, _data) = started().await;
    let sealed = envelope(1, 300).sealed;
    let proof = server.put(1, report(1, vec![])).await.stored().proof;
    let proof = proof.expect("one");
    let scheme = server
        .ask(Method::GET, "/api/scheme", &[], Body::empty())
        .await;
    let scheme: domain::wire::Scheme = serde_json::from_slice(&scheme.body).expect("a scheme");
    let base64 = |text: &str| {
        data_encoding::BASE64
            .decode(text.as_bytes())
            .expect("base64")
    };
    let key = base64(&scheme.proof_key.expect("named"));
    let key = VerifyingKey::from_bytes(&key.try_into().expect("32 bytes")).expect("a key");
    let signature = Signature::from_slice(&base64(&proof.signature)).expect("a signature");
    let hash = Sha256(sha2::Sha256::digest(&sealed).into());
    let verifies = |said: Vec<u8>| key.verify_strict(&said, &signature).is_ok();
    assert!(verifies(proof.signed(&id(1), hash)));
    assert!(!verifies(proof.signed(&id(2), hash)));
    // Many at once are signed together, and each proof holds by itself.
    let many = (10..40).map(|seed| server.put(seed, report(seed, vec![])));
    for (seed, answer) in (10..).zip(together(many).await) {
        let proof = answer.stored().proof.expect("one");
        let signature = Signature::from_slice(&base64(&proof.signature)).expect("a signature");
        let hash = Sha256(sha2::Sha256::digest(envelope(seed, 300).sealed).into());
        let said = proof.signed(&id(seed), hash);
        assert!(key.verify_strict(&said, &signature).is_ok());
    }
}

/// All of them at once.
async fn together<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|context| {
        for (one, done) in waiting.iter_mut().filter(|(_, done)| done.is_none()) {
            if let Poll::Ready(value) = one.as_mut().poll(context) {
                *done = Some(value);
            }
        }
        match waiting.iter().all(|(_, done)| done.is_some()) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    waiting.into_iter().filter_map(|(_, done)| done).collect()
}
