//! The real command on a free port, spoken to over HTTP.
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
mod common;

use common::{Server, batch, event, id, polku};
use serde_json::{Value, json};
use std::process::Stdio;

#[test]
fn the_batch_of_the_design_is_stored_once() {
    let server = Server::start();
    let golden = include_str!("golden/batch.json");
    let first = server.post("/v1/batch", "text/plain;charset=UTF-8", golden);
    assert_eq!((first.status, first.json()), (200, json!({"accepted":1,"duplicate":0,"rejected":[]})));
    // The same again, however it is sent and by whomever.
    let again = server.post("/v1/batch", "application/json", golden);
    assert_eq!(again.json(), json!({"accepted":0,"duplicate":1,"rejected":[]}));

    let journeys = server.get("/api/journeys").json();
    assert_eq!(journeys.as_array().unwrap().len(), 1);
    let journey = &journeys[0];
    assert_eq!(journey["id"], "9xk2m4t0c7qe3fzb");
    assert_eq!(journey["started"], 1_795_284_000);
    assert_eq!((&journey["device"], &journey["lang"]), (&json!("mobile"), &json!("fi")));
    assert_eq!((&journey["stage"], &journey["stages"]), (&json!("decision"), &json!(["decision"])));

    let stored = server.get("/api/journeys/9xk2m4t0c7qe3fzb").json();
    assert_eq!(stored["events"][0]["data"], serde_json::from_str::<Value>(golden).unwrap()["events"][0]["data"]);
    assert_eq!(stored["events"][0]["page"], "/p/:id");
    assert_eq!(server.get("/api/journeys/0000000000000000").status, 404);
    assert_eq!(server.get("/api/journeys/x").status, 404);
}

#[test]
fn a_page_of_another_origin_may_write_and_read_the_answer() {
    let server = Server::start();
    let preflight = server.request("OPTIONS", "/v1/batch", &[("origin", "https://shop.example")], "");
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), "*");
    assert_eq!(preflight.header("access-control-allow-headers"), "content-type, content-encoding");
    assert!(preflight.header("access-control-max-age").parse::<u32>().unwrap() > 0);
    // Refusals too: a widget that cannot read 413 would try for ever.
    for response in [
        server.post("/v1/batch", "text/plain", &batch(&id(1), "aaaaa", &[event(1, 0, "page_view", "awareness")])),
        server.post("/v1/batch", "text/plain", "nonsense"),
        server.post("/v1/batch", "image/png", "x"),
        server.get("/v1/batch"),
    ] {
        assert_eq!(response.header("access-control-allow-origin"), "*", "{}", response.status);
        assert_eq!(response.header("access-control-expose-headers"), "retry-after, accept-encoding");
        assert_eq!(response.header("cache-control"), "no-store");
        assert_eq!(response.header("set-cookie"), "");
    }
    // Reading stays at home.
    assert_eq!(server.get("/api/journeys").header("access-control-allow-origin"), "");
}

#[test]
fn refusals_say_what_is_wrong() {
    let server = Server::start();
    let good: Value = serde_json::from_str(include_str!("golden/batch.json")).unwrap();
    let refused = |status: u16, kind: &str, body: &str, words: &str| {
        let response = server.post("/v1/batch", kind, body);
        assert_eq!(response.status, status, "{}", response.body);
        let error = response.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains(words), "{error} does not say {words}");
    };
    refused(415, "application/x-www-form-urlencoded", "a=b", "content-type");
    refused(413, "text/plain", &"x".repeat(256 * 1024 + 1), "262144");
    refused(400, "text/plain", "{", "JSON object");
    for (pointer, words) in [
        ("/polku", "\"polku\" must be 1"),
        ("/key", "\"key\""),
        ("/journey/id", "\"journey.id\""),
        ("/journey/leg", "\"journey.leg\""),
        ("/events", "\"events\""),
    ] {
        let mut batch = good.clone();
        *batch.pointer_mut(pointer).unwrap() = json!({"x": 2});
        refused(400, "text/plain", &batch.to_string(), words);
    }
    assert_eq!(server.get("/v1/batch").status, 405);
    assert_eq!(server.request("PUT", "/v1/batch", &[], "{}").status, 405);
    assert_eq!(server.get("/v1/nothing").status, 404);
    assert_eq!(server.get("/api/nothing").json()["error"], "there is nothing at this address");
    assert_eq!(server.get("/api/journeys?limit=0").status, 400);
    assert_eq!(server.get("/api/journeys?limit=x").status, 400);
    assert_eq!(server.get("/api/journeys?after=x").status, 400);
    assert_eq!(server.get("/api/journeys").json(), json!([]), "nothing of all this was stored");
}

