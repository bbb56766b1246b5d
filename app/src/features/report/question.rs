//! One question on a page of its own.

use domain::form::{Answer, Kind, Need, Problem, Question, QuestionId, Without};
use domain::report::Phone;
use leptos::prelude::*;
use ::words::{common, report as words};

use super::{Telling, texts};
use crate::components::field::{Field, error_summary, kept, wrong};
use crate::components::icon::{icon, icon_flip};
use crate::components::notice::trouble;
use crate::components::{Bar, Head, frame};
use crate::platform::page;
use crate::speech::t;

/// The page of the question at this step.
pub fn page(telling: Telling, step: usize) -> AnyView {
    let Some(question) = telling.form.with_value(|form| form.questions.get(step).cloned()) else { return ().into_any() };
    let problem = RwSignal::new(None);
    let count = telling.length();
    let heading = texts::label(&question.id);
    let first = first_field(&question);
    let body = view! {
        {move || problem.get().map(|problem| error_summary(t(common::PROBLEM_TITLE), vec![(first.clone(), texts::problem(problem))]))}
        <p class="progress">{t(words::progress(count.to_string(), (step + 1).to_string()))}</p>
        {fields(telling, &question, heading, problem)}
        <div class="status" role="status">{move || kept_note(telling)}</div>
        {ways_out(telling, &question, step)}
        <div class="actions">
            <button type="button" class="button button--main" on:click=move |_| go_on(telling, &question, step, problem)>{t(common::CONTINUE)}</button>
        </div>
    };
    let back = view! {
        <button type="button" class="head__link" on:click=move |_| telling.previous(step)>{icon_flip("chevron-start")}<span>{t(common::BACK)}</span></button>
    };
    frame("report", Head::Own(back.into_any()), Bar::Exit, body.into_any())
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

fn fields(telling: Telling, question: &Question, heading: String, problem: RwSignal<Option<Problem>>) -> AnyView {
    let id = question.id.clone();
    let hint = texts::hint(&id);
    match &question.kind {
        Kind::One(_) => choices(telling, question, heading, hint, problem),
        Kind::Where(_) => {
            let name = text_field(telling, &id, t(words::WHERE_WORDS), String::new(), 2);
            view! { {choices(telling, question, heading, hint, problem)} {name} }.into_any()
        }
        Kind::Words(_) => account(telling, &id, heading, hint, problem),
        Kind::When => when(telling, &id, heading, hint),
    }
}

fn choices(telling: Telling, question: &Question, heading: String, hint: String, problem: RwSignal<Option<Problem>>) -> AnyView {
    let id = question.id.clone();
    let chosen = telling.answer(&id).choice;
    let options: Vec<_> = question.choices().iter().map(|choice| option(telling, &id, choice.clone(), chosen.as_ref() == Some(choice))).collect();
    let error_id = format!("{}-error", id.0);
    view! {
        <fieldset class="choices">
            <legend class="choices__title"><h1 class="title">{heading}</h1></legend>
            {(!hint.is_empty()).then(|| view! { <p class="choices__hint note">{hint}</p> })}
            {move || problem.get().map(|problem| wrong(error_id.clone(), texts::problem(problem)))}
            {options}
        </fieldset>
    }
    .into_any()
}

fn option(telling: Telling, question: &QuestionId, choice: String, checked: bool) -> AnyView {
    let (title, note, picture) = texts::choice(question, &choice);
    let (id, name) = (format!("{}-{choice}", question.0), question.0.clone());
    let question = question.clone();
    let choose = move |_| {
        telling.set_answer(&question, |answer| {
            answer.choice = Some(choice.clone());
            answer.without = None;
        });
    };
    view! {
        <label class="choice">
            <input class="choice__input" type="radio" name=name id=id checked=checked on:change=choose />
            <span class="choice__text"><span class="choice__title">{title}</span>{(!note.is_empty()).then(|| view! { <span class="choice__note">{note}</span> })}</span>
            {(!picture.is_empty()).then(|| view! { <span class="choice__icon">{icon(picture)}</span> })}
        </label>
    }
    .into_any()
}

fn account(telling: Telling, id: &QuestionId, heading: String, hint: String, problem: RwSignal<Option<Problem>>) -> AnyView {
    let field = Field { hint, ..Field::text(format!("{}-text", id.0), String::new(), telling.answer(id).text) };
    let (label_for, question) = (field.id.clone(), id.clone());
    let error_id = format!("{}-error", id.0);
    let typed = move |text: String| telling.set_answer(&question, |answer| answer.text = text);
    view! {
        <h1 class="title"><label for=label_for>{heading}</label></h1>
        {move || problem.get().map(|problem| wrong(error_id.clone(), texts::problem(problem)))}
        {field.long(8, typed)}
    }
    .into_any()
}

fn when(telling: Telling, id: &QuestionId, heading: String, hint: String) -> AnyView {
    let now = telling.answer(id);
    let part = |name: &str, kind: &'static str, label: String, value: String| Field { kind, ..Field::text(format!("{}-{name}", id.0), label, value) };
    let (day, time) = (part("day", "date", t(words::WHEN_DAY), now.day), part("time", "time", t(words::WHEN_TIME), now.time));
    let (for_day, for_time) = (id.clone(), id.clone());
    view! {
        <h1 class="title">{heading}</h1>
        <p class="note">{hint}</p>
        {day.view(move |text| set_part(telling, &for_day, |answer| answer.day = text))}
        {time.view(move |text| set_part(telling, &for_time, |answer| answer.time = text))}
        {text_field(telling, id, t(words::WHEN_WORDS), t(words::WHEN_WORDS_HINT), 2)}
    }
    .into_any()
}

fn text_field(telling: Telling, id: &QuestionId, label: String, hint: String, rows: u32) -> AnyView {
    let field = Field { hint, ..Field::text(format!("{}-text", id.0), label, telling.answer(id).text) };
    let id = id.clone();
    field.long(rows, move |text| set_part(telling, &id, |answer| answer.text = text))
}

/// Whoever fills something in knows something after all.
fn set_part(telling: Telling, id: &QuestionId, change: impl FnOnce(&mut Answer)) {
    telling.set_answer(id, |answer| {
        change(answer);
        answer.without = None;
    });
}

fn ways_out(telling: Telling, question: &Question, step: usize) -> Option<AnyView> {
    let id = question.id.clone();
    let given = telling.answer(&id).without;
    let way = move |label: String, without: Without| {
        let id = id.clone();
        let leave = move |_| {
            telling.set_answer(&id, |answer| answer.without = Some(without));
            telling.next(step);
        };
        view! { <button type="button" class="button" aria-pressed=(given == Some(without)).to_string() on:click=leave>{label}</button> }
    };
    (question.need == Need::Optional).then(|| {
        view! { <div class="pair">{way(t(words::DONT_KNOW), Without::Unknown)}{way(t(words::RATHER_NOT), Without::Declined)}</div> }.into_any()
    })
}

fn kept_note(telling: Telling) -> AnyView {
    let phone = telling.draft().map(|draft| draft.phone);
    match (telling.kept.get(), phone) {
        (None, _) | (_, None) => ().into_any(),
        (Some(Err(_)), _) => trouble(t(common::NOT_KEPT)),
        (Some(Ok(())), Some(Phone::Mine)) => kept(t(words::KEPT_MINE)),
        (Some(Ok(())), Some(Phone::Watched)) => kept(t(words::KEPT_WATCHED)),
    }
}
