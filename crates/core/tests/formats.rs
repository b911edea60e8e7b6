//! The formats, held against their exact sheets: `formats/` holds what goes in and what has to be true of what comes out.
#![allow(clippy::unwrap_used)]

use polku_core::format::{Format, Reply, Request};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Formats, and a file of cases for each.
const FORMATS: [&str; 15] = [
    "ndjson",
    "json",
    "segment",
    "posthog",
    "cloudevents",
    "clickhouse",
    "elasticsearch",
    "kafka-rest",
    "loki",
    "plausible",
    "umami",
    "otlp",
    "matomo",
    "snowplow",
    "datalayer",
];

/// Asked at run time, because the program may have been built in another clone.
fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("tests/formats")
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
}

fn batch(name: &str) -> String {
    read(&folder().join("batches").join(name).with_extension("json"))
}

fn format(name: &str, set: &Value) -> Format {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let set: Vec<_> = set.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect();
    Format::new(name, &set).unwrap_or_else(|why| panic!("{name} {set:?}: {why}"))
}

/// A request as the facts see it.
fn seen(request: &Request) -> Value {
    let headers: Map<_, _> =
        request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().into())).collect();
    json!({"method": request.method, "path": request.path, "headers": headers, "body": request.body})
}

/// What the ways of `pointer` lead to; nothing where there is nothing.
fn found(value: &Value, pointer: &str) -> Vec<Value> {
    let mut values = vec![value.clone()];
    for part in pointer.split('/').filter(|part| !part.is_empty()) {
        values = values.iter().flat_map(|value| step(value, part)).collect();
    }
    values
}

fn step(value: &Value, part: &str) -> Vec<Value> {
    if let Some((key, wanted)) = part.strip_prefix('?').and_then(|part| part.split_once('=')) {
        let wanted = wanted.replace("~1", "/");
        let is = |element: &&Value| element.get(key).and_then(Value::as_str) == Some(&wanted);
        return value.as_array().into_iter().flatten().filter(is).cloned().collect();
    }
    let (name, readings) = part.split_once('~').map_or((part, None), |(name, readings)| (name, Some(readings)));
    let inner: Vec<Value> = match (name, value) {
        ("*", Value::Array(list)) => list.clone(),
        ("*", Value::Object(members)) => members.values().cloned().collect(),
        (_, Value::Array(list)) => list.get(name.parse::<usize>().unwrap_or(usize::MAX)).cloned().into_iter().collect(),
        _ => value.get(name).cloned().into_iter().collect(),
    };
    let read =
        |value: Value| readings.into_iter().flat_map(|it| it.split('~')).fold(value, |value, it| taken(&value, it));
    inner.into_iter().map(read).collect()
}

/// What the text `value` holds.
fn taken(value: &Value, how: &str) -> Value {
    let text = value.as_str().unwrap_or_else(|| panic!("~{how} of {value}, which is no text"));
    let parsed = |text: &str| serde_json::from_str(text).unwrap_or_else(|why| panic!("no JSON ({why}): {text}"));
    match how {
        "json" => parsed(text),
        // One JSON value after the other, whatever space stands between.
        "lines" => serde_json::Deserializer::from_str(text).into_iter::<Value>().map(Result::unwrap).collect(),
        "base64" => parsed(&unbase64(text)),
        "query" => {
            let query = text.split_once('?').unwrap().1;
            let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or_else(|| panic!("{text}")));
            pairs.map(|(name, value)| (name.to_owned(), Value::from(unpercent(value)))).collect::<Map<_, _>>().into()
        }
        _ => panic!("{how} is no reading"),
    }
}

fn unbase64(text: &str) -> String {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => panic!("{text} is no base64url without padding"),
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn unpercent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => u8::from_str_radix(std::str::from_utf8(&[rest.next().unwrap(), rest.next().unwrap()]).unwrap(), 16)
                .unwrap(),
            // Receivers of forms read a plus as a space: none may be written.
            b'+' | b' ' | b'"' | b'&' | b'#' | b'\\' | 0x7f.. => panic!("{text} is not encoded"),
            byte => byte,
        });
    }
    String::from_utf8(bytes).unwrap()
}

fn is_uuid(text: &str, version: &str) -> bool {
    let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| hex(part))
        && version.contains(&parts[2][..1])
        && "89ab".contains(&parts[3][..1])
}

fn is_rfc3339(text: &str) -> bool {
    text.len() == 24
        && text.bytes().zip("0000-00-00T00:00:00.000Z".bytes()).all(|(is, form)| match form {
            b'0' => is.is_ascii_digit(),
            form => is == form,
        })
}

