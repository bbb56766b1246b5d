//! The QR code: a contact for any phone's camera, with no network, once its holder switched it on.

use domain::card::{Card, vcard};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::keep as texts;

use crate::components::notice::trouble;
use crate::components::qr;
use crate::dom::{Show, View, all, el, own};
use crate::features::card::front;
use crate::speech::t;
use crate::state::State;

/// The page.
pub fn page(state: State) -> View {
    super::about(state, "scan", texts::SCAN, move |card| {
        let code = svg(&card);
        let on = code.is_some();
        all![
            code.map_or_else(|| explained().show(), |code| shown(&card, &code)),
            switch(state, card, !on)
        ]
    })
}

fn explained() -> View {
    all![
        el("p").class("lead").child(t(texts::SCAN_LEAD)),
        el("p").class("note").child(t(texts::SCAN_SAYS))
    ]
}

fn shown(card: &Card, code: &str) -> View {
    let ring = card.ring().into_iter().next();
    let first = ring.map(|ring| {
        el("p")
            .class("scan__ring")
            .child(own(&super::blocks::ring(&ring)))
            .child(" ")
            .child(
                el("span")
                    .class("scan__number")
                    .attr("dir", "ltr")
                    .child(ring.telephone),
            )
    });
    all![
        el("p").class("lead").child(t(texts::SCAN_HOW)),
        el("div")
            .class("scan")
            .attr("role", "img")
            .attr("aria-label", t(texts::SCAN_LOOK))
            .html(code),
        first,
        el("p").class("note").child(t(texts::SCAN_SAYS))
    ]
}

fn switch(state: State, card: Card, on: bool) -> View {
    let failed = RwSignal::new(false);
    let label = if on { texts::SCAN_ON } else { texts::SCAN_OFF };
    let act = move |_| {
        let card = Card {
            scan: on,
            ..card.clone()
        };
        spawn_local(async move {
            let front = card.front().map(|shown| front::html(&shown));
            if state.keep_card(card, front).await.is_err() {
                let _ = failed.try_set(true);
            }
        });
    };
    all![
        move || failed.get().then(|| trouble(t(words::common::NOT_KEPT))),
        el("button")
            .attr("type", "button")
            .class(if on { "button button--main" } else { "button" })
            .on("click", act)
            .child(t(label))
    ]
}

/// The code as SVG, black on white with its quiet margin, in both looks; `None` while it is off.
pub fn svg(card: &Card) -> Option<String> {
    qr::svg(&said(card).filter(|_| card.scan)?)
}

/// What the code says; `None` for a card without a front.
fn said(card: &Card) -> Option<String> {
    let front = card.front()?;
    let first = front.ring.first();
    let note = first.map(|ring| t(texts::scan_ring(&ring.name)));
    let name = match first {
        Some(ring) if front.name.is_empty() => &ring.name,
        _ => &front.name,
    };
    let dial = first.map(|ring| ring.dial.as_str());
    Some(vcard(name, dial, &note.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use domain::card::Contact;

    use super::*;

    fn ali() -> Card {
        crate::speech::speak(words::Words::embedded("en").expect("English is built in"));
        Card {
            name: "Ali".into(),
            scan: true,
            contacts: vec![Contact {
                name: "Sam".into(),
                telephone: "07700 900 123".into(),
                ..Contact::default()
            }],
            needs: "a quiet room".into(),
            ..Card::default()
        }
    }

    #[test]
    fn there_is_no_code_until_it_is_switched_on() {
        assert!(svg(&ali()).is_some());
        let off = Card {
            scan: false,
            ..ali()
        };
        assert_eq!(svg(&off), None);
        let blank = Card {
            scan: true,
            ..Card::default()
        };
        assert_eq!(svg(&blank), None);
    }

    #[test]
    fn a_code_says_whom_to_ring_and_nothing_else() {
        let text = said(&ali()).expect("there is a front");
        assert!(text.contains("FN:Ali\r\n") && text.contains("TEL:07700900123\r\n"));
        assert!(text.contains("NOTE:Please ring Sam\r\n"));
        assert!(!text.contains("quiet"));
        assert_eq!(text.lines().count(), 7, "{text}");
    }

    #[test]
    fn the_longest_names_still_make_a_code() {
        let long = Card {
            name: "👍🏽".repeat(1_000),
            contacts: vec![Contact {
                name: "ا;".repeat(1_000),
                telephone: "07700 900 123".into(),
                ..Contact::default()
            }],
            ..ali()
        };
        assert!(svg(&long).is_some());
    }
}
