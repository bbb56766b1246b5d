//! Opening hours as a phone evaluates them: a week, dates that differ from it, and a last day.
//!
//! The one truth is the `opening_hours` text that the server keeps; the server expands it. Times are
//! minutes of the local day in London. What lies beyond the last day is not known, never guessed.

use serde::{Deserialize, Serialize};

use crate::time::{Day, Local, MINUTE, Timestamp};

/// Minutes in a day.
pub const DAY_MINUTES: u16 = 1_440;
/// A door that shuts within so many minutes is "closing soon": the walk and a rest take about that.
pub const CLOSING_SOON: i64 = 60;
/// A door that stays open for longer than this many days is simply open.
const NEVER_CLOSES: i64 = 8;

/// From one minute of a local day to another; 0 is midnight at its start. It may end on the next day:
/// 1320 to 1560 is 10 at night to 2 in the morning. Sent as `[opens, closes]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "(u16, u16)", into = "(u16, u16)")]
pub struct Span {
    opens: u16,
    closes: u16,
}

impl Span {
    /// The whole day.
    pub const DAY: Self = Self {
        opens: 0,
        closes: DAY_MINUTES,
    };

    /// A span, if it begins on its day, ends after that, and lasts at most a day.
    pub fn new(opens: u16, closes: u16) -> Option<Self> {
        let valid = opens < DAY_MINUTES && opens < closes && closes - opens <= DAY_MINUTES;
        valid.then_some(Self { opens, closes })
    }

    /// The minute of the local day at which it begins, below 1440.
    pub fn opens(self) -> u16 {
        self.opens
    }

    /// The minute at which it ends; above 1440 it is on the next day.
    pub fn closes(self) -> u16 {
        self.closes
    }
}

impl TryFrom<(u16, u16)> for Span {
    type Error = &'static str;

    fn try_from((opens, closes): (u16, u16)) -> Result<Self, &'static str> {
        Self::new(opens, closes).ok_or("not a span of a day")
    }
}

impl From<Span> for (u16, u16) {
    fn from(span: Span) -> Self {
        (span.opens, span.closes)
    }
}

/// A week, the dates that differ from it, and how far that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hours {
    /// Each day of an ordinary week, Monday first.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<OfDay>, min_items = 7, max_items = 7))]
    pub week: [OfDay; 7],
    /// Dates that differ from the week, in order, each once.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<Value>>, example = json!([["2026-12-25", {}]])))]
    pub dated: Vec<(Day, OfDay)>,
    /// The last day that is known.
    pub through: Day,
}

/// What is known of one day; a day without any span is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfDay {
    /// When somebody who knows the scheme is there; in order, apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<u16>>, example = json!([[540, 1020]])))]
    pub open: Vec<Span>,
    /// When one must ring first: by appointment, or nobody has said what holds on a bank holiday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<u16>>, example = json!([[840, 960]])))]
    pub ask: Vec<Span>,
}

/// Whether a door is open at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Open; for how long, where it closes within days.
    Open {
        /// When it closes.
        until: Option<Local>,
    },
    /// Open, for less than an hour.
    ClosingSoon {
        /// When it closes.
        until: Local,
    },
    /// Closed.
    Closed {
        /// When it surely opens next, as far as that is known.
        opens: Option<Local>,
    },
    /// Not known: ring first.
    NotKnown,
}

impl State {
    /// Whether somebody can go in now.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open { .. } | Self::ClosingSoon { .. })
    }
}

impl Hours {
    /// What holds on a day by itself, without what reaches over from the day before; `None` beyond
    /// the last day.
    pub fn of(&self, day: Day) -> Option<&OfDay> {
        if day > self.through {
            return None;
        }
        let dated = self.dated.binary_search_by(|(date, _)| date.cmp(&day));
        Some(match dated {
            Ok(at) => &self.dated[at].1,
            Err(_) => &self.week[day.weekday()],
        })
    }

    /// The ordinary week, with days in a row that are alike as one: first and last day, 0 for
    /// Monday, and what holds on each.
    pub fn week_in_rows(&self) -> Vec<(usize, usize, &OfDay)> {
        let mut rows: Vec<(usize, usize, &OfDay)> = Vec::new();
        for (day, of) in self.week.iter().enumerate() {
            match rows.last_mut() {
                Some(row) if row.2 == of => row.1 = day,
                _ => rows.push((day, day, of)),
            }
        }
        rows
    }

    /// Whether the door is open at an instant.
    pub fn state(&self, now: Timestamp) -> State {
        let local = now.in_london();
        if local.day > self.through {
            return State::NotKnown;
        }
        if let Some(closes) = self.closes(now, local) {
            return self.open_until(now, local.day, closes);
        }
        if self.asks(local) {
            return State::NotKnown;
        }
        State::Closed {
            opens: self.opens_after(now, local.day),
        }
    }

    fn open_until(&self, now: Timestamp, today: Day, until: Local) -> State {
        let closes = until.first();
        if until.day.since(today) >= NEVER_CLOSES {
            State::Open { until: None }
        } else if closes.since(now) < CLOSING_SOON * MINUTE {
            State::ClosingSoon { until }
        } else {
            State::Open { until: Some(until) }
        }
    }

    /// When the door that is open now closes; `None` where it is closed.
    ///
    /// A time that the clock shows twice in the October night opens by the second and closes by the
    /// first: nobody is sent to a door that may be shut.
    fn closes(&self, now: Timestamp, local: Local) -> Option<Local> {
        let found = self.joined(local.day, NEVER_CLOSES);
        let inside = found
            .into_iter()
            .find(|(opens, closes)| opens.second() <= now && now < closes.first())?;
        Some(inside.1)
    }

    fn asks(&self, local: Local) -> bool {
        let within = |day: Day, minute: u16| {
            self.of(day).is_some_and(|of| {
                let spans = &mut of.ask.iter();
                spans.any(|span| (span.opens..span.closes).contains(&minute))
            })
        };
        within(local.day, local.minute) || within(local.day.plus(-1), local.minute + DAY_MINUTES)
    }

    fn opens_after(&self, now: Timestamp, today: Day) -> Option<Local> {
        let mut day = today;
        while day <= self.through {
            let opening = (self.of(day).into_iter())
                .flat_map(|of| &of.open)
                .map(|span| Local::new(day, span.opens))
                .find(|opens| opens.second() > now);
            if opening.is_some() {
                return opening;
            }
            day = day.plus(1);
        }
        None
    }

    /// When the door is open from the day before a day until so many days after it, as local times.
    /// What touches or overlaps is one: 24 hours a day for a week is one opening.
    pub fn joined(&self, day: Day, days: i64) -> Vec<(Local, Local)> {
        let mut joined: Vec<(Local, Local)> = Vec::new();
        for day in (-1..=days).map(|n| day.plus(n)) {
            for span in self.of(day).into_iter().flat_map(|of| &of.open) {
                let (opens, closes) = (Local::new(day, span.opens), Local::new(day, span.closes));
                match joined.last_mut() {
                    Some(last) if opens <= last.1 => last.1 = last.1.max(closes),
                    _ => joined.push((opens, closes)),
                }
            }
        }
        joined
    }
}

#[cfg(test)]
#[path = "hours/tests.rs"]
mod tests;
