//! Cuts the app's WASM into what home needs and what is loaded when it is opened: see `app/src/later.rs`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

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
    let mut found = kept(folder)?;
    found.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("split_") || name.starts_with("chunk_")
    });
    Ok(found)
}

/// Every file of WASM in a folder, in the order of their names; none where there is no folder.
pub fn kept(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "wasm")
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
