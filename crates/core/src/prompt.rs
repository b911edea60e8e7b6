//! What a prompt asks and in which order: pure data and one small state machine. No DOM, no clock, no network.
//!
//! A shop writes a definition as JSON; it crosses as a [`Tree`]. [`Definition::new`] checks it and says what is wrong and
//! where; [`Flow`] walks it with one shopper. The main module reads `when`, `who` and `limits` by itself: here they are
//! ignored.
//!
//! The definition stays the tree that it came as: structs with an owned string per field would be built, dropped and copied
//! by code that the module pays for in bytes, and would say no more.

mod condition;
mod definition;
mod flow;
mod graph;
mod problem;
mod tree;
mod validate;

#[cfg(test)]
mod tests;

pub use definition::{Anchors, Definition, Kind, LONGEST_TEXT, MOST_STEPS, Step};
pub use flow::{Answer, Flow, Record, Refused, length};
pub use problem::{Code, Problem};
pub use tree::Tree;
