//! Parts of the card that only its holder sees: their words move here, out of the card, and back.

use super::Private;
use crate::card::{Card, Kind, Layer, Line, Part};

/// A part that cannot go behind the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotMovable;

impl Part {
    /// Parts that can go behind the lock: all but the photo, whose bytes lie elsewhere.
    pub const MOVABLE: [Self; 14] = [
        Self::Pronouns,
        Self::May,
        Self::Please,
        Self::Dont,
        Self::Symbols,
        Self::Needs,
        Self::Calms,
        Self::Upsets,
        Self::Communicates,
        Self::Languages,
        Self::NobodyAnswers,
        Self::Allergies,
        Self::Medication,
        Self::Issuer,
    ];
}

/// A part's short stable name.
pub(super) fn id(part: Part) -> &'static str {
    match part {
        Part::Photo => "photo",
        Part::Pronouns => "pronouns",
        Part::May => "may",
        Part::Please => "please",
        Part::Dont => "dont",
        Part::Symbols => "symbols",
        Part::Needs => "needs",
        Part::Calms => "calms",
        Part::Upsets => "upsets",
        Part::Communicates => "communicates",
        Part::Languages => "languages",
        Part::NobodyAnswers => "nobody-answers",
        Part::Allergies => "allergies",
        Part::Medication => "medication",
        Part::Issuer => "issuer",
    }
}

/// The place of the part of this name.
pub(super) fn place(name: &str) -> Option<usize> {
    Part::MOVABLE.into_iter().position(|part| id(part) == name)
}

fn at(part: Part) -> Option<usize> {
    Part::MOVABLE.into_iter().position(|known| known == part)
}

impl Private {
    /// What a moved part says, as text; empty where it was not moved here.
    pub fn part(&self, part: Part) -> &str {
        let text = at(part).and_then(|at| self.parts.get(&at));
        text.map_or("", String::as_str)
    }

    /// Changes what a moved part says.
    pub fn set_part(&mut self, part: Part, text: String) {
        match at(part) {
            Some(at) if text.is_empty() => drop(self.parts.remove(&at)),
            Some(at) => drop(self.parts.insert(at, text)),
            None => {}
        }
    }

    /// Takes a part's words out of the card and keeps them here, and marks the part as private.
    pub fn hide(&mut self, card: &mut Card, part: Part) -> Result<(), NotMovable> {
        at(part).ok_or(NotMovable)?;
        let words = taken(card, part);
        let before = self.part(part);
        // Words from both sides, where something was typed again on the card: nothing is lost.
        let words = match (words.trim().is_empty(), before.is_empty()) {
            (true, _) => before.to_owned(),
            (false, false) if before != words => format!("{before}\n{words}"),
            _ => words,
        };
        self.set_part(part, words);
        card.move_to(part, Layer::Private);
        Ok(())
    }

    /// Puts a part's words back into the card, for those of this layer to see. They stay here, too,
    /// until [`Private::forget`], so that nothing is lost between two savings.
    pub fn show(&self, card: &mut Card, part: Part, layer: Layer) {
        let words = self.part(part);
        if !words.is_empty() {
            put(card, part, words);
        }
        card.move_to(part, layer);
    }

    /// Lets go of a part that the card keeps again.
    pub fn forget(&mut self, part: Part) {
        self.set_part(part, String::new());
    }
}

fn taken(card: &mut Card, part: Part) -> String {
    let lines = |lines: &mut Vec<Line>| {
        let said: Vec<_> = lines.drain(..).filter(|line| !line.is_blank()).collect();
        joined(said.iter().map(as_text))
    };
    match part {
        Part::Photo => String::new(),
        Part::Pronouns => std::mem::take(&mut card.pronouns),
        Part::May => lines(&mut card.may),
        Part::Please => lines(&mut card.please),
        Part::Dont => lines(&mut card.dont),
        Part::Symbols => joined(card.symbols.drain(..)),
        Part::Issuer => joined(
            [
                &mut card.issuer,
                &mut card.number,
                &mut card.issuer_telephone,
            ]
            .into_iter()
            .map(std::mem::take),
        ),
        text => card.text_mut(text).map(std::mem::take).unwrap_or_default(),
    }
}

