//! The default questions can be asked: the judge of definitions has nothing to say of them, in any language, with ways to help and without.

#![cfg(feature = "prompt")]
#![allow(clippy::expect_used)]

use std::path::{Path, PathBuf};

use polku_core::prompt::{Definition, Tree, problems};
use serde_json::{Value, json};

// As the build puts them together.
#[path = "../../xtask/src/questions/speak.rs"]
mod speak;

const LANGUAGES: [&str; 9] = ["fi", "sv", "nb", "da", "et", "en", "de", "fr", "es"];

fn read(name: &str) -> Value {
    let www: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www");
    serde_json::from_str(&std::fs::read_to_string(www.join(name)).expect(name)).expect(name)
}

fn set(lang: &str) -> Vec<Value> {
    let words = read(&format!("texts/questions/{lang}.json"));
    let set = speak::speak(&read("questions.json"), &words, lang).expect(lang);
    set.as_array().expect("a list").clone()
}

/// Everything that is wrong with a definition, warnings too.
fn wrong(definition: &Value) -> Vec<String> {
    let tree: Tree = Tree::read(&definition.to_string()).expect("a tree");
    problems(&tree).iter().map(|problem| problem.to_string()).collect()
}

/// What `www/part/questions.js` makes of the help, for a shop that has no way to help and for one that has both.
fn helped(definition: &Value) -> [Value; 2] {
    let [mut without, mut with] = [definition.clone(), definition.clone()];
    if definition["id"] == "help" {
        without["steps"][0].as_object_mut().expect("a step").remove("actions");
        let step = &mut with["steps"][0];
        (step["ask"], step["optional"]) = (json!("handoff"), json!(true));
        step["actions"][0]["adapter"] = json!("chatwoot");
        step["actions"][1]["href"] = json!("mailto:help@shop.example");
    }
    [without, with]
}

#[test]
fn nothing_is_wrong_with_them() {
    for lang in LANGUAGES {
        for definition in set(lang).iter().flat_map(helped) {
            assert_eq!(wrong(&definition), Vec::<String>::new(), "{lang} {}", definition["id"]);
            let tree: Tree = Tree::read(&definition.to_string()).expect("a tree");
            assert!(Definition::new(tree).is_some());
        }
    }
}

#[test]
fn the_judge_would_say_what_is_wrong() {
    let mut broken = set("fi").remove(0);
    broken["steps"][0]["choices"][0]["go"] = json!("nowhere");
    assert_ne!(wrong(&broken), Vec::<String>::new());
}

#[test]
fn ids_are_their_own() {
    let mut ids: Vec<String> = set("en").iter().map(|one| one["id"].to_string()).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn the_demo_shops_own_are_right_too_and_begin_with_the_score_after_the_order() {
    let demo = read("shop/prompts.json");
    assert_eq!(wrong(&demo), Vec::<String>::new());
    assert_eq!(demo[0]["id"], "order-nps");
    // What opens in browsers that are driven, too. Not the help: it would take the place of the question after the order, of which the walks of the
    // demo are made, and in which a payment is declined on the way.
    for one in demo.as_array().expect("a list") {
        assert_eq!(one["quiet"]["automation"] == false, one["id"] != "help", "{}", one["id"]);
    }
}
