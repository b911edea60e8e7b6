//! Touchpoints: from what was observed to an event in the queue.

use super::deliver::REST;
use super::trust::said;
use super::{Engine, Restoring};
use crate::consent::Consent;
use crate::data;
use crate::door::{self, Door, Link};
use crate::effect::Topic;
use crate::error::Code;
use crate::framework::when;
use crate::input::{Arrival, Source};
use crate::journey::Tally;
use crate::json::Writer;
use crate::lane::Book;
use crate::name::Name;
use crate::place::page_template;
use crate::rng::{hash, is_known};
use crate::time::Millis;
use crate::timer::Timer;
use crate::view::View;

/// Observations that wait for consent, at most: more than any page tells before its shopper decides. Those that a page may not tell are counted
/// as they are released.
const HELD: usize = 2_000;
/// The first event of a document leaves after this long, so that a short visit is heard of, in ms.
const FIRST_FLUSH: u64 = 1_000;
/// Events wait for each other this long, in ms.
const FLUSH: u64 = 5_000;
/// … or until they are a batch, or so many bytes.
const FLUSH_BYTES: usize = 32 * 1024;
/// A change is stored after this long at the latest, in ms.
const PERSIST: u64 = 1_000;

/// A page that slept waits this long before it looks at what is stored, in ms: the page that is left hides, and stores what it has,
/// only after this one is shown (seen in Chromium; on a busy machine more than a turn of the event loop later).
const WAKE: u64 = 250;

/// The page that is looked at.
pub(super) struct Page {
    /// Its path as a template.
    pub(super) path: String,
    pub(super) view: View,
    /// It was reached from another site.
    from_outside: bool,
    /// How the journey began, if it began here.
    pub(super) door: Door,
}

impl Page {
    /// None yet.
    pub(super) const NEW: Self = Self { path: String::new(), view: View::NEW, from_outside: false, door: Door::NEW };
}

/// An observation, until it is known whether it may be kept.
pub(super) struct Held {
    pub(super) at: Millis,
    pub(super) name: Name,
    pub(super) data: String,
    /// The hash of the order's number, of a purchase that has one; else 0.
    pub(super) order: u64,
    pub(super) page: String,
    from_outside: bool,
    /// How the page was come to, where this is its view. A touchpoint that a link tells of has the link's stage alone.
    link: Link,
    /// An answer of somebody who recommends the shop.
    pub(super) promoter: bool,
}