#[test]
fn bad_events_are_told_apart_from_good_ones() {
    let server = Server::start();
    let events = [
        event(1, 0, "page_view", "awareness"),
        json!({"seq":2,"at":0,"name":"Page View"}),
        json!({"at":0,"name":"page_view"}),
        event(3, 100, "view_item", "consideration"),
    ];
    let reply = server.send(&batch(&id(1), "aaaaa", &events));
    assert_eq!((&reply["accepted"], &reply["duplicate"]), (&json!(2), &json!(0)));
    assert_eq!(reply["rejected"].as_array().unwrap().len(), 2);
    assert_eq!(reply["rejected"][0]["seq"], 2);
    assert!(reply["rejected"][0]["why"].as_str().unwrap().contains("name"));
    assert_eq!(reply["rejected"][1]["seq"], Value::Null);
    // Refused for good: a batch of refusals alone leaves no journey behind.
    server.send(&batch(&id(2), "aaaaa", &[json!({"seq":0,"name":"page_view"})]));
    assert_eq!(server.get("/api/journeys").json().as_array().unwrap().len(), 1);
}

#[test]
fn what_is_erased_stays_away_and_only_by_its_own_key() {
    let server = Server::start();
    let view = [event(1, 0, "page_view", "awareness")];
    server.send(&batch(&id(1), "aaaaa", &view));
    server.send(&batch(&id(2), "aaaaa", &view));
    let erase = |key: &str, of: &[String]| {
        let events = [json!({"seq":9,"at":0,"name":"erase","data":{"journeys":of}})];
        let mut batch: Value = serde_json::from_str(&batch(&id(1), "bbbbb", &events)).unwrap();
        batch["key"] = json!(key);
        server.send(&batch.to_string())
    };
    erase("pk_other", &[id(1), id(2)]);
    assert_eq!(server.get("/api/journeys").json().as_array().unwrap().len(), 2, "another key erases nothing");

    assert_eq!(erase("pk_test", &[id(1), id(3)])["accepted"], 1);
    let left = server.get("/api/journeys").json();
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(left[0]["id"], id(2));
    assert_eq!(server.get(&format!("/api/journeys/{}", id(1))).status, 404);
    // Batches that were still on the way, of a known journey and of one that was never seen.
    for late in [id(1), id(3)] {
        let reply = server.send(&batch(&late, "ccccc", &[event(7, 0, "view_item", "consideration")]));
        assert_eq!(reply, json!({"accepted":0,"duplicate":0,"rejected":[{"seq":7,"why":"erased"}]}));
    }
    assert_eq!(erase("pk_test", &[id(1), id(3)])["duplicate"], 1, "an erase that is sent again");
    assert_eq!(server.get("/api/journeys").json().as_array().unwrap().len(), 1);
}

#[test]
fn an_erased_answer_is_not_left_in_the_file() {
    let mut server = Server::start();
    let secret = "xyzzy-plugh-frotz";
    let events = [json!({"seq":1,"at":0,"name":"prompt_answer","data":{"prompt":"p","ask":"text","text":secret}})];
    server.send(&batch(&id(1), "aaaaa", &events));
    server.send(&batch(&id(1), "aaaaa", &[json!({"seq":2,"name":"erase","data":{"journeys":[id(1)]}})]));
    server.stop();
    assert!(!left(&server, secret));
}

/// Whether `word` stands in any file that the server has written, its log included.
fn left(server: &Server, word: &str) -> bool {
    let files = std::fs::read_dir(server.dir()).unwrap().filter_map(|entry| std::fs::read(entry.unwrap().path()).ok());
    files.into_iter().any(|file| file.windows(word.len()).any(|window| window == word.as_bytes()))
}

