//! When a prompt opens: the judged walks (see `README.md` beside this file), and what holds on every walk.

#![allow(clippy::unwrap_used)]

mod properties;
mod world;

use std::fmt::Write as _;

use serde_json::Value;
use world::World;

/// Every walk of one file comes to what its line says.
fn judge(file: &str, lines: &str) {
    let mut wrong = String::new();
    let mut walks = 0;
    for (nth, line) in lines.lines().enumerate() {
        let case: Value = serde_json::from_str(line).unwrap();
        let mut world = World::new(&case);
        for step in case["walk"].as_array().unwrap() {
            world.step(step.as_str().unwrap());
        }
        walks += 1;
        let texts = |list: &Value| -> Vec<String> {
            list.as_array().into_iter().flatten().map(|one| one.as_str().unwrap().to_owned()).collect()
        };
        let said = || -> Vec<_> { world.suppressed.iter().map(|(id, reason, _)| format!("{id} {reason}")).collect() };
        let right = match case.get("opensOne") {
            Some(any) => world.opened.len() == 1 && texts(any).contains(&world.opened[0]),
            None => world.opened == texts(&case["opens"]) && said() == texts(&case["not"]),
        };
        if !right {
            let _ = writeln!(wrong, "{file}:{} {}: opened {:?}, not {:?}", nth + 1, case["what"], world.opened, said());
        }
    }
    assert!(walks > 20, "{file} has been read");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn triggers() {
    judge("triggers", include_str!("triggers.jsonl"));
}

#[test]
fn who_it_is_for() {
    judge("who", include_str!("who.jsonl"));
}

#[test]
fn limits() {
    judge("limits", include_str!("limits.jsonl"));
}

#[test]
fn quiet_zones() {
    judge("quiet", include_str!("quiet.jsonl"));
}
