//! Whether what a receiver reads is what was sent.

use crate::encode::encode;
use crate::native::{self, Event};
use crate::settings;
use serde_json::Value;
use std::collections::BTreeSet;

/// An event as a receiver reads it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// Its native name.
    pub(crate) name: String,
    /// Unix milliseconds.
    pub(crate) time: u64,
    /// What the receiver knows it again by.
    pub(crate) id: String,
    /// The journey it belongs to.
    pub(crate) journey: String,
    /// Where all that it says stands.
    pub(crate) rest: Value,
}

/// Every event is told once, in order, with its time, journey and data, by an id of its own.
#[track_caller]
pub(crate) fn whole(events: &[Event], told: &[Told]) {
    let names = |all: Vec<&str>| all.join(" ");
    assert_eq!(
        names(told.iter().map(|told| told.name.as_str()).collect()),
        names(events.iter().map(|event| event.name.as_str()).collect())
    );
    for (event, told) in events.iter().zip(told) {
        assert_eq!(told.time, event.time, "the time of {event:?}");
        assert_eq!(told.journey, event.journey, "the journey of {event:?}");
        carries(event, &told.rest);
    }
    unique(told.iter().map(|told| told.id.as_str()));
}

/// No id is there twice, and none is empty.
#[track_caller]
pub(crate) fn unique<'a>(ids: impl IntoIterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        assert!(!id.is_empty() && seen.insert(id), "an id that is empty or there twice: {id:?}");
    }
}

/// All that the event says is somewhere in `rest`: where it was, in which stage, and all of its data. Keys may have other names.
#[track_caller]
pub(crate) fn carries(event: &Event, rest: &Value) {
    let mut there = Vec::new();
    leaves(rest, true, &mut there);
    let mut wanted = Vec::new();
    leaves(&event.data, false, &mut wanted);
    wanted.extend([&event.lens, &event.stage, &event.page].into_iter().flatten().cloned());
    wanted.push(event.seq.to_string());
    // The metrics have names in capitals here, and in small letters where there is a convention for them.
    let same = |a: &String, b: &String| a == b || event.name == "web_vitals" && a.eq_ignore_ascii_case(b);
    for leaf in wanted {
        match there.iter().position(|other| same(other, &leaf)) {
            Some(at) => drop(there.swap_remove(at)),
            None => panic!("{leaf:?} of {event:?} is lost in {rest}"),
        }
    }
}

/// The scalars of a value, as text. `inside`: also those in texts that are JSON themselves.
fn leaves(value: &Value, inside: bool, found: &mut Vec<String>) {
    match value {
        Value::Null => (),
        Value::Array(list) => list.iter().for_each(|value| leaves(value, inside, found)),
        Value::Object(map) => map.values().for_each(|value| leaves(value, inside, found)),
        Value::String(text) => {
            if inside
                && text.starts_with(['{', '['])
                && let Ok(value) = serde_json::from_str(text)
            {
                leaves(&value, inside, found);
            }
            // Where there is nothing for nothing, an empty text may be missing.
            if inside || !text.is_empty() {
                found.push(number(text).unwrap_or_else(|| text.clone()));
            }
        }
        Value::Number(value) => {
            let text = value.to_string();
            found.push(number(&text).unwrap_or(text));
        }
        Value::Bool(_) => found.push(value.to_string()),
    }
}

/// A number in one form of many: 1.0 and 1 are the same, and some formats have texts for numbers.
fn number(text: &str) -> Option<String> {
    let begins = text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
    text.parse::<f64>().ok().filter(|_| begins).map(|number| number.to_string())
}

/// An event's id is the same whatever batch it is sent in, and whoever else is in it.
#[track_caller]
pub(crate) fn stable(format: &str, ids: impl Fn(&[crate::encode::Request]) -> Vec<String>) {
    let batches = native::all();
    let mut together = ids(&encode(format, settings::of(format), &batches));
    let mut alone = ids(&encode(format, settings::of(format), &native::rearranged(&batches)));
    alone.reverse();
    assert_eq!(together, alone, "{format}");
    together.sort();
    unique(together.iter().map(String::as_str));
}

/// Nothing that could tell who somebody is: neither by the names of members nor by what the sheets warn of.
#[track_caller]
pub(crate) fn nameless(body: &Value, forbidden: &[&str]) {
    match body {
        Value::Array(list) => list.iter().for_each(|value| nameless(value, forbidden)),
        Value::Object(map) => {
            for (key, value) in map {
                assert!(!forbidden.contains(&key.as_str()), "`{key}` in {body}");
                nameless(value, forbidden);
            }
        }
        _ => (),
    }
}

#[test]
fn a_lost_leaf_is_seen() {
    use serde_json::json;
    let events = native::events(&native::all());
    let event = &events[2];
    let text = &event.data["search_term"];
    let good = json!({"props":{"seq":3,"lens":"did","stage":"decision","page":"/p/:id"},"text":json!({"a":text,"n":3.0}).to_string()});
    carries(event, &good);
    for missing in ["seq", "lens", "stage", "page"] {
        let mut bad = good.clone();
        bad["props"].as_object_mut().unwrap().remove(missing);
        assert!(std::panic::catch_unwind(|| carries(event, &bad)).is_err(), "{missing}");
    }
}
