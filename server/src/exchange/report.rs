//! What an import would do or did, row by row and counted.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io;

use super::draft::Remark;
use super::safe_cell;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Outcome {
    New,
    Changed,
    Same,
    /// Held until now, and closed for good.
    Closes,
    /// Closed for good, and never held.
    ClosedBefore,
    Refused,
}

impl Outcome {
    const ALL: [Self; 6] = [
        Self::New,
        Self::Changed,
        Self::Same,
        Self::Closes,
        Self::ClosedBefore,
        Self::Refused,
    ];
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Closes => "closes",
            Self::ClosedBefore => "closed, not taken",
            Self::Refused => "refused",
        })
    }
}

/// One row of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The line of the file, or the number of the feature or service.
    pub row: u64,
    /// What the source knows it by, where that could be told.
    pub external_id: String,
    /// As written.
    pub name: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Which fields change.
    pub changes: Vec<&'static str>,
    /// What a reader should know.
    pub remarks: Vec<Remark>,
}

/// Rows named for each kind of remark in the summary.
const NAMED: usize = 5;

/// Counts that do not grow with the file.
#[derive(Debug, Default)]
pub struct Totals {
    outcomes: BTreeMap<Outcome, u64>,
    kinds: BTreeMap<(&'static str, &'static str), (u64, Vec<u64>)>,
}

impl Totals {
    /// Counts a row.
    pub fn add(&mut self, line: &Line) {
        *self.outcomes.entry(line.outcome).or_default() += 1;
        let mut seen = Vec::new();
        for remark in &line.remarks {
            let kind = (remark.sort(), remark.kind());
            if seen.contains(&kind) {
                continue;
            }
            seen.push(kind);
            let (count, rows) = self.kinds.entry(kind).or_default();
            *count += 1;
            if rows.len() < NAMED {
                rows.push(line.row);
            }
        }
    }

    /// Rows with this outcome.
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(&outcome).copied().unwrap_or_default()
    }

    /// Rows with a remark of this kind.
    pub fn with(&self, kind: &str) -> u64 {
        let found = self.kinds.iter().find(|((_, known), _)| *known == kind);
        found.map_or(0, |(_, (count, _))| *count)
    }

    /// Rows in all.
    pub fn rows(&self) -> u64 {
        self.outcomes.values().sum()
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} rows", self.rows())?;
        for outcome in Outcome::ALL {
            writeln!(f, "  {:>6}  {outcome}", self.of(outcome))?;
        }
        for sort in ["refused", "guessed", "told"] {
            let kinds = self.kinds.iter().filter(|((known, _), _)| *known == sort);
            let mut text = String::new();
            for ((_, kind), (count, rows)) in kinds {
                let rows: Vec<_> = rows.iter().map(u64::to_string).collect();
                let more = if *count > rows.len() as u64 {
                    " …"
                } else {
                    ""
                };
                writeln!(text, "  {count:>6}  {kind} (row {}{more})", rows.join(", "))?;
            }
            if !text.is_empty() {
                write!(f, "{sort}:\n{text}")?;
            }
        }
        Ok(())
    }
}

/// The report as a table, written while the rows come.
pub struct Sheet<W: io::Write>(csv::Writer<W>);

impl<W: io::Write> Sheet<W> {
    /// Begins with a header.
    pub fn begin(file: W) -> csv::Result<Self> {
        let mut sheet = csv::Writer::from_writer(file);
        sheet.write_record([
            "row", "id", "name", "outcome", "changes", "refused", "guessed", "told",
        ])?;
        Ok(Self(sheet))
    }

    /// Adds a row.
    pub fn add(&mut self, line: &Line) -> csv::Result<()> {
        let said = |sort: &str| {
            let remarks = line.remarks.iter().filter(|remark| remark.sort() == sort);
            remarks
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; ")
        };
        let cells = [
            line.row.to_string(),
            line.external_id.clone(),
            line.name.clone(),
            line.outcome.to_string(),
            line.changes.join(", "),
            said("refused"),
            said("guessed"),
            said("told"),
        ];
        self.0
            .write_record(cells.map(|cell| safe_cell(&cell).into_owned()))
    }

    /// Everything is in the file.
    pub fn end(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A row as a line of text.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}: {} — {}", self.row, self.name, self.outcome)?;
        if !self.changes.is_empty() {
            write!(f, " ({})", self.changes.join(", "))?;
        }
        self.remarks
            .iter()
            .try_for_each(|remark| write!(f, "; {}: {remark}", remark.sort()))
    }
}
