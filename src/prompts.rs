//! Prompts, as far as the main module reads them: when one opens, and what it reports. All else in a definition stays in JS.

use polku_core::{Code, Input, On, PromptEvent, Rule};
use wasm_bindgen::JsValue;

use crate::{driver, get};

/// The rules of `list`, an array of definitions. A definition that cannot be followed to the letter is left out and named: a
/// prompt that opens for the wrong people is worse than none.
pub(crate) fn rules(list: &JsValue) -> Vec<Rule> {
    each(list).filter_map(|definition| rule(&definition)).collect()
}

/// The elements of an array.
fn each(list: &JsValue) -> impl Iterator<Item = JsValue> {
    let length = get::number(list, "length").unwrap_or_default();
    (0..length).map(|at| get::element(list, at))
}

/// Clauses of `when` and of the definition that a later version will follow.
const UNSUPPORTED: [&str; 4] = ["all", "not", "cancelOn", "who"];

fn rule(definition: &JsValue) -> Option<Rule> {
    let id = get::text(definition, "id");
    // The id is stored as a word of the visit record.
    if id.is_empty() || id.len() > 40 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        driver::fail(Code::PromptId, "prompts");
        return None;
    }
    let when = get::member(definition, "when");
    for clause in UNSUPPORTED {
        if get::flag(&when, clause) || get::flag(definition, clause) {
            driver::fail(Code::PromptUnsupported, &id);
            return None;
        }
    }
    let mut on = Vec::new();
    for trigger in each(&get::member(&when, "any")).chain([when.clone()]) {
        let word = get::text(&trigger, "on");
        if word.is_empty() {
            continue;
        }
        match On::parse(&word, &get::text(&trigger, "is")) {
            Some(trigger) => on.push(trigger),
            None => driver::fail(Code::PromptTrigger, &id),
        }
    }
    Some(Rule {
        version: get::number(definition, "version").unwrap_or(1),
        on,
        delay: get::number(&when, "delayMs").unwrap_or_default(),
        automation: get::member(&get::member(definition, "quiet"), "automation").as_bool() == Some(false),
        id,
    })
}

/// Hands on what the open prompt reports.
pub(crate) fn report(event: &JsValue) {
    let word = |name| get::text(event, name);
    let (step, ask, reason, text) = (word("step"), word("ask"), word("reason"), word("text"));
    let event = match word("type").as_str() {
        "shown" => PromptEvent::Shown,
        "answer" => PromptEvent::Answer {
            step: &step,
            rev: get::number(event, "rev").unwrap_or(1),
            ask: &ask,
            score: get::number(event, "score"),
            text: (!text.is_empty()).then_some(&text),
            skipped: get::flag(event, "skipped"),
        },
        "closed" => PromptEvent::Closed {
            reason: &reason,
            partial: get::flag(event, "partial"),
        },
        "busy" => return driver::now(Input::Busy),
        _ => PromptEvent::Failed,
    };
    driver::now(Input::Prompt(event));
}
