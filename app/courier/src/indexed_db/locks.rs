//! The keys under which a lock lies, and the device key: made by the browser, readable by no script.

use domain::lock::Name;
use indexed_db_futures::Result as IdbResult;
use js_sys::{Array, Object, Reflect, Uint8Array};
use seal::lock::{Answer, Sealed};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, SubtleCrypto};

use super::schema::LOCKS;
use super::{IndexedDb, Transaction};
use crate::locks::Device;
use crate::storage::Error;

pub(super) fn content(name: Name) -> String {
    format!("{} content", name.as_str())
}

pub(super) fn tries(name: Name) -> String {
    format!("{} tries", name.as_str())
}

pub(super) fn device(name: Name) -> String {
    format!("{} device", name.as_str())
}

pub(super) fn sealed(value: &JsValue) -> Result<Option<Sealed>, JsValue> {
    let Some(bytes) = value.dyn_ref::<Uint8Array>() else {
        return Ok(None);
    };
    let sealed = Sealed::from_bytes(bytes.to_vec());
    sealed.map(Some).map_err(|why| why.code().into())
}

impl Transaction<'_> {
    pub(super) async fn sealed(&self, name: Name) -> IdbResult<Option<Sealed>> {
        Ok(sealed(&self.get(LOCKS, &content(name)).await?)?)
    }

    pub(super) fn put_sealed(&self, name: Name, sealed: &Sealed) -> IdbResult<()> {
        let bytes = Uint8Array::from(sealed.as_bytes());
        self.put(LOCKS, &content(name), &bytes)
    }
}

impl Device for IndexedDb {
    async fn answer(&self, name: Name, question: &[u8]) -> Result<Answer, Error> {
        let key = self.device_key(name).await?;
        let answer = signed(&key, question).await.map_err(|_| Error::Gone)?;
        let mut bytes = Answer::default();
        if answer.length() as usize != bytes.len() {
            return Err(Error::Gone);
        }
        answer.copy_to(&mut *bytes);
        Ok(bytes)
    }
}

impl IndexedDb {
    /// The device key of a lock; made where there is none. Of two tabs that make one at the same
    /// time, both get the first.
    async fn device_key(&self, name: Name) -> Result<CryptoKey, Error> {
        let at = device(name);
        if let Ok(key) = self.get(LOCKS, &at).await?.dyn_into() {
            return Ok(key);
        }
        let fresh = new_key().await.map_err(|_| Error::Blocked)?;
        let key = self
            .write(&[LOCKS], async |tx| {
                let lies = tx.get(LOCKS, &at).await?;
                if lies.is_undefined() {
                    tx.put(LOCKS, &at, &fresh)?;
                    return Ok(fresh.clone());
                }
                Ok(lies)
            })
            .await?;
        key.dyn_into().map_err(|_| Error::Gone)
    }
}

async fn new_key() -> Result<JsValue, JsValue> {
    let how = Object::new();
    Reflect::set(&how, &"name".into(), &"HMAC".into())?;
    Reflect::set(&how, &"hash".into(), &"SHA-256".into())?;
    let uses = Array::of1(&"sign".into());
    JsFuture::from(subtle()?.generate_key_with_object(&how, false, &uses)?).await
}

async fn signed(key: &CryptoKey, question: &[u8]) -> Result<Uint8Array, JsValue> {
    let signing = subtle()?.sign_with_str_and_u8_array("HMAC", key, question)?;
    Ok(Uint8Array::new(&JsFuture::from(signing).await?))
}

/// `crypto.subtle` of a page or a worker; only over HTTPS or on this machine.
fn subtle() -> Result<SubtleCrypto, JsValue> {
    let crypto: Crypto = Reflect::get(&js_sys::global(), &"crypto".into())?.dyn_into()?;
    Ok(crypto.subtle())
}
