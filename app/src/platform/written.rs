//! Dates, times and numbers as people of a language write them.

use domain::time::Timestamp;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::page;

const DATE: [(&str, &str); 3] = [("day", "numeric"), ("month", "long"), ("year", "numeric")];

/// "3 November, 14:32"
pub fn moment(at: Timestamp) -> String {
    format(
        at.0 as f64,
        &[
            ("day", "numeric"),
            ("month", "long"),
            ("hour", "numeric"),
            ("minute", "2-digit"),
        ],
    )
}

/// "2:32 pm"
pub fn time(at: Timestamp) -> String {
    format(
        at.0 as f64,
        &[
            ("hour", "numeric"),
            ("minute", "2-digit"),
            ("hourCycle", "h12"),
        ],
    )
}

/// "3 November 2026"
pub fn date(at: Timestamp) -> String {
    format(at.0 as f64, &DATE)
}

/// "3 November 2026" of "2026-11-03"; the text itself where it is no day.
pub fn day(iso: &str) -> String {
    let at = js_sys::Date::parse(iso);
    if at.is_nan() {
        return iso.to_owned();
    }
    format(at, &DATE)
}

/// "Polish" of "pl", in the reader's language; the tag itself where the browser knows no name.
pub fn language(tag: &str) -> String {
    let name = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let names: js_sys::Function = Reflect::get(&intl, &"DisplayNames".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let options = Object::new();
        Reflect::set(&options, &"type".into(), &"language".into()).ok()?;
        let with = Array::of2(&page::language().into(), &options);
        let names = Reflect::construct(&names, &with).ok()?;
        let of: js_sys::Function = Reflect::get(&names, &"of".into()).ok()?.dyn_into().ok()?;
        of.call1(&names, &tag.into()).ok()?.as_string()
    };
    name().unwrap_or_else(|| tag.to_owned())
}

/// A number within a sentence that may run from right to left: its groups keep their order.
pub fn left_to_right(number: String) -> String {
    match page::direction().as_str() {
        "rtl" => format!("\u{2066}{number}\u{2069}"),
        _ => number,
    }
}

/// In small letters without accents, by the browser: its tables need not be downloaded.
pub fn folded(text: &str) -> String {
    // Nearly all are of plain letters, and asking the browser about ten thousand takes a while.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let apart: String = js_sys::JsString::from(text)
        .normalize("NFKD")
        .to_lower_case()
        .into();
    apart.replace(|c| ('\u{300}'..='\u{36f}').contains(&c), "")
}

fn format(at: f64, parts: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (name, value) in parts {
        // Setting a property of a fresh object can't fail.
        let _ = Reflect::set(
            &options,
            &JsValue::from_str(name),
            &JsValue::from_str(value),
        );
    }
    let date = js_sys::Date::new(&JsValue::from_f64(at));
    let language = page::language();
    let locale = if matches!(language.as_str(), "en" | "en-XA" | "ar-XB") {
        "en-GB"
    } else {
        &language
    };
    let method = Reflect::get(&date, &JsValue::from_str("toLocaleString")).ok();
    let method = method.and_then(|method| method.dyn_into::<js_sys::Function>().ok());
    let arguments = Array::of2(&JsValue::from_str(locale), &options);
    let text = method.and_then(|method| method.apply(&date, &arguments).ok());
    text.and_then(|text| text.as_string()).unwrap_or_default()
}
