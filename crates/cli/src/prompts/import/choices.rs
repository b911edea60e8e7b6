//! The choices of a question.

use serde_json::{Value, json};

use super::Level;
use super::draft::Draft;
use super::plain::{free, slug};
use super::words::OWN;

/// Ours has so many at most.
const MOST: usize = 30;

/// A choice of the survey's.
pub(super) struct Given {
    /// Its words, by language or not.
    pub(super) text: Value,
    /// What conditions call it.
    pub(super) was: Value,
    /// Words can be written beside it.
    pub(super) other: bool,
    /// It stands alone.
    pub(super) none: bool,
}

impl Given {
    pub(super) fn new(text: Value, was: Value) -> Self {
        Self { text, was, other: false, none: false }
    }
}

/// Choices of ours, each with an id of its own; what has no words is left out.
pub(super) fn read(given: &[(String, Given)], draft: &mut Draft) -> Vec<Value> {
    let mut choices: Vec<Value> = Vec::new();
    for (path, one) in given {
        if choices.len() == MOST {
            draft.say(path, Level::Dropped, "30 choices at most: this one and the rest are left out");
            break;
        }
        let text = if one.text[OWN].is_object() { Some(one.text.clone()) } else { draft.texts(&one.text, path) };
        let Some(text) = text else {
            draft.say(path, Level::Dropped, "a choice without words");
            continue;
        };
        let said = text[&draft.fallback].as_str().unwrap_or_default();
        let wanted = match (one.other, one.none) {
            (true, _) => "other".to_owned(),
            (_, true) => "none".to_owned(),
            _ => slug(said),
        };
        let wanted =
            if wanted.is_empty() || taken(&choices, &wanted) { format!("c{}", choices.len() + 1) } else { wanted };
        let id = free(&wanted, |id| taken(&choices, id));
        let mut choice = json!({ "id": id, "text": text, "was": one.was });
        for (field, is) in [("other", one.other), ("none", one.none)] {
            if is {
                choice[field] = json!(true);
            }
        }
        choices.push(choice);
    }
    choices
}

fn taken(choices: &[Value], id: &str) -> bool {
    choices.iter().any(|choice| choice["id"] == json!(id))
}

/// The fewest and the most that may be chosen, where there are so many.
pub(super) fn bound(step: &mut Value, field: &str, count: &Value, draft: &mut Draft, path: &str) {
    let Some(count) = count.as_u64().filter(|count| *count > 0) else { return };
    let choices = step["choices"].as_array().map_or(0, Vec::len) as u64;
    let least = step["min"].as_u64().unwrap_or(1);
    if count > choices || (field == "max" && count < least) {
        return draft.say(path, Level::Dropped, "there are not so many choices");
    }
    step[field] = json!(count);
}
