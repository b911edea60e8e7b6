//! Draws a journey: who the shopper is and what is done in the shop. What goes wrong is added by [`chaos`](super::chaos).

use polku_core::Mode;

use super::dice::Dice;
use super::faults::{Faults, Kind};
use super::script::{Act, Line, PATHS, Script, Setup};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// What is done on a page of a list, of a product, of the way to the order, and anywhere.
const LOOKS: [&str; 5] = ["view_item_list", "select_item", "view_item", "search", "view_item"];
const TAKES: [&str; 4] = ["add_to_cart", "add_to_wishlist", "remove_from_cart", "view_cart"];
const BUYS: [&str; 3] = ["begin_checkout", "add_payment_info", "payment_declined"];
const ELSE: [&str; 2] = ["help_view", "share"];

/// Pages that are walked through: the first two are lists, then products, then what leads to an order.
const LISTS: [&str; 3] = [PATHS[0], PATHS[1], PATHS[4]];
const PRODUCTS: [&str; 2] = [PATHS[2], PATHS[3]];

/// Draws a journey while it goes.
pub(crate) struct Pen<'a> {
    pub(crate) dice: &'a mut Dice,
    pub(crate) now: u64,
    pub(crate) lines: Vec<Line>,
    serial: u64,
    tabs: usize,
}

impl Pen<'_> {
    pub(crate) fn act(&mut self, act: Act) {
        self.lines.push(Line { at: self.now, act });
    }

    /// Time goes on.
    fn wait(&mut self, low: u64, high: u64) {
        self.now += self.dice.skewed(low, high);
    }

    /// The next `count` numbers.
    pub(crate) fn serials(&mut self, count: u64) -> u64 {
        let first = self.serial;
        self.serial += count;
        first
    }

    fn track(&mut self, tab: usize, name: &'static str) {
        let serial = self.serials(1);
        let items = if self.dice.chance(5) { self.dice.between(2, 30) } else { 1 };
        let layer = self.dice.chance(20);
        self.act(Act::Track { tab, name, serial, items, layer });
    }
}

/// The journey with this number among those of a seed.
pub(crate) fn journey(seed: u64, number: u64, faults: Faults) -> Script {
    let mut dice = Dice::new(seed, number);
    let mut setup = shopper(&mut dice, faults);
    let word = dice.next();
    setup.dice = word;
    let mut pen = Pen { dice: &mut dice, now: 0, lines: Vec::new(), serial: 1, tabs: 1 };
    visit(&mut pen, &setup);
    super::chaos::add(&mut pen, &mut setup, faults);
    let mut lines = pen.lines;
    lines.sort_by_key(|line| line.at);
    Script { setup, lines }
}

fn shopper(dice: &mut Dice, faults: Faults) -> Setup {
    // (measure, remember), before the first page.
    let (measure, remember) = match dice.between(0, 99) {
        0..58 => (Some(true), Some(true)),
        58..76 => (Some(true), Some(false)),
        76..79 => (Some(true), None),
        79..83 => (Some(false), None),
        _ => (None, None),
    };
    let back = match dice.between(0, 99) {
        // Within the visit, if it was still on.
        0..30 => Some(dice.between(15 * SECOND, 25 * MINUTE)),
        30..92 => Some(dice.skewed(31 * MINUTE, 47 * HOUR)),
        92..95 => Some(dice.between(49 * HOUR, 80 * HOUR)),
        _ if remember == Some(true) => Some(dice.between(MINUTE, 10 * HOUR)),
        _ => None,
    };
    Setup {
        dice: 0,
        mode: if dice.chance(15) { Mode::Feedback } else { Mode::Strict },
        measure,
        remember,
        gpc: dice.chance(3),
        shut: false,
        locks: true,
        banner: dice.chance(70),
        steady: dice.chance(30),
        second: dice.chance(8),
        latency: dice.skewed(15, 400),
        linger: dice.skewed(0, 90 * SECOND),
        torn: faults.has(Kind::Crash) && dice.chance(10),
        back,
        restored: dice.chance(25),
    }
}

