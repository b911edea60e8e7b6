//! The shelf: what is unsent lies there in storage, each batch in a place of its own that is written once, and what is in no batch yet
//! in one for each lane.

use super::Engine;
use crate::effect::Effect;
use crate::error::Code;
use crate::json::Writer;
use crate::lane::{Book, Lane};
use crate::parcel::{Kept, Parcel};
use crate::timer::Timer;

/// What is captured is stored after this long at the latest, in ms. A page that dies before loses it.
const SOON: u64 = 200;
/// A queue of so many bytes becomes a batch when it is stored: it would be written again and again.
const LONG: usize = 8 * 1024;

impl Engine {
    /// Something has to be stored.
    pub(super) fn shelf_soon(&mut self) {
        self.timers.sooner(Timer::Shelf, self.now.plus(SOON));
    }

    /// Stores what is not stored yet.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn shelve_all(&mut self) {
        self.timers.stop(Timer::Shelf);
        if !self.journey.is_on() || self.restoring.is_some() {
            return;
        }
        for at in 0..self.lanes.len() {
            while self.lanes[at].queue.bytes() > LONG && self.seal(at) {}
            for place in 0..self.lanes[at].parcels.len() {
                if !self.lanes[at].parcels[place].kept {
                    self.shelve(at, place);
                }
            }
            if self.lanes[at].changed {
                self.shelve_tail(at);
            }
        }
    }

    /// Stores one batch as it is now. One that is under way to a collector that could not tell if it came twice leaves only its number.
    pub(super) fn shelve(&mut self, at: usize, place: usize) {
        let lane = &mut self.lanes[at];
        let parcel = &mut lane.parcels[place];
        if parcel.keep && self.journey.is_on() {
            parcel.kept = true;
            let body = if parcel.flying && !lane.rules.dedupes { "" } else { &parcel.body };
            let fixed = [at as u64, u64::from(self.remembers), self.now.0];
            let text = Kept::write(parcel.journey(), fixed, &parcel.marks, body);
            let slot = parcel.handle;
            self.effect(Effect::Shelve { slot, text });
        }
    }

    /// Stores what is in no batch yet, as the batch that it would make now: its events are the same, whoever sends them.
    pub(super) fn shelve_tail(&mut self, at: usize) {
        let mut text = String::new();
        let mut out = Writer::default();
        let full = self.lanes[at].queue.len() > 0 && self.open_batch(at, &mut out);
        if full {
            let lane = &self.lanes[at];
            let marks = lane.queue.copy(usize::MAX, usize::MAX, &mut out);
            self.batches += 1;
            let fixed = [at as u64, u64::from(self.remembers), self.now.0];
            text = Kept::write(&self.journey.id, fixed, &marks, out.as_str());
        }
        let lane = &mut self.lanes[at];
        (lane.tail, lane.changed) = (full, false);
        self.effect(Effect::Shelve { slot: Self::TAIL + at as u32, text });
    }

    /// A lane's collector is to get nothing of what waits for it.
    pub(super) fn clear_lane(&mut self, at: usize) {
        let rules = self.lanes[at].rules.clone();
        let lane = std::mem::replace(&mut self.lanes[at], Lane::new(rules));
        let stored = lane.parcels.iter().filter(|parcel| parcel.kept).map(|parcel| parcel.handle);
        for slot in stored.chain(lane.tail.then_some(Self::TAIL + at as u32)) {
            self.effect(Effect::Shelve { slot, text: String::new() });
        }
    }

    /// Storage took nothing.
    pub(super) fn unshelved(&mut self, slot: u32) {
        if let Some((at, place)) = self.place(slot) {
            self.lanes[at].parcels[place].kept = false;
        } else if let Some(lane) = self.lanes.get_mut(slot.wrapping_sub(Self::TAIL) as usize) {
            (lane.tail, lane.changed) = (false, true);
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
                let lane = &mut self.lanes[at];
                let (here, queued) = (lane.here(), lane.queued());
                // A page that was torn away may have stored more than it had entered into the books; or less.
                lane.books[Book::Captured as usize] += here.saturating_sub(queued);
                self.book(at, why, true, queued.saturating_sub(here) as usize, "");
            }
            return;
        }
        let kept = Kept::read(text);
        if let Some(Kept { journey, lane: at, remember, at: stored, marks, body }) = kept
            && at < self.lanes.len()
        {
            let same = journey == self.journey.id;
            let age = self.now.0.saturating_sub(stored) / 3_600_000;
            let lane = &self.lanes[at];
            let why = if !(same || (remember && self.remembers)) || age >= lane.rules.hours {
                Some(Book::Expired)
            } else if body.is_empty() {
                Some(Book::Unsure)
            } else {
                None
            };
            let current = own && same && self.inherited;
            let parcel = Parcel { handle: slot, body, marks, current, keep: true, kept: true, ..Parcel::default() };
            let events = parcel.len();
            let lane = &mut self.lanes[at];
            lane.parcels.push(parcel);
            if let Some(why) = why {
                self.lose(at, self.lanes[at].parcels.len() - 1, why, events);
            } else {
                self.make_room(at);
            }
        } else {
            self.shelf_damaged |= own;
            self.effect(Effect::Shelve { slot, text: String::new() });
            self.fail(Code::Damaged, "storage");
        }
    }
}
