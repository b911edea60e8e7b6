//! What the shell asks of `www/core.js`: what is made of promises, callbacks, lazily loaded modules, and the reading of the page.
//! One file there for each browser API. These functions never throw; what "follows" is a call of [`crate::api`].

use wasm_bindgen::prelude::*;
use web_sys::Event;

// `host` is an object of the glue (see `guard.js` of the build), which `www/core.js` fills before it calls `start`.
#[wasm_bindgen(js_namespace = host)]
extern "C" {
    /// Whether the page cannot be seen now.
    pub(crate) fn hidden() -> bool;

    /// A page is shown: where it came from the back/forward cache, `visibility` and `page` follow at once.
    pub(crate) fn show(event: &Event);

    /// Describes what a click hit; `pointer` follows at once.
    pub(crate) fn hit(event: &Event);

    /// Reads what is stored of this visit; `restored` follows at once.
    pub(crate) fn restore();

    /// Stores the visit's record and this tab's snapshot.
    pub(crate) fn persist(visit: &str, tab: &str);

    /// The shopper has withdrawn: deletes what is stored, gives up every request, takes the stage off the page.
    pub(crate) fn erase();

    /// Sends a batch: one POST without cookies and referrer, its answer read. `delivered` follows, once for each call.
    pub(crate) fn send(batch: u32, body: &str, leaving: bool);

    /// Tells whoever listens to `topic`; `detail` is JSON.
    pub(crate) fn notify(topic: u8, detail: &str);

    /// Tells the shop's developer.
    pub(crate) fn fail(code: u16, field: &str);

    /// Fetches the definitions of prompts; `prompts` follows.
    pub(crate) fn load();

    /// Opens a prompt; `prompt_event` follows.
    pub(crate) fn open(id: &str, sub: &str, trigger: &str, measure: bool, user: bool);

    /// Closes the open prompt.
    pub(crate) fn close();

    /// Keeps the shopper's "not now" until the browser is closed.
    pub(crate) fn quiet();
}
