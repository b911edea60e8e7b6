//! One visit's path: who it is, and where it stands.

use crate::framework::{Facts, Framework, when};
use crate::json::Writer;
use crate::name::Name;
use crate::stage::Stage;
use crate::time::Millis;

/// A journey ends after this much idleness, in ms (30 min: what every peer uses).
pub(crate) const IDLE: u64 = 30 * 60_000;
/// … and at the latest after this long, in ms.
pub(crate) const LONGEST: u64 = 24 * 3_600_000;

/// A purchase of an earlier visit is one that the shopper still has questions about for this long, in days.
const RECENT: u64 = 30;

/// What a tab counts in its journey, and takes along from page to page.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(usize)]
pub(crate) enum Tally {
    /// Page views.
    Pages,
    /// Orders.
    Purchases,
    /// Things put into the cart, and neither bought nor taken out.
    Cart,
    /// 1 while a checkout is under way.
    Paying,
    /// The door of the first touch, a place in `door::WORDS`.
    Door,
    /// The door of the last touch: the newest page that was come to from outside, else as the first.
    LastDoor,
    /// The shopper is of the shop's own staff: nothing is captured.
    Staff,
    /// 1 where a prompt has opened by itself.
    Asked,
    /// With `remember`: this visit's number, from 1.
    Visit,
    /// … how many orders there were before it,
    Orders,
    /// … and how many days before it the newest of them was.
    Age,
    /// Which lanes have sent something, a bit each, so that a withdrawal has something to erase.
    SentAny,
    /// Entries into the first stage; those of the others follow.
    Visits,
}

/// How many tallies there are.
pub(crate) const TALLIES: usize = Tally::Visits as usize + Stage::MOST;

/// What is told of before this visit.
pub(crate) const PAST: std::ops::Range<usize> = Tally::Visit as usize..Tally::Age as usize + 1;

/// Orders that are remembered, at most: the newest win.
const ORDERS: usize = 20;

/// What a tab knows of its journey. Without an id there is none.
#[derive(Clone, PartialEq, Eq)]
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
    pub(crate) tallies: [u64; TALLIES],
    /// Salted hashes of the orders that were counted, the newest first.
    pub(crate) orders: Vec<u64>,
    /// What the shop tries out: each as a member of JSON.
    pub(crate) variants: Vec<String>,
    /// What this tab's watcher remembers: one word, which only it can read.
    pub(crate) memory: String,
}

impl Default for Journey {
    fn default() -> Self {
        Self::NEW
    }
}

impl Journey {
    /// None yet.
    pub(crate) const NEW: Self = Self {
        id: String::new(),
        leg: String::new(),
        start: Millis(0),
        last: Millis(0),
        seq: 0,
        stage: None,
        tallies: [0; TALLIES],
        orders: Vec::new(),
        variants: Vec::new(),
        memory: String::new(),
    };

    /// How much of `tally` there was.
    pub(crate) fn tally(&self, tally: Tally) -> u64 {
        self.tallies[tally as usize]
    }

    /// What was known of earlier visits is known no more.
    pub(crate) fn forget_past(&mut self) {
        self.tallies[PAST].fill(0);
    }

    /// Counts `more` of `tally`.
    pub(crate) fn count(&mut self, tally: Tally, more: u64) {
        self.tallies[tally as usize] += more;
    }

    /// Whether there is one.
    pub(crate) fn is_on(&self) -> bool {
        !self.id.is_empty()
    }

    /// Remembers an order.
    pub(crate) fn claim(&mut self, order: u64) {
        self.orders.insert(0, order);
        self.orders.truncate(ORDERS);
    }

    /// Takes in what other tabs have added to the same visit. Both lists only grow, and what is added to one is stored at once:
    /// the longer one is the newer one.
    pub(crate) fn merge(&mut self, other: &mut Self) {
        self.last = self.last.max(other.last);
        for tally in [Tally::SentAny, Tally::Asked] {
            self.tallies[tally as usize] |= other.tally(tally);
        }
        if other.orders.len() > self.orders.len() {
            std::mem::swap(&mut self.orders, &mut other.orders);
        }
    }

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

    /// What the rules of the stages may ask at a touchpoint.
    pub(crate) fn facts(&self, from_outside: bool, promoter: bool) -> Facts {
        let before = self.tally(Tally::Orders) > 0;
        let landing = from_outside || self.tally(Tally::Pages) == 0;
        let met = (u8::from(landing) * when::LANDING)
            | (u8::from(self.tally(Tally::Purchases) > 0 || before && self.tally(Tally::Age) <= RECENT) * when::BOUGHT)
            | (u8::from(before) * when::RETURNED)
            | (u8::from(self.tally(Tally::Cart) == 0) * when::NO_CART)
            | (u8::from(promoter) * when::PROMOTER);
        Facts { met, link: None }
    }

    /// The journey goes on until `at`: gives back by how much, in steps of 100 ms.
    pub(crate) fn advance(&mut self, at: Millis) -> u64 {
        let before = self.at(self.last);
        self.last = self.last.max(at);
        (self.at(self.last) - before) / 100
    }

    /// Counts touchpoint `name`.
    pub(crate) fn touched(&mut self, name: Name) {
        match name {
            Name::PageView => self.count(Tally::Pages, 1),
            Name::AddToCart => self.count(Tally::Cart, 1),
            Name::BeginCheckout | Name::AddPaymentInfo => self.tallies[Tally::Paying as usize] = 1,
            Name::RemoveFromCart => {
                let cart = &mut self.tallies[Tally::Cart as usize];
                *cart = cart.saturating_sub(1);
            }
            Name::Purchase => {
                self.count(Tally::Purchases, 1);
                self.tallies[Tally::Cart as usize] = 0;
                self.tallies[Tally::Paying as usize] = 0;
            }
            _ => {}
        }
    }

    /// Enters `stage`: gives back the stage before it and which visit this is, or nothing where it is the current one.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(crate) fn enter(&mut self, stage: Stage) -> Option<(Option<Stage>, u64)> {
        if self.stage == Some(stage) {
            return None;
        }
        let visits = &mut self.tallies[Tally::Visits as usize + stage.place() % Stage::MOST];
        *visits += 1;
        Some((self.stage.replace(stage), *visits))
    }

    /// Writes `"stage":…`, where one was entered.
    pub(crate) fn write_stage(&self, out: &mut Writer, framework: &Framework) {
        if let Some(stage) = self.stage {
            out.word_member("stage", framework.name(stage));
        }
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
        let framework = Framework::new("");
        let mut journey = Journey::default();
        let mut walk = |name| {
            let facts = journey.facts(false, false);
            journey.touched(name);
            let mut at = 0;
            let stages = std::iter::from_fn(|| framework.entered(&mut at, name, facts));
            stages.filter_map(|stage| Some((stage, journey.enter(stage)?.1))).collect::<Vec<_>>()
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
