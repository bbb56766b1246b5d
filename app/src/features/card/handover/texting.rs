//! "I have Ali with me at …": a text message to a contact, written for the phone's own app.

use std::fmt::Write as _;

use words::handover as texts;

use super::html::{Seen, person};
use crate::features::card::front::{escape, put, said_by_us};
use crate::speech::t;

/// The list of Safe Places.
pub const CHOSEN: &str = "place-chosen";
/// The field beside it.
pub const TYPED: &str = "place-typed";

/// The panel.
pub fn html(out: &mut String, seen: &Seen, contact: usize) {
    let Some(ring) = seen.ring.get(contact) else {
        return;
    };
    put(
        out,
        &[
            r#"<h2 class="title" id="now" tabindex="-1">"#,
            &escape(&t(texts::text(&ring.name))),
            r#"</h2><div class="field"><label class="field__label" for=""#,
            CHOSEN,
            r#"">"#,
            &said_by_us(texts::TEXT_CHOOSE),
            r#"</label><select class="field__input" id=""#,
            CHOSEN,
            r#""><option value="">"#,
            &said_by_us(texts::TEXT_CHOOSE_NONE),
            "</option>",
        ],
    );
    let known = seen.places.contains(&seen.at.place);
    for place in &seen.places {
        let chosen = if *place == seen.at.place {
            "<option selected>"
        } else {
            "<option>"
        };
        put(out, &[chosen, &escape(place), "</option>"]);
    }
    let typed = if known { "" } else { &*seen.at.place };
    put(
        out,
        &[
            r#"</select></div><div class="field"><label class="field__label" for=""#,
            TYPED,
            r#"">"#,
            &said_by_us(texts::TEXT_TYPED),
            r#"</label><input class="field__input" type="text" autocomplete="off" maxlength="120" id=""#,
            TYPED,
            r#"" value=""#,
            &escape(typed),
            r#""></div><a class="button button--main button--wide" data-act="send-text" data-to=""#,
            &escape(&ring.dial),
            r#"" href=""#,
            &escape(&link(&ring.dial, &body(&person(seen.card), &seen.at.place))),
            r#"">"#,
            &said_by_us(texts::TEXT_SEND),
            r#"</a><p class="note">"#,
            &said_by_us(texts::TEXT_NOTE),
            "</p>",
        ],
    );
}

/// What the message says.
pub fn body(person: &str, place: &str) -> String {
    match place.trim() {
        "" => t(texts::text_body_nowhere(person)),
        place => t(texts::text_body(person, place)),
    }
}

/// A link that opens the phone's messages with a text in them: iPhones read what follows `&`,
/// Android phones what follows `?`.
pub fn link(to: &str, body: &str) -> String {
    let mut out = ["sms:", to, "?&body="].concat();
    for byte in body.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => drop(write!(out, "%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_written_so_that_both_kinds_of_phone_read_it() {
        assert_eq!(
            link("+447700900123", "Ali & I’m"),
            "sms:+447700900123?&body=Ali%20%26%20I%E2%80%99m"
        );
    }
}
