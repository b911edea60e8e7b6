//! The prompt's own words in nine languages: each says the same things, with the same places to fill and its own plurals.

#![allow(clippy::expect_used)]

use std::path::PathBuf;

use serde_json::{Map, Value};

/// The languages, and which plural forms whole numbers up to 500 (the longest text) take in them. French and Spanish have `many` besides,
/// for millions. Source: CLDR 48, plurals; what a browser says is asked by `tests/e2e/preview.rs`.
const LANGUAGES: [(&str, &[&str]); 9] = [
    ("fi", &["one", "other"]),
    ("sv", &["one", "other"]),
    ("nb", &["one", "other"]),
    ("da", &["one", "other"]),
    ("et", &["one", "other"]),
    ("en", &["one", "other"]),
    ("de", &["one", "other"]),
    ("fr", &["one", "other"]),
    ("es", &["one", "other"]),
];

/// What is written by the number that is said with it.
const PLURALS: [&str; 1] = ["left"];
/// What is looked up by the scrubber's kinds (`crates/core/src/scrub/mod.rs`); every national number is `id`.
const MASKS: [&str; 9] = ["address", "card", "dob", "email", "iban", "id", "other", "person", "phone"];

fn texts() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../www/texts")
}

fn words(lang: &str) -> Map<String, Value> {
    let text = std::fs::read_to_string(texts().join(lang).with_extension("json")).expect(lang);
    serde_json::from_str(&text).expect(lang)
}

/// The places of a text, `{0}` and so on, in the order of their numbers.
fn places(text: &str) -> Vec<&str> {
    let mut places: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Every text with its path: `left.one`, `masks.email`.
fn flat(words: &Map<String, Value>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (key, value) in words {
        match value {
            Value::String(text) => all.push((key.clone(), text.clone())),
            Value::Object(inner) => {
                for (name, value) in inner {
                    all.push((format!("{key}.{name}"), value.as_str().expect("a text").to_owned()));
                }
            }
            _ => panic!("{key} is no text"),
        }
    }
    all
}

#[test]
fn there_are_the_nine_and_no_tenth() {
    let mut files: Vec<String> = std::fs::read_dir(texts())
        .expect("www/texts")
        .filter_map(|entry| entry.expect("a file").file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    files.sort();
    let mut expected = LANGUAGES.map(|(lang, _)| lang);
    expected.sort_unstable();
    assert_eq!(files, expected);
}

#[test]
fn all_say_the_same_things() {
    let english = words("en");
    for (lang, plurals) in LANGUAGES {
        let words = words(lang);
        assert_eq!(words["lang"], lang);
        let keys = |words: &Map<String, Value>| {
            let mut keys: Vec<String> = words.keys().cloned().collect();
            keys.sort();
            keys
        };
        assert_eq!(keys(&words), keys(&english), "{lang}");
        for key in PLURALS {
            assert_eq!(keys(words[key].as_object().expect(key)), plurals, "{lang} {key}");
        }
        assert_eq!(keys(words["masks"].as_object().expect("masks")), MASKS, "{lang}");
        for (key, value) in &words {
            assert_eq!(value.is_object(), PLURALS.contains(&key.as_str()) || key == "masks", "{lang} {key}");
        }
    }
}

#[test]
fn all_have_the_same_places_to_fill() {
    let english = words("en");
    for (lang, _) in LANGUAGES {
        for (key, text) in flat(&words(lang)) {
            let name = key.split('.').next().unwrap_or_default();
            let model = english[name].as_str().or_else(|| english[name]["other"].as_str()).expect("a text");
            assert_eq!(places(&text), places(model), "{lang} {key}");
        }
    }
}

/// What cannot be said of an answer, in the roots of all nine languages: whoever can put things together may know whose it is.
const NAMELESS: [&str; 5] = ["anonym", "nimettöm", "anonüüm", "anónim", "anonim"];

#[test]
fn none_is_empty_nor_promises_too_much() {
    for (lang, _) in LANGUAGES {
        for (key, text) in flat(&words(lang)) {
            assert!(!text.trim().is_empty(), "{lang} {key}");
            assert!(!text.contains(['<', '>', '"', '\'', '\n']), "{lang} {key}: {text}");
            assert!(!text.contains("..."), "{lang} {key}: {text}");
            let lower = text.to_lowercase();
            assert!(!NAMELESS.iter().any(|word| lower.contains(word)), "{lang} {key}: {text}");
        }
    }
}

#[test]
fn only_what_is_a_name_or_a_sign_is_the_same_as_in_english() {
    // Words that happen to be the same in two languages, and those without words.
    let same = ["csat3", "csat3short", "ends", "masks.email", "no", "nth", "point", "rating2", "send"];
    let english = flat(&words("en"));
    for (lang, _) in LANGUAGES.into_iter().filter(|(lang, _)| *lang != "en") {
        for ((key, text), (_, model)) in flat(&words(lang)).iter().zip(&english) {
            assert!(text != model || same.contains(&key.as_str()), "{lang} {key} is still English: {text}");
        }
    }
}

/// Where the key is another one, or none, the hands put it there or leave the last sentence out.
#[test]
fn the_announcement_names_its_key_once_and_last() {
    for (lang, _) in LANGUAGES {
        let words = words(lang);
        let status = words["status"].as_str().expect("status");
        let (first, last) = status.split_once(". ").expect(lang);
        assert!(!first.contains("F8") && last.matches("F8").count() == 1, "{lang}: {status}");
        assert!(!last.contains(". "), "{lang}: {status}");
    }
}

/// A conversation's own words, which come with it.
#[test]
fn conversations_say_the_same_things_in_each_language() {
    let english = words("chat/en");
    let same = ["log", "send", "sent", "you"];
    for (lang, plurals) in LANGUAGES {
        let words = words(&format!("chat/{lang}"));
        assert_eq!(words["lang"], lang);
        assert_eq!(words.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{lang}");
        let news = words["news"].as_object().expect("news");
        assert_eq!(news.keys().map(String::as_str).collect::<Vec<_>>(), plurals, "{lang}");
        for (key, text) in flat(&words) {
            assert!(
                !text.trim().is_empty() && !text.contains(['<', '>', '"', '\'', '\n']) && !text.contains("..."),
                "{lang} {key}"
            );
            let name = key.split('.').next().unwrap_or_default();
            let model = english[name].as_str().or_else(|| english[name]["other"].as_str()).expect("a text");
            assert_eq!(places(&text), places(model), "{lang} {key}");
            assert!(lang == "en" || text != model || same.contains(&name), "{lang} {key} is still English: {text}");
            // Who writes to a shop can be known to it.
            let lower = text.to_lowercase();
            assert!(!NAMELESS.iter().any(|word| lower.contains(word)), "{lang} {key}: {text}");
        }
    }
}
