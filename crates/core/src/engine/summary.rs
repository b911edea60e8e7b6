//! The journey as a whole: how long in which stage, how it felt, and the summary that leaves as it ends or is hidden.

use super::Engine;
use crate::name::Name;
use crate::stage::Stage;
use crate::time::Millis;

impl Engine {
    /// The shop tries something out.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn variant(&mut self, _name: &str, _value: &str) {}

    /// `stage` was entered at `at` by touchpoint `name`.
    pub(super) fn entered(&mut self, _at: Millis, _name: Name, _stage: Stage) {}

    /// An event named `name` was captured in the current stage.
    pub(super) fn counted(&mut self, _name: Name) {}

    /// Tells the journey so far, as the page is hidden or the journey ends.
    pub(super) fn summarise(&mut self) {}
}
