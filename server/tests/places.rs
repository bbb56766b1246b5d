//! A coordinator at the command line, beside a real server.

mod common;

use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use common::{Server, note_id, program, put_keys};
use domain::delta::Delta;
use domain::place::Place;
use domain::time::DAY;
use server::links::{Key, Purpose};
use server::store::sqlite::Ledger;
use tempfile::TempDir;

fn data() -> TempDir {
    let data = tempfile::tempdir().expect("a folder");
    put_keys(data.path(), 2);
    data
}

fn output(data: &Path, args: &[&str]) -> Output {
    let mut command = program(data);
    command.arg("places").args(args).output().expect("it runs")
}

#[track_caller]
fn places(data: &Path, args: &[&str]) -> String {
    let output = output(data, args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
fn refused(data: &Path, args: &[&str], code: i32, words: &str) {
    let output = output(data, args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    assert!(said.contains(words) && !said.contains("panicked"), "{said}");
}

/// A place as phones are given it.
fn pulled(server: &Server, id: &str) -> Option<Place> {
    let (_, body) = server.phone().get("/api/places").expect("an answer");
    let delta: Delta = serde_json::from_slice(&body).expect("a delta");
    delta
        .places
        .into_iter()
        .find(|place| place.id.as_str() == id)
}

#[test]
fn what_a_coordinator_sets_reaches_phones_and_survives_a_start() {
    let data = data();
    let server = Server::start(data.path());
    let before = pulled(&server, "copper-kettle").expect("it takes part");
    let set = [
        "set",
        "copper-kettle",
        "--who",
        "Sam",
        "--hours",
        "Mo 10:00-12:00; PH off",
    ];
    assert!(places(data.path(), &set).contains("is changed"));
    assert!(places(data.path(), &set).contains("was so already"));
    let after = pulled(&server, "copper-kettle").expect("it takes part");
    assert!(after.revision > before.revision && after.opening != before.opening);
    drop(server);
    // The list that is read at every start says what it said before: it takes nothing back.
    let server = Server::start(data.path());
    let again = pulled(&server, "copper-kettle").expect("it takes part");
    assert_eq!(
        (again.revision, again.opening),
        (after.revision, after.opening)
    );
    let shown = places(data.path(), &["show", "copper-kettle"]);
    for part in [
        "opening_hours: Mo 10:00-12:00; PH off",
        "coordinator: Sam: opening_hours was Mo-Su 08:00-16:00; PH off, is Mo 10:00-12:00; PH off",
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
}

#[test]
fn a_paused_place_goes_from_phones_and_stays_away_after_a_start() {
    let data = data();
    let server = Server::start(data.path());
    places(
        data.path(),
        &["set", "canal-bakery", "--who", "Sam", "--status", "paused"],
    );
    assert_eq!(pulled(&server, "canal-bakery"), None);
    drop(server);
    let server = Server::start(data.path());
    assert_eq!(pulled(&server, "canal-bakery"), None);
    assert!(places(data.path(), &["list", "--status", "paused"]).contains("canal-bakery"));
    places(
        data.path(),
        &["set", "canal-bakery", "--who", "Sam", "--status", "active"],
    );
    assert!(pulled(&server, "canal-bakery").is_some());
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_changed() {
    let data = data();
    let server = Server::start(data.path());
    let before = pulled(&server, "copper-kettle");
    let set = |field: &'static str, text: &'static str| {
        [
            "set",
            "copper-kettle",
            "--who",
            "Sam",
            "--door",
            "Red",
            field,
            text,
        ]
    };
    refused(
        data.path(),
        &set("--hours", "nine to five"),
        2,
        "cannot be read",
    );
    refused(
        data.path(),
        &set("--hours", "sunrise-sunset"),
        2,
        "by the sun",
    );
    refused(data.path(), &set("--offers", "step-free,sauna"), 2, "sauna");
    refused(data.path(), &set("--status", "open"), 2, "open");
    refused(data.path(), &["show", "nowhere"], 1, "no place \"nowhere\"");
    refused(data.path(), &["link", "nowhere"], 1, "no place \"nowhere\"");
    assert_eq!(pulled(&server, "copper-kettle"), before);
}

#[test]
fn a_place_two_people_found_closed_is_looked_at_and_believed_again() {
    let data = data();
    let server = Server::start(data.path());
    let id = "hawthorns-house";
    let day = server::arrival::now().in_london().day;
    let body =
        format!("{{\"version\":1,\"kind\":\"was-closed\",\"place\":\"{id}\",\"day\":\"{day}\"}}");
    for seed in 1..=2 {
        let (status, answer) = server
            .phone()
            .note(&note_id(seed), &body)
            .expect("an answer");
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&answer));
    }
    assert!(pulled(&server, id).expect("it takes part").ring_first);
    let due = places(data.path(), &["review"]);
    assert!(
        due.starts_with(id) && due.contains("2 people found it closed"),
        "{due}"
    );
    places(data.path(), &["looked", id, "--who", "Sam"]);
    assert!(!pulled(&server, id).expect("it takes part").ring_first);
    assert!(!places(data.path(), &["review"]).contains("found it closed"));
    // One more person is not two.
    server.phone().note(&note_id(3), &body).expect("an answer");
    assert!(!pulled(&server, id).expect("it takes part").ring_first);
}

#[test]
fn a_link_is_printed_with_a_text_to_send_and_opens_a_page() {
    let data = data();
    let server = Server::start(data.path());
    let text = places(data.path(), &["link", "hawthorns-house"]);
    assert!(
        text.contains("Subject: ") && text.contains("1 link made."),
        "{text}"
    );
    let at = text.find("/manage/").expect("a link");
    let path = text[at..].split_whitespace().next().expect("a link");
    let (status, page) = server.phone().get(path).expect("an answer");
    assert_eq!(status, 200);
    assert!(String::from_utf8_lossy(&page).contains("Keep Hawthorns House right"));
    // Nobody is reminded on the day the link was made.
    assert!(places(data.path(), &["remind"]).contains("0 links made."));
}

#[test]
fn letters_to_all_are_one_page_of_links_that_nobody_else_may_read_and_who_answered_is_known() {
    let data = data();
    let server = Server::start(data.path());
    for id in ["copper-kettle", "canal-bakery"] {
        places(
            data.path(),
            &["set", id, "--who", "Sam", "--status", "invited"],
        );
    }
    let (page, to) = (data.path().join("letters.html"), data.path().join("to.csv"));
    std::fs::write(&to, "id,e-mail\ncanal-bakery,jo@example.org\n").expect("it is ours");
    let [page, to] = [&page, &to].map(|path| path.to_str().expect("plain"));
    let args = ["link", "--status", "invited", "--page", page, "--to", to];
    let said = places(data.path(), &args);
    assert!(
        said.contains("no address for copper-kettle") && said.contains("2 links made."),
        "{said}"
    );
    assert!(!said.contains("/manage/"), "{said}");
    let html = std::fs::read_to_string(page).expect("it is written");
    assert!(
        html.contains("href=\"mailto:jo@example.org?subject=")
            && html.contains("href=\"mailto:?subject=")
    );
    for link in html.split("href=\"").skip(1) {
        let end = link.find('"').expect("its end");
        assert!(end < 2_000, "longer than some programs take: {end}");
    }
    assert!(!html.contains("<script"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(page).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // What stands there is not written over, and no link is made then.
    refused(data.path(), &args, 1, "cannot write");
    assert!(places(data.path(), &["waiting"]).contains("2 managers have not answered."));

    let at = html.rfind("/manage/").expect("a link");
    let path = html[at..].split_whitespace().next().expect("a link");
    let (status, _) = server.phone().says(path, "leave", "on").expect("an answer");
    assert_eq!(status, 200);
    let waiting = places(data.path(), &["waiting"]);
    assert!(waiting.contains("1 manager has not answered."), "{waiting}");
    let left = if waiting.contains("canal-bakery") {
        "copper-kettle"
    } else {
        "canal-bakery"
    };
    let review = places(data.path(), &["review"]);
    assert!(
        review.contains(&format!("{left} ")) && review.contains("takes part no longer"),
        "{review}"
    );
    places(data.path(), &["looked", left, "--who", "Sam"]);
    assert!(!places(data.path(), &["review"]).contains("takes part no longer"));
}

#[test]
fn who_does_not_answer_is_reminded_and_then_the_place_is_paused() {
    let data = data();
    let server = Server::start(data.path());
    let now = server::arrival::now();
    let made = |id: &str, days: i64| {
        let at = now.plus(-days * DAY);
        let link = Key::draw(id.parse().expect("an id"), Purpose::Confirm, at);
        let mut ledger = Ledger::open(data.path()).expect("it opens");
        ledger.made(&link.expect("randomness"), at).expect("kept");
    };
    // A sample is nobody's: only real places are asked.
    for id in ["copper-kettle", "canal-bakery"] {
        places(
            data.path(),
            &["set", id, "--who", "Sam", "--status", "active"],
        );
    }
    made("copper-kettle", 57);
    made("canal-bakery", 20);
    assert!(places(data.path(), &["review"]).contains("no answer for 57 days"));
    let reminded = places(data.path(), &["remind"]);
    assert!(
        reminded.contains("Reminder: Canal Side Bakery"),
        "{reminded}"
    );
    assert!(reminded.contains("2 links made."), "{reminded}");
    // Reminded today: not again.
    assert!(places(data.path(), &["remind"]).contains("0 links made."));
    drop(server);
    // The day's work is done at every start.
    let server = Server::start(data.path());
    let waited = Instant::now();
    while pulled(&server, "copper-kettle").is_some() {
        assert!(
            waited.elapsed() < Duration::from_secs(10),
            "it is still there"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(pulled(&server, "canal-bakery").is_some());
    let shown = places(data.path(), &["show", "copper-kettle"]);
    assert!(
        shown.contains("daily work: status was active, is paused"),
        "{shown}"
    );
}

#[test]
fn what_changes_in_the_list_changes_here_and_nothing_else_does() {
    let data = data();
    let scheme = tempfile::tempdir().expect("a folder");
    for name in ["scheme.toml", "services.toml", "places.csv"] {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("sample")
            .join(name);
        std::fs::copy(sample, scheme.path().join(name)).expect("copied");
    }
    let start = || Server::start_with(data.path(), &[("SAFE_PLACE_SCHEME", scheme.path())]);
    drop(start());
    places(
        data.path(),
        &[
            "set",
            "copper-kettle",
            "--who",
            "Sam",
            "--door",
            "The red one",
            "--telephone",
            "0121 496 0177",
        ],
    );
    let list = scheme.path().join("places.csv");
    let text = std::fs::read_to_string(&list).expect("readable");
    std::fs::write(&list, text.replace("0121 496 0102", "0121 496 0188")).expect("written");
    let server = start();
    let kettle = pulled(&server, "copper-kettle").expect("it takes part");
    assert_eq!(kettle.telephone.as_deref(), Some("0121 496 0188"));
    assert_eq!(kettle.door.as_deref(), Some("The red one"));
}
