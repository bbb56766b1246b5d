//! The coordinator's commands: which places there are, what is due, and who changed what.

use std::fmt::Write;

use clap::{Args, Subcommand};
use domain::id::PlaceId;
use domain::place::Offer;
use domain::time::{DAY, Day, Timestamp};

use super::exchange::{self, Exchange};
use super::letters::{self, Out};
use super::{Stop, say};
use crate::arrival;
use crate::config::Settings;
use crate::hours;
use crate::record::{Nation, Record, Status};
use crate::review::{CHECK_LASTS, Standing};
use crate::store::sqlite::Ledger;

/// What a coordinator can ask for.
#[derive(Debug, Subcommand)]
pub enum Places {
    /// List places, one a line: id, status, the last day it is believed, name, what is due
    List {
        /// Only those of this status
        #[arg(long)]
        status: Option<Status>,
        /// Only those that something is due for
        #[arg(long)]
        due: bool,
    },
    /// Show everything known of a place, and who changed what
    Show {
        /// Its id
        id: String,
    },
    /// Change a place; an empty text takes away what was there
    Set(Box<Set>),
    /// What to look at, the most urgent first
    Review,
    /// You have looked at what people said of a place: phones no longer say "ring first" for it
    Looked {
        /// Its id
        id: String,
        /// Your name, for the history
        #[arg(long)]
        who: String,
    },
    /// Make a link for a place's manager, and a text to copy into an e-mail
    Link {
        /// Ids of places
        ids: Vec<String>,
        /// All places of this status as well
        #[arg(long)]
        status: Option<Status>,
        #[command(flatten)]
        out: Out,
    },
    /// List whose managers have not answered a link yet, the longest waiting first
    Waiting,
    /// Links and texts for every manager who has not answered for two weeks
    Remind {
        #[command(flatten)]
        out: Out,
    },
    #[command(flatten)]
    Exchange(Box<Exchange>),
}

/// What can be changed of a place.
#[derive(Debug, Args)]
pub struct Set {
    /// Its id
    id: String,
    /// Your name, for the history
    #[arg(long)]
    who: String,
    #[arg(long)]
    status: Option<Status>,
    #[arg(long)]
    name: Option<String>,
    /// House, street and town
    #[arg(long)]
    address: Option<String>,
    #[arg(long)]
    postcode: Option<String>,
    /// Whose bank holidays it keeps
    #[arg(long)]
    nation: Option<Nation>,
    #[arg(long)]
    telephone: Option<String>,
    /// As OpenStreetMap writes them: "Mo-Fr 09:00-17:00; PH off"
    #[arg(long)]
    hours: Option<String>,
    /// What it is, in one line
    #[arg(long)]
    what: Option<String>,
    /// The way there from something that everybody sees
    #[arg(long)]
    directions: Option<String>,
    /// How to find the door
    #[arg(long)]
    door: Option<String>,
    /// What happens when somebody goes in
    #[arg(long)]
    welcome: Option<String>,
    /// step-free, toilets, quiet-room, hearing-loop, with commas between them
    #[arg(long)]
    offers: Option<String>,
    /// What its people speak, such as en,pa
    #[arg(long)]
    languages: Option<String>,
    /// The day its people were trained, as 2026-11-22
    #[arg(long)]
    trained: Option<Day>,
    /// The day somebody made sure of it all; it is believed for a year, unless --review-by says else
    #[arg(long)]
    checked: Option<Day>,
    /// The last day it is believed
    #[arg(long)]
    review_by: Option<Day>,
}

