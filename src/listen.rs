//! What the page tells by itself. Every listener is an owned value; dropping it takes it off the page.

use gloo_events::{EventListener, EventListenerOptions};
use polku_core::Input;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventTarget, PageTransitionEvent};

use crate::{driver, page::Place, pointer};

/// The listeners of one shell.
pub(crate) struct Listeners {
    _all: [EventListener; 4],
}

impl Listeners {
    /// Listens; `None` where there is no window.
    pub(crate) fn new() -> Option<Self> {
        let window = web_sys::window()?;
        let document = window.document()?;
        let on = |target: &EventTarget, name: &'static str, run: fn(&Event)| EventListener::new(target, name, run);
        let clicks = EventListener::new_with_options(
            &document,
            "click",
            // The capture phase hears also of clicks that the shop stops; passive, so that nothing waits for us.
            EventListenerOptions::run_in_capture_phase(),
            pointer::click,
        );
        Some(Self {
            _all: [
                clicks,
                on(&document, "visibilitychange", |_| {
                    driver::now(Input::Visibility { hidden: hidden() });
                }),
                on(&window, "pagehide", |_| driver::now(Input::Visibility { hidden: true })),
                on(&window, "pageshow", pageshow),
            ],
        })
    }
}

fn hidden() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| document.hidden())
}

/// A page that comes back from the back/forward cache is a page view of its own.
fn pageshow(event: &Event) {
    if event
        .dyn_ref::<PageTransitionEvent>()
        .is_some_and(|event| event.persisted())
    {
        driver::now(Input::Visibility { hidden: false });
        if let Some(place) = Place::read() {
            place.view_now(true);
        }
    }
}
