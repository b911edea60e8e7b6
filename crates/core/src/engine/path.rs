//! Frictions that are found only along the path: over several pages, or over a long time on one.

use super::Engine;
use crate::input::{Arrival, Observation};
use crate::name::Name;

impl Engine {
    /// Something was observed on the page.
    pub(super) fn path_observed(&mut self, _observation: Observation<'_>) {}

    /// A page is looked at; its template is known, its view not yet captured.
    pub(super) fn path_arrived(&mut self, _how: Arrival) {}

    /// A touchpoint was captured; `data` is what leaves with it.
    pub(super) fn path_happened(&mut self, _name: Name, _data: &str) {}

    /// The page goes out of sight.
    pub(super) fn path_settle(&mut self) {}
}
