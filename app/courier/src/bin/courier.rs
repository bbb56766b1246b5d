//! The courier as a program of its own, for a worker, a service worker, or where neither can run,
//! the page. The script around it (`public/courier-host.js`) holds the lock and tells the screens.

#[cfg(target_family = "wasm")]
mod exports {
    use std::cell::RefCell;
    use std::pin::Pin;
    use std::rc::Rc;

    use courier::indexed_db::IndexedDb;
    use courier::locks::{Content, Failed, Locks};
    use courier::mailbox;
    use courier::parts::{PartWriter, Unkept};
    use courier::sealing::{Finished, draw_receipt, seal_and_queue, with_identity};
    use courier::storage::{Error, Storage};
    use courier::sync::api::Fetch;
    use courier::sync::{Change, Device, Report, insist, round};
    use domain::id::ReportId;
    use domain::lock::{Cost, Name};
    use domain::report::Phone;
    use domain::time::Timestamp;
    use domain::wire::{Part, Side};
    use js_sys::{Array, Promise, Uint8Array};
    use seal::files::FilesSecret;
    use seal::lock::{LockError, try_out};
    use seal::{backup, identity};
    use serde::Serialize;
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::wasm_bindgen;
    use wasm_bindgen_futures::future_to_promise;
    use zeroize::Zeroizing;

    /// The browser this runs in.
    struct Browser;

    impl Device for Browser {
        fn now(&self) -> Timestamp {
            now()
        }

        // It decides a moment, no key: the browser's plain chance will do.
        fn chance(&self) -> u32 {
            (js_sys::Math::random() * f64::from(u32::MAX)) as u32
        }
    }

    /// A [`Report`], as scripts read it.
    #[derive(Serialize)]
    struct Summary {
        changed: Vec<&'static str>,
        next: Option<f64>,
        reached: bool,
        notice: Option<&'static str>,
    }

    impl From<Report> for Summary {
        fn from(report: Report) -> Self {
            Self {
                changed: report.changed.into_iter().map(name).collect(),
                next: report.next.map(|wait| wait as f64),
                reached: report.reached,
                notice: match (report.refused, report.root_changed) {
                    (Some(_), _) => Some("scheme-refused"),
                    (None, true) => Some("root-changed"),
                    (None, false) => None,
                },
            }
        }
    }

