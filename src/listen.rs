//! What the page tells by itself. Every listener is an owned value; dropping it takes it off the page.

use gloo_events::{EventListener, EventListenerOptions};
use polku_core::Input;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

use crate::driver;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: EventTarget;
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static DOCUMENT: EventTarget;
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static PAGE: Page;

    type Page;
    #[wasm_bindgen(method, getter)]
    fn hidden(this: &Page) -> bool;

    type Transition;
    #[wasm_bindgen(method, getter)]
    fn persisted(this: &Transition) -> bool;
}

/// The listeners of one shell.
pub(crate) struct Listeners {
    _all: [EventListener; 4],
}

impl Listeners {
    /// Listens to the document and the window.
    pub(crate) fn new() -> Self {
        // The capture phase hears also of what the shop stops; passive, so that nothing waits for us.
        let on = |target: &EventTarget, name: &'static str, run: fn(&Event)| {
            EventListener::new_with_options(target, name, EventListenerOptions::run_in_capture_phase(), run)
        };
        WINDOW.with(|window| {
            DOCUMENT.with(|document| Self {
                _all: [
                    on(document, "click", |event| driver::host(|host| host.hit(event))),
                    on(document, "visibilitychange", |_| visibility(PAGE.with(Page::hidden))),
                    on(window, "pagehide", |_| visibility(true)),
                    on(window, "pageshow", pageshow),
                ],
            })
        })
    }
}

fn visibility(hidden: bool) {
    driver::now(Input::Visibility { hidden });
}

/// A page that comes back from the back/forward cache is a page view of its own.
fn pageshow(event: &Event) {
    if event.unchecked_ref::<Transition>().persisted() {
        visibility(false);
        driver::host(|host| host.page(true));
    }
}
