//! The suite on IndexedDB, in a real browser, and what only a browser can do.

use indexed_db_futures::Build;
use indexed_db_futures::database::Database;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;
use crate::suite::{self, for_each_case};

wasm_bindgen_test_configure!(run_in_browser);

/// A database of its own for each test.
fn fresh(name: &str) -> IndexedDb {
    IndexedDb::named(&format!("{name} {}", js_sys::Math::random()))
}

macro_rules! run {
    ($($case:ident,)*) => {$(
        #[wasm_bindgen_test]
        async fn $case() {
            suite::$case(&fresh(stringify!($case))).await;
        }
    )*};
}
for_each_case!(run);

#[wasm_bindgen_test]
async fn what_was_kept_is_there_after_a_restart() {
    let name = format!("restart {}", js_sys::Math::random());
    let card = Card {
        name: "Ali".into(),
        ..Card::default()
    };
    let before = IndexedDb::named(&name);
    before.keep_card(&card, None).await.expect("kept");
    drop(before);
    assert_eq!(IndexedDb::named(&name).card().await, Ok(Some(card)));
}

#[wasm_bindgen_test]
async fn a_vanished_connection_is_opened_again() {
    let storage = fresh("vanished");
    storage.keep_setting("a", "1").await.expect("kept");
    storage.connections.break_off();
    assert_eq!(storage.setting("a").await, Ok(Some("1".into())));
    storage.connections.break_off();
    storage.keep_setting("a", "2").await.expect("kept");
    assert_eq!(storage.setting("a").await, Ok(Some("2".into())));
}

#[wasm_bindgen_test]
async fn a_newer_database_is_left_alone() {
    let name = format!("newer {}", js_sys::Math::random());
    let storage = IndexedDb::named(&name);
    storage.keep_setting("a", "1").await.expect("kept");
    // The open connection gives way, and then finds that it is too old.
    drop(connection::opened(&name, VERSION + 1).await.expect("open"));
    assert_eq!(storage.setting("a").await, Err(Error::TooNew));
    assert_eq!(storage.keep_setting("a", "2").await, Err(Error::TooNew));
    assert_eq!(storage.keep_setting("b", "2").await, Err(Error::TooNew));
    // The newer release finds what it left.
    let newer = Database::open(&name).with_version(VERSION + 1).build();
    let newer = newer.expect("asked").await.expect("open");
    for (name, left) in [("a", "1".into()), ("b", JsValue::UNDEFINED)] {
        let read = async |tx: &Transaction| tx.get(META, &setting(name)).await;
        let found = Transaction::run(&newer, TransactionMode::Readonly, &[META], read).await;
        assert_eq!(found, Ok(left));
    }
}

#[wasm_bindgen_test]
async fn a_tab_that_does_not_give_way_is_told_of_at_once_and_blocks_nobody_later() {
    let name = format!("held {}", js_sys::Math::random());
    let stubborn = Database::open(&name).with_version(VERSION).build();
    let stubborn = stubborn.expect("asked").await.expect("open");
    let newer = connection::opened(&name, VERSION + 1).await;
    assert_eq!(newer.err(), Some(Error::Blocked));
    stubborn.close();
    assert!(connection::opened(&name, VERSION + 2).await.is_ok());
}

#[wasm_bindgen_test]
async fn a_write_the_browser_aborts_at_its_end_changes_nothing() {
    let storage = fresh("aborted");
    storage.keep_setting("a", "1").await.expect("kept");
    let aborted = storage
        .write(&[META], async |tx| {
            tx.put(META, &setting("a"), &"2".into())?;
            tx.break_off();
            Ok(())
        })
        .await;
    assert_eq!(aborted, Err(Error::Gone));
    assert_eq!(storage.setting("a").await, Ok(Some("1".into())));
}

#[wasm_bindgen_test]
async fn a_failed_write_changes_nothing() {
    let storage = fresh("failed");
    storage.keep_setting("a", "1").await.expect("kept");
    let failed: Result<(), Error> = storage
        .write(&[META], async |tx| {
            tx.put(META, &setting("a"), &"2".into())?;
            Err(JsValue::NULL.into())
        })
        .await;
    assert_eq!(failed, Err(Error::Gone));
    assert_eq!(storage.setting("a").await, Ok(Some("1".into())));
}

#[wasm_bindgen_test]
async fn the_boot_script_finds_the_front_as_a_plain_object() {
    let storage = fresh("front");
    let front = PaintedFront {
        html: "<h1>Ali</h1>".into(),
        language: "en".into(),
        version: "1".into(),
    };
    storage
        .keep_card(&Card::default(), Some(&front))
        .await
        .expect("kept");
    let found = storage.get("front", "front").await.expect("readable");
    let text = js_sys::JSON::stringify(&found).expect("plain").as_string();
    assert_eq!(
        text.as_deref(),
        Some(r#"{"html":"<h1>Ali</h1>","language":"en","version":"1"}"#)
    );
    storage
        .keep_card(&Card::default(), None)
        .await
        .expect("kept");
    assert!(
        storage
            .get("front", "front")
            .await
            .expect("readable")
            .is_undefined()
    );
}

#[wasm_bindgen_test]
async fn a_device_key_answers_the_same_for_ever_and_shows_itself_to_nobody() {
    use crate::locks::Device;
    let name = format!("device {}", js_sys::Math::random());
    let storage = IndexedDb::named(&name);
    let first = storage.answer(Name::Card, b"a question").await;
    let first = first.expect("a key");
    let after_restart = IndexedDb::named(&name);
    let again = after_restart.answer(Name::Card, b"a question").await;
    assert_eq!(again.as_ref(), Ok(&first));
    let of_the_other = storage.answer(Name::Reports, b"a question").await;
    assert_ne!(of_the_other, again);
    let key = storage.get("locks", "card device").await.expect("kept");
    let key: web_sys::CryptoKey = key.dyn_into().expect("a key");
    assert!(!key.extractable());
    storage.delete_lock(Name::Card).await.expect("deleted");
    let anew = storage.answer(Name::Card, b"a question").await;
    assert_ne!(anew, again);
}

#[wasm_bindgen_test]
async fn a_lock_opens_with_its_pin_after_a_restart() {
    use crate::locks::Locks;
    use domain::lock::{Cost, Lock};
    use std::rc::Rc;
    let name = format!("lock {}", js_sys::Math::random());
    let tab = || {
        let storage = IndexedDb::named(&name);
        Locks::new(Rc::new(storage.clone()), storage)
    };
    let now = crate::samples::NOW;
    let before = tab();
    before.keep(Name::Card, b"allergic").await.expect("kept");
    let set = before.set_pin(Name::Card, "294617", Cost::LEAST).await;
    set.expect("set");
    let after = tab();
    let shut = Lock::Locked {
        wait_until: None,
        passkey: false,
    };
    assert_eq!(after.stand(Name::Card, now).await, Ok(shut));
    let wrong = after.unlock(Name::Card, "294618", now).await;
    assert_eq!(wrong.err().map(|why| why.code()), Some("wrong"));
    let right = after.unlock(Name::Card, "294617", now).await;
    let content = right.expect("right").expect("kept");
    assert_eq!(content.as_slice(), b"allergic");
}
