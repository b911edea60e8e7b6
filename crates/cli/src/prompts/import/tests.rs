//! Whatever stands in a survey: the fixtures with something else in each place.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use serde_json::{Value, json};

use super::fuzz::fuzz;
use super::import;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn json_of(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(root().join("tests/prompts/import").join(name)).unwrap()).unwrap()
}

/// Every survey among the fixtures.
fn surveys() -> Vec<(String, Value)> {
    let mut all: Vec<(String, Value)> = ["formbricks.json", "formbricks-blocks.json", "posthog.json", "surveyjs.json"]
        .map(|name| (name.to_owned(), json_of(name)))
        .into();
    for tool in ["formbricks", "posthog", "surveyjs", "hostile"] {
        for (nth, trap) in json_of(&format!("traps/{tool}.json")).as_array().unwrap().iter().enumerate() {
            let survey = if trap["survey"].is_object() { &trap["survey"] } else { trap };
            all.push((format!("{tool}[{nth}]"), survey.clone()));
        }
    }
    all
}

fn places_of(json: &Value, path: String, places: &mut Vec<String>) {
    match json {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(nth, inner)| places_of(inner, format!("{path}/{nth}"), places));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(key, inner)| {
                places_of(inner, format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), places)
            });
        }
        _ => {}
    }
    places.push(path);
}

/// Holds a survey with another value in each of its places.
fn changed(others: &[Value], only_texts: bool) {
    for (name, survey) in surveys() {
        let mut places = Vec::new();
        places_of(&survey, String::new(), &mut places);
        for place in places {
            if only_texts && !survey.pointer(&place).unwrap().is_string() {
                continue;
            }
            for other in others {
                let mut changed = survey.clone();
                *changed.pointer_mut(&place).unwrap() = other.clone();
                // Shown where it panics.
                println!("{name}{place} = {other}");
                let mut bytes = vec![0];
                bytes.extend(changed.to_string().into_bytes());
                fuzz(&bytes);
            }
        }
    }
}

/// Every value of every fixture, one after the other, is something else.
#[test]
fn no_value_is_relied_upon() {
    changed(
        &[
            json!(null),
            json!(-7),
            json!(1e300),
            json!("ä<é](*"),
            json!([]),
            json!({}),
            json!([{"id": "x"}]),
            json!(true),
        ],
        false,
    );
}

/// Every text of every fixture is hostile, each in its turn.
#[test]
fn nothing_hostile_survives_anywhere() {
    let hostile = [
        "<script>alert(1)</script>x",
        "<img src=x onerror=alert(1)>",
        "x\" onmouseover=\"alert(1)",
        "javascript:alert(1)",
        "JaVa\u{200b}ScRiPt:alert(1)",
        "&#106;avascript&colon;alert(1) x",
        "data:text/html;base64,PHNjcmlwdD4=",
        "&amp;lt;script&amp;gt;alert(1)",
        "https://shop.example/?a=javascript:alert(1)",
        "#recall:x/fallback:<script>alert(1)</script>#",
    ];
    changed(&[json!("<img src=x onerror=alert(1)>javascript:alert(1) x"), json!("&#106;avascript:alert(1)")], true);
    for (name, survey) in surveys() {
        for text in hostile {
            let every = with_every_text(&survey, text);
            println!("{name} {text}");
            fuzz(&[&[0], every.to_string().as_bytes()].concat());
        }
    }
}

/// … and all of them at once; kinds and operators stay, so that texts are read at all.
fn with_every_text(json: &Value, text: &str) -> Value {
    match json {
        Value::Array(list) => list.iter().map(|inner| with_every_text(inner, text)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, inner)| {
                let kept = inner.is_string()
                    && ["type", "operator", "inputType", "rule", "id", "value", "objective"].contains(&key.as_str());
                (key.clone(), if kept { inner.clone() } else { with_every_text(inner, text) })
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::String(given) => json!(format!("{given} {text}")),
        other => other.clone(),
    }
}

/// What was once found stays found.
#[test]
fn the_corpus_holds() {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(root().join("fuzz/corpus/import")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 5, "the corpus of import is gone");
    for file in files {
        println!("{}", file.display());
        fuzz(&std::fs::read(file).unwrap());
    }
    assert!(root().join("fuzz/fuzz_targets/import.rs").is_file());
}

#[test]
fn nothing_that_is_json_panics() {
    for text in [
        "{}",
        "[]",
        "7",
        "null",
        "[{}]",
        r#"{"questions":7}"#,
        r#"{"questions":[7,{}]}"#,
        r#"{"pages":[[]]}"#,
        r#"{"blocks":[{"elements":[null]}]}"#,
    ] {
        for first in 0..4 {
            fuzz(&[&[first], text.as_bytes()].concat());
        }
        assert!(import(text.as_bytes(), None).is_err(), "{text}");
    }
}

/// As many surveys as a file can hold, and texts of what has to be looked for: nothing takes more than its length.
#[test]
fn no_file_takes_for_ever() {
    let many = json!(vec![json!({ "elements": [{ "type": "text", "name": "a" }] }); 2_000]);
    let ids: std::collections::BTreeSet<String> = import(many.to_string().as_bytes(), None).unwrap()["definitions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["definition"]["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 2_000);
    for piece in ["<x", "<script", "&", "onclick= ", "](", "{", "{a}", "#recall:"] {
        let form = json!({ "elements": [{ "type": "text", "name": "a", "title": piece.repeat(20_000) }] });
        let _ = import(form.to_string().as_bytes(), None);
    }
}
