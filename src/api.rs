//! What `www/core.js` calls. Times are `performance.now()` of the moment at which the page called.

use polku_core::{Code, Config, Device, Input, Mode, Money, Name, Outcome, Pointer, PromptEvent, Rule, target_name};
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

use crate::{driver, host};

/// Starts an engine for this document. `key` and `lang` (a primary language subtag or nothing) are checked already; `width` is
/// the viewport's in CSS px. `flags`, a bit each: mode `feedback`, money `exact`, sensitive page, main pointer is a finger,
/// driven by a program, "not now" was said, Global Privacy Control wins.
#[wasm_bindgen]
pub fn start(key: String, lang: String, width: u32, flags: u8, document: &EventTarget, window: &EventTarget) {
    let is = |bit: u8| flags & 1 << bit != 0;
    let config = Config {
        key,
        lang,
        mode: if is(0) { Mode::Feedback } else { Mode::Strict },
        money: if is(1) { Money::Exact } else { Money::TwoDigits },
        sensitive: is(2),
        device: Device::of(width, is(3)),
        automation: is(4),
        quiet: is(5),
        gpc_wins: is(6),
    };
    driver::begin(config, document, window);
}

/// Ends it: listeners and the timer are gone, what waited has been sent as if the page had left.
#[wasm_bindgen]
pub fn stop() {
    visibility(true);
    driver::end();
}

/// The page went out of sight, or came back.
#[wasm_bindgen]
pub fn visibility(hidden: bool) {
    driver::now(Input::Visibility { hidden });
}

/// A page is looked at: its path, its referrer, whether that is of this site, and whether the page slept in between.
#[wasm_bindgen]
pub fn page(at: f64, path: &str, referrer: &str, own_host: bool, restored: bool) {
    driver::at(at, Input::Page { path, referrer, own_host, restored });
}

/// A touchpoint; `data` is a JSON object.
#[wasm_bindgen]
pub fn track(at: f64, name: &str, data: Option<String>) {
    driver::at(at, Input::Track { name, data: data.as_deref() });
}

/// Whether a shop may report a touchpoint of this name: the data layer holds much else.
#[wasm_bindgen]
pub fn knows(name: &str) -> bool {
    Name::parse(name).is_some_and(Name::is_for_shops)
}

/// A click at `x`, `y` (CSS px): the element's `data-polku-id`, tag, `id` and role, and its label where it is short.
#[wasm_bindgen]
pub fn pointer(x: i32, y: i32, polku_id: &str, tag: &str, id: &str, role: &str, label: &str) {
    let target = target_name(polku_id, tag, id, role);
    driver::now(Input::Pointer(Pointer { x, y, target: &target, role, label }));
}

/// What the shopper decided.
#[wasm_bindgen]
pub fn consent(at: f64, measure: Option<bool>, feedback: Option<bool>, earlier: bool, policy: &str) {
    driver::at(at, Input::Consent { measure, feedback, earlier, by: "api", policy });
}

/// Everything is withdrawn.
#[wasm_bindgen]
pub fn withdraw(at: f64) {
    driver::at(at, Input::Withdraw);
}

/// What was stored of this visit.
#[wasm_bindgen]
pub fn restored(visit: Option<String>, tab: Option<String>) {
    driver::now(Input::Restored { visit: visit.as_deref(), tab: tab.as_deref() });
}

/// What the page may know of its journey: the head of a batch, or nothing before `measure`.
#[wasm_bindgen]
pub fn journey() -> Option<String> {
    driver::journey()
}

/// Sends what waits; `host.notify` of `Topic::Flushed` follows when nothing is under way any more.
#[wasm_bindgen]
pub fn flush() {
    driver::now(Input::Flush);
}

/// What became of a batch: an HTTP status (0: no answer), the body's text, and the seconds of `Retry-After`.
#[wasm_bindgen]
pub fn delivered(batch: u32, status: u16, body: &str, retry_after: Option<u32>) {
    let outcome = if status == 0 { Outcome::NoAnswer } else { Outcome::Reply { status, body, retry_after } };
    driver::now(Input::Delivered { batch, outcome });
}

/// Which topics somebody listens to, a bit each in the order of `polku_core::Topic`.
#[wasm_bindgen]
pub fn listen(topics: u8) {
    driver::now(Input::Listen(topics));
}

/// One of the prompts that were fetched: its triggers are words with commas between them. All of them are told at once by
/// `prompts`.
#[wasm_bindgen]
pub fn prompt(id: String, version: u32, delay: u32, automation: bool, triggers: &str) {
    let mut known = true;
    driver::rule(Rule::new(id.clone(), version, delay, automation, triggers, &mut || known = false));
    if !known {
        host::fail(Code::PromptTrigger as u16, &id);
    }
}

/// All prompts have been told.
#[wasm_bindgen]
pub fn prompts() {
    driver::rules();
}

/// The page asks for a prompt by its id.
#[wasm_bindgen]
pub fn prompt_open(at: f64, id: &str) {
    driver::at(at, Input::Open(id));
}

/// The open prompt reports `kind`: see `PromptEvent` in ARCHITECTURE.md; `data` is the whole of it, as JSON. Two kinds more are
/// the host's own: `busy` (it could not open just now) and `failed` (it could not be loaded).
#[wasm_bindgen]
pub fn prompt_event(kind: &str, data: &str) {
    driver::now(match kind {
        "busy" => Input::Busy,
        "shown" => Input::Prompt(PromptEvent::Shown),
        "answer" => Input::Prompt(PromptEvent::Answer(data)),
        "closed" => Input::Prompt(PromptEvent::Closed(data)),
        _ => Input::Prompt(PromptEvent::Failed),
    });
}
