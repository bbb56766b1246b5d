//! The card a person carries: what is kept as typed, and what a stranger, a helper and the holder
//! are shown of it.

mod contact;
mod line;
mod vcard;

use serde::{Deserialize, Serialize};

pub use contact::{Contact, Ring, dial};
pub use line::{Kind, Line, PHRASES, Phrase};
pub use vcard::vcard;

use crate::id::PhotoId;
use crate::time::Timestamp;

/// Contacts a card may hold.
pub const MAX_CONTACTS: usize = 3;
/// Lines under each of "I may", "Please" and "Please don't"; more would not fit on one screen.
pub const MAX_LINES: usize = 4;
/// Characters of one line or name; more would not be readable at arm's length.
pub const MAX_LINE: usize = 60;
/// Characters of a text in own words.
pub const MAX_TEXT: usize = 200;
/// Pictograms of needs; one existing card has room for nine.
pub const MAX_SYMBOLS: usize = 9;
/// How long a card stays checked: a year, in milliseconds.
pub const CHECKED_FOR: i64 = 365 * 24 * 60 * 60 * 1000;

/// A card exactly as its holder typed it: half a word is kept as half a word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// The name its holder likes to be called by.
    pub name: String,
    /// "she, her".
    pub pronouns: String,
    /// The photo's id; its bytes are kept apart.
    pub photo: Option<PhotoId>,
    /// "I may …", one line each.
    pub may: Vec<Line>,
    /// "Please …", one line each.
    pub please: Vec<Line>,
    /// "Please don't …", one line each.
    pub dont: Vec<Line>,
    /// Pictograms of needs, by their ids in the pack, in the holder's order.
    pub symbols: Vec<String>,
    /// Whom to ring, in this order.
    pub contacts: Vec<Contact>,
    /// Needs, in own words.
    pub needs: String,
    /// What calms the holder.
    pub calms: String,
    /// What upsets the holder.
    pub upsets: String,
    /// How the holder communicates.
    pub communicates: String,
    /// Languages the holder speaks or signs.
    pub languages: String,
    /// What to do when nobody answers.
    pub nobody_answers: String,
    /// Only where the holder chose to give them.
    pub allergies: String,
    /// Only where the holder chose to give it.
    pub medication: String,
    /// The number the scheme gave this card.
    pub number: String,
    /// Who gave it out.
    pub issuer: String,
    /// The issuer's telephone.
    pub issuer_telephone: String,
    /// Where the holder wants a part shown, for those that differ from [`Part::usual_layer`].
    pub moved: Vec<(Part, Layer)>,
    /// The holder switched the QR code on.
    pub scan: bool,
    /// When the holder last said that all of it is right.
    pub checked: Option<Timestamp>,
}

/// Who may see a part of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// Anyone the phone is shown to.
    Front,
    /// A helper, after the holder handed over.
    Help,
    /// The holder and whoever has the PIN. The text then lies in the locked part, not in [`Card`].
    Private,
}

/// A part whose layer the holder chooses. The name and whom to ring are always on the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the parts are those of `Card`")]
pub enum Part {
    Photo,
    Pronouns,
    May,
    Please,
    Dont,
    Symbols,
    Needs,
    Calms,
    Upsets,
    Communicates,
    Languages,
    NobodyAnswers,
    Allergies,
    Medication,
    Issuer,
}

impl Part {
    /// The parts that are one text, in the order in which they are shown.
    pub const TEXTS: [Self; 8] = [
        Self::Communicates,
        Self::Languages,
        Self::Needs,
        Self::Calms,
        Self::Upsets,
        Self::Allergies,
        Self::Medication,
        Self::NobodyAnswers,
    ];

    /// Where a part is shown unless the holder moves it: little on the front.
    pub fn usual_layer(self) -> Layer {
        match self {
            Self::Pronouns | Self::May | Self::Please => Layer::Front,
            _ => Layer::Help,
        }
    }
}

/// What a stranger sees: trimmed, without gaps, at most as much as fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Front {
    /// May be empty where someone can be rung.
    pub name: String,
    /// At most [`MAX_CONTACTS`], each with a number that can be rung.
    pub ring: Vec<Ring>,
    /// What else the holder put there.
    pub side: Side,
    /// Whether a code can be scanned.
    pub scan: bool,
}

/// The parts of one layer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    /// The photo, to be read from where photos are kept.
    pub photo: Option<PhotoId>,
    /// May be empty.
    pub pronouns: String,
    /// At most [`MAX_LINES`].
    pub may: Vec<Line>,
    /// At most [`MAX_LINES`].
    pub please: Vec<Line>,
    /// At most [`MAX_LINES`].
    pub dont: Vec<Line>,
    /// At most [`MAX_SYMBOLS`] ids of pictograms.
    pub symbols: Vec<String>,
    /// Texts in own words, none empty, in the order of [`Part::TEXTS`].
    pub texts: Vec<(Part, String)>,
    /// Card number, issuer and the issuer's telephone.
    pub issuer: Option<Issuer>,
}

