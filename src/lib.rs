//! The browser shell of Polku: it listens, hands what it sees to the [engine](polku_core), and does what comes back.
//!
//! No decision is made here. `driver` is the only place that knows the engine. What JS does better (promises, the page's
//! callbacks, lazily loaded modules, reading elements) is asked of `host`. The functions below are what `www/core.js` calls;
//! shops call the loader, which calls that. None of them throws.

mod api;
mod driver;
mod host;
mod listen;

pub use api::{input, start};

/// Small, and fast enough for one event at a time: the default allocator costs every page 1.4 kB more.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
