//! The only caller of `fetch`: works in a page, a worker and a service worker.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::delta::{Cursor, Delta};
use domain::id::{MailboxId, MessageId, NoteId, PartId, ReportId};
use domain::note::NoteAnswer;
use domain::outbox::{Answer, PartAnswer};
use domain::wire::{CHUNK_TYPE, MESSAGE_TYPE, MailboxState, REPORT_TYPE, Scheme};
use js_sys::{Function, JsString, Promise, Reflect, Uint8Array, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response,
};

use super::{
    Api, Heard, MailboxAnswer, Pulled, commit_answer, message_answer, note_answer, part_answer,
    pulled, put_answer, withdraw_answer,
};

/// Longest wait for one answer, in milliseconds.
const PATIENCE: u32 = 30_000;

/// The server this page came from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fetch;

impl Api for Fetch {
    async fn put_report(&self, id: &ReportId, envelope: &[u8]) -> Answer {
        match put(&format!("/api/reports/{id}"), REPORT_TYPE, envelope).await {
            Ok(heard) => put_answer(&heard),
            Err(_) => Answer::Silence,
        }
    }

    async fn commit(&self, id: &ReportId) -> Answer {
        let path = format!("/api/reports/{id}/commit");
        match send("POST", &path, &[], &[]).await {
            Ok(heard) => commit_answer(&heard),
            Err(_) => Answer::Silence,
        }
    }

    async fn put_chunk(
        &self,
        id: &ReportId,
        part: &PartId,
        offset: u32,
        chunk: &[u8],
    ) -> PartAnswer {
        let path = format!("/api/reports/{id}/parts/{part}");
        let offset = offset.to_string();
        let headers = [("content-type", CHUNK_TYPE), ("upload-offset", &*offset)];
        match send("PATCH", &path, &headers, chunk).await {
            Ok(heard) => part_answer(&heard),
            Err(_) => PartAnswer::Silence,
        }
    }

    async fn put_note(&self, id: &NoteId, note: &[u8]) -> NoteAnswer {
        match put(&format!("/api/notes/{id}"), "application/json", note).await {
            Ok(heard) => note_answer(id, &heard),
            Err(_) => NoteAnswer::Later,
        }
    }

    async fn scheme(&self) -> Pulled<Scheme> {
        meaning(get("/api/scheme", None).await)
    }

    async fn places(&self, after: &Cursor) -> Pulled<Delta> {
        let after: String = js_sys::encode_uri_component(&after.0).into();
        meaning(get(&format!("/api/places?after={after}"), None).await)
    }

    async fn mailbox(&self, id: &MailboxId, token: &[u8; 32]) -> Pulled<MailboxState> {
        meaning(get(&format!("/api/mailboxes/{id}"), Some(&bearer(token))).await)
    }

    async fn put_message(
        &self,
        mailbox: &MailboxId,
        token: &[u8; 32],
        id: &MessageId,
        sealed: &[u8],
    ) -> MailboxAnswer {
        let path = format!("/api/mailboxes/{mailbox}/messages/{id}");
        let bearer = bearer(token);
        let headers = [("content-type", MESSAGE_TYPE), ("authorization", &*bearer)];
        match send("PUT", &path, &headers, sealed).await {
            Ok(heard) => message_answer(id, &heard),
            Err(_) => MailboxAnswer::Unreached,
        }
    }

    async fn withdraw(&self, mailbox: &MailboxId, token: &[u8; 32]) -> MailboxAnswer {
        let bearer = bearer(token);
        let path = format!("/api/mailboxes/{mailbox}");
        match send("DELETE", &path, &[("authorization", &*bearer)], &[]).await {
            Ok(heard) => withdraw_answer(&heard),
            Err(_) => MailboxAnswer::Unreached,
        }
    }
}

fn bearer(token: &[u8; 32]) -> String {
    format!("Bearer {}", URL_SAFE_NO_PAD.encode(token))
}

/// A file of our own site; `None` where it cannot be had now. The service worker has most of them.
pub async fn file(url: &str) -> Option<String> {
    String::from_utf8(bytes(url).await?).ok()
}

/// The same for a file that is no text.
pub async fn bytes(url: &str) -> Option<Vec<u8>> {
    let heard = hear(url, &RequestInit::new()).await.ok()?;
    (heard.status == 200).then_some(heard.body)
}

fn meaning<T: serde::de::DeserializeOwned>(heard: Result<Heard, JsValue>) -> Pulled<T> {
    heard.map_or(Pulled::Silence, |heard| pulled(&heard))
}

async fn put(url: &str, kind: &str, body: &[u8]) -> Result<Heard, JsValue> {
    send("PUT", url, &[("content-type", kind)], body).await
}

async fn send(
    method: &str,
    url: &str,
    with: &[(&str, &str)],
    body: &[u8],
) -> Result<Heard, JsValue> {
    let request = RequestInit::new();
    let headers = Headers::new()?;
    for (name, value) in with {
        headers.set(name, value)?;
    }
    request.set_method(method);
    request.set_headers(&headers);
    if !body.is_empty() {
        request.set_body(&Uint8Array::from(body));
    }
    request.set_cache(RequestCache::NoStore);
    hear(url, &request).await
}

/// Public answers may be compared with what the browser holds (ETag); one that needs a token leaves no copy.
async fn get(url: &str, bearer: Option<&str>) -> Result<Heard, JsValue> {
    let request = RequestInit::new();
    request.set_cache(RequestCache::NoCache);
    if let Some(bearer) = bearer {
        let headers = Headers::new()?;
        headers.set("authorization", bearer)?;
        request.set_headers(&headers);
        request.set_cache(RequestCache::NoStore);
    }
    hear(url, &request).await
}

async fn hear(url: &str, request: &RequestInit) -> Result<Heard, JsValue> {
    request.set_credentials(RequestCredentials::Omit);
    request.set_redirect(RequestRedirect::Error);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));
    let fetch: Function = Reflect::get(&global(), &"fetch".into())?.dyn_into()?;
    let asked: Promise = fetch
        .call2(&JsValue::UNDEFINED, &JsString::from(url), request)?
        .dyn_into()?;
    let response: Response = JsFuture::from(asked).await?.dyn_into()?;
    let body = JsFuture::from(response.array_buffer()?).await?;
    Ok(Heard {
        status: response.status(),
        retry_after: response.headers().get("retry-after")?,
        offset: response.headers().get("upload-offset")?,
        body: Uint8Array::new(&body).to_vec(),
    })
}
