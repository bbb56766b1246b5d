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
use wasm_bindgen_cli_support::Bindgen;

use crate::split;
use crate::tools::{self, cargo, run, step};

/// What wasm-opt may use; all of it is in every browser since 2022.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Files that are served as they are, but are not part of what a phone keeps for offline use.
const NOT_KEPT: &[&str] = &["screenshots", "icons/maskable", "icons/apple"];

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

enum Target {
    Page,
    Worker,
}

struct Module {
    script: PathBuf,
    wasm: PathBuf,
    /// What is loaded later; the script names these files.
    later: Vec<PathBuf>,
}

fn module(work: &Path, name: &str, target: Target) -> Result<Module> {
    let mut build = cargo();
    build.args([
        "rustc",
        "--profile",
        "phone",
        "--target",
        "wasm32-unknown-unknown",
        "-p",
        name,
    ]);
    build.args(["--bin", name]);
    match target {
        // What splitting reads: where each function and each text is used, and its name.
        Target::Page => build.args(["--", "-Clink-arg=--emit-relocs", "-Cstrip=none"]),
        Target::Worker => build.args(["--features", "worker"]),
    };
    build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags()?);
    run(&mut build)?;
    let compiled = PathBuf::from(format!("target/wasm32-unknown-unknown/phone/{name}.wasm"));
    let out = work.join(name);
    let mut made = Module {
        script: out.join(format!("{name}.min.js")),
        wasm: out.join(format!("{name}.wasm")),
        later: Vec::new(),
    };
    let mark = out.join("made-from");
    let source = hash(&[fs::read(&compiled)?, fs::read("public/start.js")?].concat());
    let later = out.join("later");
    if fs::read_to_string(&mark).is_ok_and(|known| known == source) {
        made.later = split::kept(&later)?;
        return Ok(made);
    }
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&later)?;
    let compiled = match target {
        Target::Page => split::split(&compiled, &out)?,
        Target::Worker => compiled,
    };
    bind(&compiled, &out, name, &target)?;
    squeeze(&out.join(format!("{name}_bg.wasm")), &made.wasm)?;
    for part in split::parts(&out)? {
        squeeze(&part, &later.join(part.file_name().context("a file")?))?;
    }
    made.later = split::kept(&later)?;
    let mut esbuild = tools::node_tool("esbuild")?;
    esbuild
        .args(["--minify", "--log-level=warning"])
        .arg(format!("--outfile={}", made.script.display()));
    match target {
        Target::Page => {
            fs::copy("public/start.js", out.join("start.js"))?;
            esbuild
                .arg(out.join("start.js"))
                .args(["--bundle", "--format=esm"])
                // wasm-bindgen names the file that loads the parts once for each part.
                .arg("--log-override:duplicate-object-key=silent");
        }
        Target::Worker => drop(esbuild.arg(out.join(format!("{name}.js")))),
    }
    run(&mut esbuild)?;
    fs::write(mark, source)?;
    Ok(made)
}

fn squeeze(from: &Path, to: &Path) -> Result<()> {
    run(tools::node_tool("wasm-opt")?
        .args(["-Oz", "--quiet"])
        .args(FEATURES)
        .arg(from)
        .arg("-o")
        .arg(to))
}

/// What `.cargo/config.toml` says, and no paths of this machine in what is shipped.
fn flags() -> Result<String> {
    let here = std::env::current_dir()?;
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))?;
    let shorter = |from: &str, to: &str| format!("--remap-path-prefix={from}={to}");
    let registry = fs::read_dir(format!("{home}/registry/src"))
        .into_iter()
        .flatten()
        .flatten();
    let mut flags = vec![
        r#"--cfg getrandom_backend="wasm_js""#.to_owned(),
        shorter(&here.display().to_string(), ""),
    ];
    flags.extend(registry.map(|folder| shorter(&folder.path().display().to_string(), "")));
    Ok(flags.join(" "))
}

fn bind(compiled: &Path, out: &Path, name: &str, target: &Target) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name(name)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    match target {
        // The parts that come later find the first one's functions by what the linker exported.
        Target::Page => bindgen.web(true)?.keep_lld_exports(true),
        Target::Worker => bindgen
            .no_modules(true)?
            .no_modules_global("courier_module")?,
    };
    bindgen.generate(out)
}

struct Assembly {
    folder: PathBuf,
    tokens: BTreeMap<String, String>,
    precache: Vec<String>,
    first_load: Vec<String>,
    later: Vec<String>,
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
        })
    }

    fn assemble(mut self, app: &Module, courier: &Module) -> Result<Site> {
        self.style()?;
        self.words()?;
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
            self.hashed(&name, &name, "wasm", fs::read(part)?)?;
            let plain = format!("./{name}.wasm");
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

    fn words(&mut self) -> Result<()> {
        let mut list = Vec::new();
        for language in words::LANGUAGES {
            let file = words::file(language.tag).context("every language has its file")?;
            let token = format!("WORDS_{}", language.tag);
            self.hashed(
                &token,
                &format!("words-{}", language.tag),
                "txt",
                file.into(),
            )?;
            list.push(format!("{}={}", language.tag, self.tokens[&token]));
        }
        self.tokens.insert("WORDS".into(), list.join(" "));
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
        self.precache.push(path);
        Ok(())
    }

    /// Copies the other public files, filling the pages' `%TOKENS%`.
    fn public(&mut self, from: &Path, under: &str) -> Result<()> {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let name = format!("{under}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
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
            ("courier-host.js" | "boot.js" | "start.js" | "sprite.svg" | "districts.txt", _)
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

fn hash(bytes: &[u8]) -> String {
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
