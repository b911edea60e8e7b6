//! What the shell asks of `www/core.js`: what is made of promises, callbacks, lazily loaded modules, and the reading of the page.

use wasm_bindgen::prelude::*;
use web_sys::Event;

#[wasm_bindgen]
extern "C" {
    /// The object that `www/core.js` hands to `start`. Its methods never throw.
    #[derive(Clone)]
    pub type Host;

    /// Describes the page; `page` follows at once.
    #[wasm_bindgen(method)]
    pub(crate) fn page(this: &Host, restored: bool);

    /// Describes what a click hit; `pointer` follows at once.
    #[wasm_bindgen(method)]
    pub(crate) fn hit(this: &Host, event: &Event);

    /// Sends a batch: one POST without cookies and referrer, its answer read. `delivered` follows, once for each call.
    #[wasm_bindgen(method)]
    pub(crate) fn send(this: &Host, batch: u32, body: &str, leaving: bool);

    /// The shopper has withdrawn: gives up every request that is under way, and takes the stage off the page.
    #[wasm_bindgen(method)]
    pub(crate) fn forget(this: &Host);

    /// Tells whoever listens to `topic`; `detail` is JSON.
    #[wasm_bindgen(method)]
    pub(crate) fn notify(this: &Host, topic: u8, detail: &str);

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
