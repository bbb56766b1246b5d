//! `safe-place places import` and `export`: the command line of the exchange.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Subcommand;
use domain::time::Timestamp;

use super::{Stop, say};
use crate::config::Settings;
use crate::exchange::Format;
use crate::exchange::columns::Field;
use crate::exchange::out::Export;
use crate::exchange::report::{Line, Outcome};
use crate::exchange::run::{self, Order, Report, Spelled};
use crate::exchange::table::{Said, Shape};
use crate::record::{Record, Status};
use crate::scheme;
use crate::store::sqlite::desk;

/// What can be done with places.
#[derive(Debug, Subcommand)]
pub(super) enum Exchange {
    /// Say what a file of places would change; with --apply, change it
    ///
    /// Fields for --map: id, name, address, postcode, lat, lon, easting, northing, telephone, hours,
    /// monday … sunday, unstaffed, directions, door, what, welcome, languages, step-free, toilets,
    /// quiet-room, hearing-loop, checked, opened, closed, status, sample, ignore.
    Import {
        /// The file
        file: PathBuf,
        /// Whose list it is: a place is matched again by this and its id in the list
        #[arg(long)]
        source: String,
        /// How it is written; by the file's ending where it is not said
        #[arg(long)]
        format: Option<Format>,
        /// What a column is for, by its header or number: --map "Venue=name"
        #[arg(long = "map", value_name = "COLUMN=FIELD")]
        columns: Vec<String>,
        /// Where new places stand; those whose door is not known exactly are only ever invited
        #[arg(long, default_value = "invited")]
        status: Status,
        /// Write the report on every row into this file, as CSV
        #[arg(long)]
        report: Option<PathBuf>,
        /// Say every row, not only counts
        #[arg(long)]
        rows: bool,
        /// Who imports it, for the history
        #[arg(long, default_value = "import")]
        by: String,
        /// Do it
        #[arg(long)]
        apply: bool,
    },
    /// Write every place into a file for others
    Export {
        /// How to write it
        #[arg(long)]
        format: Format,
        /// The file to write; otherwise standard output
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

pub(super) fn run(settings: &Settings, command: Exchange) -> Result<(), Stop> {
    match command {
        Exchange::Export { format, out } => export(settings, format, out.as_deref()),
        Exchange::Import {
            file,
            source,
            format,
            columns,
            status,
            report,
            rows,
            by,
            apply,
        } => {
            let scheme = scheme::load(settings.scheme.as_deref()).map_err(Stop::Scheme)?;
            let order = Order {
                data: &settings.data,
                format: format.unwrap_or_else(|| by_ending(&file)),
                file: &file,
                source: &source,
                said: columns
                    .iter()
                    .map(|text| said(text))
                    .collect::<Result<_, _>>()?,
                status,
                report: report.as_deref(),
                apply,
                who: &by,
                now: now(),
                postcodes: scheme.postcodes.as_deref(),
            };
            import(&order, rows)
        }
    }
}

fn import(order: &Order<'_>, rows: bool) -> Result<(), Stop> {
    let each = |line: &Line| {
        if rows {
            say(&line.to_string());
        }
    };
    let report = run::import(order, each).map_err(Stop::Import)?;
    say(&told(&report));
    Ok(())
}

fn told(report: &Report) -> String {
    let mut text = report.shape.as_ref().map(shape).unwrap_or_default();
    text += match report.letters {
        Spelled::Unicode => "",
        Spelled::Windows1252 => "letters: Windows-1252 (guessed)\n",
        Spelled::Mixed => "letters: some rows UTF-8, some Windows-1252 (guessed row by row)\n",
    };
    text += &report.totals.to_string();
    if report.missing > 0 {
        let count = report.missing;
        text +=
            &format!("{count} places of this source are not in the file; they stay as they are\n");
    }
    text += &match report.imported {
        None => "Nothing was changed: this was a dry run. Run it again with --apply.".to_owned(),
        Some(done) => format!(
            "Imported: {} new, {} changed, {} closed.",
            done.added, done.changed, done.removed
        ),
    };
    if report.totals.of(Outcome::Refused) > 0 {
        text += " Refused rows were left out.";
    }
    text
}

fn shape(shape: &Shape) -> String {
    let header = match shape.header {
        Some(line) => format!("header in line {line}"),
        None => "no header".to_owned(),
    };
    let delimiter = match shape.delimiter {
        '\t' => "tab".to_owned(),
        other => format!("\"{other}\""),
    };
    let mut text = format!(
        "{:?}, columns parted by {delimiter}, {header}\n",
        shape.encoding
    );
    for column in &shape.columns {
        let how = if column.said { "said" } else { "guessed" };
        text += &format!("  {} → {} ({how})\n", column.header, column.field);
    }
    text
}

fn export(settings: &Settings, format: Format, out: Option<&Path>) -> Result<(), Stop> {
    match out {
        None => write(
            settings,
            format,
            io::stdout().lock(),
            Path::new("standard output"),
        )
        .map(drop),
        Some(path) => {
            let file = File::create(path).map_err(|cause| Stop::File(path.to_owned(), cause))?;
            let count = write(settings, format, file, path)?;
            say(&format!("{} has {count} places.", path.display()));
            Ok(())
        }
    }
}

fn write(settings: &Settings, format: Format, file: impl Write, path: &Path) -> Result<u64, Stop> {
    let failed = |cause| Stop::File(path.to_owned(), cause);
    let mut export = Export::begin(BufWriter::new(file), format).map_err(failed)?;
    desk::each_place(&settings.data, |record| match goes_out(record, format) {
        true => export.add(&record.place),
        false => Ok(()),
    })
    .map_err(Stop::Database)?
    .map_err(failed)?;
    export.end().map_err(failed)
}

/// What is closed is nobody's; the standard's feed is for the public, the other two for colleagues.
fn goes_out(record: &Record, format: Format) -> bool {
    match format {
        Format::Oruk => record.is_shown(),
        Format::Csv | Format::Geojson => record.listed && record.place.status != Status::Closed,
    }
}

fn by_ending(file: &Path) -> Format {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("geojson") => Format::Geojson,
        Some("json") => Format::Oruk,
        _ => Format::Csv,
    }
}

fn said(text: &str) -> Result<Said, Stop> {
    let parted = text.rsplit_once('=');
    let said =
        parted.and_then(|(column, field)| Some((column.to_owned(), Field::named(field.trim())?)));
    said.ok_or_else(|| Stop::Columns(text.to_owned()))
}

fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
