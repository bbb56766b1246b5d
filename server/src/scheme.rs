//! A scheme's content: what it is called, who reads its reports, its places and its services.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use domain::geo::Point;
use domain::id::PlaceId;
use domain::place::Offer;
use domain::postcode::Pack;
use domain::scheme::{Centre, Service};
use domain::time::Day;
use domain::wire::Retention;
use serde::Deserialize;

use crate::hours;
use crate::keeping;
use crate::pictograms;
use crate::questions;
use crate::record::{ListedPlace, Nation, Status};

const SAMPLE: [(&str, &str); 3] = [
    ("scheme.toml", include_str!("../sample/scheme.toml")),
    ("places.csv", include_str!("../sample/places.csv")),
    ("services.toml", include_str!("../sample/services.toml")),
];

/// Whole postcodes of its neighbourhood, where a scheme's folder has them.
const POSTCODES: &str = "postcodes.bin";

/// Everything one deployment says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheme {
    /// As people know it.
    pub name: String,
    /// For under an icon.
    pub short_name: String,
    /// One sentence for app stores and search.
    pub description: String,
    /// A sample: it makes its own keys, and nobody reads its reports.
    pub demo: bool,
    /// Where it serves.
    pub area: String,
    /// BCP 47 tags; the first is what a phone begins with.
    pub languages: Vec<String>,
    /// Who reads reports.
    pub centres: Vec<Centre>,
    /// When each centre's staff read reports, as `opening_hours`; in the order of the centres.
    pub reads: Vec<Option<String>>,
    /// How long reports are kept.
    pub retention: Retention,
    /// What every Safe Place does, as its manager is asked to tick.
    pub criteria: Vec<String>,
    /// Its Safe Places.
    pub places: Vec<ListedPlace>,
    /// Someone to turn to.
    pub services: Vec<Service>,
    /// Pictograms of its own, checked; absent where it uses ours.
    pub pictograms: Option<String>,
    /// What it changes in the questions of a report, checked; absent where it asks the standard ones.
    pub questions: Option<String>,
    /// A file of postcodes to serve instead of the one that comes with the phone app.
    pub postcodes: Option<Vec<u8>>,
}

/// What is wrong with a scheme's files.
#[derive(Debug)]
pub enum SchemeError {
    /// A file cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// A file holds what cannot be used.
    Malformed {
        /// Its name.
        file: &'static str,
        /// Every problem found.
        problems: Vec<String>,
    },
}

impl fmt::Display for SchemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, cause) => {
                write!(
                    f,
                    "cannot read the scheme's file {}: {cause}.",
                    path.display()
                )
            }
            Self::Malformed { file, problems } => {
                write!(
                    f,
                    "the scheme's {file} cannot be used: {}.",
                    problems.join("; ")
                )
            }
        }
    }
}

/// Reads a scheme from its folder, or the sample that comes with the program.
pub fn load(folder: Option<&Path>) -> Result<Scheme, SchemeError> {
    let text = |name: &str| match folder {
        Some(folder) => {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(|cause| SchemeError::Unreadable(path, cause))
        }
        None => Ok(sample(name).to_owned()),
    };
    let mut scheme = parse(text)?;
    scheme.postcodes = folder.map(postcodes).transpose()?.flatten();
    let changes = folder.map(|folder| questions(folder, &scheme.languages));
    scheme.questions = changes.transpose()?.flatten();
    Ok(scheme)
}

/// What the folder changes in the questions of a report, if anything.
fn questions(folder: &Path, languages: &[String]) -> Result<Option<String>, SchemeError> {
    let path = folder.join(questions::FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(SchemeError::Unreadable(path, cause)),
    };
    let read = questions::read(&text, languages).map(Some);
    read.map_err(|problems| SchemeError::Malformed {
        file: questions::FILE,
        problems,
    })
}

/// The folder's own postcodes, if it has some. What no phone could read is found here, not there.
fn postcodes(folder: &Path) -> Result<Option<Vec<u8>>, SchemeError> {
    let path = folder.join(POSTCODES);
    match fs::read(&path) {
        Ok(bytes) if Pack::read(&bytes).is_some() => Ok(Some(bytes)),
        Ok(_) => Err(SchemeError::Malformed {
            file: POSTCODES,
            problems: vec!["it is not a whole file as public/postcodes.py makes it".to_owned()],
        }),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(SchemeError::Unreadable(path, cause)),
    }
}

