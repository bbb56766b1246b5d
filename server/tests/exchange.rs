//! Importing other people's files: what the report says, what goes in, and what comes out again.

mod common;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use common::program;
use domain::time::Timestamp;
use server::exchange::Format;
use server::exchange::columns::Field;
use server::exchange::report::{Line, Outcome};
use server::exchange::run::{self, ImportError, Order, Report, Spelled};
use server::exchange::table::Said;
use server::record::{Record, Status};
use server::store::sqlite::desk;
use tempfile::TempDir;

/// 2026-11-22.
const NOW: Timestamp = Timestamp(1_795_305_600_000);

/// A scheme's office, with files that others sent.
struct Office(TempDir);

impl Office {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).expect("written");
        path
    }

    fn order<'a>(&self, data: &'a Path, file: &'a Path, format: Format) -> Order<'a> {
        Order {
            data,
            file,
            source: "council",
            format,
            said: Vec::new(),
            status: Status::Active,
            report: None,
            apply: true,
            who: "Sam",
            now: NOW,
            postcodes: None,
        }
    }

    fn import(&self, file: &Path, format: Format) -> (Report, Vec<Line>) {
        let data = self.data();
        imported(&self.order(&data, file, format)).expect("imported")
    }

    fn csv(&self, text: impl AsRef<[u8]>) -> (Report, Vec<Line>) {
        let file = self.file("places.csv", text);
        self.import(&file, Format::Csv)
    }

    fn records(&self) -> Vec<Record> {
        records(&self.data())
    }

    fn exported(&self, format: &str) -> Vec<u8> {
        let out = program(&self.data())
            .args(["places", "export", "--format", format])
            .output()
            .expect("it runs");
        assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        out.stdout
    }
}

fn records(data: &Path) -> Vec<Record> {
    let mut records = Vec::new();
    desk::each_place(data, |record| {
        records.push(record.clone());
        Ok(())
    })
    .expect("a database")
    .expect("no file to fail");
    records
}

fn imported(order: &Order<'_>) -> Result<(Report, Vec<Line>), ImportError> {
    let mut lines = Vec::new();
    let report = run::import(order, |line| lines.push(line.clone()))?;
    Ok((report, lines))
}

fn outcomes(lines: &[Line]) -> Vec<Outcome> {
    lines.iter().map(|line| line.outcome).collect()
}

