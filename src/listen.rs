//! What the page tells by itself. Every listener is an owned value; dropping it takes it off the page.

use gloo_events::EventListener;
use polku_core::Input;
use web_sys::{Event, EventTarget};

use crate::{driver, host};

/// The listeners of one shell.
pub(crate) struct Listeners {
    _all: [EventListener; 4],
}

impl Listeners {
    /// Listens to the document and the window.
    pub(crate) fn new(document: &EventTarget, window: &EventTarget) -> Self {
        // Passive, so that nothing waits for us.
        let on = |target: &EventTarget, name: &'static str, run: fn(&Event)| EventListener::new(target, name, run);
        Self {
            _all: [
                on(document, "click", host::hit),
                on(document, "visibilitychange", |_| visibility(host::hidden())),
                on(window, "pagehide", |_| visibility(true)),
                on(window, "pageshow", host::show),
            ],
        }
    }
}

fn visibility(hidden: bool) {
    driver::now(Input::Visibility { hidden });
}
