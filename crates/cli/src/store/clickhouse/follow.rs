//! What has changed since it was last asked: what this server wrote is known journey by journey; what others have written (another server, a
//! queue) is found by the number of rows of each hour.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What was written since the last reading.
#[derive(Debug, Default)]
pub(super) struct Since {
    /// Rows that are known of each hour, those of this server's own with them. Hours are Unix hours.
    pub(super) hours: HashMap<i64, u64>,
    /// Journeys that this server has written to.
    pub(super) changed: HashSet<(String, String)>,
    /// Others have written.
    pub(super) others: bool,
    /// Something was erased, here or elsewhere.
    pub(super) erased: bool,
}

/// What is known, and whom it is told.
#[derive(Debug)]
pub(super) struct Follow {
    since: Mutex<Since>,
    told: watch::Sender<u64>,
    /// Rows of events and of tombstones, as far as they are known.
    counts: Mutex<(u64, u64)>,
    /// Others' rows are not looked for before: a reading that took long is not made at once again.
    rest: Mutex<Option<Instant>>,
}

/// A reading of others' rows is followed by a rest of so many times as long.
const REST: u32 = 10;

impl Follow {
    pub(super) fn new(told: watch::Sender<u64>) -> Self {
        Self { since: Mutex::default(), told, counts: Mutex::default(), rest: Mutex::default() }
    }

    /// This server has written.
    pub(super) fn wrote(&self, hour: i64, rows: u64, changed: HashSet<(String, String)>, erased: bool) {
        let news = rows > 0 || erased;
        let mut since = self.since();
        *since.hours.entry(hour).or_default() += rows;
        since.changed.extend(changed);
        since.erased |= erased;
        drop(since);
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).0 += rows;
        if news {
            self.tell();
        }
    }

    /// So many rows are in the tables now: where that is not what is known, others have written.
    pub(super) fn counted(&self, events: u64, erased: u64) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let (events_differ, erased_differ) = (counts.0 != events, counts.1 != erased);
        if erased_differ {
            self.since().erased = true;
        }
        let resting =
            self.rest.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| Instant::now() < until);
        if erased_differ || (events_differ && !resting) {
            self.since().others |= events_differ && !resting;
            *counts = (events, erased);
            drop(counts);
            self.tell();
        }
    }

    /// Takes what was written since the last time. What comes meanwhile is for the next one.
    pub(super) fn take(&self) -> Since {
        let mut since = self.since();
        Since {
            hours: since.hours.clone(),
            changed: std::mem::take(&mut since.changed),
            others: std::mem::take(&mut since.others),
            erased: std::mem::take(&mut since.erased),
        }
    }

    /// The reading has failed: what was taken is still to be read.
    pub(super) fn give_back(&self, taken: Since) {
        let mut since = self.since();
        since.changed.extend(taken.changed);
        since.others |= taken.others;
        since.erased |= taken.erased;
    }

    /// The hours are read up to these numbers of rows; others' rows took so long.
    pub(super) fn read(&self, was: &HashMap<i64, u64>, now: HashMap<i64, u64>, took: Option<Duration>) {
        let mut since = self.since();
        let before = std::mem::replace(&mut since.hours, now);
        for (hour, rows) in before {
            // This server wrote on while it read.
            let more = rows.saturating_sub(was.get(&hour).copied().unwrap_or_default());
            *since.hours.entry(hour).or_default() += more;
        }
        if let Some(took) = took {
            *self.rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + took * REST);
        }
    }

    fn since(&self) -> std::sync::MutexGuard<'_, Since> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        self.told.send_modify(|version| *version += 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_own_rows_are_no_news_of_others() {
        let (told, heard) = watch::channel(0);
        let follow = Follow::new(told);
        follow.counted(5, 0);
        assert_eq!(*heard.borrow(), 1, "others have written five");
        follow.wrote(7, 3, HashSet::from([("k".into(), "j".into())]), false);
        follow.counted(8, 0);
        assert_eq!(*heard.borrow(), 2, "three of ours, told once");
        follow.counted(8, 1);
        assert!(follow.take().erased);
    }

    #[test]
    fn what_is_written_during_a_reading_is_for_the_next() {
        let follow = Follow::new(watch::channel(0).0);
        follow.wrote(7, 3, HashSet::new(), false);
        let taken = follow.take();
        assert_eq!(taken.hours[&7], 3);
        follow.wrote(7, 2, HashSet::new(), false);
        follow.read(&taken.hours, HashMap::from([(7, 13)]), None);
        assert_eq!(follow.take().hours[&7], 15, "ten of others, and five of ours");
    }

    #[test]
    fn a_long_reading_is_followed_by_a_longer_rest() {
        let (told, heard) = watch::channel(0);
        let follow = Follow::new(told);
        follow.read(&HashMap::new(), HashMap::new(), Some(Duration::from_secs(60)));
        follow.counted(5, 0);
        assert_eq!(*heard.borrow(), 0);
        follow.counted(5, 2);
        assert_eq!(*heard.borrow(), 1, "what is erased is not put off");
    }
}
