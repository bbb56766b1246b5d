//! What is said to the server, and what its answers mean.

#[cfg(target_family = "wasm")]
mod fetch;

use domain::delta::{Cursor, Delta};
use domain::id::{MailboxId, MessageId, NoteId, PartId, ReportId};
use domain::note::NoteAnswer;
use domain::outbox::{Answer, PartAnswer, Refusal};
use domain::wire::{MailboxState, Noted, Problem, Scheme, Stored, Taken};
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
    /// Ends a report whose text the server has, or asks what of it is missing.
    async fn commit(&self, id: &ReportId) -> Answer;
    /// Hands over a chunk of a part.
    async fn put_chunk(
        &self,
        id: &ReportId,
        part: &PartId,
        offset: u32,
        chunk: &[u8],
    ) -> PartAnswer;
    /// Hands over a note.
    async fn put_note(&self, id: &NoteId, note: &[u8]) -> NoteAnswer;
    /// Asks for the scheme.
    async fn scheme(&self) -> Pulled<Scheme>;
    /// Asks what changed among the places.
    async fn places(&self, after: &Cursor) -> Pulled<Delta>;
    /// Asks what lies in a mailbox.
    async fn mailbox(&self, id: &MailboxId, token: &[u8; 32]) -> Pulled<MailboxState>;
    /// Hands over a message.
    async fn put_message(
        &self,
        mailbox: &MailboxId,
        token: &[u8; 32],
        id: &MessageId,
        sealed: &[u8],
    ) -> MailboxAnswer;
    /// Withdraws the report of a mailbox.
    async fn withdraw(&self, mailbox: &MailboxId, token: &[u8; 32]) -> MailboxAnswer;
}

/// What came of telling a mailbox something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailboxAnswer {
    /// It is done.
    Done,
    /// The report was passed on, or must be kept: it is not withdrawn.
    PassedOn,
    /// It holds as many messages as it takes.
    Full,
    /// There is no such mailbox.
    Nothing,
    /// Not now, or nothing came back: try again.
    Unreached,
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
    /// The header Upload-Offset, as sent.
    pub offset: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What an answer to a handed-over report means. Only words of our own server count: a café's
/// sign-in page answers 200, and a proxy's 404 must not park a report.
pub fn put_answer(heard: &Heard) -> Answer {
    match heard.status {
        200 | 201 => match read(&heard.body) {
            Some(Stored {
                complete: false,
                missing,
                ..
            }) => Answer::Wants(missing),
            Some(Stored {
                epoch, mark, proof, ..
            }) => Answer::Stored { epoch, mark, proof },
            None => Answer::Silence,
        },
        408 | 425 | 429 | 500.. => Answer::Later(wait(heard)),
        400..500 => problem(heard).map_or(Answer::Silence, |why| Answer::Refused(refusal(&why))),
        _ => Answer::Silence,
    }
}

/// What an answer to ending a report means.
pub fn commit_answer(heard: &Heard) -> Answer {
    match problem(heard) {
        Some(problem) if problem.r#type == UNKNOWN => Answer::Unknown,
        _ => put_answer(heard),
    }
}

/// What an answer to a chunk means.
pub fn part_answer(heard: &Heard) -> PartAnswer {
    let offset = heard.offset.as_deref().and_then(|text| text.parse().ok());
    let problem = problem(heard);
    match (heard.status, problem) {
        (204, _) => offset.map_or(PartAnswer::Silence, PartAnswer::At),
        (409, Some(problem)) => problem
            .expected_offset
            .map_or(PartAnswer::Silence, PartAnswer::At),
        (408 | 425 | 429 | 500.., _) => PartAnswer::Later(wait(heard)),
        (404, Some(_)) => PartAnswer::Unknown,
        (422, Some(_)) => PartAnswer::Damaged,
        (400..500, Some(problem)) => PartAnswer::Refused(refusal(&problem)),
        _ => PartAnswer::Silence,
    }
}

/// What an answer to a message means. Only its writer knows its id: other bytes under it are the same
/// message, sealed anew after an answer was lost.
pub fn message_answer(id: &MessageId, heard: &Heard) -> MailboxAnswer {
    match (heard.status, problem(heard)) {
        (200 | 201, _) => match read(&heard.body) {
            Some(Taken { taken }) if taken == *id => MailboxAnswer::Done,
            _ => MailboxAnswer::Unreached,
        },
        (422, Some(_)) => MailboxAnswer::Done,
        (409, Some(_)) => MailboxAnswer::Full,
        (404, Some(_)) => MailboxAnswer::Nothing,
        _ => MailboxAnswer::Unreached,
    }
}

