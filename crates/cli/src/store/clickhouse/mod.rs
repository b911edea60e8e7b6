//! Journeys in ClickHouse, for shops that are past one machine: the same events, put together into the same journeys. What the server keeps
//! for itself (its signing key, what the shop states) stays in the file of SQLite.
//!
//! Whatever writes rows into `polku_events` is read: this server, another one, or a queue. `docs/clickhouse.md` has the table.

pub(super) mod bulk;
mod client;
mod follow;
mod rows;
mod schema;
mod write;

pub use client::Address;

use super::offline::Erased;
use super::{Event, JourneyRecord, Place, Scope, StoreError};
use crate::collector::batch::Batch;
use crate::collector::reply::Reply;
use crate::failure::Failure;
use client::{Client, Trouble, quoted};
use follow::{Follow, Since};
use rows::{COLUMNS, Gather, Told};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use write::{Writer, complain, tuples};

/// The number of a journey, by which it is found again: the same on every server.
const ROW: &str = "toInt64(intDiv(cityHash64(key, journey), 2))";
/// Journeys that one question names: more would be longer than the server reads.
const NAMED: usize = 2_000;

/// A handle on the server. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Remote {
    client: Client,
    writer: Arc<Writer>,
    follow: Arc<Follow>,
    days: i64,
    bytes: Arc<AtomicU64>,
}

type WithEvents = (JourneyRecord, Vec<Event>);

impl Remote {
    /// Finds the server, makes or updates its tables.
    pub(super) fn open(address: &Address, days: i64, told: watch::Sender<u64>) -> Result<Self, Failure> {
        let client = current(address)?;
        let follow = Arc::new(Follow::new(told));
        let writer = Writer::start(client.clone(), follow.clone(), days).map_err(|why| failed(address, why))?;
        Ok(Self { client, writer: Arc::new(writer), follow, days, bytes: Arc::default() })
    }

    pub(super) async fn ingest(&self, batch: Batch) -> Result<Reply, StoreError> {
        self.writer.ingest(batch).await
    }

