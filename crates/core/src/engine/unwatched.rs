//! An engine without detectors: they are in a module of their own, which is told what happens and tells what it finds.

use super::Engine;
use crate::effect::Effect;
use crate::input::{Arrival, Observation, Pointer};
use crate::journey::Tally;
use crate::json::Writer;
use crate::name::Name;
use crate::record;

impl Engine {
    pub(super) fn observed(&mut self, _: Observation<'_>) {}

    pub(super) fn pointer(&mut self, _: Pointer<'_>) {}

    pub(super) fn path_seen(&mut self, _: &str) {}

    pub(super) fn part(&mut self) {}

    pub(super) fn arrived(&mut self, _: Arrival) {}

    pub(super) fn settle(&mut self, _: bool) {}

    /// A touchpoint was captured; `data` is what leaves with it.
    pub(super) fn happened(&mut self, name: Name, data: &str) {
        if self.watched {
            let journey = &self.journey;
            let mut out = Writer::default();
            out.raw(&journey.id);
            out.raw("\n");
            out.raw(&self.page.path);
            out.raw("\n");
            let facts = [
                journey.last.0,
                journey.stage.map_or(0, |stage| u64::from(stage.0) + 1),
                journey.orders.len() as u64,
                journey.tally(Tally::Purchases),
                journey.tally(Tally::Cart),
            ];
            record::list(&mut out, &facts);
            out.raw("\n");
            out.raw(name.as_str());
            out.raw("\n");
            out.raw(data);
            self.effect(Effect::Happened { text: out.into_string() });
        }
    }
}
