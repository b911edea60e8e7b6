//! One question of Formbricks as a step.

use serde_json::{Value, json};

use super::super::choices::{self, Given};
use super::super::draft::{Draft, is_set};
use super::super::report::Level;

/// The longest text of ours.
const LONGEST: u64 = 500;

/// The step; `None`, and said why, where no prompt asks it.
pub(super) fn read(part: &Value, draft: &mut Draft, path: &str) -> Option<Value> {
    let mut step = json!({});
    let at = |field: &str| format!("{path}.{field}");
    let kind = part["type"].as_str().unwrap_or_default();
    if let Some(why) = refused(kind) {
        draft.say(path, Level::Rejected, why);
        return None;
    }
    match kind {
        "openText" => words(part, &mut step, draft, path)?,
        "multipleChoiceSingle" | "multipleChoiceMulti" => chosen(part, kind, &mut step, draft, path)?,
        "nps" | "csat" | "ces" | "rating" => scale(part, kind, &mut step, draft, path),
        "cta" => led(part, &mut step, draft, path)?,
        "consent" => {
            step["ask"] = json!("single");
            let label = Given::new(part["label"].clone(), Value::Null);
            step["choices"] = json!(choices::read(&[(at("label"), label)], draft));
            draft.say(path, Level::Lossy, "asked as a question with one choice; it is no consent");
            if step["choices"] == json!([]) {
                draft.say(path, Level::Rejected, "a question without choices");
                return None;
            }
        }
        _ => {
            draft.say(&at("type"), Level::Rejected, "no such question here");
            return None;
        }
    }
    draft.put_texts(&mut step, "text", &part["headline"], &at("headline"));
    let help = if is_set(&part["subheader"]) { "subheader" } else { "html" };
    draft.put_texts(&mut step, "help", &part[help], &at(help));
    if part["required"] == json!(false) && !matches!(step["ask"].as_str(), Some("info" | "handoff")) {
        step["optional"] = json!(true);
    }
    if step["text"].is_null() && step["ask"] != json!("handoff") {
        draft.say(path, Level::Rejected, "a question without a text");
        return None;
    }
    draft.all(part, path, &["imageUrl", "videoUrl"], Level::Dropped, "there are no pictures in a prompt");
    for (field, why) in [
        ("placeholder", "fields for words are empty"),
        ("otherOptionPlaceholder", "fields for words are empty"),
        ("isColorCodingEnabled", "points have no colours"),
        ("dismissButtonLabel", "buttons have words of their own, in each language"),
        ("backButtonLabel", "buttons have words of their own, in each language"),
    ] {
        if is_set(&part[field]) {
            draft.once(&at(field), Level::Dropped, why);
        }
    }
    if is_set(&part["buttonLabel"]) && step["ask"] != json!("handoff") {
        draft.once(&at("buttonLabel"), Level::Dropped, "buttons have words of their own, in each language");
    }
    Some(step)
}

/// Why no prompt asks it.
fn refused(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "fileUpload" => "no files: nobody knows what is in them",
        "address" | "contactInfo" => {
            "personal data; a prompt asks for it in a contact step alone, which the page hears and nobody else"
        }
        "date" => "no dates",
        "matrix" => "no tables: ask one question after the other",
        "ranking" => "no ranking: it cannot be done by touch and by keys alike in a small card",
        "pictureSelection" => "no pictures",
        "cal" => "no calendars: a handoff leads to one",
        _ => return None,
    })
}

fn words(part: &Value, step: &mut Value, draft: &mut Draft, path: &str) -> Option<()> {
    step["ask"] = json!("text");
    let at = |field: &str| format!("{path}.{field}");
    match part["inputType"].as_str().unwrap_or("text") {
        "text" => {}
        "email" | "phone" => {
            draft.say(&at("inputType"), Level::Rejected, "personal data; a prompt asks for it in a contact step alone");
            return None;
        }
        _ => draft.say(&at("inputType"), Level::Lossy, "asked as plain text"),
    }
    let limit = &part["charLimit"];
    if limit["enabled"] != json!(false) {
        most(step, &limit["max"], draft, &at("charLimit.max"));
        draft.all(limit, &at("charLimit"), &["min"], Level::Dropped, "no answer is too short");
    }
    if part["longAnswer"] == json!(false) {
        step["rows"] = json!(1);
    }
    for (nth, rule) in rules(part) {
        let here = format!("{}[{nth}]", at("validation.rules"));
        match rule["type"].as_str() {
            Some("maxLength") => most(step, &rule["params"]["max"], draft, &here),
            _ => draft.say(&here, Level::Dropped, "what is written is not judged"),
        }
    }
    Some(())
}

