//! The shelf: what is unsent lies there in storage, each batch in a slot of its own that is written once, and what is in no batch yet
//! in one for each lane.

use super::Engine;
use crate::effect::Effect;
use crate::error::Code;
use crate::journey::IDLE;
use crate::json::Writer;
use crate::lane::Book;
use crate::parcel::Parcel;
use crate::time::Millis;
use crate::timer::{SOON, Timer};

/// Added to the lane that is stored with a batch: it may be kept beyond the visit. So many lanes there are never.
const BEYOND: usize = 16;

impl Engine {
    /// Something has to be stored. Where nobody sees the page its timers are late, and it may be taken away at any time: then at once.
    pub(super) fn shelf_soon(&mut self) {
        self.timers.sooner(Timer::Shelf, self.now.plus(if self.hidden { 0 } else { SOON }));
    }

    /// Stores what is in no batch yet.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn shelve_all(&mut self) {
        self.timers.stop(Timer::Shelf);
        if self.restoring.is_none() {
            for at in 0..self.lanes.len() {
                self.shelve_tail(at);
            }
        }
    }

    /// Stores one batch as it is now. One that is under way to a collector that could not tell if it came twice leaves only its number.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn shelve(&mut self, at: usize, place: usize) {
        let (may, now, beyond) = (self.may_shelve(), self.now.0, self.beyond());
        let lane = &mut self.lanes[at];
        if let Some(parcel) = lane.parcels.get_mut(place)
            && parcel.keep
            && may
        {
            parcel.kept = true;
            let text = parcel.write(at + beyond, now, "", parcel.flying && !lane.rules.dedupes);
            let slot = parcel.handle;
            self.effect(Effect::Shelve { slot, text });
        }
    }

    /// Stores what is in no batch yet, as the batch that it would make now: its events are the same, whoever sends them. More than that makes one.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn shelve_tail(&mut self, at: usize) {
        let kept = std::mem::take(&mut self.lanes[at].queue.kept);
        while self.lanes[at].is_long() && self.seal(at) {
            // Nothing else may happen on this page that sends it.
            let lane = &mut self.lanes[at];
            lane.flush_by(lane.rested);
        }
        let mut head = Writer::sized(512);
        let mut text = String::new();
        let full = self.lanes[at].queue.len() > 0 && self.may_shelve() && self.open_batch(at, &mut head);
        let beyond = self.beyond();
        let queue = &mut self.lanes[at].queue;
        let slot = queue.handle;
        if full {
            self.batches += 1;
            text = queue.write(at + beyond, self.now.0, head.as_str(), false);
        }
        queue.kept = full;
        if kept || full {
            self.effect(Effect::Shelve { slot, text });
        }
    }

    /// What may be kept for its visit alone is not kept any more when that is over: the machine may have slept.
    fn may_shelve(&self) -> bool {
        self.journey.is_on() && (self.remembers || !self.journey.is_over(self.now))
    }

    fn beyond(&self) -> usize {
        BEYOND * usize::from(self.remembers)
    }

    /// More is remembered no longer: what waits is kept for its visit alone. What waits for a collector that gets something only while more is
    /// remembered goes, and is told to nobody.
    pub(super) fn close_lanes(&mut self) {
        for at in 0..self.lanes.len() {
            for place in 0..self.lanes[at].parcels.len() {
                self.shelve(at, place);
            }
            self.shelve_tail(at);
            let lane = &mut self.lanes[at];
            if lane.rules.remember {
                for parcel in &lane.parcels {
                    unshelve(&mut self.effects, parcel.handle);
                }
                unshelve(&mut self.effects, lane.queue.handle);
                lane.clear(true);
            }
        }
    }

    pub(super) fn unshelve(&mut self, slot: u32) {
        unshelve(&mut self.effects, slot);
    }

    /// Storage took nothing.
    pub(super) fn unshelved(&mut self, slot: u32) {
        if let Some((at, place)) = self.place(slot) {
            self.lanes[at].parcels[place].kept = false;
        }
        self.fail(Code::NoRoom, "storage");
    }

    /// Something was found on this tab's shelf (`own`), or on one whose tab is gone. No text: that was all of this tab's.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn found_on_shelf(&mut self, slot: u32, text: &str, own: bool) {
        if !self.journey.is_on() || (own && !self.shelf_comes) {
            return;
        }
        if text.is_empty() {
            self.shelf_comes = false;
            let why = if std::mem::take(&mut self.shelf_damaged) { Book::Damaged } else { Book::PageLost };
            for at in 0..self.lanes.len() {
                let lane = &self.lanes[at];
                let (here, queued) = (lane.here(), lane.queued());
                // … or less.
                self.book(at, why, true, queued.saturating_sub(here) as usize, "");
            }
        } else if let Some((mut parcel, kept, stored)) = Parcel::read(slot, text)
            && let (at, beyond) = (kept % BEYOND, kept >= BEYOND)
            && let Some(lane) = self.lanes.get_mut(at)
        {
            let same = parcel.journey() == self.journey.id;
            let goes_on = same && !self.journey.is_over(self.now);
            parcel.current = own && same && self.inherited;
            let (events, stub) = (parcel.len(), parcel.is_stub());
            let age = self.now.since(Millis(stored));
            let late = age >= lane.rules.hours * 3_600_000;
            lane.parcels.push(parcel);
            // A page that was torn away may have stored more than it had entered into the books, …
            lane.books[Book::Captured as usize] += lane.here().saturating_sub(lane.queued());
            let place = lane.parcels.len() - 1;
            if late || !(goes_on || age < IDLE || beyond && self.remembers) {
                self.lose(at, place, Book::Expired, events);
            } else if stub {
                self.lose(at, place, Book::Unsure, events);
            } else {
                self.make_room(at);
            }
        } else {
            self.shelf_damaged |= own;
            self.unshelve(slot);
            self.fail(Code::Damaged, "storage");
        }
    }
}

/// Takes what lies in `slot` off the shelf.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn unshelve(effects: &mut Vec<Effect>, slot: u32) {
    effects.push(Effect::Shelve { slot, text: String::new() });
}
