//! The main module and the prompt's as one. On pages without WebAssembly each of them is JavaScript, and what both are made of (texts, numbers, the
//! allocator) would come twice.

pub use polku::{input, start};
pub use polku_prompt::call;
