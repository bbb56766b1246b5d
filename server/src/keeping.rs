//! How long things are kept: what the time is over for goes, every day, with an export before it.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use domain::id::ReportId;
use domain::time::{DAY, Timestamp};
use domain::wire::Retention;

use crate::changes::Changes;
use crate::cli::Stop;
use crate::error::Error;
use crate::parts;
use crate::serve::App;
use crate::store::sqlite::{Inbox, OpenError};
use crate::store::{Erased, First, Unless};

/// What a scheme that says nothing keeps: unfinished uploads a week, closed reports a year.
pub const USUAL: Retention = Retention {
    unfinished_days: 7,
    closed_days: 365,
};

/// The file in the data folder that says when the day's work was done last.
const LAST_DONE: &str = "retention.last";
/// A clock that went further than this since then is doubted, and nothing is erased by it.
const LEAP: i64 = 31 * DAY;

impl App {
    /// Erases a report, unless it must stay: told to the file of changes, then from the database, then
    /// its parts.
    pub async fn erase(&self, report: &ReportId, unless: Unless) -> Result<Erased, Error> {
        let told = told(&self.changes, report);
        let erased = self.store.erase(report, unless, told).await?;
        if erased == Erased::Gone {
            self.parts.remove(report).await.map_err(failed)?;
        }
        Ok(erased)
    }

    /// The same to its end, also when whoever asked for it goes away: what the file of changes names
    /// must not stay until the next start.
    pub async fn erase_to_the_end(
        self: Arc<Self>,
        report: ReportId,
        unless: Unless,
    ) -> Result<Erased, Error> {
        let erasing = tokio::spawn(async move { self.erase(&report, unless).await });
        erasing.await.map_err(|_| Error::Broken)?
    }

    /// Erases what the file of changes says: this database may be an older one, restored.
    pub async fn erase_again(&self) -> Result<usize, Error> {
        let said = self.changes.read().map_err(failed)?;
        for report in &said.erased {
            let told = Box::new(|| Ok(()));
            self.store.erase(report, Unless::Never, told).await?;
            self.parts.remove(report).await.map_err(failed)?;
        }
        Ok(said.erased.len())
    }

    /// Erases what the time is over for, and what lies in the folder of parts for nobody.
    /// Nothing goes by a clock that has leapt: somebody has to look at it first.
    pub async fn keep_no_longer(&self, now: Timestamp) -> Result<(), Error> {
        let last = match last_done(&self.data) {
            None => self.first_reference().await?,
            last => last,
        };
        if last.is_some_and(|last| now.since(last) > LEAP) {
            tracing::warn!(
                "nothing is erased by its age: the clock is more than 31 days past the last time; if it is right, run `safe-place retention`"
            );
            return Ok(());
        }
        let kept = self.scheme.retention;
        let rested = parts::rested_since(now, kept.unfinished_days);
        let dropped = self.parts.drop_unfinished(rested).map_err(failed)?;
        let mut erased = 0;
        for report in self.store.outlived(closed_before(now, kept)).await? {
            let outcome = self.erase(&report, Unless::Held).await?;
            erased += usize::from(outcome == Erased::Gone);
        }
        for report in self.parts.reports().map_err(failed)? {
            if self.store.sealed(&report).await?.is_none() {
                self.parts.remove(&report).await.map_err(failed)?;
            }
        }
        if dropped + erased > 0 {
            tracing::info!(dropped, erased, "what the time was over for");
        }
        note_done(&self.data, now).map_err(failed)
    }

    /// Where the day's work was never done, the newest report is what a clock is held against: written
    /// down, so that none that comes in by a wrong clock takes its place. A new database has none.
    async fn first_reference(&self) -> Result<Option<Timestamp>, Error> {
        let newest = self.store.newest_report().await?;
        if let Some(hour) = newest {
            note_done(&self.data, hour).map_err(failed)?;
        }
        Ok(newest)
    }
}

fn last_done(data: &Path) -> Option<Timestamp> {
    let last = fs::read_to_string(data.join(LAST_DONE)).ok()?;
    Some(Timestamp(last.trim().parse().ok()?))
}

/// The day's work was done by this clock.
pub fn note_done(data: &Path, now: Timestamp) -> io::Result<()> {
    fs::write(data.join(LAST_DONE), format!("{}\n", now.hour().0))
}

fn failed(error: io::Error) -> Error {
    tracing::error!(cause = %error, "erasing failed");
    Error::Broken
}

fn closed_before(now: Timestamp, kept: Retention) -> Timestamp {
    now.plus(-i64::from(kept.closed_days) * DAY)
}

/// What a day's work would erase.
#[derive(Debug, PartialEq, Eq)]
pub struct Outlived {
    /// Reports that were closed long enough ago.
    pub reports: Vec<ReportId>,
    /// Parts that nobody went on with.
    pub parts: usize,
}

/// What the day's work would erase in a data folder now.
pub fn outlived(data: &Path, kept: Retention, now: Timestamp) -> Result<Outlived, OpenError> {
    let rested = parts::rested_since(now, kept.unfinished_days);
    let parts = parts::count_unfinished(data, rested);
    Ok(Outlived {
        reports: Inbox::open(data)?.outlived(closed_before(now, kept))?,
        parts: parts.map_err(|cause| OpenError::Folder(data.join(parts::FOLDER), cause))?,
    })
}

/// Erases one report of a data folder unless it is held, beside a server that runs or without one.
pub fn erase(data: &Path, changes: &Changes, report: &ReportId) -> Result<Erased, Stop> {
    let mut inbox = Inbox::open(data).map_err(Stop::Database)?;
    let erased = inbox.erase(report, told(changes, report));
    let erased = erased.map_err(Stop::Database)?.map_err(Stop::Changes)?;
    if erased == Erased::Gone {
        parts::remove_from(data, report).map_err(Stop::Parts)?;
    }
    Ok(erased)
}

/// The file of changes names a report before it is erased.
fn told(changes: &Changes, report: &ReportId) -> First {
    let (changes, report) = (changes.clone(), report.clone());
    Box::new(move || changes.erasing(&report))
}
