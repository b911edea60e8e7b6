//! What goes in: native batches, and what they say, read independently.

use crate::encode::polku;
use crate::strict;
use serde_json::{Value, json};
use std::sync::OnceLock;

/// The shop of all batches.
pub(crate) const JOURNEY: &str = "9xk2m4t0c7qe3fzb";
/// Another visit of the same minute.
pub(crate) const OTHER: &str = "zzk2m4t0c7qe3fzb";
/// The one who walks.
const WALKER: &str = "w0a1l2k3e4r5s6t7";
/// An answer that was given without consent bears an id of its own.
const UNJOINED: &str = "0a1b2c3d4e5f6g7h";
/// The full hour of that answer, in Unix seconds.
pub(crate) const SENT_UNJOINED: u64 = 1_795_280_400;
const STARTED: u64 = 1_795_284_000;

/// An event, as its batch tells it.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) journey: String,
    pub(crate) leg: String,
    pub(crate) seq: u64,
    pub(crate) name: String,
    /// Unix milliseconds; of an answer without consent the full hour.
    pub(crate) time: u64,
    /// When its batch was sent, Unix milliseconds.
    pub(crate) sent: u64,
    pub(crate) lens: Option<String>,
    pub(crate) stage: Option<String>,
    pub(crate) page: Option<String>,
    pub(crate) data: Value,
}

impl Event {
    pub(crate) fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }

    pub(crate) fn items(&self) -> Vec<Value> {
        self.data["items"].as_array().cloned().unwrap_or_default()
    }
}

/// The events of batches, in order.
pub(crate) fn events(batches: &[String]) -> Vec<Event> {
    let mut all = Vec::new();
    for batch in batches {
        let batch: Value = serde_json::from_str(batch).unwrap();
        let journey = &batch["journey"];
        let sent = batch["sent"].as_u64().unwrap() * 1000;
        for event in batch["events"].as_array().unwrap() {
            let text = |name: &str| event[name].as_str().map(str::to_owned);
            let started = journey["started"].as_u64();
            all.push(Event {
                journey: journey["id"].as_str().unwrap().to_owned(),
                leg: journey["leg"].as_str().unwrap().to_owned(),
                seq: event["seq"].as_u64().unwrap(),
                name: text("name").unwrap(),
                time: started.map_or(sent, |started| started * 1000 + event["at"].as_u64().unwrap()),
                sent,
                lens: text("lens"),
                stage: text("stage"),
                page: text("page"),
                data: event["data"].clone(),
            });
        }
    }
    all
}

/// A batch of a journey with consent.
pub(crate) fn batch(journey: &str, leg: &str, number: &str, sent: u64, events: &[Value]) -> String {
    json!({"polku":1,"key":"pk_demo","batch":number,"sent":sent,"ttl_days":395,
        "journey":{"id":journey,"leg":leg,"started":STARTED,"stage":"decision","device":"mobile","lang":"fi",
            "consent":{"measure":{"by":"cookiebot","hour":498_690,"policy":"2026-11"}}},
        "loss":{"captured":events.len(),"sent":0,"queued":events.len(),"dropped":{}},"events":events})
    .to_string()
}

/// Everything there is: a visit with each kind of touchpoint, its next page, another visit, an answer without consent, and a walk
/// through a shop as the engine tells it.
pub(crate) fn all() -> Vec<String> {
    let mut all = vec![
        batch(JOURNEY, "k3v9a", "1", STARTED + 90, &visit()),
        batch(JOURNEY, "m7w2c", "2", STARTED + 130, &next_page()),
        batch(OTHER, "k3v9a", "1", STARTED + 60, &[touch(1, 0, "page_view", json!({"door":"search"}))]),
        unjoined(),
    ];
    all.extend(walk());
    all
}

