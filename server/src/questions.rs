//! What a scheme changes in the questions of a report: a file of changes and of what they say, checked
//! line by line before a phone gets it.

use std::collections::BTreeSet;

use domain::form::{Form, Kind, Question};
use words::FormWords;

/// Its name in a scheme's folder.
pub const FILE: &str = "questions.txt";

/// A report must fit into its envelope, and nobody answers more.
const MOST: usize = 30;
/// Longest text, in characters.
const LONGEST: usize = 300;

/// What is said by a line `= en tram.label = Which tram was it?`.
struct Text<'a> {
    /// Counted from one.
    line: usize,
    tag: &'a str,
    /// "tram.label"
    name: &'a str,
    text: &'a str,
}

/// The changes as phones get them, or everything that is wrong.
pub fn read(file: &str, languages: &[String]) -> Result<String, Vec<String>> {
    let standard = Form::standard();
    let form = match standard.clone().adapted(file) {
        Ok(form) => form,
        Err(bad) => return Err(vec![bad.to_string()]),
    };
    let (texts, mut problems) = texts(file);
    let sent = sent(file, &texts);
    let words = FormWords::parse(words::file_of_form("en").unwrap_or_default());
    let words = words.with_own(&sent, "en");
    for text in &texts {
        if let Some(problem) = text.problem(&form, languages) {
            problems.push(format!("line {}: {problem}", text.line));
        }
    }
    problems.extend(unsaid(file, &form, &words));
    problems.extend(too_much(file, &form, &standard));
    if problems.is_empty() {
        Ok(sent)
    } else {
        Err(problems)
    }
}

/// Every line that says something, and those that say it wrongly.
fn texts(file: &str) -> (Vec<Text<'_>>, Vec<String>) {
    let (mut texts, mut problems) = (Vec::new(), Vec::new());
    for (at, line) in file.lines().enumerate() {
        let Some(said) = line.trim().strip_prefix('=') else {
            continue;
        };
        let said = said.trim().split_once(char::is_whitespace);
        let parts = said.and_then(|(tag, said)| Some((tag, said.split_once('=')?)));
        match parts {
            Some((tag, (name, text))) => texts.push(Text {
                line: at + 1,
                tag,
                name: name.trim(),
                text: text.trim(),
            }),
            None => problems.push(format!(
                "line {}: a text is written as `= en question.label = Which tram was it?`",
                at + 1
            )),
        }
    }
    (texts, problems)
}

impl Text<'_> {
    fn problem(&self, form: &Form, languages: &[String]) -> Option<String> {
        let (tag, name) = (self.tag, self.name);
        if tag != "en" && !languages.iter().any(|known| known == tag) {
            Some(format!("the scheme has no language \"{tag}\""))
        } else if !is_asked(form, name) {
            Some(format!(
                "nothing that is asked has the name \"{name}\": write question.label, question.hint, question.choice or section.name"
            ))
        } else if self.text.is_empty() || self.text.chars().count() > LONGEST {
            Some(format!(
                "a text has 1 to {LONGEST} characters, \"{name}\" has others"
            ))
        } else {
            None
        }
    }
}

/// Whether a form has what is named so: "tram.label", "tram.red", "tram.red_note", "section.ours".
fn is_asked(form: &Form, name: &str) -> bool {
    let Some((id, part)) = name.split_once('.') else {
        return false;
    };
    if id == "section" {
        return form.questions.iter().any(|one| one.section == part);
    }
    let choice = part.strip_suffix("_note").unwrap_or(part);
    form.question(&id.into()).is_some_and(|question| {
        matches!(part, "label" | "hint" | "words")
            || question.choices().iter().any(|known| known == choice)
    })
}

/// What has no words in English: a phone would show its id.
fn unsaid(file: &str, form: &Form, words: &FormWords) -> Vec<String> {
    let mut missing = BTreeSet::new();
    for question in &form.questions {
        let id = &question.id.0;
        let mut parts = vec!["label"];
        parts.extend(question.choices().iter().map(String::as_str));
        parts.extend(own_words(question).then_some("words"));
        let names = parts.into_iter().map(|part| format!("{id}.{part}"));
        let section = format!("section.{}", question.section);
        let all = names
            .chain([section])
            .filter(|name| words.get(name).is_none());
        missing.extend(all.map(|name| (line_of(file, id), name)));
    }
    let missing = missing.into_iter();
    missing
        .map(|(line, name)| {
            format!("line {line}: \"{name}\" is not said in English: add `= en {name} = …`")
        })
        .collect()
}

fn own_words(question: &Question) -> bool {
    matches!(&question.kind, Kind::One(offered) | Kind::Many(offered) if offered.words)
}

