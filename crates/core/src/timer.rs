//! Every reason to wake up, in one table. The shell keeps one browser timer for all of them.

use crate::time::Millis;

/// A reason to wake up.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) enum Timer {
    /// When what is unsent is stored.
    Shelf,
    /// When a burst of clicks has ended.
    Rage,
    /// When a friction that was found is told.
    Found,
    /// When the snapshot is written.
    Persist,
    /// When a page that slept looks at what others have stored meanwhile.
    Wake,
    /// When what less trusted sources reported has waited long enough.
    Report,
    /// When the shop has had its time to report an empty search itself.
    Search,
    /// … or a declined payment.
    Declined,
    /// When a payment has been silent for long.
    Unpaid,
}

const COUNT: usize = 9;

/// What is captured is stored after this long at the latest, in ms. A page that dies before loses it.
pub(crate) const SOON: u64 = 230;
/// Never: the timer is not set.
const NEVER: u64 = u64::MAX;

/// When each timer is due.
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct TimerTable([u64; COUNT]);

impl Default for TimerTable {
    fn default() -> Self {
        Self::NEW
    }
}

impl TimerTable {
    /// None is set.
    pub(crate) const NEW: Self = Self([NEVER; COUNT]);

    /// Sets `timer`, wherever it stood; at the end of all time it is stopped.
    pub(crate) fn set(&mut self, timer: Timer, at: Millis) {
        self.0[timer as usize] = at.0;
    }

    /// Sets `timer` unless it is due earlier already.
    pub(crate) fn sooner(&mut self, timer: Timer, at: Millis) {
        let due = &mut self.0[timer as usize];
        *due = at.0.min(*due);
    }

    /// What has to be stored within [`SOON`] is due `now`.
    pub(crate) fn hasten(&mut self, now: Millis) {
        for timer in [Timer::Shelf, Timer::Persist] {
            if self.0[timer as usize] <= now.0.saturating_add(SOON) {
                self.set(timer, now);
            }
        }
    }

    /// Stops `timer`.
    pub(crate) fn stop(&mut self, timer: Timer) {
        self.0[timer as usize] = NEVER;
    }

    /// Whether `timer` is set.
    pub(crate) fn is_set(&self, timer: Timer) -> bool {
        self.0[timer as usize] != NEVER
    }

    /// Whether `timer` is due; then it is stopped.
    pub(crate) fn expired(&mut self, timer: Timer, now: Millis) -> bool {
        let due = self.0[timer as usize] <= now.0;
        if due {
            self.stop(timer);
        }
        due
    }

    /// The earliest moment at which any timer is due; the end of all time where none is.
    pub(crate) fn next(&self) -> Millis {
        Millis(self.0.iter().fold(NEVER, |next, due| next.min(*due)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_timer_is_next_and_expires_once() {
        let mut timers = TimerTable::default();
        timers.set(Timer::Persist, Millis(20));
        timers.sooner(Timer::Shelf, Millis(10));
        timers.sooner(Timer::Shelf, Millis(15));
        assert_eq!(timers.next(), Millis(10));
        assert!(!timers.expired(Timer::Shelf, Millis(9)));
        assert!(timers.expired(Timer::Shelf, Millis(10)));
        assert!(!timers.expired(Timer::Shelf, Millis(10)));
        assert_eq!(timers.next(), Millis(20));
    }
}
