//! What is taken out, and what is forgotten.

use crate::common::{Ran, Server, batch, event, id, run};
use serde_json::{Value, json};
use std::path::PathBuf;

fn db(server: &Server) -> PathBuf {
    server.dir().join("polku.sqlite")
}

fn export(server: &Server, args: &[&str]) -> Ran {
    let db = db(server);
    let all: Vec<&str> = ["export", "--db", db.to_str().unwrap()].into_iter().chain(args.iter().copied()).collect();
    run(&all, "")
}

fn say(n: i64, text: &str) -> Vec<Value> {
    vec![
        event(1, 0, "page_view", "awareness"),
        json!({"seq":2,"at":900,"name":"purchase","lens":"did","stage":"decision","data":{"value":48,"currency":"EUR"}}),
        json!({"seq":3,"at":1000 + n,"name":"prompt_answer","lens":"felt","stage":"decision",
            "data":{"prompt":"order","sub":"s","step":"q","rev":1,"ask":"text","text":text}}),
    ]
}

/// A journey of a key, begun at this second.
fn send(server: &Server, key: &str, n: i64, started: i64, text: &str) {
    let mut body: Value = serde_json::from_str(&batch(&id(n), "aaaaa", &say(n, text))).unwrap();
    body["key"] = json!(key);
    body["journey"]["started"] = json!(started);
    server.send(&body.to_string());
}

// 2026-11-21 00:00 UTC.
const DAY: i64 = 1_795_219_200;

