//! A product page that is left for somewhere else, and the shopper back within half an hour: most have compared.
//!
//! | threshold | why |
//! |---|---|
//! | `GLANCE` 10 s | a message is read, a tab is looked for in less; nobody compares a price in it |
//! | `IDLE` 30 min | the journey's own: later it is another visit |
//!
//! Left is a page that goes out of sight after a product was looked at on it. Back is who sees the same page again, or comes to a page
//! of the shop from outside. No false alarm: whoever goes on within the shop, in this tab or in another one, has not left.

use super::friction::marks::LEFT;
use super::{Told, Watcher};
use crate::data;
use crate::journey::IDLE;
use crate::name::Name;
use crate::time::Millis;

/// Less is a glance elsewhere, in ms.
const GLANCE: u64 = 10_000;
/// What the page itself tells as it goes comes within this, in ms; other tabs' touchpoints later.
const GOING: u64 = 2_000;

/// What is known of the page that is looked at.
#[derive(Default)]
pub(super) struct Compare {
    /// A product was looked at on it.
    product: bool,
    /// The shopper is back, and it is asked whether another tab was used meanwhile.
    asked: bool,
}

impl Watcher {
    /// The page goes out of sight, or comes back.
    pub(super) fn compare_hide(&mut self, hidden: bool) {
        if !self.compare.product {
            return;
        }
        if hidden {
            let left = &mut self.marks[LEFT];
            if *left == 0 {
                *left = self.now.0;
            }
        } else if self.compares() {
            self.compare.asked = true;
            self.told.push(Told::Keep);
        } else {
            self.marks[LEFT] = 0;
        }
    }

    /// Event `name` was captured with `data`.
    pub(super) fn compare_heard(&mut self, name: Name, data: &str) {
        match name {
            Name::ViewItem => self.compare.product = true,
            Name::PageView => {
                // Only who comes from outside has a door.
                if data::find(data, "door").is_some() && self.compares() {
                    self.tell(Name::CompareLeave, self.now, "{}".to_owned());
                }
                self.compare = Compare::default();
                self.marks[LEFT] = 0;
            }
            _ => {}
        }
    }

    /// It is known how the journey stands in all tabs.
    pub(super) fn compare_known(&mut self) {
        if std::mem::take(&mut self.compare.asked) {
            let left = Millis(std::mem::take(&mut self.marks[LEFT]));
            if self.heard.last.since(left) < GOING && !self.heard.is_over(self.now) {
                // Once a view: what is left again and again is one comparison.
                self.compare.product = false;
                self.tell(Name::CompareLeave, self.now, "{}".to_owned());
            }
        }
    }

    /// Whether the page was left for about as long as a comparison takes.
    fn compares(&self) -> bool {
        self.marks[LEFT] > 0 && (GLANCE..=IDLE).contains(&self.now.since(Millis(self.marks[LEFT])))
    }
}
