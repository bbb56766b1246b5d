//! The helper's page as HTML, as it is shown and as it is painted before the app has come: amber on
//! top, one thing to do, 999 and 101, what else may happen, and giving the phone back.

use domain::card::{Card, Layer, Ring};
use domain::handover::{Aside, HandOver};
use domain::time::Timestamp;
use words::handover as texts;

use super::give_back::{self, GiveBack};
use super::{about, asides, log, steps, texting};
use crate::features::card::front::{self, escape, put, said_by_us};
use crate::platform::written;
use crate::speech::t;

/// What the helper looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// What to do now, or beside it.
    Steps,
    /// The help side of the card.
    About,
    /// A text message to a contact.
    Text(usize),
}

/// Everything the page is made of.
pub struct Seen<'a> {
    /// The holder's card.
    pub card: &'a Card,
    /// Who can be rung, in this order.
    pub ring: Vec<Ring>,
    /// Where the helper is.
    pub at: &'a HandOver,
    /// What they look at.
    pub panel: Panel,
    /// Names of Safe Places, where they are asked for.
    pub places: Vec<String>,
    /// Whether the nameless note of help is asked for.
    pub asked: log::Asked,
    /// How a time is written.
    pub time: fn(Timestamp) -> String,
}

/// What the holder is called on the page.
pub fn person(card: &Card) -> String {
    match card.name.trim() {
        "" => t(texts::PERSON),
        name => name.to_owned(),
    }
}

impl<'a> Seen<'a> {
    /// The steps.
    pub fn new(card: &'a Card, at: &'a HandOver) -> Self {
        Self {
            ring: card.ring(),
            card,
            at,
            panel: Panel::Steps,
            places: Vec::new(),
            asked: log::Asked::NotYet,
            time: written::time,
        }
    }

    /// What the holder is called.
    pub fn person(&self) -> String {
        person(self.card)
    }

    /// The whole page.
    pub fn html(&self) -> String {
        let mut out = String::with_capacity(12_000);
        self.head(&mut out);
        out.push_str(r#"<main id="main" class="page page--handover" tabindex="-1">"#);
        match (self.panel, self.at.aside) {
            (Panel::About, _) => about::html(&mut out, self),
            (Panel::Text(contact), _) => texting::html(&mut out, self, contact),
            (Panel::Steps, None) => steps::html(&mut out, self),
            (Panel::Steps, Some(Aside::Closing)) => asides::closing(&mut out, self),
            (Panel::Steps, Some(Aside::Leaving)) => asides::leaving(&mut out, self),
            (Panel::Steps, Some(Aside::Fetched)) => asides::fetched(&mut out, self),
        }
        if self.panel != Panel::Steps || self.at.aside.is_some() {
            let back = said_by_us(texts::BACK);
            button(&mut out, "button button--wide", "steps", &back);
        }
        emergency(&mut out);
        self.others(&mut out);
        log::question(&mut out, self.asked);
        self.give_back(&mut out);
        out.push_str("</main>");
        out
    }

    fn head(&self, out: &mut String) {
        let named = !self.card.name.trim().is_empty();
        let title = if named {
            t(texts::title(self.person()))
        } else {
            t(texts::TITLE_SOMEBODY)
        };
        out.push_str(r#"<header class="amber">"#);
        let sides = [self.card.side(Layer::Front), self.card.side(Layer::Help)];
        if let Some(side) = sides.iter().find(|side| side.photo.is_some()) {
            out.push_str(&front::photo(side, &self.person(), "amber__photo"));
        }
        put(
            out,
            &[
                r#"<div><h1 class="amber__title">"#,
                &escape(&title),
                r#"</h1><p class="amber__lead">"#,
                &said_by_us(steps::lead(self)),
                "</p></div></header>",
            ],
        );
    }

    fn others(&self, out: &mut String) {
        let person = self.person();
        let about = if self.card.name.trim().is_empty() {
            t(texts::ABOUT_SOMEBODY)
        } else {
            t(texts::about(&person))
        };
        put(
            out,
            &[
                r#"<section class="others" aria-label=""#,
                &said_by_us(texts::OTHER),
                r#"">"#,
            ],
        );
        let all = [
            ("about", about),
            ("closing", t(texts::CLOSING)),
            ("leaving", t(texts::leaving(&person))),
            ("fetched", t(texts::fetched(&person))),
        ];
        for (act, words) in all {
            button(out, "button others__one", act, &escape(&words));
        }
        out.push_str("</section>");
    }

    fn give_back(&self, out: &mut String) {
        let (how, note) = match give_back::way() {
            GiveBack::Hold => (texts::GIVE_BACK_HOLD, said_by_us(texts::GIVE_BACK_SLOWLY)),
            GiveBack::Pin => (texts::GIVE_BACK_BY_PIN, String::new()),
        };
        put(
            out,
            &[
                r##"<button type="button" class="give-back" data-act="give-back"><svg class="icon" aria-hidden="true"><use href="#i-hand"></use></svg><span class="give-back__words"><strong>"##,
                &escape(&t(texts::give_back(self.person()))),
                r#"</strong><span class="give-back__how">"#,
                &said_by_us(how),
                r#"</span></span></button><p class="give-back__note" role="status">"#,
                &note,
                "</p>",
            ],
        );
    }
}

/// A button, with words that are HTML already.
pub fn button(out: &mut String, class: &str, act: &str, words: &str) {
    put(
        out,
        &[
            r#"<button type="button" class=""#,
            class,
            r#"" data-act=""#,
            act,
            r#"">"#,
            words,
            "</button>",
        ],
    );
}

/// A link that dials; a contact's call is noted.
pub fn dial(out: &mut String, class: &str, dial: &str, contact: Option<usize>, words: &str) {
    put(
        out,
        &[
            r#"<a class=""#,
            class,
            r#"" href="tel:"#,
            &escape(dial),
            r#"""#,
        ],
    );
    if let Some(contact) = contact {
        put(out, &[r#" data-rings=""#, &contact.to_string(), r#"""#]);
    }
    put(out, &[">", words, "</a>"]);
}

fn emergency(out: &mut String) {
    put(
        out,
        &[
            r#"<section class="pair urgent" aria-label=""#,
            &said_by_us(texts::EMERGENCY),
            r#"">"#,
        ],
    );
    for (number, class, title, note) in [
        (
            "999",
            "emergency__call emergency__call--danger",
            texts::N999,
            texts::N999_NOTE,
        ),
        ("101", "emergency__call", texts::N101, texts::N101_NOTE),
    ] {
        let words = [
            "<strong>",
            &said_by_us(title),
            "</strong><span>",
            &said_by_us(note),
            "</span>",
        ];
        dial(out, class, number, None, &words.concat());
    }
    out.push_str("</section>");
}
