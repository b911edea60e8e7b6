//! Prompts, as far as the main module reads them: when one opens, and what it reports. All else in a definition stays in JS.

use js_sys::Array;
use polku_core::{Code, Input, On, PromptEvent, Rule};
use wasm_bindgen::{JsCast, JsValue};

use crate::{driver, get};

/// The rules of `list`, an array of definitions or a single one. A definition that cannot be followed to the letter is left
/// out and named: a prompt that opens for the wrong people is worse than none.
pub(crate) fn rules(list: &JsValue) -> Vec<Rule> {
    match list.dyn_ref::<Array>() {
        Some(list) => list.iter().filter_map(|definition| rule(&definition)).collect(),
        None => rule(list).into_iter().collect(),
    }
}

fn rule(definition: &JsValue) -> Option<Rule> {
    let Some(id) = get::text(definition, "id").filter(|id| id.len() <= 40) else {
        driver::fail(Code::PromptId as u16, "id");
        return None;
    };
    let unsupported = |what: &str| driver::fail(Code::PromptUnsupported as u16, &[&id, ".", what].concat());
    for clause in ["who"] {
        if get::member(definition, clause).is_some() {
            unsupported(clause);
            return None;
        }
    }
    let mut on = Vec::new();
    let mut delay = 0;
    if let Some(when) = get::member(definition, "when") {
        delay = get::number(&when, "delayMs").unwrap_or_default();
        for clause in ["all", "not", "cancelOn"] {
            if get::member(&when, clause).is_some() {
                unsupported(clause);
                return None;
            }
        }
        let triggers = get::member(&when, "any")
            .and_then(|any| any.dyn_into::<Array>().ok())
            .unwrap_or_else(|| Array::of1(&when));
        for trigger in triggers.iter() {
            let word = |name| get::text(&trigger, name).unwrap_or_default();
            match On::parse(&word("on"), &word("is")) {
                Some(trigger) => on.push(trigger),
                None => driver::fail(Code::PromptTrigger as u16, &[&id, ".when"].concat()),
            }
        }
    }
    let automation = get::member(definition, "quiet")
        .and_then(|quiet| get::member(&quiet, "automation"))
        .is_some_and(|automation| automation.is_falsy());
    Some(Rule {
        id,
        version: get::number(definition, "version").unwrap_or(1),
        on,
        delay,
        automation,
    })
}

/// Hands on what the open prompt reports.
pub(crate) fn report(event: &JsValue) {
    let word = |name| get::text(event, name).unwrap_or_default();
    let (step, ask, reason, text) = (word("step"), word("ask"), word("reason"), get::text(event, "text"));
    let event = match word("type").as_str() {
        "shown" => PromptEvent::Shown,
        "answer" => PromptEvent::Answer {
            step: &step,
            rev: get::number(event, "rev").unwrap_or(1),
            ask: &ask,
            score: get::number(event, "score"),
            text: text.as_deref(),
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
