//! Places written out for others: CSV, GeoJSON and Open Referral UK.

use std::io::{self, Write};

use domain::place::Offer;
use serde_json::Value;

use super::{Format, geojson, oruk, safe_cell};
use crate::record::ListedPlace;

/// A place to write out: as it is now, under the name by which it is matched again.
pub type Exported = ListedPlace;

const COLUMNS: [&str; 19] = [
    "id",
    "name",
    "address",
    "postcode",
    "lat",
    "lon",
    "telephone",
    "hours",
    "directions",
    "door",
    "what",
    "welcome",
    "languages",
    "step-free",
    "toilets",
    "quiet-room",
    "hearing-loop",
    "checked",
    "status",
];

/// Writes places one by one, so that no number of them fills the memory.
pub struct Export<W: Write> {
    file: W,
    format: Format,
    count: u64,
}

impl<W: Write> Export<W> {
    /// Begins a file.
    pub fn begin(mut file: W, format: Format) -> io::Result<Self> {
        match format {
            Format::Csv => row(&mut file, &COLUMNS.map(str::to_owned))?,
            Format::Geojson => file.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?,
            Format::Oruk => file.write_all(b"{\"contents\":[")?,
        }
        Ok(Self {
            file,
            format,
            count: 0,
        })
    }

    /// Adds a place.
    pub fn add(&mut self, place: &Exported) -> io::Result<()> {
        let element = match self.format {
            Format::Csv => {
                self.count += 1;
                return row(&mut self.file, &cells(place));
            }
            Format::Geojson => geojson::feature(place),
            Format::Oruk => oruk::exported(place),
        };
        self.element(&element)
    }

    /// Ends the file; says how many places are in it.
    pub fn end(mut self) -> io::Result<u64> {
        match self.format {
            Format::Csv => {}
            Format::Geojson => self.file.write_all(b"\n]}\n")?,
            Format::Oruk => self.file.write_all(b"\n]}\n")?,
        }
        self.file.flush()?;
        Ok(self.count)
    }

    fn element(&mut self, element: &Value) -> io::Result<()> {
        let gap: &[u8] = if self.count == 0 { b"\n" } else { b",\n" };
        self.count += 1;
        self.file.write_all(gap)?;
        serde_json::to_writer(&mut self.file, element).map_err(io::Error::from)
    }
}

fn row<const N: usize>(file: &mut impl Write, cells: &[String; N]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    let safe = cells.iter().map(|cell| safe_cell(cell));
    writer
        .write_record(safe.map(|cell| cell.into_owned()))
        .map_err(io::Error::from)?;
    writer.flush()
}

fn cells(place: &Exported) -> [String; 19] {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let offers = Offer::ALL.map(|offer| match place.offers.contains(&offer) {
        true => "yes".to_owned(),
        false => String::new(),
    });
    let [step_free, toilets, quiet_room, hearing_loop] = offers;
    [
        place.external_id.clone(),
        place.name.clone(),
        place.address.clone(),
        or_empty(&place.postcode),
        place.point.lat.to_string(),
        place.point.lon.to_string(),
        or_empty(&place.telephone),
        or_empty(&place.opening_hours),
        or_empty(&place.directions),
        or_empty(&place.door),
        or_empty(&place.what),
        or_empty(&place.welcome),
        place.languages.join(","),
        step_free,
        toilets,
        quiet_room,
        hearing_loop,
        place.checked.map(|day| day.to_string()).unwrap_or_default(),
        place.status.name().to_owned(),
    ]
}
