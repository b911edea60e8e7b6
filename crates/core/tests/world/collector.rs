//! A collector by the letter of the design's section 4: it takes nothing that is not written there, and forgets nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::leaves;

/// Identity of an event: journey, leg, number.
pub(crate) type Identity = (String, String, u64);

/// The largest batch that a leaving page can still send, in bytes.
const LARGEST: usize = 56_000;
/// Events in a batch, at most.
const MOST: usize = 100;

#[derive(Default)]
pub(crate) struct Collector {
    /// Every event that was taken, once.
    pub(crate) events: BTreeMap<Identity, Value>,
    /// Identities in the order in which they came first.
    pub(crate) arrivals: Vec<Identity>,
    /// Every body that arrived, in order.
    pub(crate) bodies: Vec<String>,
    /// Journeys that were to be deleted.
    pub(crate) erased: Vec<String>,
    /// Answers of shoppers without `measure`: submission id and event.
    pub(crate) unjoined: Vec<(String, Value)>,
    /// Events of these names are rejected.
    pub(crate) rejects: Vec<&'static str>,
    /// Events that were rejected.
    pub(crate) rejected: Vec<Value>,
    batches: BTreeMap<(String, String, String), String>,
}

impl Collector {
    /// Takes a request's body; answers as a collector does.
    pub(crate) fn receive(&mut self, body: &str) -> String {
        let batch = parse(body);
        self.bodies.push(body.to_owned());
        let journey = &batch["journey"];
        let id = text(journey, "id");
        let leg = text(journey, "leg");
        let same =
            self.batches.entry((id.clone(), leg.clone(), text(&batch, "batch"))).or_insert_with(|| body.to_owned());
        assert_eq!(same, body, "a batch that is sent again is the same to the byte");

        let (mut accepted, mut duplicate, mut rejected) = (0, 0, Vec::new());
        for event in list(&batch, "events") {
            let seq = number(event, "seq");
            let name = text(event, "name");
            if self.rejects.contains(&name.as_str()) {
                rejected.push(json!({"seq": seq, "why": "name"}));
                self.rejected.push(event.clone());
                continue;
            }
            if name == "erase" {
                for journey in list(&event["data"], "journeys") {
                    let journey = journey.as_str().unwrap().to_owned();
                    self.events.retain(|(id, ..), _| *id != journey);
                    self.erased.push(journey);
                }
                accepted += 1;
                continue;
            }
            let identity = (id.clone(), leg.clone(), seq);
            if let Some(first) = self.events.get(&identity) {
                assert_eq!(first, event, "an event keeps its identity and its bytes: {identity:?}");
                duplicate += 1;
                continue;
            }
            if batch.get("loss").is_none() {
                self.unjoined.push((id.clone(), event.clone()));
            }
            self.events.insert(identity.clone(), event.clone());
            self.arrivals.push(identity);
            accepted += 1;
        }
        json!({"accepted": accepted, "duplicate": duplicate, "rejected": rejected}).to_string()
    }

    /// The journeys with a path, in the order of their first event.
    pub(crate) fn journeys(&self) -> Vec<String> {
        let mut seen = Vec::new();
        for (id, ..) in &self.arrivals {
            if !seen.contains(id) && !self.unjoined.iter().any(|(unjoined, _)| unjoined == id) {
                seen.push(id.clone());
            }
        }
        seen
    }

    /// The legs of a journey, in the order of their first event.
    pub(crate) fn legs(&self, journey: &str) -> Vec<String> {
        let mut seen = Vec::new();
        for (id, leg, _) in &self.arrivals {
            if id == journey && !seen.contains(leg) {
                seen.push(leg.clone());
            }
        }
        seen
    }

    /// All events that were taken, in the order in which they came.
    pub(crate) fn all(&self) -> Vec<&Value> {
        self.arrivals.iter().filter_map(|identity| self.events.get(identity)).collect()
    }

    /// All events of a name, in the order in which they came.
    pub(crate) fn named(&self, name: &str) -> Vec<&Value> {
        self.all().into_iter().filter(|event| event["name"] == name).collect()
    }

    /// The names of all events but `stage_enter` and `journey_summary`, in the order in which they came.
    pub(crate) fn touchpoints(&self) -> Vec<String> {
        let names = self.all().into_iter().map(|event| text(event, "name"));
        names.filter(|name| !matches!(name.as_str(), "stage_enter" | "journey_summary")).collect()
    }

