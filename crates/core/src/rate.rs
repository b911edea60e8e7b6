//! How many touchpoints a page may tell: a loop that runs away must fill neither the queue nor the collector.

use crate::name::Name;
use crate::time::Millis;

/// One touchpoint in so many ms for as long as a page likes: 50 a second.
const EACH: u64 = 20;
/// So many at once, after a rest.
const BURST: u64 = 500;
/// … of them with one name: a page that tells one thing all the time still tells the others.
const OF_A_NAME: u64 = 200;

/// As many as there can be names.
const NAMES: usize = 64;

/// When what has been told is forgotten: one moment for each name, and behind them one for everything. It lies in the future as far as
/// much was told.
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Rate([u64; NAMES + 1]);

impl Default for Rate {
    fn default() -> Self {
        Self::NEW
    }
}

impl Rate {
    /// Nothing was told yet.
    pub(crate) const NEW: Self = Self([0; NAMES + 1]);

    /// Whether `name` may be told `now`; with `told` it is.
    pub(crate) fn takes(&mut self, name: Name, now: Millis, told: bool) -> bool {
        let next = |place: usize| Millis(self.0[place]).max(now).plus(EACH);
        let (every, one) = (next(NAMES), next(name as usize));
        let may = every.0 - now.0 <= BURST * EACH && one.0 - now.0 <= OF_A_NAME * EACH;
        if may && told {
            (self.0[NAMES], self.0[name as usize]) = (every.0, one.0);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_795_284_000_000);

    #[test]
    fn a_burst_passes_and_a_loop_does_not() {
        let mut rate = Rate::default();
        let told = |rate: &mut Rate, name, now| (0..5_000).filter(|_| rate.takes(name, now, true)).count();
        assert_eq!(told(&mut rate, Name::AddToCart, NOW), 200);
        assert_eq!(told(&mut rate, Name::ViewItem, NOW), 200);
        assert_eq!(told(&mut rate, Name::Search, NOW), 100, "500 in all");
        assert_eq!(told(&mut rate, Name::Search, NOW.plus(1_000)), 50, "50 a second");
        assert_eq!(told(&mut rate, Name::AddToCart, NOW.plus(3_600_000)), 200, "after a rest");
    }

    #[test]
    fn a_busy_page_is_never_cut() {
        let mut rate = Rate::default();
        assert!((0..100_000).all(|at| rate.takes(Name::SelectItem, NOW.plus(at * 20), true)));
    }
}
