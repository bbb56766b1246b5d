//! The card's front as HTML: the page shows it, and the same text is kept for painting before the
//! app has loaded, so that both are the same to the pixel.

use domain::card::{Card, Front, Issuer, Kind, Line, Part, Ring, Side};
use words::{PICTOGRAMS, card as texts, phrases};

use super::pictures;
use crate::speech::t;
use crate::state::State;

/// Letters of a line that fit beside its pictogram at 320 px in large type.
const LINE: usize = 22;
/// Letters of a text in own words, which is set smaller, likewise.
const TEXT_LINE: usize = 30;
/// Height that is left on 320 × 640 px for what stands above the ring, in pixels of large type.
const ROOMY: usize = 485;
/// The same, measured likewise, of what still fits in the next smaller type.
const FULL: usize = 600;
/// And in the next.
const PACKED: usize = 720;

/// The front as it is kept for painting, with its pictures; `None` while there is nothing to show.
pub async fn painted(state: State, card: &Card) -> Option<String> {
    let front = card.front()?;
    pictures::load(state, card).await;
    Some(html(&front))
}

/// The front, from its head to the holder's buttons, with the pictures that are here. Everything
/// typed is escaped.
pub fn html(front: &Front) -> String {
    let mut out = String::with_capacity(10_000);
    head(&mut out);
    put(
        &mut out,
        &[
            r#"<main id="main" class="page page--card" tabindex="-1"><article class="card"#,
            density(front),
            r#""><div class="card__body">"#,
        ],
    );
    hello(&mut out, front);
    side(&mut out, &front.side);
    out.push_str("</div>");
    foot(&mut out, front);
    out.push_str("</article></main>");
    out
}

fn head(out: &mut String) {
    put(
        out,
        &[
            r##"<header class="card-head"><svg class="drawing card-head__mark" aria-hidden="true"><use href="#mark-light"></use></svg><p class="card-head__title">"##,
            &said_by_us(texts::LABEL),
            r##"</p><button type="button" class="card-head__button card-head__save" data-act="save-battery" aria-pressed="false" aria-label=""##,
            &said_by_us(texts::SAVE_BATTERY),
            r##""><svg class="icon" aria-hidden="true"><use href="#i-moon"></use></svg></button><a class="card-head__button" href="/card/more">"##,
            &said_by_us(texts::MORE),
            r##"</a><a class="card-head__button card-head__close" href="/"><svg class="icon" aria-hidden="true"><use href="#i-x"></use></svg><span>"##,
            &said_by_us(texts::CLOSE),
            "</span></a></header>",
        ],
    );
}

