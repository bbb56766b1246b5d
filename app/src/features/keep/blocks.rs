//! What a card says outside the app: on paper, in a picture, in the phone's own emergency page.

use domain::card::{Part, Ring, Side};
use words::{Key, keep as texts};

use crate::features::card::front::said;
use crate::speech::t;

/// A heading and what stands under it, all of it words.
pub struct Block {
    pub part: Part,
    pub heading: String,
    pub lines: Vec<String>,
}

/// Everything of a side that is words, in the order in which it is read.
pub fn blocks(side: &Side) -> Vec<Block> {
    let parts = side.parts().into_iter();
    parts
        .map(|part| Block {
            part,
            heading: t(name(part)),
            lines: lines(side, part),
        })
        .filter(|block| !block.lines.is_empty())
        .collect()
}

fn lines(side: &Side, part: Part) -> Vec<String> {
    match part {
        Part::May => side.may.iter().map(said).collect(),
        Part::Please => side.please.iter().map(said).collect(),
        Part::Dont => side.dont.iter().map(said).collect(),
        Part::Issuer => side
            .issuer
            .iter()
            .flat_map(|issuer| {
                [&issuer.name, &issuer.number, &issuer.telephone]
                    .into_iter()
                    .filter(|text| !text.is_empty())
                    .cloned()
                    .collect::<Vec<_>>()
            })
            .collect(),
        // Beside the name, drawn, or shown as they are.
        Part::Pronouns | Part::Photo | Part::Symbols => Vec::new(),
        text => (side.texts.iter())
            .filter(|(part, _)| *part == text)
            .map(|(_, words)| words.clone())
            .collect(),
    }
}

/// What a part is called, to its holder and above what it says.
pub fn name(part: Part) -> Key {
    match part {
        Part::Photo => texts::PART_PHOTO,
        Part::Pronouns => texts::PART_PRONOUNS,
        Part::May => texts::PART_MAY,
        Part::Please => texts::PART_PLEASE,
        Part::Dont => texts::DONT,
        Part::Symbols => texts::PART_SYMBOLS,
        Part::Needs => texts::PART_NEEDS,
        Part::Calms => texts::PART_CALMS,
        Part::Upsets => texts::PART_UPSETS,
        Part::Communicates => texts::PART_COMMUNICATES,
        Part::Languages => texts::PART_LANGUAGES,
        Part::NobodyAnswers => texts::PART_NOBODY_ANSWERS,
        Part::Allergies => texts::PART_ALLERGIES,
        Part::Medication => texts::PART_MEDICATION,
        Part::Issuer => texts::PART_ISSUER,
    }
}

/// "Ring Sam, my sister".
pub fn ring(ring: &Ring) -> String {
    if ring.relationship.is_empty() {
        t(texts::ring(&ring.name))
    } else {
        t(texts::ring_relation(&ring.name, &ring.relationship))
    }
}

/// The words of a symbol; nothing for one that this release does not know.
pub fn symbol(id: &str) -> Option<String> {
    words::pictograms::named(id).map(t)
}
