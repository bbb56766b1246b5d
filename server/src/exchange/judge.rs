//! Whether a draft can become a place, and what had to be guessed or left out for that.

use domain::card::dial;
use domain::geo::Point;
use domain::place::Offer;
use domain::postcode::{Level, Postcode};
use domain::time::Day;

use super::draft::{Draft, Guess, Note, Offers, Refusal, Remark};
use super::gazetteer::Gazetteer;
use super::position::{self, Settled};
use crate::scheme::slug;

/// Longest texts taken, in characters.
const NAME: usize = 120;
const ADDRESS: usize = 240;
const WORDS: usize = 600;
/// What a status says of a place that is no more.
const CLOSED: [&str; 7] = [
    "closed",
    "permanently closed",
    "closed permanently",
    "inactive",
    "defunct",
    "disused",
    "ceased",
];
/// What notes say where the hours may not be the whole truth.
const CLOSING: [&str; 6] = [
    "clos",
    "lunch",
    "appointment",
    "refurb",
    "relocat",
    "term time",
];

/// A place that can be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Matches it again the next time.
    pub external_id: String,
    /// As it stands on the building.
    pub name: String,
    /// House, street and town.
    pub address: String,
    /// As postcodes are written.
    pub postcode: Option<String>,
    /// Where it is.
    pub point: Point,
    /// Whether that is good enough to lead a person to its door.
    pub exact: bool,
    /// As people write it.
    pub telephone: Option<String>,
    /// In OpenStreetMap's notation.
    pub opening: Option<String>,
    /// The way there.
    pub directions: Option<String>,
    /// How to find the door.
    pub door: Option<String>,
    /// What it is.
    pub what: Option<String>,
    /// What happens when one goes in.
    pub welcome: Option<String>,
    /// Languages of its staff.
    pub languages: Vec<String>,
    /// What makes it easier to be there.
    pub offers: Vec<Offer>,
    /// The day it was last checked.
    pub checked: Option<Day>,
    /// Invented, for trying.
    pub sample: bool,
}

/// What becomes of a draft.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It can be a place.
    Taken(Box<Entry>),
    /// It is closed for good; this is what it is known by.
    Closed(String),
    /// A remark says why not.
    Refused,
}

/// Judges a draft. Every problem is named, not only the first.
pub fn judge(draft: Draft, lists: &Gazetteer, today: Day) -> (Verdict, Vec<Remark>) {
    let mut judge = Judge {
        remarks: draft.remarks.clone(),
        draft,
    };
    let verdict = judge.verdict(lists, today);
    (verdict, judge.remarks)
}

struct Judge {
    draft: Draft,
    remarks: Vec<Remark>,
}

impl Judge {
    fn verdict(&mut self, lists: &Gazetteer, today: Day) -> Verdict {
        if self.is_refused() {
            return Verdict::Refused;
        }
        if let Some(said) = self.closed(today) {
            self.tell(Note::Closed(said));
            return self.key(None).map_or(Verdict::Refused, Verdict::Closed);
        }
        let settled = position::settle(&self.draft.position, &self.draft.postcode, lists);
        let settled = settled.map_err(|refusal| self.refuse(refusal)).ok();
        if self.draft.name.is_empty() {
            self.refuse(Refusal::NoName);
        }
        if self.draft.address.is_empty() && self.draft.postcode.is_empty() {
            self.refuse(Refusal::NoAddress);
        }
        match settled {
            Some(settled) if !self.is_refused() => self.entry(settled),
            _ => Verdict::Refused,
        }
    }

    fn entry(&mut self, settled: Settled) -> Verdict {
        let Some(external_id) = self.key(Some(settled.point)) else {
            self.refuse(Refusal::NoKey);
            return Verdict::Refused;
        };
        if let Some(guess) = settled.guess {
            self.guess(guess);
        }
        self.look_closer();
        let draft = self.draft.clone();
        Verdict::Taken(Box::new(Entry {
            external_id,
            name: self.cut("name", NAME, &draft.name).unwrap_or_default(),
            address: self
                .cut("address", ADDRESS, &draft.address)
                .unwrap_or_default(),
            postcode: self.postcode(),
            point: settled.point,
            exact: settled.exact,
            telephone: self.telephone(),
            opening: self.opening(),
            directions: self.cut("directions", WORDS, &draft.directions),
            door: self.cut("door", WORDS, &draft.door),
            what: self.cut("what", WORDS, &draft.what),
            welcome: self.cut("welcome", WORDS, &draft.welcome),
            languages: parted(&draft.languages),
            offers: offers(&draft.offers),
            checked: self.checked(),
            sample: yes_or_no(&draft.sample).unwrap_or(false),
        }))
    }

    /// The year or day it closed, or the status that says so.
    fn closed(&mut self, today: Day) -> Option<String> {
        let status = self.draft.status.to_lowercase();
        if CLOSED.contains(&status.as_str()) {
            return Some(self.draft.status.clone());
        }
        let said = self.draft.closed.clone();
        if said.is_empty() || yes_or_no(&said) == Some(false) {
            return None;
        }
        if let (Some(closed), Some(opened)) = (year(&said), year(&self.draft.opened))
            && opened > closed
        {
            self.guess(Guess::Reopened);
            return None;
        }
        let to_come = match said.parse::<Day>() {
            Ok(day) => day > today,
            Err(_) => year(&said).is_some_and(|year| Some(year) > self::year(&today.to_string())),
        };
        if to_come {
            self.tell(Note::SpeaksOfClosing(format!("closes {said}")));
            return None;
        }
        Some(said)
    }