fn said(lines: &[Line]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

const PLACES: &str = "\
Ref,Venue name,Address 1,Town,Postcode,Latitude,Longitude,Phone,Opening hours,Wheelchair access,Languages,Last checked\n\
a1,Corner Café,1 High Street,Smethwick,B66 1BB,52.5037,-1.9679,+44 121 496 0101,Mo-Fr 09:00-17:00; PH off,yes,\"en,pl\",2026-05-01\n\
a2,Old Library,2 High Street,Smethwick,B66 1BB,,,0121 496 0102,Monday to Friday 9am to 5pm,no,,\n";

#[test]
fn a_dry_run_says_everything_and_changes_nothing() {
    let office = Office::new();
    let file = office.file("places.csv", PLACES);
    let data = office.data();
    let order = Order {
        apply: false,
        ..office.order(&data, &file, Format::Csv)
    };
    let (report, lines) = imported(&order).expect("read");
    assert_eq!(outcomes(&lines), [Outcome::New, Outcome::New]);
    assert_eq!((report.imported, office.records().len()), (None, 0));
    assert!(
        said(&lines).contains("position guessed from B66 1BB"),
        "{}",
        said(&lines)
    );
}

#[test]
fn a_file_read_again_is_the_same_and_one_change_is_one_change() {
    let office = Office::new();
    let (_, lines) = office.csv(PLACES);
    assert_eq!(outcomes(&lines), [Outcome::New, Outcome::New]);
    let (_, lines) = office.csv(PLACES);
    assert_eq!(outcomes(&lines), [Outcome::Same, Outcome::Same]);
    let moved = PLACES.replace("0121 496 0102", "0121 496 0103");
    let (report, lines) = office.csv(moved);
    assert_eq!(outcomes(&lines), [Outcome::Same, Outcome::Changed]);
    assert_eq!(lines[1].changes, ["telephone"]);
    assert_eq!(report.imported.map(|done| done.changed), Some(1));
    let records = office.records();
    assert_eq!(records.len(), 2);
    let cafe = &records[0].place;
    assert_eq!(
        (cafe.id.as_str(), cafe.status),
        ("corner-cafe", Status::Active)
    );
    assert_eq!(
        cafe.opening_hours.as_deref(),
        Some("Mo-Fr 09:00-17:00; PH off")
    );
    assert_eq!(
        records[1].place.opening_hours.as_deref(),
        Some("Mo-Fr 09:00-17:00")
    );
}

#[test]
fn the_same_letters_come_out_of_every_encoding() {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let marked = format!("\u{feff}{PLACES}");
        marked.encode_utf16().flat_map(bytes).collect()
    };
    let windows: Vec<u8> = PLACES.chars().map(|c| c as u32 as u8).collect();
    let marked = format!("\u{feff}{PLACES}").into_bytes();
    let files = [
        (PLACES.as_bytes().to_vec(), Spelled::Unicode),
        (marked, Spelled::Unicode),
        (utf16(u16::to_le_bytes), Spelled::Unicode),
        (utf16(u16::to_be_bytes), Spelled::Unicode),
        (windows, Spelled::Windows1252),
        (
            PLACES
                .replace(',', ";")
                .replace("\"en;pl\"", "en")
                .into_bytes(),
            Spelled::Unicode,
        ),
    ];
    for (at, (bytes, spelled)) in files.into_iter().enumerate() {
        let office = Office::new();
        let (report, _) = office.csv(bytes);
        assert_eq!(report.letters, spelled, "file {at}");
        assert_eq!(office.records()[0].place.name, "Corner Café", "file {at}");
    }
}

#[test]
fn rows_of_mixed_encodings_are_named() {
    let office = Office::new();
    let mut bytes = PLACES.as_bytes().to_vec();
    bytes.extend(b"a3,Caf\xE9 Two,3 Low Street,Oldbury,B69 4RJ,,,,,,,\n");
    let (report, lines) = office.csv(bytes);
    assert_eq!(report.letters, Spelled::Mixed);
    assert_eq!(report.totals.with("letters read as Windows-1252"), 1);
    assert!(
        lines[2]
            .to_string()
            .contains("letters read as Windows-1252")
    );
    assert_eq!(lines[2].name, "Café Two");
}

#[test]
fn nothing_is_guessed_open_and_nobody_is_sent_into_the_sea() {
    let office = Office::new();
    let (report, lines) = office.csv(
        "id,name,address,postcode,lat,lon,hours\n\
         1,Late Shop,1 A Street,B66 1BB,,,Mo 17:00-13:00\n\
         2,Vague Hall,2 A Street,B66 1BB,,,\"by appointment, most days\"\n\
         3,Swapped,3 A Street,,-1.9679,52.5037,\n\
         4,At sea,4 A Street,,55.0,2.4,\n\
         5,Grid,5 A Street,B66 1BB,402278,289529,\n\
         6,,6 A Street,B66 1BB,,,\n\
         1,Again,7 A Street,B66 1BB,,,\n",
    );
    use Outcome::{New, Refused};
    assert_eq!(
        outcomes(&lines),
        [New, New, New, Refused, New, Refused, Refused]
    );
    let said = said(&lines);
    for words in [
        "hours \"Mo 17:00-13:00\" are not understood",
        "latitude and longitude were swapped",
        "in the sea or outside the UK",
        "easting and northing the other way round: 52.5036",
        "no name",
        "the same as row 2",
    ] {
        assert!(said.contains(words), "{words:?} is not in {said}");
    }
    assert_eq!(report.totals.with("hours not understood: kept out"), 2);
    assert!(
        office
            .records()
            .iter()
            .all(|record| record.place.opening_hours.is_none())
    );
}

