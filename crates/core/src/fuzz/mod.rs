//! What the fuzz targets do: each takes any bytes, drives a part of the core with them, and panics where something does not hold that has to.
//!
//! `fuzz/` holds the programs around these, and a corpus for each. They are compiled with the crate's tests, which replay the corpora;
//! `cargo xtask fuzz TARGET` looks for more. The bytes of all targets but `inputs` are text, so that what fails can be read and
//! written by hand: each file says how.

mod answers;
mod config;
mod inputs;
#[cfg(feature = "desk")]
mod messages;
#[cfg(feature = "format")]
mod preset;
#[cfg(feature = "scrub")]
mod scrub;
mod shell;
mod stored;
#[cfg(test)]
mod tests;

pub use answers::answers;
pub use config::config;
pub use inputs::inputs;
#[cfg(feature = "desk")]
pub use messages::messages;
#[cfg(feature = "format")]
pub use preset::preset;
#[cfg(feature = "scrub")]
pub use scrub::scrub;
pub use stored::stored;

/// What a target does with bytes.
pub type Target = fn(&[u8]);

/// The targets by name, which is also their file in `fuzz/fuzz_targets/` and their folder in `fuzz/corpus/`.
pub const TARGETS: &[(&str, Target)] = &[
    ("answers", answers),
    ("config", config),
    ("inputs", inputs),
    #[cfg(feature = "desk")]
    ("messages", messages),
    #[cfg(feature = "format")]
    ("preset", preset),
    #[cfg(feature = "scrub")]
    ("scrub", scrub),
    ("stored", stored),
];

/// The first line, and the rest.
fn line(text: &str) -> (&str, &str) {
    crate::words::cut(text, b'\n')
}

/// The first word, and the rest.
fn word(text: &str) -> (&str, &str) {
    crate::words::cut(text, b' ')
}

/// The number that a word begins with digits of; 0 without.
fn number(word: &str) -> u64 {
    word.parse().unwrap_or_default()
}