/// Who gave the card out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// May be empty.
    pub name: String,
    /// May be empty.
    pub number: String,
    /// As typed; may be empty.
    pub telephone: String,
}

/// What keeps a card from being as useful as it could be. Nothing typed is lost by any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// There is no name.
    NameMissing,
    /// Nobody can be rung.
    ContactMissing,
    /// Every contact says "not now".
    NobodyNow,
    /// The contact at this place has words, but no number that can be rung.
    TelephoneUnusable(usize),
    /// A text is too long to be read on one screen.
    TooLong(Field),
}

/// A field of the card that holds text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of `Card`")]
pub enum Field {
    Name,
    Pronouns,
    Line(Kind, usize),
    Contact(usize),
    Text(Part),
    Issuer,
}

impl Card {
    /// Whether nothing has been typed at all.
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
            || (self.photo.is_none()
                && self.symbols.is_empty()
                && self.all_lines().all(Line::is_blank)
                && self.contacts.iter().all(Contact::is_blank)
                && self.all_texts().all(|text| text.trim().is_empty()))
    }

    /// Who may see a part.
    pub fn layer(&self, part: Part) -> Layer {
        let moved = self.moved.iter().find(|(known, _)| *known == part);
        moved.map_or_else(|| part.usual_layer(), |(_, layer)| *layer)
    }

    /// Shows a part to others than before.
    pub fn move_to(&mut self, part: Part, layer: Layer) {
        self.moved.retain(|(known, _)| *known != part);
        if layer != part.usual_layer() {
            self.moved.push((part, layer));
        }
    }

    /// The front, as soon as there is a name or someone to ring.
    pub fn front(&self) -> Option<Front> {
        let ring = self.ring();
        let name = self.name.trim().to_owned();
        let useful = !(name.is_empty() && ring.is_empty());
        useful.then(|| Front {
            name,
            ring,
            side: self.side(Layer::Front),
            scan: self.scan,
        })
    }

    /// Whom to ring, in this order; without those who said "not now".
    pub fn ring(&self) -> Vec<Ring> {
        let reachable = self.contacts.iter().filter_map(Contact::ring);
        reachable.take(MAX_CONTACTS).collect()
    }

    /// The parts of one layer.
    pub fn side(&self, layer: Layer) -> Side {
        let here = |part| self.layer(part) == layer;
        let lines = |part, typed| if here(part) { lines(typed) } else { Vec::new() };
        let texts = Part::TEXTS.into_iter().filter(|part| here(*part));
        let said = |part| {
            let text = self.text(part).trim();
            (!text.is_empty()).then(|| (part, text.to_owned()))
        };
        Side {
            photo: self.photo.clone().filter(|_| here(Part::Photo)),
            pronouns: if here(Part::Pronouns) {
                self.pronouns.trim().to_owned()
            } else {
                String::new()
            },
            may: lines(Part::May, &self.may),
            please: lines(Part::Please, &self.please),
            dont: lines(Part::Dont, &self.dont),
            symbols: if here(Part::Symbols) {
                self.symbols.iter().take(MAX_SYMBOLS).cloned().collect()
            } else {
                Vec::new()
            },
            texts: texts.filter_map(said).collect(),
            issuer: self.issued().filter(|_| here(Part::Issuer)),
        }
    }

    /// The text of a part that is one text; empty for the others.
    pub fn text(&self, part: Part) -> &str {
        match part {
            Part::Needs => &self.needs,
            Part::Calms => &self.calms,
            Part::Upsets => &self.upsets,
            Part::Communicates => &self.communicates,
            Part::Languages => &self.languages,
            Part::NobodyAnswers => &self.nobody_answers,
            Part::Allergies => &self.allergies,
            Part::Medication => &self.medication,
            _ => "",
        }
    }

    /// The text of a part that is one text, to be changed.
    pub fn text_mut(&mut self, part: Part) -> Option<&mut String> {
        Some(match part {
            Part::Needs => &mut self.needs,
            Part::Calms => &mut self.calms,
            Part::Upsets => &mut self.upsets,
            Part::Communicates => &mut self.communicates,
            Part::Languages => &mut self.languages,
            Part::NobodyAnswers => &mut self.nobody_answers,
            Part::Allergies => &mut self.allergies,
            Part::Medication => &mut self.medication,
            _ => return None,
        })
    }

    /// The lines under a heading.
    pub fn lines(&self, kind: Kind) -> &[Line] {
        match kind {
            Kind::May => &self.may,
            Kind::Please => &self.please,
            Kind::Dont => &self.dont,
        }
    }

    /// The lines under a heading, to be changed.
    pub fn lines_mut(&mut self, kind: Kind) -> &mut Vec<Line> {
        match kind {
            Kind::May => &mut self.may,
            Kind::Please => &mut self.please,
            Kind::Dont => &mut self.dont,
        }
    }

    /// Whether its holder, and nobody else, should be asked to look it over: a year has passed.
    pub fn wants_checking(&self, now: Timestamp) -> bool {
        self.checked
            .is_some_and(|checked| now.0 - checked.0 > CHECKED_FOR)
    }

    /// Everything worth telling the holder, in the order of the page.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.name.trim().is_empty() {
            found.push(Problem::NameMissing);
        }
        found.extend(self.too_long().into_iter().map(Problem::TooLong));
        for (at, contact) in self.contacts.iter().enumerate() {
            if !contact.is_blank() && dial(&contact.telephone).is_none() {
                found.push(Problem::TelephoneUnusable(at));
            }
        }
        let named: Vec<_> = self.contacts.iter().filter(|c| !c.is_blank()).collect();
        if named.is_empty() {
            found.push(Problem::ContactMissing);
        } else if named.iter().all(|contact| contact.not_now) {
            found.push(Problem::NobodyNow);
        }
        found
    }

    fn too_long(&self) -> Vec<Field> {
        let kinds = [Kind::May, Kind::Please, Kind::Dont].into_iter();
        let lines = kinds.flat_map(|kind| {
            let own = |line: &Line| matches!(line, Line::Own(text) if long(text, MAX_LINE));
            let typed = self.lines(kind).iter().enumerate();
            typed
                .filter(move |(_, line)| own(line))
                .map(move |(at, _)| Field::Line(kind, at))
        });
        let contacts = self.contacts.iter().enumerate().filter(|(_, contact)| {
            [&contact.name, &contact.relationship, &contact.hours]
                .into_iter()
                .any(|text| long(text, MAX_LINE))
        });
        let texts = Part::TEXTS
            .into_iter()
            .filter(|part| long(self.text(*part), MAX_TEXT));
        let issuer = [&self.number, &self.issuer, &self.issuer_telephone]
            .into_iter()
            .any(|text| long(text, MAX_LINE));
        let name = long(&self.name, MAX_LINE).then_some(Field::Name);
        let pronouns = long(&self.pronouns, MAX_LINE).then_some(Field::Pronouns);
        (name.into_iter().chain(pronouns))
            .chain(lines)
            .chain(contacts.map(|(at, _)| Field::Contact(at)))
            .chain(texts.map(Field::Text))
            .chain(issuer.then_some(Field::Issuer))
            .collect()
    }

    fn issued(&self) -> Option<Issuer> {
        let given = |text: &str| text.trim().to_owned();
        let issuer = Issuer {
            name: given(&self.issuer),
            number: given(&self.number),
            telephone: given(&self.issuer_telephone),
        };
        let said = [&issuer.name, &issuer.number, &issuer.telephone];
        said.iter().any(|text| !text.is_empty()).then_some(issuer)
    }

    fn all_lines(&self) -> impl Iterator<Item = &Line> {
        self.may.iter().chain(&self.please).chain(&self.dont)
    }

    fn all_texts(&self) -> impl Iterator<Item = &str> {
        let fields = [
            &self.name,
            &self.pronouns,
            &self.number,
            &self.issuer,
            &self.issuer_telephone,
        ];
        let fields = fields.into_iter().map(String::as_str);
        fields.chain(Part::TEXTS.into_iter().map(|part| self.text(part)))
    }
}

