//! What the shop states, at a running server: read, written, kept apart.
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
mod common;

use common::{Response, Server, batch, event, id};
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

/// 2026-11-22.
const DAY: i64 = 1_795_305_600;

/// From five weeks before 2026-10-01 to five weeks after it, twenty journeys a day; one in five bought before, two in five after.
fn planted() -> Server {
    let server = Server::start();
    for day in -35..35 {
        for n in 0..20 {
            let mut events = vec![event(1, 0, "page_view", "awareness"), event(2, 9_000, "view_cart", "decision")];
            if n % 5 < if day < 0 { 1 } else { 2 } {
                let mut bought = event(3, 20_000, "purchase", "decision");
                bought["data"] = json!({"value":50,"currency":"EUR"});
                events.push(bought);
            }
            let mut sent: Value = serde_json::from_str(&batch(&id((day + 35) * 20 + n), "aaaaa", &events)).unwrap();
            let started = DAY - 52 * 86_400 + day * 86_400 + n * 60;
            sent["sent"] = json!(started + 60);
            sent["journey"]["started"] = json!(started);
            sent["key"] = json!(if n < 15 { "pk_a" } else { "pk_b" });
            server.send(&sent.to_string());
        }
    }
    server
}

#[test]
fn a_change_that_helped_and_a_goal_behind_are_told() {
    let server = planted();
    let stated = json!({
        "changes": [{"on":"2026-10-01","what":"New checkout","stage":"decision"},{"on":"2026-11-20","what":"A banner"}],
        "goals": [
            {"id":"more","kpi":"conversion","from":20,"to":50,"since":"2026-10-01","by":"2026-12-02","owner":"Anna"},
            {"id":"reach","kpi":"reached","stage":"decision","from":50,"to":90,"since":"2026-10-01","by":"2026-12-02"},
            {"id":"love","kpi":"nps","from":10,"to":20,"since":"2026-10-01","by":"2026-12-02"}
        ]
    });
    assert_eq!(put(&server, "", "\"0\"", &stated).status, 200);

    let told = server.get("/api/before-after?on=2026-11-22").json();
    assert_eq!((&told["changes"][0]["what"], &told["changes"][0]["short"]), (&json!("A banner"), &json!("too_soon")));
    let change = &told["changes"][1];
    assert_eq!(
        (&change["days"], &change["since"], &change["until"]),
        (&json!(28), &json!("2026-09-03"), &json!("2026-10-28"))
    );
    let bought = &change["measures"][0];
    assert_eq!((&bought["kpi"], &bought["told"]), (&json!("conversion"), &json!("better")));
    assert_eq!((&bought["before"]["value"], &bought["after"]["value"]), (&json!(20.0), &json!(40.0)));
    assert_eq!((&bought["gap"]["points"], &bought["before"]["n"]), (&json!(20.0), &json!(560)));
    // The shop of a key is measured alone, by what it states itself.
    assert_eq!(server.get("/api/before-after?key=pk_a&on=2026-11-22").json()["changes"], json!([]));
    assert_eq!(put(&server, "?key=pk_b", "\"0\"", &json!({"changes":[{"on":"2026-10-01","what":"Ours"}]})).status, 200);
    let ours = server.get("/api/before-after?key=pk_b&on=2026-11-22&days=14").json();
    let bought = &ours["changes"][0]["measures"][0];
    assert_eq!((&bought["before"]["n"], &ours["changes"][0]["days"]), (&json!(70), &json!(14)));

    // On the first of November half of the way is gone: 35 is expected, and 40 of 100 buy.
    let goals = server.get("/api/goals?on=2026-11-01").json();
    let of = |at: usize, member: &str| goals["goals"][at][member].clone();
    assert_eq!((of(0, "state"), of(0, "expected"), of(0, "owner")), (json!("on_track"), json!(35.0), json!("Anna")));
    assert_eq!(goals["goals"][0]["now"]["value"], 40.0);
    assert_eq!((of(0, "sure"), of(1, "state"), of(2, "state")), (json!(true), json!("reached"), json!("too_few")));
    let late = server.get("/api/goals?on=2026-12-02").json();
    assert_eq!(late["goals"][0]["state"], "too_few", "four weeks without a journey");
    assert_eq!(late["goals"][0]["line"].as_array().unwrap().len(), 2);

    for (query, words) in [
        ("goals?on=soon", "\"on\" must be a day"),
        ("before-after?days=6", "\"days\" must be from 7 to 182"),
        ("goals?since=2026-01-01", "since"),
    ] {
        let answer = server.get(&format!("/api/{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.json()["error"].as_str().unwrap().contains(words), "{}", answer.body);
    }
}

#[test]
fn the_set_up_says_what_arrives_and_what_does_not() {
    let empty = Server::start().get("/api/setup").json();
    assert_eq!((&empty["last_event"], &empty["shops"], &empty["origins"]), (&Value::Null, &json!([]), &json!([])));
    let server = planted();
    let setup = server.get("/api/setup").json();
    let last = DAY - 18 * 86_400 + 19 * 60 + 9;
    assert_eq!((&setup["last_event"], &setup["consent"]), (&json!(last), &json!([{"by":"api","journeys":1400}])));
    assert_eq!(setup["last_purchase"], json!(DAY - 18 * 86_400 + 16 * 60 + 20));
    let missing = |list: &str| {
        let all = setup[list].as_array().unwrap().iter();
        all.filter(|one| one["last"].is_null()).map(|one| one["name"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(missing("touchpoints"), ["view_item", "add_to_cart", "begin_checkout"]);
    assert_eq!(missing("stages"), ["consideration", "retention", "advocacy"]);
    let keys: Vec<_> = setup["shops"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(keys, ["pk_a", "pk_b"]);
    assert_eq!(server.get("/api/setup?key=pk_b").json()["without_consent"]["of"], 350);
    assert_eq!(server.get("/api/setup?kee=pk_b").status, 400);

    let locked = [
        "--identity-header",
        "x-forwarded-user",
        "--reader",
        "anna@shop.example=pk_b",
        "--origin",
        "https://shop.example",
    ];
    let locked = Server::start_with(&locked);
    for (n, key) in [(1, "pk_a"), (2, "pk_b")] {
        let mut sent: Value =
            serde_json::from_str(&batch(&id(n), "aaaaa", &[event(1, 0, "page_view", "awareness")])).unwrap();
        sent["key"] = json!(key);
        locked.send(&sent.to_string());
    }
    let told = locked.request("GET", "/api/setup", &[("x-forwarded-user", "anna@shop.example")], "");
    assert!(!told.body.contains("pk_a") && told.body.contains("pk_b"), "{}", told.body);
    assert_eq!(told.json()["origins"], Value::Null, "which other shops there are is nobody's business");
    let other = locked.request("GET", "/api/setup?key=pk_a", &[("x-forwarded-user", "anna@shop.example")], "");
    assert_eq!((&other.json()["last_event"], &other.json()["shops"]), (&Value::Null, &json!([])));
}
