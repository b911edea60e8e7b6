//! The journey as a whole: how long in which stage, how it felt, and the summary that leaves as it ends or is hidden.

use super::Engine;
use crate::batch;
use crate::config::Money;
use crate::data;
use crate::effect::Topic;
use crate::emotion;
use crate::error::Code;
use crate::input::{Observation, What};
use crate::journey::{Journey, Share, Tally};
use crate::json::{self, Writer};
use crate::money;
use crate::name::Name;
use crate::stage::Stage;
use crate::words;

/// A word of a trial is this long at most, in bytes.
const WORD: usize = 24;
/// Scores that are kept, at most: the newest win. Shoppers answer one or two.
const SCORES: usize = 8;

/// A text member of `data`, where it is a short word.
fn word<'a>(data: &'a str, key: &str) -> Option<&'a str> {
    json::inside(data::find(data, key)?).filter(|word| words::is_plain(word) && words::cut(word, b':').1.is_empty())
}

impl Engine {
    /// The shop tries something out.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn variant(&mut self, name: &str, value: &str) {
        let fits = |word: &str| word.len() <= WORD && words::is_plain(word) && words::cut(word, b':').0.len() == word.len();
        let mut variant = name.to_owned();
        variant.push_str(":");
        variant.push_str(value);
        if !(fits(name) && fits(value) && self.journey.vary(variant)) {
            self.fail(Code::BadVariant, "variant");
        }
    }

    /// What the shop tries out, told with the view of a page.
    pub(super) fn vary(&self, data: &mut String) {
        if !self.journey.variants.is_empty() {
            let mut out = Writer::default();
            out.raw("{");
            if let Some(members) = data.strip_prefix('{').and_then(|data| data.strip_suffix('}')) {
                out.raw(members);
            }
            self.journey.write_variants(&mut out);
            out.raw("}");
            *data = out.into_string();
        }
    }

    /// The stage that the query of `path` names (`polku_stage`): one of the framework's.
    pub(super) fn link_stage(&self, path: &str) -> Option<Stage> {
        let mut named = None;
        words::split(words::cut(words::cut(path, b'#').0, b'?').1, b'&', &mut |pair| {
            let (key, value) = words::cut(pair, b'=');
            if key == "polku_stage" {
                named = self.framework.stage(value);
            }
        });
        named
    }

    /// The shopper was active on this page.
    pub(super) fn engaged(&mut self, observation: &Observation<'_>) {
        if observation.what == What::Engaged && self.journey.is_on() {
            let engaged = self.journey.here(Share::Engaged);
            *engaged = engaged.saturating_add(u64::from(observation.number));
        }
    }

    /// Touchpoint `name` was captured with `data`, where the stage had been `before`.
    pub(super) fn counted(&mut self, name: Name, data: &str, before: Option<Stage>) {
        if name.is_bookkeeping() {
            return;
        }
        *self.journey.here(Share::Touched) += 1;
        if emotion::bears(name) || matches!(name, Name::PromptAnswer | Name::PageView) {
            self.weighed(name, data, before);
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn weighed(&mut self, name: Name, data: &str, before: Option<Stage>) {
        let journey = &mut self.journey;
        if name == Name::PageView {
            if let Some(door) = word(data, "door") {
                door.clone_into(&mut journey.door);
            }
            return;
        }
        // An answer tells of the stage in which it was asked for, not of the one that it leads to.
        let stage = if name == Name::PromptAnswer { before } else { journey.stage };
        let Some(stage) = stage else { return };
        let from = emotion::of(&journey.marks, &journey.scores, stage);
        if name == Name::PromptAnswer {
            answered(journey, data, stage);
        } else {
            emotion::mark(&mut journey.marks, name, stage);
        }
        if name == Name::Purchase {
            journey.tallies[Tally::Ordered as usize] = stage.place() as u64 + 1;
            paid(journey, data);
        }
        let now = emotion::of(&journey.marks, &journey.scores, stage);
        if now != from && self.listens(Topic::Emotion) {
            let mut out = Writer::default();
            out.raw("{");
            out.word_member("stage", self.framework.name(stage));
            emotion::write(&mut out, &self.journey.marks, &self.journey.scores, stage);
            out.word_member("from", emotion::name(from));
            out.raw("}");
            self.notify(Topic::Emotion, out.into_string());
        }
    }

    /// Tells the journey so far, as the page is hidden or the journey ends.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn summarise(&mut self) {
        let captured = self.journey.tally(Tally::Captured);
        if !self.journey.is_on() || self.restoring.is_some() || self.journey.tally(Tally::Told) == captured {
            return;
        }
        self.journey.count(Tally::Rev, 1);
        let data = self.summary();
        let page = self.page.path.clone();
        self.event(Name::JourneySummary, &page, &data);
        // With the summary itself, of which there is nothing new to tell.
        self.journey.tallies[Tally::Told as usize] = captured + 1;
    }

    fn summary(&self) -> String {
        let journey = &self.journey;
        let mut out = Writer::sized(1024);
        out.raw("{");
        out.word_member("tab", &journey.tab);
        out.number_member("rev", journey.tally(Tally::Rev));
        if !self.framework.id.is_empty() {
            out.text_member("framework", &self.framework.id);
        }
        let end = journey.at(journey.last);
        out.key("path");
        out.raw("[");
        let mut entries = journey.path.iter().peekable();
        let mut left = 0;
        while let Some(entry) = entries.next() {
            out.comma();
            out.raw("{");
            out.word_member("stage", self.framework.name(entry.stage()));
            out.number_member("at", entry.at());
            let until = entries.peek().map_or(end, |next| next.at());
            out.number_member("dwell", until.saturating_sub(entry.at()));
            out.word_member("rule", entry.rule());
            out.raw("}");
        }
        out.raw("]");
        out.key("stages");
        out.raw("{");
        let (mut value, mut furthest) = (0, None);
        for place in 0..self.framework.len() {
            let stage = Stage(place as u8);
            let of = |share| journey.shares[share as usize][place];
            let visits = of(Share::Visits);
            left += visits;
            value += of(Share::Value);
            if visits > 0 {
                furthest = Some(stage);
            } else if of(Share::Touched) == 0 && of(Share::Dwell) == 0 {
                continue;
            }
            out.key(self.framework.name(stage));
            out.raw("{");
            out.number_member("entries", visits);
            out.number_member("exits", visits.saturating_sub(u64::from(journey.stage == Some(stage))));
            out.number_member("returns", visits.saturating_sub(1));
            out.number_member("touchpoints", of(Share::Touched));
            out.number_member("dwell", of(Share::Dwell) * 100);
            out.number_member("engaged", of(Share::Engaged) / 100 * 100);
            out.key("conversion");
            out.raw(yes(journey.tally(Tally::Onward) & 1 << place != 0));
            out.key("friction");
            out.raw("{");
            emotion::write_marks(&mut out, &journey.marks, stage, &Name::is_friction);
            out.raw("}");
            if of(Share::Value) > 0 {
                out.key("value");
                money::write_band(&mut out, of(Share::Value), journey.tally(Tally::Currency));
            }
            emotion::write(&mut out, &journey.marks, &journey.scores, stage);
            out.raw("}");
        }
        out.raw("}");
        // What the path has more entries than are kept.
        out.number_member("left", left.saturating_sub(journey.path.len() as u64));
        out.key("scores");
        out.raw("[");
        for score in &journey.scores {
            out.comma();
            out.raw("{");
            let mut rest = score.as_str();
            for key in ["prompt", "step", "ask"] {
                let (word, more) = words::cut(rest, b':');
                out.word_member(key, word);
                rest = more;
            }
            let (score, place) = words::cut(rest, b':');
            out.number_member("score", words::number(score).unwrap_or_default());
            let place = words::number(place).unwrap_or_default();
            out.word_member("stage", self.framework.name(Stage(place as u8)));
            out.raw("}");
        }
        out.raw("]");
        out.key("converted");
        out.raw(yes(journey.tally(Tally::Purchases) > 0));
        if value > 0 {
            out.key("value");
            let value = value as i64;
            money::write(&mut out, if self.config.money == Money::Exact { value } else { money::two_digits(value) });
        }
        if value > 0 && journey.tally(Tally::Currency) > 0 {
            out.key("currency");
            out.raw("\"");
            for letter in [16, 8, 0] {
                let letter = journey.tally(Tally::Currency) >> letter & 255;
                out.one_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (letter as usize).saturating_sub(usize::from(b'A')));
            }
            out.raw("\"");
        }
        if !journey.door.is_empty() {
            out.word_member("door", &journey.door);
        }
        if let Some(furthest) = furthest {
            out.word_member("furthest", self.framework.name(furthest));
        }
        out.number_member("loops", journey.tally(Tally::Loops));
        out.number_member("cycles", journey.tally(Tally::Cycles));
        journey.write_variants(&mut out);
        if batch::is_whole(&self.framework.targets) {
            out.key("targets");
            out.raw(&self.framework.targets);
        }
        out.raw("}");
        out.into_string()
    }
}

