//! Observations: what feeds the friction detectors, and the frictions that they find on one page. Those that are found only along the
//! path are in `path.rs`.

use super::Watcher;
use super::friction::ALL;
use super::walk::{Count, Share};
use crate::config::Money;
use crate::input::{Observation, Pointer, What};
use crate::journey::IDLE;
use crate::json::{Writer, first_chars};
use crate::money;
use crate::name::Name;
use crate::privacy::short_rule;
use crate::time::Millis;
use crate::timer::Timer;
use crate::words;

/// A target or a text beyond this is cut, in characters.
const TEXT: usize = 100;
/// Less activity than this is no engagement, in ms.
const ENGAGED: u64 = 1_000;
/// An abandoned form is told this long before the journey ends by idleness, in ms, so that it is still in it.
const BEFORE_END: u64 = 1_000;

/// What the shopper achieved, as the shop says: its form is done, its message is a good one.
const ACHIEVED: u64 = 1 << Name::AddToCart as u64
    | 1 << Name::RemoveFromCart as u64
    | 1 << Name::AddToWishlist as u64
    | 1 << Name::AddShippingInfo as u64
    | 1 << Name::AddPaymentInfo as u64
    | 1 << Name::Purchase as u64
    | 1 << Name::Share as u64
    | 1 << Name::Login as u64
    | 1 << Name::SignUp as u64
    | 1 << Name::GenerateLead as u64
    | 1 << Name::ContactAttempt as u64
    | 1 << Name::ReturnStart as u64
    | 1 << Name::Complaint as u64
    | 1 << Name::ReviewWrite as u64;

