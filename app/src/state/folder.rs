//! The folder behind the reports lock: opened with it, kept with every change, dropped when it locks.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use courier::storage::{Error, Storage};
use domain::id::ReportId;
use domain::lock::Name;
use domain::report::{Body, Change, Draft, Enclosed, Filed, Folder, Phone};
use domain::scheme;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{Shown, State, files};
use crate::platform::{self, install, json, locks};

/// How often another tab may be quicker in a row.
const TRIES: usize = 5;

/// What of the folder is not kept yet.
#[derive(Default)]
pub struct Unkept {
    changes: RefCell<Vec<Change>>,
    saving: Cell<bool>,
    /// How many changes were ever made, and how many of them are kept.
    made: Cell<usize>,
    kept: Cell<usize>,
}

impl State {
    /// Opens the folder, where the lock is open or has no PIN; or looks what other tabs kept.
    pub async fn open_folder(self) {
        let unkept = self.unkept.get_value();
        let before = unkept.made.get();
        let content = locks::read(Name::Reports).await;
        // What was changed meanwhile is newer than what was read.
        if unkept.made.get() != before {
            return;
        }
        match content {
            Ok(content) => self.opened_folder(content).await,
            // What is open stays open: it was only looked at again.
            Err(_) if self.has_folder(|_| true) => {}
            Err(_) => self.folder.set(Shown::Failed(Error::Gone)),
        }
    }

    /// Whether the folder is open and such.
    fn has_folder(self, such: impl FnOnce(&Folder) -> bool) -> bool {
        self.folder.with_untracked(|folder| match folder {
            Shown::Ready(folder) => such(folder),
            _ => false,
        })
    }

    /// Shows what the lock gave, with what could not be kept so far. What an older release kept in the
    /// open goes behind the lock now.
    pub async fn opened_folder(self, content: Option<Vec<u8>>) {
        let Ok(mut folder) = read(content) else {
            return self.folder.set(Shown::Failed(Error::TooNew));
        };
        for change in self.unkept.get_value().changes.borrow().iter() {
            folder.apply(change);
        }
        self.show_folder(folder);
        // Should it fail, it is tried again when the folder is opened next.
        let _ = self.take_in().await;
        self.sweep_files().await;
    }

    /// The lock has closed: nothing of the folder stays in this tab. A draft that never leaves the
    /// tab is not behind the lock.
    pub fn close_folder(self) {
        self.folder.set(Shown::Loading);
        let unkept = self.unkept.get_value();
        unkept.changes.borrow_mut().clear();
        unkept.kept.set(unkept.made.get());
        let mine = |draft: &Draft| draft.phone == Phone::Mine;
        if self
            .draft
            .with_untracked(|draft| draft.as_ref().is_some_and(mine))
        {
            self.draft.set(None);
        }
    }

    /// The lock is about to be deleted, with what is behind it: nothing is left beside it either.
    pub async fn forget_folder(self) -> Result<(), Error> {
        for draft in self.shelf().plain_drafts().await? {
            self.shelf().delete_plain_draft(&draft.id).await?;
        }
        self.close_folder();
        self.forget_lost();
        Ok(())
    }

    /// Waits until everything is kept that was changed so far.
    pub async fn folder_is_kept(self) {
        saved(&self.unkept.get_value()).await;
    }

    /// Keeps the draft: behind the lock, or only in this tab where others look at the phone. It is what
    /// is asked next from now on, also before it is kept.
    pub fn keep_draft(self, draft: Draft) -> impl Future<Output = Result<(), Error>> {
        let before = self.draft.get_untracked();
        self.draft.set(Some(draft.clone()));
        async move {
            if draft.phone == Phone::Watched {
                return Ok(());
            }
            let change = match before.filter(|before| before.id == draft.id) {
                Some(before) => Change::Edit(before, draft.clone()),
                None => Change::Keep(draft.clone()),
            };
            self.change_folder(change).await?;
            self.join(&draft);
            Ok(())
        }
    }

    /// Whether no change of the folder is still on its way.
    pub fn is_all_kept(self) -> bool {
        let unkept = self.unkept.get_value();
        unkept.kept.get() >= unkept.made.get()
    }

    /// What another tab wrote on the same draft is here as well, where nothing was written since.
    fn join(self, draft: &Draft) {
        let joined = self.folder.with_untracked(|folder| match folder {
            Shown::Ready(folder) => folder.draft(&draft.id).cloned(),
            _ => None,
        });
        let is_last = self.draft.with_untracked(|now| now.as_ref() == Some(draft));
        if is_last && joined.as_ref().is_some_and(|joined| joined != draft) {
            self.draft.set(joined);
        }
    }

