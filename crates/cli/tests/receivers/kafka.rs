//! `kafka-rest`: the REST proxy of Kafka, version 2. Sheet 9.

use crate::agree::{self, Told};
use crate::encode::{Request, encode};
use crate::native;
use crate::settings;
use crate::strict::{members, rfc3339, text};

fn records(requests: &[Request]) -> Vec<Told> {
    requests.iter().flat_map(produce).collect()
}

fn produce(request: &Request) -> Vec<Told> {
    let body = request.json();
    members(&body, &["records"]);
    let record = |record: &serde_json::Value| {
        members(record, &["key", "value"]);
        let value = &record["value"];
        Told {
            name: text(value, "name"),
            time: rfc3339(&text(value, "time")),
            id: text(value, "event_id"),
            // A journey's events stay in order only within one partition, and the key chooses it.
            journey: text(record, "key"),
            rest: value.clone(),
        }
    };
    body["records"].as_array().unwrap().iter().map(record).collect()
}

#[test]
fn kafka_reads_every_event() {
    let all = native::all();
    let requests = encode("kafka-rest", settings::of("kafka-rest"), &all);
    assert_eq!(requests.len(), all.len());
    for request in &requests {
        assert_eq!(request.path, "/topics/shop-events");
        assert_eq!(request.kind(), "application/vnd.kafka.json.v2+json");
    }
    let told = records(&requests);
    agree::whole(&native::events(&all), &told);
    assert!(told.iter().all(|told| told.rest["session_id"] == told.journey.as_str()));
    agree::stable("kafka-rest", |requests| records(requests).into_iter().map(|told| told.id).collect());
}
