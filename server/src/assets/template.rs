//! Filling in what the scheme decides: `{{name}}` in a page, the manifest and the service worker.

use std::collections::BTreeMap;

use super::{AssetError, hash};
use crate::scheme::Scheme;

/// How a value must be written where it is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Html,
    Json,
    Script,
}

impl Kind {
    /// Of the files that are filled in: pages at the top, and the manifest.
    pub(super) fn of(url: &str) -> Option<Self> {
        let top = !url[1..].contains('/');
        match url.rsplit('.').next() {
            Some("html") if top => Some(Self::Html),
            Some("webmanifest") if top => Some(Self::Json),
            _ => None,
        }
    }

    fn escape(self, text: &str) -> String {
        match self {
            Self::Html => escape_html(text),
            Self::Json | Self::Script => {
                let quoted = serde_json::Value::from(text).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
        }
    }
}

/// What can be filled in, by name.
#[derive(Debug, Clone)]
pub(super) struct Values {
    texts: BTreeMap<&'static str, String>,
    /// Put as it stands.
    code: BTreeMap<&'static str, String>,
    /// Texts of the scheme's first language, by names such as `home.help`.
    words: Option<words::Words>,
}

impl Values {
    pub(super) fn of(scheme: &Scheme) -> Self {
        let lang = scheme.languages.first().map_or("en", String::as_str);
        let dir = words::language(lang).map_or("ltr", |language| language.dir);
        let texts = [
            ("name", scheme.name.clone()),
            ("scheme_name", scheme.name.clone()),
            ("short_name", scheme.short_name.clone()),
            ("description", scheme.description.clone()),
            ("area", scheme.area.clone()),
            ("lang", lang.to_owned()),
            ("dir", dir.to_owned()),
            ("languages", scheme.languages.join(" ")),
            ("demo", scheme.demo.to_string()),
        ];
        Self {
            texts: texts.into(),
            code: BTreeMap::new(),
            words: words::Words::embedded(lang),
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        let word = || self.words.as_ref().and_then(|words| words.named(name));
        self.texts.get(name).map(String::as_str).or_else(word)
    }

    /// The same, and what only the service worker asks for.
    pub(super) fn with_precache(&self, precache: &BTreeMap<String, String>) -> Self {
        let lines: String = precache
            .iter()
            .map(|(url, hash)| format!("{url} {hash}\n"))
            .collect();
        let object: serde_json::Map<_, _> = precache
            .iter()
            .map(|(url, hash)| (url.clone(), hash.clone().into()))
            .collect();
        let code = [
            ("version", hash(lines.as_bytes())),
            ("precache", serde_json::Value::Object(object).to_string()),
        ];
        Self {
            code: code.into(),
            ..self.clone()
        }
    }
}

/// Fills a file in. What nobody can fill is an error: a person would see the braces.
pub(super) fn fill(
    url: &str,
    bytes: &[u8],
    kind: Kind,
    values: &Values,
) -> Result<Vec<u8>, AssetError> {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
        let name = name.trim();
        match (values.code.get(name), values.text(name)) {
            (Some(code), _) => filled += code,
            (None, Some(text)) => filled += &kind.escape(text),
            (None, None) => {
                let name = name.chars().take(40).collect();
                return Err(AssetError::Placeholder {
                    file: url.to_owned(),
                    name,
                });
            }
        }
        filled += rest;
    }
    Ok(filled.into_bytes())
}

/// Text that means only itself in HTML, also within quotes.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fills(kind: Kind, template: &str, expected: &str) {
        let values = Values {
            texts: [("name", "A \"B\" & <C>".to_owned())].into(),
            code: BTreeMap::new(),
            words: None,
        };
        let filled = fill("/f", template.as_bytes(), kind, &values).expect("it is known");
        assert_eq!(String::from_utf8_lossy(&filled), expected);
    }

    #[test]
    fn a_value_is_only_ever_text() {
        fills(
            Kind::Html,
            "<p>{{name}}</p>",
            "<p>A &quot;B&quot; &amp; &lt;C&gt;</p>",
        );
        fills(Kind::Json, "\"{{ name }}\"", "\"A \\\"B\\\" & <C>\"");
    }

    #[test]
    fn what_nobody_can_fill_is_named() {
        let values = Values {
            texts: BTreeMap::new(),
            code: BTreeMap::new(),
            words: None,
        };
        let error =
            fill("/index.html", b"<p>{{who}}</p>", Kind::Html, &values).expect_err("unknown");
        assert!(error.to_string().contains("{{who}}"), "{error}");
    }
}
