//! A search that is repeated or reworded: the former did not give what was looked for.
//!
//! | threshold | why |
//! |---|---|
//! | `SHORTLY` 3 min | the same wish; later it may be another |
//! | `TYPING` 3 s | nobody has judged results by then: shops that search while one types report each step |
//! | `POOR` 3 results | so few are looked through at once, even when one was opened |
//! | alike: 44 % (Dice) of their trigrams | "kettel" and "kettle", "red shoes" and "blue shoes" share more, other wishes a tenth or two (53 buckets) |
//!
//! No false alarm: a product that was opened or taken meanwhile means that the search was good (unless it gave little and is
//! reworded), and a word more after many results narrows them; the same page shown again (reload, back) or another page of the same results is no search. Of a term only which of 53
//! buckets its trigrams fall into is kept, salted by the journey: it cannot be read back, and tells about alike terms only.

use super::marks::{FLAGS, FOUND, Marks, PAGE, RESULTS, TERM, TERM_AT, TERM_PAGE, TOLD_SEARCH, clear, first};
use crate::time::Millis;

/// The search before lies back at most this, in ms,
const SHORTLY: u64 = 180_000;
/// … and at least this.
const TYPING: u64 = 3_000;
/// Results, at most, that are poor.
const POOR: u64 = 3;
/// How sure it is, in hundredths.
pub(crate) const SURE: i64 = 70;

/// Which buckets the trigrams of `term` fall into; nothing of a term that is masked.
pub(crate) fn shape(term: &str, salt: u64) -> u64 {
    let (mut shape, mut gram) = (0, 0);
    for (at, byte) in term.bytes().enumerate() {
        if at == 0 && byte == b'[' {
            break;
        }
        // Letters without case; what is no letter or digit parts words.
        let begins = gram == 0;
        gram = if byte < b'0' { 0 } else { (gram << 8 | u32::from(byte | 0x20)) & 0xFF_FFFF };
        // The first letter alone tells nothing; the first two are a trigram with the border before them.
        if gram != 0 && !begins {
            let mixed = (u64::from(gram) ^ salt).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            shape |= 1 << (((mixed >> 32) * 53) >> 32);
        }
    }
    shape
}

/// Whether two shapes are of alike terms.
fn alike(one: u64, other: u64) -> bool {
    one != 0 && (one & other).count_ones() * 9 >= (one.count_ones() + other.count_ones()) * 2
}