/// Does what was asked.
pub fn run(settings: &Settings, what: Places) -> Result<(), Stop> {
    // An import makes the database where there is none.
    let what = match what {
        Places::Exchange(what) => return exchange::run(settings, *what),
        what => what,
    };
    let mut ledger = Ledger::open(&settings.data).map_err(Stop::Database)?;
    let now = arrival::now();
    match what {
        Places::Exchange(_) => Ok(()),
        Places::List { status, due } => list(&ledger, now, |standing| {
            let wanted = status.is_none_or(|status| standing.record.place.status == status);
            wanted && (!due || !standing.due(now).is_empty())
        }),
        Places::Show { id } => show(&ledger, &of(&id)?, now),
        Places::Set(set) => change(&mut ledger, *set, now),
        Places::Review => review(&ledger, now),
        Places::Looked { id, who } => {
            let id = of(&id)?;
            let looked = ledger.looked(&id, &coordinator(&who), now);
            let known = looked.map_err(Stop::Database)?;
            known.ok_or_else(|| Stop::NoSuchPlace(id.to_string()))?;
            say(&format!("{id}: what people said so far counts no longer."));
            Ok(())
        }
        Places::Link { ids, status, out } => {
            let ids: Vec<PlaceId> = ids.iter().map(|id| of(id)).collect::<Result<_, _>>()?;
            let all = ledger.all().map_err(Stop::Database)?;
            for id in &ids {
                if !all.iter().any(|known| known.record.place.id == *id) {
                    return Err(Stop::NoSuchPlace(id.to_string()));
                }
            }
            let wanted = |standing: &&Standing| {
                let place = &standing.record.place;
                ids.contains(&place.id) || status == Some(place.status)
            };
            letters::write(settings, &mut ledger, all.iter().filter(wanted), &out, now)
        }
        Places::Waiting => waiting(&ledger, now),
        Places::Remind { out } => {
            let all = ledger.all().map_err(Stop::Database)?;
            let due = all
                .iter()
                .filter(|standing| standing.is_to_be_reminded(now));
            letters::write(settings, &mut ledger, due, &out, now)
        }
    }
}

fn of(id: &str) -> Result<PlaceId, Stop> {
    id.parse().map_err(|_| Stop::NoSuchPlace(id.to_owned()))
}

fn coordinator(who: &str) -> String {
    format!("coordinator: {}", who.trim())
}

fn list(ledger: &Ledger, now: Timestamp, wanted: impl Fn(&Standing) -> bool) -> Result<(), Stop> {
    let all = ledger.all().map_err(Stop::Database)?;
    let shown: Vec<_> = all.iter().filter(|standing| wanted(standing)).collect();
    for standing in &shown {
        say(&line(standing, now));
    }
    say(&format!("{} of {} places.", shown.len(), all.len()));
    Ok(())
}

fn line(standing: &Standing, now: Timestamp) -> String {
    let place = &standing.record.place;
    let until = place
        .review_by
        .map_or_else(|| "-".to_owned(), |day| day.to_string());
    let status = match standing.record.listed {
        true => place.status.name(),
        false => "unlisted",
    };
    let mut line = format!(
        "{:<28} {status:<8} {until:<10} {}",
        place.id.as_str(),
        place.name
    );
    for (at, due) in standing.due(now).iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(line, "{}{due}", if at == 0 { ": " } else { "; " });
    }
    line
}

fn review(ledger: &Ledger, now: Timestamp) -> Result<(), Stop> {
    let mut all = ledger.all().map_err(Stop::Database)?;
    all.retain(|standing| !standing.due(now).is_empty());
    all.sort_by_key(|standing| standing.due(now));
    for standing in &all {
        say(&line(standing, now));
    }
    say(&match all.len() {
        0 => "Nothing is due.".to_owned(),
        1 => "1 place to look at.".to_owned(),
        count => format!("{count} places to look at."),
    });
    Ok(())
}

