//! Settings: defaults, then a TOML file, then the environment.

use std::env;
use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Everything a deployment may want different, apart from its scheme's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Folder of the database and the keys.
    pub data: PathBuf,
    /// Folder of the built phone app; `None` serves the API and the plain list only.
    pub site: Option<PathBuf>,
    /// Folder with `scheme.toml`, `places.csv` and `services.toml`; `None` is the sample.
    pub scheme: Option<PathBuf>,
    /// Where people reach this server: decides whether to insist on HTTPS.
    pub public_url: String,
    /// How log lines look.
    pub log: LogFormat,
    /// Reports taken from one address in an hour; 0 takes any number.
    pub reports_per_hour: u32,
    /// Notes taken from one address in an hour; 0 takes any number.
    pub notes_per_hour: u32,
    /// Sealed bytes the database may hold in all; 0 is as much as the disk takes.
    pub max_bytes: u64,
    /// Sealed bytes of parts that may be kept in all; 0 is as much as the disk takes.
    pub max_part_bytes: u64,
    /// The file of erasures and keysets, better on another disk than the data; `None` is in the data folder.
    pub changes: Option<PathBuf>,
    /// Reports and notes that may wait for the disk before others are asked to come later.
    pub queue: usize,
    /// A header in which a proxy in front of us names the client's address, last in the line.
    pub proxy_header: Option<String>,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Plain,
    /// For programs: one JSON object a line.
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: "data".into(),
            site: Some("site".into()),
            scheme: None,
            public_url: "http://localhost:8080".into(),
            log: LogFormat::Plain,
            reports_per_hour: 60,
            notes_per_hour: 60,
            max_bytes: 10 << 30,
            max_part_bytes: 100 << 30,
            changes: None,
            queue: 512,
            proxy_header: None,
        }
    }
}

impl Settings {
    /// Where erasures and keysets are written to.
    pub fn changes(&self) -> PathBuf {
        let beside = || self.data.join(crate::changes::FILE);
        self.changes.clone().unwrap_or_else(beside)
    }
}

/// What is wrong with the settings.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// The file is not TOML, or holds something unknown.
    Malformed(PathBuf, String),
    /// A value cannot be used.
    Value {
        /// The setting, as it is written.
        setting: String,
        /// What stands there.
        found: String,
        /// What could stand there.
        expected: &'static str,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, cause) => {
                write!(
                    f,
                    "cannot read the settings file {}: {cause}.",
                    path.display()
                )
            }
            Self::Malformed(path, cause) => {
                write!(
                    f,
                    "the settings file {} cannot be used: {cause}.",
                    path.display()
                )
            }
            Self::Value {
                setting,
                found,
                expected,
            } => {
                write!(
                    f,
                    "the setting {setting} is \"{found}\", but must be {expected}."
                )
            }
        }
    }
}

/// The settings as written; every one may be absent.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    listen: Option<String>,
    data: Option<String>,
    site: Option<String>,
    scheme: Option<String>,
    public_url: Option<String>,
    log: Option<String>,
    reports_per_hour: Option<u32>,
    notes_per_hour: Option<u32>,
    max_bytes: Option<u64>,
    max_part_bytes: Option<u64>,
    changes: Option<String>,
    queue: Option<usize>,
    proxy_header: Option<String>,
}

/// Reads the settings.
pub fn load(file: Option<&Path>) -> Result<Settings, ConfigError> {
    let from_env = env::var_os("SAFE_PLACE_CONFIG").map(PathBuf::from);
    let written = match file.or(from_env.as_deref()) {
        Some(path) => read(path)?,
        None => Written::default(),
    };
    let written = overlay(written, |name| env::var(name).ok())?;
    settle(written)
}

fn read(path: &Path) -> Result<Written, ConfigError> {
    let text = fs::read_to_string(path)
        .map_err(|cause| ConfigError::Unreadable(path.to_owned(), cause))?;
    toml::from_str(&text).map_err(|error| {
        let line = error
            .span()
            .map_or(1, |span| text[..span.start].lines().count().max(1));
        let cause = format!("line {line}: {}", error.message().replace('\n', " "));
        ConfigError::Malformed(path.to_owned(), cause)
    })
}

