//! The one thread that writes: what has arrived goes into one commit, and is answered after it.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::{Limits, reports, understood};
use crate::store::{Error, NewReport, Put};

/// Most reports in one commit: beyond this the disk's share of a report is negligible.
const GROUP: usize = 256;

type Answer<T> = oneshot::Sender<Result<T, Error>>;

enum Job {
    Put(Box<NewReport>, Answer<Put>),
    Run(Box<dyn FnOnce(&mut Connection) + Send>),
    Close(oneshot::Sender<()>),
}

/// The writing thread, from outside.
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, limits: Limits) -> rusqlite::Result<Self> {
        let room = Room::new(&connection, limits.max_bytes)?;
        let (jobs, arrived) = mpsc::channel(limits.queue);
        let thread = thread::spawn(move || work(connection, room, arrived));
        Ok(Self {
            jobs,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Queues a report; answers after its commit. A full queue is answered at once.
    pub(super) async fn put(&self, report: NewReport) -> Result<Put, Error> {
        let (answer, answered) = oneshot::channel();
        self.jobs
            .try_send(Job::Put(Box::new(report), answer))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => Error::Busy,
                mpsc::error::TrySendError::Closed(_) => Error::Broken,
            })?;
        answered.await.map_err(|_| Error::Broken)?
    }

    /// Runs something rare between two groups.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        let job = move |connection: &mut Connection| {
            let done = what(connection).map_err(|error| understood(&error));
            // Whoever asked may have gone.
            let _ = answer.send(done);
        };
        self.jobs
            .send(Job::Run(Box::new(job)))
            .await
            .map_err(|_| Error::Broken)?;
        answered.await.map_err(|_| Error::Broken)?
    }

    pub(super) fn is_alive(&self) -> Result<(), Error> {
        if self.jobs.is_closed() {
            Err(Error::Broken)
        } else {
            Ok(())
        }
    }

    /// Finishes what was queued, writes the log back into the database and closes it.
    pub(super) async fn close(&self) {
        let (answer, answered) = oneshot::channel();
        if self.jobs.send(Job::Close(answer)).await.is_ok() {
            let _ = answered.await;
        }
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer ended badly");
        }
    }
}

fn work(mut connection: Connection, mut room: Room, mut arrived: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while let Some(first) = arrived.blocking_recv() {
        let mut next = Some(first);
        // Whatever came while the last group was written makes the next one; waiting for more was
        // tried, and gained nothing.
        while let Some(Job::Put(report, answer)) = next {
            group.push((report, answer));
            next = if group.len() < GROUP {
                arrived.try_recv().ok()
            } else {
                None
            };
        }
        if !group.is_empty() {
            write(&mut connection, &mut room, &mut group);
        }
        match next {
            Some(Job::Run(what)) => what(&mut connection),
            Some(Job::Close(done)) => {
                finish(connection);
                let _ = done.send(());
                return;
            }
            Some(Job::Put(..)) | None => {}
        }
    }
}

/// Writes a group in one commit and answers all of it, in the order of arrival.
fn write(
    connection: &mut Connection,
    room: &mut Room,
    group: &mut Vec<(Box<NewReport>, Answer<Put>)>,
) {
    match commit(connection, *room, group) {
        Ok((answers, left)) => {
            *room = left;
            for ((_, answer), put) in group.drain(..).zip(answers) {
                // A phone that has gone asks again; the same bytes are welcome.
                let _ = answer.send(put);
            }
        }
        Err(error) => {
            let error = understood(&error);
            for (_, answer) in group.drain(..) {
                let _ = answer.send(Err(error));
            }
        }
    }
}

type Answers = Vec<Result<Put, Error>>;

fn commit(
    connection: &mut Connection,
    mut room: Room,
    group: &[(Box<NewReport>, Answer<Put>)],
) -> rusqlite::Result<(Answers, Room)> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut answers = Vec::with_capacity(group.len());
    for (report, _) in group {
        let put = if room.takes(report) {
            Ok(reports::insert(&transaction, report)?)
        } else {
            again(&transaction, report)?
        };
        if let Ok(Put::New(_)) = put {
            room.fill(report);
        }
        answers.push(put);
    }
    transaction.commit()?;
    Ok((answers, room))
}

/// With no room left, what is here already is still answered as it should be.
fn again(connection: &Connection, report: &NewReport) -> rusqlite::Result<Result<Put, Error>> {
    match reports::stored_before(connection, report) {
        Ok(put) => Ok(Ok(put)),
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(Err(Error::Full)),
        Err(error) => Err(error),
    }
}

fn finish(connection: Connection) {
    let checkpoint = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    if let Err(error) = checkpoint {
        tracing::warn!(cause = %error, "the last checkpoint was left to the next start");
    }
    if let Err((_, error)) = connection.close() {
        tracing::warn!(cause = %error, "the database did not close");
    }
}

/// What may still be stored, in KiB.
#[derive(Debug, Clone, Copy)]
struct Room {
    left: Option<u64>,
}

impl Room {
    fn new(connection: &Connection, max_bytes: u64) -> rusqlite::Result<Self> {
        if max_bytes == 0 {
            return Ok(Self { left: None });
        }
        let used = reports::stored_kib(connection)?;
        Ok(Self {
            left: Some((max_bytes / 1024).saturating_sub(used)),
        })
    }

    fn takes(self, report: &NewReport) -> bool {
        self.left.is_none_or(|left| left >= report.size_class())
    }

    fn fill(&mut self, report: &NewReport) {
        if let Some(left) = &mut self.left {
            *left -= report.size_class();
        }
    }
}
