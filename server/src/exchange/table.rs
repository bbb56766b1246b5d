//! Tables of other people: which sign parts the columns, where the header is, what each row says.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, BufRead, Cursor, Read};
use std::rc::Rc;

use csv::ByteRecord;

use super::columns::Field;
use super::draft::{Draft, Guess, Note, Refusal, Remark, Written};
use super::encoding::{self, Encoding, Letters};

/// As much as is looked at to find the delimiter and the header.
const HEAD: usize = 64 * 1024;
/// A longer row is a quote that was never closed.
const LONGEST_ROW: usize = 1 << 20;
/// The header is among the first so many rows.
const HEADER_WITHIN: usize = 15;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Why a table cannot be read at all.
#[derive(Debug)]
#[allow(
    missing_docs,
    reason = "the variants are the sentences of their Display"
)]
pub enum TableError {
    Read(io::Error),
    NoHeader,
    NoSuchColumn(String),
    NoName,
}

impl std::fmt::Display for TableError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Read(cause) => write!(f, "it cannot be read: {cause}"),
            Self::NoHeader => f.write_str(
                "no row among its first ones names the columns; name them with --map column=field, a column by its header or its number",
            ),
            Self::NoSuchColumn(name) => write!(f, "it has no column \"{name}\""),
            Self::NoName => f.write_str("no column holds the names of the places; say which with --map column=name"),
        }
    }
}

impl From<io::Error> for TableError {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// One assignment of the command line: a column's header or number, and what it is for.
pub type Said = (String, Field);

/// A column and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its header, or its number where there is none.
    pub header: String,
    /// What it is for.
    pub field: Field,
    /// Said on the command line rather than guessed.
    pub said: bool,
}

/// What was found out about a table before its first row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// By its first bytes.
    pub encoding: Encoding,
    /// The sign between columns.
    pub delimiter: char,
    /// The line of the header; `None` where there is none.
    pub header: Option<u64>,
    /// All of them, in order.
    pub columns: Vec<Column>,
}

/// A table, read row by row.
pub struct Table<'a> {
    rows: csv::Reader<Limited<Box<dyn Read + 'a>>>,
    since_row: Rc<Cell<usize>>,
    record: ByteRecord,
    /// What was found out.
    pub shape: Shape,
    /// How fields were read so far: the least and the most.
    letters: (bool, bool),
    ended: bool,
}

impl<'a> Table<'a> {
    /// Looks at the beginning of a file.
    pub fn open(file: impl BufRead + 'a, said: &[Said]) -> Result<Self, TableError> {
        let (encoding, mut text) = encoding::begin(file)?;
        let mut head = vec![0; HEAD];
        let length = encoding::fill(&mut text, &mut head)?;
        head.truncate(length);
        let delimiter = delimiter(&head);
        let (header, columns) = header(&head, delimiter, said)?;
        let since_row = Rc::new(Cell::new(0));
        let whole: Box<dyn Read + 'a> = Box::new(Cursor::new(head).chain(text));
        let limited = Limited {
            inner: whole,
            since_row: Rc::clone(&since_row),
        };
        let mut rows = reader(limited, delimiter);
        let mut record = ByteRecord::new();
        let skipped = header.map_or(0, |(at, _)| at + 1);
        for _ in 0..skipped {
            rows.read_byte_record(&mut record)
                .map_err(io::Error::from)?;
        }
        Ok(Self {
            rows,
            since_row,
            record,
            shape: Shape {
                encoding,
                delimiter: char::from(delimiter),
                header: header.map(|(_, line)| line),
                columns,
            },
            letters: (false, false),
            ended: false,
        })
    }

    /// Whether rows of both UTF-8 and Windows-1252 came by.
    pub fn mixed(&self) -> bool {
        self.letters == (true, true)
    }

    /// Whether any row was read as Windows-1252.
    pub fn any_windows1252(&self) -> bool {
        self.letters.1
    }