/// More than a report can hold.
fn too_much(file: &str, form: &Form, standard: &Form) -> Vec<String> {
    let added = |one: &&Question| standard.question(&one.id) != Some(one);
    let own: Vec<_> = form.questions.iter().filter(added).collect();
    let mut problems = Vec::new();
    for question in own.iter().filter(|one| one.kind == Kind::Account) {
        let line = line_of(file, &question.id.0);
        problems.push(format!(
            "line {line}: a report has one account; ask for `words` instead"
        ));
    }
    if let Some(question) = own.get(MOST) {
        let line = line_of(file, &question.id.0);
        problems.push(format!("line {line}: more than {MOST} own questions"));
    }
    problems
}

/// Where a question is added, counted from one; 0 where it is not.
fn line_of(file: &str, question: &str) -> usize {
    let adds = |line: &str| {
        let mut words = line.split_whitespace();
        matches!(words.next(), Some("?" | "!")) && words.next() == Some(question)
    };
    file.lines().position(adds).map_or(0, |at| at + 1)
}

/// The changes without remarks, then the texts, each line as short as it can be.
fn sent(file: &str, texts: &[Text<'_>]) -> String {
    let changes = file.lines().map(str::trim);
    let mut lines: Vec<_> = changes
        .filter(|line| !line.is_empty() && !line.starts_with(['#', '=']))
        .map(str::to_owned)
        .collect();
    lines.extend(
        texts
            .iter()
            .map(|said| format!("= {} {}={}", said.tag, said.name, said.text)),
    );
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# ours\nhide vehicle\nafter where\n? tram one red blue\n= en tram.label = Which tram line was it?\n=  en  tram.red=The red one\n= en tram.blue = The blue one\n= pl tram.label = Kt\u{f3}ry tramwaj?\nsection ours\n? member line\n= en section.ours = About us\n= en member.label = Your member's number\n= en role.label = Who was hurt?\n";

    fn languages() -> Vec<String> {
        vec!["en".to_owned(), "pl".to_owned()]
    }

    #[track_caller]
    fn refused(added: &str, expected: &str) {
        let file = format!("{GOOD}{added}");
        let problems = read(&file, &languages()).expect_err(added);
        assert_eq!(problems, [expected], "{added}");
    }

    #[test]
    fn phones_get_the_changes_and_what_they_say() {
        let sent = read(GOOD, &languages()).expect("it is good");
        let form = Form::standard().adapted(&sent).expect("phones read it");
        assert_eq!(Ok(&form), Form::standard().adapted(GOOD).as_ref());
        let words = FormWords::parse("role.label=Who?").with_own(&sent, "pl");
        assert_eq!(words.of("tram", "label"), Some("Kt\u{f3}ry tramwaj?"));
        assert_eq!(words.of("tram", "red"), Some("The red one"));
        assert_eq!(words.of("role", "label"), Some("Who was hurt?"));
        assert!(!sent.contains("# ours"));
    }

    #[test]
    fn what_cannot_be_asked_is_named_by_its_line() {
        let line = GOOD.lines().count() + 1;
        let said = |what: &str| format!("line {line}: {what}");
        refused("hide account", &said("every report needs this question"));
        refused(
            "hide nothing",
            &said("there is no such question or section"),
        );
        refused(
            "? looks line",
            &said("there is a question of this id already"),
        );
        refused(
            "? new lin",
            &said("a question is written as `? id kind choices\u{2026}`"),
        );
        refused(
            "= de tram.label = Welche?",
            &said("the scheme has no language \"de\""),
        );
        refused(
            "= en tram.label",
            &said("a text is written as `= en question.label = Which tram was it?`"),
        );
        refused(
            "= en vehicle.label = Hidden",
            &said(
                "nothing that is asked has the name \"vehicle.label\": write question.label, question.hint, question.choice or section.name",
            ),
        );
        refused(
            "= en tram.red =",
            &said("a text has 1 to 300 characters, \"tram.red\" has others"),
        );
        refused(
            "? new line",
            &said("\"new.label\" is not said in English: add `= en new.label = \u{2026}`"),
        );
        refused(
            "? new account\n= en new.label = New",
            &said("a report has one account; ask for `words` instead"),
        );
        let many: String = (0..29)
            .map(|n| format!("? n{n} line\n= en n{n}.label = New\n"))
            .collect();
        let problems = read(&format!("{GOOD}{many}"), &languages()).expect_err("too many");
        assert!(
            problems[0].ends_with("more than 30 own questions"),
            "{problems:?}"
        );
    }
}
