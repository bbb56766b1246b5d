//! Cuts the app's WASM into what home needs and what is loaded when it is opened: see `app/src/later.rs`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

/// The files that parts end in, and what the names of these parts begin with: what may be needed in a
/// hurry, with the chunks that several parts share; and what somebody sets up and has helpers look at.
const GATHERED: [(&str, &[&str]); 2] = [
    ("urgent", &["chunk_", "split_report", "split_places"]),
    ("own", &["split_mine", "split_keep", "split_helper"]),
];

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
    found.retain(|path| is_part(path, "split_") || is_part(path, "chunk_"));
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

/// Puts the parts into a few files, and has the script take each from there: two dozen small ones, each
/// compressed for itself, are a quarter larger, and as many requests.
pub fn gather(out: &Path) -> Result<()> {
    let script = out.join("__wasm_split.js");
    let mut loads = fs::read_to_string(&script)?;
    let mut urls = String::new();
    for (name, kinds) in GATHERED {
        let mut all = Vec::new();
        for part in parts(&out.join("later"))? {
            if !kinds.iter().any(|kind| is_part(&part, kind)) {
                continue;
            }
            let bytes = fs::read(&part)?;
            let of_part = part.file_name().unwrap_or_default().to_string_lossy();
            let alone = fetched_alone(&of_part);
            ensure!(loads.contains(&alone), "the script does not load {of_part}");
            let (from, to) = (all.len(), all.len() + bytes.len());
            let taken = format!("return taken({name}, {from}, {to});");
            loads = loads.replace(&alone, &taken);
            all.extend(bytes);
            fs::remove_file(part)?;
        }
        fs::write(out.join("later").join(format!("{name}.bin")), all)?;
        urls += &format!("const {name} = {{ url: new URL(\"./{name}.bin\", import.meta.url) }};\n");
    }
    let left = parts(&out.join("later"))?;
    ensure!(left.is_empty(), "in no file: {left:?}");
    Ok(fs::write(script, format!("{urls}{loads}\n{TAKEN}"))?)
}

/// How the script that comes with the parts fetches one of them.
fn fetched_alone(name: &str) -> String {
    format!(
        r#"const src = fetch(new URL("./{name}", import.meta.url));
    src.catch(() => {{}});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));"#
    )
}

/// Takes one part out of a file, which is fetched once, and again after it could not be had.
const TAKEN: &str = r#"function taken(file, from, to) {
    const all = file.all ??= fetch(file.url).then((answer) => {
        if (!answer.ok) throw answer.status;
        return answer.arrayBuffer();
    });
    all.catch(() => {
        if (file.all === all) file.all = undefined;
    });
    return async (imports) => WebAssembly.instantiate((await all).slice(from, to), imports);
}
"#;
