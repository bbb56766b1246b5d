//! Which private facts there are: what is asked when someone is missing.

use super::Section;

/// One private fact, in own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is explained by the words of its field")]
pub enum Fact {
    FullName,
    Born,
    Address,
    Telephone,
    Height,
    Build,
    Hair,
    Eyes,
    Marks,
    Aids,
    Walking,
    Clothes,
    Health,
    Medicines,
    Doctor,
    Carries,
    Bank,
    Routine,
    Transport,
    Swims,
    Loves,
    FoundBefore,
    Formerly,
    Fears,
    Reacts,
    Approach,
    Tell,
}

impl Fact {
    /// All of them, in the order in which they are asked and printed.
    pub const ALL: [Self; 27] = [
        Self::FullName,
        Self::Born,
        Self::Address,
        Self::Telephone,
        Self::Height,
        Self::Build,
        Self::Hair,
        Self::Eyes,
        Self::Marks,
        Self::Aids,
        Self::Walking,
        Self::Clothes,
        Self::Health,
        Self::Medicines,
        Self::Doctor,
        Self::Carries,
        Self::Bank,
        Self::Routine,
        Self::Transport,
        Self::Swims,
        Self::Loves,
        Self::FoundBefore,
        Self::Formerly,
        Self::Fears,
        Self::Reacts,
        Self::Approach,
        Self::Tell,
    ];

    /// A short stable name: in what is kept, and what its words are named by.
    pub fn id(self) -> &'static str {
        match self {
            Self::FullName => "full-name",
            Self::Born => "born",
            Self::Address => "address",
            Self::Telephone => "telephone",
            Self::Height => "height",
            Self::Build => "build",
            Self::Hair => "hair",
            Self::Eyes => "eyes",
            Self::Marks => "marks",
            Self::Aids => "aids",
            Self::Walking => "walking",
            Self::Clothes => "clothes",
            Self::Health => "health",
            Self::Medicines => "medicines",
            Self::Doctor => "doctor",
            Self::Carries => "carries",
            Self::Bank => "bank",
            Self::Routine => "routine",
            Self::Transport => "transport",
            Self::Swims => "swims",
            Self::Loves => "loves",
            Self::FoundBefore => "found-before",
            Self::Formerly => "formerly",
            Self::Fears => "fears",
            Self::Reacts => "reacts",
            Self::Approach => "approach",
            Self::Tell => "tell",
        }
    }

    /// The fact of this name.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.id() == id)
    }

    /// Where it stands.
    pub fn section(self) -> Section {
        match self {
            Self::FullName | Self::Born | Self::Address | Self::Telephone => Section::Who,
            Self::Height
            | Self::Build
            | Self::Hair
            | Self::Eyes
            | Self::Marks
            | Self::Aids
            | Self::Walking
            | Self::Clothes => Section::Looks,
            Self::Health | Self::Medicines | Self::Doctor => Section::Health,
            Self::Carries | Self::Bank => Section::Carries,
            Self::Routine | Self::Transport | Self::Swims => Section::Day,
            Self::Loves | Self::FoundBefore | Self::Formerly => Section::Places,
            Self::Fears | Self::Reacts | Self::Approach => Section::Meeting,
            Self::Tell => Section::Tell,
        }
    }

    /// Whether a line is too little for it.
    pub fn is_long(self) -> bool {
        match self.section() {
            Section::Who => self == Self::Address,
            Section::Looks => matches!(self, Self::Marks | Self::Clothes),
            Section::Health => self != Self::Doctor,
            _ => self != Self::Swims,
        }
    }

    /// Characters that fit on the page for the police.
    pub fn most(self) -> usize {
        if self.is_long() { 300 } else { 80 }
    }
}
