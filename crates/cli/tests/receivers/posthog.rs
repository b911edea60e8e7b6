//! `posthog`: PostHog's capture. Sheet 5.

use crate::agree::{self, Told};
use crate::encode::{Request, encode};
use crate::native;
use crate::settings::{self, KEY, SITE};
use crate::strict::{assert_uuid, members, rfc3339, text};
use serde_json::{Value, json};

fn batches(requests: &[Request]) -> Vec<Told> {
    requests.iter().flat_map(batch).collect()
}

fn batch(request: &Request) -> Vec<Told> {
    let body = request.json();
    members(&body, &["api_key", "sent_at", "historical_migration?", "batch"]);
    assert_eq!(text(&body, "api_key"), KEY);
    rfc3339(&text(&body, "sent_at"));
    body["batch"].as_array().unwrap().iter().map(event).collect()
}

/// One bad event fails the whole batch there.
fn event(event: &Value) -> Told {
    members(event, &["event", "distinct_id", "timestamp", "uuid", "properties"]);
    let name = text(event, "event");
    let properties = &event["properties"];
    assert_eq!(properties["$process_person_profile"], json!(false), "else a person is made of each visit: {event}");
    assert_eq!(properties["$geoip_disable"], json!(true), "{event}");
    assert!(properties.get("$ip").is_none_or(Value::is_null), "{event}");
    let journey = text(event, "distinct_id");
    assert!((1..=200).contains(&journey.len()), "{event}");
    // PostHog reads sessions only from UUIDs that hold their time.
    let session = text(properties, "$session_id");
    assert_uuid(&session);
    assert_eq!(session.as_bytes()[14], b'7', "{session}");
    let id = text(event, "uuid");
    assert_uuid(&id);
    Told {
        name: if name == "$pageview" { "page_view".to_owned() } else { name },
        time: rfc3339(&text(event, "timestamp")),
        id,
        journey,
        rest: event.clone(),
    }
}

#[test]
fn posthog_reads_every_event() {
    let all = native::all();
    let requests = encode("posthog", settings::of("posthog"), &all);
    for request in &requests {
        assert_eq!(request.path, "/batch/");
        request.assert_simple();
        agree::nameless(&request.json(), &["token", "$set", "$set_once", "$user_id", "$device_id", "$raw_user_agent"]);
    }
    let told = batches(&requests);
    agree::whole(&native::events(&all), &told);
    for (event, told) in native::events(&all).iter().zip(&told) {
        assert_eq!(told.rest["event"] == "$pageview", event.name == "page_view");
        if let Some(page) = event.page.as_ref().filter(|page| page.starts_with('/')) {
            let url = text(&told.rest["properties"], "$current_url");
            let url = url::Url::parse(&url).unwrap_or_else(|why| panic!("{why}: {url}"));
            assert_eq!(url.origin().ascii_serialization(), SITE, "{page}");
        }
    }
    for (request, batch) in requests.iter().zip(&all) {
        let sent = native::events(std::slice::from_ref(batch))[0].sent;
        assert_eq!(rfc3339(&text(&request.json(), "sent_at")), sent);
    }
    agree::stable("posthog", |requests| batches(requests).into_iter().map(|told| told.id).collect());
}
