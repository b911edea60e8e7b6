//! Journeys in ClickHouse: the same answers as from SQLite, to senders and to readers, at the engine itself (`POLKU_CHDB`).
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
#[path = "../common/mod.rs"]
mod common;
mod engine;
mod shop;

use common::{Server, batch, event, id, polku};
use engine::Engine;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// All that is read of journeys. Where a row stands in a list of equals is each database's own affair.
const VIEWS: &[&str] = &[
    "/api/map",
    "/api/map?door=mail",
    "/api/gap",
    "/api/goals",
    "/api/before-after",
    "/api/setup",
    "/api/service",
    "/api/journeys?door=mail&limit=5",
    "/api/prompts",
    "/api/paths",
    "/api/friction",
    "/api/groups?by=door",
    "/api/groups?by=variant",
    "/api/groups?by=order",
    "/api/voice",
    "/api/products",
    "/api/filters",
    "/api/paths?bought=yes&device=mobile",
    "/api/friction?door=mail",
    "/api/voice?since=2026-11-22",
];

fn on(engine: &Engine) -> Server {
    Server::start_with(&["--clickhouse", &engine.address()])
}

/// Takes out what differs between databases by right: the row of a journey, by which a list goes on.
fn bare(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !matches!(name.as_str(), "cursor"));
            members.values_mut().for_each(bare);
        }
        Value::Array(list) => {
            list.iter_mut().for_each(bare);
            // Equals in a list come in the order of their arrival, or of their names.
            if list.iter().all(|one| one.get("journey").or_else(|| one.get("id")).is_some_and(Value::is_string)) {
                list.sort_by_key(ToString::to_string);
            }
        }
        _ => (),
    }
}

/// An answer without that.
fn told(server: &Server, path: &str) -> Value {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    let mut answer = answer.json();
    bare(&mut answer);
    answer
}

/// Says where two answers differ.
fn differs(at: &str, one: &Value, other: &Value) {
    match (one, other) {
        (Value::Object(mine), Value::Object(theirs)) if mine.keys().eq(theirs.keys()) => {
            mine.iter().for_each(|(name, value)| differs(&format!("{at} {name}"), value, &theirs[name]));
        }
        (Value::Array(mine), Value::Array(theirs)) if mine.len() == theirs.len() => {
            mine.iter().zip(theirs).enumerate().for_each(|(n, (one, other))| differs(&format!("{at} {n}"), one, other));
        }
        _ => assert_eq!(one, other, "{at}"),
    }
}

fn same(one: &Server, other: &Server) {
    for path in VIEWS {
        differs(path, &told(one, path), &told(other, path));
    }
    let list = |server: &Server| {
        let mut all = Vec::new();
        let (mut after, mut before) = (String::new(), None);
        loop {
            let mut answer = server.get(&format!("/api/journeys?limit=7{after}")).json();
            let Some(last) = answer.as_array().unwrap().last() else { break };
            after = format!("&after={}", last["cursor"].as_str().unwrap());
            let mut times = answer.as_array().unwrap().iter().map(|one| one["started"].as_i64().unwrap());
            assert!(before.iter().copied().chain(times.clone()).is_sorted_by(|a, b| a >= b), "the newest first");
            before = times.next_back();
            bare(&mut answer);
            all.extend(answer.as_array().unwrap().iter().cloned());
        }
        all.sort_by_key(|one| one["id"].as_str().unwrap().to_owned());
        all
    };
    let (mine, theirs) = (list(one), list(other));
    assert!(!mine.is_empty());
    differs("journeys", &mine.clone().into(), &theirs.into());
    for journey in mine.iter().take(20) {
        let path = format!("/api/journeys/{}", journey["id"].as_str().unwrap());
        differs(&path, &told(one, &path), &told(other, &path));
    }
}

