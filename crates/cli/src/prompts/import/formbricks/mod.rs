//! Surveys of Formbricks: questions, or blocks of elements, each with its headline by language and its logic.

mod logic;
mod opening;
mod question;

use serde_json::{Value, json};

use super::Level;
use super::draft::{Draft, is_set};
use super::report::below;

/// A question where it stands.
pub(super) struct Part<'a> {
    path: String,
    json: &'a Value,
    /// The step that was made of it.
    step: Option<usize>,
}

/// What ways lead to and from.
pub(super) struct Parts<'a> {
    all: Vec<Part<'a>>,
    /// Of each block its name and its first part.
    doors: Vec<(&'a Value, usize)>,
    endings: Vec<&'a str>,
}

/// Reads a survey; gives back how many questions it has.
pub(super) fn read(survey: &Value, actions: &Value, draft: &mut Draft) -> usize {
    draft.name(survey["name"].as_str().unwrap_or_default());
    languages(survey, draft);
    let list = |field: &str| survey[field].as_array().into_iter().flatten();
    let mut parts = Parts { all: Vec::new(), doors: Vec::new(), endings: Vec::new() };
    parts.endings.extend(list("endings").filter_map(|ending| ending["id"].as_str()).chain(["end"]));
    // Where ways lead on from: a path, what has the ways, and the parts that they are of.
    let mut exits: Vec<(String, &Value, std::ops::Range<usize>)> = Vec::new();
    for (nth, block) in list("blocks").enumerate() {
        let (path, first) = (format!("blocks[{nth}]"), parts.all.len());
        if !block["elements"].is_array() {
            draft.say(&path, Level::Rejected, "no block of questions");
            continue;
        }
        parts.doors.push((&block["id"], first));
        for (at, json) in block["elements"].as_array().into_iter().flatten().enumerate() {
            parts.all.push(Part { path: format!("{path}.elements[{at}]"), json, step: None });
        }
        exits.push((path, block, first..parts.all.len()));
    }
    for (nth, json) in list("questions").enumerate() {
        let (path, at) = (format!("questions[{nth}]"), parts.all.len());
        parts.all.push(Part { path: path.clone(), json, step: None });
        exits.push((path, json, at..at + 1));
    }
    if parts.all.len() > super::MOST_QUESTIONS {
        return parts.all.len();
    }
    welcome(&survey["welcomeCard"], draft);
    for part in &mut parts.all {
        if !part.json.is_object() {
            draft.say(&part.path, Level::Rejected, "no question");
        } else if let Some(step) = question::read(part.json, draft, &part.path) {
            part.step = Some(draft.steps.len());
            draft.step(part.json["id"].as_str().unwrap_or_default(), &part.path, step);
        }
    }
    for (path, of, range) in exits {
        for field in ["buttonLabel", "backButtonLabel"] {
            if of["elements"].is_array() && is_set(&of[field]) {
                draft.once(&below(&path, field), Level::Dropped, "buttons have words of their own, in each language");
            }
        }
        // Of a block the last question that is there leads on.
        match parts.all[range].iter().rev().find_map(|part| part.step) {
            Some(step) => logic::read(of, step, &parts, draft, &path),
            None if is_set(&of["logic"]) => {
                draft.say(&below(&path, "logic"), Level::Dropped, "there is no question that it could follow")
            }
            None => {}
        }
    }
    ending(survey, draft);
    opening::read(survey, actions, draft);
    left(survey, draft);
    parts.all.len()
}

fn languages(survey: &Value, draft: &mut Draft) {
    let languages = survey["languages"].as_array().into_iter().flatten();
    let default = languages.into_iter().find(|one| one["default"] == json!(true));
    let known = default.and_then(|one| one["language"]["code"].as_str()).is_some_and(|code| draft.speak(code));
    if !known {
        draft.say("languages", Level::Ok, "it does not say in which language it is: taken for English, else write another one into defaultLocale and the texts");
    }
}

fn welcome(card: &Value, draft: &mut Draft) {
    if card["enabled"] != json!(true) {
        return;
    }
    let mut step = json!({ "ask": "info" });
    draft.put_texts(&mut step, "text", &card["headline"], "welcomeCard.headline");
    draft.put_texts(&mut step, "help", &card["html"], "welcomeCard.html");
    if step["help"].is_null() {
        draft.put_texts(&mut step, "help", &card["subheader"], "welcomeCard.subheader");
    }
    draft.all(card, "welcomeCard", &["fileUrl", "videoUrl"], Level::Dropped, "there are no pictures in a prompt");
    if step["text"].is_null() {
        draft.say("welcomeCard", Level::Dropped, "a message without words");
    } else {
        // No question has such a name: no condition is about it.
        draft.step("(welcome)", "welcomeCard", step);
    }
}

