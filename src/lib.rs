//! The browser shell of Polku: it hands what the page tells to the [engine](polku_core), and does what comes back.
//!
//! No decision is made here. `driver` is the only place that knows the engine. What JS does better (promises, the page's
//! callbacks, lazily loaded modules, reading elements) is asked of `host`. The functions below are what `www/core.js` calls;
//! shops call the loader, which calls that. None of them throws.

mod api;
mod driver;
mod host;

pub use api::{input, start};

/// The smallest that frees memory again: the default allocator costs every page 1.8 kB more, talc 0.4. The heap holds a queue and
/// a handful of texts, so that a walk along its free blocks is short.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: a module without shared memory, which this target makes, has one thread.
#[allow(unsafe_code)]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };
