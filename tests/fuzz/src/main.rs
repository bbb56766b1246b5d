//! The target of libFuzzer: one program for all decoders. `DECODER` names the one to read with, and libFuzzer's
//! own arguments follow; without it, the names are printed.

#![no_main]
#![expect(
    clippy::print_stdout,
    reason = "the names are what its caller asks for"
)]

mod stack;

use std::path::Path;
use std::sync::OnceLock;
use std::{env, fs, process};

use fuzz::{Decoder, decoders};
use libfuzzer_sys::fuzz_target;

static DECODER: OnceLock<Decoder> = OnceLock::new();

fuzz_target!(init: begin(), |bytes: &[u8]| {
    DECODER.get().expect("chosen at the start").takes(bytes);
});

fn begin() {
    let all = decoders();
    let Some(name) = env::var_os("DECODER") else {
        all.iter().for_each(|decoder| println!("{}", decoder.name));
        process::exit(0);
    };
    stack::watch();
    let mut all = all.into_iter();
    let chosen = all.find(|decoder| name == decoder.name).expect("a decoder");
    chosen.takes_its_seeds();
    if let Some(corpus) = env::var_os("SEEDS") {
        put(&chosen.seeds, Path::new(&corpus));
    }
    DECODER.get_or_init(|| chosen);
}

/// Lays what is meant for it where libFuzzer begins.
fn put(seeds: &[Vec<u8>], corpus: &Path) {
    for (nth, seed) in seeds.iter().enumerate() {
        fs::write(corpus.join(format!("seed-{nth}")), seed).expect("written");
    }
}
