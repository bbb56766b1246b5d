//! What the server reads: a scheme's files, lists of places of others, opening hours, links, pictures.

use std::io::Cursor;
use std::path::Path;
use std::sync::LazyLock;

use domain::hours::Hours;
use domain::time::{Day, Timestamp};
use server::changes::Changes;
use server::exchange::draft::Draft;
use server::exchange::gazetteer::Gazetteer;
use server::exchange::judge::judge;
use server::exchange::table::Table;
use server::exchange::{feed, geojson, services, week};
use server::hours::expand;
use server::hours::form::Form;
use server::links::{Key, Purpose};
use server::manage::Typed;
use server::record::Nation;
use server::streets::Streets;
use server::{photos, pictograms, scheme};
use tempfile::TempDir;

use crate::Decoder;

const SCHEME: &str = include_str!("../../../server/sample/scheme.toml");
const SERVICES: &str = include_str!("../../../server/sample/services.toml");
const PLACES: &str = include_str!("../../../server/sample/places.csv");
const TABLE: &str = "Name;Address;Postcode;Easting;Northing;Mon;Tue;Phone\nCape Hall;\"1 Lane; Town\";B66 4AA;401234;289012;9am-5pm;closed;0121 496 0101\n";
const FEATURES: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"node/5","geometry":{"type":"Point","coordinates":[-1.9952,52.5178]},"properties":{"name":"Cape Hall","addr:street":"Example Lane","addr:housenumber":"1","addr:postcode":"B66 4AA","opening_hours":"Mo-Fr 09:00-17:00; PH off","phone":"+44 121 496 0101","wheelchair":"yes"}}]}"#;
const DIRECTORY: &str = r#"{"contents":[{"id":"26ce16ef-f475-81a8-a8c8-f3f7753aa2b9","name":"Cape Hall","status":"active","service_at_locations":[{"id":"72260f13","location":{"name":"Cape Hall","latitude":52.5,"longitude":-1.99,"addresses":[{"address_1":"1 Example Lane","city":"Smethwick","postal_code":"B66 4AA"}],"accessibility":[{"description":"step-free"}]},"schedules":[{"freq":"WEEKLY","byday":"MO,TU","opens_at":"09:00","closes_at":"17:00"}]}]}]}"#;
const QUESTIONS: &str = "# ours\nhide vehicle\nafter where\n? tram one red blue\n= en tram.label = Which tram line was it?\n=  en  tram.red=The red one\n= en tram.blue = The blue one\nsection ours\n? member line\n= en section.ours = About us\n= en member.label = Your member's number\n= en role.label = Who was hurt?\n";
const HOURS: [&str; 6] = [
    "Mo-Fr 09:00-17:00; PH off",
    "Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-14:00; Dec 25-26 off",
    "24/7",
    "2026 Dec 24 10:00-12:00",
    "Mo-Su 20:00-02:00 \"ring first\"",
    "week 2-52/2 We 10:00-12:00",
];
const WEEKS: [&str; 4] = [
    "Mon-Fri 9am-5pm",
    "Monday to Friday 9 - 5.30, Sat 10-2",
    "daily 08:00-20:00",
    "closed",
];
const TYPED: &str = "c0=on\nc1=on\nc2=on\nc3=on\nhours=form\nd0=open\nd0a=09:00\nd0b=17:00\nd1=closed\nd2=ask\nd3=closed\nd4=closed\nd5=closed\nd6=closed\nph=closed\nx0=open\nx0f=2026-12-24\nx0l=2026-12-24\nx0a=10:00\nx0b=12:00\ntelephone=0121 496 0101\ntrained=2026-01-05\n";
const DRAWING: &str = r##"<svg xmlns="http://www.w3.org/2000/svg"><symbol id="p-help" viewBox="0 0 24 24"><path d="M1 1h5"/></symbol></svg>"##;
/// One grey pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDATx\x9c\x63\x68\0\0\0\x82\0\x81\x77\xcd\x72\xb6\0\0\0\0IEND\xaeB\x60\x82";

fn today() -> Day {
    Day::on(2026, 11, 22).expect("a day")
}

pub fn decoders() -> Vec<Decoder> {
    vec![
        Decoder::new("table-of-places", tables(), table),
        list("features-of-places", FEATURES, "features", |value| {
            vec![geojson::draft(value)]
        }),
        list(
            "directory-of-places",
            DIRECTORY,
            "contents",
            services::drafts,
        ),
        Decoder::of_text("opening-hours", &HOURS, hours),
        Decoder::of_text("week-in-words", &WEEKS, |text| {
            week::day(text);
            let read = week::week(text);
            if let Some(notation) = read.as_ref().and_then(week::notation) {
                assert!(expand::read(&notation).is_ok(), "{notation}");
            }
            read.is_some() || WEEKS.contains(&text)
        }),
        Decoder::of_text("page-of-a-manager", &[TYPED], |text| {
            let mut typed = Typed::default();
            for (field, value) in text.lines().filter_map(|line| line.split_once('=')) {
                typed.put(field, value);
            }
            typed.read(4, today()).is_ok()
        }),
        links(),
        files("scheme.toml", SCHEME),
        files("services.toml", SERVICES),
        files("places.csv", PLACES),
        files("questions.txt", QUESTIONS),
        Decoder::of_text("pictograms", &[DRAWING], |text| {
            pictograms::completed(text, DRAWING);
            pictograms::problems(text).is_empty() || text == DRAWING
        }),
        pictures(),
        streets(),
        changes(),
    ]
}

