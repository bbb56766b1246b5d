//! Postcodes as people type them, and where they are as exactly as a phone can say.

mod pack;

use std::fmt;

pub use pack::Pack;

use crate::geo::Point;

/// The letters a unit may have, in order: those that cannot be taken for another.
const UNIT_LETTERS: &[u8; 20] = b"ABDEFGHJLNPQRSTUWXYZ";

/// How much of a postcode there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// "B70": a few thousand homes.
    District,
    /// "B70 8".
    Sector,
    /// "B70 8LU": a dozen doors.
    Unit,
}

/// A postcode that is written as postcodes are; whether there is one is another question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Postcode {
    district: District,
    rest: Rest,
}

/// "B70", with zeros behind.
type District = [u8; 4];

/// What follows the district: a digit, and a number made of two letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rest {
    Nothing,
    Sector(u8),
    Unit(u8, u16),
}

impl Postcode {
    /// Reads what somebody typed: spaces and capitals do not matter, nor does O for 0 or I for 1
    /// where only one of them can be meant. A unit that is half typed counts as its sector.
    ///
    /// At least one digit has to be a digit: "Bill" is a name.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let gap = typed.find(|c: char| c.is_whitespace() || c == '-');
        let bytes = typed
            .bytes()
            .filter(|b| !b.is_ascii_whitespace() && *b != b'-');
        let packed: Vec<u8> = bytes.map(|b| b.to_ascii_uppercase()).collect();
        if packed.len() > 7 || !packed.iter().any(u8::is_ascii_digit) {
            return None;
        }
        // Where a space was typed it is believed first; then a whole postcode is looked for.
        let without = [3, 0, 1, 2]
            .into_iter()
            .filter_map(|n| packed.len().checked_sub(n));
        gap.into_iter()
            .chain(without)
            .find_map(|at| Self::split(&packed, at))
    }

    fn split(packed: &[u8], at: usize) -> Option<Self> {
        let (outward, inward) = packed.split_at_checked(at)?;
        Some(Self {
            district: district(outward)?,
            rest: rest(inward)?,
        })
    }

    /// How much of it there is.
    pub fn level(&self) -> Level {
        match self.rest {
            Rest::Nothing => Level::District,
            Rest::Sector(_) => Level::Sector,
            Rest::Unit(..) => Level::Unit,
        }
    }

    /// The same with no more than this much of it.
    pub fn at(self, level: Level) -> Self {
        let rest = match (level, self.rest) {
            (Level::District, _) => Rest::Nothing,
            (Level::Sector, Rest::Unit(sector, _)) => Rest::Sector(sector),
            (_, rest) => rest,
        };
        Self { rest, ..self }
    }

    /// Whether it is of Northern Ireland, where the lists of Great Britain end.
    pub fn northern_irish(&self) -> bool {
        self.district.starts_with(b"BT")
    }
}

/// One letter or two, a digit, and perhaps one digit or letter more.
fn district(text: &[u8]) -> Option<District> {
    let letters = 1 + usize::from(second_is_letter(text));
    let (first, second) = (*text.first()?, text.get(1)?);
    let mut out = [0; 4];
    // An area of one letter is no O and no I.
    out[0] = match letters {
        2 if second.is_ascii_uppercase() => letter(first)?,
        _ => first.is_ascii_uppercase().then_some(first)?,
    };
    if letters == 2 {
        out[1] = letter(*second)?;
    }
    out[letters] = b'0' + digit(*text.get(letters)?)?;
    match &text[letters + 1..] {
        [] => {}
        [last] => out[letters + 1] = last_of(letters, *last)?,
        _ => return None,
    }
    Some(out)
}

/// No area has I as its second letter, and none of one letter has a district 0.
fn second_is_letter(text: &[u8]) -> bool {
    match text.get(1) {
        Some(b'I') | None => false,
        Some(b'0' | b'O' | b'L') => text.get(2).copied().and_then(digit).is_some(),
        Some(other) => other.is_ascii_uppercase(),
    }
}

