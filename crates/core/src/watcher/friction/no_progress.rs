//! An overlong session: long active, and no nearer to anything.
//!
//! | threshold | why |
//! |---|---|
//! | `LONG` 20 min | most orders are placed within a quarter of an hour of activity; beyond, something keeps the shopper |
//! | `PAUSE` 2 min | longer without a sign of life, the shopper is not there; until then the page is read |
//!
//! No false alarm: time counts only while the page can be seen and the shopper is there; a further stage, a change of the cart, a
//! step of the checkout or an order begins anew.

use super::marks::{ACTIVE, ACTIVE_AT, FURTHEST, Marks, TOLD_STUCK, clear, first};
use crate::time::Millis;

/// So long active without progress, in ms.
const LONG: u64 = 20 * 60_000;
/// A pause counts up to this, in ms.
const PAUSE: u64 = 120_000;
/// How sure it is, in hundredths: some people like to stroll.
pub(crate) const SURE: i64 = 50;

/// A sign of life: whether there has been no progress for too long.
pub(crate) fn active(marks: &mut Marks, now: Millis) -> bool {
    if marks[ACTIVE_AT] != 0 {
        marks[ACTIVE] += now.since(Millis(marks[ACTIVE_AT])).min(PAUSE);
    }
    marks[ACTIVE_AT] = now.0;
    marks[ACTIVE] >= LONG && first(marks, TOLD_STUCK)
}

/// The journey stands at `stage` (from 1): it is progress where it was never so far.
pub(crate) fn stands(marks: &mut Marks, stage: u64) {
    if stage > marks[FURTHEST] {
        marks[FURTHEST] = stage;
        progress(marks);
    }
}

/// Something went on.
pub(crate) fn progress(marks: &mut Marks) {
    marks[ACTIVE] = 0;
    clear(marks, TOLD_STUCK);
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;
    const NEVER: [u64; 0] = [];

    /// So many signs of life, `gap` apart: when it was told, as a count of them.
    fn walk(marks: &mut Marks, from: u64, gap: u64, signs: u64) -> Vec<u64> {
        (0..signs).filter(|i| active(marks, Millis(from + i * gap))).collect()
    }

    #[test]
    fn twenty_active_minutes_are_told_once() {
        assert_eq!(walk(&mut Marks::default(), MINUTE, MINUTE, 60), [20]);
        assert_eq!(walk(&mut Marks::default(), MINUTE, 10 * MINUTE, 12), [10], "of a pause, two minutes count");
    }

    #[test]
    fn progress_begins_anew() {
        let mut marks = Marks::default();
        stands(&mut marks, 2);
        assert_eq!(walk(&mut marks, MINUTE, MINUTE, 20), NEVER);
        stands(&mut marks, 3);
        assert_eq!(walk(&mut marks, 20 * MINUTE, MINUTE, 20), NEVER);
        stands(&mut marks, 2);
        assert_eq!(walk(&mut marks, 40 * MINUTE, MINUTE, 3), [0], "back is no progress");
        progress(&mut marks);
        assert_eq!(walk(&mut marks, 43 * MINUTE, MINUTE, 30), [19], "a new spell, which the gap before belongs to");
    }

    #[test]
    fn hidden_time_does_not_count() {
        let mut marks = Marks::default();
        assert_eq!(walk(&mut marks, MINUTE, MINUTE, 20), NEVER);
        marks[ACTIVE_AT] = 0;
        assert_eq!(walk(&mut marks, 500 * MINUTE, MINUTE, 1), NEVER);
        assert_eq!(walk(&mut marks, 501 * MINUTE, MINUTE, 1), [0]);
    }
}
