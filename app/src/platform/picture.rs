//! Pictures from the phone's storage, with an address of their own for as long as they are shown.

use js_sys::{Array, Uint8Array};
use web_sys::{Blob, Url};

/// An address for the bytes of a picture, for this page alone.
pub fn address(bytes: &[u8]) -> Option<String> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence(&parts).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Lets go of it.
pub fn forget(address: &str) {
    let _ = Url::revoke_object_url(address);
}
