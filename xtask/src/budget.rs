//! What a phone downloads, held against what it may.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::site::{Site, brotli};

/// Before home is interactive, in bytes of brotli.
const FIRST_LOAD: usize = 170 * 1024;
/// All that is kept for offline use, without maps, in bytes of brotli.
const PRECACHE: usize = 600 * 1024;
/// The stylesheet, in bytes of brotli.
const STYLE: usize = 15 * 1024;

/// The map's code and style, in bytes of brotli.
const MAP_CODE: usize = 90 * 1024;
/// The default map packs, as they are sent.
const MAP_PACKS: usize = 1_500_000;

/// Drawings that some pages load, in bytes of brotli.
const DRAWINGS: [(&str, usize); 2] = [("/pictograms.svg", 9 * 1024), ("/drawings.svg", 12 * 1024)];

/// Prints the tables; fails where a budget is exceeded.
pub fn check(site: &Site) -> Result<()> {
    let first = table(site, "first load", &site.first_load)?;
    let style = site
        .first_load
        .iter()
        .filter(|path| path.ends_with(".css"))
        .map(|path| size(site, path))
        .sum::<Result<usize>>()?;
    table(site, "loaded when a page is opened", &site.later)?;
    let whole = table(site, "kept for offline use", &site.precache)?;
    ensure!(
        style <= STYLE,
        "the stylesheet takes {style} bytes of {STYLE}"
    );
    ensure!(
        first <= FIRST_LOAD,
        "the first load takes {first} bytes of {FIRST_LOAD}"
    );
    ensure!(
        whole <= PRECACHE,
        "what is kept takes {whole} bytes of {PRECACHE}"
    );
    map(site)?;
    for (path, most) in DRAWINGS {
        let (bytes, first) = (size(site, path)?, &site.first_load);
        ensure!(bytes <= most, "{path} takes {bytes} bytes of {most}");
        ensure!(!first.iter().any(|one| one == path), "home loads {path}");
    }
    println!(
        "budgets kept: first load {first} of {FIRST_LOAD}, kept {whole} of {PRECACHE}, style {style} of {STYLE} bytes"
    );
    Ok(())
}

/// The map stays small, and nothing of it comes before somebody opens it.
fn map(site: &Site) -> Result<()> {
    table(site, "fetched when the map is opened", &site.map)?;
    let (packs, code): (Vec<_>, Vec<_>) =
        (site.map.iter()).partition(|path| path.ends_with(".pmtiles"));
    let sum = |paths: &[&String]| {
        paths
            .iter()
            .map(|path| size(site, path))
            .sum::<Result<usize>>()
    };
    let (packs, code) = (sum(&packs)?, sum(&code)?);
    ensure!(
        code <= MAP_CODE,
        "the map's code takes {code} bytes of {MAP_CODE}"
    );
    ensure!(
        packs <= MAP_PACKS,
        "the map packs take {packs} bytes of {MAP_PACKS}"
    );
    let early = [&site.precache, &site.first_load, &site.later];
    let early = early
        .into_iter()
        .flatten()
        .find(|path| site.map.contains(path));
    ensure!(
        early.is_none(),
        "a part of the map comes before it is opened: {early:?}"
    );
    println!("the map: code {code} of {MAP_CODE}, packs {packs} of {MAP_PACKS} bytes");
    Ok(())
}

fn table(site: &Site, title: &str, paths: &[String]) -> Result<usize> {
    println!("{title}, bytes as brotli sends them:");
    let mut sizes = paths
        .iter()
        .map(|path| Ok((size(site, path)?, path)))
        .collect::<Result<Vec<_>>>()?;
    sizes.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
    for (bytes, path) in &sizes {
        println!("  {bytes:>8}  {path}");
    }
    let sum = sizes.iter().map(|(bytes, _)| bytes).sum();
    println!("  {sum:>8}  in all");
    Ok(sum)
}

fn size(site: &Site, path: &str) -> Result<usize> {
    let named = if path == "/" {
        "index.html"
    } else {
        &path[1..]
    };
    let plain = site.folder.join(named);
    let file = if plain.is_file() {
        plain
    } else {
        site.folder.join(format!("{named}.html"))
    };
    let bytes = fs::read(&file).with_context(|| format!("{path} is not in the site"))?;
    Ok(brotli(&bytes)?.len().min(bytes.len()))
}
