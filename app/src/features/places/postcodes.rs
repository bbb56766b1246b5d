//! The lists of postcodes and towns on this phone: fetched when somebody first needs them, then kept in
//! memory.

use std::cell::RefCell;
use std::rc::Rc;

use domain::postcode::{Found, Level, Pack, Postcode, find as find_in};
use domain::town::{self, Town};

use crate::platform::page;

/// Whole postcodes of the scheme's neighbourhood. The address stays, as a scheme may bring its own.
const PACK: &str = "/postcodes.bin";

thread_local! {
    static READ: RefCell<Option<Rc<Pack>>> = const { RefCell::new(None) };
    static TOWNS: RefCell<Option<Rc<Vec<Town>>>> = const { RefCell::new(None) };
}

/// Where a postcode is, as exactly as this phone can say.
pub async fn find(postcode: Postcode) -> Option<Found> {
    let pack = match postcode.level() {
        Level::District => None,
        Level::Sector | Level::Unit => pack().await,
    };
    let districts = courier::sync::file(&page::meta("districts")).await;
    find_in(postcode, pack.as_deref(), &districts.unwrap_or_default())
}

/// The list of whole postcodes; `None` where it cannot be had now.
pub async fn pack() -> Option<Rc<Pack>> {
    if let Some(read) = READ.with_borrow(Option::clone) {
        return Some(read);
    }
    let read = Rc::new(Pack::read(&courier::sync::bytes(PACK).await?)?);
    READ.set(Some(Rc::clone(&read)));
    Some(read)
}

/// The list of towns, once it was asked for.
pub fn towns() -> Option<Rc<Vec<Town>>> {
    TOWNS.with_borrow(Option::clone)
}

/// Reads the list of towns; whether it is there now.
pub async fn read_towns() -> bool {
    let file = courier::sync::bytes(&page::meta("towns")).await;
    let read = file.and_then(|file| town::read(&file)).map(Rc::new);
    let there = read.is_some();
    TOWNS.set(read);
    there
}
