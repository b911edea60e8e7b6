//! Conversations: the protocol of `docs/chat-protocol.md` and the inbox, spoken to over HTTP.
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
mod common;

use common::{Response, Server, batch, event, id};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const KEY: &str = "the-key-of-the-tests";
const WITH_KEY: &[&str] = &["--inbox-key", KEY];

/// The name of a conversation.
fn name(n: usize) -> String {
    format!("{n:026}")
}

fn body(more: Value) -> String {
    let mut body = json!({"polku_chat":1,"key":"pk_demo","lang":"fi","page":"/p/:id"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body.to_string()
}

fn post(server: &Server, of: usize, more: Value) -> Response {
    server.post(&format!("/v1/chat/{}", name(of)), "text/plain;charset=UTF-8", &body(more))
}

fn say(server: &Server, of: usize, n: i64, text: &str) -> Value {
    let answer = post(server, of, json!({"say":[{"n":n,"text":text}]}));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn poll(server: &Server, of: usize, query: &str) -> Value {
    let answer = server.get(&format!("/v1/chat/{}/poll{query}", name(of)));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// All that was said: `seq by text`.
fn heard(server: &Server, of: usize) -> Vec<String> {
    let answer = poll(server, of, "");
    let entries = answer["entries"].as_array().unwrap();
    for (at, entry) in entries.iter().enumerate() {
        assert_eq!(entry["seq"], at + 1, "a gap: {answer}");
    }
    entries
        .iter()
        .map(|entry| {
            let text = entry["text"].as_str().or(entry["what"].as_str()).unwrap();
            format!("{}: {text}", entry["by"].as_str().unwrap())
        })
        .collect()
}

fn inbox(server: &Server, method: &str, path: &str, body: &str) -> Response {
    let bearer = format!("Bearer {KEY}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    server.request(method, &format!("/api/inbox{path}"), &headers, body)
}

/// The inbox's number of a conversation, by its last text.
fn number(server: &Server, teaser: &str) -> i64 {
    let list = inbox(server, "GET", "", "").json();
    let all = list["conversations"].as_array().unwrap();
    let one = all.iter().find(|one| one["teaser"][1] == teaser).unwrap_or_else(|| panic!("no {teaser}: {list}"));
    one["id"].as_i64().unwrap()
}

fn answer(server: &Server, id: i64, text: &str, token: &str) -> Response {
    inbox(server, "POST", &format!("/{id}/say"), &json!({"text":text,"token":token,"name":"Maija"}).to_string())
}

/// A stream of server-sent events, and the last state that was passed over in it.
struct Stream(BufReader<TcpStream>, Option<Value>);

/// One event: its kind, its id and its data.
#[derive(Debug, PartialEq)]
struct Message(String, String, Value);

impl Stream {
    fn open(server: &Server, path: &str, headers: &str) -> Self {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\n{headers}\r\n", server.address()).unwrap();
        Self(BufReader::new(stream), None)
    }

    fn of(server: &Server, of: usize, query: &str) -> Self {
        Self::open(server, &format!("/v1/chat/{}/stream{query}", name(of)), "")
    }

    /// The next event; `None` at the end. Heartbeats keep a stream from falling silent, so the wait has an end of its own.
    fn next(&mut self) -> Option<Message> {
        let (mut kind, mut id, mut data) = (String::new(), String::new(), None);
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < Duration::from_secs(30), "nothing but heartbeats");
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap() == 0 || line == "0\r\n" {
                return None;
            }
            let line = line.trim_end();
            if let Some(value) = line.strip_prefix("event: ") {
                kind = value.to_owned();
            } else if let Some(value) = line.strip_prefix("id: ") {
                id = value.to_owned();
            } else if let Some(value) = line.strip_prefix("data: ") {
                data = Some(serde_json::from_str(value).unwrap());
            } else if line.is_empty()
                && let Some(data) = data.take()
            {
                return Some(Message(kind, id, data));
            }
        }
    }

    /// The next entry: its number and text.
    fn entry(&mut self) -> (i64, String) {
        loop {
            let Message(kind, id, data) = self.next().expect("the stream has ended");
            if kind == "state" {
                self.1 = Some(data);
            } else if kind == "entry" {
                assert_eq!(id, data["seq"].to_string());
                return (data["seq"].as_i64().unwrap(), data["text"].as_str().unwrap_or("ended").to_owned());
            }
        }
    }

    /// The state that came before the last entry or comes after it: what changes both is told in either order.
    fn state_beside(&mut self) -> Value {
        self.1.take().unwrap_or_else(|| self.state())
    }

    /// The next state.
    fn state(&mut self) -> Value {
        loop {
            let Message(kind, id, data) = self.next().expect("the stream has ended");
            if kind == "state" {
                assert_eq!(id, "", "a state has no place in the conversation");
                return data;
            }
        }
    }
}

#[test]
fn a_conversation_goes_back_and_forth() {
    let server = Server::start_with(WITH_KEY);
    let state = server.get("/v1/chat?key=pk_demo");
    assert_eq!((state.status, state.json()), (200, json!({"polku_chat":1,"open":true})));
    assert_eq!(server.get("/v1/chat").json()["field"], "key");

    // Nothing is begun by asking.
    for path in ["stream", "poll"] {
        assert_eq!(server.get(&format!("/v1/chat/{}/{path}", name(1))).status, 404);
    }
    assert_eq!(post(&server, 1, json!({})).status, 404);
    assert_eq!(post(&server, 1, json!({"end":true})).status, 404);

    let first = say(&server, 1, 1, "Hei! Missä tilaukseni 10482 on?");
    assert_eq!(first["last"], 1);
    let entry = &first["entries"][0];
    assert_eq!((&entry["seq"], &entry["by"], &entry["n"]), (&json!(1), &json!("shopper"), &json!(1)));
    assert_eq!(entry["text"], "Hei! Missä tilaukseni 10482 on?", "nothing is scrubbed in a conversation");
    assert!(entry["at"].as_i64().unwrap() > 1_700_000_000);

    let mut stream = Stream::of(&server, 1, "?after=0");
    assert_eq!(stream.entry(), (1, "Hei! Missä tilaukseni 10482 on?".into()));
    assert_eq!(stream.state(), json!({"open":true,"place":1}));

    let id = number(&server, "Hei! Missä tilaukseni 10482 on?");
    inbox(&server, "POST", &format!("/{id}/typing"), r#"{"typing":true}"#);
    assert_eq!(stream.next().unwrap(), Message("typing".into(), String::new(), json!({"by":"person"})));
    assert_eq!(poll(&server, 1, "?after=1")["typing"], true);
    assert_eq!(answer(&server, id, "Katson heti.", "t1").status, 200);
    assert_eq!(stream.entry(), (2, "Katson heti.".into()));
    let state = stream.state_beside();
    assert_eq!((&state["with"], &state["place"]), (&json!("Maija"), &Value::Null));
    let polled = poll(&server, 1, "?after=1");
    assert_eq!(polled["entries"][0]["name"], "Maija");
    assert_eq!(polled["typing"], Value::Null, "who has answered types no longer");
    // Somebody has waited, so it is known how long that takes.
    assert!(server.get("/v1/chat?key=pk_demo").json()["wait_s"].as_i64().unwrap() < 60);

    // The end, and a message after it.
    assert_eq!(post(&server, 1, json!({"end":true})).status, 200);
    assert_eq!(stream.entry(), (3, "ended".into()));
    assert_eq!(post(&server, 1, json!({"end":true})).json()["last"], 3, "it ends once");
    say(&server, 1, 2, "Vielä yksi asia");
    assert_eq!(stream.entry(), (4, "Vielä yksi asia".into()));
    assert_eq!(poll(&server, 1, "")["state"]["place"], 1);
    assert_eq!(
        heard(&server, 1),
        [
            "shopper: Hei! Missä tilaukseni 10482 on?",
            "person: Katson heti.",
            "house: ended",
            "shopper: Vielä yksi asia"
        ]
    );
}

#[test]
fn a_message_is_stored_once_and_the_server_s_order_is_the_order() {
    let server = Server::start_with(WITH_KEY);
    let first = say(&server, 1, 2, "two");
    for _ in 0..3 {
        assert_eq!(say(&server, 1, 2, "two"), first, "answered as if it were new");
    }
    // The first stays, whatever is sent under its number later.
    assert_eq!(say(&server, 1, 2, "another")["entries"][0]["text"], "two");
    // A page that does not know what came sends all of it again, in any order.
    let all =
        post(&server, 1, json!({"say":[{"n":4,"text":"four"},{"n":2,"text":"two"},{"n":3,"text":"three"}]})).json();
    assert_eq!(all["last"], 3);
    assert_eq!(all["entries"].as_array().unwrap().len(), 3);
    say(&server, 1, 1, "one");
    assert_eq!(heard(&server, 1), ["shopper: two", "shopper: three", "shopper: four", "shopper: one"]);

    let id = number(&server, "one");
    for _ in 0..3 {
        assert_eq!(answer(&server, id, "here", "the same").json()["entry"]["seq"], 5);
    }
    assert_eq!(answer(&server, id, "here", "another").json()["entry"]["seq"], 6);
    // What is ended is not opened again by what had come before.
    post(&server, 1, json!({"say":[{"n":5,"text":"bye"}],"end":true}));
    post(&server, 1, json!({"say":[{"n":5,"text":"bye"}],"end":true}));
    assert_eq!(heard(&server, 1)[4..], ["person: here", "person: here", "shopper: bye", "house: ended"]);
}

#[test]
fn a_stream_goes_on_where_it_broke() {
    let mut server = Server::start_with(WITH_KEY);
    for n in 1..=5 {
        say(&server, 1, n, &format!("text {n}"));
    }
    let path = format!("/v1/chat/{}/stream", name(1));
    for (query, header, from) in [
        ("", "", 1),
        ("?after=3", "", 4),
        ("", "last-event-id: 2\r\n", 3),
        ("?after=3", "last-event-id: 1\r\n", 4),
        ("?after=1", "Last-Event-ID: 4\r\n", 5),
        ("?after=-9", "last-event-id: x\r\n", 1),
    ] {
        let mut stream = Stream::open(&server, &format!("{path}{query}"), header);
        for n in from..=5 {
            assert_eq!(stream.entry(), (n, format!("text {n}")), "{query} {header}");
        }
    }
    assert_eq!(server.get(&format!("{path}?after=x")).status, 400);

    // A server that stops ends its streams, and is not held up by them; afterwards all is there.
    let mut stream = Stream::of(&server, 1, "?after=5");
    stream.state();
    let waiting = Instant::now();
    assert!(server.stop().success());
    assert!(waiting.elapsed() < Duration::from_secs(3));
    assert_eq!(stream.next(), None);
    server.restart();
    assert_eq!(heard(&server, 1).len(), 5);
    assert_eq!(poll(&server, 1, "")["state"]["place"], 1, "who waited waits still");
    // … and also one that was killed.
    say(&server, 1, 6, "text 6");
    server.kill();
    server.restart();
    assert_eq!(heard(&server, 1).len(), 6);
}

#[test]
fn a_poll_waits_for_what_is_new() {
    let server = Server::start_with(WITH_KEY);
    say(&server, 1, 1, "hello");
    let began = Instant::now();
    assert_eq!(poll(&server, 1, "?after=0&wait=20")["entries"].as_array().unwrap().len(), 1, "there is something");
    assert_eq!(poll(&server, 1, "?after=1")["entries"], json!([]), "without a wait it answers at once");
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(poll(&server, 1, "?after=1&wait=1")["entries"], json!([]));
    assert!(began.elapsed() > Duration::from_secs(1));

    let id = number(&server, "hello");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let began = Instant::now();
            (poll(&server, 1, "?after=1&wait=9"), began.elapsed())
        });
        // Until it is there to be told.
        while inbox(&server, "GET", &format!("/{id}"), "").json()["here"] != true {
            std::thread::yield_now();
        }
        answer(&server, id, "hi", "t");
        let (polled, took) = waiting.join().unwrap();
        assert_eq!(polled["entries"][0]["text"], "hi");
        assert_eq!(polled["state"]["with"], "Maija");
        assert!(took < Duration::from_secs(5), "{took:?}");
    });
    assert_eq!(server.get(&format!("/v1/chat/{}/poll?wait=-1", name(1))).status, 400);
}

