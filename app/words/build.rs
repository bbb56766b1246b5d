//! Turns the catalogues into typed keys and one file of lines per language. A key that a language
//! lacks, or a placeholder that differs, fails the build.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// The language every other one is held against.
const SOURCE: &str = "en";

/// Catalogues that the server alone speaks from: they stand last, and phones get none of them.
const SERVER: [&str; 5] = ["centre", "install", "list", "manage", "scan"];

/// The catalogue that says what the symbols of a file mean.
const PICTOGRAMS: &str = "pictograms";

/// What the questions of a report say, by the questions' ids: a file of its own for each language,
/// fetched with the report. Text by id costs a phone no code, and a scheme's own questions join it.
const FORM: &str = "form";

/// File and key, in the order of the lines.
type Catalogue = BTreeMap<(String, String), String>;

fn main() {
    println!("cargo::rerun-if-changed=.");
    let out = env::var("OUT_DIR").expect("cargo sets it");
    let source = read(Path::new(SOURCE));
    let mut languages = vec![Language::new(SOURCE, "English", "ltr", source.clone())];
    for entry in fs::read_dir(".").expect("the crate's own folder").flatten() {
        let tag = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && tag != SOURCE && tag != "src" {
            languages.push(translated(&tag, read(&entry.path()), &source));
        }
    }
    languages.push(Language::new(
        "en-XA",
        "Ŀǿǿǿƞɠ ẇǿǿǿřḓş",
        "ltr",
        map(&source, long),
    ));
    languages.push(Language::new(
        "ar-XB",
        "\u{202e}Right to left\u{202c}",
        "rtl",
        map(&source, mirrored),
    ));
    for language in &languages {
        let lines: Vec<_> = lines(&language.texts)
            .map(|(_, text)| text.as_str())
            .collect();
        fs::write(format!("{out}/{}.txt", language.tag), lines.join("\n"))
            .expect("OUT_DIR is ours");
        fs::write(
            format!("{out}/{}.form.txt", language.tag),
            form(&language.texts),
        )
        .expect("OUT_DIR is ours");
    }
    fs::write(format!("{out}/keys.rs"), keys(&source)).expect("OUT_DIR is ours");
    fs::write(format!("{out}/languages.rs"), table(&languages)).expect("OUT_DIR is ours");
}

/// The form's texts, a line each: "role.label=Who did it happen to?".
fn form(texts: &Catalogue) -> String {
    let of_form = texts.iter().filter(|((file, _), _)| file == FORM);
    let lines: Vec<_> = of_form
        .map(|((_, key), text)| format!("{key}={text}"))
        .collect();
    lines.join("\n")
}

/// The texts in the order of their lines.
fn lines(texts: &Catalogue) -> impl Iterator<Item = (&(String, String), &String)> {
    let of = |server: bool| {
        let all = texts.iter().filter(|((file, _), _)| file != FORM);
        all.filter(move |((file, _), _)| SERVER.contains(&file.as_str()) == server)
    };
    of(false).chain(of(true))
}

/// How many of them phones get.
fn of_phones(texts: &Catalogue) -> usize {
    let phones = lines(texts).filter(|((file, _), _)| !SERVER.contains(&file.as_str()));
    phones.count()
}

struct Language {
    tag: String,
    name: String,
    dir: String,
    texts: Catalogue,
}

impl Language {
    fn new(tag: &str, name: &str, dir: &str, texts: Catalogue) -> Self {
        Self {
            tag: tag.into(),
            name: name.into(),
            dir: dir.into(),
            texts,
        }
    }
}

fn translated(tag: &str, mut texts: Catalogue, source: &Catalogue) -> Language {
    let own = |texts: &mut Catalogue, key: &str| {
        let text = texts.remove(&("language".to_owned(), key.to_owned()));
        text.unwrap_or_else(|| panic!("{tag}/language.toml lacks `{key}`"))
    };
    let (name, dir) = (own(&mut texts, "name"), own(&mut texts, "dir"));
    for ((file, key), text) in source {
        let theirs = texts.get(&(file.clone(), key.clone()));
        let theirs = theirs.unwrap_or_else(|| panic!("{tag}/{file}.toml lacks `{key}`"));
        assert_eq!(
            places(theirs),
            places(text),
            "{tag}/{file}.toml: the placeholders of `{key}` differ"
        );
    }
    assert_eq!(
        texts.len(),
        source.len(),
        "{tag} has keys that {SOURCE} lacks"
    );
    Language::new(tag, &name, &dir, texts)
}

fn read(folder: &Path) -> Catalogue {
    let mut texts = Catalogue::new();
    for entry in fs::read_dir(folder).expect("a language's folder").flatten() {
        let path = entry.path();
        let file = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let toml: toml::Table = fs::read_to_string(&path)
            .expect("a catalogue")
            .parse()
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for (key, text) in flat(toml, "") {
            assert!(
                !text.contains('\n'),
                "{}: `{key}` has a line break",
                path.display()
            );
            texts.insert((file.clone(), key), text);
        }
    }
    texts
}

/// Texts by key; those of a table as "table.key".
fn flat(table: toml::Table, before: &str) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (key, value) in table {
        let key = format!("{before}{key}");
        match value {
            toml::Value::String(text) => texts.push((key, text)),
            toml::Value::Table(inner) => texts.extend(flat(inner, &format!("{key}."))),
            other => panic!("`{key}` is no text: {other}"),
        }
    }
    texts
}

