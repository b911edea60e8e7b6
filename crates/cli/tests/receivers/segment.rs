//! `segment`: Segment's batch, as RudderStack and Jitsu take it too. Sheet 4.

use crate::agree::{self, Told};
use crate::encode::{Request, encode};
use crate::native;
use crate::settings::{self, KEY};
use crate::strict::{members, rfc3339, text};
use serde_json::Value;

/// The e-commerce events of the specification, and what they are here.
const NAMES: &[(&str, &str)] = &[
    ("Product List Viewed", "view_item_list"),
    ("Product Clicked", "select_item"),
    ("Product Viewed", "view_item"),
    ("Product Added", "add_to_cart"),
    ("Product Removed", "remove_from_cart"),
    ("Cart Viewed", "view_cart"),
    ("Checkout Started", "begin_checkout"),
    ("Checkout Step Completed", "add_shipping_info"),
    ("Payment Info Entered", "add_payment_info"),
    ("Order Completed", "purchase"),
    ("Order Refunded", "refund"),
    ("Products Searched", "search"),
    ("Promotion Viewed", "view_promotion"),
    ("Promotion Clicked", "select_promotion"),
];

fn batches(requests: &[Request]) -> Vec<Told> {
    requests.iter().flat_map(batch).collect()
}

fn batch(request: &Request) -> Vec<Told> {
    let body = request.json();
    members(&body, &["writeKey", "sentAt", "context?", "batch"]);
    assert_eq!(text(&body, "writeKey"), KEY);
    // The servers correct clocks by the difference: no event comes after its batch.
    rfc3339(&text(&body, "sentAt"));
    body["batch"].as_array().unwrap().iter().map(event).collect()
}

fn event(event: &Value) -> Told {
    let page = event["type"] == "page";
    let allowed: &[&str] = if page {
        &["type", "name?", "messageId", "anonymousId", "timestamp", "properties", "context"]
    } else {
        &["type", "event", "messageId", "anonymousId", "timestamp", "properties", "context"]
    };
    members(event, allowed);
    let name = if page {
        "page_view".to_owned()
    } else {
        assert_eq!(text(event, "type"), "track", "{event}");
        let name = text(event, "event");
        assert!((1..=128).contains(&name.len()), "{name}");
        let known = NAMES.iter().find(|(theirs, _)| *theirs == name).map(|(_, ours)| (*ours).to_owned());
        assert!(known.is_some() || !NAMES.iter().any(|(_, ours)| *ours == name), "{name} has a name of its own there");
        known.unwrap_or(name)
    };
    assert!(event["properties"].is_object(), "{event}");
    let context = &event["context"];
    members(context, &["library", "page?"]);
    members(&context["library"], &["name", "version"]);
    let version = text(&context["library"], "version");
    // RudderStack looks whether it is one.
    assert!(version.split('.').count() == 3 && version.split('.').all(|part| part.parse::<u32>().is_ok()), "{version}");
    if !context["page"].is_null() {
        members(&context["page"], &["path"]);
    }
    let id = text(event, "messageId");
    // Jitsu cuts longer ones.
    assert!(id.len() <= 64, "{id}");
    Told {
        name,
        time: rfc3339(&text(event, "timestamp")),
        id,
        journey: text(event, "anonymousId"),
        rest: event.clone(),
    }
}

#[test]
fn segment_reads_every_event() {
    let all = native::all();
    let requests = encode("segment", settings::of("segment"), &all);
    for request in &requests {
        assert!(request.route().ends_with("/v1/batch") || request.route().ends_with("/v1/b"), "{}", request.path);
        request.assert_simple();
        assert!(request.body.len() < 500_000);
        agree::nameless(&request.json(), &["userId", "traits", "ip", "userAgent", "integrations", "email"]);
    }
    agree::whole(&native::events(&all), &batches(&requests));
    for (request, batch) in requests.iter().zip(&all) {
        let sent = native::events(std::slice::from_ref(batch))[0].sent;
        assert_eq!(rfc3339(&text(&request.json(), "sentAt")), sent);
    }
    agree::stable("segment", |requests| batches(requests).into_iter().map(|told| told.id).collect());
}

#[test]
fn commerce_bears_the_names_and_properties_of_the_specification() {
    let all = native::all();
    let events = native::events(&all);
    let requests = encode("segment", settings::of("segment"), &all);
    let told = batches(&requests);
    for (event, told) in events.iter().zip(&told) {
        let Some((theirs, _)) = NAMES.iter().find(|(_, ours)| *ours == event.name) else { continue };
        assert_eq!(told.rest["event"], *theirs);
        let properties = &told.rest["properties"];
        // One product stands in the properties themselves where the event is about one, else in a list.
        let single = ["Product Clicked", "Product Viewed", "Product Added", "Product Removed"].contains(theirs);
        let items = event.items();
        let list = properties["products"].as_array().cloned();
        let products = if single && items.len() == 1 && list.is_none() {
            vec![properties.clone()]
        } else {
            list.unwrap_or_default()
        };
        assert_eq!(products.len(), items.len(), "{theirs}: {properties}");
        for (product, item) in products.iter().zip(&items) {
            for (ours, theirs) in [
                ("item_id", "product_id"),
                ("item_name", "name"),
                ("item_category", "category"),
                ("item_brand", "brand"),
                ("item_variant", "variant"),
                ("price", "price"),
                ("quantity", "quantity"),
            ] {
                assert_eq!(product[theirs], item[ours], "{theirs} of {product}");
            }
        }
        if event.name == "purchase" {
            for (ours, theirs) in
                [("value", "revenue"), ("tax", "tax"), ("shipping", "shipping"), ("currency", "currency")]
            {
                assert_eq!(properties[theirs], event.data[ours], "{theirs} of {properties}");
            }
        }
    }
}

#[test]
fn page_views_are_pages() {
    let all = native::all();
    for told in batches(&encode("segment", settings::of("segment"), &all)) {
        assert_eq!(told.name == "page_view", told.rest["type"] == "page");
        if told.name == "page_view" {
            let path = text(&told.rest["properties"], "path");
            assert!(path.starts_with('/'), "{path}");
        }
    }
}
