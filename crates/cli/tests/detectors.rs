//! The friction detectors against journeys that were labelled before there were detectors, and the judge itself.
//! `cargo xtask bench --detectors` prints the same as numbers.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod common;

use common::polku;
use polku_cli::replay::{FEWEST, LEAST, scores};
use polku_core::Name;
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

#[test]
fn every_detector_is_right_nine_times_in_ten() {
    // Asked for at run time: a path compiled in would tie this program to the clone that built it.
    let folder = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../tests/detectors");
    let scores = scores(&folder).unwrap_or_else(|why| panic!("{why}"));
    let bad: Vec<String> = scores
        .iter()
        .filter(|score| !score.is_good())
        .map(|score| {
            let cases: Vec<_> = score.misjudged.iter().map(|case| case.case.as_str()).collect();
            let (precision, recall) = (score.precision(), score.recall());
            format!("{:?}: precision {precision:.2}, recall {recall:.2}: {}", score.detector, cases.join(", "))
        })
        .collect();
    assert!(bad.is_empty(), "below {LEAST}:\n{}", bad.join("\n"));
}

/// A set: so many journeys on which a payment is declined and labelled so, and so many without anything.
fn set(declined: usize, plain: usize) -> String {
    let case = |number: usize, is: bool| {
        let more = if is { r#",{"t":9,"name":"payment_declined"}"# } else { "" };
        format!(
            r#"{{"case":"c{number}-{is}","is":{is},"why":"so","lines":[{{"t":0,"name":"page","data":{{"url":"/pay"}}}}{more}]}}"#
        ) + "\n"
    };
    (0..declined).map(|at| case(at, true)).chain((0..plain).map(|at| case(at, false))).collect()
}

/// A folder with a set for each friction.
fn sets() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in Name::ALL.iter().filter(|name| name.is_friction()) {
        std::fs::write(dir.path().join(format!("{}.jsonl", name.as_str())), set(FEWEST, FEWEST)).unwrap();
    }
    dir
}

#[test]
fn precision_and_recall_are_of_the_set_that_bears_the_name() {
    let dir = sets();
    let file = |name: &str| dir.path().join(name);
    // Two labels turned around: one alarm that is false, one that is missed.
    let turned = set(10, 10).replacen("\"is\":true", "\"is\":false", 1).replacen(
        "c9-false\",\"is\":false",
        "x\",\"is\":true",
        1,
    );
    std::fs::write(file("payment_declined.jsonl"), turned).unwrap();
    let scores = scores(dir.path()).unwrap();
    assert_eq!(scores.len(), Name::ALL.iter().filter(|name| name.is_friction()).count());
    for score in &scores {
        let said = (score.precision(), score.recall(), score.is_good());
        if score.detector == Name::PaymentDeclined {
            assert_eq!(said, (0.9, 0.9, true));
            let cases: Vec<_> = score.misjudged.iter().map(|case| (case.case.as_str(), case.is)).collect();
            assert_eq!(cases, [("c0-true", false), ("x", true)]);
        } else if score.detector == Name::RageClick {
            assert_eq!(said, (1.0, 0.0, false), "nobody clicked");
        }
    }
}

#[test]
fn nothing_is_left_out_in_silence() {
    type Break = fn(&Path);
    let cases: &[(Break, &str)] = &[
        (|dir| std::fs::remove_file(dir.join("hesitation.jsonl")).unwrap(), "hesitation.jsonl cannot be read"),
        (|dir| std::fs::write(dir.join("mood.jsonl"), "").unwrap(), "mood.jsonl is named after no friction"),
        (
            |dir| std::fs::write(dir.join("js_error.jsonl"), set(9, 10)).unwrap(),
            "js_error.jsonl holds 9 journeys that are",
        ),
        (|dir| std::fs::write(dir.join("js_error.jsonl"), set(10, 9)).unwrap(), "9 that are not"),
        (
            |dir| std::fs::write(dir.join("js_error.jsonl"), set(10, 10) + "\n{}\n").unwrap(),
            "js_error.jsonl:22: this is no case",
        ),
        (
            |dir| std::fs::write(dir.join("js_error.jsonl"), set(10, 10).replacen("\"page\"", "\"pgae\"", 1)).unwrap(),
            "js_error.jsonl:1: \"c0-true\", line 1: there is no touchpoint or observation \"pgae\"",
        ),
        (
            |dir| std::fs::write(dir.join("js_error.jsonl"), set(10, 10).replacen("c1-", "c0-", 1)).unwrap(),
            "js_error.jsonl:2: there is a case \"c0-true\" before",
        ),
    ];
    for (broken, says) in cases {
        let dir = sets();
        broken(dir.path());
        let why = scores(dir.path()).map(|scores| scores.len()).unwrap_err().to_string();
        assert!(why.contains(says), "{says}: {why}");
    }
}

#[test]
fn the_command_fails_below_the_least() {
    let dir = sets();
    let done = polku().arg("judge").arg(dir.path()).arg("--json").output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&done.stdout).unwrap();
    let declined =
        json["detectors"].as_array().unwrap().iter().find(|it| it["detector"] == "payment_declined").unwrap();
    assert_eq!((&declined["precision"], &declined["recall"]), (&1.0.into(), &1.0.into()));
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(told.contains("rage_click") && !told.contains("payment_declined"), "{told}");
    let table = polku().arg("judge").arg(dir.path()).output().unwrap();
    assert!(String::from_utf8(table.stdout).unwrap().contains("missed c0-true: so"));
}
