//! A place as the scheme keeps it: what phones are shown, and what only the scheme needs.

use domain::geo::Point;
use domain::id::PlaceId;
use domain::place::Offer;
use domain::time::Day;
use serde::{Deserialize, Serialize};

/// Where a place stands with the scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Asked to take part, and not yet heard of.
    Invited,
    /// Takes part.
    Active,
    /// Takes part again later, or did not answer.
    Paused,
    /// Invented, for trying the product.
    Sample,
    /// Takes part no longer.
    Closed,
}

impl Status {
    /// Whether phones are given it.
    pub fn is_shown(self) -> bool {
        matches!(self, Self::Active | Self::Sample)
    }

    /// Its name in files and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Sample => "sample",
            Self::Closed => "closed",
        }
    }
}

/// Whose bank holidays a place keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the four nations need no explanation")]
pub enum Nation {
    #[default]
    England,
    Wales,
    Scotland,
    NorthernIreland,
}

impl Nation {
    /// All four.
    pub const ALL: [Self; 4] = [
        Self::England,
        Self::Wales,
        Self::Scotland,
        Self::NorthernIreland,
    ];

    /// Its name in files and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::England => "england",
            Self::Wales => "wales",
            Self::Scotland => "scotland",
            Self::NorthernIreland => "northern-ireland",
        }
    }
}

/// A text that names none of those that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unnamed(&'static str);

impl std::fmt::Display for Unnamed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Unnamed {}

impl std::str::FromStr for Status {
    type Err = Unnamed;

    fn from_str(text: &str) -> Result<Self, Unnamed> {
        let all = [
            Self::Invited,
            Self::Active,
            Self::Paused,
            Self::Sample,
            Self::Closed,
        ];
        let known = all.into_iter().find(|status| status.name() == text);
        known.ok_or(Unnamed(
            "a status is invited, active, paused, sample or closed",
        ))
    }
}

impl std::str::FromStr for Nation {
    type Err = Unnamed;

    fn from_str(text: &str) -> Result<Self, Unnamed> {
        let known = Self::ALL.into_iter().find(|nation| nation.name() == text);
        known.ok_or(Unnamed(
            "a nation is england, wales, scotland or northern-ireland",
        ))
    }
}

/// A place as it stands in a list that is imported: all but what the database gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListedPlace {
    /// The id in the list, which an import matches on; it makes the place's id as well.
    pub external_id: String,
    /// Short and stable.
    pub id: PlaceId,
    /// Where it stands when it is first listed; later the scheme's own word holds.
    pub status: Status,
    /// As it stands on the building.
    pub name: String,
    /// House, street and town.
    pub address: String,
    /// Where known.
    pub postcode: Option<String>,
    /// Where the door is.
    pub point: Point,
    /// Whose bank holidays it keeps.
    pub nation: Nation,
    /// Where known.
    pub telephone: Option<String>,
    /// OpenStreetMap's `opening_hours`, read before; where known.
    pub opening_hours: Option<String>,
    /// What it is, in one line.
    pub what: Option<String>,
    /// How to get there from something that everybody sees.
    pub directions: Option<String>,
    /// How to find the door.
    pub door: Option<String>,
    /// What happens when somebody goes in.
    pub welcome: Option<String>,
    /// What makes it easier to be there.
    pub offers: Vec<Offer>,
    /// What its people speak, as BCP 47 tags.
    pub languages: Vec<String>,
    /// When its people were last trained.
    pub trained: Option<Day>,
    /// When somebody last made sure of it all.
    pub checked: Option<Day>,
    /// The last day on which that is believed.
    pub review_by: Option<Day>,
}

impl ListedPlace {
    /// A place of which no more is known than what it must have.
    pub fn new(external_id: &str, id: PlaceId, name: &str, address: &str, point: Point) -> Self {
        Self {
            external_id: external_id.to_owned(),
            id,
            status: Status::Active,
            name: name.to_owned(),
            address: address.to_owned(),
            postcode: None,
            point,
            nation: Nation::default(),
            telephone: None,
            opening_hours: None,
            what: None,
            directions: None,
            door: None,
            welcome: None,
            offers: Vec::new(),
            languages: Vec::new(),
            trained: None,
            checked: None,
            review_by: None,
        }
    }
}

/// A place as the database holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Which list it came with.
    pub source: String,
    /// What is true of it now, whoever said so last.
    pub place: ListedPlace,
    /// The name of a picture of its door.
    pub photo: Option<String>,
    /// Two people found it closed, and no coordinator has looked since.
    pub ring_first: bool,
    /// Whether its list still has it.
    pub listed: bool,
}

impl Record {
    /// A place that a list has now for the first time.
    pub fn new(source: &str, place: ListedPlace) -> Self {
        Self {
            source: source.to_owned(),
            place,
            photo: None,
            ring_first: false,
            listed: true,
        }
    }

    /// Whether phones are given it.
    pub fn is_shown(&self) -> bool {
        self.listed && self.place.status.is_shown()
    }

    /// Everything that may change, by the name under which the history keeps it, as text.
    pub fn fields(&self) -> Vec<(&'static str, Option<String>)> {
        let place = &self.place;
        let some = |text: &str| Some(text.to_owned());
        let yes = |is: bool| is.then(|| "yes".to_owned());
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        vec![
            ("status", some(place.status.name())),
            ("name", some(&place.name)),
            ("address", some(&place.address)),
            ("postcode", place.postcode.clone()),
            ("position", Some(place.point.degrees())),
            ("nation", some(place.nation.name())),
            ("telephone", place.telephone.clone()),
            ("opening_hours", place.opening_hours.clone()),
            ("what", place.what.clone()),
            ("directions", place.directions.clone()),
            ("door", place.door.clone()),
            ("welcome", place.welcome.clone()),
            ("offers", filled(offers_text(&place.offers))),
            ("languages", filled(place.languages.join(","))),
            ("trained", day(place.trained)),
            ("checked", day(place.checked)),
            ("review_by", day(place.review_by)),
            ("photo", self.photo.clone()),
            ("ring_first", yes(self.ring_first)),
            ("listed", yes(self.listed)),
        ]
    }
}

/// Offers as one text, with commas between them.
pub fn offers_text(offers: &[Offer]) -> String {
    let names: Vec<_> = offers.iter().map(|offer| offer.name()).collect();
    names.join(",")
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
