//! The courier as a program of its own, for a worker, a service worker, or where neither can run,
//! the page. The script around it (`public/courier-host.js`) holds the lock and tells the screens.

#[cfg(target_family = "wasm")]
mod exports {
    use courier::indexed_db::IndexedDb;
    use courier::mailbox;
    use courier::sealing::seal_and_queue;
    use courier::storage::Error;
    use courier::sync::api::Fetch;
    use courier::sync::{Change, Report, round};
    use domain::report::Draft;
    use domain::time::Timestamp;
    use serde::Serialize;
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::wasm_bindgen;

    /// A [`Report`], as scripts read it.
    #[derive(Serialize)]
    struct Summary {
        changed: Vec<&'static str>,
        next: Option<f64>,
        reached: bool,
        notice: Option<&'static str>,
    }

    impl From<Report> for Summary {
        fn from(report: Report) -> Self {
            Self {
                changed: report.changed.into_iter().map(name).collect(),
                next: report.next.map(|wait| wait as f64),
                reached: report.reached,
                notice: match (report.refused, report.root_changed) {
                    (Some(_), _) => Some("scheme-refused"),
                    (None, true) => Some("root-changed"),
                    (None, false) => None,
                },
            }
        }
    }

    fn name(change: Change) -> &'static str {
        match change {
            Change::Outbox => "outbox",
            Change::Places => "places",
            Change::Scheme => "scheme",
        }
    }

    /// Seals and queues a draft, given as an object; resolves with its receipt.
    #[wasm_bindgen]
    pub async fn seal_draft(
        draft: JsValue,
        language: String,
        centre: String,
    ) -> Result<String, JsValue> {
        let draft: Draft = serde_wasm_bindgen::from_value(draft).map_err(|_| "incomplete")?;
        let storage = IndexedDb::default();
        let sealed = seal_and_queue(&storage, &draft, &language, &centre, now()).await;
        sealed.map_err(|why| why.code().into())
    }

    /// Carries everything once; resolves with what changed.
    #[wasm_bindgen]
    pub async fn sync() -> Result<JsValue, JsValue> {
        let report = round(&IndexedDb::default(), &Fetch, &now).await;
        let summary = Summary::from(report.map_err(Error::code)?);
        let plain = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
        Ok(summary.serialize(&plain)?)
    }

    /// Asks where the report of a receipt stands: "received", or "empty".
    #[wasm_bindgen]
    pub async fn ask_mailbox(digits: String) -> Result<String, JsValue> {
        let state = mailbox::ask(&Fetch, &digits)
            .await
            .map_err(mailbox::Unanswered::code)?;
        Ok(match state.report {
            Some(domain::wire::ReportState::Received) => "received",
            None => "empty",
        }
        .into())
    }

    fn now() -> Timestamp {
        Timestamp(js_sys::Date::now() as i64)
    }
}

fn main() {}
