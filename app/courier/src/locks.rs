//! Opening, changing and closing locks. Keys live here while open, in the worker and nowhere else.

use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use domain::id::ReportId;
use domain::lock::{BadPin, Cost, Lock, Name, Pin, Tries};
use domain::time::Timestamp;
use seal::files::FilesSecret;
use seal::lock::{Answer, Key, LockError, Question, Record, Sealed};
use zeroize::Zeroizing;

use crate::storage::{self, Storage, Swap};

/// A key of this phone's that no script can read: it only answers.
#[expect(
    async_fn_in_trait,
    reason = "a worker has one thread: no future of these is ever sent"
)]
pub trait Device {
    /// HMAC-SHA-256 under the device key of this lock, which is made at its first use.
    async fn answer(&self, name: Name, question: &[u8]) -> Result<Answer, storage::Error>;
}

/// Content, without what is kept beside it.
pub type Content = Zeroizing<Vec<u8>>;

/// Why a lock did not do what was asked. Nothing is lost by any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It has to be opened first.
    Closed,
    /// After several wrong tries: none is looked at yet.
    Wait,
    /// There is a PIN already; it has to be changed instead.
    HasPin,
    /// Another tab has written since: open again, and keep again.
    Overtaken,
    /// The PIN chosen or typed cannot be one.
    Pin(BadPin),
    /// The lock stays closed.
    Lock(LockError),
    /// It could not be kept or read.
    Storage(storage::Error),
}

