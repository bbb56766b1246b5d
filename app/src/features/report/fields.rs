//! What a question is answered with: choices, words, a day and a time.

use ::words::report as words;
use domain::form::{Answer, Choices, Kind, Problem, Question, QuestionId};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::{Telling, texts};
use crate::components::field::{Field, wrong};
use crate::components::icon::icon;
use crate::dom::{Show, View, all, el};
use crate::speech::t;

/// Whether one choice takes the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pick {
    One,
    Many,
}

/// Where an error leads: the first thing to fill in.
pub fn first(question: &Question) -> String {
    let id = &question.id.0;
    match (question.choices().first(), &question.kind) {
        (Some(choice), _) => format!("{id}-{choice}"),
        (None, Kind::When) => format!("{id}-day"),
        (None, _) => format!("{id}-text"),
    }
}

/// The title, and what is to be filled in.
pub fn fields(telling: Telling, question: &Question, problem: RwSignal<Option<Problem>>) -> View {
    match &question.kind {
        Kind::One(offered) => choices(telling, question, offered, Pick::One, problem),
        Kind::Many(offered) => choices(telling, question, offered, Pick::Many, problem),
        Kind::Account => own_words(telling, question, 8, problem),
        Kind::Words => own_words(telling, question, 4, problem),
        Kind::Line => own_words(telling, question, 1, problem),
        Kind::When => when(telling, question, problem),
    }
}

fn error(
    question: &Question,
    problem: RwSignal<Option<Problem>>,
) -> impl Fn() -> Option<View> + 'static {
    let id = format!("{}-error", question.id.0);
    move || {
        problem
            .get()
            .map(|problem| wrong(id.clone(), texts::problem(problem)))
    }
}

fn choices(
    telling: Telling,
    question: &Question,
    offered: &Choices,
    pick: Pick,
    problem: RwSignal<Option<Problem>>,
) -> View {
    let id = &question.id;
    let (heading, hint, own) = telling
        .texts
        .with_value(|texts| (texts.label(id), texts.hint(id), texts.own_words(id)));
    let now = telling.answer(id);
    let options: Vec<_> = offered
        .ids
        .iter()
        .map(|choice| option(telling, id, choice.clone(), pick, &now))
        .collect();
    let fieldset = el("fieldset")
        .class("choices")
        .child(
            el("legend")
                .class("choices__title")
                .child(el("h1").class("title").child(heading)),
        )
        .child((!hint.is_empty()).then(|| el("p").class("choices__hint note").child(hint)))
        .child(error(question, problem))
        .child(options);
    let words = offered
        .words
        .then(|| text_field(telling, id, own, String::new(), 2));
    all![fieldset, words]
}

fn option(
    telling: Telling,
    question: &QuestionId,
    choice: String,
    pick: Pick,
    now: &Answer,
) -> View {
    let (title, note, picture) = telling
        .texts
        .with_value(|texts| texts.choice(question, &choice));
    let (id, name) = (format!("{}-{choice}", question.0), question.0.clone());
    let checked = now.chosen().any(|chosen| chosen == &choice);
    let question = question.clone();
    let choose = move |event: web_sys::Event| {
        let ticked = is_checked(&event);
        set_part(telling, &question, |answer| match pick {
            Pick::One => answer.choice = Some(choice.clone()),
            Pick::Many => answer.choose(&choice, ticked),
        });
    };
    el("label")
        .class("choice")
        .child(
            el("input")
                .class("choice__input")
                .attr(
                    "type",
                    if pick == Pick::One {
                        "radio"
                    } else {
                        "checkbox"
                    },
                )
                .attr("name", name)
                .attr("id", id)
                .attr("checked", checked)
                .on("change", choose),
        )
        .child(
            el("span")
                .class("choice__text")
                .child(el("span").class("choice__title").child(title))
                .child((!note.is_empty()).then(|| el("span").class("choice__note").child(note))),
        )
        .child((!picture.is_empty()).then(|| el("span").class("choice__icon").child(icon(picture))))
        .show()
}

fn is_checked(event: &web_sys::Event) -> bool {
    let target = event.target();
    let input = target.and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| input.checked())
}

/// A question whose title is the label of its box.
fn own_words(
    telling: Telling,
    question: &Question,
    rows: u32,
    problem: RwSignal<Option<Problem>>,
) -> View {
    let id = &question.id;
    let (heading, hint) = telling
        .texts
        .with_value(|texts| (texts.label(id), texts.hint(id)));
    let heading = el("h1").class("title").child(
        el("label")
            .attr("for", format!("{}-text", id.0))
            .child(heading),
    );
    let field = text_field(telling, id, String::new(), hint, rows);
    all![heading, error(question, problem), field]
}

fn when(telling: Telling, question: &Question, problem: RwSignal<Option<Problem>>) -> View {
    let id = &question.id;
    let (heading, hint) = telling
        .texts
        .with_value(|texts| (texts.label(id), texts.hint(id)));
    let now = telling.answer(id);
    let part = |name: &str, kind: &'static str, label: String, value: String| Field {
        kind,
        ..Field::text(format!("{}-{name}", id.0), label, value)
    };
    let (day, time) = (
        part("day", "date", t(words::WHEN_DAY), now.day),
        part("time", "time", t(words::WHEN_TIME), now.time),
    );
    let (for_day, for_time) = (id.clone(), id.clone());
    all![
        el("h1").class("title").child(heading),
        el("p").class("note").child(hint),
        error(question, problem),
        day.view(move |text| set_part(telling, &for_day, |answer| answer.day = text)),
        time.view(move |text| set_part(telling, &for_time, |answer| answer.time = text)),
        text_field(
            telling,
            id,
            t(words::WHEN_WORDS),
            t(words::WHEN_WORDS_HINT),
            2,
        )
    ]
}

fn text_field(telling: Telling, id: &QuestionId, label: String, hint: String, rows: u32) -> View {
    let field = Field {
        hint,
        ..Field::text(format!("{}-text", id.0), label, telling.answer(id).text)
    };
    let id = id.clone();
    field.long(rows, move |text| {
        set_part(telling, &id, |answer| answer.text = text)
    })
}

/// Whoever fills something in knows something after all.
fn set_part(telling: Telling, id: &QuestionId, change: impl FnOnce(&mut Answer)) {
    telling.set_answer(id, |answer| {
        change(answer);
        answer.without = None;
    });
}
