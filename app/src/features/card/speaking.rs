//! "Speak for me": what the card says, in the order in which a stranger needs it.

use domain::card::{Front, Line, Ring};
use words::card as texts;

use super::front;
use crate::platform::voice::Said;
use crate::speech::t;

/// Everything that is said. Ready phrases are said in the reader's language, own words in the holder's.
pub fn said(front: &Front, reader: &str, holder: &str) -> Vec<Said> {
    let ours = |text: String| Said {
        language: reader.to_owned(),
        text,
    };
    let line = |line: &Line, sentence: fn(String) -> words::Text| match line {
        Line::Own(text) if reader != holder => Said {
            language: holder.to_owned(),
            text: text.clone(),
        },
        line => ours(t(sentence(front::said(line)))),
    };
    let mut all = Vec::new();
    if !front.name.is_empty() {
        all.push(ours([&t(texts::GREETING), " ", &front.name, "."].concat()));
    }
    let side = &front.side;
    all.extend(side.may.iter().map(|may| line(may, texts::spoken_may)));
    all.extend((side.please.iter()).map(|please| line(please, texts::spoken_please)));
    all.extend(side.dont.iter().map(|dont| line(dont, texts::spoken_dont)));
    all.extend(front.ring.first().map(|ring| ours(ringing(ring))));
    all
}

fn ringing(ring: &Ring) -> String {
    let who = match &*ring.relationship {
        "" => ring.name.clone(),
        relationship => [&ring.name, ", ", relationship].concat(),
    };
    t(texts::spoken_ring(digits(&ring.telephone), who))
}

/// Digit by digit: no voice may make "seven thousand seven hundred" of it.
fn digits(telephone: &str) -> String {
    let mut out = String::new();
    for c in telephone.chars() {
        out.push(c);
        out.push(if c == ' ' { ',' } else { ' ' });
    }
    out
}

#[cfg(test)]
mod tests {
    use domain::card::{Card, Contact};

    use super::*;

    #[test]
    fn own_words_are_said_in_the_holders_language_and_ready_ones_in_the_readers() {
        crate::speech::speak(words::Words::embedded("en").expect("English is built in"));
        let sam = Contact {
            name: "Sam".into(),
            telephone: "0121 4".into(),
            ..Contact::default()
        };
        let card = Card {
            name: "Ali".into(),
            may: (Line::ready("get-lost").into_iter())
                .chain([Line::Own("gubię się".into())])
                .collect(),
            contacts: vec![sam],
            ..Card::default()
        };
        let said = said(&card.front().expect("a name"), "en", "pl");
        let all: Vec<_> = (said.iter())
            .map(|said| (&*said.language, &*said.text))
            .collect();
        assert_eq!(
            all[..3],
            [
                ("en", "Hello, I am Ali."),
                ("en", "I may get lost."),
                ("pl", "gubię się")
            ]
        );
        assert!(
            all[3].1.contains("Sam") && all[3].1.contains("0 1 2 1  ,4"),
            "{}",
            all[3].1
        );
    }
}
