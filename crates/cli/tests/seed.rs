//! `polku serve --seed-demo`: what docs/seed-demo.md calls true is what the map shows. The numbers here are those of that page; nothing is asked of
//! the code that made the journeys.
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
mod common;

use common::{Server, polku};
use serde_json::{Value, json};

/// As few as the truths are told from chance by.
const N: u64 = 8_000;
/// 99 %: a dozen truths are asked for, and one in twenty would be missed by 95 %.
const Z: f64 = 2.576;

/// One server for all that is true: it takes a while to fill, and ends with the test.
#[test]
fn what_is_planted_is_what_the_map_shows() {
    let server = Server::start_with(&["--seed-demo", &N.to_string()]);
    // A view that is asked before waits for as long; here a request may take ten seconds.
    while server.get("/api/health").json()["map"]["ready"] != true {
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert_eq!(server.get("/api/health").json()["map"], json!({"ready":true,"journeys":N}));
    a_friction_halves_conversion_and_is_the_dearest(&server);
    one_stage_has_bad_answers_and_delivery_is_why(&server);
    a_door_converts_better_and_a_campaign_brings_many_and_sells_little(&server);
    a_trial_has_a_winner(&server);
    it_is_better_since_a_day(&server);
    one_product_is_looked_at_and_left(&server);
    the_shop_has_what_views_tell_apart(&server);
}

/// So many of so many, of a share that was answered.
fn of(share: &Value) -> (f64, f64) {
    (share["n"].as_f64().unwrap(), share["of"].as_f64().unwrap())
}

/// How many times the second share the first one is, as an interval (Katz): what is true should lie in it.
fn times((a, of_a): (f64, f64), (b, of_b): (f64, f64)) -> (f64, f64) {
    assert!(a >= 10.0 && b >= 10.0, "too few to tell: {a} of {of_a}, {b} of {of_b}");
    let half = Z * (1.0 / a - 1.0 / of_a + 1.0 / b - 1.0 / of_b).sqrt();
    let ratio = (a / of_a) / (b / of_b);
    (ratio * (-half).exp(), ratio * half.exp())
}

/// What is true lies in the interval, and no difference does not.
#[track_caller]
fn is_true(truth: f64, (low, high): (f64, f64)) {
    assert!((low..=high).contains(&truth), "{truth} is not from {low:.2} to {high:.2}");
    assert!(!(low..=high).contains(&1.0), "from {low:.2} to {high:.2} may be no difference at all");
}

fn named<'a>(groups: &'a Value, name: &str) -> &'a Value {
    let all = groups["groups"].as_array().unwrap();
    all.iter().find(|group| group["name"] == name).unwrap_or_else(|| panic!("no group {name:?} in {groups}"))
}

fn percent(group: &Value) -> f64 {
    group["bought"]["percent"].as_f64().unwrap_or(f64::MAX)
}

fn a_friction_halves_conversion_and_is_the_dearest(server: &Server) {
    let friction = server.get("/api/friction").json();
    let first = &friction["frictions"][0];
    assert_eq!((&first["name"], &first["stage"]), (&json!("rage_click"), &json!("decision")), "{friction}");
    is_true(0.5, times(of(&first["with"]), of(&first["without"])));
    let (met, at) = of(&first["met"]);
    assert!((met / at - 0.25).abs() < 0.05, "a quarter meets it: {met} of {at}");
    assert!(first["gap"]["high"].as_f64().unwrap() < 0.0 && first["orders"]["low"].as_f64().unwrap() > 0.0, "{first}");
    assert!(first["money"]["middle"].as_f64().unwrap() > first["orders"]["middle"].as_f64().unwrap(), "{first}");
    assert_eq!(friction["order"]["currency"], "EUR");
}

