//! What the shop states, at a running server: read, written, kept apart.
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
mod common;

use common::{Response, Server};
use serde_json::{Value, json};

const JSON: (&str, &str) = ("content-type", "application/json");

fn put(server: &Server, query: &str, revision: &str, body: &Value) -> Response {
    let path = format!("/api/statements{query}");
    server.request("PUT", &path, &[JSON, ("if-match", revision)], &body.to_string())
}

#[test]
fn a_document_is_read_and_written_by_revision() {
    let mut server = Server::start();
    let empty = server.get("/api/statements");
    assert_eq!((empty.status, empty.header("etag"), empty.header("cache-control")), (200, "\"0\"", "no-store"));
    assert_eq!(empty.json(), json!({"beliefs":[],"targets":[],"changes":[],"goals":[]}));
    let one = json!({"beliefs":[{"stage":"decision","emotion":"satisfied"}],
        "changes":[{"on":"2026-11-09","what":"Later"},{"on":"2026-11-02","what":"Sooner","stage":"decision"}],
        "goals":[{"id":"buy","kpi":"conversion","from":2,"to":3,"by":"2099-01-01"}]});
    let written = put(&server, "", "\"0\"", &one);
    assert_eq!((written.status, written.header("etag")), (200, "\"1\""), "{}", written.body);
    assert_eq!(written.json()["changes"][0]["what"], "Sooner", "in the order of the days");
    assert!(written.json()["goals"][0]["since"].is_string(), "since when it counts is filled in");
    assert_eq!(server.get("/api/statements").body, written.body);
    // Whoever has not seen it overwrites nothing.
    let late = put(&server, "", "\"0\"", &json!({}));
    assert_eq!(late.status, 412, "{}", late.body);
    assert!(late.json()["error"].as_str().unwrap().contains("revision 1"));
    assert_eq!(put(&server, "", "W/\"1\"", &one).status, 200, "a proxy that compresses makes the tag weak");
    // Another shop's is another document, and both outlive a restart.
    assert_eq!(put(&server, "?key=pk_test", "\"0\"", &json!({})).status, 200);
    assert_eq!(server.get("/api/statements?key=pk_test").header("etag"), "\"1\"");
    server.kill();
    server.restart();
    assert_eq!(server.get("/api/statements").header("etag"), "\"2\"");
}

#[test]
fn what_is_wrong_is_refused_with_a_sentence() {
    let server = Server::start();
    let goal = json!({"id":"a","kpi":"nps","from":1,"to":2,"by":"2099-01-01"});
    let cases = [
        (json!({"goals":[goal, goal]}), "goals[1].id"),
        (json!({"goals":[{"id":"a","kpi":"nps","from":1,"to":2,"by":"soon"}]}), "goals[0].by: must be a day"),
        (
            json!({"goals":[{"id":"a","kpi":"nps","from":1,"to":2,"by":"2020-01-01"}]}),
            "goals[0].by: must be a day after",
        ),
        (json!({"promise":[]}), "unknown field `promise`"),
        (json!([]), "must be an object"),
    ];
    for (body, words) in cases {
        let answer = put(&server, "", "\"0\"", &body);
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["error"].as_str().unwrap().contains(words), "{}", answer.body);
    }
    let ask = |headers: &[(&str, &str)], body: &str| server.request("PUT", "/api/statements", headers, body).status;
    assert_eq!(ask(&[JSON], "{}"), 428, "nobody writes blindly");
    assert_eq!(ask(&[JSON, ("if-match", "*")], "{}"), 412);
    assert_eq!(ask(&[("content-type", "text/plain"), ("if-match", "\"0\"")], "{}"), 415);
    assert_eq!(ask(&[JSON, ("if-match", "\"0\"")], &" ".repeat(300_000)), 413);
    assert_eq!(put(&server, "?key=no%20key", "\"0\"", &json!({})).status, 400);
    assert_eq!(put(&server, "?kee=a", "\"0\"", &json!({})).status, 400);
    let foreign = [JSON, ("if-match", "\"0\""), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")];
    assert_eq!(ask(&foreign, "{}"), 403, "no page of another site writes");
    assert_eq!(server.request("POST", "/api/statements", &[JSON], "{}").status, 405);
    assert_eq!(server.get("/api/statements").header("etag"), "\"0\"", "nothing of it was written");
}

#[test]
fn a_reader_of_some_shops_reads_and_writes_theirs_alone() {
    let server = Server::start_with(&[
        "--identity-header",
        "x-forwarded-user",
        "--reader",
        "anna@shop.example=pk_a",
        "--reader",
        "both@shop.example=pk_a,pk_b",
        "--reader",
        "bo@shop.example=*",
    ]);
    let ask = |method: &str, query: &str, who: &str, body: &str| {
        let path = format!("/api/statements{query}");
        server.request(method, &path, &[JSON, ("if-match", "\"0\""), ("x-forwarded-user", who)], body)
    };
    let said = |what: &str| json!({"changes":[{"on":"2026-11-02","what":what}]}).to_string();
    for (key, what) in [("", "of all"), ("?key=pk_b", "of b")] {
        assert_eq!(ask("PUT", key, "bo@shop.example", &said(what)).status, 200);
    }
    assert_eq!(ask("PUT", "", "anna@shop.example", &said("of a")).status, 200, "one shop is meant without its name");
    assert!(ask("GET", "?key=pk_a", "bo@shop.example", "").body.contains("of a"));
    assert!(!ask("GET", "", "anna@shop.example", "").body.contains("of all"));
    for query in ["?key=pk_b", "?key=pk_c"] {
        for method in ["GET", "PUT"] {
            let answer = ask(method, query, "anna@shop.example", "{}");
            assert!(answer.status == 403 && !answer.body.contains("of b"), "{method} {query}: {}", answer.body);
        }
    }
    assert_eq!(ask("GET", "", "both@shop.example", "").status, 403, "whoever reads two says which");
    assert!(ask("GET", "?key=pk_b", "both@shop.example", "").body.contains("of b"));
    assert_eq!(ask("GET", "", "nobody@shop.example", "").status, 401);
    // A link that somebody of the shop gives away opens none of it.
    let headers = [JSON, ("x-forwarded-user", "bo@shop.example")];
    let link = server.request("POST", "/api/share", &headers, r#"{"view":"map"}"#).json()["link"].clone();
    let token = link.as_str().unwrap().strip_prefix("/share/").unwrap().to_owned();
    for method in ["GET", "PUT"] {
        let path = format!("/api/statements?share={token}");
        assert_eq!(server.request(method, &path, &[JSON, ("if-match", "\"1\"")], "{}").status, 403, "{method}");
    }
}
