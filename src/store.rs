//! First-party storage of this visit: one record that the tabs share, one of this tab. Read and written only when the engine
//! says so. Where storage is full or shut every call fails, and the journey goes on in memory.

use wasm_bindgen::prelude::*;

const VISIT: &str = "polku:1:visit";
const TAB: &str = "polku:1:tab";

// The getters `localStorage` and `sessionStorage` throw by themselves where storage is shut: they are inside what is caught.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = localStorage, js_name = getItem, catch)]
    fn shared_get(key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(js_namespace = localStorage, js_name = setItem, catch)]
    fn shared_set(key: &str, value: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = localStorage, js_name = removeItem, catch)]
    fn shared_remove(key: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = sessionStorage, js_name = getItem, catch)]
    fn own_get(key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(js_namespace = sessionStorage, js_name = setItem, catch)]
    fn own_set(key: &str, value: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = sessionStorage, js_name = removeItem, catch)]
    fn own_remove(key: &str) -> Result<(), JsValue>;
}

/// What is stored of the visit and of this tab.
pub(crate) fn read() -> (Option<String>, Option<String>) {
    (shared_get(VISIT).ok().flatten(), own_get(TAB).ok().flatten())
}

/// Stores both.
pub(crate) fn write(visit: &str, tab: &str) {
    let _ = shared_set(VISIT, visit);
    let _ = own_set(TAB, tab);
}

/// Removes both.
pub(crate) fn erase() {
    let _ = shared_remove(VISIT);
    let _ = own_remove(TAB);
}
