//! Puts functions that read alike beside each other: a compressor says less about what it has just seen.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef,
};

/// How many bytes in a row two functions must share to be alike in something.
const RUN: usize = 6;
/// A run that is in more functions than this says nothing of any two of them.
const COMMON: usize = 200;
/// So much length is added to both, or the shortest would be alike to everything.
const WEIGHT: f64 = 20.0;

/// Orders the functions of a module anew.
pub fn order(wasm: &Path) -> Result<()> {
    let plain = fs::read(wasm)?;
    let (imported, bodies) = functions(&plain)?;
    let mut order = Order::new(imported, chain(&bodies));
    let mut module = Module::new();
    order
        .parse_core_module(&mut module, Parser::new(0), &plain)
        .map_err(|error| anyhow!("{}: {error:?}", wasm.display()))?;
    Ok(fs::write(wasm, module.finish())?)
}

/// How many functions are imported, and the bytes of the others.
fn functions(wasm: &[u8]) -> Result<(u32, Vec<&[u8]>)> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    Ok((imported, bodies))
}

/// The functions one after the other, each followed by the one most like it of those that are left.
fn chain(bodies: &[&[u8]]) -> Vec<usize> {
    let (runs, holders) = alike(bodies);
    let mut left: Vec<bool> = vec![true; bodies.len()];
    let mut chain = Vec::with_capacity(bodies.len());
    let mut first_left = 0;
    while chain.len() < bodies.len() {
        while !left[first_left] {
            first_left += 1;
        }
        let last = chain.last().copied();
        let nearest = last.and_then(|last| nearest(last, &runs, &holders, &left));
        let next = nearest.unwrap_or(first_left);
        left[next] = false;
        chain.push(next);
    }
    chain
}

/// The runs of each function that it shares with some others, and who has each run.
fn alike(bodies: &[&[u8]]) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let mut holders: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (at, body) in bodies.iter().enumerate() {
        for run in body.windows(RUN) {
            let known = holders.entry(run).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
    }
    holders.retain(|_, known| (2..=COMMON).contains(&known.len()));
    // Sorted: the same module is made from the same source.
    let holders: Vec<_> = BTreeMap::from_iter(holders).into_values().collect();
    let mut runs = vec![Vec::new(); bodies.len()];
    for (run, known) in holders.iter().enumerate() {
        known.iter().for_each(|at| runs[*at].push(run));
    }
    (runs, holders)
}

/// The one that shares most with this, by how rare it is, for its length.
fn nearest(to: usize, runs: &[Vec<usize>], holders: &[Vec<usize>], left: &[bool]) -> Option<usize> {
    let mut shared: BTreeMap<usize, f64> = BTreeMap::new();
    for run in &runs[to] {
        let known = &holders[*run];
        for at in known.iter().filter(|at| left[**at]) {
            *shared.entry(*at).or_default() += 1.0 / known.len() as f64;
        }
    }
    let likeness = |at: usize, shared: f64| {
        shared / (runs[at].len() as f64 + runs[to].len() as f64 + 2.0 * WEIGHT)
    };
    let scored = shared
        .into_iter()
        .map(|(at, shared)| (at, likeness(at, shared)));
    scored.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at)
}

/// Where each function goes.
struct Order {
    imported: u32,
    chain: Vec<usize>,
    places: Vec<u32>,
}

impl Order {
    fn new(imported: u32, chain: Vec<usize>) -> Self {
        let mut places = vec![0; chain.len()];
        for (place, function) in (imported..).zip(&chain) {
            places[*function] = place;
        }
        Self {
            imported,
            chain,
            places,
        }
    }
}

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        let own = function.checked_sub(self.imported);
        Ok(own.map_or(function, |own| self.places[own as usize]))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let types: Vec<u32> = section.into_iter().collect::<Result<_, _>>()?;
        for function in &self.chain.clone() {
            functions.function(self.type_index(types[*function])?);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let bodies: Vec<FunctionBody<'_>> = section.into_iter().collect::<Result<_, _>>()?;
        for function in &self.chain.clone() {
            utils::parse_function_body(self, code, bodies[*function].clone())?;
        }
        Ok(())
    }
}
