//! The three times of a browser: the true one, which nobody sees; the one on the wall, which somebody may set; and the one that pages
//! measure by, which may stand still while the machine sleeps.

/// When every journey begins: a whole hour, so that a seed gives the same bytes in any year.
const BEGIN: u64 = 1_795_284_000_000;

/// The clocks of one machine. Moments are ms.
#[derive(Debug, Default)]
pub(crate) struct Clocks {
    /// The true time since the journey began.
    pub(crate) now: u64,
    /// How much of it the machine slept.
    slept: u64,
    /// How far the wall clock was set ahead.
    set: i64,
    /// The farthest that it was ever behind, and ahead.
    range: (i64, i64),
    /// `performance.now()` goes on while the machine sleeps, as it does on Windows.
    steady: bool,
}

impl Clocks {
    pub(crate) fn new(steady: bool) -> Self {
        Self { steady, ..Self::default() }
    }

    /// The time that pages measure by.
    pub(crate) fn page(&self) -> u64 {
        if self.steady { self.now } else { self.now - self.slept }
    }

    /// How long the machine has been awake: a timer of a page runs in that time alone.
    pub(crate) fn awake(&self) -> u64 {
        self.now - self.slept
    }

    /// What a page's clock will show at a moment to come, if the machine does not sleep.
    pub(crate) fn true_of(&self, page: u64) -> u64 {
        if self.steady { page } else { page + self.slept }
    }

    /// Unix ms on the wall.
    pub(crate) fn wall(&self) -> u64 {
        (BEGIN + self.now).saturating_add_signed(self.set)
    }

    /// How far the clock on the wall was set ahead.
    pub(crate) fn set(&self) -> i64 {
        self.set
    }

    /// Somebody sets the clock on the wall.
    pub(crate) fn jump(&mut self, by: i64) {
        self.set += by;
        self.range = (self.range.0.min(self.set), self.range.1.max(self.set));
    }

    /// The machine sleeps.
    pub(crate) fn sleep(&mut self, ms: u64) {
        self.now += ms;
        self.slept += ms;
    }

    /// The wall clock was never set: what it says of the past is true.
    pub(crate) fn is_true(&self) -> bool {
        self.swing() == 0
    }

    /// Between what it said of two moments and what was true there is so much at most, in ms.
    pub(crate) fn swing(&self) -> u64 {
        self.range.1.abs_diff(self.range.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_sleeps_stops_the_clock_of_its_pages() {
        for steady in [false, true] {
            let mut clocks = Clocks::new(steady);
            clocks.now = 1_000;
            clocks.sleep(5_000);
            clocks.jump(-60_000);
            assert_eq!(clocks.page(), if steady { 6_000 } else { 1_000 });
            assert_eq!(clocks.true_of(clocks.page() + 10), 6_010);
            assert_eq!(clocks.wall(), BEGIN + 6_000 - 60_000);
            assert!(!clocks.is_true());
        }
    }
}