impl Watcher {
    /// Something was observed on the page.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn observed(&mut self, observation: Observation<'_>) {
        let Observation { what, target, number } = observation;
        let now = self.now;
        // Nothing is watched without a journey; and what a page tells late, as it goes, begins no new one.
        if !self.heard.is_on() || self.heard.is_over(now) {
            return;
        }
        let watch = &mut self.watch;
        watch.answered(now, what);
        match what {
            What::Alert => watch.alert(now, target),
            What::Blur => watch.left = now,
            What::Invalid => watch.invalid(now, short_rule(target)),
            What::Edit => watch.form.edit(now, short_rule(target), true),
            What::Change => {
                watch.acted = now;
                watch.form.edit(now, short_rule(target), false);
            }
            What::Submit => {
                watch.acted = now;
                watch.form.open = false;
            }
            What::Request => {
                watch.request(now, target, number >> 20, u64::from(number & 0xF_FFFF), self.view.since);
            }
            What::Error => watch.error(now, target),
            What::Vital => {
                let mut out = Writer::default();
                let target = if self.scope.sensitive { words::cut(target, b'\n').0 } else { target };
                let confidence = watch.vital(&mut out, target, number);
                if !out.as_str().is_empty() {
                    self.tell(Name::WebVitals, now, out.into_string());
                }
                if confidence > 0 {
                    self.friction(Name::SlowPage, 1, confidence, target);
                }
            }
            // Told once on a page, as frictions are.
            What::Seen => watch.found.note(now, Name::ContentSeen, target, 0, 0, true),
            What::Engaged => {
                *self.walk.of(Share::Engaged, self.heard.stage) += u64::from(number);
                self.walk.counts[Count::Told as usize] = 0;
                let watch = &mut self.watch;
                watch.engaged += u64::from(number);
                watch.depth = words::number(target).unwrap_or_default().clamp(watch.depth, 100);
                // Told as the page hid, but after it.
                if self.hidden {
                    self.engage();
                }
            }
            _ => {}
        }
        self.path_observed(observation);
        self.tell_found();
    }

    /// The page is about to be left for another one in the same document, or for good.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn part(&mut self) {
        self.rest();
        self.abandon();
        self.watch.turn();
    }

    /// A touchpoint was captured; `data` is what leaves with it.
    pub(super) fn happened(&mut self, name: Name, data: &str) {
        let watch = &mut self.watch;
        if ACHIEVED & 1 << name as u64 != 0 {
            watch.achieved = self.now;
            watch.form.open = false;
            watch.found.drop(self.now, Name::ErrorShown, ALL);
        }
        if name == Name::FormError {
            // The shop knows better than what was seen from outside.
            watch.found.drop(self.now, name, ALL);
        }
        if name.is_for_shops() && !name.is_friction() {
            watch.answered(self.now, What::Mutation);
        }
        self.path_happened(name, data);
    }

    /// The page goes out of sight: what was watched ends here. `again`: it was already, so that it goes for good.
    pub(super) fn settle(&mut self, again: bool) {
        self.rest();
        if again {
            self.abandon();
        }
        self.path_settle();
    }

    /// What was begun on the page ends.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn rest(&mut self) {
        self.end_rage();
        self.engage();
        self.watch.found.settle();
        self.tell_found();
    }

    /// Whether the detector of `name` is on.
    pub(super) fn detects(&self, name: Name) -> bool {
        self.scope.off & 1 << name as u64 == 0
    }

    /// A friction: how often it happened, how sure that is (in hundredths), and where.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn friction(&mut self, name: Name, count: u32, confidence: i64, target: &str) {
        self.friction_at(name, count, confidence, target, self.now);
    }

    /// A friction that happened at `at`, or what was seen then: its kind and, after a line feed, its text.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn friction_at(&mut self, name: Name, count: u32, confidence: i64, target: &str, at: Millis) {
        if self.detects(name) {
            let mut out = Writer::default();
            out.raw("{");
            let mut place = target;
            let price;
            if name == Name::ContentSeen {
                let (kind, text) = words::cut(target, b'\n');
                out.text_member("kind", first_chars(kind, TEXT));
                place = short_rule(text);
                // Prices leave as coarse as all amounts; what cannot be read as one does not leave.
                if kind == "price" && self.scope.money == Money::TwoDigits {
                    let mut coarse = Writer::default();
                    if let Some(amount) = money::hundredths(text) {
                        money::write(&mut coarse, money::two_digits(amount));
                    }
                    price = coarse.into_string();
                    place = &price;
                }
            } else {
                out.number_member("count", u64::from(count));
                out.key("confidence");
                money::write(&mut out, confidence);
            }
            // On a page with special content, names of places and texts tell of it.
            if !place.is_empty() && !self.scope.sensitive {
                let place = first_chars(place, TEXT);
                if name == Name::ContentSeen {
                    out.escaped_member("text", place);
                } else {
                    out.text_member("target", place);
                }
            }
            out.raw("}");
            self.tell(name, at, out.into_string());
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn pointer(&mut self, pointer: Pointer<'_>) {
        self.path_pointer();
        if !self.rage.goes_on(self.now, pointer) {
            self.end_rage();
            self.rage.begin(self.now, pointer);
        }
        if let Some(at) = self.rage.deadline() {
            self.timers.set(Timer::Rage, at);
        }
        if self.heard.is_on() {
            self.watch.clicked(self.now, pointer);
            self.await_found();
        }
    }

    /// The burst of clicks is over: no click came in its window, or it goes on elsewhere, or the page goes.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn end_rage(&mut self) {
        self.timers.stop(Timer::Rage);
        if let Some(burst) = self.rage.end() {
            self.friction_at(Name::RageClick, burst.count, burst.confidence(), &burst.target, burst.at);
        }
    }

    /// Tells the frictions that have become sure.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn tell_found(&mut self) {
        while let Some(found) = self.watch.found.ripe(self.now) {
            let (name, count, confidence, at) = (found.name, found.count(), found.confidence, found.at);
            let target = found.target.clone();
            self.friction_at(name, count, confidence, &target, at);
        }
        if self.watch.form.due(self.end()) <= self.now {
            self.abandon();
        }
        self.await_found();
    }

    /// The form that was being filled in is left.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn abandon(&mut self) {
        let form = &mut self.watch.form;
        if let Some(confidence) = form.left(self.now)
            && !self.heard.is_over(self.now)
        {
            let (field, at) = (std::mem::take(&mut form.field), form.at);
            self.friction_at(Name::FormAbandon, 1, confidence, &field, at);
        }
    }

    /// The last moment at which something that was begun can be told within this journey, if nothing else happens.
    pub(super) fn end(&self) -> Millis {
        self.heard.last.plus(IDLE - BEFORE_END)
    }

    /// Wakes up when the next friction is to be told.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn await_found(&mut self) {
        let due = self.watch.found.due(self.watch.form.due(self.end()));
        self.timers.set(Timer::Found, due);
    }

    /// Tells how long the page was really looked at, and how far.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn engage(&mut self) {
        let over = self.heard.is_over(self.now);
        let watch = &mut self.watch;
        if watch.engaged >= ENGAGED && !over {
            let mut out = Writer::default();
            out.raw("{");
            out.number_member("engaged", watch.engaged / 100 * 100);
            out.number_member("depth", watch.depth);
            out.raw("}");
            watch.engaged = 0;
            self.tell(Name::PageEngagement, self.now, out.into_string());
        }
    }
}
