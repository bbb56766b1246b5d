//! Opening hours as other people write them, read into the notation of OpenStreetMap, or not at all.

use std::fmt::Write;

/// Short in OpenStreetMap's way, and long; Monday first.
pub const DAYS: [(&str, &str); 7] = [
    ("Mo", "monday"),
    ("Tu", "tuesday"),
    ("We", "wednesday"),
    ("Th", "thursday"),
    ("Fr", "friday"),
    ("Sa", "saturday"),
    ("Su", "sunday"),
];

/// Nobody opens before this hour who does not open all day: it is a slip of the pen.
const EARLIEST: u16 = 4 * 60;
/// What ends after midnight ends by then, and began after noon.
const LATEST: u16 = 6 * 60;
const NOON: u16 = 12 * 60;
const MIDNIGHT: u16 = 24 * 60;

/// From and to, in minutes since midnight; to is smaller where it is on the next day.
type Span = (u16, u16);

/// The hours of one week; a day without spans is closed.
pub type Week = [Vec<Span>; 7];

/// Which day a word names: "monday", "mon", "mondays"; 0 is Monday. Lower case.
pub fn day_named(word: &str) -> Option<usize> {
    let word = word
        .strip_suffix('s')
        .filter(|rest| rest.ends_with("day"))
        .unwrap_or(word);
    let long =
        |day: &str| day == word || (word.len() >= 3 && word.len() <= 5 && day.starts_with(word));
    DAYS.iter()
        .position(|(short, day)| short.eq_ignore_ascii_case(word) || long(day))
}

/// Hours of one day: "09:00-13:00,14:00-17:00", "9am to 5pm", "closed". `None` is not understood.
pub fn day(text: &str) -> Option<Vec<Span>> {
    let mut tokens = Tokens::of(text)?;
    let spans = tokens.spans()?;
    tokens.ended().then_some(spans)
}

/// Hours of a week: "Mo-Fr 09:00-17:00; Sa 10:00-14:00", "Monday to Friday 9am to 5pm", "24/7".
pub fn week(text: &str) -> Option<Week> {
    let mut tokens = Tokens::of(text)?;
    let mut week = Week::default();
    if tokens.left.is_empty() {
        return None;
    }
    while !tokens.ended() {
        let days = tokens.days()?;
        let spans = tokens.spans()?;
        for day in days {
            week[day].clone_from(&spans);
        }
        while tokens.take_if(|token| *token == Token::Break || *token == Token::Comma) {}
    }
    Some(week)
}

/// Written as OpenStreetMap does, days with the same hours together. `None` where it is never open.
pub fn notation(week: &Week) -> Option<String> {
    if week.iter().all(|spans| spans.as_slice() == [(0, MIDNIGHT)]) {
        return Some("24/7".to_owned());
    }
    let mut out = String::new();
    let mut first = 0;
    while first < 7 {
        let spans = &week[first];
        let same = week[first..].iter().take_while(|other| *other == spans);
        let last = first + same.count() - 1;
        if !spans.is_empty() {
            let gap = if out.is_empty() { "" } else { "; " };
            let days = match last - first {
                0 => DAYS[first].0.to_owned(),
                1 => format!("{},{}", DAYS[first].0, DAYS[last].0),
                _ => format!("{}-{}", DAYS[first].0, DAYS[last].0),
            };
            let hours: Vec<_> = spans.iter().map(written).collect();
            // Writing to a text cannot fail.
            let _ = write!(out, "{gap}{days} {}", hours.join(","));
        }
        first = last + 1;
    }
    (!out.is_empty()).then_some(out)
}

fn written(span: &Span) -> String {
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    format!("{}-{}", time(span.0), time(span.1))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Day(usize),
    /// Minutes since midnight.
    Time(u16),
    To,
    Comma,
    /// A semicolon, a new line: a new rule.
    Break,
    Closed,
    Everyday,
    Always,
}

/// What is left to read.
struct Tokens {
    left: Vec<Token>,
    at: usize,
}

impl Tokens {
    fn of(text: &str) -> Option<Self> {
        let lower = text.trim().to_lowercase();
        if lower == "24/7" {
            return Some(Self {
                left: vec![Token::Everyday, Token::Always],
                at: 0,
            });
        }
        let (mut left, mut rest) = (Vec::new(), lower.as_str());
        while let Some(first) = rest.chars().next() {
            let (token, length) = next(rest, first)?;
            left.extend(token);
            rest = &rest[length..];
        }
        Some(Self { left, at: 0 })
    }

