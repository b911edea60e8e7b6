//! `plausible`: one event a request, without a time. Sheet 7. Its losses are documented: what is here must be right, not all.

use crate::encode::encode;
use crate::native::{self, Event};
use crate::settings::{self, HOST, SITE};
use crate::strict::{members, text};
use serde_json::Value;

/// What a shop needs there, whatever else is left out.
const KEPT: &[&str] = &["page_view", "add_to_cart", "begin_checkout", "purchase"];

fn event(body: &Value) -> String {
    members(body, &["name", "url", "domain", "props?", "revenue?", "interactive?"]);
    let name = text(body, "name");
    assert_eq!(text(body, "domain"), HOST);
    let url = text(body, "url");
    let parsed = url::Url::parse(&url).unwrap_or_else(|why| panic!("{why}: {url}"));
    assert_eq!(parsed.origin().ascii_serialization(), SITE, "{url}");
    assert!(parsed.path().len() <= 2000, "{url}");
    if let Some(props) = body.get("props") {
        let props = props.as_object().unwrap_or_else(|| panic!("{body}"));
        assert!(props.len() <= 30, "{body}");
        for (key, value) in props {
            let kept = value.is_number() || value.is_boolean() || value.as_str().is_some_and(|text| !text.is_empty());
            assert!(kept, "{key} would be dropped: {body}");
            assert!(key.len() <= 300 && value.as_str().is_none_or(|text| text.chars().count() <= 2000), "{body}");
        }
    }
    if let Some(interactive) = body.get("interactive") {
        assert!(interactive.is_boolean(), "{body}");
    }
    if name == "pageview" { "page_view".to_owned() } else { name }
}

/// Money of an event, where it is an amount and not a band.
fn amount(event: &Event) -> Option<f64> {
    event.data["value"].as_f64().filter(|_| event.data["currency"].is_string())
}

#[test]
fn plausible_reads_page_views_and_milestones() {
    let all = native::all();
    let mut events = native::events(&all).into_iter();
    let mut told = Vec::new();
    for request in encode("plausible", settings::of("plausible"), &all) {
        assert_eq!(request.path, "/api/event");
        request.assert_simple();
        let body = request.json();
        let name = event(&body);
        // In order, and those between are left out.
        let event = events.find(|event| event.name == name).unwrap_or_else(|| panic!("{name} is out of order"));
        if let Some(revenue) = body.get("revenue") {
            members(revenue, &["currency", "amount"]);
            assert_eq!(revenue["currency"], event.data["currency"]);
            let told = revenue["amount"].as_f64().or_else(|| revenue["amount"].as_str()?.parse().ok());
            assert_eq!(told, amount(&event), "{body}");
        }
        if name == "purchase" {
            assert_eq!(body.get("revenue").is_some(), amount(&event).is_some(), "{body}");
        }
        told.push(name);
    }
    for name in KEPT {
        let sent = native::events(&all).iter().filter(|event| event.name == *name).count();
        assert_eq!(told.iter().filter(|told| told == name).count(), sent, "{name}");
    }
}
