//! The browser's two clocks.

use polku_core::{Clock, Millis};

fn mono() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

/// A clock that starts from both.
pub(crate) fn new() -> Clock {
    Clock::new(js_sys::Date::now(), mono())
}

/// The moment now.
pub(crate) fn now(clock: &mut Clock) -> Millis {
    clock.now(js_sys::Date::now(), mono())
}