    fn ended(&self) -> bool {
        self.at >= self.left.len()
    }

    fn take_if(&mut self, wanted: impl Fn(&Token) -> bool) -> bool {
        let found = self.left.get(self.at).is_some_and(wanted);
        self.at += usize::from(found);
        found
    }

    fn take_day(&mut self) -> Option<usize> {
        let Some(Token::Day(day)) = self.left.get(self.at) else {
            return None;
        };
        self.at += 1;
        Some(*day)
    }

    fn take_time(&mut self) -> Option<u16> {
        let Some(Token::Time(time)) = self.left.get(self.at) else {
            return None;
        };
        self.at += 1;
        Some(*time)
    }

    /// "Mo", "Mo-Fr", "Mo,We", "every day".
    fn days(&mut self) -> Option<Vec<usize>> {
        if self.take_if(|token| *token == Token::Everyday) {
            return Some((0..7).collect());
        }
        let mut days = Vec::new();
        loop {
            let from = self.take_day()?;
            if self.take_if(|token| *token == Token::To) {
                let to = self.take_day()?;
                days.extend((0..=(7 + to - from) % 7).map(|step| (from + step) % 7));
            } else {
                days.push(from);
            }
            let before = self.at;
            self.take_if(|token| *token == Token::Comma);
            if !matches!(self.left.get(self.at), Some(Token::Day(_))) {
                self.at = before;
                break;
            }
        }
        self.take_if(|token| *token == Token::Comma);
        Some(days)
    }

    /// "09:00-13:00, 14:00-17:00", "closed".
    fn spans(&mut self) -> Option<Vec<Span>> {
        if self.take_if(|token| *token == Token::Closed) {
            return Some(Vec::new());
        }
        if self.take_if(|token| *token == Token::Always) {
            return Some(vec![(0, MIDNIGHT)]);
        }
        let mut spans: Vec<Span> = Vec::new();
        loop {
            let from = self.take_time()?;
            if !self.take_if(|token| *token == Token::To) {
                return None;
            }
            let span = sane((from, self.take_time()?))?;
            if spans
                .last()
                .is_some_and(|before| before.1 > span.0 || before.1 < before.0)
            {
                return None;
            }
            spans.push(span);
            let before = self.at;
            self.take_if(|token| *token == Token::Comma);
            if !matches!(self.left.get(self.at), Some(Token::Time(_))) {
                self.at = before;
                return Some(spans);
            }
        }
    }
}

/// A span that can be meant: nobody is sent to a door because of a slip of the pen.
pub(super) fn sane((from, to): Span) -> Option<Span> {
    let all_day = (from, to) == (0, MIDNIGHT);
    let in_a_day = from >= EARLIEST && from < to;
    // A day may end at 24:00, but what begins then belongs to the next.
    let past_midnight = (NOON..MIDNIGHT).contains(&from) && to <= LATEST;
    // "22:00-24:00" and "22:00-00:00" are the same.
    let to = if to == 0 { MIDNIGHT } else { to };
    (all_day || in_a_day || past_midnight).then_some((from, to))
}

/// The token that a text begins with, if it is one and not a gap, and its length in bytes.
fn next(rest: &str, first: char) -> Option<(Option<Token>, usize)> {
    let one = |token| Some((Some(token), first.len_utf8()));
    match first {
        '0'..='9' => time(rest).map(|(time, length)| (Some(Token::Time(time)), length)),
        '-' | '–' | '—' => one(Token::To),
        ',' | '&' | '/' | '+' => one(Token::Comma),
        ';' | '\n' | '|' => one(Token::Break),
        '.' | ':' | '(' | ')' => Some((None, 1)),
        c if c.is_whitespace() => Some((None, c.len_utf8())),
        c if c.is_alphabetic() => word(rest),
        _ => None,
    }
}