#[test]
fn who_sent_a_batch_leaves_no_trace() {
    // With a key the server does not tell its own address, which is no sender's.
    let mut server = Server::start_with(&["--inbox-key", "a-key-of-the-shop"]);
    let who = [
        ("user-agent", "Xyzzy/9.1 (shopper's browser)"),
        ("x-forwarded-for", "203.0.113.77"),
        ("forwarded", "for=203.0.113.78"),
        ("referer", "https://shop.example/secret-page"),
        ("accept-language", "se-FI,smn"),
        ("cookie", "id=plugh"),
    ];
    let view = event(1, 0, "page_view", "awareness");
    for body in
        [batch(&id(1), "aaaaa", &[view.clone(), json!({"seq":2,"at":0,"name":"Bad Name"})]), "nonsense".to_owned()]
    {
        let headers: Vec<_> = [("content-type", "text/plain")].into_iter().chain(who).collect();
        let answer = server.request("POST", "/v1/batch", &headers, &body);
        for name in ["set-cookie", "etag", "last-modified"] {
            assert_eq!(answer.header(name), "", "{name} could be sent back");
        }
    }
    assert_eq!(server.get("/api/journeys").json().as_array().unwrap().len(), 1);
    server.stop();
    assert!(left(&server, &id(1)), "the journey itself is there");
    for (name, word) in who {
        assert!(!left(&server, word), "{name} was kept");
    }
    for word in ["Xyzzy", "203.0.113", "127.0.0.1:"] {
        assert!(!left(&server, word), "{word} was kept");
    }
}

#[test]
fn the_shop_may_keep_less_than_a_page_asks_for() {
    let mut server = Server::start_with(&["--retention", "30"]);
    server.send(&batch(&id(1), "aaaaa", &[event(1, 0, "page_view", "awareness")]));
    server.stop();
    let open = || rusqlite::Connection::open(server.dir().join("polku.sqlite")).unwrap();
    let kept = "SELECT expires_hour - first_hour FROM journeys";
    assert_eq!(open().query_row(kept, [], |row| row.get::<_, i64>(0)).unwrap(), 30 * 24);
    // As if the shop had kept all for a year before, and this one came a month and an hour ago.
    let older = "UPDATE journeys SET first_hour = first_hour - 721, expires_hour = first_hour + 395 * 24";
    assert_eq!(open().execute(older, []).unwrap(), 1);
    server.restart();
    assert_eq!(server.get("/api/journeys").json(), json!([]));
    for days in ["0", "396", "x"] {
        let refused = polku().args(["serve", "--retention", days]).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("--retention"));
    }
}

#[test]
fn a_browser_that_asks_not_to_be_followed_has_no_path_where_the_shop_says_always() {
    let always = Server::start_with(&["--gpc", "always"]);
    let polite = Server::start();
    let path = batch(&id(1), "aaaaa", &[event(1, 0, "page_view", "awareness")]);
    let alone = json!({"polku":1,"key":"pk_test","batch":"a1","journey":{"id":id(2),"leg":"aaaaa"},
        "events":[{"seq":1,"name":"prompt_answer","page":"/order","data":{"prompt":"order","sub":"s","step":"q1","ask":"nps","score":9}}]});
    let erase = batch(&id(1), "bbbbb", &[json!({"seq":2,"name":"erase","data":{"journeys":[id(1)]}})]);
    let send = |server: &Server, gpc: &str, body: &str| {
        let answer = server.request("POST", "/v1/batch", &[("content-type", "text/plain"), ("sec-gpc", gpc)], body);
        (answer.status, answer.json())
    };
    let taken = (200, json!({"accepted":1,"duplicate":0,"rejected":[]}));
    let refused = (200, json!({"accepted":0,"duplicate":0,"rejected":[{"seq":1,"why":"Sec-GPC"}]}));
    assert_eq!(send(&always, "1", &path), refused);
    assert_eq!(send(&always, "1", &alone.to_string()), taken, "an answer is a choice of its own");
    assert_eq!(send(&always, "0", &path), taken);
    assert_eq!(send(&always, "1", &erase), taken, "who may not be followed may be forgotten");
    assert_eq!(send(&polite, "1", &path), taken, "a later grant on this site goes before the setting");
}

