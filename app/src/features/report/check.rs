//! All answers on one page, before anything is sent.

use ::words::{common, files as of_files, report as words};
use domain::form::{Kind, Question};
use domain::report::{Body, Draft, Enclosed};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Event;

use super::receipt::Sealed;
use super::{Stage, Telling, centre, files, first_aid, texts};
use crate::components::field::error_summary;
use crate::components::icon::{icon, icon_flip};
use crate::components::notice::trouble;
use crate::components::{Bar, Confirm, Head, frame};
use crate::dom::{Show, View, all, el};
use crate::platform::{clock, page};
use crate::speech::t;

/// A file is on its way into the report.
const STILL_SEALING: &str = "still-sealing";

/// The section of the form about being reached, and its first question.
const CONTACT: &str = "contact";
const REACH: &str = "reach";

/// How far sending has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Sending {
    Not,
    Locking,
    Stopped(String),
}

/// The page.
pub fn page(telling: Telling) -> View {
    let sending = telling.sending;
    sending.set(Sending::Not);
    let missing = RwSignal::new(Vec::new());
    let confirm = Confirm::new();
    let busy = move || sending.get() == Sending::Locking;
    let body = all![
        move || {
            let missing = missing.get();
            (!missing.is_empty()).then(|| error_summary(t(common::PROBLEM_TITLE), missing))
        },
        first_aid::fresh(telling),
        el("h1").class("title").child(t(words::CHECK_TITLE)),
        el("p").class("lead").child(t(words::CHECK_LEAD)),
        move || files::refused(telling),
        answers(telling),
        reader(telling),
        follows(telling),
        hearing(telling),
        el("p").class("note").child(t(words::SEND_NOTE)),
        el("div")
            .class("status")
            .attr("role", "status")
            .child(move || said(&sending.get())),
        el("div").class("actions").child(
            el("button")
                .attr("type", "button")
                .class("button button--main")
                .attr_following("aria-busy", move || busy().to_string())
                .attr_following("disabled", busy)
                .on("click", move |_| send(telling, sending, missing))
                .child(icon("send"))
                .child(el("span").child(t(words::SEND))),
        ),
        more(telling),
        el("div").class("actions").child(
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
        .on("click", move |_| telling.back_from_check())
        .child(icon_flip("chevron-start"))
        .child(el("span").child(t(common::BACK)));
    frame("report", Head::Own(back.show()), Bar::Exit, body.show())
}

/// Whom it goes to: the centre that was chosen, or the one there is. Another can be chosen.
fn reader(telling: Telling) -> View {
    let chosen = RwSignal::new(telling.draft().and_then(|draft| draft.centre));
    Effect::new(move |before: Option<Option<String>>| {
        let centre = chosen.get();
        if before.is_some_and(|before| before != centre)
            && let Some(draft) = telling.draft()
        {
            let centre = centre.clone();
            telling.keep(Draft { centre, ..draft });
        }
        centre
    });
    let others = el("details")
        .child(el("summary").class("link").child(t(words::CENTRE_OTHER)))
        .child(move || centre::ask(telling.state, chosen));
    let others = centre::ask(telling.state, chosen).map(|_| others);
    all![
        el("ul")
            .class("facts")
            .child(move || centre::who(telling.state, chosen)),
        others
    ]
}

/// That it belongs to an earlier report, while the person wants it so.
fn follows(telling: Telling) -> Option<View> {
    let apart = move |_| {
        if let Some(draft) = telling.draft() {
            telling.keep(Draft {
                follows: None,
                ..draft
            });
            telling.show(Stage::Check);
        }
    };
    telling.draft()?.follows?;
    let part = el("button")
        .attr("type", "button")
        .class("link")
        .on("click", apart)
        .child(t(words::FOLLOWS_NOT));
    Some(
        el("p")
            .child(t(words::FOLLOWS))
            .child(" ")
            .child(part)
            .show(),
    )
}

/// How the person hears of it: by a number that asks nothing of them, or as they say is safe.
fn hearing(telling: Telling) -> View {
    let said = telling
        .draft()
        .is_some_and(|draft| !draft.answer(&REACH.into()).is_blank());
    let reach = el("button")
        .attr("type", "button")
        .class("link")
        .on("click", move |_| telling.enter(CONTACT))
        .child(t(if said {
            words::HEAR_CHANGE
        } else {
            words::HEAR_SAY
        }));
    let way = |title, note, more: Option<View>| {
        el("li").class("facts__item").child(icon("mail")).child(
            el("p")
                .child(el("strong").child(t(title)))
                .child(" ")
                .child(t(note))
                .child(" ")
                .child(more),
        )
    };
    all![
        el("h2").class("heading").child(t(words::HEAR_TITLE)),
        el("ul")
            .class("facts")
            .child(way(words::HEAR_NUMBER, words::HEAR_NUMBER_NOTE, None))
            .child(way(
                words::HEAR_REACH,
                words::HEAR_REACH_NOTE,
                Some(reach.show())
            ))
    ]
}

/// The questions everybody is asked, and of the others those that have an answer.
fn answers(telling: Telling) -> View {
    let Some(draft) = telling.draft() else {
        return ().show();
    };
    let questions: Vec<Question> = telling.form.with_value(|form| {
        let asked = form.asked(&draft.answers);
        let shown = asked.filter(|question| {
            question.section == form.first_section() || !draft.answer(&question.id).is_blank()
        });
        shown.cloned().collect()
    });
    let items: Vec<_> = questions
        .iter()
        .map(|question| item(telling, &draft, question))
        .collect();
    el("dl").class("answers").child(items).show()
}

fn item(telling: Telling, draft: &Draft, question: &Question) -> View {
    let (label, said) = telling.texts.with_value(|texts| {
        let said = match draft.answer(&question.id) {
            blank if blank.is_blank() && question.kind == Kind::Account && is_spoken(draft) => {
                vec![t(of_files::SPOKEN)]
            }
            answer => texts.answer(question, &answer),
        };
        (texts.label(&question.id), said)
    });
    let said: Vec<_> = said
        .into_iter()
        .map(|part| el("span").class("answers__part").child(part))
        .collect();
    let spoken = t(words::change_what(label.clone()));
    let id = question.id.clone();
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
                    .on("click", move |_| telling.change(id.clone()))
                    .child(t(common::CHANGE)),
            ),
        )
        .show()
}

