//! The little JSON that Polku speaks: a scanner that borrows and never panics, and a writer.
//!
//! A whole JSON library costs every page 15 kB; what enters here is a handful of known shapes.

#[cfg(any(feature = "format", all(feature = "prompt", not(target_arch = "wasm32"))))]
mod plain;
mod scan;
mod text;
mod write;

#[cfg(any(feature = "format", all(feature = "prompt", not(target_arch = "wasm32"))))]
pub(crate) use plain::plain;
#[cfg(feature = "format")]
pub(crate) use plain::unescape;
pub(crate) use scan::Scan;
pub use text::{first_chars, inside};
pub use write::Writer;
