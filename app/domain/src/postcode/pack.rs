//! A file of whole postcodes with their positions, as `public/postcodes.py` describes and makes it.

use super::{District, Level, Postcode, Rest, UNIT_LETTERS};
use crate::geo::{Point, metres_north};

/// How a file of the one known version begins.
const START: &[u8] = b"SPPC\x01";
/// A file says positions in this many parts of a degree.
const MILLION: f64 = 1_000_000.0;
/// No file goes further: all around the earth.
const FURTHEST: i64 = 360_000_000;

/// Every postcode of some sectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    grid: Grid,
    /// In order.
    sectors: Vec<Sector>,
    /// In order, of one sector after the other.
    units: Vec<Unit>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Sector {
    district: District,
    digit: u8,
    /// Its units begin here, and end where the next sector's begin.
    first: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit {
    number: u16,
    cell: [i32; 2],
}

/// Cells counted north and east from a corner, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Grid {
    corner: [i64; 2],
    size: [i64; 2],
}

impl Pack {
    /// Reads a file; `None` where it is cut short, not in order or anything else but a whole one.
    pub fn read(file: &[u8]) -> Option<Self> {
        let mut left = Reader(file.strip_prefix(START)?);
        let grid = Grid {
            corner: [left.signed()?, left.signed()?],
            size: [left.number()?, left.number()?],
        };
        let sane = |value: &i64| value.abs() <= FURTHEST;
        if !grid.corner.iter().chain(&grid.size).all(sane) {
            return None;
        }
        let (sectors, count) = sectors(&mut left)?;
        // Each unit takes three bytes at least: nothing is kept ready for a number that only claims.
        if count > left.0.len() / 3 {
            return None;
        }
        let mut units = Vec::with_capacity(count);
        for (at, sector) in sectors.iter().enumerate() {
            let end = sectors.get(at + 1).map_or(count, |next| next.first);
            numbers(&mut left, end - sector.first, &mut units)?;
        }
        place(&mut left, grid, &mut units)?;
        left.0.is_empty().then_some(Self {
            grid,
            sectors,
            units,
        })
    }

    /// The nearest postcode and how many metres off it is; of equally near ones the first in order.
    pub fn nearest(&self, from: Point) -> Option<(Postcode, f64)> {
        let mut best: Option<(usize, f64)> = None;
        for (at, unit) in self.units.iter().enumerate() {
            let point = self.grid.point(unit.cell);
            let within = best.map_or(f64::INFINITY, |(_, metres)| metres);
            // No way is shorter than the part of it that goes north.
            if metres_north(from, point) > within {
                continue;
            }
            let metres = from.metres_to(point);
            if metres < within {
                best = Some((at, metres));
            }
        }
        best.map(|(at, metres)| (self.postcode(at), metres))
    }

    /// Where a postcode's unit is, or the middle of its sector's units.
    pub(super) fn find(&self, postcode: Postcode) -> Option<(Point, Level)> {
        let (digit, number) = match postcode.rest {
            Rest::Nothing => return None,
            Rest::Sector(digit) => (digit, None),
            Rest::Unit(digit, number) => (digit, Some(number)),
        };
        let key = (postcode.district, digit);
        let found = self
            .sectors
            .binary_search_by_key(&key, |sector| (sector.district, sector.digit));
        let units = self.units_of(found.ok()?);
        let exact = number.and_then(|number| {
            let found = units
                .binary_search_by_key(&number, |unit| unit.number)
                .ok()?;
            Some((self.grid.point(units[found].cell), Level::Unit))
        });
        exact.or_else(|| Some((self.grid.point(middle(units)?), Level::Sector)))
    }

    /// Whether any sector of the postcode's district is here.
    pub(super) fn knows_of(&self, postcode: Postcode) -> bool {
        self.sectors
            .iter()
            .any(|sector| sector.district == postcode.district)
    }

    fn units_of(&self, sector: usize) -> &[Unit] {
        let end = self
            .sectors
            .get(sector + 1)
            .map_or(self.units.len(), |next| next.first);
        &self.units[self.sectors[sector].first..end]
    }

    fn postcode(&self, unit: usize) -> Postcode {
        let sector = self.sectors.partition_point(|sector| sector.first <= unit) - 1;
        let Sector {
            district, digit, ..
        } = self.sectors[sector];
        Postcode {
            district,
            rest: Rest::Unit(digit, self.units[unit].number),
        }
    }
}

impl Grid {
    fn point(self, cell: [i32; 2]) -> Point {
        let [lat, lon] = [0, 1].map(|axis| {
            (self.corner[axis] + self.size[axis] * i64::from(cell[axis])) as f64 / MILLION
        });
        Point { lat, lon }
    }

    fn holds(self, cell: [i32; 2]) -> bool {
        let Point { lat, lon } = self.point(cell);
        Point::new(lat, lon).is_some()
    }
}

/// The sectors, and how many units they have together. None is empty; all are in order.
fn sectors(left: &mut Reader<'_>) -> Option<(Vec<Sector>, usize)> {
    let (mut sectors, mut first) = (Vec::<Sector>::new(), 0_usize);
    for _ in 0..left.number()? {
        let mut district = [0; 4];
        let length = usize::from(left.byte()?);
        for slot in district.get_mut(..length)? {
            *slot = left.byte().filter(u8::is_ascii_alphanumeric)?;
        }
        let digit = left.byte().filter(|digit| *digit <= 9)?;
        let before = sectors.last().map(|last| (last.district, last.digit));
        let count = usize::try_from(left.number()?).ok()?;
        if count == 0 || length < 2 || before.is_some_and(|before| before >= (district, digit)) {
            return None;
        }
        sectors.push(Sector {
            district,
            digit,
            first,
        });
        first = first.checked_add(count)?;
    }
    Some((sectors, first))
}

/// The numbers of one sector's units: each says how many it skips.
fn numbers(left: &mut Reader<'_>, count: usize, units: &mut Vec<Unit>) -> Option<()> {
    let end = (UNIT_LETTERS.len() * UNIT_LETTERS.len()) as i64;
    let mut next = 0;
    for _ in 0..count {
        let number = left.number().filter(|skipped| *skipped < end - next)? + next;
        units.push(Unit {
            number: number as u16,
            cell: [0, 0],
        });
        next = number + 1;
    }
    Some(())
}

/// Where the units are: each says how far from the one before.
fn place(left: &mut Reader<'_>, grid: Grid, units: &mut [Unit]) -> Option<()> {
    let mut here = [0_i32; 2];
    for unit in units {
        for axis in &mut here {
            *axis = axis.checked_add(i32::try_from(left.signed()?).ok()?)?;
        }
        unit.cell = grid.holds(here).then_some(here)?;
    }
    Some(())
}

fn middle(units: &[Unit]) -> Option<[i32; 2]> {
    let count = i64::try_from(units.len()).ok().filter(|count| *count > 0)?;
    Some([0, 1].map(|axis| {
        let sum: i64 = units.iter().map(|unit| i64::from(unit.cell[axis])).sum();
        (sum / count) as i32
    }))
}

/// What is left of a file.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Seven bits a byte, lowest first; five bytes at most.
    fn number(&mut self) -> Option<i64> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            value |= i64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.number()?;
        Some(if value % 2 == 0 {
            value / 2
        } else {
            -(value + 1) / 2
        })
    }
}
