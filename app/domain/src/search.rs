//! Finding something by its name, also where the name was typed with mistakes.
//!
//! Texts come here folded: small letters without accents, as the platform makes them.

/// Whether every typed word is the beginning of a word of the text, letter for letter or nearly.
pub fn finds(text: &str, typed: &str) -> bool {
    words(typed).all(|typed| words(text).any(|word| begins(word, typed)))
}

/// Whether the text has the typed one in it, letter for letter.
pub fn has(text: &str, typed: &str) -> bool {
    text.contains(typed)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    // Every letter outside of ASCII belongs to a word: tables of letters would be a load for a phone.
    let parts = text.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '\'');
    parts.filter(|part| !part.is_empty())
}

/// Longer words are found only as they are.
const LONGEST: usize = 32;

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
    word.starts_with(typed) || Mistakes::between(word, typed).beginning.is_some()
}

/// How many mistakes lie between a text as a whole and what was typed; `None` where they are more
/// than are forgiven.
pub fn nearly(text: &str, typed: &str) -> Option<usize> {
    Mistakes::between(text, typed).whole
}

/// The fewest mistakes between a word and typed letters, as far as they are forgiven.
struct Mistakes {
    /// The letters are some beginning of the word: the rest of it for nothing.
    beginning: Option<usize>,
    whole: Option<usize>,
}

impl Mistakes {
    /// Edit distance with neighbours swapped.
    fn between(word: &str, typed: &str) -> Self {
        let mut found = Self {
            beginning: None,
            whole: None,
        };
        let mut letters = ['\0'; LONGEST];
        let mut length = 0;
        for (slot, letter) in letters.iter_mut().zip(typed.chars()) {
            *slot = letter;
            length += 1;
        }
        let (typed, most) = (&letters[..length], forgiven(length));
        // Most words are much too short: ten thousand places are searched between two keystrokes.
        if most == 0 || length == LONGEST || word.len() + most < length {
            return found;
        }
        let enough =
            |mistakes: u8| (usize::from(mistakes) <= most).then_some(usize::from(mistakes));
        // How many mistakes each beginning of what was typed is from the word so far: two letters
        // ago, one letter ago, now.
        let mut before = [0_u8; LONGEST];
        let mut last: [u8; LONGEST] = std::array::from_fn(|at| at as u8);
        let mut next = before;
        let mut previous = None;
        let mut fewest = u8::MAX;
        // More letters of the word than these change nothing.
        for (row, letter) in (1_u8..=LONGEST as u8 * 2).zip(word.chars()) {
            next[0] = row;
            let mut least = row.min(last[0]);
            for (at, typed_letter) in typed.iter().enumerate() {
                let swapped = at > 0 && typed[at - 1] == letter && previous == Some(*typed_letter);
                let mut cost = last[at] + u8::from(letter != *typed_letter);
                cost = cost.min(last[at + 1] + 1).min(next[at] + 1);
                if swapped {
                    cost = cost.min(before[at - 1] + 1);
                }
                next[at + 1] = cost;
                least = least.min(cost).min(last[at + 1]);
            }
            previous = Some(letter);
            fewest = fewest.min(next[length]);
            found.whole = enough(next[length]);
            // From here on there are only more.
            if usize::from(least) > most {
                found.whole = None;
                break;
            }
            (before, last) = (last, next);
        }
        found.beginning = enough(fewest);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn found(typed: &str, expected: bool) {
        let text = "lantern library, 12 example high street, west bromwich";
        assert_eq!(finds(text, typed), expected, "{typed}");
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
    fn of_a_whole_name_nothing_may_be_left_over() {
        assert_eq!(nearly("smethwick", "smethwick"), Some(0));
        assert_eq!(nearly("smethwick", "smehtwick"), Some(1));
        assert_eq!(nearly("smethwick", "smetwik"), None);
        assert_eq!(nearly("smethwick", "smethwic"), Some(1));
        assert_eq!(nearly("smethwick", "smeth"), None);
        assert_eq!(nearly("ely", "eli"), None);
    }

    /// The same by the book: the whole table, and no row left out.
    fn by_the_book(word: &[char], typed: &[char]) -> usize {
        let mut table = vec![vec![0; typed.len() + 1]; word.len() + 1];
        for row in 0..=word.len() {
            for at in 0..=typed.len() {
                let (up, left) = (row.checked_sub(1), at.checked_sub(1));
                table[row][at] = match (up, left) {
                    (None, _) => at,
                    (_, None) => row,
                    (Some(up), Some(left)) => {
                        let other = usize::from(word[up] != typed[left]);
                        let mut cost = table[up][left] + other;
                        cost = cost.min(table[up][at] + 1).min(table[row][left] + 1);
                        if up > 0
                            && left > 0
                            && word[up] == typed[left - 1]
                            && word[up - 1] == typed[left]
                        {
                            cost = cost.min(table[up - 1][left - 1] + 1);
                        }
                        cost
                    }
                };
            }
        }
        table[word.len()][typed.len()]
    }

    proptest::proptest! {
        #[test]
        fn mistakes_are_counted_as_by_the_book(word in "[ab]{1,10}", typed in "[ab]{4,10}") {
            let (letters, asked): (Vec<char>, Vec<char>) = (word.chars().collect(), typed.chars().collect());
            let most = forgiven(asked.len());
            let enough = |mistakes: usize| (mistakes <= most).then_some(mistakes);
            let found = Mistakes::between(&word, &typed);
            proptest::prop_assert_eq!(found.whole, enough(by_the_book(&letters, &asked)));
            let beginning = (1..=letters.len()).map(|end| by_the_book(&letters[..end], &asked)).min();
            proptest::prop_assert_eq!(found.beginning, beginning.and_then(enough));
        }
    }

    #[test]
    fn letters_that_are_there_find_it_wherever_they_stand() {
        assert!(has("lantern library", "tern lib"));
        assert!(!has("lantern library", "lib lantern"));
    }
}
