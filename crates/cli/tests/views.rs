//! The views on journeys at a running server: batches in, views out.
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
mod common;

use common::{Server, batch, event, id};
use serde_json::{Value, json};

/// 2026-11-22, and the day before.
const DAY: i64 = 1_795_305_600;

/// A journey by a door, on a day, that met a declined payment or did not, and bought or did not.
fn journey(n: i64, door: &str, started: i64, declined: bool, bought: bool) -> String {
    let with = |mut event: Value, data: Value| {
        event["data"] = data;
        event
    };
    let cup = json!({"items":[{"item_id":"CUP-1","item_category":"Cups"}]});
    let mut events = vec![
        with(
            event(1, 0, "page_view", "awareness"),
            json!({"door":door,"variant":{"button": if n % 2 == 0 { "green" } else { "blue" }}}),
        ),
        with(event(2, 10_000, "view_item", "consideration"), cup.clone()),
        with(event(3, 20_000, "add_to_cart", "decision"), cup.clone()),
    ];
    if declined {
        events.push(with(event(4, 30_000, "payment_declined", "decision"), json!({})));
    }
    if bought {
        events.push(with(
            event(5, 40_000, "purchase", "decision"),
            json!({"value":50,"currency":"EUR","items":cup["items"]}),
        ));
    }
    events.push(with(
        event(6, 50_000, "prompt_answer", "decision"),
        json!({"prompt":"order","sub":"s","step":"nps","rev":1,"ask":"nps","score": if declined { 2 } else { 10 }}),
    ));
    if n % 10 == 0 {
        events.push(with(event(7, 60_000, "prompt_answer", "decision"),
            json!({"prompt":"order","sub":"s","step":"why","rev":1,"ask":"text","text":format!("words of {n}"),"themes":["payment"],"emotion":"frustrated"})));
    }
    let mut batch: Value = serde_json::from_str(&batch(&id(n), "aaaaa", &events)).unwrap();
    batch["sent"] = json!(started + 60);
    batch["journey"]["started"] = json!(started);
    batch["journey"]["device"] = json!(if n % 4 == 0 { "desktop" } else { "mobile" });
    batch.to_string()
}

/// 160 journeys, half by mail: 80 met a declined payment, of which 20 bought; of the other 80, 60 did. By mail all of these.
fn planted() -> Server {
    let server = Server::start();
    for n in 0..160 {
        let declined = n % 4 < 2;
        let bought = if declined { n % 16 < 4 } else { n % 16 < 12 };
        server.send(&journey(n, if n < 80 { "mail" } else { "ad" }, DAY - (n % 2) * 86_400, declined, bought));
    }
    server
}

fn erase(server: &Server, of: &[String]) {
    server.send(&batch(&of[0], "bbbbb", &[json!({"seq":9,"at":0,"name":"erase","data":{"journeys":of}})]));
}

