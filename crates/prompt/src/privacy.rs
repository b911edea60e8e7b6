//! "Why we ask": what for, to whom, and the very answer that would leave, in the card itself.

use js_sys::JSON;
use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::context::Context;
use crate::markup::{Made, find, hide, redraw, set};
use crate::words::Words;

const WHY: &str = "\
0p|=@purpose
0p|=$0
0p|hidden?=$1|=$2
0p|=$3
0pre|hidden?=$5|=$4";

/// Folds or unfolds the explanation.
pub(crate) fn toggle(body: &Element) -> Option<()> {
    let why = find(body, ".why")?;
    let open = why.hidden();
    hide(&why, !open);
    let button = find(body, "[data-do=why]")?;
    set(&button, "aria-expanded", if open { "true" } else { "false" });
    Some(())
}

/// Whether the explanation can be seen; only then is it worth writing.
pub(crate) fn is_open(body: &Element) -> bool {
    find(body, ".why:not([hidden])").is_some()
}

/// Writes the explanation anew. `data` is the answer as it stands, if there is one.
pub(crate) fn explain(body: &Element, words: &Words, context: &Context, data: Option<&JsValue>) -> Made<()> {
    let Some(why) = find(body, ".why") else { return Ok(()) };
    let json = match data {
        Some(data) => String::from(JSON::stringify_with_replacer_and_space(data, &JsValue::NULL, &1.into())?),
        None => String::new(),
    };
    let none = |text: &str| if text.is_empty() { "hidden" } else { "" };
    let join = words.get(if context.measure { "joined" } else { "alone" });
    let to = words.fill("to", &[&context.collector]);
    let lead = words.get(if json.is_empty() { "nodata" } else { "data" });
    redraw(&why, WHY, words, &[&join, none(&context.collector), &to, &lead, &json, none(&json)])
}
