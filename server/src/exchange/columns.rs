//! What each column of a table is for: said on the command line, or guessed from its header.

use std::fmt;

use super::week::{DAYS, day_named};

/// What a column can be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it; `NAMES` has them as written")]
pub enum Field {
    Id,
    Name,
    Address,
    Postcode,
    /// Degrees or metres north.
    North,
    /// Degrees or metres east.
    East,
    Telephone,
    Hours,
    /// Hours of one day, 0 is Monday.
    Day(usize),
    /// Hours without staff: never open.
    Unstaffed,
    Directions,
    Door,
    What,
    Welcome,
    Languages,
    StepFree,
    Toilets,
    QuietRoom,
    HearingLoop,
    Checked,
    Opened,
    Closed,
    Status,
    Sample,
    /// Told, where it speaks of closing; never taken.
    Notes,
    /// Not taken.
    Ignored,
}

/// As they stand in a header of ours and after `--map column=`.
const NAMES: [(&str, Field); 25] = [
    ("id", Field::Id),
    ("name", Field::Name),
    ("address", Field::Address),
    ("postcode", Field::Postcode),
    ("lat", Field::North),
    ("lon", Field::East),
    ("easting", Field::East),
    ("northing", Field::North),
    ("telephone", Field::Telephone),
    ("hours", Field::Hours),
    ("unstaffed", Field::Unstaffed),
    ("directions", Field::Directions),
    ("door", Field::Door),
    ("what", Field::What),
    ("welcome", Field::Welcome),
    ("languages", Field::Languages),
    ("step-free", Field::StepFree),
    ("toilets", Field::Toilets),
    ("quiet-room", Field::QuietRoom),
    ("hearing-loop", Field::HearingLoop),
    ("checked", Field::Checked),
    ("opened", Field::Opened),
    ("closed", Field::Closed),
    ("status", Field::Status),
    ("sample", Field::Sample),
];

/// Headers of other people's tables, in lower case with single spaces.
const KNOWN: [(&[&str], Field); 22] = [
    (
        &[
            "id",
            "ref",
            "reference",
            "external id",
            "place id",
            "venue id",
            "code",
        ],
        Field::Id,
    ),
    (
        &[
            "name",
            "venue",
            "place",
            "title",
            "organisation",
            "organization",
            "business",
        ],
        Field::Name,
    ),
    (
        &[
            "address",
            "addr",
            "street",
            "street address",
            "full address",
            "road",
            "town",
            "city",
            "village",
            "locality",
            "post town",
            "county",
            "town city",
        ],
        Field::Address,
    ),
    (
        &[
            "postcode",
            "post code",
            "postal code",
            "zip",
            "zip code",
            "pcode",
        ],
        Field::Postcode,
    ),
    (
        &[
            "lat",
            "latitude",
            "northing",
            "northings",
            "y",
            "y coordinate",
            "geo y",
        ],
        Field::North,
    ),
    (
        &[
            "lon",
            "lng",
            "long",
            "longitude",
            "easting",
            "eastings",
            "x",
            "x coordinate",
            "geo x",
        ],
        Field::East,
    ),
    (
        &[
            "telephone",
            "phone",
            "tel",
            "telephone number",
            "phone number",
            "tel no",
            "contact number",
        ],
        Field::Telephone,
    ),
    (
        &[
            "hours",
            "opening hours",
            "opening times",
            "open hours",
            "times",
        ],
        Field::Hours,
    ),
    (
        &[
            "directions",
            "how to find us",
            "how to find it",
            "how to get there",
        ],
        Field::Directions,
    ),
    (&["door", "entrance", "how to find the door"], Field::Door),
    (&["what", "what it is", "description"], Field::What),
    (&["welcome", "what happens when i go in"], Field::Welcome),
    (
        &["languages", "staff languages", "languages spoken"],
        Field::Languages,
    ),
    (
        &[
            "step free",
            "step free access",
            "wheelchair",
            "wheelchair access",
        ],
        Field::StepFree,
    ),
    (&["toilets", "toilet", "wc"], Field::Toilets),
    (&["quiet room", "quiet space"], Field::QuietRoom),
    (&["hearing loop", "induction loop"], Field::HearingLoop),
    (
        &["checked", "last checked", "assured date", "check date"],
        Field::Checked,
    ),
    (&["opened", "year opened", "date opened"], Field::Opened),
    (
        &[
            "closed",
            "year closed",
            "date closed",
            "closed on",
            "closing date",
        ],
        Field::Closed,
    ),
    (&["status", "state"], Field::Status),
    (&["notes", "note", "comments", "remarks"], Field::Notes),
];

