//! Clicks and taps, as the page tells them. A listener is an owned value; dropping it takes it off the page.

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

#[wasm_bindgen(js_namespace = host)]
extern "C" {
    /// A click. What it means follows as an input.
    fn event(event: &Event);
}

/// Listens to the document: passively, so that nothing waits for us, and before the page's own listeners, which may change what was hit.
pub(crate) fn clicks(document: &EventTarget) -> EventListener {
    let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: true };
    EventListener::new_with_options(document, "click", options, event)
}
