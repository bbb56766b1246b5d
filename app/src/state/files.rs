//! Files that are added to a draft: sealed by the courier as they are added.

use domain::id::{PartId, ReportId, Sha256};
use domain::lock::Name;
use domain::report::enclosed::{File, Origin};
use domain::report::{Draft, Enclosed, Phone};
use domain::wire::Part;
use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::{Shown, State};
use crate::platform::{courier, random};

/// Bytes that are sealed at a time.
const PIECE: f64 = 1_048_576.0;

/// What is known of a file before it is sealed.
pub struct Found {
    /// Its bytes.
    pub bytes: Blob,
    /// Made harmless.
    pub name: String,
    /// By its first bytes.
    pub kind: domain::report::enclosed::Kind,
    /// Where it came from.
    pub origin: Origin,
}

/// Files are being added to the draft, for as long as this lives.
pub struct Enclosing(State);

impl Drop for Enclosing {
    fn drop(&mut self) {
        let _ = self.0.enclosing.try_update_value(|count| *count -= 1);
    }
}

impl State {
    /// Files were chosen: until this is dropped, the draft lacks what is still to be added.
    pub fn enclosing(self) -> Enclosing {
        self.enclosing.update_value(|count| *count += 1);
        Enclosing(self)
    }

    /// Whether files are still being added.
    pub fn is_enclosing(self) -> bool {
        self.enclosing.get_value() > 0
    }

    /// Seals a file and adds it to the draft of this tab, telling how many bytes are sealed. Where it
    /// cannot be, nothing of it stays; the error is a short stable code.
    pub async fn enclose(self, found: Found, told: impl Fn(f64)) -> Result<(), String> {
        let (report, key) = self.key_of_files().await?;
        let id = PartId::from_random(random::bits().ok_or("unable")?);
        let sealed = seal(&report, &id, &key, &found.bytes, told).await;
        let kept = match sealed {
            Ok((part, sha256)) => {
                let file = File {
                    part,
                    name: found.name,
                    kind: found.kind,
                    origin: found.origin,
                    length: found.bytes.size() as u64,
                    sha256,
                };
                self.keep_file(&report, key, file).await
            }
            Err(why) => Err(why),
        };
        if kept.is_err() {
            remove(&report, &id).await;
        }
        kept
    }

    /// What the draft's files are sealed to. What opens them stays with the keys of the draft's lock.
    async fn key_of_files(self) -> Result<(ReportId, String), String> {
        let draft = self.draft.get_untracked().ok_or("gone")?;
        let (id, phone) = (draft.id.clone(), draft.phone);
        if let Some(enclosed) = draft.enclosed {
            return Ok((id, enclosed.key));
        }
        // What the key is made from is kept with it.
        let kept = self.keep_draft(draft).await;
        kept.map_err(|error| error.code().to_owned())?;
        let with = [id.as_str().into(), (phone == Phone::Watched).into()];
        let key = ask_of(worker_of(phone), "key", &with).await?;
        Ok((id, key.as_string().ok_or("gone")?))
    }

    /// Writes a sealed file down in its draft, should that still be here.
    async fn keep_file(self, report: &ReportId, key: String, file: File) -> Result<(), String> {
        let draft = self
            .draft
            .get_untracked()
            .filter(|draft| &draft.id == report);
        let mut draft = draft.ok_or("gone")?;
        let enclosed = draft.enclosed.get_or_insert_with(|| Enclosed {
            key,
            files: Vec::new(),
        });
        enclosed.files.push(file);
        let kept = self.keep_draft(draft).await;
        kept.map_err(|error| error.code().to_owned())
    }

    /// Takes a file out of the draft of this tab, and its bytes off the phone.
    pub async fn take_out(self, id: &PartId) -> Result<(), ::courier::storage::Error> {
        let Some(mut draft) = self.draft.get_untracked() else {
            return Ok(());
        };
        if let Some(enclosed) = &mut draft.enclosed {
            enclosed.files.retain(|file| &file.part.id != id);
        }
        let report = draft.id.clone();
        self.keep_draft(draft).await?;
        remove(&report, id).await;
        Ok(())
    }

    /// Removes files that lie in no draft: their tab ended before they were written down, or with it.
    pub(super) async fn sweep_files(self) {
        let mut named: Vec<ReportId> = self.folder.with_untracked(|folder| match folder {
            Shown::Ready(folder) => folder.drafts.iter().map(|draft| draft.id.clone()).collect(),
            _ => Vec::new(),
        });
        named.extend(self.draft.get_untracked().map(|draft| draft.id));
        let named: Array = named
            .iter()
            .map(|id| JsValue::from_str(id.as_str()))
            .collect();
        // Should it fail, it is done when the folder is opened next.
        let _ = courier::ask("sweep", &[("named", named.into())]).await;
    }
}

/// Removes all files of a draft that is deleted.
pub(super) async fn remove_all(draft: &Draft) {
    for file in draft.files() {
        remove(&draft.id, &file.part.id).await;
    }
}

async fn seal(
    report: &ReportId,
    id: &PartId,
    key: &str,
    bytes: &Blob,
    told: impl Fn(f64),
) -> Result<(Part, Sha256), String> {
    ask(
        "begin",
        &[report.as_str().into(), id.as_str().into(), key.into()],
    )
    .await?;
    let mut from = 0.0;
    while from < bytes.size() {
        let to = (from + PIECE).min(bytes.size());
        let piece = bytes.slice_with_f64_and_f64(from, to).map_err(|_| "gone")?;
        ask("write", &[id.as_str().into(), piece.into()]).await?;
        told(to);
        from = to;
    }
    let sealed = ask("finish", &[id.as_str().into()]).await?;
    read(id, &sealed).ok_or_else(|| "gone".into())
}

/// What the courier told of a sealed file: its length, its hash, and the hash of what was sealed.
fn read(id: &PartId, sealed: &JsValue) -> Option<(Part, Sha256)> {
    let sealed: &Array = sealed.dyn_ref()?;
    let part = Part {
        id: id.clone(),
        length: sealed.get(0).as_f64()? as u32,
        sha256: sealed.get(1).as_string()?.try_into().ok()?,
    };
    Some((part, sealed.get(2).as_string()?.try_into().ok()?))
}

async fn remove(report: &ReportId, id: &PartId) {
    // Should it fail, the next sweep takes it.
    let _ = ask("remove", &[report.as_str().into(), id.as_str().into()]).await;
}

/// The worker that has the keys of such a draft.
pub(super) fn worker_of(phone: Phone) -> &'static str {
    match phone {
        Phone::Mine => Name::Reports.as_str(),
        Phone::Watched => courier::TAB,
    }
}

async fn ask(what: &str, with: &[JsValue]) -> Result<JsValue, String> {
    ask_of(courier::CARRIER, what, with).await
}

async fn ask_of(worker: &'static str, what: &str, with: &[JsValue]) -> Result<JsValue, String> {
    let with: Array = with.iter().collect();
    let asked = [("what", what.into()), ("with_", with.into())];
    courier::ask_of(worker, "file", &asked).await
}
