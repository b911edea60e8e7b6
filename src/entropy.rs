//! Randomness from the browser.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn fill(bytes: &mut [u8]) -> Result<(), JsValue>;
}

/// 32 random bytes. Where the browser gives none, zeros: ids then come from the engine's own generator, and may meet others.
pub(crate) fn bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    let _ = fill(&mut bytes);
    bytes
}
