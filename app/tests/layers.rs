//! Who may name whom inside the app: read from its `use` lines, so that a wrong arrow fails here.

use std::fs;
use std::path::{Path, PathBuf};

/// A layer, and what of ours it may name.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("dom", &["dom"]),
    ("platform", &["platform", "domain"]),
    ("speech", &["words"]),
    (
        "components",
        &["components", "dom", "platform", "speech", "domain", "words"],
    ),
    ("router", &["platform", "domain"]),
    (
        "state",
        &["platform", "speech", "courier", "domain", "words"],
    ),
    (
        "features",
        &[
            "features",
            "components",
            "dom",
            "platform",
            "speech",
            "state",
            "router",
            "shell",
            "courier",
            "domain",
            "words",
        ],
    ),
    (
        "shell",
        &[
            "later",
            "features",
            "components",
            "dom",
            "platform",
            "speech",
            "state",
            "router",
            "domain",
            "words",
        ],
    ),
    (
        "later",
        &[
            "features",
            "components",
            "dom",
            "platform",
            "speech",
            "state",
            "router",
            "courier",
            "domain",
            "words",
        ],
    ),
    ("main", &[]),
];

/// Our crates; the layers themselves are named through `crate::`.
const CRATES: &[&str] = &["courier", "seal", "domain", "words", "server"];

#[test]
fn nobody_names_what_is_not_theirs() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files(&source);
    assert!(files.len() > 30, "the app's files were not found");
    let wrong: Vec<_> = files.iter().flat_map(|file| wrong(&source, file)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_view_neither_fetches_nor_keeps() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/components");
    for file in files(&source) {
        let text = fs::read_to_string(&file).expect("a source file");
        assert!(
            !text.contains("courier"),
            "{} knows the courier",
            file.display()
        );
    }
}

fn wrong(source: &Path, file: &Path) -> Vec<String> {
    let inside = file
        .strip_prefix(source)
        .expect("a file below src")
        .with_extension("");
    let layer = inside
        .components()
        .next()
        .expect("a name")
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    let (_, allowed) = MAY_NAME
        .iter()
        .find(|(name, _)| *name == layer)
        .unwrap_or_else(|| panic!("{layer} has no place in the layers"));
    let text = fs::read_to_string(file).expect("a source file");
    let named = named(&text);
    let not_allowed = named
        .iter()
        .filter(|name| !allowed.contains(&name.as_str()));
    not_allowed
        .map(|name| format!("{} names {name}", file.display()))
        .collect()
}

/// The layers and crates of ours that a file names.
fn named(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .split("crate::")
        .skip(1)
        .flat_map(after_crate)
        .collect();
    for name in CRATES {
        let path = format!("{name}::");
        let starts = |at: usize| {
            !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                || text[..at].ends_with("use ::")
        };
        if text.match_indices(&path).any(|(at, _)| starts(at)) {
            found.push((*name).to_owned());
        }
    }
    found
}

/// `a` of `a::b`, or each of `{a::b, c}`.
fn after_crate(rest: &str) -> Vec<String> {
    let first = |item: &str| {
        item.trim()
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    match rest.strip_prefix('{') {
        Some(list) => list
            .split('}')
            .next()
            .unwrap_or_default()
            .split(',')
            .map(first)
            .filter(|name| !name.is_empty())
            .collect(),
        None => vec![first(rest)],
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
