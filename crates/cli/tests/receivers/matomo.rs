//! `matomo`: bulk tracking. Sheet 6. Its losses are documented; what is told must be told in Matomo's own terms.

use crate::agree;
use crate::encode::{Request, encode};
use crate::native::{self, Event};
use crate::settings::{self, SITE};
use crate::strict::{json, members, query};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

type Query = BTreeMap<String, String>;

/// Parameters of the sheet that are of use here. Those that name a person or a device are not among them.
const KNOWN: &[&str] = &[
    "idsite",
    "rec",
    "apiv",
    "url",
    "action_name",
    "rand",
    "pv_id",
    "_id",
    "cid",
    "ca",
    "e_c",
    "e_a",
    "e_n",
    "e_v",
    "_pks",
    "_pkn",
    "_pkc",
    "_pkp",
    "idgoal",
    "revenue",
    "ec_items",
    "ec_id",
    "ec_st",
    "ec_tx",
    "ec_sh",
    "ec_dt",
    "ping",
    "search",
    "search_count",
    "link",
    "c_n",
    "c_p",
    "c_t",
    "c_i",
    "cdt",
    "lang",
];
/// Events whose products are the whole cart. What was just put into it is not.
const CARTS: &[&str] = &["view_cart", "begin_checkout", "add_shipping_info", "add_payment_info"];

fn tracked(request: &Request) -> Vec<Query> {
    // Matomo looks for the word behind the first byte.
    assert!(request.body.starts_with('{') && request.body.contains("\"requests\""), "{}", request.body);
    let body = request.json();
    members(&body, &["requests", "send_image?"]);
    let all = body["requests"].as_array().unwrap();
    assert!((1..50).contains(&all.len()), "{} at once", all.len());
    all.iter().map(one).collect()
}

