//! A passkey as a second way to open a lock: the 32 bytes its PRF gives, for this site alone.

use js_sys::{Function, JSON, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::random;

/// What the PRF is asked: another question would open another lock.
const QUESTION: &[u8] = b"safe-place lock card 1";

/// Made on this phone, kept by it, and only after it has seen whose hand it is in.
const MAKE: &str = r#"{"publicKey":{"rp":{"name":"Safe Place"},"user":{"name":"Safe Place card","displayName":"Safe Place card"},"pubKeyCredParams":[{"type":"public-key","alg":-7},{"type":"public-key","alg":-257}],"authenticatorSelection":{"authenticatorAttachment":"platform","residentKey":"required","userVerification":"required"},"extensions":{"prf":{"eval":{}}}}}"#;
const ASK: &str =
    r#"{"publicKey":{"userVerification":"required","extensions":{"prf":{"eval":{}}}}}"#;

/// Whether this browser and this phone have such passkeys.
pub async fn is_offered() -> bool {
    let Some(class) = part(&js_sys::global(), "PublicKeyCredential") else {
        return false;
    };
    let here = call(
        &class,
        "isUserVerifyingPlatformAuthenticatorAvailable",
        None,
    )
    .await;
    if !here.is_ok_and(|here| here.is_truthy()) {
        return false;
    }
    // Browsers without this question may still have them; making one tells.
    let able = call(&class, "getClientCapabilities", None).await;
    let prf = able.ok().and_then(|able| part(&able, "extension:prf"));
    prf.is_none_or(|prf| prf.is_truthy())
}

/// Makes a passkey and gives its 32 bytes. `no-prf`: this phone's passkeys have none to give.
pub async fn make() -> Result<Vec<u8>, String> {
    let options = options(MAKE)?;
    let user = inside(&options, &["publicKey", "user"])?;
    set(&user, "id", &drawn()?);
    let made = call(&credentials()?, "create", Some(&options)).await?;
    let prf = prf_of(&made).await.ok_or("no-prf")?;
    match bytes_of(&prf) {
        Some(bytes) => Ok(bytes),
        // Some only answer when asked to open.
        None if part(&prf, "enabled").is_some_and(|able| able.is_truthy()) => ask().await,
        None => Err("no-prf".into()),
    }
}

/// Asks a passkey made before for its 32 bytes.
pub async fn ask() -> Result<Vec<u8>, String> {
    let options = options(ASK)?;
    let given = call(&credentials()?, "get", Some(&options)).await?;
    let prf = prf_of(&given).await.ok_or("no-prf")?;
    bytes_of(&prf).ok_or_else(|| "no-prf".into())
}

fn options(json: &str) -> Result<JsValue, String> {
    let options = JSON::parse(json).map_err(|_| "broken")?;
    set(&inside(&options, &["publicKey"])?, "challenge", &drawn()?);
    let question = inside(&options, &["publicKey", "extensions", "prf", "eval"])?;
    set(&question, "first", &Uint8Array::from(QUESTION));
    Ok(options)
}

/// Nobody checks a signature here: challenge and id only have to be there.
fn drawn() -> Result<JsValue, String> {
    let bits = random::bits().ok_or("broken")?;
    Ok(Uint8Array::from(&bits[..]).into())
}

fn credentials() -> Result<JsValue, String> {
    inside(&js_sys::global(), &["navigator", "credentials"])
}

async fn prf_of(credential: &JsValue) -> Option<JsValue> {
    let results = call(credential, "getClientExtensionResults", None)
        .await
        .ok()?;
    part(&results, "prf")
}

fn bytes_of(prf: &JsValue) -> Option<Vec<u8>> {
    let first = inside(prf, &["results", "first"]).ok()?;
    let bytes = Uint8Array::new(&first).to_vec();
    (bytes.len() == 32).then_some(bytes)
}

async fn call(on: &JsValue, method: &str, with: Option<&JsValue>) -> Result<JsValue, String> {
    let method = part(on, method).and_then(|method| method.dyn_into::<Function>().ok());
    let method = method.ok_or("absent")?;
    let called = match with {
        Some(with) => method.call1(on, with),
        None => method.call0(on),
    };
    // The person said no, or it is of no use here: either way nothing has changed.
    let called = called.map_err(|_| "refused")?;
    match called.dyn_into::<Promise>() {
        Ok(promise) => JsFuture::from(promise).await.map_err(|_| "refused".into()),
        Err(value) => Ok(value),
    }
}

fn part(of: &JsValue, name: &str) -> Option<JsValue> {
    if !of.is_object() && !of.is_function() {
        return None;
    }
    let found = Reflect::get(of, &JsValue::from_str(name)).ok();
    found.filter(|found| !found.is_undefined() && !found.is_null())
}

fn inside(of: &JsValue, path: &[&str]) -> Result<JsValue, String> {
    let step = |of: Option<JsValue>, name: &&str| of.and_then(|of| part(&of, name));
    let found = path.iter().fold(Some(of.clone()), step);
    found.ok_or_else(|| "absent".into())
}

fn set(on: &JsValue, name: &str, value: &JsValue) {
    // Setting a property of a plain object can't fail.
    let _ = Reflect::set(on, &JsValue::from_str(name), value);
}
