//! One transaction, without anything foreign awaited inside it.
//!
//! Written on the browser's own interface: the ready-made binding loses the reason of an abort at
//! commit, so that a full phone could not be told from a vanished connection.

use js_sys::{Array, Function, Object, Promise, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction};

use crate::storage::Error;

/// An open transaction. Writes are only asked for; they are kept once [`Transaction::run`] returned.
pub(super) struct Transaction(IdbTransaction);

impl Transaction {
    /// Opens a transaction, runs work in it, and waits until it is on disk. Where the work fails,
    /// nothing of it is kept.
    pub(super) async fn run<T>(
        database: &IdbDatabase,
        mode: &str,
        stores: &[&str],
        work: impl AsyncFn(&Self) -> Result<T, JsValue>,
    ) -> Result<T, Error> {
        let inner = open(database, mode, stores).map_err(|error| cause(&error))?;
        let finished = settled(|resolve, reject| {
            inner.set_oncomplete(Some(resolve));
            inner.set_onabort(Some(reject));
        });
        let transaction = Self(inner);
        let worked = work(&transaction).await;
        if worked.is_err() {
            // Fails where the browser has aborted it already.
            let _ = transaction.0.abort();
        }
        let finished = finished.await;
        match (worked, finished) {
            (Ok(value), Ok(_)) => Ok(value),
            (worked, _) => Err(transaction.why_not(worked.err())),
        }
    }

    fn why_not(&self, worked: Option<JsValue>) -> Error {
        let own = self.0.error().map(JsValue::from);
        own.or(worked).map_or(Error::Gone, |error| cause(&error))
    }

    /// The value of a key; undefined where there is none.
    pub(super) async fn get(&self, store: &str, key: &str) -> Result<JsValue, JsValue> {
        answer(&self.store(store)?.get(&key.into())?).await
    }

    /// All values of a store.
    pub(super) async fn get_all(&self, store: &str) -> Result<Vec<JsValue>, JsValue> {
        let all = answer(&self.store(store)?.get_all()?).await?;
        Ok(all.unchecked_into::<Array>().to_vec())
    }

    /// All keys of a store.
    pub(super) async fn keys(&self, store: &str) -> Result<Vec<String>, JsValue> {
        let all = answer(&self.store(store)?.get_all_keys()?).await?;
        let keys = all.unchecked_into::<Array>().to_vec();
        Ok(keys.iter().filter_map(JsValue::as_string).collect())
    }

    /// Writes a value.
    pub(super) fn put(&self, store: &str, key: &str, value: &JsValue) -> Result<(), JsValue> {
        let store = self.store(store)?;
        store.put_with_key(value, &key.into()).map(drop)
    }

    /// Removes a key.
    pub(super) fn delete(&self, store: &str, key: &str) -> Result<(), JsValue> {
        self.store(store)?.delete(&key.into()).map(drop)
    }

    /// Removes everything in a store.
    pub(super) fn clear(&self, store: &str) -> Result<(), JsValue> {
        self.store(store)?.clear().map(drop)
    }

    fn store(&self, name: &str) -> Result<IdbObjectStore, JsValue> {
        self.0.object_store(name)
    }
}

/// `database.transaction(stores, mode, { durability: "strict" })`: the third argument is not yet in
/// the generated bindings.
fn open(database: &IdbDatabase, mode: &str, stores: &[&str]) -> Result<IdbTransaction, JsValue> {
    let names: Array = stores.iter().map(|&name| JsValue::from(name)).collect();
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &"strict".into())?;
    let begin: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
    let begun = begin.call3(database, &names, &mode.into(), &options)?;
    Ok(begun.unchecked_into())
}

/// A future that settles with an event. The promise's own functions are the listeners, so that
/// nothing needs freeing afterwards.
pub(super) fn settled(listen: impl Fn(&Function, &Function)) -> JsFuture {
    Promise::new(&mut |resolve, reject| listen(&resolve, &reject)).into()
}

async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let settled = settled(|resolve, reject| {
        request.set_onsuccess(Some(resolve));
        request.set_onerror(Some(reject));
    });
    match settled.await {
        Ok(_) => request.result(),
        Err(event) => Err(request.error()?.map_or(event, JsValue::from)),
    }
}

/// What the caller can do about an exception, by its name.
pub(super) fn cause(error: &JsValue) -> Error {
    let name = Reflect::get(error, &"name".into()).ok();
    match name.and_then(|name| name.as_string()).as_deref() {
        Some("QuotaExceededError") => Error::Full,
        Some("VersionError") => Error::TooNew,
        Some("SecurityError" | "NotAllowedError") => Error::Blocked,
        _ => Error::Gone,
    }
}

/// A plain object, as scripts would write it.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let plain = Serializer::new().serialize_maps_as_objects(true);
    value.serialize(&plain).map_err(JsValue::from)
}

/// Reads what [`to_js`] wrote; undefined is `None`.
pub(super) fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(JsValue::from)
}
