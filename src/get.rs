//! Typed reading of plain JS objects, one member at a time: what a whole deserialiser would cost, the main module cannot pay.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Any object.
    type Object;
    #[wasm_bindgen(method, indexing_getter, catch)]
    fn get(this: &Object, name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, indexing_getter, catch)]
    fn at(this: &Object, index: u32) -> Result<JsValue, JsValue>;
}

/// Member `name` of `object`; undefined where either is missing.
pub(crate) fn member(object: &JsValue, name: &str) -> JsValue {
    object.unchecked_ref::<Object>().get(name).unwrap_or(JsValue::UNDEFINED)
}

/// Element `index` of `list`; undefined where either is missing.
pub(crate) fn element(list: &JsValue, index: u32) -> JsValue {
    list.unchecked_ref::<Object>().at(index).unwrap_or(JsValue::UNDEFINED)
}

/// A text; empty where it is none.
pub(crate) fn text(object: &JsValue, name: &str) -> String {
    member(object, name).as_string().unwrap_or_default()
}

/// A whole number of 0 or more.
pub(crate) fn number(object: &JsValue, name: &str) -> Option<u32> {
    member(object, name).as_f64().map(|number| number as u32)
}

/// A truth value; missing is false.
pub(crate) fn flag(object: &JsValue, name: &str) -> bool {
    member(object, name).is_truthy()
}
