//! The card's front as HTML: the page shows it, and the same text is kept for painting before the
//! app has loaded, so that both are the same to the pixel.

use std::fmt::Write as _;

use domain::card::{Front, Line, Part, Ring};
use words::{card as texts, phrases};

use crate::speech::t;

/// Letters of a line that fit beside one another at 320 px in large type.
const LINE: usize = 22;
/// Letters of the needs, which are set smaller, likewise.
const NEEDS_LINE: usize = 30;
/// Rows that fit on 320 × 640 px in large type, and in the next smaller one.
const ROOMY: usize = 7;
const FULL: usize = 11;

/// The front, from its head to the button that changes it. Everything typed is escaped.
pub fn html(front: &Front) -> String {
    let mut out = String::with_capacity(2_000);
    let _ = write!(
        out,
        r##"<header class="card-head"><svg class="drawing card-head__mark" aria-hidden="true"><use href="#mark-light"></use></svg><p class="card-head__title">{}</p><a class="card-head__close" href="/"><svg class="icon" aria-hidden="true"><use href="#i-x"></use></svg><span>{}</span></a></header><main id="main" class="page page--card" tabindex="-1"><article class="card{}">"##,
        escape(&t(texts::LABEL)),
        escape(&t(texts::CLOSE)),
        density(front),
    );
    if !front.name.is_empty() {
        let greeting = escape(&t(texts::GREETING));
        let _ = write!(
            out,
            r#"<div class="card__hello"><p class="card__greeting">{greeting}</p><h1 class="card__name{}" dir="auto">{}</h1></div>"#,
            length(&front.name),
            escape(&front.name)
        );
    }
    out.push_str(&lines("card__may", &t(texts::MAY), &front.side.may));
    out.push_str(&lines(
        "card__please",
        &t(texts::PLEASE),
        &front.side.please,
    ));
    if let Some(needs) = needs(front) {
        let _ = write!(
            out,
            r#"<section class="card__needs"><h2 class="card__label">{}</h2><p dir="auto">{}</p></section>"#,
            escape(&t(texts::NEEDS)),
            escape(needs)
        );
    }
    let _ = write!(
        out,
        r#"<div class="card__foot"><section class="card__ring" aria-label="{}">"#,
        escape(&t(texts::RING_SECTION))
    );
    for (at, ring) in front.ring.iter().enumerate() {
        out.push_str(&call(ring, at));
    }
    let _ = write!(
        out,
        r##"</section><div class="card__actions"><a class="button" href="/card/edit"><svg class="icon" aria-hidden="true"><use href="#i-pencil"></use></svg><span>{}</span></a></div></div></article></main>"##,
        escape(&t(texts::EDIT)),
    );
    out
}

/// Smaller type for a fuller card: it must not scroll in a stranger's hand.
fn density(front: &Front) -> &'static str {
    let rows = |text: &str, fit: usize| text.chars().count().div_ceil(fit);
    let lines = front.side.may.iter().chain(&front.side.please);
    let lines: usize = lines.map(|line| rows(&said(line), LINE)).sum();
    let more_to_ring = [0, 0, 2, 3][front.ring.len().min(3)];
    match lines + rows(needs(front).unwrap_or_default(), NEEDS_LINE) + more_to_ring {
        0..=ROOMY => "",
        rows if rows <= FULL => " card--full",
        _ => " card--packed",
    }
}

/// A line's words: ready ones in the reader's language, own ones as typed.
pub fn said(line: &Line) -> String {
    match line {
        Line::Own(text) => text.clone(),
        Line::Ready(phrase) => phrases::named(phrase.id).map(t).unwrap_or_default(),
    }
}

fn needs(front: &Front) -> Option<&str> {
    let texts = &front.side.texts;
    let needs = texts.iter().find(|(part, _)| *part == Part::Needs);
    needs.map(|(_, text)| text.as_str())
}

fn length(name: &str) -> &'static str {
    match name.chars().count() {
        0..=9 => "",
        10..=16 => " card__name--long",
        _ => " card__name--longest",
    }
}

fn lines(class: &str, label: &str, lines: &[Line]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let items: String = lines
        .iter()
        .map(|line| format!(r#"<li dir="auto">{}</li>"#, escape(&said(line))))
        .collect();
    format!(
        r#"<section class="{class}"><h2 class="card__label">{}</h2><ul class="card__lines">{items}</ul></section>"#,
        escape(label)
    )
}

fn call(ring: &Ring, at: usize) -> String {
    let who = if ring.relationship.is_empty() {
        t(texts::ring(&ring.name))
    } else {
        t(texts::ring_relation(&ring.name, &ring.relationship))
    };
    let next = if at == 0 { "" } else { " ring--next" };
    format!(
        r##"<a class="ring{next}" href="tel:{}"><span class="ring__tile"><svg class="icon" aria-hidden="true"><use href="#i-phone"></use></svg></span><span class="ring__text"><span class="ring__who">{}</span><span class="ring__number" dir="ltr">{}</span></span></a>"##,
        escape(&ring.dial),
        escape(&who),
        escape(&ring.telephone),
    )
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use domain::card::{Card, Contact};

    use super::*;

    fn card(name: &str) -> Card {
        let sam = Contact {
            name: "Sam".into(),
            relationship: "my sister".into(),
            telephone: "07700 900 123".into(),
            ..Contact::default()
        };
        Card {
            name: name.into(),
            may: Line::ready("hard-to-speak").into_iter().collect(),
            contacts: vec![sam],
            ..Card::default()
        }
    }

    fn front(card: &Card) -> String {
        crate::speech::speak(words::Words::embedded("en").expect("English is built in"));
        html(&card.front().expect("there is a name"))
    }

    #[test]
    fn a_stranger_reads_who_it_is_and_whom_to_ring() {
        let html = front(&card("Ali"));
        assert!(html.contains(">Ali</h1>"));
        assert!(html.contains("find it hard to speak"));
        assert!(html.contains("Ring Sam, my sister"));
        assert!(html.contains(r#"href="tel:07700900123""#));
    }

    #[test]
    fn every_ready_phrase_has_words() {
        for phrase in domain::card::PHRASES {
            assert!(phrases::named(phrase.id).is_some(), "{}", phrase.id);
        }
    }

    #[test]
    fn what_was_typed_is_text_and_never_markup() {
        let html = front(&card(r#"<img src=x onerror="alert(1)">"#));
        assert!(!html.contains("<img"), "{html}");
        assert!(html.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"));
    }

    #[test]
    fn a_full_card_is_set_smaller_so_that_it_fits() {
        let many = Card {
            may: vec![Line::Own("a".repeat(30)); 4],
            please: vec![Line::Own("b".repeat(30)); 4],
            ..card("Ali")
        };
        assert!(front(&many).contains("card--packed"));
        assert!(front(&card("Ali")).contains(r#"class="card""#));
    }
}
