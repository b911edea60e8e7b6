//! Events that wait, as the bytes that will be sent.

use crate::batch;
use crate::json::Writer;
use crate::words;

/// How much a shop can do without an event: where there is no room, the lowest goes first.
pub(crate) const RANKS: u64 = 4;

/// Some events of one leg and one consent, oldest first, as text: a batch that has its final form, the very bytes that are sent, and
/// sent again; or what is in no batch yet, which has nothing before its events.
#[derive(Clone)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Parcel {
    /// What the shell's answer names it by, and its slot on the shelf.
    pub(crate) handle: u32,
    pub(crate) body: String,
    /// Length in bytes times [`RANKS`], and the rank, of each event: what makes them whole again without reading the text.
    pub(crate) marks: Vec<u64>,
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
    /// `body` holds events of these `marks`, and what closes a batch.
    // Boxed from the first to the last: to move it whole would cost every page some hundred bytes.
    pub(crate) fn new(handle: u32, body: String, marks: Vec<u64>, current: bool) -> Box<Self> {
        Box::new(Self { handle, body, marks, current, keep: current, kept: false, flying: false, left: false })
    }

    /// How many events it holds.
    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }

    /// Appends one event.
    // A text of one sign and not a sign: the code that pushes a sign would come to the page for it.
    #[allow(clippy::single_char_add_str)]
    pub(crate) fn push(&mut self, rank: u64, event: &str) {
        self.body.truncate(self.body.len() - batch::CLOSE.len());
        if !self.marks.is_empty() {
            self.body.push_str(",");
        }
        self.body.push_str(event);
        self.body.push_str(batch::CLOSE);
        self.marks.push(event.len() as u64 * RANKS + rank);
    }

    /// How many of its first events fit into `bytes`: one at least, and `events` at most.
    pub(crate) fn fitting(&self, events: usize, bytes: usize) -> usize {
        let mut room = bytes as u64;
        let mut fits = 0;
        for mark in &self.marks {
            let len = mark / RANKS + 1;
            if fits > 0 && (fits >= events || len > room) {
                break;
            }
            room = room.saturating_sub(len);
            fits += 1;
        }
        fits
    }

    /// Takes the first `count` events out, with what stands before them.
    pub(crate) fn take(&mut self, count: usize) -> Box<Self> {
        let mut first = Box::new(self.clone());
        first.cut(count, first.len());
        self.cut(0, count);
        first
    }

    /// Takes the events from `from` to `to` out.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(crate) fn cut(&mut self, from: usize, to: usize) {
        // Where an event begins; beyond the last one, one byte behind it.
        let start = |place: usize| {
            let rest = self.marks[place..].iter().fold(0_u64, |sum, mark| sum.wrapping_add(mark / RANKS + 1));
            (self.body.len() + 1).saturating_sub(batch::CLOSE.len().wrapping_add(rest as usize))
        };
        let (mut start, mut end) = (start(from), start(to));
        if to == self.marks.len() && from < to {
            // There is no comma behind the last one, but one before it, unless it was the first.
            end = end.saturating_sub(1);
            start = start.saturating_sub(usize::from(from > 0));
        }
        let mut out = Writer::sized(start + self.body.len().saturating_sub(end));
        out.raw(words::slice(&self.body, 0, start));
        out.raw(words::slice(&self.body, end, self.body.len()));
        self.body = out.into_string();
        self.marks.drain(from..to);
    }

    /// The event at `place`.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn event(&self, place: usize) -> &str {
        let rest: u64 = self.marks[place..].iter().map(|mark| mark / RANKS + 1).sum();
        let start = self.body.len() + 1 - batch::CLOSE.len() - rest as usize;
        &self.body[start..start + (self.marks[place] / RANKS) as usize]
    }

    /// Where the text between quotes is that is the `nth` of the body: `{"polku":1,"key":"…","batch":"…","sent":…,"ttl_days":…,
    /// "journey":{"id":"…"` has the batch's number in the fifth, and the journey's id in the tenth.
    fn quoted(&self, nth: u32) -> (usize, usize) {
        let (mut quotes, mut start) = (0, 0);
        for (at, byte) in self.body.bytes().enumerate() {
            if byte == b'"' {
                quotes += 1;
                if quotes == nth * 2 {
                    return (start, at);
                }
                start = at + 1;
            }
        }
        (0, 0)
    }

    /// Gives it another number: it is not what was sent before. `by` is the leg that counts: one that was found bears another leg's numbers.
    pub(crate) fn rename(&mut self, number: u64, by: &str) {
        let (start, end) = self.quoted(5);
        let mut out = Writer::sized(start + self.body.len().saturating_sub(end));
        out.raw(words::slice(&self.body, 0, start));
        out.number(number);
        out.raw("-");
        out.raw(by);
        out.raw(words::slice(&self.body, end, self.body.len()));
        self.body = out.into_string();
    }

    /// As it is stored for a lane: `1 ,<lane>,<stored at>,<bytes of the body>,<mark of each event>`, and the body on a line of its own.
    /// `head` stands before the events of what is in no batch yet; of one that must not be sent again (`stub`) nothing else is stored.
    pub(crate) fn write(&self, lane: usize, at: u64, head: &str, stub: bool) -> String {
        let mut out = Writer::sized(self.body.len() + 1024);
        let end = if stub { self.quoted(10).1 + 1 } else { self.body.len() };
        out.raw(VERSION);
        out.numbers(&[lane as u64, at, (head.len() + end) as u64]);
        out.numbers(&self.marks);
        out.raw("\n");
        out.raw(head);
        out.raw(words::slice(&self.body, 0, end));
        out.into_string()
    }

    /// Reads what was stored in `slot`: with the lane, and when it was stored. `None` where it is damaged or of another version. What was
    /// changed without being cut or lengthened the collector will refuse.
    pub(crate) fn read(slot: u32, text: &str) -> Option<(Box<Self>, usize, u64)> {
        let (head, body) = words::cut(text.strip_prefix(VERSION)?, b'\n');
        let mut marks = words::numbers(head);
        if marks.len() < 4 || marks[2] != body.len() as u64 {
            return None;
        }
        let mut parcel = Self::new(slot, body.to_owned(), Vec::new(), true);
        parcel.marks = marks.split_off(3);
        parcel.kept = true;
        Some((parcel, marks[0] as usize, marks[1]))
    }

    /// Only what stands before its events is here.
    pub(crate) fn is_stub(&self) -> bool {
        self.body.as_bytes().last() != Some(&b'}')
    }

    /// The journey that it belongs to.
    pub(crate) fn journey(&self) -> &str {
        let (start, end) = self.quoted(10);
        words::slice(&self.body, start, end)
    }
}

