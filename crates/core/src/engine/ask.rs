//! Prompts: who may be asked, and what becomes of the answers. When one opens is the asker's business, a module of its own that only pages with
//! prompts load: see the feature `ask`.

use super::Engine;
use crate::batch;
use crate::data;
use crate::effect::Effect;
use crate::input::PromptEvent;
use crate::journey::Tally;
use crate::json::Writer;
use crate::name::Name;
use crate::parcel::RANKS;
use crate::place;
use crate::words;

/// The prompt that was opened last; it can still be answered when it has closed: what was answered can be taken back.
pub(super) struct Open {
    id: String,
    version: u32,
    sub: String,
    trigger: String,
    /// It opened by itself.
    auto: bool,
    /// Without `measure`: the id under which this one submission leaves. Empty with it.
    unjoined: String,
    /// How many answers have left under that id.
    answers: u64,
}

impl Engine {
    /// Tells what may be done, where that has changed: what opens prompts is fetched as soon as one may be shown.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn tell_may(&mut self) {
        let mut may = 0;
        if self.may_ask() {
            let asked = self.journey.tally(Tally::Asked) > 0;
            let on = self.journey.is_on();
            for bit in [asked, self.ordered && !on, self.remembers && on, on, true] {
                may = may << 1 | u8::from(bit);
            }
        }
        if may != self.may {
            self.may = may;
            self.effect(Effect::May { flags: may });
        }
    }

    /// A prompt is to open: only where it may. One that goes on from the page before keeps its submission.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn open(&mut self, id: &str, version: u32, trigger: &str, sub: &str, auto: bool) {
        if self.may_ask() {
            let measure = self.journey.is_on();
            let sub = if sub.is_empty() { self.entropy.id(5) } else { sub.to_owned() };
            let unjoined = if measure { String::new() } else { self.entropy.id(16) };
            let (id, trigger) = (id.to_owned(), trigger.to_owned());
            let path = if measure || self.config.sensitive { String::new() } else { self.steps() };
            self.effect(Effect::OpenPrompt { sub: sub.clone(), measure, path });
            self.open = Some(Open { id, version, sub, trigger, auto, unjoined, answers: 0 });
        }
    }

    /// The names of what this document saw happen while nobody had decided. Nothing else is known of the visit then.
    fn steps(&self) -> String {
        let mut out = Writer::default();
        for held in &self.held {
            out.raw(if out.as_str().is_empty() { "[\"" } else { "\",\"" });
            out.raw(held.name.as_str());
        }
        if !self.held.is_empty() {
            out.raw("\"]");
        }
        out.into_string()
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn prompt(&mut self, event: PromptEvent<'_>) {
        let Some(open) = &mut self.open else { return };
        let (name, raw) = match event {
            PromptEvent::Shown => (Name::PromptShown, "{}"),
            PromptEvent::Answer(raw) => (Name::PromptAnswer, raw),
            PromptEvent::Closed(raw) => (Name::PromptClosed, raw),
            PromptEvent::Offsite(raw) => (Name::OffsiteTouchpoint, raw),
        };
        let mut out = Writer::object(0);
        if name == Name::OffsiteTouchpoint {
            out.word_member("by", "told");
        } else {
            out.text_member("prompt", &open.id);
            if name != Name::PromptClosed {
                out.number_member("version", u64::from(open.version));
            }
            out.word_member("sub", &open.sub);
        }
        if name == Name::PromptShown {
            out.word_member("trigger", &open.trigger);
        }
        if name != Name::PromptAnswer && open.auto {
            self.journey.tallies[Tally::Asked as usize] = 1;
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
        }
    }
}
