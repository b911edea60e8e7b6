//! Touchpoints: from what was observed to an event in the queue.

use super::trust::{product, said};
use super::{Engine, Restoring};
use crate::consent::Consent;
use crate::data;
use crate::effect::Topic;
use crate::error::Code;
use crate::input::{Arrival, Source};
use crate::journey::Tally;
use crate::json::Writer;
use crate::name::Name;
use crate::place::page_template;
use crate::rng::hash;
use crate::stage;
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

/// A page that slept waits this long before it looks at what is stored, in ms: the page that is left hides, and stores what it has,
/// only after this one is shown (seen in Chromium; on a busy machine more than a turn of the event loop later).
const WAKE: u64 = 250;

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

/// An observation, until it is known whether it may be kept.
pub(super) struct Held {
    pub(super) at: Millis,
    pub(super) name: Name,
    data: String,
    /// The hash of the order's number, of a purchase that has one; else 0.
    pub(super) order: u64,
    page: String,
    from_outside: bool,
    /// An answer of somebody who recommends the shop.
    pub(super) promoter: bool,
}

impl Engine {
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn page(&mut self, path: &str, referrer: &str, own_host: bool, how: Arrival) {
        let door = match (referrer.is_empty(), own_host) {
            (true, _) => "direct",
            (false, false) => "link",
            // The visit began on an earlier page, of which nothing may be known.
            (false, true) => "unknown",
        };
        // Another view begins: what waits belongs to the one before.
        self.recount_all();
        self.reports.clear();
        let path = if self.config.sensitive { "/:page".to_owned() } else { page_template(path) };
        self.page = Page { path, from_outside: door == "link", door, since: self.now };
        if how == Arrival::Restored && self.journey.is_on() {
            self.restoring = Some(Restoring::Cache);
            self.timers.set(Timer::Wake, self.now.plus(WAKE));
        }
        self.arrived(how);
        self.touchpoint(Name::PageView, String::new(), 0);
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn track(&mut self, name: &str, raw: Option<&str>, source: Source) {
        let Some(name) = Name::parse(name).filter(|name| name.is_for_shops()) else {
            return self.fail(Code::UnknownName, name);
        };
        let mut out = Writer::sized(raw.map_or(0, str::len));
        let (mut about, mut order) = (0, 0);
        if let Some(raw) = raw {
            if data::write(&mut out, raw, self.config.money).is_none() {
                out.truncate(0);
                self.fail(Code::BadData, name.as_str());
            } else {
                if name == Name::Purchase {
                    order = said(raw, "transaction_id");
                }
                about = if order == 0 { product(raw) } else { order };
            }
        }
        if self.config.sensitive {
            out.truncate(0);
        }
        let mut held = self.observe(name, out.into_string());
        held.order = order;
        self.reported(source, about, Box::new(held));
    }

    /// One touchpoint with data that is fit to leave.
    pub(super) fn touchpoint(&mut self, name: Name, data: String, order: u64) {
        let mut held = self.observe(name, data);
        held.order = order;
        self.admit(held);
    }

    /// Into the journey, or to what waits for it.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn admit(&mut self, held: Held) {
        let Held { name, order, .. } = held;
        // An order that this document has counted is no touchpoint again, whoever is told.
        if order != 0 {
            if self.orders.contains(&order) {
                return;
            }
            self.orders.push(order);
        }
        if self.consent == Consent::Granted {
            if self.restoring.is_none() {
                // An order may have been counted by another tab, and an old journey be kept alive by one.
                if self.journey.is_over(self.now) {
                    self.look(Restoring::Idle);
                } else if order == 0 {
                    return self.record(held);
                } else {
                    self.look(Restoring::Merge);
                }
            }
        } else {
            // Without consent a prompt may still wait for this touchpoint, in memory.
            self.meet(name);
        }
        if self.consent != Consent::Denied && self.held.len() < HELD {
            self.held.push(held);
        }
    }

    /// Takes what was held into the journey, in its order.
    pub(super) fn release(&mut self) {
        for held in std::mem::take(&mut self.held) {
            self.record(held);
        }
    }

    /// The view of this page, as the first thing of a journey that begins in its middle.
    pub(super) fn hold_page(&mut self) {
        self.held.insert(0, self.observe(Name::PageView, String::new()));
    }

    /// What happens on this page now.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn observe(&self, name: Name, data: String) -> Held {
        let Page { path, from_outside, .. } = &self.page;
        Held { at: self.now, name, data, order: 0, page: path.clone(), from_outside: *from_outside, promoter: false }
    }

    /// Into the journey: the stages that it enters, then the event itself.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn record(&mut self, held: Held) {
        let Held { at, name, mut data, order, page, from_outside, promoter } = held;
        if order != 0 {
            let order = hash(order, &self.journey.id);
            if self.journey.orders.contains(&order) {
                return;
            }
            self.journey.claim(order);
        }
        if name == Name::PageView && self.journey.tally(Tally::Pages) == 0 {
            let mut out = Writer::default();
            out.raw("{");
            out.word_member("door", self.page.door);
            out.raw("}");
            data = out.into_string();
        }
        let facts = self.journey.facts(from_outside, promoter);
        self.journey.last = self.journey.last.max(at);
        self.journey.touched(name);
        for stage in stage::entered(name, facts) {
            let Some((from, visit)) = self.journey.enter(stage) else {
                continue;
            };
            let mut out = Writer::default();
            out.raw("{");
            if let Some(from) = from {
                out.word_member("from", from.as_str());
            }
            out.word_member("rule", name.as_str());
            out.number_member("visit", visit);
            let entry = out.as_str().len();
            out.raw("}");
            self.event(Name::StageEnter, &page, out.as_str());
            out.truncate(entry);
            out.word_member("stage", stage.as_str());
            out.raw("}");
            self.notify(Topic::Stage, out.into_string());
            self.meet_stage(stage);
            self.entered(at, name, stage);
        }
        self.event(name, &page, &data);
        self.meet(name);
        self.happened(name, &data);
    }

    /// One event into the queue, once and for all.
    fn event(&mut self, name: Name, page: &str, data: &str) {
        let journey = &mut self.journey;
        journey.seq += 1;
        journey.count(Tally::Captured, 1);
        let dropped = self.queue.push(name.is_urgent(), &mut |out| {
            out.raw("{");
            out.number_member("seq", journey.seq);
            out.number_member("at", journey.at(journey.last));
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
        let seq = journey.seq;
        self.counted(name);
        let first = seq == 1;
        for topic in [Topic::Touchpoint, Topic::Friction] {
            if self.listens(topic) && (topic == Topic::Touchpoint || name.is_friction()) {
                self.notify(topic, self.queue.newest().to_owned());
            }
        }
        if name.is_urgent() || self.queue.len() >= FLUSH_EVENTS || self.queue.bytes() >= FLUSH_BYTES {
            self.due = true;
        }
        self.timers.sooner(Timer::Flush, self.now.plus(if first { FIRST_FLUSH } else { FLUSH }));
        self.timers.sooner(Timer::Persist, self.now.plus(PERSIST));
    }
}