    /// The source's id, or one made of what hardly ever changes.
    fn key(&mut self, point: Option<Point>) -> Option<String> {
        if !self.draft.external_id.is_empty() {
            return Some(self.draft.external_id.clone());
        }
        let name = slug(&self.draft.name);
        let parsed = Postcode::parse(&self.draft.postcode).map(|postcode| postcode.to_string());
        let place = match (parsed, point) {
            (Some(postcode), _) => postcode,
            (None, Some(point)) => point.degrees(),
            (None, None) => self.draft.postcode.clone(),
        };
        let place = slug(&place);
        if name.is_empty() || place.is_empty() {
            return None;
        }
        let key = format!("{name}-{place}");
        self.guess(Guess::Key(key.clone()));
        Some(key)
    }

    fn look_closer(&mut self) {
        let notes = self.draft.notes.to_lowercase();
        if CLOSING.iter().any(|word| notes.contains(word)) {
            self.tell(Note::SpeaksOfClosing(self.draft.notes.clone()));
        }
        if self.draft.unstaffed {
            self.tell(Note::Unstaffed);
        }
        let texts = [&self.draft.name, &self.draft.address, &self.draft.notes];
        let damaged = ["\u{fffd}", "ï¿½", "Ã", "Â", "â€"];
        if texts
            .iter()
            .any(|text| damaged.iter().any(|sign| text.contains(sign)))
        {
            self.tell(Note::Damaged);
        }
        let fields = [
            ("name", &self.draft.name),
            ("address", &self.draft.address),
            ("directions", &self.draft.directions),
            ("door", &self.draft.door),
        ];
        let formula = fields
            .into_iter()
            .filter(|(_, text)| text.starts_with(['=', '@', '+', '-']));
        let found: Vec<_> = formula.map(|(field, _)| Note::Formula(field)).collect();
        found.into_iter().for_each(|note| self.tell(note));
    }

    fn postcode(&mut self) -> Option<String> {
        let written = self.draft.postcode.clone();
        let parsed = Postcode::parse(&written).filter(|postcode| postcode.level() == Level::Unit);
        if parsed.is_none() && !written.is_empty() {
            self.tell(Note::PostcodeKeptOut(written));
        }
        parsed.map(|postcode| postcode.to_string())
    }

    fn telephone(&mut self) -> Option<String> {
        let written = self.draft.telephone.clone();
        let digits = written.bytes().filter(u8::is_ascii_digit).count();
        let number = dial(&written)
            .filter(|_| digits >= 3)
            .map(|_| written.clone());
        if number.is_none() && !written.is_empty() {
            self.tell(Note::TelephoneKeptOut(written));
        }
        number
    }

    fn opening(&mut self) -> Option<String> {
        let hours = self.draft.hours.clone();
        match hours.understood() {
            Ok(opening) => opening,
            Err(text) => {
                self.tell(Note::HoursKeptOut(text.to_owned()));
                None
            }
        }
    }

    fn checked(&mut self) -> Option<Day> {
        let written = self.draft.checked.clone();
        let day = written.get(..10).and_then(|day| day.parse().ok());
        if day.is_none() && !written.is_empty() {
            self.tell(Note::NotChecked(written));
        }
        day
    }

    fn cut(&mut self, field: &'static str, most: usize, text: &str) -> Option<String> {
        if text.chars().count() > most {
            self.tell(Note::TooLong(field));
        }
        let kept: String = text.chars().take(most).collect();
        (!kept.is_empty()).then_some(kept)
    }

    fn is_refused(&self) -> bool {
        self.remarks
            .iter()
            .any(|remark| matches!(remark, Remark::Refused(_)))
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.remarks.push(Remark::Refused(refusal));
    }

    fn guess(&mut self, guess: Guess) {
        self.remarks.push(Remark::Guessed(guess));
    }

    fn tell(&mut self, note: Note) {
        self.remarks.push(Remark::Told(note));
    }
}

/// The last four digits together, which is where a date and a year alike have their year.
fn year(text: &str) -> Option<u32> {
    let digits = |part: &&str| part.len() == 4;
    let year = text.split(|c: char| !c.is_ascii_digit()).rfind(digits)?;
    year.parse().ok()
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "full" | "designated" => Some(true),
        "no" | "n" | "false" | "0" | "none" => Some(false),
        _ => None,
    }
}

fn offers(written: &Offers) -> Vec<Offer> {
    let said = [
        (Offer::StepFree, &written.step_free),
        (Offer::Toilets, &written.toilets),
        (Offer::QuietRoom, &written.quiet_room),
        (Offer::HearingLoop, &written.hearing_loop),
    ];
    let yes = said
        .into_iter()
        .filter(|(_, text)| yes_or_no(text) == Some(true));
    yes.map(|(offer, _)| offer).collect()
}

fn parted(text: &str) -> Vec<String> {
    let parts = text.split([',', ';', '/']).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
