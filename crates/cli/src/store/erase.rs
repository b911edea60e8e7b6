//! Forgets journeys on request.

use crate::collector::batch::MAX_TTL_DAYS;
use rusqlite::{Connection, OptionalExtension as _};

/// A tombstone outlives every batch that can still be in a queue: they are kept for 13 months at most.
pub(super) const TOMBSTONE_HOURS: i64 = (MAX_TTL_DAYS + 5) * 24;

/// Whether this journey was erased.
pub(super) fn is_erased(connection: &Connection, key: &str, id: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM erased WHERE key = ?1 AND id = ?2")?
        .query_row((key, id), |_| Ok(()))
        .optional()
        .map(|row| row.is_some())
}

/// Deletes all of a journey that this key wrote and leaves its id behind; `false` when that had been done before.
///
/// An id that was never seen gets a tombstone as well: its first batch may still be on the way.
pub(super) fn erase(connection: &Connection, key: &str, id: &str, hour: i64) -> rusqlite::Result<bool> {
    delete(connection, key, id)?;
    connection
        .prepare_cached("INSERT INTO erased (key, id, expires_hour) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
        .execute((key, id, hour + TOMBSTONE_HOURS))
        .map(|inserted| inserted == 1)
}

/// Deletes all of a journey.
pub(super) fn delete(connection: &Connection, key: &str, id: &str) -> rusqlite::Result<()> {
    for statement in [
        "DELETE FROM events WHERE key = ?1 AND journey = ?2",
        "DELETE FROM legs WHERE key = ?1 AND journey = ?2",
        "DELETE FROM journeys WHERE key = ?1 AND id = ?2",
    ] {
        connection.prepare_cached(statement)?.execute((key, id))?;
    }
    Ok(())
}