/// Waits until something is so.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn both_databases_give_the_same_answers() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(dir.path());
    let (sqlite, mut clickhouse) = (Server::start(), on(&engine));
    for (number, batch) in shop::batches(70).iter().enumerate() {
        // Sent twice, out of order, erased, hostile: what the sender is told is the same.
        let [one, other] = [&sqlite, &clickhouse].map(|server| server.post("/v1/batch", "text/plain", batch));
        assert_eq!((one.status, one.json()), (other.status, other.json()), "{batch}");
        if number == 80 {
            same(&sqlite, &clickhouse);
        }
    }
    same(&sqlite, &clickhouse);
    // The facts are read anew after a start; what was merged meanwhile changes nothing.
    engine.run("OPTIMIZE TABLE polku_events FINAL");
    clickhouse.stop();
    clickhouse.restart();
    same(&sqlite, &clickhouse);
}

#[test]
fn what_is_seeded_is_the_same_in_both_and_tables_with_journeys_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(dir.path());
    let address = engine.address();
    let (sqlite, clickhouse) = (
        Server::start_with(&["--seed-demo", "300"]),
        Server::start_with(&["--seed-demo", "300", "--clickhouse", &address]),
    );
    same(&sqlite, &clickhouse);
    assert_eq!(engine.run("SELECT count() = uniqExact(key, journey, leg, seq) FROM polku_events"), "1");
    let again = ["serve", "--port", "0", "--seed-demo", "20", "--clickhouse", &address];
    let refused = polku().current_dir(clickhouse.dir()).args(again).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("--seed-demo") && said.contains("300 journeys") && said.contains(&address), "{said}");
}

#[test]
fn what_others_write_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(dir.path());
    let (one, other) = (on(&engine), on(&engine));
    let journeys = |server: &Server| server.get("/api/filters").json()["journeys"].as_u64().unwrap();
    assert_eq!((journeys(&one), journeys(&other)), (0, 0));
    one.send(&batch(&id(1), "aaaaa", &[event(1, 0, "page_view", "awareness")]));
    assert_eq!(journeys(&one), 1, "its own at once");
    until("the other finds it", || journeys(&other) == 1);
    // Both write to one journey; each event is one.
    other.send(&batch(
        &id(1),
        "aaaaa",
        &[event(1, 0, "page_view", "awareness"), event(2, 9, "add_to_cart", "decision")],
    ));
    let names = |server: &Server| {
        let journey = server.get(&format!("/api/journeys/{}", id(1))).json();
        journey["events"].as_array().unwrap_or_else(|| panic!("{journey}")).len()
    };
    assert_eq!(names(&one), 2);
    until("the stage is told", || {
        one.get("/api/paths").json()["typical"][0]["path"] == json!(["awareness", "decision"])
    });
    // What one is told to forget, the other shows no longer.
    other.send(&batch(&id(2), "bbbbb", &[json!({"seq":1,"at":0,"name":"erase","data":{"journeys":[id(1)]}})]));
    assert_eq!(one.get(&format!("/api/journeys/{}", id(1))).status, 404);
    until("its facts go", || journeys(&one) == 0);
    let again = one.send(&batch(&id(1), "aaaaa", &[event(3, 10, "purchase", "decision")]));
    assert_eq!(again["rejected"][0]["why"], "erased");
}

#[test]
fn erased_is_gone_from_the_disk_when_the_server_stops() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(dir.path());
    let mut server = on(&engine);
    for n in 1..=2 {
        server.send(&batch(&id(n), "aaaaa", &[event(1, 0, "page_view", "awareness")]));
    }
    server.send(&batch(&id(2), "aaaaa", &[json!({"seq":2,"at":0,"name":"erase","data":{"journeys":[id(2)]}})]));
    server.stop();
    until("the rows are rewritten", || {
        engine.run("SELECT arraySort(groupUniqArray(journey)) FROM polku_events") == format!("['{}']", id(1))
    });
    assert_eq!(engine.run("SELECT count() FROM polku_erased"), "1");
}

