//! Makes a scheme's keys, signs its keysets and opens its reports, on a machine that needs no network.

mod ceremony;
mod enclosed;
mod error;
mod files;
mod letters;
mod open;
mod proof;
mod sign;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use seal::receipt::Receipt;

use crate::error::Error;
use crate::files::CentreId;
use crate::sign::NamedKey;

/// Makes a scheme's keys, signs its keysets and opens its reports.
///
/// Nothing here needs a network, and no file is ever overwritten. Secret keys are written so that
/// only you can read them. Make a real scheme's keys on a machine that is not its server.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make all keys of a sample scheme at once, and its first signed keyset.
    Sample {
        /// The folder to make; it must not exist or be empty.
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
        /// A reporting centre's id; may be given several times.
        #[arg(long = "centre", value_name = "ID", required = true)]
        centres: Vec<CentreId>,
    },
    /// Make the root key: root.key signs keysets, root.pub checks them.
    Root {
        /// The folder for both files.
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        out: PathBuf,
    },
    /// Make a reporting centre's key: centre-ID.key opens its reports.
    Centre {
        /// The centre's id, as in the scheme: lower-case letters, digits and hyphens.
        #[arg(long, value_name = "ID")]
        id: CentreId,
        /// The folder for the file.
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        out: PathBuf,
    },
    /// Make the recovery key, which opens every report, and show it for writing on paper.
    Recovery {
        /// The folder for recovery.key.
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        out: PathBuf,
        /// Ask for the key as it stands on the paper, and open a trial report with it. Where
        /// recovery.key already exists, only this is done.
        #[arg(long)]
        test: bool,
    },
    /// Sign a keyset: the public keys that reports are sealed to.
    Sign {
        /// The root's secret key.
        #[arg(long, value_name = "FILE")]
        root: PathBuf,
        /// Larger than any version signed before; phones refuse to go back.
        #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
        version: u32,
        /// A centre and its public key, as ID=age1…; may be given several times.
        #[arg(long = "centre", value_name = "ID=KEY", required = true)]
        centres: Vec<NamedKey>,
        /// The recovery key's public half, age1….
        #[arg(long, value_name = "KEY")]
        recovery: String,
        /// The file to write.
        #[arg(long, value_name = "FILE", default_value = "keyset.json")]
        out: PathBuf,
    },
    /// Check a signed keyset and show what is in it.
    Inspect {
        /// The signed keyset.
        keyset: PathBuf,
        /// The root's public key.
        #[arg(long, value_name = "FILE")]
        root: PathBuf,
        /// Refuse a keyset that is older than this version.
        #[arg(long, value_name = "VERSION")]
        seen: Option<u32>,
    },
    /// Open a sealed report and print it.
    Open {
        /// The sealed report.
        file: PathBuf,
        /// A centre's key, or the recovery key.
        #[arg(long, value_name = "FILE")]
        identity: PathBuf,
        /// The id the report must have.
        #[arg(long, value_name = "ID")]
        id: Option<domain::id::ReportId>,
        /// What the server says of the scheme (`/api/scheme`, saved as a file): the scheme's own
        /// questions are printed in their words.
        #[arg(long, value_name = "FILE")]
        scheme: Option<PathBuf>,
        /// Print the report as JSON.
        #[arg(long, conflicts_with = "scheme")]
        json: bool,
    },
    /// Seal an answer to whoever reported; `safe-place reports reply` puts it into their mailbox.
    Reply {
        /// The report's reply key, age1…, as `safe-place reports show` prints it.
        #[arg(long, value_name = "KEY")]
        to: String,
        /// The centre's key, so that the centre can read its answer again.
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        /// A file with the answer; otherwise it is read from standard input.
        #[arg(long, value_name = "FILE")]
        text: Option<PathBuf>,
        /// The file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Open a message of a mailbox and print it.
    Message {
        /// The sealed message.
        file: PathBuf,
        /// A centre's key, or the recovery key.
        #[arg(long, value_name = "FILE")]
        identity: PathBuf,
    },
    /// Open the files that came with a report: pictures, recordings, documents. What is inside may be
    /// harmful: look at it on a machine without a network.
    Files {
        /// The sealed report, in the folder that `safe-place reports export` wrote: its parts lie beside it.
        file: PathBuf,
        /// A centre's key, or the recovery key.
        #[arg(long, value_name = "FILE")]
        identity: PathBuf,
        /// The folder to write them into.
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
    },
    /// Check a proof of receipt that a phone saved: that a server had a report, and in which hour.
    Proof {
        /// The saved proof.
        file: PathBuf,
        /// The server's `proof_key`, as /api/scheme says it.
        #[arg(long, value_name = "BASE64")]
        key: String,
    },
    /// Print the id of the mailbox that a receipt leads to.
    Receipt {
        /// The 24 digits; asked for when left out, so that they stay out of the shell's history.
        digits: Option<String>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command, &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where even this cannot be written, the exit code still says it.
            _ = writeln!(io::stderr(), "keys: {error}.");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, out: &mut impl Write) -> Result<(), Error> {
    match command {
        Command::Sample {
            out: folder,
            centres,
        } => ceremony::sample(&folder, &centres, out),
        Command::Root { out: folder } => ceremony::root(&folder, out),
        Command::Centre { id, out: folder } => ceremony::centre(&folder, &id, out),
        Command::Recovery {
            out: folder,
            test: false,
        } => ceremony::recovery(&folder, out),
        Command::Recovery {
            out: folder,
            test: true,
        } => ceremony::tested_recovery(&folder, out),
        Command::Sign {
            root,
            version,
            centres,
            recovery,
            out: file,
        } => {
            let keyset = sign::keyset(version, centres, recovery);
            sign::sign(&root, &keyset, &file, out)
        }
        Command::Inspect { keyset, root, seen } => sign::inspect(&keyset, &root, seen, out),
        Command::Open {
            file,
            identity,
            id,
            scheme,
            json,
        } => {
            let body = open::open(&file, &identity, id.as_ref())?;
            if json {
                open::print_json(&body, out)
            } else {
                let own = scheme.as_deref().map(open::questions).transpose()?;
                open::print(&body, own.flatten().as_deref(), out)
            }
        }
        Command::Reply {
            to,
            identity,
            text,
            out: file,
        } => letters::reply(&to, identity.as_deref(), text.as_deref(), &file, out),
        Command::Message { file, identity } => letters::message(&file, &identity, out),
        Command::Files {
            file,
            identity,
            out: folder,
        } => enclosed::open_all(&file, &identity, &folder, out),
        Command::Proof { file, key } => proof::check(&file, &key, out),
        Command::Receipt { digits } => receipt(digits, out),
    }
}

fn receipt(digits: Option<String>, out: &mut impl Write) -> Result<(), Error> {
    let digits = match digits {
        Some(digits) => zeroize::Zeroizing::new(digits),
        None => files::ask("The 24 digits: ")?,
    };
    let keys = Receipt::parse(&digits)?.derive()?;
    writeln!(out, "{}", keys.id)?;
    Ok(())
}
