//! An import from its file to its report, and, where that is wanted, into the database.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

use domain::postcode::Postcode;
use domain::time::Timestamp;

use super::draft::{Draft, Guess, Note, Refusal, Remark};
pub use super::error::ImportError;
use super::gazetteer::Gazetteer;
use super::judge::{Entry, Verdict, judge};
use super::likeness::likeness;
use super::report::{Line, Outcome, Sheet, Totals};
use super::table::{Said, Shape, Table};
use super::{Format, feed, geojson, services};
use crate::record::{ListedPlace, Nation, Record, Status};
use crate::scheme::slug;
use crate::store::Imported;
use crate::store::sqlite::desk::{Desk, NotDone};

/// What to import, and how.
pub struct Order<'a> {
    /// Folder of the database.
    pub data: &'a Path,
    /// The file.
    pub file: &'a Path,
    /// Whose list it is; its ids are matched within it.
    pub source: &'a str,
    /// How it is written.
    pub format: Format,
    /// What columns are for, where that is said.
    pub said: Vec<Said>,
    /// Where places stand that are new.
    pub status: Status,
    /// Where the complete report goes.
    pub report: Option<&'a Path>,
    /// Whether to do it, or only to say what would be done.
    pub apply: bool,
    /// Who does it, for the history.
    pub who: &'a str,
    /// Now.
    pub now: Timestamp,
    /// A scheme's own whole postcodes.
    pub postcodes: Option<&'a [u8]>,
}

/// What came of it.
#[derive(Debug)]
pub struct Report {
    /// What was found out about a table.
    pub shape: Option<Shape>,
    /// How fields of a table were encoded.
    pub letters: Spelled,
    /// Counts.
    pub totals: Totals,
    /// Places of the source that the file does not have.
    pub missing: u64,
    /// What was done; `None` where nothing was to be done.
    pub imported: Option<Imported>,
}

/// How the fields of a table were encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelled {
    /// All in one way, UTF-8 or UTF-16.
    Unicode,
    /// Some in Windows-1252, none in UTF-8.
    Windows1252,
    /// Some rows so, others so.
    Mixed,
}

/// Reads the file, says what each row becomes, and imports it all where that is ordered. `each` hears
/// of every row.
pub fn import(order: &Order<'_>, mut each: impl FnMut(&Line)) -> Result<Report, ImportError> {
    let file = File::open(order.file)
        .map_err(|cause| ImportError::Unreadable(order.file.to_owned(), cause))?;
    let file = BufReader::with_capacity(64 * 1024, file);
    let mut work = Work::begin(order)?;
    let (shape, letters) = match order.format {
        Format::Csv => work.table(file, &mut each)?,
        Format::Geojson => work.json(
            file,
            "features",
            |value| vec![geojson::draft(value)],
            &mut each,
        )?,
        Format::Oruk => work.json(file, "contents", services::drafts, &mut each)?,
    };
    work.close(&mut each)?;
    work.finish(shape, letters)
}

/// An import on its way.
struct Work<'a> {
    order: &'a Order<'a>,
    desk: Desk,
    lists: Gazetteer,
    totals: Totals,
    sheet: Option<Sheet<BufWriter<File>>>,
    /// Rows by which places that are held would close; told at the end.
    closing: Vec<Line>,
}

impl<'a> Work<'a> {
    fn begin(order: &'a Order<'a>) -> Result<Self, ImportError> {
        let begin = |path: &Path| {
            let written = |cause| ImportError::Report(path.to_owned(), cause);
            let file = File::create(path).map_err(written)?;
            Sheet::begin(BufWriter::new(file)).map_err(|error| written(error.into()))
        };
        Ok(Self {
            order,
            desk: Desk::open(order.data)?,
            lists: Gazetteer::new(order.postcodes),
            totals: Totals::default(),
            sheet: order.report.map(begin).transpose()?,
            closing: Vec::new(),
        })
    }

    fn table(
        &mut self,
        file: BufReader<File>,
        each: &mut dyn FnMut(&Line),
    ) -> Result<(Option<Shape>, Spelled), ImportError> {
        let path = || self.order.file.to_owned();
        let mut table = Table::open(file, &self.order.said)
            .map_err(|error| ImportError::Table(path(), error))?;
        for (row, draft) in table.by_ref() {
            self.row(row, draft, each)?;
        }
        let letters = match (table.mixed(), table.any_windows1252()) {
            (true, _) => Spelled::Mixed,
            (false, true) => Spelled::Windows1252,
            (false, false) => Spelled::Unicode,
        };
        Ok((Some(table.shape), letters))
    }

