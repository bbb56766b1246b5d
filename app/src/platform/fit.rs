//! Setting letters smaller until everything fits where it has to.

use super::page;

/// The attribute that the stylesheet's sizes go by.
const SIZE: &str = "data-size";

/// Sets each element that the selector finds in the largest of this many sizes, 0 being the largest,
/// in which nothing of it is cut off. False where even the smallest is too large.
pub fn shrink(selector: &str, sizes: u8) -> bool {
    let found = page::document().and_then(|document| document.query_selector_all(selector).ok());
    let Some(found) = found else { return true };
    let elements = (0..found.length()).filter_map(|at| found.item(at));
    let elements = elements.filter_map(|node| wasm_bindgen::JsCast::dyn_into(node).ok());
    // Each of them, whether or not the one before had room.
    elements.fold(true, |fits, element: web_sys::Element| {
        let fitted = (0..sizes).any(|size| {
            let _ = element.set_attribute(SIZE, &size.to_string());
            element.scroll_height() <= element.client_height()
                && element.scroll_width() <= element.client_width()
        });
        fits && fitted
    })
}