/// What an answer to withdrawing means. A mailbox that is gone was withdrawn before.
pub fn withdraw_answer(heard: &Heard) -> MailboxAnswer {
    match (heard.status, problem(heard)) {
        (200, _) if read::<MailboxState>(&heard.body).is_some() => MailboxAnswer::Done,
        (409, Some(_)) => MailboxAnswer::PassedOn,
        _ => MailboxAnswer::Unreached,
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

/// The type of the problem that a report is not there.
const UNKNOWN: &str = "/problems/unknown-report";

fn refusal(problem: &Problem) -> Refusal {
    match (problem.status, problem.r#type.as_str()) {
        (410, _) => Refusal::Erased,
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
            offset: None,
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
            proof: None,
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

    /// What a server of another release may say, and what stands before one that is being changed.
    #[test]
    fn a_server_of_another_release_refuses_nothing_for_good() {
        let not_read = Answer::Refused(Refusal::Malformed);
        for status in [400, 403, 404, 405, 415, 426] {
            means(status, &problem(status), not_read.clone());
            means(status, "<html>Upgrade Required", Answer::Silence);
        }
        for status in [500, 502, 503, 504] {
            means(status, "<html>Bad Gateway", Answer::Later(7_000));
        }
        // One that knows no parts has no such address.
        let not_found = r#"{"type":"/problems/not-found","title":"x","status":404}"#;
        assert_eq!(commit_answer(&heard(404, not_found)), not_read);
        assert_eq!(part_answer(&heard(404, not_found)), PartAnswer::Unknown);
        assert_eq!(part_answer(&heard(426, "<html>")), PartAnswer::Silence);
        let html = part_answer(&heard(502, "<html>"));
        assert_eq!(html, PartAnswer::Later(7_000));
    }

    #[test]
    fn what_a_newer_server_says_more_does_no_harm() {
        let stored = r#"{"epoch":"aeaqcaibaeaqcaibaeaqcaibae","mark":9,"mood":7}"#;
        let yes = Answer::Stored {
            epoch: Epoch::from_random([1; 16]),
            mark: 9,
            proof: None,
        };
        means(201, stored, yes);
        let wants = r#"{"epoch":"aeaqcaibaeaqcaibaeaqcaibae","mark":9,"mood":7,"complete":false,"missing":[{"id":"aeaqcaibaeaqcaibaeaqcaibae","offset":7,"mood":7}]}"#;
        assert!(matches!(put_answer(&heard(200, wants)), Answer::Wants(_)));
        let mailbox = r#"{"report":"received","mood":7,"stages":{"received":1,"complete":true,"mood":7},"messages":[{"id":"aeaqcaibaeaqcaibaeaqcaibae","from":"centre","hour":1,"sealed":"YQ==","mood":7}]}"#;
        let Pulled::Got(state) = pulled::<MailboxState>(&heard(200, mailbox)) else {
            panic!("it is read")
        };
        assert_eq!(state.messages.len(), 1);
        let place = r#"{"id":"cape-hall","revision":2,"name":"Cape Hall","address":"1 Example Lane","point":{"lat":52.5,"lon":-1.9},"offers":["sauna","toilets"]}"#;
        let more = r#"{"places":[@],"gone":[],"cursor":"7","more":false,"whole":"@2"}"#;
        let of = |place: &str| more.replace("@2", &"02".repeat(32)).replace('@', place);
        let Pulled::Got(delta) = pulled::<Delta>(&heard(200, &of(place))) else {
            panic!("it is read")
        };
        assert_eq!(delta.places[0].offers, [domain::place::Offer::Toilets]);
        // A list that cannot be read leaves the one that is held.
        let none = pulled::<Delta>(&heard(200, &of(&place.replace("52.5", "\"north\""))));
        assert_eq!(none, Pulled::Silence);
    }

    #[test]
    fn a_text_without_its_parts_is_not_stored() {
        let wants = r#"{"epoch":"aeaqcaibaeaqcaibaeaqcaibae","mark":9,"complete":false,"missing":[{"id":"aeaqcaibaeaqcaibaeaqcaibae","offset":7}]}"#;
        let id = PartId::from_random([1; 16]);
        means(
            201,
            wants,
            Answer::Wants(vec![domain::wire::Missing { id, offset: 7 }]),
        );
        means(410, &problem(410), Answer::Refused(Refusal::Erased));
        let unknown = r#"{"type":"/problems/unknown-report","title":"x","status":404}"#;
        assert_eq!(commit_answer(&heard(404, unknown)), Answer::Unknown);
        assert_eq!(commit_answer(&heard(404, "<html>")), Answer::Silence);
    }

    #[test]
    fn a_chunk_goes_on_where_the_server_says() {
        let at = |status, body: &str, offset: Option<&str>| {
            let offset = offset.map(str::to_owned);
            part_answer(&Heard {
                offset,
                ..heard(status, body)
            })
        };
        assert_eq!(at(204, "", Some("70")), PartAnswer::At(70));
        assert_eq!(at(204, "", None), PartAnswer::Silence);
        let elsewhere = r#"{"type":"x","title":"x","status":409,"expected-offset":5}"#;
        assert_eq!(at(409, elsewhere, Some("5")), PartAnswer::At(5));
        assert_eq!(at(404, &problem(404), None), PartAnswer::Unknown);
        assert_eq!(at(404, "<html>", None), PartAnswer::Silence);
        assert_eq!(
            at(410, &problem(410), None),
            PartAnswer::Refused(Refusal::Erased)
        );
        assert_eq!(at(422, &problem(422), None), PartAnswer::Damaged);
        assert_eq!(at(507, &problem(507), None), PartAnswer::Later(7_000));
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
