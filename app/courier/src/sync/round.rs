//! One round: learn the scheme, let go or offer again, send what is due, pull the places, and let
//! a note go whose moment has come.

use domain::outbox::{Answer, Delivery, Entry, NOT_READ, Settled, Swept};
use domain::time::{HOUR, Timestamp};
use domain::wire::{Missing, Scheme};
use seal::keyset::{Accepted, Pin, Refused, accept};

use super::api::{Api, Pulled};
use super::notes::{self, Beside};
use super::parts::{self, Ended};
use super::places;
use crate::storage::{Error, Storage};

/// Shortest time between two rounds, in milliseconds.
const PAUSE: i64 = 15_000;
/// The setting that holds until when the server asked to be left alone.
const BUSY: &str = "server-busy-until";

/// What a round led to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What screens should read again.
    pub changed: Vec<Change>,
    /// Whether the server answered.
    pub reached: bool,
    /// Milliseconds until something is due; `None` where nothing waits, no report and no note.
    pub next: Option<i64>,
    /// A sample scheme has new keys; the person is told.
    pub root_changed: bool,
    /// Why the server's scheme was not taken. What the phone had stays in use.
    pub refused: Option<Refused>,
}

/// Something stored that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Entries of the outbox.
    Outbox,
    /// The places.
    Places,
    /// The scheme.
    Scheme,
}

impl Report {
    fn changed(&mut self, what: Change) {
        if !self.changed.contains(&what) {
            self.changed.push(what);
        }
    }
}

/// Time and chance, as the phone has them.
pub trait Device {
    /// Now.
    fn now(&self) -> Timestamp;
    /// A number of which all values are alike.
    fn chance(&self) -> u32;
}

/// Carries everything once. At most one round may run at a time; a second one would be harmless.
pub async fn round(
    storage: &impl Storage,
    api: &impl Api,
    device: &impl Device,
) -> Result<Report, Error> {
    let mut report = Report::default();
    pull_scheme(storage, api, device.now(), &mut report).await?;
    if report.refused.is_some() {
        // Who cannot be believed gets nothing: a watched phone would let go of what they say they have.
        let waits = next(storage, true, device.now()).await?;
        report.next = waits.map(|_| HOUR / 4);
        return Ok(report);
    }
    let (beside, wanted) = send(storage, api, device, &mut report).await?;
    let goes_on = follow(storage, api, device, wanted, &mut report).await?;
    if report.reached && places::pull(storage, api, device.now()).await? {
        report.changed(Change::Places);
    }
    if report.reached {
        notes::send(storage, api, device, beside).await?;
    }
    let waits = [
        next(storage, report.reached, device.now()).await?,
        notes::next(storage, device, report.reached).await?,
    ];
    report.next = match goes_on {
        true => Some(0),
        false => waits.into_iter().flatten().min(),
    };
    Ok(report)
}

/// What a person wants who asks for a try now: the next round tries what waits, whatever patience the
/// server asked for. Called where rounds are: no other may run.
pub async fn insist(storage: &impl Storage, now: Timestamp) -> Result<(), Error> {
    storage.forget_setting(BUSY).await?;
    for kept in storage.outbox().await? {
        if let Delivery::Waiting { tries, .. } = kept.entry.delivery {
            let not_before = now;
            let due = Settled::Stays(Delivery::Waiting { tries, not_before });
            storage.record(&kept.entry.id, &due).await?;
        }
    }
    Ok(())
}

async fn pull_scheme(
    storage: &impl Storage,
    api: &impl Api,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), Error> {
    let answer = api.scheme().await;
    report.reached = !matches!(answer, Pulled::Silence);
    let Pulled::Got(scheme) = answer else {
        return Ok(());
    };
    let held = storage.scheme().await?;
    match accept(&scheme, held.as_ref().map(|(_, pin)| pin)) {
        Ok(accepted) => {
            keep(storage, &scheme, accepted, held, report).await?;
            sweep(storage, &scheme, now, report).await
        }
        // Its word on backups is not taken either: it could make phones let go of reports.
        Err(why) => {
            report.refused = Some(why);
            Ok(())
        }
    }
}

async fn keep(
    storage: &impl Storage,
    scheme: &Scheme,
    accepted: Accepted,
    held: Option<(Scheme, Pin)>,
    report: &mut Report,
) -> Result<(), Error> {
    report.root_changed = accepted.root_changed;
    if held
        .as_ref()
        .is_some_and(|(old, pin)| old == scheme && *pin == accepted.pin)
    {
        return Ok(());
    }
    storage.keep_scheme(scheme, &accepted.pin).await?;
    if held.is_none_or(|(old, _)| looks_different(&old, scheme)) {
        report.changed(Change::Scheme);
    }
    Ok(())
}

/// Whether a person could see the difference; the server's marks grow with every report.
fn looks_different(old: &Scheme, new: &Scheme) -> bool {
    let unmarked = Scheme {
        epoch: old.epoch.clone(),
        backed_up_through: old.backed_up_through,
        ..new.clone()
    };
    *old != unmarked
}

async fn sweep(
    storage: &impl Storage,
    scheme: &Scheme,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), Error> {
    for kept in storage.outbox().await? {
        let entry = &kept.entry;
        match entry.sweep(&scheme.epoch, scheme.backed_up_through, now) {
            Swept::Stays => continue,
            Swept::LetsGo => storage.let_go(&entry.id).await?,
            Swept::OffersAgain => storage.offer_again(&entry.id, now).await?,
        }
        report.changed(Change::Outbox);
    }
    Ok(())
}

/// Reports whose text the server has, and what it wants of each.
type Wanted = Vec<(Entry, Vec<Missing>)>;

