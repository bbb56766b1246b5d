//! How hard a passphrase is to guess, said in words rather than measured in bits.

/// Fewest letters of a passphrase: four short words.
pub const SHORTEST: usize = 12;

/// From this many letters on it is strong, if they differ.
const STRONG: usize = 18;
/// Different letters that a strong one has at least; "aaaaaaaaaaaaaaaaaa" has one.
const VARIED: usize = 8;

/// What to tell somebody who is choosing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// This many letters are missing.
    Short(usize),
    /// The same few letters again and again.
    Samey,
    /// Enough; a longer one would be safer.
    Fair,
    /// Hard to guess.
    Strong,
}

/// How strong a passphrase is. Space at its ends counts for nothing: keyboards add it.
pub fn strength(passphrase: &str) -> Strength {
    let mut seen: Vec<char> = Vec::new();
    let mut letters = 0;
    for c in passphrase.trim().chars() {
        letters += 1;
        if !seen.contains(&c) && seen.len() < VARIED {
            seen.push(c);
        }
    }
    match letters {
        _ if letters < SHORTEST => Strength::Short(SHORTEST - letters),
        _ if seen.len() < VARIED => Strength::Samey,
        _ if letters < STRONG => Strength::Fair,
        _ => Strength::Strong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(passphrase: &str, expected: Strength) {
        assert_eq!(strength(passphrase), expected, "{passphrase:?}");
    }

    #[test]
    fn length_and_difference_make_a_passphrase_strong() {
        is("", Strength::Short(12));
        is("red bus hat     ", Strength::Short(1));
        is("red bus hats", Strength::Fair);
        is("aaaaaaaaaaaaaaaaaaaaaaaa", Strength::Samey);
        is("green kettle sings loud", Strength::Strong);
        is("قطة زرقاء تحت المطر اليوم", Strength::Strong);
    }
}