#[test]
fn what_was_planted_is_told() {
    let server = planted();
    let paths = server.get("/api/paths").json();
    assert_eq!(
        (&paths["bought"]["n"], &paths["bought"]["of"], &paths["bought"]["percent"]),
        (&json!(80), &json!(160), &json!(50.0))
    );
    assert_eq!(paths["typical"][0]["path"], json!(["awareness", "consideration", "decision"]));
    assert_eq!(paths["to_purchase"], json!({"n":80,"quarter":40_000,"median":40_000,"three_quarters":40_000}));
    let out: u64 = paths["flows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|flow| flow["step"] == 2)
        .map(|flow| flow["journeys"].as_u64().unwrap())
        .sum();
    assert_eq!(out, 160, "whoever comes to the last step leaves it or has bought: {}", paths["flows"]);

    let friction = &server.get("/api/friction").json();
    let declined = &friction["frictions"][0];
    assert_eq!(
        (&declined["name"], &declined["with"]["percent"], &declined["without"]["percent"]),
        (&json!("payment_declined"), &json!(25.0), &json!(75.0))
    );
    assert!(declined["gap"]["high"].as_f64().unwrap() < 0.0 && declined["orders"]["middle"] == 40.0, "{declined}");
    assert_eq!(
        (&declined["money"]["middle"], &friction["order"]),
        (&json!(2000.0), &json!({"value":50.0,"currency":"EUR"}))
    );

    let groups = server.get("/api/groups?by=door").json();
    assert_eq!(groups["groups"].as_array().unwrap().len(), 2);
    assert_eq!((&groups["groups"][0]["name"], &groups["groups"][0]["share"]["n"]), (&json!("ad"), &json!(80)));
    let trials = server.get("/api/groups?by=variant").json();
    assert_eq!(
        trials["groups"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["button=blue", "button=green"]
    );
    for by in ["device", "lang", "order"] {
        let of = server.get(&format!("/api/groups?by={by}")).json();
        let sum: u64 = of["groups"].as_array().unwrap().iter().map(|group| group["share"]["n"].as_u64().unwrap()).sum();
        assert_eq!((&of["by"], sum), (&json!(by), 160));
    }

    let voice = server.get("/api/voice").json();
    assert_eq!((&voice["scores"]["nps"]["n"], &voice["scores"]["nps"]["score"]), (&json!(160), &json!(0)));
    assert_eq!(
        (&voice["themes"][0]["theme"], &voice["themes"][0]["emotions"]["frustrated"]),
        (&json!("payment"), &json!(16))
    );
    assert_eq!(voice["words"][0]["path"], json!(["awareness", "consideration", "decision"]));
    assert_eq!(voice["words"].as_array().unwrap().len(), 16);

    let products = server.get("/api/products").json();
    assert_eq!(
        (&products["items"][0]["name"], &products["items"][0]["seen"], &products["items"][0]["bought"]["n"]),
        (&json!("CUP-1"), &json!(160), &json!(80))
    );
    assert_eq!(products["categories"][0]["name"], "Cups");
}

#[test]
fn a_filter_takes_some_and_says_what_it_may_be() {
    let server = planted();
    let filters = server.get("/api/filters").json();
    assert_eq!(filters["door"], json!({"ad":80,"mail":80}));
    assert_eq!(filters["variant"], json!({"button=blue":80,"button=green":80}));
    assert_eq!(filters["device"], json!({"desktop":40,"mobile":120}));
    assert_eq!(
        (&filters["journeys"], &filters["since"], &filters["until"]),
        (&json!(160), &json!("2026-11-21"), &json!("2026-11-22"))
    );
    // Each word alone takes as many as it says, on each view.
    let of = |query: &str| server.get(&format!("/api/paths?{query}")).json()["bought"]["of"].clone();
    for (query, n) in [
        ("door=mail", 80),
        ("device=desktop", 40),
        ("variant=button%3Dgreen", 80),
        ("since=2026-11-22", 80),
        ("until=2026-11-21", 80),
        ("since=2026-11-21&until=2026-11-22", 160),
        ("bought=yes", 80),
        ("bought=no&door=ad", 40),
        ("lang=fi&key=pk_test", 160),
        ("lang=fi&door=mail&device=desktop&bought=yes", 5),
        ("door=", 160),
        // What nobody bears takes nobody; it is no mistake.
        ("door=pigeon", 0),
        ("key=pk_other", 0),
        ("since=2027-01-01", 0),
    ] {
        assert_eq!(of(query), n, "{query}");
    }
    assert_eq!(server.get("/api/voice?door=mail").json()["scores"]["nps"]["n"], 80);
    assert_eq!(server.get("/api/products?bought=no").json()["items"][0]["seen"], 80);
    assert_eq!(server.get("/api/groups?by=device&door=mail").json()["all"]["share"]["n"], 80);
    // Whether journeys bought is what these two count.
    let friction = server.get("/api/friction?bought=yes").json();
    assert_eq!(friction["frictions"][0]["without"]["percent"], 75.0);
    assert_eq!(server.get("/api/friction?door=mail").json()["frictions"][0]["met"]["n"], 40);
}

/// What the shop states, as its owner writes it.
fn state(server: &Server, key: &str, statements: &Value) {
    let headers = [("content-type", "application/json"), ("if-match", "\"0\"")];
    let put = server.request("PUT", &format!("/api/statements?key={key}"), &headers, &statements.to_string());
    assert_eq!(put.status, 200, "{}", put.body);
}

#[test]
fn the_map_takes_the_filter_and_stands_beside_targets() {
    let server = planted();
    let map = |query: &str| server.get(&format!("/api/map?{query}")).json();
    for (query, journeys, bought) in [
        ("", 160, 80),
        ("door=mail", 80, 40),
        ("variant=button%3Dgreen", 80, 40),
        ("device=desktop&door=mail", 20, 5),
        ("since=2026-11-22", 80, 40),
        ("bought=no", 80, 0),
        ("key=pk_test", 160, 80),
        ("key=pk_other", 0, 0),
    ] {
        let totals = map(query)["totals"].clone();
        assert_eq!((&totals["journeys"], &totals["purchases"]), (&json!(journeys), &json!(bought)), "{query}");
    }
    let decision = &map("door=mail")["stages"][2];
    assert_eq!(
        (&decision["entered"], &decision["friction"][0]["name"], &decision["friction"][0]["journeys"]),
        (&json!(80), &json!("payment_declined"), &json!(40))
    );
    let conversion = |map: &Value| map["stages"][2]["kpis"][0].clone();
    assert_eq!(
        (&conversion(&map(""))["measured"]["value"], &conversion(&map(""))["verdict"]),
        (&json!(50.0), &Value::Null)
    );
    let target = |target: f64| json!({"targets":[{"stage":"decision","kpi":"conversion","target":target},{"stage":"decision","kpi":"nps","target":30}]});
    state(&server, "", &target(80.0));
    state(&server, "pk_test", &target(45.0));
    assert_eq!((&conversion(&map(""))["target"], &conversion(&map(""))["verdict"]), (&json!(80.0), &json!("behind")));
    // The shop that the filter names has targets of its own.
    assert_eq!(conversion(&map("key=pk_test"))["verdict"], "on");
    assert_eq!(map("")["stages"][2]["kpis"][1]["verdict"], "behind");
}

#[test]
fn a_cell_opens_to_what_is_behind_it() {
    let server = planted();
    let cell = server.get("/api/cell?stage=decision&lens=did&door=mail").json();
    assert_eq!((&cell["entered"], cell["voice"].is_null()), (&json!(80), true));
    let declined = cell["rows"].as_array().unwrap().iter().find(|row| row["name"] == "payment_declined").unwrap();
    assert_eq!(
        (&declined["met"]["n"], &declined["bought"]["percent"], &declined["friction"]),
        (&json!(40), &json!(25.0), &json!(true))
    );
    assert!(declined["gap"]["high"].as_f64().unwrap() < 0.0);
    // Its examples are journeys in which it happened.
    for example in declined["examples"].as_array().unwrap() {
        let journey = server.get(&format!("/api/journeys/{}", example.as_str().unwrap())).json();
        assert_eq!(journey["journey"]["friction"]["payment_declined"], 1, "{example}");
    }
    let voice = server.get("/api/cell?stage=decision&lens=voice").json();
    assert_eq!(
        (&voice["voice"]["scores"]["nps"]["n"], voice["voice"]["words"].as_array().unwrap().len()),
        (&json!(160), 16)
    );
    assert_eq!(server.get("/api/cell?stage=awareness&lens=voice").json()["voice"]["scores"]["nps"]["n"], 0);
}

#[test]
fn what_is_believed_promised_and_told_stands_beside_what_was() {
    let server = planted();
    for n in 0..60 {
        let data = |prompt: &str, step: &str, ask: &str, choice: &str| json!({"prompt":prompt,"sub":prompt,"step":step,"rev":1,"ask":ask,"choice":[choice]});
        let answer = |seq: i64, data: Value| json!({"seq":seq,"at":9000,"name":"prompt_answer","lens":"felt","stage":"retention","data":data});
        let kept = if n % 2 == 0 { "met" } else { "short" };
        let mut first = event(1, 0, "page_view", "awareness");
        first["data"] = json!({"door": if n % 2 == 0 { "mail" } else { "ad" }, "campaign":"autumn"});
        server.send(&batch(&id(5000 + n), "aaaaa", &[first, answer(2, data("delivery-expected", "expected", "single", kept)), answer(3, data("hear", "hear", "discovery", "friend")),
            json!({"seq":4,"at":9900,"name":"journey_summary","lens":"felt","stage":"retention","data":{"tab":"t","rev":1,"stages":{"retention":{"emotion":"satisfied"}}}})]));
    }
    let gap = server.get("/api/gap").json();
    assert_eq!(gap["stated"], false);
    state(
        &server,
        "",
        &json!({"beliefs":[{"stage":"decision","emotion":"satisfied","note":"ours"},{"stage":"retention","emotion":"satisfied"}]}),
    );
    let gap = server.get("/api/gap").json();
    let decision = &gap["stages"][2];
    // 80 of 160 gave ten, the others two.
    assert_eq!(
        (&decision["belief"], &decision["note"], &decision["said_so"]["n"], &decision["said_so"]["of"]),
        (&json!("satisfied"), &json!("ours"), &json!(80), &json!(160))
    );
    assert_eq!(
        (&gap["stages"][3]["felt_so"]["percent"], &gap["stages"][3]["felt"]["balance"]),
        (&json!(100.0), &json!(100.0))
    );
    let promise = &gap["promise"];
    assert_eq!((&promise["all"]["n"], &promise["all"]["kept"]["percent"]), (&json!(60), &json!(50.0)));
    let of =
        |by: &str, name: &str| promise[by].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
    assert_eq!(
        (&of("door", "mail")["kept"]["percent"], &of("door", "ad")["short"], &of("campaign", "autumn")["n"]),
        (&json!(100.0), &json!(30), &json!(60))
    );
    assert_eq!(
        (&gap["told"]["touches"][0]["name"], &gap["told"]["doors"]),
        (&json!("friend"), &json!([["ad", 30], ["mail", 30]]))
    );
    assert_eq!(server.get("/api/gap?door=mail").json()["promise"]["all"]["kept"]["percent"], 100.0);
}

#[test]
fn an_outcome_is_switched() {
    let server = planted();
    let friction = server.get("/api/friction?outcome=nps").json();
    let declined = &friction["frictions"][0];
    // Who met it gave two, who did not gave ten.
    assert_eq!(
        (&friction["outcome"], &declined["with"]["percent"], &declined["without"]["percent"], &declined["orders"]),
        (&json!("nps"), &json!(0.0), &json!(100.0), &Value::Null)
    );
    // Here whether they bought may be asked for.
    assert_eq!(server.get("/api/friction?outcome=nps&bought=yes").json()["frictions"][0]["with"]["of"], 20);
    let groups = server.get("/api/groups?by=door&outcome=nps").json();
    assert_eq!((&groups["all"]["came"]["n"], &groups["all"]["bought"]["n"]), (&json!(80), &json!(80)));
    assert_eq!(
        server.get("/api/groups?by=door&outcome=return").json()["all"]["came"]["of"],
        0,
        "of no order it is known"
    );
    assert_eq!(server.get("/api/groups?by=door").json()["outcome"], "bought");
}

#[test]
fn the_list_takes_the_filter_and_goes_on_where_it_was() {
    let server = planted();
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = server.get(&format!("/api/journeys?limit=30&door=mail&bought=yes{after}")).json();
        let page = page.as_array().unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.iter().all(|journey| journey["purchase"] == true));
        seen.extend(
            page.iter()
                .map(|journey| (journey["started"].as_i64().unwrap(), journey["id"].as_str().unwrap().to_owned())),
        );
        after = format!("&after={}", last["cursor"].as_str().unwrap());
    }
    assert_eq!(seen.len(), 40);
    assert!(seen.windows(2).all(|two| two[0].0 >= two[1].0), "the newest first");
    let ids: std::collections::BTreeSet<_> = seen.iter().map(|(_, id)| id).collect();
    assert_eq!(ids.len(), 40);
    assert_eq!(server.get("/api/journeys?limit=200").json().as_array().unwrap().len(), 160);
}