fn one(value: &Value) -> Query {
    let text = value.as_str().unwrap_or_else(|| panic!("no query: {value}"));
    let query = query(text.strip_prefix('?').unwrap_or_else(|| panic!("no question mark: {text}")));
    for key in query.keys() {
        let dimension = key.strip_prefix("dimension").is_some_and(|number| number.parse::<u8>().is_ok());
        assert!(dimension || KNOWN.contains(&key.as_str()), "{key}: {text}");
    }
    assert_eq!((query["idsite"].as_str(), query["rec"].as_str(), query["apiv"].as_str()), ("1", "1", "1"), "{text}");
    if let Some(url) = query.get("url") {
        let url = url::Url::parse(url).unwrap_or_else(|why| panic!("{why}: {text}"));
        assert_eq!(url.origin().ascii_serialization(), SITE);
    }
    // Without one, Matomo takes the address and the browser for the visitor.
    let id = query.get("_id").or(query.get("cid")).unwrap_or_else(|| panic!("no visitor: {text}"));
    assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    let page = &query["pv_id"];
    assert!(page.len() == 6 && page.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{page}");
    query
}

/// All events, each with its query: none is left out, and nothing else is tracked.
fn all() -> Vec<(Event, Query)> {
    let batches = native::all();
    let requests = encode("matomo", settings::of("matomo"), &batches);
    for request in &requests {
        assert_eq!(request.path, "/matomo.php");
        request.assert_simple();
        agree::nameless(&request.json(), &["token_auth", "uid", "cip", "ua", "res"]);
    }
    let told: Vec<Query> = requests.iter().flat_map(tracked).collect();
    let events = native::events(&batches);
    assert_eq!(told.len(), events.len());
    events.into_iter().zip(told).collect()
}

#[test]
fn matomo_reads_every_event_at_its_time() {
    for (event, query) in all() {
        assert_eq!(query["cdt"], (event.time / 1000).to_string(), "{event:?}");
        // What is none of a page view, a ping, a search, a cart or an order is an event with category and action.
        let page = event.name == "page_view";
        assert_eq!(
            !page,
            query.contains_key("ca") || query.contains_key("idgoal") || query.contains_key("ping"),
            "{query:?}"
        );
        if let Some(page) = event.page.as_ref().filter(|page| page.starts_with('/')) {
            let site = url::Url::parse(SITE).unwrap();
            assert_eq!(url::Url::parse(&query["url"]), site.join(page), "{event:?}");
        }
        if event.name == "web_vitals" {
            assert!(query["e_n"].contains(event.data["name"].as_str().unwrap()), "which metric is it? {query:?}");
            assert_eq!(query["e_v"].parse().ok(), event.data["value"].as_f64());
        }
        if query.contains_key("ca") {
            assert_eq!(query["ca"], "1");
            assert!(!query.contains_key("ping"), "{query:?}");
        }
        if query.contains_key("e_c") || query.contains_key("e_a") {
            assert!(!query["e_c"].is_empty(), "{query:?}");
            assert_eq!(query["e_a"], event.name, "{query:?}");
            assert!(query.get("e_v").is_none_or(|number| number.parse::<f64>().is_ok_and(f64::is_finite)), "{query:?}");
        }
        let known =
            ["e_c", "search", "idgoal", "_pks", "ping", "link", "c_n"].iter().any(|key| query.contains_key(*key));
        assert!(page || known, "{} tells nothing: {query:?}", event.name);
        assert!(!page || !known, "{query:?}");
    }
}

#[test]
fn a_journey_is_a_visitor_and_a_page_a_page_view() {
    let all = all();
    let visitor = |query: &Query| query.get("_id").or(query.get("cid")).unwrap().clone();
    let by_journey: BTreeSet<(String, String)> =
        all.iter().map(|(event, query)| (event.journey.clone(), visitor(query))).collect();
    let visitors: BTreeSet<&String> = by_journey.iter().map(|(_, visitor)| visitor).collect();
    let journeys: BTreeSet<&String> = all.iter().map(|(event, _)| &event.journey).collect();
    assert_eq!(by_journey.len(), journeys.len(), "a visitor for each journey, and one only");
    assert_eq!(visitors.len(), journeys.len());
    let mut page = None;
    for (event, query) in &all {
        let of = (event.journey.clone(), event.leg.clone());
        match &page {
            Some((last, id)) if event.name != "page_view" && *last == of => {
                assert_eq!(*id, query["pv_id"], "an event belongs to the page that it happened on: {event:?}");
            }
            Some((_, id)) if event.name == "page_view" => {
                assert_ne!(*id, query["pv_id"], "each page view is one of its own")
            }
            _ => (),
        }
        page = Some((of, query["pv_id"].clone()));
    }
}

#[test]
fn products_carts_and_orders_are_matomos_own() {
    for (event, query) in all() {
        if query.contains_key("idgoal") {
            assert_eq!(query["idgoal"], "0");
            assert_eq!(query["revenue"].parse::<f64>().ok(), event.data["value"].as_f64(), "{query:?}");
            let items = json(&query["ec_items"]);
            let items = items.as_array().unwrap();
            assert_eq!(items.len(), event.items().len());
            for (item, ours) in items.iter().zip(event.items()) {
                let item = item.as_array().unwrap();
                assert!((1..=5).contains(&item.len()), "{item:?}");
                let same = |at: usize, member: &str, nothing: Value| {
                    let told = item.get(at).cloned().unwrap_or(nothing.clone());
                    let said = if ours[member].is_null() { nothing } else { ours[member].clone() };
                    assert_eq!(told, said, "{member} in {item:?}");
                };
                same(0, "item_id", "".into());
                same(1, "item_name", "".into());
                same(2, "item_category", "".into());
                let number = |at: usize, nothing: f64| item.get(at).map_or(Some(nothing), Value::as_f64);
                assert_eq!(number(3, 0.0), Some(ours["price"].as_f64().unwrap_or(0.0)), "{item:?}");
                assert_eq!(number(4, 1.0), Some(ours["quantity"].as_f64().unwrap_or(1.0)), "{item:?}");
            }
            // With a number of an order it is an order, else the cart as it is now.
            assert_eq!(query.contains_key("ec_id"), event.name == "purchase", "{query:?}");
            assert!(event.name == "purchase" || CARTS.contains(&event.name.as_str()), "{} is no cart", event.name);
        }
        if event.name == "purchase" {
            assert!(!query["ec_id"].is_empty(), "{query:?}");
            for (key, member) in [("ec_tx", "tax"), ("ec_sh", "shipping")] {
                assert_eq!(query[key].parse::<f64>().ok(), event.data[member].as_f64(), "{query:?}");
            }
        }
        if event.name == "view_item" {
            let item = &event.items()[0];
            for (key, member) in [("_pks", "item_id"), ("_pkn", "item_name"), ("_pkc", "item_category")] {
                assert_eq!(Some(query[key].as_str()), item[member].as_str(), "{query:?}");
            }
            assert_eq!(query["_pkp"].parse::<f64>().ok(), item["price"].as_f64());
        }
        if event.name == "search" {
            assert_eq!(Some(query["search"].as_str()), event.data["search_term"].as_str());
            assert_eq!(query["search_count"], "3");
        }
    }
}

#[test]
fn many_events_are_many_requests_in_order() {
    let views: Vec<Value> = (1..=100)
        .map(|seq| serde_json::json!({"seq":seq,"at":seq * 100,"name":"page_view","lens":"did","stage":"awareness","page":"/"}))
        .collect();
    let batch = native::batch(native::JOURNEY, "k3v9a", "1", 1_795_284_090, &views);
    let requests = encode("matomo", settings::of("matomo"), &[batch]);
    let told: Vec<Query> = requests.iter().flat_map(tracked).collect();
    assert_eq!(told.len(), 100);
    assert!(told.windows(2).all(|two| two[0]["cdt"] <= two[1]["cdt"]), "the oldest first");
}
