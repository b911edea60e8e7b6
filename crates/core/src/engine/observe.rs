//! Observations: what feeds the friction detectors, and the frictions that they find on one page. Those that are found only along the
//! path are in `path.rs`.

use super::Engine;
use crate::consent::Consent;
use crate::input::{Arrival, Observation, Pointer};
use crate::json::Writer;
use crate::money;
use crate::name::Name;
use crate::timer::Timer;

impl Engine {
    /// Something was observed on the page.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn observed(&mut self, observation: Observation<'_>) {
        self.path_observed(observation);
    }

    /// A page is looked at; its template is known, its view not yet captured.
    pub(super) fn arrived(&mut self, how: Arrival) {
        self.path_arrived(how);
    }

    /// A touchpoint was captured; `data` is what leaves with it.
    pub(super) fn happened(&mut self, name: Name, data: &str) {
        self.path_happened(name, data);
    }

    /// The page goes out of sight: what was watched ends here.
    pub(super) fn settle(&mut self) {
        self.end_rage();
        self.path_settle();
        self.recount_all();
    }

    /// Whether the detector of `name` is on.
    pub(super) fn detects(&self, name: Name) -> bool {
        self.config.off & 1 << name as u64 == 0
    }

    /// A friction: how often it happened, how sure that is (in hundredths), and where.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn friction(&mut self, name: Name, count: u32, confidence: i64, target: &str) {
        if self.detects(name) {
            let mut out = Writer::default();
            out.raw("{");
            out.number_member("count", u64::from(count));
            out.key("confidence");
            money::write(&mut out, confidence);
            if !target.is_empty() {
                out.text_member("target", target);
            }
            out.raw("}");
            self.touchpoint(name, out.into_string(), 0);
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn pointer(&mut self, pointer: Pointer<'_>) {
        if self.consent != Consent::Denied {
            if !self.rage.goes_on(self.now, pointer) {
                self.end_rage();
                self.rage.begin(self.now, pointer);
            }
            if let Some(at) = self.rage.deadline() {
                self.timers.set(Timer::Rage, at);
            }
        }
    }

    /// The burst of clicks is over: no click came in its window, or it goes on elsewhere, or the page goes.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn end_rage(&mut self) {
        self.timers.stop(Timer::Rage);
        if let Some(burst) = self.rage.end() {
            self.friction(Name::RageClick, burst.count, burst.confidence(), &burst.target);
        }
    }
}
