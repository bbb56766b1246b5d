//! What is said to the server, and what its answers mean.

#[cfg(target_family = "wasm")]
mod fetch;

use domain::delta::{Cursor, Delta};
use domain::id::{MailboxId, NoteId, ReportId};
use domain::note::NoteAnswer;
use domain::outbox::{Answer, Refusal};
use domain::wire::{MailboxState, Noted, Problem, Scheme, Stored};
use serde::de::DeserializeOwned;

#[cfg(target_family = "wasm")]
pub use fetch::{Fetch, bytes, file};

/// A file of our own site: outside a browser there is no site to ask.
#[cfg(not(target_family = "wasm"))]
pub async fn file(_url: &str) -> Option<String> {
    None
}

/// The same for a file that is no text.
#[cfg(not(target_family = "wasm"))]
pub async fn bytes(_url: &str) -> Option<Vec<u8>> {
    None
}

/// Requests that one phone makes.
#[expect(
    async_fn_in_trait,
    reason = "a page and a worker have one thread: no future of these is ever sent"
)]
pub trait Api {
    /// Hands over a sealed report.
    async fn put_report(&self, id: &ReportId, envelope: &[u8]) -> Answer;
    /// Hands over a note.
    async fn put_note(&self, id: &NoteId, note: &[u8]) -> NoteAnswer;
    /// Asks for the scheme.
    async fn scheme(&self) -> Pulled<Scheme>;
    /// Asks what changed among the places.
    async fn places(&self, after: &Cursor) -> Pulled<Delta>;
    /// Asks what lies in a mailbox.
    async fn mailbox(&self, id: &MailboxId, token: &[u8; 32]) -> Pulled<MailboxState>;
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq)]
pub enum Pulled<T> {
    /// The answer.
    Got(T),
    /// The server is there, but gives no answer now; wait at least so many milliseconds.
    Later(i64),
    /// Nothing came back.
    Silence,
}

/// An answer as it came over the wire.
pub struct Heard {
    /// The HTTP status.
    pub status: u16,
    /// The header Retry-After, as sent.
    pub retry_after: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What an answer to a handed-over report means. Only words of our own server count: a café's
/// sign-in page answers 200, and a proxy's 404 must not park a report.
pub fn put_answer(heard: &Heard) -> Answer {
    match heard.status {
        200 | 201 => match read(&heard.body) {
            Some(Stored { epoch, mark }) => Answer::Stored { epoch, mark },
            None => Answer::Silence,
        },
        408 | 425 | 429 | 500.. => Answer::Later(wait(heard)),
        400..500 => problem(heard).map_or(Answer::Silence, |why| Answer::Refused(refusal(&why))),
        _ => Answer::Silence,
    }
}

/// What an answer to a note means, with the same care: only our own server repeats the note's id.
pub fn note_answer(id: &NoteId, heard: &Heard) -> NoteAnswer {
    match heard.status {
        200 | 201 => match read(&heard.body) {
            Some(Noted { noted }) if noted == *id => NoteAnswer::Taken,
            _ => NoteAnswer::Later,
        },
        408 | 425 | 429 => NoteAnswer::Later,
        400..500 if problem(heard).is_some() => NoteAnswer::Refused,
        _ => NoteAnswer::Later,
    }
}

/// What an answer to a question means.
pub fn pulled<T: DeserializeOwned>(heard: &Heard) -> Pulled<T> {
    match heard.status {
        200 => read(&heard.body).map_or(Pulled::Silence, Pulled::Got),
        429 | 500.. => Pulled::Later(wait(heard)),
        400..500 if problem(heard).is_some() => Pulled::Later(0),
        _ => Pulled::Silence,
    }
}

fn refusal(problem: &Problem) -> Refusal {
    match (problem.status, problem.r#type.as_str()) {
        (404, "/problems/unknown-centre") => Refusal::UnknownCentre,
        (413, _) => Refusal::TooLarge,
        (422, _) => Refusal::OtherBytes,
        _ => Refusal::Malformed,
    }
}

/// A problem as our own server tells it.
fn problem(heard: &Heard) -> Option<Problem> {
    let problem: Problem = read(&heard.body)?;
    (problem.status == heard.status).then_some(problem)
}

/// JSON, read by the browser: what reads records of the phone's storage then reads answers, too, and
/// phones need not keep a second reader.
#[cfg(target_family = "wasm")]
fn read<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    let json = js_sys::JSON::parse(std::str::from_utf8(json).ok()?).ok()?;
    serde_wasm_bindgen::from_value(json).ok()
}

