//! The one thread that writes: what has arrived goes into one commit, and is answered after it.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::notes::Kept;
use super::queues::Queues;
use super::room::{NOTE, Room};
use super::{Limits, notes, reports, understood};
use crate::store::{Error, NewNote, NewReport, Put};

/// Most reports and notes in one commit: beyond this the disk's share of each is negligible.
const GROUP: usize = 256;

type Answer<T> = oneshot::Sender<Result<T, Error>>;

/// What phones send.
pub(super) enum New {
    Report(NewReport),
    Note(NewNote),
}

impl New {
    fn centre(&self) -> Option<&str> {
        match self {
            Self::Report(report) => Some(&report.centre),
            Self::Note(_) => None,
        }
    }
}

type Work = Box<dyn FnOnce(&mut Connection, &mut Room) + Send>;

enum Job {
    Put(New, Answer<Put>),
    Share(Vec<String>),
    Run(Work),
    Close(oneshot::Sender<()>),
}

/// The writing thread, from outside.
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    queues: Queues,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, limits: Limits) -> rusqlite::Result<Self> {
        let room = Room::of(&connection, limits.max_bytes)?;
        let (jobs, arrived) = mpsc::channel(limits.queue);
        let thread = thread::spawn(move || work(connection, room, arrived));
        Ok(Self {
            jobs,
            queues: Queues::of(limits.queue),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Queues what a phone sent; answers after its commit. A full queue is answered at once.
    pub(super) async fn put(&self, new: New) -> Result<Put, Error> {
        let _turn = self.queues.join(new.centre()).ok_or(Error::Busy)?;
        let (answer, answered) = oneshot::channel();
        self.queue(Job::Put(new, answer))?;
        answered.await.map_err(|_| Error::Broken)?
    }

    /// Queues something else that a phone sent, likewise.
    pub(super) async fn run_for<T: Send + 'static>(
        &self,
        centre: &str,
        what: impl FnOnce(&mut Connection, &mut Room) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let _turn = self.queues.join(Some(centre)).ok_or(Error::Busy)?;
        let (job, answered) = job(what);
        self.queue(job)?;
        answered.await.map_err(|_| Error::Broken)?
    }

    fn queue(&self, job: Job) -> Result<(), Error> {
        self.jobs.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Error::Busy,
            mpsc::error::TrySendError::Closed(_) => Error::Broken,
        })
    }

    /// Gives each of these centres its share of the room and of the queue.
    pub(super) async fn share_between(&self, centres: &[String]) -> Result<(), Error> {
        self.queues.share_between(centres);
        let share = Job::Share(centres.to_vec());
        self.jobs.send(share).await.map_err(|_| Error::Broken)
    }

    /// Runs something rare between two groups.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        self.run_counted(move |connection, _| what(connection))
            .await
    }

    /// The same for what changes how much room there is.
    pub(super) async fn run_counted<T: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Connection, &mut Room) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (job, answered) = job(what);
        self.jobs.send(job).await.map_err(|_| Error::Broken)?;
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

/// Something rare, and its answer.
fn job<T: Send + 'static>(
    what: impl FnOnce(&mut Connection, &mut Room) -> rusqlite::Result<T> + Send + 'static,
) -> (Job, oneshot::Receiver<Result<T, Error>>) {
    let (answer, answered) = oneshot::channel();
    let run = move |connection: &mut Connection, room: &mut Room| {
        let done = what(connection, room).map_err(|error| understood(&error));
        // Whoever asked may have gone.
        let _ = answer.send(done);
    };
    (Job::Run(Box::new(run)), answered)
}

fn work(mut connection: Connection, mut room: Room, mut arrived: mpsc::Receiver<Job>) {
    let mut group = Group::default();
    while let Some(first) = arrived.blocking_recv() {
        let other = group.take(first);
        let other = other.or_else(|| group.write(&mut connection, &mut room, &mut arrived));
        match other {
            Some(Job::Run(what)) => what(&mut connection, &mut room),
            Some(Job::Share(centres)) => room.share_between(&centres),
            Some(Job::Close(done)) => {
                finish(connection);
                let _ = done.send(());
                return;
            }
            Some(Job::Put(..)) | None => {}
        }
    }
}

/// What goes into one commit, in the order of arrival, and who waits for each.
#[derive(Default)]
struct Group {
    arrivals: Vec<New>,
    answers: Vec<Answer<Put>>,
}

impl Group {
    /// Takes in what a phone sent; gives back any other job.
    fn take(&mut self, job: Job) -> Option<Job> {
        match job {
            Job::Put(new, answer) => {
                self.arrivals.push(new);
                self.answers.push(answer);
                None
            }
            other => Some(other),
        }
    }

    /// Takes in what has arrived, up to another job, which is given back.
    fn take_arrived(&mut self, arrived: &mut mpsc::Receiver<Job>) -> Option<Job> {
        while self.arrivals.len() < GROUP {
            let other = self.take(arrived.try_recv().ok()?);
            if other.is_some() {
                return other;
            }
        }
        None
    }

    /// Writes the group and what arrives meanwhile in one commit, and answers all of it after that.
    /// Gives back a job of another kind that came in between.
    fn write(
        &mut self,
        connection: &mut Connection,
        room: &mut Room,
        arrived: &mut mpsc::Receiver<Job>,
    ) -> Option<Job> {
        let mut other = None;
        let done = self.commit(connection, room.clone(), arrived, &mut other);
        self.arrivals.clear();
        let answers = self.answers.drain(..);
        // A phone that has gone asks again; the same bytes are welcome.
        match done {
            Ok((puts, left)) => {
                *room = left;
                for (answer, put) in answers.zip(puts) {
                    let _ = answer.send(put);
                }
            }
            Err(error) => {
                let error = understood(&error);
                for answer in answers {
                    let _ = answer.send(Err(error));
                }
            }
        }
        other
    }

    fn commit(
        &mut self,
        connection: &mut Connection,
        mut room: Room,
        arrived: &mut mpsc::Receiver<Job>,
        other: &mut Option<Job>,
    ) -> rusqlite::Result<(Vec<Result<Put, Error>>, Room)> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut puts = Vec::with_capacity(GROUP);
        while let Some(new) = self.arrivals.get(puts.len()) {
            puts.push(match new {
                New::Report(report) => put_report(&transaction, &mut room, report)?,
                New::Note(note) => put_note(&transaction, &mut room, note)?,
            });
            if other.is_none() {
                *other = self.take_arrived(arrived);
            }
        }
        transaction.commit()?;
        Ok((puts, room))
    }
}

fn put_report(
    connection: &Connection,
    room: &mut Room,
    report: &NewReport,
) -> rusqlite::Result<Result<Put, Error>> {
    let centre = Some(&*report.centre);
    if !room.takes(connection, centre, report.size_class())? {
        return again(connection, report);
    }
    let put = reports::insert(connection, report)?;
    if let Put::New(_) = put {
        room.fill(centre, report.size_class());
    }
    Ok(Ok(put))
}

fn put_note(
    connection: &Connection,
    room: &mut Room,
    note: &NewNote,
) -> rusqlite::Result<Result<Put, Error>> {
    if !room.takes(connection, None, NOTE)? {
        return Ok(notes::stored_before(connection, note)?.ok_or(Error::Full));
    }
    Ok(match notes::insert(connection, note)? {
        Kept::Put(put) => {
            if let Put::New(_) = put {
                room.fill(None, NOTE);
            }
            Ok(put)
        }
        Kept::NoSuchPlace => Err(Error::NoSuchPlace),
    })
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