/// A search for a term of `shape` with `results` (from 1; 0 is unknown). `again`: its page was
/// reloaded or come back to. Says whether it was a new search, and whether it repeats the one before.
pub(crate) fn search(marks: &mut Marks, shape: u64, results: u64, again: bool, now: Millis) -> (bool, bool) {
    // A term that is masked or missing is no other one's equal.
    let same = shape != 0 && shape == marks[TERM];
    if again && same {
        return (false, false);
    }
    let gap = now.since(Millis(marks[TERM_AT]));
    let poor = (1..=POOR + 1).contains(&marks[RESULTS]);
    let other_page = same && marks[PAGE] != marks[TERM_PAGE] && marks[RESULTS] != 1;
    // A word more after many results narrows them.
    let narrows = !same && marks[RESULTS] > POOR + 1 && marks[TERM] & !shape == 0;
    let found = marks[FLAGS] & FOUND != 0 && (same || !poor);
    let spell = gap <= SHORTLY && alike(shape, marks[TERM]) && !found && !narrows;
    (marks[TERM], marks[TERM_AT], marks[RESULTS], marks[TERM_PAGE]) = (shape, now.0, results, marks[PAGE]);
    clear(marks, FOUND);
    if !spell {
        clear(marks, TOLD_SEARCH);
    }
    (!other_page, spell && gap >= TYPING && !other_page && first(marks, TOLD_SEARCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(one: &str, other: &str, salt: u64) -> bool {
        alike(shape(one, salt), shape(other, salt))
    }

    #[test]
    fn terms_are_alike_or_not_under_nearly_any_salt() {
        let salts = 0..200_u64;
        let share = |one: &str, other: &str| {
            salts.clone().filter(|salt| both(one, other, salt.wrapping_mul(0xD134_2543_DE82_EF95))).count()
        };
        for (one, other) in [
            ("kettel", "kettle"),
            ("esspresso", "espresso"),
            ("red shoes", "blue shoes"),
            ("shoes", "running shoes"),
            ("mug", "coffee mug"),
            ("USB-C cable", "usb c cable 2m"),
            ("kahvimylly", "kahvi mylly"),
            ("Äänilevy", "äänilevyt"),
        ] {
            assert!(share(one, other) >= 190, "{one} and {other}: {}", share(one, other));
        }
        for (one, other) in [
            ("kettle", "coffee"),
            ("running shoes", "winter jacket"),
            ("mug", "grinder"),
            ("espresso machine", "paper filter"),
            ("lamp", "sofa"),
            ("kettle", "winter jacket"),
        ] {
            assert!(share(one, other) <= 10, "{one} and {other}: {}", share(one, other));
        }
        assert!(!both("", "", 7) && !both("[email]", "[email]", 7), "what is not known is not the same");
    }

    /// Searches: ms after the one before, term, results (from 1), the query of its page, whether something was opened before it.
    fn told(searches: &[(u64, &str, u64, u64, bool)]) -> usize {
        let mut marks = Marks::default();
        let mut now = Millis(1_000_000);
        let tell = |&(gap, term, results, page, opened): &(u64, &str, u64, u64, bool)| {
            now = now.plus(gap);
            marks[PAGE] = page;
            if opened {
                let _ = first(&mut marks, FOUND);
            }
            search(&mut marks, shape(term, 0xD134_2543_DE82_EF95), results, false, now).1
        };
        searches.iter().map(tell).filter(|told| *told).count()
    }

    #[test]
    fn a_search_again_is_told_once() {
        assert_eq!(told(&[(0, "kettel", 1, 1, false), (9_000, "kettle", 1, 2, false)]), 1);
        assert_eq!(told(&[(0, "kettle", 25, 1, false), (30_000, "kettle", 25, 1, false)]), 1, "nothing opened");
        assert_eq!(told(&[(0, "kettle", 3, 1, false), (30_000, "water kettle", 9, 2, true)]), 1, "little, and not it");
        let thrice =
            [(0, "kettel", 1, 1, false), (9_000, "kettle", 1, 2, false), (9_000, "kettle electric", 1, 3, false)];
        assert_eq!(told(&thrice), 1, "one spell");
    }

    #[test]
    fn what_looks_alike_is_not() {
        assert_eq!(told(&[(0, "kettle", 9, 1, false), (30_000, "winter jacket", 9, 2, false)]), 0, "another wish");
        assert_eq!(told(&[(0, "kettle", 25, 1, false), (30_000, "kettle", 25, 1, true)]), 0, "back to the list");
        assert_eq!(told(&[(0, "kettle", 25, 1, false), (30_000, "kettle", 25, 2, false)]), 0, "its second page");
        assert_eq!(told(&[(0, "kettle", 25, 1, false), (30_000, "kettle steel", 5, 2, false)]), 0, "narrower");
        assert_eq!(told(&[(0, "kettle", 9, 1, false), (900_000, "kettle", 9, 1, false)]), 0, "later");
        let typing = [(0, "ket", 90, 1, false), (700, "kett", 40, 1, false), (900, "kettle", 9, 1, false)];
        assert_eq!(told(&typing), 0, "while one types");
        assert_eq!(told(&[(0, "", 0, 1, false), (9_000, "", 0, 1, false)]), 0, "no term");
    }

    #[test]
    fn a_page_shown_again_is_no_search() {
        let mut marks = Marks::default();
        let it = shape("kettle", 1);
        assert_eq!(search(&mut marks, it, 1, false, Millis(1_000_000)), (true, false));
        assert_eq!(search(&mut marks, it, 1, true, Millis(1_009_000)), (false, false));
        assert_eq!(search(&mut marks, it, 1, false, Millis(1_018_000)), (true, true));
        assert_eq!(
            search(&mut Marks::default(), 0, 1, true, Millis(1_000_000)),
            (true, false),
            "nothing is known of it"
        );
    }
}
