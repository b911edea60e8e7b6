//! Connections that can only read, shared by all requests.

use super::{StoreError, reason, schema};
use crate::operate::log::Seldom;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Idle connections that are kept. Each has a page cache of its own.
const KEPT: usize = 4;

#[derive(Debug)]
pub(super) struct Readers {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(file: &Path) -> Self {
        Self { file: file.to_path_buf(), idle: Mutex::default() }
    }

    /// Bytes of the file, and of the log beside it.
    pub(super) fn bytes(&self) -> u64 {
        let mut log = self.file.clone().into_os_string();
        log.push("-wal");
        [self.file.clone(), log.into()]
            .iter()
            .filter_map(|file| std::fs::metadata(file).ok())
            .map(|file| file.len())
            .sum()
    }

    /// Runs a question on a thread where waiting for the disk disturbs nobody.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = Arc::clone(self);
        let answer = tokio::task::spawn_blocking(move || {
            let connection = readers.take()?;
            let answer = in_one_view(&connection, question)?;
            readers.give_back(connection);
            Ok(answer)
        });
        answer.await.map_err(|_| StoreError::Closed)?.map_err(|why: rusqlite::Error| {
            static SELDOM: Seldom = Seldom::new();
            if let Some(held) = SELDOM.now() {
                tracing::error!(why = reason(&why), held, "the database refused a question");
            }
            StoreError::Database
        })
    }

    /// A connection; who does not give it back closes it.
    pub(super) fn take(&self) -> rusqlite::Result<Connection> {
        if let Some(connection) = self.idle().pop() {
            return Ok(connection);
        }
        open(&self.file)
    }

    fn give_back(&self, connection: Connection) {
        let mut idle = self.idle();
        if idle.len() < KEPT {
            idle.push(connection);
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that can only read.
pub(super) fn open(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(schema::PATIENCE)?;
    Ok(connection)
}

/// A question of several statements sees one state of the database, even while batches arrive.
fn in_one_view<T>(
    connection: &Connection,
    question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let view = connection.unchecked_transaction()?;
    let answer = question(&view)?;
    view.commit()?;
    Ok(answer)
}