impl Failed {
    /// A short stable name, for messages between workers and pages.
    pub fn code(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Wait => "wait",
            Self::HasPin => "has-pin",
            Self::Overtaken => "overtaken",
            Self::Pin(why) => why.code(),
            Self::Lock(why) => why.code(),
            Self::Storage(why) => why.code(),
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Failed {}

impl From<BadPin> for Failed {
    fn from(why: BadPin) -> Self {
        Self::Pin(why)
    }
}

impl From<LockError> for Failed {
    fn from(why: LockError) -> Self {
        Self::Lock(why)
    }
}

impl From<storage::Error> for Failed {
    fn from(why: storage::Error) -> Self {
        Self::Storage(why)
    }
}

/// The locks of this phone, and the keys of those that are open here.
pub struct Locks<S, D> {
    storage: S,
    device: D,
    /// One place for each name.
    open: RefCell<[Option<Open>; 2]>,
}

#[derive(Clone)]
struct Open {
    key: Rc<Key>,
    /// Kept with the content, and never told.
    files: Rc<FilesSecret>,
    /// Of the content last read or written here.
    revision: u64,
}

impl<S: Deref<Target: Storage>, D: Device> Locks<S, D> {
    /// All closed.
    pub fn new(storage: S, device: D) -> Self {
        Self {
            storage,
            device,
            open: RefCell::default(),
        }
    }

    /// How a lock stands.
    pub async fn stand(&self, name: Name, now: Timestamp) -> Result<Lock, Failed> {
        let record = self.storage.lock(name).await?;
        let Some(record) = record.filter(Record::has_pin) else {
            return Ok(Lock::None);
        };
        if self.is_open(name) {
            return Ok(Lock::Open);
        }
        let tries = self.storage.tries(name).await?;
        Ok(Lock::Locked {
            wait_until: tries.and_then(|tries| tries.wait_until(now)),
            passkey: record.has_passkey(),
        })
    }

    /// The content of an open lock, or of one without a PIN; `None` where nothing was kept yet.
    pub async fn read(&self, name: Name) -> Result<Option<Content>, Failed> {
        match self.key(name).await? {
            Some(key) => self.content(name, key).await,
            None => Ok(None),
        }
    }

    /// Opens by a PIN. A try counts before it is looked at.
    pub async fn unlock(
        &self,
        name: Name,
        typed: &str,
        now: Timestamp,
    ) -> Result<Option<Content>, Failed> {
        let (_, key) = self.checked(name, typed, now).await?;
        self.content(name, Rc::new(key)).await
    }

    /// Opens by what a passkey gave for this lock.
    pub async fn unlock_by_passkey(
        &self,
        name: Name,
        prf: &[u8; 32],
    ) -> Result<Option<Content>, Failed> {
        let record = self.record(name).await?;
        let key = self.opened(name, &record, &record.by_passkey(prf)?).await?;
        self.storage.keep_tries(name, None).await?;
        self.content(name, Rc::new(key)).await
    }

    /// Keeps content. The first makes a lock without a PIN, which this phone alone opens.
    pub async fn keep(&self, name: Name, content: &[u8]) -> Result<(), Failed> {
        let Some(key) = self.key(name).await? else {
            let key = Key::draw(name).map_err(LockError::from)?;
            let files = drawn()?;
            let sealed = key.seal(1, &joined(&files, content))?;
            let record = self.by_device(name, &key).await?;
            done(
                self.storage
                    .keep_lock(name, None, &record, Some(&sealed))
                    .await?,
            )?;
            self.opens(name, Rc::new(key), files, 1);
            return Ok(());
        };
        let revision = self.revision(name).saturating_add(1);
        let files = self.files(name)?;
        let sealed = key.seal(revision, &joined(&files, content))?;
        done(self.storage.keep_locked(name, &sealed).await?)?;
        self.opens(name, key, files, revision);
        Ok(())
    }

    /// Sets the first PIN. The key is a new one: what the old record's bytes opened, wherever the
    /// browser left them, opens nothing written from now on.
    pub async fn set_pin(&self, name: Name, chosen: &str, cost: Cost) -> Result<(), Failed> {
        let pin = Pin::chosen(chosen)?;
        let older = self.storage.lock(name).await?;
        if older.as_ref().is_some_and(Record::has_pin) {
            return Err(Failed::HasPin);
        }
        let content = self.read(name).await?;
        let before = self.revision(name);
        let key = Key::draw(name).map_err(LockError::from)?;
        let revision = before.saturating_add(1);
        let files = self.files(name)?;
        let sealed = content
            .map(|content| key.seal(revision, &joined(&files, &content)))
            .transpose()?;
        let record = self.by_pin(name, &key, &pin, cost, None).await?;
        let older = older.as_ref().map(Record::id);
        done(
            self.storage
                .keep_lock(name, older, &record, sealed.as_ref())
                .await?,
        )?;
        self.storage.keep_tries(name, None).await?;
        let revision = if sealed.is_some() { revision } else { before };
        self.opens(name, Rc::new(key), files, revision);
        Ok(())
    }

    /// Sets another PIN in the place of the old one. The key stays, and so does a passkey.
    pub async fn change_pin(
        &self,
        name: Name,
        old: &str,
        chosen: &str,
        cost: Cost,
        now: Timestamp,
    ) -> Result<(), Failed> {
        let pin = Pin::chosen(chosen)?;
        let (record, key) = self.checked(name, old, now).await?;
        let next = self.by_pin(name, &key, &pin, cost, Some(&record)).await?;
        self.replace(name, &record, &next).await
    }

    /// Takes the PIN, and a passkey with it, away: whoever holds the phone opens it then.
    pub async fn remove_pin(&self, name: Name, old: &str, now: Timestamp) -> Result<(), Failed> {
        let (record, key) = self.checked(name, old, now).await?;
        let next = self.by_device(name, &key).await?;
        self.replace(name, &record, &next).await
    }

    /// Lets a passkey open it, too, by what it gave for this lock.
    pub async fn set_passkey(&self, name: Name, prf: &[u8; 32]) -> Result<(), Failed> {
        let (record, key) = self.open_record(name).await?;
        let question = Question::of_passkey(prf)?;
        let answer = self.device.answer(name, &*question.bytes()).await?;
        let next = record.clone().with_passkey(&key, &question, &answer)?;
        self.replace(name, &record, &next).await
    }

    /// Lets no passkey open it any more.
    pub async fn remove_passkey(&self, name: Name) -> Result<(), Failed> {
        let (record, _) = self.open_record(name).await?;
        let next = record.clone().without_passkey();
        self.replace(name, &record, &next).await
    }

    /// The identity that the files of a draft behind an open lock are sealed to. The draft has to be kept
    /// first: what this is made from is kept with it.
    pub fn identity_of_files(
        &self,
        name: Name,
        report: &ReportId,
    ) -> Result<Zeroizing<String>, Failed> {
        let open = self.open.borrow();
        let open = open[name as usize].as_ref().ok_or(Failed::Closed)?;
        Ok(open.files.identity(report))
    }

    /// Deletes lock and content. For a forgotten PIN nothing else is left to do.
    pub async fn start_again(&self, name: Name) -> Result<(), Failed> {
        self.close(name);
        Ok(self.storage.delete_lock(name).await?)
    }

    /// Forgets the key. Where a worker holds it, ending the worker forgets more.
    pub fn close(&self, name: Name) {
        self.open.borrow_mut()[name as usize] = None;
    }

    fn is_open(&self, name: Name) -> bool {
        self.open.borrow()[name as usize].is_some()
    }

    fn opens(&self, name: Name, key: Rc<Key>, files: Rc<FilesSecret>, revision: u64) {
        let open = Open {
            key,
            files,
            revision,
        };
        self.open.borrow_mut()[name as usize] = Some(open);
    }

    /// What is kept beside the content, or will be with the next.
    fn files(&self, name: Name) -> Result<Rc<FilesSecret>, Failed> {
        let open = self.open.borrow();
        let files = open[name as usize].as_ref().map(|open| open.files.clone());
        files.map_or_else(drawn, Ok)
    }

    fn revision(&self, name: Name) -> u64 {
        let open = self.open.borrow();
        open[name as usize].as_ref().map_or(0, |open| open.revision)
    }

    async fn record(&self, name: Name) -> Result<Record, Failed> {
        let record = self.storage.lock(name).await?;
        record.ok_or(Failed::Lock(LockError::NoSuchWay))
    }

    /// The key, if the lock is open or opens without a PIN; `None` where there is no lock yet.
    async fn key(&self, name: Name) -> Result<Option<Rc<Key>>, Failed> {
        let Some(record) = self.storage.lock(name).await? else {
            self.close(name);
            return Ok(None);
        };
        let open = self.open.borrow()[name as usize].clone();
        let open = open.map(|open| open.key);
        match open {
            // Another tab may have set a PIN, or started again: then the key is another.
            Some(key) if key.id() == record.id() => Ok(Some(key)),
            _ if record.has_pin() => {
                self.close(name);
                Err(Failed::Closed)
            }
            _ => {
                let key = Rc::new(self.opened(name, &record, &record.by_device()?).await?);
                self.content(name, key.clone()).await?;
                Ok(Some(key))
            }
        }
    }

    /// An open lock's record and key.
    async fn open_record(&self, name: Name) -> Result<(Record, Rc<Key>), Failed> {
        let key = self.key(name).await?.ok_or(Failed::Closed)?;
        Ok((self.record(name).await?, key))
    }

    /// Reads what the key opens, and remembers both as open.
    async fn content(&self, name: Name, key: Rc<Key>) -> Result<Option<Content>, Failed> {
        let sealed = self.storage.locked(name).await?;
        let inside = sealed.as_ref().map(|sealed| key.open(sealed)).transpose()?;
        let (files, content) = inside.map_or((None, None), parted);
        let files = files.map_or_else(drawn, Ok)?;
        let revision = sealed.as_ref().map_or(0, Sealed::revision);
        self.opens(name, key, files, revision);
        Ok(content)
    }

    /// Checks a PIN: the try is written down first, so that ending the app does not make it free.
    async fn checked(
        &self,
        name: Name,
        typed: &str,
        now: Timestamp,
    ) -> Result<(Record, Key), Failed> {
        let pin = Pin::typed(typed)?;
        let record = self.record(name).await?;
        let before = self.may_try(name, now).await?;
        self.storage
            .keep_tries(name, Some(Tries::one_more(before, now)))
            .await?;
        let key = match record.by_pin(&pin) {
            Ok(question) => self.opened(name, &record, &question).await,
            Err(why) => Err(why.into()),
        };
        match key {
            Ok(key) => {
                self.storage.keep_tries(name, None).await?;
                Ok((record, key))
            }
            Err(Failed::Lock(LockError::Wrong)) => Err(LockError::Wrong.into()),
            Err(why) => {
                // Nothing was learnt about the PIN.
                self.storage.keep_tries(name, before).await?;
                Err(why)
            }
        }
    }

    async fn may_try(&self, name: Name, now: Timestamp) -> Result<Option<Tries>, Failed> {
        let Some(tries) = self.storage.tries(name).await? else {
            return Ok(None);
        };
        let seen = tries.seen_at(now);
        if seen != tries {
            self.storage.keep_tries(name, Some(seen)).await?;
        }
        match seen.wait_until(now) {
            Some(_) => Err(Failed::Wait),
            None => Ok(Some(seen)),
        }
    }

    async fn opened(
        &self,
        name: Name,
        record: &Record,
        question: &Question,
    ) -> Result<Key, Failed> {
        let answer = self.device.answer(name, &*question.bytes()).await?;
        Ok(record.open(name, question, &answer)?)
    }

    async fn by_pin(
        &self,
        name: Name,
        key: &Key,
        pin: &Pin,
        cost: Cost,
        older: Option<&Record>,
    ) -> Result<Record, Failed> {
        let question = Question::of_pin(pin, cost)?;
        let answer = self.device.answer(name, &*question.bytes()).await?;
        Ok(Record::with_pin(key, cost, &question, &answer, older))
    }

    async fn by_device(&self, name: Name, key: &Key) -> Result<Record, Failed> {
        let question = Question::of_device()?;
        let answer = self.device.answer(name, &*question.bytes()).await?;
        Ok(Record::open_on_this_device(key, &question, &answer))
    }

    async fn replace(&self, name: Name, older: &Record, next: &Record) -> Result<(), Failed> {
        done(
            self.storage
                .keep_lock(name, Some(older.id()), next, None)
                .await?,
        )
    }
}

/// The first byte of what is kept since files have keys of their own. What was kept before is JSON.
const WITH_FILES: u8 = 1;

fn drawn() -> Result<Rc<FilesSecret>, Failed> {
    Ok(Rc::new(FilesSecret::draw().map_err(LockError::from)?))
}

fn joined(files: &FilesSecret, content: &[u8]) -> Content {
    Zeroizing::new([&[WITH_FILES], files.as_bytes(), content].concat())
}

fn parted(inside: Content) -> (Option<Rc<FilesSecret>>, Option<Content>) {
    let parts = inside
        .strip_prefix(&[WITH_FILES])
        .and_then(<[u8]>::split_first_chunk);
    match parts {
        Some((files, content)) => {
            let files = FilesSecret::from_bytes(*files);
            (Some(Rc::new(files)), Some(Zeroizing::new(content.to_vec())))
        }
        None => (None, Some(inside)),
    }
}

fn done(swap: Swap) -> Result<(), Failed> {
    match swap {
        Swap::Done => Ok(()),
        Swap::Overtaken => Err(Failed::Overtaken),
    }
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests;
