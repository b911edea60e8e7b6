//! The surveys in a file: as it is, in a list, or in the wrapping in which the tools' APIs answer.

use serde_json::Value;

use super::report::below;

/// One survey, or what stands in the place of one.
pub(super) struct Survey<'a> {
    pub(super) path: String,
    pub(super) json: &'a Value,
    /// Formbricks names a trigger's action and has it beside the surveys.
    pub(super) actions: &'a Value,
}

pub(super) fn surveys(json: &Value) -> Vec<Survey<'_>> {
    let mut found = Vec::new();
    find(json, &Value::Null, String::new(), &mut found);
    found
}

fn find<'a>(json: &'a Value, actions: &'a Value, path: String, found: &mut Vec<Survey<'a>>) {
    // An empty list in the place of a survey is none of them, and is told of.
    if let Value::Array(list) = json
        && (path.is_empty() || !list.is_empty())
    {
        for (nth, inner) in list.iter().enumerate() {
            find(inner, actions, format!("{path}[{nth}]"), found);
        }
        return;
    }
    let own = ["questions", "blocks", "pages", "elements"].iter().any(|field| !json[*field].is_null());
    let wrapped = ["data", "surveys", "results", "survey"]
        .into_iter()
        .find(|field| !own && (json[*field].is_object() || json[*field].is_array()));
    let actions = if json["actionClasses"].is_array() { &json["actionClasses"] } else { actions };
    match wrapped {
        Some(field) => find(&json[field], actions, below(&path, field), found),
        None => found.push(Survey { path, json, actions }),
    }
}

/// How deep brackets are nested in JSON, or in what begins like it.
pub(super) fn levels(bytes: &[u8]) -> usize {
    let (mut now, mut most, mut text) = (0_usize, 0, false);
    let mut bytes = bytes.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if text => drop(bytes.next()),
            b'"' => text = !text,
            b'[' | b'{' if !text => {
                now += 1;
                most = most.max(now);
            }
            b']' | b'}' if !text => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}
