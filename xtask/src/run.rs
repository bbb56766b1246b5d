//! Builds everything and serves it with embedded defaults.

use anyhow::{Context, Result};
use clap::Args;

use crate::{site, tools};

/// Arguments of `run`.
#[derive(Args)]
pub struct Run {
    /// What the server is told besides: see `target/release/safe-place serve --help`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    server: Vec<String>,
}

impl Run {
    /// Builds what has changed and serves until interrupted.
    pub fn go(self) -> Result<()> {
        let site = site::build()?;
        let server = site::server("release")?;
        let mut serve = site::program(&server);
        serve
            .arg("serve")
            .args(&self.server)
            .env("SAFE_PLACE_SITE", &site.folder);
        tools::run(&mut serve).context("the server stopped")
    }
}
