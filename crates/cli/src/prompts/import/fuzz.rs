//! What the fuzz target does: any bytes are a survey of any tool, or none; what is made of them passes the check, has nothing hostile in it, and is the
//! same the second time.

use polku_core::prompt::{Level, Tree, problems};
use serde_json::Value;

use super::plain::hostile;
use super::{From, import};

/// Imports any bytes: the first says by which tool, the rest is the file.
pub fn fuzz(data: &[u8]) {
    let Some((first, bytes)) = data.split_first() else { return };
    let tools = [None, Some(From::Formbricks), Some(From::Posthog), Some(From::Surveyjs)];
    held(bytes, tools[usize::from(*first) % tools.len()]);
    if *first == b'{' || *first == b'[' {
        held(data, None);
    }
}

fn held(bytes: &[u8], from: Option<From>) {
    let imported = match import(bytes, from) {
        Ok(imported) => imported,
        Err(why) => return assert!(!why.contains('\n') && !why.is_empty(), "{why:?} is not one line"),
    };
    assert_eq!(
        Some(imported.to_string()),
        import(bytes, from).ok().map(|again| again.to_string()),
        "not the same twice"
    );
    sound(&imported);
    let several = imported["definitions"].as_array();
    let all: Vec<&Value> = several.map_or_else(|| vec![&imported], |all| all.iter().collect());
    assert!(several.is_none_or(|all| all.len() > 1), "a list of one");
    let list = Value::Array(all.iter().map(|one| one["definition"].clone()).collect());
    for one in &all {
        assert!(one["report"].as_array().is_some_and(|report| !report.is_empty()), "nothing is said of it");
        let tree = Tree::read(&one["definition"].to_string()).expect("a definition is JSON");
        refused(&tree);
    }
    // Together too, as long as a file may be.
    if let Some(tree) = Tree::read(&list.to_string()) {
        refused(&tree);
    }
}

fn refused(tree: &Tree) {
    let wrong: Vec<String> =
        problems(tree).iter().filter(|problem| problem.code.level() == Level::Error).map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nothing in it could run, names of fields included.
fn sound(value: &Value) {
    match value {
        Value::String(text) => assert!(!hostile(text), "{text:?}"),
        Value::Array(list) => list.iter().for_each(sound),
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| {
            assert!(!hostile(name), "{name:?}");
            sound(inner);
        }),
        _ => {}
    }
}
