//! Towns by their names, typed with mistakes or without, from the list that `public/towns.py` makes.

use crate::geo::Point;
use crate::search::nearly;

/// How a list of the one known version begins.
const START: &[u8] = b"SPTN\x01";
/// From where the list counts its thousandths of a degree.
const CORNER: Point = Point {
    lat: 49.0,
    lon: -9.0,
};
/// No name is shorter, and shorter beginnings are those of too many.
pub const SHORTEST: usize = 3;
/// So many are offered at most: nobody reads on.
pub const MOST: usize = 5;

/// A town, a village or a part of a city.
#[derive(Debug, Clone, PartialEq)]
pub struct Town {
    /// As it is told: with a postcode district where others are called the same.
    pub name: String,
    /// About its middle.
    pub point: Point,
    /// What counts of its name, without the postcode district.
    letters: String,
}

/// How well a name fits what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Letter for letter.
    Exactly,
    /// It begins so.
    Begun,
    /// But for a mistake or two.
    Nearly,
}

/// Reads a list; `None` where it is cut short or anything else but a whole one.
pub fn read(file: &[u8]) -> Option<Vec<Town>> {
    let file = file.strip_prefix(START)?;
    let end = file.windows(2).position(|pair| pair == b"\n\n")?;
    let names = std::str::from_utf8(&file[..end]).ok()?;
    let columns = &file[end + 2..];
    let count = columns.len() / 4;
    let number = |at: usize| f64::from(u16::from_be_bytes([columns[at], columns[at + count]]));
    let towns: Vec<_> = (names.lines().zip(0..count))
        .filter_map(|(name, at)| {
            let lat = CORNER.lat + number(at) / 1000.0;
            let lon = CORNER.lon + number(at + 2 * count) / 1000.0;
            let point = Point::new(lat, lon)?;
            let plain = name.split(" (").next().unwrap_or_default();
            Some(Town {
                name: name.to_owned(),
                point,
                letters: letters(plain),
            })
        })
        .collect();
    let whole = towns.len() == names.lines().count() && columns.len() == towns.len() * 4;
    whole.then_some(towns)
}

/// Towns of the name that was typed, as the platform folds it, the larger ones first: those letter for
/// letter; else those that begin so; else those that come nearest to it. Where several have the name,
/// the one for which `late` is least comes before all.
pub fn named<'a>(
    towns: &'a [Town],
    typed: &str,
    late: impl Fn(Point) -> f64,
) -> Option<(Vec<&'a Town>, Fit)> {
    let typed = letters(typed);
    if typed.len() < SHORTEST {
        return None;
    }
    let by = |fits: &dyn Fn(&str) -> bool| -> Vec<&'a Town> {
        let fits = |town: &&Town| fits(&town.letters);
        towns.iter().filter(fits).collect()
    };
    let mut found = by(&|name| name == typed);
    let mut fit = Fit::Exactly;
    if found.is_empty() {
        found = by(&|name| name.starts_with(&typed));
        fit = Fit::Begun;
    }
    if found.is_empty() {
        let fewest = towns
            .iter()
            .filter_map(|town| nearly(&town.letters, &typed));
        let fewest = fewest.min()?;
        found = by(&|name| nearly(name, &typed) == Some(fewest));
        fit = Fit::Nearly;
    }
    if fit != Fit::Begun {
        let each = found.iter().map(|town| late(town.point)).enumerate();
        let (earliest, _) = each.min_by(|a, b| a.1.total_cmp(&b.1))?;
        let town = found.remove(earliest);
        found.insert(0, town);
    }
    found.truncate(MOST);
    Some((found, fit))
}