#[test]
fn while_it_is_away_senders_keep_their_batches() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(dir.path());
    let server = on(&engine);
    let body = batch(&id(1), "aaaaa", &[event(1, 0, "page_view", "awareness")]);
    assert_eq!(server.send(&body)["accepted"], 1);
    assert_eq!(server.get("/readyz").status, 200);
    drop(engine);
    let refused = server.post("/v1/batch", "text/plain", &body);
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert_eq!(server.get("/api/paths").status, 503);
    until("it says that it is not ready", || server.get("/readyz").status == 503);
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn the_commands_read_and_forget_there() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(dir.path());
    let server = on(&engine);
    for n in 1..=3 {
        server.send(&batch(
            &id(n),
            "aaaaa",
            &[event(1, 0, "page_view", "awareness"), event(2, 5, "view_item", "consideration")],
        ));
    }
    let at = engine.address();
    let export = |what: &str| common::run(&["export", "--clickhouse", &at, "--what", what, "--key", "pk_test"], "");
    let events = export("events");
    assert_eq!((events.code, events.objects().len()), (0, 6), "{}", events.err);
    assert_eq!(export("journeys").objects().len(), 3);
    let erased = common::run(&["erase", "--clickhouse", &at, &id(2), &id(9)], "");
    assert_eq!(erased.out, format!("{} erased\n{} not there\n", id(2), id(9)));
    assert_eq!(erased.code, 1);
    assert_eq!(export("journeys").objects().len(), 2);
    until("the server sees that it is gone", || server.get("/api/filters").json()["journeys"] == 2);
}

#[test]
fn what_cannot_be_used_is_said_in_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(dir.path());
    let pkg = dir.path().join("pkg");
    std::fs::create_dir(&pkg).unwrap();
    std::fs::write(pkg.join("polku.js"), "").unwrap();
    let db = dir.path().join("own.sqlite");
    let serve = |address: &str| {
        let given = [
            "serve",
            "--port",
            "0",
            "--pkg",
            pkg.to_str().unwrap(),
            "--db",
            db.to_str().unwrap(),
            "--clickhouse",
            address,
        ];
        common::run(&given, "")
    };
    let wrong = serve(&format!("http://polku:not-it@127.0.0.1:{}", engine.port));
    assert!(
        wrong.code == 1 && wrong.err.contains("Authentication failed") && wrong.err.contains("--clickhouse"),
        "{}",
        wrong.err
    );
    assert!(!wrong.err.contains("not-it"), "{}", wrong.err);
    let odd = serve("tcp://127.0.0.1:9000");
    assert!(odd.code == 2 && odd.err.contains("http://user:password@host:8123/database"), "{}", odd.err);
    drop(on(&engine));
    engine.run("INSERT INTO polku_versions VALUES (99, now())");
    let newer = serve(&engine.address());
    assert!(newer.code == 1 && newer.err.contains("newer polku"), "{}", newer.err);
}

/// The statements of `docs/clickhouse.md`, with a table that takes what is put into it where the page has Kafka.
#[test]
fn what_comes_through_a_queue_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(dir.path());
    let (sqlite, clickhouse) = (Server::start(), on(&engine));
    let page = std::fs::read_to_string("../../docs/clickhouse.md").unwrap();
    let statements: Vec<&str> = page
        .split("```sql\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap())
        .filter(|block| block.contains("polku_queue"))
        .flat_map(|block| block.split(";\n"))
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
        .collect();
    assert_eq!(statements.len(), 2, "{statements:?}");
    for statement in statements {
        let (head, kafka) = statement.split_once("ENGINE = Kafka").unwrap_or((statement, ""));
        engine.run(&if kafka.is_empty() { head.to_owned() } else { format!("{head} ENGINE = Null") });
    }
    let whole: Vec<String> = shop::batches(60).into_iter().filter(|batch| shop::is_plain(batch)).collect();
    assert!(whole.len() > 50);
    for batch in &whole {
        sqlite.send(batch);
        // A message is a line, as a relay passes on what it got.
        let line = serde_json::from_str::<Value>(batch).unwrap().to_string().replace('\\', "\\\\").replace('\'', "\\'");
        engine.run(&format!("INSERT INTO polku_queue VALUES ('{line}')"));
    }
    let journeys = |server: &Server| server.get("/api/filters").json()["journeys"].clone();
    until("all journeys are read", || journeys(&sqlite) == journeys(&clickhouse));
    same(&sqlite, &clickhouse);
}