#[test]
fn closed_places_leave_and_stay_away() {
    let office = Office::new();
    office.csv(PLACES);
    let (head, rest) = PLACES.split_once('\n').expect("lines");
    let rows: Vec<_> = rest.lines().collect();
    let closed = format!(
        "{head},Year closed\n{},2019\n{},2099\nb9,Gone,9 Low Street,,B66 1BB,,,,,,,,2016\n",
        rows[0], rows[1]
    );
    let (report, lines) = office.csv(closed);
    assert_eq!(
        outcomes(&lines),
        [Outcome::Same, Outcome::ClosedBefore, Outcome::Closes]
    );
    assert_eq!(report.imported.map(|done| done.removed), Some(1));
    let status: Vec<_> = office
        .records()
        .iter()
        .map(|record| record.place.status)
        .collect();
    assert_eq!(status, [Status::Closed, Status::Active]);
}

#[test]
fn a_row_that_is_open_stands_above_one_that_is_closed() {
    let office = Office::new();
    let moved = "name,address,postcode,Year closed\nHall,1 A Street,B66 1BB,2016\nHall,2 A Street,B66 1BB,\nHall,1 A Street,B66 1BB,2017\n";
    use Outcome::{ClosedBefore, New, Same};
    let (_, lines) = office.csv(moved);
    assert_eq!(outcomes(&lines), [ClosedBefore, New, ClosedBefore]);
    let (report, lines) = office.csv(moved);
    assert_eq!(report.totals.of(Outcome::Closes), 0, "{}", said(&lines));
    assert_eq!(report.totals.of(Same), 1);
    assert_eq!(office.records()[0].place.status, Status::Active);
}

/// What a phone would be told is asked again at once, also when another program wrote.
#[tokio::test]
async fn a_running_server_sees_an_import_at_once() {
    use server::store::Store;
    use server::store::sqlite::{Limits, Sqlite};
    let office = Office::new();
    let data = office.data();
    let limits = Limits {
        max_bytes: 0,
        queue: 4,
        max_pages: None,
    };
    let store = Sqlite::open(&data, limits).expect("it opens");
    let before = store.places_mark().await.expect("readable");
    assert_eq!(store.places_mark().await, Ok(before));
    office.csv(PLACES);
    let after = store.places_mark().await.expect("readable");
    assert_ne!(after.whole, before.whole);
    assert_eq!(
        after.whole,
        store.places_after(0, 10).await.expect("readable").whole
    );
    assert_eq!(store.places_mark().await, Ok(after));
    store.close().await;
}

#[test]
fn a_place_known_by_its_district_only_is_not_shown_to_anybody() {
    let office = Office::new();
    office.csv("name,address,postcode\nFar Library,1 Union Street,AB25 1GW\n");
    assert_eq!(office.records()[0].place.status, Status::Invited);
}

#[test]
fn possible_duplicates_are_told_and_not_merged() {
    let office = Office::new();
    office.csv(PLACES);
    let file = office.file(
        "others.csv",
        "name,address,postcode\nThe Corner Cafe,1 High St,B66 1BB\nQuite Other,1 High St,B66 1BB\nQuite Othr,1 High St,B66 1BB\n",
    );
    let data = office.data();
    let order = Order {
        source: "charity",
        ..office.order(&data, &file, Format::Csv)
    };
    let (report, lines) = imported(&order).expect("imported");
    assert!(
        lines[0]
            .to_string()
            .contains("possibly the same as Corner Café (corner-cafe)"),
        "{}",
        lines[0]
    );
    assert!(
        lines[2]
            .to_string()
            .contains("possibly the same as Quite Other in row 3"),
        "{}",
        lines[2]
    );
    assert_eq!(report.totals.with("possible duplicate"), 2);
    assert_eq!(office.records().len(), 5);
}

