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

use polku_core::prompt::{Definition, Tree};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use session::Session;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: a module without shared memory, which this target makes, has one thread.
#[allow(unsafe_code)]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// Starts a prompt in `lang`, one of its locales; `definition` is its JSON. It takes the place of the one before. `kept` is what [`keep`] gave on an
/// earlier page, or nothing.
///
/// # Errors
/// The text `polku E200` when the definition cannot be run; what is wrong with it, the check knows.
#[wasm_bindgen]
pub fn open(definition: &str, sub: String, lang: String, kept: String) -> Result<(), JsValue> {
    let definition = Tree::read(definition).and_then(Definition::new).ok_or_else(|| JsValue::from_str("polku E200"))?;
    open::keep(Session::new(definition, sub, lang, &kept));
    wipe(kept);
    Ok(())
}

/// What to draw now, as JSON.
#[wasm_bindgen]
#[must_use]
pub fn view() -> String {
    open::with(|session| view::write(session))
}

/// Takes what is chosen (a point, or ids with commas between them) or written; nothing is a skip. `words` is what was written beside `other`. Returns
/// the events that must leave, as JSON, or nothing where the step needs another answer.
#[wasm_bindgen]
#[must_use]
pub fn answer(value: String, words: String) -> String {
    let events = open::with(|session| session.answer(&value, &words));
    wipe(value);
    wipe(words);
    events
}

/// Goes back to the step before, and returns what to draw.
#[wasm_bindgen]
#[must_use]
pub fn back() -> String {
    open::with(|session| {
        session.flow.back();
        view::write(session)
    })
}

/// The answer as it would leave if it were sent now, as JSON; nothing while there is none.
#[wasm_bindgen]
#[must_use]
pub fn preview(value: String, words: String) -> String {
    let data = open::with(|session| session.preview(&value, &words));
    wipe(value);
    wipe(words);
    data
}

/// What was written does not lie about in this module's memory for longer than it must.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn wipe(text: String) {
    let mut bytes = text.into_bytes();
    bytes.fill(0);
    // Else the compiler sees that nobody reads them.
    std::hint::black_box(&bytes);
}

/// Ends the prompt. Returns the event that must leave, as JSON; nothing the second time, or after the last answer.
#[wasm_bindgen]
#[must_use]
pub fn close(reason: &str) -> String {
    open::with(|session| session.close(reason))
}

/// Where the prompt stands, as one line: from it [`open`] goes on, on the next page.
#[wasm_bindgen]
#[must_use]
pub fn keep() -> String {
    open::with(|session| session.flow.keep())
}
