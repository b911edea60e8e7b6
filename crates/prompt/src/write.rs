//! Free text: a box that grows, a hint, and a count when the end is near.

use polku_core::privacy::scrub_short;
use web_sys::Element;

use crate::markup::{self, Made, find, hide};
use crate::words::Words;

const FIELD: &str = "\
0div|class=write
1textarea|rows=3|dir=auto|part=text|aria-labelledby=q|aria-describedby=bad hint|maxlength=$0|=$1
1div|class=under
2p|id=hint|class=hint|=@hint
2p|class=count|hidden";

/// Draws the box with what was written before.
pub(crate) fn draw(step: &Element, words: &Words, max: u16, text: &str) -> Made<()> {
    markup::draw(step, FIELD, words, &[&max.to_string(), text])
}

/// Says how many characters are left, in the last fifth of the box.
pub(crate) fn count(step: &Element, words: &Words, max: u16, written: &str) -> Option<()> {
    let count = find(step, ".count")?;
    let left = usize::from(max).saturating_sub(written.encode_utf16().count());
    hide(&count, left > usize::from(max / 5));
    count.set_text_content(Some(&words.fill("left", &[&left.to_string()])));
    Some(())
}

/// What would leave: without e-mail addresses and long numbers. A mask can be longer than what it hides.
pub(crate) fn scrubbed(draft: &str, max: u16) -> String {
    let mut scrubbed = scrub_short(draft.trim_ascii());
    if let Some((end, _)) = scrubbed.char_indices().nth(usize::from(max)) {
        scrubbed.truncate(end);
    }
    scrubbed
}
