//! "Why we ask": what for, to whom, and the very answer that would leave, in the card itself.

use js_sys::JSON;
use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::context::Context;
use crate::dom::{self, Made};
use crate::words::Words;

/// Draws the privacy line, with its explanation folded.
pub(crate) fn line(body: &Element, words: &Words) -> Made<()> {
    let note = dom::add(body, "div", "class=note part=privacy", "")?;
    let line = dom::add(&note, "p", "", &words.get("note"))?;
    line.append_with_str_1(" ")?;
    dom::add(&line, "button", "type=button data-do=why aria-expanded=false aria-controls=why", &words.get("why"))?;
    dom::add(&note, "div", "id=why class=why hidden", "")?;
    Ok(())
}

/// Folds or unfolds the explanation.
pub(crate) fn toggle(body: &Element) -> Option<()> {
    let why = dom::find(body, ".why")?;
    why.set_hidden(!why.hidden());
    let button = dom::find(body, "[data-do=why]")?;
    dom::set(&button, "aria-expanded", if why.hidden() { "false" } else { "true" });
    Some(())
}

/// Writes the explanation anew, if it can be seen. `data` is the answer as it stands, if there is one.
pub(crate) fn explain(body: &Element, words: &Words, context: &Context, data: Option<&JsValue>) -> Made<()> {
    let Some(why) = dom::find(body, ".why").filter(|why| !why.hidden()) else { return Ok(()) };
    why.set_text_content(None);
    dom::add(&why, "p", "", &words.get("purpose"))?;
    dom::add(&why, "p", "", &words.get(if context.measure { "joined" } else { "alone" }))?;
    if !context.collector.is_empty() {
        dom::add(&why, "p", "", &words.fill("to", &[('t', &context.collector)]))?;
    }
    match data {
        Some(data) => {
            dom::add(&why, "p", "", &words.get("data"))?;
            let json = JSON::stringify_with_replacer_and_space(data, &JsValue::NULL, &1.into())?;
            dom::add(&why, "pre", "", &String::from(json))?;
        }
        None => {
            dom::add(&why, "p", "", &words.get("nodata"))?;
        }
    }
    Ok(())
}
