//! Finding something by its name, also where the name was typed with mistakes.
//!
//! Texts come here folded: small letters without accents, as the platform makes them.

/// Whether every typed word is the beginning of a word of the texts, letter for letter or nearly.
pub fn finds(texts: &[&str], typed: &str) -> bool {
    let words = || texts.iter().flat_map(|text| words(text));
    self::words(typed).all(|typed| words().any(|word| begins(word, typed)))
}

/// Whether the texts have the typed text in them, letter for letter.
pub fn has(texts: &[&str], typed: &str) -> bool {
    texts.iter().any(|text| text.contains(typed))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    // Every letter outside of ASCII belongs to a word: tables of letters would be a load for a phone.
    let parts = text.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '\'');
    parts.filter(|part| !part.is_empty())
}

/// So many mistakes are forgiven in a word of this length.
fn forgiven(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Whether a word begins with what was typed, forgiving wrong, missing, added and swapped letters.
fn begins(word: &str, typed: &str) -> bool {
    if word.starts_with(typed) {
        return true;
    }
    let typed: Vec<char> = typed.chars().collect();
    let most = forgiven(typed.len());
    if most == 0 {
        return false;
    }
    // A mistake more on the word's side than were forgiven is past what could match.
    let word: Vec<char> = word.chars().take(typed.len() + most).collect();
    mistakes(&word, &typed) <= most
}

/// The fewest mistakes with which the typed letters are some beginning of the word: edit distance
/// with neighbours swapped, the rest of the word for nothing.
fn mistakes(word: &[char], typed: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=typed.len()).collect();
    let mut fewest = last[typed.len()];
    for (row, letter) in word.iter().enumerate() {
        let mut next = vec![row + 1];
        for (at, typed_letter) in typed.iter().enumerate() {
            let swapped =
                at > 0 && row > 0 && typed[at - 1] == *letter && word[row - 1] == *typed_letter;
            let mut cost = last[at] + usize::from(letter != typed_letter);
            cost = cost.min(last[at + 1] + 1).min(next[at] + 1);
            if swapped {
                cost = cost.min(before[at - 1] + 1);
            }
            next.push(cost);
        }
        fewest = fewest.min(next[typed.len()]);
        before = std::mem::replace(&mut last, next);
    }
    fewest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn found(typed: &str, expected: bool) {
        let texts = ["lantern library", "12 example high street, west bromwich"];
        assert_eq!(finds(&texts, typed), expected, "{typed}");
    }

    #[test]
    fn the_beginnings_of_words_find_a_place_in_any_order() {
        found("lantern", true);
        found("lib west", true);
        found("bromwich lantern", true);
        found("ibrary", true);
        found("nothing", false);
        found("lantern nothing", false);
        found("", true);
    }

    #[test]
    fn a_mistake_is_forgiven_in_a_longer_word_and_two_in_a_long_one() {
        found("latnern", true);
        found("lanternn", true);
        found("lantren", true);
        found("libary", true);
        found("bromwitch", true);
        found("brommwitch", true);
        found("lxbxry", false);
        found("lix", false);
        found("wst", false);
    }

    #[test]
    fn letters_that_are_there_find_it_wherever_they_stand() {
        assert!(has(&["lantern library"], "tern lib"));
        assert!(!has(&["lantern library"], "lib lantern"));
    }
}
