//! Where a stem stands in a text, and whether it is denied there.

use crate::words::cut;

/// How many words a denial reaches over, and how many back.
const REACH: usize = 5;
const BACK: usize = 4;

/// A folded text with what denies in it.
pub(super) struct Sight<'a> {
    pub(super) text: &'a str,
    /// Where something denies or ends a denial, and the letter for it.
    pub(super) marks: Vec<(usize, u8)>,
}

impl Sight<'_> {
    /// Calls `each` with the places of `stem`, from where to where, until it has enough.
    pub(super) fn find(&self, stem: &str, each: &mut dyn FnMut(usize, usize) -> bool) {
        let (first, second) = cut(stem, b'+');
        let mut from = 0;
        while let Some((start, end)) = next(self.text.as_bytes(), first.as_bytes(), from) {
            from = start + 1;
            let met = second.is_empty()
                || next(self.text.as_bytes(), second.as_bytes(), end - 1).is_some_and(|(at, _)| !self.ends(end, at));
            if met && each(start, end) {
                return;
            }
        }
    }

    /// Whether a sentence ends between two places.
    fn ends(&self, from: usize, to: usize) -> bool {
        self.text.as_bytes()[from.min(to)..to].iter().any(|byte| matches!(byte, b'.' | b'?' | b'!'))
    }

    /// Whether what stands there is denied.
    pub(super) fn denied(&self, start: usize, end: usize) -> bool {
        self.marks.iter().any(|(at, kind)| {
            let (from, to, reach) = if *at < start {
                (*at, start, REACH)
            } else if *at >= end && *kind == b'Y' {
                (end, *at, BACK)
            } else {
                return false;
            };
            let between = &self.text.as_bytes()[from..to];
            *kind != b'B'
                && between.iter().filter(|byte| **byte == b' ').count() <= reach
                && !between.iter().any(|byte| matches!(byte, b'.' | b',' | b'?' | b'!'))
                && !self.marks.iter().any(|(at, kind)| *kind == b'B' && (from..to).contains(at))
        })
    }
}

/// The next place of a stem without `+`.
fn next(text: &[u8], stem: &[u8], from: usize) -> Option<(usize, usize)> {
    let (begins, stem) = match stem {
        [b'-', stem @ ..] => (false, stem),
        stem => (true, stem),
    };
    let (ends, stem) = match stem {
        [stem @ .., b'_'] => (true, stem),
        stem => (false, stem),
    };
    let mut at = from.max(1);
    while at + stem.len() <= text.len() {
        let end = at + stem.len();
        if text[at..end] == *stem && (!begins || text[at - 1] == b' ') && (!ends || text.get(end) == Some(&b' ')) {
            return (!stem.is_empty()).then_some((at, end));
        }
        at += 1;
    }
    None
}
