//! What the main module tells the prompt. The status region crosses beside it, as an element.

use wasm_bindgen::JsValue;

use crate::words::get;

/// Read from the `context` of `open`, by typed getters: fields that we do not know are ignored, missing ones are empty.
pub(crate) struct Context {
    /// Submission id.
    pub(crate) sub: String,
    /// Language of the document.
    pub(crate) lang: String,
    /// Consent to `measure`: the answer is joined to the path.
    pub(crate) measure: bool,
    /// The shopper asked for the prompt, so it may take the focus.
    pub(crate) user: bool,
    /// Who receives the answer.
    pub(crate) collector: String,
}

impl Context {
    /// Reads a whole context.
    pub(crate) fn read(context: &JsValue) -> Self {
        let text = |key| get(context, key).as_string().unwrap_or_default();
        let truth = |key| get(context, key).as_bool().unwrap_or_default();
        Self {
            sub: text("sub"),
            lang: text("lang"),
            measure: truth("measure"),
            user: truth("user"),
            collector: text("collector"),
        }
    }

    /// Takes over what `update` changes: consent and collector.
    pub(crate) fn change(&mut self, change: &JsValue) {
        if let Some(measure) = get(change, "measure").as_bool() {
            self.measure = measure;
        }
        if let Some(collector) = get(change, "collector").as_string() {
            self.collector = collector;
        }
    }
}