fn one_stage_has_bad_answers_and_delivery_is_why(server: &Server) {
    let voice = server.get("/api/voice").json();
    let stage = |name: &str| {
        let all = voice["stages"].as_array().unwrap();
        all.iter().find(|stage| stage["stage"] == name).unwrap_or_else(|| panic!("{name}: {}", voice["stages"]))
    };
    let retention = &stage("retention")["scores"]["csat"];
    let (low, high) = (retention["low"].as_f64().unwrap(), retention["high"].as_f64().unwrap());
    assert!(low <= 25.0 && (25.0..50.0).contains(&high), "one in four is satisfied: {retention}");
    let ease = &stage("decision")["scores"]["ces"];
    assert!(ease["low"].as_f64().unwrap() > 60.0, "ordering is easy: {ease}");
    let delivery = &voice["themes"][0];
    assert_eq!(delivery["theme"], "delivery", "{}", voice["themes"]);
    let (frustrated, n) = (delivery["emotions"]["frustrated"].as_f64().unwrap(), delivery["n"].as_f64().unwrap());
    assert!(frustrated > n / 2.0, "{delivery}");
    for kind in ["nps", "csat", "ces"] {
        assert!(voice["scores"][kind]["n"].as_u64().unwrap() >= 30, "{kind}: {}", voice["scores"]);
    }
    // Words of two languages, beside the path that led to them.
    let words = voice["words"].as_array().unwrap();
    assert!(words.len() >= 30 && words.iter().all(|said| !said["path"].as_array().unwrap().is_empty()), "{words:?}");
    let finnish = server.get("/api/voice?lang=fi").json();
    let english = server.get("/api/voice?lang=en").json();
    let texts = |voice: &Value| -> Vec<String> {
        voice["words"].as_array().unwrap().iter().map(|said| said["text"].as_str().unwrap().to_owned()).collect()
    };
    assert!(texts(&finnish).iter().any(|text| text.contains('ä')), "{:?}", texts(&finnish));
    assert!(!texts(&english).iter().any(|text| text.contains('ä')), "{:?}", texts(&english));
}

fn a_door_converts_better_and_a_campaign_brings_many_and_sells_little(server: &Server) {
    let doors = server.get("/api/groups?by=door").json();
    let mail = named(&doors, "mail");
    is_true(2.0, times(of(&mail["bought"]), of(&named(&doors, "search")["bought"])));
    assert!(mail["gap"]["low"].as_f64().unwrap() > 0.0, "{mail}");
    let best = doors["groups"].as_array().unwrap().iter().filter(|door| door["share"]["n"].as_u64().unwrap() >= 100);
    let best =
        best.max_by(|a, b| a["bought"]["low"].as_f64().unwrap().total_cmp(&b["bought"]["low"].as_f64().unwrap()));
    assert_eq!(best.unwrap()["name"], "mail", "{doors}");

    let campaigns = server.get("/api/groups?by=campaign").json();
    let named_ones = campaigns["groups"].as_array().unwrap().iter().filter(|campaign| campaign["name"] != "");
    let named_ones: Vec<&Value> = named_ones.collect();
    assert!(named_ones.len() >= 3, "{campaigns}");
    assert_eq!(named_ones[0]["name"], "summer-sale", "the largest stands first");
    assert!(named_ones.iter().all(|other| percent(other) >= percent(named_ones[0])), "and sells least: {campaigns}");
    assert!(named_ones[0]["gap"]["high"].as_f64().unwrap() < 0.0);
    let social = server.get("/api/groups?by=campaign&door=social").json();
    is_true(0.25, times(of(&named(&social, "summer-sale")["bought"]), of(&named(&social, "")["bought"])));
}

fn a_trial_has_a_winner(server: &Server) {
    let trial = server.get("/api/groups?by=variant").json();
    let (short, long) = (named(&trial, "checkout=short"), named(&trial, "checkout=long"));
    is_true(1.6, times(of(&short["bought"]), of(&long["bought"])));
    assert!(short["gap"]["low"].as_f64().unwrap() > 0.0 && long["gap"]["high"].as_f64().unwrap() < 0.0, "{trial}");
}

fn it_is_better_since_a_day(server: &Server) {
    // The thirty days before today, and the sixty before them.
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = |back: i32| today.checked_sub(jiff::Span::new().days(back)).unwrap().to_string();
    let bought = |query: &str| of(&server.get(&format!("/api/paths?{query}")).json()["bought"]);
    let (before, since) = (bought(&format!("until={}", day(31))), bought(&format!("since={}", day(30))));
    assert_eq!(before.1 + since.1, N as f64);
    is_true(1.4, times(since, before));
    let filters = server.get("/api/filters").json();
    assert_eq!((&filters["since"], &filters["until"]), (&json!(day(90)), &json!(day(1))));
}

