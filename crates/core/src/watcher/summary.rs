//! The journey as a whole: how long in which stage, how it felt, and the summary that leaves as it ends or is hidden.

use super::walk::{Count, Share, entered};
use super::{Told, Watcher, emotion};
use crate::config::Money;
use crate::data;
use crate::door::WORDS;
use crate::json::{self, Writer};
use crate::list;
use crate::money;
use crate::name::Name;
use crate::stage::Stage;
use crate::words::{self, List};

/// Scores that are kept, at most: shoppers answer one or two.
const SCORES: usize = 8;

/// Which order of the shopper it is: the first two tell buyers from those who come back, the third those who stay.
const ORDERS: List = list!["first", "second", "third_or_later"];

/// Days since the order before this visit, in bands: the return period, the first month, a season, half a year, longer.
const AGES: List = list!["0-14", "15-30", "31-90", "91-180", "181+"];
/// … and where each but the last one ends.
const AGE_ENDS: [u8; 4] = [15, 31, 91, 181];

/// What is told of each stage in numbers, in the order in which `summary` counts it.
const NUMBERS: List = list!["entries", "exits", "returns", "touchpoints", "dwell", "engaged"];

/// A text member of `data`, where it is a short word; else nothing.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn word<'a>(data: &'a str, key: &str) -> &'a str {
    let word = data::find(data, key).and_then(json::inside).unwrap_or_default();
    if words::is_plain(word) { word } else { "" }
}

