//! `polku replay`: scripted journeys in, one line each; what the engine makes of them out. The engine that runs here is the one of
//! the pages, to the byte; around it stands a simulated shop without surprises.

pub(crate) mod browser;
mod collector;
mod command;
mod framework;
mod journey;
mod judge;
pub(crate) mod line;
mod summary;
mod tree;

pub use command::run;
pub use journey::Journey;
pub use judge::{FEWEST, LEAST, Misjudged, Score, judge, scores};
pub use line::{Fault, OBSERVATIONS};
