//! `polku prompts` as a program: what it says of definitions, and how it ends.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod common;

use common::{Ran, run};
use serde_json::{Value, json};

/// The definitions by which the check is judged.
const SETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/prompts");

fn check(args: &[&str], input: impl AsRef<[u8]>) -> Ran {
    run(&[&["prompts", "check"], args].concat(), input)
}

#[test]
fn each_mistake_is_a_line_with_its_place_and_what_to_do() {
    let (bad, good) = (format!("{SETS}/bad/target-unknown.json"), format!("{SETS}/good/checkout-ces.json"));
    let ran = check(&[&good, &bad], "");
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (
            1,
            format!("{bad}: E207 steps[0].next[0].go: The step leads to one that does not exist. Write the id of a step, or \"end\", in \"go\".\n").as_str(),
            "polku: one mistake in the prompts' definitions\n"
        )
    );
    let ran = check(&[&good], "");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
}

#[test]
fn the_labelled_definitions_end_as_they_should() {
    let expected: serde_json::Map<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(format!("{SETS}/expected.json")).unwrap()).unwrap();
    let files: Vec<String> = expected.keys().map(|name| format!("{SETS}/bad/{name}.json")).collect();
    let ran = check(&[&["--json"], files.iter().map(String::as_str).collect::<Vec<_>>().as_slice()].concat(), "");
    assert_eq!(ran.code, 1);
    let found: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    for (name, expected) in &expected {
        let file = format!("{SETS}/bad/{name}.json");
        let of_file = found.iter().filter(|found| found["file"] == json!(file));
        let mut found: Vec<String> = of_file
            .map(|found| {
                format!("{} {}", found["code"].as_str().unwrap(), found["path"].as_str().unwrap()).trim().to_owned()
            })
            .collect();
        found.sort();
        let mut expected: Vec<String> = serde_json::from_value(expected.clone()).unwrap();
        expected.sort();
        assert_eq!(found, expected, "{name}");
    }
    assert!(found.iter().all(
        |found| found["sentence"].as_str().unwrap().ends_with('.') && found["fix"].as_str().unwrap().ends_with('.')
    ));
}

#[test]
fn a_warning_refuses_only_where_it_is_asked_to() {
    let file = format!("{SETS}/bad/warning-band.json");
    let ran = check(&[&file], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains(": W252 who.cartValueBucket[1]: "), "{}", ran.out);
    assert_eq!(check(&["--strict", &file], "").code, 1);
}

#[test]
fn what_is_no_definition_is_said_to_be_none() {
    let ran = check(&["-"], "{\"v\":1,");
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("-: E244: ") && ran.out.contains("It is no JSON: EOF"), "{}", ran.out);
    for input in [&b"\xff\xfe"[..], b"", &vec![b' '; 300_000], "[".repeat(10_000).as_bytes()] {
        let ran = check(&["-"], input);
        assert!(ran.code == 1 && ran.out.starts_with("-: E244: "), "{}", ran.out);
    }
    let ran = check(
        &["-"],
        "\u{feff}{\"v\":1,\"id\":\"x\",\"steps\":[{\"id\":\"a\",\"ask\":\"nps\",\"text\":{\"en\":\"A?\"}}]}",
    );
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "an editor's mark is not a mistake");
    let ran = check(&["/nowhere/prompts.json"], "");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("cannot read /nowhere/prompts.json"), "{}", ran.err);
    assert_eq!(check(&[], "").code, 2);
}

#[test]
fn the_demos_definitions_have_no_mistakes() {
    for file in ["www/shop/prompts.json", "tests/pages/prompts.json"] {
        let ran = check(&[&format!("{SETS}/../../{file}")], "");
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{file}");
    }
}
