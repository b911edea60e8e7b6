//! `polku simulate` as a program: a small simulation of several seeds, what it prints, and how it ends.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod common;

use common::polku;
use serde_json::Value;
use std::process::Output;

fn simulate(args: &[&str]) -> Output {
    polku().arg("simulate").args(args).output().unwrap()
}

/// The one object on standard output.
fn object(output: &Output) -> Value {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(text).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Everything that was captured is accounted for, and nothing is wrong.
fn assert_faithful(output: &Output) -> Value {
    let told = object(output);
    assert_eq!(output.status.code(), Some(0), "{told} {}", said(output));
    let number = |name: &str| told[name].as_u64().unwrap();
    let dropped: u64 = told["dropped"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(number("captured"), number("delivered_once") + dropped, "{told}");
    for zero in ["lost_undeclared", "duplicated_after_dedupe", "against_consent", "out_of_order"] {
        assert_eq!(number(zero), 0, "{told}");
    }
    assert!(number("captured") >= 10 * number("journeys"), "{told}");
    told
}

#[test]
fn nothing_is_lost_where_everything_goes_wrong() {
    for seed in ["1", "2", "3", "4", "5"] {
        let told = assert_faithful(&simulate(&["--journeys", "1000", "--seed", seed, "--faults", "all"]));
        assert_eq!((&told["seed"].to_string(), told["journeys"].as_u64()), (&seed.to_owned(), Some(1_000)));
    }
}

#[test]
fn everything_is_delivered_where_nothing_goes_wrong() {
    let told = assert_faithful(&simulate(&["--journeys", "1000", "--seed", "4", "--faults", "none"]));
    assert_eq!(told["captured"], told["delivered_once"]);
}

#[test]
fn a_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let args = ["--journeys", "200", "--seed", "5"];
    let (one, two) = (simulate(&args), simulate(&[&args[..], &["--jobs", "2"]].concat()));
    assert_eq!(one.stdout, two.stdout);
    assert_eq!(one.status.code(), two.status.code());
    assert_ne!(one.stdout, simulate(&["--journeys", "200", "--seed", "6"]).stdout);
}

#[test]
fn one_journey_runs_alone_and_from_its_list() {
    let only = ["--seed", "7", "--only", "3", "--faults", "slow,cache"];
    let printed = simulate(&[&only[..], &["--print"]].concat());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journey.txt");
    std::fs::write(&file, &printed.stdout).unwrap();
    let replayed = simulate(&["--seed", "7", "--script", file.to_str().unwrap()]);
    assert_eq!(object(&replayed), object(&simulate(&only)));
    assert_eq!(object(&replayed)["journeys"], 1);
}

#[test]
fn what_is_wrong_is_said() {
    let output = simulate(&["--faults", "lost,rain"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("`rain` is no kind of fault; write all, none, or some of"), "{}", said(&output));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journey.txt");
    std::fs::write(&file, "shopper dice=x").unwrap();
    let output = simulate(&["--script", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("line 1: dice is no number that fits: x"), "{}", said(&output));
}
