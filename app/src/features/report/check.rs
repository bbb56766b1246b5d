//! All answers on one page, before anything is sent.

use ::words::{common, report as words};
use domain::report::Body;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Stage, Telling, texts};
use crate::components::field::error_summary;
use crate::components::icon::{icon, icon_flip};
use crate::components::notice::trouble;
use crate::components::{Bar, Confirm, Head, frame};
use crate::dom::{Show, View, all, el};
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
pub fn page(telling: Telling) -> View {
    let sending = RwSignal::new(Sending::Not);
    let missing = RwSignal::new(Vec::new());
    let confirm = Confirm::new();
    let busy = move || sending.get() == Sending::Locking;
    let body = all![
        move || {
            let missing = missing.get();
            (!missing.is_empty()).then(|| error_summary(t(common::PROBLEM_TITLE), missing))
        },
        el("h1").class("title").child(t(words::CHECK_TITLE)),
        el("p").class("lead").child(t(words::CHECK_LEAD)),
        answers(telling),
        el("p").class("note").child(t(words::SEND_NOTE)),
        el("div")
            .class("status")
            .attr("role", "status")
            .child(move || said(&sending.get())),
        el("div")
            .class("actions")
            .child(
                el("button")
                    .attr("type", "button")
                    .class("button button--main")
                    .attr_following("aria-busy", move || busy().to_string())
                    .attr_following("disabled", busy)
                    .on("click", move |_| send(telling, sending, missing))
                    .child(icon("send"))
                    .child(el("span").child(t(words::SEND))),
            )
            .child(
                el("button")
                    .attr("type", "button")
                    .class("button button--delete")
                    .attr_following("disabled", busy)
                    .on("click", move |_| confirm.open())
                    .child(icon("trash"))
                    .child(el("span").child(t(words::DELETE_DRAFT))),
            ),
        confirm.view(super::ask_to_delete(), move || telling.delete())
    ];
    let back = el("button")
        .attr("type", "button")
        .class("head__link")
        .on("click", move |_| telling.previous(telling.length()))
        .child(icon_flip("chevron-start"))
        .child(el("span").child(t(common::BACK)));
    frame("report", Head::Own(back.show()), Bar::Exit, body.show())
}

fn answers(telling: Telling) -> View {
    let Some(draft) = telling.draft() else {
        return ().show();
    };
    let questions = telling.form.with_value(|form| form.questions.clone());
    let item = |(step, question): (usize, domain::form::Question)| {
        let label = texts::label(&question.id);
        let said: Vec<_> = texts::answer(&question, &draft.answer(&question.id))
            .into_iter()
            .map(|part| el("span").class("answers__part").child(part))
            .collect();
        let spoken = t(words::change_what(label.clone()));
        el("div")
            .class("answers__item")
            .attr("id", format!("answer-{}", question.id.0))
            .child(el("dt").class("answers__question").child(label))
            .child(el("dd").class("answers__answer").child(said))
            .child(
                el("dd").class("answers__change").child(
                    el("button")
                        .attr("type", "button")
                        .class("link")
                        .attr("aria-label", spoken)
                        .on("click", move |_| telling.change(step))
                        .child(t(common::CHANGE)),
                ),
            )
    };
    let items: Vec<_> = questions.into_iter().enumerate().map(item).collect();
    el("dl").class("answers").child(items).show()
}

fn said(sending: &Sending) -> View {
    match sending {
        Sending::Not => ().show(),
        Sending::Locking => el("p").class("note").child(t(words::LOCKING)).show(),
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
    let parsed = telling
        .form
        .with_value(|form| Body::parse(&draft, form, &page::language(), clock::now()));
    if let Err(problems) = parsed {
        let line = |(id, problem)| {
            (
                format!("answer-{}", domain::form::QuestionId::clone(&id).0),
                format!("{} {}", texts::label(&id), texts::problem(problem)),
            )
        };
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
