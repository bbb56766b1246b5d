//! What the helper does now: a quiet seat, a question, a call; and the next call where nobody answers.

use domain::card::{Ring, dial as number};
use domain::handover::Stage;
use words::{Key, handover as texts};

use super::html::{Seen, button, dial};
use crate::features::card::front::{escape, put, said_by_us};
use crate::speech::t;

/// The line under "You are helping …".
pub fn lead(seen: &Seen) -> Key {
    match seen.at.stage {
        Stage::Ring(0) => texts::LEAD,
        Stage::Ring(_) => texts::LEAD_NEXT,
        Stage::Answered(_) => texts::ANSWERED_LEAD,
        Stage::Nobody => texts::LEAD_NOBODY,
    }
}

/// The steps of the present stage.
pub fn html(out: &mut String, seen: &Seen) {
    out.push_str(r#"<ol class="turns">"#);
    match seen.at.stage {
        Stage::Ring(contact) => ring(out, seen, contact),
        Stage::Answered(contact) => answered(out, seen, contact),
        Stage::Nobody => nobody(out, seen),
    }
}

fn ring(out: &mut String, seen: &Seen, contact: usize) {
    let Some(now) = seen.ring.get(contact) else {
        return nobody(out, seen);
    };
    tried(out, seen);
    if contact == 0 {
        first(out, seen, now);
    } else {
        let title = t(texts::now_ring(&now.name));
        let note = t(texts::now_ring_note(&now.name, seen.person()));
        step(out, Mark::Now(contact + 3), &title, &note, None);
    }
    out.push_str("</ol>");
    call(out, seen, contact, "");
    let rang = seen.at.calls.iter().any(|call| call.contact == contact);
    if rang {
        let words = t(texts::answered(&now.name));
        button(out, "button button--wide", "answered", &escape(&words));
    }
    next(out, seen, contact);
    again(out, seen);
}

fn first(out: &mut String, seen: &Seen, now: &Ring) {
    let person = seen.person();
    let named = !seen.card.name.trim().is_empty();
    let (ask, then) = if named {
        (
            t(texts::ask_person(&now.name, &person)),
            t(texts::ring_then(&person)),
        )
    } else {
        (t(texts::ask(&now.name)), t(texts::RING_THEN_SOMEBODY))
    };
    step(
        out,
        Mark::Number(1),
        &t(texts::SEAT),
        &t(texts::SEAT_NOTE),
        Some("/pictograms.svg#quiet-place"),
    );
    step(
        out,
        Mark::Number(2),
        &ask,
        &t(texts::ASK_NOTE),
        Some("/drawings.svg#ask"),
    );
    step(out, Mark::Now(3), &then, "", None);
}

fn answered(out: &mut String, seen: &Seen, contact: usize) {
    let name = seen.ring.get(contact).map(|ring| ring.name.clone());
    let title = t(texts::answered_title(name.unwrap_or_default()));
    let note = t(texts::answered_note(seen.person()));
    let picture = Some("/drawings.svg#sit-down-together");
    step(out, Mark::DoneNow, &title, &note, picture);
    out.push_str("</ol>");
    again(out, seen);
}

fn nobody(out: &mut String, seen: &Seen) {
    tried(out, seen);
    let card = seen.card;
    let title = if seen.ring.is_empty() {
        texts::NOBODY_NONE
    } else {
        texts::NOBODY
    };
    let wrote = card.nobody_answers.trim();
    let note = match wrote {
        "" => String::new(),
        _ => t(texts::nobody_note(seen.person())),
    };
    step(out, Mark::DoneNow, &t(title), &note, None);
    out.push_str("</ol>");
    if !wrote.is_empty() {
        let wrote = escape(wrote);
        put(out, &[r#"<p class="wrote" dir="auto">"#, &wrote, "</p>"]);
    }
    match number(&card.issuer_telephone) {
        Some(digits) => {
            let title = t(texts::ring(scheme(seen)));
            let words = ring_words(&title, "", card.issuer_telephone.trim());
            dial(out, "ring", &digits, None, &words);
        }
        None => {
            let unknown = said_by_us(texts::SCHEME_UNKNOWN);
            put(out, &[r#"<p class="note">"#, &unknown, "</p>"]);
        }
    }
    let police = ring_words(&t(texts::OR_POLICE), &t(texts::OR_POLICE_NOTE), "");
    dial(out, "ring ring--plain", "101", None, &police);
    again(out, seen);
    if let Some(first) = seen.ring.first() {
        let words = escape(&t(texts::start_again(&first.name)));
        button(out, "button button--wide", "from-the-first", &words);
    }
}

/// "You rang Sam at 2:32 pm. No answer."
fn tried(out: &mut String, seen: &Seen) {
    let Some(call) = seen.at.tried_last() else {
        return;
    };
    if let Some(ring) = seen.ring.get(call.contact) {
        let title = t(texts::you_rang(&ring.name, (seen.time)(call.at)));
        step(out, Mark::Done, &title, &t(texts::NO_ANSWER), None);
    }
}

/// The large button for a contact. Other pages say with `id` that it is one of theirs.
pub fn call(out: &mut String, seen: &Seen, contact: usize, class: &str) {
    let Some(ring) = seen.ring.get(contact) else {
        return;
    };
    let mut who = relation(ring, &seen.person());
    if !ring.hours.is_empty() {
        let comma = if who.is_empty() { "" } else { ", " };
        who = [&*who, comma, &*ring.hours].concat();
    }
    let words = ring_words(&t(texts::ring(&ring.name)), &who, &ring.telephone);
    let class = ["ring ", class].concat();
    dial(out, class.trim_end(), &ring.dial, Some(contact), &words);
}

fn next(out: &mut String, seen: &Seen, contact: usize) {
    let words = match seen.ring.get(contact + 1) {
        Some(next) => t(texts::next(&next.name)),
        None if number(&seen.card.issuer_telephone).is_some() => {
            t(texts::next_scheme(scheme(seen)))
        }
        None => t(texts::NEXT_NOBODY),
    };
    let words = [
        "<span>",
        &escape(&words),
        r##"</span><svg class="icon icon--flip" aria-hidden="true"><use href="#i-chevron-end"></use></svg>"##,
    ];
    button(out, "button next", "no-answer", &words.concat());
}

/// Once more to whom was tried before, by voice or by text.
fn again(out: &mut String, seen: &Seen) {
    let tried = seen.at.tried_last().or(seen.at.calls.last().copied());
    let Some(contact) = tried.map(|call| call.contact) else {
        return;
    };
    let Some(ring) = seen.ring.get(contact) else {
        return;
    };
    out.push_str(r#"<div class="pair">"#);
    let words = with_icon("phone", &t(texts::again(&ring.name)));
    dial(out, "button", &ring.dial, Some(contact), &words);
    let act = ["text-", &contact.to_string()].concat();
    let words = with_icon("message", &t(texts::text(&ring.name)));
    button(out, "button", &act, &words);
    out.push_str("</div>");
}

fn with_icon(icon: &str, words: &str) -> String {
    [
        r##"<svg class="icon" aria-hidden="true"><use href="#i-"##,
        icon,
        r#""></use></svg><span>"#,
        &escape(words),
        "</span>",
    ]
    .concat()
}

fn ring_words(title: &str, who: &str, telephone: &str) -> String {
    let mut words = String::from(
        r##"<span class="ring__tile"><svg class="icon" aria-hidden="true"><use href="#i-phone"></use></svg></span><span class="ring__text"><span class="ring__who">"##,
    );
    put(&mut words, &[&escape(title), "</span>"]);
    if !who.is_empty() {
        let who = escape(who);
        put(
            &mut words,
            &[r#"<span class="ring__note">"#, &who, "</span>"],
        );
    }
    if !telephone.is_empty() {
        let telephone = escape(telephone);
        put(
            &mut words,
            &[
                r#"<span class="ring__number" dir="ltr">"#,
                &telephone,
                "</span>",
            ],
        );
    }
    words.push_str("</span>");
    words
}

/// "my sister", as a helper says it: "Ali's sister". Other words stay as the holder typed them.
fn relation(ring: &Ring, person: &str) -> String {
    let typed = &ring.relationship;
    let mine = typed.strip_prefix("my ").or(typed.strip_prefix("My "));
    match mine {
        Some(who) => t(texts::relation(person, who)),
        None => typed.clone(),
    }
}

fn scheme(seen: &Seen) -> String {
    match seen.card.issuer.trim() {
        "" => t(texts::SCHEME),
        issuer => issuer.to_owned(),
    }
}

/// What stands before a step.
pub enum Mark {
    /// A number.
    Number(usize),
    /// A number, and the step's words are what has the focus.
    Now(usize),
    /// A tick.
    Done,
    /// A tick, likewise.
    DoneNow,
}

/// One step, with its picture.
pub fn step(out: &mut String, mark: Mark, title: &str, note: &str, picture: Option<&str>) {
    let now = matches!(mark, Mark::Now(_) | Mark::DoneNow);
    let mark = match mark {
        Mark::Number(number) | Mark::Now(number) => {
            [r#"<span class="turn__mark">"#, &number.to_string(), "</span>"].concat()
        }
        Mark::Done | Mark::DoneNow => r##"<span class="turn__mark turn__mark--done"><svg class="icon" aria-hidden="true"><use href="#i-check"></use></svg></span>"##.to_owned(),
    };
    put(
        out,
        &[
            r#"<li class="turn">"#,
            &mark,
            r#"<div class="turn__text"><h2 class="turn__title""#,
            if now {
                r#" id="now" tabindex="-1""#
            } else {
                ""
            },
            ">",
            &escape(title),
            "</h2>",
        ],
    );
    if !note.is_empty() {
        let note = escape(note);
        put(out, &[r#"<p class="turn__note">"#, &note, "</p>"]);
    }
    out.push_str("</div>");
    if let Some(picture) = picture {
        put(
            out,
            &[
                r#"<span class="tile turn__picture"><svg aria-hidden="true"><use href=""#,
                picture,
                r#""></use></svg></span>"#,
            ],
        );
    }
    out.push_str("</li>");
}
