//! `snowplow`: tracker protocol 2 with its e-commerce schemas. Sheet 3.

use crate::agree;
use crate::encode::{Request, encode};
use crate::iglu;
use crate::native::{self, Event};
use crate::settings::{self, SITE};
use crate::strict::{assert_uuid, json, members};
use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The parameters of the payload's schema that Polku has something for. Others of it name a person, an address or a device.
const KNOWN: &[&str] = &[
    "e", "p", "tv", "tna", "aid", "eid", "dtm", "stm", "ttm", "tz", "lang", "url", "page", "sid", "vid", "se_ca",
    "se_ac", "se_la", "se_pr", "se_va", "ue_pr", "ue_px", "co", "cx", "pp_mix", "pp_max", "pp_miy", "pp_may",
];
const CORE: &str = "iglu:com.snowplowanalytics.snowplow";
/// What each touchpoint is there.
const ACTIONS: &[(&str, &str)] = &[
    ("view_item_list", "list_view"),
    ("select_item", "list_click"),
    ("view_item", "product_view"),
    ("add_to_cart", "add_to_cart"),
    ("remove_from_cart", "remove_from_cart"),
    ("begin_checkout", "checkout_step"),
    ("add_shipping_info", "checkout_step"),
    ("add_payment_info", "checkout_step"),
    ("payment_declined", "trns_error"),
    ("purchase", "transaction"),
    ("refund", "refund"),
    ("view_promotion", "promo_view"),
    ("select_promotion", "promo_click"),
];

/// An event as Snowplow reads it.
struct Payload {
    parameters: BTreeMap<String, String>,
    /// What `ue_px` or `ue_pr` holds.
    action: Option<Value>,
    /// Name and data of each context.
    contexts: Vec<(&'static str, Value)>,
}

impl Payload {
    fn parse(value: &Value) -> Self {
        let mut parameters = BTreeMap::new();
        for (key, value) in value.as_object().unwrap() {
            assert!(KNOWN.contains(&key.as_str()), "{key} does not belong there: {value}");
            let text = value.as_str().unwrap_or_else(|| panic!("{key} is no text: {value}"));
            parameters.insert(key.clone(), text.to_owned());
        }
        let action = described(&parameters, "ue_px", "ue_pr").map(|outer| {
            members(&outer, &["schema", "data"]);
            assert_eq!(outer["schema"], format!("{CORE}/unstruct_event/jsonschema/1-0-0"));
            iglu::check(&outer["data"]).1
        });
        let contexts = described(&parameters, "cx", "co").map(|outer| {
            members(&outer, &["schema", "data"]);
            let versions = ["1-0-0", "1-0-1"].map(|version| format!("{CORE}/contexts/jsonschema/{version}"));
            assert!(versions.iter().any(|schema| outer["schema"] == *schema), "{outer}");
            outer["data"].as_array().unwrap().iter().map(iglu::check).collect()
        });
        Self { parameters, action, contexts: contexts.unwrap_or_default() }
    }

    fn get(&self, name: &str) -> &str {
        self.parameters.get(name).unwrap_or_else(|| panic!("`{name}` is missing: {:?}", self.parameters))
    }

