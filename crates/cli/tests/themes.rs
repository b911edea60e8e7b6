//! Themes and emotions against the sentences that judge them, and `polku themes` as a program.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod common;

use common::{Ran, run};
use polku_cli::themes::report;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn sets() -> PathBuf {
    // Asked for at run time: a path compiled in would tie this program to the clone that built it.
    Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../tests/themes")
}

fn themes(lines: impl AsRef<[u8]>) -> Ran {
    run(&["themes"], lines)
}

#[test]
fn the_sentences_are_understood() {
    for (file, least) in [("evaluation.jsonl", 480), ("development.jsonl", 400)] {
        let report = report(&sets().join(file)).unwrap_or_else(|why| panic!("{why}"));
        assert!(report.sentences >= least, "{file} has shrunk: {}", report.sentences);
        assert_eq!(report.wrong, []);
        // The issue asks for 0.75 of sentences that were written before the stems.
        assert!(report.themes() >= 0.85, "{file}: {report}");
        assert!(report.emotions() >= 0.8, "{file}: {report}");
    }
}

#[test]
fn the_sets_are_even_and_share_no_sentence() {
    let lines = |file| -> Vec<Value> {
        let text = std::fs::read_to_string(sets().join(file)).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let (judges, teaches) = (lines("evaluation.jsonl"), lines("development.jsonl"));
    for lang in ["fi", "sv", "en", "de"] {
        assert!(judges.iter().filter(|line| line["lang"] == lang).count() >= 120, "{lang}");
    }
    for line in &teaches {
        assert!(
            judges.iter().all(|judge| judge["text"] != line["text"] || line["text"].as_str().unwrap().len() < 20),
            "{line}"
        );
    }
}

#[test]
fn a_line_in_is_a_line_out() {
    let ran = themes(
        "{\"text\":\"Toimituskulut ovat liian kalliit\",\"lang\":\"fi\"}\r\n\
         {\"text\":\"Hur gör jag en retur?\",\"lang\":\"sv-SE\"}\n\
         {\"text\":\"Kättesaamine hilines\",\"lang\":\"et\"}\n\
         {\"text\":\"Danke!\",\"lang\":\"DE\",\"id\":7}",
    );
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines,
        [
            json!({"themes": ["delivery", "price"], "emotion": "frustrated"}),
            json!({"themes": ["returns"], "emotion": "confused"}),
            json!({"themes": [], "emotion": "neutral"}),
            json!({"themes": ["other"], "emotion": "satisfied"}),
        ]
    );
    assert_eq!(ran.code, 0);
}

#[test]
fn a_line_that_is_none_is_told_and_the_rest_goes_on() {
    let ran = themes(b"nonsense\n{\"lang\":\"fi\"}\n\xFF\n{\"text\":\"Hinta\",\"lang\":\"fi\"}\n[]\n\n");
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 6);
    for line in [0, 1, 2, 4, 5] {
        assert!(lines[line]["error"].is_string(), "{line}");
    }
    assert_eq!(lines[3]["themes"], json!(["price"]));
    assert_eq!(ran.code, 1);
}

#[test]
fn a_set_is_judged() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("set.jsonl");
    let right = r#"{"text":"Toimitus myöhässä","lang":"fi","themes":["delivery"],"emotion":"frustrated"}"#;
    let wrong = r#"{"text":"Hinta","lang":"fi","themes":["stock"],"emotion":"neutral"}"#;
    std::fs::write(&file, format!("{right}\n\n{wrong}\n")).unwrap();
    let path = file.to_str().unwrap();
    let ran = run(&["themes", "--evaluate", path], "");
    // delivery 1, price 0, stock 0; both emotions.
    assert!(ran.out.contains("sentences 2\nthemes macro-F1 0.3333\nemotion macro-F1 1.0000\n"), "{}", ran.out);
    assert!(ran.out.lines().any(|line| line.starts_with("delivery ") && line.ends_with("1.0000")));
    assert_eq!(ran.code, 0);
    std::fs::write(&file, format!("{right}\n{{}}\n")).unwrap();
    let ran = run(&["themes", "--evaluate", path], "");
    assert!(ran.out.starts_with("line 2: ") && ran.out.contains("sentences 1\n"), "{}", ran.out);
    assert_eq!(ran.code, 1);
    let ran = run(&["themes", "--evaluate", "nowhere.jsonl"], "");
    assert!(ran.err.contains("cannot read nowhere.jsonl"), "{}", ran.err);
    assert_eq!(ran.code, 1);
}