    fn draft(&mut self) -> Draft {
        let mut draft = Draft::default();
        let mut days: [String; 7] = Default::default();
        let mut worst = Letters::Plain;
        for (column, bytes) in self.shape.columns.iter().zip(self.record.iter()) {
            let (text, letters) = encoding::text(bytes);
            worst = worst.max(letters);
            self.letters.0 |= letters == Letters::Utf8;
            self.letters.1 |= letters == Letters::Windows1252;
            put(&mut draft, &mut days, column.field, &tidy(&text));
        }
        if days.iter().any(|day| !day.is_empty()) {
            draft.hours = Written::Days(days);
        }
        if worst == Letters::Windows1252 {
            draft.remarks.push(Remark::Guessed(Guess::Windows1252));
        }
        if self.record.len() != self.shape.columns.len() {
            draft.remarks.push(Remark::Told(Note::MoreFields));
        }
        draft
    }
}

impl Iterator for Table<'_> {
    /// The line a row begins on, and what it says.
    type Item = (u64, Draft);

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        self.since_row.set(0);
        let line = self.rows.position().line();
        match self.rows.read_byte_record(&mut self.record) {
            Ok(false) => None,
            Ok(true) => {
                let line = self.record.position().map_or(line, csv::Position::line);
                if self.record.iter().all(<[u8]>::is_empty) {
                    return self.next();
                }
                Some((line, self.draft()))
            }
            Err(error) => {
                self.ended = true;
                let mut draft = Draft::default();
                let refusal = Refusal::Unreadable(error.to_string());
                draft.remarks.push(Remark::Refused(refusal));
                Some((line, draft))
            }
        }
    }
}

fn put(draft: &mut Draft, days: &mut [String; 7], field: Field, text: &str) {
    if text.is_empty() {
        return;
    }
    let slot = match field {
        Field::Id => &mut draft.external_id,
        Field::Name => &mut draft.name,
        Field::Address => {
            let text = text.trim_matches([',', ' ']);
            if !draft.address.is_empty() {
                draft.address.push_str(", ");
            }
            return draft.address.push_str(text);
        }
        Field::Postcode => &mut draft.postcode,
        Field::North => &mut draft.position[0],
        Field::East => &mut draft.position[1],
        Field::Telephone => &mut draft.telephone,
        Field::Hours => return draft.hours = Written::Text(text.to_owned()),
        Field::Day(day) => &mut days[day],
        Field::Unstaffed => return draft.unstaffed = true,
        Field::Directions => &mut draft.directions,
        Field::Door => &mut draft.door,
        Field::What => &mut draft.what,
        Field::Welcome => &mut draft.welcome,
        Field::Languages => &mut draft.languages,
        Field::StepFree => &mut draft.offers.step_free,
        Field::Toilets => &mut draft.offers.toilets,
        Field::QuietRoom => &mut draft.offers.quiet_room,
        Field::HearingLoop => &mut draft.offers.hearing_loop,
        Field::Checked => &mut draft.checked,
        Field::Opened => &mut draft.opened,
        Field::Closed => &mut draft.closed,
        Field::Status => &mut draft.status,
        Field::Sample => &mut draft.sample,
        Field::Notes => &mut draft.notes,
        Field::Ignored => return,
    };
    text.clone_into(slot);
}

/// One line with single spaces, without signs that nobody sees; and without the apostrophe by which
/// spreadsheets, ours too, keep text from being worked out.
fn tidy(text: &str) -> String {
    let seen = |c: char| !matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}');
    let text: String = text.chars().filter(|c| seen(*c)).collect();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => line,
    }
}

fn reader<R: Read>(file: R, delimiter: u8) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(file)
}

