//! What the watcher is told of the journey.

use super::Engine;
use crate::effect::Effect;
use crate::journey::Tally;
use crate::json::Writer;
use crate::stage::Stage;

impl Engine {
    /// Event `name` was captured with `data`, where the stage had been `before`. `journey_summary` asks for one; nothing only
    /// tells how the journey stands.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn happened(&mut self, name: &str, data: &str, before: Option<Stage>) {
        if self.watched && !self.is_staff() {
            let place = |stage: Option<Stage>| stage.map_or(0, |stage| u64::from(stage.0) + 1);
            let dwell = std::mem::take(&mut self.dwell);
            let journey = &self.journey;
            let mut out = Writer::sized(256);
            for text in [&journey.id, &journey.leg, &self.page.path] {
                out.raw(text);
                out.raw("\n");
            }
            let numbers = [
                journey.start.0,
                journey.last.since(journey.start),
                dwell,
                place(before),
                place(journey.stage),
                journey.orders.len() as u64,
                journey.tally(Tally::Door),
                journey.tally(Tally::LastDoor),
                journey.tally(Tally::Visit),
                journey.tally(Tally::Orders),
                journey.tally(Tally::Age),
            ];
            out.numbers(&numbers);
            out.raw("\n");
            self.write_variants(&mut out);
            for text in [name, data] {
                out.raw("\n");
                out.raw(text);
            }
            self.effect(Effect::Happened { text: out.into_string() });
        }
    }
}
