//! Builds the phone app into `target/site`: two WASM modules, one stylesheet, one text file per
//! language, all named by their content, and the pages that name them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

use crate::module::{Module, Target, module};
use crate::tools::{self, cargo, run, step};

/// Files that are served as they are, but are not part of what a phone keeps for offline use.
const NOT_KEPT: &[&str] = &["screenshots", "icons/", "postcodes.bin"];
/// What is kept beside the rest, without the installation failing for it: map data; and what is
/// fetched when it is chosen: languages made for trying out layouts.
const KEPT_BESIDE: &[&str] = &[
    "DISTRICTS",
    "TOWNS",
    "WORDS_en-XA",
    "WORDS_ar-XB",
    "FORM_en-XA",
    "FORM_ar-XB",
];
/// What is fetched, and kept from then on, when somebody opens the map: its code, its style, its packs.
const MAP: &[&str] = &["MAP_JS", "MAP_CSS", "MAP_BRITAIN", "MAP_MIDLANDS"];

/// The finished site.
pub struct Site {
    /// Its folder.
    pub folder: PathBuf,
    /// Paths of everything the service worker keeps.
    pub precache: Vec<String>,
    /// Paths of what is requested before home is interactive.
    pub first_load: Vec<String>,
    /// Paths of the pages' files that are loaded when they are opened.
    pub later: Vec<String>,
    /// Paths of what is fetched when somebody opens the map.
    pub map: Vec<String>,
}

/// Builds whatever has changed.
pub fn build() -> Result<Site> {
    step("tools", || {
        tools::wasm_target()?;
        tools::npm()
    })?;
    let work = Path::new("target/phone");
    fs::create_dir_all(work)?;
    let app = step("the app", || module(work, "app", Target::Page))?;
    let courier = step("the courier", || module(work, "courier", Target::Worker))?;
    step("the site", || Assembly::new(work)?.assemble(&app, &courier))
}

struct Assembly {
    folder: PathBuf,
    tokens: BTreeMap<String, String>,
    precache: Vec<String>,
    first_load: Vec<String>,
    later: Vec<String>,
    map: Vec<String>,
}

impl Assembly {
    fn new(work: &Path) -> Result<Self> {
        let folder = work.with_file_name("site.new");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(folder.join("x"))?;
        Ok(Self {
            folder,
            tokens: BTreeMap::new(),
            precache: vec!["/".into()],
            first_load: vec!["/".into()],
            later: Vec::new(),
            map: Vec::new(),
        })
    }

    fn assemble(mut self, app: &Module, courier: &Module) -> Result<Site> {
        self.style()?;
        self.words()?;
        self.map()?;
        let wasm = fs::read(&app.wasm)?;
        self.tokens
            .insert("VERSION".into(), hash(&wasm)[..12].to_owned());
        self.hashed("APP_WASM", "app", "wasm", wasm)?;
        let script = self.later(fs::read_to_string(&app.script)?, &app.later)?;
        self.hashed("APP_JS", "app", "js", script.into_bytes())?;
        self.hashed("COURIER_WASM", "courier", "wasm", fs::read(&courier.wasm)?)?;
        self.hashed("COURIER_JS", "courier", "js", fs::read(&courier.script)?)?;
        let host = self.script("courier-host.js")?;
        self.hashed("COURIER_HOST", "courier-host", "js", host)?;
        let boot = self.script("boot.js")?;
        self.hashed("BOOT_JS", "boot", "js", boot)?;
        self.hashed(
            "DISTRICTS",
            "districts",
            "txt",
            fs::read("public/districts.txt")?,
        )?;
        self.hashed("TOWNS", "towns", "bin", fs::read("public/towns.bin")?)?;
        let sprite = fs::read_to_string("public/sprite.svg")?;
        self.tokens
            .insert("SPRITE".into(), sprite.trim().to_owned());
        self.public(Path::new("public"), "")?;
        self.finish()
    }

