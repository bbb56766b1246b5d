//! Cuts the app's WASM into what home needs and what is loaded when it is opened: see `app/src/later.rs`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

/// What the names of files begin with that hold what several parts share.
const CRUMB: &str = "chunk_";
/// The file all of these end in.
const CRUMBS: &str = "crumbs.bin";

/// Leaves the parts in the folder, and says where the first one is; `wasm-bindgen` goes on with it.
pub fn split(compiled: &Path, folder: &Path) -> Result<PathBuf> {
    let first = folder.join("first").with_extension("wasm");
    let wasm = fs::read(compiled)?;
    let mut options = Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = &first;
    options.main_module = "./app.js";
    let parts = transform(options).map_err(|error| anyhow!("{error:?}"))?;
    ensure!(!parts.split_modules.is_empty(), "nothing was split off");
    Ok(first)
}

/// The parts besides the first, as they were cut.
pub fn parts(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = files(folder)?;
    found.retain(|path| is_part(path, "split_") || is_part(path, CRUMB));
    Ok(found)
}

fn is_part(path: &Path, kind: &str) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(kind) && name.ends_with(".wasm")
}

/// Every file in a folder, in the order of their names; none where there is no folder.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Puts the crumbs into one file, and has the script take each from there: a dozen small files, each
/// compressed for itself, are a third larger than one, and a dozen requests.
pub fn gather(out: &Path) -> Result<()> {
    let script = out.join("__wasm_split.js");
    let mut loads = fs::read_to_string(&script)?;
    let mut all = Vec::new();
    for crumb in files(&out.join("later"))? {
        if !is_part(&crumb, CRUMB) {
            continue;
        }
        let bytes = fs::read(&crumb)?;
        let name = crumb.file_name().unwrap_or_default().to_string_lossy();
        let alone = fetched_alone(&name);
        ensure!(loads.contains(&alone), "the script does not load {name}");
        let (from, to) = (all.len(), all.len() + bytes.len());
        loads = loads.replace(&alone, &format!("return crumb({from}, {to});"));
        all.extend(bytes);
        fs::remove_file(crumb)?;
    }
    fs::write(out.join("later").join(CRUMBS), all)?;
    Ok(fs::write(script, format!("{loads}\n{TAKE_CRUMB}"))?)
}

/// How the script that comes with the parts fetches one of them.
fn fetched_alone(name: &str) -> String {
    format!(
        r#"const src = fetch(new URL("./{name}", import.meta.url));
    src.catch(() => {{}});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));"#
    )
}

/// Takes one crumb out of their file, which is fetched once, and again after it could not be had.
const TAKE_CRUMB: &str = r#"let crumbs;
function crumb(from, to) {
    const all = crumbs ??= fetch(new URL("./crumbs.bin", import.meta.url)).then((answer) => {
        if (!answer.ok) throw answer.status;
        return answer.arrayBuffer();
    });
    all.catch(() => {
        if (crumbs === all) crumbs = undefined;
    });
    return async (imports) => WebAssembly.instantiate((await all).slice(from, to), imports);
}
"#;
