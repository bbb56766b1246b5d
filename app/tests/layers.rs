//! Who may name whom inside the app: read from its `use` lines, so that a wrong arrow fails here.

use std::fs;
use std::path::{Path, PathBuf};

/// A layer, and what of ours it may name.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("platform", &["platform", "domain"]),
    (
        "components",
        &["components", "platform", "speech", "domain", "words"],
    ),
    ("speech", &["words"]),
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
            "features",
            "components",
            "platform",
            "speech",
            "state",
            "router",
            "words",
        ],
    ),
    (
        "main",
        &[
            "components",
            "features",
            "platform",
            "router",
            "shell",
            "speech",
            "state",
        ],
    ),
];

const OURS: &[&str] = &[
    "platform",
    "components",
    "speech",
    "router",
    "state",
    "features",
    "shell",
    "courier",
    "seal",
    "domain",
    "words",
    "server",
];

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

/// The layers and crates of ours that a file names, in `use` lines or with a path.
fn named(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in OURS {
        let inside = ["crate::", "::", "use ", " ", "(", "<", "&", ";"]
            .iter()
            .any(|before| text.contains(&format!("{before}{name}::")));
        let module = [
            "platform",
            "components",
            "speech",
            "router",
            "state",
            "features",
            "shell",
        ]
        .contains(name);
        let by_crate = text.contains(&format!("crate::{name}"))
            || text.contains("use crate::{") && in_braces(text, name);
        if (module && by_crate)
            || (!module && inside && !text.contains(&format!("platform::{name}")))
        {
            found.push((*name).to_owned());
        }
    }
    found
}

fn in_braces(text: &str, name: &str) -> bool {
    text.split("use crate::{")
        .skip(1)
        .filter_map(|rest| rest.split("};").next())
        .any(|list| {
            list.split([',', ' ', '\n'])
                .any(|item| item.split("::").next() == Some(name))
        })
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
