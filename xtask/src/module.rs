//! Builds one WASM module for the phone, with its JavaScript, as small as it gets.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::floats;
use crate::names::Names;
use crate::order::order;
use crate::site::hash;
use crate::split;
use crate::tools::{self, cargo, run};

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

/// How a module is made: with another recipe it is made anew.
const RECIPE: &str = concat!(
    include_str!("module.rs"),
    include_str!("floats.rs"),
    include_str!("names.rs"),
    include_str!("order.rs"),
    include_str!("split.rs"),
);

/// What runs a module.
pub enum Target {
    /// A page, which loads parts of it later.
    Page,
    /// A worker.
    Worker,
}

/// A finished module.
pub struct Module {
    /// The JavaScript around it.
    pub script: PathBuf,
    /// Its first, or only, file.
    pub wasm: PathBuf,
    /// What is loaded later; the script names these files.
    pub later: Vec<PathBuf>,
}

/// Builds a module, if it has changed.
pub fn module(work: &Path, name: &str, target: Target) -> Result<Module> {
    let compiled = compile(name, &target)?;
    let out = work.join(name);
    let mark = out.join("made-from");
    let start = fs::read("public/start.js")?;
    let source = hash(&[&fs::read(&compiled)?, &start, RECIPE.as_bytes()].concat());
    if !fs::read_to_string(&mark).is_ok_and(|known| known == source) {
        if out.exists() {
            fs::remove_dir_all(&out)?;
        }
        fs::create_dir_all(out.join("later"))?;
        match target {
            Target::Page => bind(&split::split(&compiled, &out)?, &out, name, &target)?,
            Target::Worker => {
                let small = out.join("small.wasm");
                fs::copy(&compiled, &small)?;
                floats::leave_out(&small)?;
                bind(&small, &out, name, &target)?;
            }
        }
        squeeze_all(&out, name)?;
        shorten_names(&out, name)?;
        order_all(&out, name)?;
        if matches!(target, Target::Page) {
            split::gather(&out)?;
        }
        minify(&out, name, &target)?;
        fs::write(mark, source)?;
    }
    Ok(Module {
        script: out.join(format!("{name}.min.js")),
        wasm: out.join(format!("{name}.wasm")),
        later: split::files(&out.join("later"))?,
    })
}

fn compile(name: &str, target: &Target) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["rustc", "--profile", "phone", "-p", name, "--bin", name]);
    build.args(["--target", "wasm32-unknown-unknown"]);
    // The standard library anew, for size and with panics that only stop: nobody reads their words.
    build.args([
        "-Zbuild-std=std,panic_abort",
        "-Zbuild-std-features=optimize_for_size",
    ]);
    match target {
        // What splitting reads: where each function and each text is used, and its name.
        Target::Page => build.args(["--", "-Clink-arg=--emit-relocs", "-Cstrip=none"]),
        Target::Worker => build.args(["--no-default-features", "--features", "worker"]),
    };
    build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags()?);
    // For the flags that leave out what only a programmer would read.
    build.env("RUSTC_BOOTSTRAP", "1");
    run(&mut build)?;
    Ok(format!("target/wasm32-unknown-unknown/phone/{name}.wasm").into())
}

fn squeeze_all(out: &Path, name: &str) -> Result<()> {
    let first = out.join(format!("{name}_bg.wasm"));
    squeeze(&first, &out.join(format!("{name}.wasm")))?;
    for part in split::parts(out)? {
        let file = part.file_name().context("a file has a name")?;
        squeeze(&part, &out.join("later").join(file))?;
    }
    Ok(())
}

fn shorten_names(out: &Path, name: &str) -> Result<()> {
    let mut names = Names::default();
    names.shorten(&out.join(format!("{name}.wasm")))?;
    for part in split::files(&out.join("later"))? {
        names.shorten(&part)?;
    }
    names.shorten_script(&out.join(format!("{name}.js")))
}

fn order_all(out: &Path, name: &str) -> Result<()> {
    order(&out.join(format!("{name}.wasm")))?;
    for part in split::files(&out.join("later"))? {
        order(&part)?;
    }
    Ok(())
}

fn minify(out: &Path, name: &str, target: &Target) -> Result<()> {
    let mut esbuild = tools::node_tool("esbuild")?;
    let minified = out.join(format!("{name}.min.js"));
    esbuild
        .args(["--minify", "--log-level=warning"])
        .arg(format!("--outfile={}", minified.display()));
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
    run(&mut esbuild)
}

fn squeeze(from: &Path, to: &Path) -> Result<()> {
    run(tools::node_tool("wasm-opt")?
        // The first kilobyte is the far end of the stack: no address in it is ever used on purpose.
        .args(["-Oz", "--converge", "--low-memory-unused", "--quiet"])
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
        "-Zlocation-detail=none -Zfmt-debug=none".to_owned(),
        "-Zunstable-options -Cpanic=immediate-abort".to_owned(),
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