/// Sends texts one by one, the oldest first, each written down as it settles. Silence ends it: the rest
/// keeps its turn. Says whether any was tried, and what is to follow.
async fn send(
    storage: &impl Storage,
    api: &impl Api,
    device: &impl Device,
    report: &mut Report,
) -> Result<(Beside, Wanted), Error> {
    let (mut beside, mut wanted) = (Beside::Nothing, Wanted::new());
    let busy = busy_until(storage).await?;
    for kept in storage.outbox().await?.iter().rev() {
        let entry = &kept.entry;
        if !may_try(entry, report.reached, busy, device.now()) {
            continue;
        }
        let Some(envelope) = storage.envelope(&entry.id).await? else {
            continue;
        };
        beside = Beside::Report;
        let answer = hand_over(api, entry, &envelope).await;
        report.reached |= answer != Answer::Silence;
        settle(storage, entry, &answer, device.now()).await?;
        report.changed(Change::Outbox);
        match answer {
            Answer::Silence | Answer::Later(_) => return Ok((beside, Wanted::new())),
            Answer::Wants(missing) => wanted.push((entry.clone(), missing)),
            _ => {}
        }
    }
    Ok((beside, wanted))
}

/// Hands over a text; where the server has it already, only asks what is missing.
async fn hand_over(api: &impl Api, entry: &Entry, envelope: &[u8]) -> Answer {
    if entry.arrived.is_some() {
        let answer = api.commit(&entry.id).await;
        if answer != Answer::Unknown {
            return answer;
        }
    }
    api.put_report(&entry.id, envelope).await
}

/// Sends what follows the texts, for a while; whether there is more to send at once.
async fn follow(
    storage: &impl Storage,
    api: &impl Api,
    device: &impl Device,
    wanted: Wanted,
    report: &mut Report,
) -> Result<bool, Error> {
    let until = parts::until(device.now());
    for (entry, missing) in wanted {
        report.changed(Change::Outbox);
        let ended = parts::send(storage, api, device, &entry, missing, until).await?;
        let Ended::Answered(answer) = ended else {
            return Ok(true);
        };
        settle(storage, &entry, &answer, device.now()).await?;
        if matches!(answer, Answer::Silence | Answer::Later(_)) {
            return Ok(false);
        }
    }
    Ok(false)
}

/// Makes a proof of receipt whole. One that proves nothing is left out: it would be shown as one.
async fn proven(
    storage: &impl Storage,
    entry: &Entry,
    mut answer: Answer,
) -> Result<Answer, Error> {
    if let Answer::Stored { proof, .. } = &mut answer
        && let Some(found) = proof
    {
        let held = storage.scheme().await?;
        let key = held.and_then(|(scheme, _)| scheme.proof_key);
        let envelope = storage.envelope(&entry.id).await?.unwrap_or_default();
        // What was sealed stands behind the first line.
        let label = envelope.iter().position(|byte| *byte == b'\n');
        let sealed = label.and_then(|at| envelope.get(at + 1..));
        *proof = key
            .zip(sealed)
            .and_then(|(key, sealed)| seal::proof::checked(found.clone(), &key, &entry.id, sealed));
    }
    Ok(answer)
}

async fn settle(
    storage: &impl Storage,
    entry: &Entry,
    answer: &Answer,
    now: Timestamp,
) -> Result<(), Error> {
    if let Answer::Later(wait) = answer {
        let until = now.plus((*wait).clamp(PAUSE, HOUR));
        storage.keep_setting(BUSY, &until.0.to_string()).await?;
    }
    let proven = proven(storage, entry, answer.clone()).await?;
    storage
        .record(&entry.id, &entry.settle(proven, now))
        .await?;
    match answer {
        Answer::Wants(missing) => {
            let arrived = entry.arrived_but(missing);
            storage.keep_arrived(&entry.id, Some(arrived)).await
        }
        _ => Ok(()),
    }
}

async fn busy_until(storage: &impl Storage) -> Result<Option<Timestamp>, Error> {
    let until = storage.setting(BUSY).await?;
    Ok(until.and_then(|text| text.parse().ok()).map(Timestamp))
}

/// Whether an entry may be tried: when its wait is over, and also as soon as the network is back,
/// however long the silence had made the wait, unless the server itself asked for patience or could
/// not read it the last time.
fn may_try(entry: &Entry, reached: bool, busy: Option<Timestamp>, now: Timestamp) -> bool {
    let Delivery::Waiting { tries, .. } = entry.delivery else {
        return false;
    };
    let asked_to_wait = busy.is_some_and(|until| until > now && until.since(now) <= HOUR);
    !asked_to_wait && (reached && tries != NOT_READ || entry.is_due(now))
}

async fn next(storage: &impl Storage, reached: bool, now: Timestamp) -> Result<Option<i64>, Error> {
    let busy = busy_until(storage).await?;
    let asked = busy.map_or(0, |until| until.since(now));
    let asked = if asked <= HOUR { asked } else { 0 };
    let at_least = asked.max(PAUSE);
    let outbox = storage.outbox().await?;
    let waits = outbox.iter().filter_map(|kept| match kept.entry.delivery {
        Delivery::Waiting { not_before, .. } => Some(not_before.since(now)),
        Delivery::Parked { .. } | Delivery::Stored { .. } => None,
    });
    let wait = waits.min();
    // Of what has gone from a phone that others look at, this would tell.
    if busy.is_some() && (wait.is_none() || asked <= 0) {
        storage.forget_setting(BUSY).await?;
    }
    let longest = if reached { HOUR } else { HOUR / 4 };
    Ok(wait.map(|wait| wait.max(at_least).min(longest.max(at_least))))
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests;