/// The sign that cuts the most of the first rows into the same number of fields, more than one.
fn delimiter(head: &[u8]) -> u8 {
    let score = |delimiter: &u8| {
        let mut widths = HashMap::new();
        for record in reader(head, *delimiter).byte_records().take(40).flatten() {
            *widths.entry(record.len()).or_insert(0_usize) += 1;
        }
        let several = widths.into_iter().filter(|(width, _)| *width > 1);
        several
            .map(|(width, rows)| (rows, width))
            .max()
            .unwrap_or_default()
    };
    let best = DELIMITERS
        .iter()
        .rev()
        .max_by_key(|delimiter| score(delimiter));
    best.copied().unwrap_or(b',')
}

/// Which row the header is, and its line.
type Header = (usize, u64);

/// Where the header is (which row, which line), and what its columns are for.
fn header(
    head: &[u8],
    delimiter: u8,
    said: &[Said],
) -> Result<(Option<Header>, Vec<Column>), TableError> {
    let mut widest = 0;
    for (at, record) in reader(head, delimiter)
        .byte_records()
        .take(HEADER_WITHIN)
        .flatten()
        .enumerate()
    {
        let headers: Vec<String> = record
            .iter()
            .map(|bytes| tidy(&encoding::text(bytes).0))
            .collect();
        widest = widest.max(headers.len());
        let columns = columns(&headers, said);
        // A column that is only said by its number tells nothing about this row.
        let told = |column: &&Column| {
            let by_name = has_said(said, &column.header);
            column.field != Field::Ignored && (by_name || !column.said)
        };
        let known = columns.iter().filter(told).count();
        let named = columns.iter().any(|column| column.field == Field::Name);
        let by_header = |(name, _): &Said| name.parse::<usize>().is_err();
        let all_said = said
            .iter()
            .filter(|said| by_header(said))
            .all(|(name, _)| has(&headers, name));
        if named && known >= 2 && all_said {
            let line = record.position().map_or(1, csv::Position::line);
            return Ok((Some((at, line)), columns));
        }
    }
    by_number(widest, said).map(|columns| (None, columns))
}

/// Without a header every column must be said by its number, 1 is the first.
fn by_number(width: usize, said: &[Said]) -> Result<Vec<Column>, TableError> {
    if said.is_empty() {
        return Err(TableError::NoHeader);
    }
    let headers: Vec<_> = (1..=width).map(|number| number.to_string()).collect();
    if let Some((name, _)) = said.iter().find(|(name, _)| !has(&headers, name)) {
        return Err(TableError::NoSuchColumn(name.clone()));
    }
    let columns = columns(&headers, said);
    match columns.iter().any(|column| column.field == Field::Name) {
        true => Ok(columns),
        false => Err(TableError::NoName),
    }
}

fn has_said(said: &[Said], header: &str) -> bool {
    said.iter()
        .any(|(name, _)| header.eq_ignore_ascii_case(name.trim()))
}

fn has(headers: &[String], name: &str) -> bool {
    headers
        .iter()
        .any(|header| header.eq_ignore_ascii_case(name.trim()))
}

/// What is said wins; of two guesses for one field the first.
fn columns(headers: &[String], said: &[Said]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for (at, header) in headers.iter().enumerate() {
        let number = (at + 1).to_string();
        let own = said
            .iter()
            .find(|(name, _)| header.eq_ignore_ascii_case(name.trim()) || *name == number);
        let guessed = Field::guessed(header).filter(|field| {
            let taken = columns.iter().any(|column| column.field == *field);
            let elsewhere = said.iter().any(|(_, said)| said == field);
            field.may_repeat() || !(taken || elsewhere)
        });
        columns.push(Column {
            header: header.clone(),
            field: own
                .map(|(_, field)| *field)
                .or(guessed)
                .unwrap_or(Field::Ignored),
            said: own.is_some(),
        });
    }
    columns
}

/// Ends with an error where a row does not.
struct Limited<R> {
    inner: R,
    since_row: Rc<Cell<usize>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.get() > LONGEST_ROW {
            return Err(io::Error::other("a row has no end: is a quote not closed?"));
        }
        let read = self.inner.read(buffer)?;
        self.since_row.set(self.since_row.get() + read);
        Ok(read)
    }
}
