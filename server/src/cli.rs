//! What the program can be asked to do, and the one sentence it ends with when it can't.

mod exchange;
mod letters;
mod places;
mod reports;

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use domain::id::ReportId;
use domain::time::Day;
use domain::wire::MAX_MESSAGES;

use crate::arrival;
use crate::config::{self, Settings};
use crate::counts;
use crate::exchange::run::ImportError;
use crate::hours;
use crate::keyset::KeysetError;
use crate::scheme::SchemeError;
use crate::serve;
use crate::store::sqlite::{self, OpenError};

/// Serves a Safe Place scheme: keeps sealed reports, hands out places and the phone app.
///
/// Settings come from defaults, then the file named by --config, then the environment
/// (SAFE_PLACE_LISTEN and so on).
#[derive(Debug, Parser)]
#[command(name = "safe-place", version)]
struct Cli {
    /// Settings file (TOML)
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer requests until told to stop (this is what happens without a command)
    Serve,
    /// Bring the database up to this version and stop
    Migrate,
    /// Copy the database into a file while the server runs, and let phones know
    Backup {
        /// The file to write; replaced when the copy is complete
        file: PathBuf,
    },
    /// Make a new database from a backup; phones will offer what they still hold
    Restore {
        /// A file made by `backup`
        file: PathBuf,
    },
    /// Write one sealed report, an age file, for opening with the centre's key
    ExportReport {
        /// The report's id
        id: String,
        /// The file to write; otherwise standard output
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Count nameless notes by place and kind, as CSV
    Notes {
        /// The first day, as 2026-11-01
        #[arg(long)]
        from: Day,
        /// The last day
        #[arg(long)]
        to: Day,
        /// The file to write; otherwise standard output
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Reports: list, show, mark, answer, export, erase
    Reports {
        /// What to do
        #[command(subcommand)]
        what: reports::Reports,
    },
    /// Erase what the time is over for, as the server does every day
    Retention {
        /// Only say what would be erased
        #[arg(long)]
        dry_run: bool,
    },
    /// Keep places true: list, show, change, review, ask their managers
    Places {
        /// What to do
        #[command(subcommand)]
        what: places::Places,
    },
    /// Check the settings, the scheme and the database, and change nothing
    Check,
}

/// Why the program stops. Each is one sentence for the person who started it.
#[derive(Debug)]
#[allow(
    missing_docs,
    reason = "the variants are the sentences of their Display"
)]
pub enum Stop {
    Config(config::ConfigError),
    Scheme(SchemeError),
    Keyset(KeysetError),
    Database(OpenError),
    Assets(crate::assets::AssetError),
    PortInUse(String),
    Listen(String, std::io::Error),
    NotAnId(String),
    NoSuchReport(String),
    BeingErased(String),
    File(PathBuf, std::io::Error),
    Backwards(Day, Day),
    Table(csv::Error),
    Addresses(csv::Error),
    Runtime(std::io::Error),
    Import(ImportError),
    Columns(String),
    NoSuchPlace(String),
    NoSuchOffer(String),
    Hours(String, hours::Unreadable),
    LinkKey(std::io::Error),
    ProofKey(std::io::Error),
    Parts(std::io::Error),
    Changes(std::io::Error),
    NotAMessage(PathBuf),
    MailboxFull(String),
    NotPassable(String),
}

impl Stop {
    /// 2 where the settings or the scheme must be put right, 1 otherwise.
    pub fn code(&self) -> u8 {
        match self {
            Self::Config(_)
            | Self::Scheme(_)
            | Self::NotAnId(_)
            | Self::Backwards(..)
            | Self::Columns(_)
            | Self::NoSuchOffer(_)
            | Self::Hours(..) => 2,
            _ => 1,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Scheme(error) => error.fmt(f),
            Self::Keyset(error) => error.fmt(f),
            Self::Database(error) => error.fmt(f),
            Self::Assets(error) => error.fmt(f),
            Self::PortInUse(address) => write!(
                f,
                "{address} is in use by another program; stop it, or choose another address with SAFE_PLACE_LISTEN."
            ),
            Self::Listen(address, cause) => write!(f, "cannot listen on {address}: {cause}."),
            Self::NotAnId(text) => {
                write!(
                    f,
                    "\"{text}\" is not a report's id: it has 26 characters of a to z and 2 to 7."
                )
            }
            Self::BeingErased(id) => write!(f, "report {id} is being erased: it was withdrawn."),
            Self::NoSuchReport(id) => write!(f, "there is no report {id} in this database."),
            Self::File(path, cause) => write!(f, "cannot write {}: {cause}.", path.display()),
            Self::Backwards(from, to) => {
                write!(f, "{from} is after {to}: give the first day with --from.")
            }
            Self::Import(error) => error.fmt(f),
            Self::Columns(text) => write!(
                f,
                "\"{text}\" does not say what a column is for: write --map \"Their header=name\"."
            ),
            Self::Addresses(cause) => write!(f, "the table of addresses cannot be read: {cause}."),
            Self::Table(cause) => write!(f, "the table cannot be made: {cause}."),
            Self::NoSuchPlace(id) => write!(
                f,
                "there is no place \"{id}\": `safe-place places list` shows their ids."
            ),
            Self::NoSuchOffer(name) => write!(
                f,
                "\"{name}\" is none of step-free, toilets, quiet-room and hearing-loop."
            ),
            Self::Hours(text, why) => {
                write!(f, "the opening hours \"{text}\" cannot be read: {why}.")
            }
            Self::LinkKey(cause) => {
                write!(
                    f,
                    "the key for links, keys/links.key, cannot be used: {cause}."
                )
            }
            Self::ProofKey(cause) => write!(
                f,
                "the key for proofs of receipt, keys/proof.key, cannot be used: {cause}."
            ),
            Self::Changes(cause) => {
                write!(
                    f,
                    "the file of erasures and keysets cannot be used: {cause}."
                )
            }
            Self::NotAMessage(path) => write!(
                f,
                "{} is not a sealed answer of at most 64 KB: make one with `keys reply`.",
                path.display()
            ),
            Self::MailboxFull(id) => write!(
                f,
                "the mailbox of {id} holds {MAX_MESSAGES} answers: it takes no more."
            ),
            Self::NotPassable(id) => write!(
                f,
                "the report {id} is under a legal hold; end that first with `safe-place reports release {id}`."
            ),
            Self::Parts(cause) => write!(f, "the folder of parts cannot be used: {cause}."),
            Self::Runtime(cause) => write!(f, "the system refused to start the server: {cause}."),
        }
    }
}