/// What the engine makes of a visit, page by page.
fn walk() -> Vec<String> {
    static WALK: OnceLock<Vec<String>> = OnceLock::new();
    let walk = WALK.get_or_init(|| {
        let mut legs: Vec<Vec<Value>> = Vec::new();
        let told = polku(&["replay", "--events"], include_str!("walk.jsonl").to_owned());
        assert_eq!((told.code, told.err.as_str()), (0, ""));
        // The last line is the summary alone.
        for event in told.out.lines().map(strict::json).filter(|line| line["seq"].is_u64()) {
            if event["seq"] == 1 {
                legs.push(Vec::new());
            }
            legs.last_mut().unwrap().push(event);
        }
        assert!(legs.len() > 2, "{legs:?}");
        let batch = |(page, events): (usize, &Vec<Value>)| {
            let last = events.last().unwrap()["at"].as_u64().unwrap();
            batch(WALKER, &format!("walk{page}"), &page.to_string(), STARTED + last / 1000 + 1, events)
        };
        legs.iter().enumerate().map(batch).collect()
    });
    walk.clone()
}

/// Each event of `batches` alone, in the opposite order, in batches of other names and times.
pub(crate) fn rearranged(batches: &[String]) -> Vec<String> {
    let mut alone = Vec::new();
    for (number, line) in batches.iter().enumerate() {
        let whole: Value = serde_json::from_str(line).unwrap();
        for event in whole["events"].as_array().unwrap() {
            let mut batch = whole.clone();
            batch["batch"] = json!(format!("r{number}-{}", event["seq"]));
            // A second later; of an answer without consent an hour, as its time is one.
            let later = if whole["journey"]["started"].is_null() { 3600 } else { 1 };
            batch["sent"] = json!(batch["sent"].as_u64().unwrap() + later);
            batch["events"] = json!([event]);
            alone.push(batch.to_string());
        }
    }
    alone.reverse();
    alone
}

fn touch(seq: u64, at: u64, name: &str, data: Value) -> Value {
    let mut event = json!({"seq":seq,"at":at,"name":name,"lens":"did","stage":"decision","page":"/p/:id"});
    if !data.is_null() {
        event["data"] = data;
    }
    event
}

fn kettle() -> Value {
    json!({"item_id":"A1","item_name":"Kettle","item_category":"kitchen","item_brand":"Aalto","item_variant":"red","price":19.9,"quantity":2})
}

/// No category, no price: shops leave out what they do not have.
fn lid() -> Value {
    json!({"item_id":"B \"2\"","quantity":1})
}

fn cart() -> Value {
    json!({"items":[kettle(),lid()],"value":39.8,"currency":"EUR"})
}

