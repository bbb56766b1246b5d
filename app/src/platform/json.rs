//! JSON by the browser's own reader and writer.

use js_sys::JSON;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// As text; `None` for what has no JSON.
pub fn write(value: &impl Serialize) -> Option<String> {
    let plain = serde_wasm_bindgen::Serializer::json_compatible();
    let value = value.serialize(&plain).ok()?;
    JSON::stringify(&value).ok()?.as_string()
}

/// From text; `None` for other shapes.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_wasm_bindgen::from_value(JSON::parse(text).ok()?).ok()
}
