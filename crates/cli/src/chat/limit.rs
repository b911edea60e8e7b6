//! How often somebody may write, and how many may listen.

use super::address::Sender;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Streams and long polls at a time. Each holds a connection, and many systems let a process have 1,024 files.
const LISTENERS: usize = 700;
/// Posts to one conversation at once, and per second after them: nobody types faster, and a page that comes back sends what waited in one.
const POSTS: (f64, f64) = (30.0, 1.0);
/// New conversations from one address at once, and per second after them: an office may share one.
const NEW: (f64, f64) = (60.0, 0.5);
/// Senders that are remembered; beyond them those who have not written for a while are forgotten.
const REMEMBERED: usize = 10_000;

/// All limits.
#[derive(Debug)]
pub(super) struct Limits {
    listeners: Arc<Semaphore>,
    posts: Buckets<String>,
    new: Buckets<Sender>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { listeners: Arc::new(Semaphore::new(LISTENERS)), posts: Buckets::new(POSTS), new: Buckets::new(NEW) }
    }
}

impl Limits {
    /// A place to listen, until it is dropped.
    pub(super) fn listen(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.listeners).try_acquire_owned().ok()
    }

    /// A post to a conversation; else after how many seconds.
    pub(super) fn post(&self, conversation: &str) -> Result<(), u64> {
        self.posts.take(conversation.to_owned(), Instant::now())
    }

    /// A new conversation from here; else after how many seconds.
    pub(super) fn begin(&self, sender: Sender) -> Result<(), u64> {
        if sender.is_house() { Ok(()) } else { self.new.take(sender, Instant::now()) }
    }
}

/// Buckets that fill by themselves, one for each of `K`.
#[derive(Debug)]
struct Buckets<K> {
    most: f64,
    per_second: f64,
    left: Mutex<HashMap<K, (f64, Instant)>>,
}

impl<K: Eq + Hash> Buckets<K> {
    fn new((most, per_second): (f64, f64)) -> Self {
        Self { most, per_second, left: Mutex::default() }
    }

    fn take(&self, whose: K, now: Instant) -> Result<(), u64> {
        let mut buckets = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let filled = |(left, since): (f64, Instant)| {
            (left + now.saturating_duration_since(since).as_secs_f64() * self.per_second).min(self.most)
        };
        if buckets.len() >= REMEMBERED {
            buckets.retain(|_, bucket| filled(*bucket) < self.most);
        }
        let bucket = buckets.entry(whose).or_insert((self.most, now));
        let left = filled(*bucket);
        if left < 1.0 {
            *bucket = (left, now);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few seconds")]
            return Err(((1.0 - left) / self.per_second).ceil().max(1.0) as u64);
        }
        *bucket = (left - 1.0, now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_bucket_empties_and_fills_and_is_one_s_own() {
        let buckets = Buckets::new((3.0, 0.5));
        let now = Instant::now();
        for _ in 0..3 {
            assert_eq!(buckets.take("a", now), Ok(()));
        }
        assert_eq!(buckets.take("a", now), Err(2));
        assert_eq!(buckets.take("b", now), Ok(()));
        assert_eq!(buckets.take("a", now + Duration::from_secs(1)), Err(1));
        assert_eq!(buckets.take("a", now + Duration::from_secs(2)), Ok(()));
        assert_eq!(buckets.take("a", now + Duration::from_secs(2)), Err(2));
        for _ in 0..3 {
            assert_eq!(buckets.take("a", now + Duration::from_secs(600)), Ok(()), "no more than at first");
        }
        assert_eq!(buckets.take("a", now + Duration::from_secs(600)), Err(2));
    }

    #[test]
    fn those_who_were_away_are_forgotten() {
        let buckets = Buckets::new((1.0, 1.0));
        let now = Instant::now();
        for sender in 0..REMEMBERED {
            assert_eq!(buckets.take(sender, now), Ok(()));
        }
        assert_eq!(buckets.take(REMEMBERED, now + Duration::from_secs(2)), Ok(()));
        assert_eq!(buckets.left.lock().map(|left| left.len()).ok(), Some(1));
    }
}
