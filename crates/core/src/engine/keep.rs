//! Storage: what this visit had kept, and what it keeps.

use super::{Engine, Restoring};
use crate::batch::{self, Sealed};
use crate::effect::Effect;
use crate::error::Code;
use crate::journey::{IDLE, Tally};
use crate::json::Writer;
use crate::name::Name;
use crate::record::{self, Record};
use crate::timer::Timer;

impl Engine {
    /// Storage has answered: go on with the visit, or begin one.
    pub(super) fn restore(&mut self, visit: Option<&str>, tab: Option<&str>) {
        let Some(why) = self.restoring.take() else { return };
        let mut visit = self.read(visit);
        let mut tab = self.read(tab);
        if let Some(Record { journey, .. }) = &visit {
            // Another document's clock was ahead of ours: the journey's time does not run backwards.
            let ahead = journey.last.since(self.now);
            if ahead < IDLE {
                self.skew += ahead;
                self.now = self.now.plus(ahead);
            }
            if ahead >= IDLE || journey.is_over(self.now) {
                visit = None;
            }
        }
        match (why, &visit) {
            // Another tab kept the visit alive.
            (Restoring::Idle, Some(visit)) if visit.journey.id == self.journey.id => {
                self.journey.last = visit.journey.last
            }
            // Storage is shut: go on from memory, under a leg of its own.
            (Restoring::Cache, _) if visit.is_none() || tab.is_none() => self.new_leg(),
            _ => {
                match why {
                    // What other pages of this tab left is newer than the memory of a page that slept.
                    Restoring::Cache => {
                        self.queue.clear();
                        self.sealed.clear();
                    }
                    Restoring::Idle => {
                        tab = None;
                        self.page.door = "unknown";
                    }
                    // A visit that is under way was consented to on an earlier page: then what this document observed counts.
                    Restoring::Now if visit.is_none() => {
                        self.held.clear();
                        self.forget_met();
                    }
                    _ => {}
                }
                self.begin(visit, tab);
            }
        }
        self.release();
        self.want_prompts();
    }

    fn read(&mut self, text: Option<&str>) -> Option<Record> {
        let record = record::read(text?);
        if record.is_none() {
            self.fail(Code::Damaged, "storage");
        }
        record
    }

    /// Begins a leg: of `visit` where it goes on, of a new visit otherwise.
    fn begin(&mut self, visit: Option<Record>, tab: Option<Record>) {
        self.seal_all();
        let journey = &mut self.journey;
        let known = journey.is_on();
        if let Some(visit) = visit {
            *journey = visit.journey;
            // A tab that is opened in the middle of a visit has books of its own, and is no landing.
            journey.tallies = Default::default();
            journey.count(Tally::Pages, 1);
        } else {
            journey.id = self.entropy.id(16);
            journey.start = self.held.first().map_or(self.now, |held| held.at);
            journey.last = journey.start;
            journey.stage = None;
            journey.tallies = Default::default();
            journey.orders.clear();
            // What was asked before there was a journey was asked in this visit.
            if known {
                journey.asked.clear();
            }
            if !self.held.iter().any(|held| held.name == Name::PageView) {
                self.hold_page();
            }
        }
        if let Some(tab) = tab {
            for (body, events) in tab.batches {
                self.handles += 1;
                self.sealed.push(Sealed { handle: self.handles, body, events, keep: true, flying: false });
            }
            if tab.journey.id == self.journey.id {
                self.journey.tallies = tab.journey.tallies;
                self.journey.stage = tab.journey.stage;
            }
        }
        self.new_leg();
    }

    /// A new leg: what waits keeps the old one.
    fn new_leg(&mut self) {
        self.seal_all();
        self.journey.leg = self.entropy.id(5);
        self.journey.seq = 0;
        self.batches = 0;
    }

    /// Keeps the visit and this tab's snapshot, if that is allowed.
    pub(super) fn persist(&mut self) {
        self.timers.stop(Timer::Persist);
        // What is still in the queue is kept as the batch that it would make now: its events are the same, whoever sends them.
        let mut waiting = Writer::default();
        if !self.open_batch(&mut waiting) {
            return;
        }
        waiting.truncate(waiting.as_str().len() - batch::CLOSE.len());
        let events = self.queue.copy(&mut waiting);
        waiting.raw(batch::CLOSE);
        let mut batches = Vec::new();
        for sealed in &self.sealed {
            if sealed.keep {
                batches.push((sealed.body.as_str(), sealed.events));
            }
        }
        if events > 0 {
            self.batches += 1;
            batches.push((waiting.as_str(), events));
        }
        let visit = record::write(&self.journey, &[]);
        let tab = record::write(&self.journey, &batches);
        self.effect(Effect::Persist { visit, tab });
    }
}