/// Reads the command line and does what it says.
pub fn run() -> Result<(), Stop> {
    let cli = Cli::parse();
    let settings = config::load(cli.config.as_deref()).map_err(Stop::Config)?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(settings),
        Command::Migrate => migrate(&settings),
        Command::Backup { file } => backup(&settings, &file),
        Command::Restore { file } => restore(&settings, &file),
        Command::ExportReport { id, out } => export(&settings, &id, out.as_deref()),
        Command::Notes { from, to, out } => notes(&settings, from, to, out.as_deref()),
        Command::Reports { what } => reports::run(&settings, what),
        Command::Retention { dry_run } => reports::retention(&settings, dry_run),
        Command::Places { what } => places::run(&settings, what),
        Command::Check => check(&settings),
    }
}

fn migrate(settings: &Settings) -> Result<(), Stop> {
    let version = sqlite::migrate(&settings.data).map_err(Stop::Database)?;
    say(&format!("The database is at version {version}."));
    Ok(())
}

fn backup(settings: &Settings, file: &Path) -> Result<(), Stop> {
    let mark = sqlite::backup(&settings.data, file).map_err(Stop::Database)?;
    say(&format!(
        "{} covers every report up to mark {mark}.",
        file.display()
    ));
    Ok(())
}

fn restore(settings: &Settings, file: &Path) -> Result<(), Stop> {
    let epoch = sqlite::restore(file, &settings.data).map_err(Stop::Database)?;
    say(&format!("Restored; the database's new epoch is {epoch}."));
    Ok(())
}

fn export(settings: &Settings, id: &str, out: Option<&Path>) -> Result<(), Stop> {
    let id: ReportId = id.parse().map_err(|_| Stop::NotAnId(id.to_owned()))?;
    let sealed = sqlite::sealed_report(&settings.data, &id)
        .map_err(Stop::Database)?
        .ok_or_else(|| Stop::NoSuchReport(id.to_string()))?;
    let inbox = sqlite::Inbox::open(&settings.data).map_err(Stop::Database)?;
    if let Some(line) = inbox.one(&id).map_err(Stop::Database)? {
        let opened = inbox.opened(&line.centre, arrival::now());
        opened.map_err(Stop::Database)?;
    }
    give(&sealed, out)
}

fn notes(settings: &Settings, from: Day, to: Day, out: Option<&Path>) -> Result<(), Stop> {
    if from > to {
        return Err(Stop::Backwards(from, to));
    }
    let counts = sqlite::counted_notes(&settings.data, from, to).map_err(Stop::Database)?;
    give(&counts::csv(&counts).map_err(Stop::Table)?, out)
}

/// Into a file, or else to standard output.
fn give(bytes: &[u8], out: Option<&Path>) -> Result<(), Stop> {
    match out {
        Some(path) => fs::write(path, bytes).map_err(|cause| Stop::File(path.to_owned(), cause)),
        None => std::io::stdout()
            .write_all(bytes)
            .map_err(|cause| Stop::File("standard output".into(), cause)),
    }
}

fn check(settings: &Settings) -> Result<(), Stop> {
    let scheme = crate::scheme::load(settings.scheme.as_deref()).map_err(Stop::Scheme)?;
    let reports = sqlite::check(&settings.data).map_err(Stop::Database)?;
    say(&format!(
        "{}: {} places, {} services, {reports} reports; all is well.",
        scheme.name,
        scheme.places.len(),
        scheme.services.len()
    ));
    Ok(())
}

/// One line on standard output, at once: whoever started us may be reading through a pipe.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody listening is no reason to stop.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
