//! One transaction, without anything foreign awaited inside it.

use indexed_db_futures::database::Database;
use indexed_db_futures::error::{DomException, Error as IdbError};
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::query_source::QuerySource;
use indexed_db_futures::transaction::{
    self, TransactionDurability, TransactionMode, TransactionOptions,
};
use indexed_db_futures::{Build, BuildPrimitive, Result as IdbResult};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::storage::Error;

/// An open transaction. Writes are only asked for; they are kept once [`Transaction::run`] returned.
pub(super) struct Transaction<'a>(transaction::Transaction<'a>);

impl Transaction<'_> {
    /// Opens a transaction, runs work in it, and waits until it is on disk. Where the work fails,
    /// nothing of it is kept: a transaction that is dropped aborts.
    pub(super) async fn run<T>(
        database: &Database,
        mode: TransactionMode,
        stores: &[&str],
        work: impl AsyncFn(&Transaction) -> IdbResult<T>,
    ) -> Result<T, Error> {
        let transaction = begin(database, mode, stores).map_err(|error| cause(&error))?;
        // A failed commit does not tell why the browser aborted: it is asked of the browser itself.
        let browsers = transaction.0.as_sys().clone();
        let done = match work(&transaction).await {
            Ok(value) => transaction.0.commit().await.map(|()| value),
            Err(error) => Err(error),
        };
        done.map_err(|error| cause(&browsers.error().map_or(error, IdbError::from)))
    }

    /// The value of a key; undefined where there is none.
    pub(super) async fn get(&self, store: &str, key: &str) -> IdbResult<JsValue> {
        let value: Option<JsValue> = self.store(store)?.get(key).primitive()?.await?;
        Ok(value.unwrap_or_default())
    }

    /// All values of a store.
    pub(super) async fn get_all(&self, store: &str) -> IdbResult<Vec<JsValue>> {
        self.store(store)?.get_all().primitive()?.await?.collect()
    }

    /// All keys of a store.
    pub(super) async fn keys(&self, store: &str) -> IdbResult<Vec<String>> {
        let store = self.store(store)?;
        let keys = store.get_all_keys::<JsValue>().primitive()?.await?;
        let keys: Vec<JsValue> = keys.collect::<IdbResult<_>>()?;
        Ok(keys.iter().filter_map(JsValue::as_string).collect())
    }

    /// Writes a value.
    pub(super) fn put(&self, store: &str, key: &str, value: &JsValue) -> IdbResult<()> {
        let store = self.store(store)?;
        store.put(value).with_key(key).primitive().map(drop)
    }

    /// Removes a key.
    pub(super) fn delete(&self, store: &str, key: &str) -> IdbResult<()> {
        self.store(store)?.delete(key).primitive().map(drop)
    }

    /// Removes everything in a store.
    pub(super) fn clear(&self, store: &str) -> IdbResult<()> {
        self.store(store)?.clear().map(drop)
    }

    /// What a browser does to a transaction it cannot write.
    #[cfg(test)]
    pub(super) fn break_off(&self) {
        self.0.as_sys().abort().expect("under way");
    }

    fn store(&self, name: &str) -> IdbResult<ObjectStore<'_>> {
        self.0.object_store(name)
    }
}

fn begin<'a>(
    database: &'a Database,
    mode: TransactionMode,
    stores: &[&str],
) -> IdbResult<Transaction<'a>> {
    let strict = TransactionOptions::new().with_durability(TransactionDurability::Strict);
    let begun = database.transaction(stores).with_mode(mode);
    begun.with_options(strict).build().map(Transaction)
}

/// What the caller can do about an exception, by its name.
pub(super) fn cause(error: &IdbError) -> Error {
    let IdbError::DomException(DomException::Other(error)) = error else {
        return Error::Gone;
    };
    match error.name().as_str() {
        "QuotaExceededError" => Error::Full,
        "VersionError" => Error::TooNew,
        "SecurityError" | "NotAllowedError" => Error::Blocked,
        _ => Error::Gone,
    }
}

/// A plain object, as scripts would write it.
pub(super) fn to_js(value: &impl Serialize) -> IdbResult<JsValue> {
    let plain = Serializer::new().serialize_maps_as_objects(true);
    let written = value.serialize(&plain).map_err(JsValue::from)?;
    Ok(written)
}

/// Reads what [`to_js`] wrote; undefined is `None`.
pub(super) fn from_js<T: DeserializeOwned>(value: JsValue) -> IdbResult<T> {
    let read = serde_wasm_bindgen::from_value(value).map_err(JsValue::from)?;
    Ok(read)
}
