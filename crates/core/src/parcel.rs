//! Events that wait, as the bytes that will be sent: loose ones in a queue, and parcels that have their final form.

use crate::batch;
use crate::json::Writer;
use crate::rng::hash;
use crate::words;

/// How much a shop can do without an event: where there is no room, the lowest goes first.
pub(crate) const RANKS: u64 = 4;

/// Length in bytes times [`RANKS`], and the rank, of each event: what makes them whole again without reading the text.
pub(crate) type Marks = Vec<u64>;

fn len(mark: u64) -> usize {
    (mark / RANKS) as usize
}

fn lens(marks: &[u64]) -> usize {
    marks.iter().map(|mark| len(*mark)).sum()
}

/// Loose events in one run of text, oldest first, without commas between them.
#[derive(Default)]
pub(crate) struct Queue {
    text: Writer,
    pub(crate) marks: Marks,
}

impl Queue {
    /// How many events wait.
    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }

    /// How many bytes wait.
    pub(crate) fn bytes(&self) -> usize {
        self.text.as_str().len()
    }

    /// Appends one event.
    pub(crate) fn push(&mut self, rank: u64, event: &str) {
        self.text.raw(event);
        self.marks.push(event.len() as u64 * RANKS + rank);
    }

    /// Moves the oldest events, as many as fit into `events` and `bytes` but at least one, behind `head`: a parcel's body and marks.
    pub(crate) fn take(&mut self, events: usize, bytes: usize, out: &mut Writer) -> Marks {
        let marks = self.copy(events, bytes, out);
        self.text.remove(0, lens(&marks));
        self.marks.drain(..marks.len());
        marks
    }

    /// Copies as many events as [`take`](Self::take) would move.
    pub(crate) fn copy(&self, events: usize, bytes: usize, out: &mut Writer) -> Marks {
        let mut at = 0;
        let mut taken = Marks::new();
        for &mark in &self.marks {
            let end = at + len(mark);
            if !taken.is_empty() && (taken.len() >= events || end > bytes) {
                break;
            }
            out.comma();
            out.raw(&self.text.as_str()[at..end]);
            at = end;
            taken.push(mark);
        }
        out.raw(batch::CLOSE);
        taken
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes the event at `place` out.
    pub(crate) fn remove(&mut self, place: usize) -> String {
        let start = lens(&self.marks[..place]);
        let end = start + len(self.marks.remove(place));
        let event = self.text.as_str()[start..end].to_owned();
        self.text.remove(start, end);
        event
    }
}

/// Some events of one leg and one consent that have their final form, as the very bytes that are sent, and sent again.
#[derive(Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Parcel {
    /// What the shell's answer names it by, and its place on the shelf.
    pub(crate) handle: u32,
    pub(crate) body: String,
    pub(crate) marks: Marks,
    /// Its events are in the books of this tab's journey.
    pub(crate) current: bool,
    /// It may be stored,
    pub(crate) keep: bool,
    /// and is.
    pub(crate) kept: bool,
    /// It was sent, and no answer has come.
    pub(crate) flying: bool,
    /// … as the page left: it is not sent like that again.
    pub(crate) left: bool,
}