    /// Keeps what is loaded later, and names it in the script by its content.
    fn later(&mut self, mut script: String, parts: &[PathBuf]) -> Result<String> {
        for part in parts {
            let name = part.file_stem().context("a name")?.to_string_lossy();
            let extension = part.extension().context("a kind")?.to_string_lossy();
            self.hashed(&name, &name, &extension, fs::read(part)?)?;
            let plain = format!("./{name}.{extension}");
            ensure!(script.contains(&plain), "the script does not load {plain}");
            let path = self.tokens[&*name].clone();
            script = script.replace(&plain, &path.replacen("/x/", "./", 1));
            self.later.push(path);
        }
        Ok(script)
    }

    fn style(&mut self) -> Result<()> {
        let bundled = tools::output(tools::node_tool("esbuild")?.args([
            "style/main.css",
            "--bundle",
            "--minify",
            "--log-level=warning",
        ]))?;
        self.hashed("STYLE", "style", "css", bundled.into_bytes())
    }

    /// The map's code as one module, its style and the default packs.
    fn map(&mut self) -> Result<()> {
        let code = tools::output(tools::node_tool("esbuild")?.args([
            "app/map/src/index.js",
            "--bundle",
            "--minify",
            "--format=esm",
            "--target=es2022",
            "--inject:./app/map/src/leaflet-global.js",
            "--log-level=warning",
        ]))?;
        let style = tools::output(tools::node_tool("esbuild")?.args([
            "app/map/style.css",
            "--minify",
            "--log-level=warning",
        ]))?;
        self.hashed("MAP_JS", "map", "js", code.into_bytes())?;
        self.hashed("MAP_CSS", "map", "css", style.into_bytes())?;
        let mut size = 0;
        for (token, name) in [("MAP_BRITAIN", "britain"), ("MAP_MIDLANDS", "midlands")] {
            let pack = fs::read(format!("public/map/{name}.pmtiles"))?;
            size += pack.len();
            self.hashed(token, name, "pmtiles", pack)?;
        }
        // In millions of bytes, to one decimal, as people read it.
        let tenths = (size + 50_000) / 100_000;
        let size = format!("{}.{}", tenths / 10, tenths % 10);
        self.tokens.insert("MAP_SIZE".into(), size);
        let files = MAP.iter().map(|token| self.tokens[*token].clone());
        self.map = files.collect();
        self.tokens.insert("MAP".into(), self.map.join(" "));
        Ok(())
    }

    /// Each language's texts: those of every page, and those of the report's form.
    fn words(&mut self) -> Result<()> {
        let form = |tag: &str| words::file_of_form(tag).map(str::to_owned);
        self.by_language("WORDS", "words", words::file_of_phones)?;
        self.by_language("FORM", "form", form)
    }

    fn by_language(
        &mut self,
        token: &str,
        name: &str,
        file: impl Fn(&str) -> Option<String>,
    ) -> Result<()> {
        let mut list = Vec::new();
        for language in words::LANGUAGES {
            let tag = language.tag;
            let file = file(tag).context("every language has its file")?;
            let of_tag = format!("{token}_{tag}");
            self.hashed(&of_tag, &format!("{name}-{tag}"), "txt", file.into())?;
            list.push(format!("{tag}={}", self.tokens[&of_tag]));
        }
        self.tokens.insert(token.into(), list.join(" "));
        Ok(())
    }

    fn script(&self, name: &str) -> Result<Vec<u8>> {
        let source = self.fill(&fs::read_to_string(Path::new("public").join(name))?);
        let file = self.folder.with_file_name("phone").join(name);
        fs::write(&file, source)?;
        let mut esbuild = tools::node_tool("esbuild")?;
        Ok(
            tools::output(esbuild.arg(&file).args(["--minify", "--log-level=warning"]))?
                .into_bytes(),
        )
    }

    /// Keeps a file under a name made from its content, and remembers the path for `%TOKEN%`.
    fn hashed(&mut self, token: &str, name: &str, extension: &str, bytes: Vec<u8>) -> Result<()> {
        let path = format!("/x/{name}.{}.{extension}", &hash(&bytes)[..12]);
        fs::write(self.folder.join(&path[1..]), bytes)?;
        self.tokens.insert(token.into(), path.clone());
        let first = matches!(
            token,
            "APP_WASM" | "APP_JS" | "BOOT_JS" | "STYLE" | "WORDS_en"
        );
        if first {
            self.first_load.push(path.clone());
        }
        if !KEPT_BESIDE.contains(&token) && !MAP.contains(&token) {
            self.precache.push(path);
        }
        Ok(())
    }

