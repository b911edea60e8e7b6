//! Storage: what this visit had kept, and what it keeps.

use super::shelf::unshelve;
use super::{Engine, Restoring};
use crate::door;
use crate::effect::{Effect, Topic};
use crate::error::Code;
use crate::journey::{IDLE, TALLIES, Tally};
use crate::json::Writer;
use crate::lane::{BOOKS, Book};
use crate::name::Name;
use crate::record::{self, Record};
use crate::timer::Timer;

impl Engine {
    /// Asks for what is stored.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn look(&mut self, why: Restoring) {
        self.restoring = Some(why);
        let shelf = !matches!(why, Restoring::Merge | Restoring::Idle);
        self.effect(Effect::Restore { past: self.remembers, shelf });
    }

    /// Storage has answered: go on with the visit, or begin one.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn restore(&mut self, visit: Option<&str>, tab: Option<&str>) {
        let Some(why) = self.restoring.take() else { return };
        // What was there has been taken away: on another page the shopper has withdrawn, or has cleared what sites keep.
        let stored = std::mem::replace(&mut self.stored, visit.is_some());
        if stored && visit.is_none() {
            return self.forget();
        }
        let mut visit = self.read(visit);
        // What this tab kept is no news to it, but for a page that slept or has just begun.
        let mut tab = self.read(tab.filter(|_| why != Restoring::Merge));
        if let Some(Record { journey, .. }) = visit.as_deref() {
            // Another document's clock was ahead of ours: the journey's time does not run backwards.
            let ahead = journey.last.since(self.now);
            if ahead < IDLE {
                self.skew += ahead;
                self.now = self.now.plus(ahead);
            }
            // A tab whose own visit is over does not bring that back, whatever the clocks say of the other one.
            let own = why != Restoring::Merge || journey.id == self.journey.id || !self.journey.is_over(self.now);
            if own && (ahead >= IDLE || journey.is_over(self.now)) {
                visit = None;
            }
        }
        let over = self.journey.is_over(self.now);
        // It slept while the shopper withdrew, and agreed to another visit: what it has was to be deleted.
        let withdrawn = why == Restoring::Cache
            && stored
            && !over
            && visit.as_deref().is_some_and(|visit| visit.journey.id != self.journey.id);
        if withdrawn {
            for lane in &mut self.lanes {
                lane.clear(true);
            }
        }
        let (mut fresh, mut first) = (false, false);
        self.other.clear();
        match visit.as_deref_mut() {
            // The visit that this tab is in: other tabs may have gone on with it.
            Some(Record { journey, .. }) if why != Restoring::Cache && journey.id == self.journey.id => {
                self.journey.merge(journey);
            }
            // Another tab has begun another one, as this tab was idle: the next page goes on with that.
            Some(Record { journey, .. }) if why == Restoring::Merge => {
                std::mem::swap(&mut self.other, &mut journey.id);
                self.journey.tallies[Tally::SentAny as usize] |= journey.tally(Tally::SentAny);
            }
            _ if why == Restoring::Merge => {}
            _ => {
                let own = &self.journey;
                // Storage was full when this page went to sleep, so that what it kept is older than what it knows.
                let captured = self.lanes[0].book(Book::Captured);
                let stale = |tab: &Record| tab.journey.id == own.id && tab.captured() < captured;
                match why {
                    Restoring::Cache if tab.as_deref().is_none_or(stale) => tab = None,
                    // What other pages of this tab left is newer than the memory of a page that slept.
                    Restoring::Cache => {
                        self.shelf_comes = true;
                        for lane in &mut self.lanes {
                            // What storage did not take is here alone.
                            lane.clear(false);
                        }
                    }
                    Restoring::Idle => {
                        tab = None;
                        self.page.door = door::read("", "", true, false, &self.framework);
                    }
                    // A visit that was under way when this document began was consented to before: then what it observed counts. Else only what
                    // came since it was told of the grant does, whoever has begun the visit meanwhile.
                    Restoring::Now => {
                        let refused = !self.held.iter().any(|held| held.name == Name::PageView);
                        if refused || visit.as_ref().is_none_or(|visit| visit.journey.start > self.began) {
                            self.held.drain(..self.before.min(self.held.len()));
                            self.ordered = false;
                            // What comes next happened before storage has answered.
                            let at = self.held.first().map_or(self.now, |held| held.at);
                            self.hold_page();
                            self.held[0].at = at;
                        }
                        self.shelf_comes = true;
                    }
                    _ => self.shelf_comes = true,
                }
                if why == Restoring::Cache && tab.is_none() && !over && !withdrawn {
                    if let Some(Record { journey, .. }) = visit.as_deref_mut() {
                        self.journey.merge(journey);
                    }
                    self.new_leg();
                } else {
                    (fresh, first) = (true, visit.is_none());
                    self.begin(visit.as_deref_mut(), tab.as_deref_mut());
                }
            }
        }
        // What this document's watcher remembers is older than what another page of the tab left.
        if !matches!(why, Restoring::Merge | Restoring::Idle) && (fresh || why != Restoring::Cache) {
            self.watched = true;
            self.dwell = 0;
            let memory = self.journey.memory.clone();
            self.effect(Effect::Watch { earlier: why != Restoring::Now, memory });
        }
        self.tell_may();
        self.count_visit();
        let released = !self.held.is_empty();
        self.release();
        if first {
            // For all tabs to see: two that begin at once are one visit.
            self.persist(false);
        }
        if why != Restoring::Merge {
            if self.hidden {
                // Left again already: what it held has just been told.
                self.happened(Name::JourneySummary.as_str(), "", self.journey.stage);
                self.keep();
            }
        } else if !self.hidden && self.timers.is_set(Timer::Persist) {
            // An order is claimed at once, for all tabs to see; what this tab holds can be much, and its timer is running.
            self.persist(false);
        } else {
            if self.hidden {
                self.leave();
            }
            if released {
                // The watcher has heard of more than what it was asked to remember.
                self.keep();
            } else {
                self.persist(true);
            }
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn read(&mut self, text: Option<&str>) -> Option<Box<Record>> {
        let record = record::read(text?, &self.framework);
        if record.is_none() {
            self.fail(Code::Damaged, "storage");
        }
        record
    }

    /// Begins a leg: of `visit` where it goes on, of a new visit otherwise.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn begin(&mut self, visit: Option<&mut Record>, tab: Option<&mut Record>) {
        self.seal_all();
        let same = visit.as_deref().is_some_and(|visit| visit.journey.id == self.journey.id);
        for lane in &mut self.lanes {
            lane.books = [0; BOOKS];
            for parcel in &mut lane.parcels {
                parcel.current = false;
                // The visit that it might be stored for is over.
                if !same && !self.remembers && parcel.keep {
                    (parcel.keep, parcel.kept) = (false, false);
                    unshelve(&mut self.effects, parcel.handle);
                }
            }
        }
        let journey = &mut self.journey;
        let known = journey.is_on();
        let mut staff = journey.tally(Tally::Staff);
        if let Some(visit) = visit {
            let before = &mut visit.journey;
            std::mem::swap(journey, before);
            // What the shop tries out on this page it tries out in whichever journey that belongs to.
            if !before.variants.is_empty() {
                std::mem::swap(&mut journey.variants, &mut before.variants);
            }
            // A tab that is opened in the middle of a visit has books of its own, and is no landing.
            staff |= journey.tally(Tally::Staff);
            let shared = Tally::Door as usize..Tally::Visits as usize;
            let tallies = journey.tallies;
            journey.tallies = [0; TALLIES];
            journey.tallies[shared.clone()].copy_from_slice(&tallies[shared]);
            journey.count(Tally::Pages, 1);
        } else {
            journey.id = self.entropy.id(16);
            journey.start = self.held.first().map_or(self.now, |held| held.at);
            journey.last = journey.start;
            journey.stage = None;
            let asked = journey.tally(Tally::Asked);
            journey.tallies = [0; TALLIES];
            journey.orders.clear();
            // What was asked before there was a journey was asked in this visit.
            if !known {
                journey.tallies[Tally::Asked as usize] = asked;
            }
            if !self.held.iter().any(|held| held.name == Name::PageView) {
                self.hold_page();
            }
        }
        self.journey.memory.clear();
        self.inherited = false;
        if let Some(tab) = tab {
            let same = tab.journey.id == self.journey.id;
            staff |= tab.journey.tally(Tally::Staff);
            if same {
                self.inherited = true;
                for (lane, books) in self.lanes.iter_mut().zip(&tab.books) {
                    lane.books = *books;
                }
                self.journey.tallies = tab.journey.tallies;
                std::mem::swap(&mut self.journey.memory, &mut tab.journey.memory);
                self.journey.stage = tab.journey.stage;
            }
        }
        // Whoever is of the staff stays so in this tab and this visit.
        self.journey.tallies[Tally::Staff as usize] = staff;
        self.new_leg();
        // The page may show itself as its stage wants it, before anything happens on it.
        if let Some(stage) = self.journey.stage {
            let mut out = Writer::object(0);
            out.word_member("stage", self.framework.name(stage));
            out.raw("}");
            self.notify(Topic::Stage, out.into_string());
        }
    }

    /// A new leg: what waits keeps the old one.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn new_leg(&mut self) {
        self.seal_all();
        self.journey.leg = self.entropy.id(5);
        self.journey.seq = 0;
        self.batches = 0;
    }

    /// Keeps the visit and this tab's snapshot, with what other tabs have added meanwhile.
    pub(super) fn keep(&mut self) {
        if self.journey.is_on() && self.restoring.is_none() {
            if self.watched {
                // What is there to be remembered?
                self.effect(Effect::Happened { text: String::new() });
            }
            self.look(Restoring::Merge);
        }
    }

    /// Stores the visit's record, and this tab's with `tab`.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn persist(&mut self, tab: bool) {
        if !self.journey.is_on() {
            return;
        }
        let visit =
            if self.other.is_empty() { record::write(&self.journey, &self.framework, None) } else { String::new() };
        let past = self.past_to_keep();
        let tab = if tab {
            self.timers.stop(Timer::Persist);
            record::write(&self.journey, &self.framework, Some(&self.lanes))
        } else {
            String::new()
        };
        let own = !tab.is_empty();
        self.effect(Effect::Persist { visit, past, tab });
        if own {
            for slot in std::mem::take(&mut self.done) {
                self.unshelve(slot);
            }
        }
    }
}
