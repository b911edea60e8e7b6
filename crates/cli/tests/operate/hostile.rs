//! Batches that nobody who means well would send.

use crate::common::{Server, batch, event, id};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const GOLDEN: &str = include_str!("../golden/batch.json");

#[test]
fn what_is_no_batch_is_refused_and_the_next_one_is_taken() {
    let server = Server::start();
    let with = |pointer: &str, value: Value| {
        let mut batch: Value = serde_json::from_str(GOLDEN).unwrap();
        *batch.pointer_mut(pointer).unwrap() = value;
        batch.to_string()
    };
    let deep = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
    let hostile = [
        String::new(),
        "\0".repeat(1000),
        "[".repeat(200_000),
        deep("{\"a\":", "}", 40_000),
        deep("[", "]", 127),
        GOLDEN.replace("\"data\":", &format!("\"data\":{{\"a\":{}}},\"x\":", deep("[", "]", 5_000))),
        with("/key", json!("pk\u{0}x")),
        with("/key", json!("'; DROP TABLE events; --")),
        with("/key", json!("../../etc/passwd")),
        with("/key", json!("k".repeat(65))),
        with("/journey/id", json!("' OR 1=1 -- aaaa")),
        with("/journey/id", json!(null)),
        with("/polku", json!(1.5)),
        with("/sent", json!(-1)),
        with("/sent", json!(1e300)),
        with("/sent", json!(u64::MAX)),
        with("/events", json!(vec![json!({"seq":1,"name":"page_view"}); 2_001])),
        with("/events", json!({"0":{"seq":1}})),
        GOLDEN.replacen('{', "{\"polku\":2,", 1).replace("\"polku\":1", "\"polku\":3"),
        GOLDEN[..GOLDEN.len() / 2].to_owned(),
    ];
    for body in &hostile {
        let answer = server.post("/v1/batch", "text/plain", body);
        assert!(matches!(answer.status, 400 | 413), "{}: {}", answer.status, body.get(..200).unwrap_or(body));
        assert!(answer.body.len() < 300, "a refusal is a sentence");
    }
    assert_eq!(server.get("/api/journeys").json(), json!([]));
    // Odd, and kept: it harms nobody.
    let odd = [
        json!({"seq":9_007_199_254_740_991_i64,"at":9_007_199_254_740_991_i64,"name":"page_view","data":{"a":"\u{202e}\u{0}<script>alert(1)</script>"}}),
        json!({"seq":1,"name":"page_view","page":"/".repeat(500),"data":{"__proto__":{"a":1},"constructor":1}}),
        json!({"seq":2,"name":"purchase","stage":"decision","data":{"value":1e308,"currency":"EUR"}}),
        json!({"seq":3,"name":"purchase","stage":"decision","data":{"value":1e308,"currency":"EUR"}}),
        json!({"seq":4,"name":"prompt_answer","data":{"prompt":[1],"ask":{},"score":1e300,"rev":"x"}}),
    ];
    assert_eq!(server.send(&batch(&id(1), "aaaaa", &odd))["accepted"], 5);
    for path in ["/api/map", "/api/journeys", "/api/prompts", "/metrics", &format!("/api/journeys/{}", id(1))] {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    assert_eq!(server.send(GOLDEN)["accepted"], 1);
}

#[test]
fn what_is_no_request_costs_nothing() {
    let mut server = Server::start();
    let host = server.address().to_owned();
    let head = format!("POST /v1/batch HTTP/1.1\r\nhost: {host}\r\ncontent-type: text/plain\r\n");
    let mut held = Vec::new();
    for text in [
        "\0\0\0\0".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        format!("GET /{} HTTP/1.1\r\nhost: {host}\r\n\r\n", "a".repeat(100_000)),
        format!("{head}x: {}\r\n\r\n", "a".repeat(600_000)),
        format!("{head}content-length: -1\r\n\r\n"),
        format!("{head}content-length: 99999999999999999999\r\n\r\n"),
        format!("{head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n"),
        format!("{head}content-length: 100\r\n\r\nhalf of it"),
        format!("{head}transfer-encoding: chunked\r\n\r\n5\r\nab"),
    ] {
        let mut stream = TcpStream::connect(&host).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        let _ = stream.write_all(text.as_bytes());
        let mut answer = [0; 64];
        let read = stream.read(&mut answer).unwrap_or(0);
        assert!(!answer[..read].starts_with(b"HTTP/1.1 2"), "{}", &text[..text.len().min(200)]);
        // Those that wait for more are left waiting.
        held.push(stream);
    }
    assert_eq!(server.send(GOLDEN)["accepted"], 1);
    let asked = Instant::now();
    assert!(server.stop().success());
    assert!(asked.elapsed() < Duration::from_secs(5), "nobody who holds a connection holds the server");
    drop(held);
}

#[test]
fn a_shop_that_floods_waits_and_another_does_not() {
    let server = Server::start_with(&["--rate", "10"]);
    let events: Vec<_> = (1..=200).map(|seq| event(seq, seq, "page_view", "awareness")).collect();
    let send = |key: &str, n: i64| {
        server.post("/v1/batch", "text/plain", &batch(&id(n), "aaaaa", &events).replace("pk_test", key))
    };
    assert_eq!(send("pk_a", 1).status, 200);
    let refused = send("pk_a", 2);
    assert_eq!(refused.status, 429);
    assert!(
        (5..=10).contains(&refused.header("retry-after").parse::<i64>().unwrap()),
        "{}",
        refused.header("retry-after")
    );
    assert_eq!(refused.header("access-control-allow-origin"), "*");
    assert_eq!(send("pk_b", 3).status, 200);
    assert_eq!(server.get("/api/journeys").json().as_array().unwrap().len(), 2);
}

/// A small generator (xorshift64*): the same seed, the same bytes.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % below.max(1)
    }
}