fn is_spoken(draft: &Draft) -> bool {
    draft.enclosed.as_ref().is_some_and(Enclosed::is_spoken)
}

/// What more can be told; none of it has to be.
fn more(telling: Telling) -> View {
    let Some(draft) = telling.draft() else {
        return ().show();
    };
    let sections: Vec<(String, usize, usize)> = telling.form.with_value(|form| {
        let sections = form.further_sections(&draft.answers).into_iter();
        let counted = sections.map(|section| {
            let asked = form.asked_in(section, &draft.answers);
            let open = asked
                .iter()
                .filter(|question| draft.answer(&question.id).is_blank());
            (section.to_owned(), asked.len() - open.count(), asked.len())
        });
        counted.collect()
    });
    let rows: Vec<_> = sections
        .into_iter()
        .map(|(section, done, count)| further(telling, section, done, count))
        .collect();
    el("section")
        .class("stack")
        .child(el("h2").class("heading").child(t(words::MORE_TITLE)))
        .child(el("p").class("note").child(t(words::MORE)))
        .child(
            el("ul")
                .class("stack rows")
                .child(beside(telling, draft.files().len()))
                .child(rows),
        )
        .show()
}

/// Pictures, recordings and documents.
fn beside(telling: Telling, count: usize) -> View {
    let state = (count > 0).then(|| t(of_files::some(count.to_string())));
    row(t(of_files::TITLE), state, move |_| telling.add_files(None))
}

fn further(telling: Telling, section: String, done: usize, count: usize) -> View {
    let title = telling.texts.with_value(|texts| texts.section(&section));
    let state = (done > 0).then(|| t(words::more_some(count.to_string(), done.to_string())));
    row(title, state, move |_| telling.enter(&section))
}

/// A row that leads on; `state` is what is there already.
fn row(title: String, state: Option<String>, pressed: impl FnMut(Event) + 'static) -> View {
    let state_class = if state.is_some() {
        "row__state"
    } else {
        "row__note"
    };
    let state = state.unwrap_or_else(|| t(words::MORE_NONE));
    let inside = el("span")
        .class("row__text")
        .child(el("span").class("row__title").child(title))
        .child(el("span").class(state_class).child(state));
    let button = el("button")
        .attr("type", "button")
        .class("row")
        .on("click", pressed)
        .child(inside)
        .child(el("span").class("row__end").child(icon_flip("chevron-end")));
    el("li").child(button).show()
}

fn said(sending: &Sending) -> View {
    match sending {
        Sending::Not => ().show(),
        Sending::Locking => el("p").class("note").child(t(words::LOCKING)).show(),
        Sending::Stopped(code) => trouble(t(match code.as_str() {
            "no-scheme" => words::CANNOT_SEAL_FIRST_CONNECTION,
            "full" | "blocked" => words::CANNOT_SEAL_STORAGE,
            "too-large" => words::CANNOT_SEAL_TOO_LONG,
            STILL_SEALING => of_files::STILL_SEALING,
            _ => words::CANNOT_SEAL,
        })),
    }
}

fn send(telling: Telling, sending: RwSignal<Sending>, missing: RwSignal<Vec<(String, String)>>) {
    let Some(draft) = telling.draft() else { return };
    if telling.state.is_enclosing() {
        return sending.set(Sending::Stopped(STILL_SEALING.into()));
    }
    let parsed = telling
        .form
        .with_value(|form| Body::parse(&draft, form, &page::language(), clock::now()));
    let body = match parsed {
        Ok(body) => body,
        Err(problems) => {
            let line = |(id, problem): (domain::form::QuestionId, _)| {
                let label = telling.texts.with_value(|texts| texts.label(&id));
                let text = format!("{label} {}", texts::problem(problem));
                (format!("answer-{}", id.0), text)
            };
            missing.set(problems.into_iter().map(line).collect());
            return page::focus_soon(".error-summary");
        }
    };
    sending.set(Sending::Locking);
    spawn_local(async move {
        match telling.state.seal(&draft, &body).await {
            Ok(digits) => {
                let (id, phone) = (draft.id, draft.phone);
                let _ = sending.try_set(Sending::Not);
                let sealed = Sealed { id, phone, digits };
                let _ = telling.stage.try_set(Stage::Receipt(sealed));
                page::arrive(0.0);
            }
            Err(code) => drop(sending.try_set(Sending::Stopped(code))),
        }
    });
}
