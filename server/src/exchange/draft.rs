//! What one row, feature or service says of a place, before anybody judged it.

use domain::geo::Point;
use domain::hours::DAY_MINUTES;

use super::week;
use crate::hours;
use crate::record::Nation;

/// A place as a source tells it; every text is trimmed, and empty where the source is silent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// The source's own name for it; matches it again the next time.
    pub external_id: String,
    /// As it stands on the building.
    pub name: String,
    /// House, street and town.
    pub address: String,
    /// As written.
    pub postcode: String,
    /// Degrees or metres, as written: north, east.
    pub position: [String; 2],
    /// As written.
    pub telephone: String,
    /// When it is open.
    pub hours: Written,
    /// The way there from a landmark.
    pub directions: String,
    /// How to find the door.
    pub door: String,
    /// What it is.
    pub what: String,
    /// What happens when one goes in.
    pub welcome: String,
    /// Languages of its staff, as written.
    pub languages: String,
    /// Yes or no, as written.
    pub offers: Offers,
    /// The day it was last checked, as written.
    pub checked: String,
    /// When it opened, as written.
    pub opened: String,
    /// When it closed, as written.
    pub closed: String,
    /// As written.
    pub status: String,
    /// Yes or no, as written.
    pub sample: String,
    /// Nothing that is taken; told, where it speaks of closing.
    pub notes: String,
    /// There are hours without staff.
    pub unstaffed: bool,
    /// What came up while it was read.
    pub remarks: Vec<Remark>,
}

/// What a building offers, as written: yes, no or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Offers {
    pub step_free: String,
    pub toilets: String,
    pub quiet_room: String,
    pub hearing_loop: String,
}

/// Hours as a source writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// One text.
    Text(String),
    /// A text for each day, Monday first.
    Days([String; 7]),
}

impl Default for Written {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Written {
    /// Whether nothing at all is written.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Days(days) => days.iter().all(String::is_empty),
        }
    }

    /// In OpenStreetMap's notation, where it can be understood; otherwise what cannot.
    pub fn understood(&self) -> Result<Option<String>, &str> {
        let week = match self {
            _ if self.is_empty() => return Ok(None),
            Self::Text(text) => match week::week(text) {
                Some(week) => week,
                None => return notation(text).map(Some).ok_or(text),
            },
            Self::Days(days) => {
                let mut week = week::Week::default();
                for (day, text) in week
                    .iter_mut()
                    .zip(days)
                    .filter(|(_, text)| !text.is_empty())
                {
                    *day = week::day(text).ok_or(text.as_str())?;
                }
                week
            }
        };
        Ok(week::notation(&week))
    }
}

/// A text in OpenStreetMap's notation that says more than a week, such as bank holidays; as it is.
///
/// A day that would begin before anybody is up, or last into the next evening, is a slip of the pen.
fn notation(text: &str) -> Option<String> {
    let read = hours::read(text).ok()?;
    let from = "2026-01-01".parse().ok()?;
    let model = read.model(Nation::default(), from, hours::AHEAD);
    let dated = model.dated.iter().map(|(_, day)| day);
    let mut open = model.week.iter().chain(dated).flat_map(|day| &day.open);
    let meant = open.all(|span| {
        let to = match span.closes() {
            to if to > DAY_MINUTES => to - DAY_MINUTES,
            to => to,
        };
        week::sane((span.opens(), to)).is_some()
    });
    meant.then(|| text.to_owned())
}

/// Something that a reader of the report should know of one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Remark {
    /// Why the row is refused.
    Refused(Refusal),
    /// What was made of it without being sure.
    Guessed(Guess),
    /// What is worth knowing.
    Told(Note),
}

/// Why a row cannot become a place.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the variants are their sentences")]
pub enum Refusal {
    NoName,
    NoAddress,
    NoPosition,
    NotAPostcode(String),
    NorthernIrish(String),
    NoSuchDistrict(String),
    NotANumber(String),
    OffTheLand(Point),
    EitherWay,
    FarFromPostcode { postcode: String, km: u32 },
    Twice { row: u64 },
    NoKey,
    Unreadable(String),
}

/// What was made of a row without being sure.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the variants are their sentences")]
pub enum Guess {
    ByUnit(String),
    BySector(String),
    ByDistrict(String),
    Swapped,
    LostMinus,
    Grid(Point),
    GridSwapped(Point),
    Key(String),
    Windows1252,
    Reopened,
    ClosedElsewhere { row: u64 },
}

/// What is worth knowing of a row.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the variants are their sentences")]
pub enum Note {
    HoursKeptOut(String),
    Unstaffed,
    Closed(String),
    SpeaksOfClosing(String),
    Alike { name: String, whose: Whose },
    PostcodeKeptOut(String),
    NotChecked(String),
    Formula(&'static str),
    Damaged,
    TooLong(&'static str),
    TelephoneKeptOut(String),
    MoreFields,
    AlsoClosed { row: u64 },
    OpenElsewhere { row: u64 },
}

/// Where a possible duplicate is.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the variants say it")]
pub enum Whose {
    Row(u64),
    Place(String),
}