fn tables() -> Vec<Vec<u8>> {
    let wide = TABLE.encode_utf16().flat_map(u16::to_le_bytes);
    let wide = [0xFF, 0xFE].into_iter().chain(wide).collect();
    vec![PLACES.into(), TABLE.into(), wide]
}

fn table(bytes: &[u8]) -> bool {
    let Ok(mut table) = Table::open(Cursor::new(bytes), &[]) else {
        return false;
    };
    for (_, draft) in table.by_ref() {
        tried(draft);
    }
    true
}

/// Made once: making it takes longer than many readings.
static LISTS: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::new(None));

fn tried(draft: Draft) {
    judge(draft, &LISTS, today());
}

fn list(
    name: &'static str,
    seed: &'static str,
    key: &'static str,
    drafts: fn(&serde_json::Value) -> Vec<Draft>,
) -> Decoder {
    Decoder::new(name, vec![seed.into()], move |bytes| {
        let read = feed::each(bytes, key, |value| {
            for draft in drafts(&value) {
                tried(draft);
            }
            true
        });
        read.unwrap_or(false)
    })
}

fn hours(text: &str) -> bool {
    let Ok(readable) = expand::read(text) else {
        return false;
    };
    let model = readable.model(Nation::England, today(), 60);
    let json = serde_json::to_string(&model).expect("plain data");
    assert_eq!(serde_json::from_str::<Hours>(&json).ok(), Some(model));
    if let Ok(form) = Form::read(text, Nation::England, today()) {
        let again = Form::read(&form.print(), Nation::England, today());
        assert_eq!(again, Ok(form));
    }
    true
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn links() -> Decoder {
    let data = folder();
    // Always the same: a finding can be read again.
    std::fs::create_dir(data.path().join("keys")).expect("made");
    std::fs::write(data.path().join("keys/links.key"), [7; 64]).expect("written");
    let key = Key::load(data.path()).expect("a key");
    let now = Timestamp(1_795_428_548_000);
    let place = || "hawthorns-house".parse().expect("an id");
    let seeds = [Purpose::Welcome, Purpose::Confirm].map(|purpose| {
        let link = Key::draw(place(), purpose, now).expect("random numbers");
        key.sign(&link)
    });
    let seeds: Vec<&str> = seeds.iter().map(String::as_str).collect();
    Decoder::of_text("link", &seeds, move |text| match key.open(text, now) {
        Ok(link) => {
            assert_eq!(key.sign(&link), text);
            true
        }
        Err(_) => false,
    })
}

/// One file of a scheme's folder; the others are the sample's.
fn files(name: &'static str, seed: &'static str) -> Decoder {
    let folder = folder();
    let others = [
        ("scheme.toml", SCHEME),
        ("services.toml", SERVICES),
        ("places.csv", PLACES),
    ];
    for (other, text) in others {
        std::fs::write(folder.path().join(other), text).expect("written");
    }
    Decoder::new(name, vec![seed.into()], move |bytes| {
        std::fs::write(folder.path().join(name), bytes).expect("written");
        match scheme::load(Some(folder.path())) {
            Ok(_) => true,
            Err(problem) => {
                assert!(!problem.to_string().is_empty());
                false
            }
        }
    })
}

fn pictures() -> Decoder {
    let drawn = photos::redraw(PNG).expect("a picture");
    Decoder::new("picture", vec![PNG.to_vec(), drawn], |bytes| {
        let Ok(drawn) = photos::redraw(bytes) else {
            return false;
        };
        assert!(photos::redraw(&drawn).is_ok());
        true
    })
}

fn streets() -> Decoder {
    let data = folder();
    let mut pack = b"PMTiles\x03".to_vec();
    pack.resize(200, 0);
    Decoder::new("street-pack", vec![pack], move |bytes| {
        let path = data.path().join("streets.pmtiles");
        std::fs::write(path, bytes).expect("written");
        match Streets::open(data.path()) {
            Ok(Some(streets)) => streets.read(0, bytes.len()).is_ok_and(|all| all == bytes),
            _ => false,
        }
    })
}

fn changes() -> Decoder {
    let data = folder();
    let seed = "erased mfrggzdfmztwq2lknnwg23tpoa\n\nkeyset 7\n";
    Decoder::of_text("file-of-changes", &[seed], move |text| {
        let path: &Path = &data.path().join("changes.log");
        std::fs::write(path, text).expect("written");
        Changes::at(path.to_owned()).read().is_ok()
    })
}