    /// Copies the other public files, filling the pages' `%TOKENS%`.
    fn public(&mut self, from: &Path, under: &str) -> Result<()> {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let name = format!("{under}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                if name == "map" {
                    // Its packs are under names made from their content.
                    continue;
                }
                fs::create_dir_all(self.folder.join(&name))?;
                self.public(&entry.path(), &format!("{name}/"))?;
            } else {
                self.public_file(&entry.path(), &name)?;
            }
        }
        Ok(())
    }

    fn public_file(&mut self, from: &Path, name: &str) -> Result<()> {
        let extension = from.extension().unwrap_or_default().to_string_lossy();
        match (name, &*extension) {
            (
                "courier-host.js" | "boot.js" | "start.js" | "sprite.svg" | "districts.txt"
                | "towns.bin",
                _,
            )
            | (_, "md" | "py") => return Ok(()),
            ("sw.js", _) => fs::write(self.folder.join(name), self.script("sw.js")?)?,
            (_, "html") => fs::write(
                self.folder.join(name),
                self.fill(&fs::read_to_string(from)?),
            )?,
            _ => drop(fs::copy(from, self.folder.join(name))?),
        }
        let kept = !matches!(name, "index.html" | "sw.js" | "centre.html")
            && !NOT_KEPT.iter().any(|start| name.starts_with(start));
        if kept {
            // Pages have plain addresses: /away, not /away.html.
            self.precache
                .push(format!("/{}", name.strip_suffix(".html").unwrap_or(name)));
        }
        if matches!(
            name,
            "manifest.webmanifest" | "icons/favicon.svg" | "favicon.svg"
        ) {
            self.first_load.push(format!("/{name}"));
        }
        Ok(())
    }

    fn fill(&self, text: &str) -> String {
        self.tokens
            .iter()
            .fold(text.to_owned(), |text, (token, value)| {
                text.replace(&format!("%{token}%"), value)
            })
    }

    fn finish(mut self) -> Result<Site> {
        self.precache.sort();
        fs::write(
            self.folder.join("precache.json"),
            serde_json::to_vec_pretty(&self.precache)?,
        )?;
        for file in files(&self.folder)? {
            compress(&file)?;
        }
        let folder = self.folder.with_file_name("site");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::rename(&self.folder, &folder)?;
        Ok(Site {
            folder,
            precache: self.precache,
            first_load: self.first_load,
            later: self.later,
            map: self.map,
        })
    }
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

/// Puts `.br` and `.gz` beside a file that gets smaller by it. What was compressed before comes from a cache.
fn compress(file: &Path) -> Result<()> {
    let bytes = fs::read(file)?;
    let cache = Path::new("target/phone/compressed");
    fs::create_dir_all(cache)?;
    for (extension, squeeze) in [("br", brotli as fn(&[u8]) -> Result<Vec<u8>>), ("gz", gzip)] {
        let known = cache.join(format!("{}.{extension}", &hash(&bytes)[..32]));
        if !known.exists() {
            fs::write(&known, squeeze(&bytes)?)?;
        }
        if fs::metadata(&known)?.len() < bytes.len() as u64 {
            let beside = format!("{}.{extension}", file.display());
            fs::copy(&known, beside)?;
        }
    }
    Ok(())
}

/// Brotli at its best.
pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        // Larger blocks than the encoder would choose: half a percent smaller.
        lgblock: 20,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)?;
    ensure!(!out.is_empty(), "brotli made nothing");
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// What a content is known by.
pub fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let short = BASE32_NOPAD.encode(&digest[..15]).to_ascii_lowercase();
    format!("{short}{}", HEXLOWER.encode(&digest[15..]))
}

/// Whether the server and its companion are built, and where.
pub fn server(profile: &str) -> Result<PathBuf> {
    step("the server", || {
        run(cargo().args(["build", "--profile", profile, "-p", "server", "-p", "keys"]))?;
        let folder = if profile == "dev" { "debug" } else { profile };
        Ok(PathBuf::from("target").join(folder).join("safe-place"))
    })
}

/// A command that runs a program of ours.
pub fn program(path: &Path) -> Command {
    Command::new(path)
}
