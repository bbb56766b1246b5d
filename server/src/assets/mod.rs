//! The built phone app, in memory: filled in for the scheme, ready compressed, with the right headers.

mod template;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::Digest;

use crate::pictograms;
use crate::routes::matches;
use crate::scheme::Scheme;
pub use template::escape_html;
use template::{Kind, Values};

/// Everything under here has its content's hash in its name, and never changes.
const HASHED: &str = "/x/";
/// The list of what the service worker keeps, written by the build.
const PRECACHE: &str = "/precache.json";
const WORKER: &str = "/sw.js";
/// Whole postcodes around the scheme, or around the sample where it brings none.
const POSTCODES: &str = "/postcodes.bin";

/// The files of the phone app, by URL path.
#[derive(Debug, Default)]
pub struct Site {
    files: HashMap<String, Asset>,
}

#[derive(Debug)]
struct Asset {
    mime: &'static str,
    /// Of the uncompressed bytes.
    hash: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// Why the phone app cannot be served.
#[derive(Debug)]
#[allow(
    missing_docs,
    reason = "the variants are the sentences of their Display"
)]
pub enum AssetError {
    Missing(PathBuf),
    Unreadable(PathBuf, std::io::Error),
    Placeholder { file: String, name: String },
    Precache(String),
}

impl fmt::Display for AssetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(
                f,
                "the phone app is not in {}: build it first, or name its folder with SAFE_PLACE_SITE (empty serves the API alone).",
                path.display()
            ),
            Self::Unreadable(path, cause) => write!(f, "cannot read {}: {cause}.", path.display()),
            Self::Placeholder { file, name } => {
                write!(
                    f,
                    "the phone app's {file} asks for {{{{{name}}}}}, which this server cannot fill in."
                )
            }
            Self::Precache(what) => {
                write!(f, "the phone app's precache.json cannot be used: {what}.")
            }
        }
    }
}

impl Site {
    /// Loads the app from its folder and fills it in for the scheme.
    pub fn load(folder: &Path, scheme: &Scheme) -> Result<Self, AssetError> {
        if !folder.is_dir() {
            return Err(AssetError::Missing(folder.to_owned()));
        }
        let mut found = BTreeMap::new();
        read_folder(folder, "", &mut found)?;
        let values = Values::of(scheme);
        let mut site = Self::default();
        for (url, bytes) in &found {
            if is_variant(url, &found) || url == PRECACHE || url == WORKER {
                continue;
            }
            let own = scheme.pictograms.as_ref();
            let asset = match (Kind::of(url), own.filter(|_| url == pictograms::URL)) {
                (_, Some(own)) => {
                    let whole = pictograms::completed(own, &String::from_utf8_lossy(bytes));
                    Asset::filled(url, whole.into_bytes())
                }
                (Some(kind), _) => Asset::filled(url, template::fill(url, bytes, kind, &values)?),
                (None, _) => Asset::ready(url, bytes, &found),
            };
            site.files.insert(address(url), asset);
        }
        if let Some(postcodes) = &scheme.postcodes {
            let own = Asset::filled(POSTCODES, postcodes.clone());
            site.files.insert(POSTCODES.to_owned(), own);
        }
        if let Some(worker) = found.get(WORKER) {
            let values = values.with_precache(&site.precache(found.get(PRECACHE))?);
            let filled = template::fill(WORKER, worker, Kind::Script, &values)?;
            site.files
                .insert(WORKER.to_owned(), Asset::filled(WORKER, filled));
        }
        Ok(site)
    }

