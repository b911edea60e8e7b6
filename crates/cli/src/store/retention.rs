//! Deletes journeys whose days are over.

use super::erase;
use rusqlite::{Connection, TransactionBehavior};

/// Deletes every journey, and every tombstone, that has expired at this hour. Answers how many journeys went.
pub(super) fn purge(connection: &mut Connection, hour: i64) -> rusqlite::Result<usize> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let expired: Vec<(String, String)> = transaction
        .prepare_cached("SELECT key, id FROM journeys WHERE expires_hour <= ?1")?
        .query_map([hour], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (key, id) in &expired {
        erase::delete(&transaction, key, id)?;
    }
    transaction.execute("DELETE FROM erased WHERE expires_hour <= ?1", [hour])?;
    transaction.commit()?;
    if !expired.is_empty() {
        forget(connection);
    }
    Ok(expired.len())
}

/// Empties the write-ahead log, where deleted rows would otherwise stay readable until it is next reused.
/// A reader may be in the way; then the next checkpoint does it.
pub(super) fn forget(connection: &Connection) {
    let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
}