/// The names between braces, in order of first appearance, each once.
fn places(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default().to_owned();
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found.sort();
    found
}

fn keys(source: &Catalogue) -> String {
    let mut code = String::new();
    let mut files: BTreeMap<&str, Vec<(usize, &str, &str)>> = BTreeMap::new();
    for (line, ((file, key), text)) in lines(source).enumerate() {
        files.entry(file).or_default().push((line, key, text));
    }
    for (file, texts) in files {
        let _ = writeln!(
            code,
            "/// Texts of `{file}.toml`.\npub mod {file} {{\n    #[allow(unused_imports)]\n    use crate::{{Key, Text}};"
        );
        for (line, key, text) in &texts {
            code.push_str(&item(*line, key, text));
        }
        code.push_str(&named(&texts));
        code.push_str("}\n");
    }
    let _ = writeln!(
        code,
        "/// Every symbol of `pictograms.svg`, and what it says.\npub const PICTOGRAMS: &[(&str, Key)] = &[{}];",
        pictograms(source)
    );
    let _ = writeln!(
        code,
        "/// How many texts there are.\npub const COUNT: usize = {};\n/// How many of them phones get: the first ones.\npub const OF_PHONES: usize = {};",
        lines(source).count(),
        of_phones(source)
    );
    code.push_str("#[cfg(feature = \"embedded\")]\npub(crate) const NAMES: &[&str] = &[\n");
    for ((file, key), _) in lines(source) {
        let _ = writeln!(code, "    \"{file}.{key}\",");
    }
    code.push_str("];\n");
    code
}

fn pictograms(source: &Catalogue) -> String {
    let all = lines(source).enumerate();
    let ours = all.filter(|(_, ((file, _), _))| file == PICTOGRAMS);
    ours.map(|(line, ((_, key), _))| format!("(\"{}\", Key({line})), ", key.replace('_', "-")))
        .collect()
}

/// For texts that are chosen by data: "quiet-seat" names the text `quiet_seat`.
fn named(texts: &[(usize, &str, &str)]) -> String {
    let mut code = String::from(
        "    /// The text without gaps that an id names, with hyphens where the key has underscores.\n    pub fn named(id: &str) -> Option<Key> {\n        match id {\n",
    );
    for (line, key, text) in texts {
        if places(text).is_empty() {
            let id = key.replace('_', "-");
            let _ = writeln!(code, "            \"{id}\" => Some(Key({line})),");
        }
    }
    code.push_str("            _ => None,\n        }\n    }\n");
    code
}

fn item(line: usize, key: &str, text: &str) -> String {
    let doc = format!("    /// {}\n", text.replace('[', "\\["));
    let names = places(text);
    if names.is_empty() {
        return format!(
            "{doc}    pub const {}: Key = Key({line});\n",
            key.to_uppercase()
        );
    }
    let params: Vec<_> = names
        .iter()
        .map(|name| format!("{name}: impl Into<String>"))
        .collect();
    let fill: Vec<_> = names
        .iter()
        .map(|name| format!("(\"{name}\", {name}.into())"))
        .collect();
    format!(
        "{doc}    pub fn {key}({}) -> Text {{ Text::new(Key({line}), vec![{}]) }}\n",
        params.join(", "),
        fill.join(", ")
    )
}

fn table(languages: &[Language]) -> String {
    let mut code = String::from(
        "/// Every language there is a catalogue for.\npub const LANGUAGES: &[Language] = &[\n",
    );
    for Language { tag, name, dir, .. } in languages {
        let _ = writeln!(
            code,
            "    Language {{ tag: {tag:?}, name: {name:?}, dir: {dir:?} }},"
        );
    }
    code.push_str("];\n#[cfg(feature = \"embedded\")]\nconst FILES: &[(&str, &str, &str)] = &[\n");
    for Language { tag, .. } in languages {
        let file = |end: &str| format!("include_str!(concat!(env!(\"OUT_DIR\"), \"/{tag}{end}\"))");
        let _ = writeln!(
            code,
            "    ({tag:?}, {}, {}),",
            file(".txt"),
            file(".form.txt")
        );
    }
    code.push_str("];\n");
    code
}

fn map(source: &Catalogue, change: fn(&str) -> String) -> Catalogue {
    source
        .iter()
        .map(|(key, text)| (key.clone(), outside_braces(text, change)))
        .collect()
}

fn outside_braces(text: &str, change: fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let end = rest[start..]
            .find('}')
            .map_or(rest.len(), |at| start + at + 1);
        out.push_str(&change(&rest[..start]));
        out.push_str(&rest[start..end]);
        rest = &rest[end..];
    }
    out.push_str(&change(rest));
    out
}

/// A third longer, with marks above and below, still readable.
fn long(text: &str) -> String {
    let accented = |c: char| match c {
        'a' => "áá".to_owned(),
        'e' => "ëë".to_owned(),
        'o' => "ôô".to_owned(),
        'i' => "ïï".to_owned(),
        'u' => "ůů".to_owned(),
        'y' => "ÿÿ".to_owned(),
        'n' => "ñ".to_owned(),
        'c' => "ç".to_owned(),
        's' => "š".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(accented).collect()
}

/// Set from right to left, as Arabic is, letter by letter.
fn mirrored(text: &str) -> String {
    if text.trim().is_empty() {
        text.to_owned()
    } else {
        format!("\u{202e}{text}\u{202c}")
    }
}