fn hello(out: &mut String, front: &Front) {
    if front.name.is_empty() {
        let label = said_by_us(texts::LABEL);
        return put(out, &[r#"<h1 class="visually-hidden">"#, &label, "</h1>"]);
    }
    let name = escape(&front.name);
    out.push_str(r#"<div class="card__hello">"#);
    out.push_str(&photo(&front.side, &front.name, "card__photo"));
    put(
        out,
        &[
            r#"<div class="card__who"><p class="card__greeting">"#,
            &said_by_us(texts::GREETING),
            r#"</p><h1 class="card__name"#,
            length(&front.name),
            r#"" dir="auto">"#,
            &name,
            "</h1>",
        ],
    );
    if !front.side.pronouns.is_empty() {
        let pronouns = escape(&front.side.pronouns);
        put(
            out,
            &[
                r#"<p class="card__pronouns" dir="auto">"#,
                &pronouns,
                "</p>",
            ],
        );
    }
    out.push_str("</div></div>");
}

/// The photo of a layer; its place where it is not here yet, and nothing where there is none.
pub(super) fn photo(side: &Side, name: &str, class: &str) -> String {
    let Some(id) = &side.photo else {
        return String::new();
    };
    match pictures::photo(id) {
        Some(url) => [
            r#"<img class=""#,
            class,
            r#"" alt=""#,
            &escape(&t(texts::photo(name))),
            r#"" src=""#,
            &url,
            r#"">"#,
        ]
        .concat(),
        None => [r#"<span class=""#, class, r#""></span>"#].concat(),
    }
}

/// Everything of a layer besides the photo and pronouns.
pub(super) fn side(out: &mut String, side: &Side) {
    for kind in [Kind::May, Kind::Please, Kind::Dont] {
        lines(out, kind, lines_of(side, kind));
    }
    if !side.symbols.is_empty() {
        put(
            out,
            &[
                r#"<section class="card__symbols" aria-label=""#,
                &said_by_us(texts::SYMBOLS),
                r#""><ul class="card__needs">"#,
            ],
        );
        for id in &side.symbols {
            symbol(out, id);
        }
        out.push_str("</ul></section>");
    }
    for (part, text) in &side.texts {
        put(
            out,
            &[
                r#"<section class="card__text"><h2 class="card__label">"#,
                &escape(&label(*part)),
                r#"</h2><p dir="auto">"#,
                &escape(text),
                "</p></section>",
            ],
        );
    }
    if let Some(issuer) = &side.issuer {
        issued(out, issuer);
    }
}

fn lines(out: &mut String, kind: Kind, lines: &[Line]) {
    if lines.is_empty() {
        return;
    }
    let (class, label) = match kind {
        Kind::May => ("card__may", texts::MAY),
        Kind::Please => ("card__please", texts::PLEASE),
        Kind::Dont => ("card__dont", texts::DONT),
    };
    put(
        out,
        &[
            r#"<section class=""#,
            class,
            r#""><h2 class="card__label">"#,
            &said_by_us(label),
            r#"</h2><ul class="card__lines">"#,
        ],
    );
    let pictures = lines.iter().any(|line| matches!(line, Line::Ready(_)));
    for line in lines {
        out.push_str("<li>");
        if pictures {
            out.push_str(match line {
                Line::Ready(_) => r#"<span class="tile">"#,
                Line::Own(_) => r#"<span class="tile tile--empty">"#,
            });
            if let Line::Ready(phrase) = line {
                out.push_str(&pictures::pictogram(phrase.pictogram));
            }
            out.push_str("</span>");
        }
        let words = escape(&said(line));
        put(out, &[r#"<span dir="auto">"#, &words, "</span></li>"]);
    }
    out.push_str("</ul></section>");
}

/// A need: its pictogram and its words. One that this release does not know is left out.
fn symbol(out: &mut String, id: &str) {
    let Some((_, words)) = PICTOGRAMS.iter().find(|(known, _)| *known == id) else {
        return;
    };
    put(
        out,
        &[
            r#"<li><span class="tile">"#,
            &pictures::pictogram(id),
            "</span><span>",
            &said_by_us(*words),
            "</span></li>",
        ],
    );
}

fn issued(out: &mut String, issuer: &Issuer) {
    let name = (!issuer.name.is_empty()).then(|| t(texts::front_issuer(&issuer.name)));
    let number = (!issuer.number.is_empty()).then(|| t(texts::card_number(&issuer.number)));
    let telephone = (!issuer.telephone.is_empty()).then(|| issuer.telephone.clone());
    let all: Vec<_> = name.into_iter().chain(number).chain(telephone).collect();
    put(
        out,
        &[
            r#"<p class="card__issuer">"#,
            &escape(&all.join(" · ")),
            "</p>",
        ],
    );
}

fn foot(out: &mut String, front: &Front) {
    put(
        out,
        &[
            r#"<div class="card__foot"><section class="card__ring" aria-label=""#,
            &said_by_us(texts::RING_SECTION),
            r#"">"#,
        ],
    );
    for (at, ring) in front.ring.iter().enumerate() {
        call(out, ring, at);
    }
    put(
        out,
        &[
            r##"</section><div class="card__actions"><button type="button" class="button card__speak" data-act="speak" aria-label=""##,
            &said_by_us(texts::SPEAK_SPOKEN),
            r##""><svg class="icon" aria-hidden="true"><use href="#i-speaker"></use></svg><span>"##,
            &said_by_us(texts::SPEAK),
            r##"</span></button><a class="button" href="/card/board">"##,
            &said_by_us(texts::BOARD),
            "</a>",
        ],
    );
    if front.scan {
        put(
            out,
            &[
                r##"<a class="button card__scan" href="/card/scan" aria-label=""##,
                &said_by_us(texts::SCAN),
                r##""><svg class="icon" aria-hidden="true"><use href="#i-scan"></use></svg></a>"##,
            ],
        );
    }
    put(
        out,
        &[
            r##"<button type="button" class="button button--exit card__give" data-act="give">"##,
            &said_by_us(texts::GIVE),
            "</button></div></div>",
        ],
    );
}

fn call(out: &mut String, ring: &Ring, at: usize) {
    let next = if at == 0 { "" } else { " ring--next" };
    put(
        out,
        &[
            r#"<a class="ring"#,
            next,
            r#"" href="tel:"#,
            &escape(&ring.dial),
            r##""><span class="ring__tile"><svg class="icon" aria-hidden="true"><use href="#i-phone"></use></svg></span><span class="ring__text"><span class="ring__who">"##,
            &escape(&who(ring)),
            r#"</span><span class="ring__number" dir="ltr">"#,
            &escape(&ring.telephone),
            "</span></span></a>",
        ],
    );
}

fn who(ring: &Ring) -> String {
    if ring.relationship.is_empty() {
        t(texts::ring(&ring.name))
    } else {
        t(texts::ring_relation(&ring.name, &ring.relationship))
    }
}

/// Smaller type for a fuller card: it must not scroll in a stranger's hand. Heights are estimates at
/// 640 px; what really fits is measured by the journeys.
fn density(front: &Front) -> &'static str {
    let rows = |text: &str, fit: usize| text.chars().count().div_ceil(fit).max(1);
    let side = &front.side;
    let line = |line: &Line| match line {
        Line::Ready(_) => (rows(&said(line), LINE) * 27).max(41) + 5,
        Line::Own(text) => rows(text, LINE) * 27 + 6,
    };
    let section = |lines: &[Line], around: usize| {
        let all: usize = lines.iter().map(line).sum();
        if lines.is_empty() { 0 } else { all + around }
    };
    let hello = if side.photo.is_some() || !side.pronouns.is_empty() {
        110
    } else {
        95
    };
    let texts = (side.texts.iter()).map(|(_, text)| 30 + rows(text, TEXT_LINE) * 22);
    let more_to_ring = [0, 0, 58, 58][front.ring.len().min(3)];
    let all = hello
        + section(&side.may, 32)
        + section(&side.please, 52)
        + section(&side.dont, 32)
        + side.symbols.len().div_ceil(2) * 34
        + texts.sum::<usize>()
        + if side.issuer.is_some() { 26 } else { 0 }
        + more_to_ring;
    match all {
        0..=ROOMY => "",
        all if all <= FULL => " card--full",
        all if all <= PACKED => " card--packed",
        _ => " card--packed card--crammed",
    }
}

fn lines_of(side: &Side, kind: Kind) -> &[Line] {
    match kind {
        Kind::May => &side.may,
        Kind::Please => &side.please,
        Kind::Dont => &side.dont,
    }
}

/// A line's words: ready ones in the reader's language, own ones as typed.
pub fn said(line: &Line) -> String {
    match line {
        Line::Own(text) => text.clone(),
        Line::Ready(phrase) => phrases::named(phrase.id).map(t).unwrap_or_default(),
    }
}

/// What stands above a text in own words.
pub(super) fn label(part: Part) -> String {
    t(match part {
        Part::Calms => texts::CALMS,
        Part::Upsets => texts::UPSETS,
        Part::Communicates => texts::COMMUNICATES,
        Part::Languages => texts::LANGUAGES,
        Part::NobodyAnswers => texts::NOBODY_ANSWERS,
        Part::Allergies => texts::ALLERGIES,
        Part::Medication => texts::MEDICATION,
        _ => texts::NEEDS,
    })
}

fn length(name: &str) -> &'static str {
    match name.chars().count() {
        0..=7 => "",
        8..=14 => " card__name--long",
        _ => " card__name--longest",
    }
}

/// One of our own texts, for HTML.
pub(super) fn said_by_us(text: impl Into<words::Text>) -> String {
    escape(&t(text))
}

/// Puts pieces of HTML one after the other.
pub(super) fn put(out: &mut String, pieces: &[&str]) {
    pieces.iter().for_each(|piece| out.push_str(piece));
}

/// What was typed, as text within HTML.
pub(super) fn escape(text: &str) -> String {
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
    use domain::card::{Contact, Layer};

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
    fn what_stays_with_the_helper_is_not_on_the_front() {
        let mut card = Card {
            pronouns: "he, him".into(),
            calms: "my blue hat".into(),
            symbols: vec!["hearing".into()],
            ..card("Ali")
        };
        let html = front(&card);
        assert!(html.contains("he, him") && !html.contains("my blue hat"));
        assert!(!html.contains("I can&#39;t hear well"));
        card.move_to(Part::Calms, Layer::Front);
        card.move_to(Part::Symbols, Layer::Front);
        let html = front(&card);
        assert!(html.contains("my blue hat") && html.contains("I can&#39;t hear well"));
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
