//! The phone's own page for emergencies, which opens without a PIN, and lending the phone so that
//! only the card shows: steps with pictures, and the card's words to copy.

use domain::card::{Card, Layer, Part, Side};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use words::{Key, keep as texts};

use super::{blocks, steps};
use crate::components::icon;
use crate::dom::{Show, View, all, el};
use crate::platform::clipboard;
use crate::platform::device::{self, Device};
use crate::speech::t;
use crate::state::State;

/// The page.
pub fn page(state: State) -> View {
    super::about(state, "phone", texts::PHONE, |card| {
        all![
            el("p").class("lead").child(t(texts::PHONE_LEAD)),
            to_copy(&card),
            el("p").class("note").child(t(texts::PHONE_SEE)),
            all_steps()
        ]
    })
}

fn all_steps() -> View {
    let android = all![
        heading(texts::PHONE_ANDROID),
        steps(&[
            ("settings-open", texts::PHONE_ANDROID_1),
            ("emergency-row", texts::PHONE_ANDROID_2),
            ("emergency-fill", texts::PHONE_ANDROID_3),
        ])
    ];
    let ios = all![
        heading(texts::PHONE_IOS),
        steps(&[
            ("medical-open", texts::PHONE_IOS_1),
            ("medical-id", texts::PHONE_IOS_2),
            ("medical-edit", texts::PHONE_IOS_3),
            ("show-when-locked", texts::PHONE_IOS_4),
        ])
    ];
    let try_it = el("p").class("lead").child(t(texts::PHONE_TRY));
    let pinning = all![
        heading(texts::PHONE_PINNING),
        steps(&[
            ("pinning-row", texts::PHONE_PINNING_1),
            ("pinning-overview", texts::PHONE_PINNING_2),
            ("pinning-done", texts::PHONE_PINNING_3),
        ])
    ];
    let guided = all![
        heading(texts::PHONE_GUIDED),
        steps(&[
            ("accessibility-row", texts::PHONE_GUIDED_1),
            ("guided-row", texts::PHONE_GUIDED_2),
            ("guided-press", texts::PHONE_GUIDED_3),
        ])
    ];
    match device::guess() {
        Device::Ios => all![ios, android, try_it, guided, pinning],
        Device::Android => all![android, ios, try_it, pinning, guided],
    }
}

fn heading(title: Key) -> View {
    el("h2").class("heading").child(t(title)).show()
}

/// The card's words by the fields that phones have.
fn to_copy(card: &Card) -> View {
    let front = card.side(Layer::Front);
    let help = card.side(Layer::Help);
    let given = |part| {
        let text = |side: &Side| {
            (side.texts.iter())
                .find(|(known, _)| *known == part)
                .cloned()
        };
        text(&front).or_else(|| text(&help)).map(|(_, text)| text)
    };
    let ring = card.ring().into_iter().next();
    let contact = ring.map(|ring| [&ring.name, " ", &ring.telephone].concat());
    all![
        heading(texts::PHONE_WORDS),
        copied("notes", texts::PHONE_NOTES, Some(notes(card))),
        copied("allergies", texts::PART_ALLERGIES, given(Part::Allergies)),
        copied(
            "medication",
            texts::PART_MEDICATION,
            given(Part::Medication)
        ),
        copied("contact", texts::PHONE_CONTACT, contact)
    ]
}

/// The front in one run of sentences: who, what may be, what helps, whom to ring.
fn notes(card: &Card) -> String {
    let Some(front) = card.front() else {
        return String::new();
    };
    let mut out = Vec::new();
    if !front.name.is_empty() {
        out.push([&t(words::card::GREETING), " ", &front.name, "."].concat());
    }
    let elsewhere = [Part::Allergies, Part::Medication];
    let blocks = blocks::blocks(&front.side).into_iter();
    for block in blocks.filter(|block| !elsewhere.contains(&block.part)) {
        let heading = block.heading.trim_end_matches('…');
        out.push([heading, ": ", &block.lines.join(", "), "."].concat());
    }
    for ring in &front.ring {
        out.push([&blocks::ring(ring), ": ", &ring.telephone, "."].concat());
    }
    out.join(" ")
}

/// How copying went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copying {
    Untried,
    Done,
    ByHand,
}

/// Words with a button that copies them; where that is not allowed they are selected, to be held.
fn copied(id: &'static str, label: Key, text: Option<String>) -> View {
    let Some(text) = text else {
        return View::Nothing;
    };
    let copying = RwSignal::new(Copying::Untried);
    let area = el("textarea")
        .class("field__input field__input--long copy__text")
        .attr("id", id)
        .attr("rows", "2")
        .attr("readonly", true)
        .attr("dir", "auto")
        .property("value", &text);
    let element = area.element();
    let copy = move |_| {
        let (text, element) = (text.clone(), element.clone());
        spawn_local(async move {
            let done = clipboard::copy(&text).await;
            if let (false, Some(area)) = (done, element.dyn_ref::<web_sys::HtmlTextAreaElement>()) {
                area.select();
            }
            let _ = copying.try_set(if done { Copying::Done } else { Copying::ByHand });
        });
    };
    let answer = move || match copying.get() {
        Copying::Untried => String::new(),
        Copying::Done => t(texts::COPIED),
        Copying::ByHand => t(texts::COPY_FAILED),
    };
    el("div")
        .class("field copy")
        .child(
            el("label")
                .class("field__label")
                .attr("for", id)
                .child(t(label)),
        )
        .child(area)
        .child(
            el("button")
                .attr("type", "button")
                .class("button button--small")
                .attr("aria-describedby", id)
                .on("click", copy)
                .child(icon("copy"))
                .child(el("span").child(t(texts::COPY))),
        )
        .child(el("p").class("note").attr("role", "status").child(answer))
        .show()
}

#[cfg(test)]
mod tests {
    use domain::card::{Contact, Line};

    use super::*;

    #[test]
    fn the_phones_page_says_what_the_front_says_and_no_more() {
        crate::speech::speak(words::Words::embedded("en").expect("English is built in"));
        let card = Card {
            name: "Ali".into(),
            please: Line::ready("give-time").into_iter().collect(),
            calms: "music".into(),
            contacts: vec![Contact {
                name: "Sam".into(),
                relationship: "my sister".into(),
                telephone: "07700 900 123".into(),
                ..Contact::default()
            }],
            ..Card::default()
        };
        assert_eq!(
            notes(&card),
            "Hello, I am Ali. Please: give me time. Ring Sam, my sister: 07700 900 123."
        );
    }
}
