//! Postcodes as they are typed, and files as they should and should not be.

use proptest::prelude::*;

use super::*;

/// What is shipped.
const SHIPPED: &[u8] = include_bytes!("../../../../public/postcodes.bin");
const DISTRICTS: &str = include_str!("../../../../public/districts.txt");

#[track_caller]
fn reads(typed: &str, expected: Option<&str>) {
    let read = Postcode::parse(typed).map(|postcode| postcode.to_string());
    assert_eq!(read.as_deref(), expected, "{typed:?}");
}

fn shipped() -> Pack {
    Pack::read(SHIPPED).expect("it was made by our own script")
}

#[track_caller]
fn found(typed: &str, pack: Option<&Pack>) -> Option<Found> {
    find(Postcode::parse(typed).expect("a postcode"), pack, DISTRICTS)
}

#[test]
fn spaces_and_capitals_do_not_matter() {
    for typed in ["B70 8LU", "b708lu", " b 70 8 l u ", "B7 08LU", "B70-8LU"] {
        reads(typed, Some("B70 8LU"));
    }
    reads("wc2n5du", Some("WC2N 5DU"));
    reads("w1a 1aa", Some("W1A 1AA"));
    reads("b11bb", Some("B1 1BB"));
}

#[test]
fn a_part_is_read_as_far_as_it_goes() {
    reads("b70", Some("B70"));
    reads("b70 8", Some("B70 8"));
    reads("b708", Some("B70 8"));
    reads("b70 8l", Some("B70 8"));
    reads("b7 0", Some("B7 0"));
    reads("wc2n", Some("WC2N"));
}

#[test]
fn o_for_0_and_i_for_1_are_put_right_where_only_one_can_be_meant() {
    reads("B7O 8LU", Some("B70 8LU"));
    reads("BI 1BB", Some("B1 1BB"));
    reads("B1 lBB", Some("B1 1BB"));
    reads("B66 IBB", Some("B66 1BB"));
    reads("C05 1AA", Some("CO5 1AA"));
    reads("0X4 1AA", Some("OX4 1AA"));
    reads("1P1 2AA", Some("IP1 2AA"));
    reads("BL1 1AA", Some("BL1 1AA"));
    reads("wsiO oAA", None);
    reads("wslO 0AA", Some("WS10 0AA"));
}

#[test]
fn what_is_no_postcode_is_none() {
    for typed in [
        "",
        "West Bromwich",
        "Bill",
        "Bio",
        "12",
        "123",
        "12345",
        "é66",
        "Unit 5",
    ] {
        reads(typed, None);
    }
    for typed in ["B70 8LI", "B70 8LUX", "B7000", "QQQ1 1AA", "\u{1F600}1"] {
        reads(typed, None);
    }
}

#[test]
fn northern_ireland_is_told_from_the_rest() {
    let of = |typed| Postcode::parse(typed).expect("a postcode").northern_irish();
    assert!(of("BT7 1NN"));
    assert!(!of("B7 1NN"));
}

#[test]
fn a_unit_is_found_where_it_is() {
    let pack = shipped();
    let unit = found("B66 1BB", Some(&pack)).expect("it is shipped");
    let known = Point {
        lat: 52.50366,
        lon: -1.96786,
    };
    assert_eq!((unit.by, unit.because), (Level::Unit, Because::AllFound));
    assert!(unit.point.metres_to(known) < 15.0, "{unit:?}");
}

#[test]
fn what_is_not_listed_is_looked_for_more_roughly_and_why_is_told() {
    let pack = shipped();
    let how = |typed, pack| found(typed, pack).map(|found| (found.by, found.because));
    assert_eq!(
        how("B66 1ZZ", Some(&pack)),
        Some((Level::Sector, Because::Unlisted))
    );
    assert_eq!(
        how("B66 0AA", Some(&pack)),
        Some((Level::District, Because::Unlisted))
    );
    assert_eq!(
        how("PL1 1AA", Some(&pack)),
        Some((Level::District, Because::NoList))
    );
    assert_eq!(
        how("B66 1BB", None),
        Some((Level::District, Because::NoList))
    );
    assert_eq!(
        how("B66 1", Some(&pack)),
        Some((Level::Sector, Because::AllFound))
    );
    assert_eq!(how("B66", None), Some((Level::District, Because::AllFound)));
    assert_eq!(how("ZZ9 9ZZ", Some(&pack)), None);
    assert_eq!(how("BT7 1NN", Some(&pack)), None);
}

#[test]
fn a_district_has_a_middle() {
    let file = "B6 525000 -18000\nB66 524934 -19667\n";
    let middle = |typed| find(Postcode::parse(typed).expect("a postcode"), None, file);
    let point = middle("B66").map(|found| found.point);
    assert_eq!(point, Point::new(52.4934, -1.9667));
    assert_eq!(middle("ZZ9"), None);
}

#[test]
fn where_the_phone_is_names_a_postcode_close_by() {
    let hawthorns = Point {
        lat: 52.50366,
        lon: -1.96786,
    };
    let (postcode, metres) = shipped().nearest(hawthorns).expect("it is shipped");
    assert!(postcode.to_string().starts_with("B66 1"), "{postcode}");
    assert!(metres < 50.0, "{metres}");
}