    /// The batches that arrived, parsed.
    pub(crate) fn batches(&self) -> Vec<Value> {
        self.bodies.iter().map(|body| parse(body)).collect()
    }
}

/// Reads a batch, and fails the test where it is none of the design's.
pub(crate) fn parse(body: &str) -> Value {
    let batch: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"));
    assert!(body.len() <= LARGEST, "{} bytes are too many for a leaving page", body.len());
    assert_eq!(batch["polku"], 1);
    assert!(matches!(text(&batch, "key").len(), 1..=64));
    assert!(!text(&batch, "batch").is_empty());
    assert_eq!(batch["ttl_days"], 395);
    assert_eq!(leaves::strangers(&batch), [""; 0], "tests/leaves/table.json says what may leave, and why");
    let events = list(&batch, "events");
    assert!(!events.is_empty() && events.len() <= MOST, "{} events in a batch", events.len());
    if events[0]["name"] == "erase" {
        check_erase(&batch);
    } else if batch.get("loss").is_some() {
        check_journey(&batch);
    } else {
        check_unjoined(&batch);
    }
    batch
}

fn check_journey(batch: &Value) {
    only(batch, &["polku", "key", "batch", "sent", "ttl_days", "journey", "loss", "events"], &[]);
    let journey = &batch["journey"];
    only(journey, &["id", "leg", "started", "device", "consent"], &["stage", "lang"]);
    check_ids(journey);
    let started = number(journey, "started");
    assert_eq!(started % 60, 0, "the start is rounded down to the minute");
    assert!(["mobile", "tablet", "desktop"].contains(&text(journey, "device").as_str()));
    only(&journey["consent"], &["measure"], &[]);
    only(&journey["consent"]["measure"], &["by", "hour"], &["policy"]);

    let loss = &batch["loss"];
    only(loss, &["captured", "sent", "queued", "dropped"], &[]);
    let dropped = object(&loss["dropped"]);
    let lost: u64 = dropped.values().map(|count| count.as_u64().unwrap()).sum();
    assert!(dropped.values().all(|count| *count != 0), "a reason without events is not written");
    assert_eq!(
        number(loss, "captured"),
        number(loss, "sent") + number(loss, "queued") + lost,
        "the books balance: {loss}"
    );

    let (mut seq, mut at, mut staged) = (0, 0, false);
    for event in list(batch, "events") {
        only(event, &["seq", "at", "name", "lens", "page"], &["stage", "data"]);
        assert!(number(event, "seq") > seq, "order in a batch: {batch}");
        seq = number(event, "seq");
        assert!(number(event, "at") >= at, "time in a batch: {batch}");
        at = number(event, "at");
        assert_eq!(at % 100, 0, "steps of 100 ms");
        assert!(started + at / 1000 <= number(batch, "sent"), "`sent` never precedes its events");
        assert!(staged <= event.get("stage").is_some(), "a stage is not lost again: {batch}");
        staged = event.get("stage").is_some();
        if staged {
            stage(&event["stage"]);
        }
        assert!(text(event, "page").starts_with('/'));
        check_event(event);
    }
    if let Some(current) = journey.get("stage") {
        stage(current);
    }
}

fn check_unjoined(batch: &Value) {
    only(batch, &["polku", "key", "batch", "sent", "ttl_days", "journey", "events"], &[]);
    only(&batch["journey"], &["id", "leg"], &[]);
    check_ids(&batch["journey"]);
    assert_eq!(number(batch, "sent") % 3600, 0, "time to the hour");
    let events = list(batch, "events");
    assert_eq!(events.len(), 1, "an answer leaves alone");
    only(&events[0], &["seq", "name", "lens", "page", "data"], &[]);
    assert_eq!(events[0]["name"], "prompt_answer");
    check_event(&events[0]);
}

fn check_erase(batch: &Value) {
    only(batch, &["polku", "key", "batch", "sent", "ttl_days", "journey", "events"], &[]);
    only(&batch["journey"], &["id", "leg"], &[]);
    check_ids(&batch["journey"]);
    let events = list(batch, "events");
    assert_eq!(events.len(), 1, "an erase leaves alone");
    only(&events[0], &["seq", "name", "data"], &[]);
    only(&events[0]["data"], &["journeys"], &[]);
    assert_eq!(list(&events[0]["data"], "journeys")[0], batch["journey"]["id"]);
}

