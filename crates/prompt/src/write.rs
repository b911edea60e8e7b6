//! Free text: a box that grows, a hint, and a count when the end is near.

use polku_core::privacy::scrub_short;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTextAreaElement};

use crate::dom::{self, Made};
use crate::words::Words;

/// Draws the box with what was written before.
pub(crate) fn draw(step: &Element, words: &Words, max: u16, text: &str) -> Made<()> {
    let field = dom::add(step, "div", "class=write", "")?;
    let area = dom::add(&field, "textarea", "rows=3 dir=auto part=text aria-labelledby=q aria-describedby=hint", "")?;
    dom::set(&area, "maxlength", &max.to_string());
    area.unchecked_ref::<HtmlTextAreaElement>().set_value(text);
    let under = dom::add(&field, "div", "class=under", "")?;
    dom::add(&under, "p", "id=hint class=ends", &words.get("hint"))?;
    dom::add(&under, "p", "class=count hidden", "")?;
    count(step, words);
    Ok(())
}

/// Says how many characters are left, in the last fifth of the box.
pub(crate) fn count(step: &Element, words: &Words) {
    let (Some(area), Some(count)) = (dom::find(step, "textarea"), dom::find(step, ".count")) else { return };
    let area: HtmlTextAreaElement = area.unchecked_into();
    let max = usize::try_from(area.max_length()).unwrap_or(0);
    let left = max.saturating_sub(area.value().encode_utf16().count());
    count.set_hidden(left > max / 5);
    count.set_text_content(Some(&words.fill("left", &[('n', &left.to_string())])));
}

/// What is in the box.
pub(crate) fn draft(step: &Element) -> Option<String> {
    Some(dom::find(step, "textarea")?.unchecked_ref::<HtmlTextAreaElement>().value())
}

/// What would leave: without e-mail addresses and long numbers. A mask can be longer than what it hides.
pub(crate) fn scrubbed(draft: &str, max: u16) -> String {
    scrub_short(draft.trim_ascii()).chars().take(usize::from(max)).collect()
}
