//! How many events a shop may send in a second. The key in its pages is public: whoever floods with it must not keep other shops out, nor
//! fill the disk in a night.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Seconds of its rate that a shop may send at once: after an outage every widget comes with what it has kept.
const BURST: f64 = 30.0;
/// Keys that are remembered, where any key is taken.
const REMEMBERED: usize = 10_000;

/// A bucket for each key.
#[derive(Debug, Default)]
pub struct Rate {
    /// Events a second; none: as many as come.
    limit: Option<f64>,
    left: Mutex<HashMap<String, (f64, Instant)>>,
}

impl Rate {
    /// Of so many events a second, for each key; 0 takes all.
    pub fn new(events: u32) -> Self {
        Self { limit: (events > 0).then_some(events.into()), left: Mutex::default() }
    }

    /// Takes so many events of a key; else after how many seconds they may come again.
    ///
    /// # Errors
    /// When there are too many.
    pub fn take(&self, key: &str, events: usize, now: Instant) -> Result<(), u64> {
        let Some(limit) = self.limit else { return Ok(()) };
        let full = limit * BURST;
        // A batch that is larger than the bucket is taken when the bucket is full: it could never be otherwise.
        let cost = (events.max(1) as f64).min(full);
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if left.len() >= REMEMBERED && !left.contains_key(key) {
            left.retain(|_, (had, since)| *had + now.duration_since(*since).as_secs_f64() * limit < full);
            if left.len() >= REMEMBERED {
                return Err(1);
            }
        }
        let (had, since) = left.entry(key.to_owned()).or_insert((full, now));
        *had = (*had + now.duration_since(*since).as_secs_f64() * limit).min(full);
        *since = now;
        if *had < cost {
            return Err(((cost - *had) / limit).ceil() as u64);
        }
        *had -= cost;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_bucket_empties_and_fills_for_each_key() {
        let (rate, start) = (Rate::new(10), Instant::now());
        assert_eq!(rate.take("a", 300, start), Ok(()));
        assert_eq!(rate.take("a", 20, start), Err(2));
        assert_eq!(rate.take("b", 20, start), Ok(()), "another shop's");
        assert_eq!(rate.take("a", 20, start + Duration::from_secs(2)), Ok(()));
        assert_eq!(rate.take("a", 0, start + Duration::from_secs(2)), Err(1), "an empty batch costs one");
        assert_eq!(rate.take("a", 5000, start + Duration::from_secs(60)), Ok(()), "too large for any bucket");
        assert_eq!(Rate::new(0).take("a", usize::MAX, start), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let (rate, start) = (Rate::new(1), Instant::now());
        for n in 0..REMEMBERED {
            assert_eq!(rate.take(&n.to_string(), 30, start), Ok(()));
        }
        assert_eq!(rate.take("new", 1, start), Err(1));
        assert_eq!(rate.take("new", 1, start + Duration::from_secs(30)), Ok(()));
    }
}
