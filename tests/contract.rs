//! What is written twice, in Rust and for the web or for people, says the same.

#![cfg(not(target_arch = "wasm32"))]

mod repository;

use std::collections::BTreeSet;

use polku_core::{Code, Framework, Name, Stage};
use repository::{read, root};

/// The members of a union of texts in `www/polku.d.ts`.
fn union(name: &str) -> BTreeSet<String> {
    let types = read("www/polku.d.ts");
    let (_, from) =
        types.split_once(&format!("export type {name} =")).unwrap_or_else(|| panic!("polku.d.ts has no type {name}"));
    let (members, _) = from.split_once(';').expect("the type ends");
    members.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn set<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    names.map(str::to_owned).collect()
}

#[test]
fn touchpoints_of_the_types_are_those_of_the_core() {
    let core = Name::ALL.iter().filter(|name| name.is_for_shops()).map(|name| name.as_str());
    assert_eq!(union("TouchpointName"), set(core));
}

#[test]
fn frictions_of_the_types_are_those_of_the_core() {
    let core = Name::ALL.iter().filter(|name| name.is_friction()).map(|name| name.as_str());
    assert_eq!(union("FrictionName"), set(core));
}

#[test]
fn stages_of_the_types_are_those_of_the_core() {
    let framework = Framework::new("");
    let stages = [Stage::Awareness, Stage::Consideration, Stage::Decision, Stage::Retention, Stage::Advocacy];
    assert_eq!(union("Stage"), set(stages.iter().map(|stage| framework.name(*stage))));
}

#[test]
fn touchpoints_of_a_shops_framework_are_those_of_the_core() {
    let part = read("www/part/framework.js");
    let (_, from) = part.split_once("const ON = (").expect("the part lists them");
    let (list, _) = from.split_once(").split").expect("the list ends");
    let listed: BTreeSet<String> =
        list.split('"').skip(1).step_by(2).flat_map(str::split_whitespace).map(str::to_owned).collect();
    let only_tells = ["stage_enter", "journey_summary", "page_engagement", "web_vitals", "erase"];
    let names = Name::ALL.iter().map(|name| name.as_str());
    assert_eq!(listed, set(names.filter(|name| !only_tells.contains(name))));
}

#[test]
fn events_that_collectors_are_filtered_by_are_those_of_the_core_in_its_order() {
    let part = read("www/part/collectors/names.js");
    let (_, from) = part.split_once("export const NAMES = (").expect("the part lists them");
    let (list, _) = from.split_once(").split").expect("the list ends");
    let listed: Vec<&str> = list.split('"').skip(1).step_by(2).flat_map(str::split_whitespace).collect();
    assert_eq!(listed, Name::ALL.iter().map(|name| name.as_str()).collect::<Vec<_>>());
}

/// What can be called on the object that `script` makes: each line that begins with one of `begins`, up to the name's end. What is
/// within `prompt` is named with it.
fn calls<'a>(script: &'a str, begins: &[&str]) -> BTreeSet<String> {
    let end = |text: &'a str| text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let mut calls = BTreeSet::new();
    for line in script.lines() {
        for name in begins.iter().filter_map(|begin| line.strip_prefix(begin)).map(end) {
            let inner = line.split_once("{ ").filter(|_| name == "prompt").map_or("", |(_, inner)| inner);
            calls.extend(inner.split(", ").map(end).filter(|inner| !inner.is_empty()).map(|it| format!("{name}.{it}")));
            calls.insert(name.to_owned());
        }
        // The loader makes calls that it hands on as they are in one go.
        if let Some((list, _)) =
            line.strip_prefix("  for (const name of [").and_then(|rest| rest.split_once("]) polku[name]"))
        {
            calls.extend(list.split('"').skip(1).step_by(2).map(str::to_owned));
        }
    }
    calls
}

#[test]
fn the_stand_in_for_servers_has_every_call_of_the_loader() {
    let loader = read("www/polku.js");
    let module = read("www/polku.mjs");
    let (_, from) = module.split_once("const absent = ").expect("polku.mjs has a stand-in");
    let (absent, _) = from.split_once("});").expect("the stand-in ends");
    let of_loader = calls(&loader, &["  polku."]);
    for call in ["version", "track", "variant", "prompt.close", "flush", "destroy"] {
        assert!(of_loader.contains(call), "polku.js was not understood: {of_loader:?}");
    }
    assert_eq!(calls(absent, &["  "]), of_loader);
}

