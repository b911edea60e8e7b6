//! Where the facts stand, and how they follow the database.

use super::fact::{Fact, Words};
use crate::store::{Store, StoreError};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OwnedRwLockWriteGuard, RwLock, RwLockReadGuard};

/// All facts, with their words.
#[derive(Debug)]
pub struct Facts {
    /// The words that they are written in.
    pub words: Words,
    /// One for each journey, in no order.
    pub all: Vec<Fact>,
    places: HashMap<i64, usize>,
    /// The last change that they know.
    last: i64,
}

impl Default for Facts {
    fn default() -> Self {
        Self { words: Words::default(), all: Vec::new(), places: HashMap::new(), last: -1 }
    }
}

/// The facts and the state of the database that they follow. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    facts: Arc<RwLock<Facts>>,
    /// The change that the facts know; held while they are brought up to date, so that those who come at once wait for one reading.
    known: Arc<Mutex<Option<u64>>>,
    reading: Arc<Reading>,
}

/// A first reading that takes longer is told in the log.
const TOLD: Duration = Duration::from_secs(1);

/// How far the first reading of all journeys has come; until it is done, whoever asks waits.
#[derive(Debug, Default)]
struct Reading {
    journeys: AtomicU64,
    done: AtomicBool,
}

/// Whether views answer at once.
#[derive(Debug, Clone, Copy, serde::Serialize, schemars::JsonSchema)]
#[schemars(rename = "MapReadiness")]
pub struct Readiness {
    /// All journeys were read since the start.
    pub ready: bool,
    /// So many of them by now.
    pub journeys: u64,
}

impl Facts {
    /// Puts a journey's facts in the place of those before.
    pub fn put(&mut self, fact: Fact) {
        match self.places.get(&fact.row) {
            Some(place) => self.all[*place] = fact,
            None => {
                self.places.insert(fact.row, self.all.len());
                self.all.push(fact);
            }
        }
    }

    /// Keeps the journeys that are still there.
    fn keep(&mut self, rows: &HashSet<i64>) {
        if self.all.len() != rows.len() || self.all.iter().any(|fact| !rows.contains(&fact.row)) {
            self.all.retain(|fact| rows.contains(&fact.row));
            self.places = self.all.iter().enumerate().map(|(place, fact)| (fact.row, place)).collect();
        }
    }
}

impl Shelf {
    /// Reads all journeys before anybody asks.
    pub async fn warm(self, store: Store) {
        let began = Instant::now();
        match self.facts(&store).await {
            // Where nobody had to wait there is nothing to tell.
            Ok(facts) if began.elapsed() > TOLD => tracing::info!(
                journeys = facts.all.len(),
                milliseconds = began.elapsed().as_millis() as u64,
                "the map is ready"
            ),
            Ok(_) => {}
            // The database has said why; the next view asks again.
            Err(_) => tracing::warn!("the journeys could not be read for the map"),
        }
    }

    /// How far it is.
    pub fn readiness(&self) -> Readiness {
        Readiness {
            ready: self.reading.done.load(Ordering::Relaxed),
            journeys: self.reading.journeys.load(Ordering::Relaxed),
        }
    }

    /// The facts as the database has them now.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn facts(&self, store: &Store) -> Result<RwLockReadGuard<'_, Facts>, StoreError> {
        let mut known = self.known.lock().await;
        // Read before the question: what arrives meanwhile makes the next one ask again.
        let version = *store.changes().borrow();
        if *known != Some(version) {
            let facts = self.facts.clone().write_owned().await;
            let after = facts.last;
            let reading = Arc::clone(&self.reading);
            let step = move |facts: &mut OwnedRwLockWriteGuard<Facts>, record, events: Vec<_>| {
                if !reading.done.load(Ordering::Relaxed) {
                    reading.journeys.fetch_add(1, Ordering::Relaxed);
                }
                let fact = Fact::new(&mut facts.words, record, &events);
                facts.put(fact);
            };
            let (mut facts, newest, count) = store.news(facts, after, step).await?;
            facts.last = newest;
            if count.is_some_and(|count| facts.all.len() != count) {
                let rows = store.rows().await?;
                facts.keep(&rows);
            }
            self.reading.done.store(true, Ordering::Relaxed);
            *known = Some(version);
        }
        drop(known);
        Ok(self.facts.read().await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_erased_is_gone_and_the_rest_is_found() {
        let mut facts = Facts::default();
        for row in 1..=4 {
            facts.put(Fact { row, ..Fact::default() });
        }
        facts.put(Fact { row: 2, started: 9, ..Fact::default() });
        facts.keep(&[2, 4].into());
        facts.put(Fact { row: 4, started: 7, ..Fact::default() });
        let rows: Vec<_> = facts.all.iter().map(|fact| (fact.row, fact.started)).collect();
        assert_eq!(rows, [(2, 9), (4, 7)]);
    }
}
