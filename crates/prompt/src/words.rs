//! The widget's own words in the prompt's language, from `text-<lang>.json`. A missing one is empty, never an error.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

pub(crate) struct Words(JsValue);

impl Words {
    pub(crate) fn new(texts: Object) -> Self {
        Self(texts.into())
    }

    /// A text by its key.
    pub(crate) fn get(&self, key: &str) -> String {
        get(&self.0, key).as_string().unwrap_or_default()
    }

    /// A text with its places filled: `{0}`, `{1}`, ….
    pub(crate) fn fill(&self, key: &str, places: &[&str]) -> String {
        // By hand: `str::replace` brings a substring searcher of 2 kB along.
        let mut filled = String::new();
        for (nth, part) in self.get(key).split(['{', '}']).enumerate() {
            let place = part.as_bytes().first().filter(|_| nth % 2 == 1).map(|digit| usize::from(digit.wrapping_sub(b'0')));
            filled.push_str(place.and_then(|place| places.get(place)).unwrap_or(&part));
        }
        filled
    }
}

/// A property of any value; undefined when it cannot be read.
pub(crate) fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}
