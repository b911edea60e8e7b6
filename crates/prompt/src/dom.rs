//! Making elements. No innerHTML, no style attributes: what a strict CSP forbids is not here.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement};

/// DOM calls fail only when the page has taken the DOM apart; then the prompt does not open or does not move on.
pub(crate) type Made<T> = Result<T, JsValue>;

/// Makes an element with attributes, written as one string: `class=card role=dialog`.
pub(crate) fn make(document: &Document, tag: &str, attributes: &str) -> Made<HtmlElement> {
    let element = document.create_element(tag)?;
    for attribute in attributes.split(' ') {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        element.set_attribute(name, value)?;
    }
    Ok(element.unchecked_into())
}

/// Makes an element inside another one, with text.
pub(crate) fn add(parent: &Element, tag: &str, attributes: &str, text: &str) -> Made<HtmlElement> {
    let document = parent.owner_document().ok_or(JsValue::NULL)?;
    let element = make(&document, tag, attributes)?;
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    parent.append_child(&element)?;
    Ok(element)
}

/// Sets an attribute; a failure leaves the element without it.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Finds one element inside another.
pub(crate) fn find(parent: &Element, selector: &str) -> Option<HtmlElement> {
    parent.query_selector(selector).ok().flatten().map(JsCast::unchecked_into)
}

/// A property of any value; undefined when it cannot be read.
pub(crate) fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}
