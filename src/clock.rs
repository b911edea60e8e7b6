//! The browser's two clocks.

use polku_core::{Clock, Millis};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// ms since the document began.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn mono() -> f64;

    /// Unix ms.
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn wall() -> f64;
}

/// A clock that starts from both.
pub(crate) fn new() -> Clock {
    Clock::new(wall(), mono())
}

/// The moment now.
pub(crate) fn now(clock: &mut Clock) -> Millis {
    clock.now(wall(), mono())
}
