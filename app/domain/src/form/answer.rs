//! What a person answered to one question.

use serde::{Deserialize, Serialize};

/// What a person answered; every part may be absent, and nothing typed is dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// The chosen choice's id, where one can be chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// The chosen choices' ids, where several can be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Own words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The day as YYYY-MM-DD, as the phone's date field gives it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub day: String,
    /// The time as HH:MM, likewise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time: String,
    /// "I don't know" or "I'd rather not say".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<Without>,
}

/// An answer that is no answer, and is respected as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Without {
    /// "I don't know."
    Unknown,
    /// "I'd rather not say."
    Declined,
}

impl Answer {
    /// Whether nothing was chosen or typed.
    pub fn is_blank(&self) -> bool {
        let texts = [&self.text, &self.day, &self.time];
        self.without.is_none()
            && self.chosen().next().is_none()
            && texts.iter().all(|text| text.trim().is_empty())
    }

    /// Everything chosen.
    pub fn chosen(&self) -> impl Iterator<Item = &String> {
        self.choice.iter().chain(&self.choices)
    }

    /// Whether one of these was chosen.
    pub fn has_any(&self, ids: &[String]) -> bool {
        self.chosen().any(|one| ids.contains(one))
    }

    /// Chooses one of several, or takes it back.
    pub fn choose(&mut self, id: &str, chosen: bool) {
        self.choices.retain(|one| one != id);
        if chosen {
            self.choices.push(id.to_owned());
        }
    }
}
