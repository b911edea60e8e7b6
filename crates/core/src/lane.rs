//! Lanes: each leads to one collector, with what waits for it and the books of what became of it.

use crate::batch;
use crate::json::Writer;
use crate::name::Name;
use crate::parcel::{Parcel, Queue, RANKS};
use crate::time::Millis;
use crate::words;

/// At most this many events wait in a lane.
pub(crate) const EVENTS: usize = 500;
/// At most this many bytes wait in a lane.
pub(crate) const BYTES: usize = 512 * 1024;

/// What a collector takes, and how it answers.
#[derive(Clone)]
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
    /// It takes the answers of shoppers without `measure`, too.
    pub answers: bool,
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
            answers: true,
        }
    }
}

impl Rules {
    /// The rules that `text` writes: numbers with a comma before each, in the order of the fields above, the last five as the bits of one.
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
            (rules.remember, rules.answers) = (is(3), is(4));
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
    /// Something was sent, so that a withdrawal has something to erase.
    SentAny,
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
#[derive(Default)]
pub(crate) struct Lane {
    pub(crate) rules: Rules,
    pub(crate) queue: Queue,
    /// What waits in its final form, oldest first.
    pub(crate) parcels: Vec<Parcel>,
    pub(crate) books: [u64; BOOKS],
    /// The queue has waited long enough, or holds enough.
    pub(crate) due: bool,
    /// When it will have.
    pub(crate) flush: Option<Millis>,
    /// Nothing is sent before this moment, because the collector failed.
    pub(crate) retry: Option<Millis>,
    /// When the next batch may leave by itself.
    pub(crate) rested: Millis,
    /// Failures in a row, and refusals.
    pub(crate) failures: u32,
    pub(crate) refusals: u32,
    /// The collector turned us away for good.
    pub(crate) stopped: bool,
    /// Bytes of a batch, at most, as far as is known by now.
    pub(crate) most: usize,
    /// The queue is stored as it was a moment ago.
    pub(crate) tail: bool,
    /// … and has changed since.
    pub(crate) changed: bool,
}

impl Lane {
    /// The way to the collector that `rules` describe.
    pub(crate) fn new(rules: Rules) -> Self {
        Self { most: rules.bytes, rules, ..Self::default() }
    }

    /// The queue is sent `by` then at the latest.
    pub(crate) fn flush_by(&mut self, by: Millis) {
        self.flush = Some(self.flush.map_or(by, |flush| flush.min(by)));
    }

    /// Enters `events` more into `book`.
    pub(crate) fn count(&mut self, book: Book, events: usize) {
        let book = &mut self.books[book as usize];
        *book = book.saturating_add(events as u64);
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
        let parcels: usize = self.parcels.iter().filter(|parcel| parcel.current).map(Parcel::len).sum();
        (self.queue.len() + parcels) as u64
    }

    /// Whether nothing may be sent for now.
    pub(crate) fn waits(&self) -> bool {
        self.retry.is_some() || self.stopped
    }

    /// Whether there is nothing to send.
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.len() == 0 && self.parcels.is_empty()
    }

    /// Whether more waits than there is room for. What is under way takes none.
    pub(crate) fn is_full(&self) -> bool {
        let (mut events, mut bytes) = (self.queue.len(), self.queue.bytes());
        for parcel in &self.parcels {
            if !parcel.flying {
                events += parcel.len();
                bytes += parcel.body.len();
            }
        }
        events > EVENTS || bytes > BYTES
    }

    /// Where the oldest of the events is that a shop can most do without: its parcel (nothing: the queue) and its place there.
    pub(crate) fn least(&self) -> Option<(Option<usize>, usize)> {
        (0..RANKS).find_map(|rank| {
            let place = |marks: &[u64]| marks.iter().position(|mark| mark % RANKS == rank);
            let parcel = |(at, parcel): (usize, &Parcel)| {
                if parcel.flying { None } else { Some((Some(at), place(&parcel.marks)?)) }
            };
            let parcels = self.parcels.iter().enumerate().find_map(parcel);
            parcels.or_else(|| Some((None, place(&self.queue.marks)?)))
        })
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
        let parcel = |marks: &&[u64]| Parcel { marks: marks.to_vec(), current: true, ..Parcel::default() };
        let mut lane = Lane { parcels: parcels.iter().map(parcel).collect(), ..Lane::default() };
        lane.queue.marks = queue.to_vec();
        lane
    }

    #[test]
    fn the_least_valuable_goes_first_and_of_these_the_oldest() {
        assert_eq!(lane(&[&[1, 2], &[1, 0]], &[0]).least(), Some((Some(1), 1)), "a ping");
        assert_eq!(lane(&[&[2, 2]], &[2, 1]).least(), Some((None, 1)), "a touchpoint");
        assert_eq!(lane(&[&[2, 2]], &[2]).least(), Some((Some(0), 0)), "nothing but orders");
        let mut flying = lane(&[&[0], &[1]], &[]);
        flying.parcels[0].flying = true;
        assert_eq!(flying.least(), Some((Some(1), 0)), "what is under way stays");
        assert_eq!(lane(&[], &[]).least(), None);
    }

    #[test]
    fn the_books_add_up() {
        let mut lane = Lane::default();
        lane.count(Book::Captured, 9);
        lane.count(Book::SentAny, 1);
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
        assert!(rules.dedupes && !rules.bisects && !rules.erases && rules.remember && !rules.answers);
        let wild = Rules::read(",3,0,1,9999,0");
        assert_eq!((wild.events, wild.bytes, wild.hours), (1, 1_000, 48));
        assert_eq!(Rules::read("").names, u64::MAX);
    }
}