    /// Whether there is a file at this path.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The stylesheets that the app's page links, for pages of the server's own.
    pub fn stylesheets(&self) -> Vec<String> {
        let page = self
            .files
            .get("/")
            .map(|asset| String::from_utf8_lossy(&asset.plain));
        let page = page.unwrap_or_default();
        let links = page
            .split("<link")
            .skip(1)
            .filter_map(|rest| rest.split('>').next());
        let sheets = links.filter(|link| link.contains("stylesheet"));
        let href = |link: &str| {
            Some(
                link.split("href=")
                    .nth(1)?
                    .trim_matches(['"', '\'', '/', ' '])
                    .to_owned(),
            )
        };
        sheets
            .filter_map(href)
            .filter_map(|href| {
                href.split(['"', '\'', ' '])
                    .next()
                    .map(|url| format!("/{url}"))
            })
            .collect()
    }

    /// The answer to a request for a file; `None` where there is none.
    pub fn answer(
        &self,
        path: &str,
        status: StatusCode,
        method: &Method,
        asked: &HeaderMap,
    ) -> Option<Response> {
        let asset = self.files.get(path)?;
        let (bytes, encoding) = asset.variant(asked);
        let tag = format!(
            "\"{}{}\"",
            asset.hash,
            encoding.map_or("", |name| if name == "br" { "-b" } else { "-g" })
        );
        let unchanged = status == StatusCode::OK && matches(asked, &tag);
        let mut response = if unchanged {
            StatusCode::NOT_MODIFIED.into_response()
        } else if method == Method::HEAD {
            (status, Body::empty()).into_response()
        } else {
            (status, Body::from(bytes.clone())).into_response()
        };
        let headers = response.headers_mut();
        if !unchanged {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
            headers.insert(header::CONTENT_LENGTH, bytes.len().into());
            if let Some(encoding) = encoding {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
        }
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static(caching(path)),
        );
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        Some(response)
    }

    /// URL and hash of everything the service worker keeps.
    fn precache(&self, list: Option<&Vec<u8>>) -> Result<BTreeMap<String, String>, AssetError> {
        let list = list.ok_or_else(|| AssetError::Precache("it is missing".to_owned()))?;
        let urls: Vec<String> = serde_json::from_slice(list)
            .map_err(|error| AssetError::Precache(error.to_string()))?;
        let hash = |url: String| {
            let asset = self.files.get(&url);
            let asset =
                asset.ok_or_else(|| AssetError::Precache(format!("there is no file {url}")))?;
            Ok((url.clone(), asset.hash.clone()))
        };
        urls.into_iter().map(hash).collect()
    }
}

/// Pages have plain addresses: `away.html` is `/away`, `index.html` is `/`.
fn address(url: &str) -> String {
    match url.strip_suffix(".html") {
        Some("/index") => "/".to_owned(),
        Some(page) => page.to_owned(),
        None => url.to_owned(),
    }
}

fn caching(path: &str) -> &'static str {
    if path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

impl Asset {
    /// A file as the build left it, with the compressed ones beside it.
    fn ready(url: &str, bytes: &[u8], found: &BTreeMap<String, Vec<u8>>) -> Self {
        let beside = |ending: &str| {
            found
                .get(&format!("{url}{ending}"))
                .cloned()
                .map(Bytes::from)
        };
        Self {
            mime: mime(url),
            hash: hash(bytes),
            plain: Bytes::copy_from_slice(bytes),
            brotli: beside(".br"),
            gzip: beside(".gz"),
        }
    }

    /// A file that was filled in, and is compressed here.
    fn filled(url: &str, bytes: Vec<u8>) -> Self {
        Self {
            mime: mime(url),
            hash: hash(&bytes),
            brotli: brotli(&bytes).map(Bytes::from),
            gzip: gzip(&bytes).map(Bytes::from),
            plain: bytes.into(),
        }
    }

    fn variant(&self, asked: &HeaderMap) -> (&Bytes, Option<&'static str>) {
        match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if accepts(asked, "br") => (brotli, Some("br")),
            (_, Some(gzip)) if accepts(asked, "gzip") => (gzip, Some("gzip")),
            _ => (&self.plain, None),
        }
    }
}

