//! Every question and choice of the form has words in every language, and no words are left over.

use std::collections::BTreeSet;

use domain::form::{Form, Kind};
use words::FormWords;

const PHRASES: [&str; 3] = [
    "sign.distress_phrases",
    "sign.home_phrases",
    "sign.child_phrases",
];

/// The names of the texts that the form asks for; hints and notes may be there.
fn wanted(form: &Form) -> BTreeSet<String> {
    let mut names = BTreeSet::from(PHRASES.map(str::to_owned));
    for question in &form.questions {
        let id = &question.id.0;
        names.insert(format!("section.{}", question.section));
        names.insert(format!("{id}.label"));
        names.extend(
            question
                .choices()
                .iter()
                .map(|choice| format!("{id}.{choice}")),
        );
        if let Kind::One(choices) | Kind::Many(choices) = &question.kind
            && choices.words
        {
            names.insert(format!("{id}.words"));
        }
    }
    names
}

#[test]
fn every_text_of_the_form_is_there_in_every_language_and_no_other() {
    let wanted = wanted(&Form::standard());
    for language in words::LANGUAGES {
        let file = words::file_of_form(language.tag).expect("it was built");
        let names: BTreeSet<String> = file
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, _)| name.to_owned())
            .collect();
        let missing: Vec<_> = wanted.difference(&names).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", language.tag);
        let extra = names.difference(&wanted);
        let odd: Vec<_> = extra
            .filter(|name| !name.ends_with(".hint") && !name.ends_with("_note"))
            .collect();
        assert!(odd.is_empty(), "{}: {odd:?}", language.tag);
    }
}

#[test]
fn phrases_are_written_as_they_are_looked_for() {
    let words = FormWords::parse(words::file_of_form("en").expect("it was built"));
    let phrases = PHRASES.map(|name| words.get(name).expect("they are there"));
    for phrase in phrases.into_iter().flat_map(|all| all.split('|')) {
        assert_eq!(phrase, phrase.trim().to_lowercase(), "{phrase}");
        assert!(phrase.len() > 4, "{phrase} would be found in many words");
    }
}