/// JSON.
#[cfg(not(target_family = "wasm"))]
fn read<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    serde_json::from_slice(json).ok()
}

/// Milliseconds; 0 where nothing, or only a date, was said.
fn wait(heard: &Heard) -> i64 {
    let seconds = heard
        .retry_after
        .as_deref()
        .and_then(|text| text.trim().parse::<u32>().ok());
    seconds.map_or(0, |seconds| i64::from(seconds) * 1000)
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use domain::id::Epoch;

    use super::*;

    fn heard(status: u16, body: &str) -> Heard {
        Heard {
            status,
            retry_after: Some("7".into()),
            body: body.into(),
        }
    }

    #[track_caller]
    fn means(status: u16, body: &str, expected: Answer) {
        assert_eq!(
            put_answer(&heard(status, body)),
            expected,
            "{status} {body}"
        );
    }

    fn problem(status: u16) -> String {
        format!(r#"{{"type":"/problems/x","title":"x","status":{status}}}"#)
    }

    #[test]
    fn every_status_has_a_meaning() {
        let stored = r#"{"epoch":"aeaqcaibaeaqcaibaeaqcaibae","mark":9}"#;
        let yes = Answer::Stored {
            epoch: Epoch::from_random([1; 16]),
            mark: 9,
        };
        means(201, stored, yes.clone());
        means(200, stored, yes);
        means(400, &problem(400), Answer::Refused(Refusal::Malformed));
        let no_centre = r#"{"type":"/problems/unknown-centre","title":"x","status":404}"#;
        means(404, no_centre, Answer::Refused(Refusal::UnknownCentre));
        means(404, &problem(404), Answer::Refused(Refusal::Malformed));
        means(413, &problem(413), Answer::Refused(Refusal::TooLarge));
        means(415, &problem(415), Answer::Refused(Refusal::Malformed));
        means(422, &problem(422), Answer::Refused(Refusal::OtherBytes));
        means(429, &problem(429), Answer::Later(7_000));
        means(503, "", Answer::Later(7_000));
        means(507, &problem(507), Answer::Later(7_000));
    }

    #[test]
    fn a_stranger_on_the_way_neither_stores_nor_refuses() {
        means(200, "<html>Sign in to the café", Answer::Silence);
        means(404, "<html>Not found", Answer::Silence);
        means(404, &problem(400), Answer::Silence);
        means(302, "", Answer::Silence);
    }

    #[track_caller]
    fn note_means(status: u16, body: &str, expected: NoteAnswer) {
        let id = NoteId::from_random([1; 16]);
        let answer = note_answer(&id, &heard(status, body));
        assert_eq!(answer, expected, "{status} {body}");
    }

    #[test]
    fn only_our_own_server_takes_or_refuses_a_note() {
        use NoteAnswer::{Later, Refused, Taken};
        let noted = r#"{"noted":"aeaqcaibaeaqcaibaeaqcaibae"}"#;
        note_means(201, noted, Taken);
        note_means(200, noted, Taken);
        note_means(200, r#"{"noted":"aibaeaqcaibaeaqcaibaeaqcai"}"#, Later);
        note_means(200, "<html>Sign in to the café", Later);
        note_means(302, "", Later);
        for status in [400, 403, 404, 413, 415, 422] {
            note_means(status, &problem(status), Refused);
            note_means(status, "<html>Not found", Later);
        }
        for status in [408, 425, 429, 500, 503, 507] {
            note_means(status, &problem(status), Later);
        }
    }

    #[test]
    fn a_date_in_retry_after_is_no_number() {
        let mut heard = heard(503, "");
        heard.retry_after = Some("Wed, 21 Oct 2026 07:28:00 GMT".into());
        assert_eq!(put_answer(&heard), Answer::Later(0));
    }
}
