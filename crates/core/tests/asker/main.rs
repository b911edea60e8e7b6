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

/// A shop's own framework has triggers of its own, and those of another one never come.
#[test]
fn stages_are_those_of_the_shops_framework() {
    use polku_core::Millis;
    use polku_core::asker::{Asker, Cue, Scene, Wish};

    let framework =
        r#""framework":"own","targets":{"buy":["value"]} find,buy page_view,1,0 add_to_cart,0,1"#.to_owned();
    let mut asker = Asker::new(Scene { framework, ..Scene::default() });
    let heads =
        r#"[{"id":"ours","when":{"on":"stage","is":"buy"}},{"id":"theirs","when":{"on":"stage","is":"decision"}}]"#;
    let mut now = Millis(1_795_284_000_000);
    let mut wishes = Vec::new();
    let mut tell = |now: Millis, cue: Cue<'_>| {
        asker.handle(now, cue);
        while let Some(wish) = asker.poll() {
            if wish == Wish::Look {
                asker.handle(now, Cue::Found { busy: 0, past: "" });
            }
            wishes.push(wish);
        }
    };
    tell(now, Cue::Prompts(heads));
    tell(now, Cue::Page { path: "/", route: false });
    tell(now, Cue::May { flags: 3, visit: "", past: "" });
    let story = |stage: u64| format!("j\nl\n/\n,1795283900000,0,0,0,{stage},0,0,0,0,0,0\n{{}}\nstage_enter\n{{}}");
    tell(now, Cue::Happened(&story(1)));
    tell(now, Cue::Happened(&story(2)));
    now = now.plus(1_600);
    tell(now, Cue::Tick);
    let opened = wishes.iter().find_map(|wish| match wish {
        Wish::Open { id, trigger, .. } => Some((id.as_str(), trigger.as_str())),
        _ => None,
    });
    assert_eq!(opened, Some(("ours", "buy")));
}
