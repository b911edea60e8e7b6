//! Says that a prompt has opened, without moving the focus: in the status region that the page has had from the start,
//! because a region that comes with its text is not read.

use web_sys::HtmlElement;

use crate::markup::set;

/// How long after opening: screen readers drop what changes together with the page.
pub(crate) const AFTER_MS: u32 = 150;

/// Says it.
pub(crate) fn say(status: &HtmlElement, text: &str, lang: &str) {
    set(status, "lang", lang);
    status.set_text_content(Some(text));
}

/// Takes it back, so that nobody reads it later.
pub(crate) fn clear(status: &HtmlElement) {
    status.set_text_content(None);
}
