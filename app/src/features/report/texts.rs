//! The words of the form: by the ids of its questions and choices, fetched with the report.

use ::words::{FormWords, common, report as words};
use domain::form::{Answer, Form, Problem, Question, QuestionId, Sign, Without};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::notice::trouble;
use crate::components::{Bar, Head, frame};
use crate::dom::{Show, View, all, el};
use crate::platform::{page, written};
use crate::speech::t;
use crate::state::{self, State};

/// The form, and what it says in the language in use.
#[derive(Debug, Clone)]
pub struct Texts {
    /// What is asked.
    pub form: Form,
    words: FormWords,
}

/// A page that needs the form's words; until they are here it says so.
pub fn first(
    state: State,
    name: &'static str,
    page: impl Fn(Texts) -> View + Copy + 'static,
) -> View {
    let found = RwSignal::new(None::<Option<Texts>>);
    fetch(state, found);
    let inside = move || match found.get() {
        Some(Some(texts)) => page(texts),
        Some(None) => missing(state, name, found),
        None => {
            let note = el("p").class("note coming").attr("role", "status");
            frame(
                name,
                Head::Home,
                Bar::Exit,
                note.child(t(common::LOADING)).show(),
            )
        }
    };
    inside.show()
}

fn fetch(state: State, found: RwSignal<Option<Option<Texts>>>) {
    spawn_local(async move {
        let tag = page::language();
        let words = state::form_words(&tag).await;
        let scheme = state.kept_scheme().await;
        let own = scheme.and_then(|scheme| scheme.questions);
        let texts = words.map(|words| Texts {
            form: Form::of_scheme(own.as_deref()),
            words: words.with_own(&own.unwrap_or_default(), &tag),
        });
        if found.try_set(Some(texts)).is_none() {
            page::came();
        }
    });
}

fn missing(state: State, name: &'static str, found: RwSignal<Option<Option<Texts>>>) -> View {
    let again = el("button")
        .attr("type", "button")
        .class("button button--main")
        .on("click", move |_| {
            found.set(None);
            fetch(state, found);
        });
    let body = all![
        el("h1")
            .class("title")
            .child(t(::words::later::FAILED_TITLE)),
        trouble(t(::words::later::FAILED)),
        again.child(t(common::TRY_AGAIN))
    ];
    frame(name, Head::Home, Bar::Exit, body)
}

impl Texts {
    /// What the question asks; a text there is none of is named by its id.
    pub fn label(&self, id: &QuestionId) -> String {
        self.words.of(&id.0, "label").unwrap_or(&id.0).to_owned()
    }

    /// A short line below the question; may be empty.
    pub fn hint(&self, id: &QuestionId) -> String {
        self.words.of(&id.0, "hint").unwrap_or_default().to_owned()
    }

    /// What own words beside choices are asked for by.
    pub fn own_words(&self, id: &QuestionId) -> String {
        self.words.of(&id.0, "words").unwrap_or_default().to_owned()
    }

    /// A choice: its words, a short note, its icon.
    pub fn choice(&self, question: &QuestionId, choice: &str) -> (String, String, &'static str) {
        let icon = match (question.0.as_str(), choice) {
            ("where", "home") => "house",
            ("where", "street") => "pin",
            ("where", "transport") => "bus",
            ("where", "shop") => "shop",
            ("where", "public") => "people",
            ("where", "online") => "message",
            ("where", "other") => "signpost",
            _ => "",
        };
        let title = self.words.of(&question.0, choice).unwrap_or(choice);
        let note = self.words.of(&question.0, &format!("{choice}_note"));
        (title.to_owned(), note.unwrap_or_default().to_owned(), icon)
    }

    /// What a section is about.
    pub fn section(&self, section: &str) -> String {
        self.words
            .of("section", section)
            .unwrap_or(section)
            .to_owned()
    }

    /// Phrases that call for a line of help, parted by `|`.
    pub fn phrases(&self) -> [(Sign, &str); 3] {
        [
            (Sign::Distress, "sign.distress_phrases"),
            (Sign::AfraidOfHome, "sign.home_phrases"),
            (Sign::Child, "sign.child_phrases"),
        ]
        .map(|(sign, key)| (sign, self.words.get(key).unwrap_or_default()))
    }

    /// An answer in words, as the check page shows it.
    pub fn answer(&self, question: &Question, answer: &Answer) -> Vec<String> {
        let without = answer.without.map(|without| match without {
            Without::Unknown => t(words::ANSWER_UNKNOWN),
            Without::Declined => t(words::ANSWER_DECLINED),
        });
        let chosen = answer.chosen().map(|id| self.choice(&question.id, id).0);
        let when = [day(&answer.day), answer.time.clone()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        let said: Vec<_> = without
            .into_iter()
            .chain(chosen)
            .chain([when, answer.text.clone()])
            .filter(|part| !part.trim().is_empty())
            .collect();
        if said.is_empty() {
            vec![t(words::ANSWER_NONE)]
        } else {
            said
        }
    }
}

/// What is wrong with an answer.
pub fn problem(problem: Problem) -> String {
    match problem {
        Problem::Missing => t(words::PROBLEM_MISSING),
        Problem::NotAChoice => t(words::PROBLEM_NOT_A_CHOICE),
        Problem::TooLong(most) => t(words::problem_too_long(most.to_string())),
    }
}

fn day(iso: &str) -> String {
    if iso.is_empty() {
        String::new()
    } else {
        written::day(iso)
    }
}
