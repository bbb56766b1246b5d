//! "What helped?" A nameless note for the scheme: which kind of help, and at which place. It is not
//! asked for until something carries the answer.

use words::handover as texts;

use super::html::button;
use crate::features::card::front::{put, said_by_us};

/// Whether a note goes out. While it does not, nobody is asked.
pub const WIRED: bool = false;

/// The question, one tap an answer.
pub fn question(out: &mut String) {
    put(
        out,
        &[
            r#"<section class="log"><h2 class="heading">"#,
            &said_by_us(texts::LOG_QUESTION),
            r#"</h2><div class="pair">"#,
        ],
    );
    for (act, words) in [
        ("log-ring", texts::LOG_RING),
        ("log-rest", texts::LOG_REST),
        ("log-directions", texts::LOG_DIRECTIONS),
        ("log-police", texts::LOG_POLICE),
        ("log-other", texts::LOG_OTHER),
    ] {
        button(out, "button button--small", act, &said_by_us(words));
    }
    out.push_str("</div></section>");
}

/// Where the note is handed to what carries it: the kind, as above without `log-`, and the place as
/// the helper named it, or nothing.
pub fn help_log(_kind: &str, _place: &str) {}