fn yes(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

/// An answer with a score; a corrected one takes the place of the one before.
fn answered(journey: &mut Journey, data: &str, stage: Stage) {
    let mut score = String::new();
    for key in ["prompt", "step", "ask"] {
        let Some(word) = word(data, key) else { return };
        score.push_str(word);
        score.push_str(":");
    }
    let asked = score.len();
    let Some(number) = data::find(data, "score").filter(|number| words::number(number).is_some()) else { return };
    journey.scores.retain(|known| known.get(..asked) != Some(&score));
    if journey.scores.len() == SCORES {
        journey.scores.remove(0);
    }
    let mut out = Writer::default();
    out.raw(&score);
    out.raw(number);
    out.raw(":");
    out.number(u64::from(stage.0));
    if words::is_plain(out.as_str()) {
        journey.scores.push(out.into_string());
    }
}

/// An order: what was paid adds up while the currency stays the same.
fn paid(journey: &mut Journey, data: &str) {
    let Some(amount) = data::find(data, "value").and_then(money::hundredths) else { return };
    let letters = word(data, "currency").unwrap_or_default().as_bytes();
    let mut currency = 0;
    for letter in letters {
        currency = currency << 8 | u64::from(*letter);
    }
    if letters.len() != 3 || !letters.iter().all(u8::is_ascii_uppercase) {
        currency = 0;
    }
    if journey.tally(Tally::Currency) != currency {
        journey.tallies[Tally::Currency as usize] = currency;
        journey.shares[Share::Value as usize] = Default::default();
    }
    let value = journey.here(Share::Value);
    *value = value.saturating_add(amount.max(0) as u64);
}
