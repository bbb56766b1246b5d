//! Reading a code from a photo, in browsers that can.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

fn reader() -> Option<Function> {
    let found = Reflect::get(&js_sys::global(), &"BarcodeDetector".into()).ok()?;
    found.dyn_into().ok()
}

/// Whether this browser reads codes.
pub fn is_read() -> bool {
    reader().is_some()
}

/// What a QR code in a picture says; `None` where there is none, or it cannot be read.
pub async fn read(picture: &Blob) -> Option<String> {
    let wanted = Object::new();
    let formats = Array::of1(&"qr_code".into());
    Reflect::set(&wanted, &"formats".into(), &formats).ok()?;
    let reader = Reflect::construct(&reader()?, &Array::of1(&wanted)).ok()?;
    let bitmap = web_sys::window()?.create_image_bitmap_with_blob(picture);
    let bitmap = JsFuture::from(bitmap.ok()?).await.ok()?;
    let detect: Function = Reflect::get(&reader, &"detect".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let found: Promise = detect.call1(&reader, &bitmap).ok()?.dyn_into().ok()?;
    let found: Array = JsFuture::from(found).await.ok()?.dyn_into().ok()?;
    let first: JsValue = found.get(0);
    Reflect::get(&first, &"rawValue".into()).ok()?.as_string()
}