/// The first word on a shelf. Another one means another layout: discarded, one message.
const VERSION: &str = "1 ";

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        r#"{"polku":1,"key":"pk","batch":"7","sent":1,"ttl_days":395,"journey":{"id":"9xk2m4t0c7qe3fzb"},"events":["#;

    fn queue(events: &[&str]) -> Box<Parcel> {
        let mut queue = Parcel::new(1, "]}".to_owned(), Vec::new(), true);
        for event in events {
            queue.push(1, event);
        }
        queue
    }

    fn parcel(events: &[&str]) -> Box<Parcel> {
        let mut parcel = queue(events);
        parcel.body.insert_str(0, HEAD);
        parcel
    }

    fn body(number: &str, events: &[&str]) -> String {
        format!("{HEAD}{}]}}", events.join(",")).replacen("\"7\"", &format!("\"{number}\""), 1)
    }

    #[test]
    fn events_leave_in_order_and_within_bounds() {
        let mut queue = queue(&["aa", "b", "cccc"]);
        assert_eq!(
            [queue.fitting(2, 100), queue.fitting(9, 5), queue.fitting(9, 0), queue.fitting(9, 99)],
            [2, 2, 1, 3]
        );
        let first = queue.take(2);
        assert_eq!((&*first.body, &*first.marks), ("aa,b]}", &[9, 5][..]));
        assert_eq!((&*queue.body, &*queue.marks), ("cccc]}", &[17][..]));
        let rest = queue.take(1);
        assert_eq!((&*rest.body, &*queue.body, queue.len()), ("cccc]}", "]}", 0));
        queue.push(2, "d");
        assert_eq!((&*queue.body, &*queue.marks), ("d]}", &[6][..]));
    }

    #[test]
    fn halves_hold_what_the_whole_held_under_new_numbers() {
        let events = ["{\"a\":1}", "{}", "{\"c\":[3]}", "{\"d\":4}"];
        for place in 1..4 {
            let mut second = parcel(&events);
            let mut first = second.take(place);
            first.rename(8, "k3v9a");
            second.rename(9, "k3v9a");
            assert_eq!(first.body, body("8-k3v9a", &events[..place]));
            assert_eq!(second.body, body("9-k3v9a", &events[place..]));
            assert_eq!((first.len(), second.len()), (place, 4 - place));
            assert_eq!(second.journey(), "9xk2m4t0c7qe3fzb");
        }
    }

    #[test]
    fn any_event_can_be_taken_out() {
        let events = ["{\"a\":1}", "{}", "{\"c\":3}"];
        for place in 0..3 {
            let mut parcel = parcel(&events);
            parcel.cut(place, place + 1);
            let mut rest = events.to_vec();
            rest.remove(place);
            assert_eq!(parcel.body, body("7", &rest));
        }
        let mut last = parcel(&["{}"]);
        last.cut(0, 1);
        assert_eq!((last.body, last.marks), (body("7", &[]), vec![]));
    }

    #[test]
    fn what_is_stored_is_read() {
        let written = parcel(&["{\"a\":1}", "{}"]);
        let (read, lane, at) = Parcel::read(5, &written.write(3, 77, "", false)).unwrap();
        assert_eq!((read.handle, lane, at, read.kept, read.is_stub()), (5, 3, 77, true, false));
        assert_eq!((&read.body, &read.marks), (&written.body, &written.marks));
        let (stub, ..) = Parcel::read(5, &written.write(3, 77, "", true)).unwrap();
        assert_eq!((stub.is_stub(), stub.journey(), stub.len()), (true, "9xk2m4t0c7qe3fzb", 2));
    }

    #[test]
    fn what_is_damaged_is_none() {
        let text = parcel(&["{\"a\":1}", "{}"]).write(0, 77, "", false);
        for cut in 0..text.len() {
            assert!(Parcel::read(1, &text[..cut]).is_none(), "{}", &text[..cut]);
            assert!(Parcel::read(1, &text[cut + 1..]).is_none(), "{}", &text[cut + 1..]);
        }
        for (good, bad) in [("1 ,", "2 ,"), ("\"a\":1", "\"a\":12"), ("{}", "{")] {
            assert!(Parcel::read(1, &text.replacen(good, bad, 1)).is_none(), "{bad}");
        }
    }

    #[test]
    fn marks_that_we_did_not_write_are_survived() {
        let mut wrong = parcel(&["{}", "{}", "{}"]);
        for mark in [u64::MAX, 4_000, 0] {
            wrong.marks = vec![mark, mark, mark];
            let (mut read, ..) = Parcel::read(1, &wrong.write(0, 77, "", false)).unwrap();
            let _ = read.take(1);
            read.cut(0, 1);
            read.rename(3, "k3v9a");
            read.cut(0, 1);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in ".*", at in 0_usize..200) {
            let _ = Parcel::read(1, &text);
            let mut whole = parcel(&["{}"]).write(0, 77, "", false);
            whole.insert_str(at.min(whole.len()), &text);
            let _ = Parcel::read(1, &whole);
        }
    }
}
