//! The published schema and types of definitions: made from the table by which they are checked, and of one mind with the check.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::fs;

use polku_core::prompt::{self, Tree};
use serde_json::Value;

const HOUSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn read(path: &str) -> String {
    fs::read_to_string(format!("{HOUSE}/{path}")).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn schema() -> Value {
    serde_json::from_str(&prompt::schema()).unwrap()
}

/// The files that the package takes, beside what they are made from; `BLESS=1` writes them.
#[test]
fn the_published_files_are_those_of_the_table() {
    for (path, made) in
        [("www/prompts.schema.json", format!("{:#}\n", schema())), ("www/prompts.d.ts", prompt::types())]
    {
        if std::env::var_os("BLESS").is_some() {
            fs::write(format!("{HOUSE}/{path}"), &made).unwrap();
        }
        let there = read(path);
        // The order of an object's members is the build's: another crate of the house may have asked for that of their coming.
        let json = |text: &str| serde_json::from_str::<Value>(text).ok();
        assert!(
            there == made || json(&there).is_some_and(|there| Some(there) == json(&made)),
            "{path} is old: BLESS=1"
        );
    }
}

/// Mistakes that no shape can tell: where steps lead, which ids are taken, what a language lacks.
const MEANINGS: &[&str] = &[
    "E202", "E203", "E205", "E207", "E208", "E209", "E210", "E213", "E214", "E215", "E216", "E217", "E218", "E227",
    "E229", "E230", "E231", "E233", "E234", "E237", "E239", "E243", "E245",
];

#[test]
fn the_schema_takes_the_good_and_refuses_the_bad() {
    let schema = jsonschema::draft202012::new(&schema()).expect("a schema");
    assert!(jsonschema::draft202012::meta::is_valid(&self::schema()));
    let fits = |text: &str| schema.is_valid(&serde_json::from_str(text).unwrap());
    for file in fs::read_dir(format!("{HOUSE}/tests/prompts/good")).unwrap() {
        let text = fs::read_to_string(file.as_ref().unwrap().path()).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        let why: Vec<String> = schema.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(why.is_empty(), "{file:?}: {why:?}");
    }
    let expected: BTreeMap<String, Vec<String>> = serde_json::from_str(&read("tests/prompts/expected.json")).unwrap();
    let (mut refused, mut wrong) = (0, Vec::new());
    for (name, found) in &expected {
        let fits = fits(&read(&format!("tests/prompts/bad/{name}.json")));
        let only =
            |codes: &dyn Fn(&str) -> bool| found.iter().all(|one| codes(one.split(' ').next().unwrap_or_default()));
        refused += usize::from(!fits);
        // A shape that is wrong is refused, a warning never is; between them lies what only the check can tell, of which the schema tells a part.
        let shape = !only(&|code| code.starts_with('W') || MEANINGS.contains(&code));
        let warning = only(&|code| code.starts_with('W'));
        if (shape && fits) || (warning && !fits && !found.iter().any(|one| one.starts_with("W255"))) {
            wrong.push((name, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(refused > 80, "{refused} of {} are refused", expected.len());
}

/// What the schema refuses, the check refuses: an editor never marks what works.
#[test]
fn the_check_refuses_what_the_schema_refuses() {
    let schema = jsonschema::draft202012::new(&schema()).expect("a schema");
    for file in ["www/shop/prompts.json", "tests/pages/prompts.json"] {
        assert!(schema.is_valid(&serde_json::from_str(&read(file)).unwrap()), "{file}");
    }
    let expected: BTreeMap<String, Vec<String>> = serde_json::from_str(&read("tests/prompts/expected.json")).unwrap();
    for name in expected.keys() {
        let text = read(&format!("tests/prompts/bad/{name}.json"));
        let clean = prompt::problems(&Tree::read(&text).unwrap()).iter().all(|one| one.code.name().starts_with('W'));
        assert!(!clean || schema.is_valid(&serde_json::from_str(&text).unwrap()), "{name}");
    }
}
