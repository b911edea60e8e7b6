//! What the engine says of the journey each time that it captures something.

use super::walk::Count;
use super::{Told, Watcher};
use crate::name::Name;
use crate::stage::Stage;
use crate::time::Millis;
use crate::words;

/// The journey, as far as the engine has told of it. Before it has there is none.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) id: String,
    pub(super) start: Millis,
    pub(super) last: Millis,
    /// How many orders the visit has, in all its tabs.
    pub(super) orders: u64,
    /// The stage that is current.
    pub(super) stage: Option<Stage>,
    /// The doors of the first and of the last touch: places in `door::WORDS`.
    pub(super) doors: [u64; 2],
    /// With `remember`: the visit's number from 1, how many orders there were before it, and the days since the newest of them.
    pub(super) past: [u64; 3],
    /// What the shop tries out: an object of JSON.
    pub(super) variants: String,
}

impl Heard {
    /// Whether there is a journey.
    pub(super) fn is_on(&self) -> bool {
        self.last.0 > 0
    }

    /// Whether it has ended by `now`.
    pub(super) fn is_over(&self, now: Millis) -> bool {
        crate::journey::is_over(self.start, self.last, now)
    }
}

impl Watcher {
    /// The engine has captured something: the lines of [`Effect::Happened`](crate::Effect::Happened).
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn hear(&mut self, text: &str) {
        if text.is_empty() {
            // The page is about to store what it knows.
            return self.told.push(Told::Memory(self.memory()));
        }
        let mut lines = [""; 6];
        let mut rest = text;
        for line in &mut lines {
            (*line, rest) = words::cut(rest, b'\n');
        }
        let [id, leg, page, numbers, variants, name] = lines;
        let numbers = words::numbers(numbers);
        let &[start, length, dwell, before, stage, orders, door, last_door, visit, past, age] = &*numbers else {
            return;
        };
        if self.heard.id != id {
            self.forget();
            id.clone_into(&mut self.heard.id);
        }
        if self.walk.tab.is_empty() {
            leg.clone_into(&mut self.walk.tab);
        }
        let stage_of = |number: u64| number.checked_sub(1).map(|place| Stage(place as u8));
        let before = stage_of(before);
        let heard = &mut self.heard;
        heard.start = Millis(start);
        heard.last = heard.start.plus(length);
        heard.orders = orders;
        heard.stage = stage_of(stage);
        heard.doors = [door, last_door];
        heard.past = [visit, past, age];
        variants.clone_into(&mut heard.variants);
        // Another document's clock was ahead of this one's: time does not run backwards here either.
        let ahead = heard.last.since(self.now);
        self.skew += ahead;
        self.now = self.now.plus(ahead);
        page.clone_into(&mut self.page);
        self.walk.dwell(before, dwell);
        match Name::parse(name) {
            // The journey is about to end.
            Some(Name::JourneySummary) => self.summarise(),
            Some(Name::StageEnter) => {
                let at = self.at();
                self.walk.enter(before, self.heard.stage, at, rest);
                self.walk.counts[Count::Told as usize] = 0;
            }
            Some(name) => {
                self.counted(name, rest, before);
                self.compare_heard(name, rest);
                self.happened(name, rest);
            }
            None => self.compare_known(),
        }
    }

    /// The journey's age at its newest moment, in ms, in steps of 100.
    pub(super) fn at(&self) -> u64 {
        self.heard.last.since(self.heard.start) / 100 * 100
    }
}
