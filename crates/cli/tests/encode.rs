//! `polku encode` as a program: what goes in, what comes out, and how it ends.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod common;

use common::{Ran, run, start};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};

const BATCH: &str = include_str!("golden/batch.json");

fn encode(args: &[&str], lines: impl AsRef<[u8]>) -> Ran {
    run(&[&["encode"], args].concat(), lines)
}

/// The golden batch as its `number`th.
fn batch(number: u32) -> String {
    let mut batch: Value = serde_json::from_str(BATCH).unwrap();
    batch["batch"] = json!(number.to_string());
    batch["events"][0]["seq"] = json!(number);
    batch.to_string()
}

#[test]
fn each_batch_becomes_requests_in_order() {
    let lines: Vec<String> = (1..=3).map(batch).collect();
    let ran = encode(&["--format", "json"], lines.join("\n"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(
        ran.out.starts_with(
            r#"{"method":"POST","path":"/","headers":{"content-type":"text/plain;charset=UTF-8"},"body":"[{"#
        ),
        "{}",
        ran.out
    );
    let seqs = |request: &Value| {
        let body: Value = serde_json::from_str(request["body"].as_str().unwrap()).unwrap();
        body[0]["seq"].clone()
    };
    assert_eq!(ran.objects().iter().map(seqs).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(ran.out, encode(&["--format", "json"], lines.join("\r\n\n \r\n") + "\n").out, "blank lines are none");
}

#[test]
fn the_native_format_leaves_as_it_came() {
    let ran = encode(&["--format", "polku"], BATCH);
    let request = &ran.objects()[0];
    assert_eq!((&request["method"], &request["path"]), (&json!("POST"), &json!("/v1/batch")));
    assert_eq!(request["body"], BATCH.trim_end());
}

#[test]
fn a_bad_line_is_told_and_the_rest_goes_on() {
    let mut bytes = batch(1).into_bytes();
    bytes.extend(b"\nno JSON\n");
    bytes.extend(batch(2).replace("9xk2m4t0c7qe3fzb", "9xk2").bytes());
    bytes.extend(b"\n{\"polku\":\"\xff\"}\n");
    bytes.extend(format!("{{\"polku\":\"{}\"}}\n", "x".repeat(1 << 20)).bytes());
    bytes.extend(batch(3).bytes());
    let ran = encode(&["--format", "ndjson"], bytes);
    assert_eq!((ran.code, ran.objects().len()), (1, 2));
    let mut told = ran.err.lines();
    for (number, field, fix) in [
        (2, "batch: ", "write a native batch"),
        (3, "journey.id: ", "write 16 small letters and digits"),
        (4, "it is no UTF-8", "write the batches in UTF-8"),
        (5, "it is longer than a megabyte", "write one batch a line"),
    ] {
        let line = told.next().unwrap();
        assert!(line.starts_with(&format!("polku: line {number}: {field}")) && line.contains(fix), "{line}");
    }
    assert_eq!(told.next(), Some("polku: 4 lines were not understood and left out"));
    assert_eq!(told.next(), None);
}

#[test]
fn wrong_arguments_end_it_before_anything_is_read() {
    for (args, said) in [
        (&["--format", "posthoc"][..], "polku: format: \"posthoc\" is none; write polku, ndjson, json,"),
        (&["--format", "posthog", "--set", "key"], "polku: --set key: write a name and a value"),
        (&["--format", "posthog", "--set", "colour=red"], "polku: colour: the format has no such setting"),
        (&["--format", "plausible"], "polku: domain: it is missing"),
        (
            &["--format", "json", "--config", "absent.json"],
            "polku: the configuration absent.json cannot be used: it cannot be read",
        ),
    ] {
        let ran = encode(args, BATCH);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{args:?}");
        assert!(ran.err.starts_with(said), "{}", ran.err);
    }
    assert_eq!(encode(&[], BATCH).code, 2, "clap says what is missing");
}

#[test]
fn a_file_holds_a_preset_or_a_collector() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, value: &Value| {
        let file = dir.path().join(name);
        std::fs::write(&file, format!("\u{FEFF}{value}")).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let preset = json!({"v": 1, "path": "/in/{key}", "settings": {"table": {}}, "event": {"n": "{name}", "t": "{table}"}, "body": ["{events}"]});
    let own = file("own.json", &preset);
    let path_and_body = |args: &[&str]| {
        let ran = encode(args, BATCH);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let request = ran.objects().remove(0);
        (request["path"].as_str().unwrap().to_owned(), request["body"].as_str().unwrap().to_owned())
    };
    let wanted = |path: &str, table: &str| (path.to_owned(), format!(r#"[{{"n":"add_to_cart","t":"{table}"}}]"#));
    assert_eq!(path_and_body(&["--format", "own", "--config", &own, "--set", "table=a"]), wanted("/in/pk_demo", "a"));
    for preset in [preset.clone(), json!("own.json")] {
        let entry = json!({"url": "https://x.example", "format": "own", "preset": preset, "key": "K", "set": {"table": 7}, "consent": "measure"});
        let collector = file("collector.json", &entry);
        assert_eq!(path_and_body(&["--format", "own", "--config", &collector]), wanted("/in/K", "7"));
        let args = ["--format", "own", "--config", &collector, "--set", "table=b", "--set", "key=L"];
        assert_eq!(path_and_body(&args), wanted("/in/L", "b"), "--set goes before");
    }
    for (value, said) in [
        (json!([]), "it is no JSON object"),
        (json!({"url": "x"}), "it has neither preset nor set"),
        (json!({"set": []}), "set: write an object of settings"),
        (json!({"set": {"a": {}}}), "set.a: write a text"),
        (json!({"preset": 1}), "preset: write a preset"),
        (json!({"preset": "absent.json"}), "cannot be read"),
    ] {
        let wrong = file("wrong.json", &value);
        let ran = encode(&["--format", "own", "--config", &wrong], BATCH);
        assert!(ran.code == 1 && ran.err.contains(said), "{value}: {}", ran.err);
    }
    let mistyped =
        file("mistyped.json", &json!({"v": 1, "path": "/", "event": {"t": "{tiem:s}"}, "body": ["{events}"]}));
    let ran = encode(&["--format", "own", "--config", &mistyped], BATCH);
    assert!(ran.code == 1 && ran.err.starts_with("polku: event.t {tiem:s}: is no place; write events,"), "{}", ran.err);
}

#[test]
fn an_answer_comes_while_the_input_goes_on() {
    let mut child = start(&["encode", "--format", "ndjson"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for number in 1..=2 {
        writeln!(stdin, "{}", batch(number)).unwrap();
        let request: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        assert!(request["body"].as_str().unwrap().contains(&format!("\"seq\":{number},")), "{request}");
    }
    drop(stdin);
    assert!(answers.next().is_none() && child.wait().unwrap().success());
}
