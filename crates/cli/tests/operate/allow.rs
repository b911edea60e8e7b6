//! Keys and origins.

use crate::common::{Response, Server, batch, event, id};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";

/// A batch of one view, of this key, from a page of this origin.
fn send(server: &Server, key: &str, journey: i64, origin: Option<&str>) -> Response {
    let mut body: Value =
        serde_json::from_str(&batch(&id(journey), "aaaaa", &[event(1, 0, "page_view", "awareness")])).unwrap();
    body["key"] = json!(key);
    let headers: Vec<_> =
        [("content-type", "text/plain")].into_iter().chain(origin.map(|origin| ("origin", origin))).collect();
    server.request("POST", "/v1/batch", &headers, &body.to_string())
}

fn journeys(server: &Server) -> usize {
    server.get("/api/journeys").json().as_array().unwrap().len()
}

#[test]
fn a_batch_of_another_key_is_refused_and_leaves_nothing() {
    let server = Server::start_with(&["--key", "pk_a", "--key", "pk_b"]);
    assert_eq!(send(&server, "pk_a", 1, None).status, 200);
    assert_eq!(send(&server, "pk_b", 2, None).status, 200);
    let refused = send(&server, "pk_c", 3, Some(SHOP));
    assert_eq!(refused.status, 403);
    assert!(refused.json()["error"].as_str().unwrap().contains("--key"), "{}", refused.body);
    assert_eq!(refused.header("access-control-allow-origin"), "*", "a widget that cannot read this would try for ever");
    // Nor may it erase.
    let erase = json!({"polku":1,"key":"pk_c","batch":"b","journey":{"id":id(1),"leg":"bbbbb"},
        "events":[{"seq":1,"name":"erase","data":{"journeys":[id(1)]}}]});
    assert_eq!(server.post("/v1/batch", "text/plain", &erase.to_string()).status, 403);
    assert_eq!(journeys(&server), 2);
}

#[test]
fn only_pages_of_the_shop_may_write_and_read_the_answer() {
    let server =
        Server::start_with(&["--origin", "https://Shop.example/", "--origin", "https://www.shop.example:8443"]);
    let preflight = |origin| {
        server.request("OPTIONS", "/v1/batch", &[("origin", origin), ("access-control-request-method", "POST")], "")
    };
    for (journey, origin) in [(1, SHOP), (2, "https://www.shop.example:8443")] {
        assert_eq!(preflight(origin).status, 204);
        for answer in [preflight(origin), send(&server, "pk_a", journey, Some(origin))] {
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert_eq!(answer.header("vary"), "origin");
        }
    }
    for origin in ["https://evil.example", "http://shop.example", "https://shop.example.evil", "null", ""] {
        for answer in [preflight(origin), send(&server, "pk_a", 3, Some(origin))] {
            assert_eq!(answer.status, 403, "{origin}");
            assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
            assert_eq!(answer.header("vary"), "origin");
        }
    }
    assert_eq!(journeys(&server), 2, "what is turned away is not stored either");
    assert_eq!(send(&server, "pk_a", 4, None).status, 200, "the shop's own server sends no origin");
}