#[test]
fn columns_can_be_said_where_no_header_says_them() {
    let office = Office::new();
    let file = office.file("bare.csv", "7,Corner Café,1 High Street,B66 1BB\n");
    let data = office.data();
    let refused = imported(&office.order(&data, &file, Format::Csv)).expect_err("no header");
    assert!(refused.to_string().contains("--map"), "{refused}");
    let said = |column: &str, field| -> Said { (column.to_owned(), field) };
    let order = Order {
        said: vec![
            said("1", Field::Id),
            said("2", Field::Name),
            said("3", Field::Address),
            said("4", Field::Postcode),
        ],
        ..office.order(&data, &file, Format::Csv)
    };
    let (_, lines) = imported(&order).expect("imported");
    assert_eq!(
        (outcomes(&lines), lines[0].external_id.as_str()),
        (vec![Outcome::New], "7")
    );
}

#[test]
fn a_file_cut_short_imports_nothing() {
    let office = Office::new();
    let whole = r#"{"type":"FeatureCollection","features":[{"id":"n1","geometry":{"type":"Point","coordinates":[-1.9679,52.5037]},"properties":{"name":"A","addr:street":"High Street"}},{"id":"n2""#;
    let file = office.file("cut.geojson", whole);
    let data = office.data();
    let error = imported(&office.order(&data, &file, Format::Geojson)).expect_err("cut short");
    assert!(
        error.to_string().contains("nothing was imported"),
        "{error}"
    );
    assert_eq!(office.records().len(), 0);
    // A quote that is never closed takes in the rest of the file; it is refused, not kept in memory.
    let mut long = b"name,address,postcode\n\"A,1 High Street,B66 1BB\n".to_vec();
    long.extend(b"B,2 High Street,B66 1BB\n".repeat(100_000));
    let (_, lines) = office.csv(long);
    assert_eq!(outcomes(&lines), [Outcome::Refused]);
    assert!(lines[0].to_string().contains("quote"), "{}", lines[0]);
}

#[test]
fn what_goes_out_comes_in_again_the_same() {
    let office = Office::new();
    office.csv(PLACES);
    let held = office.records();
    for (format, kind) in [
        ("csv", Format::Csv),
        ("geojson", Format::Geojson),
        ("oruk", Format::Oruk),
    ] {
        let bytes = office.exported(format);
        let other = Office::new();
        let file = other.file("exported", &bytes);
        other.import(&file, kind);
        assert_eq!(
            other.records(),
            held,
            "{format}: {}",
            String::from_utf8_lossy(&bytes)
        );
        let (_, lines) = other.import(&file, kind);
        assert_eq!(outcomes(&lines), [Outcome::Same, Outcome::Same], "{format}");
    }
}

#[test]
fn a_formula_is_text_here_and_in_what_goes_out() {
    let office = Office::new();
    let (report, _) = office.csv("name,address,postcode,phone\n\"=HYPERLINK(\"\"http://a.example\"\")\",@home,B66 1BB,+44 121 496 0101\n");
    assert_eq!(report.totals.with("looks like a formula: kept as text"), 1);
    let out = String::from_utf8(office.exported("csv")).expect("UTF-8");
    assert!(out.contains("\"'=HYPERLINK"), "{out}");
    assert!(
        out.contains(",'@home,") && out.contains(",+44 121 496 0101,"),
        "{out}"
    );
    let other = Office::new();
    other.csv(&out);
    assert_eq!(other.records()[0].place, office.records()[0].place);
}

