//! The path that a shopper chose to send along: what is known of it, and nothing that somebody put beside it.

use serde_json::{Map, Value};

use super::text::one_line;

/// Steps of a path that are kept, the last ones.
const STEPS: usize = 100;
/// Touchpoints that are kept, the last ones.
const TOUCHPOINTS: usize = 300;
/// Kinds of friction that are kept; there are two dozen.
const FRICTIONS: usize = 60;
/// Names of stages, rules and touchpoints, in characters.
const NAME: usize = 80;

/// The journey's known members, or `None` where it is no journey.
pub(super) fn known(journey: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut kept = Map::new();
    if let Some(stage) = journey.get("stage").filter(|stage| !stage.is_null()) {
        kept.insert("stage".into(), name(stage)?.into());
    }
    if let Some(path) = list(journey, "path")? {
        let steps: Option<Vec<Value>> = last(path, STEPS).iter().map(step).collect();
        kept.insert("path".into(), steps?.into());
    }
    if let Some(touchpoints) = list(journey, "touchpoints")? {
        let names: Option<Vec<String>> = last(touchpoints, TOUCHPOINTS).iter().map(name).collect();
        kept.insert("touchpoints".into(), names?.into());
    }
    match journey.get("friction") {
        None | Some(Value::Null) => {}
        Some(Value::Object(friction)) => {
            let mut counts = Map::new();
            for (kind, count) in friction.iter().take(FRICTIONS) {
                counts.insert(one_line(kind, NAME), count.as_u64()?.into());
            }
            kept.insert("friction".into(), counts.into());
        }
        Some(_) => return None,
    }
    Some(kept)
}

fn step(step: &Value) -> Option<Value> {
    let step = step.as_object()?;
    let mut kept = Map::new();
    kept.insert("stage".into(), name(step.get("stage")?)?.into());
    for member in ["at", "dwell"] {
        match step.get(member) {
            None | Some(Value::Null) => {}
            Some(time) => {
                kept.insert(member.into(), time.as_u64()?.into());
            }
        }
    }
    match step.get("rule") {
        None | Some(Value::Null) => {}
        Some(rule) => {
            kept.insert("rule".into(), name(rule)?.into());
        }
    }
    Some(kept.into())
}

/// The outer `None` is a mistake, the inner one is nothing.
#[expect(clippy::option_option, reason = "two questions: is it right, is it there")]
fn list<'a>(journey: &'a Map<String, Value>, member: &str) -> Option<Option<&'a [Value]>> {
    match journey.get(member) {
        None | Some(Value::Null) => Some(None),
        Some(Value::Array(list)) => Some(Some(list)),
        Some(_) => None,
    }
}

fn last(list: &[Value], most: usize) -> &[Value] {
    &list[list.len().saturating_sub(most)..]
}

fn name(value: &Value) -> Option<String> {
    value.as_str().map(|name| one_line(name, NAME))
}
