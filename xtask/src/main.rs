//! `cargo xtask`: one command to run Safe Place, one to test it, and the parts they consist of.

#![expect(
    clippy::print_stdout,
    reason = "the tables of sizes and of findings are what its callers ask for"
)]

mod budget;
mod checks;
mod floats;
mod fuzz;
mod module;
mod names;
mod order;
mod python;
mod run;
mod site;
mod split;
mod tests;
mod tools;

use clap::{Parser, Subcommand};

/// Sets up, builds, runs and tests Safe Place.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and serve the sample scheme at http://localhost:8080.
    Run(run::Run),
    /// Run every test: Rust, storage in a browser, journeys in a browser, byte budgets.
    Test(tests::Test),
    /// Build the phone app into target/site.
    Site,
    /// Check format, lints, layers and dependencies.
    Check,
    /// Print what a phone downloads, held against the budgets.
    Budget,
    /// Measure the card's cold start and the server's ingestion, as ratios.
    Bench,
    /// Send random requests, made from its own description, to the API.
    Api(tests::Api),
    /// Read bytes that nobody meant with every decoder, guided by what they lead to.
    Fuzz(fuzz::Fuzz),
}

fn main() -> anyhow::Result<()> {
    tools::enter_workspace()?;
    match Cli::parse().command {
        Command::Run(run) => run.go(),
        Command::Test(test) => test.go(),
        Command::Site => site::build().map(drop),
        Command::Check => checks::all(),
        Command::Budget => budget::check(&site::build()?),
        Command::Bench => tests::bench(),
        Command::Api(api) => api.go(),
        Command::Fuzz(fuzz) => fuzz.go(),
    }
}
