//! Prompts: when one opens, and what becomes of its answers.

use super::Engine;
use crate::batch;
use crate::data;
use crate::effect::Effect;
use crate::error::Code;
use crate::input::PromptEvent;
use crate::json::Writer;
use crate::name::Name;
use crate::parcel::RANKS;
use crate::place;
use crate::stage::Stage;
use crate::timer::Timer;
use crate::trigger::{BUSY, On, Rule, SETTLE};
use crate::words;

/// A prompt whose trigger has come and whose delay has not.
#[derive(Clone, Copy)]
pub(super) struct Pending {
    /// Where its rule is.
    rule: usize,
    trigger: On,
}

/// The prompt that is open.
pub(super) struct Open {
    /// Where its rule is.
    rule: usize,
    sub: String,
    trigger: String,
    /// Without `measure`: the id under which this one submission leaves. Empty with it.
    unjoined: String,
    /// How many answers have left under that id.
    answers: u64,
}

impl Engine {
    /// Asks for the definitions as soon as a prompt may be shown.
    pub(super) fn want_prompts(&mut self) {
        if !self.prompts_wanted && self.may_ask() {
            self.prompts_wanted = true;
            self.effect(Effect::LoadPrompts);
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn prompts(&mut self, rules: Vec<Rule>) {
        // The open and the pending one are known by their places: definitions come once.
        if self.rules.is_empty() {
            self.rules = rules;
        }
        if let Some(rule) = self.rules.iter().find(|rule| rule.on.contains(&On::Unknown)) {
            let id = rule.id.clone();
            self.fail(Code::PromptTrigger, &id);
        }
        // What this document met before the definitions came counts as well.
        for &name in Name::ALL {
            if self.met & (1 << name as u8) != 0 {
                self.trigger(On::Touchpoint(name));
            }
        }
        for place in 0..Stage::MOST as u8 {
            if self.met_stages & (1 << place) != 0 {
                self.trigger(On::Stage(Stage(place)));
            }
        }
    }

    /// Touchpoint `name` has happened.
    pub(super) fn meet(&mut self, name: Name) {
        self.met |= 1 << name as u8;
        self.trigger(On::Touchpoint(name));
        self.want_prompts();
    }

    /// Stage `stage` was entered.
    pub(super) fn meet_stage(&mut self, stage: Stage) {
        self.met_stages |= 1 << stage.0;
        self.trigger(On::Stage(stage));
    }

    /// What was met before a grant plays no part after it.
    pub(super) fn forget_met(&mut self) {
        (self.met, self.met_stages) = (0, 0);
        self.pending = None;
    }

    fn trigger(&mut self, on: On) {
        // The order page is exempt from quiet zones, and the only one where shoppers are asked without `measure`.
        let order = on == On::Touchpoint(Name::Purchase);
        let may = self.may_ask() && (self.journey.is_on() || (order && !self.config.quiet));
        if !may || self.pending.is_some() || self.open.is_some() || !self.journey.asked.is_empty() {
            return;
        }
        let Some(rule) = self.rules.iter().position(|rule| rule.on.contains(&on)) else {
            return;
        };
        if self.config.automation && !self.rules[rule].automation {
            return;
        }
        let mut at = self.now.plus(u64::from(self.rules[rule].delay));
        if !order {
            let began = if self.journey.is_on() { self.journey.start } else { self.page.view.since };
            at = at.max(began.plus(SETTLE));
        }
        self.pending = Some(Pending { rule, trigger: on });
        self.timers.set(Timer::Prompt, at);
    }

    /// The delay is over: look again, then open.
    pub(super) fn open_pending(&mut self) {
        let Some(Pending { rule, trigger }) = self.pending else {
            return;
        };
        if self.open.is_some() {
            self.pending = None;
        } else if self.may_ask() && !self.hidden {
            self.show(rule, trigger, false);
        }
    }

    /// The shopper is typing, or has another dialog open: look again later.
    pub(super) fn busy(&mut self) {
        self.open = None;
        self.timers.set(Timer::Prompt, self.now.plus(BUSY));
    }

    /// The page asks for a prompt by its id: neither delay nor limits, but consent.
    pub(super) fn open_asked(&mut self, id: &str) {
        if self.may_ask()
            && self.open.is_none()
            && let Some(rule) = self.rules.iter().position(|rule| rule.id == id)
        {
            self.show(rule, On::Unknown, true);
        }
    }

    /// Opens a prompt; no trigger of its own means that the page asked.
    fn show(&mut self, rule: usize, trigger: On, user: bool) {
        let trigger = match trigger {
            On::Touchpoint(name) => name.as_str(),
            On::Stage(stage) => self.framework.name(stage),
            On::Unknown => "api",
        };
        let trigger = trigger.to_owned();
        let measure = self.journey.is_on();
        let sub = self.entropy.id(5);
        let unjoined = if measure { String::new() } else { self.entropy.id(16) };
        let id = self.rules[rule].id.clone();
        self.open = Some(Open { rule, sub: sub.clone(), trigger: trigger.clone(), unjoined, answers: 0 });
        self.effect(Effect::OpenPrompt { id, sub, trigger, measure, user });
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn prompt(&mut self, event: PromptEvent<'_>) {
        let Some(open) = &mut self.open else { return };
        let (name, raw) = match event {
            PromptEvent::Shown => (Name::PromptShown, "{}"),
            PromptEvent::Answer(raw) => (Name::PromptAnswer, raw),
            PromptEvent::Closed(raw) => (Name::PromptClosed, raw),
            PromptEvent::Failed => {
                self.open = None;
                self.pending = None;
                return;
            }
        };
        let mut out = Writer::object(0);
        let rule = &self.rules[open.rule];
        out.text_member("prompt", &rule.id);
        if name != Name::PromptClosed {
            out.number_member("version", u64::from(rule.version));
        }
        out.word_member("sub", &open.sub);
        if name == Name::PromptShown {
            out.word_member("trigger", &open.trigger);
        }
        if name != Name::PromptAnswer {
            self.pending = None;
            if !self.journey.asked.contains(&rule.id) {
                self.journey.asked.push(rule.id.clone());
            }
        }
        // Of a page with special content no words are joined to a path.
        data::write_prompt(&mut out, raw, !(self.config.sensitive && open.unjoined.is_empty()));
        out.raw("}");
        if open.unjoined.is_empty() {
            let score = data::find(raw, "score").and_then(words::number);
            let promoter = data::find(raw, "ask") == Some("\"nps\"") && score >= Some(9);
            let mut held = self.observe(name, out.into_string());
            held.promoter = promoter;
            if self.restoring.is_some() {
                self.held.push(held);
            } else {
                self.record(held);
            }
        } else if name == Name::PromptAnswer {
            open.answers += 1;
            // Alone, at once, with the type of the page and the hour.
            let mut batch = Writer::default();
            batch::open_unjoined(&mut batch, &self.config, open.answers, self.now, &open.unjoined, &open.sub);
            let head = batch.as_str().len();
            batch.raw("{");
            batch.number_member("seq", open.answers);
            batch.word_member("name", name.as_str());
            batch.word_member("lens", name.lens().as_str());
            batch.text_member("page", place::page_type(&self.page.path));
            batch.key("data");
            batch.raw(out.as_str());
            batch.raw("}");
            let mark = (batch.as_str().len() - head) as u64 * RANKS + name.rank();
            batch.raw(batch::CLOSE);
            // The shopper has seen what leaves, and for whom: the first collector.
            self.enqueue(0, batch, vec![mark], false);
        } else if name == Name::PromptClosed && data::find(raw, "reason") != Some("\"completed\"") {
            self.config.quiet = true;
            self.effect(Effect::Quiet);
        }
        if name == Name::PromptClosed {
            self.open = None;
        }
    }
}
