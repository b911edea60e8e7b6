//! An engine that has only the detectors: the journey is another engine's, which tells what happens and is told what is found.

use super::Engine;
use super::capture::Held;
use crate::config::Config;
use crate::consent::Consent;
use crate::effect::Effect;
use crate::friction::marks::MARKS;
use crate::input::{Arrival, Observation, Pointer};
use crate::journey::Tally;
use crate::json::Writer;
use crate::name::Name;
use crate::place::page_template;
use crate::record;
use crate::stage::Stage;
use crate::time::Millis;
use crate::words;

impl Engine {
    /// An engine that only watches.
    #[must_use]
    pub fn watcher(config: Config) -> Self {
        Self { config, ..Self::default() }
    }

    /// Time has come to `now`; what has become due is done after what follows.
    fn at(&mut self, now: Millis) {
        self.now = self.now.max(now);
    }

    /// A page is looked at: its path with its query. The journey hears of its view in the other engine.
    pub fn watch_page(&mut self, now: Millis, path: &str, how: Arrival) {
        self.at(now);
        self.path_seen(path);
        self.part();
        self.page.path = page_template(path);
        self.page.since = self.now;
        self.arrived(how);
    }

    /// A click or tap.
    pub fn watch_pointer(&mut self, now: Millis, pointer: Pointer<'_>) {
        self.at(now);
        self.pointer(pointer);
        self.tick_watch();
    }

    /// Something was observed.
    pub fn watch_observed(&mut self, now: Millis, observation: Observation<'_>) {
        self.at(now);
        self.observed(observation);
        self.tick_watch();
    }

    /// The page went out of sight, or came back.
    pub fn watch_visibility(&mut self, now: Millis, hidden: bool) {
        self.at(now);
        let again = std::mem::replace(&mut self.hidden, hidden);
        self.watch.hide(self.now, hidden, self.end());
        if hidden {
            self.settle(again);
            self.remember();
        }
        self.tick_watch();
    }

    /// The deadline has come.
    pub fn watch_tick(&mut self, now: Millis) {
        self.at(now);
        self.tick_watch();
    }

    /// Begins to watch, with what the other engine remembers: the marks of [`Effect::Watch`].
    pub fn resume(&mut self, now: Millis, marks: &str) {
        self.now = now;
        self.consent = Consent::Granted;
        let (id, marks) = words::cut(marks, b',');
        id.clone_into(&mut self.journey.id);
        // When the journey ends by its age is the other engine's to tell.
        (self.journey.start, self.journey.last) = (now, now);
        let marks = record::numbers(marks);
        if marks.len() == MARKS {
            self.journey.marks.copy_from_slice(&marks);
        }
    }

    /// A touchpoint was captured there: the lines of [`Effect::Happened`].
    pub fn hear(&mut self, text: &str) {
        let (id, rest) = words::cut(text, b'\n');
        let (page, rest) = words::cut(rest, b'\n');
        let (facts, rest) = words::cut(rest, b'\n');
        let (name, data) = words::cut(rest, b'\n');
        let facts = record::numbers(facts);
        let (Some(name), &[last, stage, orders, purchases, cart]) = (Name::parse(name), &*facts) else { return };
        let journey = &mut self.journey;
        if journey.id != id {
            id.clone_into(&mut journey.id);
            journey.marks = Default::default();
            self.watch = Default::default();
        }
        (journey.start, journey.last) = (Millis(last), Millis(last));
        self.now = self.now.max(journey.last);
        journey.stage = (stage > 0).then(|| Stage(stage as u8 - 1));
        journey.orders.resize(orders as usize, 0);
        journey.tallies[Tally::Purchases as usize] = purchases;
        journey.tallies[Tally::Cart as usize] = cart;
        page.clone_into(&mut self.page.path);
        self.happened(name, data);
    }

    /// What was found goes to the other engine.
    pub(super) fn pass_on(&mut self, held: Held) {
        let mut out = Writer::default();
        out.raw(held.name.as_str());
        out.raw("\n");
        out.number(held.at.0);
        out.raw("\n");
        out.raw(&held.page);
        out.raw("\n");
        out.raw(&held.data);
        self.effect(Effect::Found { text: out.into_string() });
    }

    /// What is to be remembered goes there too.
    fn remember(&mut self) {
        let mut out = Writer::default();
        record::list(&mut out, &self.journey.marks);
        self.effect(Effect::Marks { text: out.into_string() });
    }
}
