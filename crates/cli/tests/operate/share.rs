//! Shared links: aggregates for somebody outside, for some days.

use crate::access::{PASSWORD, enter, get, locked};
use crate::common::{Response, Server, batch, event, id};
use serde_json::{Value, json};

const SECRET: &str = "xyzzy-plugh-frotz";

fn share(server: &Server, cookie: &str, body: &str) -> Response {
    server.request("POST", "/api/share", &[("content-type", "application/json"), ("cookie", cookie)], body)
}

/// Forty journeys: all begin, 12 look at something, 3 buy and say something.
fn plant(server: &Server) {
    for n in 0..40 {
        let mut events = vec![event(1, 0, "page_view", "awareness")];
        if n < 12 {
            events.push(event(2, 10_000, "view_item", "consideration"));
        }
        if n < 3 {
            events.push(event(3, 20_000, "purchase", "decision"));
            events.push(json!({"seq":4,"at":30_000,"name":"prompt_answer","lens":"felt","stage":"decision",
                "data":{"prompt":"order","sub":"s","step":"q","rev":1,"ask":"text","text":SECRET}}));
        }
        server.send(&batch(&id(n), "aaaaa", &events));
    }
}

/// Whole numbers from 1 to 9 in an answer, but for those that count nobody.
fn small(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| small(value, &format!("{path}.{name}"), found))
        }
        Value::Array(items) => items.iter().for_each(|value| small(value, path, found)),
        value if value.as_u64().is_some_and(|n| (1..10).contains(&n)) => found.push(format!("{path} {value}")),
        _ => (),
    }
}

