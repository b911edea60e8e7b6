//! The documentation holds: every block of code in it is run by somebody, what is made of the sources says what they say, the tutorial leads to a map, and
//! the site can be read by anybody.
//!
//! A block says by its language how it is run (`fence.rs` has the list), and where that is not enough by words behind it. One that nobody runs is a
//! mistake. `BLESS=1` writes the pages that are made of the sources anew.

mod code;
mod data;
mod fence;
mod listed;
mod made;
mod sandbox;
mod shell;
mod site;
mod tutorial;
