//! Whatever happens to the process, the disk or the file: what was answered 2xx is kept, and the server goes on.

use crate::common::{Response, Server, batch, event, id};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

fn open(server: &Server) -> Connection {
    Connection::open(server.dir().join("polku.sqlite")).unwrap()
}

fn stored(server: &Server) -> BTreeSet<String> {
    let connection = open(server);
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    let mut statement = connection.prepare("SELECT DISTINCT journey FROM events WHERE seq = 2").unwrap();
    let ids = statement.query_map([], |row| row.get(0)).unwrap();
    ids.collect::<Result<_, _>>().unwrap()
}

/// A batch of two events, of a journey of its own.
fn body(n: i64) -> String {
    batch(&id(n), "aaaaa", &[event(1, 0, "page_view", "awareness"), event(2, 9, "view_item", "consideration")])
}

fn send(server: &Server, n: i64) -> Response {
    server.post("/v1/batch", "text/plain", &body(n))
}

#[test]
fn a_kill_in_the_middle_of_ingest_loses_nothing_that_was_answered() {
    let mut server = Server::start();
    let answered = Mutex::new(BTreeSet::new());
    let next = AtomicI64::new(1);
    for round in 1..=8 {
        let until = answered.lock().unwrap().len() + 40 * round;
        let dead = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    while !dead.load(Ordering::Relaxed) {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let Some(answer) = server.try_post("/v1/batch", &body(n)) else { break };
                        if answer.status == 200 {
                            answered.lock().unwrap().insert(id(n));
                        }
                    }
                });
            }
            let began = Instant::now();
            while answered.lock().unwrap().len() < until {
                assert!(began.elapsed().as_secs() < 60, "nothing is answered");
                std::thread::yield_now();
            }
            // All six are at it.
            assert!(Command::new("kill").args(["-KILL", &server.pid().to_string()]).status().unwrap().success());
            dead.store(true, Ordering::Relaxed);
        });
        server.kill();
        let (kept, answered) = (stored(&server), answered.lock().unwrap());
        let lost: Vec<_> = answered.difference(&kept).collect();
        assert!(lost.is_empty(), "round {round}: {} of {} answered are lost", lost.len(), answered.len());
        drop(answered);
        server.restart();
    }
    // What is sent again is told from what is new.
    let again = answered.lock().unwrap().iter().next().unwrap().parse().unwrap();
    assert_eq!(send(&server, again).json()["duplicate"], 2);
}

#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    // No file may grow beyond a megabyte: what the system says then is handled as a full disk is.
    let mut server = Server::start_under("trap '' XFSZ; ulimit -S -f 2048");
    let mut answered = BTreeSet::new();
    let full = (1..20_000).find(|n| {
        let answer = send(&server, *n);
        match answer.status {
            200 => {
                answered.insert(id(*n));
                false
            }
            503 => {
                assert_eq!(answer.header("retry-after"), "30");
                assert_eq!(answer.header("access-control-allow-origin"), "*", "the widget is to read it");
                assert!(answer.json()["error"].as_str().unwrap().contains("again later"));
                true
            }
            other => panic!("{other}: {}", answer.body),
        }
    });
    assert!(full.is_some() && answered.len() > 10, "{} were taken", answered.len());
    assert_eq!(
        (server.get("/healthz").status, server.get("/api/journeys?limit=5").status),
        (200, 200),
        "it lives, and is read"
    );
    let mut refused = 0;
    for n in 30_000..30_050 {
        match send(&server, n).status {
            200 => drop(answered.insert(id(n))),
            503 => refused += 1,
            other => panic!("{other}"),
        }
    }
    assert!(refused > 0);
    let ready = server.get("/readyz");
    assert!(ready.status == 503 && ready.header("retry-after") == "30", "{}", ready.status);
    assert!(said(&server) <= 20, "a full disk is not filled with complaints");
    // Room again, without a restart.
    let room =
        Command::new("prlimit").args(["--pid", &server.pid().to_string(), "--fsize=unlimited:unlimited"]).status();
    if room.is_ok_and(|status| status.success()) {
        let began = Instant::now();
        while server.get("/readyz").status != 200 {
            assert!(began.elapsed().as_secs() < 5, "there is room, and it is not ready");
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(send(&server, 40_000).status, 200);
        answered.insert(id(40_000));
    } else {
        eprintln!("there is no prlimit here: that it goes on without a restart was not seen");
    }
    server.stop();
    server.under("");
    server.restart();
    assert_eq!(send(&server, 50_000).status, 200);
    let kept = stored(&server);
    assert!(answered.is_subset(&kept), "{:?}", answered.difference(&kept).collect::<Vec<_>>());
}

fn said(server: &Server) -> usize {
    std::fs::read_to_string(server.dir().join("said.log")).unwrap().lines().count()
}

#[test]
fn a_locked_database_is_waited_for_and_then_told() {
    let server = Server::start();
    assert_eq!(send(&server, 1).status, 200);
    let other = open(&server);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // A lock that is let go within seconds costs a wait.
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| send(&server, 2).status);
        std::thread::sleep(Duration::from_millis(300));
        assert!(!waits.is_finished());
        other.execute_batch("COMMIT").unwrap();
        assert_eq!(waits.join().unwrap(), 200);
    });
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let began = Instant::now();
    let answer = send(&server, 3);
    assert_eq!((answer.status, answer.header("retry-after")), (503, "30"), "after {:?}", began.elapsed());
    assert_eq!(server.get("/api/map").json()["totals"]["journeys"], 2, "reading goes on");
    assert_eq!(server.get("/readyz").status, 503);
    assert_eq!(server.get("/healthz").status, 200);
    other.execute_batch("COMMIT").unwrap();
    let said = std::fs::read_to_string(server.dir().join("said.log")).unwrap();
    let slow = |line: &str| line.contains("slow request") && line.contains("/v1/batch") && line.contains("503");
    assert!(said.lines().any(slow), "{said}");
    assert!(said.contains("the database refused a write") && !said.contains(&id(3)), "{said}");
    assert_eq!(send(&server, 3).status, 200);
    assert_eq!(stored(&server).len(), 3);
}
