//! What the engine tells of the journey.

use super::memory::{CART, DWELT, FAULTS, PAGES, PRODUCTS, STAGE, Visit};
use super::read::{self, list};
use super::{Asker, ERRORS};
use crate::data::find;
use crate::door;
use crate::json::inside;
use crate::money::hundredths;
use crate::rng::hash;
use crate::words;

/// The journey, as it stands.
#[derive(Default)]
pub(super) struct Story {
    /// Without one there is none.
    pub(super) id: String,
    pub(super) numbers: [u64; 11],
    /// What the shop tries out: an object of JSON.
    pub(super) variants: String,
}

/// Places in these numbers: when it began; the stage; orders of this visit; the door of the last touch (a place in `door::WORDS`); and with `remember` the
/// visit's number, how many orders there were before it, and the days since the newest of them.
pub(super) const START: usize = 0;
const NOW_IN: usize = 4;
const ORDERS: usize = 5;
const DOOR: usize = 7;
pub(super) const VISIT: usize = 8;
pub(super) const BEFORE: usize = 9;
const AGE: usize = 10;

impl Story {
    /// The word for the door.
    pub(super) fn door(&self) -> &'static str {
        door::WORDS.at(self.numbers[DOOR] as usize)
    }

    /// All orders that are known.
    pub(super) fn orders(&self) -> u64 {
        self.numbers[ORDERS] + self.numbers[BEFORE]
    }
}

/// The stages of the shop's framework, by their places from 1; 0 is none.
#[derive(Default)]
pub(super) struct Stages(String);

impl Stages {
    /// Of a framework as the engine takes it: the second word has the names.
    pub(super) fn new(framework: &str) -> Self {
        let (names, _) = words::cut(words::cut(framework, b' ').1, b' ');
        Self(if names.is_empty() { "awareness,consideration,decision,retention,advocacy" } else { names }.to_owned())
    }

    pub(super) fn place(&self, name: &str) -> u64 {
        words::parts(&self.0, b',').position(|known| known == name).map_or(0, |place| place as u64 + 1)
    }

    fn name(&self, place: u64) -> &str {
        words::parts(&self.0, b',').nth(place.wrapping_sub(1) as usize).unwrap_or_default()
    }
}

impl Asker {
    /// The lines of [`Effect::Happened`](crate::Effect::Happened).
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn hear(&mut self, text: &str) {
        let mut lines = [""; 6];
        let mut rest = text;
        for line in &mut lines {
            (*line, rest) = words::cut(rest, b'\n');
        }
        let [id, _, _, numbers, variants, name] = lines;
        let Ok(numbers) = <[u64; 11]>::try_from(words::numbers(numbers)) else { return };
        if self.story.id != id {
            self.visit = Visit::read(&self.kept, id, &mut self.past);
            self.page.stage = self.visit.numbers[DWELT];
            id.clone_into(&mut self.story.id);
        }
        let story = &mut self.story;
        story.numbers = numbers;
        variants.clone_into(&mut story.variants);
        let (left, stage) = (self.visit.numbers[STAGE], numbers[NOW_IN]);
        if left != stage {
            (self.visit.numbers[STAGE], self.visit.numbers[DWELT], self.page.stage) = (stage, 0, 0);
            let (left, entered) = (self.stages.name(left).to_owned(), self.stages.name(stage).to_owned());
            // What was left in passing was not entered.
            self.happen("stage_left", &left);
            self.happen("stage", &entered);
            self.launch();
        }
        self.count(name, rest);
        // What no trigger can be called has other names.
        if !matches!(name, "" | "stage_enter" | "journey_summary") {
            self.happen(name, "");
        }
    }

    /// What of it is counted.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn count(&mut self, name: &str, data: &str) {
        let visit = &mut self.visit;
        let value = read_money(data);
        match name {
            "page_view" => {
                visit.numbers[PAGES] += 1;
                if self.story.numbers[BEFORE] > 0 {
                    let mut days = crate::json::Writer::default();
                    days.number(self.story.numbers[AGE]);
                    self.happen("after_purchase", days.as_str());
                }
            }
            "view_item" => visit.numbers[PRODUCTS] += 1,
            "add_to_cart" => {
                // What was bought is in no cart any more.
                let before = if visit.pay(false) { 0 } else { visit.numbers[CART] };
                visit.numbers[CART] = before + value.unwrap_or_default();
                visit.pay_in(data);
            }
            "remove_from_cart" => {
                visit.numbers[CART] = visit.numbers[CART].saturating_sub(value.unwrap_or_default());
            }
            "view_cart" | "begin_checkout" | "add_shipping_info" | "add_payment_info" | "purchase" => {
                visit.numbers[CART] = value.unwrap_or(visit.numbers[CART]);
                visit.pay(name == "purchase");
                visit.pay_in(data);
                self.page.paying = !matches!(name, "view_cart" | "purchase");
                if name == "purchase" {
                    for item in list(find(data, "items").unwrap_or_default()) {
                        for key in
                            ["item_category", "item_category2", "item_category3", "item_category4", "item_category5"]
                        {
                            let category = read::text(item, key);
                            if !category.is_empty() {
                                visit.buy(hash(0, category));
                            }
                        }
                    }
                    self.page.ordered = Some(self.now);
                }
            }
            "payment_declined" => self.happen("trouble", ""),
            // What went wrong before the shopper's eyes, or what the shop itself says went wrong; not every script's error.
            "form_error" | "error_shown" => self.error(),
            "js_error" if find(data, "kind").is_some() => self.error(),
            _ => {}
        }
    }

    fn error(&mut self) {
        self.visit.numbers[FAULTS] += 1;
        if self.visit.numbers[FAULTS] >= ERRORS {
            self.visit.numbers[FAULTS] = 0;
            self.happen("trouble", "");
        }
    }
}

/// The `value` of an event, in hundredths.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn read_money(data: &str) -> Option<u64> {
    let raw = find(data, "value")?;
    u64::try_from(hundredths(inside(raw).unwrap_or(raw))?).ok()
}
