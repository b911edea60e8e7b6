//! The same page is reloaded again and again: it does not show what it should.
//!
//! | threshold | why |
//! |---|---|
//! | three reloads | one repairs a page, a second makes sure; a third is despair |
//! | `WITHIN` 2 min | reloads further apart look whether something has changed (a price, a delivery) |
//!
//! No false alarm: only what the browser calls a reload counts, of the page that the tab was on.

use super::marks::{Marks, PAGE, RELOADS, TOLD_RELOADS, clear, first, third};
use crate::time::Millis;

/// The three lie within this, in ms.
const WITHIN: u64 = 120_000;
/// How sure it is, in hundredths.
pub(crate) const SURE: i64 = 80;

/// `page` is come to, by a reload or otherwise: whether that is the third. Asked before the page is noted as the current one.
pub(crate) fn arrive(marks: &mut Marks, page: u64, reload: bool, now: Millis) -> bool {
    if page != marks[PAGE] {
        (marks[RELOADS], marks[RELOADS + 1]) = (0, 0);
        clear(marks, TOLD_RELOADS);
    }
    reload && third(marks, RELOADS, now, WITHIN) && first(marks, TOLD_RELOADS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(arrivals: &[(u64, bool, u64)]) -> usize {
        let mut marks = Marks::default();
        let tell = |&(page, reload, at): &(u64, bool, u64)| {
            let told = arrive(&mut marks, page, reload, Millis(1_000_000 + at * 1_000));
            marks[PAGE] = page;
            told
        };
        arrivals.iter().map(tell).filter(|told| *told).count()
    }

    #[test]
    fn three_reloads_within_two_minutes_are_told_once() {
        assert_eq!(told(&[(1, false, 0), (1, true, 10), (1, true, 60), (1, true, 129), (1, true, 135)]), 1);
        assert_eq!(told(&[(1, true, 0), (1, true, 115), (1, true, 130), (1, true, 140)]), 1, "any three");
    }

    #[test]
    fn what_looks_alike_is_not() {
        assert_eq!(told(&[(1, false, 0), (1, true, 10), (1, true, 60)]), 0, "two");
        assert_eq!(told(&[(1, true, 10), (1, true, 80), (1, true, 150), (1, true, 220)]), 0, "now and then");
        assert_eq!(told(&[(1, true, 10), (2, true, 20), (3, true, 30)]), 0, "three pages");
        assert_eq!(told(&[(1, true, 10), (1, true, 20), (2, false, 25), (1, true, 30)]), 0, "another page between");
        assert_eq!(told(&[(1, false, 10), (1, false, 20), (1, false, 30), (1, false, 40)]), 0, "links to itself");
    }
}