#[test]
fn a_wrong_filter_is_refused_with_a_sentence() {
    let server = Server::start();
    for (query, words) in [
        ("/api/paths?since=yesterday", "\"since\" must be a day"),
        ("/api/voice?until=2026-02-30", "\"until\" must be a day"),
        ("/api/products?bought=perhaps", "\"bought\" must be yes or no"),
        ("/api/friction?colour=red", "colour"),
        ("/api/paths?door=a&door=b", "door"),
        ("/api/groups", "\"by\" must be door"),
        ("/api/groups?by=moon", "\"by\" must be door"),
        ("/api/groups?by=door&since=never", "\"since\" must be a day"),
        ("/api/groups?by=door&colour=red", "colour"),
        ("/api/map?since=never", "\"since\" must be a day"),
        ("/api/map?colour=red", "colour"),
        ("/api/gap?bought=perhaps", "\"bought\" must be yes or no"),
        ("/api/cell?lens=did", "stage"),
        ("/api/cell?stage=decision&lens=smelt", "\"lens\" must be did"),
        ("/api/friction?outcome=fame", "outcome"),
        ("/api/journeys?door=a&limit=0", "\"limit\" must be from 1"),
        ("/api/journeys?since=never", "\"since\" must be a day"),
        ("/api/journeys?limit=many", "limit"),
    ] {
        let answer = server.get(query);
        assert_eq!(answer.status, 400, "{query}: {}", answer.body);
        let error = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains(words), "{query}: {error} does not say {words}");
    }
    for view in [
        "map",
        "gap",
        "cell?stage=decision&lens=did",
        "paths",
        "friction",
        "voice",
        "products",
        "groups?by=door",
        "filters",
    ] {
        let answer = server.get(&format!("/api/{view}"));
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"), "{view}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "reading stays at home");
        assert_eq!(
            server.request("POST", &format!("/api/{view}"), &[("content-type", "text/plain")], "{}").status,
            405,
            "{view}"
        );
    }
}

