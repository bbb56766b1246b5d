//! Addresses: what each path shows, and going from one to the next without losing place or focus.

use domain::card::Part;
use domain::id::PlaceId;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use crate::platform::{history, page};

/// Every page there is. The paths are deep links and stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// `/`
    Home,
    /// `/help`
    Help,
    /// `/help/cope`
    Cope,
    /// `/help/near`
    NearMe,
    /// `/help/text`
    TextWhere,
    /// `/help/lost`, and a path below it for each further step
    Lost(LostStep),
    /// `/card`
    Card,
    /// `/card/private`
    CardPrivate,
    /// `/card/usual-places`
    UsualPlaces,
    /// `/card/keep` and the pages it leads to
    Keep(Keep),
    /// `/card/practise`, and a path below it for each further step
    Practise(Practise),
    /// `/card/board`
    Board,
    /// `/card/edit`, `/card/edit/{section}`; `/card/carer/{section}` where someone helps.
    CardEdit(Who, Section),
    /// `/card/carer`
    CardCarer,
    /// `/card/more`
    CardMore,
    /// `/places`
    Places,
    /// `/places/{id}`
    Place(PlaceId),
    /// `/report`
    Report,
    /// `/report/paper`
    ReportPaper,
    /// `/reports`
    Reports,
    /// `/mailbox`
    Mailbox,
    /// `/hope`
    Hope,
    /// `/settings`
    Settings,
    /// `/settings/locks`
    Locks,
    /// Anything else.
    Unknown,
}

/// What helps when the phone can't: locked, flat, lost or new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// `/card/keep`: all of them
    All,
    /// `/card/paper`
    Paper,
    /// `/card/picture`
    Picture,
    /// `/card/phone`
    Phone,
    /// `/card/scan`
    Scan,
    /// `/card/backup`
    Backup,
}

impl Route {
    /// The page a path stands for.
    pub fn parse(path: &str) -> Self {
        let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts[..] {
            [] => Self::Home,
            ["help"] => Self::Help,
            ["help", "cope"] => Self::Cope,
            ["help", "near"] => Self::NearMe,
            ["help", "text"] => Self::TextWhere,
            ["help", "lost", ..] => LostStep::at(path).map_or(Self::Unknown, Self::Lost),
            ["card"] => Self::Card,
            ["card", "private"] => Self::CardPrivate,
            ["card", "usual-places"] => Self::UsualPlaces,
            ["card", "keep"] => Self::Keep(Keep::All),
            ["card", "paper"] => Self::Keep(Keep::Paper),
            ["card", "picture"] => Self::Keep(Keep::Picture),
            ["card", "phone"] => Self::Keep(Keep::Phone),
            ["card", "scan"] => Self::Keep(Keep::Scan),
            ["card", "backup"] => Self::Keep(Keep::Backup),
            ["card", "practise", ..] => Practise::at(path).map_or(Self::Unknown, Self::Practise),
            ["card", "board"] => Self::Board,
            ["card", "edit"] => Self::CardEdit(Who::Holder, Section::First),
            ["card", "edit", name] => section(Who::Holder, name),
            ["card", "carer"] => Self::CardCarer,
            ["card", "carer", name] => section(Who::Carer, name),
            ["card", "more"] => Self::CardMore,
            ["places"] => Self::Places,
            ["places", id] => id.parse().map_or(Self::Unknown, Self::Place),
            ["report"] => Self::Report,
            ["report", "paper"] => Self::ReportPaper,
            ["reports"] => Self::Reports,
            ["mailbox"] => Self::Mailbox,
            ["hope"] => Self::Hope,
            ["settings"] => Self::Settings,
            ["settings", "locks"] => Self::Locks,
            _ => Self::Unknown,
        }
    }
}

/// The steps for somebody who is lost, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LostStep {
    /// Stay where you are.
    Stay,
    /// Ring someone you know.
    Contact,
    /// Ask someone.
    Ask,
    /// Where am I?
    Near,
    /// Places I know.
    Places,
}

