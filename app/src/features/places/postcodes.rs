//! The lists of postcodes on this phone: fetched when somebody first needs them, then kept in memory.

use std::cell::RefCell;
use std::rc::Rc;

use domain::postcode::{Found, Level, Pack, Postcode, find as find_in};

use crate::platform::page;

/// Whole postcodes of the scheme's neighbourhood. The address stays, as a scheme may bring its own.
const PACK: &str = "/postcodes.bin";

thread_local! {
    static READ: RefCell<Option<Rc<Pack>>> = const { RefCell::new(None) };
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