impl Side {
    /// Whether nothing is shown in this layer.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The parts in which something stands, in the order in which they are read.
    pub fn parts(&self) -> Vec<Part> {
        let texts = self.texts.iter().map(|(part, _)| (*part, true));
        let parts = [
            (Part::Photo, self.photo.is_some()),
            (Part::Pronouns, !self.pronouns.is_empty()),
            (Part::May, !self.may.is_empty()),
            (Part::Please, !self.please.is_empty()),
            (Part::Dont, !self.dont.is_empty()),
            (Part::Symbols, !self.symbols.is_empty()),
        ];
        let there = parts.into_iter().chain(texts);
        let there = there.chain([(Part::Issuer, self.issuer.is_some())]);
        there
            .filter_map(|(part, there)| there.then_some(part))
            .collect()
    }

    /// Only what the holder chose of it.
    pub fn only(self, chosen: &[Part]) -> Self {
        let wanted = |part| chosen.contains(&part);
        let lines = |part, lines| if wanted(part) { lines } else { Vec::new() };
        Self {
            photo: self.photo.filter(|_| wanted(Part::Photo)),
            pronouns: if wanted(Part::Pronouns) {
                self.pronouns
            } else {
                String::new()
            },
            may: lines(Part::May, self.may),
            please: lines(Part::Please, self.please),
            dont: lines(Part::Dont, self.dont),
            symbols: if wanted(Part::Symbols) {
                self.symbols
            } else {
                Vec::new()
            },
            texts: (self.texts.into_iter())
                .filter(|(part, _)| wanted(*part))
                .collect(),
            issuer: self.issuer.filter(|_| wanted(Part::Issuer)),
        }
    }
}

fn long(text: &str, most: usize) -> bool {
    text.trim().chars().count() > most
}

fn lines(typed: &[Line]) -> Vec<Line> {
    let said = typed.iter().filter(|line| !line.is_blank());
    said.map(Line::trimmed).take(MAX_LINES).collect()
}

#[cfg(test)]
mod tests;
