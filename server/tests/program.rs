//! The program itself: starting, being killed, backing up, and what it says when it can't.

mod common;

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use common::{Phone, Server, body, head, id, program, put_keys};
use domain::wire::{Scheme, Stored};
use tempfile::TempDir;

fn data() -> TempDir {
    let data = tempfile::tempdir().expect("a folder");
    put_keys(data.path(), 2);
    data
}

fn scheme(phone: &mut Phone) -> Scheme {
    let (_, body) = phone.get("/api/scheme").expect("an answer");
    serde_json::from_slice(&body).expect("a scheme")
}

#[track_caller]
fn says(command: &mut Command, code: i32, words: &[&str]) {
    let Output { status, stderr, .. } = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&stderr);
    let last = said.lines().last().unwrap_or_default();
    assert_eq!(status.code(), Some(code), "{said}");
    assert!(
        last.starts_with("safe-place: ") && last.ends_with('.'),
        "{said}"
    );
    assert!(!said.contains("panicked"), "{said}");
    for word in words {
        assert!(last.contains(word), "{word:?} is not in {said}");
    }
}

fn run(data: &Path, args: &[&str]) -> String {
    let output = program(data).args(args).output().expect("it runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn killed_in_the_middle_it_has_everything_it_answered_for() {
    let data = data();
    for round in 0..3 {
        let server = Server::start(data.path());
        let answered = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (answered, mut phone) = (&answered, server.phone());
                scope.spawn(move || {
                    for at in 0.. {
                        let seed = round * 1_000_000 + thread * 100_000 + at;
                        match phone.put(&id(seed), &body(seed)) {
                            Some((201, _)) => answered.lock().expect("unpoisoned").push(seed),
                            Some(other) => panic!("{other:?}"),
                            None => break,
                        }
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(400));
            server.signal("-KILL");
        });
        drop(server);
        let answered = answered.into_inner().expect("unpoisoned");
        assert!(answered.len() > 10, "only {}", answered.len());
        let server = Server::start(data.path());
        let mut phone = server.phone();
        for seed in answered {
            let (status, _) = phone.put(&id(seed), &body(seed)).expect("an answer");
            assert_eq!(status, 200, "report {seed} was answered for, and lost");
        }
    }
}

/// What the server says until it closes the connection.
fn rest(mut stream: TcpStream) -> String {
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).expect("settable");
    let mut said = Vec::new();
    stream.read_to_end(&mut said).expect("not reset");
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn whoever_sends_far_too_much_hears_why() {
    const LENGTH: usize = 200_000_000;
    let data = data();
    let server = Server::start(data.path());
    let part = vec![b'x'; 1_000_000];
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("it listens");
    let head = head(&id(1), LENGTH);
    stream.write_all(head.as_bytes()).expect("sent");
    for _ in 0..LENGTH / part.len() {
        stream.write_all(&part).expect("it is read, not reset");
    }
    let said = rest(stream);
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
    assert!(said.contains("connection: close\r\n"), "{said}");
    assert!(said.contains("/problems/too-large"), "{said}");
}

#[test]
fn whoever_says_no_length_hears_why_too() {
    let data = data();
    let server = Server::start(data.path());
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("it listens");
    let head = head(&id(1), 0).replace("content-length: 0", "transfer-encoding: chunked");
    stream.write_all(head.as_bytes()).expect("sent");
    let part = [b"10000\r\n", &[b'x'; 0x10000][..], b"\r\n"].concat();
    for _ in 0..100 {
        stream.write_all(&part).expect("it is read, not reset");
    }
    stream.write_all(b"0\r\n\r\n").expect("sent");
    let said = rest(stream);
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
}

#[test]
fn whoever_asks_first_is_answered_before_sending_anything() {
    let data = data();
    let server = Server::start(data.path());
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("it listens");
    let head = head(&id(1), 200_000_000).replace("host:", "expect: 100-continue\r\nhost:");
    stream.write_all(head.as_bytes()).expect("sent");
    let said = rest(stream);
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
}

#[test]
fn a_report_cut_off_on_its_way_is_not_stored() {
    let data = data();
    let server = Server::start(data.path());
    let body = body(1);
    let head = head(&id(1), body.len());
    for cut in [1, 10, body.len() / 2] {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("it listens");
        stream.write_all(head.as_bytes()).expect("sent");
        stream.write_all(&body[..body.len() - cut]).expect("sent");
        stream.shutdown(Shutdown::Write).expect("closed");
        let said = rest(stream);
        assert!(!said.starts_with("HTTP/1.1 2"), "{said}");
    }
    let (status, _) = server.phone().put(&id(1), &body).expect("an answer");
    assert_eq!(status, 201);
}

#[test]
fn told_to_stop_it_finishes_and_leaves_one_file() {
    let data = data();
    let mut server = Server::start(data.path());
    let mut phone = server.phone();
    phone.put(&id(1), &body(1)).expect("an answer");
    server.signal("-TERM");
    drop(phone);
    let until = Instant::now() + Duration::from_secs(15);
    let status = loop {
        match server.child.try_wait().expect("waitable") {
            Some(status) => break status,
            None if Instant::now() > until => panic!("it goes on"),
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    assert!(status.success());
    assert!(!data.path().join("safe-place.db-wal").exists());
    let out = data.path().join("report.age");
    run(
        data.path(),
        &[
            "export-report",
            id(1).as_str(),
            "--out",
            &out.to_string_lossy(),
        ],
    );
    assert!(
        fs::read(out)
            .expect("written")
            .starts_with(b"age-encryption.org/v1\n")
    );
}

#[test]
fn restored_from_yesterday_it_has_another_life_and_takes_back_what_was_lost() {
    let data = data();
    let file = data.path().join("yesterday.db");
    let server = Server::start(data.path());
    let mut phone = server.phone();
    let before = scheme(&mut phone).epoch;
    phone.put(&id(1), &body(1)).expect("an answer");
    run(
        data.path(),
        &["backup", &data.path().join("first.db").to_string_lossy()],
    );
    let first = scheme(&mut phone).backed_up_through;
    phone.put(&id(2), &body(2)).expect("an answer");
    run(data.path(), &["backup", &file.to_string_lossy()]);
    let second = scheme(&mut phone).backed_up_through;
    assert!(second > first && first > 0);
    let (_, lost) = phone.put(&id(3), &body(3)).expect("an answer");
    let lost: Stored = serde_json::from_slice(&lost).expect("stored");
    assert!(lost.mark > second, "no backup covers it");
    says(
        program(data.path()).arg("restore").arg(&file),
        1,
        &["in use"],
    );
    drop(server);
    says(
        program(data.path()).arg("restore").arg(&file),
        1,
        &["in the way"],
    );

    let fresh = tempfile::tempdir().expect("a folder");
    put_keys(fresh.path(), 2);
    run(fresh.path(), &["restore", &file.to_string_lossy()]);
    let server = Server::start(fresh.path());
    let mut phone = server.phone();
    let scheme = scheme(&mut phone);
    assert_ne!(scheme.epoch, before);
    assert_eq!(
        scheme.backed_up_through, first,
        "what it said when the copy was made"
    );
    let statuses =
        [1, 2, 3].map(|seed| phone.put(&id(seed), &body(seed)).map(|(status, _)| status));
    assert_eq!(statuses, [Some(200), Some(200), Some(201)]);
}

#[test]
fn what_cannot_be_used_is_said_in_one_sentence() {
    let data = data();
    let config = data.path().join("settings.toml");
    let with = |text: &str| {
        fs::write(&config, text).expect("written");
        let mut command = program(data.path());
        command.arg("--config").arg(&config);
        command
    };
    says(
        &mut with("listen = \"127.0.0.1:0\"\nqueue = "),
        2,
        &["settings.toml", "line 2"],
    );
    says(&mut with("colour = 1"), 2, &["colour"]);
    says(&mut with("listen = \"nowhere\""), 2, &["listen", "nowhere"]);
    says(
        program(data.path()).args(["--config", "/does/not/exist"]),
        2,
        &["/does/not/exist"],
    );
    says(
        program(data.path()).env("SAFE_PLACE_QUEUE", "few"),
        2,
        &["SAFE_PLACE_QUEUE"],
    );
    says(
        program(data.path()).env("SAFE_PLACE_SCHEME", "/does/not/exist"),
        2,
        &["scheme.toml"],
    );
    says(
        program(data.path()).env("SAFE_PLACE_SITE", "/does/not/exist"),
        1,
        &["phone app"],
    );
    says(
        program(data.path()).args(["export-report", "x"]),
        2,
        &["26 characters"],
    );
    says(
        program(data.path()).args(["export-report", id(1).as_str()]),
        1,
        &["no database"],
    );
}

#[test]
fn a_database_that_is_not_ours_is_left_alone() {
    let data = data();
    let file = data.path().join("safe-place.db");
    let mut serve = program(data.path());
    serve.env("SAFE_PLACE_LISTEN", "127.0.0.1:0");
    fs::write(
        &file,
        "not a database, but long enough to look like a file of some kind".repeat(20),
    )
    .expect("written");
    says(&mut serve, 1, &["not a SQLite database"]);
    fs::remove_file(&file).expect("removed");
    run(data.path(), &["migrate"]);
    let database = rusqlite::Connection::open(&file).expect("it opens");
    database
        .pragma_update(None, "user_version", 99)
        .expect("set");
    drop(database);
    says(&mut serve, 1, &["version 99"]);
    fs::remove_file(&file).expect("removed");
    let foreign = rusqlite::Connection::open(&file).expect("it opens");
    foreign
        .execute_batch("CREATE TABLE theirs (a)")
        .expect("made");
    drop(foreign);
    says(&mut serve, 1, &["another program"]);
}

#[test]
fn a_second_server_and_a_taken_port_are_said() {
    let data = data();
    let server = Server::start(data.path());
    says(
        program(data.path()).env("SAFE_PLACE_LISTEN", "127.0.0.1:0"),
        1,
        &["another server"],
    );
    let taken = format!("127.0.0.1:{}", server.port);
    says(
        program(data.path()).env("SAFE_PLACE_LISTEN", &taken),
        1,
        &[&taken, "in use"],
    );
}

#[test]
fn a_keyset_that_was_rolled_back_is_refused() {
    let data = data();
    drop(Server::start(data.path()));
    put_keys(data.path(), 1);
    let mut serve = program(data.path());
    serve.env("SAFE_PLACE_LISTEN", "127.0.0.1:0");
    says(&mut serve, 1, &["version 1", "version 2"]);
    fs::write(data.path().join("keys/keyset.json"), "{").expect("written");
    says(&mut serve, 1, &["keyset.json"]);
}

#[test]
fn it_helps_and_checks() {
    let data = data();
    for args in [
        &["--help"][..],
        &["backup", "--help"],
        &["restore", "--help"],
        &["export-report", "--help"],
    ] {
        assert!(run(data.path(), args).contains("Usage:"));
    }
    assert!(run(data.path(), &["check"]).contains("all is well"));
}
