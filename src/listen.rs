//! What the page tells by itself. Every listener is an owned value; dropping it takes it off the page.

use gloo_events::EventListener;
use web_sys::EventTarget;

use crate::host;

/// The listeners of one shell.
pub(crate) struct Listeners {
    _all: [EventListener; 3],
}

impl Listeners {
    /// Listens to the document and the window; passively, so that nothing waits for us.
    pub(crate) fn new(document: &EventTarget, window: &EventTarget) -> Self {
        let on = |target: &EventTarget, name: &'static str, kind: u8| {
            EventListener::new(target, name, move |event| host::event(kind, event))
        };
        Self { _all: [on(document, "visibilitychange", 0), on(window, "pagehide", 1), on(window, "pageshow", 2)] }
    }
}
