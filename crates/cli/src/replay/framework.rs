//! The framework of `--framework`: a shop's own from a file, or a built-in one by its name. Checked by the rules of
//! `www/part/framework.js` and written as the same text, so that what replays here also runs in the shop. What the page only
//! gives a number for is said in words here. The tests hold both to the same words and to the same `six-elements`.

use super::tree::Tree;
use crate::failure::Failure;
use polku_core::Name;
use serde_json::Value;
use std::io::ErrorKind;
use std::path::Path;

/// The same as the constant of this name in `www/part/framework.js`, where it is written to be short.
const SIX_ELEMENTS: &str = include_str!("six-elements.json");

/// Conditions of rules, in the order of their bits in the core.
const WHEN: [&str; 7] = ["landing", "bought", "no_cart", "promoter", "link", "instructions", "returned"];

/// What a shop may want to be judged by, per stage.
const TARGETS: [&str; 8] = ["conversion", "engaged", "friction", "scores", "value", "dwell", "touchpoints", "emotion"];

/// Names that only tell of other touchpoints: they enter no stage.
const TELLING: [Name; 5] = [Name::StageEnter, Name::JourneySummary, Name::PageEngagement, Name::WebVitals, Name::Erase];

/// Stages, at most: the core keeps a bit for each in a byte.
const STAGES: usize = 8;
/// Rules, at most: each page walks through them at each touchpoint.
const RULES: usize = 200;
/// A name, at most, in bytes.
const NAME: usize = 24;
/// So much of a wrong word is said again, in characters.
const SAID: usize = 40;

/// The text for `Config::framework` of what `--framework` names. A file goes before the built-in framework of its name.
///
/// # Errors
/// When there is no such file, or what it holds is no framework.
pub(crate) fn load(file: &Path) -> Result<String, Failure> {
    let given = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(why) => match file.to_str().filter(|_| why.kind() == ErrorKind::NotFound) {
            Some("five-stages") => return Ok(String::new()),
            Some("six-elements") => SIX_ELEMENTS.into(),
            _ => {
                let why = format!("it cannot be read ({why}); name a JSON file, five-stages or six-elements");
                return Err(Failure::Framework(file.to_owned(), why));
            }
        },
    };
    // As browsers decode what they fetch: a byte that is no UTF-8 harms only the word that it stands in.
    let given = String::from_utf8_lossy(&given);
    text(given.strip_prefix('\u{FEFF}').unwrap_or(&given)).map_err(|why| Failure::Framework(file.to_owned(), why))
}

