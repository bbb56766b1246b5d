//! What may happen beside the steps: closing time, the holder wants to go, someone comes for them.

use words::handover as texts;

use super::html::{Seen, button};
use super::steps::{Mark, call, step};
use crate::features::card::front::{escape, put, said_by_us};
use crate::speech::t;

/// The field for the name of who came.
pub const FIELD: &str = "fetched-by";

/// "We are closing."
pub fn closing(out: &mut String, seen: &Seen) {
    let person = seen.person();
    let contact = seen.at.contact().unwrap_or_default();
    begin(out);
    let note = t(texts::CLOSING_1_NOTE);
    step(
        out,
        Mark::Now(1),
        &t(texts::closing_1(&person)),
        &note,
        Some("/drawings.svg#closing"),
    );
    step(out, Mark::Number(2), &t(texts::CLOSING_2), "", None);
    out.push_str("</ol>");
    call(out, seen, contact, "ring--plain");
    begin(out);
    let note = t(texts::CLOSING_3_NOTE);
    step(out, Mark::Number(3), &t(texts::CLOSING_3), &note, None);
    let note = t(texts::closing_4_note(&person));
    step(out, Mark::Number(4), &t(texts::CLOSING_4), &note, None);
    out.push_str("</ol>");
}

/// The holder wants to go: nobody may keep them.
pub fn leaving(out: &mut String, seen: &Seen) {
    let person = seen.person();
    begin(out);
    let note = t(texts::LEAVING_1_NOTE);
    step(
        out,
        Mark::Now(1),
        &t(texts::leaving_1(&person)),
        &note,
        Some("/drawings.svg#leaving"),
    );
    step(
        out,
        Mark::Number(2),
        &t(texts::LEAVING_2),
        &t(texts::LEAVING_2_NOTE),
        None,
    );
    let note = t(texts::leaving_3_note(&person));
    step(
        out,
        Mark::Number(3),
        &t(texts::LEAVING_3),
        &note,
        Some("/drawings.svg#give-back"),
    );
    let note = t(texts::leaving_4_note(&person));
    step(out, Mark::Number(4), &t(texts::LEAVING_4), &note, None);
    out.push_str("</ol>");
}

/// Someone came to fetch the holder: ask the holder, then note the name.
pub fn fetched(out: &mut String, seen: &Seen) {
    let person = seen.person();
    begin(out);
    let note = t(texts::fetched_1_note(&person));
    step(
        out,
        Mark::Now(1),
        &t(texts::fetched_1(&person)),
        &note,
        Some("/drawings.svg#fetched"),
    );
    step(
        out,
        Mark::Number(2),
        &t(texts::FETCHED_2),
        &t(texts::FETCHED_2_NOTE),
        None,
    );
    step(out, Mark::Number(3), &t(texts::FETCHED_3), "", None);
    out.push_str("</ol>");
    put(
        out,
        &[
            r#"<div class="field"><label class="field__label" for=""#,
            FIELD,
            r#"">"#,
            &said_by_us(texts::FETCHED_LABEL),
            r#"</label><input class="field__input" type="text" autocomplete="off" maxlength="120" id=""#,
            FIELD,
            r#"" value=""#,
            &escape(&seen.at.fetched_by),
            r#""></div>"#,
        ],
    );
    let words = said_by_us(texts::FETCHED_NOTE_IT);
    button(out, "button button--main button--wide", "note-it", &words);
    out.push_str(r#"<p class="note" role="status">"#);
    if !seen.at.fetched_by.is_empty() {
        out.push_str(&escape(&t(texts::fetched_noted(
            person,
            &seen.at.fetched_by,
        ))));
    }
    out.push_str("</p>");
}

fn begin(out: &mut String) {
    out.push_str(r#"<ol class="turns">"#);
}