fn waiting(ledger: &Ledger, now: Timestamp) -> Result<(), Stop> {
    let mut all = ledger.all().map_err(Stop::Database)?;
    all.retain(|standing| standing.record.listed && standing.waiting_since.is_some());
    all.sort_by_key(|standing| standing.waiting_since);
    for standing in &all {
        let days = standing
            .waiting_since
            .map_or(0, |since| now.since(since) / DAY);
        let place = &standing.record.place;
        let (id, status) = (place.id.as_str(), place.status.name());
        let since = match days {
            0 => "since today".to_owned(),
            1 => "for 1 day".to_owned(),
            days => format!("for {days} days"),
        };
        say(&format!("{id:<28} {status:<8} {since:<12} {}", place.name));
    }
    say(&match all.len() {
        0 => "Everybody has answered.".to_owned(),
        1 => "1 manager has not answered.".to_owned(),
        count => format!("{count} managers have not answered."),
    });
    Ok(())
}

fn show(ledger: &Ledger, id: &PlaceId, now: Timestamp) -> Result<(), Stop> {
    let missing = || Stop::NoSuchPlace(id.to_string());
    let standing = ledger
        .one(id)
        .map_err(Stop::Database)?
        .ok_or_else(missing)?;
    say(&line(&standing, now));
    for (field, value) in standing.record.fields() {
        if let Some(value) = value {
            say(&format!("  {field}: {value}"));
        }
    }
    say(&format!(
        "  list: {}, {}",
        standing.record.source, standing.record.place.external_id
    ));
    for change in ledger.history(id).map_err(Stop::Database)? {
        let part = |text: Option<String>| text.unwrap_or_else(|| "nothing".to_owned());
        say(&format!(
            "  {} {}: {} was {}, is {}",
            change.at.in_london().day,
            change.who,
            change.field,
            part(change.before),
            part(change.after)
        ));
    }
    Ok(())
}

fn change(ledger: &mut Ledger, set: Set, now: Timestamp) -> Result<(), Stop> {
    let id = of(&set.id)?;
    if let Some(text) = set.hours.as_deref().filter(|text| !text.is_empty()) {
        hours::read(text).map_err(|why| Stop::Hours(text.to_owned(), why))?;
    }
    let offers = set.offers.as_deref().map(named).transpose()?;
    let who = coordinator(&set.who);
    let changed = ledger.change(&id, &who, now, |record| set.apply(record, offers));
    match changed.map_err(Stop::Database)? {
        None => Err(Stop::NoSuchPlace(id.to_string())),
        Some(true) => {
            say(&format!("{id} is changed."));
            Ok(())
        }
        Some(false) => {
            say(&format!("{id} was so already."));
            Ok(())
        }
    }
}

fn named(names: &str) -> Result<Vec<Offer>, Stop> {
    let names = names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    names
        .map(|name| Offer::named(name).ok_or_else(|| Stop::NoSuchOffer(name.to_owned())))
        .collect()
}

impl Set {
    fn apply(self, record: &mut Record, offers: Option<Vec<Offer>>) {
        let place = &mut record.place;
        for (now, set) in [
            (&mut place.name, self.name),
            (&mut place.address, self.address),
        ] {
            if let Some(text) = set.filter(|text| !text.trim().is_empty()) {
                *now = text;
            }
        }
        for (now, set) in [
            (&mut place.postcode, self.postcode),
            (&mut place.telephone, self.telephone),
            (&mut place.opening_hours, self.hours),
            (&mut place.what, self.what),
            (&mut place.directions, self.directions),
            (&mut place.door, self.door),
            (&mut place.welcome, self.welcome),
        ] {
            if let Some(text) = set {
                *now = Some(text).filter(|text| !text.trim().is_empty());
            }
        }
        place.status = self.status.unwrap_or(place.status);
        place.nation = self.nation.unwrap_or(place.nation);
        place.offers = offers.unwrap_or_else(|| std::mem::take(&mut place.offers));
        if let Some(tags) = self.languages {
            let tags = tags.split(',').map(str::trim).filter(|tag| !tag.is_empty());
            place.languages = tags.map(str::to_owned).collect();
        }
        place.trained = self.trained.or(place.trained);
        if let Some(day) = self.checked {
            place.checked = Some(day);
            place.review_by = Some(day.plus(CHECK_LASTS));
        }
        place.review_by = self.review_by.or(place.review_by);
    }
}
