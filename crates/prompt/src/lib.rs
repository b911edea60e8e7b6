//! The prompt: what is asked, in which order, what it looks like and what leaves. It has no storage, no network, no clock.
//!
//! A call comes in, JSON goes out: a [`view`] to draw, or the [`event`]s of the seam "Main module ↔ prompt". The hands are
//! `view/*.js`, bundled with `www/prompt.js`: they make elements, listen and move the focus, and decide nothing. Drawing by
//! web-sys from here was measured at 15 kB (brotli) more than from there, three times what the whole view is now.
//!
//! Nothing here calls JS, so no state is ever borrowed while the page's code runs.

mod event;
mod open;
mod session;
mod view;

use polku_core::prompt::{Definition, Flow, Problem, Tree};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use session::Session;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The style sheet of the card.
#[wasm_bindgen]
#[must_use]
pub fn style() -> String {
    include_str!(concat!(env!("OUT_DIR"), "/prompt.css")).to_owned()
}

/// Starts a prompt for a page in the language `lang`, and returns its handle.
///
/// # Errors
/// The text `polku E2xx path` when the definition cannot be run.
#[wasm_bindgen]
pub fn open(definition: JsValue, sub: String, lang: &str) -> Result<u32, JsValue> {
    let tree = serde_wasm_bindgen::from_value::<Tree>(definition).unwrap_or(Tree::Null);
    let definition = Definition::new(tree).map_err(|problems| refuse(problems.first()))?;
    Ok(open::keep(Session::new(Flow::new(definition), sub, lang)))
}

/// What to draw now, as JSON.
#[wasm_bindgen]
#[must_use]
pub fn view(handle: u32) -> String {
    open::with(handle, |session| view::write(session)).unwrap_or_default()
}

/// Takes what is chosen or written; nothing is a skip. Returns the events that must leave, as JSON, or nothing where the step
/// needs another answer.
#[wasm_bindgen]
#[must_use]
pub fn answer(handle: u32, value: Option<String>) -> String {
    open::with(handle, |session| session.answer(value.as_deref())).unwrap_or_default()
}

/// Goes back to the step before.
#[wasm_bindgen]
pub fn back(handle: u32) {
    open::with(handle, Session::back);
}

/// The answer as it would leave if it were sent now, as JSON; nothing while there is none.
#[wasm_bindgen]
#[must_use]
pub fn preview(handle: u32, value: &str) -> String {
    open::with(handle, |session| session.preview(value)).unwrap_or_default()
}

/// Ends the prompt. Returns the event that must leave, as JSON; nothing the second time, or after the last answer.
#[wasm_bindgen]
#[must_use]
pub fn close(handle: u32, reason: &str) -> String {
    open::with(handle, |session| session.close(reason)).unwrap_or_default()
}

/// Forgets the prompt: its handle means nothing from now on.
#[wasm_bindgen]
pub fn forget(handle: u32) {
    open::forget(handle);
}

fn refuse(problem: Option<&Problem>) -> JsValue {
    let mut message = String::from("polku ");
    message.push_str(&problem.map(Problem::short).unwrap_or_default());
    JsValue::from_str(&message)
}