    fn json(
        &mut self,
        file: BufReader<File>,
        list: &'static str,
        drafts: impl Fn(&serde_json::Value) -> Vec<Draft>,
        each: &mut dyn FnMut(&Line),
    ) -> Result<(Option<Shape>, Spelled), ImportError> {
        let path = self.order.file.to_owned();
        let mut failed = None;
        let mut number = 0;
        let found = feed::each(file, list, |value| {
            for draft in drafts(&value) {
                number += 1;
                if let Err(error) = self.row(number, draft, each) {
                    failed = Some(error);
                    return false;
                }
            }
            true
        });
        match (failed, found) {
            (Some(error), _) => Err(error),
            (None, Err(error)) => Err(ImportError::Json(path, error)),
            (None, Ok(false)) => Err(ImportError::NothingThere(path, list)),
            (None, Ok(true)) => Ok((None, Spelled::Unicode)),
        }
    }

    fn row(
        &mut self,
        row: u64,
        draft: Draft,
        each: &mut dyn FnMut(&Line),
    ) -> Result<(), ImportError> {
        let name = draft.name.clone();
        let external_id = draft.external_id.clone();
        let status = draft.status.parse::<Status>().ok();
        let (verdict, remarks) = judge(draft, &self.lists, self.order.now.in_london().day);
        let mut line = Line {
            row,
            external_id,
            name,
            outcome: Outcome::Refused,
            changes: Vec::new(),
            remarks,
        };
        match verdict {
            Verdict::Refused => {}
            Verdict::Closed(key) => self.closed(key, &mut line)?,
            Verdict::Taken(entry) => self.taken(*entry, status, &mut line)?,
        }
        match line.outcome {
            // Whether it does, the rest of the file says.
            Outcome::Closes => {
                self.closing.push(line);
                Ok(())
            }
            _ => self.tell(&line, each),
        }
    }

    /// Puts a row into the report.
    fn tell(&mut self, line: &Line, each: &mut dyn FnMut(&Line)) -> Result<(), ImportError> {
        self.totals.add(line);
        if let Some(sheet) = &mut self.sheet {
            let path = self.order.report.unwrap_or(Path::new("the report"));
            sheet
                .add(line)
                .map_err(|error| ImportError::Report(path.to_owned(), error.into()))?;
        }
        each(line);
        Ok(())
    }

    /// Tells of the places that close: not of those that another row knows to be open.
    fn close(&mut self, each: &mut dyn FnMut(&Line)) -> Result<(), ImportError> {
        for mut line in std::mem::take(&mut self.closing) {
            if let Some((row, false)) = self.desk.row_of(&line.external_id)? {
                line.outcome = Outcome::ClosedBefore;
                line.remarks.push(Remark::Told(Note::OpenElsewhere { row }));
            }
            self.tell(&line, each)?;
        }
        Ok(())
    }

    fn closed(&mut self, key: String, line: &mut Line) -> Result<(), ImportError> {
        let held = self.desk.held(self.order.source, &key)?;
        let before = self.desk.row_of(&key)?;
        line.outcome = match held {
            Some(held) if before.is_none() && held.place.status != Status::Closed => {
                Outcome::Closes
            }
            _ => Outcome::ClosedBefore,
        };
        match before {
            None => self.desk.stage_closed(line.row, &key)?,
            Some((row, true)) => line.remarks.push(Remark::Told(Note::AlsoClosed { row })),
            Some((row, false)) => line.remarks.push(Remark::Told(Note::OpenElsewhere { row })),
        }
        line.external_id = key;
        Ok(())
    }

