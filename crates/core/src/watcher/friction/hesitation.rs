//! Hesitation before a button that commits to something: near it or focused, and away again, repeatedly.
//!
//! | threshold | why |
//! |---|---|
//! | three times | once is a look at the button, twice may be chance |
//! | `LOOK` 300 ms | a pointer on its way to elsewhere passes by faster; a glance takes about this long |
//! | `WITHIN` 5 min | one decision; further apart they are several |
//!
//! No false alarm: it is one button of one page; pressing it, filling in a field or a step forward ends the spell, for then there
//! was a reason to go away.

use super::marks::{BUTTON, LEAVES, Marks, NEAR_AT, TOLD_BUTTON, clear, first, third};
use crate::time::Millis;

/// At least this long near it, in ms.
const LOOK: u64 = 300;
/// All three times within this, in ms.
const WITHIN: u64 = 300_000;
/// How sure it is, in hundredths: what keeps a hand back is not seen.
pub(crate) const SURE: i64 = 60;

/// The pointer or the focus comes near `button`.
pub(crate) fn near(marks: &mut Marks, button: u64, now: Millis) {
    if button != marks[BUTTON] {
        end(marks);
        marks[BUTTON] = button;
    }
    if marks[NEAR_AT] == 0 {
        marks[NEAR_AT] = now.0;
    }
}

/// … and goes away: whether it hesitates.
pub(crate) fn away(marks: &mut Marks, button: u64, now: Millis) -> bool {
    let since = std::mem::take(&mut marks[NEAR_AT]);
    button == marks[BUTTON]
        && since != 0
        && now.since(Millis(since)) >= LOOK
        && third(marks, LEAVES, now, WITHIN)
        && first(marks, TOLD_BUTTON)
}

/// The spell is over.
pub(crate) fn end(marks: &mut Marks) {
    marks[BUTTON..=LEAVES + 1].fill(0);
    clear(marks, TOLD_BUTTON);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(approaches: &[(u64, u64, u64)]) -> usize {
        let mut marks = Marks::default();
        let tell = |&(button, at, look): &(u64, u64, u64)| {
            let at = Millis(1_000_000 + at * 1_000);
            near(&mut marks, button, at);
            away(&mut marks, button, at.plus(look))
        };
        approaches.iter().map(tell).filter(|told| *told).count()
    }

    #[test]
    fn three_approaches_are_told_once() {
        assert_eq!(told(&[(1, 0, 900), (1, 20, 900), (1, 40, 900), (1, 60, 900), (1, 80, 900)]), 1);
    }

    #[test]
    fn what_looks_alike_is_not() {
        assert_eq!(told(&[(1, 0, 900), (1, 20, 900)]), 0, "two");
        assert_eq!(told(&[(1, 0, 900), (2, 20, 900), (1, 40, 900), (2, 60, 900)]), 0, "two buttons");
        assert_eq!(told(&[(1, 0, 100), (1, 20, 100), (1, 40, 100), (1, 60, 100)]), 0, "passing by");
        assert_eq!(told(&[(1, 0, 900), (1, 200, 900), (1, 400, 900), (1, 600, 900)]), 0, "now and then");
    }

    #[test]
    fn a_press_ends_the_spell_and_leaving_twice_counts_once() {
        let mut marks = Marks::default();
        let mut told = 0;
        for i in 1..=4 {
            near(&mut marks, 1, Millis(1_000_000 + i * 10_000));
            told += u32::from(away(&mut marks, 1, Millis(1_000_500 + i * 10_000)));
            told += u32::from(away(&mut marks, 1, Millis(1_000_600 + i * 10_000)));
            if i == 2 {
                end(&mut marks);
            }
        }
        assert_eq!(told, 0);
        near(&mut marks, 1, Millis(1_060_000));
        assert!(away(&mut marks, 1, Millis(1_060_500)));
    }
}
