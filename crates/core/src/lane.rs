//! Lanes: each leads to one collector, with what waits for it and the books of what became of it.

use crate::batch;
use crate::json::Writer;
use crate::name::Name;
use crate::parcel::{Parcel, RANKS};
use crate::time::Millis;
use crate::words;

/// At most this many events wait in a lane.
pub(crate) const EVENTS: usize = 500;
/// At most this many bytes wait in a lane.
pub(crate) const BYTES: usize = 512 * 1024;

/// What a collector takes, and how it answers.
#[derive(Clone, Copy)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Rules {
    /// Which events it gets: the bit of each [`Name`].
    pub names: u64,
    /// Events in a batch, at most.
    pub events: usize,
    /// Bytes of a batch in our own format, at most: what it becomes in the collector's must fit into what browsers let a leaving
    /// page send.
    pub bytes: usize,
    /// How old an event may be, in hours.
    pub hours: u64,
    /// It knows an event again that comes twice. One that does not is never sent anything again whose fate is unknown.
    pub dedupes: bool,
    /// One bad event makes it refuse the whole batch: halve it.
    pub bisects: bool,
    /// It can erase a journey.
    pub erases: bool,
    /// It gets events only while `remember` is granted as well.
    pub remember: bool,
}

/// What is unsent is kept so long at most, in hours, with `remember`.
const HOURS: u64 = 48;

impl Default for Rules {
    /// A collector of ours.
    fn default() -> Self {
        Self {
            names: u64::MAX,
            events: batch::EVENTS,
            bytes: batch::BYTES,
            hours: HOURS,
            dedupes: true,
            bisects: false,
            erases: true,
            remember: false,
        }
    }
}

impl Rules {
    /// The rules that `text` writes: numbers with a comma before each, in the order of the fields above, the last four as the bits of one.
    /// What is missing or out of bounds is as in a collector of ours.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut rules = Self::default();
        if let [names, events, bytes, hours, flags, ..] = words::numbers(text)[..] {
            let is = |bit: u32| flags & (1 << bit) != 0;
            rules.names = names;
            rules.events = (events as usize).clamp(1, rules.events);
            rules.bytes = (bytes as usize).clamp(1_000, rules.bytes);
            rules.hours = hours.min(HOURS);
            (rules.dedupes, rules.bisects, rules.erases) = (is(0), is(1), is(2));
            rules.remember = is(3);
        }
        rules
    }
}

/// What became of the events of a lane. A tab takes these books along from page to page.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(usize)]
pub(crate) enum Book {
    /// Events that were captured: sent + queued + dropped.
    Captured,
    /// Events that the collector has taken.
    Sent,
    /// Dropped: there was no room.
    Full,
    /// … the collector rejected the event.
    Rejected,
    /// … the collector refused the batch.
    Refused,
    /// … what was stored was damaged.
    Damaged,
    /// … the page told more than anybody could mean.
    Rate,
    /// … the event alone was too large for the collector.
    TooBig,
    /// … it waited for too long.
    Expired,
    /// … nobody knows whether it arrived, and the collector could not tell if it came twice.
    Unsure,
    /// … the page died before it was stored, or storing failed.
    PageLost,
}

/// How many books there are.
pub(crate) const BOOKS: usize = Book::PageLost as usize + 1;

/// What a batch calls the reasons for a drop, from [`Book::Full`] on.
const REASONS: words::List =
    crate::list!["full", "rejected", "refused", "damaged", "rate", "too_big", "expired", "unsure", "page_lost"];

impl Book {
    /// What a batch calls it; nothing where it is no reason for a drop.
    pub(crate) fn reason(self) -> &'static str {
        REASONS.at((self as usize).wrapping_sub(Self::Full as usize))
    }
}

