//! What the shell asks of `www/core.js`: what is made of promises, callbacks, lazily loaded modules, and the reading of the page.
//! One file there for each browser API. Neither function ever throws.

use wasm_bindgen::prelude::*;
use web_sys::Event;

// `host` is an object of the glue (see `guard.js` of the build), which `www/core.js` fills before it calls `start`.
#[wasm_bindgen(js_namespace = host)]
extern "C" {
    /// One effect; what `number` and the lines of `text` mean is written where `driver` sends it.
    pub(crate) fn effect(kind: u8, number: u32, text: &str);

    /// One event of the page: 0 `visibilitychange`, 1 `pagehide`, 2 `pageshow`. What it means follows as an input.
    pub(crate) fn event(kind: u8, event: &Event);
}