#[test]
fn few_have_counts_and_no_shares() {
    let server = Server::start();
    for n in 0..29 {
        server.send(&journey(n, "mail", DAY, n % 2 == 0, true));
    }
    let read = |server: &Server| {
        ["paths", "friction", "groups?by=door", "products", "voice"]
            .map(|view| server.get(&format!("/api/{view}")).json())
    };
    let [paths, friction, groups, products, voice] = read(&server);
    assert_eq!(paths["bought"], json!({"n":29,"of":29,"percent":null,"low":null,"high":null}));
    assert_eq!(
        (&friction["frictions"][0]["gap"], &friction["frictions"][0]["money"], &friction["order"]),
        (&json!(null), &json!(null), &json!(null))
    );
    assert_eq!(
        (&groups["groups"][0]["bought"]["percent"], &groups["groups"][0]["paid"]["median"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(
        (&products["items"][0]["cart"]["percent"], &voice["scores"]["nps"]["score"]),
        (&json!(null), &json!(null))
    );
    // One more, and there are.
    server.send(&journey(29, "mail", DAY, false, true));
    let [paths, _, groups, products, voice] = read(&server);
    assert_eq!(
        (&paths["bought"]["percent"], &groups["groups"][0]["bought"]["percent"]),
        (&json!(100.0), &json!(100.0))
    );
    assert_eq!(
        (&products["items"][0]["cart"]["percent"], &voice["scores"]["nps"]["score"]),
        (&json!(100.0), &json!(0))
    );
}

#[test]
fn a_journeys_facts_follow_the_database() {
    let mut server = planted();
    let bought = |server: &Server| server.get("/api/paths").json()["bought"]["n"].as_u64().unwrap();
    assert_eq!(bought(&server), 80);
    // A batch that arrives later, of a journey that is known: it has bought after all, and it is still one journey.
    let late = json!({"seq":1,"at":90_000,"name":"purchase","lens":"did","stage":"decision","page":"/","data":{"value":50,"currency":"EUR"}});
    server.send(&batch(&id(15), "ccccc", std::slice::from_ref(&late)));
    assert_eq!((bought(&server), &server.get("/api/paths").json()["bought"]["of"]), (81, &json!(160)));
    // The same again changes nothing.
    server.send(&batch(&id(15), "ccccc", &[late]));
    assert_eq!(bought(&server), 81);
    // A new one.
    server.send(&journey(900, "carrier", DAY, false, true));
    assert_eq!((bought(&server), &server.get("/api/filters").json()["door"]["carrier"]), (82, &json!(1)));
    // What is erased is gone from every view, its words too.
    let words = |server: &Server| server.get("/api/voice").body.contains("words of 900");
    assert!(words(&server));
    erase(&server, &[id(900), id(0), id(10)]);
    assert!(!words(&server));
    assert_eq!(server.get("/api/paths").json()["bought"]["of"], 158);
    assert_eq!(server.get("/api/filters").json()["door"].get("carrier"), None);
    assert_eq!(server.get("/api/products").json()["items"][0]["seen"], 158);
    assert!(!server.get("/api/voice").body.contains("words of 10\""));
    let all: u64 = server.get("/api/groups?by=device").json()["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["share"]["n"].as_u64().unwrap())
        .sum();
    assert_eq!(all, 158);
    // And after a start anew, all is as it was.
    let before = server.get("/api/friction").body;
    server.kill();
    server.restart();
    assert_eq!(server.get("/api/friction").body, before);
}

#[test]
fn an_answer_without_consent_is_heard_and_counted_on_no_path() {
    let server = Server::start();
    let events = [
        json!({"seq":1,"name":"prompt_answer","data":{"prompt":"p","sub":"s","step":"q","rev":1,"ask":"nps","score":9}}),
        json!({"seq":2,"name":"prompt_answer","data":{"prompt":"p","sub":"s","step":"why","rev":1,"ask":"text","text":"alone"}}),
    ];
    let mut sent: Value = serde_json::from_str(&batch(&id(1), "aaaaa", &events)).unwrap();
    sent["journey"].as_object_mut().unwrap().remove("consent");
    server.send(&sent.to_string());
    let voice = server.get("/api/voice").json();
    assert_eq!(
        (&voice["scores"]["nps"]["n"], &voice["words"][0]["text"], &voice["words"][0]["path"]),
        (&json!(1), &json!("alone"), &json!([]))
    );
    assert_eq!(voice["stages"][0]["stage"], "");
    assert_eq!(server.get("/api/paths").json()["bought"]["of"], 0);
}

/// The schemas that are told in two halves, "its kind, and …": whole only together.
fn halves(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            if let (Some(to), true) = (members.get("$ref"), members.contains_key("properties")) {
                found.push(to.as_str().unwrap().rsplit('/').next().unwrap().to_owned());
            }
            members.values().for_each(|one| halves(one, found));
        }
        Value::Array(all) => all.iter().for_each(|one| halves(one, found)),
        _ => {}
    }
}

/// Says of every object that it has no members but those that are told, so that nothing is left untold.
fn strict(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") {
                members.insert("unevaluatedProperties".into(), json!(false));
            }
            members.values_mut().for_each(strict);
        }
        Value::Array(all) => all.iter_mut().for_each(strict),
        _ => {}
    }
}

