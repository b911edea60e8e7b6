//! Delivery: one batch at a time, in order, again until it is answered; everything at once when the page leaves.

use super::Engine;
use crate::batch::{self, Sealed};
use crate::effect::{Effect, Topic};
use crate::error::Code;
use crate::input::Outcome;
use crate::journey::Tally;
use crate::json::Writer;
use crate::queue;
use crate::timer::Timer;

/// The first retry comes within twice this, in ms; each further one within twice the last.
const RETRY: u64 = 1_000;
/// … but within this at the latest, in ms.
const RETRY_MOST: u64 = 300_000;
/// Between two batches, in ms: a request takes a slow telephone some milliseconds, and a page may tell hundreds of events a second.
/// The first one after a rest leaves at once.
const REST: u64 = 1_000;
/// A collector can ask for this much patience at most, in s.
const PATIENCE: u32 = 3_600;
/// What a leaving page sends, at most, in bytes: browsers allow 64 KiB for the whole page.
const LEAVING: usize = 56_000;

impl Engine {
    /// Sends the next batch, if one is due and nothing is under way.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn pump(&mut self) {
        // What is held while storage is read belongs to what waits.
        if self.restoring.is_some() {
            return;
        }
        let waiting = self.timers.is_set(Timer::Retry) || self.stopped;
        if !waiting && !self.sealed.iter().any(|sealed| sealed.flying) {
            if self.sealed.is_empty() && self.due {
                if self.now < self.rested && !self.flushing && self.queue.len() < batch::EVENTS {
                    self.timers.sooner(Timer::Flush, self.rested);
                } else if self.seal() {
                    self.rested = self.now.plus(REST);
                }
            }
            self.send(0, false);
        }
        if self.flushing && (waiting || (self.sealed.is_empty() && self.queue.len() == 0)) {
            self.flushing = false;
            let mut out = Writer::default();
            out.raw("{");
            out.number_member("sent", self.journey.tally(Tally::Sent));
            out.number_member("queued", self.journey.queued());
            out.raw("}");
            self.notify(Topic::Flushed, out.into_string());
        }
    }

    /// Sends all that waits, as the page leaves. The answers may never come; what is stored is sent again by the next page,
    /// and the collector knows it by its identity.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn leave(&mut self) {
        self.seal_all();
        let mut room = LEAVING;
        for at in 0..self.sealed.len() {
            let sealed = &self.sealed[at];
            if let Some(left) = room.checked_sub(sealed.body.len())
                && !self.stopped
                && !sealed.left
            {
                room = left;
                self.send(at, true);
            }
        }
    }

    fn send(&mut self, at: usize, leaving: bool) {
        if let Some(sealed) = self.sealed.get_mut(at) {
            sealed.flying = true;
            sealed.left = leaving;
            let effect = Effect::Send { batch: sealed.handle, body: sealed.body.clone(), leaving };
            self.journey.tallies[Tally::SentAny as usize] = 1;
            self.effect(effect);
        }
    }

    /// Begins the next batch; says whether there may be one.
    pub(super) fn open_batch(&self, out: &mut Writer) -> bool {
        let may = self.journey.is_on();
        if may {
            batch::open(out, &self.config, &self.framework, self.batches + 1, self.now, &self.journey, &self.evidence);
        }
        may
    }

    /// Puts the oldest events of the queue into a batch; says whether there were any.
    fn seal(&mut self) -> bool {
        let mut out = Writer::sized(512 + self.queue.bytes());
        let sealed = self.queue.len() > 0 && self.open_batch(&mut out);
        if sealed {
            let events = self.queue.take(batch::EVENTS, batch::BYTES - out.as_str().len(), &mut out);
            self.enqueue(out, events, true);
        }
        self.due = self.queue.len() > 0;
        if !self.due {
            self.timers.stop(Timer::Flush);
        }
        sealed
    }

    /// Closes a batch and appends it to what is to be sent.
    pub(super) fn enqueue(&mut self, mut out: Writer, events: u64, keep: bool) {
        out.raw(batch::CLOSE);
        self.batches += u64::from(keep);
        self.handles += 1;
        self.sealed.push(Sealed {
            handle: self.handles,
            body: out.into_string(),
            events,
            current: keep,
            keep,
            flying: false,
            left: false,
        });
    }

    /// Puts the whole queue into batches, and lets the oldest go where there are too many.
    pub(super) fn seal_all(&mut self) {
        while self.seal() {}
        let mut waiting: usize = self.sealed.iter().map(|sealed| sealed.body.len()).sum();
        while waiting > queue::BYTES {
            waiting -= self.sealed[0].body.len();
            let dropped = self.drop_batch(0);
            self.book(&dropped, Tally::Full, dropped.events);
        }
    }

    /// The fate of a batch.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn delivered(&mut self, handle: u32, outcome: Outcome<'_>) {
        let Some(at) = self.sealed.iter().position(|sealed| sealed.handle == handle) else {
            return;
        };
        (self.sealed[at].flying, self.sealed[at].left) = (false, false);
        let (status, body, patience) = match outcome {
            Outcome::Reply { status, body, retry_after } => (status, body, retry_after.unwrap_or_default()),
            Outcome::NoAnswer => (0, "", 0),
        };
        let rejected = batch::rejected(body);
        match (status, rejected) {
            (200..300, Some(rejected)) => {
                let sealed = self.drop_batch(at);
                let rejected = rejected.min(sealed.events);
                self.book(&sealed, Tally::Sent, sealed.events - rejected);
                self.book(&sealed, Tally::Rejected, rejected);
                self.failures = 0;
                self.timers.stop(Timer::Retry);
            }
            (401 | 403 | 404 | 410, _) => {
                self.stopped = true;
                self.fail(Code::Stopped, "data-collector");
            }
            (400..500, _) if !matches!(status, 408 | 425 | 429) => {
                let sealed = self.drop_batch(at);
                self.book(&sealed, Tally::Refused, sealed.events);
                self.fail(Code::Refused, "data-collector");
            }
            _ => {
                self.failures += 1;
                let most = (RETRY << self.failures.min(16)).min(RETRY_MOST);
                let wait = RETRY / 4 + self.entropy.up_to(most) + u64::from(patience.min(PATIENCE)) * 1_000;
                self.timers.set(Timer::Retry, self.now.plus(wait));
                // One failure happens to everybody; the second in a row is worth a word.
                if self.failures >= 2 {
                    let answered = (200..300).contains(&status);
                    self.fail(if answered { Code::Nonsense } else { Code::Unreachable }, "data-collector");
                }
            }
        }
    }

    /// Takes a batch out; what was stored of it need not be kept any longer.
    fn drop_batch(&mut self, at: usize) -> Sealed {
        if self.journey.is_on() {
            self.timers.sooner(Timer::Persist, self.now.plus(RETRY));
        }
        self.sealed.remove(at)
    }

    /// Enters the fate of a batch into the books, if it belongs to the journey that goes on.
    fn book(&mut self, sealed: &Sealed, why: Tally, events: u64) {
        if sealed.current {
            self.journey.count(why, events);
        }
    }
}
