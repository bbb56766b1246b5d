//! Campaigns against delivery and the API: what was injected and what was found is printed, and anything lost,
//! doubled or changed ends the program with status 1. See docs/campaigns.md.

#![expect(clippy::print_stdout, reason = "printing is what a campaign is for")]

mod api;
mod chance;
mod delivery;
mod phone;
mod power;
mod proxy;
mod serving;
mod upload;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    about = "Many phones, a bad network, a server that is killed, and requests that nobody would send"
)]
struct Cli {
    #[command(subcommand)]
    campaign: Campaign,
}

#[derive(Debug, Subcommand)]
enum Campaign {
    /// Reports with parts, through a bad network, while the server is killed again and again; then
    /// the disk is destroyed and an older backup restored
    Delivery(delivery::Settings),
    /// The power goes at thousands of moments of a run under load: what was answered must be on the disk
    Power(power::Settings),
    /// How quickly parts are taken in, beside plain synced writes of a file
    Upload(upload::Settings),
    /// Random requests from the API's own description: no fault of the server, no answer unknown to it
    Api(api::Settings),
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let local = tokio::task::LocalSet::new();
    let well = local.block_on(&runtime, async {
        match Cli::parse().campaign {
            Campaign::Delivery(settings) => delivery::run(settings).await,
            Campaign::Power(settings) => power::run(settings).await,
            Campaign::Upload(settings) => upload::run(settings).await,
            Campaign::Api(settings) => api::run(settings).await,
        }
    });
    if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
