//! What the page tells by itself. Every listener is an owned value; dropping it takes it off the page.

use gloo_events::EventListener;
use web_sys::{Event, EventTarget};

use crate::host;

/// The listeners of one shell.
pub(crate) struct Listeners {
    _all: [EventListener; 4],
}

impl Listeners {
    /// Listens to the document and the window; passively, so that nothing waits for us.
    pub(crate) fn new(document: &EventTarget, window: &EventTarget) -> Self {
        let on = |target: &EventTarget, name: &'static str, run: fn(&Event)| EventListener::new(target, name, run);
        Self {
            _all: [
                on(document, "click", |event| host::event(0, event)),
                on(document, "visibilitychange", |event| host::event(1, event)),
                on(window, "pagehide", |event| host::event(2, event)),
                on(window, "pageshow", |event| host::event(3, event)),
            ],
        }
    }
}
