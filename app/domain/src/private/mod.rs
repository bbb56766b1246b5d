//! The private layer of the card: facts that only its holder, and whoever has the PIN, may see.
//! It is kept as lines of text, so that it can be sealed as it is and needs no parser of JSON.

mod fact;
mod hidden;

use std::collections::BTreeMap;

pub use fact::Fact;

use zeroize::Zeroize;

use crate::card::Part;

/// The first line of what is kept, with the version of its shape.
const HEADER: &str = "private 1";
/// How lines of moved parts of the card begin.
const PART: &str = "card.";

/// A heading of the private layer and of the page for the police.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is explained by the words of its heading")]
pub enum Section {
    Who,
    Looks,
    Health,
    Carries,
    Day,
    Places,
    Meeting,
    Tell,
}

impl Section {
    /// All of them, in order.
    pub const ALL: [Self; 8] = [
        Self::Who,
        Self::Looks,
        Self::Health,
        Self::Carries,
        Self::Day,
        Self::Places,
        Self::Meeting,
        Self::Tell,
    ];

    /// Its facts, in order.
    pub fn facts(self) -> impl Iterator<Item = Fact> {
        Fact::ALL
            .into_iter()
            .filter(move |fact| fact.section() == self)
    }
}

/// Private facts exactly as typed, and the parts of the card that were moved behind the lock.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Private {
    facts: BTreeMap<Fact, String>,
    /// By the part's place in the order of [`Part::MOVABLE`].
    parts: BTreeMap<usize, String>,
    /// Lines a newer version wrote: kept as they are.
    unknown: Vec<String>,
}

/// What was kept is not of any shape this version knows. Nothing may be written over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl Private {
    /// What was typed for a fact; empty where nothing was.
    pub fn fact(&self, fact: Fact) -> &str {
        self.facts.get(&fact).map_or("", String::as_str)
    }

    /// Keeps what was typed, half a word as half a word.
    pub fn set(&mut self, fact: Fact, text: String) {
        if text.is_empty() {
            self.facts.remove(&fact);
        } else {
            self.facts.insert(fact, text);
        }
    }

    /// Whether there is nothing but blanks.
    pub fn is_blank(&self) -> bool {
        let mut texts = self.facts.values().chain(self.parts.values());
        texts.all(|text| text.trim().is_empty()) && self.unknown.is_empty()
    }

    /// Facts that are longer than fits on the page for the police, in order.
    pub fn too_long(&self) -> Vec<Fact> {
        let long = |fact: &Fact| self.fact(*fact).trim().chars().count() > fact.most();
        Fact::ALL.into_iter().filter(long).collect()
    }

    /// What to print under a heading: only what was said, trimmed.
    pub fn said(&self, section: Section) -> Vec<(Fact, &str)> {
        let said = section.facts().map(|fact| (fact, self.fact(fact).trim()));
        said.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// As bytes to be sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let facts = self
            .facts
            .iter()
            .map(|(fact, text)| (fact.id().to_owned(), text));
        let parts = self
            .parts
            .iter()
            .map(|(at, text)| (format!("{PART}{}", hidden::id(Part::MOVABLE[*at])), text));
        let mut out = String::from(HEADER);
        for (key, text) in facts.chain(parts) {
            out.push('\n');
            out.push_str(&key);
            out.push('=');
            escape(text, &mut out);
        }
        for line in &self.unknown {
            out.push('\n');
            out.push_str(line);
        }
        out.into_bytes()
    }

    /// From bytes that were sealed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let text = std::str::from_utf8(bytes).map_err(|_| Unreadable)?;
        let mut lines = text.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(Unreadable);
        }
        let mut read = Self::default();
        for line in lines {
            read.take(line);
        }
        Ok(read)
    }

    fn take(&mut self, line: &str) {
        let (key, text) = line.split_once('=').unwrap_or((line, ""));
        if let Some(fact) = Fact::named(key) {
            self.facts.insert(fact, unescape(text));
        } else if let Some(at) = key.strip_prefix(PART).and_then(hidden::place) {
            self.parts.insert(at, unescape(text));
        } else {
            self.unknown.push(line.to_owned());
        }
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        let texts = self.facts.values_mut().chain(self.parts.values_mut());
        texts.chain(&mut self.unknown).for_each(Zeroize::zeroize);
    }
}

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Private({} facts)", self.facts.len())
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.as_str().starts_with('n') => {
                chars.next();
                out.push('\n');
            }
            '\\' => out.extend(chars.next()),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ali() -> Private {
        let mut private = Private::default();
        private.set(Fact::FullName, "Ali".into());
        private.set(Fact::Address, "1 High Street\nWest Bromwich \\ n".into());
        private
    }

    #[test]
    fn what_was_typed_comes_back_as_typed() {
        assert_eq!(Private::from_bytes(&ali().to_bytes()), Ok(ali()));
    }

    #[test]
    fn the_kept_shape_is_a_decision() {
        let kept = String::from_utf8(ali().to_bytes()).expect("text");
        let lines = "private 1\nfull-name=Ali\naddress=1 High Street\\nWest Bromwich \\\\ n";
        assert_eq!(kept, lines);
    }

    #[test]
    fn lines_of_a_newer_version_stay() {
        let mut read = Private::from_bytes(b"private 1\nshoe=44\nborn=1990").expect("readable");
        assert_eq!(read.fact(Fact::Born), "1990");
        read.set(Fact::Born, String::new());
        assert_eq!(read.to_bytes(), b"private 1\nshoe=44");
        assert!(!read.is_blank());
    }

    #[test]
    fn other_shapes_are_refused() {
        for bytes in [&b""[..], b"private 2\nborn=1", b"{}", b"private 1\n\xff"] {
            assert_eq!(Private::from_bytes(bytes), Err(Unreadable), "{bytes:?}");
        }
    }

    #[test]
    fn every_fact_has_its_own_name_and_stands_in_one_section() {
        for fact in Fact::ALL {
            assert_eq!(Fact::named(fact.id()), Some(fact));
        }
        let standing: Vec<_> = Section::ALL.into_iter().flat_map(Section::facts).collect();
        assert_eq!(standing, Fact::ALL);
    }

    #[test]
    fn only_what_was_said_is_printed() {
        let mut private = ali();
        private.set(Fact::Born, "  ".into());
        let said = private.said(Section::Who);
        assert_eq!(said[0], (Fact::FullName, "Ali"));
        assert_eq!(said.len(), 2);
        assert_eq!(private.said(Section::Looks), []);
    }

    #[test]
    fn too_long_is_said_and_kept() {
        let mut private = Private::default();
        private.set(Fact::Eyes, "é".repeat(80));
        assert_eq!(private.too_long(), []);
        private.set(Fact::Eyes, "é".repeat(81));
        assert_eq!(private.too_long(), [Fact::Eyes]);
        assert_eq!(private.fact(Fact::Eyes).chars().count(), 81);
    }

    #[test]
    fn blank_is_blank() {
        let mut private = Private::default();
        assert!(private.is_blank());
        private.set(Fact::Eyes, " \n".into());
        assert!(private.is_blank());
        assert!(!ali().is_blank());
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in ".*", more in "(?s).{0,40}") {
            let mut private = Private::default();
            private.set(Fact::Loves, text);
            private.set(Fact::Tell, more);
            prop_assert_eq!(Private::from_bytes(&private.to_bytes()), Ok(private));
        }

        #[test]
        fn no_bytes_make_it_fall_over(bytes: Vec<u8>) {
            let _ = Private::from_bytes(&bytes);
            let _ = Private::from_bytes(&[b"private 1\n", &bytes[..]].concat());
        }
    }
}