fn accepts(asked: &HeaderMap, coding: &str) -> bool {
    let lists = asked.get_all(header::ACCEPT_ENCODING).iter();
    let mut named = lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','));
    named.any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        named && weight.unwrap_or(1.0) > 0.0
    })
}

fn read_folder(
    folder: &Path,
    url: &str,
    found: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), AssetError> {
    let unreadable = |cause| AssetError::Unreadable(folder.to_owned(), cause);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        let url = format!("{url}/{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            read_folder(&path, &url, found)?;
        } else {
            let bytes = fs::read(&path).map_err(|cause| AssetError::Unreadable(path, cause))?;
            found.insert(url, bytes);
        }
    }
    Ok(())
}

/// Whether this is the compressed form of another file.
fn is_variant(url: &str, found: &BTreeMap<String, Vec<u8>>) -> bool {
    let plain = url.strip_suffix(".br").or_else(|| url.strip_suffix(".gz"));
    plain.is_some_and(|plain| found.contains_key(plain))
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&sha2::Sha256::digest(bytes)[..16])
}

fn brotli(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, 9, 22);
    writer.write_all(bytes).ok()?;
    drop(writer);
    (out.len() < bytes.len()).then_some(out)
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).ok()?;
    let out = writer.finish().ok()?;
    (out.len() < bytes.len()).then_some(out)
}

fn mime(url: &str) -> &'static str {
    match url.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn accepted(list: &'static str, coding: &str, expected: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(list));
        assert_eq!(accepts(&headers, coding), expected, "{list}");
    }

    #[test]
    fn a_schemes_own_postcodes_stand_in_for_those_of_the_app_also_in_what_phones_keep() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("it is ours");
        };
        write("postcodes.bin", "the app's");
        write("postcodes.bin.br", "the app's, squeezed");
        write("precache.json", "[\"/postcodes.bin\"]");
        write("sw.js", "{{precache}}");
        let mut scheme = crate::scheme::load(None).expect("the sample");
        scheme.postcodes = Some(b"its own".to_vec());
        let site = Site::load(folder.path(), &scheme).expect("a site");
        let asset = &site.files[POSTCODES];
        assert_eq!(&asset.plain[..], b"its own");
        assert_eq!(asset.brotli, None);
        let worker = String::from_utf8_lossy(&site.files[WORKER].plain).into_owned();
        assert!(worker.contains(&hash(b"its own")), "{worker}");
    }

    #[test]
    fn what_a_client_refuses_is_not_sent() {
        accepted("gzip, deflate, br", "br", true);
        accepted("br;q=0, gzip", "br", false);
        accepted("br; q=0.5", "br", true);
        accepted("identity", "gzip", false);
    }

    #[test]
    fn a_scheme_serves_its_own_pictograms_under_their_own_hash() {
        let folder = tempfile::tempdir().expect("a folder");
        let put =
            |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        let ours = "<svg xmlns=\"http://www.w3.org/2000/svg\">\n<symbol id=\"a\"/>\n</svg>\n";
        put("pictograms.svg", ours);
        put("precache.json", "[\"/pictograms.svg\"]");
        put("sw.js", "{{precache}}");
        let mut scheme = crate::scheme::load(None).expect("the sample");
        let served = |scheme: &Scheme| {
            let site = Site::load(folder.path(), scheme).expect("it is whole");
            let worker = site.files[WORKER].plain.clone();
            let asset = &site.files[pictograms::URL];
            assert!(String::from_utf8_lossy(&worker).contains(&asset.hash));
            String::from_utf8_lossy(&asset.plain).into_owned()
        };
        assert_eq!(served(&scheme), ours);
        let own = "<svg xmlns=\"http://www.w3.org/2000/svg\"><symbol id=\"b\"/></svg>";
        scheme.pictograms = Some(own.to_owned());
        let both = served(&scheme);
        assert!(
            both.contains("id=\"a\"") && both.contains("id=\"b\""),
            "{both}"
        );
    }
}
