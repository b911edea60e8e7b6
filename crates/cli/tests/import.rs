//! `polku prompts import` as a program, held against surveys that were written from the specification before the importer was what it is:
//! `tests/prompts/import/`.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod common;

use common::run;
use serde_json::{Value, json};

const SETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/prompts/import");

fn traps(tool: &str) -> Vec<Value> {
    serde_json::from_str(&std::fs::read_to_string(format!("{SETS}/traps/{tool}.json")).unwrap()).unwrap()
}

/// Holds each trap of a tool against what must come of it: the values at the places of `definition` (null: nothing is there), and every line of the
/// report that is not `ok`, in any order, and no other.
fn holds(tool: &str) {
    let mut wrong = Vec::new();
    for trap in traps(tool) {
        let name = trap["trap"].as_str().unwrap();
        let ran = run(&["prompts", "import", "-"], trap["survey"].to_string());
        if ran.code != 0 {
            wrong.push(format!("{name}: ended with {}: {}", ran.code, ran.err));
            continue;
        }
        let read: Value = serde_json::from_str(&ran.out).unwrap();
        for (place, expected) in trap["definition"].as_object().unwrap() {
            let found = read["definition"].pointer(place).unwrap_or(&Value::Null);
            if found != expected {
                wrong.push(format!("{name}: {place}\n     is {found}\n not {expected}"));
            }
        }
        let mut lines: Vec<String> = read["report"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["level"] != "ok")
            .map(|entry| format!("{} {}", entry["level"].as_str().unwrap(), entry["path"].as_str().unwrap()))
            .collect();
        lines.sort();
        let mut expected: Vec<String> = serde_json::from_value(trap["report"].clone()).unwrap();
        expected.sort();
        if lines != expected {
            wrong.push(format!("{name}: the report\n     is {lines:?}\n not {expected:?}"));
        }
        let checked = run(&["prompts", "check", "--strict", "-"], read["definition"].to_string());
        let only_choice = checked.out.lines().all(|line| line.contains(" W251 ") || line.contains(": W251 "));
        if checked.code != 0 && !only_choice {
            wrong.push(format!("{name}: the check: {}", checked.out));
        }
        if ran.out != run(&["prompts", "import", "-"], trap["survey"].to_string()).out {
            wrong.push(format!("{name}: other bytes the second time"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_traps_of_formbricks_hold() {
    holds("formbricks");
}

#[test]
fn the_traps_of_posthog_hold() {
    holds("posthog");
}

#[test]
fn the_traps_of_surveyjs_hold() {
    holds("surveyjs");
}

/// In no form, anywhere in what is printed.
const NEVER: &[&str] = &[
    "<script",
    "</",
    "<img",
    "<svg",
    "<iframe",
    "<b",
    "<!--",
    "javascript:",
    "vbscript:",
    "data:text",
    "onerror=",
    "onload=",
    "onclick=",
    "onmouseover=",
    "onfocus=",
    "onerror =",
    "srcdoc",
    "&lt;",
    "&#",
    "\u{200b}",
    "expression(",
];

#[test]
fn nothing_hostile_survives() {
    for (nth, survey) in traps("hostile").into_iter().enumerate() {
        let ran = run(&["prompts", "import", "-"], survey.to_string());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{nth}");
        let lower = ran.out.to_lowercase();
        for never in NEVER {
            assert!(!lower.contains(never), "{nth}: {never} in {}", ran.out);
        }
        let read: Value = serde_json::from_str(&ran.out).unwrap();
        let checked = run(&["prompts", "check", "-"], read["definition"].to_string());
        assert_eq!(checked.code, 0, "{nth}: {}", checked.out);
    }
}

#[test]
fn several_surveys_are_a_list_each_with_its_report() {
    let one = |name: &str| json!({ "name": name, "questions": [{ "type": "open", "question": "A?" }, { "type": "file", "question": "B?" }] });
    for wrapped in [
        json!([one("x"), 7, one("x"), { "name": "none" }]),
        json!({ "surveys": [one("x"), 7, one("x"), { "name": "none" }] }),
        json!({ "count": 2, "results": [one("x"), null, one("x"), []] }),
        json!({ "data": { "data": { "surveys": [one("x"), "broken", one("x"), {}] } } }),
    ] {
        let ran = run(&["prompts", "import", "-"], wrapped.to_string());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let read: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(read.as_object().unwrap().keys().collect::<Vec<_>>(), ["definitions"]);
        let list = read["definitions"].as_array().unwrap();
        assert_eq!(list.len(), 2);
        for (one, index) in list.iter().zip(["[0]", "[2]"]) {
            let lines = one["report"].as_array().unwrap();
            let path = lines.iter().find(|line| line["why"].as_str().unwrap() != "" && line["level"] == "rejected");
            assert!(path.unwrap()["path"].as_str().unwrap().contains(&format!("{index}.questions[1].type")), "{one}");
        }
        // Those that are none are told of, too.
        let told = |index: &str| {
            list.iter()
                .flat_map(|one| one["report"].as_array().unwrap())
                .any(|line| line["level"] == "rejected" && line["path"].as_str().unwrap().ends_with(index))
        };
        assert!(told("[1]") && told("[3]"), "{}", ran.out);
        let all: Vec<&Value> = list.iter().map(|one| &one["definition"]).collect();
        assert_eq!((&all[0]["id"], &all[1]["id"]), (&json!("x"), &json!("x-2")));
        assert_eq!(run(&["prompts", "check", "--strict", "-"], json!(all).to_string()).code, 0, "all in one file");
    }
}

#[test]
fn one_survey_in_any_wrapping_is_one_definition() {
    let one = json!({ "name": "x", "questions": [{ "type": "open", "question": "A?" }] });
    for wrapped in [
        json!([one]),
        json!({ "surveys": [one] }),
        json!({ "data": one }),
        json!({ "data": { "data": { "surveys": [one] } } }),
    ] {
        let ran = run(&["prompts", "import", "-"], wrapped.to_string());
        let read: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(read.as_object().unwrap().keys().collect::<Vec<_>>(), ["definition", "report"]);
        for line in read["report"].as_array().unwrap() {
            assert_eq!(line.as_object().unwrap().keys().collect::<Vec<_>>(), ["level", "path", "why"]);
            assert!(["ok", "lossy", "dropped", "rejected"].contains(&line["level"].as_str().unwrap()));
        }
    }
}

#[test]
fn what_is_no_survey_ends_with_two_and_one_line() {
    let many = json!({ "name": "x", "questions": vec![json!({ "type": "open", "question": "A?" }); 201] });
    let deep = format!(
        "{{\"name\":\"x\",\"questions\":[{{\"type\":\"open\",\"question\":\"A?\",\"x\":{}1{}}}]}}",
        "[".repeat(14),
        "]".repeat(14)
    );
    for input in [
        "".to_owned(),
        "{".to_owned(),
        "not json\nat all".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "[1,2]".to_owned(),
        "{\"questions\":[]}".to_owned(),
        "{\"surveys\":[{}]}".to_owned(),
        "{\"pages\":[{\"elements\":[{\"type\":\"file\",\"name\":\"a\"}]}]}".to_owned(),
        "{\"v\":1,\"id\":\"x\",\"steps\":[{\"id\":\"a\",\"ask\":\"nps\",\"text\":{\"en\":\"A?\"}}]}".to_owned(),
        many.to_string(),
        deep,
        "[".repeat(5_000),
        format!(
            "{{\"name\":\"{}\",\"questions\":[{{\"type\":\"open\",\"question\":\"A?\"}}]}}",
            "x".repeat(256 * 1024)
        ),
    ] {
        let ran = run(&["prompts", "import", "-"], &input);
        let start: String = input.chars().take(60).collect();
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{start}: {}", ran.err);
        assert!(
            ran.err.starts_with("polku: - cannot be imported: ") && ran.err.trim_end().lines().count() == 1,
            "{start}: {}",
            ran.err
        );
    }
    let ran = run(&["prompts", "import", "-"], b"\xff\xfe{");
    assert_eq!(ran.code, 2);
    // A file that is not there is no survey's fault.
    let ran = run(&["prompts", "import", "/nowhere/survey.json"], "");
    assert_eq!(ran.code, 1);
    assert_eq!(run(&["prompts", "import", "-", "--from", "typeform"], "").code, 2);
}

#[test]
fn the_limits_themselves_are_taken() {
    // 16 levels: the survey, its questions, a question, and thirteen more.
    let deep = format!(
        "{{\"name\":\"x\",\"questions\":[{{\"type\":\"open\",\"question\":\"A?\",\"x\":{}1{}}}]}}",
        "[".repeat(13),
        "]".repeat(13)
    );
    assert_eq!(run(&["prompts", "import", "-"], deep).code, 0);
    let many = json!({ "name": "x", "questions": vec![json!({ "type": "open", "question": "A?" }); 200] });
    let ran = run(&["prompts", "import", "-"], many.to_string());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let read: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(read["definition"]["steps"].as_array().unwrap().len(), 50);
    let beyond = |line: &&Value| line["level"] == "dropped" && line["path"] == "questions[50]";
    assert_eq!(read["report"].as_array().unwrap().iter().filter(beyond).count(), 1, "ours takes fifty, and says so");
    let read =
        |name: &str| format!("{{\"name\":\"{name}\",\"questions\":[{{\"type\":\"open\",\"question\":\"A?\"}}]}}");
    let fill = 256 * 1024 - read("").len();
    assert_eq!(run(&["prompts", "import", "-"], read(&"x".repeat(fill))).code, 0);
    assert_eq!(run(&["prompts", "import", "-"], format!("\u{feff}{}", read("x"))).code, 0, "an editor's mark");
}
