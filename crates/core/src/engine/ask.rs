//! Prompts: when one opens, and what becomes of its answers.

use super::Engine;
use crate::batch;
use crate::config::Mode;
use crate::effect::Effect;
use crate::input::PromptEvent;
use crate::json::Writer;
use crate::name::Name;
use crate::place;
use crate::stage::Stage;
use crate::timer::Timer;
use crate::trigger::{BUSY, On, Rule, SETTLE};
use crate::words;

/// Free text is cut here, in characters; the prompt's own limit is 500 and below.
const TEXT: usize = 500;

/// A prompt whose trigger has come and whose delay has not.
pub(super) struct Pending {
    id: String,
    trigger: &'static str,
}

/// The prompt that is open.
pub(super) struct Open {
    id: String,
    version: u32,
    sub: String,
    trigger: &'static str,
    /// Without `measure`: the id under which this one submission leaves, and how many of its answers have.
    unjoined: Option<(String, u64)>,
}

impl Engine {
    /// Asks for the definitions as soon as a prompt may be shown.
    pub(super) fn want_prompts(&mut self) {
        if !self.prompts_wanted && self.may_ask() {
            self.prompts_wanted = true;
            self.effects.push(Effect::LoadPrompts);
        }
    }

    pub(super) fn prompts(&mut self, rules: Vec<Rule>) {
        self.rules = rules;
        // What this document met before the definitions came counts as well.
        for &name in Name::ALL {
            if self.met & (1 << name as u8) != 0 {
                self.trigger(On::Touchpoint(name));
            }
        }
        for stage in Stage::ALL {
            if self.met_stages & (1 << stage as u8) != 0 {
                self.trigger(On::Stage(stage));
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
        self.met_stages |= 1 << stage as u8;
        self.trigger(On::Stage(stage));
    }

    /// What was met before a grant plays no part after it.
    pub(super) fn forget_met(&mut self) {
        (self.met, self.met_stages) = (0, 0);
        self.pending = None;
    }

    fn trigger(&mut self, on: On) {
        if self.pending.is_some() || self.open.is_some() || !self.visit.asked.is_empty() || !self.may_ask() {
            return;
        }
        let exempt = on == On::Touchpoint(Name::Purchase);
        if self.journey.is_none() && (!exempt || self.config.quiet) {
            return;
        }
        let Some(rule) = self.rules.iter().find(|rule| rule.on.contains(&on)) else {
            return;
        };
        if self.config.automation && !rule.automation {
            return;
        }
        let trigger = match on {
            On::Touchpoint(name) => name.as_str(),
            On::Stage(stage) => stage.as_str(),
        };
        let settled = if exempt {
            self.now
        } else {
            self.now.max(self.visit_start().plus(SETTLE))
        };
        self.timers
            .set(Timer::Prompt, settled.max(self.now.plus(u64::from(rule.delay))));
        self.pending = Some(Pending {
            id: rule.id.clone(),
            trigger,
        });
    }

    /// The delay is over: look again, then open.
    pub(super) fn open_pending(&mut self) {
        if self.pending.is_none() || !self.may_ask() {
            self.pending = None;
            return;
        }
        if self.hidden {
            return self.timers.set(Timer::Prompt, self.now.plus(BUSY));
        }
        if let Some(pending) = &self.pending {
            let (id, trigger) = (pending.id.clone(), pending.trigger);
            self.show(id, trigger, false);
        }
    }

    /// The shell looked at the page: the shopper is typing, or another dialog is open.
    pub(super) fn busy(&mut self) {
        self.open = None;
        if self.pending.is_some() {
            self.timers.set(Timer::Prompt, self.now.plus(BUSY));
        }
    }

    /// The page asks for a prompt by its id: neither delay nor limits, but consent.
    pub(super) fn open_asked(&mut self, id: &str) {
        if self.may_ask() && self.open.is_none() && self.rules.iter().any(|rule| rule.id == id) {
            self.show(id.to_owned(), "api", true);
        }
    }

    fn show(&mut self, id: String, trigger: &'static str, user: bool) {
        let version = self
            .rules
            .iter()
            .find(|rule| rule.id == id)
            .map_or(1, |rule| rule.version);
        let measure = self.journey.is_some();
        let sub = self.entropy.id(5);
        let unjoined = (!measure).then(|| (self.entropy.id(16), 0));
        self.open = Some(Open {
            id: id.clone(),
            version,
            sub: sub.clone(),
            trigger,
            unjoined,
        });
        self.effects.push(Effect::OpenPrompt {
            id,
            sub,
            trigger,
            measure,
            user,
        });
    }

    pub(super) fn prompt(&mut self, event: PromptEvent<'_>) {
        let Some(open) = &mut self.open else { return };
        let mut out = Writer::default();
        out.raw("{");
        out.text_member("prompt", &open.id);
        let mut promoter = false;
        let name = match event {
            PromptEvent::Shown => {
                out.number_member("version", u64::from(open.version));
                out.word_member("sub", &open.sub);
                out.word_member("trigger", open.trigger);
                self.visit.asked.push(open.id.clone());
                self.pending = None;
                Name::PromptShown
            }
            PromptEvent::Answer {
                step,
                rev,
                ask,
                score,
                text,
                skipped,
            } => {
                out.number_member("version", u64::from(open.version));
                out.word_member("sub", &open.sub);
                out.text_member("step", step);
                out.number_member("rev", u64::from(rev));
                out.text_member("ask", ask);
                if let Some(score) = score {
                    out.number_member("score", u64::from(score));
                }
                if let Some(text) = text {
                    out.text_member("text", words::first_chars(text, TEXT));
                }
                if skipped {
                    out.key("skipped");
                    out.raw("true");
                }
                promoter = ask == "nps" && score.is_some_and(|score| score >= 9);
                Name::PromptAnswer
            }
            PromptEvent::Closed { reason, partial } => {
                out.word_member("sub", &open.sub);
                out.text_member("reason", reason);
                out.key("partial");
                out.raw(if partial { "true" } else { "false" });
                if open.unjoined.is_some() && reason != "completed" && self.config.mode == Mode::Feedback {
                    self.config.quiet = true;
                    self.effects.push(Effect::Quiet);
                }
                Name::PromptClosed
            }
            PromptEvent::Failed => {
                self.open = None;
                self.pending = None;
                return;
            }
        };
        out.raw("}");
        let closed = name == Name::PromptClosed;
        let unjoined = open.unjoined.as_mut().map(|(id, seq)| {
            *seq += u64::from(name == Name::PromptAnswer);
            (id.clone(), *seq, open.sub.clone())
        });
        if let Some((id, seq, leg)) = unjoined {
            if name == Name::PromptAnswer {
                self.send_unjoined(&id, seq, &leg, out.as_str());
            }
        } else if let Some(journey) = &mut self.journey {
            journey.last = self.now;
            self.visit.last = self.now;
            let facts = journey.facts(false, promoter);
            let page = self.page.path.clone();
            self.enter(name, facts, &page);
            self.event(self.now, name, &page, out.as_str());
        }
        if closed {
            self.open = None;
        }
    }

    /// An answer without `measure`: alone, at once, with the type of the page and the hour.
    fn send_unjoined(&mut self, id: &str, seq: u64, leg: &str, data: &str) {
        let mut out = Writer::default();
        let number = self.batch_number();
        batch::open_unjoined(&mut out, &self.config, number, self.now, id, leg);
        out.raw("{");
        out.number_member("seq", seq);
        out.word_member("name", Name::PromptAnswer.as_str());
        out.word_member("lens", Name::PromptAnswer.lens().as_str());
        out.text_member("page", place::page_type(&self.page.path));
        out.key("data");
        out.raw(data);
        out.raw("}");
        batch::close(&mut out);
        self.enqueue(out, 1, false);
    }
}