#[test]
fn an_answer_without_consent_has_no_path_and_counts_as_an_answer() {
    let server = Server::start();
    let body = json!({"polku":1,"key":"pk_test","batch":"a1","journey":{"id":id(1),"leg":"aaaaa","started":1_795_280_400},
        "events":[{"seq":1,"name":"prompt_answer","page":"/order","data":{"prompt":"order","sub":"s","step":"q1","ask":"nps","score":9}}]});
    assert_eq!(server.send(&body.to_string())["accepted"], 1);
    let map = server.get("/api/map").json();
    assert_eq!((&map["totals"]["journeys"], &map["totals"]["answers"]), (&json!(0), &json!(1)));
    assert_eq!(map["totals"]["answers_without_path"], 1);
    assert_eq!((&map["elsewhere"]["n"], &map["elsewhere"]["scores"]["nps"]["promoters"]), (&json!(1), &json!(1)));
    let journey = &server.get("/api/journeys").json()[0];
    assert_eq!((&journey["path_known"], &journey["answers"][0]["score"]), (&json!(false), &json!(9)));
}

#[test]
fn eight_writers_lose_nothing_and_count_nothing_twice() {
    let server = Server::start();
    let accepted: u64 = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let server = &server;
                scope.spawn(move || {
                    let mut accepted = 0;
                    for round in 0..25 {
                        // Each journey is written by two of the writers, in the same words.
                        let events: Vec<_> =
                            (1..=4).map(|seq| event(seq, seq * 100, "page_view", "awareness")).collect();
                        let reply = server.send(&batch(&id((writer / 2) * 100 + round), "aaaaa", &events));
                        assert_eq!(reply["accepted"].as_u64().unwrap() + reply["duplicate"].as_u64().unwrap(), 4);
                        accepted += reply["accepted"].as_u64().unwrap();
                    }
                    accepted
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    assert_eq!(accepted, 4 * 25 * 4);
    assert_eq!(server.get("/api/map").json()["totals"]["events"], 400);
}

#[test]
fn what_was_answered_survives_a_kill() {
    let mut server = Server::start();
    for n in 0..20 {
        assert_eq!(server.send(&batch(&id(n), "aaaaa", &[event(1, 0, "page_view", "awareness")]))["accepted"], 1);
    }
    server.kill();
    server.restart();
    assert_eq!(server.get("/api/map").json()["totals"]["events"], 20);
    let reply = server.send(&batch(&id(0), "aaaaa", &[event(1, 0, "page_view", "awareness")]));
    assert_eq!(reply["duplicate"], 1, "identities are remembered");
}

#[test]
fn events_are_in_the_order_of_the_journey_whatever_the_order_of_arrival() {
    let server = Server::start();
    server.send(&batch(
        &id(1),
        "bbbbb",
        &[event(1, 5000, "view_item", "consideration"), event(2, 9000, "add_to_cart", "decision")],
    ));
    server.send(&batch(
        &id(1),
        "aaaaa",
        &[event(2, 7000, "search", "consideration"), event(1, 0, "page_view", "awareness")],
    ));
    let events = server.get(&format!("/api/journeys/{}", id(1))).json()["events"].clone();
    let names: Vec<_> = events.as_array().unwrap().iter().map(|event| event["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["page_view", "view_item", "search", "add_to_cart"]);
}

#[test]
fn the_list_is_paged_from_the_newest() {
    let server = Server::start();
    for n in 0..7 {
        let mut body: Value =
            serde_json::from_str(&batch(&id(n), "aaaaa", &[event(1, 0, "page_view", "awareness")])).unwrap();
        // Three of them in the same minute.
        body["journey"]["started"] = json!(1_795_284_000 + (n / 3) * 60);
        server.send(&body.to_string());
    }
    let (mut seen, mut after) = (vec![], String::new());
    loop {
        let page = server.get(&format!("/api/journeys?limit=2{after}")).json();
        let page = page.as_array().unwrap();
        let Some(last) = page.last() else { break };
        after = format!("&after={}", last["cursor"].as_str().unwrap());
        seen.extend(page.iter().map(|journey| journey["id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(seen, (0..7).rev().map(id).collect::<Vec<_>>());
}

#[test]
fn the_map_counts_what_was_planted() {
    let server = Server::start();
    // 40 journeys; 20 of them reach the decision, 10 of those meet a declined payment, 10 buy and answer.
    for n in 0..40 {
        let mut events = vec![event(1, 0, "page_view", "awareness"), event(2, 10_000, "view_item", "consideration")];
        if n < 20 {
            events.push(event(3, 40_000, "add_to_cart", "decision"));
        }
        if n < 10 {
            events.push(json!({"seq":4,"at":50_000,"name":"payment_declined","lens":"tech","stage":"decision","data":{"count":1}}));
        }
        if (10..20).contains(&n) {
            events.push(json!({"seq":4,"at":50_000,"name":"purchase","lens":"did","stage":"decision","data":{"value":48,"currency":"EUR"}}));
            events.push(json!({"seq":5,"at":52_000,"name":"prompt_shown","lens":"felt","stage":"decision","data":{"prompt":"order","sub":"s"}}));
            events.push(json!({"seq":6,"at":60_000,"name":"prompt_answer","lens":"felt","stage":"advocacy","data":{"prompt":"order","sub":"s","step":"q1","rev":1,"ask":"nps","score":9}}));
            events.push(json!({"seq":7,"at":70_000,"name":"prompt_answer","lens":"felt","stage":"advocacy","data":{"prompt":"order","sub":"s","step":"q2","rev":1,"ask":"text","text":"Kiitos!"}}));
        }
        server.send(&batch(&id(n), "aaaaa", &events));
    }
    let map = server.get("/api/map").json();
    let totals = &map["totals"];
    assert_eq!(
        (&totals["journeys"], &totals["purchases"], &totals["conversion"]),
        (&json!(40), &json!(10), &json!(0.25))
    );
    assert_eq!((&totals["with_friction"], &totals["answers"]), (&json!(10), &json!(20)));
    assert_eq!(
        map["stages"].as_array().unwrap().iter().map(|stage| stage["entered"].as_u64().unwrap()).collect::<Vec<_>>(),
        [40, 40, 20, 0, 10]
    );
    let decision = &map["stages"][2];
    assert_eq!((&decision["stage"], &decision["share"]), (&json!("decision"), &json!(0.5)));
    // 10 journeys stayed 10 s (declined) and 10 stayed 20 s (until the answer that led on).
    assert_eq!(decision["dwell_median_ms"], 15_000);
    assert_eq!(map["stages"][0]["dwell_median_ms"], 10_000);
    assert_eq!(decision["lenses"]["did"][0], json!({"name":"add_to_cart","journeys":20,"share":1.0}));
    assert_eq!(decision["lenses"]["did"][1], json!({"name":"purchase","journeys":10,"share":0.5}));
    assert_eq!(
        decision["friction"][0],
        json!({"name":"payment_declined","lens":"tech","journeys":10,"share":0.5,"count":10})
    );
    // Asked in the decision, so it is the decision's voice; ten answers make no score.
    let nps = &decision["voice"]["scores"]["nps"];
    assert_eq!((&nps["n"], &nps["promoters"], &nps["score"]), (&json!(10), &json!(10), &Value::Null));
    assert_eq!(decision["voice"]["words"][0]["text"], "Kiitos!");
    assert_eq!(decision["voice"]["words"][0]["score"], 9);
    assert_eq!(map["stages"][4]["voice"]["n"], 0);

    let bought = server.get("/api/journeys?limit=200").json();
    let bought: Vec<_> = bought.as_array().unwrap().iter().filter(|journey| journey["purchase"] == true).collect();
    assert_eq!(bought.len(), 10);
    assert_eq!(
        (&bought[0]["value"], &bought[0]["currency"], &bought[0]["last_at"]),
        (&json!(48), &json!("EUR"), &json!(70_000))
    );
}

/// The events of a journey with a prompt in it: shown, a score, a mended score, words or a skip, an end.
fn asked(n: i64) -> Vec<Value> {
    let said = |seq: u64, at: u64, name: &str, data: Value| json!({"seq":seq,"at":at,"name":name,"lens":"felt","stage":"decision","data":data});
    let of = |more: Value| {
        let mut data = json!({"prompt":"order","version":2,"sub":"s"});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        data
    };
    let mut events = vec![
        json!({"seq":1,"at":0,"name":"page_view","stage":"awareness","data":{"door": if n % 2 == 0 { "search" } else { "mail" }}}),
    ];
    events.push(said(2, 1000, "prompt_shown", of(json!({"trigger":"purchase"}))));
    if n < 40 {
        events.push(said(3, 2000, "prompt_answer", of(json!({"step":"nps","rev":1,"ask":"nps","score":0}))));
        // 20 promoters, 10 detractors, 10 who take their answer back.
        let last = match n {
            0..20 => json!({"score":10}),
            20..30 => json!({"score":3}),
            _ => json!({"skipped":true}),
        };
        let mut again = of(json!({"step":"nps","rev":2,"ask":"nps"}));
        again.as_object_mut().unwrap().extend(last.as_object().unwrap().clone());
        events.push(said(4, 3000, "prompt_answer", again));
        let choice = if n < 8 { json!(["price"]) } else { json!(["delivery"]) };
        events.push(said(5, 4000, "prompt_answer", of(json!({"step":"why","rev":1,"ask":"single","choice":choice}))));
    }
    let reason = if n < 36 { "completed" } else { "dismissed" };
    events.push(said(6, 5000, "prompt_closed", json!({"prompt":"order","sub":"s","reason":reason,"partial":false})));
    events
}

#[test]
fn scores_are_those_of_the_answers_however_these_arrived() {
    let server = Server::start();
    for n in 0..50 {
        server.send(&batch(&id(n), "aaaaa", &asked(n)));
    }
    let all = server.get("/api/prompts").json();
    let order = &all["prompts"][0];
    assert_eq!((&order["prompt"], &order["version"]), (&json!("order"), &json!(2)));
    // 50 saw it, 40 took part, 36 came to the end.
    assert_eq!((&order["shown"], &order["engaged"], &order["completed"]), (&json!(50), &json!(40), &json!(36)));
    assert_eq!((&order["response"], &order["completion"]), (&json!(80.0), &json!(90.0)));
    let [nps, why] =
        ["nps", "why"].map(|step| order["steps"].as_array().unwrap().iter().find(|one| one["step"] == step).unwrap());
    assert_eq!((&nps["n"], &nps["skipped"]), (&json!(30), &json!(10)));
    // 66.67 − 33.33 of the 30 who answered: 33; 1.96 · √((1 − 0.1111) / 30) = 0.3374
    assert_eq!(
        (&nps["score"]["metric"], &nps["score"]["score"], &nps["score"]["margin"]),
        (&json!("nps"), &json!(33), &json!(33.7))
    );
    // 32 of 40: (0.8 + 0.0480) / 1.0960 = 0.7737 ± 1.96 · √(0.16 / 40 + 0.0006003) / 1.0960 = 0.1213
    assert_eq!(why["choices"][0], json!({"choice":"delivery","n":32,"share":[80.0, 65.2, 89.5]}));
    let found = server.get("/api/prompts?door=search&stage=decision").json();
    assert_eq!((&found["prompts"][0]["shown"], &found["prompts"][0]["response"]), (&json!(25), &Value::Null));
    assert_eq!((&all["doors"], &all["stages"]), (&json!(["mail", "search"]), &json!(["decision"])));
    assert_eq!(server.get("/api/prompts?door=mail&door=search").status, 400);
    assert_eq!(server.get("/api/prompts?stage=advocacy").json()["prompts"], json!([]));

    // The same, event by event, from the last to the first, in halves and twice.
    let other = Server::start();
    for n in (0..50).rev() {
        let mut events = asked(n);
        events.reverse();
        let half = usize::try_from(n).unwrap() % events.len();
        let (one, two) = events.split_at(half);
        for part in [one, two, &events[half / 2..]] {
            other.send(&batch(&id(n), "aaaaa", part));
        }
    }
    assert_eq!(other.get("/api/prompts").json(), all);
    assert_eq!(other.get("/api/map").json()["totals"]["scores"], server.get("/api/map").json()["totals"]["scores"]);
}

#[test]
fn the_package_is_for_every_page() {
    let server = Server::start();
    let hashed = server.get("/polku/core-0a1b2c3d.wasm");
    assert_eq!((hashed.status, hashed.header("content-type")), (200, "application/wasm"));
    assert_eq!(hashed.header("cache-control"), "public, max-age=31536000, immutable");
    let loader = server.get("/polku/polku.js");
    assert!(loader.header("content-type").starts_with("text/javascript"));
    assert_eq!(loader.header("cache-control"), "public, max-age=300");
    for response in [hashed, loader, server.get("/polku/core-00000000.js")] {
        assert_eq!(response.header("access-control-allow-origin"), "*");
        assert_eq!(response.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(response.header("etag"), "");
    }
    for path in [
        "/polku/../secret.txt",
        "/polku/%2e%2e/secret.txt",
        "/polku/..%2fsecret.txt",
        "/polku/%2e%2e%5csecret.txt",
        "/polku//etc/passwd",
        "/polku/",
    ] {
        // Straight on the wire: a client would tidy the path up.
        let (status, body) = server.raw(path);
        assert_eq!(status, 404, "{path}");
        assert!(!body.contains("outside"), "{path}");
    }
}

#[test]
fn the_map_page_lets_nothing_else_in() {
    let server = Server::start();
    let page = server.get("/map/");
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(
        !page.body.contains("<style")
            && !page.body.contains(" style=")
            && !page.body.contains("http://")
            && !page.body.contains("https://")
    );
    for file in
        page.body.split('"').filter(|part| part.ends_with(".js") || part.ends_with(".css") || part.ends_with(".svg"))
    {
        assert_eq!(server.get(&format!("/map/{file}")).status, 200, "{file}");
    }
    assert_eq!(server.get("/map/nothing.js").status, 404);
    assert_eq!(server.request("GET", "/", &[], "").header("location"), "/map/");
    assert_eq!(server.get("/shop/").status / 100, 3, "the shop has a door");
    assert_eq!(server.get("/api/health").json()["ok"], true);
}

#[test]
fn another_site_cannot_read_through_the_owners_browser() {
    let server = Server::start();
    for path in ["/api/journeys", "/api/map", "/api/prompts", "/api/changes", "/map/"] {
        let rebound = server.request("GET", path, &[("host", "evil.example")], "");
        assert_eq!(rebound.status, 403, "{path}");
    }
    let foreign = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")];
    assert_eq!(server.request("GET", "/api/map", &foreign, "").status, 403);
    let link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
    assert_eq!(server.request("GET", "/map/", &link, "").status, 200);
}

#[test]
fn whoever_watches_is_told() {
    let server = Server::start();
    let mut messages = server.watch();
    assert_eq!(messages.next(), r#"{"change":0}"#, "at once: what is now");
    server.send(&batch(&id(1), "aaaaa", &[event(1, 0, "page_view", "awareness")]));
    assert_eq!(messages.next(), r#"{"change":1}"#);
    // A duplicate is no news; several batches in a row are one message.
    server.send(&batch(&id(1), "aaaaa", &[event(1, 0, "page_view", "awareness")]));
    for n in 2..12 {
        server.send(&batch(&id(n), "aaaaa", &[event(1, 0, "page_view", "awareness")]));
    }
    let last = messages.next();
    assert!(last == r#"{"change":11}"# || messages.next() == r#"{"change":11}"#, "{last}");
}

#[test]
fn it_stops_when_asked_even_while_somebody_watches() {
    let mut server = Server::start();
    let mut messages = server.watch();
    messages.next();
    let asked = std::time::Instant::now();
    assert!(server.stop().success());
    assert!(asked.elapsed() < std::time::Duration::from_secs(2));
}

#[test]
fn a_bad_start_is_one_sentence_and_a_code() {
    let dir = tempfile::tempdir().unwrap();
    let busy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = busy.local_addr().unwrap().port().to_string();
    let at = |name: &str| dir.path().join(name).display().to_string();
    std::fs::write(at("garbage.sqlite"), "this is not a database, and it is long enough").unwrap();
    let (db, pkg) = (at("a.sqlite"), at(""));
    for (arguments, code, words) in [
        (vec!["serve", "--port", "70000"], 2, "--port"),
        (vec!["serve", "--colour", "red"], 2, "--colour"),
        (vec![], 2, "Usage"),
        (vec!["serve", "--db", &db, "--pkg", &at("nothing")], 1, "--pkg"),
        (vec!["serve", "--port", "0", "--pkg", &pkg, "--db", &at("no/such/a.sqlite")], 1, "--db"),
        (vec!["serve", "--port", "0", "--pkg", &pkg, "--db", &at("garbage.sqlite")], 1, "not a database"),
        (vec!["serve", "--port", &port, "--pkg", &pkg, "--db", &db], 1, "--port"),
    ] {
        let output = polku().args(&arguments).stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty());
        assert!(code == 2 || said.trim_end().lines().count() == 1, "{said}");
    }
}