impl Watcher {
    /// Event `name` was captured with `data`, where the stage had been `before`.
    pub(super) fn counted(&mut self, name: Name, data: &str, before: Option<Stage>) {
        // What the browser measured comes as the page hides, and is no reason for another summary.
        if name != Name::WebVitals {
            self.walk.counts[Count::Told as usize] = 0;
        }
        if name.is_bookkeeping() {
            return;
        }
        *self.walk.of(Share::Touched, self.heard.stage) += 1;
        if emotion::bears(name) || name == Name::PromptAnswer {
            self.weighed(name, data, before);
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn weighed(&mut self, name: Name, data: &str, before: Option<Stage>) {
        // An answer tells of the stage in which it was asked for, not of the one that it leads to.
        let stage = if name == Name::PromptAnswer { before } else { self.heard.stage };
        let Some(stage) = stage.filter(|stage| stage.place() < Stage::MOST) else { return };
        let walk = &mut self.walk;
        let from = emotion::of(walk, stage);
        if name == Name::PromptAnswer {
            let score = data::find(data, "score").and_then(words::number);
            if let Some(score) = score {
                let ask = word(data, "ask");
                *walk.of(Share::Said, Some(stage)) = emotion::answer(ask, score);
                let mut out = Writer::default();
                out.raw("{");
                out.word_member("prompt", word(data, "prompt"));
                out.word_member("step", word(data, "step"));
                let asked = out.as_str().len();
                out.word_member("ask", ask);
                out.number_member("score", score);
                out.word_member("stage", self.framework.name(stage));
                out.raw("}");
                // A corrected answer takes the place of the one before.
                words::put(&mut walk.scores, out.into_string(), asked, SCORES);
            }
        } else {
            emotion::mark(&mut walk.marks, name, stage);
        }
        if name == Name::Purchase {
            walk.counts[Count::Purchases as usize] += 1;
            walk.counts[Count::Ordered as usize] = stage.place() as u64 + 1;
            if let Some(amount) = data::find(data, "value").and_then(money::hundredths) {
                // What was paid adds up while the currency stays the same.
                let currency = word(data, "currency");
                if walk.currency != currency && !currency.is_empty() {
                    currency.clone_into(&mut walk.currency);
                    walk.shares[Share::Value as usize] = Default::default();
                }
                *walk.of(Share::Value, Some(stage)) += amount.max(0) as u64;
            }
        }
        let now = emotion::of(walk, stage);
        if now != from {
            let mut out = Writer::default();
            out.raw("{");
            out.word_member("stage", self.framework.name(stage));
            out.word_member("from", emotion::name(from));
            emotion::write(&mut out, walk, stage);
            out.raw("}");
            self.told.push(Told::Emotion(out.into_string()));
        }
    }

    /// Tells the journey so far, as the page is hidden or the journey ends. With nothing to tell since the last one there is none.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn summarise(&mut self) {
        if self.heard.is_on() && self.walk.count(Count::Told) == 0 {
            self.walk.counts[Count::Told as usize] = 1;
            self.walk.counts[Count::Rev as usize] += 1;
            let data = self.summary();
            self.tell(Name::JourneySummary, self.now, data);
        }
    }

    fn summary(&self) -> String {
        let (heard, walk) = (&self.heard, &self.walk);
        let end = self.at();
        let currency = if walk.currency.is_empty() { "XXX" } else { &walk.currency };
        let mut out = Writer::sized(1024);
        out.raw("{");
        out.word_member("tab", &walk.tab);
        out.number_member("rev", walk.count(Count::Rev));
        out.key("path");
        out.raw("[");
        for (at, &this) in walk.path.iter().enumerate() {
            let (stage, since, rule) = entered(this);
            let until = walk.path.get(at + 1).map_or(end, |&next| entered(next).1);
            out.comma();
            out.raw("{");
            out.word_member("stage", self.framework.name(stage));
            out.number_member("at", since);
            out.number_member("dwell", until.saturating_sub(since));
            out.word_member("rule", rule);
            out.raw("}");
        }
        out.raw("]");
        let (mut entries, mut value, mut furthest) = (0, 0, "");
        out.key("stages");
        out.raw("{");
        for place in 0..self.framework.len() {
            let stage = Stage(place as u8);
            let of = |share| walk.shares[share as usize][place];
            let [visits, touched, paid] = [Share::Visits, Share::Touched, Share::Value].map(of);
            if visits + touched == 0 {
                continue;
            }
            entries += visits;
            value += paid;
            let name = self.framework.name(stage);
            if visits > 0 {
                furthest = name;
            }
            let numbers = [
                visits,
                visits.saturating_sub(u64::from(heard.stage == Some(stage))),
                visits.saturating_sub(1),
                touched,
                of(Share::Dwell) * 100,
                of(Share::Engaged) / 100 * 100,
            ];
            out.key(name);
            out.raw("{");
            for (at, &number) in numbers.iter().enumerate() {
                out.number_member(NUMBERS.at(at), number);
            }
            out.flag_member("conversion", walk.count(Count::Onward) >> place & 1 > 0);
            if paid > 0 {
                out.key("value");
                money::write_band(&mut out, paid, currency);
            }
            out.key("friction");
            out.raw("{");
            emotion::write_marks(&mut out, walk, stage, 0);
            out.raw("}");
            emotion::write(&mut out, walk, stage);
            out.raw("}");
        }
        out.raw("}");
        // What the path has more entries than are kept.
        out.number_member("left", entries.saturating_sub(walk.path.len() as u64));
        out.key("scores");
        out.raw("[");
        for score in &walk.scores {
            out.comma();
            out.raw(score);
        }
        out.raw("]");
        out.flag_member("converted", walk.count(Count::Purchases) > 0);
        if value > 0 {
            out.key("value");
            let value = value as i64;
            money::write(&mut out, if self.scope.money == Money::Exact { value } else { money::two_digits(value) });
            out.word_member("currency", currency);
        }
        for (member, door) in [("door", heard.doors[0]), ("last_door", heard.doors[1])] {
            out.word_member(member, WORDS.at(door as usize));
        }
        let [visit, orders, age] = heard.past;
        if visit > 0 {
            out.flag_member("returning", visit > 1);
            // Other tabs tell of their orders by number; here they need none.
            let bought = heard.orders.max(walk.count(Count::Purchases));
            if bought > 0 {
                out.word_member("order", ORDERS.at((orders + bought).min(3) as usize - 1));
            }
            if orders > 0 {
                out.word_member("since_order", AGES.at(words::column(&AGE_ENDS, age.min(255) as usize)));
            }
        }
        out.word_member("furthest", furthest);
        out.number_member("loops", walk.count(Count::Loops));
        out.number_member("cycles", walk.count(Count::Cycles));
        out.key("variant");
        out.raw(&heard.variants);
        if !self.framework.tells.is_empty() {
            out.comma();
            out.raw(&self.framework.tells);
        }
        out.raw("}");
        out.into_string()
    }
}