#[test]
fn a_file_cut_short_or_with_more_behind_is_none() {
    for end in (0..SHIPPED.len()).step_by(997) {
        assert_eq!(Pack::read(&SHIPPED[..end]), None, "{end}");
    }
    assert_eq!(Pack::read(&[SHIPPED, b"\0"].concat()), None);
    assert_eq!(Pack::read(b"<!doctype html>"), None);
}

#[test]
fn a_file_that_claims_more_than_it_has_takes_no_memory() {
    let mut file = b"SPPC\x01\0\0\x01\x01\x01\x02B1\x01".to_vec();
    file.extend([0xff, 0xff, 0xff, 0xff, 0x0f]);
    assert_eq!(Pack::read(&file), None);
}

#[test]
fn places_off_the_globe_are_refused() {
    assert_eq!(Pack::read(&file([89_999_000, 0], &[[20_000, 0]])), None);
    assert!(Pack::read(&file([89_999_000, 0], &[[1, 0]])).is_some());
    let huge = [0xff, 0xff, 0xff, 0xff, 0x7f];
    let mut far = [b"SPPC\x01\0\0", &huge[..], &huge, b"\x01\x02B1\x01\x01\0"].concat();
    signed(&mut far, i64::from(i32::MAX));
    signed(&mut far, 0);
    assert_eq!(Pack::read(&far), None);
}

#[test]
fn sectors_out_of_order_are_refused() {
    let two = |a: u8, b: u8| {
        let sectors = [b"\x02\x02B1", &[a][..], b"\x01\x02B1", &[b], b"\x01"].concat();
        Pack::read(&[b"SPPC\x01\0\0\x01\x01", &sectors[..], &[0; 6]].concat())
    };
    assert!(two(1, 2).is_some());
    assert_eq!(two(2, 1), None);
    assert_eq!(two(1, 1), None);
}

/// A file of one sector with a unit at each place, in cells of a ten-thousandth of a degree.
fn file(corner: [i64; 2], cells: &[[i64; 2]]) -> Vec<u8> {
    let mut out = b"SPPC\x01".to_vec();
    corner.iter().for_each(|part| signed(&mut out, *part));
    [100, 100, 1]
        .iter()
        .for_each(|part| number(&mut out, *part));
    out.extend(b"\x03B70\x08");
    number(&mut out, cells.len() as u64);
    out.extend(vec![0; cells.len()]);
    let mut before = [0, 0];
    for cell in cells {
        (0..2).for_each(|axis| signed(&mut out, cell[axis] - before[axis]));
        before = *cell;
    }
    out
}

fn signed(out: &mut Vec<u8>, value: i64) {
    number(out, ((value << 1) ^ (value >> 63)) as u64);
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value > 127 {
        out.push(value as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}

proptest! {
    #[test]
    fn the_nearest_is_nearest_by_haversine(
        cells in prop::collection::vec([0_i64..20_000, 0_i64..20_000], 1..60),
        corner in [-60_000_000_i64..60_000_000, -170_000_000_i64..170_000_000],
        from in (-90.0..90.0, -180.0..180.0),
        near in any::<bool>(),
    ) {
        let pack = Pack::read(&file(corner, &cells)).expect("a whole file");
        let degrees = |cell: [i64; 2], axis: usize| (corner[axis] + 100 * cell[axis]) as f64 / 1e6;
        let points = cells.iter().map(|cell| Point { lat: degrees(*cell, 0), lon: degrees(*cell, 1) });
        let from = match near {
            true => Point { lat: degrees([9_999, 0], 0), lon: degrees([0, 9_999], 1) },
            false => Point { lat: from.0, lon: from.1 },
        };
        let brute = points.map(|point| from.metres_to(point)).fold(f64::INFINITY, f64::min);
        let (postcode, metres) = pack.nearest(from).expect("there are units");
        prop_assert!((metres - brute).abs() < 1e-3, "{} {}", metres, brute);
        let told = pack.find(postcode).expect("its own").0;
        prop_assert!((from.metres_to(told) - metres).abs() < 1e-3);
    }

    #[test]
    fn what_is_read_is_read_again_the_same(typed in "\\PC{0,9}|[a-zA-Z]{1,2}[0-9oOiIlL]{1,2}[a-z]? ?[0-9oOlL]?[a-zA-Z]{0,2}") {
        if let Some(postcode) = Postcode::parse(&typed) {
            prop_assert_eq!(Postcode::parse(&postcode.to_string()), Some(postcode));
            for level in [Level::District, Level::Sector, Level::Unit] {
                prop_assert!(postcode.at(level).level() <= level);
            }
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), from in 0_usize..80) {
        let mut file = SHIPPED[..from].to_vec();
        file.extend(&bytes);
        let _ = Pack::read(&file);
        let small = file_with(&bytes);
        if let Some(pack) = Pack::read(&small) {
            let _ = pack.nearest(Point { lat: 52.0, lon: -1.9 });
        }
    }
}

/// A good small file with some of its bytes replaced: far more of these are read to the end.
fn file_with(bytes: &[u8]) -> Vec<u8> {
    let mut good = file([52_000_000, -2_000_000], &[[1, 2], [3, 4], [50, 60]]);
    for pair in bytes.chunks(2).take(4) {
        let at = START + usize::from(pair[0]) % (good.len() - START);
        good[at] = *pair.last().unwrap_or(&0);
    }
    good
}

/// Where the version ends.
const START: usize = 5;
