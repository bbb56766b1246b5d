//! What a power cut does to what was not synced yet.

use crate::chance::Chance;

/// How much happened to what was under way.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    pub kept: u64,
    pub lost: u64,
    pub torn: u64,
    pub empty: u64,
    pub names_kept: u64,
    pub names_lost: u64,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.kept += other.kept;
        self.lost += other.lost;
        self.torn += other.torn;
        self.empty += other.empty;
        self.names_kept += other.names_kept;
        self.names_lost += other.names_lost;
    }
}

/// What became of one write.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    Kept,
    Lost,
    /// Only some of its sectors arrived.
    Torn {
        sector: usize,
        chosen: Chosen,
    },
    /// The file has the length, and zeros where the bytes should be.
    Empty,
}

/// Which sectors of a torn write arrived.
#[derive(Debug, Clone, Copy)]
pub struct Chosen(u64);

impl Chosen {
    pub fn takes(self, sector: usize) -> bool {
        Chance::of(self.0 ^ sector as u64).below(2) == 0
    }
}

/// How a disk loses what it was not made to keep.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// All of it.
    Everything,
    /// None of it: as if only the program had died.
    Nothing,
    /// Each on its own, so many in a hundred kept.
    Each(u64),
    /// All from one moment on.
    InOrder(usize),
    /// Names and lengths are there, bytes are not.
    Bytes,
    /// Bytes are there, names are not.
    Names,
}

/// One power cut.
pub struct Weather<'c> {
    kind: Kind,
    chance: &'c Chance,
    pub tally: Tally,
}

impl<'c> Weather<'c> {
    /// Drawn for a disk whose changes that were not synced lie between these two.
    pub fn draw(chance: &'c Chance, (first, last): (usize, usize)) -> Self {
        let kind = match chance.below(12) {
            0 => Kind::Everything,
            1 => Kind::Nothing,
            2..=4 => Kind::Each([10, 50, 90][chance.below(3) as usize]),
            5..=8 => Kind::InOrder(first + chance.below((last + 1 - first) as u64) as usize),
            9 | 10 => Kind::Bytes,
            _ => Kind::Names,
        };
        Self {
            kind,
            chance,
            tally: Tally::default(),
        }
    }

    /// None: everything is as the program left it.
    pub fn calm(chance: &'c Chance) -> Self {
        Self {
            kind: Kind::Nothing,
            chance,
            tally: Tally::default(),
        }
    }

    /// What becomes of a write that was told at this moment.
    pub fn of_bytes(&mut self, told: usize) -> Fate {
        let fate = match self.kind {
            Kind::Everything => Fate::Lost,
            Kind::Nothing | Kind::Names => Fate::Kept,
            Kind::Bytes => Fate::Empty,
            Kind::Each(percent) if self.chance.below(100) >= percent => Fate::Lost,
            Kind::Each(_) if self.chance.below(3) == 0 => self.torn(),
            Kind::Each(_) => Fate::Kept,
            Kind::InOrder(end) if told < end => Fate::Kept,
            Kind::InOrder(end) if told == end => self.torn(),
            Kind::InOrder(_) => Fate::Lost,
        };
        match fate {
            Fate::Kept => self.tally.kept += 1,
            Fate::Lost => self.tally.lost += 1,
            Fate::Torn { .. } => self.tally.torn += 1,
            Fate::Empty => self.tally.empty += 1,
        }
        fate
    }

    /// Whether a folder remembers a change of its names.
    pub fn keeps_name(&mut self, told: usize) -> bool {
        let keeps = match self.kind {
            Kind::Everything | Kind::Names => false,
            Kind::Nothing | Kind::Bytes => true,
            Kind::Each(percent) => self.chance.below(100) < percent,
            Kind::InOrder(end) => told <= end,
        };
        match keeps {
            true => self.tally.names_kept += 1,
            false => self.tally.names_lost += 1,
        }
        keeps
    }

    fn torn(&self) -> Fate {
        let sector = [512, 4096][self.chance.below(2) as usize];
        let chosen = Chosen(self.chance.next());
        Fate::Torn { sector, chosen }
    }
}

impl std::fmt::Display for Weather<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} ({:?})", self.kind, self.tally)
    }
}
