//! The widget's own words in the prompt's language, from `text-<lang>.json`. A missing one is empty, never an error.

use js_sys::Object;
use wasm_bindgen::JsValue;

use crate::dom;

pub(crate) struct Words(JsValue);

impl Words {
    pub(crate) fn new(texts: Object) -> Self {
        Self(texts.into())
    }

    /// A text by its key.
    pub(crate) fn get(&self, key: &str) -> String {
        dom::get(&self.0, key).as_string().unwrap_or_default()
    }

    /// A text with its places filled: `{n}` and the like, one letter each.
    pub(crate) fn fill(&self, key: &str, places: &[(char, &str)]) -> String {
        let mut filled = String::new();
        let text = self.get(key);
        let mut letters = text.chars();
        // By hand: `str::replace` brings a substring searcher of 2 kB along.
        while let Some(letter) = letters.next() {
            let place = if letter == '{' { letters.next() } else { None };
            match places.iter().find(|(name, _)| Some(*name) == place) {
                Some((_, value)) => {
                    filled.push_str(value);
                    letters.next(); // the closing brace
                }
                None => filled.push(letter),
            }
        }
        filled
    }
}