impl LostStep {
    /// All of them, the first one first.
    pub const ALL: [Self; 5] = [
        Self::Stay,
        Self::Contact,
        Self::Ask,
        Self::Near,
        Self::Places,
    ];

    /// Its path.
    pub fn path(self) -> &'static str {
        match self {
            Self::Stay => "/help/lost",
            Self::Contact => "/help/lost/contact",
            Self::Ask => "/help/lost/ask",
            Self::Near => "/help/lost/near",
            Self::Places => "/help/lost/places",
        }
    }

    fn at(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        Self::ALL.into_iter().find(|step| step.path() == path)
    }
}

/// The steps of practising, as they come in a Safe Place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Practise {
    /// Find the sign on a door.
    Door,
    /// Show the card.
    Show,
    /// Be asked, and answer.
    Ask,
    /// A call that rings nobody.
    Call,
    /// Sit down and wait together.
    Wait,
    /// Take the phone back.
    Back,
}

impl Practise {
    /// All of them, in their order.
    pub const ALL: [Self; 6] = [
        Self::Door,
        Self::Show,
        Self::Ask,
        Self::Call,
        Self::Wait,
        Self::Back,
    ];

    /// Its path.
    pub fn path(self) -> &'static str {
        match self {
            Self::Door => "/card/practise",
            Self::Show => "/card/practise/show",
            Self::Ask => "/card/practise/ask",
            Self::Call => "/card/practise/call",
            Self::Wait => "/card/practise/wait",
            Self::Back => "/card/practise/back",
        }
    }

    fn at(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        Self::ALL.into_iter().find(|step| step.path() == path)
    }
}

/// Who writes the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whose card it is.
    Holder,
    /// Somebody who sits beside them.
    Carer,
}

/// The pages on which the card is written, one thing each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Name and first contact: enough for a card.
    First,
    /// Everyone to ring.
    Contacts,
    /// One part.
    Part(Part),
    /// The code to scan.
    Scan,
    /// Looking over all of it; the holder's alone.
    Check,
    /// The end of a carer's help.
    Give,
}

const SECTIONS: [(&str, Section); 20] = [
    ("first", Section::First),
    ("contacts", Section::Contacts),
    ("scan", Section::Scan),
    ("check", Section::Check),
    ("give", Section::Give),
    ("photo", Section::Part(Part::Photo)),
    ("pronouns", Section::Part(Part::Pronouns)),
    ("may", Section::Part(Part::May)),
    ("please", Section::Part(Part::Please)),
    ("dont", Section::Part(Part::Dont)),
    ("symbols", Section::Part(Part::Symbols)),
    ("needs", Section::Part(Part::Needs)),
    ("calms", Section::Part(Part::Calms)),
    ("upsets", Section::Part(Part::Upsets)),
    ("communicates", Section::Part(Part::Communicates)),
    ("languages", Section::Part(Part::Languages)),
    ("nobody-answers", Section::Part(Part::NobodyAnswers)),
    ("allergies", Section::Part(Part::Allergies)),
    ("medication", Section::Part(Part::Medication)),
    ("issuer", Section::Part(Part::Issuer)),
];

fn section(who: Who, name: &str) -> Route {
    let known = SECTIONS.iter().find(|(known, _)| *known == name);
    match known {
        Some((_, Section::Give)) if who == Who::Holder => Route::Unknown,
        Some((_, Section::Check)) if who == Who::Carer => Route::Unknown,
        Some((_, section)) => Route::CardEdit(who, *section),
        None => Route::Unknown,
    }
}

