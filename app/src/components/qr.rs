//! A text as a QR code, for any phone's camera.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// White squares around a code; cameras need as many.
const QUIET: i32 = 4;

/// The code as SVG, black on white with its quiet margin, in both looks; `None` for what is too long.
pub fn svg(text: &str) -> Option<String> {
    // Bytes alone: what the other ways of packing letters would save is not worth their tables.
    let code = QrCode::encode_binary(text.as_bytes(), QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    let mut path = String::with_capacity(8_000);
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    Some(format!(
        r##"<svg viewBox="0 0 {side} {side}" shape-rendering="crispEdges" aria-hidden="true"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}
