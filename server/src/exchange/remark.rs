//! The sentences of the report, and the short name under which each kind is counted.

use std::fmt;

use super::draft::{Guess, Note, Refusal, Remark, Whose};

impl Remark {
    /// "refused", "guessed" or "told".
    pub fn sort(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Guessed(_) => "guessed",
            Self::Told(_) => "told",
        }
    }

    /// What it is about, without the row's own words: what remarks are counted by.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.kind(),
            Self::Guessed(guess) => guess.kind(),
            Self::Told(note) => note.kind(),
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Guessed(guess) => guess.fmt(f),
            Self::Told(note) => note.fmt(f),
        }
    }
}

impl Refusal {
    fn kind(&self) -> &'static str {
        match self {
            Self::NoName => "no name",
            Self::NoAddress => "no address",
            Self::NoPosition => "neither position nor postcode",
            Self::NotAPostcode(_) => "not a postcode, and no position",
            Self::NorthernIrish(_) => "postcode of Northern Ireland, and no position",
            Self::NoSuchDistrict(_) => "no such postcode district, and no position",
            Self::NotANumber(_) => "position is not a number",
            Self::OffTheLand(_) => "position in the sea or outside the UK",
            Self::EitherWay => "easting and northing could be either way round",
            Self::FarFromPostcode { .. } => "position far from its postcode",
            Self::Twice { .. } => "stands in the file twice",
            Self::NoKey => "nothing to know it by the next time",
            Self::Unreadable(_) => "row cannot be read",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAPostcode(text) => {
                write!(f, "\"{text}\" is not a postcode, and there is no position")
            }
            Self::NorthernIrish(text) => {
                write!(
                    f,
                    "{text} is in Northern Ireland: give its latitude and longitude"
                )
            }
            Self::NoSuchDistrict(text) => write!(
                f,
                "there is no postcode district for {text}, and no position"
            ),
            Self::NotANumber(text) => write!(f, "\"{text}\" is no latitude or longitude"),
            Self::OffTheLand(point) => {
                write!(f, "{} is in the sea or outside the UK", point.degrees())
            }
            Self::FarFromPostcode { postcode, km } => {
                write!(
                    f,
                    "the position is {km} km from {postcode}: one of them is wrong"
                )
            }
            Self::Twice { row } => write!(f, "the same as row {row}"),
            Self::Unreadable(cause) => write!(f, "this row cannot be read: {cause}"),
            other => f.write_str(other.kind()),
        }
    }
}

impl Guess {
    fn kind(&self) -> &'static str {
        match self {
            Self::ByUnit(_) => "position from the whole postcode",
            Self::BySector(_) => "position from part of the postcode (the sector)",
            Self::ByDistrict(_) => "position from the postcode district only: kilometres off",
            Self::Swapped => "latitude and longitude were swapped",
            Self::LostMinus => "longitude had lost its minus",
            Self::Grid(_) => "eastings and northings turned into degrees",
            Self::GridSwapped(_) => "easting and northing swapped, and turned into degrees",
            Self::Key(_) => "no id: known by name and postcode",
            Self::Windows1252 => "letters read as Windows-1252",
            Self::Reopened => "closed once, opened again later",
            Self::ClosedElsewhere { .. } => "open, though another row says it is closed",
        }
    }
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByUnit(text) => write!(f, "position guessed from {text}"),
            Self::BySector(text) => write!(
                f,
                "position guessed from {text}, the middle of some hundred homes"
            ),
            Self::ByDistrict(text) => write!(
                f,
                "position guessed from {text}, a whole district: put it on the right spot"
            ),
            Self::Grid(point) => write!(f, "eastings and northings: {}", point.degrees()),
            Self::GridSwapped(point) => {
                write!(
                    f,
                    "easting and northing the other way round: {}",
                    point.degrees()
                )
            }
            Self::Key(text) => write!(f, "no id: known by name and postcode, {text}"),
            Self::ClosedElsewhere { row } => {
                write!(f, "taken as open, though row {row} says it is closed")
            }
            other => f.write_str(other.kind()),
        }
    }
}

impl Note {
    fn kind(&self) -> &'static str {
        match self {
            Self::HoursKeptOut(_) => "hours not understood: kept out",
            Self::Unstaffed => "hours without staff: not taken as open",
            Self::Closed(_) => "closed for good",
            Self::SpeaksOfClosing(_) => "notes speak of closing: look",
            Self::Alike { .. } => "possible duplicate",
            Self::PostcodeKeptOut(_) => "not a postcode: kept out",
            Self::NotChecked(_) => "day of the check not understood: kept out",
            Self::Formula(_) => "looks like a formula: kept as text",
            Self::Damaged => "letters were damaged before they came here",
            Self::TooLong(_) => "too long: cut",
            Self::TelephoneKeptOut(_) => "not a telephone number: kept out",
            Self::MoreFields => "more or fewer fields than the header",
            Self::AlsoClosed { .. } => "closed in another row too",
            Self::OpenElsewhere { .. } => "closed, though another row is open",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HoursKeptOut(text) => {
                write!(f, "hours \"{text}\" are not understood: hours not known")
            }
            Self::Closed(text) => write!(f, "closed ({text})"),
            Self::SpeaksOfClosing(text) => write!(
                f,
                "the notes say \"{text}\": look whether the hours are true"
            ),
            Self::Alike {
                name,
                whose: Whose::Row(row),
            } => write!(f, "possibly the same as {name} in row {row}"),
            Self::Alike {
                name,
                whose: Whose::Place(id),
            } => write!(f, "possibly the same as {name} ({id})"),
            Self::PostcodeKeptOut(text) => write!(f, "\"{text}\" is not a postcode: kept out"),
            Self::NotChecked(text) => {
                write!(f, "\"{text}\" is no day such as 2026-11-22: kept out")
            }
            Self::Formula(field) => write!(f, "{field} looks like a formula: kept as text"),
            Self::AlsoClosed { row } => write!(f, "row {row} says so too"),
            Self::OpenElsewhere { row } => {
                write!(f, "row {row} is the same place, open: that one counts")
            }
            Self::TooLong(field) => write!(f, "{field} is too long: cut"),
            Self::TelephoneKeptOut(text) => {
                write!(f, "\"{text}\" is no telephone number: kept out")
            }
            other => f.write_str(other.kind()),
        }
    }
}