    /// Deletes a draft.
    pub async fn delete_draft(self, id: &ReportId) -> Result<(), Error> {
        let this = |draft: &Draft| &draft.id == id;
        let here = self.draft.get_untracked().filter(this);
        if here.is_some() {
            self.draft.set(None);
        }
        let kept = self.folder.with_untracked(|folder| match folder {
            Shown::Ready(folder) => folder.draft(id).cloned(),
            _ => None,
        });
        // What was only in this tab leaves nothing behind, not even an empty folder.
        if kept.is_some() {
            self.change_folder(Change::Delete(id.clone())).await?;
        }
        if let Some(draft) = here.or(kept) {
            files::remove_all(&draft).await;
        }
        Ok(())
    }

    /// Forgets a receipt on this phone.
    pub async fn forget_receipt(self, id: &ReportId) -> Result<(), Error> {
        self.change_folder(Change::Forget(id.clone())).await
    }

    /// The report these digits belong to, where its receipt is kept on this phone.
    pub fn report_of(self, digits: &str) -> Option<ReportId> {
        let plain = |text: &str| {
            text.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        };
        self.folder.with_untracked(|folder| match folder {
            Shown::Ready(folder) => {
                let mut receipts = folder.receipts.iter();
                receipts
                    .find(|known| plain(&known.digits) == plain(digits))
                    .map(|known| known.id.clone())
            }
            _ => None,
        })
    }

    /// The newest receipts kept on this phone, the newest first.
    pub fn receipts(self, at_most: usize) -> Vec<Filed> {
        self.folder.with_untracked(|folder| match folder {
            Shown::Ready(folder) => {
                let newest = folder.receipts.iter().rev();
                newest.take(at_most).cloned().collect()
            }
            _ => Vec::new(),
        })
    }

    /// So many of the centre's messages about a report were seen here.
    pub async fn see(self, id: ReportId, seen: u32) {
        self.answered.update(|all| all.retain(|one| *one != id));
        // Should it fail, they are new once more.
        let _ = self.change_folder(Change::See(id, seen)).await;
    }

    /// Seals a draft's body and puts it into the outbox; gives back the receipt. Its digits are kept
    /// before anything is sealed with them.
    pub async fn seal(self, draft: &Draft, body: &Body) -> Result<String, String> {
        let digits = match &draft.receipt {
            Some(digits) => digits.clone(),
            None => drawn().await?,
        };
        let draft = Draft {
            receipt: Some(digits.clone()),
            ..draft.clone()
        };
        let (phone, chosen) = (draft.phone, draft.centre.clone());
        let id = draft.id.clone();
        let kept = self.keep_draft(draft).await;
        kept.map_err(|error| error.code().to_owned())?;
        // Another tab may have been quicker: then it is sealed, or will be, with that one's digits.
        let digits = self.digits_of(&id).unwrap_or(digits);
        let parts = body.enclosed.as_ref().map(Enclosed::parts);
        let parts = serde_wasm_bindgen::to_value(&parts.unwrap_or_default());
        let with = [
            ("id", id.as_str().into()),
            ("watched", (phone == Phone::Watched).into()),
            ("digits", JsValue::from_str(&digits)),
            ("body", json::write(body).ok_or("gone")?.into()),
            ("centre", self.centre(chosen.as_deref()).into()),
            ("parts", parts.map_err(|_| "gone")?),
        ];
        platform::courier::ask_of(files::worker_of(phone), "seal", &with).await?;
        // Nobody else's draft has its keys there.
        platform::courier::end(platform::courier::TAB);
        self.draft.set(None);
        self.read_outbox().await;
        if phone == Phone::Mine {
            leptos::task::spawn_local(async {
                install::keep().await;
            });
            // Should it fail, it is done when the folder is opened next.
            let _ = self.take_in().await;
        }
        leptos::task::spawn_local(async move {
            platform::service_worker::ask_for_sync().await;
            self.carry().await;
        });
        Ok(digits)
    }

    /// The digits that a report is sealed with, as far as they are kept.
    fn digits_of(self, id: &ReportId) -> Option<String> {
        self.folder.with_untracked(|folder| match folder {
            Shown::Ready(folder) => folder.digits(id).map(str::to_owned),
            _ => None,
        })
    }

    fn centre(self, chosen: Option<&str>) -> String {
        self.scheme.with_untracked(|scheme| {
            let centres = scheme.as_ref().map_or(&[][..], |scheme| &scheme.centres);
            let centre = scheme::centre(centres, chosen);
            centre.map(|centre| centre.id.clone()).unwrap_or_default()
        })
    }

