//! What a prompt asks and in which order: pure data and one small state machine. No DOM, no clock, no network.
//!
//! [`Definition`] is what a shop writes in `prompts.json`; [`validate`] says what is wrong with it and where;
//! [`Flow`] walks it with one shopper. The main module reads `when`, `who` and `limits` by itself: here they are ignored.

mod condition;
mod definition;
mod flow;
mod graph;
mod problem;
mod read;
mod tree;
mod validate;

#[cfg(test)]
mod tests;

pub use condition::{Condition, Value};
pub use definition::{Anchors, Branch, Definition, Kind, LONGEST_TEXT, MOST_STEPS, Step, Texts, in_language};
pub use flow::{Answer, Flow, Record, Refused};
pub use problem::{Code, Problem};
pub use tree::Tree;
pub use validate::validate;