fn is(value: &Value, kind: &str) -> bool {
    let text = value.as_str().unwrap_or_default();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match kind {
        // Of the versions that old validators know.
        "uuid" => is_uuid(text, "12345"),
        "uuid7" => is_uuid(text, "7"),
        "rfc3339" => is_rfc3339(text),
        "digits" => digits,
        "ns" => digits && text.len() == 19,
        "whole" => value.as_u64().is_some(),
        "number" => value.is_number(),
        "hex16" => text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
        "word6" => text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "filled" => !text.is_empty(),
        _ => panic!("{kind} is no kind"),
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What speaks against the fact; nothing where it holds.
fn against(requests: &Value, pointer: &str, wanted: &Value) -> Option<String> {
    let values = found(requests, pointer);
    let operator = wanted.as_object().and_then(|it| it.iter().find(|(name, _)| name.starts_with('$') && it.len() == 1));
    if let Some((name, _)) = operator
        && name == "$absent"
    {
        return (!values.is_empty()).then(|| format!("there is {values:?}"));
    }
    if values.is_empty() {
        return Some("there is nothing".to_owned());
    }
    if let Some((name, _)) = operator
        && name == "$different"
    {
        let twice = |(at, value)| values[..at].contains(value);
        return values.iter().enumerate().any(twice).then(|| format!("twice the same in {values:?}"));
    }
    let strings = |list: &Value| -> Vec<String> { list.as_array().unwrap().iter().map(text_of).collect() };
    let keys = |value: &Value| -> Vec<String> {
        value.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
    };
    let holds = |value: &Value| match operator.map(|(name, operand)| (name.as_str(), operand)) {
        None => value == wanted || value.as_f64().is_some_and(|number| Some(number) == wanted.as_f64()),
        Some(("$is", kind)) => is(value, kind.as_str().unwrap()),
        Some(("$count", count)) => {
            let counted = value.as_array().map(Vec::len).or(value.as_object().map(Map::len));
            counted == Some(count.as_u64().unwrap() as usize)
        }
        Some(("$keys", list)) => {
            let (mut keys, mut list) = (keys(value), strings(list));
            keys.sort();
            list.sort();
            value.is_object() && keys == list
        }
        Some(("$among", list)) => value.is_object() && keys(value).iter().all(|key| strings(list).contains(key)),
        Some(("$begins", text)) => text_of(value).starts_with(text.as_str().unwrap()),
        Some(("$ends", text)) => text_of(value).ends_with(text.as_str().unwrap()),
        Some(("$has", text)) => text_of(value).contains(text.as_str().unwrap()),
        Some(("$lacks", text)) => !text_of(value).contains(text.as_str().unwrap()),
        Some(("$flat", _)) => {
            let inner: Vec<&Value> = match value {
                Value::Array(list) => list.iter().collect(),
                Value::Object(members) => members.values().collect(),
                _ => return false,
            };
            inner.iter().all(|value| !value.is_array() && !value.is_object())
        }
        Some((name, _)) => panic!("{name} is nothing to judge by"),
    };
    values.iter().find(|value| !holds(value)).map(|value| format!("there is {value}"))
}

/// Bodies must be what every JSON reader takes: no member twice in an object.
fn unique_members(text: &str) {
    struct Strict;
    impl<'de> serde::de::DeserializeSeed<'de> for Strict {
        type Value = ();
        fn deserialize<D: serde::Deserializer<'de>>(self, of: D) -> Result<(), D::Error> {
            of.deserialize_any(self)
        }
    }
    impl<'de> serde::de::Visitor<'de> for Strict {
        type Value = ();
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("JSON")
        }
        fn visit_bool<E>(self, _: bool) -> Result<(), E> {
            Ok(())
        }
        fn visit_i64<E>(self, _: i64) -> Result<(), E> {
            Ok(())
        }
        fn visit_u64<E>(self, _: u64) -> Result<(), E> {
            Ok(())
        }
        fn visit_f64<E>(self, _: f64) -> Result<(), E> {
            Ok(())
        }
        fn visit_str<E>(self, _: &str) -> Result<(), E> {
            Ok(())
        }
        fn visit_unit<E>(self) -> Result<(), E> {
            Ok(())
        }
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
            while list.next_element_seed(Self)?.is_some() {}
            Ok(())
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
            let mut keys = std::collections::BTreeSet::new();
            while let Some(key) = members.next_key::<String>()? {
                assert!(keys.insert(key.clone()), "{key} twice");
                members.next_value_seed(Self)?;
            }
            Ok(())
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // Line by line, or one value after the other.
    while serde::de::DeserializeSeed::deserialize(Strict, &mut deserializer).is_ok() {
        if deserializer.end().is_ok() {
            return;
        }
    }
    panic!("no JSON: {text}");
}

fn cases(name: &str) -> Vec<Value> {
    serde_json::from_str(&read(&folder().join(name).with_extension("json"))).unwrap()
}

#[test]
fn requests_are_as_the_sheets_say() {
    let mut wrong = Vec::new();
    let mut facts = 0;
    for name in FORMATS {
        for case in cases(name) {
            let text = batch(case["batch"].as_str().unwrap());
            let requests = format(name, &case["set"]).encode(&text, 0).unwrap_or_else(|why| panic!("{name}: {why}"));
            requests.iter().for_each(|request| unique_members(&request.body));
            let requests: Value = requests.iter().map(seen).collect();
            for (pointer, wanted) in case["facts"].as_object().into_iter().flatten() {
                facts += 1;
                let pointer = pointer.trim_end();
                // An empty way is the list itself.
                let (root, way) =
                    if pointer.is_empty() { (json!([requests]), "0") } else { (requests.clone(), pointer) };
                if let Some(why) = against(&root, way, wanted) {
                    wrong.push(format!("{name} {} {}: {pointer} is not {wanted}: {why}", case["batch"], case["set"]));
                }
            }
        }
    }
    assert!(facts > 250, "the sheets were not read: {facts}");
    assert!(wrong.is_empty(), "{} of {facts} facts do not hold:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn replies_mean_what_the_sheets_say() {
    let mut wrong = Vec::new();
    let mut judged = 0;
    for name in FORMATS {
        for case in cases(name) {
            let text = batch(case["batch"].as_str().unwrap());
            let format = format(name, &case["set"]);
            for read in case["reads"].as_array().into_iter().flatten() {
                judged += 1;
                let requests = format.encode(&text, 0).unwrap();
                let reply = Reply {
                    status: read["status"].as_u64().unwrap() as u16,
                    headers: read["headers"].as_str().unwrap_or_default(),
                    body: read["body"].as_str().unwrap(),
                };
                let verdict = format.read(&reply, &requests[0].seqs);
                let wanted = &read["verdict"];
                let body: Value = serde_json::from_str(&verdict.body).unwrap_or_default();
                let mut right = wanted["status"] == verdict.status;
                if verdict.status == 200 {
                    let rejected = body["rejected"].as_array().unwrap_or_else(|| panic!("{name}: {}", verdict.body));
                    right &= body["accepted"] == wanted["accepted"];
                    right &= body["duplicate"] == *wanted.get("duplicate").unwrap_or(&json!(0));
                    right &= rejected.iter().all(|event| event["why"].as_str().is_some_and(|why| !why.is_empty()));
                    right &= match &wanted["rejected"] {
                        Value::Array(seqs) => rejected.iter().map(|event| &event["seq"]).eq(seqs),
                        count => *count == rejected.len(),
                    };
                }
                if !right {
                    wrong.push(format!("{name}: {read} gives {} {}", verdict.status, verdict.body));
                }
            }
        }
    }
    assert!(judged > 70, "the sheets were not read: {judged}");
    assert!(wrong.is_empty(), "{} of {judged} replies are misread:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_cannot_stand_in_a_request_is_refused_at_once() {
    let made = |preset: &str, set: &[(&str, &str)]| {
        let set: Vec<_> = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Format::new(preset, &set).map_err(|problem| problem.field.clone())
    };
    let preset = |path: &str, headers: &str| {
        format!(r#"{{"v":1,"path":"{path}","headers":{{{headers}}},"event":{{"n":"{{name}}"}},"body":["{{events}}"]}}"#)
    };
    assert!(made(&preset("/a", r#""x-shop":"1 a""#), &[("header.x-more", "b")]).is_ok());
    for (headers, field) in
        [(r#""x shop":"1""#, "headers.x shop"), (r#""":"1""#, "headers."), (r#""x":"ä""#, "headers.x")]
    {
        assert_eq!(made(&preset("/a", headers), &[]).err().as_deref(), Some(field));
    }
    assert_eq!(made("json", &[("header.x:y", "1")]).err().as_deref(), Some("header.x:y"));
    assert_eq!(made("json", &[("header.x", "1\n2")]).err().as_deref(), Some("header.x"));
    assert_eq!(made(&preset("/ä", ""), &[]).err().as_deref(), Some("path"));
}
