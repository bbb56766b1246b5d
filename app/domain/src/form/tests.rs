//! The form: how it is written, what it asks of whom, and what can be an answer.

use proptest::prelude::*;

use super::*;
use crate::time::Day;

fn answers(given: &[(&str, &[&str], &str)]) -> Answers {
    let answer = |choices: &[&str], text: &str| Answer {
        choices: choices.iter().map(|&id| id.to_owned()).collect(),
        text: text.to_owned(),
        ..Answer::default()
    };
    given
        .iter()
        .map(|(id, choices, text)| ((*id).into(), answer(choices, text)))
        .collect()
}

fn asked(section: &str, given: &[(&str, &[&str], &str)]) -> String {
    let (form, answers) = (Form::standard(), answers(given));
    let ids = form.asked_in(section, &answers);
    ids.iter()
        .map(|question| &*question.id.0)
        .collect::<Vec<_>>()
        .join(" ")
}

#[track_caller]
fn refused(text: &str, line: usize, fault: Fault) {
    assert_eq!(Form::parse(text), Err(BadForm { line, fault }), "{text}");
}

#[test]
fn the_standard_form_needs_three_answers_and_begins_with_five_questions() {
    let form = Form::standard();
    let needed = form
        .questions
        .iter()
        .filter(|one| one.need == Need::Required);
    let needed: Vec<_> = needed.map(|one| &*one.id.0).collect();
    assert_eq!(needed, ["role", "account", "share"]);
    assert_eq!(
        asked(form.first_section(), &[]),
        "role account when where share"
    );
    assert_eq!(form.version, 3);
}

#[test]
fn a_question_is_asked_of_those_it_concerns() {
    assert_eq!(asked("whole-where", &[]), "");
    assert_eq!(
        asked("whole-where", &[("where", &["transport"], "")]),
        "route stop operator address"
    );
    assert_eq!(
        asked("before", &[("before", &["no"], "")]),
        "before agencies police-know"
    );
}

#[test]
fn a_question_that_hangs_on_one_not_asked_is_not_asked() {
    let form = Form::parse("section a\n? x one y n\n? z one y n if x y\n? deep line if z y")
        .expect("a form");
    let all = |x| answers(&[("x", &[x], ""), ("z", &["y"], "")]);
    assert_eq!(form.asked(&all("y")).count(), 3);
    assert_eq!(form.asked(&all("n")).count(), 1);
}

#[test]
fn sections_without_a_question_for_somebody_are_not_offered() {
    let form = Form::standard();
    assert!(
        !form
            .further_sections(&Answers::new())
            .contains(&"whole-where")
    );
    let online = answers(&[("where", &["online"], "")]);
    assert_eq!(form.further_sections(&online)[3], "whole-where");
}

#[test]
fn a_scheme_hides_and_adds_questions() {
    let changes = "# ours\nhide vehicle\nhide section fairness\nhide weapon\nafter where\n? tram one one two if where transport\nsection ours\n! member one yes no";
    let form = Form::standard().adapted(changes).expect("a form");
    let ids: Vec<_> = form.questions.iter().map(|one| &*one.id.0).collect();
    assert!(!ids.contains(&"vehicle") && !ids.contains(&"fair-sex"));
    assert_eq!(&ids[3..6], ["where", "tram", "share"]);
    assert_eq!(form.questions[4].section, "core");
    assert_eq!(ids.last(), Some(&"member"));
}

#[test]
fn a_phone_that_cannot_read_a_schemes_questions_asks_the_standard_ones() {
    assert_eq!(Form::of_scheme(None), Form::standard());
    assert_eq!(
        Form::of_scheme(Some("? x of-a-later-kind")),
        Form::standard()
    );
    let own = Form::of_scheme(Some("hide vehicle\n= en x.label=Not asked"));
    assert!(own.question(&"vehicle".into()).is_none());
}

#[test]
fn an_added_question_has_an_id_of_its_own_unless_the_other_is_hidden_before() {
    let added = |changes: &str| Form::standard().adapted(changes);
    let twice = added("section who\n? vehicle one car van").map_err(|bad| (bad.line, bad.fault));
    assert_eq!(twice, Err((2, Fault::Twice)));
    let form = added("hide vehicle\nsection who\n? vehicle one car van").expect("a form");
    let vehicle = form.question(&"vehicle".into()).expect("it is asked");
    assert_eq!(vehicle.choices(), ["car", "van"]);
}

