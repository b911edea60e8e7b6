//! Connections that can only read, shared by all requests.

use super::{StoreError, reason, schema};
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
            eprintln!("polku: the database refused a question: {}", reason(&why));
            StoreError::Database
        })
    }

    fn take(&self) -> rusqlite::Result<Connection> {
        if let Some(connection) = self.idle().pop() {
            return Ok(connection);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(schema::PATIENCE)?;
        Ok(connection)
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
