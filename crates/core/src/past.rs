//! What is remembered of a shopper beyond the visit, with consent to `remember`: how often, and nothing of what. Kept in the browser
//! alone; what leaves are bands. Order numbers are kept as salted hashes, so that a page of thanks that is opened again from a mail
//! counts no second time.

use crate::json::Writer;
use crate::rng::is_known;
use crate::time::Millis;
use crate::words;

/// Forgotten after so many days (13 months), however often the shopper comes meanwhile: a grant that renews itself would have no end (CNIL,
/// guidelines 2020-091, § 50 to 52).
const DAYS: u64 = 395;

/// Nobody comes this often, and no day is this far away: beyond it the text is damaged.
const MOST: u64 = 1 << 20;

/// Orders that are known again, at most: the newest.
const CLAIMED: usize = 20;

/// Where the orders are counted, the day of the newest one (since the Unix epoch), the visits, and the day of the first one. Behind
/// them: salted hashes of order numbers, the newest last.
const ORDERS: usize = 0;
const ORDERED: usize = 1;
const VISITS: usize = 2;
const BEGAN: usize = 3;
const FIXED: usize = 4;

/// As numbers, in the order in which they are kept; without any nothing is known yet.
#[derive(PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Past(Vec<u64>);

/// The day of a moment.
fn day(now: Millis) -> u64 {
    now.0 / 86_400_000
}

impl Default for Past {
    fn default() -> Self {
        Self::NEW
    }
}

impl Past {
    /// Nothing is remembered.
    pub(crate) const NEW: Self = Self(Vec::new());

    /// What `text` remembers; nothing where it is damaged or too old.
    pub(crate) fn read(text: &str, now: Millis) -> Self {
        let mut past = words::numbers(text);
        let fits = past.get(..FIXED).is_some_and(|fixed| {
            // A day that is still to come was told by a clock that was wrong, and would never be over.
            fixed.iter().all(|number| *number < MOST) && day(now).wrapping_sub(fixed[BEGAN]) <= DAYS
        });
        if !fits {
            past.clear();
        }
        Self(past)
    }

    /// As it is kept.
    pub(crate) fn write(&self) -> String {
        let mut out = Writer::default();
        out.numbers(&self.0);
        out.into_string()
    }

    fn begin(&mut self, now: Millis) {
        if self.0.is_empty() {
            self.0.resize(FIXED, 0);
            self.0[BEGAN] = day(now);
        }
    }

    /// Another visit begins. Gives back its number, how many orders were before it, and how many days ago the newest of them was.
    pub(crate) fn visit(&mut self, now: Millis) -> [u64; 3] {
        self.begin(now);
        let Some(fixed) = self.0.first_chunk_mut::<FIXED>() else { return [0; 3] };
        fixed[VISITS] += 1;
        [fixed[VISITS], fixed[ORDERS], day(now).saturating_sub(fixed[ORDERED])]
    }

    /// An order was placed in a visit, whose number has this hash; 0 where it has none. Says whether it is a new one.
    pub(crate) fn order(&mut self, now: Millis, hash: u64) -> bool {
        self.begin(now);
        if hash != 0 {
            if is_known(&self.0[FIXED..], hash) {
                return false;
            }
            if self.0.len() == FIXED + CLAIMED {
                self.0.remove(FIXED);
            }
            self.0.push(hash);
        }
        self.0[ORDERS] += 1;
        self.0[ORDERED] = day(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Millis = Millis(20_780 * 86_400_000 + 5);

    #[test]
    fn what_is_written_is_read() {
        let mut past = Past::default();
        assert_eq!(past.visit(TODAY), [1, 0, 20_780]);
        assert!(past.order(TODAY, 7) && !past.order(TODAY, 7) && past.order(TODAY, 0) && past.order(TODAY, 0));
        assert_eq!(past.0, [3, 20_780, 1, 20_780, 7]);
        assert_eq!(Past::read(&past.write(), TODAY), past);
        assert_eq!(past.visit(TODAY.plus(30 * 86_400_000)), [2, 3, 30]);
    }

    #[test]
    fn visits_renew_nothing() {
        let day = |days: u64| TODAY.plus(days * 86_400_000);
        let mut past = Past::default();
        past.visit(TODAY);
        for days in [200, 395] {
            past = Past::read(&past.write(), day(days));
            past.visit(day(days));
        }
        assert_eq!(past.0[VISITS], 3);
        assert_eq!(Past::read(&past.write(), day(396)), Past::NEW);
    }

    #[test]
    fn what_is_damaged_or_old_is_forgotten() {
        let none = Past::default();
        for text in ["", "-", ",1,2,3", ",1,2,3,x,", "{}", ",1,2,3,20384", ",1048576,2,3,20780", ",1,2,3,20781"] {
            assert_eq!(Past::read(text, TODAY), none, "{text}");
        }
        assert_eq!(Past::read(",1,2,3,20385", TODAY).0[ORDERS], 1, "13 months to the day");
    }

    #[test]
    fn the_newest_orders_are_known_again() {
        let mut past = Past::default();
        assert!((1..=CLAIMED as u64 + 5).all(|hash| past.order(TODAY, hash)));
        assert_eq!((past.0[FIXED], past.0.len(), past.0[ORDERS]), (6, FIXED + CLAIMED, 25));
    }
}
