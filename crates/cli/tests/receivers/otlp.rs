//! `otlp`: OTLP/HTTP with JSON, logs. Sheet 1. Read by the types of the protocol, and by a collector.

use crate::agree::{self, Told};
use crate::encode::{Request, encode};
use crate::native;
use crate::rotel::Rotel;
use crate::settings::{self, PREFIX};
use crate::strict::{self, text};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use serde_json::{Map, Value, json};

/// Attributes of the conventions that fit; all others have the shop's prefix.
const STANDARD: &[&str] =
    &["session.id", "session.previous_id", "url.path", "url.template", "browser.language", "browser.mobile"];
/// Those of a `browser.web_vital`; the first four are required.
const VITAL: &[&str] = &[
    "browser.web_vital.name",
    "browser.web_vital.value",
    "browser.web_vital.delta",
    "browser.web_vital.id",
    "browser.web_vital.rating",
    "browser.web_vital.navigation_type",
];

fn read(request: &Request) -> ExportLogsServiceRequest {
    let typed: ExportLogsServiceRequest =
        serde_json::from_str(&request.body).unwrap_or_else(|why| panic!("{why}: {}", request.body));
    // What the types do not know they leave out in silence, as receivers do.
    contains(&serde_json::to_value(&typed).unwrap(), &request.json(), "");
    typed
}

/// Every member of `part` is in `whole`, with the same value.
fn contains(whole: &Value, part: &Value, at: &str) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            for (key, value) in part {
                let there = whole.get(key).unwrap_or_else(|| panic!("{at}/{key} is not known to the protocol"));
                contains(there, value, &format!("{at}/{key}"));
            }
        }
        (Value::Array(whole), Value::Array(part)) => {
            assert_eq!(whole.len(), part.len(), "{at}");
            for (index, (whole, part)) in whole.iter().zip(part).enumerate() {
                contains(whole, part, &format!("{at}/{index}"));
            }
        }
        (Value::Number(whole), Value::Number(part)) => assert_eq!(whole.as_f64(), part.as_f64(), "{at}"),
        _ => assert_eq!(whole, part, "{at}"),
    }
}

/// The bare value.
fn value(any: &any_value::Value) -> Value {
    match any {
        any_value::Value::StringValue(text) => json!(text),
        any_value::Value::BoolValue(flag) => json!(flag),
        any_value::Value::IntValue(number) => json!(number),
        any_value::Value::DoubleValue(number) => json!(number),
        any_value::Value::ArrayValue(list) => {
            // rotel refuses an empty one, and the specification wants no null in a list.
            list.values.iter().map(|any| value(any.value.as_ref().expect("an empty value in a list"))).collect()
        }
        any_value::Value::KvlistValue(list) => object(&list.values),
        other => panic!("{other:?}"),
    }
}

fn object(pairs: &[KeyValue]) -> Value {
    let mut map = Map::new();
    for pair in pairs {
        let any = pair.value.as_ref().and_then(|any| any.value.as_ref());
        let any = any.unwrap_or_else(|| panic!("`{}` has no value", pair.key));
        assert!(!pair.key.is_empty() && map.insert(pair.key.clone(), value(any)).is_none(), "`{}` twice", pair.key);
    }
    Value::Object(map)
}

fn records(request: &ExportLogsServiceRequest) -> Vec<&LogRecord> {
    let mut records = Vec::new();
    for resource in &request.resource_logs {
        let attributes = object(&resource.resource.as_ref().unwrap().attributes);
        assert_eq!(attributes["service.name"], "shop-web");
        for scope in &resource.scope_logs {
            let named = scope.scope.as_ref().unwrap();
            assert!(!named.name.is_empty() && named.version.split('.').count() == 3, "{named:?}");
            records.extend(&scope.log_records);
        }
    }
    records
}