#[test]
fn what_hangs_on_a_hidden_question_is_hidden_too() {
    let form = Form::standard().adapted("hide before").expect("a form");
    assert!(form.question(&"told-whom".into()).is_none());
    assert!(form.question(&"agencies".into()).is_some());
}

#[test]
fn each_fault_of_a_form_is_named_with_its_line() {
    refused("section a\n? x", 2, Fault::NotALine);
    refused("? x one y", 1, Fault::NoSection);
    refused("version two", 1, Fault::Version);
    refused("section a\n? x oen y", 2, Fault::NotALine);
    refused("section a\n? x one", 2, Fault::Choices);
    refused("section a\n? x words y", 2, Fault::Choices);
    refused("section a\n? X line", 2, Fault::Id);
    refused("section a\n? x line\n\n? x line", 4, Fault::Twice);
    refused("section a\n? x line if", 2, Fault::OnlyIf);
    refused("section a\n? x line if y z", 2, Fault::OnlyIf);
    refused("section a\n? y one a\n? x line if y z", 3, Fault::OnlyIf);
    refused("hide x", 1, Fault::Unknown);
    refused("after x", 1, Fault::Unknown);
    let needed = Form::standard().adapted("hide role");
    assert_eq!(needed.map_err(|bad| bad.fault), Err(Fault::Needed));
}

#[test]
fn one_of_several_is_chosen_and_taken_back() {
    let mut answer = Answer::default();
    answer.choose("race", true);
    answer.choose("other", true);
    answer.choose("race", true);
    assert_eq!(answer.choices, ["other", "race"]);
    answer.choose("other", false);
    assert_eq!(answer.choices, ["race"]);
}

#[test]
fn own_words_answer_where_they_are_offered() {
    let form = Form::standard();
    let words = Answer {
        text: "my accent".into(),
        ..Answer::default()
    };
    let check = |id: &str, answer: &Answer| form.question(&id.into()).expect("asked").check(answer);
    assert_eq!(check("why", &words), None);
    assert_eq!(check("role", &words), Some(Problem::Missing));
    let long = Answer {
        text: "x".repeat(MAX_LINE + 1),
        ..Answer::default()
    };
    assert_eq!(check("vehicle", &long), Some(Problem::TooLong(MAX_LINE)));
    assert_eq!(check("looks", &long), None);
}

fn found(given: &[(&str, &[&str], &str)], day: &str) -> Vec<Sign> {
    let mut given = answers(given);
    given.entry("when".into()).or_default().day = day.into();
    signs(
        &given,
        &[
            (Sign::Distress, "kill myself|don't want to live"),
            (Sign::AfraidOfHome, "afraid to go home"),
            (Sign::Child, ""),
        ],
        Day::on(2026, 11, 23).expect("a day"),
    )
}

#[test]
fn signs_are_seen_and_nothing_is_seen_in_nothing() {
    assert_eq!(found(&[], ""), []);
    assert_eq!(
        found(
            &[("feelings", &[], "I  don\u{2019}t want\nto LIVE any more")],
            ""
        ),
        [Sign::Distress]
    );
    assert_eq!(
        found(&[("afraid-home", &["yes"], "")], ""),
        [Sign::AfraidOfHome]
    );
    assert_eq!(found(&[("afraid-home", &["no"], "")], ""), []);
    assert_eq!(
        found(&[("account", &[], "I am afraid  to go Home.")], ""),
        [Sign::AfraidOfHome]
    );
    assert_eq!(found(&[("age", &["13-17"], "")], ""), [Sign::Child]);
}

#[test]
fn cameras_are_named_where_there_are_some_and_it_is_not_long_ago() {
    let bus: &[_] = &[("where", &["transport"] as &[_], "")];
    assert_eq!(found(bus, "2026-11-20"), [Sign::Cameras]);
    assert_eq!(found(bus, "2026-11-09"), [Sign::Cameras]);
    assert_eq!(found(bus, "2026-11-08"), []);
    assert_eq!(found(bus, "2026-11-24"), [], "not yet");
    assert_eq!(found(bus, ""), []);
    assert_eq!(found(&[("where", &["online"], "")], "2026-11-20"), []);
}

proptest! {
    #[test]
    fn no_text_makes_reading_a_form_fail_otherwise_than_by_an_error(text in "(([!?]|hide|after|section|version|if|one|many\\+|line|[a-d]|\u{e9}) ?|\n){0,60}") {
        if let Ok(form) = Form::parse(&text) {
            prop_assert!(form.questions.iter().all(|question| !question.section.is_empty()));
            let _ = form.asked(&Answers::new()).count();
        }
    }
}