fn check_ids(journey: &Value) {
    for (name, length) in [("id", 16), ("leg", 5)] {
        let id = text(journey, name);
        let fits = id.len() == length && id.bytes().all(|b| b"0123456789abcdefghjkmnpqrstvwxyz".contains(&b));
        assert!(fits, "{name} {id:?}");
    }
}

/// The `data` of one event, and its lens.
fn check_event(event: &Value) {
    let name = text(event, "name");
    let lens = match name.as_str() {
        "view_promotion" | "prompt_shown" | "error_shown" | "cta_hidden" | "content_seen" => "saw",
        "complaint" | "prompt_answer" | "hesitation" | "no_progress" => "felt",
        "rage_click" | "js_error" | "payment_declined" | "search_no_results" | "form_error" | "dead_click"
        | "order_unconfirmed" | "page_reloaded" | "slow_page" | "request_failed" | "web_vitals" => "tech",
        _ => "did",
    };
    assert_eq!(event["lens"], lens, "{name}");
    let data = event.get("data").unwrap_or(&Value::Null);
    match name.as_str() {
        "page_view" if data.is_null() => {}
        "page_view" => {
            only(data, &[], &["door", "source", "medium", "campaign", "click", "variant"]);
            match data.get("door").and_then(Value::as_str) {
                Some(door) => assert!(DOORS.contains(&door), "{data}"),
                None => only(data, &["variant"], &[]),
            }
            for word in ["source", "medium", "campaign"] {
                let word = data.get(word).and_then(Value::as_str).unwrap_or_default();
                assert!(word.len() <= 40 && !word.contains(['@', '%', '=', '&', '/', '<']), "{word}");
                assert!(word.bytes().filter(u8::is_ascii_digit).count() < 7, "{word}");
            }
        }
        "offsite_touchpoint" => only(data, &["kind", "by"], &["feeling"]),
        "journey_summary" => check_summary(event),
        "stage_enter" => only(data, &["rule", "visit"], &["from"]),
        "rage_click" | "dead_click" | "form_abandon" | "error_shown" | "order_unconfirmed" | "cta_hidden"
        | "hesitation" | "search_repeated" | "back_and_forth" | "no_progress" | "page_reloaded" | "slow_page"
        | "request_failed" => check_friction(data),
        // What the shop may report itself has the shop's members, or ours.
        "js_error" | "payment_declined" | "search_no_results" | "form_error" if data.get("confidence").is_some() => {
            check_friction(data);
        }
        "web_vitals" => {
            only(data, &["name", "value", "rating"], &["target"]);
            assert!(["LCP", "INP", "CLS", "TTFB", "FCP", "LoAF"].contains(&text(data, "name").as_str()));
            assert!(["good", "needs-improvement", "poor"].contains(&text(data, "rating").as_str()));
            assert!(data["value"].is_u64() || data["name"] == "CLS", "{data}");
        }
        "page_engagement" => {
            only(data, &["engaged", "depth"], &[]);
            assert!(number(data, "engaged") >= 1_000 && number(data, "depth") <= 100, "{data}");
        }
        "content_seen" => only(data, &["kind"], &["text"]),
        "prompt_shown" => only(data, &["prompt", "version", "sub", "trigger"], &[]),
        "prompt_answer" => {
            only(data, &["prompt", "version", "sub", "step", "rev", "ask"], &["score", "text", "skipped", "path"]);
        }
        "prompt_closed" => {
            only(data, &["prompt", "sub", "reason", "partial"], &[]);
            let reason = text(data, "reason");
            assert!(["completed", "dismissed", "snoozed", "abandoned", "expired"].contains(&reason.as_str()));
        }
        _ if data.is_null() => {}
        _ => {
            only(data, &[], &PARAMETERS);
            if let Some(items) = data.get("items") {
                for item in items.as_array().unwrap() {
                    only(item, &[], &ITEM);
                }
            }
        }
    }
}

/// What a friction that Polku found carries.
fn check_friction(data: &Value) {
    only(data, &["count", "confidence"], &["target"]);
    assert!(number(data, "count") > 0, "{data}");
    let confidence = data["confidence"].as_f64().unwrap();
    assert!(confidence > 0.0 && confidence <= 1.0, "{data}");
}

