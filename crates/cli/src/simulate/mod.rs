//! `polku simulate`: the engine of the pages against a simulated browser, network, storage, clock and collector that fail in every way we
//! know, and a judge who knows what is true.
//!
//! ```text
//! shopper, chaos ─▶ script ─▶ world ─▶ tab (engine and shell) ─▶ browser: clocks, storage, network ─▶ judge
//! ```
//!
//! A journey is a [`script`](script::Script) that is drawn from a seed and its number: a list of inputs and faults with times. All that is left
//! to chance while it runs (latencies, ids) comes from one number in it, so that a list can be shortened and run again.

mod browser;
mod chaos;
mod clock;
mod command;
pub(crate) mod dice;
mod faults;
mod judge;
mod locks;
mod network;
mod script;
mod shopper;
mod shrink;
mod storage;
mod tab;
#[cfg(test)]
mod tests;
mod world;

pub use command::run;
pub use faults::Faults;
pub(crate) use faults::help;
