//! `cloudevents`: a batch of CloudEvents 1.0, read by their own SDK in node. Sheet 2.

use crate::agree::{self, Told};
use crate::encode::{Request, encode};
use crate::native;
use crate::process::receiver;
use crate::settings::{self, PREFIX};
use crate::strict::{self, rfc3339, text};
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Stdio};

/// What the SDK makes of requests.
fn sdk(requests: &[Value]) -> Vec<Value> {
    let mut node = Command::new("node");
    node.arg("tests/receivers/cloudevents.mjs").env("POLKU_CLOUDEVENTS", receiver("POLKU_CLOUDEVENTS"));
    let mut child =
        node.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap_or_else(|why| panic!("node: {why}"));
    let mut stdin = child.stdin.take().unwrap();
    let lines: String = requests.iter().map(|request| format!("{request}\n")).collect();
    let feed = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).unwrap());
    let done = child.wait_with_output().unwrap();
    feed.join().unwrap();
    assert!(done.status.success());
    let out = String::from_utf8(done.stdout).unwrap();
    let read: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read.len(), requests.len());
    read
}

fn message(request: &Request) -> Value {
    json!({"headers":request.headers,"body":request.body})
}

fn told(event: &Value) -> Told {
    assert_eq!(event["specversion"], "1.0");
    assert_eq!(event["datacontenttype"], "application/json", "{event}");
    assert_eq!(event["source"], "https://shop.example/");
    let kind = text(event, "type");
    // com.example.add_to_cart.v1
    let (rest, version) = kind.rsplit_once('.').unwrap_or_else(|| panic!("no version: {kind}"));
    assert!(version.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok()), "no version: {kind}");
    let (domain, name) = rest.rsplit_once('.').unwrap_or_else(|| panic!("no domain: {kind}"));
    assert_eq!(domain, PREFIX);
    let attributes =
        ["specversion", "id", "source", "type", "time", "datacontenttype", "dataschema", "subject", "data"];
    for (key, value) in event.as_object().unwrap() {
        if !attributes.contains(&key.as_str()) {
            let fine = key.len() <= 20 && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            assert!(
                fine && (value.is_string() || value.is_boolean() || value.is_i64()),
                "no extension: {key}: {value}"
            );
        }
    }
    Told {
        name: name.to_owned(),
        time: rfc3339(&text(event, "time")),
        id: text(event, "id"),
        journey: text(event, "sessionid"),
        rest: event.clone(),
    }
}

#[test]
fn the_sdk_reads_every_event() {
    let all = native::all();
    let requests = encode("cloudevents", settings::of("cloudevents"), &all);
    assert_eq!(requests.len(), all.len());
    for request in &requests {
        let kind = request.kind().to_lowercase().replace(' ', "");
        assert_eq!(kind, "application/cloudevents-batch+json;charset=utf-8");
        // Intermediaries pass on 64 KiB.
        assert!(request.body.len() < 65_536);
    }
    let mut messages: Vec<Value> = requests.iter().map(message).collect();
    let own: Vec<Told> = requests
        .iter()
        .flat_map(|request| request.json().as_array().unwrap().clone())
        .map(|event| told(&event))
        .collect();
    agree::whole(&native::events(&all), &own);

    // What the SDK has to refuse, to be sure that it looks.
    let mut without = requests[0].json();
    without[0].as_object_mut().unwrap().remove("source");
    let mut named = requests[0].json();
    named[0]["Seq_Num"] = json!(1);
    let kind = requests[0].kind();
    messages.push(json!({"headers":{"content-type":kind},"body":without.to_string()}));
    messages.push(json!({"headers":{"content-type":kind},"body":named.to_string()}));
    messages.push(json!({"headers":{"content-type":"text/plain"},"body":requests[0].body}));

    let mut read = sdk(&messages);
    for refused in read.split_off(requests.len()) {
        assert!(refused["error"].is_string(), "{refused}");
    }
    let read: Vec<Told> = read
        .iter()
        .flat_map(|list| list.as_array().unwrap_or_else(|| panic!("{list}")))
        .map(|event| told(&strict::json(&event.to_string())))
        .collect();
    agree::whole(&native::events(&all), &read);
    for (read, own) in read.iter().zip(&own) {
        assert_eq!((&read.id, &read.rest["data"]), (&own.id, &own.rest["data"]));
    }
    agree::stable("cloudevents", |requests| {
        let events = requests.iter().flat_map(|request| request.json().as_array().unwrap().clone());
        events.map(|event| text(&event, "id")).collect()
    });
}