/// `max` of a text.
fn most(step: &mut Value, max: &Value, draft: &mut Draft, path: &str) {
    let Some(max) = max.as_u64().filter(|max| *max > 0) else { return };
    if max > LONGEST {
        draft.say(path, Level::Lossy, "500 characters at most");
    }
    step["max"] = json!(max.min(LONGEST));
}

fn rules(part: &Value) -> impl Iterator<Item = (usize, &Value)> {
    part["validation"]["rules"].as_array().into_iter().flatten().enumerate()
}

fn chosen(part: &Value, kind: &str, step: &mut Value, draft: &mut Draft, path: &str) -> Option<()> {
    let many = kind == "multipleChoiceMulti";
    step["ask"] = json!(if many { "multi" } else { "single" });
    let given: Vec<(String, Given)> = part["choices"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(nth, choice)| {
            // Conditions name choices by the ids of the survey; two of them say what a choice does.
            let mut given = Given::new(choice["label"].clone(), choice["id"].clone());
            given.other = choice["id"] == json!("other");
            given.none = choice["id"] == json!("none");
            (format!("{path}.choices[{nth}]"), given)
        })
        .collect();
    let choices = choices::read(&given, draft);
    if choices.is_empty() {
        draft.say(path, Level::Rejected, "a question without choices");
        return None;
    }
    step["choices"] = json!(choices);
    if let Some(shuffle) = part["shuffleOption"].as_str().filter(|shuffle| matches!(*shuffle, "all" | "exceptLast")) {
        step["shuffle"] = json!(shuffle);
    }
    let bounds = [("minSelections", "min"), ("maxSelections", "max")];
    if many {
        for (name, field) in bounds {
            choices::bound(step, field, &part["validation"][name], draft, &format!("{path}.validation.{name}"));
        }
    }
    for (nth, rule) in rules(part) {
        let here = format!("{path}.validation.rules[{nth}]");
        match bounds.into_iter().find(|(name, _)| many && rule["type"] == json!(name)) {
            Some((_, field)) => choices::bound(step, field, &rule["params"][field], draft, &here),
            None => draft.say(&here, Level::Dropped, "what is chosen is not judged"),
        }
    }
    Some(())
}

fn scale(part: &Value, kind: &str, step: &mut Value, draft: &mut Draft, path: &str) {
    step["ask"] = json!(kind);
    let range = part["range"].as_u64();
    let here = format!("{path}.range");
    match (kind, range) {
        ("nps", _) | ("csat", None | Some(5)) => {}
        ("csat", _) => draft.say(&here, Level::Lossy, "asked from 1 to 5"),
        ("ces", Some(5)) => step["scale"] = json!(5),
        ("ces", None | Some(7)) => step["scale"] = json!(7),
        ("ces", _) => {
            draft.say(&here, Level::Lossy, "asked from 1 to 7");
            step["scale"] = json!(7);
        }
        (_, None) => step["scale"] = json!(5),
        (_, Some(range)) => {
            if !(2..=10).contains(&range) {
                draft.say(&here, Level::Lossy, "asked from 1 to 10 at most");
            }
            step["scale"] = json!(range.clamp(2, 10));
        }
    }
    match part["scale"].as_str() {
        Some("smiley") => step["look"] = json!("faces"),
        Some("star") => step["look"] = json!("stars"),
        _ => {}
    }
    draft.put_texts(step, "low", &part["lowerLabel"], &format!("{path}.lowerLabel"));
    draft.put_texts(step, "high", &part["upperLabel"], &format!("{path}.upperLabel"));
}

fn led(part: &Value, step: &mut Value, draft: &mut Draft, path: &str) -> Option<()> {
    if part["buttonExternal"] != json!(true) {
        step["ask"] = json!("info");
        return Some(());
    }
    let Some(href) = Draft::href(&part["buttonUrl"]) else {
        draft.say(
            &format!("{path}.buttonUrl"),
            Level::Rejected,
            "only https:, mailto:, tel: and paths of the shop are opened",
        );
        return None;
    };
    step["ask"] = json!("handoff");
    let mut action = json!({ "id": "link", "href": href });
    let label = if is_set(&part["ctaButtonLabel"]) { "ctaButtonLabel" } else { "buttonLabel" };
    draft.put_texts(&mut action, "text", &part[label], &format!("{path}.{label}"));
    step["actions"] = json!([action]);
    Some(())
}