#[test]
fn openstreetmap_and_open_referral_are_read_as_they_are_written() {
    let office = Office::new();
    let osm = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[-1.968,52.503],[-1.967,52.503],[-1.967,52.504],[-1.968,52.504],[-1.968,52.503]]]},
         "properties":{"@id":"way/1","name":"Market Hall","addr:housenumber":"4","addr:street":"High Street","addr:city":"Smethwick","opening_hours":"Mo-Sa 08:00-18:00; PH off","wheelchair":"yes","phone":"+44 121 496 0110"}},
        {"type":"Feature","geometry":{"type":"Point","coordinates":[-1.9679,52.5037]},
         "properties":{"@id":"node/2","name":"Old Pub","addr:street":"High Street","disused:amenity":"pub"}}]}"#;
    let file = office.file("osm.geojson", osm);
    let (_, lines) = office.import(&file, Format::Geojson);
    assert_eq!(outcomes(&lines), [Outcome::New, Outcome::ClosedBefore]);
    let hall = office.records().remove(0).place;
    assert_eq!(
        (hall.external_id.as_str(), hall.address.as_str()),
        ("way/1", "4 High Street, Smethwick")
    );
    assert_eq!(
        hall.opening_hours.as_deref(),
        Some("Mo-Sa 08:00-18:00; PH off")
    );
    assert!((hall.point.lat - 52.5035).abs() < 1e-9);

    let office = Office::new();
    let feed = r#"{"contents":[{"id":"s1","name":"Drop-in","status":"active","assured_date":"2026-03-01",
        "schedules":[{"id":"x","freq":"WEEKLY","byday":"MO,WE","opens_at":"10:00","closes_at":"12:30"}],
        "service_at_locations":[{"id":"l1","location":{"id":"l","location_type":"physical","latitude":52.5037,"longitude":-1.9679,
            "addresses":[{"address_1":"5 High Street","city":"Smethwick","postal_code":"B66 1BB"}]}}]},
        {"id":"s2","name":"Monthly","status":"active",
        "schedules":[{"id":"y","freq":"MONTHLY","bymonthday":"2","opens_at":"10:00","closes_at":"12:30"}],
        "service_at_locations":[{"id":"l2","location":{"latitude":52.5037,"longitude":-1.9679,"addresses":[{"address_1":"6 High Street"}]}}]},
        {"id":"s3","name":"Nowhere","status":"active"},{"id":"s4","name":"No more","status":"defunct"}]}"#;
    let file = office.file("feed.json", feed);
    let (report, lines) = office.import(&file, Format::Oruk);
    assert_eq!(
        outcomes(&lines),
        [
            Outcome::New,
            Outcome::New,
            Outcome::Refused,
            Outcome::ClosedBefore
        ]
    );
    assert_eq!(report.totals.with("hours not understood: kept out"), 1);
    let records = office.records();
    assert_eq!(
        records[0].place.opening_hours.as_deref(),
        Some("Mo 10:00-12:30; We 10:00-12:30")
    );
}

/// The memory this process has taken at most so far, in KiB.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
    number.expect("a number")
}

#[test]
#[ignore = "takes minutes; run it in a release build"]
fn two_hundred_megabytes_pass_through_a_small_memory() {
    let office = Office::new();
    let path = office.0.path().join("large.csv");
    let mut file = std::io::BufWriter::new(fs::File::create(&path).expect("made"));
    writeln!(file, "id,name,address,postcode,lat,lon,hours").expect("written");
    let filler = "x".repeat(180);
    for number in 0..900_000_u32 {
        let lat = 50.0 + f64::from(number % 50_000) / 10_000.0;
        writeln!(
            file,
            "{number},Hall {number},{filler},,{lat},-1.9,Mo-Fr 09:00-17:00"
        )
        .expect("written");
    }
    file.flush().expect("written");
    assert!(fs::metadata(&path).expect("there").len() > 200_000_000);
    let before = most_memory();
    let data = office.data();
    let order = Order {
        apply: false,
        ..office.order(&data, &path, Format::Csv)
    };
    let report = run::import(&order, |_| {}).expect("read");
    let took = most_memory() - before;
    assert_eq!(report.totals.rows(), 900_000);
    assert!(took < 100_000, "{took} KiB");
}