/// A summary: its shape, and what must add up in it.
fn check_summary(event: &Value) {
    let data = &event["data"];
    only(
        data,
        &[
            "tab",
            "rev",
            "path",
            "stages",
            "left",
            "scores",
            "converted",
            "door",
            "last_door",
            "furthest",
            "loops",
            "cycles",
            "variant",
        ],
        &["value", "currency", "framework", "targets", "returning", "order", "since_order"],
    );
    assert!(data.to_string().len() < 8_000, "a summary is short");
    for door in ["door", "last_door"] {
        assert!(DOORS.contains(&text(data, door).as_str()), "{data}");
    }
    let path = list(data, "path");
    assert!(path.len() <= 40);
    for (entry, next) in path.iter().zip(path.iter().skip(1)) {
        assert_ne!(entry["stage"], next["stage"], "a stage is entered from another: {data}");
        assert_eq!(number(entry, "at") + number(entry, "dwell"), number(next, "at"), "no time is lost: {data}");
    }
    if let Some(last) = path.last() {
        assert_eq!(last["stage"], event["stage"]);
        assert_eq!(number(last, "at") + number(last, "dwell"), number(event, "at"));
    }
    let mut entries = 0;
    for (name, stage) in object(&data["stages"]) {
        only(
            stage,
            &["entries", "exits", "returns", "touchpoints", "dwell", "engaged", "conversion", "friction", "emotion"],
            &["value", "evidence"],
        );
        entries += number(stage, "entries");
        let here = u64::from(event["stage"] == **name && number(stage, "entries") > 0);
        assert_eq!(number(stage, "exits") + here, number(stage, "entries"), "{name}: {data}");
        assert!(["neutral", "satisfied", "confused", "frustrated"].contains(&text(stage, "emotion").as_str()));
        assert_eq!(stage["emotion"] == "neutral", stage.get("evidence").is_none(), "{data}");
    }
    assert_eq!(path.len() as u64 + number(data, "left"), entries, "{data}");
}

/// What may be said of how a page was come to.
const DOORS: [&str; 9] = ["direct", "search", "social", "mail", "shop", "comparison", "ai", "other", "unknown"];

/// What a shop's touchpoint may carry.
const PARAMETERS: [&str; 22] = [
    "code",
    "content_type",
    "count",
    "creative_name",
    "creative_slot",
    "currency",
    "field",
    "item_id",
    "item_list_id",
    "item_list_name",
    "items",
    "kind",
    "method",
    "payment_type",
    "promotion_id",
    "promotion_name",
    "results",
    "search_term",
    "shipping",
    "shipping_tier",
    "tax",
    "value",
];

/// What a product may carry.
const ITEM: [&str; 19] = [
    "creative_name",
    "creative_slot",
    "discount",
    "index",
    "item_brand",
    "item_category",
    "item_category2",
    "item_category3",
    "item_category4",
    "item_category5",
    "item_id",
    "item_list_id",
    "item_list_name",
    "item_name",
    "item_variant",
    "price",
    "promotion_id",
    "promotion_name",
    "quantity",
];

/// A stage of any framework.
fn stage(value: &Value) {
    let name = value.as_str().unwrap();
    assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()), "{value}");
}

/// Fails unless `value` is an object with all of `must`, and beyond them some of `may` at most.
fn only(value: &Value, must: &[&str], may: &[&str]) {
    let have: BTreeSet<&str> = object(value).keys().map(String::as_str).collect();
    for name in must {
        assert!(have.contains(name), "{name} is missing in {value}");
    }
    for name in have {
        assert!(must.contains(&name) || may.contains(&name), "{name} has no place in {value}");
    }
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("no object: {value}"))
}

/// A text member.
pub(crate) fn text(value: &Value, name: &str) -> String {
    let text = value[name].as_str();
    text.unwrap_or_else(|| panic!("no text {name}: {value}")).to_owned()
}

/// A member that is a whole number from 0.
pub(crate) fn number(value: &Value, name: &str) -> u64 {
    value[name].as_u64().unwrap_or_else(|| panic!("no number {name}: {value}"))
}

/// A member that is a list.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("no list {name}: {value}"))
}