#[test]
fn the_description_says_what_is_answered() {
    let server = planted();
    let stated = json!({"beliefs":[{"stage":"decision","emotion":"satisfied"}],"changes":[{"on":"2026-11-02","what":"It"}],
        "goals":[{"id":"buy","kpi":"conversion","from":2,"to":3,"since":"2026-01-01","by":"2099-01-01","owner":"Anna"}]});
    let headers = [("content-type", "application/json"), ("if-match", "\"0\"")];
    assert_eq!(server.request("PUT", "/api/statements", &headers, &stated.to_string()).status, 200);
    let document = server.get("/api/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.1");
    let mut schemas = document["components"].clone();
    let mut half = Vec::new();
    halves(&schemas, &mut half);
    schemas["schemas"]
        .as_object_mut()
        .unwrap()
        .iter_mut()
        .filter(|(name, _)| !half.contains(name))
        .for_each(|(_, schema)| strict(schema));
    let wrong = |path: &str, status: &str, answer: &Value| {
        let content = &document["paths"][path]["get"]["responses"][status]["content"]["application/json"]["schema"];
        assert!(content.is_object(), "{path} {status} is not described");
        let schema =
            json!({"$schema":"https://json-schema.org/draft/2020-12/schema","components":schemas,"allOf":[content]});
        let schema = jsonschema::validator_for(&schema).unwrap();
        schema.iter_errors(answer).map(|why| format!("{}: {why}", why.instance_path())).collect::<Vec<_>>()
    };
    let judge = |path: &str, status: &str, answer: &Value| {
        let wrong = wrong(path, status, answer);
        assert!(wrong.is_empty(), "{path}: {wrong:#?}");
    };
    // It sees what is not told, what is of another kind, and what is missing.
    for (pointer, member) in
        [("", json!({"more":1})), ("/bought", json!({"n":"many"})), ("/flows/0", json!({"colour":"red"}))]
    {
        let mut answer = server.get("/api/paths").json();
        answer.pointer_mut(pointer).unwrap().as_object_mut().unwrap().extend(member.as_object().unwrap().clone());
        assert_eq!(wrong("/api/paths", "200", &answer).len(), 1, "{pointer} {member}");
    }
    let mut answer = server.get("/api/voice").json();
    answer.as_object_mut().unwrap().remove("weeks");
    assert_eq!(wrong("/api/voice", "200", &answer).len(), 1);
    for (path, query) in [
        ("/api/health", ""),
        ("/api/map", "?door=mail"),
        ("/api/cell", "?stage=decision&lens=tech"),
        ("/api/cell", "?stage=decision&lens=voice"),
        ("/api/gap", ""),
        ("/api/journeys", "?limit=200"),
        ("/api/journeys", "?limit=2&door=mail"),
        ("/api/prompts", ""),
        ("/api/filters", ""),
        ("/api/paths", "?door=mail"),
        ("/api/friction", "?outcome=nps"),
        ("/api/groups", "?by=variant&outcome=csat"),
        ("/api/voice", ""),
        ("/api/products", ""),
        ("/api/openapi.json", ""),
        ("/api/statements", ""),
        ("/api/goals", "?door=mail"),
        ("/api/before-after", ""),
        ("/api/setup", ""),
    ] {
        judge(path, "200", &server.get(&format!("{path}{query}")).json());
    }
    judge("/api/journeys/{id}", "200", &server.get(&format!("/api/journeys/{}", id(0))).json());
    judge("/api/journeys/{id}", "404", &server.get("/api/journeys/x").json());
    judge("/api/paths", "400", &server.get("/api/paths?since=x").json());

    // Every address is described, and every one that is described is there, with the parameters that it takes.
    let routes = [include_str!("../src/map/mod.rs"), include_str!("../src/statements/api.rs")].concat();
    let routed: Vec<_> = routes
        .split(".route(\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .filter(|path| path.starts_with("/api/"))
        .collect();
    let described = document["paths"].as_object().unwrap();
    assert!(routed.len() > 10);
    for path in &routed {
        assert!(described.contains_key(*path), "{path} is not described");
    }
    for (path, operations) in described {
        assert!(routed.contains(&path.as_str()), "{path} is described and not there");
        for parameter in operations["get"]["parameters"].as_array().unwrap() {
            assert!(parameter["description"].as_str().is_some_and(|says| says.len() > 4), "{path}: {parameter}");
        }
    }
    let names = |path: &str| {
        described[path]["get"]["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("/api/paths"),
        ["bought", "campaign", "device", "door", "key", "lang", "since", "until", "variant"]
    );
    assert!(names("/api/groups").contains(&"by".to_owned()));
}

/// What draws the charts is another's work: its versions are those that are locked, and its licences lie beside it.
#[test]
fn the_charts_library_is_what_it_says_it_is() {
    let lock: Value = serde_json::from_str(include_str!("../../xtask/charts/package-lock.json")).unwrap();
    let server = Server::start();
    let library = server.get("/map/lib/d3.js").body;
    let licences = server.get("/map/lib/licences.txt").body;
    let head = library.lines().next().unwrap();
    let packages: Vec<_> = lock["packages"]
        .as_object()
        .unwrap()
        .iter()
        .filter_map(|(path, one)| Some((path.strip_prefix("node_modules/")?, one)))
        .collect();
    assert!(packages.len() >= 4, "{packages:?}");
    for (name, one) in packages {
        let named = format!("{name} {}", one["version"].as_str().unwrap());
        assert!(head.contains(&named), "{head} does not name {named}: make it anew");
        assert!(licences.contains(&format!("{named} ({})", one["license"].as_str().unwrap())), "no licence of {named}");
        assert!(["ISC", "BSD-3-Clause", "MIT"].contains(&one["license"].as_str().unwrap()));
    }
    assert!(licences.matches("Copyright").count() >= 4);
    // Nothing in it that the page's policy refuses.
    for word in ["eval(", "new Function", "http://", "https://", "innerHTML"] {
        assert!(!library.lines().skip(1).any(|line| line.contains(word)), "{word}");
    }
}
