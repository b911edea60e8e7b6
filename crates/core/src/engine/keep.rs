//! Storage: what this visit had kept, and what it keeps.

use super::{Engine, Restoring};
use crate::batch::{self, Sealed};
use crate::consent::Consent;
use crate::effect::Effect;
use crate::error::Code;
use crate::journey::{Journey, Tally};
use crate::json::Writer;
use crate::snapshot::{self, Snapshot};
use crate::timer::Timer;
use crate::visit::Visit;

impl Engine {
    /// Storage has answered: go on with the visit, or begin one.
    pub(super) fn restore(&mut self, visit: Option<&str>, tab: Option<&str>) {
        let Some(why) = self.restoring.take() else { return };
        let read = visit.and_then(Visit::read);
        let snapshot = tab.and_then(snapshot::read);
        if (visit.is_some() && read.is_none()) || (tab.is_some() && snapshot.is_none()) {
            self.fail(Code::Damaged, "storage");
        }
        if let Some(read) = &read {
            // Another document's clock was ahead of ours: the journey's time does not run backwards.
            let ahead = read.last.since(self.now);
            if ahead < crate::journey::IDLE {
                self.skew += ahead;
                self.now = self.now.plus(ahead);
            }
        }
        let read = read.filter(|visit| !visit.is_over(self.now) && visit.last.since(self.now) == 0);
        let fresh = match (why, &self.journey) {
            // The shopper came back to a page that slept: what other pages of this tab left is newer than its memory.
            (Restoring::Cache, Some(_)) => match (read, snapshot) {
                (Some(visit), Some(snapshot)) => {
                    self.queue.clear();
                    self.sealed.clear();
                    self.begin(Some(visit), Some(snapshot))
                }
                // Storage is shut: go on from memory, under a leg of its own.
                _ => {
                    self.new_leg();
                    false
                }
            },
            (Restoring::Idle, Some(journey)) => match read {
                // Another tab kept the visit alive.
                Some(visit) if visit.id == journey.id => {
                    self.visit.last = self.visit.last.max(visit.last);
                    if let Some(journey) = &mut self.journey {
                        journey.last = self.visit.last;
                    }
                    false
                }
                read => {
                    self.seal_all();
                    for sealed in &mut self.sealed {
                        sealed.current = false;
                    }
                    self.page.door = "unknown";
                    self.begin(read, None)
                }
            },
            _ => {
                // A visit that is under way was consented to on an earlier page: then what this document observed counts.
                if why == Restoring::Now && read.is_none() {
                    self.held.clear();
                    self.forget_met();
                }
                self.begin(read, snapshot)
            }
        };
        if fresh && !self.holds_page() {
            self.record_page();
        }
        self.release();
        self.want_prompts();
    }

    /// Begins a leg: of `visit` where it goes on, of a new visit otherwise. Says whether it is new.
    fn begin(&mut self, visit: Option<Visit>, snapshot: Option<Snapshot>) -> bool {
        let fresh = visit.is_none();
        let now = self.first_held().unwrap_or(self.now);
        self.visit = visit.unwrap_or_else(|| Visit {
            id: self.entropy.id(16),
            start: now,
            last: now,
            ..Visit::default()
        });
        let mut journey = Journey {
            id: self.visit.id.clone(),
            start: self.visit.start,
            last: self.visit.last,
            stage: self.visit.stage,
            ..Journey::default()
        };
        // A tab that is opened in the middle of a visit is no landing.
        journey.count(Tally::Pages, u64::from(!fresh));
        if let Some(snapshot) = snapshot {
            for (body, events) in snapshot.batches {
                self.handles += 1;
                // A batch of the visit before this one may still wait.
                let current = batch::is_of(&body, &self.visit.id);
                self.sealed.push(Sealed {
                    handle: self.handles,
                    body,
                    events,
                    current,
                    keep: true,
                    flying: false,
                });
            }
            if snapshot.id == self.visit.id {
                journey.stage = snapshot.stage;
                journey.tallies = snapshot.tallies;
            }
        }
        self.journey = Some(journey);
        self.new_leg();
        fresh
    }

    /// A new leg: what waits keeps the old one.
    fn new_leg(&mut self) {
        self.seal_all();
        let leg = self.entropy.id(5);
        if let Some(journey) = &mut self.journey {
            journey.leg = leg;
            journey.seq = 0;
        }
        self.batches = 0;
    }

    /// Keeps the visit and this tab's snapshot, if that is allowed.
    pub(super) fn persist(&mut self) {
        self.timers.stop(Timer::Persist);
        let (Some(journey), Consent::Granted(grant)) = (&self.journey, &self.consent) else {
            return;
        };
        // What is still in the queue is kept as the batch that it would make now: its events are the same, whoever sends them.
        let mut waiting = Writer::default();
        let events = self.queue.len() as u64;
        if events > 0 {
            let number = self.batches + 1;
            batch::open(&mut waiting, &self.config, number, self.now, journey, grant);
            self.queue.copy(&mut waiting);
            batch::close(&mut waiting);
            self.batches = number;
        }
        let mut batches = Vec::new();
        for sealed in &self.sealed {
            if sealed.keep {
                batches.push((sealed.body.as_str(), sealed.events));
            }
        }
        if events > 0 {
            batches.push((waiting.as_str(), events));
        }
        let tab = snapshot::write(journey, &batches);
        self.effects.push(Effect::Persist {
            visit: self.visit.write(),
            tab,
        });
    }
}
