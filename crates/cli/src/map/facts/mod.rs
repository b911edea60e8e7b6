//! All journeys in memory, as little of each as the views count. A view is a walk over them: a million take a tenth of a second, whatever is asked.

pub mod fact;
pub mod filter;
pub mod names;
mod shelf;

pub use fact::{Fact, Feeling, Moment, Said, Words, newest};
pub use filter::{Chosen, Filter};
pub use names::{ById, Id, NONE};
pub use shelf::{Facts, Readiness, Shelf};
