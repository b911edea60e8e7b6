//! The database of conversations: a file of its own, which the rest of the command never opens.
//!
//! One connection behind a lock: what people type is little, and a message has its place in the order as soon as it is written.

mod entry;
mod inbox;
mod post;
mod retention;
mod schema;

pub use entry::Entry;
pub use inbox::{Said, Summary, Thread};
pub use post::Posted;

use crate::failure::Failure;
use crate::store::{StoreError, file, reason};
use polku_core::desk::Body;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::Semaphore;

/// Questions that may wait for the lock. Each takes a fraction of a millisecond; beyond that pages are told to come again.
const QUEUE: usize = 512;
/// Entries in one answer: a page that was away for long asks again.
const PAGE: u32 = 200;

/// A handle on the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    connection: Arc<Mutex<Option<Connection>>>,
    room: Arc<Semaphore>,
    days: i64,
}

/// How a conversation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The inbox's number of it.
    pub id: i64,
    /// Who has taken it up.
    pub person: Option<String>,
    /// The shopper waits for somebody to take it up.
    pub waiting: bool,
    /// It is ended.
    pub ended: bool,
    /// The last entry.
    pub last: i64,
}

/// Whether a name is one of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is.
    Here(Standing),
    /// It was, and is erased.
    Erased,
    /// It never was.
    Unknown,
}

impl Store {
    /// Opens the database, and deletes what is too old: what has not been touched for `days` days.
    ///
    /// # Errors
    /// When the file cannot be opened or written, or is of a newer version.
    pub fn open(path: &Path, days: i64) -> Result<Self, Failure> {
        let failed = |why: rusqlite::Error| Failure::Database(path.to_path_buf(), reason(&why));
        let Some(mut connection) = schema::open(path).map_err(failed)? else {
            return Err(Failure::DatabaseNewer(path.to_path_buf()));
        };
        if retention::purge(&mut connection, now(), days).map_err(failed)? > 0 {
            file::forget(&connection);
        }
        let connection = Arc::new(Mutex::new(Some(connection)));
        Ok(Self { connection, room: Arc::new(Semaphore::new(QUEUE)), days })
    }

    /// The inbox's key, and whether it was drawn just now: `draw` is asked where there is none yet.
    ///
    /// # Errors
    /// When the database could not be read or written.
    pub fn key(&self, draw: impl FnOnce() -> std::io::Result<String>) -> Result<(String, bool), Failure> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(connection) = connection.as_mut() else {
            return Err(Failure::System(std::io::ErrorKind::NotConnected.into()));
        };
        let failed = |why: rusqlite::Error| Failure::System(std::io::Error::other(reason(&why)));
        let known: Option<String> = connection
            .query_row("SELECT value FROM settings WHERE name = 'inbox-key'", [], |row| row.get(0))
            .optional()
            .map_err(failed)?;
        if let Some(key) = known {
            return Ok((key, false));
        }
        let key = draw().map_err(Failure::System)?;
        connection.execute("INSERT INTO settings VALUES ('inbox-key', ?1)", [&key]).map_err(failed)?;
        Ok((key, true))
    }

    /// Stores what a page posts.
    ///
    /// # Errors
    /// When it could not be stored; the page may send it again.
    pub async fn post(&self, name: String, body: Body) -> Result<Posted, StoreError> {
        let posted = self.write(move |connection| post::post(connection, &name, &body, now())).await?;
        if matches!(posted, Posted::Forgotten { .. }) {
            self.forget().await;
        }
        Ok(posted)
    }

    /// The conversation of this name.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn find(&self, name: String) -> Result<Found, StoreError> {
        self.write(move |connection| post::find(connection, &name)).await
    }

    /// How a conversation stands and what was said after `seq`; `None` when it is erased.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn after(&self, id: i64, seq: i64) -> Result<Option<(Standing, Vec<Entry>)>, StoreError> {
        self.write(move |connection| {
            let Some(standing) = post::standing(connection, id)? else { return Ok(None) };
            Ok(Some((standing, entry::after(connection, id, seq, PAGE)?)))
        })
        .await
    }

    /// The conversations whose shoppers wait, the longest first.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn line(&self) -> Result<Vec<i64>, StoreError> {
        self.write(inbox::line).await
    }

    /// How long one waits for the first answer, in seconds: the middle of the last ones. `None` while nobody has.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn wait(&self) -> Result<Option<i64>, StoreError> {
        self.write(inbox::wait).await
    }

    /// All conversations, for the inbox.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn list(&self) -> Result<Vec<Summary>, StoreError> {
        self.write(inbox::list).await
    }

    /// One conversation with all that was said after `seq`.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn thread(&self, id: i64, seq: i64) -> Result<Option<Thread>, StoreError> {
        self.write(move |connection| inbox::thread(connection, id, seq)).await
    }

    /// Stores a person's answer, once for each token.
    ///
    /// # Errors
    /// When it could not be stored.
    pub async fn say(&self, id: i64, said: Said) -> Result<Option<Entry>, StoreError> {
        self.write(move |connection| inbox::say(connection, id, &said, now())).await
    }

    /// The inbox has shown what was said up to `seq`.
    ///
    /// # Errors
    /// When it could not be stored.
    pub async fn seen(&self, id: i64, seq: i64) -> Result<bool, StoreError> {
        self.write(move |connection| inbox::seen(connection, id, seq)).await
    }

    /// Ends a conversation; `None` when it is erased.
    ///
    /// # Errors
    /// When it could not be stored.
    pub async fn end(&self, id: i64) -> Result<Option<Standing>, StoreError> {
        self.write(move |connection| {
            if post::standing(connection, id)?.is_none() {
                return Ok(None);
            }
            post::end(connection, id, now())?;
            post::standing(connection, id)
        })
        .await
    }

    /// Erases a conversation; `false` when there is none.
    ///
    /// # Errors
    /// When it could not be erased.
    pub async fn erase(&self, id: i64) -> Result<bool, StoreError> {
        let gone = self.write(move |connection| retention::erase_id(connection, id, now())).await?;
        self.forget().await;
        Ok(gone)
    }

    /// Deletes what is too old; answers how many conversations went.
    ///
    /// # Errors
    /// When the database refused.
    pub async fn purge(&self) -> Result<usize, StoreError> {
        let days = self.days;
        let gone = self.run(move |connection| retention::purge(connection, now(), days)).await?;
        if gone > 0 {
            self.forget().await;
        }
        Ok(gone)
    }

    /// Empties the log, where deleted rows would otherwise stay readable.
    async fn forget(&self) {
        let _ = self
            .run(|connection| {
                file::forget(connection);
                Ok(())
            })
            .await;
    }

    /// Closes the file, so that it can be copied or moved.
    pub async fn close(self) {
        self.forget().await;
        let _ = tokio::task::spawn_blocking(move || {
            self.connection.lock().unwrap_or_else(PoisonError::into_inner).take();
        })
        .await;
    }

    /// Runs a question in a transaction of its own.
    async fn write<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run(move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let answer = question(&transaction)?;
            transaction.commit()?;
            Ok(answer)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let room = Arc::clone(&self.room).try_acquire_owned().map_err(|_| StoreError::Busy)?;
        let connection = Arc::clone(&self.connection);
        let answer = tokio::task::spawn_blocking(move || {
            let _room = room;
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            connection.as_mut().map(question)
        });
        match answer.await {
            Ok(Some(answer)) => answer.map_err(|why| {
                tracing::error!(why = reason(&why), "the database of conversations refused");
                StoreError::Database
            }),
            Ok(None) | Err(_) => Err(StoreError::Closed),
        }
    }
}

/// Unix seconds.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
