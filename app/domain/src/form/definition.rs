//! Reading a form from its text, and a scheme's changes to it: see `standard.form` for how it is written.

use std::fmt;

use super::{Choices, Form, Kind, Need, OnlyIf, Question, QuestionId, STANDARD};

/// A form's text that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadForm {
    /// The line, counted from one; 0 where the whole is meant.
    pub line: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a line of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not `need id kind choices… if question choices…`, and none of the other words either.
    NotALine,
    /// The version is no whole number.
    Version,
    /// A question stands before the first section.
    NoSection,
    /// An id has other characters than small letters, digits and hyphens.
    Id,
    /// A question of this id stands before.
    Twice,
    /// A kind that offers choices has none, or another kind has some.
    Choices,
    /// What `if` names does not stand before, or has no such choice.
    OnlyIf,
    /// `hide` or `after` names a question or section there is none of.
    Unknown,
    /// A question that every report needs cannot be hidden.
    Needed,
}

impl fmt::Display for BadForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self.fault {
            Fault::NotALine => "a question is written as `? id kind choices…`",
            Fault::Version => "the version is a whole number",
            Fault::NoSection => "a question stands before the first section",
            Fault::Id => "an id has only small letters, digits and hyphens",
            Fault::Twice => "there is a question of this id already",
            Fault::Choices => "choices belong to `one` and `many`, and to no other kind",
            Fault::OnlyIf => "what `if` names does not stand before, or has no such choice",
            Fault::Unknown => "there is no such question or section",
            Fault::Needed => "every report needs this question",
        };
        write!(f, "line {}: {fault}", self.line)
    }
}

impl std::error::Error for BadForm {}

/// Where the next question goes.
struct Writer {
    form: Form,
    section: String,
    at: usize,
}

impl Form {
    /// The questions every scheme starts from.
    pub fn standard() -> Self {
        Self::parse(STANDARD).expect("a test reads it")
    }

    /// The questions of a scheme that changes some. An older phone that does not know how they are
    /// written asks the standard ones.
    pub fn of_scheme(changes: Option<&str>) -> Self {
        let own = changes.and_then(|changes| Self::standard().adapted(changes).ok());
        own.unwrap_or_else(Self::standard)
    }

    /// Reads a form.
    pub fn parse(text: &str) -> Result<Self, BadForm> {
        let empty = Self {
            version: 0,
            questions: Vec::new(),
        };
        empty.adapted(text)
    }

    /// This form with a scheme's changes: `hide` and `after`, further sections and questions. What
    /// hangs on a hidden question is hidden, too.
    pub fn adapted(self, changes: &str) -> Result<Self, BadForm> {
        let mut writer = Writer {
            at: self.questions.len(),
            form: self,
            section: String::new(),
        };
        for (index, line) in changes.lines().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            writer.take(&words).map_err(|fault| BadForm {
                line: index + 1,
                fault,
            })?;
        }
        Ok(writer.form)
    }
}

impl Writer {
    fn take(&mut self, words: &[&str]) -> Result<(), Fault> {
        match *words {
            [] => Ok(()),
            // What questions say is of no concern here: see `words`.
            [first, ..] if first.starts_with(['#', '=']) => Ok(()),
            ["version", number] => {
                self.form.version = number.parse().map_err(|_| Fault::Version)?;
                Ok(())
            }
            ["section", section] => {
                self.section = id(section)?;
                let last = self.in_section(section).last();
                self.at = last.map_or(self.form.questions.len(), |last| last + 1);
                Ok(())
            }
            ["after", question] => {
                let at = self.position(question).ok_or(Fault::Unknown)?;
                self.section = self.form.questions[at].section.clone();
                self.at = at + 1;
                Ok(())
            }
            ["hide", "section", section] => self.hide(|question| question.section == section),
            ["hide", name] => self.hide(|question| question.id.0 == name),
            ["!", name, kind, ref rest @ ..] => self.add(Need::Required, name, kind, rest),
            ["?", name, kind, ref rest @ ..] => self.add(Need::Optional, name, kind, rest),
            _ => Err(Fault::NotALine),
        }
    }

    fn add(&mut self, need: Need, name: &str, kind: &str, rest: &[&str]) -> Result<(), Fault> {
        if self.section.is_empty() {
            return Err(Fault::NoSection);
        }
        if self.position(name).is_some() {
            return Err(Fault::Twice);
        }
        let ends = rest.iter().position(|word| *word == "if");
        let (choices, only_if) = rest.split_at(ends.unwrap_or(rest.len()));
        let question = Question {
            id: QuestionId(id(name)?),
            section: self.section.clone(),
            kind: self::kind(kind, choices)?,
            need,
            only_if: self.only_if(only_if)?,
        };
        self.form.questions.insert(self.at, question);
        self.at += 1;
        Ok(())
    }

    fn only_if(&self, words: &[&str]) -> Result<Option<OnlyIf>, Fault> {
        let [_, question, chosen @ ..] = words else {
            return words.is_empty().then_some(None).ok_or(Fault::OnlyIf);
        };
        let at = self.position(question).filter(|at| *at < self.at);
        let offered = self.form.questions[at.ok_or(Fault::OnlyIf)?].choices();
        let chosen = owned(chosen);
        if chosen.is_empty() || !chosen.iter().all(|one| offered.contains(one)) {
            return Err(Fault::OnlyIf);
        }
        Ok(Some(OnlyIf {
            question: (*question).into(),
            chosen,
        }))
    }

    fn hide(&mut self, hidden: impl Fn(&Question) -> bool) -> Result<(), Fault> {
        let mut gone: Vec<QuestionId> = Vec::new();
        for question in &self.form.questions {
            let hangs = question.only_if.as_ref();
            if !hidden(question) && !hangs.is_some_and(|hangs| gone.contains(&hangs.question)) {
                continue;
            }
            if question.need == Need::Required {
                return Err(Fault::Needed);
            }
            gone.push(question.id.clone());
        }
        if gone.is_empty() {
            return Err(Fault::Unknown);
        }
        self.form.questions.retain(|one| !gone.contains(&one.id));
        self.at = self.at.min(self.form.questions.len());
        Ok(())
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.form
            .questions
            .iter()
            .position(|question| question.id.0 == id)
    }

    fn in_section(&self, section: &str) -> impl Iterator<Item = usize> {
        let all = self.form.questions.iter().enumerate();
        all.filter(move |(_, question)| question.section == section)
            .map(|(at, _)| at)
    }
}

fn kind(name: &str, choices: &[&str]) -> Result<Kind, Fault> {
    let several = || {
        let ids = choices
            .iter()
            .map(|one| id(one))
            .collect::<Result<_, _>>()?;
        let words = name.ends_with('+');
        Ok(Choices { ids, words })
    };
    let kind = match name {
        "one" | "one+" => Kind::One(several()?),
        "many" | "many+" => Kind::Many(several()?),
        "words" => Kind::Words,
        "line" => Kind::Line,
        "account" => Kind::Account,
        "when" => Kind::When,
        _ => return Err(Fault::NotALine),
    };
    let offers = matches!(kind, Kind::One(_) | Kind::Many(_));
    (offers != choices.is_empty())
        .then_some(kind)
        .ok_or(Fault::Choices)
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn id(text: &str) -> Result<String, Fault> {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    let all = !text.is_empty() && text.bytes().all(fits);
    all.then(|| text.to_owned()).ok_or(Fault::Id)
}
