//! One question of PostHog as a step.

use serde_json::{Value, json};

use super::super::choices::{self, Given};
use super::super::draft::{Draft, is_set, language};
use super::super::report::{Level, below};
use super::{strange, translated};

/// The step; `None`, and said why, where no prompt asks it.
pub(super) fn read(question: &Value, draft: &mut Draft, path: &str) -> Option<Value> {
    let mut step = json!({});
    let at = |field: &str| below(path, field);
    let translations = &question["translations"];
    match question["type"].as_str().unwrap_or_default() {
        "open" => step["ask"] = json!("text"),
        kind @ ("single_choice" | "multiple_choice") => chosen(question, kind, &mut step, draft, path)?,
        "rating" => scale(question, &mut step, draft, path)?,
        "link" => {
            let Some(href) = Draft::href(&question["link"]) else {
                draft.say(&at("link"), Level::Rejected, "only https:, mailto:, tel: and paths of the shop are opened");
                return None;
            };
            step["ask"] = json!("handoff");
            let mut action = json!({ "id": "link", "href": href });
            let text = translated(question, "buttonText", translations, draft);
            draft.put_texts(&mut action, "text", &text, &at("buttonText"));
            step["actions"] = json!([action]);
            for (lang, fields) in translations.as_object().into_iter().flatten() {
                if let Some(lang) = language(lang).filter(|_| is_set(&fields["link"])) {
                    draft.say(
                        &at(&format!("translations.{lang}.link")),
                        Level::Dropped,
                        "one address for every language",
                    );
                }
            }
        }
        _ => {
            draft.say(&at("type"), Level::Rejected, "no such question here");
            return None;
        }
    }
    let text = translated(question, "question", translations, draft);
    draft.put_texts(&mut step, "text", &text, &at("question"));
    let help = translated(question, "description", translations, draft);
    draft.put_texts(&mut step, "help", &help, &at("description"));
    strange(translations, draft, &at("translations"));
    if question["optional"] == json!(true) && step["ask"] != json!("handoff") {
        step["optional"] = json!(true);
    }
    if step["text"].is_null() && step["ask"] != json!("handoff") {
        draft.say(path, Level::Rejected, "a question without a text");
        return None;
    }
    if is_set(&question["buttonText"]) && step["ask"] != json!("handoff") {
        draft.once(&at("buttonText"), Level::Dropped, "buttons have words of their own, in each language");
    }
    draft.all(question, path, &["validation"], Level::Dropped, "what is written is not judged");
    Some(step)
}

fn chosen(question: &Value, kind: &str, step: &mut Value, draft: &mut Draft, path: &str) -> Option<()> {
    step["ask"] = json!(if kind == "single_choice" { "single" } else { "multi" });
    let labels = question["choices"].as_array().map_or(&[][..], Vec::as_slice);
    let mut given = Vec::new();
    for (nth, label) in labels.iter().enumerate() {
        let mut texts = json!({});
        for (lang, fields) in question["translations"].as_object().into_iter().flatten() {
            if let (Some(lang), Some(text)) = (language(lang), fields["choices"][nth].as_str()) {
                texts[lang] = json!(text);
            }
        }
        if label.is_string() {
            texts[draft.fallback.clone()] = label.clone();
        }
        let mut one = Given::new(texts, json!(nth));
        // The last one is what is written.
        one.other = question["hasOpenChoice"] == json!(true) && nth + 1 == labels.len();
        given.push((format!("{path}.choices[{nth}]"), one));
    }
    let choices = choices::read(&given, draft);
    if choices.is_empty() {
        draft.say(path, Level::Rejected, "a question without choices");
        return None;
    }
    step["choices"] = json!(choices);
    if question["shuffleOptions"] == json!(true) {
        step["shuffle"] = json!("all");
    }
    Some(())
}

fn scale(question: &Value, step: &mut Value, draft: &mut Draft, path: &str) -> Option<()> {
    // Ten is counted from nought there, the others from one; of two, one is the good one.
    match question["scale"].as_i64().unwrap_or(5) {
        10 => step["ask"] = json!("nps"),
        2 => step["ask"] = json!("thumbs"),
        scale @ (3 | 5 | 7) => {
            step["ask"] = json!("rating");
            step["scale"] = json!(scale);
        }
        _ => {
            draft.say(&below(path, "scale"), Level::Rejected, "no such scale");
            return None;
        }
    }
    if question["display"] == json!("emoji") && step["ask"] == json!("rating") {
        step["look"] = json!("faces");
    }
    let ends = ["lowerBoundLabel", "upperBoundLabel"];
    if step["ask"] == json!("thumbs") {
        draft.all(question, path, &ends, Level::Dropped, "thumbs have words of their own");
        return Some(());
    }
    for (field, name) in ["low", "high"].into_iter().zip(ends) {
        let texts = translated(question, name, &question["translations"], draft);
        draft.put_texts(step, field, &texts, &below(path, name));
    }
    Some(())
}
