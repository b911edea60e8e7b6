//! The pass over a text: word by word, each looked at by what could begin there.

use super::labels::{Class, class};
use super::text::Text;
use super::{Found, Kind, NAMES, address, email, keys, mixed, net, number, person};

/// A word, a number or a mask that has been passed.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) class: Class,
}

/// How far the pass has come.
pub(super) struct Scan<'a> {
    pub(super) text: Text<'a>,
    pub(super) words: Vec<Word>,
    pub(super) found: Vec<Found>,
    /// Where what was found last ends.
    pub(super) done: usize,
}

/// The shortest run of signs that is looked at as a key, in bytes: `AKIA` and 16 more.
const KEY: usize = 16;

/// What is found in a text, in order and without overlap.
pub(super) fn pass(text: &str) -> Vec<Found> {
    let mut scan = Scan { text: Text(text.as_bytes()), words: Vec::new(), found: Vec::new(), done: 0 };
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
        if long && let Some((kind, end)) = keys::find(text, at, end) {
            return self.keep(kind, at, end);
        }
        let first = text.at(at);
        let next = text.at(end);
        if matches!(next, b':' | b'-' | b'.')
            && end - at <= 8
            && first.is_ascii_hexdigit()
            && let Some((kind, end)) = net::find(text, at, end)
        {
            return self.keep(kind, at, end);
        }
        if first.is_ascii_digit() {
            return match number::find(self, at) {
                Some((kind, from, end)) => self.keep(kind, from, end),
                None => self.number(at, number::spoiled(text, at).unwrap_or(end)),
            };
        }
        let short = end - at <= 2 && (text.space(end) > 0 || next == b'-');
        if short || (1..4).any(|nth| text.at(at + nth).is_ascii_digit()) {
            if let Some((kind, end)) = mixed::find(self, at, end) {
                return self.keep(kind, at, end);
            }
            if let Some(end) = mixed::spoiled(text, at, end) {
                return self.number(at, end);
            }
        }
        let class = class(text.part(at, end));
        self.words.push(Word { start: at, end, class });
        let found = match class {
            Class::At => email::in_words(self, at, end),
            Class::Called | Class::Is | Class::Greeting | Class::Bye | Class::Person => person::after(self, class, end),
            _ => None,
        };
        let found = match found {
            None if text.capital(at) || matches!(class, Class::StreetFirst | Class::StreetLast) => {
                address::street_first(self, at, end, class)
            }
            found => found,
        };
        match found {
            Some((kind, from, end)) => self.keep(kind, from, end),
            None => end,
        }
    }

    /// A number that stays.
    fn number(&mut self, start: usize, end: usize) -> usize {
        self.words.push(Word { start, end, class: Class::Number });
        end
    }

    /// A sign that is no letter and no digit; where to go on.
    fn sign(&mut self, at: usize) -> usize {
        let text = self.text;
        let byte = text.at(at);
        let found = match byte {
            b'@' => email::around(self, at, 1),
            // The full-width one.
            0xEF if text.part(at, at + 3) == "＠".as_bytes() => email::around(self, at, 3),
            b'+' | b'(' => number::signed(self, at),
            b':' if text.at(at + 1) == b':' && !text.word_before(at) => {
                net::ipv6(text, at).map(|end| (Kind::Ipv6, at, end))
            }
            b'[' => return self.mask(at),
            _ => None,
        };
        match found {
            Some((kind, from, end)) => self.keep(kind, from, end),
            // Bytes of a sign behind its first are none of ours.
            None => at + 1,
        }
    }

    /// What was masked before is passed as a whole.
    fn mask(&mut self, at: usize) -> usize {
        let text = self.text;
        let mut end = at + 1;
        while matches!(text.at(end), b'a'..=b'z' | b'_' | b'4' | b'6') {
            end += 1;
        }
        let name = std::str::from_utf8(text.part(at + 1, end)).unwrap_or_default();
        if text.at(end) != b']' || NAMES.place(name).is_none() {
            return at + 1;
        }
        self.words.push(Word { start: at, end: end + 1, class: Class::Mask });
        end + 1
    }

    /// Keeps what was found; where to go on.
    fn keep(&mut self, kind: Kind, mut start: usize, end: usize) -> usize {
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
        self.found.push(Found { kind, start, end });
        self.words.push(Word { start, end, class: Class::Mask });
        self.done = end;
        end
    }
}
