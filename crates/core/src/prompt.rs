//! What a prompt asks and in which order: pure data and one small state machine. No DOM, no clock, no network.
//!
//! A shop writes a definition as JSON; it is read into a [`Tree`]. [`Definition::new`] takes it if it can be run, [`problems`] says what is
//! wrong with it and where; [`Flow`] walks it with one shopper. When it opens, and for whom, others decide: here `when`, `who` and `limits` are
//! only checked.
//!
//! The definition stays the tree that it came as: structs with an owned string per field would be built, dropped and copied
//! by code that the module pays for in bytes, and would say no more.

mod answer;
mod check;
mod condition;
mod definition;
#[cfg(not(target_arch = "wasm32"))]
mod describe;
mod fields;
mod flow;
mod glob;
mod graph;
mod keep;
mod markup;
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
mod nearest;
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
mod opening;
mod order;
mod path;
mod problem;
mod step;
mod tree;
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
mod unread;
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
mod validate;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Refused, length};
pub use definition::{Definition, LONGEST_TEXT, MOST_CHOICES, MOST_STEPS};
#[cfg(not(target_arch = "wasm32"))]
pub use describe::{schema, types};
pub use flow::{Flow, Record};
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
pub use problem::Problem;
pub use problem::{Code, Level};
pub use step::{Ask, Choice, Kind, Step};
pub use tree::{MOST_BYTES, Tree};
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
pub use validate::problems;
