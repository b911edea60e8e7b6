//! Fills an empty database, before a server works with it: the same rows by the same way as batches that arrive, in transactions that are as large as one likes when
//! nobody waits for an answer.

use super::clickhouse::{self, Address};
use super::{ingest, reason, retention, schema};
use crate::collector::batch::Batch;
use crate::failure::Failure;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// Visits in one transaction.
const GROUP: usize = 5_000;
/// Memory for pages, in KiB: ids are drawn at random, so that every row goes to another page of the indexes.
const CACHE: i64 = 256 * 1024;
/// Pages of the log before it is written back.
const LOG: i64 = 65_536;

/// What one visit sent: its batches, and the hour at which each arrived.
pub type Visit = Vec<(Batch, i64)>;

/// What was stored.
#[derive(Debug, Default)]
pub struct Stored {
    /// Visits.
    pub journeys: u64,
    /// Their events.
    pub events: u64,
}

/// Stores visits in a database without journeys: in ClickHouse, where it is named, of those that it keeps for so many days.
///
/// # Errors
/// When it has some, is of a newer version, or cannot be written.
pub fn fill(
    file: &Path,
    remote: Option<(&Address, i64)>,
    visits: impl Iterator<Item = Visit>,
) -> Result<Stored, Failure> {
    if let Some((address, days)) = remote {
        return clickhouse::bulk::fill(address, days, visits);
    }
    let failed = |why: rusqlite::Error| Failure::Database(file.to_path_buf(), reason(&why));
    let mut connection = schema::open(file).map_err(failed)?;
    if !schema::migrate(&mut connection).map_err(failed)? {
        return Err(Failure::DatabaseNewer(file.to_path_buf()));
    }
    let there: i64 = connection.query_row("SELECT count(*) FROM journeys", [], |row| row.get(0)).map_err(failed)?;
    if there > 0 {
        return Err(Failure::NotEmpty(file.display().to_string(), there));
    }
    let stored = store(&mut connection, visits).map_err(failed)?;
    // The log goes back into the one file.
    retention::forget(&connection);
    Ok(stored)
}

fn store(connection: &mut Connection, visits: impl Iterator<Item = Visit>) -> rusqlite::Result<Stored> {
    connection.pragma_update(None, "cache_size", -CACHE)?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG)?;
    let mut stored = Stored::default();
    let mut visits = visits.peekable();
    while visits.peek().is_some() {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut revision = ingest::Revision::default();
        for visit in visits.by_ref().take(GROUP) {
            stored.journeys += 1;
            for (batch, hour) in visit {
                stored.events += ingest::ingest(&transaction, &batch, hour, &mut revision)?.reply.accepted;
            }
        }
        transaction.commit()?;
    }
    Ok(stored)
}
