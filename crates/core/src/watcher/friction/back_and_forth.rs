//! To and fro between the same two pages: the shopper does not find on either what is looked for.
//!
//! | threshold | why |
//! |---|---|
//! | `SWINGS_MOST` 3 returns | A-B-A-B-A: coming back once is ordinary, twice may be a second thought |
//! | `SHORT` 45 s | who reads or compares stays longer on a page; who looks for something glances |
//!
//! No false alarm: pages are told apart by their real addresses, so that list, product, list, next product is none; a change of
//! the cart or a step of the checkout begins anew; a reload is no visit.

use super::marks::{Marks, PAGE, PAGE_AT, PAGE_BEFORE, SWINGS};
use crate::time::Millis;

/// So many returns in a row, each to the page before.
const SWINGS_MOST: u64 = 3;
/// A look is at most this long, in ms.
const SHORT: u64 = 45_000;
/// How sure it is, in hundredths: somebody may also compare two things.
pub(crate) const SURE: i64 = 70;

/// `page` is come to: whether that makes a to and fro. Tells each spell once, as its count only passes by the threshold.
pub(crate) fn arrive(marks: &mut Marks, page: u64, now: Millis) -> bool {
    if page == marks[PAGE] {
        return false;
    }
    let swing = page == marks[PAGE_BEFORE] && now.since(Millis(marks[PAGE_AT])) <= SHORT;
    marks[SWINGS] = if swing { marks[SWINGS] + 1 } else { 0 };
    marks[PAGE_BEFORE] = marks[PAGE];
    marks[PAGE] = page;
    marks[PAGE_AT] = now.0;
    marks[SWINGS] == SWINGS_MOST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(walk: &[(u64, u64)]) -> usize {
        let mut marks = Marks::default();
        let mut now = Millis(1_000_000);
        let tell = |&(page, look): &(u64, u64)| {
            let told = arrive(&mut marks, page, now);
            now = now.plus(look);
            told
        };
        walk.iter().map(tell).filter(|told| *told).count()
    }

    #[test]
    fn five_glances_at_two_pages_are_told_once() {
        let glance = |page| (page, 8_000);
        assert_eq!(told(&[1, 2, 1, 2, 1].map(glance)), 1);
        assert_eq!(told(&[7, 1, 2, 1, 2, 1, 2, 1, 2, 1].map(glance)), 1, "one spell");
        assert_eq!(told(&[1, 2, 1, 2, 1, 3, 4, 3, 4, 3].map(glance)), 2, "two spells");
        assert_eq!(told(&[1, 2, 2, 1, 2, 1].map(glance)), 1, "with a reload");
    }

    #[test]
    fn what_looks_alike_is_not() {
        let glance = |page| (page, 8_000);
        assert_eq!(told(&[1, 2, 1, 2].map(glance)), 0, "four");
        assert_eq!(told(&[1, 2, 1, 3, 1, 4, 1, 5].map(glance)), 0, "a list and its products");
        assert_eq!(told(&[(1, 60_000), (2, 60_000), (1, 60_000), (2, 60_000), (1, 0)]), 0, "reading");
        assert_eq!(told(&[1, 2, 3, 1, 2, 3, 1, 2, 3].map(glance)), 0, "round three");
    }
}