    fn taken(
        &mut self,
        entry: Entry,
        status: Option<Status>,
        line: &mut Line,
    ) -> Result<(), ImportError> {
        line.external_id.clone_from(&entry.external_id);
        match self.desk.row_of(&entry.external_id)? {
            None => {}
            Some((row, true)) => line
                .remarks
                .push(Remark::Guessed(Guess::ClosedElsewhere { row })),
            Some((row, false)) => {
                line.remarks.push(Remark::Refused(Refusal::Twice { row }));
                return Ok(());
            }
        }
        let held = self.desk.held(self.order.source, &entry.external_id)?;
        let id = match &held {
            Some(held) => held.place.id.clone(),
            None => self.desk.free_id(&slug(&entry.name))?,
        };
        let exact = entry.exact;
        let own = held.as_ref().map(|held| held.place.id.clone());
        let point = exact.then_some(entry.point);
        let alike = self
            .desk
            .alike(point, entry.postcode.as_deref(), own.as_ref())?;
        let listed = self.listed(entry, id, status);
        if let Some(note) = likeness(&listed, point, alike) {
            line.remarks.push(Remark::Told(note));
        }
        (line.outcome, line.changes) = match held {
            None => (Outcome::New, Vec::new()),
            Some(held) => self.difference(&held, &listed)?,
        };
        self.desk.stage(line.row, &listed, exact)?;
        Ok(())
    }

    /// What differs from what the source said the last time.
    fn difference(
        &self,
        held: &Record,
        listed: &ListedPlace,
    ) -> Result<(Outcome, Vec<&'static str>), ImportError> {
        let before = self.desk.listed_as(&held.place.id)?;
        let Some(before) = before.filter(|_| held.listed) else {
            return Ok((Outcome::New, Vec::new()));
        };
        let fields = |place: &ListedPlace| Record::new(&held.source, place.clone()).fields();
        let pairs = fields(&before).into_iter().zip(fields(listed));
        let changes: Vec<_> = pairs
            .filter(|(a, b)| a != b)
            .map(|(_, (name, _))| name)
            .collect();
        Ok(match changes.is_empty() {
            true => (Outcome::Same, changes),
            false => (Outcome::Changed, changes),
        })
    }

    /// A place whose door is not known exactly waits for somebody to put it on the map.
    fn listed(&self, entry: Entry, id: domain::id::PlaceId, status: Option<Status>) -> ListedPlace {
        let wanted = match entry.sample {
            true => Status::Sample,
            false => status.unwrap_or(self.order.status),
        };
        let status = match entry.exact {
            true => wanted,
            false => Status::Invited,
        };
        let nation = entry.postcode.as_deref().map_or(Nation::default(), nation);
        let mut place = ListedPlace::new(
            &entry.external_id,
            id,
            &entry.name,
            &entry.address,
            entry.point,
        );
        place.status = status;
        place.nation = nation;
        place.postcode = entry.postcode;
        place.telephone = entry.telephone;
        place.opening_hours = entry.opening;
        place.what = entry.what;
        place.directions = entry.directions;
        place.door = entry.door;
        place.welcome = entry.welcome;
        place.offers = entry.offers;
        place.languages = entry.languages;
        place.checked = entry.checked;
        place
    }

    fn finish(self, shape: Option<Shape>, letters: Spelled) -> Result<Report, ImportError> {
        if let (Some(sheet), Some(path)) = (self.sheet, self.order.report) {
            sheet
                .end()
                .map_err(|cause| ImportError::Report(path.to_owned(), cause))?;
        }
        let missing = self.desk.missing(self.order.source)?.len() as u64;
        let imported = match self.order.apply {
            false => None,
            true => Some(
                self.desk
                    .apply(self.order.source, self.order.who, self.order.now)
                    .map_err(|error| match error {
                        NotDone::Overtaken => ImportError::Overtaken,
                        NotDone::Failed(error) => ImportError::Database(error),
                    })?,
            ),
        };
        Ok(Report {
            shape,
            letters,
            totals: self.totals,
            missing,
            imported,
        })
    }
}

/// By the letters that a postcode begins with; of those on both sides of a border the larger part.
fn nation(postcode: &str) -> Nation {
    const SCOTLAND: [&str; 15] = [
        "AB", "DD", "DG", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "ZE",
    ];
    const WALES: [&str; 5] = ["CF", "LD", "LL", "NP", "SA"];
    let known = Postcode::parse(postcode)
        .map(|postcode| postcode.to_string())
        .unwrap_or_default();
    let area: String = known
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    match area.as_str() {
        "BT" => Nation::NorthernIreland,
        "TD" => Nation::Scotland,
        area if SCOTLAND.contains(&area) => Nation::Scotland,
        area if WALES.contains(&area) => Nation::Wales,
        _ => Nation::England,
    }
}