fn visit() -> Vec<Value> {
    let hard = "it's \"so\" slow \\ 50 % + tax & <b>\u{2028}\n\tåäö 🫖 \u{1}";
    let summary = json!({"tab":"cb6yd","rev":2,"path":[{"stage":"awareness","at":0,"dwell":400,"rule":"page_view"},
        {"stage":"decision","at":400,"dwell":2500,"rule":"add_to_cart"}],
        "stages":{"awareness":{"touchpoints":1,"friction":{},"emotion":"neutral"},
            "decision":{"touchpoints":4,"value":"20-50","friction":{"payment_declined":1},"emotion":"frustrated"}},
        "scores":[],"converted":true,"value":40,"currency":"EUR","door":"search","furthest":"decision","variant":{}});
    let rows: Vec<(u64, &str, Value)> = vec![
        (0, "page_view", json!({"door":"search"})),
        (0, "stage_enter", json!({"rule":"page_view","visit":1})),
        (400, "search", json!({"search_term":hard,"results":3})),
        (1_000, "view_item_list", json!({"item_list_name":"Kettles","items":[kettle()],"currency":"EUR"})),
        (1_100, "select_item", json!({"item_list_name":"Kettles","items":[kettle()]})),
        (2_000, "page_view", Value::Null),
        (2_000, "view_item", json!({"items":[kettle()],"value":19.9,"currency":"EUR"})),
        (2_100, "view_promotion", json!({"promotion_id":"P1","promotion_name":"Tea week","creative_slot":"top"})),
        (2_200, "select_promotion", json!({"promotion_id":"P1"})),
        (2_500, "rage_click", json!({"count":4,"confidence":0.85,"target":"button#buy"})),
        (2_900, "add_to_cart", json!({"items":[kettle()],"value":39.8,"currency":"EUR"})),
        (3_000, "add_to_cart", json!({"items":[kettle(),lid()]})),
        (3_500, "remove_from_cart", json!({"items":[lid()]})),
        (3_900, "view_cart", cart()),
        (4_900, "begin_checkout", cart()),
        (
            5_000,
            "add_shipping_info",
            json!({"items":[kettle()],"shipping_tier":"pick-up","value":39.8,"currency":"EUR"}),
        ),
        (5_100, "add_payment_info", json!({"items":[kettle()],"payment_type":"card","value":39.8,"currency":"EUR"})),
        (5_200, "payment_declined", json!({"code":"insufficient"})),
        (
            6_000,
            "purchase",
            json!({"items":[kettle(),lid()],"value":39.8,"currency":"EUR","tax":8.07,"shipping":4.9,"payment_type":"card"}),
        ),
        (6_100, "refund", json!({"value":"20-50","currency":"EUR"})),
        (6_200, "web_vitals", json!({"name":"INP","value":312.5,"rating":"needs-improvement","target":"#buy"})),
        (6_250, "web_vitals", json!({"name":"LoAF","value":180,"rating":"good"})),
        (6_300, "page_engagement", json!({"engaged":4300,"scrolled":75,"active":true})),
        (6_400, "offsite_touchpoint", json!({"kind":"friend","feeling":"good","by":"told"})),
        (6_500, "prompt_shown", json!({"prompt":"nps","version":3,"sub":"s1","trigger":"purchase"})),
        (
            6_600,
            "prompt_answer",
            json!({"prompt":"nps","version":3,"sub":"s1","step":"why","rev":1,"ask":"text","text":hard,"skipped":false,
                "themes":["delivery","price"],"emotion":"frustrated"}),
        ),
        (6_700, "prompt_answer", json!({"prompt":"nps","sub":"s1","step":"score","ask":"nps","score":0,"choice":[]})),
        (6_800, "help_view", json!({})),
        (84_200, "journey_summary", summary),
    ];
    let rows = rows.into_iter().zip(1..);
    rows.map(|((at, name, data), seq)| touch(seq, at, name, data)).collect()
}

/// Another leg: its numbers begin anew. And what no engine of today writes: nulls, numbers at the edges, names that want care.
fn next_page() -> Vec<Value> {
    let odd = json!({"empty":"","nothing":null,"none":[],"deep":{"list":[[1,2],{"a":null,"b":"c"}],"flag":false},
        "largest":9_007_199_254_740_991_u64,"least":-7,"small":0.05,"huge":1e21,"Camel Case":1,"dotted.name":"x","$money":0.1});
    let mut plain = touch(2, 100_100, "page_view", Value::Null);
    plain["page"] = json!("/åäö/:id?q=tea & cups");
    let mut bare = touch(3, 100_200, "complaint", Value::Null);
    for member in ["lens", "stage", "page"] {
        bare.as_object_mut().unwrap().remove(member);
    }
    let mut tech = touch(4, 100_300, "slow_page", json!({"count":1,"confidence":1,"target":"img"}));
    tech["lens"] = json!("tech");
    tech["client"] = json!("ios-safari");
    vec![touch(1, 100_000, "hesitation", odd), plain, bare, tech]
}

/// As the engine writes it in `feedback` mode: no start, no place in a journey, time to the hour.
pub(crate) fn unjoined() -> String {
    json!({"polku":1,"key":"pk_demo","batch":"1","sent":SENT_UNJOINED,"ttl_days":395,"journey":{"id":UNJOINED,"leg":"q1w2e"},
        "events":[{"seq":1,"name":"prompt_answer","lens":"felt","page":"order",
            "data":{"prompt":"nps","version":3,"sub":"q1w2e","step":"score","rev":1,"ask":"nps","score":9,"skipped":false}}]})
    .to_string()
}
