//! "About Ali": the help side of the card, with the front, for the helper to read.

use domain::card::Layer;
use words::handover as texts;

use super::html::Seen;
use crate::features::card::front::{self, escape, put};
use crate::speech::t;

/// The panel.
pub fn html(out: &mut String, seen: &Seen) {
    let title = match seen.card.name.trim() {
        "" => t(texts::ABOUT_SOMEBODY),
        name => t(texts::about(name)),
    };
    let title = escape(&title);
    put(
        out,
        &[
            r#"<section class="about"><h2 class="title" id="now" tabindex="-1">"#,
            &title,
            "</h2>",
        ],
    );
    for layer in [Layer::Front, Layer::Help] {
        let side = seen.card.side(layer);
        out.push_str(&front::photo(&side, &seen.person(), "card__photo"));
        if !side.pronouns.is_empty() {
            let pronouns = escape(&side.pronouns);
            put(out, &[r#"<p class="lead" dir="auto">"#, &pronouns, "</p>"]);
        }
        front::side(out, &side);
    }
    out.push_str("</section>");
}
