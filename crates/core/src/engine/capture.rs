//! Touchpoints: from what was observed to an event in the queue.

use super::{Engine, Restoring};
use crate::consent::Consent;
use crate::data;
use crate::effect::{Effect, Topic};
use crate::error::Code;
use crate::friction::Burst;
use crate::input::Pointer;
use crate::journey::Tally;
use crate::json::{self, Writer};
use crate::name::Name;
use crate::place::page_template;
use crate::rng::salted_hash;
use crate::stage::{self, Facts};
use crate::time::Millis;
use crate::timer::Timer;

/// Observations that wait for consent, at most.
const HELD: usize = 200;
/// The first event of a document leaves after this long, so that a short visit is heard of, in ms.
const FIRST_FLUSH: u64 = 1_000;
/// Events wait for each other this long, in ms.
const FLUSH: u64 = 5_000;
/// … or until so many wait,
const FLUSH_EVENTS: usize = 20;
/// … or so many bytes.
const FLUSH_BYTES: usize = 32 * 1024;
/// A change is stored after this long at the latest, in ms.
const PERSIST: u64 = 1_000;

/// The page that is looked at.
#[derive(Default)]
pub(super) struct Page {
    /// Its path as a template.
    pub(super) path: String,
    /// It was reached from another site.
    from_outside: bool,
    /// How the journey began, if it began here.
    pub(super) door: &'static str,
    /// When it was first seen.
    pub(super) since: Millis,
}

/// An observation that waits until it is known whether it may be kept.
pub(super) struct Held {
    at: Millis,
    name: Name,
    data: String,
    order: Option<String>,
    page: String,
    from_outside: bool,
}

impl Engine {
    pub(super) fn page(&mut self, path: &str, referrer: &str, own_host: bool, restored: bool) {
        let (from_outside, door) = match (referrer.is_empty(), own_host) {
            (true, _) => (false, "direct"),
            (false, false) => (true, "link"),
            // The visit began on an earlier page, of which nothing may be known.
            (false, true) => (false, "unknown"),
        };
        let path = if self.config.sensitive {
            "/:page".to_owned()
        } else {
            page_template(path)
        };
        self.page = Page {
            path,
            from_outside,
            door,
            since: self.now,
        };
        if restored && self.journey.is_some() {
            self.restoring = Some(Restoring::Cache);
            self.effects.push(Effect::Restore);
        }
        self.touchpoint(Name::PageView, String::new(), None);
    }

    pub(super) fn track(&mut self, name: &str, raw: Option<&str>) {
        let Some(name) = Name::parse(name).filter(|name| name.is_for_shops()) else {
            let name: String = name.chars().take(40).collect();
            return self.fail(Code::UnknownName, &name);
        };
        let mut out = Writer::default();
        let mut order = None;
        if let Some(raw) = raw {
            if data::write(&mut out, raw, self.config.money).is_none() {
                out.truncate(0);
                self.fail(Code::BadData, name.as_str());
            } else if name == Name::Purchase {
                order = data::find(raw, "transaction_id")
                    .and_then(|raw| Some(json::as_text(raw).or(Some(raw.into()))?.into_owned()));
            }
        }
        let data = if self.config.sensitive {
            String::new()
        } else {
            out.into_string()
        };
        self.touchpoint(name, data, order);
    }

    pub(super) fn pointer(&mut self, pointer: Pointer<'_>) {
        if matches!(self.consent, Consent::Denied) {
            return;
        }
        let ended = self.rage.click(self.now, pointer);
        self.rage_click(ended);
        match self.rage.deadline() {
            Some(at) => self.timers.set(Timer::Rage, at),
            None => self.timers.stop(Timer::Rage),
        }
    }

    pub(super) fn rage_click(&mut self, burst: Option<Burst>) {
        let Some(burst) = burst else { return };
        let mut out = Writer::default();
        out.raw("{");
        out.number_member("count", u64::from(burst.count));
        out.key("confidence");
        crate::money::write(&mut out, burst.confidence() as i64);
        out.text_member("target", &burst.target);
        out.raw("}");
        self.touchpoint(Name::RageClick, out.into_string(), None);
    }

