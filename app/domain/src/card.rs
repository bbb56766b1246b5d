//! The card a person carries: what is kept as typed, and what a stranger is shown of it.

use serde::{Deserialize, Serialize};

/// Contacts a card may hold.
pub const MAX_CONTACTS: usize = 3;
/// Lines under "I may" and under "Please"; more would not fit on one screen.
pub const MAX_LINES: usize = 4;
/// Characters of one line or name; more would not be readable at arm's length.
pub const MAX_LINE: usize = 60;
/// Characters of the needs in own words.
pub const MAX_NEEDS: usize = 200;

/// A card exactly as its holder typed it: half a word is kept as half a word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// The name its holder likes to be called by.
    pub name: String,
    /// "I may …", one line each.
    pub may: Vec<String>,
    /// "Please …", one line each.
    pub please: Vec<String>,
    /// Whom to ring, in this order.
    pub contacts: Vec<Contact>,
    /// Needs, in own words.
    pub needs: String,
}

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
}

/// What a stranger sees: trimmed, without gaps, at most as much as fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Front {
    /// Never empty.
    pub name: String,
    /// At most [`MAX_LINES`].
    pub may: Vec<String>,
    /// At most [`MAX_LINES`].
    pub please: Vec<String>,
    /// At most [`MAX_CONTACTS`], each with a number that can be rung.
    pub ring: Vec<Ring>,
    /// May be empty.
    pub needs: String,
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
}

/// What keeps a card from being as useful as it could be. Nothing typed is lost by any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// There is no name.
    NameMissing,
    /// Nobody can be rung.
    ContactMissing,
    /// The contact at this place has words, but no number that can be rung.
    TelephoneUnusable(usize),
    /// A text is too long to be read on one screen.
    TooLong(Part),
}

/// A part of the card that holds text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the parts are those of `Card`")]
pub enum Part {
    Name,
    May(usize),
    Please(usize),
    Contact(usize),
    Needs,
}

impl Card {
    /// Whether nothing has been typed at all.
    pub fn is_blank(&self) -> bool {
        let lines = self.may.iter().chain(&self.please);
        let blank = |text: &String| text.trim().is_empty();
        blank(&self.name)
            && blank(&self.needs)
            && lines.into_iter().all(blank)
            && self.contacts.iter().all(Contact::is_blank)
    }

    /// The front, as soon as there is a name or someone to ring.
    pub fn front(&self) -> Option<Front> {
        let ring: Vec<Ring> = self
            .contacts
            .iter()
            .filter_map(Contact::ring)
            .take(MAX_CONTACTS)
            .collect();
        let name = self.name.trim().to_owned();
        let useful = !(name.is_empty() && ring.is_empty());
        useful.then(|| Front {
            name,
            may: lines(&self.may),
            please: lines(&self.please),
            ring,
            needs: self.needs.trim().to_owned(),
        })
    }

    /// Everything worth telling the holder, in the order of the page.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.name.trim().is_empty() {
            found.push(Problem::NameMissing);
        }
        found.extend(self.too_long().into_iter().map(Problem::TooLong));
        for (at, contact) in self.contacts.iter().enumerate() {
            if !contact.is_blank() && contact.ring().is_none() {
                found.push(Problem::TelephoneUnusable(at));
            }
        }
        if self.contacts.iter().all(Contact::is_blank) {
            found.push(Problem::ContactMissing);
        }
        found
    }

    fn too_long(&self) -> Vec<Part> {
        let long = |text: &str, most: usize| text.trim().chars().count() > most;
        let mut parts = Vec::new();
        if long(&self.name, MAX_LINE) {
            parts.push(Part::Name);
        }
        parts.extend(
            (0..self.may.len())
                .filter(|&i| long(&self.may[i], MAX_LINE))
                .map(Part::May),
        );
        parts.extend(
            (0..self.please.len())
                .filter(|&i| long(&self.please[i], MAX_LINE))
                .map(Part::Please),
        );
        let contact = |i: &usize| {
            long(&self.contacts[*i].name, MAX_LINE)
                || long(&self.contacts[*i].relationship, MAX_LINE)
        };
        parts.extend((0..self.contacts.len()).filter(contact).map(Part::Contact));
        if long(&self.needs, MAX_NEEDS) {
            parts.push(Part::Needs);
        }
        parts
    }
}

impl Contact {
    /// Whether nothing has been typed for this contact.
    pub fn is_blank(&self) -> bool {
        [&self.name, &self.relationship, &self.telephone]
            .iter()
            .all(|text| text.trim().is_empty())
    }

    fn ring(&self) -> Option<Ring> {
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
        })
    }
}

fn lines(typed: &[String]) -> Vec<String> {
    typed
        .iter()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .take(MAX_LINES)
        .collect()
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

    fn contact(name: &str, telephone: &str) -> Contact {
        Contact {
            name: name.into(),
            relationship: String::new(),
            telephone: telephone.into(),
        }
    }

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
    fn a_name_or_a_contact_makes_a_front() {
        assert_eq!(Card::default().front(), None);
        let named = Card {
            name: " Ali ".into(),
            ..Card::default()
        };
        assert_eq!(named.front().map(|f| f.name), Some("Ali".into()));
        let reachable = Card {
            contacts: vec![contact("", "101 101")],
            ..Card::default()
        };
        assert_eq!(
            reachable.front().map(|f| f.ring[0].name.clone()),
            Some("101 101".into())
        );
    }

    #[test]
    fn a_front_leaves_gaps_and_unusable_numbers_out() {
        let card = Card {
            name: "Ali".into(),
            may: vec![String::new(), " be scared by noise ".into()],
            contacts: vec![contact("Sam", "later"), contact("Jo", "07700 900 456")],
            ..Card::default()
        };
        let front = card.front().expect("it has a name");
        assert_eq!(front.may, ["be scared by noise"]);
        assert_eq!(front.ring.len(), 1);
        assert_eq!(front.ring[0].name, "Jo");
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let card = Card {
            may: vec!["x".repeat(61)],
            contacts: vec![contact("Sam", "")],
            ..Card::default()
        };
        assert_eq!(
            card.problems(),
            [
                Problem::NameMissing,
                Problem::TooLong(Part::May(0)),
                Problem::TelephoneUnusable(0)
            ]
        );
        assert_eq!(
            Card::default().problems(),
            [Problem::NameMissing, Problem::ContactMissing]
        );
    }

    #[test]
    fn a_card_of_an_older_shape_still_opens() {
        let card: Card = serde_json::from_str(r#"{"name":"Ali"}"#).expect("absent parts are empty");
        assert_eq!(
            card,
            Card {
                name: "Ali".into(),
                ..Card::default()
            }
        );
    }
}
