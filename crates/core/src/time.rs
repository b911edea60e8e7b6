//! Time as a value. Nothing here knows what time it is.

/// A moment, in milliseconds since the Unix epoch, on the journey's own clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Millis(pub u64);

impl Millis {
    /// The end of all time.
    pub(crate) const NEVER: Self = Self(u64::MAX);

    /// This moment, `ms` later.
    #[must_use]
    pub fn plus(self, ms: u64) -> Self {
        // No page lives so long that its time ends: to look for that end would cost it a hundred bytes.
        Self(if cfg!(target_arch = "wasm32") { self.0.wrapping_add(ms) } else { self.0.saturating_add(ms) })
    }

    /// Milliseconds from `earlier` until this moment; 0 where that lies in the future.
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Joins the browser's two clocks into one that never runs backwards.
///
/// The wall clock carries a journey over documents but jumps when somebody sets it; the monotonic clock of a document does
/// not jump but may stand still while the machine sleeps. So: monotonic within a document, and forward to the wall clock
/// when that is far ahead.
#[derive(Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Clock {
    /// Wall clock minus monotonic clock, in ms.
    offset: u64,
}

/// A wall clock this far ahead of the monotonic one means that the machine slept, not that a second was adjusted, in ms.
const SLEPT: u64 = 30_000;

impl Clock {
    /// One that has shown no time yet.
    pub const NEW: Self = Self { offset: 0 };

    /// The moment that the monotonic clock calls `mono` (ms since the document began), where the wall clock (Unix ms) is
    /// `offset` ahead of it now.
    pub fn at(&mut self, offset: f64, mono: f64) -> Millis {
        let offset = offset as u64;
        if offset > self.offset + SLEPT {
            self.offset = offset;
        }
        // What an earlier page was told happened before this document began.
        Millis((self.offset as f64 + mono) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_follows_the_monotonic_one() {
        let mut clock = Clock::default();
        assert_eq!(clock.at(999_950.0, 150.0), Millis(1_000_100));
        assert_eq!(clock.at(899_750.0, 250.0), Millis(1_000_200), "the wall clock was set back");
        assert_eq!(clock.at(999_950.0, 70.0), Millis(1_000_020), "a call that was queued earlier");
        assert_eq!(clock.at(999_950.0, -50.0), Millis(999_900), "a call of the page before");
    }

    #[test]
    fn a_sleeping_machine_moves_the_clock_forward() {
        let mut clock = Clock::default();
        assert_eq!(clock.at(1_000_000.0, 0.0), Millis(1_000_000));
        assert_eq!(clock.at(4_599_000.0, 1_000.0), Millis(4_600_000));
        assert_eq!(clock.at(4_599_000.0, 1_010.0), Millis(4_600_010));
    }
}