/// The way to one collector.
pub(crate) struct Lane {
    pub(crate) rules: Rules,
    /// Bytes of a batch, at most, as far as is known by now.
    pub(crate) most: usize,
    /// What is in no batch yet.
    pub(crate) queue: Box<Parcel>,
    /// What waits in its final form, oldest first.
    #[allow(clippy::vec_box)]
    pub(crate) parcels: Vec<Box<Parcel>>,
    pub(crate) books: [u64; BOOKS],
    /// The queue has waited long enough, or holds enough.
    pub(crate) due: bool,
    /// When it will have; [`Millis::NEVER`] while it is empty.
    pub(crate) flush: Millis,
    /// Nothing is sent before this moment, because the collector failed; [`Millis::NEVER`] after it.
    pub(crate) retry: Millis,
    /// When the next batch may leave by itself.
    pub(crate) rested: Millis,
    /// Failures in a row, and refusals.
    pub(crate) failures: u32,
    pub(crate) refusals: u32,
    /// The collector turned us away for good.
    pub(crate) stopped: bool,
}

/// The slots of a shelf from here on are for what is in no batch yet, one for each lane: behind every batch of the page.
const TAIL: u32 = 1 << 24;

impl Lane {
    /// The way to the collector that `rules` describe, which is the one in this `place`.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(crate) fn new(rules: &Rules, place: usize) -> Self {
        Self {
            rules: *rules,
            most: rules.bytes,
            queue: Parcel::new(TAIL + place as u32, batch::CLOSE.to_owned(), Vec::new(), true),
            parcels: Vec::new(),
            books: [0; BOOKS],
            due: false,
            flush: Millis::NEVER,
            retry: Millis::NEVER,
            rested: Millis::default(),
            failures: 0,
            refusals: 0,
            stopped: false,
        }
    }

    /// Nothing waits any longer (but for batches that are nowhere else, unless `all` go), and nothing is in the books. How the collector is
    /// stays known.
    pub(crate) fn clear(&mut self, all: bool) {
        for at in (0..self.parcels.len()).rev() {
            if all || self.parcels[at].kept {
                self.parcels.remove(at);
            }
        }
        self.queue.cut(0, self.queue.len());
        self.queue.kept = false;
        self.books = [0; BOOKS];
    }

    /// The queue is as long as two thirds of a batch, or longer: it becomes one when it is stored, or it would be written again and again. (A page
    /// that tells 200 events a second made three times as many requests with a fourth of this, and they take it longer than writing does.)
    pub(crate) fn is_long(&self) -> bool {
        self.queue.body.len() * 3 > self.most * 2 || self.queue.len() >= self.rules.events
    }

    /// The queue is sent `by` then at the latest.
    pub(crate) fn flush_by(&mut self, by: Millis) {
        self.flush = self.flush.min(by);
    }

    /// Enters `events` more into `book`.
    pub(crate) fn count(&mut self, book: Book, events: usize) {
        self.books[book as usize] += events as u64;
    }

    /// How many events are entered in `book`.
    pub(crate) fn book(&self, book: Book) -> u64 {
        self.books[book as usize]
    }

    /// Events that are neither sent nor dropped.
    pub(crate) fn queued(&self) -> u64 {
        let gone = self.book(Book::Sent) + self.books[Book::Full as usize..].iter().sum::<u64>();
        self.book(Book::Captured).saturating_sub(gone)
    }

    /// Events of the books that are still here.
    pub(crate) fn here(&self) -> u64 {
        let mut here = 0;
        for at in 0..=self.parcels.len() {
            let parcel = self.parcel(at);
            if parcel.current {
                here += parcel.len() as u64;
            }
        }
        here
    }

    /// Whether nothing may be sent for now.
    pub(crate) fn waits(&self) -> bool {
        self.retry != Millis::NEVER || self.stopped
    }

    /// Whether there is nothing to send.
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.len() == 0 && self.parcels.is_empty()
    }

    /// What waits at this place; behind the last batch that is what is in none yet.
    fn parcel(&self, at: usize) -> &Parcel {
        self.parcels.get(at).unwrap_or(&self.queue)
    }

    /// The same, to be changed.
    pub(crate) fn parcel_mut(&mut self, at: usize) -> &mut Parcel {
        self.parcels.get_mut(at).unwrap_or(&mut self.queue)
    }

    /// Where more waits than there is room for: the oldest of the events that a shop can most do without, as the place of its parcel (behind the last
    /// one: the queue) and its place there. What is under way takes no room, and stays.
    pub(crate) fn too_much(&self) -> Option<(usize, usize)> {
        let (mut events, mut bytes) = (0, 0);
        for at in 0..=self.parcels.len() {
            let parcel = self.parcel(at);
            if !parcel.flying {
                events += parcel.len();
                bytes += parcel.body.len();
            }
        }
        let mut least = None;
        let mut rank = RANKS;
        if events > EVENTS || bytes > BYTES {
            for at in 0..=self.parcels.len() {
                let parcel = self.parcel(at);
                for (place, mark) in parcel.marks.iter().enumerate() {
                    if !parcel.flying && mark % RANKS < rank {
                        rank = mark % RANKS;
                        least = Some((at, place));
                    }
                }
            }
        }
        least
    }

    /// Writes `"loss":{…}`: how many events went which way.
    pub(crate) fn write_loss(&self, out: &mut Writer) {
        out.key("loss");
        out.raw("{");
        out.number_member("captured", self.book(Book::Captured));
        out.number_member("sent", self.book(Book::Sent));
        out.number_member("queued", self.queued());
        out.key("dropped");
        out.raw("{");
        for (place, events) in self.books[Book::Full as usize..].iter().enumerate() {
            if *events > 0 {
                out.number_member(REASONS.at(place), *events);
            }
        }
        out.raw("}}");
    }
}

