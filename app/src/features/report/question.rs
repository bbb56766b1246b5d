//! One question on a page of its own.

use ::words::{common, files, report as words};
use domain::form::{Kind, Need, Question, QuestionId, Without};
use domain::report::Phone;
use leptos::prelude::*;

use super::{Telling, fields, first_aid, texts};
use crate::components::field::{error_summary, kept};
use crate::components::icon::{icon, icon_flip};
use crate::components::notice::trouble;
use crate::components::{Bar, Head, frame};
use crate::dom::{Show, View, all, el};
use crate::platform::page;
use crate::speech::t;

/// The page of this question.
pub fn page(telling: Telling, id: &QuestionId) -> View {
    let question = telling.form.with_value(|form| form.question(id).cloned());
    match question {
        Some(question) => asking(telling, question),
        None => ().show(),
    }
}

fn asking(telling: Telling, question: Question) -> View {
    let problem = RwSignal::new(None);
    let first = fields::first(&question);
    let (id, before) = (question.id.clone(), question.id.clone());
    let go_on = move |_| {
        let question = question_of(telling, &id);
        match telling.draft().and_then(|draft| draft.problem(&question)) {
            None => telling.next(&id),
            found => {
                problem.set(found);
                page::focus_soon(".error-summary");
            }
        }
    };
    let body = all![
        move || {
            problem.get().map(|problem| {
                error_summary(
                    t(common::PROBLEM_TITLE),
                    vec![(first.clone(), texts::problem(problem))],
                )
            })
        },
        first_aid::fresh(telling),
        progress(telling, &question),
        fields::fields(telling, &question, problem),
        el("div")
            .class("status")
            .attr("role", "status")
            .child(move || kept_note(telling)),
        speak(telling, &question),
        ways_out(telling, &question),
        el("div").class("actions").child(
            el("button")
                .attr("type", "button")
                .class("button button--main")
                .on("click", go_on)
                .child(t(common::CONTINUE)),
        )
    ];
    let back = el("button")
        .attr("type", "button")
        .class("head__link")
        .on("click", move |_| telling.previous(&before))
        .child(icon_flip("chevron-start"))
        .child(el("span").child(t(common::BACK)));
    frame("report", Head::Own(back.show()), Bar::Exit, body.show())
}

fn question_of(telling: Telling, id: &QuestionId) -> Question {
    let question = telling.form.with_value(|form| form.question(id).cloned());
    question.expect("its page is shown")
}

/// Which of how many, and of what.
fn progress(telling: Telling, question: &Question) -> View {
    let place = telling.with_asked(&question.section, |_, asked| {
        let at = asked.iter().position(|id| id == &question.id);
        (at.unwrap_or_default() + 1, asked.len())
    });
    let (number, count) = place.unwrap_or((1, 1));
    let section = telling
        .texts
        .with_value(|texts| texts.section(&question.section));
    let text = t(words::progress(
        count.to_string(),
        number.to_string(),
        section,
    ));
    el("p").class("progress").child(text).show()
}

/// What happened can be said as well, or shown.
fn speak(telling: Telling, question: &Question) -> Option<View> {
    let id = question.id.clone();
    let added = telling.draft().map_or(0, |draft| draft.files().len());
    let note = (added > 0).then(|| {
        let some = t(files::some(added.to_string()));
        el("p").class("note").child(some)
    });
    (question.kind == Kind::Account).then(|| {
        let open = el("button")
            .attr("type", "button")
            .class("button")
            .on("click", move |_| telling.add_files(Some(id.clone())))
            .child(icon("speaker"))
            .child(el("span").child(t(files::SPEAK)));
        all![open, note]
    })
}

fn ways_out(telling: Telling, question: &Question) -> Option<View> {
    let id = question.id.clone();
    let given = telling.answer(&id).without;
    let way = move |label: String, without: Without| {
        let id = id.clone();
        let leave = move |_| {
            telling.set_answer(&id, |answer| answer.without = Some(without));
            telling.next(&id);
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
