//! The pass over a text: word by word, each looked at by what could begin there.

use super::hit::Hit;
use super::labels::{Class, class};
use super::text::Text;
use super::{Found, KINDS, Kind, NAMES, address, email, keys, mixed, net, number, person};
use crate::words::slice;

/// A word, a number or a mask that has been passed.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) class: Class,
}

/// How far the pass has come.
pub(super) struct Scan<'a> {
    pub(super) source: &'a str,
    pub(super) text: &'a Text<'a>,
    /// Where what is found begins: at the word that is looked at, if nobody says otherwise.
    pub(super) start: usize,
    pub(super) words: Vec<Word>,
    pub(super) found: Vec<Found>,
    /// Where what was found last ends.
    pub(super) done: usize,
}

/// The shortest run of signs that is looked at as a key, in bytes: `AKIA` and 16 more.
const KEY: usize = 16;

/// What is found in a text, in order and without overlap.
pub(super) fn pass(text: &str) -> Vec<Found> {
    let mut scan =
        Scan { source: text, text: &Text(text.as_bytes()), start: 0, words: Vec::new(), found: Vec::new(), done: 0 };
    let text = scan.text;
    let (mut at, mut blob) = (0, 0);
    while at < text.0.len() {
        let end = text.word_end(at);
        at = if end > at {
            if at >= blob {
                blob = keys::end(text, at);
            }
            scan.word(at, end, blob - at >= KEY)
        } else {
            scan.sign(at)
        };
    }
    scan.found
}

impl Scan<'_> {
    /// A word from `at` to `end`; where to go on.
    fn word(&mut self, at: usize, end: usize, long: bool) -> usize {
        let text = self.text;
        self.start = at;
        let first = text.at(at);
        let next = text.at(end);
        if matches!(next, b':' | b'-' | b'.') && end - at <= 8 && first.is_ascii_hexdigit() {
            let hit = net::find(text, at, end);
            if !hit.is_none() {
                return self.keep(hit);
            }
        }
        if long {
            let hit = keys::find(self, at, end);
            if !hit.is_none() {
                return self.keep(hit);
            }
        }
        if first.is_ascii_digit() {
            let hit = number::find(self, at);
            if !hit.is_none() {
                return self.keep(hit);
            }
            return self.number(at, end.max(number::spoiled(text, at)));
        }
        let short = end - at <= 2 && (text.space(end) > 0 || next == b'-');
        if short || (1..4).any(|nth| text.at(at + nth).is_ascii_digit()) {
            let hit = mixed::find(self, at);
            if !hit.is_none() {
                return self.keep(hit);
            }
            let end = mixed::spoiled(text, at);
            if end > 0 {
                return self.number(at, end);
            }
        }
        let class = class(text.part(at, end));
        self.words.push(Word { start: at, end, class });
        let hit = match class {
            Class::At => email::in_words(self, at),
            Class::Called | Class::Is | Class::Greeting | Class::Bye | Class::Person => person::after(self, class, end),
            Class::StreetFirst | Class::StreetLast => address::street_first(self, at, end, class),
            _ if text.capital(at) => address::street_first(self, at, end, class),
            _ => Hit::NONE,
        };
        if hit.is_none() { end } else { self.keep(hit) }
    }

    /// A number that stays.
    fn number(&mut self, start: usize, end: usize) -> usize {
        self.words.push(Word { start, end, class: Class::Number });
        end
    }

    /// A sign that is no letter and no digit; where to go on.
    fn sign(&mut self, at: usize) -> usize {
        let text = self.text;
        self.start = at;
        let hit = match text.at(at) {
            b'@' => email::around(self, at, 1),
            // The full-width one.
            0xEF if text.part(at, at + 3) == "＠".as_bytes() => email::around(self, at, 3),
            b'+' | b'(' => number::signed(self, at),
            b':' if text.at(at + 1) == b':' && !text.word_before(at) => Hit::new(Kind::Ipv6, net::ipv6(text, at)),
            b'[' => return self.mask(at),
            _ => Hit::NONE,
        };
        // Bytes of a sign behind its first are none of ours.
        if hit.is_none() { at + 1 } else { self.keep(hit) }
    }

    /// What was masked before is passed as a whole.
    fn mask(&mut self, at: usize) -> usize {
        let mut end = at + 1;
        while self.text.at(end) > b']' || self.text.at(end).is_ascii_digit() {
            end += 1;
        }
        if self.text.at(end) != b']' || NAMES.place(slice(self.source, at + 1, end)).is_none() {
            return at + 1;
        }
        self.words.push(Word { start: at, end: end + 1, class: Class::Mask });
        end + 1
    }

    /// Keeps what was found; where to go on.
    fn keep(&mut self, hit: Hit) -> usize {
        let (mut start, end) = (self.start, hit.end());
        // An e-mail address or a street may begin before what was found last.
        while let Some(last) = self.found.last() {
            if last.end <= start {
                break;
            }
            start = start.min(last.start);
            self.found.pop();
        }
        while self.words.last().is_some_and(|word| word.end > start) {
            self.words.pop();
        }
        self.found.push(Found { kind: KINDS[hit.kind()], start, end });
        self.words.push(Word { start, end, class: Class::Mask });
        self.done = end;
        end
    }
}
