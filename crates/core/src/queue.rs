//! Events that wait, as the bytes that will be sent.

use crate::json::Writer;

/// At most this many events wait.
pub(crate) const EVENTS: usize = 500;
/// At most this many bytes wait.
pub(crate) const BYTES: usize = 512 * 1024;

/// Events in one run of text, oldest first, without commas between them.
#[derive(Default)]
pub(crate) struct Queue {
    text: Writer,
    /// Length in bytes of each event, and whether it is dropped last.
    events: Vec<(u32, bool)>,
}

impl Queue {
    /// How many events wait.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// How many bytes wait.
    pub(crate) fn bytes(&self) -> usize {
        self.text.as_str().len()
    }

    /// Appends what `write` writes: one event. Gives back how many events were dropped to make room.
    pub(crate) fn push(&mut self, precious: bool, write: &mut dyn FnMut(&mut Writer)) -> u64 {
        let start = self.bytes();
        write(&mut self.text);
        self.events.push(((self.bytes() - start) as u32, precious));
        let mut dropped = 0;
        while self.len() > EVENTS || self.bytes() > BYTES {
            self.drop_one();
            dropped += 1;
        }
        dropped
    }

    /// The newest event.
    pub(crate) fn newest(&self) -> &str {
        let len = self.events.last().map_or(0, |(len, _)| *len as usize);
        &self.text.as_str()[self.bytes() - len..]
    }

    /// Moves the oldest events, as many as fit into `events` and `bytes` but at least one, into `out`, with commas between them.
    pub(crate) fn take(&mut self, events: usize, bytes: usize, out: &mut Writer) -> u64 {
        let (taken, end) = self.copy(0, events, bytes, out);
        self.text.remove(0, end);
        self.events.drain(..taken);
        taken as u64
    }

    /// Copies as many events as [`take`](Self::take) would move, from the one that is `skip` places behind the oldest; says how
    /// many, and where they end.
    pub(crate) fn copy(&self, skip: usize, events: usize, bytes: usize, out: &mut Writer) -> (usize, usize) {
        let mut at = self.events.iter().take(skip).map(|(len, _)| *len as usize).sum();
        let most = at + bytes;
        let mut taken = 0;
        for &(len, _) in self.events.iter().skip(skip) {
            let end = at + len as usize;
            if taken > 0 && (taken >= events || end > most) {
                break;
            }
            if taken > 0 {
                out.raw(",");
            }
            out.raw(&self.text.as_str()[at..end]);
            at = end;
            taken += 1;
        }
        (taken, at)
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Drops the oldest event that may be dropped first; the oldest of all where none may.
    fn drop_one(&mut self) {
        let victim = self.events.iter().position(|(_, precious)| !precious).unwrap_or(0);
        let start: usize = self.events.iter().take(victim).map(|(len, _)| *len as usize).sum();
        let (len, _) = self.events.remove(victim);
        self.text.remove(start, start + len as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(queue: &mut Queue, event: &str, precious: bool) -> u64 {
        queue.push(precious, &mut |out| out.raw(event))
    }

    fn all(queue: &mut Queue) -> String {
        let mut out = Writer::default();
        queue.take(usize::MAX, BYTES, &mut out);
        out.into_string()
    }

    #[test]
    fn events_leave_in_order_and_within_bounds() {
        let mut queue = Queue::default();
        for event in ["aa", "b", "cccc"] {
            push(&mut queue, event, false);
        }
        assert_eq!(queue.newest(), "cccc");
        let mut out = Writer::default();
        assert_eq!(queue.take(2, 100, &mut out), 2);
        assert_eq!(out.as_str(), "aa,b");
        let mut out = Writer::default();
        assert_eq!(queue.take(9, 1, &mut out), 1, "one leaves even if it is too long");
        assert_eq!((out.as_str(), queue.len(), queue.bytes()), ("cccc", 0, 0));
    }

    #[test]
    fn a_full_queue_drops_the_oldest_ordinary_event() {
        let mut queue = Queue::default();
        push(&mut queue, "P", true);
        for i in 0..EVENTS - 1 {
            assert_eq!(push(&mut queue, &i.to_string(), false), 0);
        }
        assert_eq!(push(&mut queue, "last", false), 1);
        assert_eq!(queue.len(), EVENTS);
        assert!(all(&mut queue).starts_with("P,1,2,"));
    }

    #[test]
    fn nothing_but_precious_events_drops_the_oldest() {
        let mut queue = Queue::default();
        for i in 0..=EVENTS {
            push(&mut queue, &i.to_string(), true);
        }
        assert!(all(&mut queue).starts_with("1,2,"));
    }
}
