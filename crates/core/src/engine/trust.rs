//! One touchpoint that several sources report is one event.
//!
//! A shop says the same thing more than once: its data layer, its platform's own events and the structured data of its page all
//! tell of one product that is looked at. Which reports belong together:
//!
//! - the same name, by **different** sources (one source that reports twice means two touchpoints: two clicks);
//! - of the same thing, or of a thing that one of them does not name. Sources below the data layer often have ids of their own
//!   (a number of the database instead of the stock number), so the things of theirs are not compared;
//! - on the same view of a page; and, of what a shopper does rather than sees, within [`TOGETHER`] of each other.
//!
//! The most trusted report is the one that counts. So what is heard from below the data layer waits for [`WAIT`], or until the
//! shopper does something or the page is left; once it is recorded it stays as it is, and better reports that come later add nothing.

use super::Engine;
use super::capture::Held;
use crate::consent::Consent;
use crate::data;
use crate::input::Source;
use crate::json;
use crate::name::Name;
use crate::rng::hash;
use crate::time::Millis;
use crate::timer::Timer;

/// Two reports of what a shopper did are one within this, in ms. A shop's own answer to a click (a request, then the push into the
/// data layer) takes up to two seconds; nobody puts the same thing into the cart twice in three through two different ways.
const TOGETHER: u64 = 3_000;
/// What the less trusted sources say waits this long for the others, in ms: most tag managers push at the page's `load`.
const WAIT: u64 = 1_000;
/// Reports of one view that are remembered: a busy page has some ten.
const MOST: usize = 24;

/// The sources that do not wait, and that name products as the shop does: a bit each.
const TRUSTED: u8 = 1 << Source::Api as u8 | 1 << Source::Attribute as u8 | 1 << Source::Layer as u8;

/// What belongs to a view of a page as a whole, so that time plays no part: a bit each.
const OF_THE_PAGE: u64 = 1 << Name::ViewItemList as u64
    | 1 << Name::ViewItem as u64
    | 1 << Name::Search as u64
    | 1 << Name::ViewCart as u64
    | 1 << Name::BeginCheckout as u64
    | 1 << Name::Purchase as u64
    | 1 << Name::ViewPromotion as u64
    | 1 << Name::HelpView as u64
    | 1 << Name::OrderStatusView as u64
    | 1 << Name::SearchNoResults as u64
    | 1 << Name::PaymentDeclined as u64;

/// A touchpoint of this view, and who has reported it.
pub(super) struct Report {
    at: Millis,
    name: Name,
    /// What it is about: a hash; 0 where nobody has said.
    thing: u64,
    /// The sources that have reported it, a bit each.
    by: u8,
    /// The event, while it waits.
    held: Option<Box<Held>>,
}

/// The hash of what member `key` of `raw` holds; 0 where it holds nothing.
pub(super) fn said(raw: &str, key: &str) -> u64 {
    let value = data::find(raw, key).unwrap_or_default();
    // Numbers are written as text by one source, and as numbers by another.
    let text = json::inside(value).unwrap_or(value);
    if matches!(text, "" | "null") { 0 } else { hash(0, text) }
}

impl Engine {
    /// `source` reports a touchpoint about `thing`.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn reported(&mut self, source: Source, thing: u64, held: Box<Held>) {
        let (now, name, bit) = (self.now, held.name, 1 << source as u8);
        let of_the_page = OF_THE_PAGE & 1 << name as u64 != 0;
        let mut at = 0;
        loop {
            let Some(report) = self.reports.get_mut(at) else {
                if at == MOST {
                    self.recount_all();
                    self.reports.clear();
                    at = 0;
                }
                self.reports.push(Report { at: now, name, thing, by: bit, held: Some(held) });
                break;
            };
            if report.name == name
                && report.by & bit == 0
                && (of_the_page || now.since(report.at) < TOGETHER)
                && (thing == 0
                    || report.thing == 0
                    || thing == report.thing
                    || bit & TRUSTED == 0
                    || report.by & TRUSTED == 0)
            {
                // It is the most trusted one so far.
                if report.by & (bit - 1) == 0 {
                    report.thing = thing;
                    if report.held.is_some() {
                        report.held = Some(held);
                    }
                }
                report.by |= bit;
                break;
            }
            at += 1;
        }
        if bit & TRUSTED == 0 && self.consent == Consent::Granted {
            self.timers.set(Timer::Report, now.plus(WAIT));
        } else {
            // What was seen before something was done is told before it.
            self.recount(if of_the_page { at } else { 0 }, at + 1);
        }
    }

    /// What waits among these reports waits no longer.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn recount(&mut self, from: usize, to: usize) {
        for at in from..to {
            if let Some(held) = self.reports.get_mut(at).and_then(|report| report.held.take()) {
                self.admit(held);
            }
        }
    }

    /// Nothing waits any longer.
    pub(super) fn recount_all(&mut self) {
        self.recount(0, MOST);
    }
}
