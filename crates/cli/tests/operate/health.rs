//! Signs of life, numbers, log.

use crate::access::{PASSWORD, enter, get, locked};
use crate::common::{Server, batch, event, id};
use serde_json::{Value, json};

/// The value of a line of the metrics.
fn number(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

#[test]
fn the_numbers_are_those_of_what_was_sent() {
    let server = Server::start();
    let events = [
        event(1, 0, "page_view", "awareness"),
        event(2, 9, "view_item", "consideration"),
        json!({"seq":3,"name":"Bad Name"}),
    ];
    server.send(&batch(&id(1), "aaaaa", &events));
    server.send(&batch(&id(1), "aaaaa", &events));
    server.post("/v1/batch", "text/plain", "nonsense");
    let answer = server.get("/metrics");
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
    let text = &answer.body;
    for (name, value) in [
        ("polku_batches_total{status=\"200\"}", 2.0),
        ("polku_batches_total{status=\"400\"}", 1.0),
        ("polku_events_accepted_total", 2.0),
        ("polku_events_duplicate_total", 2.0),
        ("polku_ingest_seconds_count", 2.0),
        ("polku_ingest_seconds_bucket{le=\"+Inf\"}", 2.0),
        ("polku_queue", 0.0),
        ("polku_journeys", 1.0),
    ] {
        assert_eq!(number(text, name), Some(value), "{name} in {text}");
    }
    assert!(number(text, "polku_database_bytes").unwrap() > 4096.0);
    let rejected = text.lines().find(|line| line.starts_with("polku_events_rejected_total{reason=")).unwrap();
    assert!(rejected.contains("name") && rejected.ends_with(" 2"), "{rejected}");
    assert!(text.ends_with("# EOF\n"));
    assert!(!text.contains(&id(1)) && !text.contains("pk_test") && !text.contains("Bad Name"));
}

#[test]
fn numbers_are_for_the_house() {
    let server = Server::start();
    for headers in [("x-forwarded-for", "203.0.113.7"), ("host", "shop.example"), ("sec-fetch-site", "cross-site")] {
        assert_eq!(server.request("GET", "/metrics", &[headers], "").status, 401, "{headers:?}");
    }
    let server = locked(&["--metrics-token", "0123456789abcdef"]);
    assert_eq!(server.get("/metrics").status, 401, "where there is a token, this machine needs it too");
    for (given, status) in [
        ("Bearer 0123456789abcdef", 200),
        ("Bearer 0123456789abcdeF", 401),
        ("0123456789abcdef", 401),
        ("Bearer ", 401),
    ] {
        assert_eq!(server.request("GET", "/metrics", &[("authorization", given)], "").status, status, "{given}");
    }
    assert_eq!(server.request("GET", "/api/map", &[("authorization", "Bearer 0123456789abcdef")], "").status, 401);
    assert_eq!(get(&server, "/metrics", &enter(&server, PASSWORD)).status, 200);
}

#[test]
fn everybody_may_ask_whether_it_lives_and_hears_no_more() {
    let server = locked(&[]);
    for (path, body) in [("/healthz", json!({"ok":true})), ("/readyz", json!({"ready":true}))] {
        let answer = server.request("GET", path, &[("host", "10.0.0.7:8600")], "");
        assert_eq!((answer.status, answer.json()), (200, body));
    }
}

#[test]
fn the_log_says_when_it_began_and_ended_and_nothing_of_anybody() {
    for (format, lines) in [("json", 2), ("text", 2), ("off", 0)] {
        let mut server = Server::start_with(&["--log", format, "--inbox-key", "0123456789abcdef"]);
        let headers =
            [("content-type", "text/plain"), ("user-agent", "Xyzzy/9.1"), ("x-forwarded-for", "203.0.113.77")];
        server.request(
            "POST",
            "/v1/batch",
            &headers,
            &batch(&id(1), "aaaaa", &[event(1, 0, "page_view", "awareness")]),
        );
        server.request("POST", "/v1/batch", &headers, "nonsense");
        server.get(&format!("/api/journeys/{}", id(1)));
        server.get("/no/such/page?mail=anna@example.fi");
        server.stop();
        let said = std::fs::read_to_string(server.dir().join("said.log")).unwrap();
        assert_eq!(said.lines().count(), lines, "{format}: {said}");
        for word in ["Xyzzy", "203.0.113", "127.0.0.1", "pk_test", &id(1), "anna", "no/such"] {
            assert!(!said.contains(word), "{word}: {said}");
        }
        if format == "json" {
            let said: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!((&said[0]["message"], &said[1]["message"]), (&json!("started"), &json!("stopped")));
            assert_eq!((&said[0]["level"], &said[0]["locked"]), (&json!("INFO"), &json!(false)));
        }
    }
}