/// Whose name a column with "… name" would hold, were it not the place's.
const NOT_OURS: [&str; 12] = [
    "street",
    "contact",
    "file",
    "authority",
    "manager",
    "first",
    "last",
    "area",
    "ward",
    "road",
    "owner",
    "council",
];

impl Field {
    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        let day = || day_named(name).map(Self::Day);
        let own = NAMES.iter().find(|(known, _)| *known == name);
        let known = own.map(|(_, field)| *field).or_else(day);
        known.or((name == "ignore").then_some(Self::Ignored))
    }

    /// What a header stands for, as far as can be guessed.
    pub fn guessed(header: &str) -> Option<Self> {
        let words = words(header);
        if let Some(field) = Self::named(&header.trim().to_ascii_lowercase()) {
            return Some(field);
        }
        let known = KNOWN
            .iter()
            .find(|(names, _)| names.contains(&words.as_str()));
        known
            .map(|(_, field)| *field)
            .or_else(|| day(&words))
            .or_else(|| part_of_address(&words))
            .or_else(|| somebodys_name(&words))
    }

    /// Whether several columns may hold parts of it.
    pub fn may_repeat(self) -> bool {
        matches!(
            self,
            Self::Address | Self::Unstaffed | Self::Ignored | Self::Notes
        )
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => f.write_str(DAYS[*day].1),
            Self::Notes => f.write_str("notes (only told)"),
            Self::Ignored => f.write_str("not taken"),
            other => {
                let own = NAMES.iter().find(|(_, field)| field == other);
                f.write_str(own.map_or("", |(name, _)| name))
            }
        }
    }
}

fn words(header: &str) -> String {
    let plain = header.replace(|c: char| !c.is_alphanumeric(), " ");
    let lower = plain.to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn day(words: &str) -> Option<Field> {
    let day = words.split(' ').find_map(day_named)?;
    Some(if words.split(' ').any(|word| word == "unstaffed") {
        Field::Unstaffed
    } else {
        Field::Day(day)
    })
}

/// "Address 1", "Address line 2", "addr3".
fn part_of_address(words: &str) -> Option<Field> {
    let bare = words
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end();
    matches!(bare, "address" | "address line" | "addr" | "line").then_some(Field::Address)
}

/// "Library name", but not "Contact name".
fn somebodys_name(words: &str) -> Option<Field> {
    let whose = words.strip_suffix(" name")?;
    let other = whose.split(' ').any(|word| NOT_OURS.contains(&word));
    (!other).then_some(Field::Name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn guess(header: &str, expected: Option<Field>) {
        assert_eq!(Field::guessed(header), expected, "{header}");
    }

    #[test]
    fn headers_of_other_people_are_understood() {
        guess("Library name", Some(Field::Name));
        guess("Contact Name", None);
        guess("Address 1", Some(Field::Address));
        guess("ADDRESS_LINE_2", Some(Field::Address));
        guess("Post-Code", Some(Field::Postcode));
        guess("Monday staffed hours", Some(Field::Day(0)));
        guess("Sunday unstaffed hours", Some(Field::Unstaffed));
        guess("Year closed", Some(Field::Closed));
        guess("Email address", None);
        guess("Local authority", None);
        guess("step-free", Some(Field::StepFree));
    }

    #[test]
    fn every_field_has_the_name_it_is_written_with() {
        for (name, field) in NAMES
            .iter()
            .filter(|(name, _)| !matches!(*name, "easting" | "northing"))
        {
            assert_eq!(&field.to_string(), name);
            assert_eq!(Field::named(name), Some(*field));
        }
        assert_eq!(Field::named("tuesday"), Some(Field::Day(1)));
    }
}
