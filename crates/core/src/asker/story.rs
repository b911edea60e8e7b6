//! What the engine tells of the journey.

use super::read::{self, list};
use super::{Asker, ERRORS, memory::Visit};
use crate::data::find;
use crate::door;
use crate::json::inside;
use crate::money::hundredths;
use crate::name::Name;
use crate::rng::hash;
use crate::time::Millis;
use crate::words;

/// The journey, as it stands.
#[derive(Default)]
pub(super) struct Story {
    /// Without one there is none.
    pub(super) id: String,
    pub(super) start: Millis,
    /// The door of the last touch: a place in `door::WORDS`.
    door: u64,
    /// Orders of this visit.
    orders: u64,
    /// With `remember`: the visit's number, how many orders there were before it, and the days since the newest of them.
    pub(super) past: [u64; 3],
    /// What the shop tries out: an object of JSON.
    pub(super) variants: String,
}

impl Story {
    /// The word for the door.
    pub(super) fn door(&self) -> &'static str {
        door::WORDS.at(self.door as usize)
    }

    /// All orders that are known.
    pub(super) fn orders(&self) -> u64 {
        self.orders + self.past[1]
    }
}

impl Asker {
    /// The lines of [`Effect::Happened`](crate::Effect::Happened).
    pub(super) fn hear(&mut self, text: &str) {
        let mut lines = [""; 6];
        let mut rest = text;
        for line in &mut lines {
            (*line, rest) = words::cut(rest, b'\n');
        }
        let [id, _, _, numbers, variants, name] = lines;
        let numbers = words::numbers(numbers);
        let &[start, _, _, _, stage, orders, _, door, visit, before, age] = &*numbers else { return };
        if self.story.id != id {
            self.visit = Visit::read(&self.kept, id, &mut self.past);
            self.page.stage = self.visit.dwell;
            id.clone_into(&mut self.story.id);
        }
        let story = &mut self.story;
        story.start = Millis(start);
        (story.door, story.orders, story.past) = (door, orders, [visit, before, age]);
        variants.clone_into(&mut story.variants);
        if self.visit.stage != stage {
            let left = self.visit.stage;
            (self.visit.stage, self.visit.dwell, self.page.stage) = (stage, 0, 0);
            let named = |place: u64| self.framework.name(crate::stage::Stage(place.wrapping_sub(1) as u8)).to_owned();
            let (left, entered) = (named(left), named(stage));
            // What was left in passing was not entered.
            self.happen("stage_left", &left);
            self.happen("stage", &entered);
            self.launch();
        }
        if let Some(name) = Name::parse(name) {
            self.count(name, rest);
            if !matches!(name, Name::StageEnter | Name::JourneySummary) {
                self.happen(name.as_str(), "");
            }
        }
    }

    /// What of it is counted.
    fn count(&mut self, name: Name, data: &str) {
        let visit = &mut self.visit;
        let value = read_money(data);
        match name {
            Name::PageView => {
                visit.pages += 1;
                let [_, orders, age] = self.story.past;
                if orders > 0 {
                    let mut days = crate::json::Writer::default();
                    days.number(age);
                    self.happen("after_purchase", days.as_str());
                }
            }
            Name::ViewItem => visit.products += 1,
            Name::AddToCart => {
                // What was bought is in no cart any more.
                let before = if std::mem::take(&mut visit.paid) { 0 } else { visit.cart };
                visit.cart = before + value.unwrap_or_default();
                visit.pay_in(data);
            }
            Name::RemoveFromCart => visit.cart = visit.cart.saturating_sub(value.unwrap_or_default()),
            Name::ViewCart | Name::BeginCheckout | Name::AddShippingInfo | Name::AddPaymentInfo | Name::Purchase => {
                visit.cart = value.unwrap_or(visit.cart);
                visit.paid = name == Name::Purchase;
                visit.pay_in(data);
                self.page.paying = !matches!(name, Name::ViewCart | Name::Purchase);
                if name == Name::Purchase {
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
            Name::PaymentDeclined => self.happen("trouble", ""),
            // What went wrong before the shopper's eyes, or what the shop itself says went wrong; not every script's error.
            Name::FormError | Name::ErrorShown => self.error(),
            Name::JsError if find(data, "kind").is_some() => self.error(),
            _ => {}
        }
    }

    fn error(&mut self) {
        self.visit.errors += 1;
        if self.visit.errors >= ERRORS {
            self.visit.errors = 0;
            self.happen("trouble", "");
        }
    }
}

/// The `value` of an event, in hundredths.
fn read_money(data: &str) -> Option<u64> {
    let raw = find(data, "value")?;
    u64::try_from(hundredths(inside(raw).unwrap_or(raw))?).ok()
}