/// The second digit of a district, or the letter that only some have there.
fn last_of(letters: usize, typed: u8) -> Option<u8> {
    let known: &[u8] = match letters {
        1 => b"ABCDEFGHJKPSTUW",
        _ => b"ABEHMNPRVWXY",
    };
    let ending = known.contains(&typed).then_some(typed);
    digit(typed).map(|n| b'0' + n).or(ending)
}

fn rest(text: &[u8]) -> Option<Rest> {
    let Some((first, letters)) = text.split_first() else {
        return Some(Rest::Nothing);
    };
    let sector = digit(*first)?;
    let unit = |b: &u8| UNIT_LETTERS.iter().position(|known| known == b);
    match letters {
        [a, b] => Some(Rest::Unit(
            sector,
            (unit(a)? * UNIT_LETTERS.len() + unit(b)?) as u16,
        )),
        [] => Some(Rest::Sector(sector)),
        [a] => unit(a).map(|_| Rest::Sector(sector)),
        _ => None,
    }
}

/// A digit, also as the letter that looks like it.
fn digit(typed: u8) -> Option<u8> {
    match typed {
        b'O' => Some(0),
        b'I' | b'L' => Some(1),
        b'0'..=b'9' => Some(typed - b'0'),
        _ => None,
    }
}

/// A letter, also as the digit that looks like it.
fn letter(typed: u8) -> Option<u8> {
    match typed {
        b'0' => Some(b'O'),
        b'1' => Some(b'I'),
        b'A'..=b'Z' => Some(typed),
        _ => None,
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text: String = self
            .district
            .iter()
            .filter(|b| **b != 0)
            .map(|b| char::from(*b))
            .collect();
        let (sector, unit) = match self.rest {
            Rest::Nothing => (None, None),
            Rest::Sector(sector) => (Some(sector), None),
            Rest::Unit(sector, unit) => (Some(sector), Some(usize::from(unit))),
        };
        text.extend(
            sector
                .map(|digit| [' ', char::from(b'0' + digit)])
                .into_iter()
                .flatten(),
        );
        let letters = unit.map(|unit| [unit / UNIT_LETTERS.len(), unit % UNIT_LETTERS.len()]);
        let letter = |at: usize| UNIT_LETTERS.get(at).copied().map(char::from);
        text.extend(letters.into_iter().flatten().filter_map(letter));
        f.write_str(&text)
    }
}

/// Where a postcode is, as exactly as can be said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The middle of what was found.
    pub point: Point,
    /// How much of the postcode that was.
    pub by: Level,
    /// Why it was not all of it.
    pub because: Because,
}

/// Why no more of a postcode was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// It was all of it.
    AllFound,
    /// The lists of its neighbourhood have no such postcode: it is new, retired or mistyped.
    Unlisted,
    /// No list of its neighbourhood is here.
    NoList,
}

/// Finds a postcode: by its unit, else its sector, else its district in the list of those, with
/// lines such as "B66 524933 -19635" (ten-thousandths of a degree: reading fractions costs a phone
/// ten kilobytes of tables).
pub fn find(postcode: Postcode, pack: Option<&Pack>, districts: &str) -> Option<Found> {
    let exact = pack.and_then(|pack| pack.find(postcode));
    let (point, by) = match exact {
        Some(found) => found,
        None => (middle(districts, postcode)?, Level::District),
    };
    let because = if by == postcode.level() {
        Because::AllFound
    } else if pack.is_some_and(|pack| pack.knows_of(postcode)) {
        Because::Unlisted
    } else {
        Because::NoList
    };
    Some(Found { point, by, because })
}

fn middle(districts: &str, postcode: Postcode) -> Option<Point> {
    let district = postcode.at(Level::District).to_string();
    let line = districts
        .lines()
        .find(|line| line.split(' ').next() == Some(&district))?;
    let mut degrees = line.split(' ').skip(1).map(|part| part.parse::<i32>().ok());
    let mut next = || Some(f64::from(degrees.next()??) / 10_000.0);
    Point::new(next()?, next()?)
}

#[cfg(test)]
mod tests;
