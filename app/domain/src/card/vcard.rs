//! What the QR code says: a contact that any phone's camera understands with no network (RFC 2426).

use super::MAX_LINE;

/// Bytes of one line; longer ones are folded, never within a letter.
const FOLD: usize = 75;
/// Characters of a note; a code of more squares is hard to read.
const NOTE: usize = 120;

/// A name, whom to ring for it, and a short note: nothing else about the holder.
pub fn vcard(name: &str, dial: Option<&str>, note: &str) -> String {
    let name = escaped(&short(name));
    let mut lines = vec![
        "BEGIN:VCARD".to_owned(),
        "VERSION:3.0".to_owned(),
        ["N:;", &name, ";;;"].concat(),
        ["FN:", &name].concat(),
    ];
    lines.extend(dial.map(|dial| ["TEL:", dial].concat()));
    if !note.is_empty() {
        let note: String = note.chars().take(NOTE).collect();
        lines.push(["NOTE:", &escaped(&note)].concat());
    }
    lines.push("END:VCARD".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

/// A name as long as a card shows it: a code of a longer one could not be read.
fn short(name: &str) -> String {
    name.trim().chars().take(MAX_LINE).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\r' if letters.peek() == Some(&'\n') => {}
            '\r' | '\n' => out.push_str("\\n"),
            '\\' | ',' | ';' => out.extend(['\\', c]),
            other => out.push(other),
        }
    }
    out
}

fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > FOLD {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The value of a property, as a phone reads it: unfolded, then unescaped.
    fn read(card: &str, property: &str) -> Option<String> {
        let unfolded = card.replace("\r\n ", "");
        let mut lines = unfolded.split("\r\n");
        let value = lines.find_map(|line| line.strip_prefix(property)?.strip_prefix(':'))?;
        let mut out = String::new();
        let mut letters = value.chars();
        while let Some(c) = letters.next() {
            match c {
                '\\' => match letters.next()? {
                    'n' => out.push('\n'),
                    other => out.push(other),
                },
                other => out.push(other),
            }
        }
        Some(out)
    }

    #[test]
    fn a_camera_reads_a_contact() {
        assert_eq!(
            vcard("Ali", Some("07700900123"), "Please ring Sam"),
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;Ali;;;\r\nFN:Ali\r\nTEL:07700900123\r\nNOTE:Please ring Sam\r\nEND:VCARD\r\n"
        );
    }

    #[test]
    fn what_separates_and_breaks_lines_is_escaped() {
        let card = vcard("Ali; \"B\", C\\D", None, "one\r\ntwo\nthree");
        assert!(card.contains("FN:Ali\\; \"B\"\\, C\\\\D\r\n"), "{card}");
        assert!(card.contains("NOTE:one\\ntwo\\nthree\r\n"), "{card}");
        assert!(!card.contains("TEL"), "{card}");
    }

    #[test]
    fn a_very_long_name_still_makes_a_code() {
        let card = vcard(&"ا".repeat(2_000), None, "");
        assert_eq!(
            read(&card, "FN").map(|name| name.chars().count()),
            Some(MAX_LINE)
        );
    }

    proptest! {
        #[test]
        fn every_name_and_note_comes_back(
            name in "([a-z,;:\\\\\"\n أبج👍🏽é\u{202e}]|\\PC){1,60}",
            note in "([a-z,;:\\\\\n أبج👍🏽é]|\\PC){1,120}",
            digits in "\\+?[0-9]{3,15}",
        ) {
            let card = vcard(&name, Some(&digits), &note);
            let expected = short(&name);
            prop_assert_eq!(read(&card, "FN"), Some(expected.clone()));
            prop_assert_eq!(read(&card, "N").map(|n| n.len()), Some(expected.len() + 4));
            prop_assert_eq!(read(&card, "TEL"), Some(digits));
            prop_assert_eq!(read(&card, "NOTE"), Some(note));
            for line in card.split("\r\n") {
                prop_assert!(line.len() <= FOLD, "{}", line);
            }
            prop_assert_eq!(card.matches("\r\n").count(), card.matches('\n').count());
        }
    }
}