#[test]
fn twenty_conversations_at_once() {
    const MANY: usize = 20;
    const EACH: i64 = 12;
    let server = Server::start_with(WITH_KEY);
    let server = &server;
    for of in 0..MANY {
        say(server, of, 1, &format!("{of}/1"));
    }
    let list = inbox(server, "GET", "", "").json();
    let ids: Vec<(i64, String)> = list["conversations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_i64().unwrap(), one["teaser"][1].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(ids.len(), MANY);
    // Everybody stands in line, each at a place of its own, in the order in which they came.
    for of in 0..MANY {
        assert_eq!(poll(server, of, "")["state"]["place"], of + 1);
    }
    std::thread::scope(|scope| {
        for of in 0..MANY {
            // Each writes, a person answers each, and half listen by streams, half by polls.
            scope.spawn(move || {
                for n in 2..=EACH {
                    say(server, of, n, &format!("{of}/{n}"));
                }
            });
            let id = ids.iter().find(|(_, teaser)| *teaser == format!("{of}/1")).unwrap().0;
            scope.spawn(move || {
                for n in 1..=EACH {
                    assert_eq!(answer(server, id, &format!("{of}:{n}"), &n.to_string()).status, 200);
                }
            });
            scope.spawn(move || {
                let all = 2 * EACH;
                let mut got: Vec<(i64, String)> = Vec::new();
                if of % 2 == 0 {
                    let mut stream = Stream::of(server, of, "");
                    while got.len() < all as usize {
                        got.push(stream.entry());
                    }
                } else {
                    while got.len() < all as usize {
                        let last = got.last().map_or(0, |(seq, _)| *seq);
                        for entry in poll(server, of, &format!("?after={last}&wait=9"))["entries"].as_array().unwrap() {
                            got.push((entry["seq"].as_i64().unwrap(), entry["text"].as_str().unwrap().to_owned()));
                        }
                    }
                }
                assert!(got.iter().map(|(seq, _)| *seq).eq(1..=all), "{got:?}");
                for sign in ["/", ":"] {
                    let side: Vec<_> =
                        got.iter().map(|(_, text)| text.clone()).filter(|text| text.contains(sign)).collect();
                    let want: Vec<_> = (1..=EACH).map(|n| format!("{of}{sign}{n}")).collect();
                    assert_eq!(side, want, "in their order, none of another's");
                }
            });
        }
    });
    assert_eq!(poll(server, 3, "?after=24")["state"]["place"], Value::Null, "nobody waits any longer");
}

#[test]
fn a_place_in_the_line_moves_up() {
    let server = Server::start_with(WITH_KEY);
    for of in 1..=3 {
        say(&server, of, 1, &format!("from {of}"));
    }
    let mut third = Stream::of(&server, 3, "");
    assert_eq!(third.state()["place"], 3);
    answer(&server, number(&server, "from 1"), "yes", "t");
    assert_eq!(third.state()["place"], 2);
    post(&server, 2, json!({"end":true}));
    assert_eq!(third.state()["place"], 1);
    post(&server, 1, json!({"say":[{"n":2,"text":"thanks"}]}));
    assert_eq!(poll(&server, 1, "")["state"]["place"], Value::Null, "who is answered stays answered");
}

#[test]
fn hostile_messages_are_harmless() {
    let server = Server::start_with(WITH_KEY);
    let path = format!("/v1/chat/{}", name(1));
    let refused = |status: u16, body: &[u8], field: &str| {
        let answer = server.post_bytes(&path, "text/plain", body);
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(answer.json()["field"], field, "{}", answer.body);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.body.len() < 200, "a refusal does not repeat what was sent");
    };
    refused(413, body(json!({"say":[{"n":1,"text":"x".repeat(1 << 20)}]})).as_bytes(), "");
    refused(413, body(json!({"say":[{"n":1,"text":"x".repeat(4001)}]})).as_bytes(), "say[0].text");
    refused(400, b"{", "");
    refused(400, b"\xff\xfe\xfd", "");
    refused(400, b"{\"polku_chat\":1,\"key\":\"pk\",\"say\":[{\"n\":1,\"text\":\"\xc3\x28\"}]}", "");
    refused(400, format!("{}1{}", "[".repeat(30_000), "]".repeat(30_000)).as_bytes(), "");
    refused(400, br#"{"polku_chat":1,"key":"pk","say":[{"n":1,"text":"\u0000\u202e\u2066 "}]}"#, "say[0].text");
    refused(400, br#"{"polku_chat":1,"key":"pk","say":[{"n":0,"text":"x"}]}"#, "say[0].n");
    refused(400, br#"{"polku_chat":2,"key":"pk","say":[]}"#, "polku_chat");
    refused(400, br#"{"polku_chat":1,"key":"<script>","say":[]}"#, "key");
    assert_eq!(server.post(&path, "application/x-www-form-urlencoded", "a=b").status, 415);
    assert_eq!(server.get(&format!("{path}/poll")).status, 404, "nothing of all this began a conversation");

    let texts = [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "'; DROP TABLE entries; --",
        "a\u{0}b\u{1b}[31mc",
        "pay \u{202E}001\u{202C} \u{2067}now\u{2069}",
        "data: x\n\nevent: entry\nid: 99\ndata: {}",
        "\u{5d0}\u{5d1}\u{200F}!",
        &"ä".repeat(4000),
    ];
    let kept = [texts[0], texts[1], "ab[31mc", "pay 001 now", texts[4], texts[5], texts[6]];
    for (n, text) in (1..).zip(texts) {
        say(&server, 1, n, text);
    }
    let said = heard(&server, 1);
    assert_eq!(said, kept.map(|text| format!("shopper: {text}")));
    // On a stream nothing that was written can pass for an event.
    let mut stream = Stream::of(&server, 1, "");
    for (n, text) in (1..).zip(kept) {
        assert_eq!(stream.entry(), (n, text.to_owned()));
    }
    // Names that are none.
    for bad in
        ["x", "..%2f..%2fetc%2fpasswd", &"A".repeat(26), &"a".repeat(27), "%00%00", "0000000000000000000000000%27"]
    {
        let path = format!("/v1/chat/{bad}");
        assert_eq!(server.post(&path, "text/plain", &body(json!({"say":[{"n":1,"text":"x"}]}))).status, 404, "{bad}");
        assert_eq!(server.get(&format!("{path}/poll")).status, 404, "{bad}");
    }
}

#[test]
fn who_writes_too_fast_is_told_to_wait() {
    let server = Server::start_with(WITH_KEY);
    let refused =
        (1..=200).map(|n| post(&server, 1, json!({"say":[{"n":n,"text":"spam"}]}))).find(|answer| answer.status != 200);
    let refused = refused.expect("two hundred messages in a moment");
    assert_eq!(refused.status, 429, "{}", refused.body);
    assert!((1..=60).contains(&refused.header("retry-after").parse::<u32>().unwrap()));
    assert_eq!(refused.header("access-control-expose-headers"), "retry-after");
    // Others are not held up.
    say(&server, 2, 1, "hello");
}

#[test]
fn pages_of_every_origin_may_speak_it() {
    let server = Server::start_with(WITH_KEY);
    say(&server, 1, 1, "hello");
    for (method, path) in [
        ("GET", "/v1/chat?key=pk".to_owned()),
        ("GET", "/v1/chat".to_owned()),
        ("GET", format!("/v1/chat/{}/poll", name(1))),
        ("GET", format!("/v1/chat/{}/poll", name(2))),
        ("OPTIONS", format!("/v1/chat/{}", name(1))),
        ("PUT", format!("/v1/chat/{}", name(1))),
    ] {
        let answer = server.request(method, &path, &[("origin", "https://shop.example")], "");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{method} {path}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("set-cookie"), "");
    }
    let answer = {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        write!(
            stream,
            "GET /v1/chat/{}/stream HTTP/1.1\r\nhost: {}\r\norigin: https://shop.example\r\n\r\n",
            name(1),
            server.address()
        )
        .unwrap();
        let mut head = [0; 600];
        let length = stream.read(&mut head).unwrap();
        String::from_utf8_lossy(&head[..length]).to_lowercase()
    };
    for part in ["access-control-allow-origin: *", "content-type: text/event-stream", "cache-control: no-store"] {
        assert!(answer.contains(part), "{answer}");
    }
    // The inbox is not for them.
    let answer = inbox(&server, "GET", "", "");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, ""));
}

#[test]
fn other_shops_and_their_pages_are_turned_away() {
    let server = Server::start_with(&["--inbox-key", KEY, "--key", "pk_demo", "--origin", "https://shop.example"]);
    say(&server, 1, 1, "from a program, which has no origin");
    let other = body(json!({"say":[{"n":1,"text":"hello"}]})).replace("pk_demo", "pk_other");
    let refused = server.post(&format!("/v1/chat/{}", name(2)), "text/plain", &other);
    assert_eq!((refused.status, &refused.json()["field"]), (403, &json!("key")));
    assert_eq!(server.get("/v1/chat?key=pk_other").status, 403);
    for (origin, status) in [("https://shop.example", 200), ("https://other.example", 403)] {
        let answer = server.request("GET", "/v1/chat?key=pk_demo", &[("origin", origin)], "");
        assert_eq!(answer.status, status, "{origin}");
        let shown = if status == 200 { origin } else { "" };
        assert_eq!((answer.header("access-control-allow-origin"), answer.header("vary")), (shown, "origin"));
        let path = format!("/v1/chat/{}", name(3));
        let kind = ("content-type", "text/plain");
        let written =
            server.request("POST", &path, &[("origin", origin), kind], &body(json!({"say":[{"n":1,"text":"hi"}]})));
        assert_eq!(written.status, status, "{origin}");
    }
    let list = inbox(&server, "GET", "", "").json();
    assert_eq!(list["conversations"].as_array().unwrap().len(), 2);
}

#[test]
fn the_inbox_opens_to_its_key_alone() {
    let server = Server::start_with(WITH_KEY);
    say(&server, 1, 1, "a secret");
    let id = number(&server, "a secret");
    let paths = [("GET", String::new()), ("GET", format!("/{id}")), ("GET", "/changes".to_owned())]
        .into_iter()
        .chain(["say", "seen", "typing", "end", "erase"].map(|act| ("POST", format!("/{id}/{act}"))));
    for (method, path) in paths {
        for key in [
            "",
            "Bearer",
            "Bearer wrong",
            "Bearer the-key-of-the-test",
            "Bearer the-key-of-the-tests1",
            "Basic the-key-of-the-tests",
            KEY,
        ] {
            let headers = [("authorization", key), ("content-type", "application/json")];
            let body = r#"{"text":"x","token":"t","seq":1,"typing":true}"#;
            let answer = server.request(method, &format!("/api/inbox{path}"), &headers, body);
            assert_eq!(answer.status, 401, "{method} {path} {key}");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            assert!(!answer.body.contains("secret"));
        }
        let query = server.request(method, &format!("/api/inbox{path}?key={KEY}"), &[], "{}");
        assert_eq!(query.status, 401, "never in an address");
    }
    assert_eq!(heard(&server, 1), ["shopper: a secret"]);
    // The name of a conversation is the shopper's: whoever reads the inbox does not learn it.
    for path in [String::new(), format!("/{id}")] {
        let told = inbox(&server, "GET", &path, "");
        assert!(told.body.contains("a secret") && !told.body.contains(&name(1)), "{}", told.body);
    }
    // Another host's name, as a page that has bent its own to 127.0.0.1 would ask.
    let bearer = format!("Bearer {KEY}");
    let bent = server.request("GET", "/api/inbox", &[("authorization", &bearer), ("host", "evil.example")], "");
    assert_eq!(bent.status, 403);
    // The page itself holds nothing, and no other page may put a frame around it.
    let page = server.get("/inbox/");
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
}

#[test]
fn a_key_is_drawn_once_and_told_once() {
    let mut server = Server::start();
    let told = |server: &Server| {
        let log = std::fs::read_to_string(server.dir().join("said.log")).unwrap();
        let keys: BTreeSet<String> =
            log.split("/inbox/#key=").skip(1).map(|rest| rest.split(' ').next().unwrap().to_owned()).collect();
        (log.matches("/inbox/#key=").count(), keys)
    };
    let (times, keys) = told(&server);
    assert_eq!((times, keys.len()), (1, 1));
    let key = keys.first().unwrap().clone();
    assert_eq!(key.len(), 26);
    let opens = |server: &Server| {
        server.request("GET", "/api/inbox", &[("authorization", &format!("Bearer {key}"))], "").status
    };
    assert_eq!(opens(&server), 200);
    server.stop();
    server.restart();
    assert_eq!(opens(&server), 200, "kept");
    assert_eq!(told(&server).0, 1, "not told again");
    assert_ne!(key, {
        let other = Server::start();
        told(&other).1.first().unwrap().clone()
    });
}

#[test]
fn a_conversation_is_apart_from_all_else() {
    let mut server = Server::start_with(WITH_KEY);
    let secret = "xyzzy-plugh-frotz";
    server.send(&batch(&id(1), "aaaaa", &[event(1, 0, "page_view", "awareness")]));
    say(&server, 1, 1, secret);
    for path in ["/api/map", "/api/journeys", "/api/prompts", "/api/health", &format!("/api/journeys/{}", id(1))] {
        let answer = server.get(path);
        assert_eq!(answer.status, 200);
        assert!(!answer.body.contains(secret) && !answer.body.contains(&name(1)), "{path}");
    }
    let log = std::fs::read_to_string(server.dir().join("said.log")).unwrap();
    assert!(!log.contains(&name(1)) && !log.contains(secret), "nothing of it is written to a log");
    server.stop();
    let folder = server.dir().to_owned();
    let files = |with: &str| -> Vec<String> {
        let mut found: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .flatten()
            .filter(|file| file.path().is_file())
            .filter(|file| {
                let bytes = std::fs::read(file.path()).unwrap();
                bytes.windows(with.len()).any(|part| part == with.as_bytes())
            })
            .map(|file| file.file_name().into_string().unwrap())
            .collect();
        found.sort();
        found
    };
    assert_eq!(files(secret), ["polku.sqlite.chat"]);
    assert_eq!(files(&name(1)), ["polku.sqlite.chat"]);
    server.restart();
    // Forgotten: by the shopper, at once and for ever.
    let gone = post(&server, 1, json!({"forget":true}));
    assert_eq!((gone.status, gone.json()), (200, json!({"erased":true})));
    assert_eq!(post(&server, 1, json!({"say":[{"n":2,"text":"again"}]})).status, 410);
    for path in ["poll", "stream"] {
        assert_eq!(server.get(&format!("/v1/chat/{}/{path}", name(1))).status, 410);
    }
    // One that was still on the way is kept out as well.
    assert_eq!(post(&server, 2, json!({"forget":true})).status, 200);
    assert_eq!(post(&server, 2, json!({"say":[{"n":1,"text":"late"}]})).status, 410);
    assert_eq!(inbox(&server, "GET", "", "").json()["conversations"], json!([]));
    server.stop();
    assert_eq!(files(secret), Vec::<String>::new(), "nothing of it is left in the file");
}

#[test]
fn erasing_ends_who_listens() {
    let server = Server::start_with(WITH_KEY);
    say(&server, 1, 1, "hello");
    let mut stream = Stream::of(&server, 1, "?after=1");
    stream.state();
    let id = number(&server, "hello");
    assert_eq!(inbox(&server, "POST", &format!("/{id}/erase"), "").json(), json!({"erased":true}));
    assert_eq!(stream.next(), None);
    assert_eq!(post(&server, 1, json!({"say":[{"n":2,"text":"hello?"}]})).status, 410);
    // The conversation and the line change together; whichever of them wakes a stream, both are seen.
    for of in 2..14 {
        say(&server, of, 1, &format!("hello {of}"));
        let mut stream = Stream::of(&server, of, "?after=1");
        stream.state();
        let id = number(&server, &format!("hello {of}"));
        assert_eq!(inbox(&server, "POST", &format!("/{id}/erase"), "").status, 200);
        assert_eq!(stream.next(), None);
    }
    for act in ["say", "end", "erase"] {
        let answer = inbox(&server, "POST", &format!("/{id}/{act}"), r#"{"text":"x","token":"t"}"#);
        assert_eq!(answer.status, 404, "{act}");
    }
}

#[test]
fn a_conversation_goes_when_its_days_are_over() {
    let mut server = Server::start_with(&["--inbox-key", KEY, "--chat-days", "7", "--chat-db", "talks.sqlite"]);
    say(&server, 1, 1, "an old one");
    say(&server, 2, 1, "a newer one");
    server.stop();
    assert!(!server.dir().join("polku.sqlite.chat").exists());
    let file = server.dir().join("talks.sqlite");
    let days_ago = |days: i64, name: &str| {
        let database = rusqlite::Connection::open(&file).unwrap();
        let changed = database
            .execute("UPDATE conversations SET touched = touched - ?1 WHERE name = ?2", (days * 86_400, name))
            .unwrap();
        assert_eq!(changed, 1);
    };
    days_ago(8, &name(1));
    days_ago(6, &name(2));
    server.restart();
    // Whoever still knows the name is told that it is over, and begins another.
    assert_eq!(post(&server, 1, json!({"say":[{"n":2,"text":"still there?"}]})).status, 410);
    assert_eq!(heard(&server, 2), ["shopper: a newer one"]);
    let left = inbox(&server, "GET", "", "").json();
    assert_eq!(left["conversations"].as_array().unwrap().len(), 1);
    server.stop();
    let file = std::fs::read(&file).unwrap();
    assert!(!file.windows(10).any(|part| part == b"an old one"), "nothing of it is left in the file");
}

#[test]
fn closed_is_told_and_messages_are_taken() {
    // Open for one minute in a week that is never now.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let days = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"];
    let day = days[usize::try_from((now / 86_400 + 3) % 7).unwrap()];
    let hours: &'static str = format!("{day} 12:00-12:01").leak();
    let server = Server::start_with([["--inbox-key", KEY], ["--chat-hours", hours]].concat().leak());
    let state = server.get("/v1/chat?key=pk_demo").json();
    assert_eq!(state["open"], false);
    let opens = state["opens"].as_u64().unwrap();
    assert!((now + 86_400..now + 5 * 86_400).contains(&opens) && opens % 86_400 == 12 * 3600, "{state}");
    assert_eq!(say(&server, 1, 1, "are you there?")["last"], 1);
    assert_eq!(Stream::of(&server, 1, "").state(), json!({"open":false,"opens":opens,"place":1}));
}

#[test]
fn wrong_options_are_told_in_a_sentence() {
    for (args, words) in [
        (&["--chat-hours", "whenever"][..], "--chat-hours whenever"),
        (&["--chat-hours", "mon 9-17", "--chat-zone", "Moon/Base"], "--chat-zone Moon/Base"),
        (&["--chat-hours", "mon 9-17", "--chat-closed", "tomorrow"], "--chat-closed tomorrow"),
        (&["--inbox-key", "short"], "16"),
        (&["--chat-days", "0"], "--chat-days"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("pkg")).unwrap();
        let ran = common::polku().args(["serve", "--port", "0"]).args(args).current_dir(dir.path()).output().unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert!(!ran.status.success() && said.contains(words), "{said}");
        assert!(!said.contains("panicked"));
    }
}