impl Parcel {
    /// How many events it holds.
    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }

    /// Where the text between its quotes is that is the `nth` of the body: `{"polku":1,"key":"…","batch":"…","sent":…,"ttl_days":…,
    /// "journey":{"id":"…"` has the batch's number in the fifth, and the journey's id in the tenth.
    fn quoted(&self, nth: usize) -> (usize, usize) {
        let mut quotes = self.body.bytes().enumerate().filter(|(_, byte)| *byte == b'"').map(|(at, _)| at);
        let start = quotes.nth(nth * 2 - 2).map_or(0, |at| at + 1);
        (start, quotes.next().unwrap_or(start))
    }

    /// The journey that it belongs to.
    pub(crate) fn journey(&self) -> &str {
        let (start, end) = self.quoted(10);
        &self.body[start..end]
    }

    /// Where the event at `place` begins; beyond the last one, where what closes the batch begins, and one more for a comma.
    fn start(&self, place: usize) -> usize {
        let rest = &self.marks[place..];
        (self.body.len() + 1).saturating_sub(batch::CLOSE.len() + lens(rest) + rest.len())
    }

    /// Another parcel with the events from `place` on, which this one loses; both get new numbers, as neither is what was sent.
    pub(crate) fn split(&mut self, place: usize, numbers: [u64; 2]) -> Self {
        let mut other = Self { marks: self.marks.clone(), body: self.body.clone(), ..*self };
        other.cut(0, place, numbers[1]);
        self.cut(place, self.len(), numbers[0]);
        (self.flying, other.flying) = (false, false);
        other
    }

    /// Takes the events from `from` to `to` out; gives back their text.
    pub(crate) fn cut(&mut self, from: usize, to: usize, number: u64) -> String {
        let (mut start, mut end) = (self.start(from), self.start(to));
        let events = self.body.get(start..end.saturating_sub(1)).unwrap_or_default().to_owned();
        if to == self.len() {
            // There is no comma behind the last one, but maybe one before it.
            end -= 1;
            start -= usize::from(from > 0);
        }
        self.body.drain(start..end);
        self.marks.drain(from..to);
        let (start, end) = self.quoted(5);
        let mut out = Writer::default();
        out.raw(&self.body[..start]);
        out.number(number);
        out.raw(&self.body[end..]);
        self.body = out.into_string();
        self.kept = false;
        events
    }
}

/// What is kept of a parcel on the shelf.
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug, PartialEq, Eq))]
pub(crate) struct Kept {
    /// The journey that it belongs to.
    pub(crate) journey: String,
    /// The lane that it waits in.
    pub(crate) lane: usize,
    /// It may outlast the visit.
    pub(crate) remember: bool,
    /// When it was stored, in Unix ms.
    pub(crate) at: u64,
    pub(crate) marks: Marks,
    /// Empty where it left as a page died, for a collector that could not tell it from one that comes twice.
    pub(crate) body: String,
}

/// The first word on a shelf. Another one means another layout: discarded, one message.
const VERSION: &str = "1 ";

impl Kept {
    /// As it is stored: `1 <sum of the rest> <journey> ,<lane>,<remember>,<stored at>,<mark of each event>`, and the body on a line of its own.
    pub(crate) fn write(journey: &str, fixed: [u64; 3], marks: &[u64], body: &str) -> String {
        let mut rest = Writer::sized(body.len() + 256);
        rest.raw(journey);
        rest.raw(" ");
        rest.numbers(&fixed);
        rest.numbers(marks);
        rest.raw("\n");
        rest.raw(body);
        let mut out = Writer::sized(body.len() + 256);
        out.raw(VERSION);
        out.number(hash(0, rest.as_str()));
        out.raw(" ");
        out.raw(rest.as_str());
        out.into_string()
    }

