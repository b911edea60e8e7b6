//! Surveys of PostHog: questions one after the other, branches by index or by bucket.

mod appearance;
mod branching;
mod opening;
mod question;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::draft::{Draft, language};
use super::report::Level;

/// Reads a survey; gives back how many questions it has.
pub(super) fn read(survey: &Value, draft: &mut Draft) -> usize {
    draft.name(survey["name"].as_str().unwrap_or_default());
    draft.say("questions", Level::Ok, "it does not say in which language it is: taken for English, else write another one into defaultLocale and the texts");
    let questions = survey["questions"].as_array().map_or(&[][..], Vec::as_slice);
    if questions.len() > super::MOST_QUESTIONS {
        return questions.len();
    }
    appearance::introduction(survey, draft);
    // Where each question has gone: some have no step.
    let mut places = Vec::new();
    for (nth, question) in questions.iter().enumerate() {
        let path = format!("questions[{nth}]");
        let step = if question.is_object() {
            question::read(question, draft, &path)
        } else {
            draft.say(&path, Level::Rejected, "no question");
            None
        };
        places.push(step.map(|step| {
            let name = question["id"].as_str().map_or_else(|| format!("q{}", nth + 1), str::to_owned);
            draft.step(&name, &path, step);
            draft.steps.len() - 1
        }));
    }
    for (nth, question) in questions.iter().enumerate() {
        if let Some(place) = places[nth] {
            branching::read(question, place, nth, &places, draft, &format!("questions[{nth}].branching"));
        }
    }
    opening::read(survey, draft);
    appearance::read(survey, draft);
    questions.len()
}

/// A text of a part with its translations beside it.
fn translated(of: &Value, field: &str, translations: &Value, draft: &Draft) -> Value {
    let mut texts: BTreeMap<String, &str> = BTreeMap::new();
    for (lang, fields) in translations.as_object().into_iter().flatten() {
        if let (Some(lang), Some(text)) = (language(lang), fields[field].as_str()) {
            texts.insert(lang, text);
        }
    }
    // What is not translated is shown as it is there: the part's own words are those of the survey's language.
    if let Some(text) = of[field].as_str() {
        texts.insert(draft.fallback.clone(), text);
    }
    json!(texts)
}

/// Says it where translations are in no language.
fn strange(translations: &Value, draft: &mut Draft, path: &str) {
    if translations.as_object().is_some_and(|all| all.keys().any(|lang| language(lang).is_none())) {
        draft.say(path, Level::Dropped, "words in a language whose name is not understood");
    }
}
