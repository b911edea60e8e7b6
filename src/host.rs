//! What the shell asks of `www/core.js`: the parts of the page that belong to JS, its callbacks and its lazily loaded modules.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The object that `www/core.js` hands to `start`. Its methods never throw, and never call back before they return.
    #[derive(Clone)]
    pub type Host;

    /// Sends a batch: one POST without cookies and referrer, its answer read. `delivered` follows, once for each call.
    #[wasm_bindgen(method)]
    pub(crate) fn send(this: &Host, batch: u32, body: &str, leaving: bool);

    /// Gives up every request that is under way.
    #[wasm_bindgen(method)]
    pub(crate) fn abort(this: &Host);

    /// Tells whoever listens to `topic`; `detail` is JSON.
    #[wasm_bindgen(method)]
    pub(crate) fn notify(this: &Host, topic: &str, detail: &str);

    /// Tells the shop's developer.
    #[wasm_bindgen(method)]
    pub(crate) fn fail(this: &Host, code: u16, field: &str);

    /// Fetches the definitions of prompts; `prompts` follows.
    #[wasm_bindgen(method)]
    pub(crate) fn load(this: &Host);

    /// Opens a prompt; `prompt_event` follows.
    #[wasm_bindgen(method)]
    pub(crate) fn open(this: &Host, id: &str, sub: &str, trigger: &str, measure: bool, user: bool);

    /// Closes the open prompt.
    #[wasm_bindgen(method)]
    pub(crate) fn close(this: &Host);

    /// Keeps the shopper's "not now" until the browser is closed.
    #[wasm_bindgen(method)]
    pub(crate) fn quiet(this: &Host);
}