    /// In this order; those that are gone meanwhile are left out.
    pub(super) async fn of_places(&self, scope: Scope, places: Vec<Place>) -> Result<Vec<WithEvents>, StoreError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        self.run(move |remote| {
            // By their names, which the table is ordered by.
            let named = tuples(places.iter().map(|place| (place.key.as_str(), place.id.as_str())));
            let mut all = remote.collect(&scope, &format!("(key, journey) IN ({named})"))?;
            all.sort_by_key(|(record, _)| places.iter().position(|place| place.row == record.cursor.row));
            Ok(all)
        })
        .await
    }

    pub(super) async fn by_id(&self, scope: Scope, id: String) -> Result<Vec<WithEvents>, StoreError> {
        self.run(move |remote| remote.collect(&scope, &format!("journey = {}", quoted(&id)))).await
    }

    /// As [`super::Store::news`]. Counts journeys only where some may have gone.
    pub(super) async fn news<T: Send + 'static>(
        &self,
        start: T,
        after: i64,
        mut step: impl FnMut(&mut T, JourneyRecord, Vec<Event>) + Send + 'static,
    ) -> Result<(T, i64, Option<usize>), StoreError> {
        self.run(move |remote| {
            let taken = remote.follow.take();
            let mut total = start;
            let read = remote.since(after, &taken, |record, events| {
                step(&mut total, record, events);
                true
            });
            let gone = taken.erased;
            match read {
                Ok(()) => {
                    let count = if gone { Some(remote.count()?) } else { None };
                    Ok((total, after.max(0) + 1, count))
                }
                Err(why) => {
                    remote.follow.give_back(taken);
                    Err(why)
                }
            }
        })
        .await
    }

    pub(super) async fn rows(&self) -> Result<HashSet<i64>, StoreError> {
        self.run(|remote| {
            let mut rows = HashSet::new();
            let question = format!("SELECT DISTINCT {ROW} FROM polku_events WHERE {}", remote.alive(&Scope::All));
            remote.client.rows(&question, |(row,): (i64,)| {
                rows.insert(row);
                true
            })?;
            Ok(rows)
        })
        .await
    }

    pub(super) async fn ping(&self) -> Result<(), StoreError> {
        self.run(|remote| remote.client.all::<(u8,)>("SELECT 1").map(|_| ())).await
    }

    pub(super) async fn try_write(&self) -> Result<(), StoreError> {
        self.writer.try_write().await
    }

    pub(super) fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// Bytes on the server's disk, as it was last asked.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(super) async fn count_journeys(&self) -> Result<i64, StoreError> {
        self.run(|remote| remote.count().map(|count| i64::try_from(count).unwrap_or(i64::MAX))).await
    }

    /// Looks whether others have written.
    pub(super) async fn look(&self) {
        let _ = self
            .run(|remote| {
                const ROWS: &str = "SELECT (SELECT count() FROM polku_events), (SELECT count() FROM polku_erased)";
                for (events, erased) in remote.client.all::<(u64, u64)>(ROWS)? {
                    remote.follow.counted(events, erased);
                }
                // Not everybody may read this; it is told as a number and nothing hangs on it.
                const BYTES: &str = "SELECT sum(bytes_on_disk) FROM system.parts WHERE database = currentDatabase() AND table LIKE 'polku_%' AND active";
                for (bytes,) in remote.client.all::<(u64,)>(BYTES).unwrap_or_default() {
                    remote.bytes.store(bytes, Ordering::Relaxed);
                }
                Ok(())
            })
            .await;
    }

    pub(super) async fn sweep(&self) {
        self.writer.sweep().await;
    }

    pub(super) async fn close(&self) {
        self.writer.close().await;
    }

    async fn run<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Self) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, StoreError> {
        let remote = self.clone();
        let answer = tokio::task::spawn_blocking(move || question(&remote));
        answer.await.map_err(|_| StoreError::Closed)?.map_err(|why| {
            complain(&why);
            StoreError::Database
        })
    }

    /// Reads what has changed: everything the first time.
    fn since(
        &self,
        after: i64,
        taken: &Since,
        mut each: impl FnMut(JourneyRecord, Vec<Event>) -> bool,
    ) -> Result<(), Trouble> {
        let begun = Instant::now();
        let counted: Vec<(i64, u64)> = self
            .client
            .all("SELECT intDiv(toUnixTimestamp(received), 3600) AS hour, count() FROM polku_events GROUP BY hour")?;
        let now: HashMap<i64, u64> = counted.into_iter().collect();
        if after < 0 {
            self.each(&Scope::All, "1", each)?;
            self.follow.read(&taken.hours, now, None);
            return Ok(());
        }
        let changed: Vec<_> = taken.changed.iter().collect();
        for some in changed.chunks(NAMED) {
            let named = tuples(some.iter().map(|(key, id)| (key.as_str(), id.as_str())));
            self.each(&Scope::All, &format!("(key, journey) IN ({named})"), &mut each)?;
        }
        let hours: Vec<String> = now
            .iter()
            .filter(|(hour, rows)| taken.hours.get(hour) != Some(rows))
            .map(|(hour, _)| format!("toDateTime({}, 'UTC')", hour * 3600))
            .collect();
        let mut took = None;
        if !hours.is_empty() {
            let of_others = format!(
                "(key, journey) IN (SELECT key, journey FROM polku_events WHERE toStartOfHour(received) IN ({}))",
                hours.join(",")
            );
            self.each(&Scope::All, &of_others, each)?;
            took = Some(begun.elapsed());
        }
        self.follow.read(&taken.hours, now, took);
        Ok(())
    }

    fn collect(&self, scope: &Scope, which: &str) -> Result<Vec<WithEvents>, Trouble> {
        let mut all = Vec::new();
        self.each(scope, which, |record, events| {
            all.push((record, events));
            true
        })?;
        Ok(all)
    }

    fn each(
        &self,
        scope: &Scope,
        which: &str,
        step: impl FnMut(JourneyRecord, Vec<Event>) -> bool,
    ) -> Result<(), Trouble> {
        each(&self.client, &format!("{} AND {which}", self.alive(scope)), step)
    }

    fn count(&self) -> Result<usize, Trouble> {
        let question = format!("SELECT uniqExact(key, journey) FROM polku_events WHERE {}", self.alive(&Scope::All));
        let count: Vec<(u64,)> = self.client.all(&question)?;
        Ok(count.first().map_or(0, |(count,)| usize::try_from(*count).unwrap_or(usize::MAX)))
    }

    fn alive(&self, scope: &Scope) -> String {
        alive(scope, Some(self.days))
    }
}