fn sample(name: &str) -> &'static str {
    SAMPLE
        .iter()
        .find(|(known, _)| *known == name)
        .map_or("", |(_, text)| text)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenScheme {
    name: String,
    short_name: String,
    description: String,
    #[serde(default)]
    demo: bool,
    area: String,
    languages: Vec<String>,
    #[serde(default)]
    criteria: Vec<String>,
    /// The name of a file beside this one.
    #[serde(default)]
    pictograms: Option<String>,
    #[serde(default)]
    retention: Option<Retention>,
    centres: Vec<WrittenCentre>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCentre {
    id: String,
    name: String,
    #[serde(default)]
    hours: Option<String>,
    /// When its staff read reports: "Mo-Fr 09:00-17:00".
    #[serde(default)]
    reads: Option<String>,
    /// Where it is: degrees north and east.
    #[serde(default)]
    point: Option<Point>,
}

impl WrittenCentre {
    fn centre(self) -> Centre {
        Centre {
            id: self.id,
            name: self.name,
            hours: self.hours,
            reads: None,
            point: self.point,
            offered: true,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenServices {
    services: Vec<Service>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    name: String,
    address: String,
    postcode: String,
    lat: f64,
    lon: f64,
    telephone: String,
    opening_hours: String,
    #[serde(default)]
    what: String,
    directions: String,
    #[serde(default)]
    door: String,
    #[serde(default)]
    welcome: String,
    /// Names with spaces between them.
    #[serde(default)]
    offers: String,
    /// BCP 47 tags with spaces between them.
    #[serde(default)]
    languages: String,
    #[serde(default)]
    nation: Option<Nation>,
    #[serde(default)]
    trained: Option<Day>,
    #[serde(default)]
    checked: Option<Day>,
    #[serde(default)]
    review_by: Option<Day>,
    sample: bool,
}

/// Puts a scheme together from its files, by name.
fn parse(text: impl Fn(&str) -> Result<String, SchemeError>) -> Result<Scheme, SchemeError> {
    let written: WrittenScheme = from_toml("scheme.toml", &text("scheme.toml")?)?;
    let services: WrittenServices = from_toml("services.toml", &text("services.toml")?)?;
    let problems = scheme_problems(&written);
    if !problems.is_empty() {
        return Err(SchemeError::Malformed {
            file: "scheme.toml",
            problems,
        });
    }
    let own = written.pictograms.as_deref();
    Ok(Scheme {
        pictograms: own.map(|name| drawn(name, &text)).transpose()?,
        name: written.name,
        short_name: written.short_name,
        description: written.description,
        demo: written.demo,
        area: written.area,
        languages: written.languages,
        reads: written
            .centres
            .iter()
            .map(|one| one.reads.clone())
            .collect(),
        centres: written
            .centres
            .into_iter()
            .map(WrittenCentre::centre)
            .collect(),
        retention: written.retention.unwrap_or(keeping::USUAL),
        criteria: written.criteria,
        places: parse_places(&text("places.csv")?)?,
        services: services.services,
        questions: None,
        postcodes: None,
    })
}

fn drawn(
    name: &str,
    text: impl Fn(&str) -> Result<String, SchemeError>,
) -> Result<String, SchemeError> {
    let svg = text(name)?;
    let problems = pictograms::problems(&svg);
    if problems.is_empty() {
        Ok(svg)
    } else {
        Err(SchemeError::Malformed {
            file: "pictograms",
            problems,
        })
    }
}

fn from_toml<T: serde::de::DeserializeOwned>(
    file: &'static str,
    text: &str,
) -> Result<T, SchemeError> {
    toml::from_str(text).map_err(|error| SchemeError::Malformed {
        file,
        problems: vec![error.message().replace('\n', " ")],
    })
}

fn scheme_problems(written: &WrittenScheme) -> Vec<String> {
    let mut problems = Vec::new();
    if written.name.trim().is_empty() {
        problems.push("it has no name".to_owned());
    }
    if written.centres.is_empty() {
        problems.push("it has no reporting centre".to_owned());
    }
    let mut seen = BTreeSet::new();
    for centre in &written.centres {
        if centre.id.parse::<PlaceId>().is_err() {
            problems.push(format!(
                "the centre's id \"{}\" has more than a to z, 0 to 9 and hyphens",
                centre.id
            ));
        }
        let reads = centre.reads.as_deref().map(hours::read);
        if let Some(Err(why)) = reads {
            problems.push(format!(
                "when the centre \"{}\" reads cannot be read: {why}",
                centre.id
            ));
        }
        if !seen.insert(&centre.id) {
            problems.push(format!("two centres have the id \"{}\"", centre.id));
        }
    }
    let plain = |name: &str| !name.starts_with('.') && !name.contains(['/', '\\']);
    if let Some(name) = written.pictograms.as_deref().filter(|name| !plain(name)) {
        problems.push(format!(
            "its pictograms \"{name}\" must be a file beside it"
        ));
    }
    if written.languages.is_empty() {
        problems.push("it has no language".to_owned());
    }
    for tag in written
        .languages
        .iter()
        .filter(|tag| words::language(tag).is_none())
    {
        problems.push(format!("there are no texts in the language \"{tag}\""));
    }
    problems
}

fn parse_places(text: &str) -> Result<Vec<ListedPlace>, SchemeError> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let (mut places, mut problems) = (Vec::<ListedPlace>::new(), Vec::new());
    for (at, row) in reader.deserialize().enumerate() {
        let line = at + 2;
        match row.map_err(|error| error.to_string()).and_then(place) {
            Ok(place) if places.iter().any(|known| known.id == place.id) => {
                problems.push(format!(
                    "line {line}: the id \"{}\" stands there twice",
                    place.external_id
                ));
            }
            Ok(place) => places.push(place),
            Err(problem) => problems.push(format!("line {line}: {problem}")),
        }
    }
    if problems.is_empty() {
        Ok(places)
    } else {
        Err(SchemeError::Malformed {
            file: "places.csv",
            problems,
        })
    }
}

fn place(row: Row) -> Result<ListedPlace, String> {
    let known = |text: String| (!text.is_empty()).then_some(text);
    let id = slug(&row.id)
        .parse()
        .map_err(|_| format!("\"{}\" cannot be a place's id", row.id))?;
    let point = Point::new(row.lat, row.lon).ok_or("the position is not on this earth")?;
    if row.name.is_empty() || row.address.is_empty() {
        return Err("name and address must be there".to_owned());
    }
    Ok(ListedPlace {
        external_id: row.id,
        id,
        status: if row.sample {
            Status::Sample
        } else {
            Status::Active
        },
        name: row.name,
        address: row.address,
        postcode: known(row.postcode),
        point,
        nation: row.nation.unwrap_or_default(),
        telephone: known(row.telephone),
        opening_hours: known(row.opening_hours).map(readable).transpose()?,
        what: known(row.what),
        directions: known(row.directions),
        door: known(row.door),
        welcome: known(row.welcome),
        offers: offers(&row.offers)?,
        languages: row.languages.split_whitespace().map(Into::into).collect(),
        trained: row.trained,
        checked: row.checked,
        review_by: row.review_by,
    })
}

fn readable(text: String) -> Result<String, String> {
    match hours::read(&text) {
        Ok(_) => Ok(text),
        Err(why) => Err(format!(
            "the opening hours \"{text}\" cannot be read: {why}"
        )),
    }
}

fn offers(names: &str) -> Result<Vec<Offer>, String> {
    let offer = |name: &str| {
        Offer::named(name).ok_or_else(|| {
            format!("\"{name}\" is none of step-free, toilets, quiet-room and hearing-loop")
        })
    };
    names.split_whitespace().map(offer).collect()
}

/// Lower-case letters and digits, everything else a single hyphen. Other letters than the English ones
/// become those that sound like them: none is lost.
pub(crate) fn slug(text: &str) -> String {
    let text = deunicode::deunicode(text);
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            ' '
        }
    };
    let spaced: String = text.chars().map(plain).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_complete() {
        let scheme = load(None).expect("it comes with the program");
        assert!(scheme.demo);
        assert_eq!(scheme.centres[0].id, "hawthorns");
        let invented = scheme
            .places
            .iter()
            .filter(|place| place.status == Status::Sample)
            .count();
        assert!(invented >= 9 && invented + 1 == scheme.places.len());
    }

    #[test]
    fn postcodes_of_a_scheme_are_read_and_what_no_phone_can_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in SAMPLE {
            fs::write(folder.path().join(name), text).expect("it is ours");
        }
        let load = || load(Some(folder.path())).map(|scheme| scheme.postcodes);
        assert_eq!(load().expect("none is fine"), None);
        // One unit, B1 1AA, at the corner.
        let own = b"SPPC\x01\x00\x00\x01\x01\x01\x02B1\x01\x01\x00\x00\x00".to_vec();
        fs::write(folder.path().join(POSTCODES), &own).expect("it is ours");
        assert_eq!(load().expect("a whole file"), Some(own));
        fs::write(folder.path().join(POSTCODES), "B1 1AA").expect("it is ours");
        let error = load().expect_err("no such file").to_string();
        assert!(error.contains("postcodes.bin"), "{error}");
    }

    #[test]
    fn a_schemes_questions_are_read_and_what_is_wrong_is_named_by_file_and_line() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in SAMPLE {
            fs::write(folder.path().join(name), text).expect("it is ours");
        }
        let load = || load(Some(folder.path())).map(|scheme| scheme.questions);
        assert_eq!(load().expect("none is fine"), None);
        let write = |text: &str| {
            fs::write(folder.path().join(questions::FILE), text).expect("it is ours");
        };
        write("hide vehicle\n");
        assert_eq!(load().expect("good"), Some("hide vehicle".to_owned()));
        write("hide vehicle\nhide share\n");
        let error = load().expect_err("it is needed").to_string();
        assert_eq!(
            error,
            "the scheme's questions.txt cannot be used: line 2: every report needs this question."
        );
    }

    #[test]
    fn the_one_real_place_has_nothing_invented() {
        let scheme = load(None).expect("it comes with the program");
        let real = scheme
            .places
            .iter()
            .find(|place| place.status != Status::Sample)
            .expect("Hawthorns House");
        assert_eq!(real.id.as_str(), "hawthorns-house");
        assert_eq!(
            (&real.telephone, &real.opening_hours, &real.postcode),
            (&None, &None, &None)
        );
    }

    #[test]
    fn invented_numbers_are_kept_free_for_invention() {
        let scheme = load(None).expect("it comes with the program");
        let numbers = scheme
            .places
            .iter()
            .filter_map(|place| place.telephone.as_deref());
        assert!(
            numbers
                .into_iter()
                .all(|number| number.starts_with("0121 496 0"))
        );
    }

    #[test]
    fn every_problem_of_a_list_is_named() {
        let head = "id,name,address,postcode,lat,lon,telephone,opening_hours,directions,sample\n";
        let rows = "a1,A,1 Street,,52,-1,,,,true\na1,B,1 Street,,52,-1,,,,true\nb1,B,,,152,-1,,,,true\nc1,C,x,,far,-1,,,,true\n";
        let error = parse_places(&format!("{head}{rows}"))
            .expect_err("three lines are wrong")
            .to_string();
        assert!(error.contains("line 3: the id \"a1\""), "{error}");
        assert!(error.contains("line 4: the position"), "{error}");
        assert!(error.contains("line 5: "), "{error}");
    }

    #[test]
    fn a_pictogram_file_that_cannot_be_used_stops_the_start() {
        let folder = tempfile::tempdir().expect("a folder");
        let put =
            |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        for (name, text) in SAMPLE {
            put(name, text);
        }
        let svg = "http://www.w3.org/2000/svg";
        let named = |name: &str| format!("pictograms = \"{name}\"\n{}", sample("scheme.toml"));
        let loaded = || load(Some(folder.path())).map_err(|error| error.to_string());
        put("scheme.toml", &named("../own.svg"));
        let outside = loaded().expect_err("it lies elsewhere");
        assert!(outside.contains("must be a file beside it"), "{outside}");
        put("scheme.toml", &named("own.svg"));
        let missing = loaded().expect_err("there is no such file");
        assert!(missing.contains("own.svg"), "{missing}");
        put(
            "own.svg",
            &format!("<svg xmlns=\"{svg}\"><symbol id=\"a\"><script/></symbol></svg>"),
        );
        assert_eq!(
            loaded().expect_err("it has a script"),
            "the scheme's pictograms cannot be used: it has <script>, which is no drawing."
        );
        let good = format!("<svg xmlns=\"{svg}\"><symbol id=\"a\"/></svg>");
        put("own.svg", &good);
        assert_eq!(loaded().map(|scheme| scheme.pictograms), Ok(Some(good)));
    }

    #[test]
    fn an_id_becomes_a_slug() {
        assert_eq!(slug("Café 12/B"), "cafe-12-b");
        assert_eq!(slug("Łódź Ñandú Straße Ŵylan"), "lodz-nandu-strasse-wylan");
        assert_ne!(slug("দোকান"), "");
    }
}
