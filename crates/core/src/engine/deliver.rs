//! Delivery: one batch at a time, in order, again until it is answered; everything at once when the page leaves.

use super::Engine;
use crate::batch;
use crate::consent::Consent;
use crate::effect::{Effect, Topic};
use crate::error::Code;
use crate::input::Outcome;
use crate::journey::Tally;
use crate::json::Writer;
use crate::queue;
use crate::timer::Timer;

/// The first retry comes within this, in ms; each further one within twice the last.
const RETRY: u64 = 1_000;
/// … but within this at the latest, in ms.
const RETRY_MOST: u64 = 300_000;
/// A collector can ask for this much patience at most, in s.
const PATIENCE: u32 = 3_600;
/// What a leaving page sends, at most, in bytes: browsers allow 64 KiB for the whole page.
const LEAVING: usize = 56_000;

impl Engine {
    /// Sends the next batch, if one is due and nothing is under way.
    pub(super) fn pump(&mut self) {
        let idle =
            !self.stopped && !self.timers.is_set(Timer::Retry) && !self.sealed.iter().any(|sealed| sealed.flying);
        if idle {
            if self.sealed.is_empty() && self.due {
                self.seal();
                self.due = self.queue.len() > 0;
            }
            if let Some(sealed) = self.sealed.first_mut() {
                sealed.flying = true;
                let effect = Effect::Send {
                    batch: sealed.handle,
                    body: sealed.body.clone(),
                    leaving: false,
                };
                self.send(effect);
            }
        }
        if self.flushing
            && (self.stopped || self.timers.is_set(Timer::Retry) || (self.sealed.is_empty() && self.queue.len() == 0))
        {
            self.flushing = false;
            let mut out = Writer::default();
            let (sent, queued) = self
                .journey
                .as_ref()
                .map_or((0, 0), |journey| (journey.tally(Tally::Sent), journey.queued()));
            out.raw("{");
            out.number_member("sent", sent);
            out.number_member("queued", queued);
            out.raw("}");
            self.notify(Topic::Flushed, out.into_string());
        }
    }

    /// Sends all that waits, as the page leaves. The answers may never come; what is stored is sent again by the next page,
    /// and the collector knows it by its identity.
    pub(super) fn leave(&mut self) {
        self.seal_all();
        if self.stopped {
            return;
        }
        let mut room = LEAVING;
        let mut effects = Vec::new();
        for sealed in &mut self.sealed {
            let Some(left) = room.checked_sub(sealed.body.len()) else {
                break;
            };
            room = left;
            sealed.flying = true;
            effects.push(Effect::Send {
                batch: sealed.handle,
                body: sealed.body.clone(),
                leaving: true,
            });
        }
        for effect in effects {
            self.send(effect);
        }
    }

    pub(super) fn flush(&mut self) {
        self.flushing = true;
        self.due = true;
    }

    fn send(&mut self, effect: Effect) {
        if let Some(journey) = &mut self.journey {
            journey.tallies[Tally::SentAny as usize] = 1;
        }
        self.effects.push(effect);
    }

    /// Puts the oldest events of the queue into a batch.
    fn seal(&mut self) {
        let number = self.batches + 1;
        let (Some(journey), Consent::Granted(grant)) = (&self.journey, &self.consent) else {
            return;
        };
        if self.queue.len() == 0 {
            return;
        }
        let mut out = Writer::with_capacity(512 + self.queue.bytes().min(batch::BYTES));
        batch::open(&mut out, &self.config, number, self.now, journey, grant);
        let events = self
            .queue
            .take(batch::EVENTS, batch::BYTES - out.as_str().len(), &mut out);
        batch::close(&mut out);
        self.batches = number;
        self.enqueue(out, events, true);
    }

    /// Puts the whole queue into batches, and lets the oldest go where there are too many.
    pub(super) fn seal_all(&mut self) {
        while self.queue.len() > 0 && self.journey.is_some() {
            self.seal();
        }
        self.timers.stop(Timer::Flush);
        self.due = false;
        let mut waiting: usize = self.sealed.iter().map(|sealed| sealed.body.len()).sum();
        while waiting > queue::BYTES {
            let oldest = self.sealed.remove(0);
            waiting -= oldest.body.len();
            self.book(oldest.current, Tally::Full, oldest.events);
        }
    }

    /// The fate of a batch.
    pub(super) fn delivered(&mut self, handle: u32, outcome: Outcome<'_>) {
        let Some(at) = self.sealed.iter().position(|sealed| sealed.handle == handle) else {
            return;
        };
        self.sealed[at].flying = false;
        let mut patience = 0;
        let code = match outcome {
            Outcome::Reply {
                status: 200..=299,
                body,
                ..
            } => match batch::rejected(body) {
                Some(rejected) => {
                    let sealed = self.sealed.remove(at);
                    let rejected = rejected.min(sealed.events);
                    self.book(sealed.current, Tally::Sent, sealed.events - rejected);
                    self.book(sealed.current, Tally::Rejected, rejected);
                    self.failures = 0;
                    self.timers.stop(Timer::Retry);
                    self.keep_soon();
                    return;
                }
                None => Code::Nonsense,
            },
            Outcome::Reply {
                status: 401 | 403 | 404 | 410,
                ..
            } => {
                self.stopped = true;
                return self.fail(Code::Stopped, "collector");
            }
            Outcome::Reply {
                status: 408 | 425 | 429,
                retry_after,
                ..
            } => {
                patience = retry_after.unwrap_or_default();
                Code::Unreachable
            }
            Outcome::Reply { status: 400..=499, .. } => {
                let sealed = self.sealed.remove(at);
                self.book(sealed.current, Tally::Refused, sealed.events);
                self.keep_soon();
                return self.fail(Code::Refused, "collector");
            }
            Outcome::Reply { retry_after, .. } => {
                patience = retry_after.unwrap_or_default();
                Code::Unreachable
            }
            Outcome::NoAnswer => Code::Unreachable,
        };
        self.failures += 1;
        let most = (RETRY << self.failures.min(16)).min(RETRY_MOST);
        let wait = RETRY / 4 + self.entropy.up_to(most) + u64::from(patience.min(PATIENCE)) * 1_000;
        self.timers.set(Timer::Retry, self.now.plus(wait));
        // One failure happens to everybody; the second in a row is worth a word.
        if self.failures >= 2 {
            self.fail(code, "collector");
        }
    }

    fn book(&mut self, current: bool, why: Tally, events: u64) {
        if let Some(journey) = self.journey.as_mut().filter(|_| current) {
            journey.count(why, events);
        }
    }

    /// What was sent need not be kept any longer.
    fn keep_soon(&mut self) {
        if self.journey.is_some() {
            self.timers.sooner(Timer::Persist, self.now.plus(RETRY));
        }
    }
}
