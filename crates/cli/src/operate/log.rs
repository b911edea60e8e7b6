//! What is written to standard error: start, stop, failures and slow requests, a line each.
//!
//! No line holds an address, a User-Agent, a key, an id or anything that a shopper wrote: what is logged is named at its place, one
//! field after the other, and never a request.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: a JSON object each.
    Json,
    /// Not at all.
    Off,
}

/// Begins to write. The libraries' own lines are left out: nobody here knows what they will say next year.
pub fn begin(format: Format) {
    let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), Level::INFO);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_target(false);
    let registry = tracing_subscriber::registry().with(ours);
    // Twice in one process is no harm.
    let _ = match format {
        Format::Text => registry.with(lines).try_init(),
        Format::Json => {
            registry.with(lines.json().flatten_event(true).with_current_span(false).with_span_list(false)).try_init()
        }
        Format::Off => Ok(()),
    };
}

/// Lets one line in a second through: a disk that is full is not filled with complaints about it.
#[derive(Debug, Default)]
pub struct Seldom {
    second: AtomicU64,
    held: AtomicU64,
}

impl Seldom {
    /// None yet.
    pub const fn new() -> Self {
        Self { second: AtomicU64::new(0), held: AtomicU64::new(0) }
    }

    /// Whether this line may be written, and how many were held back before it.
    pub fn now(&self) -> Option<u64> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if self.second.swap(now, Ordering::Relaxed) == now {
            self.held.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(self.held.swap(0, Ordering::Relaxed))
    }
}