/// Codes that JavaScript raises by itself: `fail(105, …)`, `E219`.
fn codes_in_scripts() -> BTreeSet<u16> {
    let mut codes = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("www")).expect("www/ can be read").flatten() {
        let path = entry.path();
        if !matches!(path.extension().and_then(|extension| extension.to_str()), Some("js" | "mjs")) {
            continue;
        }
        let script = std::fs::read_to_string(&path).expect("a script can be read");
        let words = script.split(|c: char| !c.is_ascii_alphanumeric());
        for (before, word) in words.clone().zip(words.skip(1)) {
            let number = match before {
                "fail" => word,
                _ => word.strip_prefix('E').unwrap_or_default(),
            };
            codes.extend(number.parse::<u16>().ok().filter(|code| number.len() == 3 && *code >= 100));
        }
        // `fail(dead ? 900 : 904, …)`
        for call in script.split("fail(").skip(1) {
            let first = call.split([',', ')']).next().unwrap_or_default();
            let numbers = first.split(|c: char| !c.is_ascii_digit());
            codes.extend(numbers.filter(|number| number.len() == 3).filter_map(|number| number.parse::<u16>().ok()));
        }
    }
    codes
}

/// Codes of the prompt's definitions, which reach the developer by the same message.
fn codes_of_prompts() -> BTreeSet<u16> {
    let problems = read("crates/core/src/prompt/problem.rs");
    let numbers = problems.lines().filter_map(|line| line.split_once(" = ")?.1.split_whitespace().next());
    numbers.filter_map(|number| number.parse().ok()).collect()
}

#[test]
fn every_code_has_its_sentence() {
    let errors: serde_json::Value = serde_json::from_str(&read("www/errors.json")).expect("errors.json is JSON");
    let mut codes: BTreeSet<u16> = Code::ALL.iter().map(|code| *code as u16).collect();
    let scripts = codes_in_scripts();
    assert!(scripts.contains(&901) && scripts.contains(&904), "the scripts were not understood: {scripts:?}");
    codes.extend(scripts);
    let prompts = codes_of_prompts();
    assert!(prompts.contains(&200), "the prompt's codes were not understood: {prompts:?}");
    codes.extend(prompts);
    let mut without = Vec::new();
    for code in codes {
        let entry = &errors[code.to_string()];
        for part in ["says", "fix"] {
            if entry[part].as_str().is_none_or(|sentence| !sentence.trim_end().ends_with(['.', '!', '?'])) {
                without.push(format!("E{code} {part}"));
            }
        }
    }
    assert!(without.is_empty(), "errors.json has no sentence for {without:?}");
}

#[test]
fn every_sentence_belongs_to_a_code() {
    let errors: serde_json::Value = serde_json::from_str(&read("www/errors.json")).expect("errors.json is JSON");
    for code in errors.as_object().expect("an object").keys() {
        let number: u16 = code.parse().unwrap_or_else(|_| panic!("{code} is no code"));
        assert!((100..1000).contains(&number), "{code}");
    }
}

/// What a page of ours calls a file: in backticks or as a link, with a slash or a known ending.
fn named_files(text: &str) -> BTreeSet<String> {
    let ticks = text.split('`').skip(1).step_by(2).flat_map(|code| code.split_whitespace());
    let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let endings = [".rs", ".toml", ".md", ".js", ".mjs", ".json", ".html", ".css", ".d.ts", ".png", ".svg"];
    let folders = ["crates/", "src/", "www/", "tests/", ".ci/", ".cargo/"];
    ticks
        .chain(links)
        .map(|name| name.trim_matches(|c: char| matches!(c, '"' | '\'' | ',' | ';' | '(' | ')')))
        .filter(|name| {
            let path = folders.iter().any(|folder| name.starts_with(folder));
            let file = name.contains('/') && endings.iter().any(|ending| name.ends_with(ending));
            (path || file)
                && !name.contains(['<', '*', '{', '…', '$', '='])
                && !name.contains("://")
                && !name.starts_with('/')
        })
        .map(|name| name.trim_end_matches('/').to_owned())
        .collect()
}

fn check_names(page: &str) {
    let text = read(page);
    let named = named_files(&text);
    let missing: Vec<&String> = named
        .iter()
        // Built, so not there in a fresh clone.
        .filter(|name| !name.starts_with("pkg/") && !name.starts_with("target/"))
        .filter(|name| !root().join(name).exists())
        .collect();
    assert!(missing.is_empty(), "{page} names {missing:?}, which are not there");
}

#[test]
fn the_map_of_the_house_names_what_is_there() {
    assert!(named_files(&read("ARCHITECTURE.md")).contains("crates/core"), "the page was not understood");
    check_names("ARCHITECTURE.md");
}

#[test]
fn the_readme_names_what_is_there() {
    check_names("README.md");
}
