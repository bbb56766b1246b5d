//! One connection to the database, opened when needed and opened again when it vanished.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use indexed_db_futures::Build;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::OpenDbError;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::transaction::TransactionMode;
use js_sys::{Array, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{IdbDatabase, IdbOpenDbRequest, IdbVersionChangeEvent};

use super::schema::{self, VERSION};
use super::transaction::{Transaction, cause};
use crate::storage::Error;

/// Milliseconds that a browser may take to open a database before it is taken for broken.
const PATIENCE: u32 = 10_000;

/// The way to one database.
pub(super) struct Connections {
    name: String,
    open: RefCell<Option<Rc<Connection>>>,
    /// It was asked for, and the browser has not answered. Who asks meanwhile does not wait again.
    silent: Rc<Cell<bool>>,
}

/// An open connection. It closes itself when another tab wants to change or delete the database;
/// the next use opens it anew, or learns that it is too old for what lies there now.
struct Connection {
    database: Database,
    _closes: Closure<dyn FnMut()>,
}

impl Connection {
    fn new(database: Database) -> Self {
        let closing = database.as_sys().clone();
        let closes = Closure::new(move || closing.close());
        let listener = Some(closes.as_ref().unchecked_ref());
        database.as_sys().set_onversionchange(listener);
        Self {
            database,
            _closes: closes,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.as_sys().set_onversionchange(None);
        self.database.as_sys().close();
    }
}

impl Connections {
    pub(super) fn to(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            open: RefCell::default(),
            silent: Rc::default(),
        }
    }

    /// Runs work in one transaction. Browsers drop connections of pages in the background: then
    /// it is opened once more and the work, of which nothing was kept, runs again.
    pub(super) async fn run<T>(
        &self,
        mode: TransactionMode,
        stores: &[&str],
        work: impl AsyncFn(&Transaction) -> indexed_db_futures::Result<T>,
    ) -> Result<T, Error> {
        let connection = self.connection().await?;
        match Transaction::run(&connection.database, mode, stores, &work).await {
            Err(Error::Gone) => {}
            done => return done,
        }
        self.forget(&connection);
        let connection = self.connection().await?;
        Transaction::run(&connection.database, mode, stores, &work).await
    }

    async fn connection(&self) -> Result<Rc<Connection>, Error> {
        let open = self.open.borrow().clone();
        match open {
            Some(open) => Ok(open),
            None if self.silent.get() => Err(Error::Blocked),
            None => {
                let fresh = open_database(&self.name, VERSION, &self.silent).await?;
                let fresh = Rc::new(fresh);
                *self.open.borrow_mut() = Some(fresh.clone());
                Ok(fresh)
            }
        }
    }

    /// What a browser does to a page in the background.
    #[cfg(test)]
    pub(super) fn break_off(&self) {
        if let Some(open) = &*self.open.borrow() {
            open.database.as_sys().close();
        }
    }

    fn forget(&self, vanished: &Rc<Connection>) {
        let mut open = self.open.borrow_mut();
        if open
            .as_ref()
            .is_some_and(|known| Rc::ptr_eq(known, vanished))
        {
            *open = None;
        }
    }
}

/// Opens a database at another version, as a later release would.
#[cfg(test)]
pub(super) async fn opened(name: &str, version: u32) -> Result<impl Drop, Error> {
    open_database(name, version, &Rc::default()).await
}

/// Opens a database, or tells at once that another tab holds an older version open, and after a while
/// that the browser is silent. Such a request cannot be taken back: its connection closes when it comes
/// and nobody waits for it any more.
async fn open_database(
    name: &str,
    version: u32,
    silent: &Rc<Cell<bool>>,
) -> Result<Connection, Error> {
    let request = Database::open(name).with_version(version).build();
    let request = request.map_err(|error| why_not(&error))?;
    let browsers = request.as_sys().clone();
    let steps = upgrading(&browsers);
    browsers.set_onupgradeneeded(Some(steps.as_ref().unchecked_ref()));
    let blocked = Promise::new(&mut |tell, _| browsers.set_onblocked(Some(&tell)));
    let mut patience = None;
    let too_long = Promise::new(&mut |tell, _| {
        let silent = silent.clone();
        patience = Some(Timeout::new(PATIENCE, move || {
            silent.set(true);
            let _ = tell.call0(&JsValue::UNDEFINED);
        }));
    });
    let outcome = Rc::new(RefCell::new(Err(Error::Blocked)));
    let (slot, silent) = (outcome.clone(), silent.clone());
    let settled = future_to_promise(async move {
        let opened = request.await.map(Connection::new);
        silent.set(false);
        drop(steps);
        *slot.borrow_mut() = opened.map_err(|error| why_not(&error));
        Ok(JsValue::UNDEFINED)
    });
    let first = Promise::race(&Array::of3(&settled, &blocked, &too_long));
    let _ = JsFuture::from(first).await;
    drop(patience);
    outcome.replace(Err(Error::Blocked))
}

/// The browser's own event: the binding's listener brings the printing of errors to every phone,
/// two kilobytes of it. A failed step aborts the whole upgrade: the older version stays as it was.
fn upgrading(request: &IdbOpenDbRequest) -> Closure<dyn FnMut(IdbVersionChangeEvent)> {
    let request = request.clone();
    Closure::new(move |event: IdbVersionChangeEvent| {
        let Ok(database) = request.result() else {
            return;
        };
        let database: IdbDatabase = database.unchecked_into();
        let done = schema::upgrade(&database, event.old_version() as u32);
        if let (Err(_), Some(upgrade)) = (done, request.transaction()) {
            // The open request then fails, which is where it is told.
            let _ = upgrade.abort();
        }
    })
}

/// Private windows of some browsers have no storage, or throw.
fn why_not(error: &OpenDbError) -> Error {
    match error {
        OpenDbError::Base(error) => match cause(error) {
            Error::Gone => Error::Blocked,
            known => known,
        },
        _ => Error::Blocked,
    }
}