fn word(rest: &str) -> Option<(Option<Token>, usize)> {
    let length = rest
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(rest.len());
    let token = match &rest[..length] {
        "to" | "until" | "till" => Token::To,
        "and" => Token::Comma,
        "off" | "closed" => Token::Closed,
        "every" => {
            let day = rest[length..].trim_start().strip_prefix("day")?;
            return Some((Some(Token::Everyday), rest.len() - day.len()));
        }
        "daily" | "everyday" => Token::Everyday,
        "noon" | "midday" => Token::Time(NOON),
        "midnight" => Token::Time(MIDNIGHT),
        other => Token::Day(day_named(other)?),
    };
    Some((Some(token), length))
}

/// "09:00", "9.30", "0930", "9am", "9:30 pm". A bare "9" could be morning or evening: not understood.
fn time(rest: &str) -> Option<(u16, usize)> {
    let count = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let digits = count(rest);
    let number = |text: &str| text.parse::<u16>().ok();
    let (hour, minutes, mut length, full) = match (digits, rest.as_bytes().get(digits)) {
        (1 | 2, Some(b':' | b'.')) if count(&rest[digits + 1..]) == 2 => {
            let minutes = number(&rest[digits + 1..digits + 3])?;
            (number(&rest[..digits])?, minutes, digits + 3, true)
        }
        (4, _) => (number(&rest[..2])?, number(&rest[2..4])?, 4, true),
        (1 | 2, _) => (number(&rest[..digits])?, 0, digits, false),
        _ => return None,
    };
    let after = rest[length..].trim_start();
    let half = [
        ("am", false),
        ("a.m.", false),
        ("a.m", false),
        ("pm", true),
        ("p.m.", true),
        ("p.m", true),
    ];
    let half = half.into_iter().find(|(name, _)| after.starts_with(name));
    if let Some((name, _)) = half {
        length = rest.len() - after.len() + name.len();
    }
    let hour = match half {
        Some((_, evening)) if (1..=12).contains(&hour) => hour % 12 + if evening { 12 } else { 0 },
        Some(_) => return None,
        None if full => hour,
        None => return None,
    };
    let minutes = (minutes < 60).then_some(hour * 60 + minutes)?;
    (minutes <= MIDNIGHT).then_some((minutes, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn understood(text: &str, expected: Option<&str>) {
        let found = week(text).and_then(|week| notation(&week));
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn weeks_are_understood_as_people_write_them() {
        understood(
            "Mo-Fr 09:00-17:00; Sa 10:00-14:00",
            Some("Mo-Fr 09:00-17:00; Sa 10:00-14:00"),
        );
        understood(
            "Monday to Friday 9am to 5pm, Saturday 10am to 2pm",
            Some("Mo-Fr 09:00-17:00; Sa 10:00-14:00"),
        );
        understood("Every day 8am to 4pm", Some("Mo-Su 08:00-16:00"));
        understood("24/7", Some("24/7"));
        understood("Mon, Wed & Fri: 9.30am-12 noon", None);
        understood(
            "Mon, Wed & Fri: 9.30am-noon",
            Some("Mo 09:30-12:00; We 09:30-12:00; Fr 09:30-12:00"),
        );
        understood(
            "Fr-Mo 12:00-02:00",
            Some("Mo 12:00-02:00; Fr-Su 12:00-02:00"),
        );
        understood(
            "Mo-Su 10:00-12:00,13:00-17:00; We off",
            Some("Mo,Tu 10:00-12:00,13:00-17:00; Th-Su 10:00-12:00,13:00-17:00"),
        );
    }

    #[test]
    fn what_could_mean_two_things_is_not_understood() {
        for text in [
            "9-5",
            "Mon-Fri 9-5",
            "by appointment",
            "Mo-Fr",
            "Mo 17:00-13:00",
            "Mo 01:00-18:00",
            "Mo-Su 24:00-03:00",
            "Mo 09:00-25:00",
            "Mo 09:00-13:00,12:00-17:00",
            "Mo 09:61-10:00",
            "",
            "Mo 09:00-17:00 term time",
            "PH off",
        ] {
            understood(text, None);
        }
    }

    #[test]
    fn a_day_is_understood_by_itself() {
        assert_eq!(
            day("09:00-13:00,14:00-17:00"),
            Some(vec![(540, 780), (840, 1020)])
        );
        assert_eq!(day("closed"), Some(vec![]));
        assert_eq!(day("1:00-18:00"), None);
        assert_eq!(day("00:00"), None);
    }
}
