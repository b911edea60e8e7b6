//! What `www/core.js` calls. Times are `performance.now()` of the moment at which the page called.

use polku_core::{Code, Config, Device, Input, Name, Outcome, Pointer, implied_role, target_name};
use wasm_bindgen::prelude::*;

use crate::host::Host;
use crate::{driver, get, prompts as definitions};

/// The options that the engine checks; each is an attribute `data-<name>` of the script tag.
const OPTIONS: [&str; 10] = [
    "key",
    "mode",
    "money",
    "sensitive",
    "format",
    "framework",
    "consent",
    "gpc",
    "remember",
    "sample",
];

/// Starts an engine for this document. `options` has the script tag's `data-*` as camel-case members, and what is known of the
/// browser: `lang` of the document, `width` of the viewport (CSS px), `coarse` (the main pointer is a finger), `automation`,
/// `globalPrivacyControl`, `quiet`. Says whether it started; where it did not, `host.fail` has been told why.
#[wasm_bindgen]
pub fn start(options: &JsValue, host: Host) -> bool {
    let mut config = Config::default();
    for name in OPTIONS {
        let value = get::member(options, name);
        if name != "key" && value.is_undefined() {
            continue;
        }
        if let Err(code) = config.set(name, &value.as_string().unwrap_or_default()) {
            // A key that is missing, or a mode that is not understood, must not be guessed.
            host.fail(code as u16, name);
            return false;
        }
    }
    if !get::flag(options, "collector") {
        host.fail(Code::Missing as u16, "collector");
        return false;
    }
    config.device = Device::of(
        get::number(options, "width").unwrap_or_default(),
        get::flag(options, "coarse"),
    );
    config.automation = get::flag(options, "automation");
    config.gpc_wins &= get::flag(options, "globalPrivacyControl");
    config.quiet = get::flag(options, "quiet");
    config.set_lang(&get::text(options, "lang"));
    driver::begin(config, host);
    true
}

/// Ends it: listeners and the timer are gone, what waited has been sent as if the page had left.
#[wasm_bindgen]
pub fn stop() {
    driver::now(Input::Visibility { hidden: true });
    driver::end();
}

/// A page is looked at: its path, its referrer, whether that is of this site, and whether the page slept in between.
#[wasm_bindgen]
pub fn page(at: f64, path: &str, referrer: &str, own_host: bool, restored: bool) {
    driver::at(
        at,
        Input::Page {
            path,
            referrer,
            own_host,
            restored,
        },
    );
}

/// A touchpoint; `data` is a JSON object.
#[wasm_bindgen]
pub fn track(at: f64, name: &str, data: Option<String>) {
    driver::at(
        at,
        Input::Track {
            name,
            data: data.as_deref(),
        },
    );
}

/// Whether a shop may report a touchpoint of this name: the data layer holds much else.
#[wasm_bindgen]
pub fn knows(name: &str) -> bool {
    Name::parse(name).is_some_and(Name::is_for_shops)
}

/// A click at `x`, `y` (CSS px): the element's `data-polku-id`, tag, `id`, `role`, `type`, and its label where it is short.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)]
pub fn pointer(x: i32, y: i32, polku_id: &str, tag: &str, id: &str, role: &str, kind: &str, label: &str) {
    let role = if role.is_empty() { implied_role(tag, kind) } else { role };
    let target = target_name(polku_id, tag, id, role);
    driver::now(Input::Pointer(Pointer {
        x,
        y,
        target: &target,
        role,
        label,
    }));
}

/// What the shopper decided.
#[wasm_bindgen]
pub fn consent(at: f64, measure: Option<bool>, feedback: Option<bool>, earlier: bool, policy: &str) {
    driver::at(
        at,
        Input::Consent {
            measure,
            feedback,
            earlier,
            by: "api",
            policy,
        },
    );
}

/// Everything is withdrawn.
#[wasm_bindgen]
pub fn withdraw(at: f64) {
    driver::at(at, Input::Withdraw);
}

/// What the page may know of its journey: JSON, or nothing before `measure`.
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
    let outcome = if status == 0 {
        Outcome::NoAnswer
    } else {
        Outcome::Reply {
            status,
            body,
            retry_after,
        }
    };
    driver::now(Input::Delivered { batch, outcome });
}

/// Which topics somebody listens to, a bit each in the order of `polku_core::Topic`.
#[wasm_bindgen]
pub fn listen(topics: u8) {
    driver::now(Input::Listen(topics));
}

/// The definitions that were fetched: an array.
#[wasm_bindgen]
pub fn prompts(list: &JsValue) {
    let rules = definitions::rules(list);
    driver::now(Input::Prompts(rules));
}

/// The page asks for a prompt by its id.
#[wasm_bindgen]
pub fn prompt_open(at: f64, id: &str) {
    driver::at(at, Input::Open(id));
}

/// The open prompt reports: see `PromptEvent` in ARCHITECTURE.md. Two more are the host's own: `busy` (it could not open just
/// now) and `failed` (it could not be loaded).
#[wasm_bindgen]
pub fn prompt_event(event: &JsValue) {
    definitions::report(event);
}