#[test]
fn rows_are_what_was_sent_and_the_server_goes_on() {
    let server = Server::start();
    send(&server, "pk_a", 1, DAY, "Kiitos, \"hyvä\"\nkauppa");
    send(&server, "pk_b", 2, DAY + 86_399, "b");
    send(&server, "pk_b", 3, DAY + 86_400, "c");

    let events = export(&server, &["--what", "events"]);
    assert_eq!((events.code, events.err.as_str()), (0, ""));
    let events = events.objects();
    assert_eq!(events.len(), 9);
    assert_eq!(
        events[1],
        json!({"key":"pk_a","journey":id(1),"started":DAY,"leg":"aaaaa","seq":2,"at":900,"name":"purchase","lens":"did","stage":"decision",
            "page":null,"data":{"value":48,"currency":"EUR"}})
    );
    let journeys = export(&server, &["--what", "journeys"]).objects();
    assert_eq!(journeys.iter().map(|row| row["journey"].as_str().unwrap()).collect::<Vec<_>>(), [id(1), id(2), id(3)]);
    assert_eq!(
        (&journeys[0]["stages"], &journeys[0]["purchase"], &journeys[0]["value"]),
        (&json!("awareness > decision"), &json!(true), &json!(48))
    );
    assert_eq!(export(&server, &["--what", "answers"]).objects()[0]["text"], "Kiitos, \"hyvä\"\nkauppa");

    let only = |args: &[&str]| {
        let args: Vec<_> = ["--what", "journeys"].iter().chain(args).copied().collect();
        export(&server, &args)
            .objects()
            .iter()
            .map(|row| row["journey"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(only(&["--key", "pk_b"]), [id(2), id(3)]);
    assert_eq!(only(&["--key", "pk_c"]), Vec::<String>::new());
    assert_eq!(only(&["--until", "2026-11-21"]), [id(1), id(2)]);
    assert_eq!(only(&["--since", "2026-11-22"]), [id(3)]);
    assert_eq!(only(&["--since", "2026-11-21", "--until", "2026-11-21", "--key", "pk_b"]), [id(2)]);
    send(&server, "pk_a", 4, DAY, "d");
}

#[test]
fn a_spreadsheet_reckons_nothing_that_a_shopper_wrote() {
    let server = Server::start();
    let texts = ["=HYPERLINK(\"https://evil.example\")", "+358", "-1", "@SUM(A1)", "\t=1", "plain; \"text\", ä"];
    for (n, text) in (1..).zip(texts) {
        send(&server, "pk_a", n, DAY, text);
    }
    let ran = export(&server, &["--what", "answers", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.starts_with("key,journey,started,at,stage,prompt,step,ask,scale,score,choice,text\n"),
        "{}",
        ran.out
    );
    let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
    let cells: Vec<String> = reader.records().map(|row| row.unwrap()[11].to_owned()).collect();
    // An answer's words are trimmed before anything else reads them.
    assert_eq!(
        cells,
        ["'=HYPERLINK(\"https://evil.example\")", "'+358", "'-1", "'@SUM(A1)", "'=1", "plain; \"text\", ä"]
    );
    let events = export(&server, &["--what", "events", "--format", "csv"]);
    assert_eq!(
        csv::Reader::from_reader(events.out.as_bytes())
            .records()
            .filter(|row| row.as_ref().unwrap().len() == 11)
            .count(),
        18
    );
}

#[test]
fn a_wrong_call_is_told_and_makes_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("no.sqlite");
    for (args, code, words) in [
        (vec!["export", "--what", "events", "--db", missing.to_str().unwrap()], 1, "--db"),
        (vec!["export", "--what", "everything"], 2, "--what"),
        (vec!["export", "--what", "events", "--since", "yesterday"], 2, "2026-11-01"),
        (vec!["erase", "--db", missing.to_str().unwrap(), "0000000000000001"], 1, "--db"),
        (vec!["erase", "--db", missing.to_str().unwrap(), "short"], 2, "16 characters"),
        (vec!["erase"], 2, "JOURNEY"),
    ] {
        let ran = run(&args, "");
        assert!(
            ran.code == code && ran.err.contains(words) && ran.out.is_empty(),
            "{args:?}: {} {}",
            ran.code,
            ran.err
        );
    }
    assert!(!missing.exists());
}

#[test]
fn whoever_reads_may_stop_reading() {
    let server = Server::start();
    for n in 0..2_000 {
        send(&server, "pk_a", n, DAY, &"x".repeat(100));
    }
    let mut command = crate::common::polku();
    command.args(["export", "--what", "events", "--db", db(&server).to_str().unwrap()]);
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!((done.status.code(), String::from_utf8(done.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn what_is_erased_beside_a_server_is_gone_from_it_and_from_the_file() {
    let mut server = Server::start();
    let secret = "xyzzy-plugh-frotz";
    send(&server, "pk_a", 1, DAY, secret);
    send(&server, "pk_b", 1, DAY, secret);
    send(&server, "pk_a", 2, DAY, "stays");
    assert!(server.get("/api/map").body.contains(secret), "and is kept as an answer");
    let db = db(&server);
    let erase = |args: &[&str]| {
        run(&["erase", "--db", db.to_str().unwrap()].into_iter().chain(args.iter().copied()).collect::<Vec<_>>(), "")
    };
    let ran = erase(&["--key", "pk_b", &id(1)]);
    assert_eq!((ran.code, ran.out), (0, format!("{} erased\n", id(1))), "{}", ran.err);
    assert_eq!(server.get("/api/journeys").json().as_array().unwrap().len(), 2, "of that key alone");
    let ran = erase(&[&id(1), &id(9)]);
    assert_eq!((ran.code, ran.out), (1, format!("{} erased\n{} not there\n", id(1), id(9))));
    // Nobody has written through the server since: it notices by itself.
    let asked = std::time::Instant::now();
    while server.get("/api/map").body.contains(secret) {
        assert!(asked.elapsed().as_secs() < 10, "the server goes on showing what is gone");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let late =
        server.send(&batch(&id(1), "ccccc", &[event(7, 0, "view_item", "consideration")]).replace("pk_test", "pk_a"));
    assert_eq!(late["rejected"][0]["why"], "erased");
    server.stop();
    for file in std::fs::read_dir(server.dir()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}
