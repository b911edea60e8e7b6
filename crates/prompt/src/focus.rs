//! Where the focus is, where it came from, and how it moves: never by itself, never scrolling the page.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, FocusOptions, HtmlElement, Node, ShadowRoot};

/// Moves the focus without scrolling.
pub(crate) fn to(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

/// Whether the focus is inside the prompt.
pub(crate) fn is_inside(root: &ShadowRoot) -> bool {
    root.active_element().is_some()
}

/// The element outside that the focus came from, when it came from outside.
pub(crate) fn origin(frame: &Element, event: &FocusEvent) -> Option<HtmlElement> {
    let from = event.related_target()?;
    if frame.contains(from.dyn_ref::<Node>()) {
        return None;
    }
    from.dyn_into().ok()
}
