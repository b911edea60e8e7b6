//! `umami`: its batch route. Sheet 7.

use crate::agree::{self, Told};
use crate::encode::{Request, encode};
use crate::native;
use crate::settings::{self, HOST, SITE, WEBSITE};
use crate::strict::{members, text};
use serde_json::Value;

fn batches(requests: &[Request]) -> Vec<Told> {
    requests.iter().flat_map(|request| request.json().as_array().unwrap().clone()).map(|event| told(&event)).collect()
}

fn told(event: &Value) -> Told {
    members(event, &["type", "payload"]);
    assert_eq!(event["type"], "event");
    let payload = &event["payload"];
    members(
        payload,
        &["website", "hostname", "url?", "name?", "title?", "language?", "tag?", "id", "timestamp", "data?"],
    );
    assert_eq!(text(payload, "website"), WEBSITE);
    assert_eq!(text(payload, "hostname"), HOST);
    if let Some(url) = payload["url"].as_str() {
        // Umami resolves it against the host.
        let whole = url::Url::parse(SITE).unwrap().join(url).unwrap();
        assert_eq!(whole.origin().ascii_serialization(), SITE, "{payload}");
    }
    let at_most = |member: &str, most: usize| {
        assert!(payload[member].as_str().is_none_or(|text| text.chars().count() <= most), "{member}: {payload}");
    };
    at_most("language", 35);
    at_most("name", 50);
    at_most("tag", 50);
    let seconds = payload["timestamp"].as_u64().unwrap_or_else(|| panic!("whole seconds: {payload}"));
    Told {
        // Without a name it is a page view.
        name: payload["name"].as_str().unwrap_or("page_view").to_owned(),
        time: seconds * 1000,
        // There is no place for it but among the data.
        id: text(&payload["data"], "event_id"),
        journey: text(payload, "id"),
        rest: payload.clone(),
    }
}

#[test]
fn umami_reads_every_event() {
    let all = native::all();
    let requests = encode("umami", settings::of("umami"), &all);
    assert_eq!(requests.len(), all.len());
    for request in &requests {
        assert_eq!(request.path, "/api/batch");
        request.assert_simple();
    }
    let events = native::events(&all);
    let told = batches(&requests);
    assert_eq!(told.len(), events.len());
    for (event, told) in events.iter().zip(&told) {
        assert_eq!(told.name, event.name);
        assert_eq!(told.rest["name"].is_null(), event.name == "page_view");
        // Its clock knows seconds only.
        assert_eq!(told.time, event.time / 1000 * 1000, "{event:?}");
        assert_eq!(told.journey, event.journey);
        assert_eq!(told.rest["url"].is_string(), event.page.is_some(), "{}", told.rest);
        agree::carries(event, &told.rest);
    }
    agree::stable("umami", |requests| batches(requests).into_iter().map(|told| told.id).collect());
}
