//! Every sentence a person sees. Catalogues stand in one folder per language; a build step turns
//! them into the typed keys below and into one file of lines per language, which a phone fetches.

include!(concat!(env!("OUT_DIR"), "/keys.rs"));
include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// A text without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(usize);

/// A text, and what to put into its gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    key: Key,
    fill: Vec<(&'static str, String)>,
}

impl Text {
    fn new(key: Key, fill: Vec<(&'static str, String)>) -> Self {
        Self { key, fill }
    }
}

impl From<Key> for Text {
    fn from(key: Key) -> Self {
        Self::new(key, Vec::new())
    }
}

/// A language there is a catalogue for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// BCP 47 tag; `en-XA` and `ar-XB` are for testing layouts.
    pub tag: &'static str,
    /// Its name in its own script.
    pub name: &'static str,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
}

/// The language of this tag.
pub fn language(tag: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.tag == tag)
}

/// The texts of one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    lines: Vec<String>,
}

impl Words {
    /// Reads a language's file; `None` where it was made for other keys.
    pub fn parse(file: &str) -> Option<Self> {
        let lines: Vec<_> = file.split('\n').map(str::to_owned).collect();
        [COUNT, OF_PHONES]
            .contains(&lines.len())
            .then_some(Self { lines })
    }

    /// A text without gaps.
    pub fn get(&self, key: Key) -> &str {
        self.lines.get(key.0).map_or("", String::as_str)
    }

    /// A text with its gaps filled.
    pub fn text(&self, text: &Text) -> String {
        let filled = |line: String, (name, value): &(&str, String)| {
            line.replace(&format!("{{{name}}}"), value)
        };
        text.fill.iter().fold(self.get(text.key).to_owned(), filled)
    }
}

#[cfg(feature = "embedded")]
impl Words {
    /// The texts of a language, from the program itself.
    pub fn embedded(tag: &str) -> Option<Self> {
        Self::parse(file(tag)?)
    }

    /// A text by its written name: "home.title".
    pub fn named(&self, name: &str) -> Option<&str> {
        let line = NAMES.iter().position(|known| *known == name)?;
        self.lines.get(line).map(String::as_str)
    }
}

/// What the questions of a report say in one language, by the questions' ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormWords {
    file: String,
}

impl FormWords {
    /// Reads a file of lines: "role.label=Who did it happen to?". A later line of the same name stands
    /// before an earlier one, so that a scheme's own texts can follow.
    pub fn parse(file: &str) -> Self {
        Self { file: file.into() }
    }

    /// The same with a scheme's own texts, lines like "= en role.label=Who was it?" among others: those in
    /// English, then those in this language.
    pub fn with_own(mut self, lines: &str, tag: &str) -> Self {
        for tag in ["en", tag] {
            for line in lines.lines() {
                let own = line
                    .strip_prefix("= ")
                    .and_then(|line| line.strip_prefix(tag));
                if let Some(text) = own.and_then(|line| line.strip_prefix(' ')) {
                    self.file += "\n";
                    self.file += text;
                }
            }
        }
        self
    }

    /// The text of this name: "role.label", "role.me".
    pub fn get(&self, name: &str) -> Option<&str> {
        self.file
            .rsplit('\n')
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
    }

    /// A question's text, or one of its choices': its label, "me".
    pub fn of(&self, question: &str, part: &str) -> Option<&str> {
        self.get(&format!("{question}.{part}"))
    }
}

/// The form's texts of a language, as a phone fetches them.
#[cfg(feature = "embedded")]
pub fn file_of_form(tag: &str) -> Option<&'static str> {
    let (_, _, form) = FILES.iter().find(|(known, ..)| *known == tag)?;
    Some(form)
}

/// The file of a language, as a phone fetches it: without what the server alone says.
#[cfg(feature = "embedded")]
pub fn file_of_phones(tag: &str) -> Option<String> {
    let lines: Vec<_> = file(tag)?.split('\n').take(OF_PHONES).collect();
    Some(lines.join("\n"))
}

#[cfg(feature = "embedded")]
fn file(tag: &str) -> Option<&'static str> {
    FILES
        .iter()
        .find(|(known, ..)| *known == tag)
        .map(|(_, file, _)| *file)
}

#[cfg(all(test, feature = "embedded"))]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_text() {
        for language in LANGUAGES {
            let words = Words::embedded(language.tag).expect("it was built");
            assert!(
                words.lines.iter().all(|line| !line.trim().is_empty()),
                "{}",
                language.tag
            );
        }
    }

    #[test]
    fn gaps_are_filled_in_every_language() {
        for language in LANGUAGES {
            let words = Words::embedded(language.tag).expect("it was built");
            let text = words.text(&card::ring("Sam"));
            assert!(text.contains("Sam") && !text.contains('{'), "{text}");
        }
    }

    #[test]
    fn a_schemes_own_text_stands_before_ours() {
        let words = FormWords::parse("role.label=Who?\nrole.me=Me\nrole.label=Who was it?");
        assert_eq!(words.of("role", "label"), Some("Who was it?"));
        assert_eq!(words.of("role", "me"), Some("Me"));
        assert_eq!(words.of("role", "m"), None);
        assert_eq!(words.get(""), None);
    }

    #[test]
    fn a_schemes_own_texts_come_in_english_where_there_are_none_in_the_language() {
        let lines = "? tram one red\n= pl tram.label=Kt\u{f3}ry?\n= en tram.label=Which?\n= en tram.red=Red";
        let words = |tag| FormWords::parse("role.label=Who?").with_own(lines, tag);
        assert_eq!(words("pl").of("tram", "label"), Some("Kt\u{f3}ry?"));
        assert_eq!(words("pl").of("tram", "red"), Some("Red"));
        assert_eq!(words("en").of("tram", "label"), Some("Which?"));
        assert_eq!(words("p").of("tram", "label"), Some("Which?"));
        assert_eq!(words("pl").of("role", "label"), Some("Who?"));
    }

    #[test]
    fn a_file_for_other_keys_is_refused() {
        assert_eq!(Words::parse("one line"), None);
    }

    /// The ids of a file that has one symbol a line, in order.
    fn drawn(svg: &str) -> Vec<&str> {
        let symbols = svg.lines().filter_map(|line| {
            let (id, rest) = line.strip_prefix("<symbol id=\"")?.split_once('"')?;
            assert!(rest.starts_with(" viewBox=\"0 0 64 64\""), "{id}");
            Some(id)
        });
        let ids: Vec<_> = symbols.collect();
        assert_eq!(ids.len(), svg.matches("<symbol").count());
        ids
    }

    #[test]
    fn every_pictogram_has_words_and_all_words_a_pictogram() {
        let mut ids = drawn(include_str!("../../../public/pictograms.svg"));
        ids.sort_unstable();
        let mut named: Vec<_> = PICTOGRAMS.iter().map(|(id, _)| *id).collect();
        named.sort_unstable();
        assert_eq!(ids, named);
    }

    #[test]
    fn no_two_drawings_share_an_id() {
        let mut ids = drawn(include_str!("../../../public/drawings.svg"));
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }
}