/// One visit: pages one after the other, in one tab and now and then in a second.
fn visit(pen: &mut Pen<'_>, setup: &Setup) {
    let path = pen.dice.pick(&LISTS);
    let outside = pen.dice.chance(50);
    pen.act(Act::Open { tab: 0, path, outside });
    let undecided = setup.measure.is_none();
    // When the shopper answers the banner, and how.
    let mut decides = (undecided && pen.dice.chance(85)).then(|| pen.dice.between(0, 3));
    let second = pen.dice.chance(30).then(|| pen.dice.between(1, 3));
    let idle = pen.dice.chance(4).then(|| pen.dice.between(1, 4));
    let orders = pen.dice.chance(35);
    let pages = pen.dice.skewed(3, 11);
    let mut tab = 0;
    for page in 0..pages {
        pen.wait(200, 4 * SECOND);
        if decides == Some(page) {
            decides = None;
            let granted = pen.dice.chance(80);
            let remember = Some(granted && pen.dice.chance(75));
            let earlier = pen.dice.chance(15);
            pen.act(Act::Consent { tab, measure: Some(granted), remember, earlier });
        }
        let buying = orders && page + 2 >= pages;
        on_page(pen, tab, buying);
        if idle == Some(page) {
            pen.now += pen.dice.between(31 * MINUTE, 90 * MINUTE);
        }
        if second == Some(page) {
            let path = pen.dice.pick(&PRODUCTS);
            pen.act(Act::Open { tab: 1, path, outside: false });
            pen.tabs = 2;
        }
        if pen.tabs == 2 && pen.dice.chance(50) {
            let other = 1 - tab;
            if pen.dice.chance(70) {
                pen.act(Act::Hide { tab });
                pen.act(Act::Show { tab: other });
            }
            tab = other;
        }
        let path = match page * 3 / pages {
            0 => pen.dice.pick(&LISTS),
            1 => pen.dice.pick(&PRODUCTS),
            _ => pen.dice.pick(&PATHS[5..7]),
        };
        pen.wait(SECOND, 40 * SECOND);
        match pen.dice.between(0, 99) {
            0..15 => pen.act(Act::Route { tab, path }),
            15..20 => pen.act(Act::Reload { tab }),
            _ => {
                let cached = pen.dice.chance(60);
                pen.act(Act::Go { tab, path, cached });
            }
        }
    }
    pen.wait(200, 2 * SECOND);
    if orders {
        pen.act(Act::Go { tab, path: PATHS[7], cached: false });
        pen.wait(50, SECOND);
        pen.track(tab, "purchase");
        if pen.dice.chance(40) {
            pen.wait(3 * SECOND, 20 * SECOND);
            let serial = pen.serials(1);
            pen.act(Act::Answer { tab, serial });
        }
    }
    if pen.dice.chance(10) {
        pen.wait(SECOND, 5 * SECOND);
        pen.act(Act::Flush { tab });
    }
    if pen.dice.chance(10) {
        let close = Act::Close { tab };
        pen.wait(SECOND, 10 * SECOND);
        pen.act(close);
    }
}

fn on_page(pen: &mut Pen<'_>, tab: usize, buying: bool) {
    for _ in 0..pen.dice.skewed(1, 6) {
        pen.wait(30, 12 * SECOND);
        let name = match pen.dice.between(0, 9) {
            _ if buying => pen.dice.pick(&BUYS),
            0..6 => pen.dice.pick(&LOOKS),
            6..9 => pen.dice.pick(&TAKES),
            _ => pen.dice.pick(&ELSE),
        };
        pen.track(tab, name);
    }
    match pen.dice.between(0, 99) {
        0..8 => {
            let (name, count) = (pen.dice.pick(&["view_item", "select_item"]), pen.dice.skewed(5, 100));
            let (serial, gap) = (pen.serials(count), pen.dice.skewed(0, 60));
            pen.act(Act::Burst { tab, name, serial, count, gap });
            pen.now += count * gap;
        }
        8..38 => {
            let ms = pen.dice.between(SECOND, 20 * SECOND);
            pen.now += ms;
            pen.act(Act::Linger { tab, ms });
        }
        38..42 => pen.act(Act::Rage { tab }),
        42..46 => {
            let serial = pen.serials(1);
            pen.act(Act::Answer { tab, serial });
        }
        46..52 => {
            pen.act(Act::Hide { tab });
            pen.wait(SECOND, 10 * MINUTE);
            pen.act(Act::Show { tab });
        }
        _ => {}
    }
}