/// Puts the environment over what the file says.
fn overlay(
    mut written: Written,
    var: impl Fn(&str) -> Option<String>,
) -> Result<Written, ConfigError> {
    let texts = [
        ("SAFE_PLACE_LISTEN", &mut written.listen),
        ("SAFE_PLACE_DATA", &mut written.data),
        ("SAFE_PLACE_SITE", &mut written.site),
        ("SAFE_PLACE_SCHEME", &mut written.scheme),
        ("SAFE_PLACE_PUBLIC_URL", &mut written.public_url),
        ("SAFE_PLACE_LOG", &mut written.log),
        ("SAFE_PLACE_PROXY_HEADER", &mut written.proxy_header),
        ("SAFE_PLACE_CHANGES", &mut written.changes),
    ];
    for (name, place) in texts {
        if let Some(value) = var(name) {
            *place = Some(value);
        }
    }
    number(
        &var,
        "SAFE_PLACE_REPORTS_PER_HOUR",
        &mut written.reports_per_hour,
    )?;
    number(
        &var,
        "SAFE_PLACE_NOTES_PER_HOUR",
        &mut written.notes_per_hour,
    )?;
    number(&var, "SAFE_PLACE_MAX_BYTES", &mut written.max_bytes)?;
    number(
        &var,
        "SAFE_PLACE_MAX_PART_BYTES",
        &mut written.max_part_bytes,
    )?;
    number(&var, "SAFE_PLACE_QUEUE", &mut written.queue)?;
    Ok(written)
}

fn number<T: std::str::FromStr>(
    var: impl Fn(&str) -> Option<String>,
    name: &str,
    place: &mut Option<T>,
) -> Result<(), ConfigError> {
    let Some(found) = var(name) else {
        return Ok(());
    };
    let parsed = found.trim().parse();
    *place = Some(parsed.map_err(|_| value(name, &found, "a whole number"))?);
    Ok(())
}

fn settle(written: Written) -> Result<Settings, ConfigError> {
    let plain = Settings::default();
    let folder = |text: Option<String>, otherwise: Option<PathBuf>| match text {
        Some(text) if text.is_empty() => None,
        Some(text) => Some(PathBuf::from(text)),
        None => otherwise,
    };
    let listen = match written.listen {
        Some(text) => text.parse().map_err(|_| {
            value(
                "listen",
                &text,
                "an address and a port such as 127.0.0.1:8080",
            )
        })?,
        None => plain.listen,
    };
    let log = match written.log.as_deref() {
        None => plain.log,
        Some("plain") => LogFormat::Plain,
        Some("json") => LogFormat::Json,
        Some(other) => return Err(value("log", other, "plain or json")),
    };
    let public_url = written
        .public_url
        .unwrap_or_else(|| format!("http://localhost:{}", listen.port()));
    if !(public_url.starts_with("https://") || public_url.starts_with("http://")) {
        return Err(value(
            "public_url",
            &public_url,
            "an address that begins with https:// or http://",
        ));
    }
    let queue = written.queue.unwrap_or(plain.queue);
    if queue == 0 {
        return Err(value("queue", "0", "at least 1"));
    }
    Ok(Settings {
        listen,
        data: written.data.map_or(plain.data, PathBuf::from),
        site: folder(written.site, plain.site),
        scheme: folder(written.scheme, plain.scheme),
        public_url,
        log,
        reports_per_hour: written.reports_per_hour.unwrap_or(plain.reports_per_hour),
        notes_per_hour: written.notes_per_hour.unwrap_or(plain.notes_per_hour),
        max_bytes: written.max_bytes.unwrap_or(plain.max_bytes),
        max_part_bytes: written.max_part_bytes.unwrap_or(plain.max_part_bytes),
        changes: folder(written.changes, None),
        queue,
        proxy_header: written.proxy_header.filter(|name| !name.is_empty()),
    })
}

fn value(setting: &str, found: &str, expected: &'static str) -> ConfigError {
    ConfigError::Value {
        setting: setting.to_owned(),
        found: found.to_owned(),
        expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(vars: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        let found = |name: &str| {
            let var = vars.iter().find(|(known, _)| *known == name);
            var.map(|(_, value)| (*value).to_owned())
        };
        settle(overlay(Written::default(), found)?)
    }

    #[test]
    fn nothing_written_is_the_default() {
        assert_eq!(with(&[]).expect("defaults"), Settings::default());
    }

    #[test]
    fn the_environment_has_the_last_word() {
        let settings = with(&[
            ("SAFE_PLACE_LISTEN", "0.0.0.0:9"),
            ("SAFE_PLACE_QUEUE", "3"),
        ]);
        let settings = settings.expect("valid");
        assert_eq!((settings.listen.port(), settings.queue), (9, 3));
        assert_eq!(settings.public_url, "http://localhost:9");
    }

    #[track_caller]
    fn refused(name: &str, value: &str, sentence: &str) {
        let error = with(&[(name, value)]).expect_err("it is wrong");
        assert_eq!(error.to_string(), sentence);
    }

    #[test]
    fn a_wrong_value_is_named() {
        refused(
            "SAFE_PLACE_LISTEN",
            "here",
            "the setting listen is \"here\", but must be an address and a port such as 127.0.0.1:8080.",
        );
        refused(
            "SAFE_PLACE_MAX_BYTES",
            "much",
            "the setting SAFE_PLACE_MAX_BYTES is \"much\", but must be a whole number.",
        );
        refused(
            "SAFE_PLACE_LOG",
            "loud",
            "the setting log is \"loud\", but must be plain or json.",
        );
    }
}
