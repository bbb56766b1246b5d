//! One question on a page of its own.

use ::words::{common, report as words};
use domain::form::{Answer, Kind, Need, Problem, Question, QuestionId, Without};
use domain::report::Phone;
use leptos::prelude::*;

use super::{Telling, texts};
use crate::components::field::{Field, error_summary, kept, wrong};
use crate::components::icon::{icon, icon_flip};
use crate::components::notice::trouble;
use crate::components::{Bar, Head, frame};
use crate::dom::{Show, View, all, el};
use crate::platform::page;
use crate::speech::t;

/// The page of the question at this step.
pub fn page(telling: Telling, step: usize) -> View {
    let Some(question) = telling
        .form
        .with_value(|form| form.questions.get(step).cloned())
    else {
        return ().show();
    };
    let problem = RwSignal::new(None);
    let count = telling.length();
    let heading = texts::label(&question.id);
    let first = first_field(&question);
    let body = all![
        move || {
            problem.get().map(|problem| {
                error_summary(
                    t(common::PROBLEM_TITLE),
                    vec![(first.clone(), texts::problem(problem))],
                )
            })
        },
        el("p").class("progress").child(t(words::progress(
            count.to_string(),
            (step + 1).to_string(),
        ))),
        fields(telling, &question, heading, problem),
        el("div")
            .class("status")
            .attr("role", "status")
            .child(move || kept_note(telling)),
        ways_out(telling, &question, step),
        el("div").class("actions").child(
            el("button")
                .attr("type", "button")
                .class("button button--main")
                .on("click", move |_| go_on(telling, &question, step, problem))
                .child(t(common::CONTINUE)),
        )
    ];
    let back = el("button")
        .attr("type", "button")
        .class("head__link")
        .on("click", move |_| telling.previous(step))
        .child(icon_flip("chevron-start"))
        .child(el("span").child(t(common::BACK)));
    frame("report", Head::Own(back.show()), Bar::Exit, body.show())
}

fn go_on(telling: Telling, question: &Question, step: usize, problem: RwSignal<Option<Problem>>) {
    match question.check(&telling.answer(&question.id)) {
        None => telling.next(step),
        found => {
            problem.set(found);
            page::focus_soon(".error-summary");
        }
    }
}

/// Where an error leads: the first thing to fill in.
fn first_field(question: &Question) -> String {
    match question.choices().first() {
        Some(choice) => format!("{}-{choice}", question.id.0),
        None => format!("{}-text", question.id.0),
    }
}

fn fields(
    telling: Telling,
    question: &Question,
    heading: String,
    problem: RwSignal<Option<Problem>>,
) -> View {
    let id = question.id.clone();
    let hint = texts::hint(&id);
    match &question.kind {
        Kind::One(_) => choices(telling, question, heading, hint, problem),
        Kind::Where(_) => {
            let name = text_field(telling, &id, t(words::WHERE_WORDS), String::new(), 2);
            all![choices(telling, question, heading, hint, problem), name]
        }
        Kind::Words(_) => account(telling, &id, heading, hint, problem),
        Kind::When => when(telling, &id, heading, hint),
    }
}

fn choices(
    telling: Telling,
    question: &Question,
    heading: String,
    hint: String,
    problem: RwSignal<Option<Problem>>,
) -> View {
    let id = question.id.clone();
    let chosen = telling.answer(&id).choice;
    let options: Vec<_> = question
        .choices()
        .iter()
        .map(|choice| {
            option(
                telling,
                &id,
                choice.clone(),
                chosen.as_ref() == Some(choice),
            )
        })
        .collect();
    let error_id = format!("{}-error", id.0);
    el("fieldset")
        .class("choices")
        .child(
            el("legend")
                .class("choices__title")
                .child(el("h1").class("title").child(heading)),
        )
        .child((!hint.is_empty()).then(|| el("p").class("choices__hint note").child(hint)))
        .child(move || {
            problem
                .get()
                .map(|problem| wrong(error_id.clone(), texts::problem(problem)))
        })
        .child(options)
        .show()
}

fn option(telling: Telling, question: &QuestionId, choice: String, checked: bool) -> View {
    let (title, note, picture) = texts::choice(question, &choice);
    let (id, name) = (format!("{}-{choice}", question.0), question.0.clone());
    let question = question.clone();
    let choose = move |_| {
        telling.set_answer(&question, |answer| {
            answer.choice = Some(choice.clone());
            answer.without = None;
        });
    };
    el("label")
        .class("choice")
        .child(
            el("input")
                .class("choice__input")
                .attr("type", "radio")
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

fn account(
    telling: Telling,
    id: &QuestionId,
    heading: String,
    hint: String,
    problem: RwSignal<Option<Problem>>,
) -> View {
    let field = Field {
        hint,
        ..Field::text(
            format!("{}-text", id.0),
            String::new(),
            telling.answer(id).text,
        )
    };
    let (label_for, question) = (field.id.clone(), id.clone());
    let error_id = format!("{}-error", id.0);
    let typed = move |text: String| telling.set_answer(&question, |answer| answer.text = text);
    all![
        el("h1")
            .class("title")
            .child(el("label").attr("for", label_for).child(heading)),
        move || {
            problem
                .get()
                .map(|problem| wrong(error_id.clone(), texts::problem(problem)))
        },
        field.long(8, typed)
    ]
}

fn when(telling: Telling, id: &QuestionId, heading: String, hint: String) -> View {
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

fn ways_out(telling: Telling, question: &Question, step: usize) -> Option<View> {
    let id = question.id.clone();
    let given = telling.answer(&id).without;
    let way = move |label: String, without: Without| {
        let id = id.clone();
        let leave = move |_| {
            telling.set_answer(&id, |answer| answer.without = Some(without));
            telling.next(step);
        };
        el("button")
            .attr("type", "button")
            .class("button")
            .attr("aria-pressed", (given == Some(without)).to_string())
            .on("click", leave)
            .child(label)
    };
    (question.need == Need::Optional).then(|| {
        el("div")
            .class("pair")
            .child(way(t(words::DONT_KNOW), Without::Unknown))
            .child(way(t(words::RATHER_NOT), Without::Declined))
            .show()
    })
}

fn kept_note(telling: Telling) -> View {
    let phone = telling.draft().map(|draft| draft.phone);
    match (telling.kept.get(), phone) {
        (None, _) | (_, None) => ().show(),
        (Some(Err(_)), _) => trouble(t(common::NOT_KEPT)),
        (Some(Ok(())), Some(Phone::Mine)) => kept(t(words::KEPT_MINE)),
        (Some(Ok(())), Some(Phone::Watched)) => kept(t(words::KEPT_WATCHED)),
    }
}
