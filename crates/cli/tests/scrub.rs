//! The scrubber against sets that were written before it, and `polku scrub` as a program: what goes in, what comes out, and how it ends.
//! `cargo xtask bench --scrub` prints the same as numbers, and measures the speed.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod common;

use common::{Ran, polku, run, start};
use polku_cli::scrub::report;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

fn sets() -> PathBuf {
    // Asked for at run time: a path compiled in would tie this program to the clone that built it.
    Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../tests/scrub")
}

fn scrub(lines: impl AsRef<[u8]>) -> Ran {
    run(&["scrub"], lines)
}

#[test]
fn every_gate_holds() {
    let report = report(&sets()).unwrap_or_else(|why| panic!("{why}"));
    let (texts, urls) = report.lines();
    assert!(texts > 2_000 && urls > 600, "the sets have shrunk: {texts} texts, {urls} addresses");
    assert_eq!(report.gates.len(), 12);
    let missed: Vec<_> = report.gates.iter().filter(|gate| !gate.holds()).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

/// Sets of two lines each.
fn small(text: &Value, url: &Value) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("text.jsonl"), format!("{text}\n")).unwrap();
    std::fs::write(dir.path().join("urls.jsonl"), format!("{url}\n")).unwrap();
    dir
}

#[test]
fn the_judge_sees_what_is_wrong() {
    let text = |text: &str, kind: &str, spans: Value| json!({"id": "t1", "lang": "en", "kind": kind, "text": text, "spans": spans});
    let url = |kind: &str, secret: &[&str], keep: &[&str]| json!({"id": "u1", "url": "https://shop.example/p/kettle?page=2", "kind": kind, "secret": secret, "keep": keep});
    let fine = url("clean", &[], &["/p/kettle"]);
    let span = |kind: &str, start: u8, end: u8| json!([{"type": kind, "start": start, "end": end, "value": "x"}]);
    let missed = |text: &Value, url: &Value| {
        let report = report(small(text, url).path()).unwrap();
        report.gates.iter().filter(|gate| !gate.holds()).map(|gate| gate.what.clone()).collect::<Vec<_>>()
    };
    let written = "Mail a@example.org";
    let right = text(written, "positive", span("EMAIL", 5, 18));
    assert_eq!(missed(&right, &fine), Vec::<String>::new());
    let all = ["text: structured F1", "text: EMAIL F1"];
    assert_eq!(missed(&text(written, "positive", span("EMAIL", 0, 18)), &fine), [all[0], "text: leak", all[1]]);
    assert_eq!(missed(&text(written, "positive", span("IBAN", 5, 18)), &fine), [all[0], all[1], "text: IBAN F1"]);
    assert_eq!(missed(&text(written, "clean", json!([])), &fine), [all[0], "text: clean untouched", all[1]]);
    assert_eq!(missed(&right, &url("personal", &["KETTLE"], &[])), ["url: personal leak"]);
    assert_eq!(missed(&right, &url("click", &["kettle"], &["/p/"])), ["url: click ids left"]);
    assert_eq!(missed(&right, &url("useful", &[], &["/q/"])), ["url: useful kept"]);
    let changed = json!({"id": "u1", "url": "/p?sid=1", "kind": "clean", "secret": [], "keep": ["/p"]});
    assert_eq!(missed(&right, &changed), ["url: clean unchanged"]);
    let ends = |text: &Value| polku().args(["judge", "--scrub"]).arg(small(text, &fine).path()).output().unwrap();
    assert!(ends(&text(written, "clean", json!([]))).status.code() == Some(1), "a missed gate is a failure");
    let table = String::from_utf8(ends(&right).stdout).unwrap();
    assert!(table.contains("EMAIL") && table.contains("at least 0.95") && !table.contains("MISSED  "), "{table}");
}

#[test]
fn one_line_in_one_line_out_in_order() {
    let lines = [
        json!({"text": "Soita 🙂 +358 40 000 0001, ääni@example.fi", "lang": "fi"}),
        json!({"url": "https://anna:pw@shop.example/orders/10482?page=2&gclid=Cj0#top"}),
        json!({"text": "47,90 € for 2 × 250 g, EAN 6411300000494"}),
    ];
    let lines: Vec<_> = lines.iter().map(Value::to_string).collect();
    let ran = scrub(lines.join("\n"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out,
        concat!(
            r#"{"text":"Soita 🙂 [phone], [email]","found":[{"type":"PHONE","start":8,"end":24},{"type":"EMAIL","start":26,"end":41}]}"#,
            "\n",
            r#"{"url":"https://shop.example/orders/:id?page=2&gclid=…#top"}"#,
            "\n",
            r#"{"text":"47,90 € for 2 × 250 g, EAN 6411300000494","found":[]}"#,
            "\n"
        )
    );
    assert_eq!(ran.out, scrub(format!("\u{FEFF}{}\r\n", lines.join("\r\n"))).out, "line ends are no matter");
}

#[test]
fn a_bad_line_is_answered_and_the_rest_goes_on() {
    let mut bytes = br#"{"text":"a"}"#.to_vec();
    bytes.extend(
        b"\nno JSON\n\n{}\n{\"text\":\"a\",\"url\":\"b\"}\n{\"text\":1}\n{\"txt\":\"a\"}\n{\"text\":\"\xff\"}\n",
    );
    bytes.extend(format!("{{\"text\":\"{}\"}}\n", "x".repeat(1 << 20)).bytes());
    bytes.extend(br#"{"url":"/p"}"#);
    let ran = scrub(bytes);
    assert_eq!(ran.code, 1);
    let out = ran.objects();
    assert_eq!(out.len(), 10);
    assert_eq!((&out[0], &out[9]), (&json!({"text": "a", "found": []}), &json!({"url": "/p"})));
    for bad in &out[1..9] {
        assert!(bad["error"].as_str().is_some_and(|why| why.contains("write ")), "{bad}");
    }
    assert_eq!(ran.err, "polku: 8 lines were not understood and left out\n");
}

#[test]
fn an_answer_comes_while_the_input_goes_on() {
    let mut child = start(&["scrub"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for number in 1..=2 {
        writeln!(stdin, r#"{{"text":"{number} a@example.org"}}"#).unwrap();
        let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        assert_eq!(answer["text"], format!("{number} [email]"));
    }
    drop(stdin);
    assert!(answers.next().is_none() && child.wait().unwrap().success());
}
