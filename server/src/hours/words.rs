//! Hours in words, for the pages that the server writes.

use domain::hours::{DAY_MINUTES, Hours, OfDay, Span};
use words::{Words, places};

/// The ordinary week, a line for each row of days that are alike: "Monday to Friday: 9am to 5pm".
pub fn week(words: &Words, hours: &Hours) -> Vec<String> {
    let rows = hours.week_in_rows().into_iter();
    rows.map(|(first, last, of)| format!("{}: {}", days(words, first, last), times(words, of)))
        .collect()
}

/// One day's hours in words.
pub fn times(words: &Words, of: &OfDay) -> String {
    let open = of.open.iter().map(|span| from_to(words, *span));
    let ask = of.ask.iter().map(|span| match *span {
        Span::DAY => words.get(places::ASK_FIRST).to_owned(),
        span => words.text(&places::times_asked(from_to(words, span))),
    });
    let parts: Vec<_> = open.chain(ask).collect();
    if parts.is_empty() {
        words.get(places::SHUT).to_owned()
    } else {
        parts.join(", ")
    }
}

/// Spans in words: "9am to midday, 1pm to 5pm".
pub fn open(words: &Words, spans: &[Span]) -> String {
    let parts: Vec<_> = spans.iter().map(|span| from_to(words, *span)).collect();
    parts.join(", ")
}

fn from_to(words: &Words, span: Span) -> String {
    if span == Span::DAY {
        return words.get(places::ALL_DAY).to_owned();
    }
    let [opens, closes] = [span.opens(), span.closes()].map(|minute| time(words, minute));
    words.text(&places::from_to(&closes, &opens))
}

fn days(words: &Words, first: usize, last: usize) -> String {
    let [from, to] = [first, last].map(|day| words.get(DAYS[day]));
    if first == last {
        from.to_owned()
    } else {
        words.text(&places::days(from, to))
    }
}

const DAYS: [words::Key; 7] = [
    places::MONDAY,
    places::TUESDAY,
    places::WEDNESDAY,
    places::THURSDAY,
    places::FRIDAY,
    places::SATURDAY,
    places::SUNDAY,
];

/// A minute of a day as people say it: "9am", "5:30pm", "midday".
pub fn time(words: &Words, minute: u16) -> String {
    match minute % DAY_MINUTES {
        0 => words.get(places::MIDNIGHT).to_owned(),
        720 => words.get(places::MIDDAY).to_owned(),
        minute => {
            let (hour, rest) = ((minute / 60 + 11) % 12 + 1, minute % 60);
            let shown = if rest == 0 {
                hour.to_string()
            } else {
                format!("{hour}:{rest:02}")
            };
            words.text(&if minute < 720 {
                places::am(&shown)
            } else {
                places::pm(&shown)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_said_as_people_say_them() {
        let words = Words::embedded("en").expect("English");
        let text = "Mo-Fr 09:00-17:30; Sa 12:00-24:00; We 14:00-16:00 \"by appointment\"";
        let monday = "2026-11-23".parse().expect("a day");
        let hours = crate::hours::expand(text, Default::default(), monday).expect("readable");
        assert_eq!(
            week(&words, &hours),
            [
                "Monday to Tuesday: 9am to 5:30pm",
                "Wednesday: ring first for 2pm to 4pm",
                "Thursday to Friday: 9am to 5:30pm",
                "Saturday: midday to midnight",
                "Sunday: closed",
            ]
        );
    }
}
