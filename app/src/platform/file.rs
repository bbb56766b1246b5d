//! Files: made, saved, shared and chosen; and bytes as text, for files of JSON.

use gloo::timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, FilePropertyBag, HtmlAnchorElement, HtmlInputElement};
use web_sys::{ShareData, Url};

use super::page;

/// How long a saved file stays to be fetched by the browser, in milliseconds.
const SAVING: u32 = 60_000;

/// An address under which the page can show a file for as long as this lives.
pub struct Address(String);

impl Address {
    /// The address of a file.
    pub fn of(file: &Blob) -> Option<Self> {
        Url::create_object_url_with_blob(file).ok().map(Self)
    }

    /// For `src` and `href`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for Address {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

/// Bytes as a file of this media type.
pub fn made(bytes: &[u8], kind: &str) -> Option<Blob> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}

/// Saves a file where the phone puts downloads.
pub fn save(name: &str, file: &Blob) {
    let (Some(document), Some(address)) = (page::document(), Address::of(file)) else {
        return;
    };
    let link = document.create_element("a").ok();
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else {
        return;
    };
    link.set_href(address.as_str());
    link.set_download(name);
    link.click();
    Timeout::new(SAVING, move || drop(address)).forget();
}

/// What the phone's own way of sharing is offered.
fn offered(name: &str, file: &Blob) -> Option<ShareData> {
    let options = FilePropertyBag::new();
    options.set_type(&file.type_());
    let parts = Array::of1(file);
    let file = web_sys::File::new_with_blob_sequence_and_options(&parts, name, &options).ok()?;
    let data = ShareData::new();
    data.set_files(&Array::of1(&file));
    Some(data)
}

/// Whether the phone can hand such a file to another app.
pub fn can_share(name: &str, file: &Blob) -> bool {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else {
        return false;
    };
    // Older browsers have no `canShare` at all.
    let known = js_sys::Reflect::get(&navigator, &"canShare".into())
        .is_ok_and(|method| method.is_function());
    known && offered(name, file).is_some_and(|data| navigator.can_share_with_data(&data))
}

/// Hands a file to another app of the person's choice.
pub async fn share(name: &str, file: &Blob) {
    let navigator = web_sys::window().map(|window| window.navigator());
    if let (Some(navigator), Some(data)) = (navigator, offered(name, file)) {
        // Put away without choosing: nothing has happened.
        let _ = JsFuture::from(navigator.share_with_data(&data)).await;
    }
}

/// The file chosen in the field of this id: `None` where there is none, or more than this many bytes.
pub async fn chosen(id: &str, most: usize) -> Option<Vec<u8>> {
    let field = page::document()?.get_element_by_id(id)?;
    let file = field.dyn_into::<HtmlInputElement>().ok()?.files()?.get(0)?;
    if file.size() > most as f64 {
        return None;
    }
    let bytes = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&bytes).to_vec())
}

/// Bytes in base64.
pub fn base64(bytes: &[u8]) -> String {
    let letters: String = bytes.iter().copied().map(char::from).collect();
    web_sys::window()
        .and_then(|window| window.btoa(&letters).ok())
        .unwrap_or_default()
}

/// Bytes from base64; `None` where it is something else.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let letters = web_sys::window()?.atob(text).ok()?;
    letters.chars().map(|c| u8::try_from(c).ok()).collect()
}