impl Section {
    /// Its name in addresses, and of its first field.
    pub fn name(self) -> &'static str {
        let known = SECTIONS.iter().find(|(_, section)| *section == self);
        known.map_or("", |(name, _)| name)
    }

    /// Where it is written.
    pub fn path(self, who: Who) -> String {
        match (who, self) {
            (Who::Holder, Self::First) => "/card/edit".into(),
            (Who::Holder, _) => ["/card/edit/", self.name()].concat(),
            (Who::Carer, _) => ["/card/carer/", self.name()].concat(),
        }
    }
}

/// Where the person is.
#[derive(Clone, Copy)]
pub struct Router {
    route: RwSignal<Route>,
}

impl Router {
    /// Starts at the current address and follows links, Back and Forward.
    pub fn start() -> Self {
        let router = Self {
            route: RwSignal::new(Route::parse(&history::path())),
        };
        history::keep_scroll_ourselves();
        page::on_click(move |event| router.follow(event));
        history::on_pop(move |scroll| router.popped(scroll));
        router
    }

    /// The page to show.
    pub fn route(self) -> Route {
        self.route.get()
    }

    /// Goes to a path, as if its link had been tapped.
    pub fn go(self, path: &str) {
        history::push(path);
        self.route.set(Route::parse(path));
        page::arrive(0.0);
    }

    /// Back or Forward. Within one page it is the page's own business: a report goes back a question.
    fn popped(self, scroll: f64) {
        let route = Route::parse(&history::path());
        if self.route.get_untracked() != route {
            self.route.set(route);
            page::arrive(scroll);
        }
    }

    fn follow(self, event: &MouseEvent) {
        let Some(href) = tapped(event) else { return };
        if let Some(id) = href.strip_prefix('#') {
            // A place on this page: no entry in the history, where Back would mean something else.
            event.prevent_default();
            page::focus_on(id);
        } else if href.starts_with('/') && Route::parse(&href) != Route::Unknown {
            event.prevent_default();
            self.go(&href);
        }
    }
}

/// Where the link leads that was tapped, plainly and without wanting another window.
fn tapped(event: &MouseEvent) -> Option<String> {
    let keys = event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key();
    if event.button() != 0 || keys || event.default_prevented() {
        return None;
    }
    let link = event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest("a[href]")
        .ok()??;
    let here = !link.has_attribute("target");
    here.then(|| link.get_attribute("href")).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(path: &str, expected: Route) {
        assert_eq!(Route::parse(path), expected, "{path}");
    }

    #[test]
    fn every_path_has_its_page() {
        shows("/", Route::Home);
        shows("/card/", Route::Card);
        shows("/card/private", Route::CardPrivate);
        shows("/settings/locks", Route::Locks);
        shows("/card/usual-places", Route::UsualPlaces);
        shows("/help/cope", Route::Cope);
        for step in LostStep::ALL {
            shows(step.path(), Route::Lost(step));
        }
        shows("/help/lost/", Route::Lost(LostStep::Stay));
        shows("/help/lost/further", Route::Unknown);
        shows("/card/paper", Route::Keep(Keep::Paper));
        shows("/card/nothing", Route::Unknown);
        shows("/card/board", Route::Board);
        let first = Route::CardEdit(Who::Holder, Section::First);
        shows("/card/edit", first);
        let contacts = Route::CardEdit(Who::Carer, Section::Contacts);
        shows("/card/carer/contacts", contacts);
        shows("/card/carer/check", Route::Unknown);
        shows("/card/edit/everything", Route::Unknown);
        shows(
            "/places/hawthorns-house",
            Route::Place("hawthorns-house".parse().expect("an id")),
        );
        shows("/places/../etc", Route::Unknown);
        shows("/centre", Route::Unknown);
        shows("/nowhere", Route::Unknown);
    }

    #[test]
    fn every_section_is_found_where_it_says_it_is() {
        for (_, section) in SECTIONS {
            let who = match section {
                Section::Give => Who::Carer,
                _ => Who::Holder,
            };
            shows(&section.path(who), Route::CardEdit(who, section));
        }
    }
}
