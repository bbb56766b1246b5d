//! The questions on paper: for whoever would rather write by hand, or has it filled in with a worker.

use ::words::report as words;
use domain::form::{Form, Kind, Need, Question};
use leptos::prelude::*;

use super::texts::{self, Texts};
use crate::components::{Bar, Head, frame, icon};
use crate::dom::{Show, View, all, el};
use crate::platform::page;
use crate::speech::t;
use crate::state::State;

/// The page, and what the printer makes of it.
pub fn page(state: State) -> View {
    texts::first(state, "paper-form", move |texts| form(state, &texts))
}

fn form(state: State, texts: &Texts) -> View {
    let form = &texts.form;
    let centre = move || {
        let scheme = state.scheme.get();
        scheme.and_then(|scheme| scheme.centres.first().map(|centre| centre.name.clone()))
    };
    let mut sections: Vec<&str> = Vec::new();
    for question in &form.questions {
        if !sections.contains(&&*question.section) {
            sections.push(&question.section);
        }
    }
    let sections: Vec<_> = sections
        .into_iter()
        .map(|name| section(form, texts, name))
        .collect();
    let body = all![
        el("h1").class("title").child(t(words::PAPER_TITLE)),
        el("p").class("lead").child(t(words::PAPER_LEAD)),
        el("p").class("heading").child(centre),
        el("div").class("actions").child(
            el("button")
                .attr("type", "button")
                .class("button button--main")
                .on("click", |_| page::print())
                .child(icon("printer"))
                .child(el("span").child(t(::words::reports::PRINT))),
        ),
        sections
    ];
    frame(
        "paper-form",
        Head::To("/report", t(words::BEFORE_TITLE)),
        Bar::Exit,
        body,
    )
}

fn section(form: &Form, texts: &Texts, name: &str) -> View {
    let of_section = form.questions.iter().filter(|one| one.section == name);
    let questions: Vec<_> = of_section.map(|one| asked(form, texts, one)).collect();
    el("section")
        .class("blank")
        .child(el("h2").class("heading").child(texts.section(name)))
        .child(questions)
        .show()
}

fn asked(form: &Form, texts: &Texts, question: &Question) -> View {
    let (label, hint) = (texts.label(&question.id), texts.hint(&question.id));
    let needed = (question.need == Need::Required).then(|| t(words::PAPER_REQUIRED));
    let notes = [Some(hint), only_if(form, texts, question), needed];
    let notes = notes.into_iter().flatten().filter(|note| !note.is_empty());
    let notes = notes.collect::<Vec<_>>().join(" \u{b7} ");
    let (boxes, lines) = match &question.kind {
        Kind::One(offered) | Kind::Many(offered) => (&*offered.ids, usize::from(offered.words)),
        Kind::Account => (&[][..], 14),
        Kind::Words => (&[][..], 3),
        Kind::Line | Kind::When => (&[][..], 1),
    };
    let boxes: Vec<_> = boxes
        .iter()
        .map(|choice| {
            let words = texts.choice(&question.id, choice).0;
            el("li").class("blank__choice").child(words)
        })
        .collect();
    let lines: Vec<_> = (0..lines).map(|_| el("div").class("blank__line")).collect();
    el("div")
        .class("blank__question")
        .child(el("h3").class("blank__label").child(label))
        .child((!notes.is_empty()).then(|| el("p").class("note").child(notes)))
        .child((!boxes.is_empty()).then(|| el("ul").class("blank__choices").child(boxes)))
        .child(lines)
        .show()
}

/// Of whom it is asked, by the words of the answer it hangs on.
fn only_if(form: &Form, texts: &Texts, question: &Question) -> Option<String> {
    let only_if = question.only_if.as_ref()?;
    let before = form.question(&only_if.question)?;
    let words = |id: &String| texts.choice(&before.id, id).0;
    let chosen: Vec<_> = only_if.chosen.iter().map(words).collect();
    let answers = chosen.join(" / ");
    Some(t(words::paper_only_if(answers, texts.label(&before.id))))
}
