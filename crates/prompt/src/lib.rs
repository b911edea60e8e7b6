//! The prompt: a flow of questions, drawn as one card in a shadow root of its own. It has no storage, no network and no clock
//! but the browser's timers; what the shopper answers leaves through `emit` alone.
//!
//! `www/prompt.js` is the only caller. One prompt is one [`prompt::Prompt`], kept alive here until it has left the page.

mod announce;
mod card;
mod context;
mod event;
mod keyboard;
mod log;
mod markup;
mod privacy;
mod prompt;
mod registry;
mod scale;
mod seen;
mod thanks;
mod words;
mod write;

use js_sys::{Error, Function, Object};
use polku_core::prompt::{Code, Definition, Flow, Problem, Tree};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use context::Context;
use prompt::Prompt;
use words::Words;

/// Opens a prompt and returns its handle.
///
/// # Errors
/// An `Error` with the message `polku E2xx path` when the definition or the page does not allow it.
#[wasm_bindgen]
pub fn open(definition: JsValue, context: JsValue, texts: Object, emit: Function) -> Result<u32, JsValue> {
    let tree: Tree = serde_wasm_bindgen::from_value(definition).map_err(|_| error(Code::Shape, ""))?;
    let definition = Definition::new(tree).map_err(|problems| problems.first().map_or(JsValue::NULL, refuse))?;
    let status = words::get(&context, "status").dyn_into::<HtmlElement>().ok();
    let prompt = Prompt::open(Flow::new(definition), Context::read(&context), Words::new(texts), emit, status).map_err(|_| error(Code::Load, "page"))?;
    Ok(registry::keep(prompt))
}

/// Takes what changed in the context: consent, or the collector.
#[wasm_bindgen]
pub fn update(handle: u32, context: JsValue) {
    if let Some(prompt) = registry::find(handle) {
        prompt.update(&context);
    }
}

/// Closes the prompt; without a known reason it counts as dismissed.
#[wasm_bindgen]
pub fn close(handle: u32, reason: Option<String>) {
    if let Some(prompt) = registry::find(handle) {
        prompt.close(event::Reason::named(reason.as_deref().unwrap_or_default()));
    }
}

/// Takes the prompt off the page without a word.
#[wasm_bindgen]
pub fn destroy(handle: u32) {
    if let Some(prompt) = registry::find(handle) {
        prompt.destroy();
    }
}

fn error(code: Code, path: &str) -> JsValue {
    refuse(&Problem { code, path: path.to_owned() })
}

fn refuse(problem: &Problem) -> JsValue {
    let mut message = String::from("polku ");
    message.push_str(&problem.short());
    Error::new(&message).into()
}
