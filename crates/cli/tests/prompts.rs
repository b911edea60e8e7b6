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

#[test]
fn the_example_in_the_docs_has_no_mistakes() {
    let docs = std::fs::read_to_string(format!("{SETS}/../../docs/prompts.md")).unwrap();
    let example = docs.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let ran = check(&["--strict", "-"], example);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    // What the page says of words and numbers is what the check takes.
    for trigger in docs.split("`{\"on\": ").skip(1).map(|rest| rest.split('`').next().unwrap()) {
        let with = format!(
            r#"{{"v":1,"id":"x","when":{{"any":[{{"on": {trigger}]}},"steps":[{{"id":"a","ask":"nps","text":{{"en":"A?"}}}}]}}"#
        );
        let ran = check(&["--strict", "-"], &with);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{with}");
    }
}

/// A survey of another tool, imported: the definition and the report, which says `level path` for each line.
fn imported(file: &str) -> (Value, Vec<String>) {
    let file = format!("{SETS}/import/{file}.json");
    let ran = run(&["prompts", "import", &file], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{file}");
    assert_eq!(ran.out, run(&["prompts", "import", &file], "").out, "the same bytes");
    let both: Value = serde_json::from_str(&ran.out).unwrap();
    let checked = check(&["-"], both["definition"].to_string());
    assert_eq!(checked.code, 0, "{}", checked.out);
    let line = |entry: &Value| format!("{} {}", entry["level"].as_str().unwrap(), entry["path"].as_str().unwrap());
    let report = both["report"].as_array().unwrap().iter().map(line).collect();
    (both["definition"].clone(), report)
}

fn has(report: &[String], lines: &[&str]) {
    for line in lines {
        assert!(report.iter().any(|one| one == line), "{line} not in {report:#?}");
    }
}

#[test]
fn a_survey_of_formbricks_is_imported() {
    let (definition, report) = imported("formbricks");
    let ids: Vec<_> = definition["steps"].as_array().unwrap().iter().map(|step| step["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["score", "why", "how", "stars"]);
    let step = |at: usize| &definition["steps"][at];
    assert_eq!(
        step(0)["text"],
        json!({"en": "How likely are you to recommend us?", "fi": "Kuinka todennäköisesti suosittelet meitä?"})
    );
    assert_eq!(step(0)["next"], json!([{"if": {"all": [{"lte": ["score", 6]}]}, "go": "why"}, {"go": "how"}]));
    assert_eq!(
        (&step(1)["max"], &step(1)["text"]["en"]),
        (&json!(500), &json!("What should we mend?")),
        "no signs without width"
    );
    assert_eq!(step(2)["choices"][2], json!({"id": "other", "other": true, "text": {"en": "Other", "fi": "Other"}}));
    assert_eq!(step(2)["next"], json!([{"if": {"any": [{"hasAny": ["how", ["price", "delivery"]]}]}, "go": "stars"}]));
    assert_eq!((&step(3)["ask"], &step(3)["look"]), (&json!("rating"), &json!("stars")));
    assert_eq!(definition["limits"], json!({"max": 3, "cooldownDays": 14}));
    assert_eq!(
        (&definition["who"], &definition["when"]),
        (
            &json!({"all": [{"url": {"contains": "/cart"}}, {"sample": 0.25}]}),
            &json!({"any": [{"on": "exit_intent"}], "delayMs": 5000})
        )
    );
    let base = "data.data.surveys[0]";
    has(
        &report,
        &[
            &format!("ok {base}.questions[1]"),
            &format!("lossy {base}.questions[0].headline"),
            &format!("rejected {base}.questions[4].inputType"),
            &format!("rejected {base}.questions[5]"),
            &format!("rejected {base}.questions[6].buttonUrl"),
            &format!("rejected {base}.segment"),
            &format!("dropped {base}.triggers[1]"),
        ],
    );
    let (definition, _) = imported("formbricks-blocks");
    assert_eq!(definition["steps"][0]["next"], json!([{"if": {"all": [{"gt": ["easy", 5]}]}, "go": "done"}]));
}

#[test]
fn a_survey_of_posthog_is_imported() {
    let (definition, report) = imported("posthog");
    let step = |at: usize| &definition["steps"][at];
    assert_eq!(
        (&step(0)["ask"], &step(0)["text"]["fi"]),
        (&json!("nps"), &json!("Kuinka todennäköisesti suosittelet meitä?")),
        "ten is counted from nought"
    );
    assert_eq!(
        step(0)["next"],
        json!([{"if": {"lte": ["q1", 6]}, "go": "q2"}, {"if": {"in": ["q1", [7, 8]]}, "go": "q3"}, {"if": {"gte": ["q1", 9]}, "go": "end"}, {"go": "q2"}])
    );
    assert_eq!(step(1)["next"], json!([{"go": "q4"}]));
    assert_eq!(step(2)["choices"][2]["other"], json!(true));
    assert_eq!(step(2)["next"][0], json!({"if": {"has": ["q3", "speed"]}, "go": "end"}));
    assert_eq!(
        (&step(3)["ask"], &step(3)["next"][0]["if"]),
        (&json!("thumbs"), &json!({"eq": ["q4", "down"]})),
        "of two, one is the good one"
    );
    assert_eq!(step(4)["actions"][0]["href"], json!("https://example.com/talk"));
    assert_eq!(
        definition["who"],
        json!({"all": [{"url": {"contains": "/checkout"}}, {"device": ["desktop", "mobile"]}]})
    );
    assert_eq!(definition["end"]["after"], json!({"en": "We read all of it.", "fi": "We read all of it."}));
    has(
        &report,
        &[
            "dropped [0].questions[0].branching.responseValues.7",
            "dropped [0].questions[2].branching.responseValues.9",
            "rejected [0].questions[5].scale",
            "dropped [0].conditions.events.values[0]",
            "rejected [0].linked_flag_key",
            "rejected [1]",
            "rejected [2]",
        ],
    );
}

#[test]
fn a_form_of_surveyjs_is_imported() {
    let (definition, report) = imported("surveyjs");
    let step =
        |id: &str| definition["steps"].as_array().unwrap().iter().find(|step| step["id"] == json!(id)).unwrap().clone();
    assert_eq!(
        (&step("nps")["ask"], &step("nps")["low"]["en"]),
        (&json!("nps"), &json!("No")),
        "the slip of the pen is read"
    );
    assert_eq!(step("nps")["next"], json!([{"if": {"lte": ["nps", 6]}, "go": "why"}, {"go": "found"}]));
    assert_eq!(
        step("found")["choices"][0],
        json!({"id": "yes-i-did", "text": {"en": "Yes, I did", "fi": "Yes, I did"}})
    );
    assert_eq!(
        step("found")["next"][0],
        json!({"if": {"any": [{"eq": ["found", "no"]}, {"lt": ["nps", 3]}]}, "go": "missing"})
    );
    assert_eq!((&step("missing")["choices"][2]["none"], &step("missing")["max"]), (&json!(true), &json!(2)));
    assert_eq!(step("again")["choices"][1], json!({"id": "no", "text": {"en": "I will not", "fi": "I will not"}}));
    assert_eq!(
        (&step("stars")["scale"], &step("stars")["look"]),
        (&json!(5), &json!("stars")),
        "the count is what is drawn"
    );
    assert_eq!(step("bye")["text"]["en"], json!("Good to know We read everything ."));
    assert_eq!(definition["end"]["thanks"]["en"], json!("Thank you"));
    has(
        &report,
        &[
            "lossy pages",
            "rejected pages[1].elements[2].inputType",
            "rejected pages[1].elements[3]",
            "lossy pages[1].elements[4].html",
            "lossy pages[1].elements[5].visibleIf",
            "rejected triggers",
        ],
    );
}