impl Engine {
    /// The watcher has found something.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn found(&mut self, name: &str, at: Millis, page: &str, data: &str) {
        if let Some(name) = Name::parse(name)
            && self.journey.is_on()
        {
            // What a page is by its address.
            if name.is_for_shops() && !name.is_friction() {
                return self.track(name.as_str(), Some(data), Source::Url);
            }
            // It is no moment of contact, and keeps no journey alive.
            if name == Name::JourneySummary {
                // A page that slept does not know yet what the journey has become.
                if self.restoring != Some(Restoring::Cache) {
                    self.event(name, page, data);
                }
                return;
            }
            let mut held = self.observe(name, data.to_owned());
            held.at = at.min(self.now);
            page.clone_into(&mut held.page);
            self.admit(held);
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn page(&mut self, path: &str, referrer: &str, own_host: bool, how: Arrival) {
        let path_of = if self.config.sensitive { "/:page".to_owned() } else { page_template(path) };
        if self.page.view.echoes(path, how, self.now) {
            self.page.path = path_of;
            return;
        }
        // What comes back began on an earlier page, and what it began is over.
        let own = own_host || how == Arrival::Restored;
        let door = door::read(path, referrer, own, !self.config.sensitive, &self.framework);
        if door.staff {
            self.journey.tallies[Tally::Staff as usize] = 1;
        }
        // Only who loads a page from outside arrives: to load it again is none.
        let from_outside = how == Arrival::Load && door.outside;
        // Another view begins: what waits belongs to the one before.
        self.recount_all();
        self.reports.clear();
        self.ordered = false;
        let page = &mut self.page;
        (page.path, page.from_outside) = (path_of, from_outside);
        // Each view has a door of its own: who agrees on a later page agreed to that page, and not to how it was come to.
        page.door = door;
        // A page that slept looks at what is stored before anything is told.
        if how == Arrival::Restored && self.journey.is_on() {
            self.restoring = Some(Restoring::Cache);
            self.timers.set(Timer::Wake, self.now.plus(WAKE));
        }
        self.touchpoint(Name::PageView, String::new(), 0);
    }

    /// Whether the shopper is of the shop's own staff, of whom nothing is captured.
    pub(super) fn is_staff(&self) -> bool {
        self.journey.tally(Tally::Staff) > 0
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn track(&mut self, name: &str, raw: Option<&str>, source: Source) {
        let Some(name) = Name::parse(name).filter(|name| name.is_for_shops()) else {
            return self.fail(Code::UnknownName, name);
        };
        // Of a loop that runs away nothing is read.
        let counts = self.journey.is_on() && self.restoring.is_none() && !self.is_staff();
        if counts && !self.rate.takes(name, self.now, false) {
            return self.cut_short(name);
        }
        let mut out = Writer::sized(raw.map_or(0, str::len));
        let (mut about, mut order) = (0, 0);
        if let Some(raw) = raw {
            if let Some(product) = data::write(&mut out, raw, self.config.money) {
                if name == Name::Purchase {
                    order = said(raw, "transaction_id");
                }
                about = if order == 0 { product } else { order };
            } else {
                out.truncate(0);
                self.fail(Code::BadData, name.as_str());
            }
        }
        if self.config.sensitive {
            out.truncate(0);
        }
        let mut held = self.observe(name, out.into_string());
        held.order = order;
        self.reported(source, about, held);
    }

    /// One touchpoint with data that is fit to leave.
    pub(super) fn touchpoint(&mut self, name: Name, data: String, order: u64) {
        let mut held = self.observe(name, data);
        held.order = order;
        self.admit(held);
    }

    /// Into the journey, or to what waits for it.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn admit(&mut self, held: Box<Held>) {
        let Held { name, order, .. } = *held;
        // An order that this document has counted is no touchpoint again, whoever is told.
        if order != 0 {
            if is_known(&self.orders, order) {
                return;
            }
            self.orders.push(order);
        }
        if self.consent == Consent::Granted {
            if self.restoring.is_none() {
                // An order may have been counted by another tab, and an old journey be kept alive by one.
                if self.journey.is_over(self.now) {
                    // The journey that has ended tells of itself.
                    self.happened(Name::JourneySummary.as_str(), "", self.journey.stage);
                    self.look(Restoring::Idle);
                } else if order == 0 {
                    return self.record(held);
                } else {
                    self.look(Restoring::Merge);
                }
            }
        } else {
            // Without consent a prompt may still wait for an order.
            self.ordered |= name == Name::Purchase;
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
    pub(super) fn observe(&self, name: Name, data: String) -> Box<Held> {
        let Page { path, from_outside, door, .. } = &self.page;
        let mut held = Box::new(Held {
            at: self.now,
            name,
            data,
            order: 0,
            page: path.clone(),
            from_outside: *from_outside,
            link: Link::NEW,
            promoter: false,
        });
        if name == Name::PageView {
            held.data.clone_from(&door.data);
            held.link = door.link;
        }
        held
    }

    /// Into the journey: the stages that it enters, then the event itself.
    // An observation is handed on as one word, as it has been all along: to move it whole would cost every page a hundred bytes.
    #[allow(clippy::boxed_local)]
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn record(&mut self, held: Box<Held>) {
        let Held { at, name, mut data, order, page, mut from_outside, mut link, promoter } = *held;
        if self.is_staff() {
            return;
        }
        if !self.rate.takes(name, self.now, true) {
            return self.cut_short(name);
        }
        if name == Name::Purchase {
            let claim = hash(order, &self.journey.id);
            if order != 0 && is_known(&self.journey.orders, claim) || !self.remember_order(order) {
                return;
            }
            if order != 0 {
                self.journey.claim(claim);
            }
        }
        let mut touch = Link::NEW;
        if name == Name::PageView {
            // Banks and payment providers have more addresses than any list: whoever comes from an unknown one in the middle of a checkout
            // has not come anew.
            from_outside &= self.journey.tally(Tally::Paying) == 0 || link.kind != door::OTHER;
            let first = self.journey.tally(Tally::Pages) == 0;
            if first || from_outside {
                let kind = link.kind.into();
                self.journey.tallies[Tally::LastDoor as usize] = kind;
                if first {
                    self.journey.tallies[Tally::Door as usize] = kind;
                }
                // The link's stage is entered by the touchpoint that it tells of, where it tells of one.
                if link.touch > 0 {
                    touch = std::mem::take(&mut link);
                }
            } else {
                data.clear();
                link.stage = None;
            }
        }
        let mut facts = self.journey.facts(from_outside, promoter);
        facts.link = link.stage;
        if name == Name::PageView {
            self.vary(&mut data);
        } else if name == Name::HelpView && data::find(&data, "kind") == Some("\"instructions\"") {
            facts.met |= when::INSTRUCTIONS;
        }
        self.dwell += self.journey.advance(at);
        self.journey.touched(name);
        let before = self.journey.stage;
        let mut rule = 0;
        while let Some(stage) = self.framework.entered(&mut rule, name, facts) {
            let Some((from, visit)) = self.journey.enter(stage) else {
                continue;
            };
            let mut out = Writer::object(0);
            if let Some(from) = from {
                out.word_member("from", self.framework.name(from));
            }
            out.word_member("rule", name.as_str());
            out.number_member("visit", visit);
            let entry = out.as_str().len();
            out.raw("}");
            self.event(Name::StageEnter, &page, out.as_str());
            self.happened(Name::StageEnter.as_str(), out.as_str(), from);
            out.truncate(entry);
            out.word_member("stage", self.framework.name(stage));
            out.raw("}");
            self.notify(Topic::Stage, out.into_string());
        }
        self.event(name, &page, &data);
        self.happened(name.as_str(), &data, before);
        if touch.touch > 0 {
            let mut out = Writer::object(0);
            out.word_member("kind", door::TOUCHES.at(usize::from(touch.touch)));
            out.word_member("by", "link");
            out.raw("}");
            let (name, data) = (Name::OffsiteTouchpoint, out.into_string());
            self.record(Box::new(Held { at, name, data, order: 0, page, from_outside, link: touch, promoter }));
        }
    }

    /// One event into every lane whose collector gets it, once and for all.
    pub(super) fn event(&mut self, name: Name, page: &str, data: &str) {
        let journey = &mut self.journey;
        journey.seq += 1;
        let mut out = Writer::object(256 + data.len());
        out.number_member("seq", journey.seq);
        out.number_member("at", journey.at(journey.last));
        out.word_member("name", name.as_str());
        out.word_member("lens", name.lens().as_str());
        journey.write_stage(&mut out, &self.framework);
        out.text_member("page", page);
        if !data.is_empty() {
            out.key("data");
            out.raw(data);
        }
        out.raw("}");
        let first = journey.seq == 1;
        // Nothing keeps it waiting: shoppers leave the page of thanks at once. But one is not soon followed by another one.
        let at_once = name.is_urgent() && self.now >= self.urged;
        if at_once {
            self.urged = self.now.plus(REST);
        }
        for at in 0..self.lanes.len() {
            if !self.wants(at, name) {
                continue;
            }
            let lane = &mut self.lanes[at];
            lane.count(Book::Captured, 1);
            lane.queue.push(name.rank(), out.as_str());
            if name.is_urgent() || lane.queue.len() >= lane.rules.events || lane.queue.body.len() >= FLUSH_BYTES {
                lane.due = true;
            }
            if at_once {
                lane.rested = self.now;
            }
            lane.flush_by(self.now.plus(if first { FIRST_FLUSH } else { FLUSH }));
            self.make_room(at);
        }
        for topic in [Topic::Touchpoint, Topic::Friction] {
            if self.listens(topic) && (topic == Topic::Touchpoint || name.is_friction()) {
                self.notify(topic, out.as_str().to_owned());
            }
        }
        self.shelf_soon();
        self.timers.sooner(Timer::Persist, self.now.plus(PERSIST));
    }
}