    /// Files what was queued, and takes in what an older release kept in the open.
    async fn take_in(self) -> Result<(), Error> {
        let shelf = self.shelf();
        let outbox = shelf.outbox().await?;
        for draft in shelf.plain_drafts().await? {
            let id = draft.id.clone();
            self.change_folder(Change::Keep(draft)).await?;
            shelf.delete_plain_draft(&id).await?;
        }
        for kept in &outbox {
            let Some(digits) = kept.receipt.clone() else {
                continue;
            };
            let id = kept.entry.id.clone();
            let filed = Filed {
                id: id.clone(),
                digits,
                seen: 0,
            };
            self.change_folder(Change::File(filed)).await?;
            shelf.delete_plain_receipt(&id).await?;
        }
        let queued: Vec<_> = outbox.into_iter().map(|kept| kept.entry.id).collect();
        let filed: Vec<_> = self.folder.with_untracked(|folder| match folder {
            Shown::Ready(folder) => folder.queued(&queued).collect(),
            _ => Vec::new(),
        });
        for filed in filed {
            self.change_folder(Change::File(filed)).await?;
        }
        Ok(())
    }

    /// Makes a change, and comes back once it is kept. Several made at once are kept at once.
    async fn change_folder(self, change: Change) -> Result<(), Error> {
        let unkept = self.unkept.get_value();
        let open = self.folder.try_update(|folder| match folder {
            Shown::Ready(folder) => {
                folder.apply(&change);
                true
            }
            _ => false,
        });
        if open != Some(true) {
            return Err(Error::Gone);
        }
        unkept.changes.borrow_mut().push(change);
        unkept.made.set(unkept.made.get() + 1);
        let mine = unkept.made.get();
        saved(&unkept).await;
        if unkept.kept.get() >= mine {
            return Ok(());
        }
        unkept.saving.set(true);
        let kept = self.keep_folder(&unkept).await;
        unkept.saving.set(false);
        kept.map_err(|code| Error::from_code(&code).unwrap_or(Error::Gone))
    }

    async fn keep_folder(self, unkept: &Rc<Unkept>) -> Result<(), String> {
        for _ in 0..TRIES {
            let made = unkept.made.get();
            let text = self.folder.with_untracked(|folder| match folder {
                Shown::Ready(folder) => json::write(folder),
                _ => None,
            });
            let text = text.ok_or("closed")?;
            match locks::keep(Name::Reports, text.as_bytes()).await {
                Ok(()) => {
                    // Fewer where the lock closed meanwhile.
                    let mut changes = unkept.changes.borrow_mut();
                    let done = made.saturating_sub(unkept.kept.get()).min(changes.len());
                    changes.drain(..done);
                    unkept.kept.set(made.max(unkept.kept.get()));
                    return Ok(());
                }
                Err(code) if code == "overtaken" => self.read_again(unkept).await?,
                Err(code) => return Err(code),
            }
        }
        Err("gone".into())
    }

    /// Another tab has written: what it kept, with what is not kept yet of this one's.
    async fn read_again(self, unkept: &Rc<Unkept>) -> Result<(), String> {
        let mut folder = read(locks::read(Name::Reports).await?).map_err(|_| "too-new")?;
        for change in unkept.changes.borrow().iter() {
            folder.apply(change);
        }
        self.show_folder(folder);
        Ok(())
    }

    /// What is on the screen is drawn again only for what is new: a choice just made there stays.
    fn show_folder(self, folder: Folder) {
        self.folder.maybe_update(|shown| {
            let folder = Shown::Ready(folder);
            let new = *shown != folder;
            *shown = folder;
            new
        });
    }
}

/// Until nobody saves. The worker answers in order, so that its answer to any question comes after
/// the saving before it.
async fn saved(unkept: &Unkept) {
    while unkept.saving.get() {
        if locks::stand(Name::Reports).await.is_err() {
            break;
        }
    }
}

/// The digits of a new receipt.
async fn drawn() -> Result<String, String> {
    let none: [(&str, JsValue); 0] = [];
    let digits = platform::courier::ask("draw", &none).await?;
    digits.as_string().ok_or_else(|| "gone".into())
}

/// What cannot be read is left alone: a newer release wrote it.
fn read(content: Option<Vec<u8>>) -> Result<Folder, domain::report::TooNew> {
    let Some(content) = content else {
        return Ok(Folder::default());
    };
    let text = String::from_utf8(content).map_err(|_| domain::report::TooNew)?;
    let folder: Option<Folder> = json::read(&text);
    folder.ok_or(domain::report::TooNew)?.known()
}