fn one_product_is_looked_at_and_left(server: &Server) {
    let products = server.get("/api/products").json();
    let items = products["items"].as_array().unwrap();
    assert_eq!(items[0]["name"], "SKU-302", "seen most: {products}");
    let rest = items[1..].iter().map(|item| of(&item["cart"])).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    is_true(0.25, times(of(&items[0]["cart"]), rest));
    let categories: Vec<&str> =
        products["categories"].as_array().unwrap().iter().map(|category| category["name"].as_str().unwrap()).collect();
    for category in ["beans", "brewers", "grinders", "cups"] {
        assert!(categories.contains(&category), "{categories:?}");
    }
}

fn the_shop_has_what_views_tell_apart(server: &Server) {
    let map = server.get("/api/map").json();
    assert_eq!(map["totals"]["journeys"], N, "{}", map["totals"]);
    let stages: Vec<&str> =
        map["stages"].as_array().unwrap().iter().map(|stage| stage["stage"].as_str().unwrap()).collect();
    assert_eq!(stages, ["awareness", "consideration", "decision", "retention", "advocacy"]);
    for stage in map["stages"].as_array().unwrap() {
        assert!(stage["entered"].as_u64().unwrap() >= 30, "{} of {}", stage["entered"], stage["stage"]);
    }
    let decision = &map["stages"][2]["friction"];
    assert!(decision.as_array().unwrap().iter().any(|friction| friction["name"] == "rage_click"), "{decision}");

    let filters = server.get("/api/filters").json();
    assert_eq!(filters["journeys"], N);
    assert_eq!(filters["key"], json!({"pk_demo":N}));
    let words = |member: &str| -> Vec<String> { filters[member].as_object().unwrap().keys().cloned().collect() };
    assert_eq!(words("lang"), ["de", "en", "fi", "sv"]);
    assert_eq!(words("device"), ["desktop", "mobile", "tablet"]);
    for door in ["direct", "search", "social", "mail", "comparison", "ai"] {
        assert!(words("door").iter().any(|word| word == door), "{door}: {:?}", words("door"));
    }
    let orders = server.get("/api/groups?by=order").json();
    for order in ["first", "second"] {
        assert!(named(&orders, order)["share"]["n"].as_u64().unwrap() >= 30, "{orders}");
    }
    let paths = server.get("/api/paths").json();
    assert!(paths["to_purchase"]["median"].as_i64().unwrap() > 60_000, "{}", paths["to_purchase"]);
    let frictions = server.get("/api/friction").json();
    let found: Vec<&str> =
        frictions["frictions"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    for friction in ["rage_click", "form_error", "payment_declined", "slow_page", "search_no_results"] {
        assert!(found.contains(&friction), "{friction}: {found:?}");
    }
}

#[test]
fn the_same_number_gives_the_same_journeys() {
    let answers = |server: &Server| {
        ["friction", "groups?by=campaign", "products", "journeys?limit=50"]
            .map(|view| server.get(&format!("/api/{view}")).body)
    };
    let (one, other) = (Server::start_with(&["--seed-demo", "300"]), Server::start_with(&["--seed-demo", "300"]));
    assert_eq!(answers(&one), answers(&other));
    assert_eq!(one.get("/api/filters").json()["journeys"], 300);
}

#[test]
fn a_database_that_is_not_empty_is_left_alone() {
    let mut server = Server::start_with(&["--seed-demo", "20", "--key", "pk_shop"]);
    assert_eq!(server.get("/api/filters").json()["key"], json!({"pk_shop":20}));
    assert!(server.stop().success());
    let again = || {
        let mut command = polku();
        command.current_dir(server.dir()).args(["serve", "--port", "0", "--seed-demo", "20"]).output().unwrap()
    };
    let refused = again();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("--seed-demo") && said.contains("20 journeys") && said.contains("--db"), "{said}");
    assert!(refused.stdout.is_empty(), "it does not serve");
    for bad in ["0", "-1", "many"] {
        let refused = polku().args(["serve", "--port", "0", "--seed-demo", bad]).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{bad}");
    }
}
