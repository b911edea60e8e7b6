//! Delivery: in each lane one batch at a time, in order, again until it is answered; everything at once when the page leaves.

use super::Engine;
use crate::batch;
use crate::effect::{Effect, Topic};
use crate::error::Code;
use crate::input::Outcome;
use crate::journey::Tally;
use crate::json::Writer;
use crate::lane::Book;
use crate::name::Name;
use crate::parcel::Parcel;
use crate::time::Millis;
use crate::timer::Timer;

/// The first retry comes within this, in ms; each further one within twice the last (full jitter).
const RETRY: u64 = 1_000;
/// … but within this at the latest, in ms.
const RETRY_MOST: u64 = 300_000;
/// After so many failures in a row the collector is left alone
const BREAK: u32 = 5;
/// for this long at least, in ms.
const BROKEN: u64 = 30_000;
/// Between two batches, in ms: a request takes a slow telephone some milliseconds, and a page may tell hundreds of events a second.
/// The first one after a rest leaves at once.
pub(super) const REST: u64 = 1_000;
/// A collector can ask for this much patience at most, in s.
const PATIENCE: u32 = 3_600;
/// What a leaving page sends, at most, in bytes: browsers allow 64 KiB for the whole page.
const LEAVING: usize = 56_000;
/// A batch in halves, and these in halves again: a culprit among 100 is found in seven steps. A collector that refuses more in a row
/// refuses everything, and is not asked for each event.
const HALVINGS: u32 = 8;

