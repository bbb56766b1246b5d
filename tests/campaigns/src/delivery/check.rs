//! What the server holds, beside what was written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use courier::storage::Storage;
use domain::id::ReportId;
use domain::outbox::{Delivery, Refusal};
use seal::part::open_part;
use seal::report::open_for;
use server::parts;
use server::store::sqlite::{Inbox, sealed_report};

use super::{Found, Handheld, Written};
use crate::serving::Keys;

/// Every report that was written is there once and opens to the byte, and nothing else is.
pub(super) fn check(
    data: &Path,
    keys: &Keys,
    phones: &[Rc<Handheld>],
    erased: &BTreeSet<ReportId>,
    found: &Found,
) {
    let count = |what| *found.borrow_mut().entry(what).or_default() += 1;
    let mut there: BTreeMap<ReportId, usize> = BTreeMap::new();
    for line in Inbox::open(data)
        .and_then(|inbox| inbox.all())
        .expect("readable")
    {
        *there.entry(line.id).or_default() += 1;
        if !line.stages.complete {
            count("incomplete");
        }
    }
    for phone in phones {
        let outbox = at_once(phone.storage.outbox()).expect("readable");
        for kept in outbox {
            match kept.entry.delivery {
                Delivery::Stored { .. } => {}
                Delivery::Parked {
                    why: Refusal::Erased,
                } if erased.contains(&kept.entry.id) => {}
                _ => count("not said to be stored"),
            }
        }
        for written in &phone.written {
            let id = &written.body.id;
            match (there.remove(id), erased.contains(id)) {
                (None, true) => continue,
                (Some(_), true) => count("resurrected"),
                (None, false) => count("lost"),
                (Some(1), false) => count(is_whole(data, keys, written)),
                (Some(_), false) => count("doubled"),
            }
        }
    }
    for _ in there {
        count("never written");
    }
}

fn is_whole(data: &Path, keys: &Keys, written: &Written) -> &'static str {
    let id = &written.body.id;
    let Ok(Some(sealed)) = sealed_report(data, id) else {
        return "lost";
    };
    if open_for(id, &sealed, &keys.centre).as_ref() != Ok(&written.body) {
        return "changed";
    }
    let Some(part) = &written.part else {
        return "whole";
    };
    let Ok(Some(path)) = parts::find(data, id, &part.id) else {
        return "part lost";
    };
    let sealed = std::fs::read(path).unwrap_or_default();
    match open_part(&sealed, &part.key, part.bytes.len() as u64) {
        Ok(opened) if *opened == part.bytes => "whole",
        _ => "part changed",
    }
}

/// The result of a future that waits for nothing outside: storage in memory never does.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    use std::task::{Context, Poll, Waker};
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("storage in memory never waits"),
    }
}