/// What counts of a name: "St. Helens", "st helens" and "Saint-Helens" are one.
fn letters(name: &str) -> String {
    let lower = name.to_ascii_lowercase().replace("saint", "st");
    lower
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHIPPED: &[u8] = include_bytes!("../../../public/towns.bin");
    const HAWTHORNS: Point = Point {
        lat: 52.5037,
        lon: -1.9679,
    };

    fn shipped() -> Vec<Town> {
        read(SHIPPED).expect("it was made by our own script")
    }

    #[track_caller]
    fn found(typed: &str, expected: &[&str], fit: Fit) {
        let towns = shipped();
        let (found, how) = named(&towns, typed, |_| 0.0).expect("something is found");
        let names: Vec<_> = found.iter().map(|town| &*town.name).collect();
        assert_eq!((names.as_slice(), how), (expected, fit), "{typed}");
    }

    #[test]
    fn the_shipped_list_is_whole_and_its_towns_are_where_they_are() {
        let towns = shipped();
        assert_eq!(towns.len(), 5_792);
        let at = |name: &str| {
            towns
                .iter()
                .find(|town| town.name == name)
                .expect(name)
                .point
        };
        let west_bromwich = Point {
            lat: 52.518_68,
            lon: -1.9945,
        };
        assert!(at("West Bromwich").metres_to(west_bromwich) < 66.0);
        assert!(
            at("Lerwick").metres_to(Point {
                lat: 60.153_39,
                lon: -1.14427
            }) < 66.0
        );
        assert!(
            at("Penzance").metres_to(Point {
                lat: 50.118_61,
                lon: -5.53715
            }) < 66.0
        );
    }

    #[test]
    fn a_town_is_found_by_its_name_in_any_writing() {
        for typed in ["west bromwich", "westbromwich", "west-bromwich"] {
            found(typed, &["West Bromwich"], Fit::Exactly);
        }
        found("stoke on trent", &["Stoke-on-Trent"], Fit::Exactly);
        found("saint albans", &["St Albans"], Fit::Exactly);
        found("kings lynn", &["King's Lynn"], Fit::Exactly);
    }

    #[test]
    fn a_town_is_found_despite_mistakes() {
        found("west bromwitch", &["West Bromwich"], Fit::Nearly);
        found("wset bromich", &["West Bromwich"], Fit::Nearly);
        found("smehtwick", &["Smethwick"], Fit::Nearly);
        found("wolverhamton", &["Wolverhampton"], Fit::Nearly);
        let towns = shipped();
        assert_eq!(named(&towns, "xylophone", |_| 0.0), None);
        assert_eq!(named(&towns, "", |_| 0.0), None);
        assert_eq!(named(&towns, "?!", |_| 0.0), None);
    }

    #[test]
    fn what_is_half_typed_finds_the_largest_that_begin_so() {
        found("wolverh", &["Wolverhampton"], Fit::Begun);
        let towns = shipped();
        let (found, fit) = named(&towns, "bir", |_| 0.0).expect("many begin so");
        assert_eq!(
            (&*found[0].name, found.len(), fit),
            ("Birmingham", MOST, Fit::Begun)
        );
        assert_eq!(named(&towns, "bi", |_| 0.0), None);
    }

    #[test]
    fn of_several_of_one_name_each_says_where_and_the_nearest_comes_first() {
        let all = [
            "Newport (NP20)",
            "Newport (PO30)",
            "Newport (TF10)",
            "Newport (CB11)",
            "Newport (HU15)",
        ];
        found("newport", &all, Fit::Exactly);
        let towns = shipped();
        let near = |point: Point| HAWTHORNS.metres_to(point);
        let (found, _) = named(&towns, "newport", near).expect("there are six");
        assert_eq!(found[0].name, "Newport (TF10)");
        let (found, fit) = named(&towns, "newprot", near).expect("there are six");
        assert_eq!((&*found[0].name, fit), ("Newport (TF10)", Fit::Nearly));
    }

    #[test]
    fn a_list_that_is_cut_short_or_none_at_all_is_refused() {
        for end in [0, 4, 5, 60, SHIPPED.len() / 2, SHIPPED.len() - 1] {
            assert_eq!(read(&SHIPPED[..end]), None, "{end}");
        }
        let longer = [SHIPPED, &[0]].concat();
        assert_eq!(read(&longer), None);
        assert_eq!(read(b"<!doctype html>\n\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fall(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&[START, &bytes].concat());
        }
    }
}
