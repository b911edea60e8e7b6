//! What must not be possible: to tell one shopper from another, or to join two visits of one, by what leaves. The requirements are listed in
//! `docs/privacy-requirements.md`, whose every test is looked for here.
#![allow(clippy::unwrap_used)]

mod world;

use std::collections::{BTreeMap, BTreeSet};

use polku_core::{Input, Mode, PromptEvent};
use serde_json::Value;

use world::collector::{number, parse, text};
use world::{MINUTE, SECOND, World, answered, ended, grant_now};

/// Every value in `json` that is no object and no list, with the path of its member.
fn leaves(json: &Value, path: &str, out: &mut Vec<(String, String)>) {
    match json {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| leaves(value, &format!("{path}.{name}"), out))
        }
        Value::Array(list) => list.iter().for_each(|value| leaves(value, &format!("{path}[]"), out)),
        value => out.push((path.to_owned(), value.to_string())),
    }
}

/// A shopper without `measure` who answers after an order, in a world of this seed.
fn answers(seed: u64) -> Vec<String> {
    let mut world = World::new(seed);
    world.config.mode = Mode::Feedback;
    world.decided = Some(false);
    let tab = world.open("/thanks");
    // Each is here for a while of its own, and orders something of its own.
    world.wait(seed % 3000 * SECOND);
    world.track(
        tab,
        "purchase",
        &format!(r#"{{"transaction_id":"KK-{seed}","value":{seed},"items":[{{"item_id":"SKU-{seed}"}}]}}"#),
    );
    world.ask(tab, "order-nps", 3);
    world.wait(2 * SECOND);
    world.prompt(tab, PromptEvent::Shown);
    world.prompt(tab, answered("score", 1, "nps", Some(10), None, false));
    world.prompt(tab, ended("completed", false));
    world.settle();
    world.collector.bodies
}

#[test]
fn answers_of_a_thousand_shoppers_have_nothing_in_common_but_the_shop() {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut all = 0;
    for seed in 0..1_000 {
        let bodies = answers(seed);
        assert_eq!(bodies.len(), 1);
        let mut found = Vec::new();
        leaves(&parse(&bodies[0]), "", &mut found);
        found.iter().for_each(|leaf| *seen.entry(leaf.clone()).or_default() += 1);
        all += 1;
    }
    // A value is the same for everybody, or it is met once. Times are hours.
    for ((path, value), count) in &seen {
        let coarse = path == ".sent" && value.parse::<u64>().unwrap() % 3600 == 0;
        // The submission is named by the leg: 25 bits, of which a thousand shoppers have a pair in one of seventy worlds.
        assert!(*count == all || *count == 1 || coarse, "{path} is {value} for {count} of {all}");
    }
    let own: BTreeSet<&str> =
        seen.iter().filter(|(_, count)| **count == 1).map(|((path, _), _)| path.as_str()).collect();
    assert_eq!(own, BTreeSet::from([".events[].data.sub", ".journey.id", ".journey.leg"]), "what is a shopper's own");
}

#[test]
fn two_visits_share_no_number_where_nothing_may_be_remembered() {
    let mut world = World::new(5);
    world.decided = Some(true);
    let tab = world.open("/");
    world.track(tab, "view_item", r#"{"items":[{"item_id":"A"}]}"#);
    world.settle();
    world.wait(40 * MINUTE);
    world.go(tab, "/c/coffee", false);
    world.track(tab, "view_item_list", "{}");
    world.settle();
    let visits = world.collector.journeys();
    assert_eq!(visits.len(), 2);
    let own =
        |visit: &str| world.collector.legs(visit).into_iter().chain([visit.to_owned()]).collect::<BTreeSet<String>>();
    assert!(own(&visits[0]).is_disjoint(&own(&visits[1])));
    for body in &world.collector.bodies {
        let other = usize::from(text(&parse(body)["journey"], "id") == visits[0]);
        assert!(!own(&visits[other]).iter().any(|id| body.contains(id.as_str())), "{body}");
    }
}

#[test]
fn times_are_coarse() {
    let (mut world, tab) = World::with_shopper(9);
    for step in 0..40 {
        world.wait(137 * (step + 1));
        world.track(tab, "view_item", "{}");
    }
    world.settle();
    for batch in world.collector.batches() {
        assert_eq!(number(&batch["journey"], "started") % 60, 0);
        assert_eq!(
            number(&batch["journey"]["consent"]["measure"], "hour"),
            number(&batch["journey"], "started") / 3600
        );
        for event in batch["events"].as_array().unwrap() {
            assert_eq!(number(event, "at") % 100, 0, "{event}");
        }
    }
}

#[test]
fn what_a_page_held_before_it_was_refused_is_gone_for_good() {
    for seed in 0..50 {
        let mut world = World::new(seed);
        let tab = world.open("/");
        world.track(tab, "search", r#"{"search_term":"before"}"#);
        world.wait(seed * 100);
        world.input(tab, world::decision(Some(false), None, false));
        world.track(tab, "search", r#"{"search_term":"meanwhile"}"#);
        world.wait(seed * 50);
        world.input(tab, grant_now());
        world.track(tab, "search", r#"{"search_term":"after"}"#);
        world.input(tab, Input::Flush);
        world.hide(tab);
        world.settle();
        let all = world.collector.bodies.concat();
        assert!(all.contains("after") && !all.contains("before") && !all.contains("meanwhile"), "{all}");
    }
}

/// The house's own text files: sources, pages, documents and test sets.
fn texts(dir: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if path.is_dir() {
            // Built, fetched, found by a fuzzer, or not ours.
            let skipped = ["target", "pkg", "node_modules", "corpus", "artifacts"].contains(&name.as_str());
            if !skipped && !name.starts_with('.') {
                texts(&path, out);
            }
        } else if ["rs", "js", "mjs", "ts", "json", "jsonl", "md", "html", "toml", "py"].contains(&kind) {
            out.push(path);
        }
    }
}

/// The mail addresses in `text`, as far as they look like some.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%');
    text.match_indices('@').filter_map(move |(at, _)| {
        let start =
            text[..at].rfind(|c| !part(c)).map_or(0, |end| end + text[end..].chars().next().unwrap().len_utf8());
        let end = text[at + 1..].find(|c| !part(c)).map_or(text.len(), |end| at + 1 + end);
        let address = text[start..end].trim_end_matches(['.', '-']);
        let (who, whom) = address.split_once('@')?;
        let last = whom.rsplit_once('.')?.1;
        (!who.is_empty() && last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic())).then_some(address)
    })
}

#[test]
fn nobodys_mail_address_is_in_the_house() {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).canonicalize().unwrap();
    let mut files = Vec::new();
    texts(&root, &mut files);
    assert!(files.len() > 300, "{} files", files.len());
    assert_eq!(addresses("mail a@b.example, or x@y.invalid.").collect::<Vec<_>>(), ["a@b.example", "x@y.invalid"]);
    let (mut seen, mut bad) = (0, Vec::new());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for address in addresses(&text) {
            seen += 1;
            // RFC 2606 and RFC 6761, and this name under the top levels of countries.
            let address = address.to_ascii_lowercase();
            // … also where one is written backwards, as an address that must not survive.
            let kept = ["example", "exempel", "test", "invalid", "elpmaxe"];
            let kept = address.split(['@', '.']).any(|label| kept.contains(&label));
            if !kept {
                bad.push(format!("{}: {address}", file.strip_prefix(&root).unwrap().display()));
            }
        }
    }
    assert!(seen > 100 && bad.is_empty(), "{seen} seen; {bad:#?}");
}

/// The rows of the page of requirements: id and what is said to hold it.
fn requirements() -> Vec<(String, String)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let page = std::fs::read_to_string(format!("{root}/docs/privacy-requirements.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| P"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split(" | ").collect();
        (cells[0].trim_start_matches("| ").to_owned(), cells[2].trim_end_matches(['|', ' ']).to_owned())
    })
    .collect()
}

#[test]
fn every_requirement_has_its_row_and_every_named_test_is_there() {
    let rows = requirements();
    let ids: Vec<String> = (1..=36).map(|number| format!("P{number:02}")).collect();
    assert_eq!(rows.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), ids);
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    for (id, held) in rows {
        // `file.rs: name, name; file.rs: name`, or in words why there is none.
        for part in held.split("; ").filter(|part| part.contains(".rs`:")) {
            let (file, names) = part.trim_start_matches('`').split_once("`:").unwrap();
            let source =
                std::fs::read_to_string(format!("{root}/{file}")).unwrap_or_else(|_| panic!("{id}: no {file}"));
            for name in names.split(',').map(|name| name.trim().trim_matches('`')) {
                assert!(source.contains(&format!("fn {name}(")), "{id}: no test {name} in {file}");
            }
        }
    }
}