impl Name {
    /// How much a shop can do without it, the less the higher: pings of a page first, then touchpoints, orders and answers last.
    pub(crate) fn rank(self) -> u64 {
        match self {
            Self::PageEngagement | Self::WebVitals | Self::ContentSeen => 0,
            _ if self.is_urgent() => 2,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(parcels: &[&[u64]], queue: &[u64]) -> Lane {
        let mut lane = Lane::new(&Rules::default(), 0);
        lane.parcels = parcels.iter().map(|marks| Parcel::new(1, "x".repeat(BYTES), marks.to_vec(), true)).collect();
        lane.queue.marks = queue.to_vec();
        lane
    }

    #[test]
    fn the_least_valuable_goes_first_and_of_these_the_oldest() {
        assert_eq!(lane(&[&[1, 2], &[1, 0]], &[0]).too_much(), Some((1, 1)), "a ping");
        assert_eq!(lane(&[&[2, 2]], &[2, 1]).too_much(), Some((1, 1)), "a touchpoint");
        assert_eq!(lane(&[&[2, 2]], &[2]).too_much(), Some((0, 0)), "nothing but orders");
        let mut flying = lane(&[&[0], &[1]], &[]);
        flying.parcels[0].flying = true;
        assert_eq!(flying.too_much(), Some((1, 0)), "what is under way stays");
        assert_eq!(lane(&[], &[1; EVENTS]).too_much(), None, "there is room");
        assert_eq!(lane(&[], &[1; EVENTS + 1]).too_much(), Some((0, 0)));
    }

    #[test]
    fn the_books_add_up() {
        let mut lane = Lane::new(&Rules::default(), 0);
        lane.count(Book::Captured, 9);
        lane.count(Book::Sent, 4);
        lane.count(Book::Full, 2);
        lane.count(Book::PageLost, 1);
        let mut out = Writer::default();
        out.raw("{");
        lane.write_loss(&mut out);
        let loss = r#"{"loss":{"captured":9,"sent":4,"queued":2,"dropped":{"full":2,"page_lost":1}}"#;
        assert_eq!(out.as_str(), loss);
        assert_eq!((Book::Full.reason(), Book::PageLost.reason(), Book::Sent.reason()), ("full", "page_lost", ""));
    }

    #[test]
    fn rules_are_read_and_bounded() {
        let rules = Rules::read(",3,50,12000,24,9");
        assert_eq!((rules.names, rules.events, rules.bytes, rules.hours), (3, 50, 12_000, 24));
        assert!(rules.dedupes && !rules.bisects && !rules.erases && rules.remember);
        let wild = Rules::read(",3,0,1,9999,0");
        assert_eq!((wild.events, wild.bytes, wild.hours), (1, 1_000, 48));
        assert_eq!(Rules::read("").names, u64::MAX);
    }
}
