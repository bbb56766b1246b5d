//! What each section is called, what to write there, and the order in which they are offered.

use domain::card::Part;
use words::{Key, card_edit as texts};

use crate::router::Section;

/// The groups of the first page, in their order.
pub(super) const GROUPS: [(Key, &[Section]); 6] = [
    (
        texts::GROUP_HELP,
        &[
            Section::Part(Part::May),
            Section::Part(Part::Please),
            Section::Part(Part::Dont),
            Section::Part(Part::Symbols),
            Section::Part(Part::Needs),
        ],
    ),
    (
        texts::GROUP_ABOUT,
        &[
            Section::Part(Part::Photo),
            Section::Part(Part::Pronouns),
            Section::Part(Part::Communicates),
            Section::Part(Part::Languages),
        ],
    ),
    (
        texts::GROUP_RING,
        &[Section::Contacts, Section::Part(Part::NobodyAnswers)],
    ),
    (
        texts::GROUP_CALM,
        &[Section::Part(Part::Calms), Section::Part(Part::Upsets)],
    ),
    (
        texts::GROUP_HEALTH,
        &[
            Section::Part(Part::Allergies),
            Section::Part(Part::Medication),
        ],
    ),
    (
        texts::GROUP_CARD,
        &[Section::Part(Part::Issuer), Section::Scan, Section::Check],
    ),
];

/// All of them, one after the other.
pub(super) fn all() -> impl Iterator<Item = Section> {
    GROUPS
        .into_iter()
        .flat_map(|(_, sections)| sections)
        .copied()
}

/// The one offered after this; none where the holder's own check comes next.
pub(super) fn after(section: Section) -> Option<Section> {
    let next = all().skip_while(|one| *one != section).nth(1);
    next.filter(|next| *next != Section::Check)
}

/// What it is called.
pub(super) fn title(section: Section) -> Key {
    match section {
        Section::First => texts::TITLE,
        Section::Contacts => texts::TITLE_CONTACTS,
        Section::Scan => texts::TITLE_SCAN,
        Section::Check | Section::Give => texts::TITLE_CHECK,
        Section::Part(part) => match part {
            Part::Photo => texts::TITLE_PHOTO,
            Part::Pronouns => texts::TITLE_PRONOUNS,
            Part::May => texts::TITLE_MAY,
            Part::Please => texts::TITLE_PLEASE,
            Part::Dont => texts::TITLE_DONT,
            Part::Symbols => texts::TITLE_SYMBOLS,
            Part::Needs => texts::TITLE_NEEDS,
            Part::Calms => texts::TITLE_CALMS,
            Part::Upsets => texts::TITLE_UPSETS,
            Part::Communicates => texts::TITLE_COMMUNICATES,
            Part::Languages => texts::TITLE_LANGUAGES,
            Part::NobodyAnswers => texts::TITLE_NOBODY_ANSWERS,
            Part::Allergies => texts::TITLE_ALLERGIES,
            Part::Medication => texts::TITLE_MEDICATION,
            Part::Issuer => texts::TITLE_ISSUER,
        },
    }
}

/// What to write there.
pub(super) fn hint(section: Section) -> Option<Key> {
    Some(match section {
        Section::Contacts => texts::HINT_CONTACTS,
        Section::Scan => texts::HINT_SCAN,
        Section::First | Section::Check | Section::Give => return None,
        Section::Part(part) => match part {
            Part::Photo => texts::HINT_PHOTO,
            Part::Pronouns => texts::HINT_PRONOUNS,
            Part::May => texts::HINT_MAY,
            Part::Please => texts::HINT_PLEASE,
            Part::Dont => texts::HINT_DONT,
            Part::Symbols => texts::HINT_SYMBOLS,
            Part::Needs => texts::HINT_NEEDS,
            Part::Calms => texts::HINT_CALMS,
            Part::Upsets => texts::HINT_UPSETS,
            Part::Communicates => texts::HINT_COMMUNICATES,
            Part::Languages => texts::HINT_LANGUAGES,
            Part::NobodyAnswers => texts::HINT_NOBODY_ANSWERS,
            Part::Allergies => texts::HINT_ALLERGIES,
            Part::Medication => texts::HINT_MEDICATION,
            Part::Issuer => texts::HINT_ISSUER,
        },
    })
}

/// The picture beside it, from the pack.
pub(super) fn picture(section: Section) -> &'static str {
    match section {
        Section::First | Section::Check | Section::Give => "plain-words",
        Section::Contacts => "carer",
        Section::Scan => "pictures",
        Section::Part(part) => match part {
            Part::Photo => "hidden",
            Part::Pronouns => "slow-speech",
            Part::May => "no-speech",
            Part::Please => "sit-down",
            Part::Dont => "no-touch",
            Part::Symbols => "pictures",
            Part::Needs => "write-down",
            Part::Calms => "quiet-place",
            Part::Upsets => "noise",
            Part::Communicates => "sign-language",
            Part::Languages => "interpreter",
            Part::NobodyAnswers => "time",
            Part::Allergies => "allergy",
            Part::Medication => "medicine",
            Part::Issuer => "plain-words",
        },
    }
}
