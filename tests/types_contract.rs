//! The types of the package (`www/polku.d.ts`) say what the core does: each list and each member is held against the table or the source that the code goes by.

#![cfg(not(target_arch = "wasm32"))]

mod repository;

use std::collections::BTreeSet;

use polku_core::{Lens, Name, Topic};
use repository::{read, root};

type Names = BTreeSet<String>;

fn set<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> Names {
    names.into_iter().map(|name| name.as_ref().to_owned()).collect()
}

/// The types without their comments.
fn types() -> String {
    let text = read("www/polku.d.ts");
    let mut rest = text.as_str();
    let mut bare = String::new();
    while let Some((before, from)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = from.split_once("*/").expect("a comment ends").1;
    }
    bare + rest
}

/// What is between quotes.
fn quoted(text: &str) -> Names {
    set(text.split('"').skip(1).step_by(2))
}

/// The members of a union of texts.
fn union(name: &str) -> Names {
    let types = types();
    let (_, from) = types.split_once(&format!("export type {name} =")).unwrap_or_else(|| panic!("no type {name}"));
    quoted(from.split_once(';').expect("the type ends").0)
}

/// What is within the braces that follow `begins`.
fn body<'a>(text: &'a str, begins: &str) -> &'a str {
    let (_, from) = text.split_once(begins).unwrap_or_else(|| panic!("nothing begins with `{begins}`"));
    let (_, from) = from.split_once('{').expect("a brace");
    let mut depth = 1;
    let end = from.char_indices().find(|(_, c)| {
        depth += i32::from(*c == '{') - i32::from(*c == '}');
        depth == 0
    });
    &from[..end.expect("the brace is closed").0]
}