    fn name(change: Change) -> &'static str {
        match change {
            Change::Outbox => "outbox",
            Change::Places => "places",
            Change::Scheme => "scheme",
        }
    }

    /// A promise made of any work by the same code: each work with its own took five kilobytes more in all.
    fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
        let work: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>> = Box::pin(work);
        future_to_promise(work)
    }

    fn nothing((): ()) -> JsValue {
        JsValue::UNDEFINED
    }

    /// The digits of a new receipt.
    #[wasm_bindgen]
    pub fn draw() -> Result<String, JsValue> {
        draw_receipt().map_err(|why| why.code().into())
    }

    /// Seals and queues a finished report, its body given as JSON, with the files that follow it: an
    /// array of `{ id, length, sha256 }`. Asked where [`file_key`] was.
    #[wasm_bindgen]
    pub fn seal_report(
        id: String,
        watched: bool,
        digits: String,
        body: String,
        centre: String,
        parts: JsValue,
    ) -> Promise {
        promise(async move {
            let parts: Vec<Part> = serde_wasm_bindgen::from_value(parts).map_err(|_| "unable")?;
            let id = id.parse().map_err(|_| "unable")?;
            let mut body = Zeroizing::new(body);
            if !parts.is_empty() {
                let identity = identity_of_files(&id, watched)?;
                let whole = with_identity(&body, &identity).map_err(|why| why.code())?;
                body = Zeroizing::new(whole);
            }
            let finished = Finished {
                id,
                phone: if watched { Phone::Watched } else { Phone::Mine },
                digits,
                body: std::mem::take(&mut *body),
                parts,
            };
            let sealed = seal_and_queue(&IndexedDb::default(), &finished, &centre, now()).await;
            sealed.map(nothing).map_err(|why| why.code().into())
        })
    }

    /// Carries everything once, where a person insists also what has to wait; resolves with what changed.
    #[wasm_bindgen]
    pub fn sync(insists: bool) -> Promise {
        promise(async move {
            let shelf = IndexedDb::default();
            if insists {
                insist(&shelf, now()).await.map_err(Error::code)?;
            }
            let report = round(&shelf, &Fetch, &Browser).await;
            let summary = Summary::from(report.map_err(Error::code)?);
            let plain = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
            Ok(summary.serialize(&plain)?)
        })
    }

    /// A mailbox, opened: null where it is empty, otherwise an array: its id, its centre or null, the hours at which the report was
    /// received, read, passed on and closed, whether it is complete, and then for each message whether
    /// it is the centre's, its hour and its text. Hours are milliseconds since 1970, or null.
    #[wasm_bindgen]
    pub fn open_mailbox(digits: String) -> Promise {
        promise(async move {
            let opened = mailbox::open(&Fetch, &digits).await;
            let Some(opened) = opened.map_err(mailbox::Unanswered::code)? else {
                return Ok(JsValue::NULL);
            };
            let stages = opened.stages;
            let told = Array::of5(
                &milliseconds(Some(stages.received)),
                &milliseconds(stages.read),
                &milliseconds(stages.passed_on),
                &milliseconds(stages.closed),
                &stages.complete.into(),
            );
            told.unshift(&opened.centre.map_or(JsValue::NULL, JsValue::from));
            told.unshift(&JsValue::from_str(opened.id.as_str()));
            for letter in opened.letters {
                told.push(&(letter.from == Side::Centre).into());
                told.push(&milliseconds(Some(letter.hour)));
                told.push(&letter.text.map_or(JsValue::NULL, JsValue::from));
            }
            Ok(told.into())
        })
    }

    fn milliseconds(at: Option<Timestamp>) -> JsValue {
        at.map_or(JsValue::NULL, |at| JsValue::from_f64(at.0 as f64))
    }

    /// Writes to the centre. `id`, 26 letters, is drawn when the message is begun.
    #[wasm_bindgen]
    pub fn write_to_mailbox(digits: String, id: String, text: String) -> Promise {
        promise(async move {
            let id = id.parse().map_err(|_| "no-such-way")?;
            let text = Zeroizing::new(text);
            let written = mailbox::write(&IndexedDb::default(), &Fetch, &digits, &id, &text).await;
            written.map(nothing).map_err(|why| why.code().into())
        })
    }

    /// Withdraws the report of a receipt.
    #[wasm_bindgen]
    pub fn withdraw(digits: String) -> Promise {
        promise(async move {
            let withdrawn = mailbox::withdraw(&Fetch, &digits).await;
            withdrawn.map(nothing).map_err(|why| why.code().into())
        })
    }

    thread_local! {
        /// Files that are being sealed, by the id of their part.
        static FILES: RefCell<Vec<(String, PartWriter)>> = const { RefCell::new(Vec::new()) };
    }

    thread_local! {
        /// Of drafts that are behind no lock: it ends with the worker, as they do with their tab.
        static FILES_SECRET: RefCell<Option<FilesSecret>> = const { RefCell::new(None) };
    }

    /// What opens the files of a draft. It stays in this worker until it goes to the centre, sealed.
    fn identity_of_files(report: &ReportId, watched: bool) -> Result<Zeroizing<String>, JsValue> {
        if !watched {
            let identity = |locks: &OurLocks| locks.identity_of_files(Name::Reports, report);
            return told(LOCKS.with(identity));
        }
        FILES_SECRET.with_borrow_mut(|secret| {
            let secret = match secret {
                Some(secret) => secret,
                None => secret.insert(FilesSecret::draw().map_err(|_| "unable")?),
            };
            Ok(secret.identity(report))
        })
    }

    /// The recipient that the files of a draft are sealed to.
    #[wasm_bindgen]
    pub fn file_key(report: String, watched: bool) -> Result<String, JsValue> {
        let report = report.parse().map_err(|_| "no-such-way")?;
        let identity = identity_of_files(&report, watched)?;
        identity::recipient(&identity).map_err(|_| "unable".into())
    }

    /// Begins a file of a draft, sealed to the draft's recipient, or to that of the identity which drafts
    /// of older releases hold. Ids are drawn by the caller.
    #[wasm_bindgen]
    pub fn file_begin(report: String, part: String, key: String) -> Result<(), JsValue> {
        let key = Zeroizing::new(key);
        let recipient = identity::recipient(&key).unwrap_or_else(|_| key.to_string());
        let report = report.parse().map_err(|_| "no-such-way")?;
        let id = part.parse().map_err(|_| "no-such-way")?;
        let writer = PartWriter::begin(report, id, &recipient).map_err(Unkept::code)?;
        FILES.with_borrow_mut(|files| files.push((part, writer)));
        Ok(())
    }

    /// Takes in the next bytes of a file, a megabyte or less at a time.
    #[wasm_bindgen]
    pub fn file_write(part: String, plain: Uint8Array) -> Promise {
        promise(async move {
            let plain = Zeroizing::new(plain.to_vec());
            let mut writer = being_sealed(&part)?;
            let written = writer.write(&IndexedDb::default(), &plain).await;
            written.map_err(Unkept::code)?;
            FILES.with_borrow_mut(|files| files.push((part, writer)));
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Ends a file: how long it is sealed, the hash of that, and the hash of what was sealed.
    #[wasm_bindgen]
    pub fn file_finish(part: String) -> Promise {
        promise(async move {
            let finished = being_sealed(&part)?.finish(&IndexedDb::default()).await;
            let (part, plain) = finished.map_err(Unkept::code)?;
            Ok(Array::of3(
                &part.length.into(),
                &String::from(part.sha256).into(),
                &String::from(plain).into(),
            )
            .into())
        })
    }

    fn being_sealed(part: &str) -> Result<PartWriter, JsValue> {
        FILES.with_borrow_mut(|files| {
            let at = files.iter().position(|(name, _)| name == part);
            let at = at.ok_or("no-such-way")?;
            Ok(files.swap_remove(at).1)
        })
    }

    /// Removes a file that was taken out of a draft, or was not sealed to its end.
    #[wasm_bindgen]
    pub fn file_remove(report: String, part: String) -> Promise {
        promise(async move {
            drop(being_sealed(&part));
            let report = report.parse().map_err(|_| "no-such-way")?;
            let part = part.parse().map_err(|_| "no-such-way")?;
            let removed = IndexedDb::default().remove_part(&report, &part).await;
            removed.map(nothing).map_err(|why| why.code().into())
        })
    }

    /// Removes the files of every report that is neither in the outbox nor named.
    #[wasm_bindgen]
    pub fn file_sweep(named: Vec<String>) -> Promise {
        promise(async move {
            // What is no id names no report.
            let named: Vec<_> = named.iter().filter_map(|id| id.parse().ok()).collect();
            let swept = IndexedDb::default().sweep_parts(&named).await;
            swept.map(nothing).map_err(|why| why.code().into())
        })
    }

    type OurLocks = Rc<Locks<Rc<IndexedDb>, IndexedDb>>;

    thread_local! {
        static LOCKS: OurLocks = {
            let storage = IndexedDb::default();
            Rc::new(Locks::new(Rc::new(storage.clone()), storage))
        };
    }

    fn locks(name: &str) -> Result<(OurLocks, Name), JsValue> {
        let name = Name::named(name).ok_or("no-such-way")?;
        Ok((LOCKS.with(Rc::clone), name))
    }

    fn told<T>(done: Result<T, Failed>) -> Result<T, JsValue> {
        done.map_err(|why| why.code().into())
    }

    fn done(done: Result<(), Failed>) -> Result<JsValue, JsValue> {
        told(done).map(nothing)
    }

    /// Content as bytes; null where nothing was kept yet. Our own copy is wiped.
    fn handed_over(content: Result<Option<Content>, Failed>) -> Result<JsValue, JsValue> {
        let content = told(content)?;
        Ok(content.map_or(JsValue::NULL, |content| {
            Uint8Array::from(content.as_slice()).into()
        }))
    }

    /// What a passkey gave: 32 bytes.
    fn prf(bytes: &Uint8Array) -> Result<Zeroizing<[u8; 32]>, JsValue> {
        let mut prf = Zeroizing::new([0; 32]);
        if bytes.length() != 32 {
            return Err("wrong".into());
        }
        bytes.copy_to(&mut *prf);
        Ok(prf)
    }

    /// How a lock stands: `{ lock: "none" | "locked" | "open", wait_until?, passkey? }`.
    #[wasm_bindgen]
    pub fn lock_stand(name: String) -> Promise {
        promise(async move {
            let (locks, name) = locks(&name)?;
            let stand = told(locks.stand(name, now()).await)?;
            Ok(serde_wasm_bindgen::to_value(&stand)?)
        })
    }

    /// The content of an open lock, or of one without a PIN.
    #[wasm_bindgen]
    pub fn lock_read(name: String) -> Promise {
        promise(async move {
            let (locks, name) = locks(&name)?;
            handed_over(locks.read(name).await)
        })
    }

    /// Opens by a PIN; resolves with the content.
    #[wasm_bindgen]
    pub fn lock_unlock(name: String, pin: String) -> Promise {
        promise(async move {
            let ((locks, name), pin) = (locks(&name)?, Zeroizing::new(pin));
            handed_over(locks.unlock(name, &pin, now()).await)
        })
    }

    /// Opens by a passkey; resolves with the content.
    #[wasm_bindgen]
    pub fn lock_unlock_by_passkey(name: String, given: Uint8Array) -> Promise {
        promise(async move {
            let ((locks, name), prf) = (locks(&name)?, prf(&given)?);
            handed_over(locks.unlock_by_passkey(name, &prf).await)
        })
    }

    /// Keeps content.
    #[wasm_bindgen]
    pub fn lock_keep(name: String, content: Uint8Array) -> Promise {
        promise(async move {
            let (locks, name) = locks(&name)?;
            let content = Zeroizing::new(content.to_vec());
            done(locks.keep(name, &content).await)
        })
    }

    /// Sets the first PIN.
    #[wasm_bindgen]
    pub fn lock_set_pin(name: String, pin: String) -> Promise {
        promise(async move {
            let ((locks, name), pin) = (locks(&name)?, Zeroizing::new(pin));
            done(locks.set_pin(name, &pin, affordable()?).await)
        })
    }

    /// Sets another PIN.
    #[wasm_bindgen]
    pub fn lock_change_pin(name: String, old: String, new: String) -> Promise {
        promise(async move {
            let (locks, name) = locks(&name)?;
            let (old, new) = (Zeroizing::new(old), Zeroizing::new(new));
            done(
                locks
                    .change_pin(name, &old, &new, affordable()?, now())
                    .await,
            )
        })
    }

    /// Takes the PIN away.
    #[wasm_bindgen]
    pub fn lock_remove_pin(name: String, pin: String) -> Promise {
        promise(async move {
            let ((locks, name), pin) = (locks(&name)?, Zeroizing::new(pin));
            done(locks.remove_pin(name, &pin, now()).await)
        })
    }

    /// Lets a passkey open it, too.
    #[wasm_bindgen]
    pub fn lock_set_passkey(name: String, given: Uint8Array) -> Promise {
        promise(async move {
            let ((locks, name), prf) = (locks(&name)?, prf(&given)?);
            done(locks.set_passkey(name, &prf).await)
        })
    }

    /// Lets no passkey open it any more.
    #[wasm_bindgen]
    pub fn lock_remove_passkey(name: String) -> Promise {
        promise(async move {
            let (locks, name) = locks(&name)?;
            done(locks.remove_passkey(name).await)
        })
    }

    /// Deletes lock and content.
    #[wasm_bindgen]
    pub fn lock_start_again(name: String) -> Promise {
        promise(async move {
            let (locks, name) = locks(&name)?;
            done(locks.start_again(name).await)
        })
    }

    /// Forgets the key, or what is behind no lock, where no worker can be ended.
    #[wasm_bindgen]
    pub fn lock_close(name: String) -> Result<(), JsValue> {
        match Name::named(&name) {
            Some(name) => LOCKS.with(|locks| locks.close(name)),
            None => FILES_SECRET.set(None),
        }
        Ok(())
    }

    /// What one try of a PIN would cost on this phone, as `{ memory, passes, least_took }`: KiB,
    /// passes, and the milliseconds that the least cost took.
    #[wasm_bindgen]
    pub fn lock_calibrate() -> Result<JsValue, JsValue> {
        #[derive(Serialize)]
        struct Measured {
            memory: u32,
            passes: u32,
            least_took: f64,
        }
        let least_took = measured()?;
        let cost = Cost::affordable(least_took);
        let (memory, passes) = (cost.memory(), cost.passes());
        let measured = Measured {
            memory,
            passes,
            least_took,
        };
        Ok(serde_wasm_bindgen::to_value(&measured)?)
    }

    fn affordable() -> Result<Cost, JsValue> {
        measured().map(Cost::affordable)
    }

    /// The first round also fetches the memory; only the second is measured.
    fn measured() -> Result<f64, JsValue> {
        let round = || try_out().map_err(LockError::code);
        round()?;
        let begun = js_sys::Date::now();
        round()?;
        Ok(js_sys::Date::now() - begun)
    }

    /// Locks parts, a JSON object in text, by a passphrase; resolves with the file.
    #[wasm_bindgen]
    pub fn backup(parts: String, passphrase: String) -> Result<Uint8Array, JsValue> {
        let (parts, passphrase) = (Zeroizing::new(parts), Zeroizing::new(passphrase));
        let file = backup::seal(&parts, &passphrase, now());
        let file = file.map_err(backup::SealError::code)?;
        Ok(Uint8Array::from(file.as_slice()))
    }

    /// Opens a file; resolves with `{"version":…,"made":…,"parts":{…}}` in text.
    #[wasm_bindgen]
    pub fn restore(file: Uint8Array, passphrase: String) -> Result<JsValue, JsValue> {
        let passphrase = Zeroizing::new(passphrase);
        if file.length() as usize > backup::LARGEST {
            return Err(backup::OpenError::TooLarge.code().into());
        }
        let inside = backup::open_text(&file.to_vec(), &passphrase);
        let inside = inside.map_err(backup::OpenError::code)?;
        Ok(JsValue::from_str(&inside))
    }

    fn now() -> Timestamp {
        Timestamp(js_sys::Date::now() as i64)
    }
}

fn main() {}