    /// One touchpoint with data that is fit to leave.
    pub(super) fn touchpoint(&mut self, name: Name, data: String, order: Option<String>) {
        let held = Held {
            at: self.now,
            name,
            data,
            order,
            page: self.page.path.clone(),
            from_outside: self.page.from_outside,
        };
        // An order that this document has counted is no touchpoint again, whoever is told.
        if let Some(order) = &held.order {
            if self.orders.contains(order) {
                return;
            }
            self.orders.push(order.clone());
        }
        match self.consent {
            Consent::Granted(_) if self.restoring.is_none() => {
                if self.journey.as_ref().is_some_and(|journey| journey.is_over(self.now)) {
                    self.restoring = Some(Restoring::Idle);
                    self.effects.push(Effect::Restore);
                    self.held.push(held);
                } else {
                    self.record(held);
                }
            }
            Consent::Granted(_) | Consent::Undecided => {
                if self.held.len() < HELD {
                    // Without consent a prompt may still wait for this touchpoint, in memory.
                    if self.consent == Consent::Undecided {
                        self.meet(held.name);
                    }
                    self.held.push(held);
                }
            }
            Consent::Denied => self.meet(name),
        }
    }

    /// When the first thing that is held happened.
    pub(super) fn first_held(&self) -> Option<Millis> {
        self.held.first().map(|held| held.at)
    }

    /// Whether the view of this page is among what is held.
    pub(super) fn holds_page(&self) -> bool {
        self.held.iter().any(|held| held.name == Name::PageView)
    }

    /// Takes what was held into the journey, in its order.
    pub(super) fn release(&mut self) {
        for held in std::mem::take(&mut self.held) {
            self.record(held);
        }
    }

    /// The page as the first thing of a journey that begins in its middle.
    pub(super) fn record_page(&mut self) {
        self.record(Held {
            at: self.now,
            name: Name::PageView,
            data: String::new(),
            order: None,
            page: self.page.path.clone(),
            from_outside: self.page.from_outside,
        });
    }

    /// Into the journey: stages first, then the event.
    fn record(&mut self, mut held: Held) {
        let Some(journey) = &mut self.journey else { return };
        let at = held.at.max(journey.last);
        if let Some(order) = &held.order {
            let order = salted_hash(&journey.id, order);
            if self.visit.orders.contains(&order) {
                return;
            }
            self.visit.claim(order);
        }
        if held.name == Name::PageView && journey.tally(Tally::Pages) == 0 {
            let mut out = Writer::default();
            out.raw("{");
            out.word_member("door", self.page.door);
            out.raw("}");
            held.data = out.into_string();
        }
        journey.last = at;
        self.visit.last = at;
        let facts = journey.facts(held.from_outside, false);
        journey.touched(held.name);
        self.enter(held.name, facts, &held.page);
        self.event(at, held.name, &held.page, &held.data);
        self.meet(held.name);
    }

    /// Enters the stages that touchpoint `by` leads to.
    pub(super) fn enter(&mut self, by: Name, facts: Facts, page: &str) {
        for stage in stage::entered(by, facts) {
            let Some((from, visit)) = self.journey.as_mut().and_then(|journey| journey.enter(stage)) else {
                continue;
            };
            self.visit.stage = Some(stage);
            let mut out = Writer::default();
            out.raw("{");
            if let Some(from) = from {
                out.word_member("from", from.as_str());
            }
            out.word_member("rule", by.as_str());
            out.number_member("visit", visit);
            let data = out.as_str().len();
            out.raw("}");
            self.event(self.visit.last, Name::StageEnter, page, out.as_str());
            out.truncate(data);
            out.word_member("stage", stage.as_str());
            out.raw("}");
            self.notify(Topic::Stage, out.into_string());
            self.meet_stage(stage);
        }
    }

    /// One event into the queue, once and for all.
    pub(super) fn event(&mut self, at: Millis, name: Name, page: &str, data: &str) {
        let Some(journey) = &mut self.journey else { return };
        journey.seq += 1;
        journey.count(Tally::Captured, 1);
        let dropped = self.queue.push(name.is_urgent(), |out| {
            out.raw("{");
            out.number_member("seq", journey.seq);
            out.number_member("at", journey.at(at));
            out.word_member("name", name.as_str());
            out.word_member("lens", name.lens().as_str());
            journey.write_stage(out);
            out.text_member("page", page);
            if !data.is_empty() {
                out.key("data");
                out.raw(data);
            }
            out.raw("}");
        });
        journey.count(Tally::Full, dropped);
        let first = journey.seq == 1;
        if self.listens(Topic::Touchpoint) {
            self.notify(Topic::Touchpoint, self.queue.newest().to_owned());
        }
        if name.is_friction() && self.listens(Topic::Friction) {
            self.notify(Topic::Friction, self.queue.newest().to_owned());
        }
        if name.is_urgent() || self.queue.len() >= FLUSH_EVENTS || self.queue.bytes() >= FLUSH_BYTES {
            self.due = true;
        } else {
            let wait = if first { FIRST_FLUSH } else { FLUSH };
            self.timers.sooner(Timer::Flush, self.now.plus(wait));
        }
        self.timers.sooner(Timer::Persist, self.now.plus(PERSIST));
    }
}
