//! The card's DOM as data: a few lines of text instead of a call for every element. Each call would cost the module three
//! times the bytes of its line.
//!
//! One element per line: its depth as a digit, its tag, then `|name=value` for each attribute; `|=value` is the text.
//! `@key` is one of the widget's own words, `$0` the first argument; an attribute written `name?=` is left out where the
//! value is empty. Arguments are only ever text: nothing that a shop or a shopper wrote can become an element.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement};

use crate::words::Words;

/// DOM calls fail only when the page has taken the DOM apart; then the prompt does not open or does not move on.
pub(crate) type Made<T> = Result<T, JsValue>;

/// Draws `markup` at the end of `parent`.
pub(crate) fn draw(parent: &Element, markup: &str, words: &Words, arguments: &[&str]) -> Made<()> {
    let document = parent.owner_document().ok_or(JsValue::NULL)?;
    // The elements that are open, outermost first.
    let mut open = vec![parent.clone()];
    for line in markup.split('\n') {
        let mut fields = line.split('|');
        let head = fields.next().unwrap_or_default();
        let (Some(&depth), Some(tag)) = (head.as_bytes().first(), head.get(1..)) else { continue };
        open.truncate(usize::from(depth.wrapping_sub(b'0')) + 1);
        let element = document.create_element(tag)?;
        for field in fields {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            let word;
            let value = match value.as_bytes() {
                [b'@', ..] => {
                    word = words.get(value.get(1..).unwrap_or_default());
                    &word
                }
                [b'$', nth, ..] => arguments.get(usize::from(nth.wrapping_sub(b'0'))).copied().unwrap_or_default(),
                _ => value,
            };
            if name.is_empty() {
                element.set_text_content(Some(value));
            } else if let Some(name) = name.strip_suffix('?') {
                if !value.is_empty() {
                    element.set_attribute(name, value)?;
                }
            } else {
                element.set_attribute(name, value)?;
            }
        }
        if let Some(parent) = open.last() {
            parent.append_child(&element)?;
        }
        open.push(element);
    }
    Ok(())
}

/// Draws `markup` instead of what is in `parent`.
pub(crate) fn redraw(parent: &Element, markup: &str, words: &Words, arguments: &[&str]) -> Made<()> {
    parent.set_text_content(None);
    draw(parent, markup, words, arguments)
}

/// Makes one element that is not on the page yet.
pub(crate) fn make(document: &Document, tag: &str) -> Made<HtmlElement> {
    Ok(document.create_element(tag)?.unchecked_into())
}

/// Finds an element inside another.
pub(crate) fn find(parent: &Element, selector: &str) -> Option<HtmlElement> {
    parent.query_selector(selector).ok().flatten().map(JsCast::unchecked_into)
}

/// Sets an attribute; a failure leaves the element without it.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Hides or shows.
pub(crate) fn hide(element: &Element, hidden: bool) {
    let _ = element.toggle_attribute_with_force("hidden", hidden);
}
