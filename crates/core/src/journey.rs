//! One visit's path: who it is, where it stands, and the books of what was captured.

use crate::json::Writer;
use crate::name::Name;
use crate::stage::{self, Facts, Stage};
use crate::time::Millis;

/// A journey ends after this much idleness, in ms (30 min: what every peer uses).
pub(crate) const IDLE: u64 = 30 * 60_000;
/// … and at the latest after this long, in ms.
pub(crate) const LONGEST: u64 = 24 * 3_600_000;

/// Why an event was dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u8)]
pub(crate) enum Dropped {
    /// The queue was full.
    Full,
    /// The collector rejected it.
    Rejected,
    /// The collector refused its batch.
    Refused,
    /// It was stored, and what was stored was damaged.
    Damaged,
}

impl Dropped {
    const NAMES: [&str; 4] = ["full", "rejected", "refused", "damaged"];
}

/// How many events of this journey went which way, in this tab: captured = sent + queued + dropped.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Loss {
    pub(crate) captured: u64,
    pub(crate) sent: u64,
    pub(crate) dropped: [u64; 4],
}

impl Loss {
    /// Counts `events` as dropped.
    pub(crate) fn drop(&mut self, why: Dropped, events: u64) {
        self.dropped[why as usize] += events;
    }

    /// Events that are neither sent nor dropped.
    pub(crate) fn queued(&self) -> u64 {
        self.captured
            .saturating_sub(self.sent + self.dropped.iter().sum::<u64>())
    }

    /// Writes the object.
    pub(crate) fn write(&self, out: &mut Writer) {
        out.raw("{");
        out.number_member("captured", self.captured);
        out.number_member("sent", self.sent);
        out.number_member("queued", self.queued());
        out.key("dropped");
        out.raw("{");
        for (name, &count) in Dropped::NAMES.iter().zip(&self.dropped) {
            if count > 0 {
                out.number_member(name, count);
            }
        }
        out.raw("}}");
    }
}

/// What a tab knows of its journey, and takes along from page to page.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Journey {
    /// 16 base-32 characters.
    pub(crate) id: String,
    /// 5 base-32 characters: this engine in this document.
    pub(crate) leg: String,
    pub(crate) start: Millis,
    pub(crate) last: Millis,
    /// The number of the leg's newest event.
    pub(crate) seq: u64,
    pub(crate) stage: Option<Stage>,
    /// How often each stage was entered.
    pub(crate) visits: [u64; 5],
    pub(crate) pages: u64,
    pub(crate) purchases: u64,
    /// Something was put into the cart, and neither bought nor all taken out.
    pub(crate) cart: u64,
    pub(crate) loss: Loss,
    /// Something was sent, so that a withdrawal has something to erase.
    pub(crate) sent_any: bool,
}

/// The entry into a stage.
pub(crate) struct Entry {
    pub(crate) stage: Stage,
    pub(crate) from: Option<Stage>,
    /// Which visit of this stage it is, from 1.
    pub(crate) visit: u64,
}

impl Journey {
    /// Whether the journey has ended by `now`.
    pub(crate) fn is_over(&self, now: Millis) -> bool {
        is_over(self.start, self.last, now)
    }

    /// Time since the start, in ms, in steps of 100.
    pub(crate) fn at(&self, now: Millis) -> u64 {
        now.since(self.start) / 100 * 100
    }

    /// The start in Unix seconds, rounded down to the minute.
    pub(crate) fn started(&self) -> u64 {
        self.start.0 / 60_000 * 60
    }

    /// Moves on by touchpoint `name`; gives back the stages that it enters.
    pub(crate) fn advance(&mut self, name: Name, from_outside: bool, promoter: bool) -> Vec<Entry> {
        let facts = Facts {
            landing: from_outside || self.pages == 0,
            bought: self.purchases > 0,
            cart: self.cart > 0,
            promoter,
        };
        match name {
            Name::PageView => self.pages += 1,
            Name::AddToCart => self.cart += 1,
            Name::RemoveFromCart => self.cart = self.cart.saturating_sub(1),
            Name::Purchase => {
                self.purchases += 1;
                self.cart = 0;
            }
            _ => {}
        }
        let mut entries = Vec::new();
        for stage in stage::entered(name, facts) {
            if self.stage != Some(stage) {
                let visits = &mut self.visits[stage as usize];
                *visits += 1;
                entries.push(Entry {
                    stage,
                    from: self.stage.replace(stage),
                    visit: *visits,
                });
            }
        }
        entries
    }

    /// What the page may know: `{id, stage, started, stages:{…}, purchases}`.
    pub(crate) fn describe(&self) -> String {
        let mut out = Writer::default();
        out.raw("{");
        out.word_member("id", &self.id);
        out.number_member("started", self.started());
        if let Some(stage) = self.stage {
            out.word_member("stage", stage.as_str());
        }
        out.key("stages");
        out.raw("{");
        for stage in Stage::ALL {
            if self.visits[stage as usize] > 0 {
                out.number_member(stage.as_str(), self.visits[stage as usize]);
            }
        }
        out.raw("}");
        out.number_member("pages", self.pages);
        out.number_member("purchases", self.purchases);
        out.key("loss");
        self.loss.write(&mut out);
        out.raw("}");
        out.into_string()
    }
}

/// Whether a journey that began at `start` and was last active at `last` has ended by `now`.
pub(crate) fn is_over(start: Millis, last: Millis, now: Millis) -> bool {
    now.since(last) >= IDLE || now.since(start) >= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_no_line() {
        let mut journey = Journey::default();
        let mut walk = |name| {
            journey
                .advance(name, false, false)
                .iter()
                .map(|e| (e.stage, e.visit))
                .collect::<Vec<_>>()
        };
        assert_eq!(walk(Name::PageView), [(Stage::Awareness, 1)]);
        assert_eq!(walk(Name::PageView), []);
        assert_eq!(walk(Name::ViewItem), [(Stage::Consideration, 1)]);
        assert_eq!(walk(Name::AddToCart), [(Stage::Decision, 1)]);
        assert_eq!(walk(Name::Search), [(Stage::Consideration, 2)]);
        assert_eq!(walk(Name::HelpView), []);
        assert_eq!(walk(Name::Purchase), [(Stage::Decision, 2)]);
        assert_eq!(walk(Name::HelpView), [(Stage::Retention, 1)]);
    }

    #[test]
    fn a_journey_ends_by_idleness_and_by_age() {
        let start = Millis(1_000_000);
        assert!(!is_over(start, start, start.plus(IDLE - 1)));
        assert!(is_over(start, start, start.plus(IDLE)));
        assert!(is_over(start, start.plus(LONGEST - 5), start.plus(LONGEST)));
    }
}
