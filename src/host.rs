//! What the shell asks of `www/core.js`: what is made of promises, callbacks, lazily loaded modules, and the reading of the page.
//! One file there for each browser API. It never throws.

use wasm_bindgen::prelude::*;

// `host` is an object of the glue (see `guard.js` of the build), which `www/core.js` fills before it calls `start`.
#[wasm_bindgen(js_namespace = host)]
extern "C" {
    /// One effect; what `number` and the lines of `text` mean is written where `driver` sends it.
    pub(crate) fn effect(kind: u8, number: u32, text: &str);
}
