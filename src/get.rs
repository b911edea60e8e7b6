//! Typed reading of plain JS objects, one member at a time: what a whole deserialiser would cost, the main module cannot pay.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Member `name` of `object`; nothing where either is missing.
pub(crate) fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}

/// A text.
pub(crate) fn text(object: &JsValue, name: &str) -> Option<String> {
    member(object, name)?.as_string()
}

/// A whole number of 0 or more.
pub(crate) fn number(object: &JsValue, name: &str) -> Option<u32> {
    member(object, name)?.as_f64().map(|number| number as u32)
}

/// A truth value; missing is false.
pub(crate) fn flag(object: &JsValue, name: &str) -> bool {
    member(object, name).is_some_and(|value| value.is_truthy())
}
