//! Leaves out how numbers with a fraction are written as text, where nobody reads them.
//!
//! A worker's module writes such a number only into messages of errors that no screen shows: there it
//! writes nothing now. JSON has a writer of its own.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow, ensure};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, Function, Instruction, Module};
use wasmparser::{FunctionBody, KnownCustom, Name, Parser, Payload, TypeRef};

/// The two functions of Rust's standard library that all such writing goes through.
const WRITERS: [&str; 2] = [
    "float_to_decimal_common_exact",
    "float_to_decimal_common_shortest",
];

/// Makes both say "written" without a word.
pub fn leave_out(wasm: &Path) -> Result<()> {
    let plain = fs::read(wasm)?;
    let mut writers = Writers {
        at: 0,
        found: writers(&plain)?,
    };
    ensure!(
        writers.found.len() == WRITERS.len(),
        "{}: numbers with a fraction are written otherwise now",
        wasm.display()
    );
    let mut module = Module::new();
    writers
        .parse_core_module(&mut module, Parser::new(0), &plain)
        .map_err(|error| anyhow!("{}: {error:?}", wasm.display()))?;
    Ok(fs::write(wasm, module.finish())?)
}

/// Where they stand among the functions that are not imported.
fn writers(wasm: &[u8]) -> Result<BTreeSet<u32>> {
    let (mut imported, mut found) = (0, BTreeSet::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CustomSection(section) => {
                let KnownCustom::Name(names) = section.as_known() else {
                    continue;
                };
                for part in names {
                    let Name::Function(names) = part? else {
                        continue;
                    };
                    for named in names {
                        let named = named?;
                        if WRITERS.iter().any(|writer| named.name.contains(writer)) {
                            found.insert(named.index - imported);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

struct Writers {
    /// The function that comes next.
    at: u32,
    found: BTreeSet<u32>,
}

impl Reencode for Writers {
    type Error = Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error> {
        self.at += 1;
        if !self.found.contains(&(self.at - 1)) {
            return utils::parse_function_body(self, code, body);
        }
        let mut nothing = Function::new([]);
        // `Ok(())`
        nothing.instruction(&Instruction::I32Const(0));
        nothing.instruction(&Instruction::End);
        code.function(&nothing);
        Ok(())
    }
}