/// The text of the framework that is given as JSON; else the first thing that is wrong with it, and what to write instead.
fn text(given: &str) -> Result<String, String> {
    let given: Tree =
        serde_json::from_str(given).map_err(|why| format!("it is not JSON ({why}); correct it at that place"))?;
    if !matches!(given, Tree::Object(_)) {
        return Err(wrong("it", Some(&given), r#"write an object, {"v": 1, "id": …, "stages": […], "rules": […]}"#));
    }
    let v = given.get("v");
    if !matches!(v, Some(Tree::Leaf(Value::Number(v))) if v.as_f64() == Some(1.0)) {
        return Err(wrong("v", v, "write \"v\": 1, the format's only version"));
    }
    let id = given.get("id");
    let Some(id) = id.and_then(name) else { return Err(wrong("id", id, A_NAME)) };
    let stages = stages(given.get("stages"))?;

    let rules = given.get("rules");
    let Some(list) = list(rules, RULES) else {
        return Err(wrong("rules", rules, r#"list 1 to 200 rules in it, each {"on": …, "enter": …, "when"?: …}"#));
    };
    let mut words = Vec::new();
    for (at, it) in list.iter().enumerate() {
        words.push(rule(&format!("rules[{at}]"), it, &stages)?);
    }

    // What summaries tell of it: members of JSON, without a space, for those part the words.
    let mut tells = format!(r#""framework":"{id}""#);
    if let Some(targets) = given.get("targets") {
        check_targets(targets, &stages)?;
        tells += &format!(r#","targets":{}"#, serde_json::to_string(targets).unwrap_or_default());
    }
    Ok(format!("{tells} {} {}", stages.join(","), words.join(" ")))
}

fn stages(given: Option<&Tree>) -> Result<Vec<&str>, String> {
    let Some(list) = list(given, STAGES) else {
        return Err(wrong("stages", given, "list the names of 1 to 8 stages in it, in their order"));
    };
    let mut stages = Vec::new();
    for (at, it) in list.iter().enumerate() {
        let path = format!("stages[{at}]");
        let Some(stage) = name(it) else { return Err(wrong(&path, Some(it), A_NAME)) };
        if let Some(before) = stages.iter().position(|known| *known == stage) {
            return Err(wrong(&path, Some(it), &format!("write another name: stages[{before}] has this one")));
        }
        stages.push(stage);
    }
    Ok(stages)
}

/// A rule as the core reads it: `touchpoint,conditions,stage`, the last two as numbers.
fn rule(path: &str, rule: &Tree, stages: &[&str]) -> Result<String, String> {
    if !matches!(rule, Tree::Object(_)) {
        return Err(wrong(path, Some(rule), r#"write {"on": …, "enter": …, "when"?: …}"#));
    }
    let given = rule.get("on");
    let on = given.and_then(Tree::text).and_then(Name::parse).filter(|name| !TELLING.contains(name));
    let Some(on) = on else {
        return Err(wrong(&format!("{path}.on"), given, "write the name of a touchpoint, such as view_item"));
    };
    let mut bits = 0;
    if let Some(when) = rule.get("when") {
        for name in conditions(when).unwrap_or_default().split('|') {
            let Some(bit) = WHEN.iter().position(|known| *known == name) else {
                let fix = format!("use {}, with | between several, or leave it out", one_of(&WHEN));
                return Err(wrong(&format!("{path}.when"), Some(when), &fix));
            };
            bits |= 1 << bit;
        }
    }
    let enter = rule.get("enter");
    let Some(stage) = stages.iter().position(|known| enter.and_then(Tree::text) == Some(known)) else {
        return Err(wrong(&format!("{path}.enter"), enter, &format!("write one of the stages: {}", one_of(stages))));
    };
    Ok(format!("{},{bits},{stage}", on.as_str()))
}

/// What `when` says. To the page a list of one is its only member.
fn conditions(when: &Tree) -> Option<&str> {
    match when {
        Tree::Array(list) if list.len() == 1 => conditions(&list[0]),
        when => when.text(),
    }
}

fn check_targets(targets: &Tree, stages: &[&str]) -> Result<(), String> {
    let members = match targets {
        Tree::Object(members) => members,
        // So some languages write an object without members.
        Tree::Array(none) if none.is_empty() => return Ok(()),
        _ => return Err(wrong("targets", Some(targets), r#"write {"<stage>": ["<indicator>", …]}, or leave it out"#)),
    };
    for (stage, names) in members {
        let path = format!("targets.{}", short(stage).escape_debug());
        if !stages.contains(&stage.as_str()) {
            return Err(format!("{path} is for a stage that is not there; use one of the stages: {}", one_of(stages)));
        }
        let fix = format!("list indicators in it: {}", one_of(&TARGETS));
        let Tree::Array(list) = names else { return Err(wrong(&path, Some(names), &fix)) };
        for (at, it) in list.iter().enumerate() {
            if !TARGETS.iter().any(|known| it.text() == Some(known)) {
                return Err(wrong(&format!("{path}[{at}]"), Some(it), &format!("write {}", one_of(&TARGETS))));
            }
        }
    }
    Ok(())
}

/// What to write where a name is asked for.
const A_NAME: &str = "write a name of 1 to 24 of a-z, 0-9, _ and -, beginning with a letter";

fn name(given: &Tree) -> Option<&str> {
    given.text().filter(|text| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
        text.len() <= NAME && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(plain)
    })
}

/// A list of at least one member.
fn list(given: Option<&Tree>, most: usize) -> Option<&[Tree]> {
    if let Some(Tree::Array(list)) = given {
        Some(list).filter(|list| (1..=most).contains(&list.len())).map(Vec::as_slice)
    } else {
        None
    }
}

/// What stands at `path`, and what should.
fn wrong(path: &str, found: Option<&Tree>, fix: &str) -> String {
    let found = match found {
        None => "missing".to_owned(),
        Some(Tree::Object(_)) => "an object".to_owned(),
        Some(Tree::Array(list)) => format!("a list of {}", list.len()),
        Some(Tree::Leaf(Value::String(text))) => format!("{:?}", short(text)),
        Some(Tree::Leaf(value)) => value.to_string(),
    };
    format!("{path} is {found}; {fix}")
}

/// As much of a word as a sentence bears.
fn short(text: &str) -> String {
    match text.char_indices().nth(SAID) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `a, b or c`.
fn one_of(words: &[&str]) -> String {
    match words {
        [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        words => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{from_str, json};

    /// What the pages run.
    const PART: &str = include_str!("../../../../www/part/framework.js");

    fn own() -> Value {
        json!({
            "v": 1,
            "id": "own",
            "stages": ["find", "buy"],
            "rules": [
                {"on": "page_view", "when": "landing", "enter": "find"},
                {"on": "add_to_cart", "enter": "buy"},
                {"on": "offsite_touchpoint", "when": "link|returned", "enter": "buy"},
            ],
            "targets": {"buy": ["value", "conversion"], "find": []},
        })
    }

    /// The own framework with another value at a place; without any, none at all.
    fn with(place: &str, value: Option<Value>) -> String {
        let mut own = own();
        let (parent, key) = place.rsplit_once('/').unwrap();
        let parent = own.pointer_mut(parent).unwrap();
        match (parent, value) {
            (Value::Object(members), Some(value)) => drop(members.insert(key.to_owned(), value)),
            (Value::Object(members), None) => drop(members.remove(key).unwrap()),
            (parent, value) => parent[key.parse::<usize>().unwrap()] = value.unwrap(),
        }
        own.to_string()
    }

    /// The text between two others of the part.
    fn between(from: &str, to: &str) -> &'static str {
        PART.split_once(from).unwrap_or_else(|| panic!("{from}")).1.split_once(to).unwrap().0
    }

    #[test]
    fn a_shops_own_becomes_the_text_that_the_core_reads() {
        // As written, not as sorted: the page keeps the order of members, too.
        let given = r#"{"rules": [{"enter": "find", "when": "landing", "on": "page_view"}, {"on": "add_to_cart", "enter": "buy"},
            {"on": "offsite_touchpoint", "when": "link|returned", "enter": "buy"}], "title": "Löydä",
            "targets": {"find": [], "buy": ["value", "conversion"]}, "stages": ["find", "buy"], "id": "own", "v": 1.0}"#;
        let expected = concat!(
            r#""framework":"own","targets":{"find":[],"buy":["value","conversion"]} find,buy "#,
            "page_view,1,0 add_to_cart,0,1 offsite_touchpoint,80,1"
        );
        assert_eq!(text(given).unwrap(), expected);
        let twice = given.replacen('{', r#"{"id": "other", "targets": null, "#, 1);
        assert_eq!(text(&twice).unwrap(), expected, "of two the last one counts");
    }

    #[test]
    fn what_may_be_left_out_may() {
        for (place, value, says) in [
            ("/targets", None, r#""framework":"own" find"#),
            ("/targets", Some(json!({})), r#""framework":"own","targets":{} find"#),
            ("/targets", Some(json!([])), r#""framework":"own","targets":[] find"#),
            ("/rules/0/when", None, " page_view,0,0 "),
            ("/rules/0/when", Some(json!(["bought|landing"])), " page_view,3,0 "),
            ("/id", Some(json!("a23456789_-3456789-12345")), "a23456789_-3456789-12345"),
        ] {
            let text = text(&with(place, value)).unwrap();
            assert!(text.contains(says), "{text}");
        }
        let most: Vec<_> = (0..8).map(|at| format!("s{at}")).chain(["find".into(), "buy".into()]).collect();
        text(&with("/stages", Some(json!(most[2..])))).unwrap();
        text(&with("/rules", Some(vec![json!({"on": "search", "enter": "buy"}); 200].into()))).unwrap();
        text(&with("/stages", Some(json!(["buy", "find"])))).unwrap();
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place_and_the_fix() {
        let s = |text: &str| Some(json!(text));
        for (place, value, says) in [
            ("/v", None, r#"v is missing; write "v": 1,"#),
            ("/v", Some(json!(2)), "v is 2; write"),
            ("/v", s("1"), r#"v is "1"; write"#),
            ("/id", None, "id is missing; write a name of 1 to 24"),
            ("/id", Some(json!(7)), "id is 7; write a name"),
            ("/id", s(""), r#"id is ""; write a name"#),
            ("/id", s("Own"), r#"id is "Own"; write a name"#),
            ("/id", s("9to5"), r#"id is "9to5"; write a name"#),
            ("/id", s("my own"), r#"id is "my own"; write a name"#),
            ("/id", s("a23456789-123456789-12345"), "; write a name"),
            ("/id", s("own\n"), r#"id is "own\n"; write a name"#),
            ("/stages", None, "stages is missing; list the names of 1 to 8"),
            ("/stages", s("find"), r#"stages is "find"; list"#),
            ("/stages", Some(json!([])), "stages is a list of 0; list"),
            ("/stages", Some(json!(["a", "b", "c", "d", "e", "f", "g", "h", "i"])), "stages is a list of 9; list"),
            ("/stages/1", s("to buy"), r#"stages[1] is "to buy"; write a name"#),
            ("/stages/1", Some(Value::Null), "stages[1] is null; write a name"),
            ("/stages/1", s("find"), r#"stages[1] is "find"; write another name: stages[0] has this one"#),
            ("/rules", None, "rules is missing; list 1 to 200 rules"),
            ("/rules", Some(json!({})), "rules is an object; list"),
            ("/rules", Some(json!([])), "rules is a list of 0; list"),
            ("/rules", Some(vec![json!({"on": "search", "enter": "buy"}); 201].into()), "rules is a list of 201; list"),
            ("/rules/1", Some(Value::Null), r#"rules[1] is null; write {"on""#),
            ("/rules/1/on", None, "rules[1].on is missing; write the name of a touchpoint"),
            ("/rules/1/on", s("view_itm"), r#"rules[1].on is "view_itm"; write the name"#),
            ("/rules/1/on", s("stage_enter"), r#"rules[1].on is "stage_enter"; write the name"#),
            ("/rules/2/when", s("boght"), r#"rules[2].when is "boght"; use landing, bought, no_cart, promoter,"#),
            ("/rules/2/when", s("bought||link"), r#"rules[2].when is "bought||link"; use landing"#),
            ("/rules/2/when", s("bought | link"), "instructions or returned, with | between several"),
            ("/rules/2/when", s(""), r#"rules[2].when is ""; use"#),
            ("/rules/2/when", Some(Value::Null), "rules[2].when is null; use"),
            ("/rules/2/when", Some(json!(["bought", "link"])), "rules[2].when is a list of 2; use"),
            ("/rules/0/enter", None, "rules[0].enter is missing; write one of the stages: find or buy"),
            ("/rules/0/enter", s("awareness"), r#"rules[0].enter is "awareness"; write one of the stages"#),
            ("/rules/0/enter", Some(json!(0)), "rules[0].enter is 0; write"),
            ("/targets", Some(Value::Null), r#"targets is null; write {"<stage>""#),
            ("/targets", Some(json!(["value"])), "targets is a list of 1; write"),
            (
                "/targets/pay",
                Some(json!(["value"])),
                "targets.pay is for a stage that is not there; use one of the stages: find or",
            ),
            ("/targets/buy", s("value"), r#"targets.buy is "value"; list indicators in it: conversion, engaged,"#),
            (
                "/targets/buy",
                Some(json!(["value", "profit"])),
                r#"targets.buy[1] is "profit"; write conversion, engaged,"#,
            ),
            ("/targets/buy/0", Some(json!({})), "targets.buy[0] is an object; write"),
        ] {
            let why = text(&with(place, value)).expect_err(says);
            assert!(why.contains(says), "{place}: {why}");
        }
    }

    #[test]
    fn what_is_no_object_of_json_is_told() {
        for (given, says) in [
            ("", "it is not JSON (EOF while parsing"),
            ("{\"v\": 1,\n}", "at line 2 column 1); correct it at that place"),
            ("null", r#"it is null; write an object, {"v": 1"#),
            ("[1]", "it is a list of 1; write"),
            ("{}", "v is missing"),
        ] {
            let why = text(given).expect_err(says);
            assert!(why.contains(says), "{given}: {why}");
        }
        let long = text(&with("/id", Some("ö".repeat(9_000).into()))).unwrap_err();
        assert!(long.len() < 250 && long.contains("öö…"), "a sentence, not the whole word: {long}");
    }

    #[test]
    fn a_file_goes_before_the_framework_of_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("six-elements");
        let mut bytes = b"\xEF\xBB\xBF{\"title\": \"\xF6\",".to_vec();
        bytes.extend(&own().to_string().into_bytes()[1..]);
        std::fs::write(&file, bytes).unwrap();
        assert!(load(&file).unwrap().starts_with(r#""framework":"own","#));
        std::fs::write(&file, "{").unwrap();
        let why = load(&file).unwrap_err().to_string();
        assert!(why.contains("six-elements cannot be used: it is not JSON ("), "{why}");
        // A word is built in, a path that ends by it is not.
        std::fs::remove_file(&file).unwrap();
        let why = load(&file).unwrap_err().to_string();
        assert!(why.ends_with("; name a JSON file, five-stages or six-elements"), "{why}");
        assert_eq!(load(Path::new("five-stages")).unwrap(), "");
        assert_eq!(load(Path::new("six-elements")).unwrap(), text(SIX_ELEMENTS).unwrap());
    }

    #[test]
    fn the_words_are_those_of_the_pages() {
        assert_eq!(from_str::<Vec<&str>>(between("const WHEN = ", ";\n")).unwrap(), WHEN);
        assert_eq!(from_str::<Vec<&str>>(between("const TARGETS = ", ";\n")).unwrap(), TARGETS);
        let on: Vec<_> =
            between("const ON = (", ").split").split('"').skip(1).step_by(2).flat_map(str::split_whitespace).collect();
        for name in Name::ALL {
            let taken = text(&with("/rules/0/on", Some(name.as_str().into()))).is_ok();
            assert_eq!(taken, on.contains(&name.as_str()), "{}", name.as_str());
        }
        for limit in [
            format!("stages.length > {STAGES})"),
            format!("rules.length > {RULES})"),
            format!("/^[a-z][a-z0-9_-]{{0,{}}}$/", NAME - 1),
        ] {
            assert!(PART.contains(&limit), "{limit}");
        }
    }

    #[test]
    fn six_elements_are_those_of_the_pages() {
        let mut pages = json!({"rules": []});
        // Line by line; one that is written in another way fails here, and is not passed over.
        for line in between("const SIX_ELEMENTS = {\n", "\n};").lines() {
            let line = line.trim().trim_end_matches(',');
            if let Some(said) = line.strip_prefix("...rules(").and_then(|rest| rest.strip_suffix(')')) {
                let said: Vec<String> = from_str(&format!("[{said}]")).unwrap();
                for on in said[1].split(' ') {
                    let mut rule = json!({"on": on, "enter": said[0]});
                    if let Some(when) = said.get(2) {
                        rule["when"] = when.as_str().into();
                    }
                    pages["rules"].as_array_mut().unwrap().push(rule);
                }
            } else if !matches!(line, "rules: [" | "]") {
                let (key, value) = line.split_once(": ").unwrap();
                pages[key] = from_str(value).unwrap_or_else(|why| panic!("{line}: {why}"));
            }
        }
        assert_eq!(from_str::<Value>(SIX_ELEMENTS).unwrap(), pages);
    }
}
