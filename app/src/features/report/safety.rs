//! Before the first question: danger, who looks at the phone, who will read it.

use domain::id::ReportId;
use domain::report::{Draft, Phone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use words::{common, report as texts};

use super::Telling;
use super::centre::{self, Chosen};
use super::reports;
use crate::components::field::{error_summary, wrong};
use crate::components::notice::{notice, trouble};
use crate::components::{Bar, Confirm, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::features::home;
use crate::platform::settings::{Setting, chosen as chosen_setting};
use crate::platform::{clock, page, written};
use crate::shell;
use crate::speech::t;
use crate::state::{Shown, State};

/// The page; the language picker in its place when asked for.
pub fn page(telling: Telling) -> View {
    let choosing = RwSignal::new(false);
    let adding = telling.state.follows.get_untracked();
    let anew = RwSignal::new(adding.is_some());
    let fresh = Memo::new(move |_| anew.get() || drafts(telling).is_empty());
    let inside = move || match (choosing.get(), fresh.get()) {
        (true, _) => home::languages(telling.state, choosing),
        (false, true) => safety(telling, choosing),
        (false, false) => resume(telling, anew),
    };
    (inside).show()
}

/// What was begun on this phone, and what lives only in this tab; the newest first.
fn drafts(telling: Telling) -> Vec<Draft> {
    let mut drafts = telling.state.folder.with(|folder| match folder {
        Shown::Ready(folder) => folder.drafts.clone(),
        _ => Vec::new(),
    });
    let only_here = |draft: &Draft| draft.phone == Phone::Watched;
    drafts.extend(telling.state.draft.get().filter(only_here));
    drafts.reverse();
    drafts
}

fn safety(telling: Telling, choosing: RwSignal<bool>) -> View {
    let shared = !chosen_setting(Setting::Shared).is_empty();
    let phone = RwSignal::new(shared.then_some(Phone::Watched));
    let adding = telling.state.follows.get_untracked();
    let chosen = Chosen::new(adding.and_then(|adding| adding.centre));
    let missing = RwSignal::new(false);
    let start = move |_| match phone.get_untracked() {
        Some(phone) => telling.begin(phone, chosen.get_untracked()),
        None => {
            missing.set(true);
            page::focus_soon(".error-summary");
        }
    };
    let body = all![
        move || {
            missing.get().then(|| {
                error_summary(
                    t(common::PROBLEM_TITLE),
                    vec![("others-yes".into(), t(texts::OTHERS_MISSING))],
                )
            })
        },
        shell::notices(telling.state),
        shell::sample_notice(telling.state),
        reports::lost(telling.state),
        el("h1").class("title").child(t(texts::BEFORE_TITLE)),
        danger(),
        move || centre::elsewhere(telling.state, chosen),
        shared.then(|| notice(
            "note",
            "people",
            t(texts::SHARED_TITLE),
            t(texts::SHARED),
            None
        )),
        (!shared).then(|| el("fieldset")
            .class("choices")
            .child(
                el("legend")
                    .class("choices__title heading")
                    .child(t(texts::OTHERS_TITLE)),
            )
            .child(
                el("p")
                    .class("choices__hint note")
                    .child(t(texts::OTHERS_HINT)),
            )
            .child(move || {
                missing
                    .get()
                    .then(|| wrong("others-error".into(), t(texts::OTHERS_MISSING)))
            })
            .child(choice(
                "others",
                "others-yes",
                t(texts::OTHERS_YES),
                t(texts::OTHERS_YES_NOTE),
                false,
                move || phone.set(Some(Phone::Watched)),
            ))
            .child(choice(
                "others",
                "others-no",
                t(texts::OTHERS_NO),
                t(texts::OTHERS_NO_NOTE),
                false,
                move || phone.set(Some(Phone::Mine)),
            ))),
        move || centre::ask(telling.state, chosen),
        move || facts(telling.state, chosen),
        el("a")
            .class("link link--alone")
            .attr("href", "/report/paper")
            .child(t(texts::PAPER)),
        el("div").class("actions").child(
            el("button")
                .attr("type", "button")
                .class("button button--main")
                .on("click", start)
                .child(t(common::CONTINUE)),
        )
    ];
    frame("report", Head::Own(head(choosing)), Bar::Exit, body.show())
}

fn head(choosing: RwSignal<bool>) -> View {
    all![
        el("a")
            .class("head__link")
            .attr("href", "/")
            .child(crate::components::icon::icon_flip("chevron-start"))
            .child(el("span").child(t(common::HOME))),
        home::language_pill(choosing)
    ]
}

fn danger() -> View {
    el("div")
        .class("notice notice--danger")
        .child(
            el("div")
                .class("notice__text")
                .child(
                    el("strong")
                        .class("notice__title")
                        .child(t(texts::DANGER_TITLE)),
                )
                .child(el("p").child(t(texts::DANGER_NOTE))),
        )
        .child(
            el("a")
                .class("button button--danger button--small")
                .attr("href", "tel:999")
                .child("999"),
        )
        .show()
}

/// One of several, under a name.
pub fn choice(
    name: &'static str,
    id: &str,
    title: String,
    note: String,
    checked: bool,
    chosen: impl Fn() + 'static,
) -> View {
    let note = (!note.is_empty()).then(|| el("span").class("choice__note").child(note));
    el("label")
        .class("choice")
        .child(
            el("input")
                .class("choice__input")
                .attr("type", "radio")
                .attr("name", name)
                .attr("id", id)
                .attr("checked", checked)
                .on("change", move |_| chosen()),
        )
        .child(
            el("span")
                .class("choice__text")
                .child(el("span").class("choice__title").child(title))
                .child(note),
        )
        .show()
}

fn facts(state: State, chosen: Chosen) -> View {
    el("ul")
        .class("facts")
        .child(centre::facts(state, chosen))
        .child(fact(
            "shield",
            t(texts::FACT_RISK_STRONG),
            t(texts::FACT_RISK),
        ))
        .child(fact("x", t(texts::FACT_EXIT_STRONG), t(texts::FACT_EXIT)))
        .show()
}

/// A line of what one should know before.
pub fn fact(picture: &'static str, strong: String, text: String) -> View {
    el("li")
        .class("facts__item")
        .child(icon(picture))
        .child(
            el("p")
                .child(el("strong").child(strong))
                .child(" ")
                .child(text),
        )
        .show()
}

fn resume(telling: Telling, anew: RwSignal<bool>) -> View {
    let chosen = RwSignal::new(None::<ReportId>);
    let stopped = RwSignal::new(false);
    let confirm = Confirm::new();
    let delete = move || {
        spawn_local(async move {
            if let Some(id) = chosen.get_untracked() {
                // What can't be deleted now is still there, and can be deleted again.
                stopped.set(telling.state.delete_draft(&id).await.is_err());
            }
        });
    };
    let begun = move || {
        let one = |draft| begun(telling, draft, chosen, confirm);
        drafts(telling).into_iter().map(one).collect::<Vec<_>>()
    };
    let body = all![
        el("h1").class("title").child(t(texts::RESUME_TITLE)),
        danger(),
        el("p").class("lead").child(t(texts::RESUME_LEAD)),
        move || stopped.get().then(|| trouble(t(common::NOT_KEPT))),
        el("ul").class("stack").child(begun),
        el("div").class("actions").child(
            el("button")
                .attr("type", "button")
                .class("button")
                .on("click", move |_| {
                    anew.set(true);
                    page::arrive(0.0);
                })
                .child(icon("plus"))
                .child(el("span").child(t(texts::BEGIN_ANOTHER))),
        ),
        confirm.view(super::ask_to_delete(), delete)
    ];
    frame("report", Head::Home, Bar::Exit, body.show())
}

fn begun(
    telling: Telling,
    draft: Draft,
    chosen: RwSignal<Option<ReportId>>,
    confirm: Confirm,
) -> View {
    let given = draft.answers.values().filter(|answer| !answer.is_blank());
    let count = t(texts::draft_answers(given.count().to_string()));
    let when = t(texts::draft_begun(written::moment(draft.begun)));
    let old = draft
        .is_old(clock::now())
        .then(|| el("p").class("report__note").child(t(texts::DRAFT_OLD)));
    let id = draft.id.clone();
    let go_on = el("button")
        .attr("type", "button")
        .class("button button--main")
        .attr("aria-label", format!("{} {when}", t(texts::RESUME)))
        .on("click", move |_| telling.resume(draft.clone()))
        .child(t(texts::RESUME));
    let delete = el("button")
        .attr("type", "button")
        .class("button button--delete")
        .attr("aria-label", format!("{} {when}", t(texts::DELETE_DRAFT)))
        .on("click", move |_| {
            chosen.set(Some(id.clone()));
            confirm.open();
        })
        .child(icon("trash"))
        .child(el("span").child(t(texts::DELETE_DRAFT)));
    el("li")
        .class("report")
        .child(el("span").class("report__dot"))
        .child(
            el("div")
                .class("report__text")
                .child(el("h2").class("report__title").child(when.clone()))
                .child(el("p").class("report__state").child(count))
                .child(old),
        )
        .child(
            el("div")
                .class("report__actions")
                .child(go_on)
                .child(delete),
        )
        .show()
}
