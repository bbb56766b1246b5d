//! All answers on one page, before anything is sent.

use domain::report::Body;
use leptos::prelude::*;
use leptos::task::spawn_local;
use ::words::{common, report as words};

use super::{Stage, Telling, texts};
use crate::components::dialog::Ask;
use crate::components::field::error_summary;
use crate::components::icon::{icon, icon_flip};
use crate::components::notice::trouble;
use crate::components::{Bar, Confirm, Head, frame};
use crate::platform::{clock, page};
use crate::speech::t;

/// How far sending has come.
#[derive(Debug, Clone, PartialEq)]
enum Sending {
    Not,
    Locking,
    Stopped(String),
}

/// The page.
pub fn page(telling: Telling) -> AnyView {
    let sending = RwSignal::new(Sending::Not);
    let missing = RwSignal::new(Vec::new());
    let confirm = Confirm::new();
    let ask = Ask { title: t(words::DELETE_DRAFT_ASK), note: t(words::DELETE_DRAFT_NOTE), yes: t(words::DELETE_DRAFT), no: t(words::DELETE_KEEP) };
    let busy = move || sending.get() == Sending::Locking;
    let body = view! {
        {move || { let missing = missing.get(); (!missing.is_empty()).then(|| error_summary(t(common::PROBLEM_TITLE), missing)) }}
        <h1 class="title">{t(words::CHECK_TITLE)}</h1>
        <p class="lead">{t(words::CHECK_LEAD)}</p>
        {answers(telling)}
        <p class="note">{t(words::SEND_NOTE)}</p>
        <div class="status" role="status">{move || said(&sending.get())}</div>
        <div class="actions">
            <button type="button" class="button button--main" aria-busy=move || busy().to_string() disabled=busy on:click=move |_| send(telling, sending, missing)>
                {icon("send")}<span>{t(words::SEND)}</span>
            </button>
            <button type="button" class="button button--delete" disabled=busy on:click=move |_| confirm.open()>{icon("trash")}<span>{t(words::DELETE_DRAFT)}</span></button>
        </div>
        {confirm.view(ask, move || telling.delete())}
    };
    let back = view! {
        <button type="button" class="head__link" on:click=move |_| telling.previous(telling.length())>{icon_flip("chevron-start")}<span>{t(common::BACK)}</span></button>
    };
    frame("report", Head::Own(back.into_any()), Bar::Exit, body.into_any())
}

fn answers(telling: Telling) -> AnyView {
    let Some(draft) = telling.draft() else { return ().into_any() };
    let questions = telling.form.with_value(|form| form.questions.clone());
    let item = |(step, question): (usize, domain::form::Question)| {
        let label = texts::label(&question.id);
        let said: Vec<_> = texts::answer(&question, &draft.answer(&question.id)).into_iter().map(|part| view! { <span class="answers__part">{part}</span> }).collect();
        let spoken = t(words::change_what(label.clone()));
        view! {
            <div class="answers__item" id=format!("answer-{}", question.id.0)>
                <dt class="answers__question">{label}</dt>
                <dd class="answers__answer">{said}</dd>
                <dd class="answers__change"><button type="button" class="link" aria-label=spoken on:click=move |_| telling.change(step)>{t(common::CHANGE)}</button></dd>
            </div>
        }
    };
    let items: Vec<_> = questions.into_iter().enumerate().map(item).collect();
    view! { <dl class="answers">{items}</dl> }.into_any()
}

fn said(sending: &Sending) -> AnyView {
    match sending {
        Sending::Not => ().into_any(),
        Sending::Locking => view! { <p class="note">{t(words::LOCKING)}</p> }.into_any(),
        Sending::Stopped(code) => trouble(t(match code.as_str() {
            "no-scheme" => words::CANNOT_SEAL_FIRST_CONNECTION,
            "full" | "blocked" => words::CANNOT_SEAL_STORAGE,
            "too-large" => words::CANNOT_SEAL_TOO_LONG,
            _ => words::CANNOT_SEAL,
        })),
    }
}

fn send(telling: Telling, sending: RwSignal<Sending>, missing: RwSignal<Vec<(String, String)>>) {
    let Some(draft) = telling.draft() else { return };
    let parsed = telling.form.with_value(|form| Body::parse(&draft, form, &page::language(), clock::now()));
    if let Err(problems) = parsed {
        let line = |(id, problem)| (format!("answer-{}", domain::form::QuestionId::clone(&id).0), format!("{} {}", texts::label(&id), texts::problem(problem)));
        missing.set(problems.into_iter().map(line).collect());
        return page::focus_soon(".error-summary");
    }
    sending.set(Sending::Locking);
    spawn_local(async move {
        match telling.state.seal(&draft).await {
            Ok(receipt) => {
                telling.stage.set(Stage::Receipt(receipt));
                page::arrive(0.0);
            }
            Err(code) => sending.set(Sending::Stopped(code)),
        }
    });
}
