//! `loki`: the push route of Loki. Sheet 9.

use crate::agree::{self, Told};
use crate::encode::{Request, encode};
use crate::native;
use crate::settings;
use crate::strict::{self, json, members, nanoseconds, text};
use serde_json::Value;

fn entries(requests: &[Request]) -> Vec<Told> {
    requests.iter().flat_map(push).collect()
}

fn push(request: &Request) -> Vec<Told> {
    let body = request.json();
    members(&body, &["streams"]);
    let mut told = Vec::new();
    for stream in body["streams"].as_array().unwrap() {
        members(stream, &["stream", "values"]);
        let labels = stream["stream"].as_object().unwrap();
        assert!(!labels.is_empty(), "a stream without labels is refused");
        for (name, value) in labels {
            let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            assert!(first && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "no label: {name}");
            let value = value.as_str().unwrap_or_else(|| panic!("{name} is no text"));
            // Each value of a label is a stream of its own there: what differs from event to event is none.
            assert!(![native::JOURNEY, native::OTHER].contains(&value) && !strict::is_uuid(value), "{name}={value}");
        }
        for value in stream["values"].as_array().unwrap() {
            told.push(entry(value));
        }
    }
    told
}

fn entry(value: &Value) -> Told {
    let parts = value.as_array().unwrap();
    assert!((2..=3).contains(&parts.len()), "{value}");
    let metadata = parts.get(2).cloned().unwrap_or_default();
    for (name, value) in metadata.as_object().into_iter().flatten() {
        assert!(value.is_string(), "{name} must be a text: {value}");
    }
    let line = json(parts[1].as_str().unwrap());
    Told {
        name: text(&line, "name"),
        time: nanoseconds(parts[0].as_str().unwrap()),
        id: line["event_id"].as_str().map_or_else(|| text(&metadata, "event_id"), str::to_owned),
        journey: line["session_id"].as_str().map_or_else(|| text(&metadata, "session_id"), str::to_owned),
        rest: line,
    }
}

#[test]
fn loki_reads_every_event() {
    let all = native::all();
    let requests = encode("loki", settings::of("loki"), &all);
    assert_eq!(requests.len(), all.len());
    for request in &requests {
        assert_eq!(request.path, "/loki/api/v1/push");
        // Whatever else is taken for protobuf.
        assert_eq!(request.kind().split(';').next(), Some("application/json"));
    }
    agree::whole(&native::events(&all), &entries(&requests));
    agree::stable("loki", |requests| entries(requests).into_iter().map(|told| told.id).collect());
}
