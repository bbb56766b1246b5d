//! Random requests, right and wrong, made from the API's own description: no answer may be a fault of the
//! server, nor one that the description does not know.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use tokio::process::Command;

use crate::serving::{Keys, Serving, command, folder};

#[derive(Debug, Args)]
pub struct Settings {
    /// The program schemathesis
    #[arg(long, default_value = "schemathesis")]
    tool: PathBuf,
    /// Most requests for each route in each phase
    #[arg(long, default_value_t = 40)]
    examples: u32,
    /// The same seed draws the same requests
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What must have been answered at least once: else only the doors were tried, and nothing behind them.
const REACHED: [&str; 14] = [
    "DELETE /api/mailboxes/{id} 200",
    "GET /api/map/streets 206",
    "GET /api/oruk/organizations/{id} 200",
    "GET /api/oruk/services/{id} 200",
    "HEAD /api/reports/{id}/parts/{part} 204",
    "PATCH /api/reports/{id}/parts/{part} 204",
    "PATCH /api/reports/{id}/parts/{part} 409",
    "POST /api/reports/{id}/commit 200",
    "POST /api/reports/{id}/commit 410",
    "POST /manage/{token} 200",
    "POST /manage/{token} 422",
    "PUT /api/mailboxes/{id}/messages/{mid} 201",
    "PUT /api/notes/{id} 201",
    "PUT /api/reports/{id} 201",
];

/// Places of the sample scheme that links are made for.
const PLACES: [&str; 2] = ["hawthorns-house", "lantern-library"];
/// How often; each link is used up by one answer.
const LINKS: usize = 15;

/// How often each answer was given, by method, route and status.
type Answers = BTreeMap<String, usize>;

pub async fn run(settings: Settings) -> bool {
    let data = folder();
    Keys::draw().put(data.path());
    put_streets(data.path());
    let serving = Serving::start(data.path(), 0).await;
    let told = data.path().join("answers");
    let mut tool = tool(&settings, data.path(), serving.port);
    tool.env("SAFE_PLACE_ANSWERS", &told);
    tool.env("SAFE_PLACE_LINKS", links(data.path()).await.join(" "));
    let status = tool.status().await;
    let status = status.expect("schemathesis runs: `cargo xtask api` installs it");
    serving.kill().await;
    let answers = answers(&told);
    print(&answers);
    let missed: Vec<_> = (REACHED.iter())
        .filter(|answer| !answers.contains_key(**answer))
        .collect();
    for answer in &missed {
        println!("never answered: {answer}");
    }
    status.success() && missed.is_empty()
}

/// The program with everything it is told.
fn tool(settings: &Settings, data: &Path, port: u16) -> Command {
    let about = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api");
    let server = format!("http://127.0.0.1:{port}");
    let seed = settings.seed.to_string();
    // A path is meant from here, not from where it will run; a mere name is looked for in PATH.
    let program = settings.tool.canonicalize();
    let mut tool = Command::new(program.unwrap_or_else(|_| settings.tool.clone()));
    tool.arg("--config-file")
        .arg(about.join("schemathesis.toml"))
        .args(["--no-color", "run"])
        .arg(format!("{server}/api/openapi.json"))
        .args(["--seed", &seed])
        .args(["--max-examples", &settings.examples.to_string()])
        .env("SCHEMATHESIS_HOOKS", about.join("hooks.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SAFE_PLACE_URL", server)
        .env("SAFE_PLACE_SEED", seed)
        .kill_on_drop(true)
        // It leaves files of its own where it runs.
        .current_dir(data);
    tool
}

/// Whole by its header, and empty: enough to be given out in ranges.
fn put_streets(data: &Path) {
    let mut pack = b"PMTiles\x03".to_vec();
    pack.resize(2000, 0);
    std::fs::write(data.join("streets.pmtiles"), pack).expect("written");
}

/// Links for managers, as their addresses have them.
async fn links(data: &Path) -> Vec<String> {
    let mut links = Vec::new();
    for _ in 0..LINKS {
        let mut make = command(data);
        let made = make.args(["places", "link"]).args(PLACES).output().await;
        let letters = String::from_utf8(made.expect("the server's program").stdout);
        let letters = letters.expect("text");
        let addresses = letters
            .lines()
            .filter_map(|line| line.split_once("/manage/"));
        links.extend(addresses.map(|(_, token)| token.to_owned()));
    }
    assert_eq!(links.len(), LINKS * PLACES.len(), "links were made");
    links
}

fn answers(told: &Path) -> Answers {
    let told = std::fs::read_to_string(told).unwrap_or_default();
    let counted = told.lines().filter_map(|line| line.rsplit_once(' '));
    counted
        .filter_map(|(answer, count)| Some((answer.to_owned(), count.parse().ok()?)))
        .collect()
}

/// One line for each route, with its statuses and how often each came.
fn print(answers: &Answers) {
    let mut routes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (answer, count) in answers {
        let (route, status) = answer.rsplit_once(' ').unwrap_or((answer, ""));
        let statuses = routes.entry(route).or_default();
        statuses.push(format!("{status} × {count}"));
    }
    for (route, statuses) in routes {
        println!("{route}: {}", statuses.join(", "));
    }
    println!("{} requests in all", answers.values().sum::<usize>());
}
