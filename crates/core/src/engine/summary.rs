//! The journey as a whole: how long in which stage, how it felt, and the summary that leaves as it ends or is hidden.

use super::Engine;
use crate::config::Money;
use crate::data;
use crate::door::WORDS;
use crate::effect::Topic;
use crate::emotion;
use crate::error::Code;
use crate::journey::{Share, Tally, VARIANTS, entered, put};
use crate::json::{self, Writer};
use crate::list;
use crate::money;
use crate::name::Name;
use crate::stage::Stage;
use crate::words::{self, List};

/// A word of a trial is this long at most, in bytes.
const WORD: usize = 24;
/// Scores that are kept, at most: shoppers answer one or two.
const SCORES: usize = 8;
/// Where they begin among what is the tab's own.
const FIRST: usize = 2;

/// What is told of each stage in numbers, in the order in which `summary` counts it.
const NUMBERS: List = list!["entries", "exits", "returns", "touchpoints", "dwell", "engaged"];

/// A text member of `data`, where it is a short word; else nothing.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn word<'a>(data: &'a str, key: &str) -> &'a str {
    let word = data::find(data, key).and_then(json::inside).unwrap_or_default();
    if words::is_plain(word) { word } else { "" }
}

/// Writes `texts`, which are JSON already.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn write_all(out: &mut Writer, key: &str, brackets: [&str; 2], texts: &[String]) {
    out.key(key);
    out.raw(brackets[0]);
    for text in texts {
        out.comma();
        out.raw(text);
    }
    out.raw(brackets[1]);
}

impl Engine {
    /// The shop tries something out.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn variant(&mut self, name: &str, value: &str) {
        let mut out = Writer::default();
        out.text_member(name, value);
        let fits = |word: &str| word.len() <= WORD && words::is_plain(word);
        if !(fits(name) && fits(value) && put(&mut self.journey.variants, out.into_string(), name.len() + 3, VARIANTS))
        {
            self.fail(Code::BadVariant, "variant");
        }
    }

    /// What the shop tries out, told with the view of a page.
    pub(super) fn vary(&self, data: &mut String) {
        if !self.journey.variants.is_empty() {
            data.pop();
            let mut out = Writer::default();
            out.raw(if data.is_empty() { "{" } else { data });
            write_all(&mut out, "variant", ["{", "}}"], &self.journey.variants);
            *data = out.into_string();
        }
    }

    /// The shopper was active on this page.
    pub(super) fn engaged(&mut self, ms: u64) {
        if self.journey.is_on() {
            *self.journey.here(Share::Engaged) += ms;
        }
    }

    /// Touchpoint `name` was captured with `data`, where the stage had been `before`.
    pub(super) fn counted(&mut self, name: Name, data: &str, before: Option<Stage>) {
        // What the browser measured comes as the page hides, and is no reason for another summary.
        if name != Name::WebVitals {
            self.journey.tallies[Tally::Told as usize] = 0;
        }
        if name.is_bookkeeping() {
            return;
        }
        *self.journey.here(Share::Touched) += 1;
        if emotion::bears(name) || name == Name::PromptAnswer {
            self.weighed(name, data, before);
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn weighed(&mut self, name: Name, data: &str, before: Option<Stage>) {
        let journey = &mut self.journey;
        let current = journey.stage;
        // An answer tells of the stage in which it was asked for, not of the one that it leads to.
        let Some(stage) = (if name == Name::PromptAnswer { before } else { current }) else { return };
        let from = emotion::of(&journey.walk, stage);
        if name == Name::PromptAnswer {
            let score = data::find(data, "score").and_then(words::number);
            if let Some(score) = score {
                let ask = word(data, "ask");
                journey.walk.shares[Share::Said as usize][stage.place()] = emotion::answer(ask, score);
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
                put(&mut journey.walk.own, out.into_string(), asked, FIRST + SCORES);
            }
        } else {
            emotion::mark(&mut journey.walk.marks, name, stage);
        }
        if name == Name::Purchase {
            journey.tallies[Tally::Ordered as usize] = stage.place() as u64 + 1;
            if let Some(amount) = data::find(data, "value").and_then(money::hundredths) {
                // What was paid adds up while the currency stays the same.
                let currency = word(data, "currency");
                if let Some(known) = journey.walk.own.get_mut(1)
                    && known != currency
                    && !currency.is_empty()
                {
                    currency.clone_into(known);
                    journey.walk.shares[Share::Value as usize] = Default::default();
                }
                *journey.here(Share::Value) += amount.max(0) as u64;
            }
        }
        let now = emotion::of(&journey.walk, stage);
        if now != from && self.listens(Topic::Emotion) {
            let mut out = Writer::default();
            out.raw("{");
            out.word_member("stage", self.framework.name(stage));
            out.word_member("from", emotion::name(from));
            emotion::write(&mut out, &self.journey.walk, stage);
            out.raw("}");
            self.notify(Topic::Emotion, out.into_string());
        }
    }

    /// Tells the journey so far, as the page is hidden or the journey ends.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn summarise(&mut self) {
        let journey = &self.journey;
        // With nothing to tell since the last one there is none.
        if journey.is_on()
            && self.restoring.is_none()
            && journey.tally(Tally::Captured) > 0
            && journey.tally(Tally::Told) == 0
        {
            self.journey.tallies[Tally::Told as usize] = 1;
            self.journey.count(Tally::Rev, 1);
            let data = self.summary();
            let page = self.page.path.clone();
            self.event(Name::JourneySummary, &page, &data);
        }
    }

    fn summary(&self) -> String {
        let journey = &self.journey;
        let walk = &journey.walk;
        let end = journey.at(journey.last);
        let mut out = Writer::sized(1024);
        let own = |at: usize| walk.own.get(at).map_or("", String::as_str);
        out.raw("{");
        out.word_member("tab", own(0));
        out.number_member("rev", journey.tally(Tally::Rev));
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
                visits.saturating_sub(u64::from(journey.stage == Some(stage))),
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
            out.flag_member("conversion", journey.tally(Tally::Onward) >> place & 1 > 0);
            if paid > 0 {
                out.key("value");
                money::write_band(&mut out, paid, own(1));
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
        write_all(&mut out, "scores", ["[", "]"], walk.own.get(FIRST..).unwrap_or_default());
        out.flag_member("converted", journey.tally(Tally::Purchases) > 0);
        if value > 0 {
            out.key("value");
            let value = value as i64;
            money::write(&mut out, if self.config.money == Money::Exact { value } else { money::two_digits(value) });
            out.word_member("currency", own(1));
        }
        for (member, door) in [("door", Tally::Door), ("last_door", Tally::LastDoor)] {
            out.word_member(member, WORDS.at(journey.tally(door) as usize));
        }
        out.word_member("furthest", furthest);
        out.number_member("loops", journey.tally(Tally::Loops));
        out.number_member("cycles", journey.tally(Tally::Cycles));
        write_all(&mut out, "variant", ["{", "}"], &journey.variants);
        if !self.framework.tells.is_empty() {
            out.comma();
            out.raw(&self.framework.tells);
        }
        out.raw("}");
        out.into_string()
    }
}