    fn contexts(&self, name: &str) -> Vec<&Value> {
        self.contexts.iter().filter(|(schema, _)| *schema == name).map(|(_, data)| data).collect()
    }
}

/// One of two ways to send JSON.
fn described(parameters: &BTreeMap<String, String>, encoded: &str, plain: &str) -> Option<Value> {
    assert!(!(parameters.contains_key(encoded) && parameters.contains_key(plain)), "both {encoded} and {plain}");
    if let Some(text) = parameters.get(plain) {
        return Some(json(text));
    }
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let reader = GeneralPurpose::new(&base64::alphabet::URL_SAFE, config);
    let bytes = reader.decode(parameters.get(encoded)?).unwrap_or_else(|why| panic!("{encoded}: {why}"));
    Some(json(&String::from_utf8(bytes).unwrap()))
}

fn payloads(requests: &[Request]) -> Vec<Payload> {
    requests.iter().flat_map(payload).collect()
}

fn payload(request: &Request) -> Vec<Payload> {
    assert_eq!(request.path, "/com.snowplowanalytics.snowplow/tp2");
    // Under any other the collector says 200, and the event is lost later.
    let kinds = ["application/json", "application/json; charset=utf-8"];
    assert!(kinds.contains(&request.kind().to_lowercase().as_str()), "{}", request.kind());
    assert_eq!(
        request.headers.get("sp-anonymous").map(String::as_str),
        Some("*"),
        "else a cookie is set and the address kept"
    );
    assert!(request.body.len() < 1_000_000);
    let body = request.json();
    members(&body, &["schema", "data"]);
    assert_eq!(body["schema"], format!("{CORE}/payload_data/jsonschema/1-0-4"));
    let data = body["data"].as_array().unwrap();
    assert!(!data.is_empty());
    data.iter().map(Payload::parse).collect()
}

fn all() -> Vec<(Event, Payload)> {
    let batches = native::all();
    let told = payloads(&encode("snowplow", settings::of("snowplow"), &batches));
    let events = native::events(&batches);
    assert_eq!(told.len(), events.len());
    events.into_iter().zip(told).collect()
}

#[test]
fn snowplow_reads_every_event() {
    let mut sessions = BTreeSet::new();
    for (event, told) in all() {
        assert_eq!((told.get("p"), told.get("aid")), ("web", "shop"));
        assert!((1..=100).contains(&told.get("tv").len()));
        assert_eq!(told.get("dtm"), event.time.to_string(), "{event:?}");
        assert_eq!(told.get("stm"), event.sent.to_string(), "{event:?}");
        assert_uuid(told.get("eid"));
        assert_uuid(told.get("sid"));
        sessions.insert((event.journey.clone(), told.get("sid").to_owned()));
        if let Some(url) = told.parameters.get("url") {
            let parsed = url::Url::parse(url).unwrap_or_else(|why| panic!("{why}: {url}"));
            assert_eq!(parsed.origin().ascii_serialization(), SITE);
        }
        match told.get("e") {
            "pv" => {
                assert_eq!(event.name, "page_view");
                assert!(told.parameters.contains_key("url"), "{:?}", told.parameters);
            }
            "pp" => assert_eq!(event.name, "page_engagement"),
            "se" => {
                assert!(!told.get("se_ca").is_empty());
                assert_eq!(told.get("se_ac"), event.name);
                let metric = ["LCP", "FCP", "TTFB", "CLS", "INP"].iter().any(|metric| event.data["name"] == *metric);
                assert!(event.name != "web_vitals" || !metric, "there is a schema for it: {event:?}");
                let number = told.parameters.get("se_va");
                assert!(number.is_none_or(|text| text.parse::<f64>().is_ok_and(f64::is_finite)), "{number:?}");
            }
            "ue" if event.name == "web_vitals" => {
                let metric = event.data["name"].as_str().unwrap().to_lowercase();
                assert_eq!(told.action.as_ref().unwrap()[&metric].as_f64(), event.data["value"].as_f64(), "{event:?}");
            }
            "ue" => assert!(ACTIONS.iter().any(|(name, _)| event.name == *name), "{event:?}"),
            other => panic!("no such event: {other}"),
        }
        assert_eq!(told.get("e") == "ue", told.action.is_some());
        assert_eq!(told.get("e") == "se", told.parameters.contains_key("se_ca"));
        assert!(event.name != "page_view" || told.get("e") == "pv");
    }
    let distinct: BTreeSet<&String> = sessions.iter().map(|(_, session)| session).collect();
    let journeys = native::events(&native::all()).into_iter().map(|event| event.journey).collect::<BTreeSet<_>>().len();
    assert_eq!((sessions.len(), distinct.len()), (journeys, journeys), "a session for each journey, and one only");
    agree::stable("snowplow", |requests| payloads(requests).iter().map(|told| told.get("eid").to_owned()).collect());
}

#[test]
fn commerce_follows_the_schemas() {
    for (event, told) in all() {
        let Some((_, action)) = ACTIONS.iter().find(|(name, _)| event.name == *name) else { continue };
        let currency = &event.data["currency"];
        let whole = |item: &Value| ["item_id", "item_category", "price"].iter().all(|member| !item[*member].is_null());
        let items: Vec<Value> = event.items().into_iter().filter(|item| currency.is_string() && whole(item)).collect();
        // Without anything that its entities could hold, an action would tell less than a structured event does.
        let holds = !items.is_empty() || !event.data["promotion_id"].is_null() || !event.data["code"].is_null();
        if !holds && told.get("e") == "se" {
            continue;
        }
        assert_eq!(told.get("e"), "ue", "{event:?}");
        assert_eq!(told.action.as_ref().unwrap()["type"], *action);
        // The schema of a product wants all four: one that lacks one cannot be told.
        let products = told.contexts("product");
        assert!(products.len() >= items.len(), "{} of {} products: {event:?}", products.len(), items.len());
        for item in &items {
            let found = products.iter().find(|product| product["id"] == item["item_id"]).unwrap();
            let pairs = [
                ("item_category", "category"),
                ("item_name", "name"),
                ("item_brand", "brand"),
                ("item_variant", "variant"),
            ];
            for (ours, theirs) in pairs.into_iter().chain([("price", "price"), ("quantity", "quantity")]) {
                assert_eq!(found[theirs], item[ours], "{theirs}: {found}");
            }
            assert_eq!(found["currency"], *currency);
        }
        for step in told.contexts("checkout_step") {
            for (ours, theirs) in [("shipping_tier", "delivery_method"), ("payment_type", "payment_method")] {
                assert_eq!(step[theirs], event.data[ours], "{theirs}: {step}");
            }
        }
        assert_eq!(told.contexts("checkout_step").len(), usize::from(*action == "checkout_step"), "{event:?}");
        for transaction in told.contexts("transaction") {
            assert_eq!(transaction["revenue"], event.data["value"]);
            let total: u64 = event.items().iter().map(|item| item["quantity"].as_u64().unwrap_or(1)).sum();
            assert_eq!(transaction["total_quantity"], total);
        }
        if event.is(&["purchase"]) {
            assert_eq!(told.contexts("transaction").len(), 1, "all that its schema wants is there: {event:?}");
        }
        if event.is(&["view_promotion", "select_promotion"]) {
            assert_eq!(told.contexts("promotion")[0]["id"], event.data["promotion_id"]);
        }
    }
}