impl Engine {
    /// Sends what is due in each lane where nothing is under way.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn pump(&mut self) {
        // What is held while storage is read belongs to what waits, and what was stored goes first.
        if self.restoring.is_some() || self.shelf_comes {
            return;
        }
        let mut quiet = true;
        for at in 0..self.lanes.len() {
            let (now, flushing) = (self.now, self.flushing);
            let lane = &mut self.lanes[at];
            if !lane.waits() && !lane.parcels.iter().any(|parcel| parcel.flying) {
                if lane.parcels.is_empty() && lane.due {
                    if now < lane.rested && !flushing && lane.queue.len() < lane.rules.events {
                        lane.flush_by(lane.rested);
                    } else {
                        if lane.queue.len() > 0 {
                            lane.rested = now.plus(REST);
                        }
                        self.seal(at);
                    }
                }
                self.send(at, 0, false);
            }
            let lane = &self.lanes[at];
            quiet &= lane.waits() || lane.is_empty();
        }
        if self.flushing && quiet {
            self.flushing = false;
            let mut out = Writer::object(0);
            out.number_member("sent", self.lanes[0].book(Book::Sent));
            out.number_member("queued", self.lanes[0].queued());
            out.raw("}");
            self.notify(Topic::Flushed, out.into_string());
        }
    }

    /// Sends all that waits, as the page leaves. The answers may never come; what is stored is sent again by the next page,
    /// and the collector knows it by its identity.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn leave(&mut self) {
        let mut room = LEAVING;
        self.seal_all();
        for at in 0..self.lanes.len() {
            for place in 0..self.lanes[at].parcels.len() {
                if !self.lanes[at].parcels[place].kept {
                    // Storage took nothing; there may be room by now.
                    self.shelve(at, place);
                }
                let lane = &self.lanes[at];
                let parcel = &lane.parcels[place];
                // In the collector's own format it may be longer.
                let weight = parcel.body.len() * batch::BYTES / lane.rules.bytes;
                if let Some(left) = room.checked_sub(weight)
                    && !lane.stopped
                    && !parcel.left
                    // It may have arrived.
                    && (!parcel.flying || lane.rules.dedupes)
                {
                    room = left;
                    self.send(at, place, true);
                }
            }
        }
    }

    fn send(&mut self, at: usize, place: usize, leaving: bool) {
        if let Some(parcel) = self.lanes[at].parcels.get_mut(place) {
            parcel.flying = true;
            parcel.left = leaving;
            let effect = Effect::Send { batch: parcel.handle, lane: at as u8, body: parcel.body.clone(), leaving };
            if !self.lanes[at].rules.dedupes {
                // Whoever finds it stored must not send it again.
                self.shelve(at, place);
            }
            let sent = self.journey.tally(Tally::SentAny) | 1 << at;
            if sent != self.journey.tally(Tally::SentAny) && self.journey.is_on() {
                self.journey.tallies[Tally::SentAny as usize] = sent;
                // For all tabs to know.
                self.keep();
            }
            self.effect(effect);
        }
    }

    /// Begins the next batch of a lane; says whether there may be one.
    pub(super) fn open_batch(&self, at: usize, out: &mut Writer) -> bool {
        let may = self.journey.is_on();
        if may {
            let lane = &self.lanes[at];
            let number = self.batches + 1;
            batch::open(out, &self.config, &self.framework, number, self.now, &self.journey, lane, &self.evidence);
        }
        may
    }

    /// Puts the oldest events of the queue into a batch; says whether there were any.
    pub(super) fn seal(&mut self, at: usize) -> bool {
        let mut out = Writer::sized(1024);
        let sealed = self.lanes[at].queue.len() > 0 && self.open_batch(at, &mut out);
        let lane = &mut self.lanes[at];
        if sealed {
            let room = lane.most.saturating_sub(out.as_str().len());
            let first = lane.queue.take(lane.queue.fitting(lane.rules.events, room));
            out.raw(&first.body);
            let kept = first.kept;
            self.enqueue(at, out, first.marks, true);
            if kept {
                // Never nothing of it is stored.
                self.shelve_tail(at);
            }
        }
        let lane = &mut self.lanes[at];
        lane.due = lane.queue.len() > 0;
        if !lane.due {
            lane.flush = Millis::NEVER;
        }
        sealed
    }

    /// Appends a batch to what is to be sent.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn enqueue(&mut self, at: usize, out: Writer, marks: Vec<u64>, keep: bool) {
        self.batches += u64::from(keep);
        self.handles += 1;
        let lane = &mut self.lanes[at];
        lane.parcels.push(Parcel::new(self.handles, out.into_string(), marks, keep));
        let place = lane.parcels.len() - 1;
        self.shelve(at, place);
    }

    /// Puts all that waits into batches.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn seal_all(&mut self) {
        for at in 0..self.lanes.len() {
            while self.seal(at) {}
        }
    }

    /// The fate of a batch.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn delivered(&mut self, handle: u32, outcome: Outcome<'_>) {
        let Some((at, place)) = self.place(handle) else { return };
        let (status, body, patience) = match outcome {
            Outcome::Reply { status, body, retry_after } => (status, body, retry_after.unwrap_or_default()),
            Outcome::NoAnswer => (0, "", 0),
        };
        let lane = &mut self.lanes[at];
        let parcel = &mut lane.parcels[place];
        (parcel.flying, parcel.left) = (false, false);
        let (events, bytes) = (parcel.len(), parcel.body.len());
        let rejected = batch::rejected(body);
        let why = match (status, rejected) {
            (200..300, Some(rejected)) => {
                let rejected = events.min(rejected as usize);
                if parcel.current {
                    lane.count(Book::Sent, events - rejected);
                }
                (lane.failures, lane.refusals, lane.retry) = (0, 0, Millis::NEVER);
                return self.lose(at, place, Book::Rejected, rejected);
            }
            (401 | 403 | 404 | 410, _) => {
                lane.stopped = true;
                return self.fail(Code::Stopped, "data-collector");
            }
            (413, _) if events > 1 => {
                // What comes is made to fit at once.
                lane.most = (bytes / 2).max(1_000);
                return self.halve(at, place);
            }
            (413, _) => Book::TooBig,
            (400..500, _) if !matches!(status, 408 | 425 | 429) => {
                lane.refusals += 1;
                if lane.rules.bisects && events > 1 && lane.refusals < HALVINGS {
                    return self.halve(at, place);
                }
                Book::Refused
            }
            (0, _) if !lane.rules.dedupes => Book::Unsure,
            _ => {
                lane.failures += 1;
                let failures = lane.failures;
                let most = (RETRY << (failures - 1).min(16)).min(RETRY_MOST);
                let wait = RETRY / 4 + self.entropy.up_to(most) + u64::from(patience.min(PATIENCE)) * 1_000;
                let wait = if failures < BREAK { wait } else { wait.max(BROKEN) };
                lane.retry = self.now.plus(wait);
                if !lane.rules.dedupes {
                    // It has not arrived: whoever finds it may send it.
                    self.shelve(at, place);
                }
                // One failure happens to everybody; the second in a row is worth a word.
                if failures >= 2 {
                    let answered = (200..300).contains(&status);
                    self.fail(if answered { Code::Nonsense } else { Code::Unreachable }, "data-collector");
                }
                return;
            }
        };
        self.lose(at, place, why, events);
        if why != Book::Unsure {
            self.fail(Code::Refused, "data-collector");
        }
    }

    /// Where the parcel with this handle is: its lane, and its place there.
    pub(super) fn place(&self, handle: u32) -> Option<(usize, usize)> {
        self.lanes
            .iter()
            .enumerate()
            .find_map(|(at, lane)| Some((at, lane.parcels.iter().position(|parcel| parcel.handle == handle)?)))
    }

    /// Two batches of one.
    fn halve(&mut self, at: usize, place: usize) {
        self.handles += 1;
        let parcels = &mut self.lanes[at].parcels;
        let second = &mut parcels[place];
        let mut first = second.take(second.len() / 2);
        // What is torn away now is there twice, under one identity each.
        first.handle = self.handles;
        parcels.insert(place, first);
        self.renew(at, place);
        self.renew(at, place + 1);
    }

    /// A batch is no more what was sent.
    fn renew(&mut self, at: usize, place: usize) {
        self.batches += 1;
        self.lanes[at].parcels[place].rename(self.batches, &self.journey.leg);
        self.shelve(at, place);
    }

    /// Takes a batch out, whose fate is known. `events` of it are lost.
    pub(super) fn lose(&mut self, at: usize, place: usize, why: Book, events: usize) {
        let parcel = self.lanes[at].parcels.remove(place);
        if parcel.keep {
            // It stays on the shelf until the books are stored, so that a page that is torn away now is not believed to have lost it.
            self.done.push(parcel.handle);
            if !self.lanes[at].rules.dedupes {
                self.unshelve(parcel.handle);
            }
            self.book(at, why, parcel.current, events, &parcel.body);
        }
        self.timers.sooner(Timer::Persist, self.now.plus(RETRY));
    }

    /// Drops what a shop can most do without, until there is room.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn make_room(&mut self, at: usize) {
        while let Some((of, place)) = self.lanes[at].too_much() {
            let lane = &mut self.lanes[at];
            let sealed = of < lane.parcels.len();
            let parcel = lane.parcel_mut(of);
            let current = parcel.current;
            if sealed && parcel.len() == 1 {
                self.lose(at, of, Book::Full, 1);
                continue;
            }
            #[cfg(not(target_arch = "wasm32"))]
            let event = parcel.event(place).to_owned();
            #[cfg(target_arch = "wasm32")]
            let event = "";
            parcel.cut(place, place + 1);
            if sealed {
                self.renew(at, of);
            }
            self.book(at, Book::Full, current, 1, &event);
        }
    }

    /// Enters what is dropped into the books of a lane, and tells it to whoever listens. What another tab or journey left here counts as
    /// captured here, too.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn book(&mut self, at: usize, why: Book, current: bool, events: usize, what: &str) {
        if events == 0 || !self.journey.is_on() {
            return;
        }
        let lane = &mut self.lanes[at];
        if !current {
            lane.count(Book::Captured, events);
        }
        lane.count(why, events);
        // For simulations, which know each event. A page would pay for it.
        #[cfg(not(target_arch = "wasm32"))]
        if self.listens(Topic::Dropped) {
            let mut out = Writer::object(0);
            out.word_member("why", why.reason());
            out.number_member("collector", at as u64);
            out.number_member("events", events as u64);
            if !what.is_empty() {
                out.key("what");
                out.raw(what);
                // Of a batch that was not to be sent again only its beginning was kept, up to the journey's id.
                out.raw(if what.ends_with('}') { "" } else { "}}" });
            }
            out.raw("}");
            self.notify(Topic::Dropped, out.into_string());
        }
        let _ = what;
    }

    /// The page tells more than anybody could mean: nothing is made of it, but a number.
    pub(super) fn cut_short(&mut self, name: Name) {
        for at in 0..self.lanes.len() {
            if self.wants(at, name) {
                self.book(at, Book::Rate, false, 1, "");
            }
        }
    }

    /// Whether a lane's collector gets events of this name now.
    pub(super) fn wants(&self, at: usize, name: Name) -> bool {
        let rules = &self.lanes[at].rules;
        rules.names & (1 << name as u8) != 0 && (!rules.remember || self.remembers)
    }

    /// The browser is online again: what waits for a retry goes now.
    pub(super) fn online(&mut self) {
        for lane in &mut self.lanes {
            lane.retry = Millis::NEVER;
        }
    }
}
