//! The database. Everything that writes or reads data goes through [`Store`]; no other module knows SQL.
//!
//! One thread writes (SQLite has one writer anyway, and in one place batches can share a transaction); readers have
//! connections of their own that cannot write.

pub mod bulk;
mod clickhouse;
mod erase;
pub mod imported;
mod ingest;
pub mod offline;
pub(crate) mod plain;
mod query;
mod queue;
mod readers;
mod retention;
mod schema;
mod scope;
mod secret;
mod stated;
mod whole;
mod writer;

/// What the database of conversations needs of a file, too.
pub(crate) mod file {
    pub(crate) use super::retention::forget;
    pub(crate) use super::schema::open;
}

pub use clickhouse::Address;
pub use query::{Cursor, Event, JourneyRecord, Place};
pub use scope::Scope;

use crate::access::sign::Signer;
use crate::collector::batch::Batch;
use crate::collector::reply::Reply;
use crate::failure::Failure;
use crate::statements::{Stated, Statements};
use readers::Readers;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;
use writer::Writer;

/// A handle on the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    changes: watch::Receiver<u64>,
    /// What this database's server signs with.
    signer: Signer,
    /// Where journeys are, when they are not in the file.
    remote: Option<clickhouse::Remote>,
}

/// Why a batch was not stored or a question not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreError {
    /// Too many batches are waiting already.
    Busy,
    /// The database refused: full disk, locked file, damage. The reason is on standard error.
    Database,
    /// The server is stopping.
    Closed,
}

impl Store {
    /// Opens the database, makes or updates its tables, and deletes what is too old; nothing in it is kept for more than `days` days.
    /// With an address, journeys are kept in ClickHouse there, and the file has what the server keeps for itself.
    ///
    /// # Errors
    /// When the file cannot be opened or written, or is of a newer version.
    pub fn open(file: &Path, days: i64, journeys: Option<&Address>) -> Result<Self, Failure> {
        let failed = |why: rusqlite::Error| Failure::Database(file.to_path_buf(), reason(&why));
        let mut connection = schema::open(file).map_err(failed)?;
        if !schema::migrate(&mut connection).map_err(failed)? {
            return Err(Failure::DatabaseNewer(file.to_path_buf()));
        }
        retention::shorten(&connection, days).map_err(failed)?;
        if retention::purge(&mut connection, hour_now()).map_err(failed)? > 0 {
            retention::forget(&connection);
        }
        let signer = Signer::new(secret::of(&connection).map_err(failed)?);
        let (changed, changes) = watch::channel(0);
        let remote = journeys.map(|address| clickhouse::Remote::open(address, days, changed.clone())).transpose()?;
        let writer = Writer::start(connection, changed).map_err(Failure::System)?;
        Ok(Self { writer: Arc::new(writer), readers: Arc::new(Readers::new(file)), changes, signer, remote })
    }

    /// Stores a batch; answers when it is committed.
    ///
    /// # Errors
    /// When the batch was not stored. The sender may send it again.
    pub async fn ingest(&self, batch: Batch) -> Result<Reply, StoreError> {
        if let Some(remote) = &self.remote {
            return remote.ingest(batch).await;
        }
        self.writer.ingest(batch).await
    }

    /// A key that was drawn with the database and goes where it goes.
    pub fn signer(&self) -> Signer {
        self.signer.clone()
    }

