//! Tables and their history. A released migration is never edited; a change is a new one at the end.

use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::cmp::Ordering;
use std::path::Path;
use std::time::Duration;

/// Each entry takes the database from the version of its index to the next one.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE migrations (version INTEGER PRIMARY KEY, applied_hour INTEGER NOT NULL) STRICT;

    -- One visit's path. `started` is what the widget says, or the hour of receipt where it says nothing.
    CREATE TABLE journeys (
        key TEXT NOT NULL, id TEXT NOT NULL,
        started INTEGER NOT NULL, first_hour INTEGER NOT NULL, expires_hour INTEGER NOT NULL, sent INTEGER,
        stage TEXT, device TEXT, lang TEXT, consent TEXT,
        UNIQUE (key, id)
    ) STRICT;
    CREATE INDEX journeys_newest ON journeys (started);
    CREATE INDEX journeys_id ON journeys (id);
    CREATE INDEX journeys_expiry ON journeys (expires_hour);

    -- The identity of an event is its unique key: the first to arrive stays.
    CREATE TABLE events (
        key TEXT NOT NULL, journey TEXT NOT NULL, leg TEXT NOT NULL, seq INTEGER NOT NULL,
        at INTEGER, name TEXT NOT NULL, lens TEXT, stage TEXT, page TEXT, data TEXT, received_hour INTEGER NOT NULL,
        UNIQUE (key, journey, leg, seq)
    ) STRICT;

    -- What the widget says it captured, sent, queued and dropped, from the newest batch of each leg.
    CREATE TABLE legs (
        key TEXT NOT NULL, journey TEXT NOT NULL, leg TEXT NOT NULL, batch_sent INTEGER NOT NULL,
        captured INTEGER NOT NULL, sent INTEGER NOT NULL, queued INTEGER NOT NULL, dropped TEXT NOT NULL,
        PRIMARY KEY (key, journey, leg)
    ) STRICT, WITHOUT ROWID;

    -- Ids of journeys that were erased, so that a batch still on its way cannot bring them back. Nothing else of them.
    CREATE TABLE erased (
        key TEXT NOT NULL, id TEXT NOT NULL, expires_hour INTEGER NOT NULL,
        PRIMARY KEY (key, id)
    ) STRICT, WITHOUT ROWID;
",
"
    -- What the server keeps for itself: the key that it signs shared links with, and when it last tried whether it can write.
    CREATE TABLE own (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
", "
    -- Whoever follows the journeys asks for those that changed since. The number comes from a row of its own, because the largest in a column
    -- shrinks when that journey is erased.
    ALTER TABLE journeys ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX journeys_changed ON journeys (changed);
    CREATE TABLE revision (n INTEGER NOT NULL) STRICT;
    INSERT INTO revision VALUES (1);
", "
    -- What the shop states of itself (beliefs, targets, changes, goals): a document for each key, '' for all shops together.
    CREATE TABLE statements (key TEXT PRIMARY KEY, revision INTEGER NOT NULL, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
", super::imported::MIGRATION];

/// How long a statement waits for another process that holds the file: a copy, a report, a second polku.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Memory for pages of the connection that writes, in KiB.
const CACHE: i64 = 32 * 1024;

/// Opens the one connection that writes.
pub(crate) fn open(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // With WAL this loses nothing when the process is killed: the log is in the system's hands at each commit. It may
    // lose the last moments when the power fails; FULL would cost a disk flush for every transaction.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // Ids are drawn at random, so that each row goes to another page of the indexes: pages that are kept are written once for many rows.
    connection.pragma_update(None, "cache_size", -CACHE)?;
    // What is deleted is overwritten: an erased journey must not remain readable in free pages.
    connection.pragma_update(None, "secure_delete", "ON")?;
    Ok(connection)
}

/// Brings the tables to the newest version. `false` when they are newer than this program.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let mut newest = 0;
    for (number, migration) in (1..).zip(MIGRATIONS) {
        if number > version {
            apply(&transaction, number, migration)?;
        }
        newest = number;
    }
    if version > newest {
        return Ok(false);
    }
    transaction.commit()?;
    Ok(true)
}

/// How old the tables are beside those that this program knows.
pub(super) fn age(connection: &Connection) -> rusqlite::Result<Ordering> {
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok((version as usize).cmp(&MIGRATIONS.len()))
}

fn apply(transaction: &Transaction<'_>, version: u32, migration: &str) -> rusqlite::Result<()> {
    transaction.execute_batch(migration)?;
    transaction.execute("INSERT INTO migrations VALUES (?1, ?2)", (version, super::hour_now()))?;
    transaction.pragma_update(None, "user_version", version)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn migrating_twice_changes_nothing_and_a_newer_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = open(&dir.path().join("a.sqlite")).unwrap();
        assert!(migrate(&mut connection).unwrap());
        assert!(migrate(&mut connection).unwrap());
        let applied: u32 = connection.query_row("SELECT count(*) FROM migrations", [], |row| row.get(0)).unwrap();
        assert_eq!(applied as usize, MIGRATIONS.len());
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert!(!migrate(&mut connection).unwrap());
    }
}