fn put(card: &mut Card, part: Part, words: &str) {
    let rows = || words.split('\n');
    match part {
        Part::Photo => {}
        Part::Pronouns => card.pronouns = words.to_owned(),
        Part::May => *card.lines_mut(Kind::May) = rows().map(as_line).collect(),
        Part::Please => *card.lines_mut(Kind::Please) = rows().map(as_line).collect(),
        Part::Dont => *card.lines_mut(Kind::Dont) = rows().map(as_line).collect(),
        Part::Symbols => card.symbols = rows().map(str::to_owned).collect(),
        Part::Issuer => {
            let mut given = rows().map(str::to_owned);
            card.issuer = given.next().unwrap_or_default();
            card.number = given.next().unwrap_or_default();
            card.issuer_telephone = given.next().unwrap_or_default();
        }
        text => {
            if let Some(field) = card.text_mut(text) {
                *field = words.to_owned();
            }
        }
    }
}

fn joined(rows: impl Iterator<Item = String>) -> String {
    let rows: Vec<_> = rows.map(|row| row.replace('\n', " ")).collect();
    rows.join("\n")
}

const READY: &str = "ready:";

fn as_text(line: &Line) -> String {
    match line {
        Line::Own(text) => text.clone(),
        Line::Ready(phrase) => format!("{READY}{}", phrase.id),
    }
}

fn as_line(text: &str) -> Line {
    let ready = text.strip_prefix(READY).and_then(Line::ready);
    ready.unwrap_or_else(|| Line::Own(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Card {
        let own = |text: &str| Line::Own(text.into());
        Card {
            name: "Ali".into(),
            pronouns: "he, him".into(),
            may: vec![own("get lost"), Line::ready("need-time").expect("a phrase")],
            please: vec![own("stay")],
            dont: vec![own("shout")],
            symbols: vec!["carer".into(), "quiet".into()],
            needs: "time".into(),
            calms: "music".into(),
            upsets: "noise".into(),
            communicates: "signs".into(),
            languages: "BSL".into(),
            nobody_answers: "ring the scheme".into(),
            allergies: "nuts\nand eggs".into(),
            medication: "an inhaler".into(),
            number: "12".into(),
            issuer: "Safe Place".into(),
            issuer_telephone: "0121".into(),
            ..Card::default()
        }
    }

    #[test]
    fn every_part_moves_behind_the_lock_and_back_as_it_was() {
        for part in Part::MOVABLE {
            let (mut card, mut private) = (full(), Private::default());
            private.hide(&mut card, part).expect("it is movable");
            assert_eq!(card.layer(part), Layer::Private);
            assert_ne!(private.part(part), "", "{part:?}");
            let kept = Private::from_bytes(&private.to_bytes()).expect("what was kept opens");
            kept.show(&mut card, part, part.usual_layer());
            assert_eq!(card, full(), "{part:?}");
        }
    }

    #[test]
    fn a_hidden_part_leaves_no_word_in_the_card() {
        let (mut card, mut private) = (full(), Private::default());
        private.hide(&mut card, Part::Allergies).expect("movable");
        let kept = serde_json::to_string(&card).expect("a card is JSON");
        assert!(!kept.contains("nuts"), "{kept}");
        assert!(card.side(Layer::Private).texts.is_empty());
    }

    #[test]
    fn hiding_twice_loses_nothing() {
        let (mut card, mut private) = (full(), Private::default());
        private.hide(&mut card, Part::Allergies).expect("movable");
        private.hide(&mut card, Part::Allergies).expect("movable");
        assert_eq!(private.part(Part::Allergies), "nuts\nand eggs");
        card.allergies = "milk".into();
        private.hide(&mut card, Part::Allergies).expect("movable");
        assert_eq!(private.part(Part::Allergies), "nuts\nand eggs\nmilk");
    }

    #[test]
    fn a_photo_stays_where_its_bytes_are() {
        let mut private = Private::default();
        assert_eq!(private.hide(&mut full(), Part::Photo), Err(NotMovable));
    }

    #[test]
    fn what_is_forgotten_here_is_gone_here() {
        let (mut card, mut private) = (full(), Private::default());
        private.hide(&mut card, Part::Needs).expect("movable");
        private.forget(Part::Needs);
        assert!(private.is_blank());
    }
}
