//! What the detectors of the path remember over the pages of a multi-page shop: plain numbers, kept with the journey in its tab.
//!
//! Moments are Unix ms; pages, buttons and terms are salted hashes of 53 bits. 0 is nothing. No text is ever kept.

use crate::rng::hash;
use crate::time::Millis;

/// The page that is looked at, and the one before it.
pub(crate) const PAGE: usize = 0;
pub(crate) const PAGE_BEFORE: usize = 1;
/// When the page was come to.
pub(crate) const PAGE_AT: usize = 2;
/// How often in a row the page before was returned to.
pub(crate) const SWINGS: usize = 3;
/// The last two reloads of the page, the older first.
pub(crate) const RELOADS: usize = 4;
/// Active ms since the last progress, and when the shopper was last active (nothing while the page is hidden).
pub(crate) const ACTIVE: usize = 6;
pub(crate) const ACTIVE_AT: usize = 7;
/// The furthest stage so far, from 1.
pub(crate) const FURTHEST: usize = 8;
/// The last search: its shape, when, its results (from 1; nothing is unknown), and on which page.
pub(crate) const TERM: usize = 9;
pub(crate) const TERM_AT: usize = 10;
pub(crate) const RESULTS: usize = 11;
pub(crate) const TERM_PAGE: usize = 12;
/// The button that is hesitated at, since when it is near, and the last two times that it was left, the older first.
pub(crate) const BUTTON: usize = 13;
pub(crate) const NEAR_AT: usize = 14;
pub(crate) const LEAVES: usize = 15;
/// When the payment that is under way began, on the page of which path, and how many orders were known.
pub(crate) const PAYMENT: usize = 17;
pub(crate) const PAYMENT_PATH: usize = 18;
pub(crate) const ORDERS: usize = 19;
/// One bit each, see below.
pub(crate) const FLAGS: usize = 20;

/// When a product page was left.
pub(crate) const LEFT: usize = 21;

/// How many marks there are.
pub(crate) const MARKS: usize = 22;

/// All marks of a journey in a tab.
pub(crate) type Marks = [u64; MARKS];

/// Flags: the friction was told in this spell.
pub(crate) const TOLD_RELOADS: u64 = 1;
pub(crate) const TOLD_STUCK: u64 = 2;
pub(crate) const TOLD_SEARCH: u64 = 4;
pub(crate) const TOLD_BUTTON: u64 = 8;
/// Flag: a product was opened or taken since the last search.
pub(crate) const FOUND: u64 = 16;

/// Sets `flag`; says whether it was not set.
pub(crate) fn first(marks: &mut Marks, flag: u64) -> bool {
    let news = marks[FLAGS] & flag == 0;
    marks[FLAGS] |= flag;
    news
}

/// Clears `flag`.
pub(crate) fn clear(marks: &mut Marks, flag: u64) {
    marks[FLAGS] &= !flag;
}

/// Notes `now` after the last two moments, which stand at `at`; says whether all three lie `within` so many ms.
pub(crate) fn third(marks: &mut Marks, at: usize, now: Millis, within: u64) -> bool {
    let oldest = marks[at];
    marks[at] = marks[at + 1];
    marks[at + 1] = now.0;
    now.since(Millis(oldest)) <= within
}

/// A mark for `text` under `seed`: 53 bits, as a record takes them.
pub(crate) fn mark(seed: u64, text: &str) -> u64 {
    hash(seed, text) >> 11
}
