//! Whom to ring, and what to dial for a number as people write it.

use serde::{Deserialize, Serialize};

/// Someone who may be rung.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// What the holder calls them.
    pub name: String,
    /// What they are to the holder: "my sister".
    pub relationship: String,
    /// A telephone number as typed.
    pub telephone: String,
    /// When they are best rung, in own words.
    pub hours: String,
    /// They know that they are on the card, and said yes.
    pub agreed: bool,
    /// Not to be rung for now: on holiday, ill. They stay on the card.
    pub not_now: bool,
}

/// A contact that can be rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// What the holder calls them; the number where no name was given.
    pub name: String,
    /// May be empty.
    pub relationship: String,
    /// As typed, for people to read.
    pub telephone: String,
    /// Digits with at most a leading plus, for a `tel:` link.
    pub dial: String,
    /// When they are best rung; may be empty.
    pub hours: String,
}

impl Contact {
    /// Whether nothing has been typed for this contact.
    pub fn is_blank(&self) -> bool {
        [&self.name, &self.relationship, &self.telephone, &self.hours]
            .iter()
            .all(|text| text.trim().is_empty())
    }

    /// The contact as someone to ring; `None` without a number, and for now where it says "not now".
    pub fn ring(&self) -> Option<Ring> {
        if self.not_now {
            return None;
        }
        let dial = dial(&self.telephone)?;
        let telephone = self.telephone.trim().to_owned();
        let name = if self.name.trim().is_empty() {
            telephone.clone()
        } else {
            self.name.trim().to_owned()
        };
        Some(Ring {
            name,
            relationship: self.relationship.trim().to_owned(),
            telephone,
            dial,
            hours: self.hours.trim().to_owned(),
        })
    }
}

/// What to dial for a telephone number as people write it: digits, spaces, dots, hyphens, brackets
/// and a leading plus. `None` where letters stand in it or the digits are fewer than 3 or more than 15 (E.164).
pub fn dial(typed: &str) -> Option<String> {
    let typed = typed.trim().replace("(0)", "");
    let mut out = String::new();
    for (at, c) in typed.chars().enumerate() {
        match c {
            '0'..='9' => out.push(c),
            '+' if at == 0 => out.push(c),
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' => {}
            _ => return None,
        }
    }
    let digits = out.trim_start_matches('+').len();
    (3..=15).contains(&digits).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn dials(typed: &str, expected: Option<&str>) {
        assert_eq!(dial(typed).as_deref(), expected, "{typed:?}");
    }

    #[test]
    fn a_number_is_dialled_as_people_write_it() {
        dials("07700 900 123", Some("07700900123"));
        dials(" +44 (0)7700-900.123", Some("+447700900123"));
        dials("(0121) 496 0456", Some("01214960456"));
        dials("999", Some("999"));
        dials("12", None);
        dials("ask mum", None);
        dials("07700 900 123 ext 4", None);
        dials("1234567890123456", None);
    }

    #[test]
    fn someone_away_is_not_rung_and_stays_on_the_card() {
        let sam = Contact {
            name: "Sam".into(),
            telephone: "07700 900 123".into(),
            ..Contact::default()
        };
        assert!(sam.ring().is_some());
        let away = Contact {
            not_now: true,
            ..sam
        };
        assert_eq!(away.ring(), None);
        assert!(!away.is_blank());
    }
}