#[test]
fn a_link_shows_aggregates_and_nothing_else() {
    let mut server = locked(&[]);
    plant(&server);
    let cookie = enter(&server, PASSWORD);
    let made = share(&server, &cookie, r#"{"view":"map","days":7}"#);
    assert_eq!(made.status, 201, "{}", made.body);
    let link = made.json()["link"].as_str().unwrap().to_owned();
    let days = (made.json()["until"].as_i64().unwrap() - std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() as i64)
        as f64
        / 86_400.0;
    assert!((6.99..=7.0).contains(&days), "{days}");

    // A link in a mail: no session, one step from another site.
    let opened = server.get(&link);
    assert_eq!((opened.status, opened.header("location")), (303, "/map/"));
    let kept = opened.header("set-cookie");
    assert!(kept.contains("HttpOnly; SameSite=Lax"), "{kept}");
    let kept = kept.split(';').next().unwrap().to_owned();
    assert_eq!(get(&server, "/map/", &kept).status, 200);
    assert_eq!(get(&server, "/map/main.js", &kept).status, 200);
    let shown = get(&server, "/api/map", &kept);
    assert_eq!(shown.status, 200);
    let map = shown.json();
    assert_eq!(
        (&map["totals"]["journeys"], &map["totals"]["purchases"], &map["totals"]["conversion"]),
        (&json!(40), &Value::Null, &Value::Null)
    );
    assert_eq!((&map["stages"][1]["entered"], &map["stages"][2]["entered"]), (&json!(12), &Value::Null));
    assert_eq!(map["stages"][0]["lenses"]["did"][0]["journeys"], 40);
    let mut found = vec![];
    small(&map, "", &mut found);
    assert!(found.is_empty(), "{found:?}");
    assert!(!shown.body.contains(SECRET) && !shown.body.contains(&id(1)));
    // Whoever has the password sees all of it, before and after.
    assert!(get(&server, "/api/map", &cookie).body.contains(SECRET));

    for path in [
        "/api/journeys",
        &format!("/api/journeys/{}", id(1)),
        "/api/prompts",
        "/api/map?door=mail",
        "/api/cell?stage=decision&lens=did",
        "/api/statements",
        "/api/filters",
        "/preview/",
        "/api/health",
    ] {
        assert_eq!(get(&server, path, &kept).status, 403, "{path}");
    }
    assert_eq!(share(&server, &kept, r#"{"view":"map","days":90}"#).status, 403, "a link makes no links");
    let token = link.strip_prefix("/share/").unwrap().to_owned();
    let named = server.get(&format!("/api/map?share={token}"));
    assert_eq!(named.json(), map, "a program may name it in the address");
    assert!(!get(&server, &format!("/api/map?share={token}"), &cookie).body.contains(SECRET), "as others see it");
    server.stop();
    server.restart();
    assert_eq!(get(&server, "/api/map", &kept).status, 200, "a link outlives a restart");
}

#[test]
fn a_link_that_is_not_ours_opens_nothing() {
    let (server, other) = (locked(&[]), locked(&[]));
    let made = share(&other, &enter(&other, PASSWORD), r#"{"view":"map"}"#).json();
    let foreign = made["link"].as_str().unwrap();
    let own = share(&server, &enter(&server, PASSWORD), r#"{"view":"prompts"}"#).json();
    let own = own["link"].as_str().unwrap();
    let (payload, mark) = own.strip_prefix("/share/").unwrap().split_once('.').unwrap();
    for token in [
        foreign.strip_prefix("/share/").unwrap(),
        &format!("{payload}.{}", &mark[1..]),
        &format!("{payload}A.{mark}"),
        "x",
        ".",
    ] {
        assert_eq!(server.get(&format!("/share/{token}")).status, 410, "{token}");
        assert_eq!(server.get(&format!("/api/map?share={token}")).status, 401, "{token}");
        assert_eq!(get(&server, "/api/map", &format!("polku_share={token}")).status, 401, "{token}");
    }
    assert_eq!(server.get(&format!("/api/prompts?share={payload}.{mark}")).status, 200);
    assert_eq!(
        server.get(&format!("/api/prompts?door=mail&share={payload}.{mark}")).status,
        403,
        "two filters differ by one shopper"
    );
    assert_eq!(server.get(&format!("/api/map?share={payload}.{mark}")).status, 403);
}

#[test]
fn a_link_is_asked_for_by_somebody_of_the_shop() {
    let server = locked(&[]);
    assert_eq!(share(&server, "", r#"{"view":"map"}"#).status, 401);
    let cookie = enter(&server, PASSWORD);
    for bad in [
        "",
        "{}",
        r#"{"view":"journeys"}"#,
        r#"{"view":"map","days":0}"#,
        r#"{"view":"map","days":91}"#,
        r#"{"view":"map","dayz":1}"#,
        r#"{"view":"journey"}"#,
        r#"{"view":"goals"}"#,
        r#"{"view":"map","wanted":{"colour":"red"}}"#,
        r#"{"view":"map","wanted":{"door":""}}"#,
    ] {
        assert_eq!(share(&server, &cookie, bad).status, 400, "{bad}");
    }
    let foreign = [
        ("content-type", "application/json"),
        ("cookie", cookie.as_str()),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "cors"),
    ];
    assert_eq!(server.request("POST", "/api/share", &foreign, r#"{"view":"map"}"#).status, 403);
}

/// Views with their answers, as the page asks for them.
const VIEWS: [(&str, &str, &str); 8] = [
    ("map", "/api/map", "{}"),
    ("paths", "/api/paths?device=mobile", r#"{"device":"mobile"}"#),
    ("friction", "/api/friction?outcome=csat", r#"{"outcome":"csat"}"#),
    ("voice", "/api/voice", "{}"),
    ("gap", "/api/gap", "{}"),
    ("compare", "/api/groups?by=door", r#"{"by":"door"}"#),
    ("products", "/api/products", "{}"),
    ("prompts", "/api/prompts", "{}"),
];

#[test]
fn every_view_of_aggregates_can_be_shared_and_no_other_is_opened() {
    let server = locked(&[]);
    plant(&server);
    // Enough for something to be left of each.
    for n in 100..160 {
        let door = ["mail", "search"][usize::from(n % 3 == 0)];
        let mut first = event(1, 0, "page_view", "awareness");
        first["data"] = json!({"door":door});
        let item = json!({"items":[{"item_id":"CUP-1","item_category":"Cups"}]});
        let mut seen = event(2, 10_000, "view_item", "consideration");
        seen["data"] = item;
        let said = json!({"seq":3,"at":30_000,"name":"prompt_answer","lens":"felt","stage":"consideration",
            "data":{"prompt":"found","sub":"s","step":"q","rev":1,"ask":"csat","score": 1 + n % 5}});
        server.send(&batch(&id(n), "aaaaa", &[first, seen, said]));
    }
    let cookie = enter(&server, PASSWORD);
    assert_eq!(get(&server, "/api/reader", &cookie).json(), json!({"signed_in":true,"shared":null}));
    assert_eq!(get(&server, "/api/reader", "").status, 401);
    for (view, answer, wanted) in VIEWS {
        let made = share(&server, &cookie, &format!(r#"{{"view":"{view}","days":3,"wanted":{wanted}}}"#));
        assert_eq!(made.status, 201, "{view}: {}", made.body);
        let opened = server.get(made.json()["link"].as_str().unwrap());
        assert_eq!(opened.status, 303, "{view}");
        let place = opened.header("location").to_owned();
        assert!(place == "/map/" && view == "map" || place.starts_with(&format!("/map/#/{view}")), "{place}");
        let kept = opened.header("set-cookie").split(';').next().unwrap().to_owned();
        let reader = get(&server, "/api/reader", &kept).json();
        assert_eq!(
            (&reader["signed_in"], &reader["shared"]["view"], reader["shared"]["wanted"].to_string()),
            (&json!(false), &json!(view), wanted.to_owned())
        );
        let shown = get(&server, answer, &kept);
        assert_eq!(shown.status, 200, "{view}: {}", shown.body);
        let mut found = vec![];
        small(&shown.json(), "", &mut found);
        found.retain(|number| {
            !number.starts_with(".flows.step ") && !number.contains(".version ") && !number.contains(".scale ")
        });
        assert!(found.is_empty(), "{view}: {found:?}");
        assert!(!shown.body.contains(SECRET) && !shown.body.contains("example"), "{view}");
        assert!((0..160).all(|n| !shown.body.contains(&id(n))), "{view} names a journey");
        for (other, address, _) in VIEWS.into_iter().filter(|(other, ..)| *other != view) {
            assert_eq!(get(&server, address, &kept).status, 403, "{view} opens {other}");
        }
        let more = if answer.contains('?') { '&' } else { '?' };
        assert_eq!(get(&server, &format!("{answer}{more}lang=fi"), &kept).status, 403, "{view}: another filter");
    }
    // Something is left of what is enough.
    let link = share(&server, &cookie, r#"{"view":"compare","wanted":{"by":"device"}}"#).json()["link"]
        .as_str()
        .unwrap()
        .to_owned();
    let groups = server.get(&format!("/api/groups?by=device&share={}", link.strip_prefix("/share/").unwrap())).json();
    assert_eq!(groups["all"]["share"]["n"], 100);
}

#[test]
fn a_link_tells_what_is_believed_and_not_why_nor_what_is_wanted() {
    let server = locked(&[]);
    plant(&server);
    let cookie = enter(&server, PASSWORD);
    let stated = json!({"beliefs":[{"stage":"decision","emotion":"satisfied","note":SECRET}],"targets":[{"stage":"decision","kpi":"conversion","target":43.21}]});
    let headers = [("content-type", "application/json"), ("if-match", "\"0\""), ("cookie", cookie.as_str())];
    let put = server.request("PUT", "/api/statements", &headers, &stated.to_string());
    assert_eq!(put.status, 200, "{}", put.body);
    let shown = |view: &str, address: &str| {
        let link =
            share(&server, &cookie, &format!(r#"{{"view":"{view}"}}"#)).json()["link"].as_str().unwrap().to_owned();
        server.get(&format!("{address}?share={}", link.strip_prefix("/share/").unwrap()))
    };
    let gap = shown("gap", "/api/gap");
    assert_eq!((&gap.json()["stages"][2]["belief"], gap.body.contains(SECRET)), (&json!("satisfied"), false));
    assert!(
        get(&server, "/api/gap", &cookie).body.contains(SECRET)
            && get(&server, "/api/map", &cookie).body.contains("43.21")
    );
    assert!(!shown("map", "/api/map").body.contains("43.21"));
}