/// What may be read: of these keys, not erased, not too old.
fn alive(scope: &Scope, days: Option<i64>) -> String {
    let within = match scope {
        Scope::All => String::new(),
        Scope::Keys(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| quoted(key)).chain(["''".to_owned()]).collect();
            format!("key IN ({}) AND ", keys.join(","))
        }
    };
    let young = days.map_or(String::new(), |days| format!(" AND received > now('UTC') - INTERVAL {days} DAY"));
    format!("{within}expires > now('UTC'){young} AND (key, journey) NOT IN (SELECT key, journey FROM polku_erased)")
}

/// Journeys one by one, in the order of key and id; each event once, the one that arrived first.
fn each(client: &Client, which: &str, step: impl FnMut(JourneyRecord, Vec<Event>) -> bool) -> Result<(), Trouble> {
    let question = format!(
        "SELECT {COLUMNS} FROM polku_events WHERE {which} ORDER BY key, journey, arrived, leg, seq LIMIT 1 BY key, journey, leg, seq"
    );
    let mut gather = Gather::new(step);
    client.rows(&question, |told: Told| gather.take(told))?;
    gather.end();
    Ok(())
}

/// Reads the journeys that began in this time, without a server, in the order of key and id.
///
/// # Errors
/// When ClickHouse does not answer, or has no tables of ours.
pub(super) fn read(
    address: &Address,
    scope: &Scope,
    began: &Range<i64>,
    mut step: impl FnMut(JourneyRecord, Vec<Event>) -> bool,
) -> Result<(), Failure> {
    let client = current(address)?;
    let within = |record: JourneyRecord, events| !began.contains(&record.started) || step(record, events);
    each(&client, &alive(scope, None), within).map_err(|why| failed(address, why))
}

/// Forgets journeys, of all keys or of one.
///
/// # Errors
/// When ClickHouse does not answer, or has no tables of ours.
pub(super) fn forget(address: &Address, key: Option<&str>, ids: &[String]) -> Result<Vec<Erased>, Failure> {
    let client = current(address)?;
    let there = || -> Result<Vec<Erased>, Trouble> {
        let named: Vec<String> = ids.iter().map(|id| quoted(id)).collect();
        let of_key = key.map_or(String::new(), |key| format!(" AND key = {}", quoted(key)));
        let found: Vec<(String, String)> = client.all(&format!(
            "SELECT DISTINCT key, journey FROM polku_events WHERE journey IN ({}){of_key} AND (key, journey) NOT IN (SELECT key, journey FROM polku_erased)",
            named.join(",")
        ))?;
        let beside = key.into_iter().flat_map(|key| ids.iter().map(move |id| (key, id.as_str())));
        write::bury(&client, found.iter().map(|(key, id)| (key.as_str(), id.as_str())).chain(beside))?;
        write::sweep(&client, crate::collector::batch::MAX_TTL_DAYS)?;
        let gone = |id: &String| found.iter().any(|(_, journey)| journey == id);
        Ok(ids.iter().map(|id| if gone(id) { Erased::Gone } else { Erased::NotThere }).collect())
    };
    there().map_err(|why| failed(address, why))
}

/// A server with tables that this program knows.
fn current(address: &Address) -> Result<Client, Failure> {
    // It may be started with us, and later.
    const PATIENCE: Duration = Duration::from_secs(20);
    const PAUSE: Duration = Duration::from_millis(500);
    let client = Client::new(address.clone());
    let begun = Instant::now();
    let current = loop {
        match schema::migrate(&client) {
            Err(why) if why.is_absence() && begun.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            other => break other,
        }
    };
    match current {
        Ok(true) => Ok(client),
        Ok(false) => Err(failed(address, Trouble::new("its tables are of a newer polku: use that one"))),
        Err(why) => Err(failed(address, why)),
    }
}

fn failed(address: &Address, why: Trouble) -> Failure {
    Failure::ClickHouse(address.to_string(), why.0)
}
