//! Each question leads past those that are not seen.

use serde_json::{Value, json};

use super::super::draft::Draft;
use super::super::report::Level;
use super::Scales;
use super::expression;

/// `conditions` has for each step what must hold for it to be seen.
pub(super) fn read(conditions: &[&[(String, &str)]], scales: &Scales, draft: &mut Draft) {
    let mut seen: Vec<Option<Value>> = Vec::new();
    for (nth, all) in conditions.iter().enumerate() {
        let mut held = Vec::new();
        for (path, expression) in *all {
            match expression::read(expression, scales, draft) {
                Some(_) if nth == 0 => draft.say(path, Level::Lossy, "the first question is always asked"),
                Some(condition) => held.push(condition),
                None => draft.say(path, Level::Lossy, "an expression that cannot be said here; it is asked without it"),
            }
        }
        seen.push(match held.len() {
            0 => None,
            1 => held.pop(),
            _ => Some(json!({ "all": held })),
        });
    }
    for from in 0..seen.len() {
        let mut next = Vec::new();
        let mut to = from + 1;
        while let Some(Some(condition)) = seen.get(to) {
            next.push(json!({ "if": condition, "go": draft.steps[to]["id"] }));
            to += 1;
        }
        if !next.is_empty() {
            next.push(json!({ "go": draft.steps.get(to).map_or(json!("end"), |step| step["id"].clone()) }));
            draft.steps[from]["next"] = json!(next);
        }
    }
    // What conditions called the answers of yes and no.
    for step in &mut draft.steps {
        step.as_object_mut().map(|step| step.remove("called"));
    }
}
