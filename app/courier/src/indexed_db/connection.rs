//! One connection to the database, opened when needed and opened again when it vanished.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbVersionChangeEvent};

use super::schema::{self, VERSION};
use super::transaction::{Transaction, cause, settled};
use crate::storage::Error;

/// The way to one database.
pub(super) struct Connections {
    name: String,
    open: RefCell<Option<Rc<Connection>>>,
}

/// An open connection. It closes itself when another tab wants to change or delete the database;
/// the next use opens it anew, or learns that it is too old for what lies there now.
struct Connection {
    database: IdbDatabase,
    _closes: Closure<dyn FnMut()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.set_onversionchange(None);
        self.database.close();
    }
}

impl Connections {
    pub(super) fn to(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            open: RefCell::default(),
        }
    }

    /// Runs work in one transaction. Browsers drop connections of pages in the background: then
    /// it is opened once more and the work, of which nothing was kept, runs again.
    pub(super) async fn run<T>(
        &self,
        mode: &str,
        stores: &[&str],
        work: impl AsyncFn(&Transaction) -> Result<T, JsValue>,
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
            None => {
                let fresh = Rc::new(open_database(&self.name, VERSION).await?);
                *self.open.borrow_mut() = Some(fresh.clone());
                Ok(fresh)
            }
        }
    }

    /// What a browser does to a page in the background.
    #[cfg(test)]
    pub(super) fn break_off(&self) {
        if let Some(open) = &*self.open.borrow() {
            open.database.close();
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
pub(super) async fn opened(name: &str, version: u32) -> impl Drop {
    open_database(name, version).await.expect("it gives way")
}

async fn open_database(name: &str, version: u32) -> Result<Connection, Error> {
    let request = factory()
        .and_then(|factory| factory.open_with_u32(name, version).ok())
        .ok_or(Error::Blocked)?;
    let steps = upgrading(&request);
    request.set_onupgradeneeded(Some(steps.as_ref().unchecked_ref()));
    let opened = settled(|resolve, reject| {
        request.set_onsuccess(Some(resolve));
        request.set_onerror(Some(reject));
        request.set_onblocked(Some(reject));
    });
    opened.await.map_err(|_| why_not(&request))?;
    let database: IdbDatabase = request
        .result()
        .map_err(|_| Error::Blocked)?
        .unchecked_into();
    let closing = database.clone();
    let closes = Closure::new(move || closing.close());
    database.set_onversionchange(Some(closes.as_ref().unchecked_ref()));
    Ok(Connection {
        database,
        _closes: closes,
    })
}

/// A failed step aborts the whole upgrade: the older version stays as it was.
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

fn why_not(request: &IdbOpenDbRequest) -> Error {
    match request.error() {
        Ok(Some(error)) => match cause(&error) {
            Error::Gone => Error::Blocked,
            known => known,
        },
        // It has not settled: another tab holds an older version open.
        _ => Error::Blocked,
    }
}

/// `indexedDB` of a page or a worker. Private windows of some browsers have none, or throw.
fn factory() -> Option<IdbFactory> {
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into()).ok()?;
    (!factory.is_undefined() && !factory.is_null()).then(|| factory.unchecked_into())
}