/// The names of the members of a type's body.
fn members(body: &str) -> Names {
    let mut names = Names::new();
    let mut depth = 0;
    let mut member = String::new();
    for c in body.chars() {
        match c {
            '{' | '(' | '[' => {
                // What is called is no member.
                member.push('(');
                depth += 1;
            }
            '}' | ')' | ']' => depth -= 1,
            ';' if depth == 0 => member.clear(),
            ':' if depth == 0 && !member.is_empty() => {
                names.insert(member.trim().trim_end_matches('?').to_owned());
                // The rest of it is its type.
                member = String::new();
                depth = 0;
                continue;
            }
            _ if depth == 0 => member.push(c),
            _ => {}
        }
    }
    names.retain(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    names
}

#[test]
fn the_parser_finds_members() {
    let body = "\n  a: string;\n  b?: { c: 1; d(e: f): void };\n  g(h: string): void;\n  i: \"j\" | \"k\";\n";
    assert_eq!(members(body), set(["a", "b", "i"]));
    assert_eq!(self::body("interface X { a: { b: 1 } } c", "interface X"), " a: { b: 1 } ");
}

/// What the tests of the core and those in browsers judge every batch by.
fn sent(of: &str) -> Names {
    let table: serde_json::Value = serde_json::from_str(&read("tests/leaves/table.json")).expect("JSON");
    let rows = table["sent"].as_array().expect("a list").iter().filter(|row| row["of"] == of);
    let found: Names = rows
        .flat_map(|row| row["members"].as_array().expect("a list"))
        .filter_map(|name| name.as_str())
        .map(str::to_owned)
        .collect();
    assert!(!found.is_empty(), "the table has no {of}");
    found
}

fn without(mut names: Names, gone: &[&str]) -> Names {
    names.retain(|name| !gone.contains(&name.as_str()));
    names
}

#[test]
fn a_batch_has_the_members_that_leave() {
    let types = types();
    let batch = body(&types, "interface Batch");
    let journey = body(batch, "journey:");
    assert_eq!(without(members(batch), &["journey", "loss", "events"]), sent("batch"));
    assert_eq!(without(members(journey), &["consent"]), sent("journey"));
    assert_eq!(members(body(body(journey, "consent?:"), "measure?:")), sent("consent"));
    assert_eq!(members(body(body(&types, "interface Journey "), "loss:")), sent("loss"));
}

#[test]
fn an_event_has_the_members_that_leave() {
    let types = types();
    let of = |name: &str| members(body(&types, &format!("export interface {name} ")));
    assert_eq!(without(of("TouchpointEvent"), &["data"]), sent("event"));
    assert_eq!(without(of("TouchpointData"), &["transaction_id"]), sent("touchpoint"));
    assert_eq!(of("Item"), sent("item"));
    assert_eq!(of("FrictionData"), sent("friction"));
    assert_eq!(of("JourneySummary"), sent("journey_summary"));
    let data = body(&types, "interface EventData");
    let own = without(members(data), &["journey_summary"]);
    for name in &own {
        assert_eq!(members(body(data, &format!("{name}:"))), sent(name), "{name}");
    }
    // Each event of Polku's own that the table knows has its data in the types.
    let known = ["page_view", "offsite_touchpoint", "stage_enter", "web_vitals", "page_engagement", "content_seen"];
    let asked = ["prompt_shown", "prompt_answer", "prompt_closed", "erase"];
    assert_eq!(own, set(known.iter().chain(&asked)));
}

#[test]
fn every_event_has_its_name() {
    let told = Name::ALL.iter().filter(|name| !name.is_for_shops() && !name.is_friction()).map(|name| name.as_str());
    // `EventName` is those, and the two types that it names.
    assert_eq!(union("EventName"), set(told));
    let lenses = [Lens::Did, Lens::Saw, Lens::Felt, Lens::Tech].map(Lens::as_str);
    assert_eq!(union("Lens"), set(lenses));
}

/// The quoted words between two marks of a source.
fn listed(path: &str, begins: &str, ends: &str) -> Names {
    let text = read(path);
    let (_, from) = text.split_once(begins).unwrap_or_else(|| panic!("{path} has no `{begins}`"));
    let mut found = quoted(from.split_once(ends).expect("the list ends").0);
    found.remove("");
    found
}

#[test]
fn closed_lists_are_those_of_the_core() {
    assert_eq!(union("Door"), listed("crates/core/src/door.rs", "const WORDS: List", "];"));
    assert_eq!(union("DropReason"), listed("crates/core/src/lane.rs", "const REASONS", "];"));
    assert_eq!(union("Suppression"), listed("crates/core/src/asker/judge.rs", "const WORDS", "];"));
    assert_eq!(union("ConsentPlatform"), listed("crates/xtask/src/package.rs", "const CONSENT_PARTS", "];"));
    let presets = std::fs::read_dir(root().join("crates/core/src/format/presets")).expect("presets").flatten();
    let presets = presets.map(|entry| entry.path().file_stem().expect("a name").to_string_lossy().into_owned());
    assert_eq!(union("Format"), set(presets));
}

#[test]
fn every_message_has_its_code() {
    let errors: serde_json::Value = serde_json::from_str(&read("www/errors.json")).expect("JSON");
    assert_eq!(union("ErrorCode"), set(errors.as_object().expect("an object").keys().map(|code| format!("E{code}"))));
}

#[test]
fn a_page_hears_of_what_the_types_list() {
    let types = types();
    let topics: Names =
        types.split("on(topic:").skip(1).flat_map(|from| quoted(from.split(", listen").next().unwrap_or(""))).collect();
    // `flushed` is what `flush()` waits for.
    let core = [Topic::Stage, Topic::Touchpoint, Topic::Friction, Topic::Emotion].map(Topic::as_str);
    let listening = listed("www/core.js", "const TOPICS = [", "];");
    assert_eq!(without(listening, &["flushed"]), set(core));
    // What the parts tell: `notify("prompt", …)`, and of the prompt's module what is for the page alone.
    assert!(read("www/part/prompts.js").contains("notify(\"prompt\""));
    assert!(read("www/polku.js").contains("listeners.error"));
    assert!(read("www/part/consent.js").contains("listeners.consent"));
    let card = read("crates/prompt/view/prompt.js");
    let alone = ["contact", "handoff"];
    assert!(alone.iter().all(|name| card.contains(&format!("type: \"{name}\""))));
    assert_eq!(topics, set(core.iter().chain(&alone).chain(&["prompt", "error", "consent"])));
}

/// `atLeastOnce` as an attribute: `data-at-least-once`.
fn attribute(option: &str) -> String {
    let mut name = String::from("data-");
    for c in option.chars() {
        if c.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

#[test]
fn options_are_the_attributes_that_are_documented() {
    let types = types();
    let options = members(body(&types, "interface Options"));
    let readme = read("README.md");
    let (_, table) = readme.split_once("| attribute | value | |").expect("the README has a table of attributes");
    let (table, _) = table.split_once("\n\n").expect("the table ends");
    let first = table.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let documented: Names =
        first.flat_map(|names| names.split('`')).filter(|name| name.starts_with("data-")).map(str::to_owned).collect();
    let options = without(options, &["onError"]);
    let given = set(options.iter().map(|option| attribute(option)));
    let missing: Vec<&String> = documented.difference(&given).collect();
    assert!(missing.is_empty(), "Options lacks {missing:?}");
    // Those that few need stand in the reference, and those of one collector on a page of their own, which names a few as members alone.
    let formats = read("docs/formats.md") + &read("docs/attributes.md");
    let named =
        |option: &str| [attribute(option), option.to_owned()].iter().any(|name| formats.contains(&format!("`{name}")));
    let unknown: Vec<&String> =
        options.iter().filter(|option| !documented.contains(&attribute(option)) && !named(option)).collect();
    assert!(unknown.is_empty(), "neither the README nor docs/attributes.md nor docs/formats.md has {unknown:?}");
}