    /// Counts up whenever what can be read has changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.clone()
    }

    /// The latest journeys, the newest first, each with its events; none where only the facts know which these are: ClickHouse would have to
    /// look at every row.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn journeys(
        &self,
        scope: Scope,
        limit: u32,
        after: Option<Cursor>,
    ) -> Result<Option<Vec<(JourneyRecord, Vec<Event>)>>, StoreError> {
        if self.remote.is_some() {
            return Ok(None);
        }
        self.readers.run(move |connection| query::latest(connection, &scope, limit, after).map(Some)).await
    }

    /// These journeys, in this order; those that are gone meanwhile are left out.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn journeys_of(
        &self,
        scope: Scope,
        places: Vec<Place>,
    ) -> Result<Vec<(JourneyRecord, Vec<Event>)>, StoreError> {
        if let Some(remote) = &self.remote {
            return remote.of_places(scope, places).await;
        }
        self.readers.run(move |connection| query::of_places(connection, &scope, &places)).await
    }

    /// The journeys that have this id: one, unless two keys drew the same.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn journey(&self, scope: Scope, id: String) -> Result<Vec<(JourneyRecord, Vec<Event>)>, StoreError> {
        if let Some(remote) = &self.remote {
            return remote.by_id(scope, id).await;
        }
        self.readers.run(move |connection| query::by_id(connection, &scope, &id)).await
    }

    /// Tells of the journeys that changed after a revision (all of them: −1), with what facts are made of; gives back the newest revision, and how many journeys there are, unless none can
    /// have gone.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn news<T: Send + 'static>(
        &self,
        start: T,
        after: i64,
        step: impl FnMut(&mut T, JourneyRecord, Vec<Event>) + Send + 'static,
    ) -> Result<(T, i64, Option<usize>), StoreError> {
        if let Some(remote) = &self.remote {
            return remote.news(start, after, step).await;
        }
        let readers = Arc::clone(&self.readers);
        self.readers
            .run(move |connection| {
                let (total, newest) = if after < 0 {
                    whole::read(&readers, connection, start, step)?
                } else {
                    query::changed(connection, start, after, step)?
                };
                Ok((total, newest, Some(query::count(connection)?)))
            })
            .await
    }

    /// The rows of all journeys: what is not among them was erased.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn rows(&self) -> Result<HashSet<i64>, StoreError> {
        if let Some(remote) = &self.remote {
            return remote.rows().await;
        }
        self.readers.run(query::rows).await
    }

    /// What the shop of a key states; of an empty key, what holds for all shops.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn statements(&self, key: String) -> Result<Stated, StoreError> {
        self.readers.run(move |connection| stated::read(connection, &key)).await
    }

    /// Writes what a shop states in the place of a revision; gives back the new one, or the one that is there in its place.
    ///
    /// # Errors
    /// When it was not written.
    pub async fn state(&self, key: String, known: i64, statements: Statements) -> Result<Result<i64, i64>, StoreError> {
        self.writer.state(key, known, statements).await
    }

    /// What was imported of these kinds, all of one moment.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn imported<const N: usize>(
        &self,
        wanted: [imported::Wanted; N],
        scope: Scope,
        key: Option<String>,
    ) -> Result<[Vec<imported::Imported>; N], StoreError> {
        self.readers
            .run(move |connection| {
                let mut all = [const { Vec::new() }; N];
                for (rows, wanted) in all.iter_mut().zip(wanted) {
                    *rows = imported::read(connection, wanted, &scope, key.as_deref())?;
                }
                Ok(all)
            })
            .await
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// When it gives none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        if let Some(remote) = &self.remote {
            return remote.ping().await;
        }
        self.readers
            .run(|connection| {
                connection.query_row("SELECT 1 FROM journeys LIMIT 1", [], |_| Ok(())).or_else(none_is_fine)
            })
            .await
    }

    /// Writes something of no account.
    ///
    /// # Errors
    /// When a batch could not be stored now either.
    pub async fn try_write(&self) -> Result<(), StoreError> {
        if let Some(remote) = &self.remote {
            return remote.try_write().await;
        }
        self.writer.try_write().await
    }

    /// Batches that wait to be written.
    pub fn waiting(&self) -> usize {
        if let Some(remote) = &self.remote {
            return remote.waiting();
        }
        self.writer.waiting()
    }

    /// Bytes on the disk.
    pub fn bytes(&self) -> u64 {
        if let Some(remote) = &self.remote {
            return remote.bytes();
        }
        self.readers.bytes()
    }

    /// How many journeys there are.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn count_journeys(&self) -> Result<i64, StoreError> {
        if let Some(remote) = &self.remote {
            return remote.count_journeys().await;
        }
        self.readers.run(|connection| connection.query_row("SELECT count(*) FROM journeys", [], |row| row.get(0))).await
    }

    /// Looks every few seconds whether somebody else has written to the file, as `polku erase` does: what readers were shown before must
    /// not be shown for longer.
    pub async fn watch_others(self) {
        const PAUSE: Duration = Duration::from_secs(2);
        loop {
            tokio::time::sleep(PAUSE).await;
            self.writer.look().await;
            if let Some(remote) = &self.remote {
                remote.look().await;
            }
        }
    }

    /// Deletes what is too old, once a day, for ever.
    pub async fn purge_daily(self) {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        loop {
            tokio::time::sleep(DAY).await;
            self.writer.purge().await;
            if let Some(remote) = &self.remote {
                remote.sweep().await;
            }
        }
    }

    /// Writes what is waiting and closes the database.
    pub async fn close(self) {
        if let Some(remote) = &self.remote {
            remote.close().await;
        }
        self.writer.close().await;
    }
}

fn none_is_fine(why: rusqlite::Error) -> rusqlite::Result<()> {
    if why == rusqlite::Error::QueryReturnedNoRows { Ok(()) } else { Err(why) }
}

/// Hours since 1970: the finest time of receipt that is kept, so that it never says more than a batch does.
fn hour_now() -> i64 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    i64::try_from(seconds / 3600).unwrap_or(i64::MAX)
}

/// What SQLite says, without the statement or anything that was bound to it.
pub(crate) fn reason(why: &rusqlite::Error) -> String {
    match why {
        rusqlite::Error::SqliteFailure(code, message) => message.clone().unwrap_or_else(|| code.to_string()),
        other => other.to_string(),
    }
}