    /// Reads what was stored; `None` where it is damaged or of another version.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (sum, rest) = words::cut(text.strip_prefix(VERSION)?, b' ');
        let (head, body) = words::cut(rest, b'\n');
        let (journey, numbers) = words::cut(head, b' ');
        let mut numbers = words::numbers(numbers);
        if words::number(sum) != Some(hash(0, rest)) || numbers.len() < 4 {
            return None;
        }
        let marks = numbers.split_off(3);
        // Marks that do not fit were not written by us.
        let fits = marks.iter().try_fold(0_u64, |sum, mark| sum.checked_add(mark / RANKS + 1))? < body.len() as u64;
        (fits || body.is_empty()).then(|| Self {
            journey: journey.to_owned(),
            lane: numbers[0] as usize,
            remember: numbers[1] > 0,
            at: numbers[2],
            marks,
            body: body.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(events: &[&str]) -> Queue {
        let mut queue = Queue::default();
        for event in events {
            queue.push(1, event);
        }
        queue
    }

    fn parcel(events: &[&str]) -> Parcel {
        let mut out = Writer::default();
        out.raw(r#"{"polku":1,"key":"pk","batch":"7","events":["#);
        let mut queue = queue(events);
        let marks = queue.take(100, 1000, &mut out);
        assert_eq!(queue.len(), 0);
        Parcel { body: out.into_string(), marks, ..Parcel::default() }
    }

    #[test]
    fn events_leave_in_order_and_within_bounds() {
        let mut queue = queue(&["aa", "b", "cccc"]);
        let mut out = Writer::default();
        assert_eq!(queue.take(2, 100, &mut out), [9, 5]);
        assert_eq!(out.as_str(), "aa,b]}");
        let mut out = Writer::default();
        assert_eq!(queue.take(9, 1, &mut out), [17], "one leaves even if it is too long");
        assert_eq!((out.as_str(), queue.len(), queue.bytes()), ("cccc]}", 0, 0));
    }

    #[test]
    fn one_event_can_be_taken_out_of_a_queue() {
        let mut queue = queue(&["aa", "b", "cccc"]);
        assert_eq!(queue.remove(1), "b");
        let mut out = Writer::default();
        queue.copy(9, 100, &mut out);
        assert_eq!(out.as_str(), "aa,cccc]}");
    }

    #[test]
    fn halves_hold_what_the_whole_held_under_new_numbers() {
        let events = ["{\"a\":1}", "{}", "{\"c\":[3]}", "{\"d\":4}"];
        for place in 1..4 {
            let mut first = parcel(&events);
            let second = first.split(place, [8, 9]);
            let body = |number: u64, events: &[&str]| {
                format!(r#"{{"polku":1,"key":"pk","batch":"{number}","events":[{}]}}"#, events.join(","))
            };
            assert_eq!(first.body, body(8, &events[..place]));
            assert_eq!(second.body, body(9, &events[place..]));
            assert_eq!((first.len(), second.len()), (place, 4 - place));
        }
    }

    #[test]
    fn any_event_can_be_taken_out_of_a_parcel() {
        let events = ["{\"a\":1}", "{}", "{\"c\":3}"];
        for place in 0..3 {
            let mut parcel = parcel(&events);
            assert_eq!(parcel.cut(place, place + 1, 12), events[place]);
            let mut rest = events.to_vec();
            rest.remove(place);
            let rest = rest.join(",");
            assert_eq!(parcel.body, format!(r#"{{"polku":1,"key":"pk","batch":"12","events":[{rest}]}}"#));
        }
        let mut last = parcel(&["{}"]);
        last.cut(0, 1, 13);
        assert_eq!((&*last.body, last.len()), (r#"{"polku":1,"key":"pk","batch":"13","events":[]}"#, 0));
    }

    #[test]
    fn what_is_stored_is_read() {
        let body = r#"{"events":[{"a":1},{"a":2}]}"#;
        let text = Kept::write("9xk2m4t0c7qe3fzb", [0, 1, 77], &[29, 30], body);
        let kept = Kept::read(&text).unwrap();
        assert_eq!((&*kept.journey, kept.lane, kept.remember, kept.at), ("9xk2m4t0c7qe3fzb", 0, true, 77));
        assert_eq!((kept.marks, &*kept.body), (vec![29, 30], body));
        assert!(Kept::read(&Kept::write("9xk2m4t0c7qe3fzb", [0, 0, 77], &[5], "")).is_some(), "a stub");
    }

    #[test]
    fn what_is_damaged_is_none() {
        let body = r#"{"events":[{"a":1},{"a":2}]}"#;
        let text = Kept::write("9xk2m4t0c7qe3fzb", [0, 1, 77], &[29, 30], body);
        for cut in 0..text.len() {
            assert_eq!(Kept::read(&text[..cut]), None, "{}", &text[..cut]);
            assert_eq!(Kept::read(&text[cut + 1..]), None, "{}", &text[cut + 1..]);
        }
        for (good, bad) in [("1 9", "2 9"), ("\"a\":2", "\"a\":3"), (",29", ",30")] {
            assert_eq!(Kept::read(&text.replacen(good, bad, 1)), None, "{bad}");
        }
    }
}
