//! What is remembered beyond the visit, where the shopper lets us: see [`Past`].

use super::{Engine, Restoring};
use crate::journey::{PAST, Tally};
use crate::past::Past;
use crate::rng::hash;

impl Engine {
    /// The shopper decides whether that may be. It takes `measure` as well, and goes with it.
    pub(super) fn may_remember(&mut self, remember: Option<bool>) {
        if let Some(may) = remember
            && !(may && self.remembers)
        {
            // Where it ends, what was remembered goes, here and in storage.
            (self.remembers, self.past_is_new, self.past) = (may, !may, Past::NEW);
            self.journey.forget_past();
            if !may {
                self.close_lanes();
            }
            match self.restoring {
                // What reads may still have to come: then it is asked anew, and reads what may be read now.
                Some(why) if why != Restoring::Cache => self.look(why),
                _ => self.keep(),
            }
        }
    }

    /// Storage has answered. What this document knows and has not stored yet is newer.
    pub(super) fn recall(&mut self, past: Option<&str>) {
        if self.remembers && !self.past_is_new {
            self.past = Past::read(past.unwrap_or_default(), self.now);
        }
    }

    /// A visit goes on, or another one begins.
    pub(super) fn count_visit(&mut self) {
        if self.remembers && self.journey.tally(Tally::Visit) == 0 {
            let facts = self.past.visit(self.now);
            self.past_is_new = true;
            self.journey.tallies[PAST].copy_from_slice(&facts);
        }
    }

    /// An order was placed, whose number has this hash; 0 where it has none. Says whether it is a new one.
    pub(super) fn remember_order(&mut self, order: u64) -> bool {
        if self.remembers {
            let order = if order == 0 { 0 } else { hash(order, &self.config.key) };
            let new = self.past.order(self.now, order);
            self.past_is_new |= new;
            return new;
        }
        true
    }

    /// What is to be stored: nothing where that is nothing new, a dash where it is to be deleted.
    pub(super) fn past_to_keep(&mut self) -> String {
        match (std::mem::take(&mut self.past_is_new), self.remembers) {
            (false, _) => String::new(),
            (true, false) => "-".to_owned(),
            (true, true) => self.past.write(),
        }
    }
}