/// A batch that was damaged in a few places.
fn damaged(dice: &mut Dice) -> Vec<u8> {
    const PIECES: [&str; 22] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "null",
        "true",
        "-1",
        "1e999",
        "9007199254740993",
        "18446744073709551616",
        "\\u0000",
        "\\ud800",
        "\u{202e}",
        "\"seq\":0",
        "\"name\":\"erase\"",
        "\"data\":{\"journeys\":[\"0000000000000001\"]}",
        "\"leg\":\"\"",
        "\"ttl_days\":0",
        "\"polku\":1",
    ];
    let mut bytes = if dice.next(2) == 0 {
        GOLDEN.as_bytes().to_vec()
    } else {
        let events: Vec<_> =
            (0..dice.next(6) as i64).map(|seq| event(seq, seq * 7 - 3, "page_view", "awareness")).collect();
        batch(&id(dice.next(50) as i64), "aaaaa", &events).into_bytes()
    };
    for _ in 0..=dice.next(5) {
        let at = dice.next(bytes.len() + 1);
        match dice.next(5) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.next(8),
            1 => bytes.truncate(at),
            2 => drop(bytes.splice(at..at, PIECES[dice.next(PIECES.len())].bytes())),
            3 => {
                let end = (at + dice.next(40)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = dice.next(bytes.len() + 1);
                drop(bytes.splice(to..to, piece));
            }
            _ => {
                let end = (at + dice.next(12)).min(bytes.len());
                drop(bytes.splice(at..end, PIECES[dice.next(PIECES.len())].bytes()));
            }
        }
    }
    bytes
}

/// A few seconds here; `POLKU_FUZZ_SECONDS=600` for longer.
#[test]
fn damaged_batches_break_nothing() {
    let server = Server::start();
    let seconds = std::env::var("POLKU_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let (began, mut dice, mut tried, mut taken) = (Instant::now(), Dice(0x9E37_79B9_7F4A_7C15), 0_u64, 0_u64);
    while began.elapsed() < Duration::from_secs(seconds) {
        let bytes = damaged(&mut dice);
        let answer = server.post_bytes("/v1/batch", "text/plain", &bytes);
        let (status, body) = (answer.status, answer.body);
        let shown = String::from_utf8_lossy(&bytes);
        assert!(matches!(status, 200 | 400), "{status} {body}: {shown}");
        tried += 1;
        if status == 200 {
            taken += 1;
            let reply: Value = serde_json::from_str(&body).unwrap();
            assert!(
                reply["accepted"].is_u64() && reply["duplicate"].is_u64() && reply["rejected"].is_array(),
                "{body}: {shown}"
            );
        }
        if tried % 500 == 0 {
            for path in ["/api/map", "/api/journeys?limit=200", "/api/prompts", "/readyz"] {
                assert_eq!(server.get(path).status, 200, "{path}");
            }
        }
    }
    eprintln!("{tried} damaged batches, {taken} of them were still batches");
    assert!(tried > 100 && taken > 10 && taken < tried);
    assert_eq!(
        server.send(&batch("zzzzzzzzzzzzzzzz", "aaaaa", &[event(1, 0, "page_view", "awareness")]))["accepted"],
        1
    );
}
