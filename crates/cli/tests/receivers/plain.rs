//! `ndjson` and `json`: for whatever takes JSON.

use crate::agree::{self, Told};
use crate::encode::{Request, encode};
use crate::native;
use crate::strict;
use serde_json::Value;

fn told(event: &Value) -> Told {
    Told {
        name: strict::text(event, "name"),
        time: strict::rfc3339(&strict::text(event, "time")),
        id: strict::text(event, "event_id"),
        journey: strict::text(event, "session_id"),
        rest: event.clone(),
    }
}

fn lines(requests: &[Request]) -> Vec<Told> {
    requests.iter().flat_map(|request| strict::lines(&request.body)).map(|event| told(&event)).collect()
}

/// `[…]` or `{"events":[…]}`.
fn objects(requests: &[Request]) -> Vec<Told> {
    let list = |request: &Request| match request.json() {
        Value::Array(list) => list,
        Value::Object(mut map) => map.remove("events").unwrap().as_array().unwrap().clone(),
        other => panic!("{other}"),
    };
    requests.iter().flat_map(list).map(|event| told(&event)).collect()
}

#[test]
fn ndjson_is_a_line_for_each_event() {
    let batches = native::all();
    let requests = encode("ndjson", &[], &batches);
    assert_eq!(requests.len(), batches.len());
    requests.iter().for_each(Request::assert_simple);
    agree::whole(&native::events(&batches), &lines(&requests));
    agree::stable("ndjson", |requests| lines(requests).into_iter().map(|told| told.id).collect());
}

#[test]
fn json_is_one_text() {
    let batches = native::all();
    let requests = encode("json", &[], &batches);
    assert_eq!(requests.len(), batches.len());
    requests.iter().for_each(Request::assert_simple);
    agree::whole(&native::events(&batches), &objects(&requests));
    agree::stable("json", |requests| objects(requests).into_iter().map(|told| told.id).collect());
}
