//! Short names between WASM and its JavaScript. wasm-bindgen gives each a long one with a hash, which
//! every phone would fetch twice: once in either file.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{ExportSection, ImportSection, Module};
use wasmparser::{Export, Import, ImportSectionReader, Parser};

/// What wasm-bindgen's names begin with; the linker's and our own stay as they are.
const LONG: [&str; 3] = ["__wb", "wasm_bindgen_", "intounderlying"];

/// The names of one module and its parts.
#[derive(Default)]
pub struct Names {
    short: BTreeMap<String, String>,
}

impl Names {
    /// Renames what a module imports and exports.
    pub fn shorten(&mut self, wasm: &Path) -> Result<()> {
        let long = fs::read(wasm)?;
        let mut module = Module::new();
        self.parse_core_module(&mut module, Parser::new(0), &long)
            .map_err(|error| anyhow!("{}: {error:?}", wasm.display()))?;
        Ok(fs::write(wasm, module.finish())?)
    }

    /// Renames what was renamed in the modules.
    pub fn shorten_script(&self, script: &Path) -> Result<()> {
        let long = fs::read_to_string(script)?;
        let part_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let mut short = String::with_capacity(long.len());
        let mut rest = long.as_str();
        while let Some(start) = rest.find(part_of_name) {
            let (between, from) = rest.split_at(start);
            let end = from.find(|c| !part_of_name(c)).unwrap_or(from.len());
            let (name, after) = from.split_at(end);
            short.push_str(between);
            short.push_str(self.short.get(name).map_or(name, String::as_str));
            rest = after;
        }
        short.push_str(rest);
        Ok(fs::write(script, short)?)
    }

    fn of(&mut self, name: &str) -> String {
        if !LONG.iter().any(|begin| name.starts_with(begin)) {
            return name.to_owned();
        }
        let next = format!("_{:x}", self.short.len());
        self.short.entry(name.to_owned()).or_insert(next).clone()
    }
}

impl Reencode for Names {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in section.into_imports() {
            let import = import?;
            let name = &self.of(import.name);
            utils::parse_import(self, imports, Import { name, ..import })?;
        }
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), Error<Infallible>> {
        let name = &self.of(export.name);
        utils::parse_export(self, exports, Export { name, ..export })
    }
}