fn told(record: &LogRecord) -> Told {
    assert_eq!(record.severity_number, 9);
    assert!(record.body.is_none(), "all is in attributes: {record:?}");
    assert!(record.observed_time_unix_nano == 0 || record.observed_time_unix_nano >= record.time_unix_nano);
    assert_eq!(record.time_unix_nano % 1_000_000, 0);
    let name = &record.event_name;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    assert!(name.chars().all(plain) && name.len() <= 256 && !name.contains(".."), "no name of an event: {name}");
    let (space, last) = name.rsplit_once('.').unwrap_or_else(|| panic!("no namespace: {name}"));
    let attributes = object(&record.attributes);
    let vital = name == "browser.web_vital";
    assert!(vital || space == PREFIX, "{name} sits in another's namespace");
    for key in attributes.as_object().unwrap().keys() {
        let own = key.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with('.'));
        let theirs = STANDARD.contains(&key.as_str()) || vital && VITAL.contains(&key.as_str());
        assert!(own || theirs, "{key} sits in another's namespace");
    }
    if vital {
        for key in &VITAL[..4] {
            assert!(attributes.get(*key).is_some(), "the convention requires {key}: {attributes}");
        }
        let metric = text(&attributes, VITAL[0]);
        assert_eq!(metric, metric.to_lowercase());
    }
    let ids: Vec<&Value> =
        attributes.as_object().unwrap().iter().filter(|(key, _)| key.ends_with("event_id")).map(|(_, id)| id).collect();
    assert_eq!(ids.len(), 1, "an id of its own: {attributes}");
    Told {
        name: if vital { "web_vitals" } else { last }.to_owned(),
        time: record.time_unix_nano / 1_000_000,
        id: ids[0].as_str().unwrap().to_owned(),
        journey: text(&attributes, "session.id"),
        rest: attributes,
    }
}

/// The text has to be as receivers are strictest about it; the types forgive these.
fn exact(value: &Value) {
    match value {
        Value::Array(list) => list.iter().for_each(exact),
        Value::Object(map) => {
            for (key, value) in map {
                match key.as_str() {
                    "timeUnixNano" | "observedTimeUnixNano" => drop(strict::nanoseconds(value.as_str().unwrap())),
                    "intValue" => assert!(value.as_str().is_some_and(|text| text.parse::<i64>().is_ok()), "{value}"),
                    "doubleValue" => assert!(value.is_number(), "{value}"),
                    "severityNumber" => assert!(value.is_u64(), "{value}"),
                    "value" => assert_eq!(value.as_object().map(Map::len), Some(1), "one kind of value: {value}"),
                    _ => (),
                }
                assert!(!value.is_null(), "{key} is null");
                exact(value);
            }
        }
        _ => (),
    }
}

#[test]
fn the_types_of_the_protocol_read_every_event() {
    let all = native::all();
    let requests = encode("otlp", settings::of("otlp"), &all);
    assert_eq!(requests.len(), all.len());
    let mut read_back = Vec::new();
    for request in &requests {
        assert_eq!(request.path, "/v1/logs");
        assert_eq!(request.kind(), "application/json");
        exact(&request.json());
        agree::nameless(&request.json(), &["traceId", "spanId", "body"]);
        read_back.extend(records(&read(request)).into_iter().map(told));
    }
    agree::whole(&native::events(&all), &read_back);
    agree::stable("otlp", |requests| {
        requests
            .iter()
            .flat_map(|request| records(&read(request)).into_iter().map(|record| told(record).id).collect::<Vec<_>>())
            .collect()
    });
}

#[test]
fn whole_numbers_stay_whole() {
    let requests: Vec<_> = encode("otlp", settings::of("otlp"), &native::all()).iter().map(read).collect();
    let records = requests.iter().flat_map(records);
    let attributes: Vec<KeyValue> = records.flat_map(|record| record.attributes.clone()).collect();
    let number = |name: &str| {
        let found = attributes.iter().find(|pair| pair.key.ends_with(name)).unwrap_or_else(|| panic!("no {name}"));
        found.value.as_ref().unwrap().value.clone().unwrap()
    };
    // The largest that JavaScript writes exactly.
    assert_eq!(number(".largest"), any_value::Value::IntValue(9_007_199_254_740_991));
    assert_eq!(number(".least"), any_value::Value::IntValue(-7));
    assert_eq!(number(".small"), any_value::Value::DoubleValue(0.05));
    assert_eq!(number(".huge"), any_value::Value::DoubleValue(1e21));
}

#[test]
fn a_collector_takes_every_event() {
    let rotel = Rotel::start();
    let requests = encode("otlp", settings::of("otlp"), &native::all());
    let mut handed_on = Vec::new();
    for request in &requests {
        let (status, answer) = rotel.post(request);
        assert_eq!(status, 200, "{answer}: {}", request.body);
        // Nothing was refused: absent, null and empty are the same.
        let partial = &strict::json(&answer)["partialSuccess"];
        assert!(partial.is_null() || partial.as_object().is_some_and(Map::is_empty), "{answer}");
        let next = rotel.next();
        assert_eq!(next, read(request), "field by field");
        handed_on.extend(records(&next).into_iter().map(told));
    }
    agree::whole(&native::events(&native::all()), &handed_on);
    // The collector can say no.
    let mut wrong = requests[0].json();
    wrong["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]["timeUnixNano"] = json!("x");
    assert_eq!(rotel.post(&Request { body: wrong.to_string(), ..requests[0].clone() }).0, 400);
}