fn ending(survey: &Value, draft: &mut Draft) {
    let endings = survey["endings"].as_array().cloned().unwrap_or_default();
    let card = &survey["thankYouCard"];
    let mut end = json!({});
    let mut thank = |of: &Value, path: &str, draft: &mut Draft| {
        draft.put_texts(&mut end, "thanks", &of["headline"], &below(path, "headline"));
        draft.put_texts(&mut end, "after", &of["subheader"], &below(path, "subheader"));
        draft.all(of, path, &["buttonLink"], Level::Dropped, "nothing leads on from the thanks");
        draft.all(of, path, &["imageUrl", "videoUrl"], Level::Dropped, "there are no pictures in a prompt");
    };
    match endings.iter().position(|ending| ending["type"] == json!("endScreen")) {
        Some(nth) => thank(&endings[nth], &format!("endings[{nth}]"), draft),
        None if card["enabled"] == json!(true) => thank(card, "thankYouCard", draft),
        None => {}
    }
    if end != json!({}) {
        draft.head.insert("end".to_owned(), end);
    }
    for (nth, ending) in endings.iter().enumerate() {
        if ending["type"] == json!("redirectToUrl") {
            draft.say(&format!("endings[{nth}]"), Level::Rejected, "a prompt leads nobody away");
        } else if ending["type"] != json!("endScreen") {
            draft.say(&format!("endings[{nth}]"), Level::Rejected, "no ending");
        }
    }
    if endings.len() > 1 {
        draft.say("endings", Level::Lossy, "one end for all; a bad score can have words of its own in end.low");
    }
}

/// What a prompt has no place for.
fn left(survey: &Value, draft: &mut Draft) {
    let refused = [
        ("segment", "there are no known persons to make segments of"),
        ("pin", "a prompt is not locked"),
        ("isVerifyEmailEnabled", "nobody has to say who they are"),
        ("isSingleResponsePerEmailEnabled", "nobody has to say who they are"),
        ("attributeFilters", "there are no known persons to have attributes"),
    ];
    for (field, why) in refused {
        draft.all(survey, "", &[field], Level::Rejected, why);
    }
    for (field, why) in [
        (
            "hiddenFields",
            "nothing is known of a shopper that they did not say; names that lead to a person have no place in an answer",
        ),
        ("recaptcha", "nobody is put to a test"),
        ("singleUse", "there are no links for one person"),
    ] {
        let of = &survey[field];
        let used = of["enabled"] == json!(true) && (field != "hiddenFields" || is_set(&of["fieldIds"]));
        if used {
            draft.say(field, Level::Rejected, why);
        }
    }
    let dropped = [
        ("autoClose", "a question stays until it is closed; ui.autoCloseMs is for the thanks"),
        ("autoComplete", "a prompt has no number of answers at which it ends"),
        ("runOnDate", "a prompt begins with its publishing"),
        ("closeOnDate", "a prompt ends when it is taken out"),
        ("publishOn", "a prompt begins with its publishing"),
        ("closeOn", "a prompt ends when it is taken out"),
        ("followUps", "no mail follows an answer"),
        ("redirectUrl", "a prompt leads nobody away"),
        ("surveyClosedMessage", "a prompt that is over is not there"),
        ("customHeadScripts", "nothing in a prompt is code"),
    ];
    for (field, why) in dropped {
        draft.all(survey, "", &[field], Level::Dropped, why);
    }
    if survey["type"] == json!("link") {
        draft.say("type", Level::Dropped, "there is no page of its own: a launcher or polku.prompt.open(id) opens it");
    }
    // What is computed with must be named somewhere among the questions.
    let questions = [&survey["questions"], &survey["blocks"]].map(Value::to_string).concat();
    for (nth, variable) in survey["variables"].as_array().into_iter().flatten().enumerate() {
        let id = variable["id"].as_str().unwrap_or_default();
        if !id.is_empty() && questions.contains(&json!(id).to_string()) || questions.contains(&format!("#recall:{id}/"))
        {
            draft.say(&format!("variables[{nth}]"), Level::Dropped, "nothing is computed");
        }
    }
}
